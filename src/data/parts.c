/* parts: many files as one table, each opened when it is its turn.
 *
 * The first file says which columns there are. Later ones are asked for the same names; only when
 * one refuses is it opened a second time to see what it has. A type that does not fit is an error
 * when the first value of it comes, not before: files whose column is all NULL often carry a type
 * that was guessed. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter.h"
#include "formats.h"
#include "frame.h"
#include "merge.h"
#include "project.h"
#include "textvalue.h"
#include "widen.h"

enum { ROW_BITS = 40 };

/* A column of the table: of the files, or of the paths. */
struct output {
    const char *name;
    struct fst_type type;
    int partition; /* index, or -1 */
    int inner;     /* index in the present file, or -1 when it lacks the column */
};

struct parts_reader {
    struct fst_reader base;
    const struct fst_format *format;
    struct fst_arena *arena;
    struct fst_read_options options; /* for the files: without offset */
    struct fst_part *parts;
    size_t n;
    const char **partition_names;
    size_t n_partition;
    struct fst_type *partition_types;
    enum fst_status (*open)(void *arg, size_t i, struct fst_bytes **out, struct fst_error *err);
    void *arg;
    struct fst_schema *schema;
    struct output *outputs;
    uint64_t skip;
    size_t merge;
    bool widen;
    struct fst_schema *united; /* of texts: what each file is read as */
    size_t first;              /* the part whose columns are the table's */
    size_t at;                 /* the part that is read, or comes next */
    struct fst_reader *inner;
    struct fst_frame *constants; /* of the partition columns of this part */
    bool is_plain;               /* this part's frames are the table's as they are */
    bool has_conditions;
    bool *left_out;     /* parts whose partition values do not meet the conditions */
    uint64_t first_row; /* the number in the table of the first row of this part */
    uint64_t given;     /* rows of it that were given or passed over */
    uint64_t *numbers;
    size_t numbers_cap;
};

/* ---- What was asked for ---------------------------------------------------------------------- */

static const char **copy_names(struct fst_arena *arena, const char *const *names, size_t n)
{
    const char **copy = fst_arena_alloc(arena, (n + 1) * sizeof(*copy));
    for (size_t i = 0; i < n; i++)
        copy[i] = fst_arena_strdup(arena, names[i]);
    return copy;
}

static void copy_parts(struct parts_reader *r, const struct fst_parts *parts)
{
    r->n = parts->n;
    r->n_partition = parts->n_partition;
    r->partition_names = copy_names(r->arena, parts->partition_names, parts->n_partition);
    r->parts = fst_arena_alloc(r->arena, (parts->n + 1) * sizeof(*r->parts));
    for (size_t i = 0; i < parts->n; i++) {
        const struct fst_part *p = &parts->parts[i];
        r->parts[i].name = fst_arena_strdup(r->arena, p->name);
        r->parts[i].rows = p->rows;
        if (parts->n_partition)
            r->parts[i].partition = copy_names(r->arena, p->partition, parts->n_partition);
    }
    r->merge = parts->merge;
    r->widen = parts->widen;
    r->open = parts->open;
    r->arg = parts->arg;
}

static void infer_partitions(struct parts_reader *r)
{
    r->partition_types = fst_arena_alloc(r->arena, (r->n_partition + 1) * sizeof(struct fst_type));
    for (size_t i = 0; i < r->n_partition; i++) {
        r->partition_types[i] = fst_type(FST_VOID);
        for (size_t part = 0; part < r->n; part++)
            if (r->parts[part].partition[i])
                fst_textvalue_infer_partition(&r->partition_types[i],
                                              fst_str(r->parts[part].partition[i]));
    }
}

static int partition_called(const struct parts_reader *r, const char *name)
{
    for (size_t i = 0; i < r->n_partition; i++)
        if (strcasecmp(r->partition_names[i], name) == 0)
            return (int)i;
    return -1;
}

/* ---- Conditions on paths --------------------------------------------------------------------- */

