/* Why a feature has its value, in sentences. */
#include <string.h>

#include "app.h"

static void add_count(struct fst_buf *out, uint64_t n, const char *what)
{
    fst_count_text(out, (int64_t)n);
    fst_buf_printf(out, " %s%s", what, n == 1 ? "" : "s");
}

static void add_source(struct fst_buf *out, const struct fst_traced *t)
{
    if (t->time)
        fst_buf_printf(out, "the row of %s, ", t->time);
    if (t->has_age && t->age_us)
        fst_duration_text(out, t->age_us);
    if (t->has_age)
        fst_buf_adds(out, t->age_us ? " before the label, " : "that of the label, ");
    fst_buf_printf(out, "from %s", t->source);
    if (*t->run_id)
        fst_buf_printf(out, ", run %s", t->run_id);
    fst_buf_addc(out, '\n');
}

static void add_choice(struct fst_buf *out, const struct fst_traced *t)
{
    if (t->by_time) {
        fst_buf_adds(out, t->before == 1 ? "the only " : "the newest of ");
        if (t->before == 1)
            fst_buf_adds(out, "row");
        else
            add_count(out, t->before, "row");
        fst_buf_adds(out, t->lag_us ? " that counted by then" : " at or before the label's time");
    } else {
        fst_buf_adds(out, t->rows == 1 ? "the only row" : "the newest of ");
        if (t->rows != 1)
            add_count(out, t->rows, "row");
        fst_buf_adds(out, ", whatever the label's time");
    }
    if (t->rows > t->before) {
        fst_buf_adds(out, "; ");
        fst_count_text(out, (int64_t)(t->rows - t->before));
        fst_buf_adds(out, " of this entity came later");
    }
    fst_buf_addc(out, '\n');
    if (t->ties > 1) {
        fst_buf_adds(out, "a tie: ");
        add_count(out, t->ties, "row");
        fst_buf_adds(out, t->time_column ? " of that instant; the greatest value was taken\n"
                                         : " of this entity; the greatest value was taken\n");
    }
}

static void add_lag(struct fst_buf *out, const struct fst_traced *t)
{
    if (!t->lag_us)
        return;
    fst_buf_adds(out, "lag ");
    fst_duration_text(out, t->lag_us);
    fst_buf_adds(out, ": rows count so long after their time\n");
}

static void add_max_age(struct fst_buf *out, const struct fst_traced *t)
{
    if (!t->max_age_us || !t->has_age)
        return;
    bool too_old = t->taken == FST_TAKEN_TOO_OLD;
    fst_buf_adds(out, "max_age ");
    fst_duration_text(out, t->max_age_us);
    fst_buf_adds(out, too_old ? ": this row is too old, so the value is NULL\n"
                              : ": it is not too old\n");
}

void fst_traced_text(struct fst_buf *out, const struct fst_traced *t)
{
    switch (t->taken) {
    case FST_TAKEN:
    case FST_TAKEN_TOO_OLD:
        add_source(out, t);
        add_choice(out, t);
        add_lag(out, t);
        add_max_age(out, t);
        if (t->taken == FST_TAKEN && !t->value.text)
            fst_buf_adds(out, "NULL, because that row's value is NULL\n");
        break;
    case FST_TAKEN_LATER:
        fst_buf_printf(out, "NULL, because all of its ");
        add_count(out, t->rows, "row");
        fst_buf_printf(out, " of this entity in %s %s later\n", t->source,
                       t->lag_us ? "began to count" : "came");
        add_lag(out, t);
        break;
    case FST_TAKEN_NO_ROWS:
        fst_buf_printf(out, "NULL, because %s has no row of this entity%s\n", t->source,
                       t->time_column ? " with a time" : "");
        break;
    case FST_TAKEN_NO_KEY:
        fst_buf_adds(out, "NULL, because the label has no entity or no time\n");
        break;
    default:
        fst_buf_printf(out, "not known: %s\n", t->error ? t->error : "");
        return;
    }
    if (!t->agrees)
        fst_buf_printf(
            out, "the training set says %s, these rows say %s: they have changed since\n",
            t->in_row.text ? t->in_row.text : "NULL", t->value.text ? t->value.text : "NULL");
}
