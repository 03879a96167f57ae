/* How the values of a column are spread: bins of equal width with edges that people would choose
 * (1, 2 and 5 and their tens; of times seconds, minutes, hours, days, ...). The rows are looked at
 * twice, first for the least and the greatest value. */
#include <math.h>
#include <stdlib.h>

#include "app.h"

enum { WANTED = 16 };

static bool is_double(const struct fst_type *t)
{
    return t->kind == FST_FLOAT || t->kind == FST_DOUBLE;
}

static bool is_time(const struct fst_type *t)
{
    return t->kind == FST_TIMESTAMP || t->kind == FST_TIMESTAMP_NTZ || t->kind == FST_TIME;
}

bool fst__bins_begin(struct fst__bins *b, const struct fst_type *type)
{
    *b = (struct fst__bins){.type = *type};
    return is_double(type) || is_time(type) || type->kind == FST_DATE ||
           type->kind == FST_DECIMAL || (type->kind >= FST_BYTE && type->kind <= FST_LONG);
}

static __int128 whole(const struct fst__bins *b, const struct fst_column *c, size_t row)
{
    return b->type.kind == FST_DECIMAL ? fst_column_decimal(c, row) : fst_column_int(c, row);
}

void fst__bins_look(struct fst__bins *b, const struct fst_column *c)
{
    for (size_t row = 0; row < c->n; row++) {
        if (fst_column_is_null(c, row))
            continue;
        if (is_double(&b->type)) {
            double v = fst_column_double(c, row);
            if (!isfinite(v))
                continue;
            b->least = !b->any || v < b->least ? v : b->least;
            b->greatest = !b->any || v > b->greatest ? v : b->greatest;
        } else {
            __int128 v = whole(b, c, row);
            b->min = !b->any || v < b->min ? v : b->min;
            b->max = !b->any || v > b->max ? v : b->max;
        }
        b->any = true;
    }
}

/* ---- Edges ----------------------------------------------------------------------------------- */

#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)
static const int64_t time_steps[] = {
    SECOND,        2 * SECOND,        5 * SECOND,        10 * SECOND,       30 * SECOND,
    60 * SECOND,   120 * SECOND,      300 * SECOND,      600 * SECOND,      1800 * SECOND,
    3600 * SECOND, 2 * 3600 * SECOND, 3 * 3600 * SECOND, 6 * 3600 * SECOND, 12 * 3600 * SECOND,
    DAY,           2 * DAY,           7 * DAY,           14 * DAY,          30 * DAY,
    91 * DAY,      182 * DAY,         365 * DAY,         5 * 365 * DAY,     10 * 365 * DAY};

/* The least of 1, 2, 5, 10, 20, ... that is not below. */
static __int128 round_step(__int128 least)
{
    static const int factors[] = {2, 5, 10};
    __int128 tens = 1;
    if (least <= 1)
        return 1;
    for (;;) {
        for (size_t i = 0; i < FST_COUNT(factors); i++)
            if (tens * factors[i] >= least)
                return tens * factors[i];
        tens *= 10;
    }
}

static __int128 step_of(const struct fst_type *t, __int128 least)
{
    int64_t unit = t->kind == FST_DATE ? DAY : 1;
    if (!is_time(t) && t->kind != FST_DATE)
        return round_step(least);
    for (size_t i = 0; i < FST_COUNT(time_steps); i++)
        if (time_steps[i] % unit == 0 && time_steps[i] / unit >= least && least * unit >= SECOND)
            return time_steps[i] / unit;
    return round_step(least);
}

static __int128 floor_to(__int128 v, __int128 step)
{
    __int128 rest = v % step;
    return v - (rest < 0 ? rest + step : rest);
}

static void plan_whole(struct fst__bins *b)
{
    b->step = step_of(&b->type, (b->max - b->min) / WANTED + 1);
    __int128 at = floor_to(b->min, b->step);
    for (b->n = 0; at <= b->max && b->n < FST_MAX_BINS; b->n++, at += b->step)
        b->whole[b->n] = at;
    b->whole[b->n] = b->max;
}

