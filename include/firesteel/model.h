/* model: which things are there? Types only: resources, variants, runs, and the table of their
 * fields.
 *
 * One table (fst_fields) says which keys a definition has, for which kinds, with their help: the
 * YAML reader, the export, the diff, the catalog and the docs read the same rows. */
#ifndef FIRESTEEL_MODEL_H
#define FIRESTEEL_MODEL_H

#include "firesteel/base.h"

enum fst_resource_kind {
    FST_PROVIDER,
    FST_ENTITY,
    FST_SOURCE,
    FST_TRANSFORMATION,
    FST_FEATURE,
    FST_LABEL,
    FST_TRAINING_SET,
    FST_JOB,
    FST_RESOURCE_KINDS_,
};
struct fst_kind_row {
    const char *name,
        *plural;       /* "training_set", "training_sets": the YAML key and the catalog's word */
    const char *title; /* "Training sets" */
    const char *help;
    bool has_variants; /* providers and entities have one definition, which may change */
    bool has_rows;     /* can be previewed */
};
extern const struct fst_kind_row fst_kinds[FST_RESOURCE_KINDS_];
/* By singular or plural name, '-' as '_'; false when unknown. */
bool fst_kind_named(const char *name, enum fst_resource_kind *out);

/* name.variant as it is written; variant NULL = the default variant. */
struct fst_ref {
    const char *name, *variant;
};
struct fst_lag {
    struct fst_ref feature;
    int64_t lag_us;
    const char *name; /* of the column; NULL = made from feature and lag */
};
struct fst_property {
    const char *key, *value;
};

/* One variant of a resource, whatever its kind; fields that a kind does not have are NULL or 0. All
 * memory is the arena's. */
struct fst_resource {
    struct fst_arena *arena;
    int64_t id; /* in the catalog; 0 = not there yet */
    enum fst_resource_kind kind;
    const char *name, *variant; /* variant "" for kinds without */
    const char *owner, *description;
    const char **tags; /* sorted, unique */
    size_t n_tags;
    struct fst_property *properties; /* sorted by key */
    size_t n_properties;
    int64_t created_us;
    bool is_default, archived;
    const char *origin; /* file it was applied from; NULL = none */

    /* provider */
    const char *engine;      /* row of the engine table */
    struct fst_doc *options; /* of the engine; source: of the format */
    const char *output;      /* folder or URI that runs write under; NULL = the workspace's own */
    /* source: files at a path, or a table of Spark's catalog; one of the two */
    const char *path, *format;
    const char *table; /* "db.table" or "catalog.db.table", as Spark's SQL writes it */
    /* source, transformation, training set, job: where it runs or lies */
    const char *provider; /* NULL = the workspace's default */
    /* transformation: SQL with {{references}}, or a Python function over `inputs`; one of the two
     */
    const char *sql, *sql_file;
    const char *python, *python_file; /* source text with one top-level def; never a pickle */
    struct fst_ref *inputs; /* the function's arguments in order; a job: what it reads, for order */
    size_t n_inputs;
    /* job: a program of its own */
    const char *file;   /* .py or .jar: absolute path or URI */
    const char *class_; /* main class of a jar; NULL for Python */
    const char **args;
    size_t n_args;
    /* transformation, training set, job */
    struct fst_doc *conf;        /* spark.* settings of this alone, over the provider's; or NULL */
    int64_t max_job_duration_us; /* 0 = the default, 48 hours */
    /* feature, label */
    const char *entity;
    struct fst_ref from; /* source or transformation */
    const char *entity_column, *value_column, *timestamp_column;
    /* feature */
    int64_t max_age_us; /* 0 = no limit */
    /* training set */
    struct fst_ref label;
    struct fst_ref *features;
    size_t n_features;
    struct fst_lag *lags;
    size_t n_lags;
};
struct fst_resource *fst_resource_new(enum fst_resource_kind kind, const char *name,
                                      const char *variant);
void fst_resource_free(struct fst_resource *r);
struct fst_resource *fst_resource_copy(const struct fst_resource *r);
/* "name.variant", or "name" for kinds without variants. Borrowed from the arena. */
const char *fst_resource_label(const struct fst_resource *r);

/* What a field is and where it lies in struct fst_resource. */
enum fst_field_type {
    FST_FIELD_TEXT,
    FST_FIELD_NAME,  /* follows the name rules */
    FST_FIELD_SQL,   /* compared with white space collapsed; written as a block */
    FST_FIELD_CODE,  /* compared byte for byte (but for the end of its lines); written as a block */
    FST_FIELD_TEXTS, /* const char ** and a count */
    FST_FIELD_REF,   /* struct fst_ref */
    FST_FIELD_REFS,  /* struct fst_ref * and a count */
    FST_FIELD_LAGS,
    FST_FIELD_DURATION, /* int64_t microseconds, written 30d, 12h, 15m, 10s */
    FST_FIELD_OPTIONS,  /* a map, validated by the engine's or format's option rows */
    FST_FIELD_TAGS,
    FST_FIELD_PROPERTIES,
    FST_FIELD_FILE, /* names the file whose text becomes the SQL: read, not part of the definition
                     */
};
struct fst_field_row {
    const char *key;
    enum fst_field_type type;
    size_t offset, count_offset;
    unsigned kinds;    /* bit 1 << kind: has it */
    unsigned required; /* bit 1 << kind: must have it */
    bool mutable_; /* may change under an existing variant: description, tags, properties, owner */
    const char *help;
    bool one_of; /* exactly one of a kind's fields with this is written */
};
extern const struct fst_field_row fst_fields[];
extern const size_t fst_n_fields;

