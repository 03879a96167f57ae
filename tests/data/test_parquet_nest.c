/* Nested columns from levels that were made by hand: every form of lists and maps, and levels that
 * lie. The files are small, with pages of values that stand here as text: a token is an entry, its
 * repetition and definition level and its value ("02=7"), and a bar begins a page. */
#include "parquet_support.h"

#include "thrift.h"

enum { REQUIRED, OPTIONAL, REPEATED };
enum { EMPTY = -2, NONE = -1, MAP = 1, MAP_KEY_VALUE = 2, LIST = 3, INT32 = 1 };
enum { PLAIN, BIT_PACKED = 4, RLE = 3, DATA_V1 = 0, DATA_V2 = 3 };

/* An element of the schema; one without children is an INT32. */
struct element {
    const char *name;
    int repetition, n_children, converted;
};
struct table {
    const struct element *elements; /* without the root */
    size_t n_elements;
    const char *const *leaves; /* entries */
    size_t n_rows;
    int page_type;    /* of pages */
    int levels;       /* their encoding: RLE (0 as well) or BIT_PACKED */
    size_t more_rows; /* that the footer has and the pages have not */
    size_t more_values;
    size_t run; /* how often the last entry of a page comes; 0 = once */
};

/* ---- Writing --------------------------------------------------------------------------------- */

struct chunk {
    uint64_t at;
    size_t n_values, size;
};

/* Entries of one page. */
struct page {
    unsigned rep[64], def[64];
    size_t n, n_values, n_rows;
    struct fst_buf values;
};

static const char *take_page(const char *text, struct page *page)
{
    *page = (struct page){.values = FST_BUF(4096)};
    for (; *text && *text != '|'; text++) {
        if (*text == ' ')
            continue;
        page->rep[page->n] = (unsigned)(text[0] - '0');
        page->def[page->n] = (unsigned)(text[1] - '0');
        page->n_rows += page->rep[page->n++] == 0;
        text++;
        if (text[1] != '=')
            continue;
        char *end;
        int32_t v = (int32_t)strtol(text + 2, &end, 10);
        fst_buf_add(&page->values, &v, sizeof(v));
        text = end - 1;
    }
    return *text ? text + 1 : text;
}

static void put_varint(struct fst_buf *out, size_t v)
{
    for (; v > 127; v >>= 7)
        fst_buf_addc(out, (char)(v | 128));
    fst_buf_addc(out, (char)v);
}

/* A run for each level; the last one may be long. */
static void put_runs(struct fst_buf *out, const unsigned *levels, size_t n, size_t run)
{
    for (size_t i = 0; i < n; i++) {
        put_varint(out, (run && i + 1 == n ? run : 1) << 1);
        fst_buf_addc(out, (char)levels[i]);
    }
}

static void put_packed(struct fst_buf *out, const unsigned *levels, size_t n, unsigned width)
{
    unsigned byte = 0, bits = 0;
    for (size_t i = 0; i < n * width; i++) {
        byte = byte << 1 | (levels[i / width] >> (width - 1 - i % width) & 1);
        if (++bits % 8 == 0)
            fst_buf_addc(out, (char)byte);
    }
    if (bits % 8)
        fst_buf_addc(out, (char)(byte << (8 - bits % 8)));
}

static unsigned width_of(unsigned max)
{
    return max > 3 ? 3 : max > 1 ? 2 : 1;
}

/* Levels as a page of the first kind has them. */
static void put_levels(struct fst_buf *out, const struct table *t, const unsigned *levels, size_t n,
                       unsigned max)
{
    struct fst_buf runs = FST_BUF(65536);
    if (max && t->levels == BIT_PACKED) {
        put_packed(out, levels, n, width_of(max));
    } else if (max) {
        put_runs(&runs, levels, n, t->run);
        uint32_t size = (uint32_t)runs.n;
        fst_buf_add(out, &size, sizeof(size));
        fst_buf_add(out, runs.p, runs.n);
    }
    fst_buf_done(&runs);
}

static void put_i32(struct fst_thrift_out *o, int16_t id, size_t v)
{
    fst_thrift_put_int(o, id, FST_THRIFT_I32, (int64_t)v);
}

