/* Finding ids by name, and what to say when there is none. */
#include "catalog.h"

#include <stdlib.h>
#include <string.h>

static enum fst_status find_default(struct fst_catalog *c, enum fst_resource_kind kind,
                                    const char *name, int64_t *id, struct fst_error *err)
{
    return fst__query_int(c, id, 0, err, "SELECT default_id FROM name WHERE kind = ? AND name = ?",
                          "is", (int64_t)kind, name);
}

enum fst_status fst__find_id(struct fst_catalog *c, enum fst_resource_kind kind, const char *name,
                             const char *variant, int64_t *id, struct fst_error *err)
{
    if (!variant && fst_kinds[kind].has_variants)
        return find_default(c, kind, name, id, err);
    return fst__query_int(
        c, id, 0, err,
        "SELECT id FROM resource WHERE kind = ? AND name = ? AND variant = ? AND NOT archived",
        "iss", (int64_t)kind, name, variant ? variant : "");
}

/* Texts of the first column, at most a few thousand. */
static size_t gather(struct fst_arena *a, struct sqlite3_stmt *st, const char ***out)
{
    const char **texts = NULL;
    size_t n = 0, cap = 0;
    bool row;

    while (fst_db_step(st, &row, NULL) == FST_OK && row) {
        fst_grow(&texts, &cap, n + 1, sizeof *texts);
        texts[n++] = fst_arena_strdup(a, fst_db_text(st, 0));
    }
    *out = texts;
    return n;
}

static const char *nearest_name(struct fst_catalog *c, struct fst_arena *a, int kind,
                                const char *name)
{
    struct sqlite3_stmt *st;
    const char **names, *found = NULL;

    if (fst__query(c, &st, NULL,
                   "SELECT name FROM name WHERE kind BETWEEN ?1 AND ?2 AND default_id NOTNULL"
                   " AND length(name) BETWEEN length(?3) - 3 AND length(?3) + 3 LIMIT 5000",
                   "iis", (int64_t)(kind < 0 ? 0 : kind),
                   (int64_t)(kind < 0 ? FST_RESOURCE_KINDS_ : kind), name) != FST_OK)
        return NULL;
    size_t n = gather(a, st, &names);
    fst__done(c, st);
    if (n)
        found = fst_text_nearest(name, names, n);
    free(names);
    return found;
}

/* "v3, v2, v1": the newest few variants of a name; "" when the name is not there. */
static void newest_variants(struct fst_catalog *c, int kind, const char *name, struct fst_buf *out)
{
    struct sqlite3_stmt *st;
    bool row;

    if (fst__query(c, &st, NULL,
                   "SELECT r.variant FROM name n JOIN resource r ON r.name_id = n.id"
                   " WHERE n.kind BETWEEN ?1 AND ?2 AND n.name = ?3 AND NOT r.archived"
                   " ORDER BY r.id DESC LIMIT 6",
                   "iis", (int64_t)(kind < 0 ? 0 : kind),
                   (int64_t)(kind < 0 ? FST_RESOURCE_KINDS_ : kind), name) != FST_OK)
        return;
    for (int i = 0; fst_db_step(st, &row, NULL) == FST_OK && row; i++)
        fst_buf_printf(out, "%s%s", i ? ", " : "", i < 5 ? fst_db_text(st, 0) : "...");
    fst__done(c, st);
}

enum fst_status fst__not_found(struct fst_catalog *c, int kind, const char *name,
                               const char *variant, struct fst_error *err)
{
    if (!err) /* near misses are looked for among all names: not for nobody */
        return FST_ENOTFOUND;
    struct fst_arena *a = fst_arena_new();
    struct fst_buf variants = FST_BUF(4096);
    const char *word = kind < 0 ? "resource" : fst_kinds[kind].name;
    const char *near = NULL;

    if (variant && *variant)
        newest_variants(c, kind, name, &variants);
    if (variants.n)
        fst_fail(err, FST_ENOTFOUND, "%s %s has no variant \"%s\"; it has %s", word, name, variant,
                 variants.p);
    else if ((near = nearest_name(c, a, kind, name)))
        fst_fail(err, FST_ENOTFOUND, "no %s is called \"%s\"; did you mean \"%s\"?", word, name,
                 near);
    else
        fst_fail(err, FST_ENOTFOUND, "no %s is called \"%s\"", word, name);
    fst_buf_done(&variants);
    fst_arena_free(a);
    return FST_ENOTFOUND;
}
