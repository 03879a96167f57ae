/* Patterns in paths, as Hadoop (and so Spark) has them: * ? [ab] [a-c] [^a] {a,b/c}, and \ before
 * any of these to mean it. No pattern goes past a '/', and ** is no more than *. */
#include <stdlib.h>
#include <string.h>

#include "stores.h"

#define MAX_PATTERNS 1000

bool fst__has_glob(const char *path)
{
    return strpbrk(path, "*?[{\\") != NULL;
}

/* ---- One name -------------------------------------------------------------------------------- */

/* A class behind its '['; the place behind its ']' in *end, NULL when it does not close. */
static bool class_has(const char *p, const char *limit, char c, const char **end)
{
    bool negated = p < limit && (*p == '^' || *p == '!'), has = false;
    *end = NULL;
    for (p += negated; p < limit && *p != ']'; p++) {
        p += *p == '\\' && p + 1 < limit;
        char from = *p, to = *p;
        if (p + 2 < limit && p[1] == '-' && p[2] != ']') {
            to = p[2];
            p += 2;
        }
        has |= (unsigned char)c >= (unsigned char)from && (unsigned char)c <= (unsigned char)to;
    }
    if (p < limit)
        *end = p + 1;
    return has != negated;
}

/* Bytes of the character at `p`, so that ? is a character and not a byte. */
static size_t char_length(const char *p, const char *end)
{
    uint32_t cp;
    return fst_utf8_decode(p, (size_t)(end - p), &cp);
}

/* Does the pattern's first piece, which is no '*', take something of the name? Both are moved. */
static bool takes_one(const char **p, const char *p_end, const char **name, const char *name_end)
{
    if (*name == name_end || *p == p_end)
        return false;
    if (**p == '?') {
        ++*p;
        *name += char_length(*name, name_end);
        return true;
    }
    if (**p == '[') {
        const char *behind;
        bool has = class_has(*p + 1, p_end, **name, &behind);
        *p = behind ? behind : p_end;
        *name += char_length(*name, name_end);
        return behind && has;
    }
    *p += **p == '\\' && *p + 1 < p_end;
    return *(*p)++ == *(*name)++;
}

bool fst__glob_match(const char *pattern, size_t n, const char *name, size_t n_name)
{
    const char *p = pattern, *p_end = pattern + n, *at = name, *end = name + n_name;
    const char *star = NULL, *resume = NULL;
    while (at < end) {
        if (p < p_end && *p == '*') {
            star = ++p;
            resume = at;
            continue;
        }
        if (takes_one(&p, p_end, &at, end))
            continue;
        if (!star || resume == end)
            return false;
        p = star;
        at = ++resume;
    }
    while (p < p_end && *p == '*')
        p++;
    return p == p_end;
}

/* ---- Braces ---------------------------------------------------------------------------------- */

/* The first '{' that is meant as one; NULL when there is none. */
static const char *first_brace(const char *p)
{
    for (; *p; p++) {
        if (*p == '\\' && p[1])
            p++;
        else if (*p == '{')
            return p;
    }
    return NULL;
}

/* The ',' or '}' of the braces that are open at `p`. */
static const char *next_choice(const char *p)
{
    for (int depth = 0; *p; p++) {
        if (*p == '\\' && p[1])
            p++;
        else if (!depth && (*p == ',' || *p == '}'))
            return p;
        else
            depth += (*p == '{') - (*p == '}');
    }
    return NULL;
}

struct patterns {
    struct fst_arena *arena;
    const char **out;
    size_t n, cap;
};

static enum fst_status bad_pattern(const char *pattern, const char *why, struct fst_error *err)
{
    return fst_fail(err, FST_EINVAL, "%s: %s; a \\ before such a character means it", pattern, why);
}

static enum fst_status expand(struct patterns *to, const char *pattern, struct fst_error *err)
{
    const char *open = first_brace(pattern), *close = open;
    if (!open) {
        if (to->n >= MAX_PATTERNS)
            return bad_pattern(pattern, "its braces mean too many paths", err);
        fst_grow(&to->out, &to->cap, to->n + 1, sizeof *to->out);
        to->out[to->n++] = pattern;
        return FST_OK;
    }
    do
        close = next_choice(close + 1);
    while (close && *close == ',');
    if (!close)
        return bad_pattern(pattern, "a { does not close", err);
    for (const char *from = open + 1, *at; from <= close; from = at + 1) {
        at = next_choice(from);
        FST_TRY(expand(to,
                       fst_arena_printf(to->arena, "%.*s%.*s%s", (int)(open - pattern), pattern,
                                        (int)(at - from), from, close + 1),
                       err));
    }
    return FST_OK;
}

static bool has_open_class(const char *p)
{
    for (; *p; p++) {
        if (*p == '\\' && p[1]) {
            p++;
        } else if (*p == '[') {
            const char *end;
            class_has(p + 1, p + strcspn(p, "/"), 0, &end);
            if (!end)
                return true;
            p = end - 1;
        }
    }
    return false;
}

enum fst_status fst__glob_expand(const char *pattern, struct fst_arena *a, const char *const **out,
                                 size_t *n, struct fst_error *err)
{
    struct patterns to = {.arena = a};
    enum fst_status status = expand(&to, pattern, err);
    for (size_t i = 0; i < to.n && status == FST_OK; i++)
        if (has_open_class(to.out[i]))
            status = bad_pattern(pattern, "a [ does not close", err);
    const char **kept = fst_arena_alloc(a, (to.n + 1) * sizeof *kept);
    if (to.n)
        memcpy(kept, to.out, to.n * sizeof *kept);
    free(to.out);
    *out = kept;
    *n = to.n;
    return status;
}

/* ---- Paths ----------------------------------------------------------------------------------- */

size_t fst__glob_fixed(const char *pattern)
{
    const char *meta = strpbrk(pattern, "*?[{\\");
    const char *end = meta ? meta : pattern + strlen(pattern);
    while (end > pattern && end[-1] != '/')
        end--;
    return (size_t)(end - pattern);
}

/* A name that is hidden is met only by a pattern that says so. */
static bool name_matches(const char *pattern, size_t n, const char *name, size_t n_name)
{
    if (fst__is_hidden(name, n_name) && (!n || *pattern != *name))
        return false;
    return fst__glob_match(pattern, n, name, n_name);
}

size_t fst__glob_match_path(const char *pattern, const char *path)
{
    const char *at = path;
    for (;;) {
        size_t n = strcspn(pattern, "/"), n_name = strcspn(at, "/");
        if (!name_matches(pattern, n, at, n_name))
            return 0;
        pattern += n;
        at += n_name;
        while (*pattern == '/')
            pattern++;
        if (!*pattern)
            return (size_t)(at - path);
        if (!*at++)
            return 0;
    }
}

bool fst__glob_name(const char *pattern, size_t n, const char *name)
{
    return name_matches(pattern, n, name, strlen(name));
}
