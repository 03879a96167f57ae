/* textvalue: text to values and to types, by Spark's rules (measured on 4.x).
 *
 * Inference climbs a ladder of types, each tried from the column's present rung upwards; the answer
 * is then merged with what the column was. Folders named key=value have a ladder of their own. */
#include "textvalue.h"

#include "textpattern.h"

#include <math.h>
#include <string.h>

/* Java's Integer.parseInt: a plus sign is fine, space is not. */
static bool text_long(struct fst_str text, int64_t *out)
{
    if (text.n > 1 && *text.p == '+' && text.p[1] != '-') {
        text.p++;
        text.n--;
    }
    return fst_parse_int64(text.p, text.n, out);
}

static bool text_boolean(struct fst_str text, bool *out)
{
    *out = fst_str_is_nocase(text, "true");
    return *out || fst_str_is_nocase(text, "false");
}

/* ---- Values ---------------------------------------------------------------------------------- */

static bool integer_fits(enum fst_kind kind, int64_t v)
{
    switch (kind) {
    case FST_BYTE:
        return v == (int8_t)v;
    case FST_SHORT:
        return v == (int16_t)v;
    case FST_INT:
        return v == (int32_t)v;
    default:
        return true;
    }
}

/* The kinds that are stored as integers. */
static bool text_int(enum fst_kind kind, struct fst_str text, int64_t *out)
{
    bool yes, zoned;
    switch (kind) {
    case FST_BOOLEAN:
        if (!text_boolean(text, &yes))
            return false;
        *out = yes;
        return true;
    case FST_DATE:
        return fst_text_date(text, out);
    case FST_TIMESTAMP:
        return fst_text_timestamp(text, &zoned, out);
    case FST_TIMESTAMP_NTZ:
        return fst_text_timestamp(text, NULL, out);
    default:
        return text_long(text, out) && integer_fits(kind, *out);
    }
}

bool fst_textvalue_has(const struct fst_type *type)
{
    return type->kind <= FST_TIMESTAMP_NTZ;
}

bool fst_textvalue_append(struct fst_builder *b, size_t col, const struct fst_type *type,
                          struct fst_str text)
{
    int64_t v;
    double d;
    __int128 unscaled;
    struct fst_number number;
    switch (type->kind) {
    case FST_STRING:
    case FST_BINARY:
        fst_builder_bytes(b, col, text.p, text.n);
        return true;
    case FST_FLOAT:
    case FST_DOUBLE:
        if (!fst_text_double(text, type->kind == FST_FLOAT, &d))
            return false;
        fst_builder_double(b, col, d);
        return true;
    case FST_DECIMAL:
        if (!fst_number_scan(&number, text) ||
            !fst_number_decimal(&number, type->precision, type->scale, &unscaled))
            return false;
        fst_builder_decimal(b, col, unscaled);
        return true;
    default:
        if (!fst_textvalue_has(type) || type->kind == FST_VOID || !text_int(type->kind, text, &v))
            return false;
        fst_builder_int(b, col, v);
        return true;
    }
}

/* A number that is spelled as an option says. */
static bool odd_double(const struct fst_text_formats *f, struct fst_str text, double *out)
{
    *out = 0;
    if (f->nan && fst_str_is(text, f->nan))
        *out = NAN;
    else if (f->positive_inf && fst_str_is(text, f->positive_inf))
        *out = INFINITY;
    else if (f->negative_inf && fst_str_is(text, f->negative_inf))
        *out = -INFINITY;
    return *out != 0;
}

bool fst_textvalue_append_as(struct fst_builder *b, size_t col, const struct fst_type *type,
                             struct fst_str text, const struct fst_text_formats *formats)
{
    static const int64_t day_us = INT64_C(86400000000);
    int64_t us;
    double d;
    bool is_double = type->kind == FST_DOUBLE || type->kind == FST_FLOAT;
    if (is_double && odd_double(formats, text, &d)) {
        fst_builder_double(b, col, d);
        return true;
    }
    bool is_date = type->kind == FST_DATE && formats->date;
    bool is_time = type->kind == FST_TIMESTAMP && formats->timestamp;
    if (!is_date && !is_time)
        return fst_textvalue_append(b, col, type, text);
    if (!fst_pattern_parse(is_date ? formats->date : formats->timestamp, text, &us))
        return false;
    fst_builder_int(b, col, is_date ? (us - (us % day_us + day_us) % day_us) / day_us : us);
    return true;
}

/* ---- Types ----------------------------------------------------------------------------------- */

/* A whole number beyond 64 bits. CSV wants it written without an exponent (`allow_exponent`). */
static bool is_big_integer(struct fst_str text, bool allow_exponent, struct fst_type *out)
{
    struct fst_number number;
    if (!fst_number_scan(&number, text) || number.scale > 0)
        return false;
    int64_t precision = (int64_t)number.n_digits - number.scale;
    if ((number.scale < 0 && !allow_exponent) || precision > 38)
        return false;
    *out = fst_type_decimal(precision < 1 ? 1 : (int)precision, 0);
    return true;
}

