/* Lasting sessions, tables of Spark's catalog and what would be sent, with an engine of our own in
 * place of a Spark. The table of engines is this file's. */
#include "app.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- An engine that remembers what it was asked ---------------------------------------------- */

struct fst_session {
    char name[64];
    bool adopted;
};
static struct {
    char asked[4096];  /* every text, a line each */
    char ended[256];   /* names that were ended at the server */
    char adopted[256]; /* names that were adopted */
    char fresh[64];    /* the name that the server gives to new sessions */
    bool forgotten;    /* the server knows no old names */
    int open;
} spark;

static enum fst_status spark_open(const struct fst_doc *options, struct fst_session **out,
                                  struct fst_error *err)
{
    (void)options;
    (void)err;
    *out = fst_alloc(sizeof **out);
    spark.open++;
    return FST_OK;
}

static void spark_close(struct fst_session *s)
{
    spark.open--;
    free(s);
}

static void call(struct fst_session *s)
{
    if (!s->name[0] || spark.forgotten)
        snprintf(s->name, sizeof s->name, "%s", spark.fresh);
}

static enum fst_status spark_ping(struct fst_session *s, struct fst_buf *line,
                                  struct fst_error *err)
{
    (void)err;
    call(s);
    fst_buf_adds(line, "Spark");
    return FST_OK;
}

static const char *spark_name(struct fst_session *s)
{
    return s->name;
}

static void spark_adopt(struct fst_session *s, const char *name)
{
    snprintf(s->name, sizeof s->name, "%s", name);
    s->adopted = true;
    strcat(strcat(spark.adopted, name), " ");
}

static enum fst_status spark_end(struct fst_session *s, struct fst_error *err)
{
    (void)err;
    strcat(strcat(spark.ended, s->name), " ");
    s->name[0] = '\0';
    return FST_OK;
}

struct rows {
    struct fst_reader reader;
    const char *const *cells; /* three columns a row, NULL-ended */
    struct fst_schema *schema;
};

static enum fst_status rows_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct rows *rows = (struct rows *)r;
    struct fst_builder *b;
    size_t n = 0;
    (void)max_rows;
    (void)err;
    *out = NULL;
    if (!rows->cells || !rows->cells[0])
        return FST_OK;
    b = fst_builder_new(fst_schema_copy(rows->schema));
    for (; rows->cells[3 * n]; n++)
        for (size_t k = 0; k < 3; k++)
            fst_builder_bytes(b, k, rows->cells[3 * n + k], strlen(rows->cells[3 * n + k]));
    *out = fst_builder_finish(b, n);
    rows->cells = NULL;
    return FST_OK;
}

static void rows_close(struct fst_reader *r)
{
    fst_schema_free(((struct rows *)r)->schema);
    free(r);
}

static const struct fst_reader_ops rows_ops = {.next = rows_next, .close = rows_close};

static const struct {
    const char *sql, *cells[10];
} answers[] = {
    {"SHOW DATABASES", {"default", "", "", "odd db", "", "", NULL}},
    {"SELECT current_catalog()", {"spark_catalog", "", "", NULL}},
    {"SHOW CATALOGS", {"spark_catalog", "", "", "lake", "", "", NULL}},
    {"SHOW DATABASES IN `lake`", {"raw", "", "", NULL}},
    {"SHOW TABLES IN `default`", {"default", "t", "false", "", "view", "true", NULL}},
    {"SHOW TABLES IN `lake`.`raw`", {"raw", "a.b", "false", NULL}},
};

static enum fst_status spark_query(struct fst_session *s, const struct fst_work *w, uint64_t limit,
                                   struct fst_reader **out, struct fst_problem *problem,
                                   struct fst_error *err)
{
    static const char *const names[] = {"a", "b", "c"};
    struct rows *rows = fst_alloc(sizeof *rows);
    struct fst_type text = fst_type(FST_STRING);
    (void)limit;
    (void)problem;
    (void)err;
    call(s);
    strcat(strcat(spark.asked, w->sql), "\n");
    rows->schema = fst_schema_new();
    for (size_t i = 0; i < 3; i++)
        fst_schema_add(rows->schema, names[i], &text, true);
    for (size_t i = 0; i < FST_COUNT(answers); i++)
        if (strcmp(answers[i].sql, w->sql) == 0)
            rows->cells = answers[i].cells;
    rows->reader = (struct fst_reader){.ops = &rows_ops, .schema = rows->schema, .total_rows = -1};
    *out = &rows->reader;
    return FST_OK;
}

