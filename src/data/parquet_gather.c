/* parquet_gather: pieces of a far file, so that all columns ask at the same time.
 *
 * A column finds out what it needs while it is read: a dictionary before the values, a block of a
 * codec before the first row. From afar each such step would be a round trip for each column. So
 * the first rows of a row group are tried without reading: windows take from the pieces that are
 * here, and what a stream lacks is noted and ends its try. Then all that was noted is read in one
 * wave, and those who lacked something try again. What is read in earnest finds its bytes here. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_BYTES = 32 << 10,       /* where a codec asks for no more */
    FIRST_BLOCK_BYTES = 64 << 10, /* first blocks have nothing before them to refer to */
    HEADER_BYTES = 2 << 10,       /* of pages, beside what their values take */
    BLOCK_BYTES = 130 << 10, /* zstd gives nothing before a block of 128 KiB of output is whole */
    LACK_BYTES = 128 << 10,  /* when something was lacking, a block of a codec mostly */
    MORE_BYTES = 8 << 10,    /* and after that */
    HOP_BYTES = 1 << 10,     /* where a page is hopped to: maybe only its header is looked at */
    FIRST_HOP_BYTES = 8 << 10,
    HOPS_AHEAD = 24,
    HOP_MIN = 512, /* the header of a page, where it is guessed to be */
    HOP_DRIFT = 32,
    HOP_MAX = 4 << 10,
    FAR_BYTES = 1 << 20, /* at once, on the way to a row further down */
    PIECES_MAX = 1 << 15,
    SHARE = 2, /* of the memory that is left, pieces may take 1 / SHARE */
};

/* One stretch of the file; sorted, and no two overlap. */
struct fst_pq_piece {
    uint64_t at;
    size_t n;
    uint8_t *p; /* owned; NULL = was asked for and is not here */
};

/* ---- Pieces ---------------------------------------------------------------------------------- */

