/* Where the tables of a text lie: what room store reads. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/store.h"
#include "local_job.h"

/* A path, absolute. */
static bool is_of_this_host(const char *uri)
{
    char *path = fst_store_local_path(uri);
    free(path);
    return path;
}

enum fst_status local_writes(const char *uri, struct fst_error *err)
{
    const struct fst_store *store;
    bool ok = is_of_this_host(uri) ||
              (fst_store_of(uri, &store, NULL) == FST_OK && store->is_far && store->open_output);
    return ok ? FST_OK
              : fst_fail(err, FST_EUNSUPPORTED,
                         "%s: the local engine writes files of this host (an absolute path or "
                         "file://) and s3://; use a Spark provider for other places",
                         uri);
}

enum fst_status local_reads(const char *uri, struct fst_error *err)
{
    const struct fst_store *store;
    FST_TRY(fst_store_of(uri, &store, err));
    return store->is_far ? FST_OK : local_writes(uri, err);
}

enum fst_status local_input_open(const struct local_input *in,
                                 const struct fst_read_options *options, struct fst_reader **out,
                                 struct fst_error *err)
{
    struct fst_read_options mine = *options;
    mine.format = in->options;
    mine.schema = in->known;
    return fst_store_open_table(in->uri, in->format, &mine, out, err);
}

/* SQLite's columns are named by number, so that no name of a file can mean anything to it. */
static struct fst_schema *number_columns(const struct fst_schema *schema)
{
    struct fst_schema *out = fst_schema_new();
    for (size_t i = 0; i < schema->n; i++) {
        char name[32];
        snprintf(name, sizeof name, "c%zu", i);
        fst_schema_add(out, name, &schema->fields[i].type, schema->fields[i].nullable);
    }
    return out;
}

static enum fst_status look(struct local_input *in, struct fst_reader **out, struct fst_error *err)
{
    FST_TRY(local_reads(in->uri, err));
    enum fst_status status = local_input_open(in, &(struct fst_read_options){0}, out, err);
    if (status != FST_OK)
        fst_while(err, "opening %s", in->name);
    return status;
}

enum fst_status local_input_schema(struct local_input *in, const struct fst_schema **out,
                                   struct fst_error *err)
{
    struct fst_reader *reader = NULL;
    if (!in->schema) {
        if (!in->known)
            FST_TRY(look(in, &reader, err));
        in->schema = fst_schema_copy(in->known ? in->known : reader->schema);
        in->numbered = number_columns(in->schema);
        in->source.schema = in->schema;
    }
    if (reader) {
        in->rows = fst_reader_total(reader);
        fst_reader_close(reader);
    }
    *out = in->schema;
    return FST_OK;
}

/* How many rows there are, for SQLite's planner; of what was only known by its schema so far. */
static enum fst_status count_rows(struct local_input *in, struct fst_error *err)
{
    struct fst_reader *reader;
    if (!in->known || in->rows >= 0)
        return FST_OK;
    FST_TRY(look(in, &reader, err));
    in->rows = fst_reader_total(reader);
    fst_reader_close(reader);
    return FST_OK;
}

static const char *name_of(const struct local_input *in, const char *numbered)
{
    return in->schema->fields[strtoull(numbered + 1, NULL, 10)].name;
}

/* A reader of the place, and the conditions that it borrows. */
struct numbered {
    struct fst_reader reader;
    struct fst_reader *inner;
    struct fst_condition *conditions;
};

static enum fst_status numbered_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                     struct fst_error *err)
{
    struct numbered *n = (struct numbered *)r;
    enum fst_status status = fst_reader_next(n->inner, max_rows, out, err);
    r->numbers = n->inner->numbers;
    return status;
}

static void numbered_close(struct fst_reader *r)
{
    struct numbered *n = (struct numbered *)r;
    fst_reader_close(n->inner);
    free(n->conditions);
    free(n);
}

static int64_t numbered_total(struct fst_reader *r)
{
    return fst_reader_total(((struct numbered *)r)->inner);
}

static const struct fst_reader_ops numbered_ops = {
    .next = numbered_next, .close = numbered_close, .total = numbered_total};

/* Ask the place for the columns that SQLite wants by number. */
static enum fst_status open_numbered(void *arg, const struct fst_read_options *options,
                                     struct fst_reader **out, struct fst_error *err)
{
    const struct local_input *in = arg;
    struct fst_read_options mine = *options;
    const char **names = fst_alloc((options->n_columns + 1) * sizeof *names);
    struct numbered *n = fst_alloc(sizeof *n);
    n->conditions = fst_alloc((options->n_conditions + 1) * sizeof *n->conditions);
    for (size_t i = 0; i < options->n_columns; i++)
        names[i] = name_of(in, options->columns[i]);
    for (size_t i = 0; i < options->n_conditions; i++) {
        n->conditions[i] = options->conditions[i];
        n->conditions[i].column = name_of(in, options->conditions[i].column);
    }
    if (options->columns)
        mine.columns = names;
    mine.conditions = n->conditions;
    enum fst_status status = local_input_open(in, &mine, &n->inner, err);
    free(names);
    if (status != FST_OK) {
        free(n->conditions);
        free(n);
        return status;
    }
    n->reader = (struct fst_reader){
        .ops = &numbered_ops, .schema = n->inner->schema, .total_rows = n->inner->total_rows};
    *out = &n->reader;
    return FST_OK;
}

static enum fst_status refuse_twins(const struct local_input *in, struct fst_error *err)
{
    struct fst_map *seen = fst_map_new();
    const char *twin = NULL;
    for (size_t i = 0; i < in->schema->n; i++)
        if (fst_map_set(seen, in->schema->fields[i].name, seen))
            twin = in->schema->fields[i].name;
    fst_map_free(seen, NULL);
    if (!twin)
        return FST_OK;
    return fst_fail(err, FST_EUNSUPPORTED,
                    "%s: %s has two columns named %s; the local engine does not tell them apart",
                    in->name, in->uri, twin);
}

enum fst_status local_input_look(struct local_input *in, struct fst_error *err)
{
    FST_TRY(refuse_twins(in, err));
    return count_rows(in, err);
}

static struct fst_vtab table_of(struct local_input *in, const struct local_env *env)
{
    return (struct fst_vtab){.schema = in->numbered,
                             .open = open_numbered,
                             .arg = in,
                             .estimated_rows = in->rows,
                             .no_rowids = in->half == 0,
                             .reads_ahead = in->reads_ahead,
                             .nested_bytes = true,
                             .cancelled = env->cancelled,
                             .cancel_arg = env->cancel_arg};
}

static bool ends_at_half(void *arg)
{
    const struct local_input *in = arg;
    return in->second && local_half_is_whole(in->second);
}

enum fst_status local_input_attach(struct local_input *in, sqlite3 *db, const struct local_env *env,
                                   struct fst_skipped *skipped, struct fst_error *err)
{
    struct fst_vtab table = table_of(in, env);
    table.skipped = skipped;
    table.half = in->half;
    table.ends_at_half = in->half ? ends_at_half : NULL;
    return fst_vtab_attach(db, in->source.name, &table, err);
}

enum fst_status local_input_attach_rest(struct local_input *in, sqlite3 *db,
                                        const struct local_env *env, struct fst_error *err)
{
    struct fst_vtab table = table_of(in, env);
    table.first_row = in->half;
    return fst_vtab_attach(db, in->source.name, &table, err);
}

void local_input_done(struct local_input *in)
{
    fst_schema_free(in->known);
    fst_schema_free(in->schema);
    fst_schema_free(in->numbered);
    free(in->name);
    free(in->uri);
    free(in->format);
    free(in->query);
}
