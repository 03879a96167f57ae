/* Text taken apart by regular expressions: split(), str_to_map(). */
#include "local_nest.h"
#include "local_regex.h"

#include <stdlib.h>
#include <string.h>

struct parts {
    struct fst_str *items;
    size_t n, cap;
};

static void add_part(struct parts *all, const char *p, size_t n)
{
    fst_grow(&all->items, &all->cap, all->n + 1, sizeof *all->items);
    all->items[all->n++] = (struct fst_str){p, n};
}

/* An empty pattern parts characters. */
static void split_characters(struct fst_str s, int64_t limit, struct parts *out)
{
    uint32_t cp;
    for (size_t at = 0; at < s.n;) {
        size_t n = fst_utf8_decode(s.p + at, s.n - at, &cp);
        if (limit > 0 && (int64_t)out->n == limit - 1)
            n = s.n - at;
        add_part(out, s.p + at, n);
        at += n;
    }
}

/* As Java's String.split with a limit that is not zero; false when the statement is stopped. */
static bool split_text(const struct local_call *c, struct regex *re, struct fst_str s,
                       int64_t limit, struct parts *out)
{
    struct fst_str match;
    size_t begin = 0;
    int found = 0;
    int64_t at = 0;
    while ((limit <= 0 || (int64_t)out->n < limit - 1) && at <= (int64_t)s.n &&
           (found = local_regex_search(c, re, s, (size_t)at, &match)) == 1) {
        size_t start = (size_t)(match.p - s.p);
        if (match.n || start || begin) {
            add_part(out, s.p + begin, start - begin);
            begin = start + match.n;
        }
        if ((at = local_regex_after(c, s, match)) < 0)
            return false;
    }
    add_part(out, s.p + begin, s.n - begin);
    return found >= 0;
}

static bool split(const struct local_call *c, sqlite3_value **args, int pattern, struct fst_str s,
                  int64_t limit, struct parts *out)
{
    if (s.n && local_text(args[pattern]).n == 0) {
        split_characters(s, limit, out);
        return true;
    }
    struct regex *re = local_regex_at(c, args, pattern);
    return re && split_text(c, re, s, limit, out);
}

static void put_text(struct fst_buf *out, struct fst_str s)
{
    struct fst_literal v = {.s = s};
    fst_buf_addc(out, FST_NEST_VALUE);
    fst_nest_put_scalar(out, FST_STRING, &v);
}

/* (text, regex, limit) */
static void text_split(const struct local_call *c, sqlite3_value **args)
{
    struct parts all = {0};
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    if (split(c, args, 1, local_text(args[0]), sqlite3_value_int64(args[2]), &all)) {
        for (size_t i = 0; i < all.n; i++)
            put_text(&out, all.items[i]);
        fst_buf_addc(&out, FST_NEST_END);
        nest_give_bytes(c, &out);
    }
    free(all.items);
}

static bool has_part(const struct parts *all, struct fst_str s)
{
    for (size_t i = 0; i < all->n; i++)
        if (fst_str_eq(all->items[i], s))
            return true;
    return false;
}

/* (text, regex between pairs, regex between key and value) */
static void text_to_map(const struct local_call *c, sqlite3_value **args)
{
    struct parts pairs = {0}, keys = {0};
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    bool fine = split(c, args, 1, local_text(args[0]), -1, &pairs);
    for (size_t i = 0; fine && i < pairs.n; i++) {
        struct parts pair = {0};
        fine = split(c, args, 2, pairs.items[i], 2, &pair);
        struct fst_str key = fine && pair.n ? pair.items[0] : fst_str("");
        if (fine && has_part(&keys, key)) {
            fine = false;
            local_raise(c, "DUPLICATED_MAP_KEY", "23505", "Duplicate map key was found.");
        }
        add_part(&keys, key.p, key.n);
        put_text(&out, key);
        if (pair.n > 1)
            put_text(&out, pair.items[1]);
        else
            fst_buf_addc(&out, FST_NEST_NULL);
        free(pair.items);
    }
    fst_buf_addc(&out, FST_NEST_END);
    if (fine)
        nest_give_bytes(c, &out);
    fst_buf_done(&out);
    free(pairs.items);
    free(keys.items);
}

const struct local_function local_split_functions[] = {
    {"text_split", 3, true, text_split, 0, "split"},
    {"text_to_map", 3, true, text_to_map, 0, "str_to_map"},
    {0},
};
