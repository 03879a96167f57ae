/* JSON as Jackson reads and writes it, and what is taken out of JSON texts by paths.
 *
 * Single quotes and bare control characters are taken, as Spark allows both. Where Jackson throws,
 * Spark's functions give NULL. */
#include "local_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 200, MAX_NUMBER = 300 };

/* ---- Reading --------------------------------------------------------------------------------- */

struct json json_of(struct fst_str s)
{
    return (struct json){.p = s.p, .end = s.p + s.n};
}

static bool fail(struct json *j)
{
    j->bad = true;
    j->p = j->end;
    return false;
}

char json_peek(struct json *j)
{
    while (j->p < j->end && (*j->p == ' ' || *j->p == '\n' || *j->p == '\t' || *j->p == '\r'))
        j->p++;
    if (j->p < j->end && (*j->p == 0 || (j->strict && strchr("NI+", *j->p)) ||
                          (j->strict && *j->p == '-' && j->end - j->p > 1 && j->p[1] == 'I')))
        j->odd = true;
    return j->p < j->end ? *j->p : 0;
}

bool json_take(struct json *j, char sign)
{
    if (json_peek(j) != sign)
        return fail(j);
    j->p++;
    return true;
}

static int hex4(const char *p)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        int digit = p[i] >= '0' && p[i] <= '9'   ? p[i] - '0'
                    : p[i] >= 'a' && p[i] <= 'f' ? p[i] - 'a' + 10
                    : p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        v = v * 16 + digit;
    }
    return v;
}

/* \uXXXX, and the other half of a pair; behind the "u". */
static void unicode(struct json *j, struct fst_buf *text)
{
    int high = j->end - j->p >= 4 ? hex4(j->p) : -1, low = -1;
    if (high < 0) {
        fail(j);
        return;
    }
    j->p += 4;
    uint32_t cp = (uint32_t)high;
    if (high >= 0xD800 && high <= 0xDFFF) {
        bool pair = high < 0xDC00 && j->end - j->p >= 6 && j->p[0] == '\\' && j->p[1] == 'u';
        low = pair ? hex4(j->p + 2) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            j->odd = true;
            fail(j);
            return;
        }
        j->p += 6;
        cp = 0x10000 + (((uint32_t)high - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
    }
    char utf8[4];
    fst_buf_add(text, utf8, fst_utf8_encode(cp, utf8));
}

static void escape(struct json *j, struct fst_buf *text)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char ch = j->p < j->end ? *j->p++ : 0;
    const char *at = ch ? strchr(from, ch) : NULL;
    if (at)
        fst_buf_addc(text, to[at - from]);
    else if (ch == 'u')
        unicode(j, text);
    else
        fail(j);
}

void json_string(struct json *j, struct fst_buf *text)
{
    char quote = json_peek(j);
    fst_buf_clear(text);
    if (quote != '"' && quote != '\'') {
        fail(j);
        return;
    }
    for (j->p++; j->p < j->end && *j->p != quote;) {
        if (*j->p == '\\') {
            j->p++;
            escape(j, text);
        } else if (j->strict && (unsigned char)*j->p < ' ') {
            fail(j);
        } else {
            fst_buf_addc(text, *j->p++);
        }
    }
    if (j->p < j->end)
        j->p++;
    else
        fail(j);
}

static size_t digits(struct json *j)
{
    const char *from = j->p;
    while (j->p < j->end && *j->p >= '0' && *j->p <= '9')
        j->p++;
    return (size_t)(j->p - from);
}

struct fst_str json_number(struct json *j, bool *is_whole)
{
    json_peek(j);
    const char *from = j->p;
    *is_whole = true;
    if (j->p < j->end && *j->p == '-')
        j->p++;
    const char *first = j->p;
    size_t n = digits(j);
    bool fine = n > 0 && (n == 1 || *first != '0');
    if (fine && j->p < j->end && *j->p == '.') {
        *is_whole = false;
        j->p++;
        fine = digits(j) > 0;
    }
    if (fine && j->p < j->end && (*j->p == 'e' || *j->p == 'E')) {
        *is_whole = false;
        j->p++;
        if (j->p < j->end && (*j->p == '+' || *j->p == '-'))
            j->p++;
        fine = digits(j) > 0;
    }
    if (fine && j->p < j->end && !strchr(" \n\t\r,]}:", *j->p))
        fine = false;
    if (!fine)
        fail(j);
    if (j->p - from > MAX_NUMBER)
        j->odd = true;
    return (struct fst_str){from, (size_t)(j->p - from)};
}

