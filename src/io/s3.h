/* The S3 client's own parts: a signed request, and what an answer means. */
#ifndef FIRESTEEL_IO_S3_H
#define FIRESTEEL_IO_S3_H

#include "firesteel/io.h"

enum { RETRY_TRIES = 5 }; /* requests in all, of one that may get better */

/* What is asked for. */
struct s3_ask {
    const char *method, *bucket, *key; /* key "" = the bucket itself */
    const struct fst_http_header *query;
    size_t n_query;
    const struct fst_http_header *headers; /* signed, too */
    size_t n_headers;
    const void *body;
    size_t body_len;
    struct fst_http_client *client; /* NULL = the S3's, or one for this when that is busy */
    fst_cancelled_fn cancelled;     /* NULL = never */
    void *cancel_arg;
};
/* The same as a request that can go out; rq's memory is the arena's. */
struct s3_call {
    struct fst_arena *arena;
    struct fst_http_request rq;
};
enum fst_status s3_call_make(struct fst_s3 *s3, const struct s3_ask *ask, struct s3_call *out,
                             struct fst_error *err);
void s3_call_done(struct s3_call *c); /* wipes its headers */

/* What an answer is good for. */
enum s3_verdict {
    S3_FINE,
    S3_AGAIN,  /* at once: we know better now (region, clock, keys) */
    S3_LATER,  /* after a while */
    S3_FAILED, /* err says why */
};
/* `tries`: requests so far. `err` is set unless it is fine. `s3` NULL = an answer over plain HTTP.
 */
enum s3_verdict s3_judge(struct fst_s3 *s3, const char *bucket, const char *what,
                         const struct fst_http_response *rs, int tries, struct fst_error *err);
/* A line that broke, by the error of the exchange. */
enum s3_verdict s3_judge_line(const struct fst_error *err, int tries);
/* Back off before the next try: longer each time, by chance, or as `rs` (may be NULL) says; not
 * beyond the moment when `cancelled` (may be NULL) says so. */
void s3_wait(int tries, const struct fst_http_response *rs, fst_cancelled_fn cancelled,
             void *cancel_arg);

/* One request to its good end. The response is to be done with when FST_OK. */
enum fst_status s3_do(struct fst_s3 *s3, const struct s3_ask *ask, size_t max_body,
                      struct fst_http_response *rs, struct fst_error *err);

/* What the client knows, to be learned from answers; each true when it is news. */
bool s3_learn_region(struct fst_s3 *s3, const char *bucket, const char *region);
bool s3_learn_clock(struct fst_s3 *s3, const char *http_date, long *minutes_off);
bool s3_forget_keys(struct fst_s3 *s3);

struct fst_http_client *s3_http(struct fst_s3 *s3);
/* "Wed, 21 Oct 2015 07:28:00 GMT"; 0 when it is not that. */
int64_t http_date_us(const char *text);

#endif
