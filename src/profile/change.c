/* What changed between two runs of the same work: stages are matched by what they do and by their
 * order among those that do the same, never by number. Noise is no change. */
#include <stdlib.h>
#include <string.h>

#include "profile.h"

#define SMALLEST_PERCENT 10
#define SMALLEST_US 1000000
#define SMALLEST_BYTES (1 << 20)

struct listing {
    struct fst_arena *arena;
    struct fst_profile_change *items;
    size_t n, cap;
};

static void say(struct listing *l, struct fst_profile_change c)
{
    fst_grow(&l->items, &l->cap, l->n + 1, sizeof *l->items);
    l->items[l->n++] = c;
}

static bool differs(const struct fst_profile_change *c)
{
    int64_t low = c->before < c->now ? c->before : c->now;
    int64_t high = c->before < c->now ? c->now : c->before;
    int64_t least = c->is_time ? SMALLEST_US : c->is_bytes ? SMALLEST_BYTES : 1;
    double percent = !c->is_time && !c->is_bytes ? 0 : SMALLEST_PERCENT;
    return high - low >= least && (double)(high - low) * 100 >= percent * (double)high;
}

static int64_t took(const struct fst_stage *s)
{
    return s->completed_us > s->submitted_us && s->submitted_us > 0
               ? s->completed_us - s->submitted_us
               : 0;
}

static void compare(struct listing *l, const char *what, const int64_t before[7],
                    const int64_t now[7])
{
    static const struct {
        const char *name;
        bool is_bytes, is_time;
    } metrics[] = {{"duration", false, true},     {"tasks", false, false},
                   {"input", true, false},        {"output", true, false},
                   {"shuffle read", true, false}, {"shuffle write", true, false},
                   {"spill", true, false}};
    for (size_t i = 0; i < FST_COUNT(metrics); i++) {
        struct fst_profile_change c = {.what = what,
                                       .metric = metrics[i].name,
                                       .before = before[i],
                                       .now = now[i],
                                       .is_bytes = metrics[i].is_bytes,
                                       .is_time = metrics[i].is_time};
        if (differs(&c))
            say(l, c);
    }
}

static void measures(const struct fst_stage *s, int64_t out[7])
{
    const int64_t all[7] = {took(s),
                            s->tasks,
                            s->input_bytes,
                            s->output_bytes,
                            s->shuffle_read_bytes,
                            s->shuffle_write_bytes,
                            s->spill_disk_bytes};
    for (size_t i = 0; i < 7; i++)
        out[i] += all[i];
}

static bool counts(const struct fst_stage *s)
{
    return strcmp(s->state, "SKIPPED") != 0 && s->attempt == 0;
}

/* What a stage does: its operators, else the name that Spark gave it. */
static const char *deed(const struct fst_stage *s)
{
    return s->nodes ? s->nodes : s->name;
}

static const char *label(struct fst_arena *a, const struct fst_stage *s)
{
    return fst_arena_printf(a, "stage %lld%s%s%s", (long long)s->id, s->node ? " (" : "",
                            s->node ? s->node : "", s->node ? ")" : "");
}

/* The stage before that does the same, and was not taken yet. */
static size_t partner(const struct fst_profile *before, const struct fst_stage *s,
                      const bool *taken)
{
    for (size_t i = 0; i < before->n_stages; i++)
        if (!taken[i] && counts(&before->stages[i]) &&
            strcmp(deed(&before->stages[i]), deed(s)) == 0)
            return i;
    return SIZE_MAX;
}

static void compare_stages(struct listing *l, const struct fst_profile *before,
                           const struct fst_profile *now)
{
    bool *taken = fst_alloc(before->n_stages + 1);
    for (size_t i = 0; i < now->n_stages; i++) {
        const struct fst_stage *s = &now->stages[i];
        int64_t a[7] = {0}, b[7] = {0};
        if (!counts(s))
            continue;
        size_t k = partner(before, s, taken);
        measures(s, b);
        if (k == SIZE_MAX) {
            say(l, (struct fst_profile_change){label(l->arena, s), "new", -1, b[0], false, true});
            continue;
        }
        taken[k] = true;
        measures(&before->stages[k], a);
        compare(l, label(l->arena, s), a, b);
    }
    for (size_t i = 0; i < before->n_stages; i++)
        if (!taken[i] && counts(&before->stages[i]))
            say(l, (struct fst_profile_change){label(l->arena, &before->stages[i]), "gone",
                                               took(&before->stages[i]), -1, false, true});
    free(taken);
}

static void whole(const struct fst_profile *p, int64_t out[7])
{
    for (size_t i = 0; i < p->n_stages; i++)
        if (counts(&p->stages[i]))
            measures(&p->stages[i], out);
    out[0] = p->ended_us > p->started_us ? p->ended_us - p->started_us : 0;
}

size_t fst_profile_changes(const struct fst_profile *before, const struct fst_profile *now,
                           struct fst_arena *a, struct fst_profile_change **out)
{
    struct listing l = {.arena = a};
    int64_t x[7] = {0}, y[7] = {0};
    whole(before, x);
    whole(now, y);
    compare(&l, "the whole", x, y);
    compare_stages(&l, before, now);
    *out = fst_arena_alloc(a, (l.n + 1) * sizeof **out);
    if (l.n)
        memcpy(*out, l.items, l.n * sizeof **out);
    free(l.items);
    return l.n;
}
