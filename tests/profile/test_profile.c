/* One application of real Spark 4.3 seen three ways (tests/profile/data, made by make_fixtures.py):
 * its live REST answers, those of a History Server, and its event log. */
#include "firesteel/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "profile.h"

#define DATA "tests/profile/data/"

static struct fst_error err;

static char *read_text(const char *path, size_t *n)
{
    char *text = NULL;
    if (fst_file_read(path, 16 << 20, &text, n, &err) != FST_OK)
        fail_msg("%s", err.text);
    return text;
}

static struct fst_doc *parse(struct fst_arena *a, const char *path)
{
    size_t n;
    struct fst_doc *doc;
    char *text = read_text(path, &n);
    if (fst_json_parse(a, path, text, n, NULL, &doc, &err) != FST_OK)
        fail_msg("%s", err.text);
    free(text);
    return doc;
}

static struct fst_profile *of_rest(const char *app, const char *side, const char *tag)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_profile_rest in = {.tag = tag};
    const struct fst_doc **to[] = {&in.application, &in.jobs, &in.stages,
                                   &in.executors,   &in.sql,  &in.environment};
    const char *names[] = {"application", "jobs", "stages", "executors", "sql", "environment"};
    for (size_t i = 0; i < FST_COUNT(to); i++)
        *to[i] = parse(a, fst_arena_printf(a, DATA "%s/%s-%s.json", app, side, names[i]));
    struct fst_profile *p = NULL;
    if (fst_profile_of_rest(&in, &p, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_arena_free(a);
    return p;
}

static struct fst_profile *of_lines(const char *text, size_t n, const char *tag, size_t *damaged)
{
    struct fst_event_log *l = fst_event_log_new();
    struct fst_profile *p = NULL;
    for (const char *end = text + n; text < end;) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t len = stop ? (size_t)(stop - text) : (size_t)(end - text);
        fst_event_log_line(l, text, len);
        text += len + 1;
    }
    if (fst_event_log_finish(l, tag, &p, damaged, &err) != FST_OK)
        fail_msg("%s", err.text);
    return p;
}

static struct fst_profile *of_log(const char *path, const char *tag)
{
    size_t n, damaged;
    char *text = read_text(path, &n);
    struct fst_profile *p = of_lines(text, n, tag, &damaged);
    assert_int_equal(damaged, 0);
    free(text);
    return p;
}

static char *findings_json(const struct fst_profile *p, const char *sql)
{
    struct fst_findings f;
    struct fst_buf json = FST_BUF_TEXT;
    fst_findings_of(p, &(struct fst_findings_options){.sql = sql}, &f);
    fst_findings_json(&f, &json);
    fst_findings_done(&f);
    return fst_buf_take(&json);
}

/* All that is kept, without where it is from. */
static char *profile_json(const struct fst_profile *p)
{
    struct fst_profile copy = *p;
    struct fst_buf json = FST_BUF_TEXT;
    copy.source = "";
    copy.finished = true;
    fst_profile_write(&copy, &json);
    return fst_buf_take(&json);
}

static const struct fst_finding *finding(const struct fst_findings *f, const char *rule)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].rule, rule) == 0)
            return &f->items[i];
    return NULL;
}

static const char sql[] = "SELECT c.item,\n"
                          "       u.grp,\n"
                          "       slow(u.grp) AS slept\n"
                          "FROM clicks c\n"
                          "JOIN users u ON c.user_id = u.user_id";

static void test_profile__the_one_slow_task_of_200_is_found(void **state)
{
    (void)state;
    struct fst_profile *p = of_rest("skew", "live", "run-skew");
    struct fst_findings f;
    fst_findings_of(p, &(struct fst_findings_options){.sql = sql}, &f);
    const struct fst_finding *skew = finding(&f, "skew");
    assert_non_null(skew);
    assert_non_null(strstr(skew->text, "of 200 tasks"));
    assert_string_equal(skew->node, "SortMergeJoin");
    assert_int_equal(skew->line, 5);
    assert_string_equal(skew->setting, "spark.sql.adaptive.skewJoin.enabled");
    assert_string_equal(skew->setting_value, "true");
    assert_true(skew->share > 0.5);
    assert_ptr_equal(skew, &f.items[0]);
    fst_findings_done(&f);
    fst_profile_free(p);
}