/* Edges are whole numbers times or divided by a power of ten, so that they read well. */
static void plan_doubles(struct fst__bins *b)
{
    double raw = (b->greatest - b->least) / WANTED;
    if (!(raw > 0) || !isfinite(raw) || raw < fabs(b->greatest) * 1e-12) {
        b->n = 1;
        b->real[0] = b->least;
        b->real[1] = b->greatest;
        return;
    }
    int power = (int)floor(log10(raw));
    double tens = pow(10, abs(power)), unit = power < 0 ? raw * tens : raw / tens;
    double factor = unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10;
    double step = power < 0 ? factor / tens : factor * tens, at = floor(b->least / step);
    for (b->n = 0; b->n < FST_MAX_BINS; b->n++, at++) {
        double edge = power < 0 ? at * factor / tens : at * factor * tens;
        b->real[b->n] = b->type.kind == FST_FLOAT ? (float)edge : edge;
        if (b->n && edge > b->greatest)
            break;
    }
    b->real[b->n] = b->greatest;
}

void fst__bins_plan(struct fst__bins *b)
{
    if (!b->any)
        return;
    if (is_double(&b->type))
        plan_doubles(b);
    else
        plan_whole(b);
}

/* ---- Counting -------------------------------------------------------------------------------- */

static size_t bin_of(const struct fst__bins *b, const struct fst_column *c, size_t row)
{
    size_t low = 0, high = b->n; /* whole[low] <= v */
    bool real = is_double(&b->type);
    double d = real ? fst_column_double(c, row) : 0;
    __int128 w = real ? 0 : whole(b, c, row);
    if (real && !isfinite(d))
        return b->n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (real ? d < b->real[middle] : w < b->whole[middle])
            high = middle;
        else
            low = middle;
    }
    return low;
}

void fst__bins_add(struct fst__bins *b, const struct fst_column *c)
{
    for (size_t row = 0; b->n && row < c->n; row++) {
        size_t i = fst_column_is_null(c, row) ? b->n : bin_of(b, c, row);
        if (i < b->n)
            b->counts[i]++;
    }
}

/* ---- Telling --------------------------------------------------------------------------------- */

static const char *edge_text(const struct fst__bins *b, size_t i, struct fst_arena *arena)
{
    union {
        int8_t i8;
        int16_t i16;
        int32_t i32;
        int64_t i64;
        __int128 i128;
        float f;
        double d;
    } v = {.i128 = 0};
    switch (b->type.kind) {
    case FST_BYTE:
        v.i8 = (int8_t)b->whole[i];
        break;
    case FST_SHORT:
        v.i16 = (int16_t)b->whole[i];
        break;
    case FST_INT:
    case FST_DATE:
        v.i32 = (int32_t)b->whole[i];
        break;
    case FST_DECIMAL:
        v.i128 = b->whole[i];
        break;
    case FST_FLOAT:
        v.f = (float)b->real[i];
        break;
    case FST_DOUBLE:
        v.d = b->real[i];
        break;
    default:
        v.i64 = (int64_t)b->whole[i];
        break;
    }
    struct fst_column c = {.type = b->type, .n = 1, .values = &v};
    struct fst_buf text = FST_BUF(512);
    fst_cell_text(&text, &c, 0, FST_CELL_PLAIN);
    const char *copy = fst_arena_strdup(arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return copy;
}

void fst__bins_take(const struct fst__bins *b, struct fst_table_stats *out)
{
    bool singles = !is_double(&b->type) && b->type.kind != FST_DECIMAL && b->step == 1;
    if (is_time(&b->type))
        singles = false;
    for (size_t i = 0; i < b->n; i++)
        out->bins[i] =
            (struct fst_bin){edge_text(b, i, out->arena),
                             edge_text(b, singles ? i : i + 1, out->arena), b->counts[i]};
    out->n_bins = b->n;
}
