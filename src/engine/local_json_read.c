/* from_json(): JSON texts as nested values, in Spark's permissive mode: a field that does not fit
 * its type is NULL, a text that is no JSON is a row of NULLs.
 *
 * The names of fields come beside the signature, quoted, a line each, in its order. */
#include "local_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What became of a value: it is there, it is null, or it is of another type. */
enum got { GOT, NOTHING, WRONG };

struct reader {
    struct json j;
    struct fst_buf text; /* of the last string */
    const struct local_env *env;
    const char *sig, *precisions; /* the whole; of its decimals, two digits each */
    const struct local_call *call;
    struct json_options options;
    bool wrong, stopped; /* something did not fit; the statement ends */
};

static enum got read_value(struct reader *r, const char *sig, const char *names,
                           struct fst_buf *out);

static enum got pass(struct reader *r)
{
    json_skip(&r->j);
    return WRONG;
}

static enum got put(struct fst_buf *out, char letter, const struct fst_literal *v)
{
    fst_nest_put_scalar(out, nest_kind(letter), v);
    return GOT;
}

/* ---- Scalars --------------------------------------------------------------------------------- */

static bool is_number(char next)
{
    return next == '-' || (next >= '0' && next <= '9');
}

static enum got read_whole(struct reader *r, char letter, struct fst_buf *out)
{
    static const struct {
        char letter;
        int64_t least, most;
    } widths[] = {{'1', INT8_MIN, INT8_MAX},
                  {'2', INT16_MIN, INT16_MAX},
                  {'4', INT32_MIN, INT32_MAX},
                  {'8', INT64_MIN, INT64_MAX}};
    bool is_whole;
    int64_t value;
    if (!is_number(json_peek(&r->j)))
        return pass(r);
    struct fst_str s = json_number(&r->j, &is_whole);
    if (r->j.bad || !is_whole || !fst_parse_int64(s.p, s.n, &value))
        return WRONG;
    for (size_t i = 0; i < FST_COUNT(widths); i++)
        if (widths[i].letter == letter && (value < widths[i].least || value > widths[i].most))
            return WRONG;
    return put(out, letter, &(struct fst_literal){.n = value});
}

static enum got read_real(struct reader *r, char letter, struct fst_buf *out)
{
    bool is_whole;
    char text[320];
    char next = json_peek(&r->j);
    if (next == '"' || next == '\'') {
        json_string(&r->j, &r->text);
        r->j.odd |= r->text.n && strchr("NI+-", r->text.p[0]); /* some words are numbers */
        return WRONG;
    }
    if (!is_number(next))
        return pass(r);
    struct fst_str s = json_number(&r->j, &is_whole);
    if (r->j.bad || r->j.odd || s.n >= sizeof text)
        return WRONG;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    double v = strtod(text, NULL);
    if (letter == 'f')
        v = (double)strtof(text, NULL);
    return put(out, letter, &(struct fst_literal){.d = v});
}

/* Is the text digits alone? Spark reads days and other things out of those. */
static bool is_odd_time(struct fst_str s)
{
    size_t n = 0;
    while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == '-' || s.p[n] == '+'))
        n++;
    return (n == s.n && n > 0) || memchr(s.p, 'G', s.n) || memchr(s.p, 'T', s.n) == s.p;
}

/* As casts read them; where those fail, Spark has older ways for some. */
static enum got read_time(struct reader *r, char letter, struct fst_buf *out)
{
    int64_t value = 0;
    char next = json_peek(&r->j);
    if (next != '"' && next != '\'') {
        r->j.odd |= letter == 'T' && is_number(next); /* seconds */
        return pass(r);
    }
    json_string(&r->j, &r->text);
    struct fst_str s = {fst_buf_text(&r->text), r->text.n};
    struct fst_str pattern = letter == 't' ? r->options.dates : r->options.times;
    if (pattern.n && !r->stopped) {
        int found = local_format_read(r->call, s, pattern, letter == 't' ? 'd' : 't', &value);
        r->stopped |= found < 0;
        return found > 0 ? put(out, letter, &(struct fst_literal){.n = value}) : WRONG;
    }
    bool fine = letter == 't' ? local_text_to_date(s, &value)
                              : local_text_to_timestamp(s, r->env, false, &value);
    if (!fine) {
        r->j.odd |= is_odd_time(s);
        return WRONG;
    }
    return put(out, letter, &(struct fst_literal){.n = value});
}