bool json_word(struct json *j, const char *word)
{
    size_t n = strlen(word);
    json_peek(j);
    if ((size_t)(j->end - j->p) < n || memcmp(j->p, word, n) != 0)
        return fail(j);
    j->p += n;
    if (j->p < j->end &&
        (*j->p == '_' || *j->p == '$' || (*j->p & 0x80) || (*j->p >= '0' && *j->p <= '9') ||
         (*j->p >= 'a' && *j->p <= 'z') || (*j->p >= 'A' && *j->p <= 'Z')))
        return fail(j);
    return true;
}

bool json_more(struct json *j, char closing, bool *first)
{
    char next = json_peek(j);
    if (next == closing) {
        j->p++;
        j->depth--;
        return false;
    }
    if (!*first && !json_take(j, ','))
        return false;
    *first = false;
    return !j->bad && (json_peek(j) != 0 || fail(j));
}

/* Behind "[" or "{". */
static void open_nested(struct json *j)
{
    j->p++;
    if (++j->depth > MAX_DEPTH) {
        j->odd = true;
        fail(j);
    }
}

/* ---- Writing --------------------------------------------------------------------------------- */

void json_quote(struct fst_buf *out, struct fst_str s)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    fst_buf_addc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        const char *at = s.p[i] ? strchr(from, s.p[i]) : NULL;
        if (at) {
            fst_buf_addc(out, '\\');
            fst_buf_addc(out, to[at - from]);
        } else if ((unsigned char)s.p[i] < 0x20) {
            fst_buf_printf(out, "\\u%04X", (unsigned)(unsigned char)s.p[i]);
        } else {
            fst_buf_addc(out, s.p[i]);
        }
    }
    fst_buf_addc(out, '"');
}

static void copy_number(struct json *j, struct fst_buf *out)
{
    bool is_whole;
    struct fst_str s = json_number(j, &is_whole);
    char text[MAX_NUMBER + 1];
    if (j->bad || j->odd || j->passing)
        return;
    if (is_whole) {
        if (s.n == 2 && memcmp(s.p, "-0", 2) == 0)
            s = fst_str("0");
        fst_buf_add(out, s.p, s.n);
        return;
    }
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    double v = strtod(text, NULL);
    if (isfinite(v))
        fst_double_java(out, v);
    else
        j->odd = true;
}

static void copy_list(struct json *j, struct fst_buf *out, char closing)
{
    struct fst_buf text = FST_BUF(LOCAL_MAX_TEXT);
    bool first = true, was_first = true;
    fst_buf_addc(out, *j->p);
    open_nested(j);
    while (!j->bad && json_more(j, closing, &first)) {
        if (!was_first)
            fst_buf_addc(out, ',');
        was_first = false;
        if (closing == '}') {
            json_string(j, &text);
            json_take(j, ':');
            json_quote(out, (struct fst_str){fst_buf_text(&text), text.n});
            fst_buf_addc(out, ':');
        }
        json_copy(j, out);
    }
    fst_buf_addc(out, closing);
    fst_buf_done(&text);
}

void json_copy(struct json *j, struct fst_buf *out)
{
    struct fst_buf text = FST_BUF(LOCAL_MAX_TEXT);
    char next = json_peek(j);
    const char *word = next == 't' ? "true" : next == 'f' ? "false" : "null";
    if (j->bad)
        return;
    if (next == '{' || next == '[') {
        copy_list(j, out, next == '{' ? '}' : ']');
    } else if (next == '"' || next == '\'') {
        json_string(j, &text);
        json_quote(out, (struct fst_str){fst_buf_text(&text), text.n});
    } else if (next == '-' || (next >= '0' && next <= '9')) {
        copy_number(j, out);
    } else if (json_word(j, word)) {
        fst_buf_adds(out, word);
    }
    fst_buf_done(&text);
}

void json_skip(struct json *j)
{
    struct fst_buf none = FST_BUF(LOCAL_MAX_TEXT);
    j->passing = true;
    json_copy(j, &none);
    j->passing = false;
    fst_buf_done(&none);
}