/* The row of `key` among the fields that `kind` has, or NULL. */
const struct fst_field_row *fst_field_named(enum fst_resource_kind kind, const char *key);

/* The defining fields as canonical JSON (keys in table order; no name, variant, mutable fields),
 * and back. */
char *fst_resource_spec(const struct fst_resource *r);
enum fst_status fst_resource_read_spec(struct fst_resource *r, const char *json,
                                       struct fst_error *err);
/* Equal definitions: same kind, name and defining fields (SQL with white space collapsed). */
bool fst_resource_same(const struct fst_resource *a, const struct fst_resource *b);
/* SHA-256 of what fst_resource_same compares, as hex: equal definitions have equal hashes. */
void fst_resource_hash(const struct fst_resource *r, char out[65]);
/* Tags are united (sorted, unique), properties set (NULL removes); memory is the arena's. */
void fst_resource_add_tag(struct fst_resource *r, const char *tag);
void fst_resource_remove_tag(struct fst_resource *r, const char *tag);
void fst_resource_set_property(struct fst_resource *r, const char *key, const char *value);
/* Take over from `old` what `r` leaves open: description, owner, origin, further tags and
 * properties. */
void fst_resource_inherit(struct fst_resource *r, const struct fst_resource *old);
/* What it stands on, in order, duplicates left out: providers, entities, inputs (references of the
 * SQL come from the caller, who reads SQL). Owned by the arena of `r`. */
struct fst_dependency {
    enum fst_resource_kind kind; /* FST_SOURCE stands for source or transformation */
    struct fst_ref ref;
    const char *role; /* "provider", "entity", "input", "feature", "label" */
};
size_t fst_resource_dependencies(const struct fst_resource *r, struct fst_dependency **out);

/* Letters, digits, '_', '-', ' ' inside; no "__", no leading or trailing '_', no '.', at most 128
 * bytes. */
enum fst_status fst_name_check(const char *what, const char *name, struct fst_error *err);
/* "name", "name.variant" (variant may hold dots? no), "name.variant@run" into pieces in `arena`. */
struct fst_target {
    const char *kind; /* from "feature/name"; NULL when not written */
    const char *name, *variant, *run;
};
bool fst_target_parse(struct fst_arena *arena, const char *text, struct fst_target *out);
/* What a target is called without its kind, a part of `target`; "" for NULL. */
const char *fst_target_label(const char *target);
bool fst_duration_parse(const char *text, int64_t *us); /* 30d 12h 15m 10s 250ms, and sums: 1d12h */
/* The shortest text that reads back exactly: 1d12h, 250ms, 0s. Not negative. */
void fst_duration_exact(struct fst_buf *out, int64_t us);
/* "name" or "name.variant", both following the name rules, into `arena`; and back. */
enum fst_status fst_ref_parse(struct fst_arena *arena, const char *what, const char *text,
                              struct fst_ref *out, struct fst_error *err);
void fst_ref_text(struct fst_buf *out, const struct fst_ref *ref);
bool fst_ref_eq(const struct fst_ref *a, const struct fst_ref *b);
/* A table of Spark's catalog as its SQL writes it: 1 to 4 parts with dots between, plain words or
 * in `backticks`. Appends it with every part in backticks: nothing in it can be anything but a
 * name.
 */
bool fst_table_sql(const char *table, struct fst_buf *out);
/* A tag is 1 to 128 bytes of UTF-8 without white space, commas and control characters. */
enum fst_status fst_tag_check(const char *tag, struct fst_error *err);

/* ---- Runs
 * ---------------------------------------------------------------------------------------- */

enum fst_state {
    FST_STATE_NONE, /* never ran */
    FST_STATE_CREATED,
    FST_STATE_PENDING,
    FST_STATE_RUNNING,
    FST_STATE_READY,
    FST_STATE_FAILED,
    FST_STATE_CANCELLED,
    FST_STATE_LOST,
    FST_STATES_,
};
struct fst_state_row {
    const char *name; /* "READY" */
    bool final;       /* no agent works on it any more */
    char mark;        /* one letter for narrow places */
    const char *help;
};
extern const struct fst_state_row fst_states[FST_STATES_];
bool fst_state_named(const char *name, enum fst_state *out);

struct fst_run_input {
    const char *label;  /* name.variant */
    const char *run_id; /* the READY run whose output was read; "" for sources */
    const char *uri;
};
/* One execution of a variant. Memory is the arena's. */
struct fst_run_record {
    struct fst_arena *arena;
    const char *id; /* sorts by time: 20260102-030405-ab12 */
    int64_t resource_id;
    enum fst_resource_kind kind;
    const char *name, *variant;
    enum fst_state state;
    int attempt; /* from 1 */
    const char *provider, *engine;
    const char *host, *user;
    int64_t created_us, started_us, finished_us; /* 0 = not yet */
    const char *output;                          /* URI of this attempt's folder */
    const char *error;                           /* first line says it all; NULL = none */
    int64_t rows;                                /* of the output; -1 unknown */
    bool cancel_wanted;
    struct fst_run_input *inputs;
    size_t n_inputs;
};
void fst_run_record_free(struct fst_run_record *r);

#endif