/* Digits with a point: no exponents, no spaces. */
static bool is_plain_decimal(struct fst_str s)
{
    size_t n = 0, points = 0, from = s.n && s.p[0] == '-';
    for (size_t i = from; i < s.n; i++) {
        points += s.p[i] == '.';
        n += s.p[i] >= '0' && s.p[i] <= '9';
    }
    return n > 0 && n <= 38 && points <= 1 && from + n + points == s.n;
}

static int precision_of(const struct reader *r, const char *sig)
{
    const char *p = r->precisions;
    for (const char *at = r->sig; at < sig; at++)
        if (*at == 'D') {
            p += 2;
            at++; /* its scale may be any letter */
        }
    return (p[0] - '0') * 10 + p[1] - '0';
}

static enum got read_decimal(struct reader *r, const char *sig, struct fst_buf *out)
{
    bool is_whole;
    char next = json_peek(&r->j);
    struct fst_str s;
    if (next == '"' || next == '\'') {
        json_string(&r->j, &r->text);
        s = (struct fst_str){fst_buf_text(&r->text), r->text.n};
    } else if (is_number(next)) {
        s = json_number(&r->j, &is_whole);
    } else {
        return pass(r);
    }
    if (r->j.bad || !is_plain_decimal(s)) {
        for (size_t i = 0; i < s.n; i++)
            r->j.odd |= s.p[i] >= '0' && s.p[i] <= '9';
        return WRONG;
    }
    const char *point = memchr(s.p, '.', s.n);
    int scale = point ? (int)(s.p + s.n - point) - 1 : 0;
    struct fst_literal v = {0};
    __int128 unscaled;
    if (!fst_decimal_parse(s.p, s.n, scale, &unscaled)) {
        r->j.odd = true;
        return WRONG;
    }
    struct local_wide w = local_wide_of(unscaled);
    if (!local_wide_fit(&w, scale, precision_of(r, sig), sig[1] - '@', &v.n))
        return WRONG;
    return put(out, 'D', &v);
}

static enum got read_flag(struct reader *r, struct fst_buf *out)
{
    char next = json_peek(&r->j);
    if (next != 't' && next != 'f')
        return pass(r);
    json_word(&r->j, next == 't' ? "true" : "false");
    return put(out, 'o', &(struct fst_literal){.n = next == 't'});
}

/* Whatever is no string is kept as it would be written. */
static enum got read_text(struct reader *r, struct fst_buf *out)
{
    char next = json_peek(&r->j);
    fst_buf_clear(&r->text);
    if (next == '"' || next == '\'')
        json_string(&r->j, &r->text);
    else
        json_copy(&r->j, &r->text);
    return put(out, 's', &(struct fst_literal){.s = {fst_buf_text(&r->text), r->text.n}});
}

/* ---- Nested values --------------------------------------------------------------------------- */

/* An element or a field with its mark. */
static enum got read_marked(struct reader *r, const char *sig, const char *names,
                            struct fst_buf *out)
{
    size_t from = out->n;
    fst_buf_addc(out, FST_NEST_VALUE);
    enum got got = read_value(r, sig, names, out);
    r->wrong |= got == WRONG;
    if (got != GOT) {
        out->n = from;
        fst_buf_addc(out, FST_NEST_NULL);
    }
    return got;
}

