/* csvoptions: the options of Spark's CSV reader that are understood here. Others are refused: an
 * option that is silently left out gives other rows than Spark would. */
#include "csvparse.h"

#include <string.h>
#include <strings.h>

static enum fst_status bad(const char *key, const char *value, const char *wanted,
                           struct fst_error *err)
{
    return fst_fail(err, FST_EINVAL, "csv option %s: \"%s\" is not %s", key, value, wanted);
}

static enum fst_status read_bool(bool *out, const char *key, const char *value,
                                 struct fst_error *err)
{
    *out = strcasecmp(value, "true") == 0;
    return *out || strcasecmp(value, "false") == 0 ? FST_OK : bad(key, value, "true or false", err);
}

/* One ASCII character, none when empty; "\t" is written as two. */
static enum fst_status read_char(int *out, const char *key, const char *value,
                                 struct fst_error *err)
{
    if (strcmp(value, "\\t") == 0)
        value = "\t";
    if (strlen(value) > 1 || (uint8_t)*value > 127 || *value == '\n' || *value == '\r')
        return bad(key, value, "one character", err);
    *out = *value ? *value : FST_CSV_NONE;
    return FST_OK;
}

static enum fst_status read_sep(struct fst_csv_options *o, const char *key, const char *value,
                                struct fst_error *err)
{
    if (strcmp(value, "\\t") == 0)
        value = "\t";
    o->n_sep = strlen(value);
    if (!o->n_sep || o->n_sep > FST_CSV_SEP_BYTES || strpbrk(value, "\r\n"))
        return bad(key, value, "one to eight characters", err);
    memcpy(o->sep, value, o->n_sep + 1);
    return FST_OK;
}

static enum fst_status must_be(const char *key, const char *value, const char *const *allowed,
                               struct fst_error *err)
{
    for (size_t i = 0; allowed[i]; i++)
        if (strcasecmp(allowed[i], value) == 0)
            return FST_OK;
    return fst_fail(err, FST_EUNSUPPORTED, "csv option %s: only %s is supported, not \"%s\"", key,
                    allowed[0], value);
}

enum option {
    HEADER,
    SEP,
    QUOTE,
    ESCAPE,
    NULL_VALUE,
    INFER,
    MULTI_LINE,
    ENCODING,
    MODE,
    N_OPTIONS
};
static const struct {
    const char *name;
    enum option option;
} option_names[] = {
    {"header", HEADER},     {"sep", SEP},
    {"delimiter", SEP},     {"quote", QUOTE},
    {"escape", ESCAPE},     {"nullValue", NULL_VALUE},
    {"inferSchema", INFER}, {"multiLine", MULTI_LINE},
    {"encoding", ENCODING}, {"charset", ENCODING},
    {"mode", MODE},
};

static enum option option_named(const char *key)
{
    for (size_t i = 0; i < FST_COUNT(option_names); i++)
        if (strcasecmp(option_names[i].name, key) == 0)
            return option_names[i].option;
    return N_OPTIONS;
}

static enum fst_status read_option(struct fst_csv_options *o, const char *key, const char *value,
                                   struct fst_error *err)
{
    static const char *const encodings[] = {"UTF-8", "utf8", "US-ASCII", NULL};
    static const char *const modes[] = {"PERMISSIVE", NULL};
    switch (option_named(key)) {
    case HEADER:
        return read_bool(&o->header, key, value, err);
    case INFER:
        return read_bool(&o->infer, key, value, err);
    case MULTI_LINE:
        return read_bool(&o->multi_line, key, value, err);
    case SEP:
        return read_sep(o, key, value, err);
    case QUOTE:
        return read_char(&o->quote, key, value, err);
    case ESCAPE:
        return read_char(&o->escape, key, value, err);
    case NULL_VALUE:
        o->null_value = value;
        return FST_OK;
    case ENCODING:
        return must_be(key, value, encodings, err);
    case MODE:
        return must_be(key, value, modes, err);
    default:
        return fst_fail(err, FST_EUNSUPPORTED,
                        "csv option %s is not supported here (header, sep, quote, escape, "
                        "nullValue, inferSchema and multiLine are)",
                        key);
    }
}

enum fst_status fst_csv_options_read(struct fst_csv_options *out, const char *sep,
                                     const struct fst_doc *doc, struct fst_error *err)
{
    *out = (struct fst_csv_options){
        .quote = '"', .escape = '\\', .multi_line = false, .null_value = ""};
    FST_TRY(read_sep(out, "sep", sep, err));
    for (size_t i = 0; doc && doc->kind == FST_DOC_MAP && i < doc->n; i++) {
        const struct fst_doc *item = &doc->items[i];
        if (item->kind == FST_DOC_LIST || item->kind == FST_DOC_MAP)
            return fst_fail(err, FST_EINVAL, "csv option %s: a plain value is expected", item->key);
        const char *value = item->kind == FST_DOC_NULL ? "" : item->text.p;
        FST_TRY(read_option(out, item->key, value, err));
    }
    return FST_OK;
}