static void test_profile__sources_tell_the_same(void **state)
{
    (void)state;
    static const char *const tags[] = {NULL, "run-skew", "-skew", "run-other"};
    for (size_t i = 0; i < FST_COUNT(tags); i++) {
        struct fst_profile *p[] = {of_rest("skew", "live", tags[i]),
                                   of_rest("skew", "history", tags[i]),
                                   of_log(DATA "skew/events.jsonl", tags[i])};
        char *kept[3], *found[3];
        for (size_t k = 0; k < 3; k++) {
            kept[k] = profile_json(p[k]);
            found[k] = findings_json(p[k], sql);
        }
        for (size_t k = 1; k < 3; k++) {
            assert_string_equal(found[0], found[k]);
            if (k == 1)
                assert_string_equal(kept[0], kept[k]);
        }
        for (size_t k = 0; k < 3; k++) {
            fst_profile_free(p[k]);
            free(kept[k]);
            free(found[k]);
        }
    }
}

/* The log knows the executors of each stage, REST only the most that one read. */
static void test_profile__stages_of_log_and_rest_are_equal(void **state)
{
    (void)state;
    struct fst_profile *a = of_rest("skew", "live", NULL),
                       *b = of_log(DATA "skew/events.jsonl", NULL);
    for (size_t i = 0; i < b->n_stages; i++)
        b->stages[i].executors = -1;
    char *x = profile_json(a), *y = profile_json(b);
    for (size_t i = 0; x[i] || y[i]; i++)
        if (x[i] != y[i])
            fail_msg("%.80s\n%.80s", x + (i > 30 ? i - 30 : 0), y + (i > 30 ? i - 30 : 0));
    free(x);
    free(y);
    fst_profile_free(a);
    fst_profile_free(b);
}

/* Of a shared application, what another session had set is not in force here. */
static void test_profile__only_settings_of_the_own_session_count(void **state)
{
    (void)state;
    struct fst_buf log = FST_BUF_TEXT;
    for (int i = 0; i < 2; i++)
        fst_buf_printf(&log,
                       "{\"Event\":\"SparkListenerSQLExecutionStart\",\"executionId\":%d,"
                       "\"modifiedConfigs\":{\"spark.sql.shuffle.partitions\":\"%d\"}}\n"
                       "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":%d,\"Stage IDs\":[%d],"
                       "\"Stage Infos\":[{\"Stage ID\":%d,\"Stage Name\":\"s\"}],\"Properties\":{"
                       "\"spark.sql.execution.id\":\"%d\",\"spark.job.tags\":\"x,run-%d\"}}\n",
                       i, 70 + i, i, i, i, i, i);
    struct fst_profile *p = of_lines(fst_buf_text(&log), log.n, "run-0", NULL);
    assert_int_equal(p->n_stages, 1);
    assert_int_equal(p->n_conf, 1);
    assert_string_equal(p->conf[0].value, "70");
    fst_profile_free(p);
    fst_buf_done(&log);
}