/* One scalar that does not fit makes the whole array none; of nested ones that is not known. */
static enum got read_array(struct reader *r, const char *sig, const char *names,
                           struct fst_buf *out)
{
    bool first = true;
    enum got whole = GOT;
    if (json_peek(&r->j) != '[')
        return pass(r);
    r->j.p++;
    r->j.depth++;
    while (!r->j.bad && json_more(&r->j, ']', &first))
        if (read_marked(r, sig + 1, names, out) == WRONG) {
            r->j.odd |= !nest_is_scalar(sig + 1);
            whole = WRONG;
        }
    fst_buf_addc(out, FST_NEST_END);
    return whole;
}

static enum got read_map(struct reader *r, const char *sig, const char *names, struct fst_buf *out)
{
    bool first = true;
    enum got whole = GOT;
    size_t n = 0;
    struct fst_buf keys = FST_BUF(LOCAL_MAX_TEXT), key = FST_BUF(LOCAL_MAX_TEXT);
    if (json_peek(&r->j) != '{')
        return pass(r);
    r->j.p++;
    r->j.depth++;
    for (; !r->j.bad && json_more(&r->j, '}', &first); n++) {
        fst_buf_clear(&key);
        json_string(&r->j, &r->text);
        json_take(&r->j, ':');
        struct fst_literal v = {.s = {fst_buf_text(&r->text), r->text.n}};
        fst_nest_put_scalar(&key, FST_STRING, &v);
        /* A name twice is more than a map has. */
        for (size_t i = 0, at = 0; i < n && at < keys.n; i++) {
            struct nest k = {"s", (const uint8_t *)keys.p + at, (const uint8_t *)keys.p + keys.n,
                             false};
            const uint8_t *from = k.p;
            nest_skip(&k);
            size_t len = (size_t)(k.p - from);
            r->j.odd |= len == key.n && memcmp(from, key.p, len) == 0;
            at += len;
        }
        fst_buf_add(&keys, key.p, key.n);
        fst_buf_addc(out, FST_NEST_VALUE);
        fst_buf_add(out, key.p, key.n);
        if (read_marked(r, nest_sig_after(sig + 1), names, out) == WRONG) {
            r->j.odd |= !nest_is_scalar(nest_sig_after(sig + 1));
            whole = WRONG;
        }
    }
    fst_buf_addc(out, FST_NEST_END);
    fst_buf_done(&keys);
    fst_buf_done(&key);
    return whole;
}

/* A field of a struct that is being read. */
struct slot {
    const char *sig, *name, *names;
    struct fst_buf bytes;
};

static size_t slots_of(const char *sig, const char *names, struct slot *slots)
{
    size_t n = 0;
    for (sig++; *sig && *sig != '.'; sig = nest_sig_after(sig), n++) {
        const char *inner = json_name_after(names);
        if (slots) {
            slots[n] = (struct slot){sig, names, inner, FST_BUF(LOCAL_MAX_TEXT)};
            fst_buf_addc(&slots[n].bytes, FST_NEST_NULL);
        }
        names = json_names_after(sig, inner);
    }
    return n;
}

static void read_field(struct reader *r, struct slot *slots, size_t n)
{
    struct fst_buf quoted = FST_BUF(LOCAL_MAX_TEXT);
    json_string(&r->j, &r->text);
    json_take(&r->j, ':');
    json_quote(&quoted, (struct fst_str){fst_buf_text(&r->text), r->text.n});
    size_t i = 0;
    while (i < n && (strcspn(slots[i].name, "\n") != quoted.n ||
                     memcmp(slots[i].name, quoted.p, quoted.n) != 0))
        i++;
    if (i < n) {
        fst_buf_clear(&slots[i].bytes);
        read_marked(r, slots[i].sig, slots[i].names, &slots[i].bytes);
    } else {
        json_skip(&r->j);
    }
    fst_buf_done(&quoted);
}

