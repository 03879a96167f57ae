/* Finding and opening a workspace, its settings, and what a target means in it. */
#include "firesteel/app.h"
#include "home.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct fst_error err;

static void init(const char *dir)
{
    assert_int_equal(fst_mkdirs(dir, 0700, NULL), FST_OK);
    if (fst_app_init(dir, false, "firesteel", NULL, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
}

static struct fst_app *open_app(const struct fst_app_options *o)
{
    static const struct fst_app_options none = {0};
    struct fst_app *a = NULL;
    if (fst_app_open(o ? o : &none, false, &a, &err) != FST_OK)
        fail_msg("%s", err.text);
    return a;
}

/* Opens, tells the folder, closes. */
static void opens_in(const struct fst_app_options *o, const char *expected)
{
    struct fst_app *a = open_app(o);
    char *path = fst_path_join(scratch, expected);
    assert_string_equal(fst_app_folder(a), path);
    free(path);
    fst_app_close(a);
}

static void write_file(const char *path, const char *text)
{
    assert_int_equal(fst_file_write(path, text, strlen(text), 0644, NULL), FST_OK);
}

static void test_app_workspace__is_found_in_the_nearest_parent(void **state)
{
    (void)state;
    init("p");
    init("p/q/inner");
    assert_int_equal(fst_mkdirs("p/q/r", 0700, NULL), FST_OK);
    assert_int_equal(chdir("p/q/r"), 0);
    opens_in(NULL, "p/.firesteel");
    assert_int_equal(chdir("../inner"), 0);
    opens_in(NULL, "p/q/inner/.firesteel");
}

static void test_app_workspace__is_the_one_that_was_named(void **state)
{
    struct fst_app_options named = {.catalog = "b/.firesteel"};

    (void)state;
    init("a");
    init("b");
    assert_int_equal(chdir("a"), 0);
    setenv("FIRESTEEL_CATALOG", "../b/.firesteel/catalog.db", 1);
    opens_in(NULL, "b/.firesteel");
    assert_int_equal(chdir(".."), 0);
    setenv("FIRESTEEL_CATALOG", "a/.firesteel/catalog.db", 1);
    opens_in(&named, "b/.firesteel"); /* absolute, for outputs are remembered by it */
}

static void test_app_workspace__says_how_to_make_one_when_there_is_none(void **state)
{
    struct fst_app_options none = {0};
    struct fst_app *a;

    (void)state;
    assert_int_equal(fst_app_open(&none, false, &a, &err), FST_ENOTFOUND);
    assert_null(a);
    assert_non_null(strstr(err.text, "firesteel init"));
    assert_int_equal(fst_app_open(&none, true, &a, &err), FST_OK);
    fst_app_close(a);
    init("x");
    assert_int_equal(fst_app_init("x", false, "firesteel", NULL, NULL, &err), FST_ECONFLICT);
}

static void test_app_settings__come_from_the_user_then_the_workspace(void **state)
{
    struct fst_app_options o = {.theme = "mono"};
    size_t n;

    (void)state;
    init(".");
    assert_int_equal(mkdir("firesteel", 0700), 0);
    write_file("firesteel/config.yaml", "preview.rows: 7\nsql: {limit: 9}\nkeys: {quit: Q}\n");
    write_file(".firesteel/config.yaml", "preview:\n  rows: 8\nui.ascii: True\nkeys:\n  help: h\n");
    struct fst_app *a = open_app(&o);
    assert_int_equal(fst_app_setting_int(a, "preview.rows"), 8);
    assert_int_equal(fst_app_setting_int(a, "sql.limit"), 9);
    assert_string_equal(fst_app_setting(a, "theme"), "mono");
    assert_string_equal(fst_app_setting(a, "ui.ascii"), "true");
    assert_string_equal(fst_app_setting_origin(a, "time_zone"), "default");
    assert_non_null(strstr(fst_app_setting_origin(a, "sql.limit"), "/firesteel/config.yaml"));
    const struct fst_key_binding *bound = fst_app_key_bindings(a, &n);
    assert_int_equal(n, 2);
    assert_string_equal(bound[1].action, "help");
    assert_string_equal(bound[1].keys, "h");
    assert_non_null(strstr(bound[1].where, "config.yaml:"));
    fst_app_close(a);
}

static void refused(const char *text, const char *place, const char *word)
{
    struct fst_app_options o = {.config = "c.yaml"};
    struct fst_app *a = NULL;
    write_file("c.yaml", text);
    assert_int_not_equal(fst_app_open(&o, false, &a, &err), FST_OK);
    assert_null(a);
    if (strncmp(err.text, place, strlen(place)) != 0 || !strstr(err.text, word))
        fail_msg("%s: neither %s nor %s", err.text, place, word);
}

static void test_app_settings__say_where_they_are_wrong(void **state)
{
    (void)state;
    init(".");
    refused("preview.rows: many\n", "c.yaml:1:15: ", "int");
    refused("preview:\n  rows: -1\n", "c.yaml:2:9: ", "preview.rows");
    refused("previw.rows: 1\n", "c.yaml:1:1: ", "did you mean preview.rows");
    refused("ui:\n  ascii: maybe\n", "c.yaml:2:10: ", "bool");
    refused("theme: [a]\n", "c.yaml:1:8: ", "string");
    refused("- a\n", "c.yaml:1:1: ", "map");
    refused("keys: q\n", "c.yaml:1:7: ", "map");
    refused("keys:\n  quit: [q, x]\n", "c.yaml:2:9: ", "quit");
    refused("a: 'b\n", "c.yaml:2:1: ", "");
    unlink("c.yaml");
    struct fst_app_options o = {.config = "c.yaml"};
    struct fst_app *a;
    assert_int_equal(fst_app_open(&o, false, &a, &err), FST_ENOTFOUND);
}

static void put(struct fst_app *a, struct fst_resource *r)
{
    struct fst_catalog *c;
    assert_int_equal(fst_app_take(a, &c, &err), FST_OK);
    if (fst_catalog_put(c, r, NULL, 0, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_app_give(a, c);
    fst_resource_free(r);
}

static struct fst_app *with_resources(void)
{
    init(".");
    struct fst_app *a = open_app(NULL);
    struct fst_resource *r = fst_resource_new(FST_SOURCE, "t", "v1");
    r->path = "/data/t.csv";
    r->format = "csv";
    put(a, r);
    r = fst_resource_new(FST_TRANSFORMATION, "x", "v1");
    r->sql = "SELECT * FROM {{t.v1}}";
    put(a, r);
    r = fst_resource_new(FST_FEATURE, "f", "v1");
    r->entity = "e";
    r->from = (struct fst_ref){"t", "v1"};
    r->entity_column = r->value_column = "c";
    put(a, r);
    return a;
}

static void uri_is(struct fst_app *a, const char *target, const char *uri)
{
    struct fst_place p;
    if (fst_app_find(a, target, &p, &err) != FST_OK)
        fail_msg("%s: %s", target, err.text);
    assert_string_equal(p.uri ? p.uri : "none", uri);
    fst_place_done(&p);
}

static void test_app_target__is_a_name_before_it_is_a_path(void **state)
{
    struct fst_app *a = with_resources();

    (void)state;
    write_file("t", "x");
    write_file("u.csv", "x");
    uri_is(a, "t", "/data/t.csv");
    uri_is(a, "t.v1", "/data/t.csv");
    uri_is(a, "source/t", "/data/t.csv");
    uri_is(a, "f", "/data/t.csv"); /* a feature's rows are those of what it stands on */
    uri_is(a, "./t", "./t");
    uri_is(a, "u.csv", "u.csv");
    uri_is(a, "s3://b/k", "s3://b/k");
    char *home = fst_path_join(scratch, "w.csv");
    uri_is(a, "~/w.csv", home);
    free(home);
    fst_app_close(a);
}

static void test_app_target__says_what_to_do_when_there_is_nothing(void **state)
{
    struct fst_app *a = with_resources();
    struct fst_place p;

    (void)state;
    assert_int_equal(fst_app_find(a, "x", &p, &err), FST_OK);
    assert_null(p.uri);
    assert_non_null(strstr(p.why, "firesteel run x.v1"));
    fst_place_done(&p);
    assert_int_equal(fst_app_find(a, "x@20200101-000000-beef", &p, &err), FST_ENOTFOUND);
    assert_int_equal(fst_app_find(a, "none", &p, &err), FST_ENOTFOUND);
    assert_null(p.arena);
    assert_int_equal(fst_app_find(a, "no/such.csv", &p, &err), FST_ENOTFOUND);
    assert_non_null(strstr(err.text, "no/such.csv"));
    fst_app_close(a);
}

int main(void)
{
#define AT_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)
    const struct CMUnitTest tests[] = {
        AT_HOME(test_app_workspace__is_found_in_the_nearest_parent),
        AT_HOME(test_app_workspace__is_the_one_that_was_named),
        AT_HOME(test_app_workspace__says_how_to_make_one_when_there_is_none),
        AT_HOME(test_app_settings__come_from_the_user_then_the_workspace),
        AT_HOME(test_app_settings__say_where_they_are_wrong),
        AT_HOME(test_app_target__is_a_name_before_it_is_a_path),
        AT_HOME(test_app_target__says_what_to_do_when_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
