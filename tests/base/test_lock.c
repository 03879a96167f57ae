/* The lock that tells the living from the dead. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include <cmocka.h>

static void test_base_lock__is_held_until_its_process_ends(void **state)
{
    char lock[256];
    int ready[2], go[2];
    char c;

    (void)state;
    snprintf(lock, sizeof lock, "%s/lock", scratch);
    assert_false(fst_lock_is_held(lock));
    assert_int_equal(pipe(ready) | pipe(go), 0);
    pid_t child = fork();
    if (child == 0) {
        bool good = fst_lock_take(lock) >= 0 && write(ready[1], "x", 1) == 1;
        _exit(good && read(go[0], &c, 1) == 1 ? 0 : 1);
    }
    assert_int_equal(read(ready[0], &c, 1), 1);
    assert_true(fst_lock_is_held(lock));
    assert_int_equal(fst_lock_take(lock), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_false(fst_lock_is_held(lock));
    int mine = fst_lock_take(lock);
    assert_true(mine >= 0);
    assert_true(fst_lock_is_held(lock)); /* asked by ourselves too */
    close(mine);
    assert_false(fst_lock_is_held(lock));
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(go[i]);
    }
}

static void test_base_lock__says_why_when_there_is_no_file_to_lock(void **state)
{
    char lock[256];

    (void)state;
    snprintf(lock, sizeof lock, "%s/nowhere/lock", scratch);
    assert_int_equal(fst_lock_take(lock), -1);
    assert_int_equal(errno, ENOENT);
    assert_false(fst_lock_is_held(lock));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_lock__is_held_until_its_process_ends),
        cmocka_unit_test(test_base_lock__says_why_when_there_is_no_file_to_lock),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
