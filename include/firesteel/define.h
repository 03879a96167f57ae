/* define: what does a definition mean? Native YAML to resources, validated, planned, applied,
 * exported. */
#ifndef FIRESTEEL_DEFINE_H
#define FIRESTEEL_DEFINE_H

#include "firesteel/base.h"
#include "firesteel/catalog.h"
#include "firesteel/model.h"

/* Resources as read from definition files; nothing is looked up in a catalog yet. */
struct fst_definitions {
    struct fst_resource **resources; /* owned */
    size_t n, cap;
};
/* Read one YAML text (any number of documents). `name` is for errors; `folder` is where sql_file
 * and relative paths lie; `sets` ("K=V", NULL-ended or NULL) replace ${K} in scalars. Errors name
 * file, line, column, key and the nearest valid key. A written-out secret is refused with the way
 * to store it. */
enum fst_status fst_define_read(struct fst_definitions *d, const char *name, const char *folder,
                                const char *text, size_t n, const char *const *sets,
                                struct fst_error *err);
enum fst_status fst_define_read_file(struct fst_definitions *d, const char *path,
                                     const char *const *sets, struct fst_error *err);
void fst_definitions_add(struct fst_definitions *d, struct fst_resource *r); /* takes r */
void fst_definitions_done(struct fst_definitions *d);

enum fst_change {
    FST_CHANGE_NEW,       /* will be inserted */
    FST_CHANGE_EQUAL,     /* is there already */
    FST_CHANGE_REUSED,    /* no variant written, and an equal one is there: its variant is used */
    FST_CHANGE_UPDATED,   /* description, tags, properties, or a provider or entity */
    FST_CHANGE_FORBIDDEN, /* another definition under an existing variant */
};
struct fst_plan_row {
    enum fst_change change;
    struct fst_resource *resource; /* with its variant filled in, references pinned */
    char *diff;                    /* unified, of UPDATED and FORBIDDEN; else NULL */
    char **downstream;             /* labels of what stands on the name's default variant now */
    size_t n_downstream;
};
struct fst_plan {
    struct fst_plan_row *rows; /* in dependency order */
    size_t n;
    bool forbidden; /* some row is */
};
/* Compare with the catalog: order by dependencies (cycles are errors that name the circle), fill in
 * variants (now_us as YYYY-MM-DDtHH-MM-SS), pin references to variants, check that everything
 * referred to exists and fits. A reference without a variant means the last definition of that name
 * in `d`, else the catalog's default variant. Changes `d`'s resources in place; writes nothing to
 * the catalog. */
enum fst_status fst_define_plan(struct fst_definitions *d, struct fst_catalog *c, int64_t now_us,
                                struct fst_plan *out, struct fst_error *err);
/* Bring the catalog to the plan, all or nothing. A forbidden row is FST_ECONFLICT with its diff. */
enum fst_status fst_define_apply(const struct fst_plan *plan, struct fst_catalog *c,
                                 struct fst_error *err);
void fst_plan_done(struct fst_plan *plan);

/* Native YAML that apply takes back unchanged. */
void fst_define_export(struct fst_buf *out, const struct fst_resource *const *resources, size_t n);

/* The text of a definition file with `r` in it as it is now: `was` is how the file has it, with its
 * references as they are after planning (NULL = it has it not: it is added). Only lines of its own
 * that differ are replaced; comments stay. What cannot be done so is FST_EUNSUPPORTED with its
 * place. Texts of a sql_file or python_file are not the file's. */
enum fst_status fst_define_edit(const char *name, const char *text, const struct fst_resource *was,
                                const struct fst_resource *r, struct fst_buf *out,
                                struct fst_error *err);

/* A unified diff of two texts, three lines of context; nothing when equal. */
void fst_diff_text(struct fst_buf *out, const char *a, const char *b);

#endif
