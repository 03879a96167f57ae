/* The small reader of XML: what S3 sends, what nobody should send, and noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xml.h"

static struct fst_error err;

static void reads_elements_texts_and_entities(void **state)
{
    static const char text[] =
        "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- c --><a:List xmlns:a='x>y'>\n <Key>p&amp;q &#34;"
        "&#xe9;&lt;</Key>\n<Empty/><In x=\"1\"><Deep>1</Deep></In><Key><![CDATA[<&>]]></Key>"
        "</a:List>\n";
    struct fst_arena *a = fst_arena_new();
    struct xml *x;
    (void)state;
    assert_int_equal(xml_parse(a, text, sizeof text - 1, &x, &err), FST_OK);
    assert_string_equal(x->name, "List");
    assert_string_equal(xml_text(x, "Key"), "p&q \"\xC3\xA9<");
    assert_string_equal(xml_text(x, "Empty"), "");
    assert_string_equal(xml_find(x, "Deep")->text, "1");
    assert_string_equal(xml_get(x, "In")->next->text, "<&>");
    assert_null(xml_text(x, "Nix"));
    fst_arena_free(a);
}

static void what_is_not_well_formed_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "x",
        "<",
        "<a",
        "<a>",
        "<a></b>",
        "<a/>x",
        "<a>&nix;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a b='></a>",
        "<!DOCTYPE a><a/>",
        "<a><!ENTITY></a>",
        "<a><![CDATA[</a>",
        "<a><!-- </a>",
        "</a>",
        "<a>&amp</a>",
        "<?xml",
    };
    (void)state;
    for (size_t i = 0; i < FST_COUNT(texts); i++) {
        struct fst_arena *a = fst_arena_new();
        struct xml *x;
        if (xml_parse(a, texts[i], strlen(texts[i]), &x, &err) != FST_EFORMAT)
            fail_msg("%s", texts[i]);
        fst_arena_free(a);
    }
}

/* Entities that stand for entities: their declaration is refused, nothing grows. */
static void bombs_do_not_go_off(void **state)
{
    static const char text[] =
        "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">"
        "<!ENTITY c SYSTEM \"file:///etc/passwd\">]><ListBucketResult><Key>&b;&c;</Key>"
        "</ListBucketResult>";
    struct fst_arena *a = fst_arena_new();
    struct xml *x;
    (void)state;
    assert_int_equal(xml_parse(a, text, sizeof text - 1, &x, &err), FST_EFORMAT);
    fst_arena_free(a);
}

static void deep_nesting_ends(void **state)
{
    struct fst_buf b = FST_BUF(1 << 20);
    struct fst_arena *a = fst_arena_new();
    struct xml *x;
    (void)state;
    for (int i = 0; i < 10000; i++)
        fst_buf_adds(&b, "<a>");
    assert_int_equal(xml_parse(a, b.p, b.n, &x, &err), FST_EFORMAT);
    assert_non_null(strstr(err.text, "deep"));
    fst_arena_free(a);
    fst_buf_done(&b);
}

/* Every result is fine but a crash. */
static void noise_never_harms(void **state)
{
    static const char seed[] =
        "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://x/\"><Contents><Key>a&amp;b</Key>"
        "<Size>3</Size></Contents><![CDATA[x]]><!-- c --><CommonPrefixes/></ListBucketResult>";
    const char *more = getenv("FIRESTEEL_FUZZ");
    int rounds = 20000 * (more ? atoi(more) : 1), refused = 0;
    uint32_t random = 1;
    (void)state;
    for (int i = 0; i < rounds; i++) {
        size_t n = sizeof seed - 1;
        char *text = fst_alloc(n); /* exactly as long: a byte too far is seen */
        memcpy(text, seed, n);
        for (int k = 0; k < 3; k++) {
            random = random * 1664525 + 1013904223;
            text[(random >> 8) % n] = (char)("<>&;!/-[]\"'\0?x"[random % 14]);
        }
        struct fst_arena *a = fst_arena_new();
        struct xml *x;
        refused += xml_parse(a, text, n - random % 3, &x, &err) != FST_OK;
        fst_arena_free(a);
        free(text);
    }
    assert_true(refused > rounds / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_elements_texts_and_entities),
        cmocka_unit_test(what_is_not_well_formed_is_refused),
        cmocka_unit_test(bombs_do_not_go_off),
        cmocka_unit_test(deep_nesting_ends),
        cmocka_unit_test(noise_never_harms),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
