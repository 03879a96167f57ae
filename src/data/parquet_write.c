/* parquet_write: rows into a file: row groups as they fill, the footer last.
 *
 * A row group is collected in memory, compressed page by page, and written whole, because a file
 * wants the columns one after the other. It ends at its rows or at its bytes. */
#include "parquet_write.h"

#include "formats.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP_ROWS = 1 << 20, GROUP_BYTES = 128 << 20, SLICE_ROWS = 1000 };
enum { PAGE_ROWS = 20000, PAGE_BYTES = 1 << 20, DICTIONARY_BYTES = 1 << 20 };

struct writer {
    struct fst_writer base;
    struct fst_schema *schema;
    struct fst_sink sink;
    uint64_t at; /* bytes written */
    size_t group_rows, group_bytes;
    uint64_t rows_in_group;
    struct fst_pqw_limits limits;
    struct fst_compressor *compressor;
    struct fst_pqw_file file;
    struct fst_pqw_column *columns; /* one a leaf */
};

static enum fst_status put(struct writer *w, const void *p, size_t n, struct fst_error *err)
{
    if (n && !w->sink.write(w->sink.arg, p, n))
        return fst_fail_errno(err, "writing Parquet");
    w->at += n;
    return FST_OK;
}

/* ---- Row groups ------------------------------------------------------------------------------ */

static enum fst_status write_chunk(struct writer *w, struct fst_pqw_column *c,
                                   struct fst_pqw_group *g, struct fst_error *err)
{
    FST_TRY(fst_pqw_column_end(c, err));
    struct fst_buf dictionary = FST_BUF(SIZE_MAX / 4);
    enum fst_status status = fst_pqw_dictionary_page(c, &dictionary, err);
    if (status == FST_OK) {
        fst_pqw_note_chunk(&w->file, c, w->at, dictionary.n);
        status = put(w, dictionary.p, dictionary.n, err);
    }
    g->bytes += dictionary.n + c->pages.n;
    g->raw_bytes += c->raw_bytes;
    fst_buf_done(&dictionary);
    FST_TRY(status);
    return put(w, c->pages.p, c->pages.n, err);
}

static enum fst_status close_group(struct writer *w, struct fst_error *err)
{
    if (w->rows_in_group == 0)
        return FST_OK;
    struct fst_pqw_file *f = &w->file;
    fst_grow(&f->groups, &f->groups_cap, f->n_groups + 1, sizeof(*f->groups));
    struct fst_pqw_group *g = &f->groups[f->n_groups++];
    *g = (struct fst_pqw_group){.rows = w->rows_in_group, .at = w->at};
    for (size_t i = 0; i < f->schema.n_leaves; i++) {
        FST_TRY(write_chunk(w, &w->columns[i], g, err));
        fst_pqw_column_reset(&w->columns[i]);
    }
    w->rows_in_group = 0;
    return FST_OK;
}

/* A group ends by what it will be, or by twice that in memory: numbers of a page under way take
 * more room here than in the file. */
static bool is_group_full(const struct writer *w)
{
    size_t size = 0, memory = 0;
    for (size_t i = 0; i < w->file.schema.n_leaves; i++) {
        size += fst_pqw_column_size(&w->columns[i]);
        memory += fst_pqw_column_memory(&w->columns[i]);
    }
    return w->rows_in_group >= w->group_rows || size >= w->group_bytes ||
           memory / 2 >= w->group_bytes;
}

static bool has_nanos(const struct fst_column *c)
{
    for (size_t i = 0; c->nanos && i < c->n; i++)
        if (c->nanos[i])
            return true;
    return false;
}

static const char *why_not(const struct fst_column *c)
{
    const char *why = c->unreadable;
    if (!why && has_nanos(c))
        why = "it has nanoseconds, and Spark's types have none; csv and jsonl keep them";
    for (size_t i = 0; c->children && i < c->type.n_fields && !why; i++)
        why = why_not(&c->children[i]);
    return why;
}

static enum fst_status check_frame(const struct writer *w, const struct fst_frame *f,
                                   struct fst_error *err)
{
    if (f->n_columns != w->schema->n)
        return fst_fail(err, FST_EINVAL, "%zu columns where the file has %zu", f->n_columns,
                        w->schema->n);
    for (size_t i = 0; i < f->n_columns; i++) {
        const struct fst_column *c = &f->columns[i];
        const struct fst_field *field = &w->schema->fields[i];
        const char *why = why_not(c);
        if (why)
            return fst_fail(err, FST_EUNSUPPORTED, "column %s cannot be written: %s", field->name,
                            why);
        if (c->type.kind != FST_VOID && !fst_type_eq(&c->type, &field->type))
            return fst_fail(err, FST_EINVAL, "column %s: another type than the file's",
                            field->name);
    }
    return FST_OK;
}

