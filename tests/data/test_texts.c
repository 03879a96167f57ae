/* CSV and JSON as a real Spark reads them: goldens/texts.jsonl, made by text_goldens.py. A case is
 * read equally, or refused because of an option that is not supported; how many may be refused is
 * counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats.h"

enum { REFUSED_MAX = 1 };

static void add_cell(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_buf text = FST_BUF_TEXT;
    if (fst_column_is_null(c, row)) {
        fst_buf_adds(out, "null");
        return;
    }
    if (fst_type_is_nested(&c->type))
        fst_cell_json(&text, c, row);
    else
        fst_cell_text(&text, c, row, FST_CELL_PLAIN);
    fst_json_quote(out, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
}

/* {"schema":[[name,type]..],"rows":[[..]..]} as ours has it, or "error: ...". */
static char *read_text(const struct fst_doc *golden, enum fst_status *status)
{
    struct fst_error err = {0};
    struct fst_reader *r = NULL;
    struct fst_frame *f = NULL;
    struct fst_buf out = FST_BUF_TEXT;
    const struct fst_doc *text = fst_doc_get(golden, "text");
    struct fst_read_options options = {.format = fst_doc_get(golden, "options")};
    *status = fst_format_named(fst_doc_string(golden, "format", ""))
                  ->open(fst_bytes_of_memory("f", text->text.p, text->text.n), &options, &r, &err);
    fst_buf_adds(&out, "[");
    for (size_t i = 0; *status == FST_OK && i < r->schema->n; i++) {
        struct fst_buf type = FST_BUF_TEXT;
        fst_type_text(&type, &r->schema->fields[i].type);
        fst_buf_adds(&out, i ? ",[" : "[");
        fst_json_quote(&out, r->schema->fields[i].name, strlen(r->schema->fields[i].name));
        fst_buf_printf(&out, ",\"%s\"]", fst_buf_text(&type));
        fst_buf_done(&type);
    }
    fst_buf_adds(&out, "] [");
    bool first = true;
    while (*status == FST_OK && (*status = fst_reader_next(r, 2, &f, &err)) == FST_OK && f) {
        for (size_t row = 0; row < f->n_rows; row++) {
            fst_buf_adds(&out, first ? "[" : ",[");
            first = false;
            for (size_t i = 0; i < f->n_columns; i++) {
                fst_buf_adds(&out, i ? "," : "");
                add_cell(&out, &f->columns[i], row);
            }
            fst_buf_adds(&out, "]");
        }
        fst_frame_unref(f);
    }
    fst_buf_adds(&out, "]");
    if (*status != FST_OK) {
        fst_buf_clear(&out);
        fst_buf_printf(&out, "%s", err.text);
    }
    fst_reader_close(r);
    return fst_buf_take(&out);
}

static char *expected_of(const struct fst_doc *golden)
{
    struct fst_buf out = FST_BUF_TEXT;
    fst_doc_to_json(&out, fst_doc_get(golden, "schema"));
    fst_buf_addc(&out, ' ');
    fst_doc_to_json(&out, fst_doc_get(golden, "rows"));
    return fst_buf_take(&out);
}

/* What Spark refuses is refused where a mode asks for that; elsewhere more may be shown. */
static bool is_equal(const struct fst_doc *golden, char *got, enum fst_status status)
{
    const char *mode = fst_doc_string(fst_doc_get(golden, "options"), "mode", "");
    if (fst_doc_get(golden, "error"))
        return status != FST_OK || strcmp(mode, "FAILFAST") != 0;
    char *expected = expected_of(golden);
    bool equal = status == FST_OK && strcmp(got, expected) == 0;
    if (!equal && status != FST_EUNSUPPORTED) {
        struct fst_buf text = FST_BUF_TEXT;
        fst_doc_to_json(&text, golden);
        print_error("%s\n  ours: %s\n", fst_buf_text(&text), got);
        fst_buf_done(&text);
    }
    free(expected);
    return equal;
}

static void test_data_texts__are_read_as_spark_reads_them(void **state)
{
    (void)state;
    char *all, *rest, *line;
    size_t n, cases = 0, refused = 0, other = 0;
    if (fst_file_read("tests/data/goldens/texts.jsonl", 16 << 20, &all, &n, NULL) != FST_OK)
        fail_msg("no goldens: run tests/data/text_goldens.py");
    rest = all;
    while ((line = strsep(&rest, "\n")) && *line) {
        struct fst_arena *arena = fst_arena_new();
        struct fst_doc *golden;
        enum fst_status status;
        assert_int_equal(fst_json_parse(arena, "golden", line, strlen(line), NULL, &golden, NULL),
                         FST_OK);
        char *got = read_text(golden, &status);
        bool equal = is_equal(golden, got, status);
        refused += !equal && status == FST_EUNSUPPORTED;
        other += !equal && status != FST_EUNSUPPORTED;
        cases++;
        free(got);
        fst_arena_free(arena);
    }
    free(all);
    assert_int_equal(other, 0);
    assert_in_range(refused, 0, REFUSED_MAX);
    assert_true(cases > 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_texts__are_read_as_spark_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