/* A part's value of a partition column, once. */
static struct fst_frame *partition_value(const struct parts_reader *r, size_t part, size_t i)
{
    struct fst_schema *schema = fst_schema_new();
    const char *text = r->parts[part].partition[i];
    fst_schema_add(schema, r->partition_names[i], &r->partition_types[i], true);
    struct fst_builder *b = fst_builder_new(schema);
    if (!text || !fst_textvalue_append(b, 0, &r->partition_types[i], fst_str(text)))
        fst_builder_null(b, 0);
    return fst_builder_finish(b, 1);
}

static void leave_out(struct parts_reader *r, const struct fst_condition *c, size_t i)
{
    struct fst_test test;
    struct fst_condition_use *use = fst_skipped_use(r->options.skipped, c);
    if (!fst_test_make(&test, c, &r->partition_types[i], r->arena))
        return;
    if (use)
        use->can_use |= 1u << FST_SKIP_PARTITION;
    for (size_t part = 0; part < r->n; part++) {
        struct fst_frame *f = partition_value(r, part, i);
        uint8_t pass = 1;
        fst_test_column(&test, &f->columns[0], &pass);
        r->left_out[part] |= !pass;
        fst_frame_unref(f);
    }
}

/* Conditions on partition columns are met by whole files; the others are the files' own. */
static void split_conditions(struct parts_reader *r)
{
    size_t n = r->options.n_conditions, rest = 0;
    struct fst_condition *own = fst_arena_alloc(r->arena, (n + 1) * sizeof(*own));
    r->left_out = fst_arena_alloc(r->arena, r->n + 1);
    for (size_t k = 0; k < n; k++) {
        const struct fst_condition *c = &r->options.conditions[k];
        int i = partition_called(r, c->column);
        if (i >= 0)
            leave_out(r, c, (size_t)i);
        else
            own[rest++] = *c;
    }
    r->options.conditions = own;
    r->options.n_conditions = rest;
}

/* ---- One file -------------------------------------------------------------------------------- */

static enum fst_status open_file(struct parts_reader *r, size_t i,
                                 const struct fst_read_options *options, struct fst_reader **out,
                                 struct fst_error *err)
{
    struct fst_bytes *bytes;
    FST_TRY(r->open(r->arg, i, &bytes, err));
    return r->format->open(bytes, options, out, err);
}

/* The column that costs least to read, when only the number of rows matters. */
static const char *cheapest(const struct fst_schema *schema)
{
    const char *best = NULL;
    size_t best_width = SIZE_MAX;
    for (size_t i = 0; i < schema->n; i++) {
        size_t width = fst_kind_width(schema->fields[i].type.kind);
        width = width ? width : 1000;
        if (width >= best_width)
            continue;
        best = schema->fields[i].name;
        best_width = width;
    }
    return best;
}

/* Open with those of the wanted columns that the file has; at least one, to count its rows. */
static enum fst_status open_with_what_it_has(struct parts_reader *r, size_t i,
                                             struct fst_read_options options,
                                             struct fst_reader **out, struct fst_error *err)
{
    struct fst_read_options look = options;
    struct fst_reader *all;
    look.columns = NULL;
    look.n_columns = 0;
    look.n_conditions = 0;
    look.skipped = NULL;
    FST_TRY(open_file(r, i, &look, &all, err));

    const char **has = fst_alloc((options.n_columns + 1) * sizeof(*has));
    size_t n = 0;
    for (size_t c = 0; c < options.n_columns; c++)
        if (fst_schema_find(all->schema, options.columns[c]) >= 0)
            has[n++] = options.columns[c];
    const char *name = n ? NULL : cheapest(all->schema);
    char *only = fst_strdup(name);
    if (only)
        has[n++] = only;
    fst_reader_close(all);
    options.columns = has;
    options.n_columns = n;
    enum fst_status status = open_file(r, i, &options, out, err);
    free(only);
    free(has);
    return status;
}

static enum fst_status open_part(struct parts_reader *r, size_t i, uint64_t offset_rows,
                                 struct fst_reader **out, struct fst_error *err)
{
    struct fst_read_options options = r->options;
    options.offset_rows = offset_rows;
    if (options.columns && !options.n_columns)
        return open_with_what_it_has(r, i, options, out, err);
    enum fst_status status = open_file(r, i, &options, out, err);
    bool may_lack = status == FST_ENOTFOUND || status == FST_EINVAL;
    if (!may_lack || !options.columns || !r->outputs)
        return status;
    return open_with_what_it_has(r, i, options, out, err);
}

