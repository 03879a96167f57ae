/* dataset_write: rows into the files of a folder, by the values of partition columns.
 *
 * Paths are Spark's: k=v, one folder a column, odd characters as %XX, NULL and the empty text as
 * __HIVE_DEFAULT_PARTITION__. Rows wait in memory until there are enough of them (256 MiB) or all
 * have come; then every partition gets a file of those that are its own. One file is open at a
 * time, whatever the order of the rows and the number of partitions. */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

enum { PENDING_BYTES = 256 << 20, ROWS_AT_ONCE = 8192 };

struct row {
    uint32_t frame, row;
};
struct partition {
    char *path; /* k=v/k=v */
    struct row *rows;
    size_t n, cap;
};
struct dataset {
    struct fst_writer base;
    struct fst_schema *schema; /* of the files */
    size_t *kept;              /* columns of the frames that go into files */
    size_t *by;                /* columns that make the path */
    const char **by_names;
    size_t n_by;
    const struct fst_format *format;
    struct fst_write_options options;
    struct fst_folder folder;
    char *name;
    size_t n_files;
    struct fst_frame **frames; /* that wait */
    size_t n_frames, frames_cap, pending, pending_max;
    struct fst_map *partitions;
    /* the file under way: without partition columns there is just one */
    void *file;
    struct fst_writer *writer;
};

/* ---- Files ----------------------------------------------------------------------------------- */

static enum fst_status begin_file(struct dataset *d, const char *folder, struct fst_error *err)
{
    const char *slash = *folder ? "/" : "";
    char *path = fst_asprintf("%s%spart-%05zu-%s", folder, slash, d->n_files++, d->name);
    struct fst_sink sink;
    enum fst_status status = d->folder.create(d->folder.arg, path, &sink, &d->file, err);
    free(path);
    FST_TRY(status);
    return d->format->create(d->schema, sink, &d->options, &d->writer, err);
}

static enum fst_status end_file(struct dataset *d, struct fst_error *err)
{
    FST_TRY(fst_writer_finish(d->writer, err));
    fst_writer_free(d->writer);
    d->writer = NULL;
    void *file = d->file;
    d->file = NULL;
    return d->folder.commit(d->folder.arg, file, err);
}

static enum fst_status write_taken(struct dataset *d, const struct fst_frame *f,
                                   const uint32_t *rows, size_t n, struct fst_error *err)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_schema *schema = fst_schema_copy(d->schema);
    struct fst_column *columns = fst_arena_alloc(arena, (schema->n + 1) * sizeof(*columns));
    for (size_t i = 0; i < schema->n; i++)
        columns[i] = fst_column_take(arena, &f->columns[d->kept[i]], rows, n);
    struct fst_frame *taken = fst_frame_of_arena(schema, arena, columns, n);
    enum fst_status status = fst_writer_write(d->writer, taken, err);
    fst_frame_unref(taken);
    return status;
}

/* Rows of one frame, some at a time; they lie one after the other in the partition's list. */
static enum fst_status write_rows(struct dataset *d, const struct partition *p,
                                  struct fst_error *err)
{
    uint32_t rows[ROWS_AT_ONCE];
    for (size_t at = 0; at < p->n;) {
        uint32_t frame = p->rows[at].frame;
        size_t n = 0;
        for (; n < ROWS_AT_ONCE && at + n < p->n && p->rows[at + n].frame == frame; n++)
            rows[n] = p->rows[at + n].row;
        FST_TRY(write_taken(d, d->frames[frame], rows, n, err));
        at += n;
    }
    return FST_OK;
}

static enum fst_status flush_partitions(struct dataset *d, struct fst_error *err)
{
    for (size_t i = 0; i < fst_map_size(d->partitions); i++) {
        struct partition *p = fst_map_value_at(d->partitions, i);
        if (p->n == 0)
            continue;
        FST_TRY(begin_file(d, p->path, err));
        FST_TRY(write_rows(d, p, err));
        FST_TRY(end_file(d, err));
        p->n = 0;
    }
    for (size_t i = 0; i < d->n_frames; i++)
        fst_frame_unref(d->frames[i]);
    d->n_frames = d->pending = 0;
    return FST_OK;
}

/* ---- Paths ----------------------------------------------------------------------------------- */

/* The characters that Spark and Hive escape. */
static void add_escaped(struct fst_buf *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)p[i];
        if (c < 0x20 || c == 0x7F || strchr("\"#%'*/:=?\\{[]^", c))
            fst_buf_printf(out, "%%%02X", c);
        else
            fst_buf_addc(out, (char)c);
    }
}

static void add_path(struct dataset *d, const struct fst_frame *f, size_t row, struct fst_buf *path)
{
    struct fst_buf value = FST_BUF_TEXT;
    fst_buf_clear(path);
    for (size_t i = 0; i < d->n_by; i++) {
        fst_buf_adds(path, i ? "/" : "");
        add_escaped(path, d->by_names[i], strlen(d->by_names[i]));
        fst_buf_addc(path, '=');
        fst_buf_clear(&value);
        if (fst_cell_text(&value, &f->columns[d->by[i]], row, FST_CELL_PLAIN) && value.n)
            add_escaped(path, value.p, value.n);
        else
            fst_buf_adds(path, "__HIVE_DEFAULT_PARTITION__");
    }
    fst_buf_done(&value);
}

static struct partition *partition_of(struct dataset *d, const struct fst_buf *path)
{
    struct partition *p = fst_map_getn(d->partitions, fst_buf_text(path), path->n);
    if (p)
        return p;
    p = fst_alloc(sizeof(*p));
    p->path = fst_strdup(fst_buf_text(path));
    fst_map_set(d->partitions, p->path, p);
    return p;
}