/* Servers before 4.3 tell no operators' own texts: the text of the plan says the keys too. */
static void test_profile__the_plan_text_gives_the_line_as_well(void **state)
{
    (void)state;
    struct fst_arena *a = fst_arena_new();
    size_t n;
    char *text = read_text(DATA "skew/live-sql.json", &n);
    struct fst_doc *sql_doc;
    for (char *at = text; (at = strstr(at, "\"desc\":"));)
        memcpy(at, "\"none\"", 6);
    assert_int_equal(fst_json_parse(a, "sql", text, n, NULL, &sql_doc, &err), FST_OK);
    struct fst_profile_rest in = {.jobs = parse(a, DATA "skew/live-jobs.json"),
                                  .stages = parse(a, DATA "skew/live-stages.json"),
                                  .sql = sql_doc};
    struct fst_profile *p = NULL;
    struct fst_findings f;
    assert_int_equal(fst_profile_of_rest(&in, &p, &err), FST_OK);
    fst_findings_of(p, &(struct fst_findings_options){.sql = sql}, &f);
    assert_non_null(finding(&f, "skew"));
    assert_int_equal(finding(&f, "skew")->line, 5);
    fst_findings_done(&f);
    fst_profile_free(p);
    fst_arena_free(a);
    free(text);
}

/* Spark cuts long paths in an operator's text; the text of the plan has them whole. */
static void test_profile__a_scan_is_known_by_the_end_of_its_path(void **state)
{
    (void)state;
    static const char path[] = "file:/data/a/rather/long/place/outputs/clicks/v1/run";
    struct fst_arena *a = fst_arena_new();
    const char *log = fst_arena_printf(
        a,
        "{\"Event\":\"SparkListenerSQLExecutionStart\",\"executionId\":0,"
        "\"physicalPlanDescription\":\"(1) Scan parquet \\nOutput [1]: [id#1]\\n"
        "Location: InMemoryFileIndex [%s]\\nReadSchema: struct<id:int>\\n\\n\","
        "\"sparkPlanInfo\":{\"nodeName\":\"Scan parquet \",\"simpleString\":\"FileScan parquet "
        "[id#1] Location: InMemoryFileIndex(1 paths)[file:/data/a/rath...\",\"children\":[],"
        "\"metrics\":[]}}\n"
        "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":0,\"Submission Time\":1000,"
        "\"Stage IDs\":[0],\"Stage Infos\":[{\"Stage ID\":0,\"Number of Tasks\":1,"
        "\"Stage Name\":\"s\"}],\"Properties\":{\"spark.sql.execution.id\":\"0\"}}\n",
        path);
    struct fst_profile *p = of_lines(log, strlen(log), NULL, NULL);
    assert_int_equal(p->n_stages, 1);
    assert_string_equal(p->stages[0].node, "Scan parquet");
    assert_string_equal(p->stages[0].words, "run v1 clicks outputs");
    fst_profile_free(p);
    fst_arena_free(a);
}

static void test_profile__only_stages_of_the_tag_are_kept(void **state)
{
    (void)state;
    struct fst_profile *all = of_rest("skew", "live", NULL),
                       *one = of_rest("skew", "live", "-other"),
                       *none = of_rest("skew", "live", "run-nobody");
    assert_true(one->n_stages > 0 && one->n_stages < all->n_stages);
    for (size_t i = 0; i < one->n_stages; i++)
        assert_true(one->stages[i].tasks < 200);
    assert_int_equal(none->n_stages, 0);
    fst_profile_free(all);
    fst_profile_free(one);
    fst_profile_free(none);
}

static void test_profile__is_the_same_after_write_and_read(void **state)
{
    (void)state;
    struct fst_profile *p = of_log(DATA "skew/events.jsonl", NULL), *q = NULL;
    struct fst_buf a = FST_BUF_TEXT, b = FST_BUF_TEXT;
    fst_profile_write(p, &a);
    assert_int_equal(fst_profile_read("profile.json", fst_buf_text(&a), a.n, &q, &err), FST_OK);
    fst_profile_write(q, &b);
    assert_string_equal(fst_buf_text(&a), fst_buf_text(&b));
    char *x = findings_json(p, sql), *y = findings_json(q, sql);
    assert_string_equal(x, y);
    free(x);
    free(y);
    fst_buf_done(&a);
    fst_buf_done(&b);
    fst_profile_free(p);
    fst_profile_free(q);
}