bool json_stops(const struct local_call *c, const struct json *j)
{
    if (j->odd)
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "this JSON text is not one that the local engine reads as Spark does.");
    return j->odd;
}

/* ---- Paths ----------------------------------------------------------------------------------- */

/* One step of a path: a name, an index, or all elements. */
struct step {
    enum { END, NAME, INDEX, ALL } kind;
    struct fst_str name;
    int64_t index;
};

/* The step at the front of `path`, which moves; false when it is none. */
static bool take_step(struct fst_str *path, struct step *s)
{
    const char *p = path->p, *end = p + path->n, *from;
    *s = (struct step){END, {"", 0}, 0};
    if (p == end)
        return true;
    if (*p == '.') {
        for (from = ++p; p < end && *p != '.' && *p != '[';)
            p++;
        *s = (struct step){NAME, {from, (size_t)(p - from)}, 0};
    } else if (end - p > 3 && p[0] == '[' && p[1] == '\'') {
        for (from = p += 2; p < end && *p != '\'' && *p != '?';)
            p++;
        *s = (struct step){NAME, {from, (size_t)(p - from)}, 0};
        if (end - p < 2 || p[0] != '\'' || p[1] != ']')
            return false;
        p += 2;
    } else if (end - p > 2 && p[0] == '[' && p[1] == '*' && p[2] == ']') {
        s->kind = ALL;
        p += 3;
    } else if (*p == '[') {
        for (from = ++p; p < end && *p >= '0' && *p <= '9';)
            p++;
        s->kind = INDEX;
        bool fine = p > from && p - from < 9 && p < end && *p == ']';
        for (const char *d = from; fine && d < p; d++)
            s->index = s->index * 10 + (*d - '0');
        if (!fine)
            return false;
        p++;
    } else {
        return false;
    }
    *path = (struct fst_str){p, (size_t)(end - p)};
    return s->kind != NAME || s->name.n > 0;
}

static bool is_path(struct fst_str path)
{
    struct step s;
    if (!path.n || path.p[0] != '$')
        return false;
    path = (struct fst_str){path.p + 1, path.n - 1};
    do
        if (!take_step(&path, &s))
            return false;
    while (s.kind != END);
    return true;
}

/* Values of strings are given as they are until elements are put into an array. */
enum style { RAW, QUOTED };

static bool evaluate(struct json *j, struct fst_buf *out, enum style style, struct fst_str path);

static bool in_object(struct json *j, struct fst_buf *out, enum style style, const struct step *s,
                      struct fst_str path)
{
    struct fst_buf name = FST_BUF(LOCAL_MAX_TEXT);
    bool first = true, found = false;
    open_nested(j);
    while (!j->bad && json_more(j, '}', &first)) {
        json_string(j, &name);
        json_take(j, ':');
        bool is_it = name.n == s->name.n && memcmp(fst_buf_text(&name), s->name.p, name.n) == 0;
        if (!found && is_it && json_peek(j) != 'n')
            found = evaluate(j, out, style, path);
        else
            json_skip(j);
    }
    fst_buf_done(&name);
    return found;
}

static bool at_index(struct json *j, struct fst_buf *out, enum style style, const struct step *s,
                     struct fst_str path)
{
    bool first = true, found = false;
    open_nested(j);
    for (int64_t i = 0; !j->bad && json_more(j, ']', &first); i++)
        if (i == s->index)
            found = evaluate(j, out, style, path);
        else
            json_skip(j);
    return found;
}

/* Of one match the brackets are left out. */
static bool all_of(struct json *j, struct fst_buf *out, struct fst_str path)
{
    struct fst_buf one = FST_BUF(LOCAL_MAX_TEXT), all = FST_BUF(LOCAL_MAX_TEXT);
    bool first = true;
    size_t n = 0;
    open_nested(j);
    while (!j->bad && json_more(j, ']', &first)) {
        fst_buf_clear(&one);
        if (!evaluate(j, &one, QUOTED, path))
            continue;
        fst_buf_adds(&all, n++ ? "," : "");
        fst_buf_add(&all, one.p, one.n);
    }
    fst_buf_adds(out, n > 1 ? "[" : "");
    fst_buf_add(out, n ? all.p : "", all.n);
    fst_buf_adds(out, n > 1 ? "]" : "");
    fst_buf_done(&one);
    fst_buf_done(&all);
    return n > 0;
}

