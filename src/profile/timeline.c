/* Stages on the clock: when each began and ended, and which of them the whole waited for. */
#include <string.h>

#include "profile.h"

void fst_timeline_cells(int64_t from_us, int64_t to_us, int64_t first_us, int64_t last_us,
                        int width, int *at, int *n)
{
    double whole = last_us > first_us ? (double)(last_us - first_us) : 1;
    double begin = (double)(from_us - first_us) / whole, end = (double)(to_us - first_us) / whole;
    begin = begin < 0 ? 0 : begin > 1 ? 1 : begin;
    end = end < begin ? begin : end > 1 ? 1 : end;
    *at = (int)(begin * width);
    *at = *at >= width ? width - 1 : *at;
    *n = (int)(end * width + 0.5) - *at;
    *n = *n < 1 ? 1 : *n;
}

/* The one that ended last before `limit_us`; of two the one that began first. */
static struct fst_timeline_bar *last_before(const struct fst_timeline *t, int64_t limit_us)
{
    struct fst_timeline_bar *best = NULL;
    for (size_t i = 0; i < t->n; i++) {
        struct fst_timeline_bar *b = &t->bars[i];
        if (b->critical || b->to_us > limit_us)
            continue;
        bool later = !best || b->to_us > best->to_us;
        if (later || (b->to_us == best->to_us && b->from_us < best->from_us))
            best = b;
    }
    return best;
}

/* Back from the end: each waited for the one that ended last before it began. */
static void mark_critical(struct fst_timeline *t)
{
    int64_t limit = t->to_us;
    for (struct fst_timeline_bar *b; (b = last_before(t, limit)); limit = b->from_us)
        b->critical = true;
}

void fst_timeline_of(const struct fst_profile *p, int64_t now_us, struct fst_arena *a,
                     struct fst_timeline *out)
{
    *out = (struct fst_timeline){.from_us = p->started_us};
    out->bars = fst_arena_alloc(a, (p->n_stages + 1) * sizeof *out->bars);
    for (size_t i = 0; i < p->n_stages; i++) {
        const struct fst_stage *s = &p->stages[i];
        if (s->submitted_us <= 0 || strcmp(s->state, "SKIPPED") == 0)
            continue;
        bool runs = s->completed_us <= 0;
        int64_t end = !runs                      ? s->completed_us
                      : p->finished              ? p->ended_us
                      : s->submitted_us < now_us ? now_us
                                                 : s->submitted_us;
        out->bars[out->n++] =
            (struct fst_timeline_bar){.stage = s,
                                      .from_us = s->submitted_us,
                                      .to_us = end > s->submitted_us ? end : s->submitted_us,
                                      .running = runs && !p->finished};
        if (out->from_us <= 0 || s->submitted_us < out->from_us)
            out->from_us = s->submitted_us;
        if (end > out->to_us)
            out->to_us = end;
    }
    mark_critical(out);
    if (p->ended_us > out->to_us)
        out->to_us = p->ended_us;
}
