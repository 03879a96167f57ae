/* A training set as one merge has the rows that its SQL has: random tables with ties, NULLs, equal
 * instants, lags, ages, features without times, keys of several kinds. */
#include "firesteel/bind.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

enum { FEATURES = 3, ROWS = 400, ENTITIES = 23 };

static uint32_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)seed * n >> 32);
}

/* The kinds of a table's columns: id, at, v. */
struct kinds {
    enum fst_kind id, at, v;
};

static void add_id(struct fst_buf *b, enum fst_kind kind)
{
    uint32_t id = below(ENTITIES + 1);
    if (id == ENTITIES)
        return; /* NULL */
    if (kind == FST_DATE)
        fst_buf_printf(b, "2024-01-%02u", id + 1);
    else
        fst_buf_printf(b, kind == FST_STRING ? "e%u" : "%u", id);
}

static void add_at(struct fst_buf *b, enum fst_kind kind)
{
    uint32_t at = below(60);
    if (at == 59)
        return;
    if (kind == FST_LONG)
        fst_buf_printf(b, "%u", at);
    else if (kind == FST_DATE)
        fst_buf_printf(b, "2024-02-%02u", at % 28 + 1);
    else
        fst_buf_printf(b, "2024-02-03 04:%02u:%02u.5", at, below(2));
}

static void add_v(struct fst_buf *b, enum fst_kind kind)
{
    static const char *const doubles[] = {"", "NaN", "-1.5", "2.25", "1.0E300", "3.0"};
    static const char *const texts[] = {"", "x", "xy", "\xc3\xa9", "Z", "z"};
    uint32_t v = below(6);
    if (kind == FST_DOUBLE)
        fst_buf_adds(b, doubles[v]);
    else if (kind == FST_STRING)
        fst_buf_adds(b, texts[v]);
    else if (v)
        fst_buf_printf(b, "%u", v);
}

static char *make_table(const char *name, struct kinds kinds, size_t rows)
{
    struct fst_buf csv = FST_BUF_TEXT;
    fst_buf_adds(&csv, "id,at,v\n");
    for (size_t i = 0; i < rows; i++) {
        add_id(&csv, kinds.id);
        fst_buf_addc(&csv, ',');
        add_at(&csv, kinds.at);
        fst_buf_addc(&csv, ',');
        add_v(&csv, kinds.v);
        fst_buf_addc(&csv, '\n');
    }
    char *path = fst_path_join(scratch, name);
    assert_int_equal(fst_file_write(path, csv.p, csv.n, 0644, NULL), FST_OK);
    fst_buf_done(&csv);
    return path;
}

