/* vtab: a table of ours as a table of SQLite's: a scan, of the columns that a statement uses.
 *
 * The module is eponymous: the table exists as soon as it is attached, in no schema, so that a
 * read-only database can have it too. Each scan opens a reader of its own; rows come in frames, and
 * SQLite looks for an interrupt at each row. What rows must meet (vtab_scan.c) is handed to the
 * reader and tested here again, a frame at a time, so that SQLite sees few rows that it must pass
 * over. An inner table of a join is scanned again and again: it is kept when it is small. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "ahead.h"
#include "frame.h"
#include "vtab.h"

enum { FRAME_ROWS = 4096, LAST_BIT = 63, KEEP_BYTES = 16 << 20 };

/* What is attached; it lives as long as the connection. */
struct attached {
    struct fst_vtab table;
    struct fst_schema *schema;
    char *declaration;
    bool names_repeat; /* then columns cannot be asked for by name */
};
struct table {
    sqlite3_vtab base;
    const struct attached *attached;
};
/* A small table that is scanned more than once, in memory. */
struct kept {
    struct fst_frame **frames;
    size_t n, cap;
    bool was_tried, is_there;
};
struct cursor {
    sqlite3_vtab_cursor base;
    struct vtab_scan *scan; /* what it must meet */
    struct fst_reader *reader;
    int *columns; /* of the table -> of the reader, -1 when it was not asked for */
    struct fst_frame *frame;
    size_t at;
    uint8_t *pass; /* of the frame's rows; NULL = all do */
    size_t pass_cap;
    uint64_t next; /* number of the row after the frame, where rows follow each other */
    size_t n_scans;
    struct kept kept;
    size_t next_kept; /* frame */
    bool was_at_half;
};

/* ---- Declaring ------------------------------------------------------------------------------- */

static void free_attached(void *p)
{
    struct attached *a = p;
    fst_schema_free(a->schema);
    free(a->declaration);
    free(a);
}

