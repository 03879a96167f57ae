/* textvalue: text to values, and text to types, by Spark's rules. */
#ifndef FIRESTEEL_DATA_TEXTVALUE_H
#define FIRESTEEL_DATA_TEXTVALUE_H

#include "firesteel/data.h"

/* How texts spell what Spark's options say how to spell; NULL = Spark's defaults. */
struct fst_text_formats {
    const char *date, *timestamp; /* patterns */
    const char *nan, *positive_inf, *negative_inf;
};

/* Can text become this type at all? */
bool fst_textvalue_has(const struct fst_type *type);
/* Append the value that `text` spells; false (and nothing appended) when it spells none. */
bool fst_textvalue_append(struct fst_builder *b, size_t col, const struct fst_type *type,
                          struct fst_str text);
/* Widen `type` (VOID at first) so that it holds `text` too, as Spark's CSV reader infers. */
void fst_textvalue_infer(struct fst_type *type, struct fst_str text);
/* Both with formats. */
bool fst_textvalue_append_as(struct fst_builder *b, size_t col, const struct fst_type *type,
                             struct fst_str text, const struct fst_text_formats *formats);
void fst_textvalue_infer_as(struct fst_type *type, struct fst_str text,
                            const struct fst_text_formats *formats);
/* The same by the rules for folders named key=value. */
void fst_textvalue_infer_partition(struct fst_type *type, struct fst_str text);

/* A number written in decimal: `digits` without sign, point and leading zeros. */
struct fst_number {
    bool negative;
    const char *p; /* the mantissa as written; may hold a point */
    size_t n;
    size_t n_digits; /* without leading zeros; 0 for zero */
    int64_t scale;   /* value = digits / 10^scale; may be negative */
};
bool fst_number_scan(struct fst_number *out, struct fst_str text);
/* Unscaled at `scale`, rounded half up; false when it has more than `precision` digits. */
bool fst_number_decimal(const struct fst_number *number, int precision, int scale, __int128 *out);
bool fst_text_double(struct fst_str text, bool is_float, double *out);
/* As Spark casts: 2024, 2024-03, 2024-3-1, 2024-03-01 anything. */
bool fst_text_date(struct fst_str text, int64_t *days);
/* As Spark casts, zones as offsets, Z, UTC and GMT only; `zoned` NULL refuses a zone. Times without
 * a date are of today. */
bool fst_text_timestamp(struct fst_str text, bool *zoned, int64_t *us);

#endif
