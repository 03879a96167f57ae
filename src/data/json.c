/* json: JSON records as a table: one object a line (as Spark writes), or one array of objects.
 *
 * Columns and types come from the first 1000 records, in order of appearance: bigint, decimal for
 * integers beyond it, double, boolean, else string; nested values are kept as their JSON text. A
 * later value that does not fit is an error, because leaving it out would go unseen; with a schema
 * from outside it is NULL, as in Spark. */
#include "formats.h"
#include "jsonscan.h"
#include "project.h"
#include "textvalue.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE_RECORDS = 1000, COLUMNS_MAX = 20480 };

struct json_reader {
    struct fst_reader base;
    struct fst_read_options options;
    struct fst_jsonscan scan;
    struct fst_schema *schema;
    size_t *indexes;
    struct fst_map *columns; /* name -> index in the schema + 1, of the wanted columns */
    uint64_t skip;
    bool ended;
    enum fst_status stopped; /* by an error that comes after the rows before it */
    struct fst_error err;
};

/* Parse the record that was scanned. The tree lives in `arena` and points into it only. */
static enum fst_status parse_record(struct fst_jsonscan *s, struct fst_arena *arena,
                                    struct fst_doc **out, struct fst_error *err)
{
    const char *name = s->in.bytes->name;
    struct fst_error inner = {0};
    enum fst_status status =
        fst_json_parse(arena, "record", fst_buf_text(&s->text), s->text.n, NULL, out, &inner);
    if (status != FST_OK)
        return fst_fail(err, status, "%s:%llu: %s", name, (unsigned long long)s->line, inner.text);
    if ((*out)->kind != FST_DOC_MAP)
        return fst_fail(err, FST_EFORMAT, "%s:%llu: a JSON object is expected in each record", name,
                        (unsigned long long)s->line);
    return FST_OK;
}

/* ---- Types ----------------------------------------------------------------------------------- */

static struct fst_type number_type(struct fst_str text)
{
    int64_t v;
    struct fst_number number;
    if (fst_parse_int64(text.p, text.n, &v))
        return fst_type(FST_LONG);
    bool is_integer = fst_number_scan(&number, text) && number.scale == 0 &&
                      !memchr(text.p, '.', text.n) && !memchr(text.p, 'e', text.n) &&
                      !memchr(text.p, 'E', text.n);
    if (is_integer && number.n_digits && number.n_digits <= 38)
        return fst_type_decimal((int)number.n_digits, 0);
    return fst_type(FST_DOUBLE);
}

static struct fst_type doc_type(const struct fst_doc *d)
{
    switch (d->kind) {
    case FST_DOC_NULL:
        return fst_type(FST_VOID);
    case FST_DOC_BOOL:
        return fst_type(FST_BOOLEAN);
    case FST_DOC_NUMBER:
        return number_type(d->text);
    default:
        return fst_type(FST_STRING);
    }
}

static bool is_number(const struct fst_type *t)
{
    return t->kind == FST_LONG || t->kind == FST_DECIMAL || t->kind == FST_DOUBLE;
}

static struct fst_type wider(const struct fst_type *a, const struct fst_type *b)
{
    if (a->kind == FST_VOID || b->kind == FST_VOID)
        return a->kind == FST_VOID ? *b : *a;
    if (!is_number(a) || !is_number(b))
        return a->kind == b->kind ? *a : fst_type(FST_STRING);
    if (a->kind == FST_DOUBLE || b->kind == FST_DOUBLE)
        return fst_type(FST_DOUBLE);
    if (a->kind == FST_LONG && b->kind == FST_LONG)
        return *a;
    int x = a->kind == FST_LONG ? 20 : a->precision;
    int y = b->kind == FST_LONG ? 20 : b->precision;
    return fst_type_decimal(x > y ? x : y, 0);
}

/* Columns of one more record. */
static void widen_schema(struct fst_schema *all, struct fst_map *seen, const struct fst_doc *record)
{
    for (size_t i = 0; i < record->n && all->n < COLUMNS_MAX; i++) {
        const struct fst_doc *item = &record->items[i];
        struct fst_type type = doc_type(item);
        size_t at = (size_t)(uintptr_t)fst_map_get(seen, item->key);
        if (at) {
            all->fields[at - 1].type = wider(&all->fields[at - 1].type, &type);
            continue;
        }
        fst_schema_add(all, item->key, &type, true);
        fst_map_set(seen, item->key, (void *)(uintptr_t)all->n);
    }
}

