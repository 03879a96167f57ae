/* parquet_stream: the pages of one column chunk from front to back, rows as they are asked for.
 *
 * The state of a page (levels, decoder, window) stays between calls, so scrolling goes on where it
 * stopped. Pages that lie wholly in rows to be passed over are not even read. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_DATA = 0, PAGE_INDEX = 1, PAGE_DICTIONARY = 2, PAGE_DATA_V2 = 3 };
/* Some writers forgot the dictionary's header in the size of the column. */
enum { HEADER_FIRST = 256, HEADER_MAX = 4 << 20, END_SLACK = 100, STEP_MIN = 512 };
#define NO_CRC INT64_MIN

/* ---- Page headers ---------------------------------------------------------------------------- */

#define AT(member) offsetof(struct fst_pq_page, member)

static const struct fst_thrift_shape v1_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT32, AT(v1.n_values) - AT(v1)},
        {2, FST_THRIFT_INT32, AT(v1.encoding) - AT(v1)},
        {3, FST_THRIFT_INT32, AT(v1.def_encoding) - AT(v1)},
        {4, FST_THRIFT_INT32, AT(v1.rep_encoding) - AT(v1)},
    },
    4};
static const struct fst_thrift_shape v2_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT32, AT(v2.n_values) - AT(v2)},
        {3, FST_THRIFT_INT32, AT(v2.n_rows) - AT(v2)},
        {4, FST_THRIFT_INT32, AT(v2.encoding) - AT(v2)},
        {5, FST_THRIFT_INT32, AT(v2.def_bytes) - AT(v2)},
        {6, FST_THRIFT_INT32, AT(v2.rep_bytes) - AT(v2)},
        {7, FST_THRIFT_INT, AT(v2.is_compressed) - AT(v2)},
    },
    6};
static const struct fst_thrift_shape dictionary_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT32, AT(dictionary.n_values) - AT(dictionary)},
        {2, FST_THRIFT_INT32, AT(dictionary.encoding) - AT(dictionary)},
    },
    2};
static const struct fst_thrift_shape page_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT32, AT(type)},
        {2, FST_THRIFT_INT32, AT(raw)},
        {3, FST_THRIFT_INT32, AT(size)},
        {4, FST_THRIFT_INT32, AT(crc)},
        {5, FST_THRIFT_INNER, AT(v1), &v1_shape},
        {7, FST_THRIFT_INNER, AT(dictionary), &dictionary_shape},
        {8, FST_THRIFT_INNER, AT(v2), &v2_shape},
    },
    7};

/* The header at the front of the window; *cut = more bytes are needed. Moves past it. */
static enum fst_status parse_header(struct fst_pq_window *w, struct fst_pq_page *page, bool *cut,
                                    struct fst_error *err)
{
    *page = (struct fst_pq_page){.type = -1, .raw = -1, .size = -1, .crc = NO_CRC};
    page->v1.n_values = page->v2.n_values = page->dictionary.n_values = -1;
    page->v2.is_compressed = 1;
    page->v1.def_encoding = page->v1.rep_encoding = FST_PQ_RLE;
    struct fst_thrift t = {.p = w->buf ? w->buf + w->pos : NULL, .n = w->n - w->pos};
    bool fine = fst_thrift_read(&t, &page_shape, page);
    *cut = t.cut && !t.bad;
    if (*cut)
        return FST_OK;
    if (!fine || page->type < 0 || page->raw < 0 || page->size < 0)
        return fst_fail(err, FST_EFORMAT, "a damaged page header");
    fst_pq_window_skip(w, t.at);
    return FST_OK;
}

static enum fst_status read_header(struct fst_pq_window *w, struct fst_pq_page *page,
                                   struct fst_error *err)
{
    bool cut = true;
    for (size_t want = HEADER_FIRST; cut; want *= 2) {
        if (fst_pq_window_left(w) == 0)
            return fst_fail(err, FST_EFORMAT, "the column ends before its last row");
        FST_TRY(fst_pq_window_need(w, want, err));
        FST_TRY(parse_header(w, page, &cut, err));
        bool all = fst_pq_window_left(w) == w->n - w->pos && w->n - w->pos <= want;
        if (cut && (all || want > HEADER_MAX))
            return fst_fail(err, FST_EFORMAT, "a damaged page header");
    }
    return FST_OK;
}

