/* jsonscan: the texts of the records in a file of JSON: one a line, the items of an array, or
 * values that go over many lines. */
#ifndef FIRESTEEL_DATA_JSONSCAN_H
#define FIRESTEEL_DATA_JSONSCAN_H

#include "textin.h"

enum { FST_JSON_RECORD_BYTES = 16 << 20 };

struct fst_jsonscan {
    struct fst_textin in;
    struct fst_buf text; /* of the record */
    uint64_t line;       /* where it began */
    bool multi_line;     /* a record ends where its value does */
    bool is_array;       /* the file begins with one */
    bool in_array, ended;
};
/* Takes the bytes, also on failure. Looks whether the file begins with '['. */
enum fst_status fst_jsonscan_open(struct fst_jsonscan *s, struct fst_bytes *bytes, bool multi_line,
                                  struct fst_error *err);
enum fst_status fst_jsonscan_rewind(struct fst_jsonscan *s, struct fst_error *err);
void fst_jsonscan_close(struct fst_jsonscan *s);
/* The text of the next record; *more = false at the end. */
enum fst_status fst_jsonscan_next(struct fst_jsonscan *s, bool *more, struct fst_error *err);

#endif