static enum fst_status sample(struct json_reader *r, struct fst_schema *all, struct fst_map *seen,
                              struct fst_error *err)
{
    for (size_t i = 0; i < SAMPLE_RECORDS; i++) {
        bool more;
        struct fst_doc *record;
        FST_TRY(fst_jsonscan_next(&r->scan, &more, err));
        if (!more)
            break;
        struct fst_arena *arena = fst_arena_new();
        enum fst_status status = parse_record(&r->scan, arena, &record, err);
        if (status == FST_OK)
            widen_schema(all, seen, record);
        fst_arena_free(arena);
        FST_TRY(status);
    }
    for (size_t i = 0; i < all->n; i++)
        if (all->fields[i].type.kind == FST_VOID)
            all->fields[i].type = fst_type(FST_STRING);
    return fst_jsonscan_rewind(&r->scan, err);
}

static enum fst_status all_columns(struct json_reader *r, struct fst_schema **out,
                                   struct fst_error *err)
{
    if (r->options.schema) {
        *out = fst_schema_copy(r->options.schema);
        return FST_OK;
    }
    struct fst_map *seen = fst_map_new();
    *out = fst_schema_new();
    enum fst_status status = sample(r, *out, seen, err);
    fst_map_free(seen, NULL);
    return status;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

/* Append a value that is not null; false when it is not of the column's type. */
static bool append_value(struct fst_builder *b, size_t col, const struct fst_type *type,
                         const struct fst_doc *d)
{
    bool is_text = type->kind == FST_STRING;
    if (d->kind == FST_DOC_LIST || d->kind == FST_DOC_MAP) {
        if (!is_text && type->kind < FST_VARIANT)
            return false;
        struct fst_buf json = FST_BUF(FST_JSON_RECORD_BYTES);
        fst_doc_to_json(&json, d);
        fst_builder_bytes(b, col, fst_buf_text(&json), json.n);
        fst_buf_done(&json);
        return true;
    }
    bool is_number_type = type->kind >= FST_BYTE && type->kind <= FST_DECIMAL;
    bool fits =
        is_text || (d->kind == FST_DOC_NUMBER && is_number_type) ||
        (d->kind == FST_DOC_BOOL && type->kind == FST_BOOLEAN) ||
        (d->kind == FST_DOC_STRING && type->kind >= FST_FLOAT && type->kind <= FST_TIMESTAMP_NTZ);
    return fits && fst_textvalue_append(b, col, type, d->text);
}

static enum fst_status misfit(const struct json_reader *r, const struct fst_field *f,
                              const struct fst_doc *d, struct fst_error *err)
{
    struct fst_buf type = FST_BUF(256), value = FST_BUF(1 << 20);
    fst_type_text(&type, &f->type);
    fst_text_escape(&value, d->text.p ? d->text.p : "(nested)", d->text.p ? d->text.n : 8);
    enum fst_status status =
        fst_fail(err, FST_EFORMAT,
                 "%s:%llu: column %s: %.60s is not a %s, which the first %d records are; give a "
                 "schema to read it",
                 r->scan.in.bytes->name, (unsigned long long)r->scan.line, f->name,
                 fst_buf_text(&value), fst_buf_text(&type), SAMPLE_RECORDS);
    fst_buf_done(&type);
    fst_buf_done(&value);
    return status;
}

static enum fst_status append_record(struct json_reader *r, struct fst_builder *b,
                                     const struct fst_doc **values, const struct fst_doc *record,
                                     struct fst_error *err)
{
    enum fst_status status = FST_OK;
    memset(values, 0, (r->schema->n + 1) * sizeof(*values));
    for (size_t i = 0; i < record->n; i++) {
        size_t at = (size_t)(uintptr_t)fst_map_get(r->columns, record->items[i].key);
        if (at)
            values[at - 1] = &record->items[i];
    }
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_field *f = &r->schema->fields[i];
        bool is_null = !values[i] || values[i]->kind == FST_DOC_NULL;
        if (!is_null && append_value(b, i, &f->type, values[i]))
            continue;
        if (!is_null && !r->options.schema && status == FST_OK)
            status = misfit(r, f, values[i], err);
        fst_builder_null(b, i);
    }
    return status;
}

static enum fst_status read_record(struct json_reader *r, struct fst_builder *b,
                                   const struct fst_doc **values, struct fst_error *err)
{
    struct fst_doc *record;
    struct fst_arena *arena = fst_arena_new();
    enum fst_status status = parse_record(&r->scan, arena, &record, err);
    if (status == FST_OK)
        status = append_record(r, b, values, record, err);
    fst_arena_free(arena);
    return status;
}