static void test_profile__nothing_changed_between_equal_runs(void **state)
{
    (void)state;
    struct fst_profile *a = of_rest("skew", "live", NULL),
                       *b = of_log(DATA "skew/events.jsonl", NULL);
    struct fst_profile_change *c;
    assert_int_equal(fst_profile_changes(a, b, a->arena, &c), 0);
    for (size_t i = 0; i < b->n_stages; i++)
        b->stages[i].id += 40; /* another application counts on */
    assert_int_equal(fst_profile_changes(a, b, a->arena, &c), 0);
    fst_profile_free(a);
    fst_profile_free(b);
}

static void test_profile__changes_are_told_by_stage(void **state)
{
    (void)state;
    struct fst_profile *a = of_rest("skew", "live", "run-skew"),
                       *b = of_rest("skew", "live", "run-skew");
    struct fst_profile_change *c;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < b->n_stages; i++)
        if (b->stages[i].node && strcmp(b->stages[i].node, "SortMergeJoin") == 0) {
            b->stages[i].spill_disk_bytes += 300 << 20;
            b->stages[i].tasks = 100;
        }
    size_t n = fst_profile_changes(a, b, a->arena, &c);
    fst_profile_changes_text(c, n, &text);
    assert_non_null(strstr(fst_buf_text(&text), "(SortMergeJoin): tasks 200 -> 100 (-50%)"));
    assert_non_null(strstr(fst_buf_text(&text), "(SortMergeJoin): spill 0 B -> "));
    assert_non_null(strstr(fst_buf_text(&text), "the whole: spill"));
    fst_buf_done(&text);
    fst_profile_free(a);
    fst_profile_free(b);
}

static void test_profile__damaged_lines_are_counted_and_skipped(void **state)
{
    (void)state;
    static const char log[] = "{\"Event\":\"SparkListenerApplicationStart\",\"App ID\":\"a\"}\n"
                              "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":\n"
                              "[1,2]\n\n"
                              "{\"Event\":\"of.another.Kind\",\"x\":1}\n"
                              "\xff\xfe\n";
    size_t damaged;
    struct fst_profile *p = of_lines(log, sizeof log - 1, NULL, &damaged);
    assert_int_equal(damaged, 3);
    assert_string_equal(p->app_id, "a");
    fst_profile_free(p);
}

static void test_profile__a_text_without_events_is_no_log(void **state)
{
    (void)state;
    struct fst_event_log *l = fst_event_log_new();
    struct fst_profile *p = NULL;
    size_t damaged = 0;
    fst_event_log_line(l, "hello", 5);
    assert_int_equal(fst_event_log_finish(l, NULL, &p, &damaged, &err), FST_EFORMAT);
    assert_int_equal(damaged, 1);
    assert_null(p);
}

static void test_profile__missing_answers_leave_gaps_not_errors(void **state)
{
    (void)state;
    struct fst_arena *a = fst_arena_new();
    struct fst_profile_rest in = {.stages = parse(a, DATA "skew/live-stages.json")};
    struct fst_profile *p = NULL, *q = NULL;
    assert_int_equal(fst_profile_of_rest(&in, &p, &err), FST_OK);
    assert_int_equal(p->executors, -1);
    assert_int_equal(p->cores, -1);
    assert_null(p->stages[0].nodes);
    assert_true(p->started_us > 0 && p->ended_us > p->started_us);
    fst_profile_free(p);
    in.stages = NULL;
    assert_int_equal(fst_profile_of_rest(&in, &q, &err), FST_EFORMAT);
    fst_arena_free(a);
}

