/* json: JSON records as a table: one object a line (as Spark writes), or arrays of objects.
 *
 * Columns and types are those that Spark infers, from all records or from as much as is allowed;
 * objects and lists are structs and arrays. A record that cannot be read is NULLs with its text in
 * the column for that, if there is one, and is noted: it does not hide the good ones. */
#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "jsoninfer.h"
#include "jsonparse.h"
#include "jsonscan.h"
#include "project.h"

struct json_reader {
    struct fst_reader base;
    struct fst_read_options options;
    struct fst_json_options json;
    struct fst_jsonscan scan;
    struct fst_schema *schema;
    size_t *indexes;
    size_t *places; /* of the columns in the record before */
    int corrupt;    /* the column of texts that could not be read; -1 = none */
    uint64_t skip;
    bool ended;
    /* the record that is read: an object, or a list of them */
    struct fst_arena *arena;
    const struct fst_doc *doc;
    const char *wrong;
    size_t at;
    enum fst_status stopped; /* by an error that comes after the rows before it */
    struct fst_error err;
};

/* ---- Records --------------------------------------------------------------------------------- */

static void drop_record(struct json_reader *r)
{
    fst_arena_free(r->arena);
    r->arena = NULL;
    r->doc = NULL;
}

/* The next record as a tree; r->wrong says why there is none. */
static enum fst_status next_record(struct json_reader *r, bool *more, struct fst_error *err)
{
    struct fst_doc *doc;
    drop_record(r);
    FST_TRY(fst_jsonscan_next(&r->scan, more, err));
    if (!*more)
        return FST_OK;
    r->arena = fst_arena_new();
    r->wrong =
        fst_json_record(r->arena, &r->json, fst_buf_text(&r->scan.text), r->scan.text.n, &doc);
    if (!r->wrong && doc->kind != FST_DOC_MAP && doc->kind != FST_DOC_LIST)
        r->wrong = "a JSON object is expected in each record";
    r->doc = doc;
    r->at = 0;
    return FST_OK;
}

/* The next row of the record: the object, or one of the list; false behind the last. */
static bool next_object(struct json_reader *r, const struct fst_doc **out, const char **wrong)
{
    const struct fst_doc *d = r->doc;
    bool is_list = d && !r->wrong && d->kind == FST_DOC_LIST;
    if (!d || r->at >= (is_list ? d->n : 1))
        return false;
    *out = is_list ? &d->items[r->at] : d;
    *wrong = r->wrong;
    if (!*wrong && (*out)->kind != FST_DOC_MAP)
        *wrong = "a JSON object is expected in each record";
    r->at++;
    return true;
}

/* ---- Columns --------------------------------------------------------------------------------- */

static enum fst_status infer_record(struct json_reader *r, struct fst_jsoninfer *j, bool *any_bad,
                                    struct fst_error *err)
{
    const struct fst_doc *d;
    const char *wrong;
    char line[64];
    while (next_object(r, &d, &wrong)) {
        *any_bad |= wrong != NULL;
        fst_textin_line(&r->scan.in, r->scan.line, line);
        if (wrong && r->json.mode == FST_TEXT_FAIL_FAST)
            return fst_fail(err, FST_EFORMAT, "%s:%s: %s (mode FAILFAST)", r->scan.in.bytes->name,
                            line, wrong);
        if (!wrong && !fst_jsoninfer_add(j, d))
            return fst_fail(err, FST_EFORMAT,
                            "%s:%s: the records have too many different fields; give a schema",
                            r->scan.in.bytes->name, line);
    }
    return FST_OK;
}

