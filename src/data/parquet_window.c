/* parquet_window: the part of a column chunk that was read, growing as it is needed.
 *
 * Reads begin small and double, so that the first rows cost little and a scan costs few requests.
 * A window is never larger than what someone asked to see at once. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

/* Who passes over bytes that were not read may do so again. From near by a header is read for
 * itself: to copy what is passed over costs more than another call. */
enum { STEP_AFTER_SKIP = 64 << 10, STEP_AFTER_SKIP_NEAR = 4 << 10 };

bool fst_pq_spend(struct fst_pq_budget *b, size_t n)
{
    if (n > b->left && b->reclaim)
        b->reclaim(b->reclaim_arg, n);
    if (n > b->left)
        return false;
    b->left -= n;
    return true;
}

void fst_pq_budget_done(struct fst_pq_budget *b)
{
    for (size_t i = 0; i < FST_COUNT(b->shared); i++)
        fst_inflate_free(b->shared[i]);
}

uint64_t fst_pq_window_left(const struct fst_pq_window *w)
{
    return (w->n - w->pos) + (w->end - w->next);
}

static enum fst_status make_room(struct fst_pq_window *w, size_t more, struct fst_error *err)
{
    if (w->pos) {
        memmove(w->buf, w->buf + w->pos, w->n - w->pos);
        w->n -= w->pos;
        w->pos = 0;
    }
    if (w->n + more <= w->cap)
        return FST_OK;
    size_t cap = w->n + more;
    if (!fst_pq_spend(w->budget, cap - w->cap))
        return fst_fail(err, FST_ENOMEM, "%zu bytes at once are over the memory allowed", cap);
    w->buf = fst_realloc(w->buf, cap);
    w->cap = cap;
    return FST_OK;
}

enum fst_status fst_pq_window_plan(struct fst_pq_window *w, size_t want, struct fst_range *range,
                                   struct fst_error *err)
{
    *range = (struct fst_range){.offset = w->next};
    size_t have = w->n - w->pos;
    if (have >= want || w->next == w->end)
        return FST_OK;

    size_t len = want - have > w->step ? want - have : w->step;
    if (len > w->end - w->next)
        len = (size_t)(w->end - w->next);
    FST_TRY(make_room(w, len, err));
    w->step = w->step < w->step_max / 2 ? w->step * 2 : w->step_max;
    range->len = len;
    range->into = w->buf + w->n;
    return FST_OK;
}

enum fst_status fst_pq_window_landed(struct fst_pq_window *w, const struct fst_range *range,
                                     struct fst_error *err)
{
    if (range->got < range->len)
        return fst_fail(err, FST_EFORMAT, "the file ends at byte %llu",
                        (unsigned long long)(range->offset + range->got));
    w->n += range->len;
    w->next += range->len;
    w->hopped = false;
    return FST_OK;
}

enum fst_status fst_pq_window_need(struct fst_pq_window *w, size_t min, struct fst_error *err)
{
    struct fst_range range;
    FST_TRY(fst_pq_window_plan(w, min, &range, err));
    if (range.len == 0)
        return FST_OK;
    enum fst_status status =
        w->gather ? fst_pq_gather_take(w->gather, w, &range, min - (w->n - w->pos), err)
                  : FST_ENOTFOUND;
    if (status != FST_ENOTFOUND)
        return status == FST_OK ? fst_pq_window_landed(w, &range, err) : status;
    FST_TRY(w->bytes->ops->read(w->bytes, &range, 1, err));
    return fst_pq_window_landed(w, &range, err);
}

/* Pages of a column are much alike: where one ended, the next ones probably end as far on. */
static void note_hop(struct fst_pq_window *w, uint64_t to)
{
    uint64_t stride = w->n_hops ? to - w->hop_at : 0;
    if (w->n_hops > 1)
        w->drift = stride > w->stride ? stride - w->stride : w->stride - stride;
    w->stride = stride;
    w->hop_at = to;
    w->n_hops++;
}

void fst_pq_window_skip(struct fst_pq_window *w, uint64_t n)
{
    uint64_t have = w->n - w->pos;
    uint64_t here = n < have ? n : have;
    w->pos += (size_t)here;
    n -= here;
    w->hopped |= n > 0;
    if (n > 0 && n <= w->end - w->next)
        note_hop(w, w->next + n);
    size_t step = w->bytes->is_near ? STEP_AFTER_SKIP_NEAR : STEP_AFTER_SKIP;
    if (w->hopped && w->step > step)
        w->step = step;
    w->next += n < w->end - w->next ? n : w->end - w->next;
}

void fst_pq_window_release(struct fst_pq_window *w)
{
    if (w->budget)
        w->budget->left += w->cap;
    free(w->buf);
    w->buf = NULL;
    w->cap = w->pos = w->n = 0;
}

void fst_pq_window_done(struct fst_pq_window *w)
{
    fst_pq_window_release(w);
    memset(w, 0, sizeof(*w));
}
