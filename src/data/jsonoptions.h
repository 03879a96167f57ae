/* jsonoptions: the options of Spark's JSON reader that are understood here. */
#ifndef FIRESTEEL_DATA_JSONOPTIONS_H
#define FIRESTEEL_DATA_JSONOPTIONS_H

#include "textmode.h"

struct fst_json_options {
    bool multi_line, primitives_as_string, prefers_decimal, drop_all_null;
    bool comments, unquoted_names, no_single_quotes, leading_zeros, no_odd_numbers;
    enum fst_text_mode mode;
    const char *corrupt; /* name of the column with what could not be read */
};
/* Over Spark's defaults; options that are not understood are refused by name. */
enum fst_status fst_json_options_read(struct fst_json_options *out, const struct fst_doc *doc,
                                      struct fst_error *err);

#endif