static void put_page(struct fst_buf *out, const struct table *t, const struct page *page,
                     unsigned max_rep, unsigned max_def)
{
    struct fst_buf body = FST_BUF(65536), reps = FST_BUF(65536), defs = FST_BUF(65536);
    bool is_v2 = t->page_type == DATA_V2;
    size_t n_values = t->run ? page->n - 1 + t->run : page->n;
    if (is_v2) {
        put_runs(&reps, page->rep, max_rep ? page->n : 0, t->run);
        put_runs(&defs, page->def, max_def ? page->n : 0, t->run);
        fst_buf_add(&body, fst_buf_text(&reps), reps.n);
        fst_buf_add(&body, fst_buf_text(&defs), defs.n);
    } else {
        put_levels(&body, t, page->rep, page->n, max_rep);
        put_levels(&body, t, page->def, page->n, max_def);
    }
    fst_buf_add(&body, fst_buf_text(&page->values), page->values.n);

    struct fst_thrift_out o = {.buf = out};
    fst_thrift_open_item(&o);
    put_i32(&o, 1, (size_t)t->page_type);
    put_i32(&o, 2, body.n);
    put_i32(&o, 3, body.n);
    fst_thrift_open(&o, is_v2 ? 8 : 5);
    put_i32(&o, 1, n_values);
    if (is_v2) {
        put_i32(&o, 2, 0);
        put_i32(&o, 3, page->n_rows);
        put_i32(&o, 4, PLAIN);
        put_i32(&o, 5, defs.n);
        put_i32(&o, 6, reps.n);
        fst_thrift_put_bool(&o, 7, false);
    } else {
        put_i32(&o, 2, PLAIN);
        put_i32(&o, 3, t->levels ? (size_t)t->levels : RLE);
        put_i32(&o, 4, t->levels ? (size_t)t->levels : RLE);
    }
    fst_thrift_close(&o);
    fst_thrift_close(&o);
    fst_buf_add(out, fst_buf_text(&body), body.n);
    fst_buf_done(&defs);
    fst_buf_done(&reps);
    fst_buf_done(&body);
}

static struct chunk put_chunk(struct fst_buf *out, const struct table *t, const char *entries,
                              unsigned max_rep, unsigned max_def)
{
    struct chunk c = {.at = out->n};
    for (const char *at = entries; *at;) {
        struct page page;
        at = take_page(at, &page);
        c.n_values += t->run ? page.n - 1 + t->run : page.n;
        put_page(out, t, &page, max_rep, max_def);
        fst_buf_done(&page.values);
    }
    c.size = out->n - c.at;
    c.n_values += t->more_values;
    return c;
}

/* Chunks of the leaves below element `at`; returns the element after it. */
static size_t put_chunks(struct fst_buf *out, const struct table *t, size_t at, unsigned rep,
                         unsigned def, struct chunk *chunks, size_t *n)
{
    const struct element *e = &t->elements[at];
    rep += e->repetition == REPEATED;
    def += e->repetition != REQUIRED;
    if (e->converted == EMPTY)
        return at + 1;
    if (!e->n_children) {
        chunks[*n] = put_chunk(out, t, t->leaves[*n], rep, def);
        (*n)++;
        return at + 1;
    }
    size_t next = at + 1;
    for (int i = 0; i < e->n_children; i++)
        next = put_chunks(out, t, next, rep, def, chunks, n);
    return next;
}

static size_t count_columns(const struct table *t)
{
    size_t n = 0, inside = 0;
    for (size_t i = 0; i < t->n_elements; i++) {
        n += inside == 0;
        inside -= inside > 0;
        inside += (size_t)t->elements[i].n_children;
    }
    return n;
}

static void put_schema(struct fst_thrift_out *o, const struct table *t)
{
    fst_thrift_put_list(o, 2, FST_THRIFT_STRUCT, t->n_elements + 1);
    fst_thrift_open_item(o);
    fst_thrift_put_text(o, 4, "schema");
    put_i32(o, 5, count_columns(t));
    fst_thrift_close(o);
    for (size_t i = 0; i < t->n_elements; i++) {
        const struct element *e = &t->elements[i];
        fst_thrift_open_item(o);
        if (!e->n_children && e->converted != EMPTY)
            put_i32(o, 1, INT32);
        put_i32(o, 3, (size_t)e->repetition);
        fst_thrift_put_text(o, 4, e->name);
        if (e->n_children)
            put_i32(o, 5, (size_t)e->n_children);
        if (e->converted > 0)
            put_i32(o, 6, (size_t)e->converted);
        fst_thrift_close(o);
    }
}

