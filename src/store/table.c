/* A table at a URI: one file, or a folder whose files are its parts.
 *
 * Parts are opened when their turn comes. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stores.h"

#define HEAD_BYTES 64
#define LONG_HEAD_BYTES (256 << 10) /* of a packed file: a block has up to 128 KB */
#define MAX_COUNTED_PARTS 256       /* their footers are read for the number of rows */
#define FILES_OF_A_LOOK 16          /* texts that are looked at for their columns */
#define MAX_COUNTED_FAR 64          /* of far ones */

struct table {
    const struct fst_store *store;
    struct fst_arena *arena;
    struct fst_listing listing;
    struct fst_parts parts;
    const struct fst_format *format;
    struct fst__find_options options;
};

static void table_free(struct table *t)
{
    fst_listing_done(&t->listing);
    fst_arena_free(t->arena);
    free(t);
}

/* ---- Finding the parts ----------------------------------------------------------------------- */

static enum fst_status open_part(void *arg, size_t i, struct fst_bytes **out, struct fst_error *err)
{
    struct table *t = arg;
    return t->store->open(t->parts.parts[i].name, out, err);
}

static enum fst_status list_parts(struct table *t, const char *uri, bool sizes,
                                  struct fst_error *err)
{
    FST_TRY(
        fst__find_parts(t->store, uri, &t->options, sizes, t->arena, &t->listing, &t->parts, err));
    t->parts.open = open_part;
    t->parts.arg = t;
    return FST_OK;
}

static enum fst_status guess_by_head(struct table *t, const char *name, struct fst_bytes *bytes,
                                     size_t n, struct fst_error *err)
{
    char *head = fst_alloc(n);
    struct fst_range range = {.len = n, .into = head};
    enum fst_status status = bytes->ops->read(bytes, &range, 1, err);
    if (status == FST_OK)
        t->format = fst_format_guess(name, head, range.got);
    free(head);
    return status;
}

static enum fst_status guess_format(struct table *t, struct fst_error *err)
{
    const char *name = t->parts.parts[0].name;
    struct fst_bytes *bytes;
    t->format = t->store->is_far ? fst_format_guess(name, "", 0) : NULL;
    if (t->format) /* the name tells, and to look costs a round trip */
        return FST_OK;
    FST_TRY(t->store->open(name, &bytes, err));
    enum fst_status status = guess_by_head(t, name, bytes, HEAD_BYTES, err);
    if (status == FST_OK && !t->format)
        status = guess_by_head(t, name, bytes, LONG_HEAD_BYTES, err);
    fst_bytes_close(bytes);
    FST_TRY(status);
    if (!t->format)
        return fst_fail(err, FST_EFORMAT,
                        "%s: not a format that is known here; say which (format: csv)", name);
    return FST_OK;
}

/* Formats that only Spark reads. */
static const char *const foreign[] = {"delta", "orc", "avro", "xml", "text"};

/* Delta's log says which files of the folder count: read plainly, rows show that are gone. */
static bool has_delta_log(const struct fst_store *store, const char *uri, int64_t *modified_us)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_entry log;
    char *at = fst_asprintf("%s/_delta_log", uri);
    bool there = !fst__has_glob(uri) && store->stat(at, a, &log, NULL) == FST_OK && log.is_dir;
    *modified_us = there ? log.modified_us : 0;
    fst_arena_free(a);
    free(at);
    return there;
}

const char *fst_store_foreign_format(const char *uri, const char *format)
{
    const struct fst_store *store;
    int64_t modified_us;
    for (size_t i = 0; format && i < FST_COUNT(foreign); i++)
        if (strcasecmp(foreign[i], format) == 0)
            return foreign[i];
    bool delta = !format && uri && fst_store_of(uri, &store, NULL) == FST_OK &&
                 !(store->is_far && fst_format_guess(uri, "", 0)) &&
                 has_delta_log(store, uri, &modified_us);
    return delta ? foreign[0] : NULL;
}

static enum fst_status find_format(struct table *t, const char *uri, const char *format,
                                   struct fst_error *err)
{
    const char *only_spark = fst_store_foreign_format(uri, format);
    if (only_spark)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "%s: format %s is not read here; Spark reads it, by a source whose "
                        "provider has it",
                        uri, only_spark);
    if (!format)
        return guess_format(t, err);
    t->format = fst_format_named(format);
    if (!t->format || !t->format->open)
        return fst_fail(err, FST_EUNSUPPORTED, "format %s is not read here", format);
    return FST_OK;
}