/* Open a part where the rows wanted begin, and leave in r->skip what is to be passed after that. A
 * file that does not say how many rows it has passes none, unless it is the last one. */
static enum fst_status open_skipping(struct parts_reader *r, size_t i, struct fst_reader **out,
                                     struct fst_error *err)
{
    int64_t rows = r->parts[i].rows;
    bool is_last = i + 1 == r->n;
    bool may_skip = rows >= 0 || is_last || r->format == &fst_format_parquet;
    FST_TRY(open_part(r, i, may_skip ? r->skip : 0, out, err));
    rows = rows >= 0 ? rows : (*out)->total_rows;
    if (may_skip && (rows < 0 ? is_last : r->skip < (uint64_t)rows))
        r->skip = 0;
    return FST_OK;
}

/* ---- The columns of the table ---------------------------------------------------------------- */

static void add_output(struct parts_reader *r, const char *name, const struct fst_type *type,
                       int partition)
{
    struct output *o = &r->outputs[r->schema->n];
    fst_schema_add(r->schema, name, type, true);
    const struct fst_field *f = &r->schema->fields[r->schema->n - 1];
    *o = (struct output){f->name, f->type, partition, -1};
}

static void add_partition(struct parts_reader *r, size_t i)
{
    add_output(r, r->partition_names[i], &r->partition_types[i], (int)i);
}

static enum fst_status add_wanted(struct parts_reader *r, const struct fst_schema *file,
                                  const char *name, struct fst_error *err)
{
    int partition = partition_called(r, name);
    if (partition >= 0) {
        add_partition(r, (size_t)partition);
        return FST_OK;
    }
    int at = fst_schema_find(file, name);
    if (at < 0)
        return fst_fail(err, FST_ENOTFOUND, "%s: no column \"%s\"", r->parts[r->first].name, name);
    add_output(r, file->fields[at].name, &file->fields[at].type, -1);
    return FST_OK;
}

static enum fst_status set_columns(struct parts_reader *r, const struct fst_schema *file,
                                   const struct fst_read_options *asked, struct fst_error *err)
{
    size_t n_asked = asked && asked->columns ? asked->n_columns : 0;
    r->schema = fst_schema_new();
    r->outputs =
        fst_arena_alloc(r->arena, (file->n + r->n_partition + n_asked + 1) * sizeof(*r->outputs));
    for (size_t i = 0; i < n_asked; i++)
        FST_TRY(add_wanted(r, file, asked->columns[i], err));
    if (asked && asked->columns)
        return FST_OK;

    for (size_t i = 0; i < file->n; i++) {
        int partition = partition_called(r, file->fields[i].name);
        if (partition < 0)
            add_output(r, file->fields[i].name, &file->fields[i].type, -1);
        else if (fst_schema_find(r->schema, r->partition_names[partition]) < 0)
            add_partition(r, (size_t)partition);
    }
    for (size_t i = 0; i < r->n_partition; i++)
        if (fst_schema_find(r->schema, r->partition_names[i]) < 0)
            add_partition(r, i);
    return FST_OK;
}

/* Where the table's columns are in the file that was opened. */
static void match_columns(struct parts_reader *r)
{
    const struct fst_schema *file = r->inner->schema;
    r->is_plain = file->n == r->schema->n;
    for (size_t i = 0; i < r->schema->n; i++) {
        struct output *o = &r->outputs[i];
        bool same = i < file->n && strcmp(file->fields[i].name, o->name) == 0;
        o->inner = o->partition >= 0 ? -1 : same ? (int)i : fst_schema_find(file, o->name);
        if (o->inner != (int)i || !fst_type_eq(&file->fields[i].type, &o->type))
            r->is_plain = false;
    }
}

/* ---- Frames ---------------------------------------------------------------------------------- */