static bool is_strict_date(struct fst_str text)
{
    int64_t days;
    return text.n == 10 && text.p[4] == '-' && text.p[7] == '-' && fst_text_date(text, &days);
}

/* Is `text` on this rung? *out is the type it has there. */
static bool on_rung(enum fst_kind rung, struct fst_str text, const struct fst_text_formats *f,
                    struct fst_type *out)
{
    int64_t v;
    double d;
    bool yes;
    *out = fst_type(rung);
    switch (rung) {
    case FST_INT:
        return text_long(text, &v) && v == (int32_t)v;
    case FST_LONG:
        return text_long(text, &v);
    case FST_DECIMAL:
        return is_big_integer(text, false, out);
    case FST_DOUBLE:
        return fst_text_double(text, false, &d) || odd_double(f, text, &d);
    case FST_DATE:
        return f->date ? fst_pattern_parse(f->date, text, &v) : is_strict_date(text);
    case FST_TIMESTAMP:
        if (f->timestamp)
            return fst_pattern_parse(f->timestamp, text, &v);
        return fst_text_timestamp(text, &yes, &v);
    case FST_BOOLEAN:
        return text_boolean(text, &yes);
    default:
        return true;
    }
}

static bool is_integer(const struct fst_type *t)
{
    return t->kind == FST_INT || t->kind == FST_LONG;
}

/* Digits before the point of a decimal that holds the type. */
static int whole_digits(const struct fst_type *t)
{
    return t->kind == FST_INT ? 10 : t->kind == FST_LONG ? 20 : t->precision - t->scale;
}

static bool is_number(const struct fst_type *t)
{
    return is_integer(t) || t->kind == FST_DECIMAL || t->kind == FST_DOUBLE;
}

static struct fst_type merged(const struct fst_type *a, const struct fst_type *b)
{
    if (a->kind == FST_VOID)
        return *b;
    if (is_number(a) && is_number(b)) {
        if (a->kind == FST_DOUBLE || b->kind == FST_DOUBLE)
            return fst_type(FST_DOUBLE);
        if (is_integer(a) && is_integer(b))
            return a->kind == FST_LONG ? *a : *b;
        int x = whole_digits(a), y = whole_digits(b);
        return fst_type_decimal(x > y ? x : y, 0);
    }
    if (a->kind == b->kind)
        return *a;
    bool times = (a->kind == FST_DATE && b->kind == FST_TIMESTAMP) ||
                 (a->kind == FST_TIMESTAMP && b->kind == FST_DATE);
    return fst_type(times ? FST_TIMESTAMP : FST_STRING);
}

static const struct fst_text_formats no_formats;

void fst_textvalue_infer(struct fst_type *type, struct fst_str text)
{
    fst_textvalue_infer_as(type, text, &no_formats);
}

void fst_textvalue_infer_as(struct fst_type *type, struct fst_str text,
                            const struct fst_text_formats *formats)
{
    static const enum fst_kind ladder[] = {FST_INT,  FST_LONG,      FST_DECIMAL, FST_DOUBLE,
                                           FST_DATE, FST_TIMESTAMP, FST_BOOLEAN, FST_STRING};
    size_t i = 0;
    while (type->kind != FST_VOID && ladder[i] != type->kind)
        i++;
    struct fst_type found;
    while (!on_rung(ladder[i], text, formats, &found))
        i++;
    *type = merged(type, &found);
}

/* 2024-03-01 12:00:00 with an optional fraction. */
static bool is_strict_timestamp(struct fst_str text)
{
    int64_t us;
    struct fst_str day = {text.p, text.n < 10 ? text.n : 10};
    return text.n >= 19 && is_strict_date(day) && text.p[10] == ' ' && text.p[13] == ':' &&
           text.p[16] == ':' && fst_text_timestamp(text, NULL, &us);
}

static struct fst_type partition_type(struct fst_str text)
{
    struct fst_type type;
    double d;
    if (on_rung(FST_INT, text, &no_formats, &type) || on_rung(FST_LONG, text, &no_formats, &type) ||
        is_big_integer(text, true, &type))
        return type;
    if (fst_text_double(text, false, &d))
        return fst_type(FST_DOUBLE);
    if (is_strict_timestamp(text))
        return fst_type(FST_TIMESTAMP);
    return fst_type(is_strict_date(text) ? FST_DATE : FST_STRING);
}

void fst_textvalue_infer_partition(struct fst_type *type, struct fst_str text)
{
    struct fst_type found = partition_type(text);
    /* a double does not hold every bigint: Spark falls back to text here, not in files */
    bool a_loses = type->kind == FST_LONG || type->kind == FST_DECIMAL;
    bool b_loses = found.kind == FST_LONG || found.kind == FST_DECIMAL;
    if ((a_loses && found.kind == FST_DOUBLE) || (b_loses && type->kind == FST_DOUBLE))
        *type = fst_type(FST_STRING);
    else
        *type = merged(type, &found);
}
