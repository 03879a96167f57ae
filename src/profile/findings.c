/* Findings: every rule looks at every stage and at the whole; what they found is given its line,
 * its setting, muted where that is wished, and ordered by the share of the time it is about. */
#include <stdlib.h>
#include <string.h>

#include "findings.h"

const struct fst_threshold fst_thresholds[] = {
#define ROW(name, fallback, least, most, help) {name, fallback, least, most, help},
    FST_THRESHOLDS(ROW)
#undef ROW
};
const size_t fst_n_thresholds = FST_COUNT(fst_thresholds);

double look_at(const struct look *l, const char *name)
{
    for (size_t i = 0; i < fst_n_thresholds; i++) {
        const struct fst_threshold *t = &fst_thresholds[i];
        if (strcmp(t->name, name) != 0)
            continue;
        double v = l->o->threshold ? l->o->threshold(l->o->arg, name) : t->fallback;
        return !(v >= t->least) ? t->least : v > t->most ? t->most : v;
    }
    abort(); /* a rule asks for a row that the table does not have */
}

int64_t stage_took(const struct look *l, const struct fst_stage *s)
{
    int64_t end = s->completed_us ? s->completed_us : l->now_us;
    return s->submitted_us > 0 && end > s->submitted_us ? end - s->submitted_us : 0;
}

static double share_of(const struct look *l, const struct fst_stage *s)
{
    double share = l->wall_us > 0 ? (double)stage_took(l, s) / (double)l->wall_us : 0;
    return !s || share > 1 ? 1 : share;
}

bool stage_matters(const struct look *l, const struct fst_stage *s)
{
    return share_of(l, s) * 100 >= look_at(l, "share.percent");
}

struct fst_finding *find(struct look *l, const struct fst_stage *s)
{
    fst_grow(&l->items, &l->cap, l->n + 1, sizeof *l->items);
    struct fst_finding *f = &l->items[l->n++];
    double share = s ? share_of(l, s) : 1;
    *f = (struct fst_finding){.rule = l->rule,
                              .severity = share >= 0.5   ? 3
                                          : share >= 0.2 ? 2
                                                         : 1,
                              .share = share,
                              .text = "",
                              .measured = "",
                              .threshold = "",
                              .stage = s ? s->id : -1,
                              .node = s && s->node ? fst_arena_strdup(l->arena, s->node) : NULL,
                              .line = s ? line_of(s, l->o->sql) : 0};
    return f;
}

void find_setting(struct look *l, struct fst_finding *f, const char *key)
{
    const char *value = conf_get(l->p, key);
    f->setting = conf_row(key)->key;
    f->setting_value = fst_arena_strdup(l->arena, value ? value : "not set");
}

void advise_value(struct look *l, struct fst_finding *f, const char *key, const char *value,
                  const char *why)
{
    const char *now = conf_get(l->p, key);
    find_setting(l, f, key);
    if (now && strcmp(now, value) == 0)
        return;
    f->advice = fst_arena_printf(
        l->arena, "set %s to %s (now %s)%s: %s", f->setting, value, f->setting_value,
        conf_row(key)->is_static ? " on the provider, for the next start" : "", why);
}

const char *memory_key(const struct look *l)
{
    const char *master = conf_get(l->p, "spark.master");
    bool local = master && (strcmp(master, "local") == 0 || strncmp(master, "local[", 6) == 0);
    return local ? "spark.driver.memory" : "spark.executor.memory";
}

/* ---- Numbers in words --------------------------------------------------------------------------
 */

static const char *taken(struct look *l, struct fst_buf *b)
{
    const char *text = fst_arena_strdup(l->arena, fst_buf_text(b));
    fst_buf_done(b);
    return text;
}

const char *say_time(struct look *l, int64_t us)
{
    struct fst_buf b = FST_BUF(64);
    fst_duration_text(&b, us);
    return taken(l, &b);
}

const char *say_size(struct look *l, int64_t bytes)
{
    struct fst_buf b = FST_BUF(64);
    fst_size_text(&b, bytes > 0 ? (uint64_t)bytes : 0);
    return taken(l, &b);
}

const char *say_count(struct look *l, int64_t n)
{
    struct fst_buf b = FST_BUF(64);
    fst_count_text(&b, n);
    return taken(l, &b);
}

const char *stage_label(struct look *l, const struct fst_stage *s)
{
    return fst_arena_printf(l->arena, "stage %lld%s%s%s", (long long)s->id, s->node ? " (" : "",
                            s->node ? s->node : "", s->node ? ")" : "");
}

/* ---- The whole ---------------------------------------------------------------------------------
 */

static bool is_muted(const struct fst_findings_options *o, const char *rule)
{
    for (const char *const *m = o->muted; m && *m; m++)
        if (strcmp(*m, rule) == 0)
            return true;
    return false;
}

static int by_share(const void *a, const void *b)
{
    const struct fst_finding *x = a, *y = b;
    if (x->share != y->share)
        return x->share > y->share ? -1 : 1;
    if (x->severity != y->severity)
        return y->severity - x->severity;
    if (x->stage != y->stage)
        return x->stage < y->stage ? -1 : 1;
    return strcmp(x->rule, y->rule);
}

static void look_over(struct look *l)
{
    for (size_t r = 0; r < fst_n_rules; r++) {
        l->rule = fst_rules[r].name;
        if (rule_functions[r].whole)
            rule_functions[r].whole(l);
        for (size_t i = 0; i < l->p->n_stages && rule_functions[r].stage; i++)
            if (strcmp(l->p->stages[i].state, "SKIPPED") != 0)
                rule_functions[r].stage(l, &l->p->stages[i]);
    }
}

void fst_findings_of(const struct fst_profile *p, const struct fst_findings_options *o,
                     struct fst_findings *out)
{
    static const struct fst_findings_options none;
    struct look l = {.p = p, .o = o ? o : &none, .arena = fst_arena_new()};
    int64_t last = p->ended_us;
    for (size_t i = 0; i < p->n_stages; i++)
        if (p->stages[i].completed_us > last)
            last = p->stages[i].completed_us;
    l.now_us = l.o->now_us > 0 ? l.o->now_us : last;
    int64_t end = p->ended_us ? p->ended_us : l.now_us;
    l.wall_us = p->started_us > 0 && end > p->started_us ? end - p->started_us : 0;
    look_over(&l);
    for (size_t i = 0; i < l.n; i++)
        l.items[i].muted = is_muted(l.o, l.items[i].rule);
    if (l.n)
        qsort(l.items, l.n, sizeof *l.items, by_share);
    *out = (struct fst_findings){.arena = l.arena, .n = l.n};
    out->items = fst_arena_alloc(l.arena, (l.n + 1) * sizeof *out->items);
    if (l.n)
        memcpy(out->items, l.items, l.n * sizeof *l.items);
    free(l.items);
}

void fst_findings_done(struct fst_findings *f)
{
    if (f->arena)
        fst_arena_free(f->arena);
    *f = (struct fst_findings){0};
}
