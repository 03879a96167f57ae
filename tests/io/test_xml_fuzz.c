/* The XML of object stores: damaged documents do no harm, and what is taken is text. */
#include "fuzz.h"
#include "xml.h"

static void walk(const struct xml *x, size_t *n)
{
    for (; x; x = x->next) {
        *n += strlen(x->name) + strlen(x->text);
        walk(x->child, n);
    }
}

static bool fuzz_xml(const uint8_t *p, size_t n)
{
    struct fst_arena *a = fst_arena_new();
    struct xml *root = NULL;
    size_t said = 0;
    bool fine = xml_parse(a, (const char *)p, n, &root, NULL) == FST_OK;
    if (fine)
        walk(root, &said);
    assert_true(said <= 4 * n); /* nothing grows out of entities */
    fst_arena_free(a);
    return fine;
}

static void test_io_xml_fuzz__damaged_documents_do_no_harm(void **state)
{
    (void)state;
    run_folder(fuzz_xml, "tests/fuzz/corpus/xml", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_io_xml_fuzz__damaged_documents_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