static enum fst_status build_rows(struct json_reader *r, struct fst_builder *b, size_t max_rows,
                                  size_t *n, struct fst_error *err)
{
    size_t cap = fst_read_cap(&r->options);
    const struct fst_doc **values = fst_alloc((r->schema->n + 1) * sizeof(*values));
    enum fst_status status = FST_OK;
    for (*n = 0; status == FST_OK && *n < max_rows;) {
        if (*n % 64 == 0 && fst_builder_bytes_used(b) > cap / 2)
            break;
        if (*n % 256 == 0 && fst_read_cancelled(&r->options))
            status = fst_fail(err, FST_ECANCELLED, "%s: cancelled", r->scan.in.bytes->name);
        bool more;
        if (status == FST_OK)
            status = fst_jsonscan_next(&r->scan, &more, err);
        if (status != FST_OK || (r->ended = !more))
            break;
        if (r->skip)
            r->skip--;
        else if ((status = read_record(r, b, values, err)) == FST_OK)
            ++*n;
    }
    free(values);
    return status;
}

static enum fst_status stop_again(struct json_reader *r, struct fst_error *err)
{
    if (r->stopped != FST_OK && err)
        *err = r->err;
    return r->stopped;
}

static enum fst_status next_rows(struct fst_reader *base, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct json_reader *r = (struct json_reader *)base;
    if (r->stopped != FST_OK)
        return stop_again(r, err);
    if (r->ended)
        return FST_OK;
    size_t n;
    struct fst_builder *b = fst_builder_new(fst_schema_copy(r->schema));
    r->stopped = build_rows(r, b, max_rows, &n, &r->err);
    if (!n) {
        fst_builder_free(b);
        return stop_again(r, err);
    }
    bool has_misfit = fst_builder_rows(b) > n;
    struct fst_frame *f = fst_builder_finish(b, n + has_misfit);
    *out = has_misfit ? fst_frame_slice(f, 0, n) : fst_frame_ref(f);
    fst_frame_unref(f);
    return FST_OK;
}

static void close_json(struct fst_reader *base)
{
    struct json_reader *r = (struct json_reader *)base;
    fst_jsonscan_close(&r->scan);
    fst_map_free(r->columns, NULL);
    fst_schema_free(r->schema);
    free(r->indexes);
    free(r);
}

/* ---- The formats ----------------------------------------------------------------------------- */

static enum fst_status start(struct json_reader *r, struct fst_error *err)
{
    struct fst_schema *all = NULL;
    const char *name = r->scan.in.bytes->name;
    enum fst_status status = all_columns(r, &all, err);
    if (status == FST_OK)
        status = fst_project(all, &r->options, name, &r->schema, &r->indexes, err);
    fst_schema_free(all);
    for (size_t i = 0; status == FST_OK && i < r->schema->n; i++)
        fst_map_set(r->columns, r->schema->fields[i].name, (void *)(uintptr_t)(i + 1));
    return status;
}

static enum fst_status open_json(struct fst_bytes *bytes, const struct fst_read_options *options,
                                 struct fst_reader **out, struct fst_error *err)
{
    static const struct fst_reader_ops ops = {next_rows, close_json};
    struct json_reader *r = fst_alloc(sizeof(*r));
    if (options)
        r->options = *options;
    r->skip = r->options.offset_rows;
    r->columns = fst_map_new();
    enum fst_status status = fst_jsonscan_open(&r->scan, bytes, err);
    if (status == FST_OK) {
        r->scan.in.cancelled = r->options.cancelled;
        r->scan.in.cancel_arg = r->options.cancel_arg;
        status = start(r, err);
    }
    if (status != FST_OK) {
        close_json(&r->base);
        return status;
    }
    r->base = (struct fst_reader){&ops, r->schema, -1};
    *out = &r->base;
    return FST_OK;
}

static bool begins_with(const void *head, size_t n, char wanted)
{
    const char *p = head;
    size_t i = 0;
    while (i < n && (p[i] == ' ' || p[i] == '\n' || p[i] == '\r' || p[i] == '\t'))
        i++;
    return i < n && p[i] == wanted;
}

static bool is_array(const void *head, size_t n)
{
    return begins_with(head, n, '[');
}

static bool is_object(const void *head, size_t n)
{
    return begins_with(head, n, '{');
}

static const char *const json_extensions[] = {".json", NULL};
static const char *const jsonl_extensions[] = {".jsonl", ".ndjson", ".json", NULL};

/* Both read both: Spark calls files of lines .json. */
const struct fst_format fst_format_json = {
    .name = "json",
    .help = "one JSON array of objects",
    .extensions = json_extensions,
    .probe = is_array,
    .open = open_json,
    .create = fst_json_create,
};
const struct fst_format fst_format_jsonl = {
    .name = "jsonl",
    .help = "one JSON object a line",
    .extensions = jsonl_extensions,
    .probe = is_object,
    .open = open_json,
    .is_lines = true,
    .create = fst_jsonl_create,
};
