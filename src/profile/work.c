/* What both sources gather, and how it becomes a profile: chosen by tag, linked, sorted, summed. */
#include <stdlib.h>
#include <string.h>

#include "profile.h"

#define MAX_KEPT_A_STAGE 1000000 /* tasks; of more, as many are drawn evenly */
#define MAX_KEPT 4000000         /* over all stages that run at once */

struct work *work_new(const char *source)
{
    struct work *w = fst_alloc(sizeof *w);
    *w = (struct work){.profile = fst_profile_new(source),
                       .stage_map = fst_map_new(),
                       .plan_map = fst_map_new(),
                       .job_map = fst_map_new(),
                       .accumulators = fst_map_new()};
    return w;
}

static void stage_free(struct work_stage *s)
{
    for (size_t i = 0; i < FST_COUNT(s->samples.values); i++)
        free(s->samples.values[i]);
    if (s->executors)
        fst_map_free(s->executors, free);
    free(s->accumulators);
    free(s);
}

void work_free(struct work *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->n_stages; i++)
        stage_free(w->stages[i]);
    for (size_t i = 0; i < w->n_jobs; i++) {
        free(w->jobs[i]->stages);
        free(w->jobs[i]);
    }
    for (size_t i = 0; i < w->n_plans; i++)
        plan_free(w->plans[i]);
    fst_map_free(w->stage_map, NULL);
    fst_map_free(w->plan_map, free);
    fst_map_free(w->job_map, NULL);
    fst_map_free(w->accumulators, free);
    free(w->stages);
    free(w->jobs);
    free(w->plans);
    free(w->executors);
    free(w->changes);
    fst_profile_free(w->profile);
    free(w);
}

/* ---- Parts, found or made ----------------------------------------------------------------------
 */

static void number_key(char key[48], int64_t a, int64_t b)
{
    snprintf(key, 48, "%lld.%lld", (long long)a, (long long)b);
}

struct work_stage *work_stage(struct work *w, int64_t id, int64_t attempt)
{
    char key[48];
    number_key(key, id, attempt);
    struct work_stage *s = fst_map_get(w->stage_map, key);
    if (s || w->n_stages >= MAX_STAGES || attempt < 0 || attempt > INT32_MAX) {
        w->over |= !s;
        return s;
    }
    s = fst_alloc(sizeof *s);
    s->st = (struct fst_stage){.id = id,
                               .attempt = (int)attempt,
                               .state = "PENDING",
                               .name = "",
                               .job = -1,
                               .execution = -1,
                               .files = -1,
                               .file_bytes = -1,
                               .executors = -1,
                               .hot_bytes = -1};
    s->st.duration_us.at[0] = s->st.gc_spread_us.at[0] = s->st.input_spread.at[0] = -1;
    s->st.shuffle_read_spread.at[0] = s->st.spill_spread.at[0] = -1;
    fst_grow(&w->stages, &w->stages_cap, w->n_stages + 1, sizeof *w->stages);
    w->stages[w->n_stages++] = s;
    fst_map_set(w->stage_map, key, s);
    return s;
}

struct work_job *work_job(struct work *w, int64_t id)
{
    char key[48];
    number_key(key, id, 0);
    struct work_job *j = fst_map_get(w->job_map, key);
    if (j || w->n_jobs >= MAX_JOBS) {
        w->over |= !j;
        return j;
    }
    j = fst_alloc(sizeof *j);
    *j = (struct work_job){.id = id, .execution = -1, .tags = ""};
    fst_grow(&w->jobs, &w->jobs_cap, w->n_jobs + 1, sizeof *w->jobs);
    w->jobs[w->n_jobs++] = j;
    fst_map_set(w->job_map, key, j);
    return j;
}

void work_plan_job(struct work *w, int64_t execution, int64_t job)
{
    char key[48];
    number_key(key, job, 0);
    struct work_job *j = fst_map_get(w->job_map, key);
    if (j && j->execution < 0)
        j->execution = execution;
}

