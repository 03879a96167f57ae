/* catalog: what is registered? The only room that writes SQL for the catalog.
 *
 * One SQLite file. A handle belongs to one thread at a time; many processes and threads may have
 * one each. Reads of several statements see one state (a read transaction); writes are short. */
#ifndef FIRESTEEL_CATALOG_H
#define FIRESTEEL_CATALOG_H

#include "firesteel/base.h"
#include "firesteel/model.h"

struct fst_catalog;
enum { FST_CATALOG_CREATE = 1, FST_CATALOG_READ_ONLY = 2 };
/* Open (and bring to the newest schema version; a version newer than ours is refused, read-only
 * never migrates). */
enum fst_status fst_catalog_open(const char *path, unsigned flags, struct fst_catalog **out,
                                 struct fst_error *err);
void fst_catalog_close(struct fst_catalog *c);
bool fst_catalog_is_read_only(const struct fst_catalog *c);
/* Grows when any process, this one included, changed the file since the last call. */
int64_t fst_catalog_version(struct fst_catalog *c);
int fst_catalog_schema_version(struct fst_catalog *c);

/* All or nothing: begin, then commit; rollback is safe to call at any time. After a write in
 * between failed halfway, commit refuses. */
enum fst_status fst_catalog_begin(struct fst_catalog *c, struct fst_error *err);
enum fst_status fst_catalog_commit(struct fst_catalog *c, struct fst_error *err);
void fst_catalog_rollback(struct fst_catalog *c);

/* ---- Resources ----------------------------------------------------------------------------------
 */

/* Insert a variant (or, for an existing one, its mutable fields: tags are united, properties
 * merged; kinds without variants are replaced; an archived one comes back). Sets r->id. The newest
 * variant becomes the default one. Another definition under an existing variant is FST_ECONFLICT.
 * `depends_on` are ids that must exist: they become edges with the role. */
struct fst_edge_in {
    int64_t id;
    const char *role;
};
enum fst_status fst_catalog_put(struct fst_catalog *c, struct fst_resource *r,
                                const struct fst_edge_in *depends_on, size_t n,
                                struct fst_error *err);
/* By id; by kind, name and variant (NULL = default). FST_ENOTFOUND names near misses, which are not
 * looked for where `err` is NULL. */
enum fst_status fst_catalog_get(struct fst_catalog *c, int64_t id, struct fst_resource **out,
                                struct fst_error *err);
enum fst_status fst_catalog_find(struct fst_catalog *c, enum fst_resource_kind kind,
                                 const char *name, const char *variant, struct fst_resource **out,
                                 struct fst_error *err);
/* The newest variant of r's kind and name that fst_resource_same calls equal, or FST_ENOTFOUND. */
enum fst_status fst_catalog_find_equal(struct fst_catalog *c, const struct fst_resource *r,
                                       struct fst_resource **out, struct fst_error *err);
/* By name alone over all kinds: FST_EINVAL when several kinds have it ("say feature/NAME"). For
 * sources and transformations the name is shared: a source named as a transformation is refused by
 * put. */
enum fst_status fst_catalog_resolve(struct fst_catalog *c, const struct fst_target *target,
                                    struct fst_resource **out, struct fst_error *err);
enum fst_status fst_catalog_set_tags(struct fst_catalog *c, int64_t id, const char *const *add,
                                     size_t n_add, const char *const *remove, size_t n_remove,
                                     struct fst_error *err);
/* The file that its definition is in, absolute. */
enum fst_status fst_catalog_set_origin(struct fst_catalog *c, int64_t id, const char *path,
                                       struct fst_error *err);
enum fst_status fst_catalog_set_property(struct fst_catalog *c, int64_t id, const char *key,
                                         const char *value,
                                         struct fst_error *err); /* NULL removes */
/* Refused with the names of what stands on it. */
enum fst_status fst_catalog_archive(struct fst_catalog *c, int64_t id, struct fst_error *err);

/* What a list shows of one variant. */
struct fst_item {
    int64_t id;
    enum fst_resource_kind kind;
    const char *name, *variant, *owner, *description, *tags; /* tags joined by spaces */
    const char *provider;
    int64_t created_us;
    bool is_default;
    int n_variants;       /* of this name */
    enum fst_state state; /* of its newest run; features and labels: of their source */
    bool stale;           /* see the design: an input is newer, or it never ran */
    int64_t ran_us;       /* end of the newest READY run; 0 = never */
    const char *run_id;   /* newest run; "" = none */
    const char *found;    /* what a search found it by, where its name does not say; "" = none */
};
struct fst_items {
    struct fst_arena *arena;
    struct fst_item *items;
    size_t n;
    int64_t total; /* that match, before limit */
};
struct fst_list_query {
    int kind;              /* -1 = all */
    const char *filter;    /* as fst_filter, of name, variant, owner, tags; NULL = none */
    const char *tag;       /* NULL = any */
    bool all_variants;     /* else only the default one of each name */
    bool archived;         /* these too */
    int64_t offset, limit; /* limit 0 = all */
};
enum fst_status fst_catalog_list(struct fst_catalog *c, const struct fst_list_query *q,
                                 struct fst_items *out, struct fst_error *err);
