/* A profile as JSON, kept with its run, and back. One table says what a stage's numbers are called.
 */
#include <string.h>

#include "profile.h"

#define MAX_JSON ((size_t)64 << 20)

static const struct {
    const char *name;
    size_t offset;
    int64_t fallback;
} numbers[] = {
#define N(member, fallback)                                                                        \
    {                                                                                              \
#member, offsetof(struct fst_stage, member), fallback                                      \
    }
    N(id, -1),
    N(job, -1),
    N(execution, -1),
    N(submitted_us, 0),
    N(completed_us, 0),
    N(tasks, 0),
    N(tasks_done, 0),
    N(tasks_active, 0),
    N(tasks_failed, 0),
    N(run_us, 0),
    N(cpu_us, 0),
    N(gc_us, 0),
    N(fetch_wait_us, 0),
    N(input_bytes, 0),
    N(input_rows, 0),
    N(output_bytes, 0),
    N(output_rows, 0),
    N(shuffle_read_bytes, 0),
    N(shuffle_read_rows, 0),
    N(shuffle_write_bytes, 0),
    N(shuffle_write_rows, 0),
    N(spill_memory_bytes, 0),
    N(spill_disk_bytes, 0),
    N(peak_memory_bytes, 0),
    N(files, -1),
    N(file_bytes, -1),
    N(executors, -1),
    N(hot_bytes, -1),
    N(sampled, 0),
#undef N
};
static const struct {
    const char *name;
    size_t offset;
} spreads[] = {
#define S(member)                                                                                  \
    {                                                                                              \
#member, offsetof(struct fst_stage, member)                                                \
    }
    S(duration_us), S(gc_spread_us), S(input_spread), S(shuffle_read_spread), S(spill_spread),
#undef S
};
static const struct {
    const char *name;
    size_t offset;
    const char *fallback;
} texts[] = {
#define T(member, fallback)                                                                        \
    {                                                                                              \
#member, offsetof(struct fst_stage, member), fallback                                      \
    }
    T(name, ""), T(nodes, NULL), T(node, NULL), T(words, NULL), T(failure, NULL),
#undef T
};

static void *at(const struct fst_stage *s, size_t offset)
{
    return (void *)(uintptr_t)((const char *)s + offset);
}

static void write_stage(struct fst_json_writer *w, const struct fst_stage *s)
{
    fst_jw_object(w, NULL);
    for (size_t i = 0; i < FST_COUNT(numbers); i++) {
        int64_t v = *(int64_t *)at(s, numbers[i].offset);
        if (v != numbers[i].fallback)
            fst_jw_int(w, numbers[i].name, v);
    }
    fst_jw_int(w, "attempt", s->attempt);
    fst_jw_string(w, "state", s->state);
    for (size_t i = 0; i < FST_COUNT(texts); i++) {
        const char *text = *(const char **)at(s, texts[i].offset);
        if (text && *text)
            fst_jw_string(w, texts[i].name, text);
    }
    for (size_t i = 0; i < FST_COUNT(spreads); i++) {
        const struct fst_spread *spread = at(s, spreads[i].offset);
        if (spread->at[0] < 0)
            continue;
        fst_jw_list(w, spreads[i].name);
        for (size_t k = 0; k < FST_QUANTILES; k++)
            fst_jw_int(w, NULL, spread->at[k]);
        fst_jw_end(w, ']');
    }
    fst_jw_end(w, '}');
}

void fst_profile_write(const struct fst_profile *p, struct fst_buf *json)
{
    struct fst_json_writer w = fst_json_writer(json);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "app_id", p->app_id);
    fst_jw_string(&w, "app_name", p->app_name);
    fst_jw_string(&w, "spark_version", p->spark_version);
    fst_jw_string(&w, "source", p->source);
    fst_jw_int(&w, "started_us", p->started_us);
    fst_jw_int(&w, "ended_us", p->ended_us);
    fst_jw_bool(&w, "finished", p->finished);
    fst_jw_int(&w, "executors", p->executors);
    fst_jw_int(&w, "cores", p->cores);
    fst_jw_int(&w, "executors_lost", p->executors_lost);
    fst_jw_int(&w, "core_us", p->core_us);
    fst_jw_object(&w, "conf");
    for (size_t i = 0; i < p->n_conf; i++)
        fst_jw_string(&w, p->conf[i].key, p->conf[i].value);
    fst_jw_end(&w, '}');
    fst_jw_list(&w, "stages");
    for (size_t i = 0; i < p->n_stages; i++)
        write_stage(&w, &p->stages[i]);
    fst_jw_end(&w, ']');
    fst_jw_end(&w, '}');
}