struct plan *work_plan(struct work *w, int64_t execution)
{
    char key[48];
    number_key(key, execution, 0);
    size_t *at = fst_map_get(w->plan_map, key);
    if (!at && w->n_plans >= MAX_PLANS) {
        w->over = true;
        return NULL;
    }
    if (!at) {
        at = fst_alloc(sizeof *at);
        *at = w->n_plans;
        fst_grow(&w->plans, &w->plans_cap, w->n_plans + 1, sizeof *w->plans);
        w->n_plans++;
        fst_map_set(w->plan_map, key, at);
    }
    plan_free(w->plans[*at]);
    return w->plans[*at] = plan_new(execution);
}

struct work_executor *work_executor(struct work *w, const char *id)
{
    for (size_t i = w->n_executors; i-- > 0;)
        if (strcmp(w->executors[i].id, id) == 0)
            return &w->executors[i];
    if (w->n_executors >= MAX_EXECUTORS) {
        w->over = true;
        return NULL;
    }
    fst_grow(&w->executors, &w->executors_cap, w->n_executors + 1, sizeof *w->executors);
    struct work_executor *e = &w->executors[w->n_executors++];
    *e = (struct work_executor){.id = fst_arena_strdup(w->profile->arena, id)};
    return e;
}

void work_changed(struct work *w, int64_t execution, const struct fst_doc *map)
{
    for (size_t i = 0; map && map->kind == FST_DOC_MAP && i < map->n; i++) {
        const struct fst_doc *d = &map->items[i];
        const struct conf_row *row = conf_row(d->key);
        if (!row || d->kind != FST_DOC_STRING || d->text.n > 256 || w->n_changes >= MAX_CHANGES)
            continue;
        fst_grow(&w->changes, &w->changes_cap, w->n_changes + 1, sizeof *w->changes);
        const char *value = fst_arena_strndup(w->profile->arena, d->text.p, d->text.n);
        w->changes[w->n_changes++] = (struct work_change){execution, row->key, {value, d->text.n}};
    }
}

/* ---- Samples of tasks --------------------------------------------------------------------------
 */

/* Where the next task goes, or SIZE_MAX: all of them while there is room, then an even draw. */
static size_t sample_place(struct work *w, struct samples *s)
{
    s->seen++;
    if (s->n < MAX_KEPT_A_STAGE && w->kept < MAX_KEPT) {
        w->kept++;
        return s->n++;
    }
    uint64_t x = s->seen * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 29) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 32) % s->seen;
    return x < s->n ? (size_t)x : SIZE_MAX;
}