static void test_profile__text_shows_every_stage(void **state)
{
    (void)state;
    struct fst_profile *p = of_rest("skew", "live", "run-skew");
    struct fst_buf text = FST_BUF_TEXT;
    fst_profile_text(p, 0, &text);
    assert_non_null(strstr(fst_buf_text(&text), "1 executor with 2 cores, Spark 4.3.0 (rest)"));
    assert_non_null(strstr(fst_buf_text(&text), "200/200"));
    assert_non_null(strstr(fst_buf_text(&text), "SortMergeJoin"));
    assert_non_null(strstr(fst_buf_text(&text), "SKIPPED"));
    fst_buf_done(&text);
    fst_profile_free(p);
}

/* Of more tasks than are kept, as many are drawn evenly, and that is told. */
static void test_profile__a_million_tasks_are_kept_and_more_are_drawn(void **state)
{
    (void)state;
    enum { TASKS = 1500000 };
    struct work *w = work_new("event log");
    struct work_stage *s = work_stage(w, 0, 0);
    for (int64_t i = 0; i < TASKS; i++)
        samples_add(w, s, (const int64_t[]){i, 0, 0, 0, 0});
    s->st.tasks_done = TASKS;
    samples_close(w, s);
    assert_int_equal(s->st.sampled, 1000000);
    assert_true(llabs(s->st.duration_us.at[2] - TASKS / 2) < TASKS / 100);
    assert_true(s->st.duration_us.at[5] > TASKS - TASKS / 100);
    struct fst_profile *p = work_finish(w, NULL);
    struct fst_buf text = FST_BUF_TEXT;
    fst_profile_text(p, 0, &text);
    assert_non_null(strstr(fst_buf_text(&text), "of 1000000 tasks drawn from 1500000"));
    fst_buf_done(&text);
    fst_profile_free(p);
}

/* ---- Hostile input -----------------------------------------------------------------------------
 */

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    return *seed ^= *seed << 17;
}

static void mutate(char *p, size_t n, uint64_t *seed)
{
    static const char *const pieces[] = {
        "9223372036854775807", "-1", "null", "[]", "{}", "\"", "1e308", "[", "0", "\\u0000"};
    for (size_t k = 1 + next(seed) % 4; k-- > 0 && n;) {
        size_t at = next(seed) % n;
        const char *piece = pieces[next(seed) % FST_COUNT(pieces)];
        size_t len = strlen(piece);
        if (next(seed) % 3 == 0)
            p[at] = (char)next(seed);
        else if (at + len <= n)
            memcpy(p + at, piece, len);
    }
}

/* The place of a number, so that what parses is mutated too. */
static void mutate_number(char *p, size_t n, uint64_t *seed)
{
    size_t at = n ? next(seed) % n : 0;
    while (at < n && (p[at] < '0' || p[at] > '9'))
        at++;
    for (; at < n && p[at] >= '0' && p[at] <= '9'; at++)
        p[at] = (char)('1' + next(seed) % 9);
}

static int rounds(int base)
{
    const char *more = getenv("FIRESTEEL_FUZZ");
    return base * (more ? atoi(more) : 1);
}

static void use(struct fst_profile *p)
{
    struct fst_buf text = FST_BUF_TEXT;
    char *json = findings_json(p, sql);
    fst_profile_text(p, 1, &text);
    fst_profile_write(p, &text);
    free(json);
    fst_buf_done(&text);
    fst_profile_free(p);
}

static void fuzz_log(uint64_t seed)
{
    size_t n;
    char *text = read_text(DATA "skew/events.jsonl", &n);
    struct fst_event_log *l = fst_event_log_new();
    struct fst_profile *p = NULL;
    size_t damaged;
    for (char *at = text, *stop; (stop = memchr(at, '\n', (size_t)(text + n - at)));
         at = stop + 1) {
        size_t len = (size_t)(stop - at);
        if (next(&seed) % 8 == 0)
            mutate(at, len, &seed);
        else if (next(&seed) % 2 == 0)
            mutate_number(at, len, &seed);
        fst_event_log_line(l, at, len);
    }
    if (fst_event_log_finish(l, next(&seed) % 2 ? NULL : "w", &p, &damaged, &err) == FST_OK)
        use(p);
    free(text);
}

