/* The registry of actions: names are unique, and no key means two things where one types it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "view.h"

static void test_view_actions__names_are_unique(void **state)
{
    size_t n;
    const struct fst_action *all = fst_view_actions(&n);
    (void)state;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (strcmp(all[i].name, all[k].name) == 0)
                fail_msg("%s stands there twice", all[i].name);
    free((void *)all);
}

static bool shares_a_key(const char *a, const char *b)
{
    char *copy = fst_strdup(a), *rest = copy, *word;
    bool shared = false;
    while ((word = strsep(&rest, " "))) {
        size_t n = strlen(word);
        for (const char *at = b; n && (at = strstr(at, word)); at += n)
            shared |= (at == b || at[-1] == ' ') && (at[n] == ' ' || !at[n]);
    }
    free(copy);
    return shared;
}

static void test_view_actions__a_key_means_one_thing_in_a_scope(void **state)
{
    size_t n;
    const struct fst_action *all = fst_view_actions(&n);
    (void)state;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (strcmp(all[i].scope, all[k].scope) == 0 && shares_a_key(all[i].keys, all[k].keys))
                fail_msg("%s and %s share a key", all[i].name, all[k].name);
    free((void *)all);
}

static bool has_scope(const struct view_ops *v, const char *scope)
{
    for (size_t i = 0; i < WB_MAX_SCOPES && v->scopes[i]; i++)
        if (strcmp(v->scopes[i], scope) == 0)
            return true;
    return strcmp(scope, "global") == 0;
}

static void test_view_actions__every_scope_belongs_to_a_view(void **state)
{
    size_t n;
    const struct fst_action *all = fst_view_actions(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t v = 0; wb_views[v]; v++)
            found |= has_scope(wb_views[v], all[i].scope);
        if (!found)
            fail_msg("nobody has the scope %s of %s", all[i].scope, all[i].name);
    }
    free((void *)all);
}

static void test_view_views__each_can_be_opened_closed_and_drawn(void **state)
{
    (void)state;
    for (size_t v = 0; wb_views[v]; v++) {
        assert_non_null(wb_views[v]->open);
        assert_non_null(wb_views[v]->draw);
        assert_non_null(wb_views[v]->title);
        assert_non_null(wb_views[v]->help);
        assert_true(wb_views[v]->state_size > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_actions__names_are_unique),
        cmocka_unit_test(test_view_actions__a_key_means_one_thing_in_a_scope),
        cmocka_unit_test(test_view_actions__every_scope_belongs_to_a_view),
        cmocka_unit_test(test_view_views__each_can_be_opened_closed_and_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
