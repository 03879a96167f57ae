/* Each rule on a profile made for it: past its bounds it speaks, below each bound it is silent. */
#include "firesteel/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S 1000000LL
#define MIB (1LL << 20)

/* The work of a cluster: two executors with 8 cores, 100 s; one complete stage of 90 s. */
static struct fst_profile *made(void)
{
    struct fst_profile *p = fst_profile_new("rest");
    p->started_us = 1000 * S;
    p->ended_us = 1100 * S;
    p->finished = true;
    p->executors = 2;
    p->cores = 16;
    p->core_us = 1600 * S;
    p->stages = fst_arena_alloc(p->arena, 2 * sizeof *p->stages);
    p->n_stages = 1;
    struct fst_stage *s = p->stages;
    *s = (struct fst_stage){.id = 7,
                            .state = "COMPLETE",
                            .name = "save at X.java:0",
                            .nodes = "SortMergeJoin, Sort",
                            .node = "SortMergeJoin",
                            .words = "user_id",
                            .submitted_us = 1005 * S,
                            .completed_us = 1095 * S,
                            .tasks = 200,
                            .tasks_done = 200,
                            .run_us = 1400 * S,
                            .files = -1,
                            .file_bytes = -1,
                            .hot_bytes = -1};
    s->duration_us = (struct fst_spread){{6 * S, 7 * S, 7 * S, 7 * S, 7 * S, 7 * S}};
    s->gc_spread_us.at[0] = s->input_spread.at[0] = s->shuffle_read_spread.at[0] = -1;
    s->spill_spread.at[0] = -1;
    return p;
}

static struct fst_findings f;

static const struct fst_finding *look(const struct fst_profile *p, const char *rule,
                                      const struct fst_findings_options *o)
{
    fst_findings_done(&f);
    fst_findings_of(p, o, &f);
    for (size_t i = 0; i < f.n; i++)
        if (strcmp(f.items[i].rule, rule) == 0)
            return &f.items[i];
    return NULL;
}

static void conf(struct fst_profile *p, const char *key, const char *value)
{
    struct fst_property_pair *all = fst_arena_alloc(p->arena, (p->n_conf + 1) * sizeof *all);
    if (p->n_conf)
        memcpy(all, p->conf, p->n_conf * sizeof *all);
    all[p->n_conf++] = (struct fst_property_pair){key, value};
    p->conf = all;
}

/* Speaks once `break_it` was done, with a measure, a bound and its stage; not before, not when the
 * stage is a small part of the time, not when muted without saying so. */
static struct fst_profile *speaks(const char *rule, void (*break_it)(struct fst_stage *s))
{
    struct fst_profile *p = made();
    assert_null(look(p, rule, NULL));
    break_it(p->stages);
    const struct fst_finding *x = look(p, rule, NULL);
    if (!x)
        fail_msg("%s is silent", rule);
    assert_true(*x->text && *x->measured && *x->threshold);
    assert_int_equal(x->stage, 7);
    assert_string_equal(x->node, p->stages->node);
    assert_true(x->share > 0.89 && x->share < 0.91);
    const char *muted[] = {rule, NULL};
    x = look(p, rule, &(struct fst_findings_options){.muted = muted});
    assert_true(x && x->muted);
    return p;
}

/* The same stage, one second long in work of 100 s. */
static void is_silent_on_a_small_share(struct fst_profile *p, const char *rule)
{
    p->stages->completed_us = p->stages->submitted_us + 1 * S;
    assert_null(look(p, rule, NULL));
    fst_profile_free(p);
}

static void slow_task(struct fst_stage *s)
{
    s->duration_us = (struct fst_spread){{1 * S, 2 * S, 2 * S, 2 * S, 3 * S, 60 * S}};
}

static void test_rules__skew_needs_ratio_floor_and_share(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("skew", slow_task);
    p->stages->duration_us.at[5] = 6 * S; /* 3 x is not more than 3 x */
    assert_null(look(p, "skew", NULL));
    p->stages->duration_us = (struct fst_spread){{10000, 10000, 10000, 10000, 10000, 4900000}};
    assert_null(look(p, "skew", NULL));
    slow_task(p->stages);
    assert_non_null(look(p, "skew", NULL));
    is_silent_on_a_small_share(p, "skew");
}

