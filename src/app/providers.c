/* Providers: are they there, start and stop what can be started. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

enum fst_status fst__bind_provider_of(struct fst_app *a, struct fst_catalog *c,
                                      const char *provider, struct fst_bound *out,
                                      struct fst_error *err)
{
    struct fst_bind_context cx = fst__bind_context(a, c);
    return fst_bind_text(&cx, "SELECT 1", provider, FST_BIND_CHECK, out, NULL, err);
}

enum fst_status fst__ping(struct fst_app *a, const struct fst_bound *bound, struct fst_buf *line,
                          struct fst_error *err)
{
    struct fst_warm *warm;
    FST_TRY(fst__warm_take(a, bound, &warm, err));
    enum fst_status status = bound->engine->ping(warm->session, line, err);
    fst__warm_give(a, warm, status != FST_OK);
    return status;
}

enum fst_status fst_app_provider_test(struct fst_app *a, const char *provider, struct fst_buf *line,
                                      struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_bound bound;
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst__bind_provider_of(a, c, provider, &bound, err);
    fst_app_give(a, c);
    FST_TRY(status);
    status = fst__ping(a, &bound, line, err);
    fst_bound_done(&bound);
    return status;
}

enum fst_status fst_app_provider_start(struct fst_app *a, const char *provider,
                                       void (*say)(void *arg, const char *line), void *arg,
                                       bool (*cancelled)(void *), struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_bound bound;
    FST_TRY(fst__writable(a, "starting a server", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst__bind_provider_of(a, c, provider, &bound, err);
    if (status == FST_OK) {
        status = fst_server_start(&a->place, c, bound.provider, bound.engine, bound.options, say,
                                  arg, cancelled, err);
        fst_bound_done(&bound);
    }
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_provider_stop(struct fst_app *a, const char *provider,
                                      struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst__writable(a, "stopping a server", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_server_stop(c, provider, err);
    fst_app_give(a, c);
    return status;
}
