/* Tables of Spark's catalog: listing what a provider knows, and registering one as a source.
 *
 * Everything is asked in Spark's own SQL; a name goes into it only in backticks. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

enum { MAX_DATABASES = 500, MAX_TABLES = 200000 };

struct asking {
    struct fst_app *app;
    const char *provider;
    bool (*cancelled)(void *);
    void *cancel_arg;
    struct fst_spark_tables *out;
    size_t cap;
    struct fst_error *err;
};
struct names {
    struct fst_arena *arena;
    const char **items;
    size_t n, cap;
};

void fst__select_from(const char *const *columns, size_t n, struct fst_buf *sql)
{
    fst_buf_adds(sql, n ? "SELECT " : "SELECT *");
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(sql, i ? ", " : "");
        fst_sql_quote(sql, columns[i]);
    }
    fst_buf_adds(sql, " FROM ");
}

enum fst_status fst__table_select(const char *table, const char *const *columns, size_t n,
                                  struct fst_buf *sql, struct fst_error *err)
{
    fst__select_from(columns, n, sql);
    if (fst_table_sql(table, sql))
        return FST_OK;
    return fst_fail(err, FST_EINVAL, "\"%.200s\" is not the name of a table", table);
}

/* ---- Asking ---------------------------------------------------------------------------------- */

/* A part of a name as the targets take it: plain where it can be. */
static const char *written(struct fst_arena *a, const char *name)
{
    struct fst_buf out = FST_BUF(4096);
    bool plain = *name && !strpbrk(name, ".`") && fst_table_sql(name, &out);
    fst_buf_clear(&out);
    if (!plain)
        fst_sql_quote(&out, name);
    const char *text = plain ? fst_arena_strdup(a, name) : fst_arena_strdup(a, fst_buf_text(&out));
    fst_buf_done(&out);
    return text;
}

static const char *text_at(struct fst_frame *f, size_t column, size_t row, struct fst_buf *out)
{
    fst_buf_clear(out);
    if (column < f->n_columns && !fst_column_is_null(&f->columns[column], row))
        fst_cell_text(out, &f->columns[column], row, FST_CELL_PLAIN);
    return fst_buf_text(out);
}

/* Every row of the answer goes to `row`. */
static enum fst_status each_row(struct asking *q, const char *sql,
                                void (*row)(void *arg, struct fst_frame *f, size_t i), void *arg)
{
    struct fst_reader *reader;
    struct fst_frame *f;
    FST_TRY(fst_app_sql(q->app, sql, q->provider, MAX_TABLES, q->cancelled, q->cancel_arg, &reader,
                        NULL, q->err));
    enum fst_status status;
    while ((status = fst_reader_next(reader, 1024, &f, q->err)) == FST_OK && f) {
        for (size_t i = 0; i < f->n_rows; i++)
            row(arg, f, i);
        fst_frame_unref(f);
    }
    fst_reader_close(reader);
    return status;
}

static void take_name(void *arg, struct fst_frame *f, size_t i)
{
    struct names *names = arg;
    struct fst_buf text = FST_BUF(64 * 1024);
    fst_grow(&names->items, &names->cap, names->n + 1, sizeof *names->items);
    names->items[names->n++] = written(names->arena, text_at(f, 0, i, &text));
    fst_buf_done(&text);
}

/* ---- Databases ------------------------------------------------------------------------------- */

/* Of one catalog: NULL = the session's own, whose databases need no prefix. */
static enum fst_status add_databases(struct asking *q, const char *catalog, struct names *out)
{
    struct names own = {.arena = out->arena};
    struct fst_buf sql = FST_BUF(4096);
    fst_buf_adds(&sql, "SHOW DATABASES");
    if (catalog) {
        fst_buf_adds(&sql, " IN ");
        fst_table_sql(catalog, &sql);
    }
    enum fst_status status = each_row(q, fst_buf_text(&sql), take_name, &own);
    for (size_t i = 0; status == FST_OK && i < own.n; i++) {
        fst_grow(&out->items, &out->cap, out->n + 1, sizeof *out->items);
        out->items[out->n++] =
            catalog ? fst_arena_printf(out->arena, "%s.%s", catalog, own.items[i]) : own.items[i];
    }
    free(own.items);
    fst_buf_done(&sql);
    return status;
}

