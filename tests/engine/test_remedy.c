/* Real failures find their remedy, and what is no such failure finds none. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/engine.h"

#define FOLDER "tests/engine/data/failures"
enum { MAX_FIXTURE = 4096 };

static char *read_fixture(const char *name, size_t *n)
{
    char *text, *path = fst_path_join(FOLDER, name);
    struct fst_error err = {.text = ""};
    if (fst_file_read(path, (size_t)1 << 20, &text, n, &err) != FST_OK)
        fail_msg("%s", err.text);
    free(path);
    return text;
}

/* java_missing.txt and java_missing-home.txt are of the row java_missing. */
static void row_of(const char *file, char *out, size_t cap)
{
    snprintf(out, cap, "%.*s", (int)strcspn(file, "-."), file);
}

static size_t for_each_fixture(void (*fn)(const char *file, void *arg), void *arg)
{
    DIR *dir = opendir(FOLDER);
    size_t n = 0;
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.')
            continue;
        fn(e->d_name, arg);
        n++;
    }
    closedir(dir);
    return n;
}

static void finds_its_row(const char *file, void *arg)
{
    (void)arg;
    char wanted[64];
    size_t n;
    char *text = read_fixture(file, &n);
    row_of(file, wanted, sizeof(wanted));
    const struct fst_remedy *r = fst_remedy_of(text, n);
    const char *got = r ? r->name : "none";
    if (strcmp(got, wanted) != 0)
        fail_msg("%s finds %s", file, got);
    free(text);
}

static void test_engine_remedy__every_real_failure_finds_its_row(void **state)
{
    (void)state;
    assert_true(for_each_fixture(finds_its_row, NULL) > 50);
}

/* Fixtures are the telling part, fit for people, and tell nothing of the machine they are from. */
static void is_clean(const char *file, void *arg)
{
    (void)arg;
    size_t n;
    char *text = read_fixture(file, &n);
    if (n == 0 || n > MAX_FIXTURE)
        fail_msg("%s has %zu bytes", file, n);
    if (strstr(text, "/root/") || strstr(text, "maven.org"))
        fail_msg("%s tells of the machine it is from", file);
    free(text);
}

static void test_engine_remedy__fixtures_are_short_and_clean(void **state)
{
    (void)state;
    for_each_fixture(is_clean, NULL);
}

struct look {
    const struct fst_remedy *row;
    bool found;
};

static void shows_row(const char *file, void *arg)
{
    struct look *look = arg;
    size_t n;
    char *text = read_fixture(file, &n);
    look->found |= fst_remedy_of(text, n) == look->row;
    free(text);
}

static void test_engine_remedy__every_row_was_seen_for_real(void **state)
{
    (void)state;
    for (const struct fst_remedy *r = fst_remedies; r->name; r++) {
        struct look look = {.row = r};
        for_each_fixture(shows_row, &look);
        if (!look.found)
            fail_msg("row %s (%s) has no fixture", r->name, r->words[0]);
    }
}

static void test_engine_remedy__rows_are_whole_sentences(void **state)
{
    (void)state;
    for (const struct fst_remedy *r = fst_remedies; r->name; r++) {
        assert_non_null(r->words[0]);
        for (size_t i = 0; r->words[i]; i++)
            assert_true(strlen(r->words[i]) >= 6);
        assert_true(strlen(r->what) > 10 && strlen(r->remedy) > 20);
        assert_true(strlen(r->remedy) < 200);
        assert_true(r->what[strlen(r->what) - 1] != '.');
        assert_null(strchr(r->remedy, '\n'));
    }
}

static void test_engine_remedy__hostile_text_is_only_text(void **state)
{
    (void)state;
    size_t n = (size_t)1 << 20;
    char *text = fst_alloc(n);
    memset(text, 'J', n);
    assert_null(fst_remedy_of("", 0));
    assert_null(fst_remedy_of(text, n));
    memset(text, 0, n);
    assert_null(fst_remedy_of(text, n));
    static const char words[] = "JAVA_HOME is not set";
    memcpy(text + n - strlen(words), words, strlen(words)); /* no NUL, no line end after it */
    assert_non_null(fst_remedy_of(text, n));
    assert_null(fst_remedy_of(text, n - 1));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_remedy__every_real_failure_finds_its_row),
        cmocka_unit_test(test_engine_remedy__fixtures_are_short_and_clean),
        cmocka_unit_test(test_engine_remedy__every_row_was_seen_for_real),
        cmocka_unit_test(test_engine_remedy__rows_are_whole_sentences),
        cmocka_unit_test(test_engine_remedy__hostile_text_is_only_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
