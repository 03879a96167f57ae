/* Parquet: every file of the Apache conformance set against what it holds, as tests/data/goldens
 * say; goldens.py says where they come from. Needs the set, but neither Python nor pyarrow. */
#include "parquet_support.h"

#include <math.h>

#include "codec.h"

enum { FIRST = 3, WIDTH = 60 };

/* ---- Values as the goldens have them --------------------------------------------------------- */

static void add_text(struct fst_buf *out, struct fst_str s)
{
    fst_buf_addc(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c > ' ' && c < 0x7F && !strchr(",()[]{}:%", c))
            fst_buf_addc(out, (char)c);
        else
            fst_buf_printf(out, "%%%02x", c);
    }
}

static void add_double(struct fst_buf *out, double v, int digits)
{
    if (isnan(v))
        fst_buf_adds(out, "nan");
    else
        fst_buf_printf(out, "%.*g", digits, v);
}

static void add_value(struct fst_buf *out, const struct fst_column *c, size_t row);

static void add_items(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    fst_buf_addc(out, '[');
    for (size_t i = c->offsets[row]; i < c->offsets[row + 1]; i++)
        for (size_t k = 0; k < c->type.n_fields; k++) {
            fst_buf_adds(out, k ? ":" : i > c->offsets[row] ? "," : "");
            add_value(out, &c->children[k], i);
        }
    fst_buf_addc(out, ']');
}

static void add_fields(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    fst_buf_addc(out, '(');
    for (size_t k = 0; k < c->type.n_fields; k++) {
        fst_buf_adds(out, k ? "," : "");
        add_value(out, &c->children[k], row);
    }
    fst_buf_addc(out, ')');
}

static void add_value(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    if (fst_column_is_null(c, row)) {
        fst_buf_addc(out, '-');
        return;
    }
    switch (c->type.kind) {
    case FST_BOOLEAN:
        fst_buf_adds(out, fst_column_int(c, row) ? "true" : "false");
        return;
    case FST_FLOAT:
    case FST_DOUBLE:
        add_double(out, fst_column_double(c, row), c->type.kind == FST_FLOAT ? 9 : 17);
        return;
    case FST_DECIMAL:
        fst_decimal_text(out, fst_column_decimal(c, row), c->type.scale);
        return;
    case FST_TIME:
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
        fst_decimal_text(
            out, (__int128)fst_column_int(c, row) * 1000 + (c->nanos ? c->nanos[row] : 0), 0);
        return;
    case FST_ARRAY:
    case FST_MAP:
        add_items(out, c, row);
        return;
    case FST_STRUCT:
        add_fields(out, c, row);
        return;
    case FST_STRING:
    case FST_BINARY:
    case FST_VARIANT:
        add_text(out, fst_column_bytes(c, row));
        return;
    default:
        fst_buf_int(out, fst_column_int(c, row), 0);
    }
}

/* ---- Columns --------------------------------------------------------------------------------- */

/* What one column gave so far. */
struct seen {
    struct fst_buf first;
    size_t rows;
    uint32_t crc;
    bool is_unreadable;
};

static void see(struct seen *seen, const struct fst_column *c)
{
    struct fst_buf text = FST_BUF_TEXT;
    seen->is_unreadable |= c->unreadable != NULL;
    for (size_t row = 0; row < c->n && !c->unreadable; row++) {
        fst_buf_clear(&text);
        add_value(&text, c, row);
        if (seen->rows++ < FIRST) {
            fst_buf_addc(&seen->first, ' ');
            fst_buf_add(&seen->first, text.p, text.n < WIDTH ? text.n : WIDTH);
        }
        fst_buf_addc(&text, '\n');
        seen->crc = fst_crc32(seen->crc, text.p, text.n);
    }
    fst_buf_done(&text);
}

static void say(struct fst_buf *out, const char *name, struct seen *seen)
{
    add_text(out, (struct fst_str){name, strlen(name)});
    if (seen->is_unreadable)
        fst_buf_adds(out, " unreadable\n");
    else
        fst_buf_printf(out, " %zu %08x%s\n", seen->rows, seen->crc, fst_buf_text(&seen->first));
    fst_buf_done(&seen->first);
}

static enum fst_status see_all(struct fst_reader *r, struct seen *seen)
{
    for (;;) {
        struct fst_frame *f = NULL;
        enum fst_status status = fst_reader_next(r, 100, &f, NULL);
        if (status != FST_OK || !f)
            return status;
        for (size_t i = 0; i < f->n_columns; i++)
            see(&seen[i], &f->columns[i]);
        fst_frame_unref(f);
    }
}