static void test_profile__survives_mutated_logs(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(12); i++)
        fuzz_log(0x9E3779B97F4A7C15u + (uint64_t)i * 77);
}

static struct fst_doc *mutated_doc(struct fst_arena *a, const char *name, uint64_t *seed)
{
    size_t n;
    struct fst_doc *doc = NULL;
    char *text = read_text(fst_arena_printf(a, DATA "skew/live-%s.json", name), &n);
    for (int k = 0; k < 6; k++)
        mutate_number(text, n, seed);
    if (next(seed) % 4 == 0)
        mutate(text, n, seed);
    if (fst_json_parse(a, name, text, n, NULL, &doc, &err) != FST_OK)
        doc = NULL;
    free(text);
    return doc;
}

static void test_profile__survives_mutated_answers(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (int i = 0; i < rounds(60); i++) {
        struct fst_arena *a = fst_arena_new();
        struct fst_profile *p = NULL;
        struct fst_profile_rest in = {.application = mutated_doc(a, "application", &seed),
                                      .jobs = mutated_doc(a, "jobs", &seed),
                                      .stages = mutated_doc(a, "stages", &seed),
                                      .executors = mutated_doc(a, "executors", &seed),
                                      .sql = mutated_doc(a, "sql", &seed),
                                      .environment = mutated_doc(a, "environment", &seed)};
        if (i % 5 == 0)
            in.jobs = in.sql; /* an answer to another question */
        if (fst_profile_of_rest(&in, &p, &err) == FST_OK)
            use(p);
        fst_arena_free(a);
    }
}

static void test_profile__survives_mutated_profiles(void **state)
{
    (void)state;
    struct fst_profile *p = of_log(DATA "skew/events.jsonl", NULL), *q;
    struct fst_buf json = FST_BUF_TEXT;
    uint64_t seed = 7;
    fst_profile_write(p, &json);
    for (int i = 0; i < rounds(200); i++) {
        char *copy = fst_strndup(fst_buf_text(&json), json.n);
        for (int k = 0; k < 8; k++)
            mutate_number(copy, json.n, &seed);
        if (i % 3 == 0)
            mutate(copy, json.n, &seed);
        if (fst_profile_read("profile.json", copy, json.n, &q, &err) == FST_OK)
            use(q);
        free(copy);
    }
    fst_buf_done(&json);
    fst_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profile__the_one_slow_task_of_200_is_found),
        cmocka_unit_test(test_profile__sources_tell_the_same),
        cmocka_unit_test(test_profile__stages_of_log_and_rest_are_equal),
        cmocka_unit_test(test_profile__only_settings_of_the_own_session_count),
        cmocka_unit_test(test_profile__the_plan_text_gives_the_line_as_well),
        cmocka_unit_test(test_profile__a_scan_is_known_by_the_end_of_its_path),
        cmocka_unit_test(test_profile__only_stages_of_the_tag_are_kept),
        cmocka_unit_test(test_profile__is_the_same_after_write_and_read),
        cmocka_unit_test(test_profile__nothing_changed_between_equal_runs),
        cmocka_unit_test(test_profile__changes_are_told_by_stage),
        cmocka_unit_test(test_profile__damaged_lines_are_counted_and_skipped),
        cmocka_unit_test(test_profile__a_text_without_events_is_no_log),
        cmocka_unit_test(test_profile__missing_answers_leave_gaps_not_errors),
        cmocka_unit_test(test_profile__text_shows_every_stage),
        cmocka_unit_test(test_profile__a_million_tasks_are_kept_and_more_are_drawn),
        cmocka_unit_test(test_profile__survives_mutated_logs),
        cmocka_unit_test(test_profile__survives_mutated_answers),
        cmocka_unit_test(test_profile__survives_mutated_profiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