static struct fst_schema *schema_of(struct kinds kinds)
{
    struct fst_schema *schema = fst_schema_new();
    struct fst_type types[] = {fst_type(kinds.id), fst_type(kinds.at), fst_type(kinds.v)};
    fst_schema_add(schema, "id", &types[0], true);
    fst_schema_add(schema, "at", &types[1], true);
    fst_schema_add(schema, "v", &types[2], true);
    return schema;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t add_lines(const struct fst_frame *f, char **lines, size_t n)
{
    for (size_t row = 0; row < f->n_rows; row++) {
        struct fst_buf line = FST_BUF_TEXT;
        for (size_t i = 0; i < f->n_columns; i++) {
            fst_buf_addc(&line, '\t');
            if (!fst_cell_text(&line, &f->columns[i], row, FST_CELL_PLAIN))
                fst_buf_adds(&line, "\\N");
        }
        lines[n++] = fst_buf_take(&line);
    }
    return n;
}

/* Columns and rows, the rows sorted. */
static char *answer(const struct fst_work *work)
{
    static char *lines[ROWS + 1];
    struct fst_session *s;
    struct fst_reader *r;
    struct fst_frame *f;
    struct fst_error err = {0};
    struct fst_buf out = FST_BUF_TEXT;
    size_t n = 0;
    assert_int_equal(fst_engine_named("local")->open(NULL, &s, NULL), FST_OK);
    if (fst_engine_named("local")->query(s, work, 0, &r, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < r->schema->n; i++) {
        fst_buf_printf(&out, "%s ", r->schema->fields[i].name);
        fst_type_text(&out, &r->schema->fields[i].type);
        fst_buf_addc(&out, '\n');
    }
    while (fst_reader_next(r, 100, &f, &err) == FST_OK && f) {
        assert_true(n + f->n_rows <= ROWS);
        n = add_lines(f, lines, n);
        fst_frame_unref(f);
    }
    assert_string_equal(err.text, "");
    qsort(lines, n, sizeof *lines, by_bytes);
    for (size_t i = 0; i < n; i++) {
        fst_buf_printf(&out, "%s\n", lines[i]);
        free(lines[i]);
    }
    fst_reader_close(r);
    fst_engine_named("local")->close(s);
    return fst_buf_take(&out);
}

static bool is_merged(const struct fst_work *work)
{
    struct fst_session *s;
    struct fst_buf plan = FST_BUF_TEXT;
    assert_int_equal(fst_engine_named("local")->open(NULL, &s, NULL), FST_OK);
    assert_int_equal(fst_engine_named("local")->explain(s, work, &plan, NULL, NULL), FST_OK);
    bool is = strstr(fst_buf_text(&plan), "== Merge ==") != NULL;
    fst_engine_named("local")->close(s);
    fst_buf_done(&plan);
    return is;
}

static void check(const struct fst_ts_plan *plan, const struct fst_input *inputs, bool merges)
{
    struct fst_buf sql = FST_BUF_TEXT;
    struct fst_error err = {0};
    if (fst_bind_training_sql(plan, true, &sql, &err) != FST_OK)
        fail_msg("%s", err.text);
    struct fst_work work = {.sql = fst_buf_text(&sql), .inputs = inputs, .n_inputs = FEATURES + 1};
    char *want = answer(&work);
    work.training = plan;
    char *got = answer(&work);
    assert_int_equal(is_merged(&work), merges);
    assert_string_equal(got, want);
    free(want);
    free(got);
    fst_buf_done(&sql);
}

static struct fst_ts_part part_of(const char *column, const char *table, enum fst_kind at)
{
    return (struct fst_ts_part){.column = column,
                                .table = table,
                                .entity = "id",
                                .value = "v",
                                .timestamp = "at",
                                .timestamp_type = fst_type(at)};
}

/* Random tables of these kinds; the parts are as `change` leaves them. */
static void try_kinds(struct kinds label, struct kinds feature, bool merges,
                      void (*change)(struct fst_ts_plan *plan, struct fst_ts_part *features))
{
    static const char *const names[] = {"l", "f0", "f1", "f2"};
    struct fst_input inputs[FEATURES + 1];
    struct fst_schema *schemas[FEATURES + 1];
    char *paths[FEATURES + 1];
    struct fst_ts_part features[FEATURES];
    for (size_t i = 0; i <= FEATURES; i++) {
        struct kinds kinds = i ? feature : label;
        schemas[i] = schema_of(kinds);
        paths[i] = make_table(names[i], kinds, i == 3 ? 0 : ROWS - 150 * i);
        inputs[i] = (struct fst_input){
            .name = names[i], .uri = paths[i], .format = "csv", .schema = schemas[i]};
    }
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc;
    static const char json[] = "{\"header\": \"true\"}";
    assert_int_equal(fst_json_parse(a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    for (size_t i = 0; i <= FEATURES; i++)
        inputs[i].options = doc;
    for (size_t i = 0; i < FEATURES; i++)
        features[i] = part_of(names[i + 1], names[i + 1], feature.at);
    struct fst_ts_plan plan = {"who", part_of("y", "l", label.at), features, FEATURES};
    if (change)
        change(&plan, features);
    check(&plan, inputs, merges);
    fst_arena_free(a);
    for (size_t i = 0; i <= FEATURES; i++) {
        fst_schema_free(schemas[i]);
        free(paths[i]);
    }
}

static const struct kinds whole = {FST_LONG, FST_TIMESTAMP, FST_INT};

static void test_merge__has_the_rows_of_sql(void **state)
{
    (void)state;
    seed = 1;
    for (int round = 0; round < 3; round++) {
        try_kinds(whole, whole, true, NULL);
        try_kinds((struct kinds){FST_STRING, FST_TIMESTAMP, FST_DOUBLE},
                  (struct kinds){FST_STRING, FST_TIMESTAMP, FST_STRING}, true, NULL);
        try_kinds((struct kinds){FST_INT, FST_TIMESTAMP_NTZ, FST_STRING},
                  (struct kinds){FST_LONG, FST_TIMESTAMP_NTZ, FST_DOUBLE}, true, NULL);
        try_kinds((struct kinds){FST_DATE, FST_DATE, FST_INT},
                  (struct kinds){FST_DATE, FST_DATE, FST_INT}, true, NULL);
        try_kinds((struct kinds){FST_LONG, FST_LONG, FST_INT},
                  (struct kinds){FST_LONG, FST_LONG, FST_INT}, true, NULL);
    }
}

static void shift(struct fst_ts_plan *plan, struct fst_ts_part *features)
{
    (void)plan;
    features[0].lag_us = 90500000;
    features[1].max_age_us = 120000000;
    features[2].lag_us = features[2].max_age_us = 1;
}

static void shift_all(struct fst_ts_plan *plan, struct fst_ts_part *features)
{
    shift(plan, features);
    features[0].max_age_us = 600000000;
}

static void test_merge__knows_lags_and_ages(void **state)
{
    (void)state;
    seed = 77;
    try_kinds(whole, whole, true, shift);
    try_kinds(whole, whole, true, shift_all);
}

static void without_times(struct fst_ts_plan *plan, struct fst_ts_part *features)
{
    (void)plan;
    features[0].timestamp = NULL;
}

static void without_label_time(struct fst_ts_plan *plan, struct fst_ts_part *features)
{
    plan->label.timestamp = NULL;
    features[1].timestamp = NULL;
}

static void test_merge__knows_features_and_labels_without_times(void **state)
{
    (void)state;
    seed = 5;
    try_kinds(whole, whole, true, without_times);
    try_kinds(whole, whole, true, without_label_time);
}

static void test_merge__leaves_other_kinds_to_sql(void **state)
{
    (void)state;
    seed = 9;
    try_kinds(whole, (struct kinds){FST_LONG, FST_DATE, FST_INT}, false, NULL);
    try_kinds((struct kinds){FST_DOUBLE, FST_TIMESTAMP, FST_INT},
              (struct kinds){FST_DOUBLE, FST_TIMESTAMP, FST_INT}, false, NULL);
    try_kinds((struct kinds){FST_STRING, FST_STRING, FST_INT},
              (struct kinds){FST_STRING, FST_STRING, FST_INT}, false, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merge__has_the_rows_of_sql),
        cmocka_unit_test(test_merge__knows_lags_and_ages),
        cmocka_unit_test(test_merge__knows_features_and_labels_without_times),
        cmocka_unit_test(test_merge__leaves_other_kinds_to_sql),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
