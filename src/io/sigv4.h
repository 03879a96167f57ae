/* AWS Signature Version 4 in headers. */
#ifndef FIRESTEEL_IO_SIGV4_H
#define FIRESTEEL_IO_SIGV4_H

#include "firesteel/io.h"

struct sigv4_key {
    const char *access_key, *secret_key, *session_token; /* token NULL = none */
    const char *region, *service;
    char date[17]; /* YYYYMMDDTHHMMSSZ */
};
struct sigv4_request {
    const char *method;
    const char *host; /* as it is sent: with its port where that is not the scheme's */
    const char *path; /* raw bytes, not encoded; begins with a slash */
    const struct fst_http_header *query; /* raw */
    size_t n_query;
    const struct fst_http_header *headers; /* to be signed beside host and x-amz-* of our own */
    size_t n_headers;
    const char *payload;     /* SHA-256 of the body in hex, or UNSIGNED-PAYLOAD */
    bool sends_payload_hash; /* as x-amz-content-sha256; S3 wants it */
};
struct sigv4_signed {
    struct fst_buf target;        /* path and query as they go out */
    struct fst_buf authorization; /* a header's value: not for logs */
    struct fst_buf canonical;     /* what was signed, to compare */
};

/* S3's paths are encoded once and never tidied; those of other services are tidied and encoded
 * twice. */
void sigv4_sign(const struct sigv4_key *key, const struct sigv4_request *rq,
                struct sigv4_signed *out);
void sigv4_signed_done(struct sigv4_signed *s);
/* All but letters, digits and -._~ as %XX; slashes stay when `keep_slash`. */
void sigv4_encode(struct fst_buf *out, const char *p, size_t n, bool keep_slash);
void sigv4_date(int64_t us, char out[17]);

#endif
