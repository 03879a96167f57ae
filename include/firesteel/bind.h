/* bind: what exactly is to run? A resource or a text + the catalog -> inputs with places and
 * schemas, the text as sent, the provider with its engine; training sets and pipelines become SQL.
 */
#ifndef FIRESTEEL_BIND_H
#define FIRESTEEL_BIND_H

#include "firesteel/base.h"
#include "firesteel/catalog.h"
#include "firesteel/engine.h"
#include "firesteel/model.h"

/* What binding needs of the workspace. */
struct fst_bind_context {
    struct fst_catalog *catalog;
    const char *default_provider; /* name; NULL = the embedded `local` engine */
    const char *output_base;      /* folder for outputs of providers without one of their own */
    const char *time_zone;        /* NULL = UTC */
    uint64_t local_memory;        /* bytes; 0 = what the embedded engine thinks right */
    bool allow_cmd;               /* cmd: references may be run */
};
/* Bound and ready to send. Memory is the arena's; `schemas` are freed with it. */
struct fst_bound {
    struct fst_arena *arena;
    const char *provider; /* "" = the embedded engine */
    const struct fst_engine *engine;
    struct fst_doc *options; /* as in the catalog: secrets are still references */
    const char *output_base;
    struct fst_work work; /* sql, python or program, inputs, conf, name, time_zone; no output yet */
    int64_t max_duration_us;     /* of a run */
    struct fst_run_input *reads; /* what was chosen for each input */
    struct fst_question *questions;
    size_t n_questions;
    struct fst_schema **schemas; /* private */
    size_t n_reads;
};
enum fst_bind_mode {
    FST_BIND_RUN,   /* every input must have rows: a READY run, or a source that is there */
    FST_BIND_CHECK, /* an input that never ran is bound by its own SQL */
};
/* A text with {{references}}; `provider` NULL = the default. Problems in the text have a place. */
enum fst_status fst_bind_text(const struct fst_bind_context *cx, const char *text,
                              const char *provider, enum fst_bind_mode mode, struct fst_bound *out,
                              struct fst_problem *problem, struct fst_error *err);
/* A transformation, training set or job. `provider` overrides the resource's own. A Python
 * function's inputs come in the order of its arguments, named by their labels. A job's inputs must
 * have rows like all others and are noted in `reads`, but are not given to it. What the engine does
 * not take is refused with the providers that do. */
enum fst_status fst_bind_resource(const struct fst_bind_context *cx, const struct fst_resource *r,
                                  const char *provider, enum fst_bind_mode mode,
                                  struct fst_bound *out, struct fst_problem *problem,
                                  struct fst_error *err);
void fst_bound_done(struct fst_bound *b);
/* Refuse an engine without Spark's catalog of tables, naming the providers that have one. */
enum fst_status fst_bind_wants_tables(const struct fst_bind_context *cx, const struct fst_bound *b,
                                      struct fst_error *err);

/* A session of the bound engine: secrets are resolved for just this call. */
enum fst_status fst_bind_open(const struct fst_bind_context *cx, const struct fst_engine *engine,
                              const struct fst_doc *options, struct fst_session **out,
                              struct fst_error *err);

/* The point-in-time join as SQL, one sort a feature. Engines without structs take the form with two
 * windows (`plain`); both give the same rows. */
enum fst_status fst_bind_training_sql(const struct fst_ts_plan *plan, bool plain,
                                      struct fst_buf *sql, struct fst_error *err);
/* How many instants of an entity have more than one row of a feature: there the greater value was
 * taken. */
void fst_bind_ties_sql(const struct fst_ts_part *feature, struct fst_buf *sql);

/* Tell the stores where the catalog's providers write and with which options: for the whole
 * program, until it is called again. */
void fst_bind_set_places(const struct fst_bind_context *cx);

#endif