static void put_column(struct fst_thrift_out *o, const struct chunk *c)
{
    fst_thrift_open_item(o);
    fst_thrift_put_int(o, 2, FST_THRIFT_I64, 0);
    fst_thrift_open(o, 3);
    put_i32(o, 1, INT32);
    fst_thrift_put_list(o, 2, FST_THRIFT_I32, 0);
    fst_thrift_put_list(o, 3, FST_THRIFT_BINARY, 0);
    put_i32(o, 4, 0);
    fst_thrift_put_int(o, 5, FST_THRIFT_I64, (int64_t)c->n_values);
    fst_thrift_put_int(o, 6, FST_THRIFT_I64, (int64_t)c->size);
    fst_thrift_put_int(o, 7, FST_THRIFT_I64, (int64_t)c->size);
    fst_thrift_put_int(o, 9, FST_THRIFT_I64, (int64_t)c->at);
    fst_thrift_close(o);
    fst_thrift_close(o);
}

static struct fst_buf file_of(const struct table *t)
{
    struct fst_buf out = FST_BUF(1 << 20);
    struct chunk chunks[16];
    size_t n = 0;
    fst_buf_adds(&out, "PAR1");
    for (size_t at = 0; at < t->n_elements;)
        at = put_chunks(&out, t, at, 0, 0, chunks, &n);

    uint32_t footer_at = (uint32_t)out.n;
    int64_t rows = (int64_t)(t->n_rows + t->more_rows);
    struct fst_thrift_out o = {.buf = &out};
    fst_thrift_open_item(&o);
    put_i32(&o, 1, 1);
    put_schema(&o, t);
    fst_thrift_put_int(&o, 3, FST_THRIFT_I64, rows);
    fst_thrift_put_list(&o, 4, FST_THRIFT_STRUCT, 1);
    fst_thrift_open_item(&o);
    fst_thrift_put_list(&o, 1, FST_THRIFT_STRUCT, n);
    for (size_t i = 0; i < n; i++)
        put_column(&o, &chunks[i]);
    fst_thrift_put_int(&o, 2, FST_THRIFT_I64, 0);
    fst_thrift_put_int(&o, 3, FST_THRIFT_I64, rows);
    fst_thrift_close(&o);
    fst_thrift_close(&o);
    uint32_t size = (uint32_t)out.n - footer_at;
    fst_buf_add(&out, &size, sizeof(size));
    fst_buf_adds(&out, "PAR1");
    return out;
}

/* ---- Checking -------------------------------------------------------------------------------- */

static char *text_of(const struct table *t, const struct fst_read_options *options, size_t step)
{
    struct fst_buf file = file_of(t);
    char *text = dump(fst_bytes_of_memory("f.parquet", file.p, file.n), options, step, SIZE_MAX);
    fst_buf_done(&file);
    return text;
}

/* All at once, row by row, and from the second row on. */
static void check_one(const struct table *t, const char *expected)
{
    char *all = text_of(t, NULL, SIZE_MAX), *steps = text_of(t, NULL, 1);
    char *part = text_of(t, &(struct fst_read_options){.offset_rows = 1}, 2);
    const char *second = strchr(strchr(expected, '\n') + 1, '\n') + 1;
    assert_string_equal(all, expected);
    assert_string_equal(steps, expected);
    assert_string_equal(strchr(part, '\n') + 1, second);
    free(part);
    free(steps);
    free(all);
}

/* As pages of both kinds. */
static void check(const struct element *elements, size_t n_elements, const char *const *leaves,
                  size_t n_rows, const char *expected)
{
    struct table t = {
        .elements = elements, .n_elements = n_elements, .leaves = leaves, .n_rows = n_rows};
    check_one(&t, expected);
    t.levels = BIT_PACKED;
    check_one(&t, expected);
    t.levels = RLE;
    t.page_type = DATA_V2;
    check_one(&t, expected);
}
#define CHECK(elements, n_rows, expected, ...)                                                     \
    check(elements, FST_COUNT(elements), (const char *const[]){__VA_ARGS__}, n_rows, expected)

/* ---- Lists ----------------------------------------------------------------------------------- */