/* The partition columns of this part, `n_rows` times the same. */
static struct fst_frame *constants(struct parts_reader *r, size_t n_rows)
{
    if (r->constants && r->constants->n_rows >= n_rows)
        return r->constants;
    fst_frame_unref(r->constants);
    struct fst_schema *schema = fst_schema_new();
    for (size_t i = 0; i < r->n_partition; i++)
        fst_schema_add(schema, r->partition_names[i], &r->partition_types[i], true);
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < r->n_partition; i++) {
        const char *text = r->parts[r->at].partition[i];
        for (size_t row = 0; row < n_rows; row++)
            if (!text || !fst_textvalue_append(b, i, &r->partition_types[i], fst_str(text)))
                fst_builder_null(b, i);
    }
    r->constants = fst_builder_finish(b, n_rows);
    return r->constants;
}

static bool all_null(const struct fst_column *c)
{
    for (size_t row = 0; row < c->n; row++)
        if (!fst_column_is_null(c, row))
            return false;
    return true;
}

static enum fst_status conflict(const struct parts_reader *r, const struct output *o,
                                const struct fst_type *found, struct fst_error *err)
{
    struct fst_buf here = FST_BUF(256), there = FST_BUF(256);
    fst_type_text(&here, found);
    fst_type_text(&there, &o->type);
    enum fst_status status = fst_fail(
        err, FST_EFORMAT, "%s: column %s is %s here and %s in %s; files of one table must agree",
        r->parts[r->at].name, o->name, fst_buf_text(&here), fst_buf_text(&there), r->parts[0].name);
    fst_buf_done(&here);
    fst_buf_done(&there);
    return status;
}

static enum fst_status fill_column(struct parts_reader *r, struct fst_arena *arena,
                                   const struct output *o, struct fst_frame *f,
                                   struct fst_column *out, struct fst_error *err)
{
    if (o->partition >= 0) {
        *out = constants(r, f->n_rows)->columns[o->partition];
        out->n = f->n_rows;
        return FST_OK;
    }
    if (o->inner < 0) {
        *out = fst_column_nulls(arena, &o->type, f->n_rows);
        out->absent = true;
        return FST_OK;
    }
    const struct fst_column *c = &f->columns[o->inner];
    if (fst_can_widen(&c->type, &o->type)) {
        *out = fst_widen(arena, c, &o->type);
        return FST_OK;
    }
    if (!c->unreadable && !all_null(c))
        return conflict(r, o, &c->type, err);
    *out = fst_column_nulls(arena, &o->type, f->n_rows);
    out->unreadable = c->unreadable;
    return FST_OK;
}

/* A frame of the table from one of the file; takes the file's. */
static enum fst_status table_frame(struct parts_reader *r, struct fst_frame *f,
                                   struct fst_frame **out, struct fst_error *err)
{
    if (r->is_plain) {
        *out = f;
        return FST_OK;
    }
    struct fst_arena *arena = fst_arena_new();
    struct fst_column *columns = fst_arena_alloc(arena, (r->schema->n + 1) * sizeof(*columns));
    enum fst_status status = FST_OK;
    for (size_t i = 0; i < r->schema->n && status == FST_OK; i++)
        status = fill_column(r, arena, &r->outputs[i], f, &columns[i], err);
    if (status == FST_OK) {
        struct fst_schema *schema = fst_schema_copy(r->schema);
        for (size_t i = 0; i < schema->n; i++)
            columns[i].type = schema->fields[i].type;
        *out = fst_frame_of_arena(schema, arena, columns, f->n_rows);
        fst_frame_keep(*out, f);
        if (r->constants)
            fst_frame_keep(*out, r->constants);
    } else {
        fst_arena_free(arena);
    }
    fst_frame_unref(f);
    return status;
}

/* ---- From part to part ----------------------------------------------------------------------- */

/* Rows are numbered through; where nobody asks, a part's numbers only differ from other parts'. */
static void go_on(struct parts_reader *r, uint64_t rows)
{
    r->at++;
    r->given = 0;
    r->first_row = r->options.no_numbers ? (uint64_t)r->at << ROW_BITS : r->first_row + rows;
}