static enum fst_status all_databases(struct asking *q, struct names *out)
{
    struct names catalogs = {.arena = out->arena}, current = {.arena = out->arena};
    FST_TRY(add_databases(q, NULL, out));
    enum fst_status status = each_row(q, "SELECT current_catalog()", take_name, &current);
    if (status == FST_OK)
        status = each_row(q, "SHOW CATALOGS", take_name, &catalogs);
    for (size_t i = 0; status == FST_OK && i < catalogs.n; i++)
        if (!current.n || strcmp(catalogs.items[i], current.items[0]) != 0)
            status = add_databases(q, catalogs.items[i], out);
    free(catalogs.items);
    free(current.items);
    return status;
}

/* ---- Tables ---------------------------------------------------------------------------------- */

struct in_database {
    struct asking *q;
    const char *database;
    size_t n;
};

static void add_table(struct asking *q, const char *database, const char *name, bool temporary)
{
    struct fst_spark_tables *out = q->out;
    fst_grow(&out->items, &q->cap, out->n + 1, sizeof *out->items);
    out->items[out->n++] = (struct fst_spark_table){database, name, temporary};
}

/* namespace, tableName, isTemporary; a temporary view belongs to no database. */
static void take_table(void *arg, struct fst_frame *f, size_t i)
{
    struct in_database *in = arg;
    struct fst_buf text = FST_BUF(64 * 1024);
    bool temporary = strcmp(text_at(f, 2, i, &text), "true") == 0;
    if (!temporary) {
        add_table(in->q, in->database, written(in->q->out->arena, text_at(f, 1, i, &text)), false);
        in->n++;
    }
    fst_buf_done(&text);
}

static enum fst_status add_tables(struct asking *q, const char *database)
{
    struct in_database in = {.q = q, .database = fst_arena_strdup(q->out->arena, database)};
    struct fst_buf sql = FST_BUF(4096);
    fst_buf_adds(&sql, "SHOW TABLES IN ");
    bool good = fst_table_sql(database, &sql);
    enum fst_status status =
        good ? each_row(q, fst_buf_text(&sql), take_table, &in)
             : fst_fail(q->err, FST_EINVAL, "\"%.200s\" is not the name of a database", database);
    if (status == FST_OK && in.n == 0)
        add_table(q, in.database, "", false);
    fst_buf_done(&sql);
    return status;
}

static enum fst_status list_tables(struct asking *q, const char *database)
{
    struct names databases = {.arena = q->out->arena};
    if (database)
        return add_tables(q, database);
    enum fst_status status = all_databases(q, &databases);
    for (size_t i = 0; status == FST_OK && i < databases.n && i < MAX_DATABASES; i++)
        status = add_tables(q, databases.items[i]);
    q->out->cut = databases.n > MAX_DATABASES;
    free(databases.items);
    return status;
}

