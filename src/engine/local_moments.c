/* Variance, covariance and correlation by Spark's running formulas, step by step in the same order
 * of operations: the last digits are the same. */
#include <math.h>

#include "local_fn.h"

struct moments {
    double n, avg, m2;
};

static void moments_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct moments *m = state;
    (void)c;
    double n = m->n + 1.0;
    double delta = local_double(args[0]) - m->avg;
    double delta_n = delta / n;
    m->avg = m->avg + delta_n;
    m->m2 = m->m2 + delta * (delta - delta_n);
    m->n = n;
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

static void pair_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct pair *p = state;
    (void)c;
    double x = local_double(args[0]), y = local_double(args[1]);
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
    if (p->n > 1 && size != 0)
        local_give_double(c, p->ck / size);
}

const struct local_aggregate local_moments[] = {
    {"var_samp_of", 1, true, sizeof(struct moments), moments_step, var_samp, NULL, 0},
    {"var_pop_of", 1, true, sizeof(struct moments), moments_step, var_pop, NULL, 0},
    {"stddev_samp_of", 1, true, sizeof(struct moments), moments_step, stddev_samp, NULL, 0},
    {"stddev_pop_of", 1, true, sizeof(struct moments), moments_step, stddev_pop, NULL, 0},
    {"covar_samp_of", 2, true, sizeof(struct pair), pair_step, covar_samp, NULL, 0},
    {"covar_pop_of", 2, true, sizeof(struct pair), pair_step, covar_pop, NULL, 0},
    {"corr_of", 2, true, sizeof(struct pair), pair_step, corr, NULL, 0},
    {0},
};