/* A file from which nothing can be read is refused. */
static bool say_columns(struct fst_buf *out, struct fst_reader *r)
{
    struct seen *seen = calloc(r->schema->n + 1, sizeof(*seen));
    bool any = false;
    for (size_t i = 0; i < r->schema->n; i++)
        seen[i].first = FST_BUF_TEXT;
    enum fst_status status = see_all(r, seen);
    for (size_t i = 0; i < r->schema->n; i++) {
        any |= !seen[i].is_unreadable;
        say(out, r->schema->fields[i].name, &seen[i]);
    }
    free(seen);
    return status == FST_OK && any;
}

static void say_file(struct fst_buf *out, const char *path)
{
    struct fst_bytes *bytes;
    struct fst_reader *r = NULL;
    size_t from = out->n;
    fst_buf_printf(out, "file %s\n", fst_path_base(path));
    assert_int_equal(fst_bytes_open_file(path, &bytes, NULL), FST_OK);
    bool fine = fst_format_parquet.open(bytes, NULL, &r, NULL) == FST_OK && say_columns(out, r);
    fst_reader_close(r);
    if (fine)
        return;
    out->n = from;
    fst_buf_printf(out, "file %s refused\n", fst_path_base(path));
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static size_t line_length(const char *p)
{
    return strcspn(p, "\n");
}

/* The lines of a file in the golden: up to the next file. */
static size_t section_length(const char *p)
{
    const char *next = strstr(p, "\nfile ");
    return next ? (size_t)(next + 1 - p) : strlen(p);
}

static size_t compare_file(const char *folder, const char *golden)
{
    size_t n = line_length(golden) - strlen("file ");
    char *name = fst_strndup(golden + strlen("file "), n);
    char *space = strchr(name, ' ');
    if (space)
        *space = '\0';
    char *path = fst_asprintf("%s/%s", folder, name);
    struct fst_buf ours = FST_BUF_TEXT;
    say_file(&ours, path);
    const char *a = fst_buf_text(&ours), *b = golden, *end = golden + section_length(golden);
    size_t wrong = 0;
    while (*a || b < end) {
        size_t an = line_length(a), bn = b < end ? line_length(b) : 0;
        if (an != bn || memcmp(a, b, an) != 0) {
            printf("%s\n  is  %.*s\n  for %.*s\n", name, (int)an, a, (int)bn, b < end ? b : "");
            wrong++;
        }
        a += an + (a[an] == '\n');
        b += b < end ? bn + (b[bn] == '\n') : 0;
    }
    fst_buf_done(&ours);
    free(path);
    free(name);
    return wrong;
}

static void compare_folder(const char *name, size_t least)
{
    const char *root = getenv("FIRESTEEL_TESTDATA");
    char *folder = fst_asprintf("%s/parquet-testing/%s", root ? root : "", name);
    if (!fst_path_is_dir(folder)) {
        free(folder);
        leave_out("the Parquet conformance set: $FIRESTEEL_TESTDATA has none");
    }
    char *base = fst_strdup(name);
    if (strchr(base, '/'))
        *strchr(base, '/') = '_';
    char *path = fst_asprintf("tests/data/goldens/%s.txt", base);
    char *golden;
    size_t n, wrong = 0, files = 0;
    assert_int_equal(fst_file_read(path, 1 << 20, &golden, &n, NULL), FST_OK);
    for (const char *p = golden; *p; p += section_length(p), files++)
        wrong += compare_file(folder, p);
    assert_int_equal(wrong, 0);
    assert_true(files >= least);
    free(golden);
    free(path);
    free(base);
    free(folder);
}

static void test_data_parquet_goldens__data_hold_what_they_hold(void **state)
{
    (void)state;
    compare_folder("data", 40);
}

static void test_data_parquet_goldens__shapes_are_what_their_makers_say(void **state)
{
    (void)state;
    compare_folder("data/geospatial", 6);
}

static void test_data_parquet_goldens__shredded_variants_are_put_together(void **state)
{
    (void)state;
    compare_folder("shredded_variant", 60);
}

static void test_data_parquet_goldens__bad_data_are_refused_or_read_right(void **state)
{
    (void)state;
    compare_folder("bad_data", 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_goldens__data_hold_what_they_hold),
        cmocka_unit_test(test_data_parquet_goldens__shapes_are_what_their_makers_say),
        cmocka_unit_test(test_data_parquet_goldens__shredded_variants_are_put_together),
        cmocka_unit_test(test_data_parquet_goldens__bad_data_are_refused_or_read_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