/* Records up to the end, or as far as is allowed; damage comes again behind the rows before it. */
static enum fst_status infer_records(struct json_reader *r, struct fst_jsoninfer *j, bool *any_bad,
                                     struct fst_error *err)
{
    for (;;) {
        bool more;
        const struct fst_textin *in = &r->scan.in;
        uint64_t taken = in->offset - (in->n - in->at);
        if (r->options.infer_bytes && taken > r->options.infer_bytes) {
            if (r->options.notes)
                r->options.notes->types_from_head = true;
            return FST_OK;
        }
        enum fst_status status = next_record(r, &more, err);
        if (status == FST_ECANCELLED)
            return status;
        if (status != FST_OK || !more)
            return FST_OK;
        FST_TRY(infer_record(r, j, any_bad, err));
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct fst_field *)a)->name, ((const struct fst_field *)b)->name);
}

static enum fst_status all_columns(struct json_reader *r, struct fst_schema **out,
                                   struct fst_error *err)
{
    bool any_bad = false;
    struct fst_type text = fst_type(FST_STRING);
    if (r->options.schema) {
        *out = fst_schema_copy(r->options.schema);
        return FST_OK;
    }
    struct fst_jsoninfer *j = fst_jsoninfer_new(&r->json);
    enum fst_status status = infer_records(r, j, &any_bad, err);
    if (status == FST_OK)
        *out = fst_jsoninfer_schema(j);
    fst_jsoninfer_free(j);
    drop_record(r);
    FST_TRY(status);
    bool wants = any_bad && r->json.mode == FST_TEXT_PERMISSIVE && *r->json.corrupt;
    if (wants && fst_schema_find(*out, r->json.corrupt) < 0) {
        fst_schema_add(*out, r->json.corrupt, &text, true);
        qsort((*out)->fields, (*out)->n, sizeof(*(*out)->fields), by_name);
    }
    return fst_jsonscan_rewind(&r->scan, err);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

/* Fields mostly lie where they lay in the record before. */
static const struct fst_doc *find_field(const struct fst_doc *d, const char *name, size_t *place)
{
    if (!d || d->kind != FST_DOC_MAP)
        return NULL;
    if (*place < d->n && strcmp(d->items[*place].key, name) == 0)
        return &d->items[*place];
    for (size_t i = d->n; i-- > 0;)
        if (strcmp(d->items[i].key, name) == 0) {
            *place = i;
            return &d->items[i];
        }
    return NULL;
}

static bool append_fields(struct json_reader *r, struct fst_builder *b, const struct fst_doc *d)
{
    bool fits = true;
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_field *f = &r->schema->fields[i];
        if ((int)i == r->corrupt)
            continue;
        const struct fst_doc *item = find_field(d, f->name, &r->places[i]);
        fits &= fst_json_append(b, i, &f->type, item);
    }
    return fits;
}

static void append_corrupt(struct json_reader *r, struct fst_builder *b, bool is_bad)
{
    if (r->corrupt < 0)
        return;
    size_t n = r->scan.text.n;
    while (n && strchr("\n\r", r->scan.text.p[n - 1]))
        n--;
    if (is_bad)
        fst_builder_bytes(b, (size_t)r->corrupt, fst_buf_text(&r->scan.text), n);
    else
        fst_builder_null(b, (size_t)r->corrupt);
}

/* Would the value be one of the column? Asked where a row may be left out or fail for it. */
static bool is_fit(struct json_reader *r, const struct fst_doc *d)
{
    struct fst_builder *b = fst_builder_new(fst_schema_copy(r->schema));
    bool fits = append_fields(r, b, d);
    fst_builder_free(b);
    return fits;
}

static enum fst_status append_object(struct json_reader *r, struct fst_builder *b,
                                     const struct fst_doc *d, const char *wrong, size_t *n,
                                     struct fst_error *err)
{
    bool drop = false, strict = r->json.mode != FST_TEXT_PERMISSIVE;
    if (strict && !wrong && !is_fit(r, d))
        wrong = "a value is not of its column's type";
    if (wrong)
        FST_TRY(fst_text_bad(&r->scan.in, r->scan.line, wrong, r->json.mode, r->options.notes,
                             &drop, err));
    if (drop)
        return FST_OK;
    bool fits = append_fields(r, b, wrong ? NULL : d);
    append_corrupt(r, b, wrong || !fits);
    ++*n;
    if (!wrong && !fits)
        return fst_text_bad(&r->scan.in, r->scan.line, "a value is not of its column's type",
                            r->json.mode, r->options.notes, &drop, err);
    return FST_OK;
}

