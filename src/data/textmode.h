/* textmode: what readers of texts share: options by name, and records that are not as they should
 * be. */
#ifndef FIRESTEEL_DATA_TEXTMODE_H
#define FIRESTEEL_DATA_TEXTMODE_H

#include "textin.h"

enum fst_text_mode { FST_TEXT_PERMISSIVE, FST_TEXT_DROP_MALFORMED, FST_TEXT_FAIL_FAST };

/* One option of a format: a flag, or one that only one value of is understood. */
struct fst_text_option {
    const char *name;
    size_t flag;      /* offset of a bool in the options; SIZE_MAX = none */
    bool inverted;    /* the bool is set when the option is false */
    const char *only; /* the values that change nothing, split by '|'; NULL = any */
};
/* Value of an option as text; FST_EINVAL for lists and maps. */
enum fst_status fst_text_option_value(const char *format, const struct fst_doc *item,
                                      const char **out, struct fst_error *err);
/* Is it in the table? Reads it then. */
enum fst_status fst_text_option_take(const char *format, const struct fst_text_option *table,
                                     size_t n, const struct fst_doc *item, void *options,
                                     bool *taken, struct fst_error *err);
enum fst_status fst_text_mode_read(const char *format, const char *value, enum fst_text_mode *out,
                                   struct fst_error *err);

/* A record is not as it should be: noted, left out (*drop) or an error, by the mode. */
enum fst_status fst_text_bad(struct fst_textin *in, uint64_t line, const char *why,
                             enum fst_text_mode mode, struct fst_read_notes *notes, bool *drop,
                             struct fst_error *err);

#endif
