/* Two runs side by side, and in what they differ. */
#ifndef FIRESTEEL_VIEW_COMPARE_H
#define FIRESTEEL_VIEW_COMPARE_H

#include "firesteel/app.h"

/* A run with all that is known of it. */
struct known_run {
    struct fst_run_record *run;
    struct fst_run_facts facts;  /* arena NULL = its job file is gone */
    struct fst_profile *profile; /* NULL = none */
};
enum fst_status known_run_read(struct fst_app *app, struct fst_catalog *c, const char *id,
                               struct known_run *out, struct fst_error *err);
void known_run_done(struct known_run *k);
/* In a few words: settings and inputs of `b` that are not those of `a`; nothing when all are. */
void compare_words(const struct known_run *a, const struct known_run *b, struct fst_buf *out);
/* Column by column, in `cols` columns; what differs begins with "*". Owned. */
char *compare_text(const struct known_run *a, const struct known_run *b, int cols);

#endif
