/* Status words and the error that travels in the caller's own memory. */
#include <errno.h>
#include <string.h>

#include "firesteel/base.h"

static const char *const names[] = {
    [FST_OK] = "done",
    [FST_EINVAL] = "wrong use",
    [FST_ENOMEM] = "too large",
    [FST_EIO] = "input or output failed",
    [FST_ENET] = "not reachable",
    [FST_EAUTH] = "not authenticated",
    [FST_EDENIED] = "denied",
    [FST_ENOTFOUND] = "not found",
    [FST_EFORMAT] = "malformed",
    [FST_EUNSUPPORTED] = "not supported",
    [FST_EREMOTE] = "failed",
    [FST_ETIMEOUT] = "timed out",
    [FST_ECANCELLED] = "cancelled",
    [FST_ECONFLICT] = "in conflict",
};

const char *fst_status_name(enum fst_status status)
{
    return (size_t)status < FST_COUNT(names) && names[status] ? names[status] : "unknown";
}

static void set(struct fst_error *err, enum fst_status status, long code, const char *text)
{
    err->status = status;
    err->code = code;
    err->retry = false;
    snprintf(err->text, sizeof err->text, "%s", text);
}

enum fst_status fst_fail(struct fst_error *err, enum fst_status status, const char *fmt, ...)
{
    char text[sizeof err->text]; /* err's own text may be among the arguments */
    va_list args;
    if (!err)
        return status;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    set(err, status, 0, text);
    return status;
}

static enum fst_status status_of_errno(int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return FST_ENOTFOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return FST_EDENIED;
    default:
        return FST_EIO;
    }
}

enum fst_status fst_fail_errno(struct fst_error *err, const char *fmt, ...)
{
    int code = errno;
    enum fst_status status = status_of_errno(code);
    char text[sizeof err->text], reason[128];
    va_list args;
    if (!err)
        return status;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof text)
        snprintf(text + n, sizeof text - (size_t)n, ": %s",
                 strerror_r(code, reason, sizeof reason));
    set(err, status, code, text);
    return status;
}

void fst_while(struct fst_error *err, const char *fmt, ...)
{
    char text[sizeof err->text];
    va_list args;
    if (!err)
        return;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof text)
        snprintf(text + n, sizeof text - (size_t)n, ": %s", err->text);
    memcpy(err->text, text, sizeof text);
}
