/* Names of keys: one character as it is ("a", "A", "é", "-"), a name ("enter", "f5"), either with
 * "ctrl-", "alt-" or "shift-" before it where terminals can tell.
 *
 * Terminals cannot tell ctrl-i from tab, ctrl-m from enter, ctrl-[ from esc: there the plain names
 * win, and the others are refused rather than silently never pressed. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "key.h"

static const char *const named[] = {
    "enter", "esc",   "tab",  "space", "backspace", "delete", "insert", "up",  "down",
    "left",  "right", "home", "end",   "pgup",      "pgdn",   "f1",     "f2",  "f3",
    "f4",    "f5",    "f6",   "f7",    "f8",        "f9",     "f10",    "f11", "f12"};

static bool is_named(const char *p, size_t n)
{
    for (size_t i = 0; i < FST_COUNT(named); i++)
        if (fst_str_is((struct fst_str){p, n}, named[i]))
            return true;
    return false;
}

bool fst__key_is(const struct fst_key *key, const char *name)
{
    return strcmp(key->name, name) == 0;
}

struct fst_key fst__key_named(const char *name)
{
    struct fst_key key = {0};
    snprintf(key.name, sizeof key.name, "%s", name);
    return key;
}

struct fst_key fst__key_of_paste(const char *p, size_t n)
{
    struct fst_key key = fst__key_named("text");
    memcpy(key.text, p, n < sizeof key.text ? n : sizeof key.text - 1);
    return key;
}

struct fst_key fst__key_of_text(const char *p, size_t n)
{
    struct fst_key key = fst__key_of_paste(p, n);
    if (n == 1 && *p == ' ')
        memcpy(key.name, "space", 6);
    else if (n < sizeof key.name) {
        memset(key.name, 0, sizeof key.name);
        memcpy(key.name, p, n);
    }
    return key;
}

struct fst_key fst__key_of_control(int code)
{
    static const struct {
        int code;
        const char *name;
    } own[] = {{0, "ctrl-space"}, {8, "backspace"}, {9, "tab"},        {10, "enter"},
               {13, "enter"},     {27, "esc"},      {127, "backspace"}};
    char name[] = "ctrl-a";
    for (size_t i = 0; i < FST_COUNT(own); i++)
        if (own[i].code == code)
            return fst__key_named(own[i].name);
    name[5] = (char)tolower(code + '@');
    return fst__key_named(name);
}

struct fst_key fst__key_with_alt(const struct fst_key *key)
{
    struct fst_key with = {0};
    snprintf(with.name, sizeof with.name, "alt-%.19s", key->name);
    return with;
}

/* ---- Parsing --------------------------------------------------------------------------------- */

struct modifiers {
    bool ctrl, alt, shift;
};

static bool take_modifier(const char **p, size_t *n, const char *prefix, bool *set)
{
    size_t len = strlen(prefix);
    if (*n <= len || memcmp(*p, prefix, len) != 0)
        return false;
    *set = true;
    *p += len;
    *n -= len;
    return true;
}

static struct modifiers take_modifiers(const char **p, size_t *n)
{
    struct modifiers m = {0};
    while (take_modifier(p, n, "ctrl-", &m.ctrl) || take_modifier(p, n, "alt-", &m.alt) ||
           take_modifier(p, n, "shift-", &m.shift)) {
    }
    return m;
}

static enum fst_status unknown(const char *name, size_t n, struct fst_error *err)
{
    char *word = fst_strndup(name, n < 64 ? n : 64);
    const char *near = fst_text_nearest(word, named, FST_COUNT(named));
    fst_fail(err, FST_EINVAL, "there is no key \"%s\"%s%s%s", word, near ? "; did you mean " : "",
             near ? near : "", near ? "?" : "");
    free(word);
    return FST_EINVAL;
}

/* Control characters that terminals send, "ctrl-/" and "ctrl-_" being one. */
static bool control_code(char c, int *code)
{
    if (c == '/')
        c = '_';
    if (!islower((unsigned char)c) && !strchr("\\]^_", c))
        return false;
    *code = toupper((unsigned char)c) & 0x1F;
    return true;
}

static bool parse_character(struct modifiers m, const char *p, size_t n, struct fst_key *out)
{
    int code;
    *out = fst__key_of_text(p, n);
    if (m.shift || (m.ctrl && (n != 1 || !control_code(*p, &code))))
        return false;
    if (m.ctrl) {
        *out = fst__key_of_control(code);
        if (strncmp(out->name, "ctrl-", 5) != 0)
            return false;
    }
    if (m.alt)
        *out = fst__key_with_alt(out);
    return true;
}

static bool parse_named(struct modifiers m, const char *p, size_t n, struct fst_key *out)
{
    struct fst_str base = {p, n};
    bool space = fst_str_is(base, "space");
    if (fst_str_is(base, "enter") || fst_str_is(base, "esc") || fst_str_is(base, "backspace"))
        if (m.ctrl || m.shift)
            return false;
    if (space && m.shift)
        return false;
    memset(out, 0, sizeof *out);
    snprintf(out->name, sizeof out->name, "%s%s%s%.*s", m.ctrl ? "ctrl-" : "", m.alt ? "alt-" : "",
             m.shift ? "shift-" : "", (int)n, p);
    if (space && !m.ctrl && !m.alt)
        out->text[0] = ' ';
    return true;
}

enum fst_status fst__key_parse(const char *name, size_t n, struct fst_key *out,
                               struct fst_error *err)
{
    const char *p = name;
    size_t left = n;
    struct modifiers m = take_modifiers(&p, &left);
    bool ok = false;
    if (is_named(p, left))
        ok = parse_named(m, p, left, out);
    else if (left > 0 && left < sizeof out->name - 4 && fst_text_cluster(p, left) == left &&
             fst_utf8_valid(p, left) && fst_text_width(p, left) <= 2 && (unsigned char)*p > 0x20)
        ok = parse_character(m, p, left, out);
    return ok ? FST_OK : unknown(name, n, err);
}
