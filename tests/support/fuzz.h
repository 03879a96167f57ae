/* fuzz: targets run over a corpus, and over damaged copies of it.
 *
 * Nothing crashes, nothing takes long, nothing allocates what a damaged number asks for (the limit
 * is the sanitizer's). FIRESTEEL_FUZZ=n does n times as much. Included once, by a test's only file.
 */
#ifndef FIRESTEEL_TESTS_FUZZ_H
#define FIRESTEEL_TESTS_FUZZ_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "firesteel/base.h"
#include "seed.h"

#ifdef __SANITIZE_ADDRESS__
enum { SLOWER = 20 };
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "max_allocation_size_mb=64";
}
#else
enum { SLOWER = 2 };
#endif
enum { MUTANTS = 1000, INPUT_MAX = 1 << 20 };

typedef bool target(const uint8_t *p, size_t n);

/* ---- Damage ---------------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* A place, more often near the ends, where counts and lengths are, and footers. */
static size_t some_place(size_t n, uint64_t *seed)
{
    size_t r = (size_t)next_random(seed), near = n < 1500 ? n : 1500;
    switch (next_random(seed) % 4) {
    case 0:
        return r % n;
    case 1:
        return n - 1 - r % near;
    default:
        return r % (n < 48 ? n : 48);
    }
}

/* Numbers that break arithmetic, as the varint or the bytes that they would be. */
static size_t put_number(uint8_t *p, size_t room, uint64_t *seed)
{
    static const uint64_t numbers[] = {0,          1,          2,          0x7F,
                                       0x80,       0xFFFF,     0x7FFFFFFF, 0x80000000,
                                       0xFFFFFFFF, 0xFFFFFFFE, UINT64_MAX, UINT64_MAX / 2};
    uint64_t v = numbers[next_random(seed) % FST_COUNT(numbers)];
    bool is_varint = next_random(seed) % 2;
    size_t n = 0, width = (size_t)1 << next_random(seed) % 4;
    if (!is_varint) {
        for (; n < room && n < width; n++)
            p[n] = (uint8_t)(v >> 8 * n);
        return n;
    }
    for (; n < room && v >= 0x80; v >>= 7)
        p[n++] = (uint8_t)(v | 0x80);
    if (n < room)
        p[n++] = (uint8_t)v;
    return n;
}

/* Signs that mean something in text formats. */
static size_t put_sign(uint8_t *p, size_t room, uint64_t *seed)
{
    static const char *const signs[] = {
        "\"",  "\"\"",    "\n",   "\r\n",  ",", "\\", "{",  "}",  "[",   "]",           ":",
        "\\u", "\\ud800", "\xff", "1e999", "-", "<",  "</", "&#", "]]>", "\xed\xa0\x80"};
    const char *sign = signs[next_random(seed) % FST_COUNT(signs)];
    size_t n = strlen(sign);
    n = n < room ? n : room;
    memcpy(p, sign, n);
    return n;
}

static size_t damage(uint8_t *p, size_t n, uint64_t *seed)
{
    size_t count = 1 + next_random(seed) % 4;
    for (size_t i = 0; i < count && n > 0; i++) {
        size_t at = some_place(n, seed), k = 1 + next_random(seed) % 8;
        switch (next_random(seed) % 7) {
        case 0:
            p[at] ^= (uint8_t)(1u << next_random(seed) % 8);
            break;
        case 1:
            p[at] = (uint8_t)next_random(seed);
            break;
        case 2:
            put_number(p + at, n - at, seed);
            break;
        case 3: /* less */
            k = k < n - at ? k : n - at;
            memmove(p + at, p + at + k, n - at - k);
            n -= k;
            break;
        case 4: /* more; there is room for it */
            memmove(p + at + k, p + at, n - at);
            n += k;
            break;
        case 5:
            put_sign(p + at, n - at, seed);
            break;
        default:
            n = next_random(seed) % 4 ? n : at;
        }
    }
    return n;
}

/* ---- Runs ------------------------------------------------------------------------------------ */

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool run(target *fuzz, const uint8_t *p, size_t n, const char *name)
{
    uint8_t *exact = malloc(n ? n : 1); /* so that one byte too far is seen */
    memcpy(exact, p, n);
    double began = seconds();
    bool fine = fuzz(exact, n);
    double took = seconds() - began, may = (1 + (double)n / (1 << 20)) * SLOWER;
    if (took > may)
        fail_msg("%s: %.1f s for %zu bytes", name, took, n);
    free(exact);
    return fine;
}

static inline void run_file(target *fuzz, const char *path, uint64_t seed)
{
    char *text;
    size_t n;
    assert_int_equal(fst_file_read(path, INPUT_MAX, &text, &n, NULL), FST_OK);
    bool is_sound = run(fuzz, (const uint8_t *)text, n, path);
    if (!is_sound && !strstr(path, "refused"))
        fail_msg("%s is sound and is not read", path);
    const char *more = getenv("FIRESTEEL_FUZZ");
    size_t mutants = MUTANTS * (more ? strtoul(more, NULL, 10) : 1);
    uint8_t *copy = malloc(n + 64);
    seed = (seed + 1000 * fuzz_seed()) * 0x9E3779B97F4A7C15u + n + 1;
    for (size_t i = 0; i < mutants; i++) {
        memcpy(copy, text, n);
        memset(copy + n, 0, 64);
        run(fuzz, copy, damage(copy, n, &seed), path);
    }
    free(copy);
    free(text);
}

static inline void run_folder(target *fuzz, const char *folder, size_t least)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    size_t count = 0;
    for (int i = 0; i < n; i++) {
        char *path = fst_path_join(folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            run_file(fuzz, path, ++count);
        free(path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    assert_true(count >= least);
}

#endif
