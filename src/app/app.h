/* Inside of app: the open workspace. */
#ifndef FIRESTEEL_APP_PRIVATE_H
#define FIRESTEEL_APP_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "firesteel/app.h"
#include "firesteel/bind.h"
#include "firesteel/graph.h"

#define MAX_IDLE_HANDLES 8
#define MAX_WARM 16

/* Which lasting session a session goes on with. */
struct fst_joined {
    bool lasts;
    char name[256]; /* as it was recorded; "" = there was none */
};

/* A session that stays open between calls; one call at a time. */
struct fst_warm {
    char *key; /* provider and its options: an edited provider gets a new session */
    const struct fst_engine *engine;
    struct fst_session *session;
    struct fst_joined joined;
    pthread_mutex_t busy;
};

/* The settings' values. Workers read them while the screen changes them, so pointers are replaced
 * whole and nothing is let go of before the workspace is closed. */
struct fst_settings {
    struct fst_arena *arena;
    _Atomic(const char *) *values, *origins;
    struct fst_key_binding *keys;
    size_t n_keys;
    struct fst_own_command *commands;
    size_t n_commands;
    const char *const *notify; /* the words of notify.command */
    size_t n_notify;
};

struct fst_app {
    char *folder, *catalog_path, *program, *runs_dir, *outputs_dir, *state_dir, *config_path;
    _Atomic bool read_only;
    bool must_read_only, allow_cmd;  /* whatever the settings say */
    _Atomic int64_t places_until_us; /* so long the stores need not be told of providers again */
    struct fst_settings settings;
    uint64_t settings_stamp;
    struct fst_run_place place;
    pthread_mutex_t lock; /* of everything below */
    struct fst_catalog *idle[MAX_IDLE_HANDLES];
    size_t n_idle;
    struct fst_warm *warm[MAX_WARM];
    size_t n_warm;
    struct fst_pool *pool;
    _Atomic size_t busy;
};

size_t fst__setting_index(const char *name); /* fst_n_settings = there is none */
/* `keys:` and `commands:` of one file (settings_own.c). */
enum fst_status fst__take_keys(struct fst_settings *to, const struct fst_doc *keys,
                               const char *file, struct fst_error *err);
enum fst_status fst__take_commands(struct fst_settings *to, const struct fst_doc *commands,
                                   const char *file, bool is_users, struct fst_error *err);
/* `notify.command`, or `command` of `notify`; likewise. */
enum fst_status fst__take_notify(struct fst_settings *to, const struct fst_doc *doc,
                                 const char *file, bool is_users, struct fst_error *err);
enum fst_status fst__settings_load(struct fst_app *a, const struct fst_app_options *o,
                                   struct fst_error *err);
struct fst_bind_context fst__bind_context(struct fst_app *a, struct fst_catalog *c);
/* A text with {{references}}, by the workspace's own catalog (ask.c). */
enum fst_status fst__bind_text(struct fst_app *a, const char *text, const char *provider,
                               enum fst_bind_mode mode, struct fst_bound *out,
                               struct fst_problem *problem, struct fst_error *err);
uint64_t fst__local_memory(const struct fst_app *a); /* bytes; 0 = a quarter of the machine */
/* The session of what was bound, held until fst__warm_give. */
enum fst_status fst__warm_take(struct fst_app *a, const struct fst_bound *bound,
                               struct fst_warm **out, struct fst_error *err);
void fst__warm_give(struct fst_app *a, struct fst_warm *w, bool broken);
void fst__warm_free_all(struct fst_app *a);
/* Lasting sessions (sessions.c): `join` before the first call, `note` after calls that went well.
 */
void fst__session_join(struct fst_app *a, const struct fst_bound *bound, struct fst_session *s,
                       struct fst_joined *out);
void fst__session_note(struct fst_app *a, const struct fst_bound *bound, struct fst_session *s,
                       const struct fst_joined *j);
/* A provider bound to its engine, as for a text that needs nothing. */
enum fst_status fst__bind_provider_of(struct fst_app *a, struct fst_catalog *c,
                                      const char *provider, struct fst_bound *out,
                                      struct fst_error *err);
/* "SELECT columns FROM "; n = 0: all. */
void fst__select_from(const char *const *columns, size_t n, struct fst_buf *sql);
/* The same with the name of a table of Spark's catalog. */
enum fst_status fst__table_select(const char *table, const char *const *columns, size_t n,
                                  struct fst_buf *sql, struct fst_error *err);
