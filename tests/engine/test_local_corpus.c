/* Every statement of the corpora on the local engine: the answer is Spark's, or the statement
 * is refused by name. $FIRESTEEL_SPARK_TESTS asks the real Spark again instead of the golden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "firesteel/engine.h"

#define FOLDER "tests/engine/corpus/"

static const char *const tables[] = {"numbers", "texts",       "times", "people",
                                     "events",  "departments", "nested"};

static const char *const corpora[] = {"core", "everyday", "nested"};

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

static void add_escaped(struct fst_buf *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char ch = p[i];
        const char *escape = ch == '\\'   ? "\\\\"
                             : ch == '\t' ? "\\t"
                             : ch == '\n' ? "\\n"
                             : ch == '\0' ? "\\0"
                                          : NULL;
        if (escape)
            fst_buf_adds(out, escape);
        else
            fst_buf_addc(out, ch);
    }
}

static void add_cell(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_buf text = FST_BUF_TEXT;
    if (fst_cell_text(&text, c, row, FST_CELL_PLAIN))
        add_escaped(out, fst_buf_text(&text), text.n);
    else
        fst_buf_adds(out, "\\N");
    fst_buf_done(&text);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_head(struct fst_buf *out, const struct fst_schema *schema)
{
    for (size_t i = 0; i < schema->n; i++) {
        fst_buf_adds(out, i ? "\t" : "");
        add_escaped(out, schema->fields[i].name, strlen(schema->fields[i].name));
        fst_buf_addc(out, ' ');
        fst_type_text(out, &schema->fields[i].type);
    }
    fst_buf_addc(out, '\n');
}

static enum fst_status add_rows(struct fst_buf *out, struct fst_reader *r, bool ordered,
                                struct fst_error *err)
{
    char *lines[1000];
    size_t n = 0;
    struct fst_frame *f = NULL;
    enum fst_status status;
    while ((status = fst_reader_next(r, 7, &f, err)) == FST_OK && f) {
        for (size_t row = 0; row < f->n_rows && n < FST_COUNT(lines); row++) {
            struct fst_buf line = FST_BUF_TEXT;
            for (size_t i = 0; i < f->n_columns; i++) {
                fst_buf_adds(&line, i ? "\t" : "");
                add_cell(&line, &f->columns[i], row);
            }
            lines[n++] = fst_buf_take(&line);
        }
        fst_frame_unref(f);
    }
    if (!ordered)
        qsort(lines, n, sizeof *lines, by_bytes);
    for (size_t i = 0; i < n; i++) {
        fst_buf_printf(out, "%s\n", lines[i]);
        free(lines[i]);
    }
    return status;
}

static void add_error(struct fst_buf *out, enum fst_status status,
                      const struct fst_problem *problem, const struct fst_error *err)
{
    fst_buf_clear(out);
    if (status == FST_EUNSUPPORTED)
        fst_buf_printf(out, "REFUSED %s\n", err->text);
    else if (problem->condition[0])
        fst_buf_printf(out, "ERROR %s\n", problem->condition);
    else
        fst_buf_printf(out, "ERROR %s\n", err->text);
}

static char *answer(struct fst_session *s, const char *sql, bool ordered)
{
    struct fst_input inputs[FST_COUNT(tables)] = {0};
    for (size_t i = 0; i < FST_COUNT(tables); i++) {
        char *path = fst_asprintf(FOLDER "data/%s.parquet", tables[i]);
        inputs[i] = (struct fst_input){
            .name = tables[i], .uri = fst_path_absolute(path), .format = "parquet"};
        free(path);
    }
    struct fst_work work = {.sql = sql, .inputs = inputs, .n_inputs = FST_COUNT(tables)};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    struct fst_reader *r;
    struct fst_buf out = FST_BUF_TEXT;
    enum fst_status status = fst_engine_named("local")->query(s, &work, 0, &r, &problem, &err);
    if (status == FST_OK) {
        add_head(&out, r->schema);
        status = add_rows(&out, r, ordered, &err);
        fst_reader_close(r);
    }
    if (status != FST_OK)
        add_error(&out, status, &problem, &err);
    for (size_t i = 0; i < FST_COUNT(tables); i++)
        free((char *)inputs[i].uri);
    return fst_buf_take(&out);
}

/* Where the goldens are: those of the repository, or a folder with what Spark says today. */
static char *golden_folder(void)
{
    const char *python = getenv("FIRESTEEL_PYTHON");
    if (!getenv("FIRESTEEL_SPARK_TESTS") || !python)
        return fst_strdup(FOLDER);
    char path[] = "/tmp/firesteel-corpus-XXXXXX";
    assert_non_null(mkdtemp(path));
    struct fst_buf command = FST_BUF_TEXT;
    fst_buf_printf(&command, "'%s' " FOLDER "make.py %s", python, path);
    for (size_t i = 0; i < FST_COUNT(corpora); i++)
        fst_buf_printf(&command, " %s", corpora[i]);
    fst_buf_adds(&command, " >/dev/null 2>&1");
    assert_int_equal(system(fst_buf_text(&command)), 0);
    fst_buf_done(&command);
    return fst_asprintf("%s/", path);
}

static void remove_folder(char *folder)
{
    for (size_t i = 0; i < FST_COUNT(corpora); i++) {
        char *path = fst_asprintf("%s%s.golden", folder, corpora[i]);
        unlink(path);
        free(path);
    }
    rmdir(folder);
}

static bool agrees(const struct statement *s, const char *got, const char *want)
{
    if (strncmp(got, "REFUSED", 7) == 0)
        return s->refused;
    return !s->refused && strcmp(got, want) == 0;
}

struct count {
    size_t refused, wrong;
};

static void check(struct fst_session *s, const struct statement *st, const char *golden, size_t i,
                  struct count *count)
{
    char *got = answer(s, st->text, st->ordered);
    char *want = golden_of(golden, i + 1);
    if (agrees(st, got, want)) {
        count->refused += st->refused;
    } else {
        count->wrong++;
        print_message("--- %zu: %s\ngot:\n%swant:\n%s", i + 1, st->text, got, want);
    }
    free(got);
    free(want);
}

static struct count check_corpus(struct fst_session *s, const char *name, const char *folder)
{
    static struct statement statements[1000];
    struct count count = {0};
    char *sql = fst_asprintf(FOLDER "%s.sql", name);
    char *path = fst_asprintf("%s%s.golden", folder, name);
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

static void test_local_corpus__answers_as_spark_or_refuses(void **state)
{
    (void)state;
    char *folder = golden_folder();
    struct fst_session *s;
    size_t wrong = 0;
    assert_int_equal(fst_engine_named("local")->open(NULL, &s, NULL), FST_OK);
    for (size_t i = 0; i < FST_COUNT(corpora); i++)
        wrong += check_corpus(s, corpora[i], folder).wrong;
    fst_engine_named("local")->close(s);
    if (strcmp(folder, FOLDER) != 0)
        remove_folder(folder);
    free(folder);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_local_corpus__answers_as_spark_or_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