static void leave_part(struct parts_reader *r)
{
    int64_t rows = r->parts[r->at].rows;
    rows = rows >= 0 ? rows : r->inner->total_rows;
    fst_reader_close(r->inner);
    r->inner = NULL;
    fst_frame_unref(r->constants);
    r->constants = NULL;
    go_on(r, rows >= 0 ? (uint64_t)rows : r->given);
}

static void count_left_out(struct parts_reader *r, bool is_opened, int64_t rows)
{
    struct fst_skipped *s = r->options.skipped;
    uint64_t n = rows > 0 ? (uint64_t)rows : 0;
    if (!s)
        return;
    s->all.files += !is_opened;
    s->all.rows += n;
    s->by[FST_SKIP_PARTITION].files++;
    s->by[FST_SKIP_PARTITION].rows += n;
}

/* Is all of a part left out? Its rows count, if need be by a look into it. */
static enum fst_status leaves_out(struct parts_reader *r, bool *out, struct fst_error *err)
{
    int64_t rows = r->parts[r->at].rows;
    *out = r->left_out[r->at] && (rows >= 0 || (r->options.no_numbers && !r->skip));
    if (!r->left_out[r->at])
        return FST_OK;
    if (!*out) {
        struct fst_reader *look;
        struct fst_read_options options = {.format = r->options.format,
                                           .schema = r->options.schema};
        FST_TRY(open_file(r, r->at, &options, &look, err));
        rows = look->total_rows;
        fst_reader_close(look);
        *out = rows >= 0;
    }
    if (!*out)
        return FST_OK; /* it is read, to be counted */
    count_left_out(r, false, rows);
    if (rows >= 0)
        r->skip -= r->skip < (uint64_t)rows ? r->skip : (uint64_t)rows;
    go_on(r, rows >= 0 ? (uint64_t)rows : 0);
    return FST_OK;
}

/* Are all rows of a part of this many to be skipped? -1 is not known. */
static bool skips_whole(struct parts_reader *r, int64_t rows)
{
    if (rows < 0 || r->skip < (uint64_t)rows)
        return false;
    r->skip -= (uint64_t)rows;
    return true;
}

/* Open the next part that has rows wanted; r->inner stays NULL at the end. */
static enum fst_status next_part(struct parts_reader *r, struct fst_error *err)
{
    for (; !r->inner && r->at < r->n;) {
        if (fst_read_cancelled(&r->options))
            return fst_fail(err, FST_ECANCELLED, "%s: cancelled", r->parts[r->at].name);
        int64_t rows = r->parts[r->at].rows;
        if (rows >= 0 && skips_whole(r, rows)) {
            go_on(r, (uint64_t)rows);
            continue;
        }
        bool left_out;
        FST_TRY(leaves_out(r, &left_out, err));
        if (left_out)
            continue;
        uint64_t skip = r->skip;
        FST_TRY(open_skipping(r, r->at, &r->inner, err));
        r->given = skip - r->skip;
        match_columns(r);
        if (r->skip && skips_whole(r, r->inner->total_rows))
            leave_part(r);
    }
    return FST_OK;
}

/* Rows before the offset in a part whose number of rows nobody knew. */
static struct fst_frame *without_skipped(struct parts_reader *r, struct fst_frame *f)
{
    if (!r->skip)
        return f;
    struct fst_frame *rest = NULL;
    if (r->skip < f->n_rows)
        rest = fst_frame_slice(f, (size_t)r->skip, f->n_rows - (size_t)r->skip);
    r->given += rest ? r->skip : f->n_rows;
    r->skip -= rest ? r->skip : f->n_rows;
    fst_frame_unref(f);
    return rest;
}

/* The numbers of the rows of a part's frame, as those of the table. */
static void number_rows(struct parts_reader *r, size_t n)
{
    const uint64_t *own = r->inner->numbers;
    if (r->numbers_cap < n)
        fst_grow(&r->numbers, &r->numbers_cap, n, sizeof(*r->numbers));
    for (size_t i = 0; i < n; i++)
        r->numbers[i] = r->first_row + (own ? own[i] : r->given + i);
    r->given += n;
    r->base.numbers = r->numbers;
}

