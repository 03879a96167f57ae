/* Elementary functions with Java's answers, bit for bit. */
#ifndef ENGINE_LOCAL_MATH_H
#define ENGINE_LOCAL_MATH_H

#include "local_fn.h"

double local_exp(double x); /* local_math.c */
double local_expm1(double x);
double local_log1p(double x);
double local_asin(double x);
double local_acos(double x);
double local_atan(double x);
double local_atan2(double y, double x);
double local_sinh(double x);
double local_cosh(double x);
double local_tanh(double x);
double local_hypot(double x, double y);
/* Java's Math.sin and Math.cos on x86-64, below the limit. */
#define LOCAL_SINE_LIMIT 90112.0
double local_sin(double x); /* local_sine.c */
double local_cos(double x);

#endif
