/* What a run was sent with, as pairs; and the chain that a run belongs to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "run.h"

static char folder[] = "/tmp/firesteel-facts-XXXXXX";
static struct fst_run_place place;

static int set_up(void **state)
{
    (void)state;
    place = (struct fst_run_place){.runs_dir = mkdtemp(folder)};
    return place.runs_dir ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static void write_in(const char *dir, const char *name, const char *text)
{
    char *at = fst_path_join(folder, dir), *path = fst_path_join(at, name);
    assert_int_equal(fst_mkdirs(at, 0700, NULL), FST_OK);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0600, NULL), FST_OK);
    free(path);
    free(at);
}

static void test_run_facts__settings_are_pairs(void **state)
{
    struct fst_run_facts f;
    struct fst_error err;
    (void)state;
    write_in("a", "job.json",
             "{\"engine\":\"connect\",\"conf\":{\"spark.x\":\"7\"},\"options\":{\"url\":\"sc://h\","
             "\"password\":\"env:PW\",\"deep\":{\"l\":[1,2]}},\"max_duration_us\":60000000,"
             "\"sql\":\"SELECT 1\",\"inputs\":[{\"name\":\"d.v1\",\"uri\":\"/o/1\"},"
             "{\"name\":\"t.v1\",\"table\":\"db.t\"},3]}");
    assert_int_equal(fst_run_read_facts(&place, "a", &f, &err), FST_OK);
    assert_string_equal(fst_run_fact(&f, "spark.x"), "7");
    assert_string_equal(fst_run_fact(&f, "options.url"), "sc://h");
    assert_string_equal(fst_run_fact(&f, "options.password"), "env:PW"); /* a reference */
    assert_string_equal(fst_run_fact(&f, "options.deep.l"), "[1,2]");
    assert_string_equal(fst_run_fact(&f, "max_duration"), "1m");
    assert_string_equal(fst_run_fact(&f, "input d.v1"), "/o/1");
    assert_string_equal(fst_run_fact(&f, "input t.v1"), "db.t");
    assert_null(fst_run_fact(&f, "nosuch"));
    fst_run_facts_done(&f);
}

static void test_run_facts__odd_files_are_errors_or_nothing(void **state)
{
    struct fst_run_facts f;
    struct fst_error err;
    (void)state;
    write_in("b", "job.json", "{\"conf\":");
    assert_int_not_equal(fst_run_read_facts(&place, "b", &f, &err), FST_OK);
    assert_int_not_equal(fst_run_read_facts(&place, "nosuch", &f, &err), FST_OK);
    static const char *const odd[] = {"[]", "3", "null", "{\"conf\":[1],\"inputs\":{\"a\":1}}",
                                      "{\"options\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}}}}"};
    for (size_t i = 0; i < FST_COUNT(odd); i++) {
        write_in("c", "job.json", odd[i]);
        assert_int_equal(fst_run_read_facts(&place, "c", &f, &err), FST_OK);
        fst_run_facts_done(&f);
    }
}

static void test_run_chain__the_newest_chain_of_a_run_is_found(void **state)
{
    struct fst_error err;
    char *id;
    (void)state;
    static const char head[] = "{\"target\":\"transformation/x.v1\",\"resources\":[1,2]}\n";
    char *text = fst_asprintf("%s{\"resource\":1,\"run\":\"r1\"}\n", head);
    assert_int_equal(fst_chain_of_run(&place, "r1", &id, &err), FST_ENOTFOUND);
    assert_null(id);
    write_in("chains", "20260101-000000-aaaa", text);
    write_in("chains", "20260103-000000-aaaa", text);
    write_in("chains", "20260102-000000-aaaa", text);
    write_in("chains", "20260104-000000-aaaa", head);
    write_in("chains", "20260105-000000-aaaa.log", text);
    write_in("chains", "20260106-000000-aaaa", "no JSON\n\n{");
    assert_int_equal(fst_chain_of_run(&place, "r1", &id, &err), FST_OK);
    assert_string_equal(id, "20260103-000000-aaaa");
    free(id);
    assert_int_equal(fst_chain_of_run(&place, "r2", &id, &err), FST_ENOTFOUND);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_facts__settings_are_pairs),
        cmocka_unit_test(test_run_facts__odd_files_are_errors_or_nothing),
        cmocka_unit_test(test_run_chain__the_newest_chain_of_a_run_is_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