static enum fst_status next_rows(struct fst_reader *base, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct parts_reader *r = (struct parts_reader *)base;
    for (;;) {
        struct fst_frame *f;
        FST_TRY(next_part(r, err));
        if (!r->inner)
            return FST_OK;
        FST_TRY(fst_reader_next(r->inner, max_rows, &f, err));
        if (!f)
            leave_part(r);
        else if ((f = without_skipped(r, f))) {
            if (r->has_conditions)
                number_rows(r, f->n_rows);
            else
                r->given += f->n_rows;
            return table_frame(r, f, out, err);
        }
    }
}

static void close_parts(struct fst_reader *base)
{
    struct parts_reader *r = (struct parts_reader *)base;
    fst_reader_close(r->inner);
    fst_frame_unref(r->constants);
    fst_schema_free(r->schema);
    fst_schema_free(r->united);
    fst_arena_free(r->arena);
    free(r->numbers);
    free(r);
}

/* ---- Opening --------------------------------------------------------------------------------- */

/* Wanted columns that must come from the files. */
static void split_columns(struct parts_reader *r, const struct fst_read_options *asked)
{
    r->options.columns = NULL;
    r->options.n_columns = 0;
    if (!asked || !asked->columns)
        return;
    const char **names =
        fst_arena_alloc(r->arena, (asked->n_columns + 1) * sizeof(*r->options.columns));
    for (size_t i = 0; i < asked->n_columns; i++)
        if (partition_called(r, asked->columns[i]) < 0)
            names[r->options.n_columns++] = fst_arena_strdup(r->arena, asked->columns[i]);
    r->options.columns = names;
}

static int64_t total_rows(const struct parts_reader *r)
{
    int64_t total = 0;
    for (size_t i = 0; i < r->n; i++) {
        bool asks = r->inner && i == r->first && r->parts[i].rows < 0;
        int64_t rows = asks ? r->inner->total_rows : r->parts[i].rows;
        if (rows < 0 || __builtin_add_overflow(total, rows, &total))
            return -1;
    }
    return total;
}

/* Engines leave files of no bytes for tasks without rows: they have no columns. */
static bool is_hollow(struct parts_reader *r, size_t i)
{
    struct fst_read_options look = r->options;
    struct fst_reader *reader;
    look.columns = NULL;
    look.n_columns = 0;
    look.n_conditions = 0;
    look.skipped = NULL;
    look.offset_rows = 0;
    if (open_file(r, i, &look, &reader, NULL) != FST_OK)
        return false;
    bool hollow = !reader->schema->n;
    fst_reader_close(reader);
    return hollow;
}

/* Open the first part that has columns. */
static enum fst_status open_first(struct parts_reader *r, struct fst_error *err)
{
    for (;; r->first++) {
        size_t i = r->first;
        uint64_t skip = r->skip;
        enum fst_status status = open_skipping(r, i, &r->inner, err);
        if (status == FST_OK && (r->inner->schema->n || i + 1 == r->n))
            return FST_OK;
        r->skip = skip;
        if (status != FST_OK && (i + 1 == r->n || !is_hollow(r, i)))
            return status;
        fst_reader_close(r->inner);
        r->inner = NULL;
        r->parts[i].rows = 0;
    }
}

/* The columns of all parts; how many rows each has comes along. */
static enum fst_status unite(struct parts_reader *r, struct fst_merged *m, struct fst_error *err)
{
    struct fst_read_options look = r->options;
    look.columns = NULL;
    look.n_columns = 0;
    look.n_conditions = 0;
    look.skipped = NULL;
    look.offset_rows = 0;
    look.n_conditions = 0;
    look.keep_void = r->widen;
    for (size_t i = 0; i < r->n && i < r->merge; i++) {
        struct fst_reader *reader;
        if (fst_read_cancelled(&r->options))
            return fst_fail(err, FST_ECANCELLED, "%s: cancelled", r->parts[i].name);
        FST_TRY(open_file(r, i, &look, &reader, err));
        r->parts[i].rows = reader->total_rows;
        enum fst_status status = fst_merge_schema(m, reader->schema, r->parts[i].name, err);
        fst_reader_close(reader);
        FST_TRY(status);
    }
    return FST_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct fst_field *)a)->name, ((const struct fst_field *)b)->name);
}