static void test_rules__skew_advises_the_first_switch_that_is_off(void **state)
{
    (void)state;
    struct fst_profile *p = made();
    slow_task(p->stages);
    const char *hint = "look for the hot key";
    assert_non_null(strstr(look(p, "skew", NULL)->advice, hint));
    conf(p, "spark.sql.adaptive.skewJoin.enabled", "false");
    assert_non_null(strstr(look(p, "skew", NULL)->advice,
                           "set spark.sql.adaptive.skewJoin.enabled to true (now false)"));
    conf(p, "spark.sql.adaptive.enabled", "false");
    assert_non_null(
        strstr(look(p, "skew", NULL)->advice, "set spark.sql.adaptive.enabled to true"));
    p->stages->nodes = p->stages->node = "HashAggregate";
    assert_non_null(strstr(look(p, "skew", NULL)->advice, hint));
    fst_profile_free(p);
}

static void test_rules__skew_is_seen_on_a_running_stage(void **state)
{
    (void)state;
    struct fst_profile *p = made();
    slow_task(p->stages);
    p->ended_us = p->stages->completed_us = 0;
    p->finished = false;
    p->stages->state = "ACTIVE";
    p->stages->tasks_done = 150;
    p->stages->tasks_active = 16;
    const struct fst_finding *x =
        look(p, "skew", &(struct fst_findings_options){.now_us = 1050 * S});
    assert_non_null(x);
    assert_true(x->share > 0.89 && x->share < 0.91); /* 45 of 50 s until now */
    fst_profile_free(p);
}

static void large_task(struct fst_stage *s)
{
    s->shuffle_read_bytes = 2000 * MIB;
    s->shuffle_read_spread =
        (struct fst_spread){{1 * MIB, 2 * MIB, 2 * MIB, 2 * MIB, 3 * MIB, 900 * MIB}};
}

static void test_rules__data_skew_needs_ten_mebibytes(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("data-skew", large_task);
    p->stages->shuffle_read_spread.at[5] = 9 * MIB;
    assert_null(look(p, "data-skew", NULL));
    large_task(p->stages);
    is_silent_on_a_small_share(p, "data-skew");
}

static void hot(struct fst_stage *s)
{
    s->input_bytes = 1000 * MIB;
    s->hot_bytes = 900 * MIB;
}

static void test_rules__one_executor_is_never_a_hotspot(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("hotspot", hot);
    p->executors = 1;
    assert_null(look(p, "hotspot", NULL));
    p->executors = 2;
    p->stages->hot_bytes = 600 * MIB; /* of two, 60 % is no hotspot */
    assert_null(look(p, "hotspot", NULL));
    hot(p->stages);
    is_silent_on_a_small_share(p, "hotspot");
}

static void spills(struct fst_stage *s)
{
    s->spill_memory_bytes = 4000 * MIB;
    s->spill_disk_bytes = 900 * MIB;
    s->shuffle_read_bytes = 9000 * MIB;
}

static void test_rules__spill_advises_more_partitions_than_there_are(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("spill-disk", spills);
    const struct fst_finding *x = look(p, "spill-disk", NULL);
    assert_string_equal(x->setting, "spark.sql.shuffle.partitions");
    assert_string_equal(x->setting_value, "200");
    assert_non_null(strstr(x->advice, "set spark.sql.shuffle.partitions to 400 (now 200)"));
    assert_null(look(p, "spill-memory", NULL));
    is_silent_on_a_small_share(p, "spill-disk");
}

static void short_of_memory(struct fst_stage *s)
{
    s->spill_memory_bytes = 51 * MIB;
}

static void test_rules__memory_is_advised_for_the_next_start_only(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("spill-memory", short_of_memory);
    conf(p, "spark.executor.memory", "6g");
    const struct fst_finding *x = look(p, "spill-memory", NULL);
    assert_string_equal(x->setting, "spark.executor.memory");
    assert_string_equal(x->setting_value, "6g");
    assert_non_null(strstr(x->advice, "on the provider, for the next start"));
    conf(p, "spark.master", "local[2]");
    assert_string_equal(look(p, "spill-memory", NULL)->setting, "spark.driver.memory");
    p->n_conf = 0;
    conf(p, "spark.master", "local-cluster[2,1,1024]"); /* has executors of its own */
    assert_string_equal(look(p, "spill-memory", NULL)->setting, "spark.executor.memory");
    p->stages->spill_memory_bytes = 50 * MIB;
    assert_null(look(p, "spill-memory", NULL));
    short_of_memory(p->stages);
    is_silent_on_a_small_share(p, "spill-memory");
}