/* Does the provider have tables of Spark's catalog? */
enum fst_status fst__wants_tables(struct fst_app *a, const char *provider, struct fst_error *err);
/* A query of the embedded engine over `inputs`, by their names (over.c); their options and what the
 * cancel_arg is must outlive the reader. */
enum fst_status fst__query_over(struct fst_app *a, const struct fst_input *inputs, size_t n,
                                const char *sql, const struct fst_preview_options *o,
                                uint64_t limit, struct fst_reader **out,
                                struct fst_problem *problem, struct fst_error *err);
/* How values of one column are spread (bins.c): look at all, plan, add all again, take. */
struct fst__bins {
    struct fst_type type;
    bool any;
    __int128 min, max, step;
    double least, greatest;
    __int128 whole[FST_MAX_BINS + 1]; /* edges, of whole kinds */
    double real[FST_MAX_BINS + 1];    /* edges of FLOAT and DOUBLE */
    uint64_t counts[FST_MAX_BINS];
    size_t n;
};
bool fst__bins_begin(struct fst__bins *b, const struct fst_type *type); /* false = no such kind */
void fst__bins_look(struct fst__bins *b, const struct fst_column *c);
void fst__bins_plan(struct fst__bins *b);
void fst__bins_add(struct fst__bins *b, const struct fst_column *c);
void fst__bins_take(const struct fst__bins *b, struct fst_table_stats *out);
/* Why there is nothing to look at, as an error. */
enum fst_status fst__nothing_there(const struct fst_place *p, struct fst_error *err);
/* Keep the columns that were seen of a resource (NULL = none), as well as that can be done. */
void fst__note_columns(struct fst_app *a, const struct fst_resource *r,
                       const struct fst_schema *schema);
/* Columns of a feature or label: its own two or three; 0 = all. */
size_t fst__own_columns(const struct fst_resource *r, const char *out[3]);
/* Bind and start one run (running.c); to its end, or until the caller has enough of it. */
enum fst_status fst__start_run(struct fst_app *a, struct fst_catalog *c,
                               const struct fst_resource *r, const char *provider, int attempt,
                               char **id, struct fst_error *err);
enum fst_status fst__follow_run(struct fst_app *a, struct fst_catalog *c, const char *id,
                                const char *label, const struct fst_run_request *rq,
                                struct fst_error *err);
/* Nodes in dependency order, and what each stands on: inputs[first[i]] up to first[i + 1]. All of
 * it lies in the neighbourhood's arena (impact.c). */
struct fst__ordered {
    struct fst_graph graph;
    uint32_t *order, *first, *inputs;
};
enum fst_status fst__order_nodes(const struct fst_neighbourhood *n, struct fst__ordered *out,
                                 struct fst_error *err);
bool fst__is_built(enum fst_resource_kind kind); /* a run makes its rows */
/* What runs when `r` changes, itself first if it is built. */
enum fst_status fst__plan_downstream(struct fst_catalog *c, const struct fst_resource *r,
                                     struct fst_labels *out, struct fst_error *err);
/* Leave out of a chain what stands on its step `failed`, and write that down. False when what it
 * was made for is among it, or when it cannot be told or written. */
bool fst__chain_goes_on(struct fst_app *a, struct fst_catalog *c, const char *chain_id,
                        struct fst_chain *chain, size_t failed);
/* Start a chain of what is planned, and follow it where that is wanted (chain.c). */
enum fst_status fst__run_chain(struct fst_app *a, struct fst_catalog *c,
                               const struct fst_labels *plan, const struct fst_run_request *rq,
                               struct fst_error *err);
/* Plan and apply `d` in one go; `ids` gets the id of each, in the order of `d`. */
enum fst_status fst__apply(struct fst_definitions *d, struct fst_catalog *c, int64_t *ids,
                           struct fst_error *err);
/* Reach it: one line for people. */
enum fst_status fst__ping(struct fst_app *a, const struct fst_bound *bound, struct fst_buf *line,
                          struct fst_error *err);
enum fst_status fst__writable(struct fst_app *a, const char *what, struct fst_error *err);
/* The demo: data and definitions in `folder`, applied, and run for real. */
enum fst_status fst__demo_fill(struct fst_app *a, const char *folder,
                               void (*say)(void *arg, const char *line), void *arg,
                               struct fst_error *err);

#endif
