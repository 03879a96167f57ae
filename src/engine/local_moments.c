/* Variance, covariance and correlation by Spark's running formulas, step by step in the same order
 * of operations: the last digits are the same. */
#include <math.h>

#include "local_fn.h"

struct moments {
    double n, avg, m2, m3, m4;
};

static void add_moment(struct moments *m, double v)
{
    double n = m->n + 1.0;
    double delta = v - m->avg;
    double delta_n = delta / n;
    double delta2 = delta * delta, delta_n2 = delta_n * delta_n;
    m->avg = m->avg + delta_n;
    m->m2 = m->m2 + delta * (delta - delta_n);
    m->m3 = m->m3 - 3.0 * delta_n * m->m2 + delta * (delta2 - delta_n2);
    m->m4 = m->m4 - 4.0 * delta_n * m->m3 - 6.0 * delta_n2 * m->m2 +
            delta * (delta * delta2 - delta_n * delta_n2);
    m->n = n;
}

static void moments_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    (void)c;
    add_moment(state, local_double(args[0]));
}

static void skewness(const struct local_call *c, void *state)
{
    struct moments *m = state;
    if (m->n > 0 && m->m2 != 0)
        local_give_double(c, sqrt(m->n) * m->m3 / sqrt(m->m2 * m->m2 * m->m2));
}

static void kurtosis(const struct local_call *c, void *state)
{
    struct moments *m = state;
    if (m->n > 0 && m->m2 != 0)
        local_give_double(c, m->n * m->m4 / (m->m2 * m->m2) - 3.0);
}

static void var_samp(const struct local_call *c, void *state)
{
    struct moments *m = state;
    if (m->n > 1)
        local_give_double(c, m->m2 / (m->n - 1.0));
}

static void var_pop(const struct local_call *c, void *state)
{
    struct moments *m = state;
    if (m->n > 0)
        local_give_double(c, m->m2 / m->n);
}

static void stddev_samp(const struct local_call *c, void *state)
{
    struct moments *m = state;
    if (m->n > 1)
        local_give_double(c, sqrt(m->m2 / (m->n - 1.0)));
}

static void stddev_pop(const struct local_call *c, void *state)
{
    struct moments *m = state;
    if (m->n > 0)
        local_give_double(c, sqrt(m->m2 / m->n));
}

struct pair {
    double n, x_avg, y_avg, ck, x_m2, y_m2;
};

static void add_pair(struct pair *p, double x, double y)
{
    double n = p->n + 1.0;
    double dx = x - p->x_avg, dx_n = dx / n;
    double dy = y - p->y_avg, dy_n = dy / n;
    double x_avg = p->x_avg + dx_n, y_avg = p->y_avg + dy_n;
    p->ck = p->ck + dx * (y - y_avg);
    p->x_m2 = p->x_m2 + dx * (x - x_avg);
    p->y_m2 = p->y_m2 + dy * (y - y_avg);
    p->n = n;
    p->x_avg = x_avg;
    p->y_avg = y_avg;
}

static void pair_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    (void)c;
    add_pair(state, local_double(args[0]), local_double(args[1]));
}

static void covar_samp(const struct local_call *c, void *state)
{
    struct pair *p = state;
    if (p->n > 1)
        local_give_double(c, p->ck / (p->n - 1.0));
}

static void covar_pop(const struct local_call *c, void *state)
{
    struct pair *p = state;
    if (p->n > 0)
        local_give_double(c, p->ck / p->n);
}

static void corr(const struct local_call *c, void *state)
{
    struct pair *p = state;
    double size = sqrt(p->x_m2 * p->y_m2);
    if (p->n > 1 && p->x_m2 != 0 && p->y_m2 != 0 && size != 0) /* so beside a NaN as well */
        local_give_double(c, p->ck / size);
}

/* ---- Regression: (y, x), y depends on x ------------------------------------------------------ */

struct line {
    struct pair forth, back; /* (y, x) and (x, y) */
    struct moments x, y;
    double x_sum, y_sum;
};