static enum fst_status spark_check(struct fst_session *s, const struct fst_work *w,
                                   struct fst_schema **out, struct fst_problem *problem,
                                   struct fst_error *err)
{
    struct fst_type text = fst_type(FST_STRING);
    call(s);
    strcat(strcat(spark.asked, w->sql ? w->sql : w->python), "\n");
    if (w->sql && strstr(w->sql, "gone")) {
        problem->line = 1;
        return fst_fail(err, FST_EINVAL, "there is no table gone");
    }
    *out = fst_schema_new();
    fst_schema_add(*out, w->python ? "from_python" : "x", &text, true);
    return FST_OK;
}

static enum fst_status spark_command(struct fst_session *s, const struct fst_work *w,
                                     struct fst_buf *out, struct fst_error *err)
{
    (void)s;
    (void)err;
    fst_buf_printf(out, "submit %s %s", w->program ? w->program->file : w->name,
                   w->output_uri ? w->output_uri : "-");
    return FST_OK;
}

static enum fst_status plain_open(const struct fst_doc *options, struct fst_session **out,
                                  struct fst_error *err)
{
    return spark_open(options, out, err);
}

static const struct fst_engine local = {
    .name = "local", .open = plain_open, .close = spark_close, .is_local_host = true};
static const struct fst_engine fake = {.name = "fake",
                                       .takes_python = true,
                                       .takes_programs = true,
                                       .takes_tables = true,
                                       .open = spark_open,
                                       .close = spark_close,
                                       .ping = spark_ping,
                                       .check = spark_check,
                                       .query = spark_query,
                                       .command = spark_command,
                                       .session_name = spark_name,
                                       .adopt = spark_adopt,
                                       .end = spark_end};
const struct fst_engine *const fst_engines[] = {&local, &fake, NULL};

const struct fst_engine *fst_engine_named(const char *name)
{
    for (size_t i = 0; name && fst_engines[i]; i++)
        if (strcmp(fst_engines[i]->name, name) == 0)
            return fst_engines[i];
    return NULL;
}

/* ---- A workspace with a provider of it --------------------------------------------------------
 */

#include "workspace.h" /* its err is none of the engine's */

static void apply(const char *text)
{
    assert_int_equal(workspace_define(text), 0);
}

static void open_workspace(bool read_only)
{
    struct fst_app_options o = {.catalog = ".firesteel", .read_only = read_only};
    if (fst_app_open(&o, false, &app, &err) != FST_OK)
        fail_msg("%s", err.text);
}

static int make_workspace(void **state)
{
    memset(&spark, 0, sizeof spark);
    strcpy(spark.fresh, "one");
    if (workspace_make(state) != 0)
        return -1;
    apply("providers:\n  - {name: big, engine: fake}\n");
    return 0;
}

static int remove_workspace(void **state)
{
    return workspace_remove(state) == 0 && spark.open == 0 ? 0 : -1;
}

