/* Settings of Spark as they go to a submission: the provider's, with the work's own over them, and
 * which of them are secrets. */
#ifndef ENGINE_SPARK_CONF_H
#define ENGINE_SPARK_CONF_H

#include "firesteel/base.h"

struct spark_setting {
    const char *key, *value;
    bool secret;   /* never in an argument, a job description, a log */
    bool resolved; /* private */
};
struct spark_conf {
    struct spark_setting *items;
    size_t n, cap;
};
/* Is it a secret by its key (spark_is_secret_name), or because its value is a reference to one? */
bool spark_setting_is_secret(const char *key, const char *value);

/* Set `key`; a later value replaces an earlier one. Texts are borrowed. */
void spark_conf_set(struct spark_conf *c, const char *key, const char *value);
/* Set it unless it is set. */
void spark_conf_default(struct spark_conf *c, const char *key, const char *value);
const char *spark_conf_get(const struct spark_conf *c, const char *key); /* or NULL */
/* A map of settings over what is there. FST_EINVAL for what is no spark.* setting with one value.
 */
enum fst_status spark_conf_add(struct spark_conf *c, const struct fst_doc *map,
                               struct fst_error *err);
/* Put values in place of references: env:NAME everywhere, file:PATH where the key names a secret
 * (elsewhere it is a place). The values are the arena's: wipe them with spark_conf_wipe. */
enum fst_status spark_conf_resolve(struct spark_conf *c, struct fst_arena *a,
                                   struct fst_error *err);
/* A line of a Java properties file. */
void spark_conf_line(struct fst_buf *out, const char *key, const char *value);
void spark_conf_wipe(struct spark_conf *c); /* resolved values become "" */
void spark_conf_done(struct spark_conf *c);

#endif
