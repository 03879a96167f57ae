/* to_json(): nested values written as JSON. The names of fields come beside the signature, quoted,
 * a line each, in the order of the signature. */
#include "local_json.h"

#include <math.h>
#include <string.h>

struct writer {
    struct nest at;
    const char *names;
    struct fst_buf *out;
    const struct local_call *call;
    struct json_options options;
    bool stopped;
};

/* ---- Options --------------------------------------------------------------------------------- */

static struct fst_str take_line(struct fst_str *s)
{
    const char *end = memchr(s->p, '\n', s->n);
    struct fst_str line = {s->p, end ? (size_t)(end - s->p) : s->n};
    s->p += line.n + (end != NULL);
    s->n -= line.n + (end != NULL);
    return line;
}

struct json_options json_options_of(struct fst_str s)
{
    struct fst_str letters = take_line(&s), dates = take_line(&s), times = take_line(&s);
    return (struct json_options){letters.n && memchr(letters.p, 'F', letters.n),
                                 letters.n && memchr(letters.p, 'N', letters.n), dates, times};
}

/* ---- Names ----------------------------------------------------------------------------------- */

const char *json_name_after(const char *names)
{
    const char *end = strchr(names, '\n');
    return end ? end + 1 : names + strlen(names);
}

const char *json_names_after(const char *sig, const char *names)
{
    switch (*sig) {
    case 'A':
        return json_names_after(sig + 1, names);
    case 'M':
        return json_names_after(nest_sig_after(sig + 1), json_names_after(sig + 1, names));
    case 'S':
        for (sig++; *sig && *sig != '.'; sig = nest_sig_after(sig))
            names = json_names_after(sig, json_name_after(names));
        return names;
    default:
        return names;
    }
}

/* ---- Scalars --------------------------------------------------------------------------------- */

static void write_real(struct fst_buf *out, double v, bool single)
{
    bool quoted = !isfinite(v);
    fst_buf_adds(out, quoted ? "\"" : "");
    if (single)
        fst_float_java(out, (float)v);
    else
        fst_double_java(out, v);
    fst_buf_adds(out, quoted ? "\"" : "");
}

/* As java.math.BigDecimal writes it: with an exponent when it is small. */
static void write_decimal(struct fst_buf *out, __int128 v, int scale)
{
    struct fst_buf digits = FST_BUF(64);
    fst_decimal_text(&digits, v < 0 ? -v : v, 0);
    int n = (int)digits.n, exponent = n - 1 - scale;
    if (exponent >= -6) {
        fst_decimal_text(out, v, scale);
    } else {
        const char *d = fst_buf_text(&digits);
        fst_buf_printf(out, "%s%c%s%sE%d", v < 0 ? "-" : "", d[0], n > 1 ? "." : "", d + 1,
                       exponent);
    }
    fst_buf_done(&digits);
}

static void write_formatted(struct writer *w, int64_t wall, struct fst_str pattern)
{
    struct fst_buf text = FST_BUF(4096);
    w->stopped |= !w->stopped && !local_format_write(w->call, &text, wall, pattern);
    json_quote(w->out, (struct fst_str){fst_buf_text(&text), text.n});
    fst_buf_done(&text);
}

static void write_time(struct writer *w, int64_t us, bool zoned)
{
    int64_t days = local_floor_div(us, LOCAL_DAY_US), rest = us - days * LOCAL_DAY_US;
    int ms = (int)(rest / 1000 % 1000), s = (int)(rest / 1000000);
    fst_buf_addc(w->out, '"');
    fst_date_text(w->out, days);
    fst_buf_printf(w->out, "T%02d:%02d:%02d.%03d%s\"", s / 3600, s / 60 % 60, s % 60, ms,
                   zoned ? "Z" : "");
}