static void ask(const char *sql)
{
    struct fst_reader *reader;
    if (fst_app_sql(app, sql, "big", 10, NULL, NULL, &reader, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_reader_close(reader);
}

static char *meta(void)
{
    struct fst_catalog *c;
    assert_int_equal(fst_app_take(app, &c, NULL), FST_OK);
    char *text = fst_catalog_meta(c, "session:big");
    fst_app_give(app, c);
    return text;
}

static void set_meta(const char *name, int64_t used_us)
{
    struct fst_catalog *c;
    char *text =
        fst_asprintf("{\"name\":\"%s\",\"since\":1,\"used\":%lld}", name, (long long)used_us);
    assert_int_equal(fst_app_take(app, &c, NULL), FST_OK);
    assert_int_equal(fst_catalog_set_meta(c, "session:big", text, &err), FST_OK);
    fst_app_give(app, c);
    free(text);
}

/* ---- Sessions -------------------------------------------------------------------------------- */

static void is_recorded(const char *name)
{
    char *text = meta(), *part = fst_asprintf("\"name\":\"%s\"", name);
    if (!text || !strstr(text, part))
        fail_msg("%s is not %s", text ? text : "nothing", name);
    free(part);
    free(text);
}

static void test_app_sessions__the_first_query_makes_it_and_the_next_process_joins(void **state)
{
    (void)state;
    ask("SELECT 1");
    is_recorded("one");
    fst_app_close(app); /* another process */
    open_workspace(false);
    strcpy(spark.fresh, "two");
    ask("SELECT 2");
    is_recorded("one");
    assert_string_equal(spark.adopted, " one ");
    assert_string_equal(spark.ended, "");
}

static void test_app_sessions__are_not_idle_because_a_clock_was_set(void **state)
{
    static const char *const clocks[] = {"2200-01-01T00:00:00Z", "1999-01-01T00:00:00Z"};
    (void)state;
    ask("SELECT 1");
    for (size_t i = 0; i < FST_COUNT(clocks); i++) {
        struct fst_session_infos list;
        setenv("FIRESTEEL_NOW", clocks[i], 1);
        assert_int_equal(fst_app_sessions(app, &list, &err), FST_OK);
        assert_int_equal(list.n, 1);
        assert_false(list.items[0].is_over);
        assert_in_range(fst_now_us() - list.items[0].used_us, 0, 60 * 1000000);
        fst_session_infos_done(&list);
        fst_app_close(app); /* another process */
        open_workspace(false);
        strcpy(spark.fresh, "two");
        ask("SELECT 2");
        is_recorded("one");
        assert_string_equal(spark.ended, "");
    }
    unsetenv("FIRESTEEL_NOW");
}

static void test_app_sessions__are_seen_started_and_stopped(void **state)
{
    struct fst_session_infos list;
    struct fst_buf line = FST_BUF_TEXT;

    (void)state;
    assert_int_equal(fst_app_session_start(app, "big", &line, &err), FST_OK);
    assert_string_equal(fst_buf_text(&line), "Spark");
    is_recorded("one");
    assert_int_equal(fst_app_session_start(app, "big", &line, &err), FST_OK); /* there already */
    assert_int_equal(fst_app_sessions(app, &list, &err), FST_OK);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].provider, "big");
    assert_string_equal(list.items[0].name, "one");
    assert_false(list.items[0].is_over);
    fst_session_infos_done(&list);
    assert_int_equal(fst_app_session_stop(app, "big", &err), FST_OK);
    assert_string_equal(spark.ended, "one ");
    assert_null(meta());
    assert_int_equal(fst_app_session_stop(app, "big", &err), FST_ENOTFOUND);
    assert_int_equal(fst_app_session_start(app, "local", &line, &err), FST_EUNSUPPORTED);
    fst_buf_done(&line);
}

static void test_app_sessions__a_new_name_is_kept_and_an_old_one_written_once_a_minute(void **state)
{
    char *before, *after;

    (void)state;
    ask("SELECT 1");
    before = meta();
    ask("SELECT 1");
    after = meta();
    assert_string_equal(before, after); /* nothing was written */
    free(before);
    free(after);
    set_meta("one", fst_now_us() - 61000000);
    before = meta();
    ask("SELECT 1");
    after = meta();
    assert_non_null(strstr(after, "\"since\":1,"));
    assert_string_not_equal(before, after);
    free(before);
    free(after);
    strcpy(spark.fresh, "two");
    spark.forgotten = true; /* the server was started anew */
    ask("SELECT 1");
    is_recorded("two");
}

static void test_app_sessions__whoever_was_faster_keeps_the_record(void **state)
{
    struct fst_schema *schema;

    (void)state;
    assert_int_equal(fst_app_check(app, "SELECT 1", "big", NULL, NULL, &schema, NULL, &err),
                     FST_OK);
    fst_schema_free(schema);
    set_meta("theirs", fst_now_us() - 100000000); /* ours was ended, theirs came */
    assert_int_equal(fst_app_check(app, "SELECT 1", "big", NULL, NULL, &schema, NULL, &err),
                     FST_OK);
    fst_schema_free(schema);
    is_recorded("theirs");
}

static void test_app_sessions__an_idle_one_is_ended_when_seen(void **state)
{
    struct fst_session_infos list;

    (void)state;
    set_meta("old", fst_now_us() - INT64_C(3601000000));
    ask("SELECT 1");
    assert_string_equal(spark.ended, "old ");
    is_recorded("one");
    set_meta("older", fst_now_us() - INT64_C(3601000000));
    assert_int_equal(fst_app_sessions(app, &list, &err), FST_OK);
    assert_int_equal(list.n, 1);
    assert_true(list.items[0].is_over);
    assert_string_equal(spark.ended, "old older ");
    assert_null(meta());
    fst_session_infos_done(&list);
}

static void test_app_sessions__a_read_only_workspace_records_nothing(void **state)
{
    (void)state;
    fst_app_close(app);
    open_workspace(true);
    ask("SELECT 1");
    assert_null(meta());
    assert_string_equal(spark.adopted, ""); /* and leaves no session behind */
    fst_app_close(app);
    open_workspace(false);
    set_meta("old", fst_now_us() - 100000000);
    fst_app_close(app);
    open_workspace(true);
    char *before = meta();
    spark.forgotten = true;
    ask("SELECT 1");
    char *after = meta();
    assert_string_equal(before, after);
    assert_string_equal(spark.adopted, "old ");
    assert_int_equal(fst_app_session_stop(app, "big", &err), FST_EDENIED);
    free(before);
    free(after);
}