/* The first piece that ends after `at`. */
static size_t find(const struct fst_pq_gather *g, uint64_t at)
{
    size_t low = 0, high = g->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (g->pieces[mid].at + g->pieces[mid].n <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* How many of the `len` bytes from `at` on are here without a gap. */
static size_t available(const struct fst_pq_gather *g, uint64_t at, size_t len)
{
    uint64_t end = at;
    for (size_t i = find(g, at); i < g->n && g->pieces[i].p && g->pieces[i].at <= end; i++)
        if ((end = g->pieces[i].at + g->pieces[i].n) - at >= len)
            return len;
    return (size_t)(end - at);
}

static void give_back(struct fst_pq_gather *g, size_t n)
{
    g->budget->left += n;
    g->held -= n;
}

static void drop(struct fst_pq_gather *g, size_t i)
{
    if (g->pieces[i].p)
        give_back(g, g->pieces[i].n);
    free(g->pieces[i].p);
    memmove(&g->pieces[i], &g->pieces[i + 1], (g->n - i - 1) * sizeof(*g->pieces));
    g->n--;
}

static void copy_out(const struct fst_pq_gather *g, uint64_t at, size_t len, uint8_t *into)
{
    for (size_t i = find(g, at); len > 0; i++) {
        const struct fst_pq_piece *piece = &g->pieces[i];
        size_t skip = (size_t)(at - piece->at), n = piece->n - skip;
        n = n < len ? n : len;
        memcpy(into, piece->p + skip, n);
        at += n;
        into += n;
        len -= n;
    }
}

/* ---- Windows take ---------------------------------------------------------------------------- */

/* How much to ask for: who lacks again lacks more. */
static size_t lacking(const struct fst_pq_gather *g, size_t must, bool hopped)
{
    size_t most = (size_t)LACK_BYTES << (g->round < 6 ? g->round / 2 : 3);
    return hopped ? HOP_BYTES : must + MORE_BYTES < most ? most : must + MORE_BYTES;
}

/* Who hops from header to header wants those to come as well, as far as they can be guessed: a
 * little more around each than around the one before. */
static void want_hops(struct fst_pq_gather *g, const struct fst_pq_window *w)
{
    uint64_t drift = w->drift > HOP_DRIFT ? w->drift : HOP_DRIFT, at = w->next;
    unsigned most = w->n_hops < 2 ? 0 : w->n_hops < 3 ? 2 : HOPS_AHEAD;
    for (unsigned k = 1; k <= most && w->stride < w->end - at; k++) {
        at += w->stride;
        uint64_t around = k * drift, len = HOP_MIN + 2 * around;
        if (len > w->stride / 2 || len > HOP_MAX || len > w->end - at)
            return;
        fst_pq_gather_want(g, at - around, (size_t)len);
    }
}

enum fst_status fst_pq_gather_take(struct fst_pq_gather *g, const struct fst_pq_window *w,
                                   struct fst_range *range, size_t must, struct fst_error *err)
{
    must = must < w->end - w->next ? must : (size_t)(w->end - w->next);
    size_t have = g->lacks ? 0 : available(g, range->offset, range->len);
    if (have >= must) {
        copy_out(g, range->offset, have, range->into);
        range->len = range->got = have;
        return FST_OK;
    }
    if (!g->trying)
        return FST_ENOTFOUND;
    if (!g->lacks) {
        g->lacks = true;
        uint64_t left = w->end - w->next - have;
        size_t more = lacking(g, must - have, w->hopped);
        fst_pq_gather_want(g, range->offset + have, more < left ? more : (size_t)left);
        if (w->hopped)
            want_hops(g, w);
    }
    return fst_fail(err, FST_ENET, "not read yet");
}

/* ---- Waves ----------------------------------------------------------------------------------- */

void fst_pq_gather_want(struct fst_pq_gather *g, uint64_t at, size_t len)
{
    while (len > 0) {
        size_t i = find(g, at), n = len;
        if (i < g->n && g->pieces[i].at <= at) { /* here already, or asked for */
            uint64_t end = g->pieces[i].at + g->pieces[i].n;
            n = end - at < len ? (size_t)(end - at) : len;
        } else {
            if (g->n >= PIECES_MAX)
                return;
            if (i < g->n && g->pieces[i].at - at < n)
                n = (size_t)(g->pieces[i].at - at);
            fst_grow(&g->pieces, &g->cap, g->n + 1, sizeof(*g->pieces));
            memmove(&g->pieces[i + 1], &g->pieces[i], (g->n - i) * sizeof(*g->pieces));
            g->pieces[i] = (struct fst_pq_piece){.at = at, .n = n};
            g->n++;
        }
        at += n;
        len -= n;
    }
}

static bool fits(const struct fst_pq_gather *g, size_t n)
{
    return g->held + n <= (g->held + g->budget->left) / SHARE;
}

/* Memory for what is wanted, as long as pieces leave enough to those who read. */
static size_t plan(struct fst_pq_gather *g, struct fst_range *ranges)
{
    size_t n = 0;
    for (size_t i = g->n; i-- > 0;) {
        struct fst_pq_piece *piece = &g->pieces[i];
        if (piece->p)
            continue;
        if (!fits(g, piece->n) && piece->n > HOP_BYTES)
            piece->n = HOP_BYTES;
        if (!fits(g, piece->n) || !fst_pq_spend(g->budget, piece->n)) {
            drop(g, i);
            continue;
        }
        g->held += piece->n;
        piece->p = fst_alloc(piece->n);
        ranges[n++] = (struct fst_range){.offset = piece->at, .len = piece->n, .into = piece->p};
    }
    return n;
}

/* Those that the file ended in end where it does. */
static void shorten(struct fst_pq_gather *g, const struct fst_range *ranges, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t i = find(g, ranges[k].offset);
        give_back(g, ranges[k].len - ranges[k].got);
        g->pieces[i].n = ranges[k].got;
        if (ranges[k].got == 0)
            drop(g, i);
    }
}

enum fst_status fst_pq_gather_read(struct fst_pq_gather *g, bool *any, struct fst_error *err)
{
    struct fst_range *ranges = fst_alloc((g->n + 1) * sizeof(*ranges));
    size_t n = plan(g, ranges);
    enum fst_status status = n ? g->bytes->ops->read(g->bytes, ranges, n, err) : FST_OK;
    if (status == FST_OK)
        shorten(g, ranges, n);
    *any = n > 0;
    g->round++;
    free(ranges);
    return status;
}

void fst_pq_gather_forget(struct fst_pq_gather *g)
{
    while (g->n)
        drop(g, g->n - 1);
    g->round = 0;
}

void fst_pq_gather_done(struct fst_pq_gather *g)
{
    if (g->budget)
        fst_pq_gather_forget(g);
    free(g->pieces);
    g->pieces = NULL;
    g->cap = 0;
}

/* ---- What a stream will need ----------------------------------------------------------------- */

size_t fst_pq_stream_block(const struct fst_pq_stream *s)
{
    double block = s->codec == FST_PARQUET_ZSTD ? BLOCK_BYTES * s->ratio * 1.1 : 0;
    return block < BLOCK_BYTES ? (size_t)block : BLOCK_BYTES;
}

static size_t at_most(double bytes, uint64_t max)
{
    return bytes < (double)max ? (size_t)bytes : (size_t)max;
}

static void want(const struct fst_pq_stream *s, struct fst_pq_gather *g, uint64_t at, double bytes,
                 size_t max)
{
    uint64_t left = at < s->end ? s->end - at : 0;
    fst_pq_gather_want(g, at, at_most(bytes, left < max ? left : max));
}

static size_t fair_share(const struct fst_pq_gather *g)
{
    size_t most = (g->held + g->budget->left) / SHARE / 2 / (g->n_streams ? g->n_streams : 1);
    return most < FAR_BYTES ? most : FAR_BYTES;
}

/* Stored bytes of the pages that have rows [from, to). */
static uint64_t bytes_of_pages(const struct fst_pq_stream *s, const struct fst_pq_pages *pages,
                               uint64_t from, uint64_t to)
{
    size_t first = fst_pq_pages_find(pages, from), last = fst_pq_pages_find(pages, to - 1);
    uint64_t end = last + 1 < pages->n ? pages->places[last + 1].at : s->end;
    return end - pages->places[first].at;
}

void fst_pq_stream_foresee(const struct fst_pq_stream *s, struct fst_pq_gather *g,
                           const struct fst_pq_pages *pages, uint64_t from, uint64_t to)
{
    double per_row = s->bytes_per_row * 1.1, values = per_row * (double)to;
    double block = (double)fst_pq_stream_block(s);
    double first = block > 0 ? FIRST_BLOCK_BYTES : FIRST_BYTES;
    size_t max = from ? FAR_BYTES : s->window.step_max;
    uint64_t values_at = s->values_at;
    if (pages->n) {
        size_t page = fst_pq_pages_find(pages, from);
        uint64_t all = bytes_of_pages(s, pages, from, to);
        values_at = pages->places[page].at;
        values -= per_row * (double)pages->places[page].first_row;
        max = all < max ? (size_t)all : max;
    } else if (from && values > (double)fair_share(g)) {
        values = block = 0; /* hop from page to page */
        first = FIRST_HOP_BYTES;
    }
    values = (values > block ? values : block) + HEADER_BYTES;
    values = values > first ? values : first;
    values = values < (double)max ? values : (double)max;
    if (values_at < s->window.next) { /* the window has some of it, or is past it */
        values -= (double)(s->window.next - values_at);
        values_at = s->window.next;
    }
    if (values > 0)
        want(s, g, values_at, values, max);
}

void fst_pq_stream_foresee_dictionary(const struct fst_pq_stream *s, struct fst_pq_gather *g,
                                      const struct fst_pq_pages *pages, bool is_far)
{
    double dictionary = (double)(s->values_at - s->start);
    double first = FIRST_BYTES + (s->codec == FST_PARQUET_ZSTD ? BLOCK_BYTES : 0);
    double further = pages->n ? FAR_BYTES : (double)fair_share(g);
    first = is_far && first < further ? further : first;
    want(s, g, s->start, dictionary < first ? dictionary : first,
         is_far ? FAR_BYTES : s->window.step_max);
}