static bool evaluate(struct json *j, struct fst_buf *out, enum style style, struct fst_str path)
{
    struct step s;
    char next = json_peek(j);
    take_step(&path, &s);
    if (s.kind == END && style == RAW && (next == '"' || next == '\'')) {
        json_string(j, out);
        return true;
    }
    if (s.kind == END) {
        json_copy(j, out);
        return true;
    }
    if (s.kind == NAME && next == '{')
        return in_object(j, out, style, &s, path);
    if (s.kind == INDEX && next == '[')
        return at_index(j, out, style, &s, path);
    if (s.kind == ALL && next == '[')
        return all_of(j, out, path);
    json_skip(j);
    return false;
}

/* (text, path) */
static void get_object(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str path = local_text(args[1]);
    struct json j = json_of(local_text(args[0]));
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    if (!is_path(path) || !json_peek(&j))
        return;
    bool found = evaluate(&j, &out, RAW, (struct fst_str){path.p + 1, path.n - 1});
    if (!json_stops(c, &j) && found && !j.bad)
        local_give_buf(c, &out);
    else
        fst_buf_done(&out);
}

/* (text, name): a field of an object, its last value that is not null; nothing of what is malformed
 * anywhere */
static void tuple_field(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str wanted = local_text(args[1]);
    struct json j = json_of(local_text(args[0]));
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT), name = FST_BUF(LOCAL_MAX_TEXT);
    bool first = true, found = false;
    if (json_peek(&j) != '{')
        return;
    open_nested(&j);
    while (!j.bad && json_more(&j, '}', &first)) {
        json_string(&j, &name);
        json_take(&j, ':');
        char next = json_peek(&j);
        bool is_it = fst_str_eq((struct fst_str){fst_buf_text(&name), name.n}, wanted);
        if (!is_it || next == 'n') {
            json_skip(&j);
            continue;
        }
        fst_buf_clear(&out);
        found = true;
        if (next == '"' || next == '\'')
            json_string(&j, &out);
        else
            json_copy(&j, &out);
    }
    fst_buf_done(&name);
    if (!json_stops(c, &j) && found && !j.bad)
        local_give_buf(c, &out);
    else
        fst_buf_done(&out);
}

/* ---- Whole texts ----------------------------------------------------------------------------- */

static void array_length(const struct local_call *c, sqlite3_value **args)
{
    struct json j = json_of(local_text(args[0]));
    bool first = true;
    int64_t n = 0;
    if (json_peek(&j) != '[')
        return;
    open_nested(&j);
    for (; !j.bad && json_more(&j, ']', &first); n++)
        json_skip(&j);
    if (!json_stops(c, &j) && !j.bad)
        sqlite3_result_int64(c->ctx, n);
}

static void object_keys(const struct local_call *c, sqlite3_value **args)
{
    struct json j = json_of(local_text(args[0]));
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT), name = FST_BUF(LOCAL_MAX_TEXT);
    bool first = true;
    if (json_peek(&j) != '{')
        return;
    open_nested(&j);
    while (!j.bad && json_more(&j, '}', &first)) {
        struct fst_literal v = {0};
        json_string(&j, &name);
        json_take(&j, ':');
        json_skip(&j);
        v.s = (struct fst_str){fst_buf_text(&name), name.n};
        fst_buf_addc(&out, FST_NEST_VALUE);
        fst_nest_put_scalar(&out, FST_STRING, &v);
    }
    fst_buf_addc(&out, FST_NEST_END);
    fst_buf_done(&name);
    if (!json_stops(c, &j) && !j.bad)
        nest_give_bytes(c, &out);
    else
        fst_buf_done(&out);
}

const struct local_function local_json_functions[] = {
    {"json_object_of", 2, true, get_object, 0, "get_json_object"},
    {"json_tuple_of", 2, true, tuple_field, 0, "json_tuple"},
    {"json_length_of", 1, true, array_length, 0, "json_array_length"},
    {"json_keys_of", 1, true, object_keys, 0, "json_object_keys"},
    {0},
};