/* ---- Pages ----------------------------------------------------------------------------------- */

static const uint32_t *crc_of(const struct fst_pq_page *page, uint32_t *room)
{
    if (page->crc == NO_CRC)
        return NULL;
    *room = (uint32_t)page->crc;
    return room;
}

static enum fst_status start_dictionary(struct fst_pq_stream *s, struct fst_error *err)
{
    const struct fst_pq_page *page = &s->page;
    int64_t n = page->dictionary.n_values;
    if (s->dictionary)
        return fst_fail(err, FST_EFORMAT, "a second dictionary");
    if (n < 0)
        return fst_fail(err, FST_EFORMAT, "a dictionary of unknown length");
    uint32_t crc;
    return fst_pq_dictionary_new(&s->dictionary, &s->window, s->leaf, s->codec,
                                 (uint64_t)page->size, (uint64_t)page->raw, (uint64_t)n,
                                 crc_of(page, &crc), err);
}

void fst_pq_stream_skip_page(struct fst_pq_stream *s)
{
    fst_pq_window_skip(&s->window, (uint64_t)s->page.size);
    s->page_left = 0;
}

/* Go to the header of the next page of data. */
enum fst_status fst_pq_stream_next_page(struct fst_pq_stream *s, struct fst_error *err)
{
    for (;;) {
        s->page_at = s->window.next - (s->window.n - s->window.pos);
        s->page_done = 0;
        FST_TRY(read_header(&s->window, &s->page, err));
        bool is_v2 = s->page.type == PAGE_DATA_V2;
        if (is_v2 || s->page.type == PAGE_DATA) {
            int64_t n = is_v2 ? s->page.v2.n_values : s->page.v1.n_values;
            if (n < 0 || n > INT32_MAX)
                return fst_fail(err, FST_EFORMAT, "a page of unknown length");
            s->page_left = (uint64_t)n;
            s->in_page = false;
            if (n > 0)
                return FST_OK;
        }
        if (s->page.type == PAGE_DICTIONARY)
            FST_TRY(start_dictionary(s, err));
        else /* of no values, or of a kind we do not know */
            fst_pq_stream_skip_page(s);
    }
}

static enum fst_status start_v1(struct fst_pq_stream *s, struct fst_error *err)
{
    const struct fst_pq_leaf *leaf = s->leaf;
    if (s->codec != FST_PARQUET_PLAIN)
        FST_TRY(
            fst_pq_body_inflate(&s->work->body, s->codec, (uint64_t)s->page.raw, &s->inflate, err));
    if (leaf->max_rep)
        FST_TRY(fst_pq_levels_keep_v1(&s->work->rep, &s->work->body, s->page.v1.rep_encoding,
                                      s->page_left, leaf->max_rep, s->budget, err));
    if (!leaf->max_def)
        return FST_OK;
    return fst_pq_levels_keep_v1(&s->work->def, &s->work->body, s->page.v1.def_encoding,
                                 s->page_left, leaf->max_def, s->budget, err);
}

/* Levels of a page of the second kind, which lie there even where the schema has none. */
static enum fst_status levels_v2(struct fst_pq_stream *s, struct fst_pq_levels *l, int64_t n,
                                 unsigned max, struct fst_error *err)
{
    if (!max)
        return fst_pq_body_skip(&s->work->body, (uint64_t)n, err);
    return fst_pq_levels_keep(l, &s->work->body, (uint64_t)n, max, s->budget, err);
}

static enum fst_status start_v2(struct fst_pq_stream *s, struct fst_error *err)
{
    int64_t rep = s->page.v2.rep_bytes, def = s->page.v2.def_bytes;
    if (rep < 0 || def < 0 || rep > s->page.raw || def > s->page.raw - rep)
        return fst_fail(err, FST_EFORMAT, "levels that are longer than their page");
    FST_TRY(levels_v2(s, &s->work->rep, rep, s->leaf->max_rep, err));
    FST_TRY(levels_v2(s, &s->work->def, def, s->leaf->max_def, err));
    if (s->codec == FST_PARQUET_PLAIN || !s->page.v2.is_compressed)
        return FST_OK;
    return fst_pq_body_inflate(&s->work->body, s->codec, (uint64_t)(s->page.raw - rep - def),
                               &s->inflate, err);
}