static void test_data_parquet_nest__keeps_null_and_empty_lists_apart(void **state)
{
    (void)state;
    static const struct element list[] = {
        {"a", OPTIONAL, 1, LIST}, {"list", REPEATED, 1, NONE}, {"element", OPTIONAL, 0, NONE}};
    CHECK(list, 5, "[[\"a\",\"array<int>\"]]\n[[1,null,2]]\n[[]]\n[null]\n[[null]]\n[[3]]\n",
          "03=1 12 13=2 01 00 02 03=3");
}

static void test_data_parquet_nest__rows_go_on_in_the_next_page(void **state)
{
    (void)state;
    static const struct element list[] = {
        {"a", OPTIONAL, 1, LIST}, {"list", REPEATED, 1, NONE}, {"element", REQUIRED, 0, NONE}};
    static const char expected[] = "[[\"a\",\"array<int>\"]]\n[[1,2,3,4]]\n[[5]]\n[[6,7]]\n";
    struct table t = {.elements = list, .n_elements = 3, .n_rows = 3};
    t.leaves = (const char *const[]){"02=1 12=2|12=3|12=4 02=5|02=6|12=7"};
    check_one(&t, expected);
    t.levels = BIT_PACKED;
    check_one(&t, expected);
}

static void test_data_parquet_nest__a_bare_repeated_field_is_a_required_list(void **state)
{
    (void)state;
    static const struct element bare[] = {{"a", REPEATED, 0, NONE}};
    CHECK(bare, 3, "[[\"a\",\"array<int>\"]]\n[[1,2]]\n[[]]\n[[3]]\n", "01=1 11=2 00 01=3");
    static const struct element group[] = {
        {"a", REPEATED, 2, NONE}, {"x", REQUIRED, 0, NONE}, {"y", OPTIONAL, 0, NONE}};
    CHECK(group, 2,
          "[[\"a\",\"array<struct<x:int,y:int>>\"]]\n[[{\"x\":1,\"y\":null},{\"x\":2,"
          "\"y\":3}]]\n[[]]\n",
          "01=1 11=2 00", "01 12=3 00");
}

static void test_data_parquet_nest__two_levels_are_a_list_of_required_values(void **state)
{
    (void)state;
    static const struct element list[] = {{"a", OPTIONAL, 1, LIST}, {"element", REPEATED, 0, NONE}};
    CHECK(list, 3, "[[\"a\",\"array<int>\"]]\n[[1,2]]\n[[]]\n[null]\n", "02=1 12=2 01 00");
    static const struct element pairs[] = {{"a", OPTIONAL, 1, LIST},
                                           {"element", REPEATED, 2, NONE},
                                           {"x", REQUIRED, 0, NONE},
                                           {"y", REQUIRED, 0, NONE}};
    CHECK(pairs, 2, "[[\"a\",\"array<struct<x:int,y:int>>\"]]\n[[{\"x\":1,\"y\":2}]]\n[null]\n",
          "02=1 00", "02=2 00");
}

static void test_data_parquet_nest__array_and_tuple_name_the_element_itself(void **state)
{
    (void)state;
    static const struct element array[] = {
        {"a", OPTIONAL, 1, LIST}, {"array", REPEATED, 1, NONE}, {"x", REQUIRED, 0, NONE}};
    CHECK(array, 1, "[[\"a\",\"array<struct<x:int>>\"]]\n[[{\"x\":1},{\"x\":2}]]\n", "02=1 12=2");
    static const struct element tuple[] = {
        {"a", OPTIONAL, 1, LIST}, {"a_tuple", REPEATED, 1, NONE}, {"x", OPTIONAL, 0, NONE}};
    CHECK(tuple, 1, "[[\"a\",\"array<struct<x:int>>\"]]\n[[{\"x\":1},{\"x\":null}]]\n", "03=1 12");
    static const struct element other[] = {
        {"a", OPTIONAL, 1, LIST}, {"b_tuple", REPEATED, 1, NONE}, {"x", OPTIONAL, 0, NONE}};
    CHECK(other, 1, "[[\"a\",\"array<int>\"]]\n[[1,null]]\n", "03=1 12");
}