static void collects(struct fst_stage *s)
{
    s->gc_us = s->run_us / 4;
}

static void test_rules__garbage_collection_over_a_fifth(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("gc", collects);
    p->stages->gc_us = p->stages->run_us / 5;
    assert_null(look(p, "gc", NULL));
    p->stages->run_us = 8 * S; /* under the floor */
    p->stages->gc_us = 7 * S;
    assert_null(look(p, "gc", NULL));
    p->stages->run_us = 20 * S;
    is_silent_on_a_small_share(p, "gc");
}

static void waits(struct fst_stage *s)
{
    s->fetch_wait_us = s->run_us / 3;
}

static void test_rules__waiting_for_shuffles_over_a_quarter(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("fetch-wait", waits);
    p->stages->fetch_wait_us = p->stages->run_us / 4;
    assert_null(look(p, "fetch-wait", NULL));
    waits(p->stages);
    is_silent_on_a_small_share(p, "fetch-wait");
}

static void many_files(struct fst_stage *s)
{
    s->node = s->nodes = "Scan parquet";
    s->files = 5000;
    s->file_bytes = 5000 * MIB;
    s->input_bytes = 300 * MIB;
}

static void test_rules__small_files_are_many_and_small(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("small-files", many_files);
    p->stages->files = 100;
    p->stages->file_bytes = 100 * MIB;
    assert_null(look(p, "small-files", NULL));
    p->stages->files = 5000;
    p->stages->file_bytes = 15000 * MIB;
    assert_null(look(p, "small-files", NULL));
    many_files(p->stages);
    is_silent_on_a_small_share(p, "small-files");
}

static void alone(struct fst_stage *s)
{
    s->tasks = s->tasks_done = 1;
}

static void test_rules__a_single_task_over_thirty_seconds(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("single-task", alone);
    p->stages->completed_us = p->stages->submitted_us + 30 * S;
    assert_null(look(p, "single-task", NULL));
    p->stages->completed_us = p->stages->submitted_us + 31 * S;
    assert_non_null(look(p, "single-task", NULL));
    p->cores = 1; /* there is nobody to share with */
    assert_null(look(p, "single-task", NULL));
    fst_profile_free(p);
}

static void tiny(struct fst_stage *s)
{
    s->tasks = s->tasks_done = 20000;
    s->shuffle_read_bytes = 100 * MIB;
    s->duration_us = (struct fst_spread){{10000, 20000, 30000, 40000, 50000, 90000}};
}

static void test_rules__tiny_tasks_never_advise_what_is_in_force(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("tiny-tasks", tiny);
    conf(p, "spark.sql.shuffle.partitions", "20000");
    assert_non_null(strstr(look(p, "tiny-tasks", NULL)->advice, "to 2000 (now 20000)"));
    p->n_conf = 0;
    conf(p, "spark.sql.shuffle.partitions", "2000");
    const struct fst_finding *x = look(p, "tiny-tasks", NULL);
    assert_null(x->advice);
    assert_string_equal(x->setting_value, "2000");
    p->stages->tasks = 5000;
    assert_null(look(p, "tiny-tasks", NULL));
    tiny(p->stages);
    is_silent_on_a_small_share(p, "tiny-tasks");
}

static void few(struct fst_stage *s)
{
    s->tasks = s->tasks_done = 4;
    s->input_bytes = 40000 * MIB;
}

static void test_rules__few_tasks_with_a_gibibyte_each(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("few-tasks", few);
    p->cores = 7; /* more than half of them work */
    assert_null(look(p, "few-tasks", NULL));
    p->cores = 16;
    p->stages->input_bytes = 4 * 1024 * MIB;
    assert_null(look(p, "few-tasks", NULL));
    few(p->stages);
    is_silent_on_a_small_share(p, "few-tasks");
}

static void explodes(struct fst_stage *s)
{
    s->shuffle_read_rows = 1000000;
    s->shuffle_write_rows = 50000000;
}