static void line_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct line *l = state;
    double y = local_double(args[0]), x = local_double(args[1]);
    (void)c;
    add_pair(&l->forth, y, x);
    add_pair(&l->back, x, y);
    add_moment(&l->x, x);
    add_moment(&l->y, y);
    l->x_sum += x;
    l->y_sum += y;
}

static void regr_count(const struct local_call *c, void *state)
{
    const struct line *l = state;
    sqlite3_result_int64(c->ctx, (int64_t)l->x.n);
}

static void give_if(const struct local_call *c, bool there, double v)
{
    if (there)
        local_give_double(c, v);
}

static void regr_avgx(const struct local_call *c, void *state)
{
    const struct line *l = state;
    give_if(c, l->x.n > 0, l->x_sum / l->x.n);
}

static void regr_avgy(const struct local_call *c, void *state)
{
    const struct line *l = state;
    give_if(c, l->x.n > 0, l->y_sum / l->x.n);
}

static void regr_sxx(const struct local_call *c, void *state)
{
    const struct line *l = state;
    give_if(c, l->x.n > 0, l->x.m2);
}

static void regr_syy(const struct local_call *c, void *state)
{
    const struct line *l = state;
    give_if(c, l->x.n > 0, l->y.m2);
}

static void regr_sxy(const struct local_call *c, void *state)
{
    const struct line *l = state;
    give_if(c, l->x.n > 0, l->forth.ck);
}

static void regr_slope(const struct local_call *c, void *state)
{
    const struct line *l = state;
    give_if(c, l->x.n > 0 && l->x.m2 != 0, l->back.ck / l->x.m2);
}

static void regr_intercept(const struct local_call *c, void *state)
{
    const struct line *l = state;
    give_if(c, l->x.n > 0 && l->x.m2 != 0, l->back.y_avg - l->back.ck / l->x.m2 * l->back.x_avg);
}

static void regr_r2(const struct local_call *c, void *state)
{
    const struct pair *p = &((const struct line *)state)->forth;
    double r = p->ck / sqrt(p->x_m2 * p->y_m2);
    give_if(c, p->n > 0 && p->y_m2 != 0, p->x_m2 == 0 ? 1.0 : r * r);
}

#define LINE(name, result)                                                                         \
    {                                                                                              \
        name, 2, true, sizeof(struct line), line_step, result, NULL, 0                             \
    }
const struct local_aggregate local_moments[] = {
    {"skewness_of", 1, true, sizeof(struct moments), moments_step, skewness, NULL, 0},
    {"kurtosis_of", 1, true, sizeof(struct moments), moments_step, kurtosis, NULL, 0},
    LINE("regr_count_of", regr_count),
    LINE("regr_avgx_of", regr_avgx),
    LINE("regr_avgy_of", regr_avgy),
    LINE("regr_sxx_of", regr_sxx),
    LINE("regr_syy_of", regr_syy),
    LINE("regr_sxy_of", regr_sxy),
    LINE("regr_slope_of", regr_slope),
    LINE("regr_intercept_of", regr_intercept),
    LINE("regr_r2_of", regr_r2),
    {"var_samp_of", 1, true, sizeof(struct moments), moments_step, var_samp, NULL, 0},
    {"var_pop_of", 1, true, sizeof(struct moments), moments_step, var_pop, NULL, 0},
    {"stddev_samp_of", 1, true, sizeof(struct moments), moments_step, stddev_samp, NULL, 0},
    {"stddev_pop_of", 1, true, sizeof(struct moments), moments_step, stddev_pop, NULL, 0},
    {"covar_samp_of", 2, true, sizeof(struct pair), pair_step, covar_samp, NULL, 0},
    {"covar_pop_of", 2, true, sizeof(struct pair), pair_step, covar_pop, NULL, 0},
    {"corr_of", 2, true, sizeof(struct pair), pair_step, corr, NULL, 0},
    {0},
};