static void test_data_parquet_nest__lists_of_lists(void **state)
{
    (void)state;
    static const struct element lists[] = {{"a", OPTIONAL, 1, LIST},
                                           {"list", REPEATED, 1, NONE},
                                           {"element", OPTIONAL, 1, LIST},
                                           {"list", REPEATED, 1, NONE},
                                           {"element", OPTIONAL, 0, NONE}};
    CHECK(lists, 4,
          "[[\"a\",\"array<array<int>>\"]]\n[[[1,2],[],null,[null]]]\n[[]]\n[null]\n[[[3],[4]]]\n",
          "05=1 25=2 13 12 14 01 00 05=3 15=4");
    static const struct element old[] = {
        {"a", REQUIRED, 1, LIST}, {"array", REPEATED, 1, LIST}, {"array", REPEATED, 0, NONE}};
    CHECK(old, 2, "[[\"a\",\"array<array<int>>\"]]\n[[[1,2],[3]]]\n[[[]]]\n", "02=1 22=2 12=3 01");
}

/* ---- Maps and structs ------------------------------------------------------------------------ */

static void test_data_parquet_nest__maps_by_place_and_not_by_name(void **state)
{
    (void)state;
    static const struct element map[] = {{"m", OPTIONAL, 1, MAP},
                                         {"entries", REPEATED, 2, MAP_KEY_VALUE},
                                         {"name", REQUIRED, 0, NONE},
                                         {"what", OPTIONAL, 0, NONE}};
    CHECK(map, 3, "[[\"m\",\"map<int,int>\"]]\n[{\"1\":10,\"2\":null}]\n[{}]\n[null]\n",
          "02=1 12=2 01 00", "03=10 12 01 00");
    static const struct element old[] = {{"m", REQUIRED, 1, MAP_KEY_VALUE},
                                         {"map", REPEATED, 2, NONE},
                                         {"key", OPTIONAL, 0, NONE},
                                         {"value", REQUIRED, 0, NONE}};
    CHECK(old, 2, "[[\"m\",\"map<int,int>\"]]\n[{\"1\":10,\"null\":20}]\n[{}]\n", "02=1 11 00",
          "01=10 11=20 00");
}

static void test_data_parquet_nest__a_map_without_values_has_none(void **state)
{
    (void)state;
    static const struct element map[] = {
        {"m", OPTIONAL, 1, MAP}, {"key_value", REPEATED, 1, NONE}, {"key", REQUIRED, 0, NONE}};
    CHECK(map, 3, "[[\"m\",\"map<int,void>\"]]\n[{\"1\":null,\"2\":null}]\n[{}]\n[null]\n",
          "02=1 12=2 01 00");
}

static void test_data_parquet_nest__structs_are_null_or_have_null_fields(void **state)
{
    (void)state;
    static const struct element both[] = {{"s", OPTIONAL, 2, NONE},
                                          {"x", OPTIONAL, 0, NONE},
                                          {"in", OPTIONAL, 1, NONE},
                                          {"y", OPTIONAL, 0, NONE}};
    CHECK(both, 4,
          "[[\"s\",\"struct<x:int,in:struct<y:int>>\"]]\n[{\"x\":1,\"in\":{\"y\":2}}]\n[null]\n"
          "[{\"x\":null,\"in\":null}]\n[{\"x\":3,\"in\":{\"y\":null}}]\n",
          "02=1 00 01 02=3", "03=2 00 01 02");
}

static void test_data_parquet_nest__lists_in_structs_in_lists(void **state)
{
    (void)state;
    static const struct element deep[] = {
        {"a", OPTIONAL, 1, LIST},      {"list", REPEATED, 1, NONE}, {"element", OPTIONAL, 2, NONE},
        {"x", OPTIONAL, 0, NONE},      {"l", OPTIONAL, 1, LIST},    {"list", REPEATED, 1, NONE},
        {"element", OPTIONAL, 0, NONE}};
    CHECK(deep, 3,
          "[[\"a\",\"array<struct<x:int,l:array<int>>>\"]]\n"
          "[[{\"x\":1,\"l\":[7,8]},null,{\"x\":null,\"l\":[]}]]\n[[]]\n[[{\"x\":2,\"l\":null}]]\n",
          "04=1 12 13 01 04=2", "06=7 26=8 12 14 01 03");
}

/* ---- Levels that lie ------------------------------------------------------------------------- */