static void test_rules__more_rows_out_than_in(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("explosion", explodes);
    p->stages->shuffle_write_rows = 10000000;
    assert_null(look(p, "explosion", NULL));
    p->stages->shuffle_read_rows = 10;
    p->stages->shuffle_write_rows = 1000000;
    assert_null(look(p, "explosion", NULL));
    explodes(p->stages);
    is_silent_on_a_small_share(p, "explosion");
}

static void crosses(struct fst_stage *s)
{
    s->nodes = "BroadcastNestedLoopJoin, Scan parquet";
    s->node = "BroadcastNestedLoopJoin";
    s->input_rows = 5000000;
}

static void test_rules__cross_joins_with_a_large_input(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("cross-join", crosses);
    p->stages->input_rows = 99999;
    assert_null(look(p, "cross-join", NULL));
    crosses(p->stages);
    is_silent_on_a_small_share(p, "cross-join");
}

static void fails(struct fst_stage *s)
{
    s->tasks_failed = 3;
    s->failure = "Job aborted: row 3 is bad\n\tat X.java";
    s->state = "FAILED";
}

static void test_rules__failures_are_told_whatever_their_share(void **state)
{
    (void)state;
    struct fst_profile *p = speaks("task-failures", fails);
    const struct fst_finding *x = look(p, "task-failures", NULL);
    assert_int_equal(x->severity, 3);
    assert_non_null(strstr(x->text, "row 3 is bad"));
    assert_null(strstr(x->text, "X.java"));
    p->stages->completed_us = p->stages->submitted_us + 1000;
    assert_non_null(look(p, "task-failures", NULL));
    fst_profile_free(p);
}

static void test_rules__lost_executors(void **state)
{
    (void)state;
    struct fst_profile *p = made();
    assert_null(look(p, "executors-lost", NULL));
    p->executors_lost = 1;
    assert_non_null(look(p, "executors-lost", NULL));
    fst_profile_free(p);
}

static void test_rules__idle_cores_over_half(void **state)
{
    (void)state;
    struct fst_profile *p = made();
    assert_null(look(p, "idle-cores", NULL));
    p->stages->run_us = 790 * S;
    assert_non_null(look(p, "idle-cores", NULL));
    p->stages->run_us = 800 * S;
    assert_null(look(p, "idle-cores", NULL));
    p->stages->run_us = 10 * S;
    p->ended_us = p->started_us + 29 * S; /* too short to say */
    assert_null(look(p, "idle-cores", NULL));
    fst_profile_free(p);
}

static void test_rules__slower_than_the_run_before(void **state)
{
    (void)state;
    struct fst_profile *p = made(), *before = made();
    struct fst_findings_options o = {.before = before};
    assert_null(look(p, "slower", &o));
    before->ended_us = before->started_us + 60 * S;
    assert_non_null(look(p, "slower", &o));
    fst_profile_free(p);
    fst_profile_free(before);
}

static void test_rules__are_ordered_by_their_share_of_the_time(void **state)
{
    (void)state;
    struct fst_profile *p = made();
    p->stages[1] = p->stages[0];
    p->n_stages = 2;
    p->stages[0].id = 1;
    p->stages[0].completed_us = p->stages[0].submitted_us + 20 * S;
    collects(&p->stages[0]);
    collects(&p->stages[1]);
    look(p, "gc", NULL);
    assert_int_equal(f.n, 2);
    assert_int_equal(f.items[0].stage, 7);
    assert_int_equal(f.items[1].stage, 1);
    assert_true(f.items[0].share > f.items[1].share);
    fst_profile_free(p);
}

static double strict(void *arg, const char *name)
{
    (void)arg;
    return strcmp(name, "skew.ratio") == 0 ? 100 : strcmp(name, "gc.percent") == 0 ? -5 : 1e300;
}

static void test_rules__thresholds_can_be_set_within_their_bounds(void **state)
{
    (void)state;
    struct fst_profile *p = made();
    slow_task(p->stages);
    assert_non_null(look(p, "skew", NULL));
    assert_null(look(p, "skew", &(struct fst_findings_options){.threshold = strict}));
    for (size_t i = 0; i < fst_n_thresholds; i++) {
        const struct fst_threshold *t = &fst_thresholds[i];
        assert_true(t->least <= t->fallback && t->fallback <= t->most);
    }
    fst_profile_free(p);
}

static uint32_t line_in(struct fst_profile *p, const char *sql)
{
    return look(p, "skew", &(struct fst_findings_options){.sql = sql})->line;
}