/* Footers from here on in one round trip. */
static void warm_parts(const struct table *t, size_t from)
{
    const char *uris[MAX_COUNTED_FAR];
    size_t n = t->parts.n - from < MAX_COUNTED_FAR ? t->parts.n - from : MAX_COUNTED_FAR;
    for (size_t i = 0; i < n; i++)
        uris[i] = t->parts.parts[from + i].name;
    if (t->store->warm)
        t->store->warm(uris, n);
}

static size_t most_counted(const struct table *t)
{
    return t->store->is_far ? MAX_COUNTED_FAR : MAX_COUNTED_PARTS;
}

/* Rows of each part, where a footer says so and there are not too many: totals and jumps need them.
 * A part that cannot be opened is left to the reader, which says why. */
static void count_parts(struct table *t, size_t most)
{
    struct fst_part *parts = (struct fst_part *)t->parts.parts;
    struct fst_read_options options = {0};
    if (t->parts.n < 2 || t->parts.n > most || !t->format->info)
        return;
    for (size_t i = 0; i < t->parts.n; i++) {
        struct fst_bytes *bytes;
        struct fst_reader *reader;
        if (i % MAX_COUNTED_FAR == 0)
            warm_parts(t, i);
        if (t->store->open(parts[i].name, &bytes, NULL) != FST_OK ||
            t->format->open(bytes, &options, &reader, NULL) != FST_OK)
            return;
        parts[i].rows = reader->total_rows;
        fst_reader_close(reader);
    }
}

/* The query of a URL holds signatures: it does not belong in an error's text. */
static enum fst_status concealed(const char *uri, enum fst_status status, struct fst_error *err)
{
    const char *query = fst__scheme_length(uri) ? strchr(uri, '?') : NULL;
    bool web = strncasecmp(uri, "http", 4) == 0;
    for (char *at; status != FST_OK && err && query && web && (at = strstr(err->text, query));)
        memmove(at, at + strlen(query), strlen(at + strlen(query)) + 1);
    return status;
}

static enum fst_status table_listed(const char *uri, const struct fst_doc *options, bool sizes,
                                    struct table **out, struct fst_error *err)
{
    const struct fst_store *store;
    FST_TRY(fst_store_of(uri, &store, err));
    struct table *t = fst_alloc(sizeof *t);
    t->store = store;
    t->arena = fst_arena_new();
    enum fst_status status = fst__find_options_read(options, t->arena, &t->options, err);
    if (status == FST_OK)
        status = list_parts(t, uri, sizes, err);
    if (status != FST_OK) {
        table_free(t);
        return concealed(uri, status, err);
    }
    *out = t;
    return FST_OK;
}

static enum fst_status table_new(const char *uri, const char *format, const struct fst_doc *options,
                                 bool sizes, struct table **out, struct fst_error *err)
{
    struct table *t;
    FST_TRY(table_listed(uri, options, sizes, &t, err));
    enum fst_status status = find_format(t, uri, format, err);
    if (status != FST_OK) {
        table_free(t);
        return concealed(uri, status, err);
    }
    *out = t;
    return FST_OK;
}

/* ---- The reader that owns its table ---------------------------------------------------------- */

struct table_reader {
    struct fst_reader reader;
    struct fst_reader *inner;
    struct table *table;
};

static enum fst_status table_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                  struct fst_error *err)
{
    struct fst_reader *inner = ((struct table_reader *)r)->inner;
    enum fst_status status = fst_reader_next(inner, max_rows, out, err);
    r->numbers = inner->numbers;
    return status;
}

static void table_close(struct fst_reader *r)
{
    struct table_reader *t = (struct table_reader *)r;
    fst_reader_close(t->inner);
    table_free(t->table);
    free(t);
}

static int64_t table_total(struct fst_reader *r)
{
    struct table *t = ((struct table_reader *)r)->table;
    int64_t total = 0;
    count_parts(t, most_counted(t));
    for (size_t i = 0; i < t->parts.n; i++)
        if (t->parts.parts[i].rows < 0 ||
            __builtin_add_overflow(total, t->parts.parts[i].rows, &total))
            return -1;
    return total;
}

