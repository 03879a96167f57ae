/* Profiles of runs and of event logs in a workspace: what is found, muted, and changed since the
 * run before. The logs are of real Spark (tests/profile/data). */
#include "firesteel/app.h"
#include "home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char data[1024];
static struct fst_error err;

static int make_home(void **state)
{
    char here[900];
    if (!getcwd(here, sizeof here))
        return -1;
    snprintf(data, sizeof data, "%s/tests/profile/data", here);
    if (home_make(state) != 0)
        return -1;
    return fst_app_init(NULL, false, "firesteel", NULL, NULL, &err) == FST_OK ? 0 : -1;
}

static struct fst_app *open_with(const char *config)
{
    struct fst_app *a = NULL;
    struct fst_app_options o = {.config = "config-of-test.yaml", .program = "firesteel"};
    assert_int_equal(fst_file_write(o.config, config, strlen(config), 0600, &err), FST_OK);
    if (fst_app_open(&o, false, &a, &err) != FST_OK)
        return NULL;
    return a;
}

static void of_log(struct fst_app *a, const char *log, struct fst_app_profile *out)
{
    char *path = fst_path_join(data, log);
    if (fst_app_profile_of_log(a, path, NULL, out, &err) != FST_OK)
        fail_msg("%s", err.text);
    free(path);
}

static char *json_of(const struct fst_findings *f)
{
    struct fst_buf json = FST_BUF_TEXT;
    fst_findings_json(f, &json);
    return fst_buf_take(&json);
}

/* Every number of every stage; only a log knows how many executors took part. */
static char *stages_of(struct fst_profile *p)
{
    struct fst_buf json = FST_BUF_TEXT;
    for (size_t i = 0; i < p->n_stages; i++)
        p->stages[i].executors = -1;
    p->source = "";
    p->finished = true;
    fst_profile_write(p, &json);
    return fst_buf_take(&json);
}

static struct fst_profile *of_rest(const char *side)
{
    static const char *const names[] = {"application", "jobs", "stages",
                                        "executors",   "sql",  "environment"};
    struct fst_arena *a = fst_arena_new();
    struct fst_profile_rest in = {0};
    const struct fst_doc **to[] = {&in.application, &in.jobs, &in.stages,
                                   &in.executors,   &in.sql,  &in.environment};
    struct fst_profile *p = NULL;
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        const char *path = fst_arena_printf(a, "%s/trouble/%s-%s.json", data, side, names[i]);
        struct fst_doc *doc;
        char *text;
        size_t n;
        if (fst_file_read(path, 4 << 20, &text, &n, &err) != FST_OK ||
            fst_json_parse(a, path, text, n, NULL, &doc, &err) != FST_OK)
            fail_msg("%s", err.text);
        free(text);
        *to[i] = doc;
    }
    assert_int_equal(fst_profile_of_rest(&in, &p, &err), FST_OK);
    fst_arena_free(a);
    return p;
}

static bool has(const struct fst_findings *f, const char *rule)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].rule, rule) == 0)
            return true;
    return false;
}

static void test_app_profile__rolling_zstd_log_tells_what_rest_tells(void **state)
{
    (void)state;
    struct fst_app *a = open_with("");
    struct fst_app_profile p;
    of_log(a, "trouble/eventlog_v2_app", &p);
    assert_int_equal(p.damaged, 0);
    char *log = json_of(&p.findings);
    assert_true(has(&p.findings, "spill-disk") && has(&p.findings, "small-files"));
    assert_true(has(&p.findings, "task-failures"));
    char *whole = stages_of(p.profile);
    static const char *const sides[] = {"live", "history"};
    for (size_t i = 0; i < 2; i++) {
        struct fst_profile *rest = of_rest(sides[i]);
        struct fst_findings f;
        fst_findings_of(rest, NULL, &f);
        char *json = json_of(&f);
        assert_string_equal(log, json);
        char *kept = stages_of(rest);
        assert_string_equal(whole, kept);
        free(kept);
        free(json);
        fst_findings_done(&f);
        fst_profile_free(rest);
    }
    free(log);
    free(whole);
    fst_app_profile_done(&p);
    fst_app_close(a);
}

static void test_app_profile__thresholds_are_settings_within_bounds(void **state)
{
    (void)state;
    struct fst_app *a = open_with("findings:\n  small.files: 1000\n  spill: {disk.mb: 30}\n");
    struct fst_app_profile p;
    assert_non_null(a);
    of_log(a, "trouble/eventlog_v2_app", &p);
    assert_false(has(&p.findings, "small-files"));
    assert_true(has(&p.findings, "spill-disk"));
    fst_app_profile_done(&p);
    fst_app_close(a);
    assert_null(open_with("findings.skew.ratio: 0.5\n"));
    assert_non_null(strstr(err.text, "findings.skew.ratio"));
    assert_non_null(strstr(err.text, "1.1 to 10000"));
    assert_null(open_with("findings.skew.ratio: many\n"));
    assert_null(open_with("findings.muted: skew,nothing\n"));
}