/* ---- Back --------------------------------------------------------------------------------------
 */

static const char *state_named(const char *text)
{
    static const char *const states[] = {"PENDING", "ACTIVE", "COMPLETE", "FAILED", "SKIPPED"};
    for (size_t i = 0; text && i < FST_COUNT(states); i++)
        if (strcmp(states[i], text) == 0)
            return states[i];
    return "PENDING";
}

static void read_spread(const struct fst_doc *list, struct fst_spread *to)
{
    *to = (struct fst_spread){{-1}};
    for (size_t i = 0; list && list->n == FST_QUANTILES && i < FST_QUANTILES; i++)
        if (!fst_doc_int(&list->items[i], &to->at[i]) || to->at[i] < 0) {
            *to = (struct fst_spread){{-1}};
            return;
        }
}

static void read_stage(struct fst_arena *a, const struct fst_doc *d, struct fst_stage *s)
{
    for (size_t i = 0; i < FST_COUNT(numbers); i++)
        *(int64_t *)at(s, numbers[i].offset) = doc_int(d, numbers[i].name, numbers[i].fallback);
    int64_t attempt = doc_int(d, "attempt", 0);
    s->attempt = attempt >= 0 && attempt < INT32_MAX ? (int)attempt : 0;
    s->state = state_named(doc_text(a, d, "state"));
    for (size_t i = 0; i < FST_COUNT(texts); i++) {
        const char *text = doc_text(a, d, texts[i].name);
        *(const char **)at(s, texts[i].offset) = text ? text : texts[i].fallback;
    }
    for (size_t i = 0; i < FST_COUNT(spreads); i++)
        read_spread(doc_list(d, spreads[i].name), at(s, spreads[i].offset));
}

static void read_whole(struct fst_profile *p, const struct fst_doc *d)
{
    const struct fst_doc *conf = fst_doc_get(d, "conf"), *finished = fst_doc_get(d, "finished");
    const char *source = doc_text(p->arena, d, "source");
    p->app_id = doc_text(p->arena, d, "app_id");
    p->app_name = doc_text(p->arena, d, "app_name");
    p->spark_version = doc_text(p->arena, d, "spark_version");
    p->source = source ? source : "";
    p->started_us = doc_int(d, "started_us", 0);
    p->ended_us = doc_int(d, "ended_us", 0);
    p->executors = doc_int(d, "executors", -1);
    p->cores = doc_int(d, "cores", -1);
    p->executors_lost = doc_int(d, "executors_lost", -1);
    p->core_us = doc_int(d, "core_us", -1);
    if (finished)
        fst_doc_bool(finished, &p->finished);
    for (size_t i = 0; conf && conf->kind == FST_DOC_MAP && i < conf->n; i++)
        if (conf->items[i].kind == FST_DOC_STRING)
            conf_set(p, conf->items[i].key, conf->items[i].text);
}

enum fst_status fst_profile_read(const char *name, const char *json, size_t n,
                                 struct fst_profile **out, struct fst_error *err)
{
    struct fst_profile *p = fst_profile_new("");
    struct fst_arena *scratch = fst_arena_new();
    struct fst_doc_limits limits = {.bytes = MAX_JSON, .nodes = (size_t)8 << 20};
    struct fst_doc *doc;
    enum fst_status status = fst_json_parse(scratch, name, json, n, &limits, &doc, err);
    const struct fst_doc *stages = status == FST_OK ? doc_list(doc, "stages") : NULL;
    if (status == FST_OK && !stages)
        status = fst_fail(err, FST_EFORMAT, "%s: is no profile: it has no list of stages", name);
    if (status == FST_OK) {
        read_whole(p, doc);
        p->stages = fst_arena_alloc(p->arena, (stages->n + 1) * sizeof *p->stages);
        for (size_t i = 0; i < stages->n && i < MAX_STAGES; i++)
            if (stages->items[i].kind == FST_DOC_MAP)
                read_stage(p->arena, &stages->items[i], &p->stages[p->n_stages++]);
        *out = p;
    } else {
        fst_profile_free(p);
    }
    fst_arena_free(scratch);
    return status;
}
