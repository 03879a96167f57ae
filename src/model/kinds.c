/* The kinds of resources, one row each: the words for them everywhere else are read from here. */
#include "firesteel/model.h"

#include <string.h>

const struct fst_kind_row fst_kinds[FST_RESOURCE_KINDS_] = {
    [FST_PROVIDER] = {"provider", "providers", "Providers", "where work runs: an engine", false,
                      false},
    [FST_ENTITY] = {"entity", "entities", "Entities", "a join key that features are about", false,
                    false},
    [FST_SOURCE] = {"source", "sources", "Sources", "files, a folder, a table of Spark", true,
                    true},
    [FST_TRANSFORMATION] = {"transformation", "transformations", "Transformations",
                            "SQL or a Python function over them", true, true},
    [FST_FEATURE] = {"feature", "features", "Features", "an entity's value over time", true, true},
    [FST_LABEL] = {"label", "labels", "Labels", "what is predicted", true, true},
    [FST_TRAINING_SET] = {"training_set", "training_sets", "Training sets",
                          "a label with features as of then", true, true},
    [FST_JOB] = {"job", "jobs", "Jobs", "a program for Spark: .py or .jar", true, false},
};

static bool same_word(const char *written, const char *word)
{
    for (; *written && *word; written++, word++)
        if ((*written == '-' ? '_' : *written) != *word)
            return false;
    return !*written && !*word;
}

bool fst_kind_named(const char *name, enum fst_resource_kind *out)
{
    for (int kind = 0; name && kind < FST_RESOURCE_KINDS_; kind++) {
        if (!same_word(name, fst_kinds[kind].name) && !same_word(name, fst_kinds[kind].plural))
            continue;
        *out = kind;
        return true;
    }
    return false;
}