/* ---- Tables ---------------------------------------------------------------------------------- */

static void test_app_tables__lists_databases_of_every_catalog(void **state)
{
    static const char *const expected[] = {"default.t", "`odd db`.", "lake.raw.`a.b`"};
    struct fst_spark_tables t;

    (void)state;
    if (fst_app_tables(app, "big", NULL, NULL, NULL, &t, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(t.n, FST_COUNT(expected));
    for (size_t i = 0; i < t.n; i++) {
        char *name = fst_asprintf("%s.%s", t.items[i].database, t.items[i].name);
        assert_string_equal(name, expected[i]);
        free(name);
    }
    fst_spark_tables_done(&t);
    assert_int_equal(fst_app_tables(app, "big", "x; DROP", NULL, NULL, &t, &err), FST_EINVAL);
    assert_null(strstr(spark.asked, "DROP"));
    assert_int_equal(fst_app_tables(app, NULL, NULL, NULL, NULL, &t, &err), FST_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "big"));
}

static void preview(const char *target, const struct fst_preview_options *o, const char *asked)
{
    struct fst_reader *reader;
    struct fst_place place;
    spark.asked[0] = '\0';
    if (fst_app_preview(app, target, o, &reader, &place, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_reader_close(reader);
    fst_place_done(&place);
    assert_string_equal(spark.asked, asked);
}

static void test_app_tables__are_previewed_where_they_are(void **state)
{
    static const char *const columns[] = {"a`b"};
    struct fst_preview_options o = {.limit = 3}, sorted = {.limit = 7,
                                                           .columns = columns,
                                                           .n_columns = 1,
                                                           .where = "x > 1",
                                                           .sort = "x DESC"};
    struct fst_table_info info;
    struct fst_schema *schema;
    struct fst_place place;

    (void)state;
    preview("table:big/db.t", &o, "SELECT * FROM `db`.`t` LIMIT 3\n");
    preview("table:big/`a/b`.t", &sorted,
            "SELECT `a``b` FROM `a/b`.`t` WHERE\nx > 1\n ORDER BY\nx DESC\n LIMIT 7\n");
    apply("sources:\n  - {name: s, variant: v1, table: db.s, provider: big}\n"
          "entities:\n  - {name: e}\n"
          "features:\n  - {name: f, variant: v1, entity: e, from: s.v1, entity_column: id, "
          "value_column: v}\n");
    preview("s.v1", &o, "SELECT * FROM `db`.`s` LIMIT 3\n");
    preview("f", &o, "SELECT `id`, `v` FROM `db`.`s` LIMIT 3\n");
    assert_int_equal(fst_app_schema(app, "s", &schema, NULL, &err), FST_OK);
    assert_string_equal(schema->fields[0].name, "x");
    fst_schema_free(schema);
    assert_int_equal(fst_app_schema(app, "table:local/db.t", &schema, NULL, &err),
                     FST_EUNSUPPORTED); /* before anything is sent */
    assert_int_equal(fst_app_find(app, "table:db.t; DROP", &place, &err), FST_EINVAL);
    assert_int_equal(fst_app_info(app, "s", NULL, NULL, &info, &err), FST_EUNSUPPORTED);
}

static void test_app_tables__are_scanned_as_far_as_a_driver_may_collect(void **state)
{
    struct fst_stats_options o = {.scan = true};
    struct fst_table_stats stats;
    (void)state;
    spark.asked[0] = '\0';
    assert_int_equal(fst_app_stats(app, "table:big/db.t", &o, &stats, NULL, &err), FST_OK);
    assert_string_equal(spark.asked, "SELECT * FROM `db`.`t` LIMIT 1\n"
                                     "SELECT * FROM `db`.`t` LIMIT 100000\n");
    assert_int_equal(stats.source, FST_FROM_SCAN); /* there were fewer */
    assert_string_equal(stats.columns[0].name, "a");
    fst_table_stats_done(&stats);

    o.scan = false;
    assert_int_equal(fst_app_stats(app, "table:big/db.t", &o, &stats, NULL, &err),
                     FST_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "--scan"));
}

static void test_app_tables__are_registered_as_sources(void **state)
{
    struct fst_run_request rq = {.target = "here.v1"};
    char *label;

    (void)state;
    if (fst_app_register(app, "here.v1", NULL, "db.`odd t`", "big", NULL, &label, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_string_equal(label, "here.v1");
    free(label);
    assert_int_equal(fst_app_run(app, &rq, &err), FST_OK); /* looked at: it is there */
    assert_non_null(strstr(spark.asked, "`db`.`odd t`"));
    assert_int_equal(fst_app_register(app, "here.v1", NULL, "db.other", "big", NULL, &label, &err),
                     FST_ECONFLICT);
    assert_int_equal(fst_app_register(app, "x", NULL, "db.t;", "big", NULL, &label, &err),
                     FST_EINVAL);
    assert_int_equal(fst_app_register(app, "x", NULL, "db.t", "local", NULL, &label, &err),
                     FST_EUNSUPPORTED);
    assert_int_equal(fst_app_register(app, "away", NULL, "db.gone", "big", NULL, &label, &err),
                     FST_OK);
    free(label);
    rq.target = "away";
    assert_int_equal(fst_app_run(app, &rq, &err), FST_EINVAL);
    assert_non_null(strstr(err.text, "gone"));
}

/* ---- Functions and commands ------------------------------------------------------------------ */

static void test_app_check__of_a_function_asks_the_engine(void **state)
{
    struct fst_problem problem = {0};
    struct fst_schema *schema;
    char *text, *not_local;

    (void)state;
    apply("transformations:\n  - {name: f, variant: v1, python: 'def f(): pass', provider: big}\n");
    assert_int_equal(
        fst_app_check_named(app, "f", NULL, NULL, NULL, &schema, &text, &not_local, &problem, &err),
        FST_OK);
    assert_string_equal(schema->fields[0].name, "from_python");
    assert_string_equal(text, "def f(): pass");
    assert_non_null(strstr(not_local, "Python"));
    fst_schema_free(schema);
    free(text);
    free(not_local);
    assert_int_equal(fst_app_check_named(app, "f", "local", NULL, NULL, &schema, &text, &not_local,
                                         &problem, &err),
                     FST_EUNSUPPORTED);
    free(text);
}

static void test_app_command__shows_and_starts_nothing(void **state)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_catalog *c;
    struct fst_counts counts;

    (void)state;
    apply("jobs:\n  - {name: j, variant: v1, file: /a.py, provider: big}\n"
          "transformations:\n  - {name: q, variant: v1, sql: SELECT 1, provider: big}\n");
    assert_int_equal(fst_app_command(app, "j", NULL, &out, &err), FST_OK);
    assert_string_equal(fst_buf_text(&out), "submit /a.py -");
    fst_buf_clear(&out);
    assert_int_equal(fst_app_command(app, "q", NULL, &out, &err), FST_OK);
    assert_non_null(strstr(fst_buf_text(&out), "submit q.v1 "));
    assert_non_null(strstr(fst_buf_text(&out), "/transformations/q/v1/RUN"));
    assert_int_equal(fst_app_command(app, "q", "local", &out, &err), FST_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "local"));
    fst_buf_done(&out);
    assert_int_equal(fst_app_take(app, &c, NULL), FST_OK);
    assert_int_equal(fst_catalog_counts(c, &counts, &err), FST_OK);
    fst_app_give(app, c);
    for (size_t s = 0; s < FST_STATES_; s++)
        assert_int_equal(counts.runs[s], 0);
}

int main(void)
{
#define IN_WORKSPACE(test) cmocka_unit_test_setup_teardown(test, make_workspace, remove_workspace)
    const struct CMUnitTest tests[] = {
        IN_WORKSPACE(test_app_sessions__the_first_query_makes_it_and_the_next_process_joins),
        IN_WORKSPACE(test_app_sessions__are_not_idle_because_a_clock_was_set),
        IN_WORKSPACE(test_app_sessions__are_seen_started_and_stopped),
        IN_WORKSPACE(test_app_sessions__whoever_was_faster_keeps_the_record),
        IN_WORKSPACE(test_app_sessions__a_new_name_is_kept_and_an_old_one_written_once_a_minute),
        IN_WORKSPACE(test_app_sessions__an_idle_one_is_ended_when_seen),
        IN_WORKSPACE(test_app_sessions__a_read_only_workspace_records_nothing),
        IN_WORKSPACE(test_app_tables__lists_databases_of_every_catalog),
        IN_WORKSPACE(test_app_tables__are_previewed_where_they_are),
        IN_WORKSPACE(test_app_tables__are_scanned_as_far_as_a_driver_may_collect),
        IN_WORKSPACE(test_app_tables__are_registered_as_sources),
        IN_WORKSPACE(test_app_check__of_a_function_asks_the_engine),
        IN_WORKSPACE(test_app_command__shows_and_starts_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
