/* Maps: order, replacement, and keys made to collide. */
#include "firesteel/base.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

static void test_base_map__keeps_the_order_of_insertion(void **state)
{
    struct fst_map *m = fst_map_new();
    static int values[1000];
    char key[16];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "k%d", 999 - i);
        assert_null(fst_map_set(m, key, &values[i]));
    }
    assert_int_equal(fst_map_size(m), 1000);
    assert_string_equal(fst_map_key_at(m, 0), "k999");
    assert_string_equal(fst_map_key_at(m, 999), "k0");
    assert_ptr_equal(fst_map_get(m, "k500"), &values[499]);
    assert_ptr_equal(fst_map_value_at(m, 499), &values[499]);
    fst_map_free(m, NULL);
}

static void test_base_map__hands_back_what_it_replaces(void **state)
{
    struct fst_map *m = fst_map_new();

    (void)state;
    assert_null(fst_map_get(m, "a"));
    assert_null(fst_map_set(m, "a", fst_strdup("one")));
    char *old = fst_map_set(m, "a", fst_strdup("two"));
    assert_string_equal(old, "one");
    assert_int_equal(fst_map_size(m), 1);
    free(old);
    fst_map_free(m, free);
}

static void test_base_map__looks_keys_up_by_length(void **state)
{
    struct fst_map *m = fst_map_new();

    (void)state;
    fst_map_set(m, "ab", m);
    fst_map_set(m, "", m);
    assert_ptr_equal(fst_map_getn(m, "abc", 2), m);
    assert_null(fst_map_getn(m, "abc", 3));
    assert_ptr_equal(fst_map_getn(m, "abc", 0), m);
    fst_map_free(m, NULL);
}

/* The low half of 64-bit FNV-1a, the hash that everybody tries first; a table looks at no more. */
static uint32_t fnv(uint32_t h, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 0x1B3u;
    return h;
}

#define PIECE 6
#define PIECES 18

/* Two pieces that lead from one state of that hash into the same next state. */
static uint32_t find_pair(uint32_t h, char pair[2][PIECE + 1])
{
    static uint32_t seen[1 << 20];
    char text[PIECE + 1];
    memset(seen, 0xFF, sizeof seen);
    for (uint32_t i = 0;; i++) {
        snprintf(text, sizeof text, "%06x", i & 0xFFFFFF);
        uint32_t state = fnv(h, text, PIECE), slot = state & (FST_COUNT(seen) - 1);
        if (seen[slot] == UINT32_MAX) {
            seen[slot] = i;
            continue;
        }
        snprintf(pair[0], PIECE + 1, "%06x", seen[slot] & 0xFFFFFF);
        memcpy(pair[1], text, sizeof text);
        if (fnv(h, pair[0], PIECE) == state)
            return state;
    }
}

static void test_base_map__is_not_slowed_by_keys_made_to_collide(void **state)
{
    struct itimerval limit = {.it_value = {.tv_sec = 10}}, off = {{0, 0}, {0, 0}};
    char pairs[PIECES][2][PIECE + 1], key[PIECES * PIECE + 1];
    uint32_t h = 0x84222325u;
    struct fst_map *m = fst_map_new();

    (void)state;
    for (size_t i = 0; i < PIECES; i++)
        h = find_pair(h, pairs[i]);
    setitimer(ITIMER_PROF, &limit, NULL); /* of processor time; the signal ends the test */
    for (uint32_t n = 0; n < 1u << PIECES; n++) {
        for (size_t i = 0; i < PIECES; i++)
            memcpy(key + i * PIECE, pairs[i][n >> i & 1], PIECE);
        key[sizeof key - 1] = '\0';
        fst_map_set(m, key, m);
    }
    setitimer(ITIMER_PROF, &off, NULL);
    assert_int_equal(fst_map_size(m), 1u << PIECES);
    fst_map_free(m, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_map__keeps_the_order_of_insertion),
        cmocka_unit_test(test_base_map__hands_back_what_it_replaces),
        cmocka_unit_test(test_base_map__looks_keys_up_by_length),
        cmocka_unit_test(test_base_map__is_not_slowed_by_keys_made_to_collide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