static void begin_work(struct fst_pq_stream *s)
{
    if (s->work)
        return;
    s->work = fst_alloc(sizeof(*s->work));
    s->work->decoder =
        (struct fst_pq_decoder){.leaf = s->leaf, .body = &s->work->body, .budget = s->budget};
}

enum fst_status fst_pq_stream_start_page(struct fst_pq_stream *s, struct fst_error *err)
{
    uint32_t crc;
    begin_work(s);
    FST_TRY(fst_pq_body_start(&s->work->body, &s->window, (uint64_t)s->page.size,
                              crc_of(&s->page, &crc), err));
    s->in_page = true;
    s->n_begun++;
    s->decoding = false;
    s->work->decoder.dictionary = s->dictionary;
    s->behind = 0;
    fst_pq_levels_forget(&s->work->rep, s->budget);
    fst_pq_levels_forget(&s->work->def, s->budget);
    return s->page.type == PAGE_DATA_V2 ? start_v2(s, err) : start_v1(s, err);
}

static enum fst_status start_decoder(struct fst_pq_stream *s, struct fst_error *err)
{
    s->decoding = true;
    return fst_pq_decoder_start(
        &s->work->decoder, s->page.type == PAGE_DATA_V2 ? s->page.v2.encoding : s->page.v1.encoding,
        err);
}

static void end_work(struct fst_pq_stream *s)
{
    if (!s->work)
        return;
    fst_pq_decoder_done(&s->work->decoder);
    fst_pq_levels_done(&s->work->rep, s->budget);
    fst_pq_levels_done(&s->work->def, s->budget);
    fst_pq_body_done(&s->work->body);
    free(s->work);
    s->work = NULL;
}