void samples_add(struct work *w, struct work_stage *stage, const int64_t values[5])
{
    struct samples *s = &stage->samples;
    if (stage->ended)
        return;
    size_t at = sample_place(w, s);
    if (at == SIZE_MAX)
        return;
    size_t cap = s->cap;
    for (size_t i = 0; i < FST_COUNT(s->values); i++) {
        s->cap = cap;
        fst_grow(&s->values[i], &s->cap, s->n, sizeof **s->values);
        s->values[i][at] = values[i];
    }
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* As Spark's REST does it: the value at floor(q * n) of the sorted ones, the last one at most. */
static struct fst_spread spread_of(int64_t *values, size_t n)
{
    static const double quantiles[FST_QUANTILES] = {0, 0.25, 0.5, 0.75, 0.95, 1};
    struct fst_spread s = {{-1}};
    if (n == 0)
        return s;
    qsort(values, n, sizeof *values, by_value);
    for (size_t i = 0; i < FST_QUANTILES; i++) {
        size_t at = (size_t)(quantiles[i] * (double)n);
        s.at[i] = values[at < n ? at : n - 1];
    }
    return s;
}

void samples_close(struct work *w, struct work_stage *stage)
{
    struct samples *s = &stage->samples;
    struct fst_spread *to[] = {&stage->st.duration_us, &stage->st.gc_spread_us,
                               &stage->st.input_spread, &stage->st.shuffle_read_spread,
                               &stage->st.spill_spread};
    if (stage->ended)
        return;
    stage->ended = true;
    stage->st.sampled = s->seen > s->n ? (int64_t)s->n : 0;
    for (size_t i = 0; i < FST_COUNT(to); i++) {
        *to[i] = spread_of(s->values[i], s->n);
        free(s->values[i]);
    }
    w->kept -= s->n;
    *s = (struct samples){0};
}

/* ---- To a profile ------------------------------------------------------------------------------
 */

/* Does one of the tags (each with a comma behind it) end in `tag`? */
static bool tag_fits(const char *tags, const char *tag)
{
    size_t n = strlen(tag);
    for (const char *end; (end = strchr(tags, ',')); tags = end + 1)
        if ((size_t)(end - tags) >= n && memcmp(end - n, tag, n) == 0)
            return true;
    return false;
}

static int by_job(const void *a, const void *b)
{
    const struct work_job *x = *(struct work_job *const *)a, *y = *(struct work_job *const *)b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Which stages are ours, and the first job that each belongs to. */
static void choose(struct work *w, const char *tag)
{
    struct fst_map *owner = fst_map_new();
    char key[48];
    if (w->n_jobs)
        qsort(w->jobs, w->n_jobs, sizeof *w->jobs, by_job);
    for (size_t i = 0; i < w->n_jobs; i++) {
        struct work_job *j = w->jobs[i];
        j->ours = !tag || tag_fits(j->tags, tag);
        for (size_t k = 0; k < j->n_stages && j->ours; k++) {
            number_key(key, j->stages[k], 0);
            if (!fst_map_get(owner, key))
                fst_map_set(owner, key, j);
        }
    }
    for (size_t i = 0; i < w->n_stages; i++) {
        struct work_stage *s = w->stages[i];
        number_key(key, s->st.id, 0);
        const struct work_job *j = fst_map_get(owner, key);
        s->ours = j || !tag;
        s->st.job = j ? j->id : -1;
        s->st.execution = j ? j->execution : -1;
    }
    fst_map_free(owner, NULL);
}

/* The settings that our own executions had; another's session is not ours. */
static void settle(struct work *w, const char *tag)
{
    struct fst_map *ours = fst_map_new();
    char key[48];
    for (size_t i = 0; i < w->n_jobs; i++) {
        number_key(key, w->jobs[i]->execution, 0);
        if (w->jobs[i]->ours)
            fst_map_set(ours, key, w);
    }
    for (size_t i = 0; i < w->n_changes; i++) {
        number_key(key, w->changes[i].execution, 0);
        if (!tag || fst_map_get(ours, key))
            conf_set(w->profile, w->changes[i].key, w->changes[i].value);
    }
    fst_map_free(ours, NULL);
}

static void take_time(struct fst_profile *p, int64_t from, int64_t to, bool *running)
{
    if (from > 0 && (p->started_us == 0 || from < p->started_us))
        p->started_us = from;
    if (to > p->ended_us)
        p->ended_us = to;
    *running |= from > 0 && to <= 0;
}

static void span(struct work *w)
{
    struct fst_profile *p = w->profile;
    bool running = false;
    size_t ours = 0;
    for (size_t i = 0; i < w->n_jobs; i++)
        if (w->jobs[i]->ours) {
            take_time(p, w->jobs[i]->submitted_us, w->jobs[i]->completed_us, &running);
            ours++;
        }
    for (size_t i = 0; i < w->n_stages && !ours; i++)
        if (w->stages[i]->ours)
            take_time(p, w->stages[i]->st.submitted_us, w->stages[i]->st.completed_us, &running);
    if (running)
        p->ended_us = w->app_ended_us;
    p->finished = w->app_ended_us > 0 || (!running && p->started_us > 0);
}

static bool went_by_itself(const char *reason)
{
    static const char *const meant[] = {"killed by driver", "decommission", "idle", "Idle",
                                        "Decommission"};
    for (size_t i = 0; i < FST_COUNT(meant); i++)
        if (strstr(reason, meant[i]))
            return false;
    return true;
}

/* Executors that were there between start and end, and what their cores could have done. */
static void count_executors(struct work *w)
{
    struct fst_profile *p = w->profile;
    double core_us = 0;
    int64_t end = p->ended_us > 0 ? p->ended_us : INT64_MAX, n = 0, cores = 0, all = 0, lost = 0;
    for (size_t i = 0; i < w->n_executors; i++) {
        const struct work_executor *e = &w->executors[i];
        int64_t from = e->added_us > p->started_us ? e->added_us : p->started_us;
        int64_t to = e->removed_us && e->removed_us < end ? e->removed_us : end;
        if (e->cores <= 0 || from > to)
            continue;
        n++;
        all += e->cores;
        cores += e->removed_us && e->removed_us < end ? 0 : e->cores;
        core_us += (double)e->cores * (double)(to - from);
        lost += e->removed_us && e->removed_us <= end && went_by_itself(e->reason ? e->reason : "");
    }
    if (w->n_executors == 0)
        return;
    p->executors = n;
    p->cores = cores ? cores : all;
    p->executors_lost = lost;
    for (size_t i = 0; i < w->n_stages; i++) {
        const struct fst_stage *s = &w->stages[i]->st;
        if (!w->stages[i]->ours && s->completed_us > p->started_us && s->submitted_us < end)
            core_us -= (double)s->run_us; /* what others of the application used */
    }
    if (p->ended_us > 0 && core_us >= 0 && core_us < 9e18)
        p->core_us = (int64_t)core_us;
}

static int by_number(const void *a, const void *b)
{
    const struct fst_stage *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return x->attempt < y->attempt ? -1 : x->attempt > y->attempt;
}

/* Of what a stage read, the most that one executor did. */
static void hottest(struct work_stage *s)
{
    int64_t total[2] = {s->st.input_bytes, s->st.shuffle_read_bytes}, most = 0;
    int what = total[1] > total[0];
    if (!s->executors)
        return;
    for (size_t i = 0; i < fst_map_size(s->executors); i++) {
        const int64_t *read = fst_map_value_at(s->executors, i);
        if (read[what] > most)
            most = read[what];
    }
    s->st.executors = (int64_t)fst_map_size(s->executors);
    s->st.hot_bytes = most;
}

struct fst_profile *work_finish(struct work *w, const char *tag)
{
    struct fst_profile *p = w->profile;
    choose(w, tag);
    settle(w, tag);
    for (size_t i = 0; i < w->n_stages; i++) {
        if (w->stages[i]->samples.n)
            samples_close(w, w->stages[i]);
        hottest(w->stages[i]);
    }
    work_link(w);
    span(w);
    count_executors(w);
    p->stages = fst_arena_alloc(p->arena, (w->n_stages + 1) * sizeof *p->stages);
    for (size_t i = 0; i < w->n_stages; i++)
        if (w->stages[i]->ours)
            p->stages[p->n_stages++] = w->stages[i]->st;
    if (p->n_stages)
        qsort(p->stages, p->n_stages, sizeof *p->stages, by_number);
    w->profile = NULL;
    work_free(w);
    return p;
}

/* ---- Small readers of documents ----------------------------------------------------------------
 */

int64_t doc_int(const struct fst_doc *map, const char *key, int64_t fallback)
{
    int64_t v;
    const struct fst_doc *node = map && map->kind == FST_DOC_MAP ? fst_doc_get(map, key) : NULL;
    return node && fst_doc_int(node, &v) ? v : fallback;
}

const char *doc_text(struct fst_arena *a, const struct fst_doc *map, const char *key)
{
    const struct fst_doc *node = map && map->kind == FST_DOC_MAP ? fst_doc_get(map, key) : NULL;
    if (!node || node->kind != FST_DOC_STRING)
        return NULL;
    return fst_arena_strndup(a, node->text.p, strnlen(node->text.p, MAX_NAME));
}

const struct fst_doc *doc_list(const struct fst_doc *map, const char *key)
{
    const struct fst_doc *node = map && map->kind == FST_DOC_MAP ? fst_doc_get(map, key) : NULL;
    return node && node->kind == FST_DOC_LIST ? node : NULL;
}