static char *lower(const char *name)
{
    char *copy = fst_strdup(name);
    for (char *p = copy; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p |= 0x20;
    return copy;
}

/* A name that no other column has: SQLite wants them unlike, ASCII case aside. */
static char *unique_name(struct fst_map *taken, const struct fst_field *f, size_t i)
{
    char *name = *f->name ? fst_strdup(f->name) : fst_asprintf("_c%zu", i);
    for (size_t k = 2;; k++) {
        char *key = lower(name);
        bool is_new = !fst_map_get(taken, key);
        if (is_new)
            fst_map_set(taken, key, taken);
        free(key);
        if (is_new)
            return name;
        free(name);
        name = fst_asprintf("%s:%zu", f->name, k);
    }
}

static void declare(struct attached *a)
{
    struct fst_buf sql = FST_BUF_TEXT;
    struct fst_map *taken = fst_map_new();
    fst_buf_adds(&sql, "CREATE TABLE x(");
    for (size_t i = 0; i < a->schema->n; i++) {
        char *name = unique_name(taken, &a->schema->fields[i], i);
        a->names_repeat |= strcmp(name, a->schema->fields[i].name) != 0;
        fst_buf_adds(&sql, i ? ",\"" : "\"");
        for (const char *p = name; *p; p++) {
            if (*p == '"')
                fst_buf_addc(&sql, '"');
            fst_buf_addc(&sql, *p);
        }
        fst_buf_addc(&sql, '"');
        free(name);
    }
    fst_buf_addc(&sql, ')');
    fst_map_free(taken, NULL);
    a->declaration = fst_buf_take(&sql);
}

static int connect_table(sqlite3 *db, void *client, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **error)
{
    (void)argc, (void)argv;
    const struct attached *a = client;
    int rc = sqlite3_declare_vtab(db, a->declaration);
    if (rc != SQLITE_OK) {
        *error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
        return rc;
    }
    sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    struct table *t = fst_alloc(sizeof(*t));
    t->attached = a;
    *out = &t->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *base)
{
    free(base);
    return SQLITE_OK;
}

static const struct attached *attached_of(const sqlite3_vtab_cursor *base)
{
    return ((const struct table *)base->pVtab)->attached;
}

/* ---- Scanning -------------------------------------------------------------------------------- */

static int fail(sqlite3_vtab_cursor *base, enum fst_status status, const char *text)
{
    sqlite3_free(base->pVtab->zErrMsg);
    base->pVtab->zErrMsg = sqlite3_mprintf("%s", text);
    return status == FST_ECANCELLED ? SQLITE_INTERRUPT : SQLITE_ERROR;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    (void)base;
    struct cursor *c = fst_alloc(sizeof(*c));
    *out = &c->base;
    return SQLITE_OK;
}

static void end_scan(struct cursor *c)
{
    fst_frame_unref(c->frame);
    fst_reader_close(c->reader); /* which borrows from the scan */
    vtab_scan_free(c->scan);
    c->frame = NULL;
    c->reader = NULL;
    c->scan = NULL;
}

static void forget_kept(struct kept *k)
{
    for (size_t i = 0; i < k->n; i++)
        fst_frame_unref(k->frames[i]);
    free(k->frames);
    *k = (struct kept){.was_tried = k->was_tried};
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    struct cursor *c = (struct cursor *)base;
    end_scan(c);
    forget_kept(&c->kept);
    free(c->columns);
    free(c->pass);
    free(base);
    return SQLITE_OK;
}

static bool is_used(unsigned long long used, size_t i)
{
    return used >> (i < LAST_BIT ? i : LAST_BIT) & 1;
}

/* Something to count rows by when no column is used. */
static size_t narrowest(const struct fst_schema *schema)
{
    size_t best = 0, best_width = SIZE_MAX;
    for (size_t i = 0; i < schema->n; i++) {
        size_t width = fst_kind_width(schema->fields[i].type.kind);
        if (width && width < best_width) {
            best = i;
            best_width = width;
        }
    }
    return best;
}

/* Names of the used columns, and where each will stand in the reader's frames. */
static size_t choose_columns(const struct attached *a, unsigned long long used, int *columns,
                             const char **names)
{
    size_t n = 0;
    for (size_t i = 0; i < a->schema->n; i++) {
        columns[i] = is_used(used, i) ? (int)n : -1;
        if (columns[i] >= 0)
            names[n++] = a->schema->fields[i].name;
    }
    if (!n)
        names[n++] = a->schema->fields[narrowest(a->schema)].name;
    return n;
}

static enum fst_status open_table(struct cursor *c, const struct attached *a,
                                  struct fst_read_options *options, bool is_scan,
                                  struct fst_error *err)
{
    const struct fst_vtab *t = &a->table;
    if (!t->reads_ahead || !is_scan)
        return t->open(t->arg, options, &c->reader, err);
    struct fst_reader *ahead = ahead_new(t->cancelled, t->cancel_arg), *inner;
    options->cancelled = ahead_is_stopped;
    options->cancel_arg = ahead;
    enum fst_status status = t->open(t->arg, options, &inner, err);
    if (status == FST_OK) {
        ahead_begin(ahead, inner);
        c->reader = ahead;
    } else {
        fst_reader_close(ahead);
    }
    return status;
}

/* Open a reader of the used columns, of all rows unless `scan` says which. */
static enum fst_status open_reader(struct cursor *c, const struct attached *a,
                                   unsigned long long used, const struct vtab_scan *scan,
                                   struct fst_error *err)
{
    size_t n_columns = a->schema->n, n = n_columns;
    struct fst_read_options options = {.no_numbers = a->table.no_rowids,
                                       .skipped = a->table.skipped,
                                       .cancelled = a->table.cancelled,
                                       .cancel_arg = a->table.cancel_arg};
    const char **names = fst_alloc((n_columns + 1) * sizeof(*names));
    if (!c->columns)
        c->columns = fst_alloc((n_columns + 1) * sizeof(*c->columns));
    if (a->names_repeat) {
        for (size_t i = 0; i < n_columns; i++)
            c->columns[i] = (int)i;
    } else {
        n = choose_columns(a, used, c->columns, names);
        options.columns = names;
        options.n_columns = n;
    }
    if (scan) {
        options.conditions = scan->conditions;
        options.n_conditions = a->names_repeat ? 0 : scan->n;
        options.offset_rows = scan->from;
    }
    enum fst_status status = open_table(c, a, &options, scan != NULL, err);
    if (status == FST_OK && c->reader->schema->n != n)
        status = fst_fail(err, FST_EFORMAT, "the reader gives %zu columns, %zu were asked for",
                          c->reader->schema->n, n);
    free(names);
    return status;
}

/* Read all of the table, if it is small. */
static enum fst_status keep_table(struct cursor *c, const struct attached *a,
                                  unsigned long long used, struct fst_error *err)
{
    struct kept *k = &c->kept;
    size_t size = 0;
    k->was_tried = true;
    FST_TRY(open_reader(c, a, used, NULL, err));
    enum fst_status status = FST_OK;
    while (status == FST_OK && size <= KEEP_BYTES) {
        struct fst_frame *f = NULL;
        status = fst_reader_next(c->reader, FRAME_ROWS, &f, err);
        if (!f)
            break;
        size += fst_frame_size(f);
        fst_grow(&k->frames, &k->cap, k->n + 1, sizeof(struct fst_frame *));
        k->frames[k->n++] = f;
    }
    k->is_there = status == FST_OK && size <= KEEP_BYTES;
    if (!k->is_there)
        forget_kept(k);
    fst_reader_close(c->reader);
    c->reader = NULL;
    return status;
}

/* Begin a scan: from memory when the table is there, from its files otherwise. The third one is the
 * sign that there will be many. */
static enum fst_status begin_scan(struct cursor *c, const struct attached *a, struct fst_error *err)
{
    struct vtab_scan *scan = c->scan;
    c->next_kept = 0;
    c->next = scan->from;
    if (++c->n_scans > 2 && !c->kept.was_tried)
        FST_TRY(keep_table(c, a, scan->used, err));
    if (!c->kept.is_there)
        return open_reader(c, a, scan->used, scan, err);
    c->next = 0;
    return FST_OK;
}

static enum fst_status next_frame(struct cursor *c, struct fst_error *err)
{
    fst_frame_unref(c->frame);
    c->frame = NULL;
    c->at = 0;
    if (!c->kept.is_there)
        return fst_reader_next(c->reader, FRAME_ROWS, &c->frame, err);
    if (c->next_kept < c->kept.n)
        c->frame = fst_frame_ref(c->kept.frames[c->next_kept++]);
    return FST_OK;
}

static uint64_t number_at(const struct cursor *c, size_t row)
{
    const uint64_t *numbers = c->kept.is_there ? NULL : c->reader->numbers;
    return numbers ? numbers[row] : c->next - c->frame->n_rows + row;
}

/* Does another scan have the rows from the half on? Asked once, with the frame that comes to it. */
static void meet_at_half(struct cursor *c)
{
    const struct fst_vtab *t = &attached_of(&c->base)->table;
    size_t n = c->frame->n_rows;
    if (!t->ends_at_half || c->was_at_half || !n || number_at(c, n - 1) < t->half)
        return;
    c->was_at_half = true;
    if (!t->ends_at_half(t->arg) || c->scan->to < t->half)
        return;
    c->scan->to = t->half;
    c->scan->is_bounded = true;
}

static void test_bounds(struct cursor *c)
{
    const struct vtab_scan *scan = c->scan;
    size_t n = c->frame->n_rows;
    if (!scan->is_bounded || !n ||
        (number_at(c, 0) >= scan->from && number_at(c, n - 1) < scan->to))
        return;
    for (size_t i = 0; i < n; i++)
        c->pass[i] &= number_at(c, i) >= scan->from && number_at(c, i) < scan->to;
}

/* Test the rows of a frame; false when there is none that passes. */
static bool test_frame(struct cursor *c)
{
    const struct vtab_scan *scan = c->scan;
    size_t n = c->frame->n_rows;
    if (c->reader == NULL || !c->reader->numbers)
        c->next += n;
    meet_at_half(c);
    if (c->pass_cap < n)
        fst_grow(&c->pass, &c->pass_cap, n, 1);
    memset(c->pass, 1, n);
    for (size_t i = 0; i < scan->n; i++) {
        int column = c->columns[scan->of[i]];
        if (column >= 0 && scan->can_test[i])
            fst_test_column(&scan->tests[i], &c->frame->columns[column], c->pass);
    }
    test_bounds(c);
    const uint8_t *first = n ? memchr(c->pass, 1, n) : NULL;
    c->at = first ? (size_t)(first - c->pass) : 0;
    return first != NULL;
}

/* Is all that may come behind the end of the scan? */
static bool is_past(const struct cursor *c)
{
    return c->frame->n_rows && number_at(c, c->frame->n_rows - 1) >= c->scan->to;
}

static int fill(struct cursor *c)
{
    struct fst_error err = {0};
    bool is_last = c->frame && is_past(c);
    for (;;) {
        enum fst_status status = is_last ? FST_OK : next_frame(c, &err);
        if (is_last) {
            fst_frame_unref(c->frame);
            c->frame = NULL;
        }
        if (status != FST_OK)
            return fail(&c->base, status, err.text);
        if (!c->frame || test_frame(c))
            return SQLITE_OK;
        is_last = is_past(c);
    }
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text, int argc,
                  sqlite3_value **argv)
{
    (void)number;
    struct cursor *c = (struct cursor *)base;
    const struct attached *a = attached_of(base);
    struct fst_error err = {0};
    end_scan(c);
    c->scan = vtab_scan_new(a->schema, text, argc, argv);
    c->was_at_half = false;
    vtab_scan_from(c->scan, a->table.first_row);
    if (c->scan->is_empty)
        return SQLITE_OK;
    enum fst_status status = begin_scan(c, a, &err);
    return status == FST_OK ? fill(c) : fail(base, status, err.text);
}

static int next_row(sqlite3_vtab_cursor *base)
{
    struct cursor *c = (struct cursor *)base;
    size_t left = c->frame->n_rows - c->at - 1;
    const uint8_t *next = left ? memchr(c->pass + c->at + 1, 1, left) : NULL;
    if (!next)
        return fill(c);
    c->at = (size_t)(next - c->pass);
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    return !((struct cursor *)base)->frame;
}

static int row_id(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    const struct cursor *c = (const struct cursor *)base;
    *out = (sqlite3_int64)number_at(c, c->at) + 1;
    return SQLITE_OK;
}

/* ---- Values ---------------------------------------------------------------------------------- */

static void give_double(sqlite3_context *ctx, double v)
{
    if (v != v)
        sqlite3_result_blob(ctx, "NaN", 3, SQLITE_STATIC);
    else
        sqlite3_result_double(ctx, v);
}

/* Big-endian with the sign bit flipped: memcmp then orders as the numbers do. */
static void give_decimal(sqlite3_context *ctx, __int128 v)
{
    unsigned __int128 bits = (unsigned __int128)v ^ (unsigned __int128)1 << 127;
    uint8_t blob[16];
    for (size_t i = 0; i < sizeof(blob); i++)
        blob[i] = (uint8_t)(bits >> (8 * (15 - i)));
    sqlite3_result_blob(ctx, blob, sizeof(blob), SQLITE_TRANSIENT);
}

static void give_json(sqlite3_context *ctx, const struct fst_column *c, size_t row)
{
    struct fst_buf json = FST_BUF_TEXT;
    fst_cell_json(&json, c, row);
    if (json.over)
        sqlite3_result_error_toobig(ctx);
    else
        sqlite3_result_text64(ctx, fst_buf_text(&json), json.n, SQLITE_TRANSIENT, SQLITE_UTF8);
    fst_buf_done(&json);
}

static void give_nested(sqlite3_context *ctx, const struct fst_column *c, size_t row)
{
    struct fst_buf bytes = FST_BUF((size_t)256 << 20);
    fst_nest_put(&bytes, c, row);
    if (bytes.over)
        sqlite3_result_error_toobig(ctx);
    else
        sqlite3_result_blob64(ctx, bytes.n ? fst_buf_text(&bytes) : "", bytes.n, SQLITE_TRANSIENT);
    fst_buf_done(&bytes);
}

static void give_value(sqlite3_context *ctx, const struct attached *a, const struct fst_column *c,
                       size_t row)
{
    struct fst_str bytes = fst_column_bytes(c, row);
    switch (c->type.kind) {
    case FST_FLOAT:
    case FST_DOUBLE:
        give_double(ctx, fst_column_double(c, row));
        return;
    case FST_DECIMAL:
        give_decimal(ctx, fst_column_decimal(c, row));
        return;
    case FST_STRING:
    case FST_VARIANT:
    case FST_UNKNOWN:
        sqlite3_result_text64(ctx, bytes.p, bytes.n, SQLITE_TRANSIENT, SQLITE_UTF8);
        return;
    case FST_BINARY:
        sqlite3_result_blob64(ctx, bytes.p, bytes.n, SQLITE_TRANSIENT);
        return;
    case FST_ARRAY:
    case FST_MAP:
    case FST_STRUCT:
        if (a->table.nested_bytes)
            give_nested(ctx, c, row);
        else
            give_json(ctx, c, row);
        return;
    default:
        sqlite3_result_int64(ctx, fst_column_int(c, row));
        return;
    }
}

static int give_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int i)
{
    struct cursor *c = (struct cursor *)base;
    if (c->columns[i] < 0)
        return SQLITE_OK;
    const struct fst_column *column = &c->frame->columns[c->columns[i]];
    if (column->unreadable) {
        const struct attached *a = attached_of(base);
        char *text = fst_asprintf("column %s cannot be read: %s", a->schema->fields[i].name,
                                  column->unreadable);
        sqlite3_result_error(ctx, text, -1);
        free(text);
        return SQLITE_ERROR;
    }
    if (!fst_column_is_null(column, c->at))
        give_value(ctx, attached_of(base), column, c->at);
    return SQLITE_OK;
}

static int best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const struct attached *a = ((struct table *)base)->attached;
    return vtab_best_index(a->schema, !a->names_repeat, a->table.estimated_rows, info);
}

static const sqlite3_module module = {
    .xConnect = connect_table,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next_row,
    .xEof = is_at_end,
    .xColumn = give_column,
    .xRowid = row_id,
};

enum fst_status fst_vtab_attach(struct sqlite3 *db, const char *name, const struct fst_vtab *table,
                                struct fst_error *err)
{
    int limit = sqlite3_limit(db, SQLITE_LIMIT_COLUMN, -1);
    if (!table->schema->n)
        return fst_fail(err, FST_EUNSUPPORTED, "%s: a table without columns", name);
    if (table->schema->n > (size_t)limit)
        return fst_fail(err, FST_EUNSUPPORTED, "%s: %zu columns; SQL here takes at most %d", name,
                        table->schema->n, limit);
    struct attached *a = fst_alloc(sizeof(*a));
    a->table = *table;
    a->schema = fst_schema_copy(table->schema);
    a->table.schema = a->schema;
    declare(a);
    if (sqlite3_create_module_v2(db, name, &module, a, free_attached) != SQLITE_OK)
        return fst_db_fail(db, err, name);
    return FST_OK;
}