static const struct fst_reader_ops table_ops = {
    .next = table_next, .close = table_close, .total = table_total};

/* How the first file is written is how all are. */
static void guess_dialect(struct table *t, struct fst_read_notes *notes)
{
    struct fst_bytes *bytes;
    bool separated = strcmp(t->format->name, "csv") == 0 || strcmp(t->format->name, "tsv") == 0;
    if (!separated || t->store->open(t->parts.parts[0].name, &bytes, NULL) != FST_OK)
        return;
    char *head = fst_alloc(LONG_HEAD_BYTES);
    struct fst_range range = {.len = LONG_HEAD_BYTES, .into = head};
    const struct fst_doc *doc = NULL;
    if (bytes->ops->read(bytes, &range, 1, NULL) == FST_OK && range.got)
        doc = fst_csv_guess(t->arena, t->format, head, range.got);
    fst_bytes_close(bytes);
    free(head);
    if (!doc)
        return;
    t->options.rest = *doc;
    struct fst_buf said = FST_BUF(sizeof notes->guessed - 1);
    fst_doc_to_json(&said, doc);
    if (notes)
        snprintf(notes->guessed, sizeof notes->guessed, "%s", fst_buf_text(&said));
    fst_buf_done(&said);
}

/* As in Spark: columns of parquet files are united when that is asked for, those of JSON always;
 * a look at many of these is content with the first few. */
static void set_merge(struct table *t, const struct fst_read_options *read)
{
    size_t most = read->infer_bytes ? FILES_OF_A_LOOK : t->parts.n;
    bool json = strncmp(t->format->name, "json", 4) == 0;
    if (json && t->parts.n > 1 && !read->schema) {
        t->parts.merge = t->parts.n < most ? t->parts.n : most;
        t->parts.widen = true;
        if (most < t->parts.n && read->notes)
            read->notes->types_from_head = true;
    } else if (strcmp(t->format->name, "parquet") != 0) {
        t->parts.merge = 0;
    }
}

/* The last rows are those behind an offset, where rows can be counted; texts go to their end. */
static enum fst_status open_last(struct table *t, struct fst_read_options *read,
                                 struct fst_reader **out, struct fst_error *err)
{
    uint64_t wanted = read->tail_rows;
    if (!t->format->info) {
        FST_TRY(fst_parts_open(t->format, &t->parts, read, out, err));
        *out = fst_reader_last(*out, wanted);
        return FST_OK;
    }
    int64_t total = 0;
    struct fst_reader *inner;
    count_parts(t, SIZE_MAX);
    read->tail_rows = 0;
    FST_TRY(fst_parts_open(t->format, &t->parts, read, &inner, err));
    total = inner->total_rows;
    if (total >= 0 && (uint64_t)total > wanted) {
        fst_reader_close(inner);
        read->offset_rows = (uint64_t)total - wanted;
        read->last_rows = wanted;
        return fst_parts_open(t->format, &t->parts, read, out, err);
    }
    *out = total < 0 ? fst_reader_last(inner, wanted) : inner;
    return FST_OK;
}

enum fst_status fst_store_open_table(const char *uri, const char *format,
                                     const struct fst_read_options *options,
                                     struct fst_reader **out, struct fst_error *err)
{
    struct table *t;
    *out = NULL;
    FST_TRY(table_new(uri, format, options ? options->format : NULL, false, &t, err));
    if (options && options->offset_rows)
        count_parts(t, most_counted(t));
    struct fst_reader *inner;
    struct fst_read_options read = options ? *options : (struct fst_read_options){0};
    read.format = read.format ? &t->options.rest : NULL;
    if (t->options.guess)
        guess_dialect(t, read.notes);
    set_merge(t, &read);
    enum fst_status status = read.tail_rows
                                 ? open_last(t, &read, &inner, err)
                                 : fst_parts_open(t->format, &t->parts, &read, &inner, err);
    if (status != FST_OK) {
        table_free(t);
        return concealed(uri, status, err);
    }
    struct table_reader *r = fst_alloc(sizeof *r);
    r->reader = (struct fst_reader){
        .ops = &table_ops, .schema = inner->schema, .total_rows = inner->total_rows};
    r->inner = inner;
    r->table = t;
    *out = &r->reader;
    return FST_OK;
}