static void test_rules__a_line_is_told_only_when_it_is_the_only_one(void **state)
{
    (void)state;
    struct fst_profile *p = made();
    slow_task(p->stages);
    assert_int_equal(line_in(p, "SELECT user_id\nFROM a\nJOIN b USING (user_id)"), 3);
    assert_int_equal(line_in(p, "FROM a JOIN b USING (USER_ID)\nWHERE x_user_id = 1"), 1);
    assert_int_equal(line_in(p, "FROM a\nJOIN b USING (user_id)\nJOIN c USING (user_id)"), 0);
    assert_int_equal(line_in(p, "FROM a\nJOIN b USING (item)"), 0);
    p->stages->words = "a_id b_id";
    assert_int_equal(line_in(p, "SELECT a_id\nFROM a JOIN b\n  ON a_id = b_id"), 3);
    p->stages->node = "Scan parquet";
    p->stages->words = "run1 clicks outputs";
    assert_int_equal(line_in(p, "SELECT 1\nFROM {{clicks.v1}}\nWHERE clicks > 1"), 2);
    assert_int_equal(line_in(p, NULL), 0);
    fst_profile_free(p);
}

static void test_rules__json_says_what_the_text_says(void **state)
{
    (void)state;
    struct fst_profile *p = made();
    struct fst_buf text = FST_BUF_TEXT, json = FST_BUF_TEXT;
    slow_task(p->stages);
    look(p, "skew", &(struct fst_findings_options){.sql = "x\nJOIN b USING (user_id)"});
    fst_findings_text(&f, &text);
    fst_findings_json(&f, &json);
    assert_non_null(strstr(fst_buf_text(&json), "\"rule\":\"skew\""));
    assert_non_null(strstr(fst_buf_text(&json), "\"stage\":7"));
    assert_non_null(strstr(fst_buf_text(&json), "\"line\":2"));
    for (size_t i = 0; i < f.n; i++) {
        const char *all[] = {f.items[i].text, f.items[i].measured, f.items[i].threshold,
                             f.items[i].advice};
        for (size_t k = 0; k < FST_COUNT(all); k++) {
            assert_non_null(strstr(fst_buf_text(&text), all[k]));
            assert_non_null(strstr(fst_buf_text(&json), all[k]));
        }
    }
    fst_buf_done(&text);
    fst_buf_done(&json);
    fst_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules__skew_needs_ratio_floor_and_share),
        cmocka_unit_test(test_rules__skew_advises_the_first_switch_that_is_off),
        cmocka_unit_test(test_rules__skew_is_seen_on_a_running_stage),
        cmocka_unit_test(test_rules__data_skew_needs_ten_mebibytes),
        cmocka_unit_test(test_rules__one_executor_is_never_a_hotspot),
        cmocka_unit_test(test_rules__spill_advises_more_partitions_than_there_are),
        cmocka_unit_test(test_rules__memory_is_advised_for_the_next_start_only),
        cmocka_unit_test(test_rules__garbage_collection_over_a_fifth),
        cmocka_unit_test(test_rules__waiting_for_shuffles_over_a_quarter),
        cmocka_unit_test(test_rules__small_files_are_many_and_small),
        cmocka_unit_test(test_rules__a_single_task_over_thirty_seconds),
        cmocka_unit_test(test_rules__tiny_tasks_never_advise_what_is_in_force),
        cmocka_unit_test(test_rules__few_tasks_with_a_gibibyte_each),
        cmocka_unit_test(test_rules__more_rows_out_than_in),
        cmocka_unit_test(test_rules__cross_joins_with_a_large_input),
        cmocka_unit_test(test_rules__failures_are_told_whatever_their_share),
        cmocka_unit_test(test_rules__lost_executors),
        cmocka_unit_test(test_rules__idle_cores_over_half),
        cmocka_unit_test(test_rules__slower_than_the_run_before),
        cmocka_unit_test(test_rules__are_ordered_by_their_share_of_the_time),
        cmocka_unit_test(test_rules__thresholds_can_be_set_within_their_bounds),
        cmocka_unit_test(test_rules__a_line_is_told_only_when_it_is_the_only_one),
        cmocka_unit_test(test_rules__json_says_what_the_text_says),
    };
    int code = cmocka_run_group_tests(tests, NULL, NULL);
    fst_findings_done(&f);
    return code;
}