/* Full text over names, descriptions, owners, tags, properties, SQL, columns: names that begin with
 * the text, then variants with all words in their name, then what has a column whose name begins so
 * (fst_catalog_set_columns), then anywhere; newest first. `total` is
 * exact up to 1,000. */
enum fst_status fst_catalog_search(struct fst_catalog *c, const char *text, int64_t limit,
                                   struct fst_items *out, struct fst_error *err);
void fst_items_done(struct fst_items *items);
/* The columns that were seen of it, to be found by a search. Nothing is written when they are those
 * that are known. */
enum fst_status fst_catalog_set_columns(struct fst_catalog *c, int64_t id,
                                        const struct fst_schema *schema, struct fst_error *err);
/* Hand over the columns that were seen of it, in order; none when it was never looked at. */
enum fst_status fst_catalog_get_columns(struct fst_catalog *c, int64_t id,
                                        void (*each)(void *to, const char *name, const char *type),
                                        void *to, struct fst_error *err);
bool fst_catalog_knows_columns(struct fst_catalog *c, int64_t id);
/* How many variants and names of each kind. */
struct fst_counts {
    int64_t names[FST_RESOURCE_KINDS_], variants[FST_RESOURCE_KINDS_], runs[FST_STATES_];
};
enum fst_status fst_catalog_counts(struct fst_catalog *c, struct fst_counts *out,
                                   struct fst_error *err);

/* ---- Edges -------------------------------------------------------------------------------------
 */

struct fst_catalog_edge {
    int64_t from, to; /* data flows from -> to: `to` stands on `from` */
    const char *role;
};
struct fst_neighbourhood {
    struct fst_items nodes; /* with states */
    struct fst_catalog_edge *edges;
    size_t n_edges;
};
/* Everything reachable from `id` upstream and/or downstream, `depth` steps (0 = all), itself
 * included. Providers and entities are left out unless asked for. */
enum fst_status fst_catalog_neighbourhood(struct fst_catalog *c, int64_t id, bool upstream,
                                          bool downstream, int depth, bool with_providers,
                                          struct fst_neighbourhood *out, struct fst_error *err);
/* All that is not archived, with its edges; providers and entities are left out. */
enum fst_status fst_catalog_whole(struct fst_catalog *c, struct fst_neighbourhood *out,
                                  struct fst_error *err);
void fst_neighbourhood_done(struct fst_neighbourhood *n);

/* ---- Runs --------------------------------------------------------------------------------------
 */

enum fst_status fst_catalog_add_run(struct fst_catalog *c, const struct fst_run_record *r,
                                    struct fst_error *err);
/* Write state, attempt, times, output, error, rows of r->id. A final state is never left again,
 * except LOST. */
enum fst_status fst_catalog_update_run(struct fst_catalog *c, const struct fst_run_record *r,
                                       struct fst_error *err);
/* By id or a unique prefix or suffix of it. */
enum fst_status fst_catalog_get_run(struct fst_catalog *c, const char *id,
                                    struct fst_run_record **out, struct fst_error *err);
enum fst_status fst_catalog_want_cancel(struct fst_catalog *c, const char *id,
                                        struct fst_error *err);
struct fst_run_query {
    int64_t resource_id;  /* 0 = any */
    bool unfinished;      /* only these */
    enum fst_state state; /* NONE = any */
    int64_t offset, limit;
};
struct fst_runs {
    struct fst_run_record **runs; /* the one made last first; without their inputs */
    size_t n;
    int64_t total;
};
enum fst_status fst_catalog_runs(struct fst_catalog *c, const struct fst_run_query *q,
                                 struct fst_runs *out, struct fst_error *err);
void fst_runs_done(struct fst_runs *runs);
/* The newest READY run of a variant, or FST_ENOTFOUND. */
enum fst_status fst_catalog_ready_run(struct fst_catalog *c, int64_t resource_id,
                                      struct fst_run_record **out, struct fst_error *err);
/* Of the other variants of its name, archived ones too, the one that had the newest READY run, or
 * FST_ENOTFOUND. */
enum fst_status fst_catalog_ran_before(struct fst_catalog *c, int64_t resource_id,
                                       struct fst_resource **out, struct fst_error *err);
/* The inputs that are newer than what its newest READY run read: "a.v1, b.v1", owned; NULL = none
 * is. */
char *fst_catalog_newer_inputs(struct fst_catalog *c, int64_t resource_id);
/* Remember what a look at a source found: state READY or FAILED, its size and modification time. */
enum fst_status fst_catalog_set_source_state(struct fst_catalog *c, int64_t id,
                                             enum fst_state state, int64_t modified_us,
                                             const char *error, struct fst_error *err);

/* What the last such look found; `error` is owned by the caller. */
struct fst_source_look {
    enum fst_state state;
    int64_t modified_us, looked_us; /* 0 = unknown, never */
    char *error;                    /* NULL = none */
};
enum fst_status fst_catalog_source_look(struct fst_catalog *c, int64_t id,
                                        struct fst_source_look *out, struct fst_error *err);

/* Small values of the workspace: servers that we started, last position. NULL value deletes. */
enum fst_status fst_catalog_set_meta(struct fst_catalog *c, const char *key, const char *value,
                                     struct fst_error *err);
char *fst_catalog_meta(struct fst_catalog *c, const char *key); /* owned, or NULL */

#endif