static enum got read_struct(struct reader *r, const char *sig, const char *names,
                            struct fst_buf *out)
{
    bool first = true;
    if (json_peek(&r->j) != '{')
        return pass(r);
    size_t n = slots_of(sig, names, NULL);
    struct slot *slots = fst_alloc((n + 1) * sizeof *slots);
    slots_of(sig, names, slots);
    r->j.p++;
    r->j.depth++;
    while (!r->j.bad && json_more(&r->j, '}', &first))
        read_field(r, slots, n);
    for (size_t i = 0; i < n; i++) {
        fst_buf_add(out, slots[i].bytes.p, slots[i].bytes.n);
        fst_buf_done(&slots[i].bytes);
    }
    free(slots);
    return GOT;
}

static enum got read_value(struct reader *r, const char *sig, const char *names,
                           struct fst_buf *out)
{
    if (r->j.depth > 100) {
        r->j.odd = r->j.bad = true;
        return WRONG;
    }
    if (json_peek(&r->j) == 'n') {
        json_word(&r->j, "null");
        return NOTHING;
    }
    switch (*sig) {
    case 'A':
        return read_array(r, sig, names, out);
    case 'M':
        return read_map(r, sig, names, out);
    case 'S':
        return read_struct(r, sig, names, out);
    case 's':
        return read_text(r, out);
    case 'o':
        return read_flag(r, out);
    case 't':
    case 'T':
        return read_time(r, *sig, out);
    case 'D':
        return read_decimal(r, sig, out);
    case 'f':
    case 'd':
        return read_real(r, *sig, out);
    default:
        return read_whole(r, *sig, out);
    }
}

/* A struct of NULLs, for a text that is none. */
static void give_nulls(const struct local_call *c, const char *sig, const char *names)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t n = slots_of(sig, names, NULL); n > 0; n--)
        fst_buf_addc(&out, FST_NEST_NULL);
    nest_give_bytes(c, &out);
}

/* Where the options say so, Spark stops at what does not fit. */
static bool stops_at(const struct local_call *c, const struct reader *r, enum got got)
{
    if (r->stopped || !r->options.stops || (!r->wrong && !r->j.bad && got == GOT))
        return r->stopped;
    if (got == GOT || r->j.bad)
        local_raise(c, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION", "22023",
                    "Malformed records are detected in record parsing. Parse Mode: FAILFAST. To "
                    "process malformed records as null result, try setting the option 'mode' as "
                    "'PERMISSIVE'.");
    else
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "this JSON text in FAILFAST mode is not something the local engine does.");
    return true;
}

/* (signature, names, precisions, text [, options]) */
static void from_json(const struct local_call *c, sqlite3_value **args)
{
    const char *sig = (const char *)sqlite3_value_text(args[0]);
    const char *names = (const char *)sqlite3_value_text(args[1]);
    struct reader r = {json_of(local_text(args[3])), FST_BUF(LOCAL_MAX_TEXT), c->env, sig,
                       (const char *)sqlite3_value_text(args[2])};
    r.call = c;
    if (c->n_args > 4)
        r.options = json_options_of(local_text(args[4]));
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    r.j.strict = true;
    char next = json_peek(&r.j);
    if (!next) {
        stops_at(c, &r, NOTHING);
        return;
    }
    bool wraps = *sig == 'A' && sig[1] == 'S' && next == '{';
    enum got got = wraps ? read_marked(&r, sig + 1, names, &out) : read_value(&r, sig, names, &out);
    if (wraps)
        fst_buf_addc(&out, FST_NEST_END);
    fst_buf_done(&r.text);
    if (json_stops(c, &r.j) || stops_at(c, &r, got)) {
        fst_buf_done(&out);
        return;
    }
    if (got == GOT && !r.j.bad) {
        nest_give_bytes(c, &out);
        return;
    }
    fst_buf_done(&out);
    if (*sig == 'S')
        give_nulls(c, sig, names);
}

const struct local_function local_json_read_functions[] = {
    {"nest_from_json", -1, true, from_json, 0, "from_json"},
    {0},
};
