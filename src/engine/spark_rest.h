/* The REST API of a Spark application's web interface, as far as a profile needs it
 * (spark_rest.c). It is the same whoever submitted the application. */
#ifndef ENGINE_SPARK_REST_H
#define ENGINE_SPARK_REST_H

#include "firesteel/io.h"
#include "firesteel/profile.h"

/* One application over time: what cannot change is asked for once. */
struct spark_rest;
/* `base`: http://host:port/api/v1/applications/<id>. `attempt`: of an application that has several
 * (YARN, cluster mode), else NULL. `tag`: only the work of jobs with a tag that ends in it; NULL =
 * all of the application. */
struct spark_rest *spark_rest_new(const char *base, const char *attempt, const char *tag);
void spark_rest_free(struct spark_rest *r);

/* Ask for everything anew, with five requests at most. FST_ENOTFOUND when there is no job of ours
 * (yet), FST_ENET and FST_ETIMEOUT when nobody answers. The documents of `out` are r's until the
 * next call; those that could not be had are NULL, except jobs and stages. */
enum fst_status spark_rest_fetch(struct spark_rest *r, fst_cancelled_fn cancelled, void *cancel_arg,
                                 struct fst_profile_rest *out, struct fst_error *err);

/* Does a tag of the job end in `tag`? NULL = any job. */
bool spark_rest_job_is_of(const struct fst_doc *job, const char *tag);

#endif
