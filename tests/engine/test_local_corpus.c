/* Every statement of the corpora on the local engine: the answer is Spark's, or the statement
 * is refused by name. What Spark says is in the goldens; corpus/make.py asks it, and asks it again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "local_answer.h"

static const char *const corpora[] = {
    "core",    "everyday", "functions", "nested", "found", "arrays",   "dates",
    "scalars", "lambdas",  "sets",      "shapes", "speed", "json",     "nestedmore",
    "edges",   "features", "cleaning",  "nulls",  "rest",  "pipelines"};

struct statement {
    char *text;
    bool ordered, refused;
};

static char *read_file(const char *path)
{
    char *text;
    size_t n;
    struct fst_error err;
    if (fst_file_read(path, 16 << 20, &text, &n, &err) != FST_OK)
        fail_msg("%s", err.text);
    return text;
}

/* Take the lines that begin with "--" off a block; what they ask for goes into `s`. */
static void take_block(struct statement *s, const char *p, size_t n)
{
    struct fst_buf text = FST_BUF_TEXT;
    while (n > 0) {
        const char *end = memchr(p, '\n', n);
        size_t line = end ? (size_t)(end - p) + 1 : n;
        if (line >= 2 && memcmp(p, "--", 2) == 0) {
            s->ordered |= line > 9 && memcmp(p, "-- ordered", 10) == 0;
            s->refused |= line > 9 && memcmp(p, "-- refused", 10) == 0;
        } else if (line > 1 || text.n) {
            fst_buf_add(&text, p, line);
        }
        p += line;
        n -= line;
    }
    s->text = fst_buf_take(&text);
}

static size_t read_statements(const char *all, struct statement *out, size_t max)
{
    size_t n = 0;
    while (*all && n < max) {
        const char *end = strstr(all, ";\n");
        size_t len = end ? (size_t)(end - all) : strlen(all);
        take_block(&out[n], all, len);
        if (out[n].text[strspn(out[n].text, " \n")])
            n++;
        else
            free(out[n].text);
        all += len + (end ? 2 : 0);
    }
    return n;
}

/* The lines of the golden that belong to statement `i`. */
static char *golden_of(const char *all, size_t i)
{
    char mark[32];
    snprintf(mark, sizeof mark, "# %zu\n", i);
    const char *at = strstr(all, mark);
    assert_non_null(at);
    at += strlen(mark);
    const char *end = strstr(at, "\n# ");
    return fst_strndup(at, end ? (size_t)(end - at) + 1 : strlen(at));
}

static bool agrees(const struct statement *s, const char *got, const char *want)
{
    if (strncmp(got, "REFUSED", 7) == 0)
        return s->refused;
    return !s->refused && strcmp(got, want) == 0;
}

struct count {
    size_t refused, wrong;
    struct fst_map *constructs; /* what was refused -> how often */
};

/* "... does not do WHAT; run it on Spark", "line 1, column 2: WHAT: not done here, ...". */
static void count_refusal(struct fst_map *constructs, const char *got)
{
    static const char words[] = "does not do ";
    const char *what = strstr(got, words), *end = strstr(got, ": not done here");
    if (what)
        what += sizeof words - 1;
    else if ((what = strstr(got, ", column ")) && strchr(what, ':'))
        what = strchr(what, ':') + 2;
    else
        what = got + strlen("REFUSED ");
    size_t length = end && end > what ? (size_t)(end - what) : strcspn(what, ";\n");
    char *name = fst_strndup(what, length);
    size_t n = (size_t)(uintptr_t)fst_map_get(constructs, name);
    fst_map_set(constructs, name, (void *)(uintptr_t)(n + 1));
    free(name);
}

static void print_refusals(struct fst_map *constructs)
{
    for (size_t i = 0; i < fst_map_size(constructs); i++)
        print_message("refused %3zu: %s\n", (size_t)(uintptr_t)fst_map_value_at(constructs, i),
                      fst_map_key_at(constructs, i));
    fst_map_free(constructs, NULL);
}

static void check(struct fst_session *s, const struct statement *st, const char *golden, size_t i,
                  struct count *count)
{
    char *got = answer(s, st->text, st->ordered);
    char *want = golden_of(golden, i + 1);
    if (agrees(st, got, want)) {
        count->refused += st->refused;
        if (st->refused)
            count_refusal(count->constructs, got);
    } else {
        count->wrong++;
        print_message("--- %zu: %s\ngot:\n%swant:\n%s", i + 1, st->text, got, want);
    }
    free(got);
    free(want);
}

static struct count check_corpus(struct fst_session *s, const char *name,
                                 struct fst_map *constructs)
{
    static struct statement statements[1000];
    struct count count = {.constructs = constructs};
    char *sql = fst_asprintf(CORPUS_FOLDER "%s.sql", name);
    char *path = fst_asprintf(CORPUS_FOLDER "%s.golden", name);
    char *all = read_file(sql), *golden = read_file(path);
    memset(statements, 0, sizeof(statements));
    size_t n = read_statements(all, statements, FST_COUNT(statements));
    assert_in_range(n, 1, FST_COUNT(statements) - 1);
    for (size_t i = 0; i < n; i++) {
        check(s, &statements[i], golden, i, &count);
        free(statements[i].text);
    }
    print_message("corpus %s: %zu statements: %zu equal, %zu refused, %zu different\n", name, n,
                  n - count.refused - count.wrong, count.refused, count.wrong);
    free(sql);
    free(path);
    free(all);
    free(golden);
    return count;
}

static void check_corpora(void)
{
    struct fst_session *s;
    struct fst_map *constructs = fst_map_new();
    size_t wrong = 0;
    assert_int_equal(fst_engine_named("local")->open(NULL, &s, NULL), FST_OK);
    for (size_t i = 0; i < FST_COUNT(corpora); i++)
        wrong += check_corpus(s, corpora[i], constructs).wrong;
    fst_engine_named("local")->close(s);
    print_refusals(constructs);
    assert_int_equal(wrong, 0);
}

static void test_local_corpus__answers_as_spark_or_refuses(void **state)
{
    (void)state;
    check_corpora();
}

/* Groups and joins go to disk then. */
static void test_local_corpus__answers_the_same_when_nothing_fits_in_memory(void **state)
{
    (void)state;
    answer_memory_bytes = 1;
    check_corpora();
    answer_memory_bytes = 0;
}

/* As tables of many rows are, where there are two processors. */
static void test_local_corpus__answers_the_same_when_two_threads_group(void **state)
{
    (void)state;
    answer_half_rows = 2;
    check_corpora();
    answer_half_rows = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_local_corpus__answers_as_spark_or_refuses),
        cmocka_unit_test(test_local_corpus__answers_the_same_when_nothing_fits_in_memory),
        cmocka_unit_test(test_local_corpus__answers_the_same_when_two_threads_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
