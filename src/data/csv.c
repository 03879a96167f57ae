/* csv: comma and tab separated values as a table, as Spark's reader gives it.
 *
 * Columns are those of the first record. Without inferSchema and without a schema all are text;
 * with inferSchema the whole file is read once before the first row, because Spark does so and a
 * type guessed from a sample would lose values, unless only a look is wanted. A record with a value
 * that is not of its type, or with more or fewer values than there are columns, is bad: the mode
 * says whether it comes with NULLs and is noted, is left out, or ends the reading. */
#include "csvparse.h"
#include "formats.h"
#include "project.h"
#include "textvalue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct csv_reader {
    struct fst_reader base;
    struct fst_read_options options;
    struct fst_csv csv;
    struct fst_schema *schema; /* of the wanted columns */
    size_t *indexes;           /* theirs in a record */
    size_t n_all;              /* columns of the file */
    bool all_wanted, has_types;
    uint64_t skip;
    bool ended;
    enum fst_status stopped; /* by an error that comes after the rows before it */
    struct fst_error err;
};

/* ---- The columns ----------------------------------------------------------------------------- */

static void lower_name(struct fst_buf *out, struct fst_str name)
{
    fst_buf_clear(out);
    for (size_t i = 0; i < name.n; i++)
        fst_buf_addc(out, name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] | 0x20 : name.p[i]);
}

/* How often each name of the header comes, ASCII case aside. */
static struct fst_map *count_names(const struct fst_csv *csv)
{
    struct fst_map *counts = fst_map_new();
    struct fst_buf key = FST_BUF(FST_CSV_RECORD_BYTES);
    struct fst_str name;
    for (size_t i = 0; i < csv->n; i++) {
        if (!fst_csv_value(csv, i, &name))
            continue;
        lower_name(&key, name);
        uintptr_t count = (uintptr_t)fst_map_get(counts, fst_buf_text(&key));
        fst_map_set(counts, fst_buf_text(&key), (void *)(count + 1));
    }
    fst_buf_done(&key);
    return counts;
}

/* Names as Spark makes them: _c0 for none, an index behind names that repeat. */
static char *column_name(const struct fst_csv *csv, const struct fst_map *counts, size_t i)
{
    struct fst_str name;
    if (!csv->options.header || !fst_csv_value(csv, i, &name) || !name.n)
        return fst_asprintf("_c%zu", i);

    struct fst_buf key = FST_BUF(FST_CSV_RECORD_BYTES);
    lower_name(&key, name);
    bool repeats = (uintptr_t)fst_map_get(counts, fst_buf_text(&key)) > 1;
    fst_buf_done(&key);
    return repeats ? fst_asprintf("%.*s%zu", (int)name.n, name.p, i) : fst_strndup(name.p, name.n);
}

/* The columns of the record that is there, all text. */
static struct fst_schema *columns_of_record(const struct fst_csv *csv)
{
    struct fst_type text = fst_type(FST_STRING);
    struct fst_schema *all = fst_schema_new();
    struct fst_map *counts = count_names(csv);
    for (size_t i = 0; i < csv->n; i++) {
        char *name = column_name(csv, counts, i);
        fst_schema_add(all, name, &text, true);
        free(name);
    }
    fst_map_free(counts, NULL);
    return all;
}

/* The first record again: the header is passed over, a plain record will be read as a row. */
static enum fst_status restart(struct fst_csv *csv, struct fst_error *err)
{
    bool more = true;
    FST_TRY(fst_textin_rewind(&csv->in, err));
    return csv->options.header ? fst_csv_record(csv, &more, err) : FST_OK;
}

/* Were as many bytes looked at as may be? */
static bool is_enough(struct csv_reader *r)
{
    const struct fst_textin *in = &r->csv.in;
    bool enough = r->options.infer_bytes && in->offset - (in->n - in->at) > r->options.infer_bytes;
    if (enough && r->options.notes)
        r->options.notes->types_from_head = true;
    return enough;
}

static enum fst_status infer_types(struct csv_reader *r, struct fst_schema *all,
                                   struct fst_error *err)
{
    FST_TRY(restart(&r->csv, err));
    for (size_t i = 0; i < all->n; i++)
        all->fields[i].type = fst_type(FST_VOID);

    bool more;
    for (;;) {
        if (is_enough(r))
            break;
        enum fst_status status = fst_csv_record(&r->csv, &more, err);
        if (status == FST_ECANCELLED)
            return status;
        if (status != FST_OK || !more)
            break; /* an error comes again, after the rows before it */
        bool drops = r->csv.options.mode == FST_TEXT_DROP_MALFORMED && r->csv.n != all->n;
        struct fst_str text;
        for (size_t i = 0; i < all->n && !drops; i++)
            if (fst_csv_value(&r->csv, i, &text) && text.n)
                fst_textvalue_infer_as(&all->fields[i].type, text, &r->csv.options.formats);
    }
    for (size_t i = 0; i < all->n; i++)
        if (all->fields[i].type.kind == FST_VOID)
            all->fields[i].type = fst_type(FST_STRING);
    return FST_OK;
}