static const struct element number_and_lists[] = {
    {"id", REQUIRED, 0, NONE},      {"a", OPTIONAL, 1, LIST},      {"list", REPEATED, 1, NONE},
    {"element", OPTIONAL, 2, NONE}, {"x", OPTIONAL, 0, NONE},      {"l", OPTIONAL, 1, LIST},
    {"list", REPEATED, 1, NONE},    {"element", OPTIONAL, 0, NONE}};

/* The column beside it is read, the bad one is not, and says why. */
static void check_refused(struct table t, const char *x, const char *y, const char *why)
{
    t.elements = number_and_lists;
    t.n_elements = FST_COUNT(number_and_lists);
    t.leaves = (const char *const[]){"00=5 00=6", x, y};
    t.n_rows = 2;
    for (int i = 0; i < 2; i++) {
        t.page_type = i ? DATA_V2 : DATA_V1;
        char *text = text_of(&t, NULL, SIZE_MAX);
        char *row = fst_asprintf("\n[5,{\"unreadable\":\"row group 0: %s", why);
        if (!strstr(text, row))
            fail_msg("\"%s\" is not in: %s", row, text);
        free(row);
        free(text);
    }
}

static void test_data_parquet_nest__a_bad_column_hides_no_other(void **state)
{
    (void)state;
    struct table t = {.levels = RLE};
    check_refused(t, "14=1 04=2", "06=7 06=8", "a.list.element.x: it begins inside of a row");
    check_refused(t, "04=1 05=2", "06=7 06=8", "a level of 5, at most 4 is right");
    check_refused(t, "04=1 34=2", "06=7 06=8", "a level of 3, at most 1 is right");
    check_refused(t, "04=1 04=2 04=3", "06=7 06=8", "a.list.element.x: more rows than the row");
    check_refused(t, "04=1", "06=7 06=8", "a.list.element.x: it ends before its last row");
    check_refused(t, "04=1 14=2", "06=7 16=9 06=8",
                  "a.list.element.x: it ends before its last row");
}

static void test_data_parquet_nest__leaves_that_disagree_are_refused(void **state)
{
    (void)state;
    struct table t = {.levels = RLE};
    static const char why[] = "its levels contradict each other";
    check_refused(t, "04=1 14=2 04=3", "06=7 06=8", why);
    check_refused(t, "04=1 04=2", "06=7 02", why);
    check_refused(t, "04=1 00", "06=7 01", why);
    check_refused(t, "01 14=1 04=2", "01 16=7 06=8", why); /* goes on after it was empty */
    check_refused(t, "04=1 11 04=2", "06=7 11 06=8", why); /* empty after it had elements */
    check_refused(t, "04=1 04=2", "04 26=1 06=7", why);
    check_refused(t, "04=1 04=2", "06=1 21 06=7", why);
}

static void test_data_parquet_nest__values_are_as_many_as_the_footer_says(void **state)
{
    (void)state;
    struct table t = {.levels = RLE, .more_values = 1};
    check_refused(t, "04=1 04=2", "06=7 06=8", "");
    t = (struct table){.elements = (const struct element[]){{"a", REPEATED, 0, NONE}},
                       .n_elements = 1,
                       .leaves = (const char *const[]){"01=1 01=2"},
                       .n_rows = 2,
                       .more_values = (size_t)-1};
    char *text = text_of(&t, NULL, SIZE_MAX);
    assert_non_null(
        strstr(text, "error: malformed: f.parquet: column a: row group 0: a: more values"));
    free(text);
}

/* A few bytes that say that a list has 2,000 million NULLs. */
static void test_data_parquet_nest__a_run_without_end_takes_no_memory(void **state)
{
    (void)state;
    static const struct element list[] = {
        {"a", OPTIONAL, 1, LIST}, {"list", REPEATED, 1, NONE}, {"element", OPTIONAL, 0, NONE}};
    struct table t = {.elements = list, .n_elements = 3, .n_rows = 1, .run = 2000000000};
    t.leaves = (const char *const[]){"02 12"};
    for (int i = 0; i < 2; i++) {
        t.page_type = i ? DATA_V2 : DATA_V1;
        char *text = text_of(&t, NULL, SIZE_MAX);
        assert_non_null(strstr(text, "error: "));
        assert_non_null(strstr(text, "a.list.element: its rows are over the memory allowed"));
        free(text);
        text = text_of(&t, &(struct fst_read_options){.offset_rows = 1}, SIZE_MAX);
        assert_string_equal(text, "[[\"a\",\"array<int>\"]]\n");
        free(text);
    }
}

