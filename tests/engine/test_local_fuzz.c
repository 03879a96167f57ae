/* Texts that nobody would write, and nested values that nobody wrote: the embedded engine answers
 * or fails in its own words, soon, and every place that it names is in the text.
 *
 * Statements of the corpora are cut into words, and words are dropped, doubled, swapped and taken
 * from each other; then some bytes are damaged. FIRESTEEL_FUZZ=n does n times as much. */
#include "fuzz.h"
#include "local_answer.h"

enum { WORDS = 4000, TEXTS = 400, ASKED = 6 };

/* ---- Words ----------------------------------------------------------------------------------- */

struct words {
    struct fst_str items[WORDS];
    size_t n;
};

static struct words all;
static struct fst_str statements[4000];
static size_t n_statements;

static void add_words(struct words *w, const char *text, size_t n)
{
    struct fst_lexer lx = {.text = text, .n = n};
    for (;;) {
        struct fst_token t = fst_sql_next(&lx);
        if (t.kind == FST_TOK_END || w->n == WORDS)
            return;
        if (t.kind != FST_TOK_SPACE && t.kind != FST_TOK_COMMENT)
            w->items[w->n++] = (struct fst_str){text + t.offset, t.len};
    }
}

static void read_statements(struct fst_arena *a, const char *path)
{
    char *text;
    size_t n;
    struct fst_statement *found;
    assert_int_equal(fst_file_read(path, 16 << 20, &text, &n, NULL), FST_OK);
    const char *kept = fst_arena_strndup(a, text, n);
    free(text);
    n = fst_sql_split(a, kept, n, &found);
    for (size_t i = 0; i < n && n_statements < FST_COUNT(statements); i++)
        if (found[i].len)
            statements[n_statements++] = (struct fst_str){kept + found[i].offset, found[i].len};
}

static void read_corpora(struct fst_arena *a)
{
    struct dirent **entries;
    int n = scandir(CORPUS_FOLDER, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char *path = fst_path_join(CORPUS_FOLDER, entries[i]->d_name);
        if (strstr(entries[i]->d_name, ".sql"))
            read_statements(a, path);
        free(path);
        free(entries[i]);
    }
    free(entries);
    assert_true(n_statements > 500);
}

static const char *const odd_words[] = {"NULL",
                                        "-1",
                                        "0",
                                        "9223372036854775808",
                                        "2147483648",
                                        "1e999",
                                        "-0.0",
                                        "''",
                                        "'\\u0000'",
                                        "X'FF'",
                                        "((",
                                        "))",
                                        "[",
                                        "]",
                                        "INTERVAL '9999999' YEAR",
                                        "CAST(NULL AS array<int>)",
                                        "*",
                                        "t.*",
                                        "1.5BD",
                                        "99999999999999999999999999999999999999",
                                        "DISTINCT",
                                        "OVER ()",
                                        "GROUP BY ALL",
                                        "'(a+)+$'",
                                        "array()",
                                        "map()",
                                        "FILTER (WHERE true)",
                                        "date'-5877641-06-23'",
                                        "`",
                                        "'",
                                        "/*",
                                        "--",
                                        "x -> x",
                                        "AS",
                                        ",",
                                        ".",
                                        "::",
                                        "|>",
                                        "LIMIT 0",
                                        "FROM",
                                        "(SELECT 1)",
                                        "decimal(38,38)"};

/* ---- Mutants --------------------------------------------------------------------------------- */

static struct fst_str some_statement(uint64_t *seed)
{
    return statements[next_random(seed) % n_statements];
}

/* Words [at, at + n) become those of `by`. */
static void replace(struct words *w, size_t at, size_t n, const struct fst_str *by, size_t n_by)
{
    if (w->n - n + n_by > WORDS)
        return;
    memmove(&w->items[at + n_by], &w->items[at + n], (w->n - at - n) * sizeof *w->items);
    if (n_by)
        memcpy(&w->items[at], by, n_by * sizeof *by);
    w->n += n_by - n;
}