static enum fst_status check_wanted(const struct fst_schema *schema, const char *name,
                                    struct fst_error *err)
{
    for (size_t i = 0; i < schema->n; i++) {
        if (fst_textvalue_has(&schema->fields[i].type))
            continue;
        struct fst_buf type = FST_BUF(256);
        fst_type_text(&type, &schema->fields[i].type);
        enum fst_status status =
            fst_fail(err, FST_EUNSUPPORTED, "%s: column %s: %s cannot be read from CSV", name,
                     schema->fields[i].name, fst_buf_text(&type));
        fst_buf_done(&type);
        return status;
    }
    return FST_OK;
}

static enum fst_status all_columns(struct csv_reader *r, struct fst_schema **out,
                                   struct fst_error *err)
{
    bool more;
    FST_TRY(fst_csv_record(&r->csv, &more, err));
    if (r->options.schema) {
        *out = fst_schema_copy(r->options.schema);
        return check_wanted(*out, r->csv.in.bytes->name, err);
    }
    *out = columns_of_record(&r->csv);
    return r->csv.options.infer ? infer_types(r, *out, err) : FST_OK;
}

/* ---- The rows -------------------------------------------------------------------------------- */

/* What is wrong with a record, in `why`. */
struct verdict {
    bool is_bad;
    char why[256];
};

static void say_count(const struct csv_reader *r, struct verdict *v)
{
    v->is_bad = r->all_wanted && r->csv.n != r->n_all;
    if (v->is_bad)
        snprintf(v->why, sizeof(v->why), "%zu value%s, not %zu", r->csv.n, r->csv.n == 1 ? "" : "s",
                 r->n_all);
}

static void say_misfit(const struct fst_field *f, struct fst_str text, struct verdict *v)
{
    struct fst_buf shown = FST_BUF(256), type = FST_BUF(64);
    if (v->is_bad)
        return;
    fst_text_escape(&shown, text.p, text.n < 40 ? text.n : 40);
    fst_type_text(&type, &f->type);
    v->is_bad = true;
    snprintf(v->why, sizeof(v->why), "column %.60s: %.60s is not a %s", f->name,
             fst_buf_text(&shown), fst_buf_text(&type));
    fst_buf_done(&shown);
    fst_buf_done(&type);
}

static void append_values(struct csv_reader *r, struct fst_builder *b, struct verdict *v)
{
    struct fst_str text;
    say_count(r, v);
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_field *f = &r->schema->fields[i];
        bool is_there = fst_csv_value(&r->csv, r->indexes[i], &text);
        if (is_there && fst_textvalue_append_as(b, i, &f->type, text, &r->csv.options.formats))
            continue;
        if (is_there)
            say_misfit(f, text, v);
        fst_builder_null(b, i);
    }
}

/* The verdict before anything is appended: asked where a bad record does not come. */
static void judge(struct csv_reader *r, struct verdict *v)
{
    *v = (struct verdict){0};
    say_count(r, v);
    if (v->is_bad || !r->has_types)
        return;
    struct fst_builder *b = fst_builder_new(fst_schema_copy(r->schema));
    append_values(r, b, v);
    fst_builder_free(b);
}

/* *came = it is a row. */
static enum fst_status append_record(struct csv_reader *r, struct fst_builder *b, bool *came,
                                     struct fst_error *err)
{
    struct verdict v = {0};
    enum fst_text_mode mode = r->csv.options.mode;
    bool drop = false;
    if (mode != FST_TEXT_PERMISSIVE)
        judge(r, &v);
    if (v.is_bad)
        FST_TRY(fst_text_bad(&r->csv.in, r->csv.line, v.why, mode, r->options.notes, &drop, err));
    *came = !drop;
    if (drop)
        return FST_OK;
    append_values(r, b, &v);
    return v.is_bad
               ? fst_text_bad(&r->csv.in, r->csv.line, v.why, mode, r->options.notes, &drop, err)
               : FST_OK;
}

static enum fst_status skip_rows(struct csv_reader *r, struct fst_error *err)
{
    bool more = true, drops = r->csv.options.mode == FST_TEXT_DROP_MALFORMED;
    while (r->skip && more) {
        struct verdict v = {0};
        FST_TRY(fst_csv_record(&r->csv, &more, err));
        if (drops && more)
            judge(r, &v);
        r->skip -= more && !v.is_bad;
    }
    r->ended = !more;
    return FST_OK;
}