/* A row before the offset. */
static bool skips(struct json_reader *r, const struct fst_doc *d, const char *wrong)
{
    bool counts = r->json.mode != FST_TEXT_DROP_MALFORMED || (!wrong && is_fit(r, d));
    bool skip = r->skip > 0;
    if (skip && counts)
        r->skip--;
    return skip;
}

static enum fst_status build_rows(struct json_reader *r, struct fst_builder *b, size_t max_rows,
                                  size_t *n, struct fst_error *err)
{
    size_t cap = fst_read_cap(&r->options);
    for (*n = 0; *n < max_rows;) {
        const struct fst_doc *d;
        const char *wrong;
        bool more;
        if (*n % 64 == 0 && fst_builder_bytes_used(b) > cap / 2)
            return FST_OK;
        if (next_object(r, &d, &wrong)) {
            if (!skips(r, d, wrong))
                FST_TRY(append_object(r, b, d, wrong, n, err));
            continue;
        }
        if (fst_read_cancelled(&r->options))
            return fst_fail(err, FST_ECANCELLED, "%s: cancelled", r->scan.in.bytes->name);
        FST_TRY(next_record(r, &more, err));
        r->ended = !more;
        if (r->ended)
            return FST_OK;
    }
    return FST_OK;
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
    *out = fst_builder_finish(b, n);
    return FST_OK;
}

static void close_json(struct fst_reader *base)
{
    struct json_reader *r = (struct json_reader *)base;
    drop_record(r);
    fst_jsonscan_close(&r->scan);
    fst_schema_free(r->schema);
    free(r->indexes);
    free(r->places);
    free(r);
}

/* ---- The formats ----------------------------------------------------------------------------- */

static enum fst_status start(struct json_reader *r, struct fst_error *err)
{
    struct fst_schema *all = NULL;
    r->scan.in.cancelled = r->options.cancelled;
    r->scan.in.cancel_arg = r->options.cancel_arg;
    enum fst_status status = all_columns(r, &all, err);
    if (status == FST_OK)
        status =
            fst_project(all, &r->options, r->scan.in.bytes->name, &r->schema, &r->indexes, err);
    fst_schema_free(all);
    FST_TRY(status);
    r->places = fst_alloc((r->schema->n + 1) * sizeof(*r->places));
    r->corrupt = -1;
    for (size_t i = 0; i < r->schema->n; i++)
        if (strcmp(r->schema->fields[i].name, r->json.corrupt) == 0 &&
            r->schema->fields[i].type.kind == FST_STRING)
            r->corrupt = (int)i;
    bool lines = !r->scan.is_array && !r->json.multi_line;
    if (r->options.tail_rows && lines && r->json.mode != FST_TEXT_DROP_MALFORMED)
        fst_textin_seek_last(&r->scan.in, r->options.tail_rows);
    return FST_OK;
}

static enum fst_status open_json(struct fst_bytes *bytes, const struct fst_read_options *options,
                                 struct fst_reader **out, struct fst_error *err)
{
    static const struct fst_reader_ops ops = {next_rows, close_json};
    struct json_reader *r = fst_alloc(sizeof(*r));
    if (options)
        r->options = *options;
    r->skip = r->options.offset_rows;
    enum fst_status status = fst_json_options_read(&r->json, r->options.format, err);
    if (status != FST_OK) {
        fst_bytes_close(bytes);
        free(r);
        return status;
    }
    status = fst_jsonscan_open(&r->scan, bytes, r->json.multi_line, err);
    if (status == FST_OK)
        status = start(r, err);
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