static bool is_number(struct fst_str word)
{
    return word.n && word.p[0] >= '0' && word.p[0] <= '9';
}

static bool is_text(struct fst_str word)
{
    return word.n > 1 && word.p[0] == '\'';
}

/* A word of another statement that is as this one: most such texts still mean something. */
static void swap_like(struct words *w, size_t at, const struct words *other, uint64_t *seed)
{
    struct fst_str old = w->items[at];
    for (size_t i = 0, k = next_random(seed) % other->n; i < other->n; i++, k++) {
        struct fst_str word = other->items[k % other->n];
        bool like = is_number(old) ? is_number(word)
                    : is_text(old) ? is_text(word)
                    : old.n == 1   ? word.n == 1 && strchr("+-*/%<>=", word.p[0])
                                   : word.n > 1 && !is_text(word);
        if (like) {
            w->items[at] = word;
            return;
        }
    }
}

static void mutate(struct words *w, uint64_t *seed)
{
    static struct words other;
    struct fst_str from = some_statement(seed);
    const char *odd = odd_words[next_random(seed) % FST_COUNT(odd_words)];
    struct fst_str word = {odd, strlen(odd)};
    size_t at = next_random(seed) % w->n, k = 1 + next_random(seed) % 6;
    other.n = 0;
    add_words(&other, from.p, from.n);
    size_t begin = next_random(seed) % other.n, n = 1 + next_random(seed) % 12;
    k = k < w->n - at ? k : w->n - at;
    n = n < other.n - begin ? n : other.n - begin;
    switch (next_random(seed) % 12) {
    case 0:
        replace(w, at, k, NULL, 0);
        break;
    case 1:
        replace(w, at, 1, &word, 1);
        break;
    case 2:
        replace(w, at, 0, &word, 1);
        break;
    case 3:
        replace(w, at, k, &other.items[begin], n);
        break;
    default:
        for (size_t i = 0; i < w->n && !is_number(w->items[at]) && !is_text(w->items[at]); i++)
            at = (at + 1) % w->n;
        if (next_random(seed) % 3 == 0)
            at = next_random(seed) % w->n;
        swap_like(w, at, &other, seed);
    }
}

static void write_words(struct fst_buf *out, const struct words *w)
{
    for (size_t i = 0; i < w->n; i++) {
        fst_buf_add(out, w->items[i].p, w->items[i].n);
        fst_buf_addc(out, i % 9 == 8 ? '\n' : ' ');
    }
}

static void make_text(struct fst_buf *out, uint64_t *seed)
{
    struct fst_str from = some_statement(seed);
    all.n = 0;
    add_words(&all, from.p, from.n);
    for (size_t i = 1 + next_random(seed) % 3; i > 0 && all.n; i--)
        mutate(&all, seed);
    fst_buf_clear(out);
    write_words(out, &all);
    if (next_random(seed) % 8 || !out->n)
        return;
    uint8_t *copy = fst_alloc(out->n + 64);
    memcpy(copy, out->p, out->n);
    size_t n = damage(copy, out->n, seed);
    fst_buf_clear(out);
    for (size_t i = 0; i < n; i++)
        if (copy[i]) /* texts end at a zero */
            fst_buf_addc(out, (char)copy[i]);
    free(copy);
}

/* ---- Asking ---------------------------------------------------------------------------------- */

static bool had_enough(void *arg)
{
    int *asked = arg;
    return ++*asked > ASKED;
}