/* Set free what the stream holds, but for where it is. */
static void release(struct fst_pq_stream *s)
{
    end_work(s);
    fst_pq_dictionary_free(s->dictionary);
    s->dictionary = NULL;
    fst_pq_window_release(&s->window);
    fst_inflate_free(s->inflate);
    s->inflate = NULL;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

enum fst_status fst_pq_stream_ready(struct fst_pq_stream *s, struct fst_error *err)
{
    if (!s->decoding)
        FST_TRY(start_decoder(s, err));
    if (s->behind)
        FST_TRY(fst_pq_decoder_skip(&s->work->decoder, s->behind, s->batch, err));
    s->behind = 0;
    return FST_OK;
}

enum fst_status fst_pq_stream_batch(struct fst_pq_stream *s, size_t want, struct fst_builder *b,
                                    size_t col, struct fst_error *err)
{
    FST_TRY(fst_pq_stream_ready(s, err));
    FST_TRY(s->work->decoder.encoding->decode(&s->work->decoder, want, s->batch, err));
    const char *wrong = s->leaf->put(b, col, s->leaf, s->batch);
    return wrong ? fst_fail(err, FST_EFORMAT, "%s", wrong) : FST_OK;
}

static enum fst_status put_values(struct fst_pq_stream *s, uint64_t n, struct fst_builder *b,
                                  size_t col, struct fst_error *err)
{
    while (n > 0) {
        size_t want = n < FST_PQ_BATCH ? (size_t)n : FST_PQ_BATCH;
        FST_TRY(fst_pq_stream_batch(s, want, b, col, err));
        n -= s->batch->n;
    }
    return FST_OK;
}

/* The values among `n` rows are passed over when the next one is asked for. */
static enum fst_status pass_rows(struct fst_pq_stream *s, uint64_t n, struct fst_error *err)
{
    uint64_t n_values;
    FST_TRY(fst_pq_levels_skip(&s->work->def, n, &n_values, err));
    s->behind += n_values;
    s->page_left -= n;
    s->page_done += n;
    return FST_OK;
}

static enum fst_status page_rows(struct fst_pq_stream *s, uint64_t n, struct fst_builder *b,
                                 size_t col, struct fst_error *err)
{
    if (!b) {
        FST_TRY(pass_rows(s, n, err));
        n = 0;
    }
    while (n > 0) {
        uint64_t part;
        unsigned level;
        FST_TRY(fst_pq_levels_peek(&s->work->def, n, &part, &level, err));
        fst_pq_levels_take(&s->work->def, part);
        bool is_null = level < s->leaf->max_def;
        if (!is_null)
            FST_TRY(put_values(s, part, b, col, err));
        for (uint64_t i = 0; is_null && i < part; i++)
            fst_builder_null(b, col);
        s->page_left -= part;
        s->page_done += part;
        n -= part;
    }
    return s->page_left ? FST_OK : fst_pq_body_end(&s->work->body, err);
}

static enum fst_status take_rows(struct fst_pq_stream *s, uint64_t n, struct fst_builder *b,
                                 size_t col, struct fst_error *err)
{
    while (n > 0) {
        if (s->page_left == 0) {
            FST_TRY(fst_pq_stream_next_page(s, err));
            continue;
        }
        uint64_t part = n < s->page_left ? n : s->page_left;
        if (!s->in_page && !b && part == s->page_left) {
            fst_pq_stream_skip_page(s);
        } else {
            if (!s->in_page)
                FST_TRY(fst_pq_stream_start_page(s, err));
            FST_TRY(page_rows(s, part, b, col, err));
        }
        n -= part;
    }
    return FST_OK;
}

static void open_window(struct fst_pq_stream *s)
{
    s->window.next = s->start;
    s->window.end = s->end;
    s->window.step = s->step;
}

/* Back to where the stream was: the dictionary, the page, the values of it that were given. */
enum fst_status fst_pq_stream_unpark(struct fst_pq_stream *s, struct fst_error *err)
{
    uint64_t page_at = s->page_at, page_done = s->page_done;
    if (!s->is_parked)
        return FST_OK;
    s->is_parked = false;
    open_window(s);
    if (s->had_dictionary) {
        FST_TRY(read_header(&s->window, &s->page, err));
        if (s->page.type != PAGE_DICTIONARY)
            return fst_fail(err, FST_EFORMAT, "the dictionary is not where it was");
        FST_TRY(start_dictionary(s, err));
    }
    fst_pq_window_skip(&s->window, page_at - (s->window.next - (s->window.n - s->window.pos)));
    s->page_left = 0;
    if (s->leaf->is_nested) {
        s->left += page_done;
        return fst_pq_stream_pass(s, page_done, err);
    }
    return take_rows(s, page_done, NULL, 0, err);
}

void fst_pq_stream_park(struct fst_pq_stream *s)
{
    if (!s->leaf || s->is_parked)
        return;
    if (s->page_left == 0) { /* between pages */
        s->page_at = s->window.next - (s->window.n - s->window.pos);
        s->page_done = 0;
    }
    s->had_dictionary = s->dictionary;
    s->is_parked = true;
    release(s);
}

enum fst_status fst_pq_stream_rows(struct fst_pq_stream *s, uint64_t n, struct fst_builder *b,
                                   size_t col, struct fst_error *err)
{
    FST_TRY(fst_pq_stream_unpark(s, err));
    return take_rows(s, n, b, col, err);
}

static uint64_t position(const struct fst_pq_stream *s)
{
    return s->window.next - (s->window.n - s->window.pos);
}

/* From the front again, over the headers of pages. */
static enum fst_status walk_to(struct fst_pq_stream *s, uint64_t to, struct fst_error *err)
{
    release(s);
    open_window(s);
    s->page_left = 0;
    s->in_page = false;
    return take_rows(s, to, NULL, 0, err);
}

/* A dictionary that was not passed yet lies before the first page. */
enum fst_status fst_pq_stream_dictionary(struct fst_pq_stream *s, struct fst_error *err)
{
    uint64_t at = position(s);
    if (s->dictionary || at != s->start)
        return FST_OK;
    FST_TRY(read_header(&s->window, &s->page, err));
    if (s->page.type == PAGE_DICTIONARY)
        return start_dictionary(s, err);
    s->window.pos -= (size_t)(position(s) - at); /* a page: it is still to come */
    return FST_OK;
}

/* Who jumps reads what is there, not what lies around it. */
static void narrow(struct fst_pq_window *w, uint64_t bytes)
{
    if (w->n == w->pos && bytes < w->step)
        w->step = bytes > STEP_MIN ? (size_t)bytes : STEP_MIN;
}

/* Is the page that the index told of there? */
static bool begins_page(struct fst_pq_stream *s, uint64_t at, uint64_t rows, struct fst_error *err)
{
    struct fst_error own = {0};
    return fst_pq_stream_next_page(s, err ? err : &own) == FST_OK && s->page_at == at &&
           s->page_left == rows;
}

enum fst_status fst_pq_stream_seek(struct fst_pq_stream *s, const struct fst_pq_jump *j,
                                   struct fst_error *err)
{
    FST_TRY(fst_pq_stream_unpark(s, err));
    if (s->page_left > j->to - j->from || j->at >= s->end)
        return take_rows(s, j->to - j->from, NULL, 0, err);
    if (s->page_left)
        FST_TRY(take_rows(s, s->page_left, NULL, 0, err));
    if (j->first_at > s->start) {
        narrow(&s->window, j->first_at - s->start);
        FST_TRY(fst_pq_stream_dictionary(s, err));
    }
    if (j->at < position(s))
        return walk_to(s, j->to, err);
    fst_pq_window_skip(&s->window, j->at - position(s));
    narrow(&s->window, j->bytes);
    return begins_page(s, j->at, j->rows, err) ? FST_OK : walk_to(s, j->to, err);
}

/* ---- Begin and end --------------------------------------------------------------------------- */

static enum fst_status check_chunk(const struct fst_pq_chunk *chunk, uint64_t limit,
                                   uint64_t *start, struct fst_error *err)
{
    if (chunk->file_path.n)
        return fst_fail(err, FST_EUNSUPPORTED, "its values are in another file");
    if (chunk->is_encrypted)
        return fst_fail(err, FST_EUNSUPPORTED, "it is encrypted");
    const char *name = fst_codec_name(chunk->codec);
    if (!fst_codec_is_readable(chunk->codec))
        return name ? fst_fail(err, FST_EUNSUPPORTED, "codec %s is not read", name)
                    : fst_fail(err, FST_EUNSUPPORTED, "codec %lld is not known",
                               (long long)chunk->codec);

    bool has_dictionary = chunk->dictionary_page > 0 && chunk->dictionary_page < chunk->data_page;
    int64_t at = has_dictionary ? chunk->dictionary_page : chunk->data_page;
    if (at < 0 || chunk->compressed < 0 || (uint64_t)at > limit ||
        (uint64_t)chunk->compressed > limit - (uint64_t)at)
        return fst_fail(err, FST_EFORMAT, "its place lies outside the file");
    *start = (uint64_t)at;
    return FST_OK;
}

static double ratio_of(const struct fst_pq_chunk *chunk)
{
    bool is_known = chunk->uncompressed > 0 && chunk->compressed < chunk->uncompressed;
    return is_known ? (double)chunk->compressed / (double)chunk->uncompressed : 1;
}

enum fst_status fst_pq_stream_start(struct fst_pq_stream *s, const struct fst_pq_leaf *leaf,
                                    const struct fst_pq_chunk *chunk, struct fst_bytes *bytes,
                                    uint64_t limit, struct fst_pq_budget *budget, size_t step,
                                    size_t step_max, struct fst_pq_batch *batch,
                                    struct fst_error *err)
{
    uint64_t start = 0;
    FST_TRY(check_chunk(chunk, limit, &start, err));
    uint64_t end = start + (uint64_t)chunk->compressed;
    end = limit - end < END_SLACK ? limit : end + END_SLACK;
    *s = (struct fst_pq_stream){
        .leaf = leaf,
        .budget = budget,
        .batch = batch,
        .codec = chunk->codec,
        .left = chunk->n_values > 0 ? (uint64_t)chunk->n_values : 0,
        .start = start,
        .end = end,
        .values_at = chunk->data_page > 0 ? (uint64_t)chunk->data_page : start,
        .ratio = ratio_of(chunk),
        .step = step,
        .page_at = start,
        .bytes_per_row =
            chunk->n_values > 0 ? (double)chunk->compressed / (double)chunk->n_values : 0,
        .window = {.bytes = bytes, .budget = budget, .step_max = step_max},
    };
    open_window(s);
    return FST_OK;
}

void fst_pq_stream_done(struct fst_pq_stream *s)
{
    if (!s->leaf)
        return;
    release(s);
    memset(s, 0, sizeof(*s));
}
