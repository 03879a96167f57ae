/* One definition of a file is brought to what it is now; everything else stays byte for byte. */
#include "definitions.h"

static struct fst_definitions reading(const char *text)
{
    struct fst_definitions d = {NULL};
    struct fst_error err;
    if (read_text(&d, text, &err) != FST_OK)
        fail_msg("%s\n%s", err.text, text);
    return d;
}

/* The file with its resource `at` changed by `change`. Owned; NULL when it is refused. */
static char *edited(const char *text, size_t at, void (*change)(struct fst_resource *r),
                    struct fst_error *err)
{
    struct fst_definitions d = reading(text);
    struct fst_resource *now = fst_resource_copy(d.resources[at]);
    struct fst_buf out = FST_BUF_TEXT;
    change(now);
    enum fst_status status = fst_define_edit("defs.yaml", text, d.resources[at], now, &out, err);
    if (status == FST_OK) {
        struct fst_definitions again = reading(fst_buf_text(&out));
        assert_int_equal(again.n, d.n);
        for (size_t i = 0; i < d.n; i++)
            assert_true(fst_resource_same(again.resources[i], i == at ? now : d.resources[i]));
        fst_definitions_done(&again);
    }
    fst_resource_free(now);
    fst_definitions_done(&d);
    if (status == FST_OK)
        return fst_buf_take(&out);
    assert_int_equal(status, FST_EUNSUPPORTED);
    fst_buf_done(&out);
    return NULL;
}

static void is_edited(const char *text, size_t at, void (*change)(struct fst_resource *r),
                      const char *wanted)
{
    struct fst_error err;
    char *got = edited(text, at, change, &err);
    if (!got)
        fail_msg("%s", err.text);
    assert_string_equal(got, wanted);
    free(got);
}

static void is_refused(const char *text, void (*change)(struct fst_resource *r), const char *why)
{
    struct fst_error err;
    char *got = edited(text, 0, change, &err);
    assert_null(got);
    assert_non_null(strstr(err.text, why));
    assert_non_null(strstr(err.text, "defs.yaml:"));
}

static void age(struct fst_resource *r)
{
    r->max_age_us = INT64_C(43200000000);
}
static void sql(struct fst_resource *r)
{
    r->sql = "SELECT 2\nFROM {{a.v1}}\n";
}
static void tag(struct fst_resource *r)
{
    fst_resource_add_tag(r, "new");
}
static void nothing(struct fst_resource *r)
{
    (void)r;
}
static void less(struct fst_resource *r)
{
    r->n_tags = 0;
}

#define FEATURE(age)                                                                               \
    "# head\nfeatures:\n  # first\n  - name: f   # its name\n    variant: v1\n    entity: e\n"     \
    "    from: a.v1\n    entity_column: x\n    value_column: 'it''s # no comment'\n" age           \
    "\n  # between\n  - name: g\n    variant: v1\n    entity: e\n    from: a.v1\n"                 \
    "    entity_column: x\n    value_column: y\n# tail\n"

static void test_define_edit__one_value_changes_and_its_comment_stays(void **state)
{
    (void)state;
    is_edited(FEATURE("    max_age: 30d     # a month\n"), 0, age,
              FEATURE("    max_age: 12h     # a month\n"));
}

static void test_define_edit__a_new_key_comes_behind_the_others(void **state)
{
    (void)state;
    is_edited(FEATURE(""), 0, age, FEATURE("    max_age: 12h\n"));
}

static void test_define_edit__what_is_the_same_is_not_touched(void **state)
{
    (void)state;
    is_edited(FEATURE("    max_age: 720h # odd\n"), 0, nothing,
              FEATURE("    max_age: 720h # odd\n"));
}

#define QUERY(text)                                                                                \
    "transformations:\n- name: t\n  variant: v1\n  sql: |\n" text "\n  # below\n  description: "   \
    "d\n"

static void test_define_edit__a_block_changes_with_its_own_indentation(void **state)
{
    (void)state;
    is_edited(QUERY("      SELECT 1 -- # not ours\n      # nor this\n"), 0, sql,
              QUERY("    SELECT 2\n    FROM {{a.v1}}\n"));
}

static void test_define_edit__a_list_at_the_level_of_its_key(void **state)
{
    (void)state;
    is_edited("entities:\n  - name: e\n    tags:\n    - old\n    description: d\n", 0, tag,
              "entities:\n  - name: e\n    tags:\n      - new\n      - old\n    description: d\n");
}

static void test_define_edit__a_key_goes(void **state)
{
    (void)state;
    is_edited("entities:\n  - name: e\n    tags: [a, b]\n    description: d", 0, less,
              "entities:\n  - name: e\n    description: d\n");
}

static void test_define_edit__a_comment_in_what_changes_is_refused(void **state)
{
    (void)state;
    is_refused("entities:\n  - name: e\n    tags:\n      # why\n      - old\n", tag, "comment");
    is_refused("entities:\n  - name: e\n    tags:\n      - old # why\n", tag, "comment");
}

static void test_define_edit__several_keys_in_a_line_are_refused(void **state)
{
    (void)state;
    is_refused("entities: [{name: e, tags: [a]}]\n", tag, "by hand");
    is_refused("entities:\n  - {name: e, tags: [a]}\n", tag, "by hand");
}

/* `now` is in no file yet. */
static void is_added(const char *text, const char *wanted)
{
    struct fst_resource *now = fst_resource_new(FST_TRANSFORMATION, "t", "v2");
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_error err;
    now->sql = "SELECT 1";
    if (fst_define_edit("defs.yaml", text, NULL, now, &out, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_string_equal(fst_buf_text(&out), wanted);
    fst_buf_done(&out);
    fst_resource_free(now);
}

static void test_define_edit__what_is_new_comes_behind_its_like(void **state)
{
    (void)state;
#define NEW "  - name: t\n    variant: v2\n    sql: SELECT 1\n"
    is_added("", "transformations:\n" NEW);
    is_added("# only this", "# only this\n\ntransformations:\n" NEW);
    is_added("transformations:\n  - name: t\n    variant: v1\n    sql: SELECT 0\n\n  # of u\n"
             "  - name: u\n    sql: SELECT 3\n# end\n",
             "transformations:\n  - name: t\n    variant: v1\n    sql: SELECT 0\n" NEW
             "\n  # of u\n  - name: u\n    sql: SELECT 3\n# end\n");
    is_added("transformations:\n- name: u\n  sql: SELECT 3\nentities:\n- name: e\n",
             "transformations:\n- name: u\n  sql: SELECT 3\n- name: t\n  variant: v2\n"
             "  sql: SELECT 1\nentities:\n- name: e\n");
    is_added("transformations:\nentities:\n- name: e\n",
             "transformations:\n" NEW "entities:\n- name: e\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_define_edit__one_value_changes_and_its_comment_stays),
        cmocka_unit_test(test_define_edit__a_new_key_comes_behind_the_others),
        cmocka_unit_test(test_define_edit__what_is_the_same_is_not_touched),
        cmocka_unit_test(test_define_edit__a_block_changes_with_its_own_indentation),
        cmocka_unit_test(test_define_edit__a_list_at_the_level_of_its_key),
        cmocka_unit_test(test_define_edit__a_key_goes),
        cmocka_unit_test(test_define_edit__a_comment_in_what_changes_is_refused),
        cmocka_unit_test(test_define_edit__several_keys_in_a_line_are_refused),
        cmocka_unit_test(test_define_edit__what_is_new_comes_behind_its_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