static bool has_void(const struct fst_type *t)
{
    bool has = t->kind == FST_VOID;
    for (size_t i = 0; i < t->n_fields; i++)
        has |= has_void(&t->fields[i].type);
    return has;
}

/* What is NULL everywhere is text. */
static struct fst_type without_void(struct fst_arena *arena, const struct fst_type *t)
{
    struct fst_type out = t->kind == FST_VOID ? fst_type(FST_STRING) : *t;
    if (!has_void(t) || t->kind == FST_VOID)
        return out;
    struct fst_field *fields = fst_arena_alloc(arena, t->n_fields * sizeof(*fields));
    for (size_t i = 0; i < t->n_fields; i++) {
        fields[i] = t->fields[i];
        fields[i].type = without_void(arena, &t->fields[i].type);
    }
    out.fields = fields;
    return out;
}

static void read_as_united(struct parts_reader *r, struct fst_merged *m)
{
    if (m->n)
        qsort(m->fields, m->n, sizeof(*m->fields), by_name);
    r->united = fst_schema_new();
    for (size_t i = 0; i < m->n; i++) {
        m->fields[i].type = without_void(r->arena, &m->fields[i].type);
        fst_schema_add(r->united, m->fields[i].name, &m->fields[i].type, true);
    }
    r->options.schema = r->united;
}

static enum fst_status start_united(struct parts_reader *r, const struct fst_read_options *asked,
                                    struct fst_error *err)
{
    struct fst_merged m = {.arena = r->arena, .widen = r->widen};
    enum fst_status status = unite(r, &m, err);
    const struct fst_schema all = {.fields = m.fields, .n = m.n};
    if (r->widen && status == FST_OK)
        read_as_united(r, &m);
    if (status == FST_OK)
        status = set_columns(r, &all, asked, err);
    fst_merged_done(&m);
    r->base.total_rows = total_rows(r);
    return status;
}

/* A part is opened for its columns in any case; it is kept when its rows are wanted. */
static enum fst_status start(struct parts_reader *r, const struct fst_read_options *asked,
                             struct fst_error *err)
{
    infer_partitions(r);
    split_columns(r, asked);
    split_conditions(r);
    if (r->merge)
        return start_united(r, asked, err);
    uint64_t skip = r->skip;
    FST_TRY(open_first(r, err));
    r->at = r->first;
    r->given = skip - r->skip;
    r->first_row = r->options.no_numbers ? (uint64_t)r->at << ROW_BITS : 0;
    FST_TRY(set_columns(r, r->inner->schema, asked, err));
    match_columns(r);
    r->base.total_rows = total_rows(r);
    int64_t rows = r->parts[r->at].rows;
    rows = rows >= 0 ? rows : r->inner->total_rows;
    bool left_out = r->left_out[r->at] && (rows >= 0 || (r->options.no_numbers && !r->skip));
    if (r->skip && skips_whole(r, rows)) {
        leave_part(r);
    } else if (left_out) {
        count_left_out(r, true, rows);
        leave_part(r);
    }
    return FST_OK;
}

enum fst_status fst_parts_open(const struct fst_format *format, const struct fst_parts *parts,
                               const struct fst_read_options *options, struct fst_reader **out,
                               struct fst_error *err)
{
    static const struct fst_reader_ops ops = {next_rows, close_parts};
    if (!parts->n)
        return fst_fail(err, FST_ENOTFOUND, "there are no files to read");
    if (!format->open)
        return fst_fail(err, FST_EUNSUPPORTED, "%s: %s files are not read", parts->parts[0].name,
                        format->name);
    struct parts_reader *r = fst_alloc(sizeof(*r));
    r->base.ops = &ops;
    r->format = format;
    r->arena = fst_arena_new();
    if (options)
        r->options = *options;
    r->has_conditions = r->options.n_conditions > 0;
    r->skip = r->options.offset_rows;
    copy_parts(r, parts);
    enum fst_status status = start(r, options, err);
    if (status != FST_OK) {
        close_parts(&r->base);
        return status;
    }
    r->base.schema = r->schema;
    *out = &r->base;
    return FST_OK;
}
