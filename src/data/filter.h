/* filter: conditions on values: made ready for a type, tested on columns and on bounds. */
#ifndef FIRESTEEL_DATA_FILTER_H
#define FIRESTEEL_DATA_FILTER_H

#include "firesteel/data.h"

enum fst_test_how {
    FST_TEST_NULLS, /* nothing but NULL or not */
    FST_TEST_INT,
    FST_TEST_REAL, /* by keys that order as Spark does, see fst_real_key */
    FST_TEST_DECIMAL,
    FST_TEST_TEXT,
};
/* One end of a range of texts. */
struct fst_text_end {
    struct fst_str s;
    bool is_there, is_open;
};
struct fst_test {
    enum fst_test_how how;
    bool null_passes, value_passes; /* the latter for FST_TEST_NULLS */
    __int128 least, most;           /* both pass; least > most: nothing does */
    struct fst_text_end from, to;
    const __int128 *set; /* IN: in order; least and most are its ends */
    const struct fst_str *texts;
    size_t n_set;
};
/* Make a condition ready for columns of a type; false when it cannot be used on them. */
bool fst_test_make(struct fst_test *out, const struct fst_condition *c, const struct fst_type *type,
                   struct fst_arena *arena);
/* Clear pass[i] for each value that does not meet it. */
void fst_test_column(const struct fst_test *t, const struct fst_column *c, uint8_t *pass);
void fst_test_ints(const struct fst_test *t, const int64_t *v, size_t n, uint8_t *pass);
void fst_test_reals(const struct fst_test *t, const double *v, size_t n, uint8_t *pass);
void fst_test_texts(const struct fst_test *t, const struct fst_str *v, size_t n, uint8_t *pass);
/* May any of some values meet it? Row `row` of `min` and `max` bounds them, where it is not NULL;
 * both are columns of the test's type. */
bool fst_test_may(const struct fst_test *t, const struct fst_column *min,
                  const struct fst_column *max, size_t row, bool has_nulls, bool has_values);
/* Doubles as whole numbers in Spark's order: zeros are one, NaN is one and the greatest. */
int64_t fst_real_key(double v);
/* "column >= value", for people. */
void fst_condition_text(struct fst_buf *out, const struct fst_condition *c);
/* The place of a condition in the list of what was used, or NULL. */
struct fst_condition_use *fst_skipped_use(struct fst_skipped *s, const struct fst_condition *c);

#endif
