/* What people type to leave rows out: a text, `!text` for all others, an expression, `~letters` for
 * those that have the letters in this order. Case does not matter.
 *
 * A text is an expression when it has a sign that only expressions use. While it is typed it is
 * often none yet ("a("): it is looked for as it stands then. The work of one match is limited, so
 * that no expression holds a screen. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <ctype.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "firesteel/base.h"

enum { STEPS = 20000, DEPTH = 500 };

struct fst_filter {
    char *text; /* what is looked for, without signs */
    bool inverse, letters;
    pcre2_code *code; /* NULL = a text */
    pcre2_match_data *found;
    pcre2_match_context *limits;
};

static pcre2_code *compile(const char *text)
{
    int code;
    PCRE2_SIZE at;
    if (!text[strcspn(text, "*+?[](){}|^$\\")])
        return NULL;
    return pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                         PCRE2_CASELESS | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &code, &at, NULL);
}

static void set_limits(struct fst_filter *f)
{
    f->found = pcre2_match_data_create_from_pattern(f->code, NULL);
    f->limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(f->limits, STEPS);
    pcre2_set_depth_limit(f->limits, DEPTH);
}

struct fst_filter *fst_filter_new(const char *text)
{
    struct fst_filter *f = fst_alloc(sizeof *f);
    f->inverse = *text == '!';
    text += f->inverse;
    f->letters = *text == '~';
    text += f->letters;
    f->text = fst_strdup(text);
    f->code = f->letters ? NULL : compile(text);
    if (f->code)
        set_limits(f);
    return f;
}

struct fst_filter *fst_filter_look(const char *text, bool may_be_expression)
{
    struct fst_filter *f = fst_filter_new("");
    free(f->text);
    f->text = fst_strdup(text);
    f->code = may_be_expression ? compile(text) : NULL;
    if (f->code)
        set_limits(f);
    return f;
}

void fst_filter_free(struct fst_filter *f)
{
    if (!f)
        return;
    pcre2_match_context_free(f->limits);
    pcre2_match_data_free(f->found);
    pcre2_code_free(f->code);
    free(f->text);
    free(f);
}

bool fst_filter_is_plain(const struct fst_filter *f)
{
    return !f->code && !f->letters && !f->inverse;
}

bool fst_filter_is_expression(const struct fst_filter *f)
{
    return f && f->code;
}

static bool find_code(const struct fst_filter *f, const char *p, size_t n, size_t from, size_t *at,
                      size_t *len)
{
    if (pcre2_match(f->code, (PCRE2_SPTR)p, n, from, 0, f->found, f->limits) < 1)
        return false;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(f->found);
    *at = ends[0];
    *len = ends[1] > ends[0] ? ends[1] - ends[0] : 0;
    return true;
}

static bool find_text(const struct fst_filter *f, const char *p, size_t n, size_t *at, size_t *len)
{
    char lower = (char)tolower((unsigned char)*f->text),
         upper = (char)toupper((unsigned char)*f->text);
    *len = strlen(f->text);
    for (*at = 0; *at + *len <= n; ++*at)
        if (*len == 0 ||
            ((p[*at] == lower || p[*at] == upper) && strncasecmp(p + *at, f->text, *len) == 0))
            return true;
    return false;
}

/* The letters in their order, with anything between them. */
static bool find_letters(const struct fst_filter *f, const char *p, size_t n, size_t *at,
                         size_t *len)
{
    size_t i = 0;
    *at = n;
    *len = 0;
    for (const char *c = f->text; *c; c++, i++) {
        while (i < n && strncasecmp(p + i, c, 1) != 0)
            i++;
        if (i == n)
            return false;
        *at = *at == n ? i : *at;
    }
    *at = *at == n ? 0 : *at;
    *len = i - *at;
    return true;
}

bool fst_filter_find(const struct fst_filter *f, const char *p, size_t n, size_t *at, size_t *len)
{
    if (f->code)
        return find_code(f, p, n, 0, at, len);
    if (f->letters)
        return find_letters(f, p, n, at, len);
    return find_text(f, p, n, at, len);
}

bool fst_filter_fits(const struct fst_filter *f, const char *const *texts, size_t n)
{
    size_t at, len;
    bool found = !*f->text;
    for (size_t i = 0; i < n && !found; i++)
        found = texts[i] && fst_filter_find(f, texts[i], strlen(texts[i]), &at, &len);
    return !*f->text || found != f->inverse;
}

bool fst_filter_find_from(const struct fst_filter *f, const char *p, size_t n, size_t from,
                          size_t *at, size_t *len)
{
    if (from > n)
        return false;
    if (f->code)
        return find_code(f, p, n, from, at, len);
    if (!fst_filter_find(f, p + from, n - from, at, len))
        return false;
    *at += from;
    return true;
}

/* A group that took nothing, or that there is none of, is nothing. */
static void add_group(const struct fst_filter *f, const char *p, size_t i, struct fst_buf *out)
{
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(f->found);
    if (i < pcre2_get_ovector_count(f->found) && ends[2 * i] != PCRE2_UNSET &&
        ends[2 * i + 1] > ends[2 * i])
        fst_buf_add(out, p + ends[2 * i], ends[2 * i + 1] - ends[2 * i]);
}

void fst_filter_expand(const struct fst_filter *f, const char *p, const char *with,
                       struct fst_buf *out)
{
    for (const char *c = with; *c; c++) {
        if (!f->code || *c != '$' || (c[1] != '$' && !isdigit((unsigned char)c[1]))) {
            fst_buf_addc(out, *c);
            continue;
        }
        c++;
        if (*c == '$')
            fst_buf_addc(out, '$');
        else
            add_group(f, p, (size_t)(*c - '0'), out);
    }
}
