/* LIKE and ILIKE. */
#include <string.h>

#include "local_chars.h"

/* An escape must precede itself or a wildcard. */
static bool good_pattern(const struct local_call *c, struct fst_str pattern, char escape)
{
    for (size_t at = 0; at < pattern.n; at = local_next_char(pattern, at)) {
        if (pattern.p[at] != escape)
            continue;
        if (++at >= pattern.n) {
            local_raise(c, "INVALID_FORMAT.ESC_AT_THE_END", "42601",
                        "The format is invalid: '%.*s'. The escape character is not allowed to end "
                        "with.",
                        (int)pattern.n, pattern.p);
            return false;
        }
        if (!strchr("%_", pattern.p[at]) && pattern.p[at] != escape) {
            local_raise(c, "INVALID_FORMAT.ESC_IN_THE_MIDDLE", "42601",
                        "The format is invalid: '%.*s'. The escape character is not allowed to "
                        "precede '%.*s'.",
                        (int)pattern.n, pattern.p, (int)(local_next_char(pattern, at) - at),
                        pattern.p + at);
            return false;
        }
    }
    return true;
}

/* One wildcard to go back to is enough: a later % can do whatever an earlier one could. */
static bool like_matches(struct fst_str s, struct fst_str p, char escape)
{
    size_t i = 0, j = 0, back_i = 0, back_j = SIZE_MAX;
    while (i < s.n || j < p.n) {
        if (j < p.n && p.p[j] == '%' && escape != '%') {
            back_j = ++j;
            back_i = i;
            continue;
        }
        size_t at = j + (j < p.n && p.p[j] == escape);
        bool any = at == j && j < p.n && p.p[j] == '_';
        if (i < s.n && at < p.n) {
            size_t n = local_next_char(s, i) - i, m = local_next_char(p, at) - at;
            if (any || (n == m && memcmp(s.p + i, p.p + at, n) == 0)) {
                i += n;
                j = at + m;
                continue;
            }
        }
        if (back_j == SIZE_MAX || back_i >= s.n)
            return false;
        back_i = local_next_char(s, back_i);
        i = back_i;
        j = back_j;
    }
    return true;
}

static void like(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str escape = local_text(args[2]);
    struct fst_str pattern = local_text(args[1]);
    if (good_pattern(c, pattern, escape.n ? escape.p[0] : '\\'))
        local_give_bool(c, like_matches(local_text(args[0]), pattern, escape.p[0]));
}

static void ilike(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str escape = local_text(args[2]), s = local_text(args[0]);
    struct fst_buf text = FST_BUF(LOCAL_MAX_TEXT), pattern = FST_BUF(LOCAL_MAX_TEXT);
    if (local_refuse_case(c, s))
        return;
    local_case_text(&text, s, false);
    local_case_text(&pattern, local_text(args[1]), false);
    struct fst_str lower = {fst_buf_text(&pattern), pattern.n};
    if (good_pattern(c, lower, escape.p[0]))
        local_give_bool(
            c, like_matches((struct fst_str){fst_buf_text(&text), text.n}, lower, escape.p[0]));
    fst_buf_done(&text);
    fst_buf_done(&pattern);
}

const struct local_function local_like_functions[] = {
    {"text_like", 3, true, like, 0},
    {"text_ilike", 3, true, ilike, 0},
    {0},
};