static void put_run(struct fst_app *a, const struct fst_resource *r, const char *id,
                    int64_t created_us, const char *log, int64_t longer_us)
{
    struct fst_catalog *c;
    struct fst_app_profile p;
    struct fst_buf json = FST_BUF_TEXT;
    struct fst_run_record run = {.id = id,
                                 .resource_id = r->id,
                                 .name = r->name,
                                 .variant = r->variant,
                                 .kind = r->kind,
                                 .state = FST_STATE_READY,
                                 .attempt = 1,
                                 .provider = "",
                                 .engine = "connect",
                                 .host = "h",
                                 .user = "u",
                                 .created_us = created_us,
                                 .output = "/o",
                                 .rows = -1};
    char *dir = fst_path_join(fst_app_run_place(a)->runs_dir, id);
    char *path = fst_path_join(dir, "profile.json");
    of_log(a, log, &p);
    p.profile->ended_us += longer_us;
    fst_profile_write(p.profile, &json);
    assert_int_equal(fst_mkdirs(dir, 0700, &err), FST_OK);
    assert_int_equal(fst_file_write(path, fst_buf_text(&json), json.n, 0600, &err), FST_OK);
    assert_int_equal(fst_app_take(a, &c, &err), FST_OK);
    if (fst_catalog_add_run(c, &run, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_app_give(a, c);
    fst_app_profile_done(&p);
    fst_buf_done(&json);
    free(dir);
    free(path);
}

static struct fst_resource *put_transformation(struct fst_app *a, const char *name,
                                               const char *mute)
{
    struct fst_catalog *c;
    struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, name, "v1");
    r->sql = "SELECT c.item\nFROM clicks c\nJOIN users u ON c.user_id = u.user_id";
    fst_resource_set_property(r, "mute", mute);
    assert_int_equal(fst_app_take(a, &c, &err), FST_OK);
    if (fst_catalog_put(c, r, NULL, 0, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_app_give(a, c);
    return r;
}

static void test_app_profile__of_a_run_has_lines_mutes_and_changes(void **state)
{
    (void)state;
    struct fst_app *a = open_with("");
    struct fst_resource *r = put_transformation(a, "joined", "skew, gc");
    struct fst_app_profile p;
    put_run(a, r, "20260101-000001-aaaa", 1000, "skew/events.jsonl", 0);
    put_run(a, r, "20260101-000002-bbbb", 2000, "skew/events.jsonl", 0);
    put_run(a, r, "20260101-000003-cccc", 3000, "skew/events.jsonl", 90000000);

    assert_int_equal(fst_app_profile(a, "20260101-000001-aaaa", &p, &err), FST_OK);
    assert_null(p.before);
    assert_true(p.findings.n > 0 && has(&p.findings, "skew"));
    assert_true(p.findings.items[0].muted);
    assert_int_equal(p.findings.items[0].line, 3);
    fst_app_profile_done(&p);

    assert_int_equal(fst_app_profile(a, "20260101-000002-bbbb", &p, &err), FST_OK);
    assert_string_equal(p.before_run, "20260101-000001-aaaa");
    assert_int_equal(p.n_changes, 0);
    fst_app_profile_done(&p);

    assert_int_equal(fst_app_profile(a, "20260101-000003-cccc", &p, &err), FST_OK);
    assert_string_equal(p.before_run, "20260101-000002-bbbb");
    assert_int_equal(p.n_changes, 1);
    assert_string_equal(p.changes[0].what, "the whole");
    assert_true(has(&p.findings, "slower"));
    fst_app_profile_done(&p);
    fst_resource_free(r);
    fst_app_close(a);
}

static void test_app_profile__of_a_run_without_one_says_why(void **state)
{
    (void)state;
    struct fst_app *a = open_with("");
    struct fst_resource *r = put_transformation(a, "other", "");
    struct fst_app_profile p;
    put_run(a, r, "20260102-000001-dddd", 1000, "skew/events.jsonl", 0);
    char *path =
        fst_asprintf("%s/20260102-000001-dddd/profile.json", fst_app_run_place(a)->runs_dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(fst_app_profile(a, "20260102-000001-dddd", &p, &err), FST_ENOTFOUND);
    assert_non_null(strstr(err.text, "has no profile"));
    assert_null(p.profile);
    assert_int_equal(fst_file_write(path, "{\"stages\":7}", 12, 0600, &err), FST_OK);
    assert_int_equal(fst_app_profile(a, "20260102-000001-dddd", &p, &err), FST_EFORMAT);
    free(path);
    fst_resource_free(r);
    fst_app_close(a);
}

static void write_file(const char *path, const char *text, size_t n)
{
    assert_int_equal(fst_file_write(path, text, n, 0600, &err), FST_OK);
}

static void test_app_profile__bad_logs_are_named(void **state)
{
    (void)state;
    struct fst_app *a = open_with("");
    struct fst_app_profile p;
    assert_int_equal(fst_app_profile_of_log(a, "nowhere", NULL, &p, &err), FST_ENOTFOUND);
    assert_int_equal(fst_app_profile_of_log(a, ".", NULL, &p, &err), FST_ENOTFOUND);
    assert_non_null(strstr(err.text, "rolling"));
    write_file("bad.zstd", "not zstd at all", 15);
    assert_int_equal(fst_app_profile_of_log(a, "bad.zstd", NULL, &p, &err), FST_EFORMAT);
    write_file("log.lz4", "x", 1);
    assert_int_equal(fst_app_profile_of_log(a, "log.lz4", NULL, &p, &err), FST_EUNSUPPORTED);
    write_file("empty", "", 0);
    assert_int_equal(fst_app_profile_of_log(a, "empty", NULL, &p, &err), FST_EFORMAT);
    assert_int_equal(fst_app_profile_of_log(a, "/dev/null", NULL, &p, &err), FST_EINVAL);
    assert_null(p.profile);
    fst_app_close(a);
}

static void test_app_profile__a_line_over_the_cap_is_one_damaged_line(void **state)
{
    (void)state;
    struct fst_app *a = open_with("");
    struct fst_app_profile p;
    struct fst_buf text = FST_BUF_TEXT;
    static const char start[] =
        "{\"Event\":\"SparkListenerApplicationStart\",\"App ID\":\"app-1\"}\n";
    fst_buf_adds(&text, "{\"Event\":\"");
    fst_buf_repeat(&text, 'x', 20 << 20);
    fst_buf_adds(&text, "\"}\n");
    fst_buf_adds(&text, start);
    write_file("long", fst_buf_text(&text), text.n);
    assert_int_equal(fst_app_profile_of_log(a, "long", NULL, &p, &err), FST_OK);
    assert_int_equal(p.damaged, 1);
    assert_string_equal(p.profile->app_id, "app-1");
    fst_app_profile_done(&p);
    fst_buf_done(&text);
    fst_app_close(a);
}

static void test_app_profile__a_compacted_file_stands_for_those_before(void **state)
{
    (void)state;
    struct fst_app *a = open_with("");
    struct fst_app_profile p;
    static const char one[] = "{\"Event\":\"SparkListenerApplicationStart\",\"App ID\":\"old\"}\n";
    static const char two[] =
        "{\"Event\":\"SparkListenerApplicationStart\",\"App ID\":\"compact\"}\n";
    static const char ten[] = "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"last\"}\n";
    static const char nine[] =
        "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"first\"}\n";
    assert_int_equal(fst_mkdirs("eventlog_v2_x", 0700, &err), FST_OK);
    write_file("eventlog_v2_x/events_2_x.compact", two, strlen(two));
    write_file("eventlog_v2_x/events_2_x", one, strlen(one));
    write_file("eventlog_v2_x/events_1_x", "damaged\n", 8);
    write_file("eventlog_v2_x/events_10_x", ten, strlen(ten));
    write_file("eventlog_v2_x/events_9_x", nine, strlen(nine));
    assert_int_equal(fst_app_profile_of_log(a, "eventlog_v2_x", NULL, &p, &err), FST_OK);
    assert_int_equal(p.damaged, 0);
    assert_string_equal(p.profile->app_id, "compact");
    assert_string_equal(p.profile->spark_version, "last");
    fst_app_profile_done(&p);
    fst_app_close(a);
}

static void test_app_profile__only_web_addresses_are_asked(void **state)
{
    (void)state;
    struct fst_app *a = open_with("");
    struct fst_app_profile p;
    assert_int_equal(
        fst_app_profile_of_url(a, "file:///etc/passwd", "a", NULL, NULL, NULL, &p, &err),
        FST_EINVAL);
    assert_int_equal(
        fst_app_profile_of_url(a, "http://127.0.0.1:1", "../x", NULL, NULL, NULL, &p, &err),
        FST_EINVAL);
    fst_app_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_app_profile__rolling_zstd_log_tells_what_rest_tells),
        cmocka_unit_test(test_app_profile__thresholds_are_settings_within_bounds),
        cmocka_unit_test(test_app_profile__of_a_run_has_lines_mutes_and_changes),
        cmocka_unit_test(test_app_profile__of_a_run_without_one_says_why),
        cmocka_unit_test(test_app_profile__bad_logs_are_named),
        cmocka_unit_test(test_app_profile__a_line_over_the_cap_is_one_damaged_line),
        cmocka_unit_test(test_app_profile__a_compacted_file_stands_for_those_before),
        cmocka_unit_test(test_app_profile__only_web_addresses_are_asked),
    };
    return cmocka_run_group_tests(tests, make_home, home_remove);
}