/* Every byte of the pages and the footer, as many other values. */
static void check_mutants(const struct table *t)
{
    static const uint8_t flips[] = {0x01, 0x02, 0x04, 0x10, 0x40, 0x80, 0xFF, 0x7E};
    struct fst_buf file = file_of(t);
    const struct fst_read_options from_second = {.offset_rows = 1, .memory_cap = 1 << 20};
    for (size_t at = 4; at < file.n; at++) {
        for (size_t i = 0; i < FST_COUNT(flips); i++) {
            file.p[at] ^= (char)flips[i];
            free(dump(fst_bytes_of_memory("f", file.p, file.n), NULL, 2, 100));
            free(dump(fst_bytes_of_memory("f", file.p, file.n), &from_second, 1, 100));
            file.p[at] ^= (char)flips[i];
        }
    }
    fst_buf_done(&file);
}

static void test_data_parquet_nest__damaged_levels_do_no_harm(void **state)
{
    (void)state;
    struct table t = {.elements = number_and_lists,
                      .n_elements = FST_COUNT(number_and_lists),
                      .leaves = (const char *const[]){"00=5 00=6 00=7", "04=1 12 13|01|04=2",
                                                      "06=7 26=8 12|14 01|03"},
                      .n_rows = 3};
    check_mutants(&t);
    t.levels = BIT_PACKED;
    check_mutants(&t);
    t.page_type = DATA_V2;
    check_mutants(&t);
}

static void test_data_parquet_nest__a_struct_without_fields_is_null(void **state)
{
    (void)state;
    /* A leaf of no type is a group of nothing. */
    static const struct element both[] = {
        {"s", OPTIONAL, 2, NONE}, {"nothing", OPTIONAL, 0, EMPTY}, {"x", OPTIONAL, 0, NONE}};
    CHECK(both, 2,
          "[[\"s\",\"struct<nothing:struct<>,x:int>\"]]\n[{\"nothing\":null,\"x\":1}]\n"
          "[null]\n",
          "02=1 00");
    static const struct element only[] = {{"id", REQUIRED, 0, NONE}, {"s", OPTIONAL, 0, EMPTY}};
    struct table t = {.elements = only, .n_elements = 2, .n_rows = 1};
    t.leaves = (const char *const[]){"00=5"};
    char *text = text_of(&t, NULL, SIZE_MAX);
    assert_non_null(strstr(text, "\n[5,{\"unreadable\":\"a struct without fields has no values"));
    free(text);
}

#ifdef __SANITIZE_ADDRESS__
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "max_allocation_size_mb=32";
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_nest__keeps_null_and_empty_lists_apart),
        cmocka_unit_test(test_data_parquet_nest__rows_go_on_in_the_next_page),
        cmocka_unit_test(test_data_parquet_nest__a_bare_repeated_field_is_a_required_list),
        cmocka_unit_test(test_data_parquet_nest__two_levels_are_a_list_of_required_values),
        cmocka_unit_test(test_data_parquet_nest__array_and_tuple_name_the_element_itself),
        cmocka_unit_test(test_data_parquet_nest__lists_of_lists),
        cmocka_unit_test(test_data_parquet_nest__maps_by_place_and_not_by_name),
        cmocka_unit_test(test_data_parquet_nest__a_map_without_values_has_none),
        cmocka_unit_test(test_data_parquet_nest__structs_are_null_or_have_null_fields),
        cmocka_unit_test(test_data_parquet_nest__lists_in_structs_in_lists),
        cmocka_unit_test(test_data_parquet_nest__a_bad_column_hides_no_other),
        cmocka_unit_test(test_data_parquet_nest__leaves_that_disagree_are_refused),
        cmocka_unit_test(test_data_parquet_nest__values_are_as_many_as_the_footer_says),
        cmocka_unit_test(test_data_parquet_nest__a_run_without_end_takes_no_memory),
        cmocka_unit_test(test_data_parquet_nest__damaged_levels_do_no_harm),
        cmocka_unit_test(test_data_parquet_nest__a_struct_without_fields_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