/* Said before anything is sent: an engine without such a catalog would only see odd SQL. */
enum fst_status fst__wants_tables(struct fst_app *a, const char *provider, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_bound bound;
    FST_TRY(fst_app_take(a, &c, err));
    struct fst_bind_context cx = fst__bind_context(a, c);
    enum fst_status status = fst__bind_provider_of(a, c, provider, &bound, err);
    if (status == FST_OK) {
        status = fst_bind_wants_tables(&cx, &bound, err);
        fst_bound_done(&bound);
    }
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_tables(struct fst_app *a, const char *provider, const char *database,
                               bool (*cancelled)(void *), void *cancel_arg,
                               struct fst_spark_tables *out, struct fst_error *err)
{
    struct asking q = {a, provider, cancelled, cancel_arg, out, 0, err};
    *out = (struct fst_spark_tables){0};
    FST_TRY(fst__wants_tables(a, provider, err));
    out->arena = fst_arena_new();
    enum fst_status status = list_tables(&q, database);
    if (status != FST_OK)
        fst_spark_tables_done(out);
    return status;
}

void fst_spark_tables_done(struct fst_spark_tables *t)
{
    free(t->items);
    fst_arena_free(t->arena);
    *t = (struct fst_spark_tables){0};
}

/* ---- Registering ----------------------------------------------------------------------------- */

/* A table means something at its provider only: written down even where it is the default. */
static enum fst_status set_table(struct fst_app *a, struct fst_resource *r, const char *table,
                                 const char *provider, struct fst_error *err)
{
    struct fst_buf sql = FST_BUF(4096);
    const char *standard = fst_app_setting(a, "provider");
    bool good = fst_table_sql(table, &sql);
    fst_buf_done(&sql);
    if (!good)
        return fst_fail(err, FST_EINVAL, "\"%.200s\" is not the name of a table: db.table", table);
    FST_TRY(fst__wants_tables(a, provider, err));
    r->table = fst_arena_strdup(r->arena, table);
    r->provider = fst_arena_strdup(r->arena, provider ? provider : *standard ? standard : NULL);
    return FST_OK;
}

static void set_path(struct fst_resource *r, const char *path, const char *provider,
                     const char *format)
{
    char *own = fst_path_expand(path);
    char *whole = strstr(own, "://") ? fst_strdup(own) : fst_path_absolute(own);
    r->path = fst_arena_strdup(r->arena, whole);
    r->provider = fst_arena_strdup(r->arena, provider);
    r->format = fst_arena_strdup(r->arena, format);
    free(whole);
    free(own);
}

/* A look at texts guesses how they are written: the source says so, that its rows are the same. */
static void take_guess(struct fst_resource *r)
{
    static const char guess[] = "{\"" FST_GUESS_OPTION "\":true}";
    struct fst_doc *wanted = NULL, *options = NULL;
    struct fst_read_notes notes = {0};
    struct fst_reader *reader;
    fst_json_parse(r->arena, "options", guess, strlen(guess), NULL, &wanted, NULL);
    struct fst_read_options read = {.format = wanted, .infer_bytes = 1 << 16, .notes = &notes};
    if (fst_store_open_table(r->path, NULL, &read, &reader, NULL) != FST_OK)
        return; /* what is not there yet is registered as it is named */
    fst_reader_close(reader);
    if (*notes.guessed && fst_json_parse(r->arena, "options", notes.guessed, strlen(notes.guessed),
                                         NULL, &options, NULL) == FST_OK)
        r->options = options;
}

static enum fst_status fill(struct fst_app *a, struct fst_resource *r, const char *name,
                            const char *path, const char *table, const char *provider,
                            const char *format, struct fst_error *err)
{
    struct fst_ref ref;
    FST_TRY(fst_ref_parse(r->arena, "source", name, &ref, err));
    r->name = ref.name;
    r->variant = ref.variant;
    if (table)
        return set_table(a, r, table, provider, err);
    set_path(r, path, provider, format);
    if (!format)
        take_guess(r);
    return FST_OK;
}

/* As `apply` would: one definition, made here. */
enum fst_status fst_app_register(struct fst_app *a, const char *name, const char *path,
                                 const char *table, const char *provider, const char *format,
                                 char **label, struct fst_error *err)
{
    struct fst_definitions d = {0};
    struct fst_resource *r = fst_resource_new(FST_SOURCE, "", NULL);
    struct fst_catalog *c;
    int64_t id;
    fst_definitions_add(&d, r);
    enum fst_status status = fst__writable(a, "registering", err);
    if (status == FST_OK)
        status = fill(a, r, name, path, table, provider, format, err);
    if (status == FST_OK)
        status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        status = fst__apply(&d, c, &id, err);
        fst_app_give(a, c);
    }
    if (label)
        *label = status == FST_OK ? fst_strdup(fst_resource_label(r)) : NULL;
    fst_definitions_done(&d);
    return status;
}
