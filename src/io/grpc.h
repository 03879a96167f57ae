/* The parts of a gRPC call that need no network: frames, and text in headers. */
#ifndef IO_GRPC_H
#define IO_GRPC_H

#include "firesteel/base.h"

/* Messages put together from pieces of a body. Zero it and set the first three. */
struct grpc_frames {
    bool (*on_message)(void *arg, const void *p, size_t n);
    void *arg;
    size_t max_message;
    unsigned char head[5];
    size_t n_head, need;
    struct fst_buf body; /* of a message that came in pieces; the owner frees it */
};
enum fst_status grpc_frames_feed(struct grpc_frames *f, const void *bytes, size_t n,
                                 struct fst_error *err);
bool grpc_frames_cut(const struct grpc_frames *f); /* the bytes ended inside a message */

char *grpc_percent_decode(const char *text);                    /* owned; %00 stays as it is */
bool grpc_base64_decode(struct fst_buf *out, const char *text); /* padded or not */

#endif
