/* Each row of the table of constructs is true: what it says is answered is, the rest is refused. */
#include "local_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_true_of(struct fst_session *s, const struct fst_construct *c)
{
    char *got = answer(s, c->example, false);
    bool refused = strncmp(got, "REFUSED", 7) == 0;
    bool ok = c->answered ? !refused && strncmp(got, "ERROR", 5) != 0 : refused;
    if (!ok)
        print_message("--- %s, %s (%s)\n%s\ngives %s", c->area, c->name,
                      c->answered ? "answered" : "refused", c->example, got);
    free(got);
    return ok;
}

static void each_row_of_the_table_is_true(void **state)
{
    (void)state;
    struct fst_session *s;
    size_t wrong = 0;
    assert_int_equal(fst_engine_named("local")->open(NULL, &s, NULL), FST_OK);
    for (size_t i = 0; i < fst_n_local_constructs; i++)
        wrong += !is_true_of(s, &fst_local_constructs[i]);
    fst_engine_named("local")->close(s);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_row_of_the_table_is_true)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
