/* The digits of a double or float as Java prints them. */
#ifndef BASE_JAVA_DIGITS_H
#define BASE_JAVA_DIGITS_H

#include "firesteel/base.h"

/* v = 0.d1d2… × 10^*point, digits d1 d2 … as characters into `digits` (at least 20 bytes): how
 * many. `v` > 0 and finite. Java up to 18, on which Spark runs: not always the shortest that read
 * back. (java.lang.Double.toString, JDK-4511638.) */
int java_digits(double v, bool is_float, char *digits, int *point);

#endif