static void write_scalar(struct writer *w)
{
    char letter = *w->at.sig;
    int scale = letter == 'D' ? w->at.sig[1] - '@' : 0;
    struct fst_literal v = {0};
    struct fst_buf text = FST_BUF(LOCAL_MAX_TEXT);
    if (!fst_nest_take_scalar(&w->at.p, w->at.end, nest_kind(letter), &v, &text))
        w->at.bad = true;
    else if (letter == 'o')
        fst_buf_adds(w->out, v.n ? "true" : "false");
    else if (letter == 'f' || letter == 'd')
        write_real(w->out, v.d, letter == 'f');
    else if (letter == 'D')
        write_decimal(w->out, v.n, scale);
    else if (letter == 's')
        json_quote(w->out, v.s);
    else if (letter == 'T' && w->options.times.n)
        write_formatted(w, (int64_t)v.n, w->options.times);
    else if (letter == 't' && w->options.dates.n)
        write_formatted(w, (int64_t)v.n * LOCAL_DAY_US, w->options.dates);
    else if (letter == 'T' || letter == 'N')
        write_time(w, (int64_t)v.n, letter == 'T');
    else if (letter == 't') {
        fst_buf_addc(w->out, '"');
        fst_date_text(w->out, (int64_t)v.n);
        fst_buf_addc(w->out, '"');
    } else
        fst_buf_printf(w->out, "%lld", (long long)v.n);
    fst_buf_done(&text);
    w->at.sig = nest_sig_after(w->at.sig);
}

/* ---- Nested values --------------------------------------------------------------------------- */

static void write_value(struct writer *w);

static void write_array(struct writer *w)
{
    const char *sig = ++w->at.sig, *names = w->names;
    bool is_null, first = true;
    fst_buf_addc(w->out, '[');
    while (nest_next(&w->at, &is_null)) {
        fst_buf_adds(w->out, first ? "" : ",");
        first = false;
        w->at.sig = sig;
        w->names = names;
        if (is_null)
            fst_buf_adds(w->out, "null");
        else
            write_value(w);
    }
    fst_buf_addc(w->out, ']');
    w->at.sig = nest_sig_after(sig);
    w->names = json_names_after(sig, names);
}

static void write_map(struct writer *w)
{
    const char *key = ++w->at.sig, *value = nest_sig_after(key), *names = w->names;
    bool is_null, first = true;
    fst_buf_addc(w->out, '{');
    for (w->at.sig = key; nest_next(&w->at, &is_null); w->at.sig = key) {
        fst_buf_adds(w->out, first ? "" : ",");
        first = false;
        write_scalar(w);
        fst_buf_addc(w->out, ':');
        w->at.sig = value;
        w->names = names;
        if (!nest_next(&w->at, &is_null) || is_null)
            fst_buf_adds(w->out, "null");
        else
            write_value(w);
    }
    fst_buf_addc(w->out, '}');
    w->at.sig = nest_sig_after(value);
    w->names = json_names_after(value, names);
}

/* Fields that are NULL are left out, unless the options say else. */
static void write_struct(struct writer *w)
{
    bool is_null, first = true;
    fst_buf_addc(w->out, '{');
    for (w->at.sig++; *w->at.sig && *w->at.sig != '.' && !w->at.bad;) {
        const char *name = w->names;
        w->names = json_name_after(name);
        bool left_out = !nest_next(&w->at, &is_null) || is_null;
        if (!left_out || w->options.writes_null) {
            fst_buf_adds(w->out, first ? "" : ",");
            first = false;
            fst_buf_add(w->out, name, strcspn(name, "\n"));
            fst_buf_addc(w->out, ':');
        }
        if (!left_out) {
            write_value(w);
            continue;
        }
        fst_buf_adds(w->out, w->options.writes_null ? "null" : "");
        w->names = json_names_after(w->at.sig, w->names);
        w->at.sig = nest_sig_after(w->at.sig);
    }
    w->at.sig += *w->at.sig == '.';
    fst_buf_addc(w->out, '}');
}

static void write_value(struct writer *w)
{
    switch (*w->at.sig) {
    case 'A':
        write_array(w);
        break;
    case 'M':
        write_map(w);
        break;
    case 'S':
        write_struct(w);
        break;
    default:
        write_scalar(w);
        break;
    }
}

/* (signature, names, value [, options]) */
static void to_json(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    struct writer w = {.at = nest_of(args[0], args[2]),
                       .names = (const char *)sqlite3_value_text(args[1]),
                       .out = &out,
                       .call = c};
    if (c->n_args > 3)
        w.options = json_options_of(local_text(args[3]));
    if (c->env->zone) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "to_json in a time zone other than UTC is not something the local engine "
                    "does.");
        return;
    }
    write_value(&w);
    if (w.stopped)
        fst_buf_done(&out);
    else
        local_give_buf(c, &out);
}

const struct local_function local_json_value_functions[] = {
    {"nest_to_json", -1, true, to_json, 0, "to_json"},
    {0},
};
