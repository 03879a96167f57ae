/* The part of libnghttp2's interface that we use; it has not changed since 1.0. */
#ifndef IO_NG_H
#define IO_NG_H

#include <sys/types.h>

#include "firesteel/base.h"

enum {
    NG_SETTINGS_ENABLE_PUSH = 2,
    NG_SETTINGS_INITIAL_WINDOW_SIZE = 4,
    NG_SETTINGS_MAX_FRAME_SIZE = 5,
    NG_DATA_FLAG_EOF = 1,
    NG_CALLBACK_FAILURE = -902,
};
struct ng_setting {
    int32_t id;
    uint32_t value;
};
struct ng_nv {
    uint8_t *name, *value;
    size_t namelen, valuelen;
    uint8_t flags;
};
union ng_source {
    int fd;
    void *ptr;
};
typedef ssize_t ng_read(void *session, int32_t stream, uint8_t *buf, size_t n, uint32_t *flags,
                        union ng_source *source, void *arg);
struct ng_provider {
    union ng_source source;
    ng_read *read;
};
typedef int ng_on_header(void *session, const void *frame, const uint8_t *name, size_t namelen,
                         const uint8_t *value, size_t valuelen, uint8_t flags, void *arg);
typedef int ng_on_data(void *session, uint8_t flags, int32_t stream, const uint8_t *p, size_t n,
                       void *arg);
typedef int ng_on_close(void *session, int32_t stream, uint32_t code, void *arg);

struct ng_api {
    int (*callbacks_new)(void **);
    void (*callbacks_del)(void *);
    void (*set_on_header)(void *, ng_on_header *);
    void (*set_on_data)(void *, ng_on_data *);
    void (*set_on_close)(void *, ng_on_close *);
    int (*client_new)(void **, const void *, void *);
    void (*session_del)(void *);
    int (*submit_settings)(void *, uint8_t, const struct ng_setting *, size_t);
    int (*set_window)(void *, uint8_t, int32_t, int32_t);
    int32_t (*submit_request)(void *, const void *, const struct ng_nv *, size_t,
                              const struct ng_provider *, void *);
    ssize_t (*mem_recv)(void *, const uint8_t *, size_t);
    ssize_t (*mem_send)(void *, const uint8_t **);
    const char *(*strerror)(int);
};
/* False when the library is not there or is another one. Loaded once, never unloaded. */
bool ng_load(struct ng_api *out);

#endif
