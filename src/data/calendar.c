/* calendar: intervals of months, days and time, as text. */
#include "calendar.h"

static void add_part(struct fst_buf *out, size_t from, int64_t v, const char *unit)
{
    if (v)
        fst_buf_printf(out, "%s%lld %s", out->n > from ? " " : "", (long long)v, unit);
}

static void trim_zeros(struct fst_buf *out)
{
    while (out->p[out->n - 1] == '0')
        out->p[--out->n] = '\0';
    if (out->p[out->n - 1] == '.')
        out->p[--out->n] = '\0';
}

void fst_calendar_text(struct fst_buf *out, int64_t months, int64_t days, int64_t us)
{
    size_t from = out->n;
    int64_t seconds = us % 60000000;
    add_part(out, from, months / 12, "years");
    add_part(out, from, months % 12, "months");
    add_part(out, from, days, "days");
    add_part(out, from, us / 3600000000, "hours");
    add_part(out, from, us / 60000000 % 60, "minutes");
    if (seconds) {
        fst_buf_adds(out, out->n > from ? " " : "");
        fst_decimal_text(out, seconds, 6);
        trim_zeros(out);
        fst_buf_adds(out, " seconds");
    }
    if (out->n == from)
        fst_buf_adds(out, "0 seconds");
}