static enum fst_status build_rows(struct csv_reader *r, struct fst_builder *b, size_t max_rows,
                                  size_t *n, struct fst_error *err)
{
    size_t cap = fst_read_cap(&r->options);
    for (*n = 0; *n < max_rows;) {
        bool more, came;
        if (*n % 64 == 0 && fst_builder_bytes_used(b) > cap / 2)
            return FST_OK;
        if (*n % 256 == 0 && fst_read_cancelled(&r->options))
            return fst_fail(err, FST_ECANCELLED, "%s: cancelled", r->csv.in.bytes->name);
        FST_TRY(fst_csv_record(&r->csv, &more, err));
        if (!more) {
            r->ended = true;
            return FST_OK;
        }
        FST_TRY(append_record(r, b, &came, err));
        *n += came;
    }
    return FST_OK;
}

static enum fst_status stop_again(struct csv_reader *r, struct fst_error *err)
{
    if (r->stopped != FST_OK && err)
        *err = r->err;
    return r->stopped;
}

static enum fst_status next_rows(struct fst_reader *base, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct csv_reader *r = (struct csv_reader *)base;
    if (r->stopped != FST_OK)
        return stop_again(r, err);
    FST_TRY(skip_rows(r, err));
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

static void close_csv(struct fst_reader *base)
{
    struct csv_reader *r = (struct csv_reader *)base;
    fst_csv_close(&r->csv);
    fst_schema_free(r->schema);
    free(r->indexes);
    free(r);
}

/* ---- The formats ----------------------------------------------------------------------------- */

static enum fst_status start(struct csv_reader *r, struct fst_error *err)
{
    struct fst_schema *all = NULL;
    enum fst_status status = all_columns(r, &all, err);
    if (status == FST_OK)
        status = fst_project(all, &r->options, r->csv.in.bytes->name, &r->schema, &r->indexes, err);
    r->n_all = all ? all->n : 0;
    r->all_wanted = status == FST_OK && r->schema->n == r->n_all;
    for (size_t i = 0; status == FST_OK && i < r->schema->n; i++)
        r->has_types |= r->schema->fields[i].type.kind != FST_STRING;
    fst_schema_free(all);
    if (status == FST_OK)
        status = restart(&r->csv, err);
    const struct fst_csv_options *o = &r->csv.options;
    bool lines = !o->multi_line && o->comment == FST_CSV_NONE && o->mode == FST_TEXT_PERMISSIVE;
    if (status == FST_OK && r->options.tail_rows && lines)
        fst_textin_seek_last(&r->csv.in, r->options.tail_rows);
    return status;
}

static enum fst_status open_separated(struct fst_bytes *bytes, const char *sep,
                                      const struct fst_read_options *options,
                                      struct fst_reader **out, struct fst_error *err)
{
    static const struct fst_reader_ops ops = {next_rows, close_csv};
    struct csv_reader *r = fst_alloc(sizeof(*r));
    if (options)
        r->options = *options;
    r->skip = r->options.offset_rows;
    enum fst_status status = fst_csv_options_read(&r->csv.options, sep, r->options.format, err);
    if (status != FST_OK) {
        fst_bytes_close(bytes);
        free(r);
        return status;
    }
    status = fst_csv_open(&r->csv, bytes, err);
    if (status == FST_OK) {
        r->csv.in.cancelled = r->options.cancelled;
        r->csv.in.cancel_arg = r->options.cancel_arg;
        status = start(r, err);
    }
    if (status != FST_OK) {
        close_csv(&r->base);
        return status;
    }
    r->base = (struct fst_reader){&ops, r->schema, -1};
    *out = &r->base;
    return FST_OK;
}

static enum fst_status open_csv(struct fst_bytes *bytes, const struct fst_read_options *options,
                                struct fst_reader **out, struct fst_error *err)
{
    return open_separated(bytes, ",", options, out, err);
}

static enum fst_status open_tsv(struct fst_bytes *bytes, const struct fst_read_options *options,
                                struct fst_reader **out, struct fst_error *err)
{
    return open_separated(bytes, "\t", options, out, err);
}

static const char *const csv_extensions[] = {".csv", NULL};
static const char *const tsv_extensions[] = {".tsv", ".tab", NULL};

const struct fst_format fst_format_csv = {
    .name = "csv",
    .help = "comma separated values, as Spark reads them",
    .extensions = csv_extensions,
    .open = open_csv,
    .is_lines = true,
    .create = fst_csv_create,
};
const struct fst_format fst_format_tsv = {
    .name = "tsv",
    .help = "tab separated values, otherwise as csv",
    .extensions = tsv_extensions,
    .open = open_tsv,
    .is_lines = true,
    .create = fst_tsv_create,
};