static size_t lines_of(const char *text)
{
    size_t n = 1;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void check_problem(const char *sql, enum fst_status status, const struct fst_problem *p,
                          const struct fst_error *err)
{
    if (status == FST_OK || status == FST_ECANCELLED)
        return;
    /* SQLite complains of what we wrote, not of the text */
    bool ours = strstr(err->text, "SQLite") || strstr(err->text, "running the query");
    bool placed = p->line <= lines_of(sql) && (!p->line || p->col);
    if (!err->text[0] || ours || !placed || status == FST_ENET || status == FST_ECONFLICT)
        fail_msg("status %d, line %u, column %u: %s\n%s", status, p->line, p->col, err->text, sql);
}

static enum fst_status read_rows(struct fst_reader *r, struct fst_error *err)
{
    struct fst_buf text = FST_BUF(1 << 20);
    struct fst_frame *f = NULL;
    enum fst_status status = FST_OK;
    for (size_t rows = 0; rows < 500; rows += f->n_rows, fst_frame_unref(f)) {
        status = fst_reader_next(r, 100, &f, err);
        if (status != FST_OK || !f)
            break;
        for (size_t i = 0; i < f->n_columns * f->n_rows; i++) {
            fst_buf_clear(&text);
            fst_cell_text(&text, &f->columns[i % f->n_columns], i / f->n_columns, FST_CELL_SCREEN);
        }
    }
    fst_buf_done(&text);
    return status;
}

static struct fst_session *session;
static size_t counts[FST_ECONFLICT + 1];

static bool ask(const uint8_t *p, size_t n)
{
    char *sql = fst_strndup((const char *)p, n);
    struct fst_input inputs[FST_COUNT(tables)];
    int asked = 0;
    corpus_inputs(inputs);
    struct fst_work work = {.sql = sql,
                            .inputs = inputs,
                            .n_inputs = FST_COUNT(tables),
                            .cancelled = had_enough,
                            .cancel_arg = &asked};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    struct fst_reader *r;
    enum fst_status status =
        fst_engine_named("local")->query(session, &work, 500, &r, &problem, &err);
    if (status == FST_OK) {
        status = read_rows(r, &err);
        fst_reader_close(r);
    }
    check_problem(sql, status, &problem, &err);
    counts[status]++;
    corpus_inputs_done(inputs);
    free(sql);
    return true;
}

static void test_local_fuzz__texts_are_answered_or_refused(void **state)
{
    (void)state;
    struct fst_arena *a = fst_arena_new();
    struct fst_buf text = FST_BUF(1 << 20);
    const char *more = getenv("FIRESTEEL_FUZZ");
    size_t n = (SLOWER > 2 ? 600 : 3000) * (more ? strtoul(more, NULL, 10) : 1);
    uint64_t seed = (fuzz_seed() + 1) * 0x9E3779B97F4A7C15u;
    read_corpora(a);
    assert_int_equal(fst_engine_named("local")->open(NULL, &session, NULL), FST_OK);
    for (size_t i = 0; i < n; i++) {
        make_text(&text, &seed);
        if (getenv("FIRESTEEL_FUZZ_SHOW"))
            fprintf(stderr, "%zu: %s\n", i, fst_buf_text(&text));
        run(ask, (const uint8_t *)fst_buf_text(&text), text.n, fst_buf_text(&text));
    }
    fst_engine_named("local")->close(session);
    fst_buf_done(&text);
    fst_arena_free(a);
    print_message("%zu texts: %zu answered, %zu wrong, %zu refused, %zu failed on values\n", n,
                  counts[FST_OK], counts[FST_EINVAL], counts[FST_EUNSUPPORTED],
                  counts[FST_EREMOTE]);
    assert_true(counts[FST_OK] > n / 20);
}

/* ---- Nesting --------------------------------------------------------------------------------- */

static void expect_refused(const char *open, const char *middle, const char *close, size_t n)
{
    struct fst_buf sql = FST_BUF_TEXT;
    fst_buf_adds(&sql, "SELECT ");
    for (size_t i = 0; i < n; i++)
        fst_buf_adds(&sql, open);
    fst_buf_adds(&sql, middle);
    for (size_t i = 0; i < n; i++)
        fst_buf_adds(&sql, close);
    run(ask, (const uint8_t *)fst_buf_text(&sql), sql.n, open);
    fst_buf_done(&sql);
}

static void test_local_fuzz__no_depth_breaks_the_stack(void **state)
{
    (void)state;
    static const char *const shapes[][3] = {
        {"(", "1", ")"},
        {"abs(", "1", ")"},
        {"NOT ", "true", ""},
        {"- ", "1", ""},
        {"1 + ", "1", ""},
        {"CASE WHEN true THEN ", "1", " END"},
        {"(SELECT ", "1", ")"},
        {"array(", "1", ")"},
        {"CAST(", "1", " AS int)"},
        {"named_struct('a', ", "1", ")"},
        {"", "NULL", " IS NULL"},
        {"1 IN (", "1", ")"},
        {"1 FROM (SELECT ", "1", ")"},
        {"", "1", " UNION ALL SELECT 1"},
        {"CAST(NULL AS ", "int", ")"},
        {"", "1", " AND true"},
        {"", "'a'", " || 'b'"},
    };
    assert_int_equal(fst_engine_named("local")->open(NULL, &session, NULL), FST_OK);
    for (size_t i = 0; i < FST_COUNT(shapes); i++)
        for (size_t n = 10; n <= 100000; n *= 10)
            expect_refused(shapes[i][0], shapes[i][1], shapes[i][2], n);
    struct fst_buf type = FST_BUF_TEXT; /* types nest too */
    for (size_t i = 0; i < 20000; i++)
        fst_buf_adds(&type, "array<");
    expect_refused("CAST(NULL AS ", fst_buf_text(&type), ")", 1);
    fst_buf_done(&type);
    fst_engine_named("local")->close(session);
}

/* ---- Nested values --------------------------------------------------------------------------- */

static const char *const types[] = {
    "array<int>",
    "array<string>",
    "map<string,array<double>>",
    "struct<a:int,b:string,c:array<struct<x:decimal(38,2),y:boolean>>>",
    "array<array<array<tinyint>>>",
    "struct<a:date,b:timestamp,c:binary,d:map<int,struct<e:float>>>",
};

/* The first byte says which type, the rest is the value. */
static bool decode(const uint8_t *p, size_t n)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_type type;
    struct fst_schema *schema = fst_schema_new();
    assert_int_equal(fst_type_parse(a, types[n ? p[0] % FST_COUNT(types) : 0], &type, NULL),
                     FST_OK);
    fst_schema_add(schema, "c", &type, true);
    struct fst_builder *b = fst_builder_new(schema);
    fst_nest_add(b, 0, &type, p + (n > 0), n - (n > 0));
    struct fst_frame *f = fst_builder_finish(b, 1);
    struct fst_buf text = FST_BUF(1 << 20);
    fst_cell_text(&text, &f->columns[0], 0, FST_CELL_PLAIN);
    fst_buf_done(&text);
    fst_frame_unref(f);
    fst_arena_free(a);
    return true;
}

static void test_local_fuzz__damaged_nested_values_do_no_harm(void **state)
{
    (void)state;
    uint64_t seed = (fuzz_seed() + 7) * 0x9E3779B97F4A7C15u;
    const char *more = getenv("FIRESTEEL_FUZZ");
    for (size_t i = 0; i < 20000 * (more ? strtoul(more, NULL, 10) : 1); i++) {
        uint8_t bytes[64 + 64];
        size_t n = next_random(&seed) % 64;
        for (size_t k = 0; k < n; k++) /* marks are more common than chance has them */
            bytes[k] =
                (uint8_t)(next_random(&seed) % 3 ? next_random(&seed) % 4 : next_random(&seed));
        run(decode, bytes, n ? damage(bytes, n, &seed) : 0, "nested");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_local_fuzz__texts_are_answered_or_refused),
        cmocka_unit_test(test_local_fuzz__no_depth_breaks_the_stack),
        cmocka_unit_test(test_local_fuzz__damaged_nested_values_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