static enum fst_status add_rows(struct writer *w, const struct fst_frame *f, size_t from, size_t n,
                                struct fst_error *err)
{
    for (size_t i = 0; i < w->file.schema.n_leaves; i++) {
        size_t column = w->file.schema.leaves[i].column;
        FST_TRY(fst_pqw_column_add(&w->columns[i], &f->columns[column], from, n, err));
    }
    w->rows_in_group += n;
    w->file.rows += n;
    return is_group_full(w) ? close_group(w, err) : FST_OK;
}

static enum fst_status writer_write(struct fst_writer *base, const struct fst_frame *f,
                                    struct fst_error *err)
{
    struct writer *w = (struct writer *)base;
    FST_TRY(check_frame(w, f, err));
    for (size_t at = 0; at < f->n_rows;) {
        size_t n = f->n_rows - at < SLICE_ROWS ? f->n_rows - at : SLICE_ROWS;
        uint64_t room = w->group_rows - w->rows_in_group;
        n = room < n ? (size_t)room : n;
        FST_TRY(add_rows(w, f, at, n, err));
        at += n;
    }
    return FST_OK;
}

static enum fst_status writer_finish(struct fst_writer *base, struct fst_error *err)
{
    struct writer *w = (struct writer *)base;
    FST_TRY(close_group(w, err));
    struct fst_buf footer = FST_BUF(INT32_MAX);
    fst_pqw_footer(&footer, &w->file, w->at);
    enum fst_status status = footer.over ? fst_fail(err, FST_ENOMEM, "the footer is over 2 GB")
                                         : put(w, footer.p, footer.n, err);
    fst_buf_done(&footer);
    return status;
}

/* ---- Begin and end --------------------------------------------------------------------------- */

static void writer_free(struct fst_writer *base)
{
    struct writer *w = (struct writer *)base;
    for (size_t i = 0; w->columns && i < w->file.schema.n_leaves; i++)
        fst_pqw_column_done(&w->columns[i]);
    free(w->columns);
    fst_pqw_file_done(&w->file);
    fst_compressor_free(w->compressor);
    fst_schema_free(w->schema);
    free(w);
}

static size_t or_default(size_t wanted, size_t usual)
{
    return wanted ? wanted : usual;
}

static int leaf_called(const struct fst_pqw_schema *s, const char *name)
{
    for (size_t i = 0; i < s->n_leaves; i++)
        if (s->leaves[i].n_steps == 1 && strcmp(s->leaves[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void take_sorting(struct fst_pqw_file *f, const struct fst_write_options *o)
{
    f->sorting = fst_alloc((o->n_sorted + 1) * sizeof(*f->sorting));
    for (size_t i = 0; i < o->n_sorted; i++) {
        int leaf = leaf_called(&f->schema, o->sorted[i].column);
        if (leaf < 0)
            return;
        f->sorting[f->n_sorting++] = (struct fst_pqw_sorting){(size_t)leaf, o->sorted[i].descending,
                                                              o->sorted[i].nulls_first};
    }
}

static void take_options(struct writer *w, const struct fst_write_options *o)
{
    w->group_rows = or_default(o->row_group_rows, GROUP_ROWS);
    w->group_bytes = or_default(o->row_group_bytes, GROUP_BYTES);
    w->limits = (struct fst_pqw_limits){
        .page_rows = or_default(o->page_rows, PAGE_ROWS),
        .page_bytes = or_default(o->page_bytes, PAGE_BYTES),
        .dictionary_bytes = o->no_dictionary ? 0 : DICTIONARY_BYTES,
    };
    w->file.codec = o->codec;
    w->file.column_indexes = w->file.offset_indexes = FST_BUF(INT32_MAX);
    w->compressor = fst_compressor_new(o->codec, o->codec_level);
}

static void init_columns(struct writer *w)
{
    const struct fst_pqw_schema *s = &w->file.schema;
    w->columns = fst_alloc((s->n_leaves + 1) * sizeof(*w->columns));
    for (size_t i = 0; i < s->n_leaves; i++)
        fst_pqw_column_init(&w->columns[i], &s->leaves[i], &w->limits, w->compressor);
}

enum fst_status fst_pq_create(const struct fst_schema *schema, struct fst_sink sink,
                              const struct fst_write_options *options, struct fst_writer **out,
                              struct fst_error *err)
{
    static const struct fst_writer_ops ops = {writer_write, writer_finish, writer_free};
    static const struct fst_write_options usual = {.codec = FST_CODEC_ZSTD};
    struct writer *w = fst_alloc(sizeof(*w));
    w->base.ops = &ops;
    w->schema = fst_schema_copy(schema);
    w->sink = sink;
    take_options(w, options ? options : &usual);
    enum fst_status status = fst_pqw_schema(&w->file.schema, w->schema, err);
    if (status == FST_OK) {
        take_sorting(&w->file, options ? options : &usual);
        init_columns(w);
        status = put(w, "PAR1", 4, err);
    }
    if (status == FST_OK)
        *out = &w->base;
    else
        writer_free(&w->base);
    return status;
}
