/* csvparse: a CSV file as records of values, by the rules of the parser that Spark uses. */
#ifndef FIRESTEEL_DATA_CSVPARSE_H
#define FIRESTEEL_DATA_CSVPARSE_H

#include "textmode.h"
#include "textvalue.h"

enum {
    FST_CSV_NONE = -2, /* no such character */
    FST_CSV_RECORD_BYTES = 8 << 20,
    FST_CSV_COLUMNS = 20480, /* as Spark's maxColumns */
    FST_CSV_SEP_BYTES = 8,
};

struct fst_csv_options {
    char sep[FST_CSV_SEP_BYTES + 1];
    size_t n_sep;
    int quote, escape, comment;
    bool header, infer, multi_line, trim_left, trim_right, latin1;
    enum fst_text_mode mode;
    /* borrowed from the document of options */
    const char *null_value, *empty_value;
    struct fst_text_formats formats;
};
/* From the options of the format, over the defaults (which are Spark's, but for the separator). */
enum fst_status fst_csv_options_read(struct fst_csv_options *out, const char *sep,
                                     const struct fst_doc *doc, struct fst_error *err);

struct fst_csv_value {
    size_t at, n; /* in the text of the record */
    bool quoted;
};
struct fst_csv {
    struct fst_csv_options options;
    struct fst_textin in;
    uint64_t line; /* where the record began */
    struct fst_buf text;
    struct fst_csv_value *values;
    size_t n, cap;
};
/* Takes the bytes, also on failure. */
enum fst_status fst_csv_open(struct fst_csv *csv, struct fst_bytes *bytes, struct fst_error *err);
void fst_csv_close(struct fst_csv *csv);
/* The next record that is not blank; *more = false at the end. */
enum fst_status fst_csv_record(struct fst_csv *csv, bool *more, struct fst_error *err);
/* Text of value `i` of the record; false when it is NULL or missing. */
bool fst_csv_value(const struct fst_csv *csv, size_t i, struct fst_str *out);

#endif
