/* Intervals: which fields a type has, how it is spelled, and the text of a value as Spark's CAST
 * writes it. */
#include "firesteel/base.h"

#include <stdio.h>
#include <strings.h>

static const char *const words[2][4] = {{"YEAR", "MONTH"}, {"DAY", "HOUR", "MINUTE", "SECOND"}};

static int last_field(enum fst_kind kind)
{
    return kind == FST_INTERVAL_YM ? 1 : 3;
}

struct fst_type fst_type_interval(enum fst_kind kind, int from, int to)
{
    struct fst_type t = fst_type(kind);
    t.precision = (uint8_t)from;
    t.scale = (uint8_t)(last_field(kind) - to);
    return t;
}

int fst_interval_from(const struct fst_type *t)
{
    return t->precision;
}

int fst_interval_to(const struct fst_type *t)
{
    return last_field(t->kind) - t->scale;
}

const char *fst_interval_word(enum fst_kind kind, int field)
{
    return words[kind == FST_INTERVAL_DT][field & 3];
}

static void write_words(struct fst_buf *out, const struct fst_type *t)
{
    int from = fst_interval_from(t), to = fst_interval_to(t);
    fst_buf_adds(out, fst_interval_word(t->kind, from));
    if (from < to)
        fst_buf_printf(out, " TO %s", fst_interval_word(t->kind, to));
}

static void write_seconds(struct fst_buf *out, uint64_t us)
{
    char fraction[12];
    fst_buf_printf(out, "%02llu", (unsigned long long)(us / 1000000));
    if (us % 1000000 == 0)
        return;
    snprintf(fraction, sizeof fraction, "%06llu", (unsigned long long)(us % 1000000));
    size_t n = 6;
    while (fraction[n - 1] == '0')
        n--;
    fst_buf_addc(out, '.');
    fst_buf_add(out, fraction, n);
}

static void write_times(struct fst_buf *out, uint64_t us, int from, int to)
{
    static const uint64_t sizes[] = {86400000000, 3600000000, 60000000, 1};
    for (int i = from; i <= to; i++) {
        if (i > from)
            fst_buf_addc(out, i == 1 ? ' ' : ':');
        if (i == 3)
            write_seconds(out, us);
        else
            fst_buf_printf(out, i ? "%02llu" : "%llu", (unsigned long long)(us / sizes[i]));
        us %= sizes[i];
    }
}

void fst_interval_text(struct fst_buf *out, const struct fst_type *t, int64_t v)
{
    uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    int from = fst_interval_from(t), to = fst_interval_to(t);
    fst_buf_printf(out, "INTERVAL '%s", v < 0 ? "-" : "");
    if (t->kind == FST_INTERVAL_DT)
        write_times(out, size, from, to);
    else if (from < to)
        fst_buf_printf(out, "%llu-%llu", (unsigned long long)size / 12,
                       (unsigned long long)size % 12);
    else
        fst_buf_printf(out, "%llu", (unsigned long long)size / (to ? 1 : 12));
    fst_buf_adds(out, "' ");
    write_words(out, t);
}