/* ---- Facts ----------------------------------------------------------------------------------- */

static void fill_stat(const struct table *t, const char *format, struct fst_table_stat *out)
{
    *out = (struct fst_table_stat){.files = t->listing.n, .format = format};
    for (size_t i = 0; i < t->listing.n; i++) {
        out->size += t->listing.entries[i].size;
        if (t->listing.entries[i].modified_us > out->modified_us)
            out->modified_us = t->listing.entries[i].modified_us;
    }
}

enum fst_status fst_store_stat_table(const char *uri, const char *format,
                                     struct fst_table_stat *out, struct fst_error *err)
{
    struct table *t;
    const char *only_spark = fst_store_foreign_format(uri, format);
    FST_TRY(only_spark ? table_listed(uri, NULL, true, &t, err)
                       : table_new(uri, format, NULL, true, &t, err));
    fill_stat(t, only_spark ? only_spark : t->format->name, out);
    int64_t log_us;
    if (only_spark == foreign[0] && has_delta_log(t->store, uri, &log_us) &&
        log_us > out->modified_us)
        out->modified_us = log_us; /* a deletion may write nothing else */
    table_free(t);
    return FST_OK;
}

static enum fst_status part_info(const struct table *t, size_t i, struct fst_file_info *out,
                                 struct fst_error *err)
{
    struct fst_bytes *bytes;
    FST_TRY(t->store->open(t->parts.parts[i].name, &bytes, err));
    enum fst_status status = t->format->info(bytes, out, err);
    fst_bytes_close(bytes);
    return status;
}

/* One file that is damaged, or not of this format, does not hide the others. */
static bool is_of_the_file(const struct table *t, enum fst_status status)
{
    return t->parts.n > 1 && (status == FST_EFORMAT || status == FST_EUNSUPPORTED);
}

static enum fst_status one_info(const struct table *t, size_t i, const struct fst_type *types,
                                fst_store_info_fn *each, void *arg, size_t *n_bad,
                                struct fst_error *err)
{
    struct fst_error own = {0};
    struct fst_error *e = err ? err : &own;
    const char *name = t->parts.parts[i].name;
    struct fst_file_info info = {0};
    enum fst_status status = part_info(t, i, &info, e);
    if (is_of_the_file(t, status) && ++*n_bad < t->parts.n)
        return each(arg, name, NULL, e);
    FST_TRY(status);
    fst_parts_add_info(&t->parts, i, types, &info);
    status = each(arg, name, &info, e);
    fst_file_info_done(&info);
    return status;
}

static enum fst_status each_info(const struct table *t, fst_store_info_fn *each, void *arg,
                                 struct fst_error *err)
{
    struct fst_type *types = fst_arena_alloc(t->arena, (t->parts.n_partition + 1) * sizeof *types);
    fst_parts_partition_types(&t->parts, types);
    const char *uris[MAX_COUNTED_FAR];
    size_t n_bad = 0;
    for (size_t i = 0; i < t->parts.n; i++) {
        size_t ahead = i % MAX_COUNTED_FAR ? 0 : t->parts.n - i;
        ahead = ahead < MAX_COUNTED_FAR ? ahead : MAX_COUNTED_FAR;
        for (size_t k = 0; k < ahead; k++)
            uris[k] = t->parts.parts[i + k].name;
        if (t->store->warm && ahead > 1)
            t->store->warm(uris, ahead);
        FST_TRY(one_info(t, i, types, each, arg, &n_bad, err));
    }
    return FST_OK;
}

enum fst_status fst_store_each_info(const char *uri, const char *format, fst_store_info_fn *each,
                                    void *arg, struct fst_table_stat *stat, struct fst_error *err)
{
    struct table *t;
    FST_TRY(table_new(uri, format, NULL, true, &t, err));
    fill_stat(t, t->format->name, stat);
    enum fst_status status = t->format->info ? each_info(t, each, arg, err)
                                             : fst_fail(err, FST_EUNSUPPORTED,
                                                        "%s: %s files say nothing about themselves",
                                                        uri, t->format->name);
    table_free(t);
    return concealed(uri, status, err);
}
