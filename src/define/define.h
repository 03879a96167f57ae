/* Inside define: reading with places, and the parts of planning. */
#ifndef FIRESTEEL_DEFINE_DEFINE_H
#define FIRESTEEL_DEFINE_DEFINE_H

#include "firesteel/define.h"
#include "firesteel/sql.h"

/* ---- read.c ---------------------------------------------------------------------------------- */

/* One definition text while it is read; errors name its places. */
struct fst__reader {
    const char *name; /* in errors */
    const char *origin, *folder;
    const char *const *sets;
    struct fst_error *err;
};
/* FST_EFORMAT "name:line:col: ...". */
enum fst_status fst__fail_at(const struct fst__reader *rd, uint32_t line, uint32_t col,
                             const char *fmt, ...) FST_PRINTF(4, 5);
/* "unknown key X; did you mean Y?" among `names`, at the key of `v`. */
enum fst_status fst__unknown_key(const struct fst__reader *rd, const struct fst_doc *v,
                                 const char *where, const char *const *names, size_t n);

/* ---- substitute.c ---------------------------------------------------------------------------- */

/* A copy of `from` with ${K} in scalars replaced from the sets, $${ standing for a written ${. */
enum fst_status fst__substitute(const struct fst__reader *rd, struct fst_arena *a,
                                const struct fst_doc *from, struct fst_doc *out);

/* ---- options.c ------------------------------------------------------------------------------- */

/* Check `options` against the rows of the engine; texts that an option's type makes numbers or
 * truth values become those. */
enum fst_status fst__check_engine_options(const struct fst__reader *rd, struct fst_arena *a,
                                          const char *engine, const struct fst_doc *place,
                                          struct fst_doc *options);
/* No option of a source holds a secret by the look of its name. */
enum fst_status fst__check_format_options(const struct fst__reader *rd,
                                          const struct fst_doc *options);
/* Settings of one resource: each key begins with "spark.", values become texts, no secret is
 * written out. `conf` may be NULL, and so may `args` below. */
enum fst_status fst__check_conf(const struct fst__reader *rd, struct fst_doc *conf);
/* No argument of a program is a secret by the look of its option. */
enum fst_status fst__check_args(const struct fst__reader *rd, const struct fst_doc *args);
/* No user:password@ in a URI. */
enum fst_status fst__check_uri(const struct fst__reader *rd, const struct fst_doc *v,
                               const char *uri);

/* ---- fields.c -------------------------------------------------------------------------------- */

/* Read the value `v` of field `f` into `r`. */
enum fst_status fst__read_field(const struct fst__reader *rd, struct fst_resource *r,
                                const struct fst_field_row *f, struct fst_doc *v);

/* ---- check.c -------------------------------------------------------------------------------- */

/* Every required field is there, and exactly one of those of which there is one. */
enum fst_status fst__check_written(const struct fst__reader *rd, const struct fst_resource *r,
                                   const struct fst_doc *map);
/* What the fields of one definition have to do with each other. Texts of files are read already. */
enum fst_status fst__check_resource(const struct fst__reader *rd, struct fst_resource *r,
                                    const struct fst_doc *map);

/* ---- refs.c ---------------------------------------------------------------------------------- */

/* fst_resource_dependencies and the inputs that the SQL names. */
enum fst_status fst__dependencies(const struct fst_resource *r, struct fst_dependency **out,
                                  size_t *n, struct fst_error *err);
/* Write `variant` into every reference of `r` to `dependency` that has none. */
enum fst_status fst__pin(struct fst_resource *r, const struct fst_dependency *dependency,
                         const char *variant, struct fst_error *err);
/* "file: feature x.v1: " before the text of an error about `r`. */
void fst__while_in(struct fst_error *err, const struct fst_resource *r);
/* What a dependency names in the catalog: sources and transformations are looked for alike. */
enum fst_status fst__find_dependency(struct fst_catalog *c, const struct fst_dependency *dependency,
                                     struct fst_resource **out, struct fst_error *err);

/* ---- order.c --------------------------------------------------------------------------------- */

/* Which definition a dependency means, by name and variant: the last one of the name without. */
struct fst__names;
struct fst__names *fst__names_new(const struct fst_definitions *d);
void fst__names_free(struct fst__names *names);
/* Index in the definitions, or -1. */
int64_t fst__names_find(const struct fst__names *names, enum fst_resource_kind kind,
                        const struct fst_ref *ref);
/* Refuse what is defined twice, and sources named like transformations. */
enum fst_status fst__check_twice(const struct fst_definitions *d, struct fst_error *err);
/* Indexes in an order in which everything comes after what it stands on. */
enum fst_status fst__order(const struct fst_definitions *d, const struct fst__names *names,
                           size_t *order, struct fst_error *err);

#endif