static void sort_rows(struct dataset *d, const struct fst_frame *f)
{
    struct fst_buf path = FST_BUF_TEXT;
    for (size_t row = 0; row < f->n_rows; row++) {
        add_path(d, f, row, &path);
        struct partition *p = partition_of(d, &path);
        fst_grow(&p->rows, &p->cap, p->n + 1, sizeof(*p->rows));
        p->rows[p->n++] = (struct row){(uint32_t)d->n_frames, (uint32_t)row};
    }
    fst_buf_done(&path);
}

/* ---- The writer ------------------------------------------------------------------------------ */

static size_t size_of(const struct fst_frame *f)
{
    return f->n_rows * sizeof(struct row) + fst_frame_size(f);
}

static enum fst_status check_values(const struct dataset *d, const struct fst_frame *f,
                                    struct fst_error *err)
{
    for (size_t i = 0; i < d->n_by; i++)
        if (f->columns[d->by[i]].unreadable)
            return fst_fail(err, FST_EUNSUPPORTED, "partition column %s: %s", d->by_names[i],
                            f->columns[d->by[i]].unreadable);
    return FST_OK;
}

static enum fst_status write_dataset(struct fst_writer *base, const struct fst_frame *f,
                                     struct fst_error *err)
{
    struct dataset *d = (struct dataset *)base;
    if (d->n_by == 0) {
        if (!d->writer)
            FST_TRY(begin_file(d, "", err));
        return fst_writer_write(d->writer, f, err);
    }
    FST_TRY(check_values(d, f, err));
    sort_rows(d, f);
    fst_grow(&d->frames, &d->frames_cap, d->n_frames + 1, sizeof(struct fst_frame *));
    struct fst_frame *kept;
    memcpy(&kept, &f, sizeof(kept)); /* a reference of our own; the rows stay as they are */
    d->frames[d->n_frames++] = fst_frame_ref(kept);
    d->pending += size_of(f);
    return d->pending >= d->pending_max ? flush_partitions(d, err) : FST_OK;
}

/* A table without rows still is a file, for its schema, unless partitions would name it. */
static enum fst_status finish_dataset(struct fst_writer *base, struct fst_error *err)
{
    struct dataset *d = (struct dataset *)base;
    if (d->n_by)
        FST_TRY(flush_partitions(d, err));
    if (!d->writer && d->n_files == 0)
        FST_TRY(begin_file(d, "", err));
    return d->writer ? end_file(d, err) : FST_OK;
}

static void free_partition(void *value)
{
    struct partition *p = value;
    free(p->path);
    free(p->rows);
    free(p);
}

static void free_dataset(struct fst_writer *base)
{
    struct dataset *d = (struct dataset *)base;
    fst_writer_free(d->writer);
    if (d->file)
        d->folder.discard(d->folder.arg, d->file);
    for (size_t i = 0; i < d->n_frames; i++)
        fst_frame_unref(d->frames[i]);
    fst_map_free(d->partitions, free_partition);
    free(d->frames);
    free(d->kept);
    free(d->by);
    free(d->by_names);
    free(d->name);
    fst_schema_free(d->schema);
    free(d);
}

static bool is_by(const struct dataset *d, size_t column)
{
    for (size_t i = 0; i < d->n_by; i++)
        if (d->by[i] == column)
            return true;
    return false;
}

static enum fst_status find_columns(struct dataset *d, const struct fst_schema *schema,
                                    const struct fst_dataset_options *o, struct fst_error *err)
{
    for (size_t i = 0; i < o->n_partition_by; i++) {
        int at = fst_schema_find(schema, o->partition_by[i]);
        if (at < 0)
            return fst_fail(err, FST_ENOTFOUND, "there is no column %s to partition by",
                            o->partition_by[i]);
        if (fst_type_is_nested(&schema->fields[at].type) || is_by(d, (size_t)at))
            return fst_fail(err, FST_EINVAL, "column %s cannot make partitions: it is %s",
                            o->partition_by[i], is_by(d, (size_t)at) ? "named twice" : "nested");
        d->by[d->n_by] = (size_t)at;
        d->by_names[d->n_by++] = schema->fields[at].name;
    }
    if (d->n_by && d->n_by == schema->n)
        return fst_fail(err, FST_EINVAL, "no column is left for the files: all make partitions");
    for (size_t i = 0; i < schema->n; i++)
        if (!is_by(d, i)) {
            const struct fst_field *f = &schema->fields[i];
            d->kept[d->schema->n] = i;
            fst_schema_add(d->schema, f->name, &f->type, f->nullable);
        }
    return FST_OK;
}

enum fst_status fst_dataset_create(const struct fst_schema *schema, struct fst_folder folder,
                                   const struct fst_dataset_options *o, struct fst_writer **out,
                                   struct fst_error *err)
{
    static const struct fst_writer_ops ops = {write_dataset, finish_dataset, free_dataset};
    struct dataset *d = fst_alloc(sizeof(*d));
    d->base.ops = &ops;
    d->schema = fst_schema_new();
    d->kept = fst_alloc((schema->n + 1) * sizeof(*d->kept));
    d->by = fst_alloc((o->n_partition_by + 1) * sizeof(*d->by));
    d->by_names = fst_alloc((o->n_partition_by + 1) * sizeof(*d->by_names));
    d->format = o->format;
    d->options = o->write;
    d->folder = folder;
    d->name = fst_strdup(o->name);
    d->partitions = fst_map_new();
    d->pending_max = o->pending_bytes ? o->pending_bytes : PENDING_BYTES;
    enum fst_status status = find_columns(d, schema, o, err);
    if (status == FST_OK)
        *out = &d->base;
    else
        free_dataset(&d->base);
    return status;
}
