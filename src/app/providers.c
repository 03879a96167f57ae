/* Providers: are they there, start and stop what can be started, and what `doctor` looks at. */
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "app.h"

enum fst_status fst__bind_provider_of(struct fst_app *a, struct fst_catalog *c,
                                      const char *provider, struct fst_bound *out,
                                      struct fst_error *err)
{
    struct fst_bind_context cx = fst__bind_context(a, c);
    return fst_bind_text(&cx, "SELECT 1", provider, FST_BIND_CHECK, out, NULL, err);
}

static enum fst_status test(struct fst_app *a, const struct fst_bound *bound, struct fst_buf *line,
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
    status = test(a, &bound, line, err);
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

/* ---- doctor ---------------------------------------------------------------------------------- */

struct doctor {
    struct fst_app *app;
    void (*say)(void *arg, bool ok, const char *what, const char *remedy);
    void *arg;
};

static void say(const struct doctor *d, bool ok, const char *remedy, const char *fmt, ...)
    FST_PRINTF(4, 5);
static void say(const struct doctor *d, bool ok, const char *remedy, const char *fmt, ...)
{
    struct fst_buf what = FST_BUF(8192);
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&what, fmt, args);
    va_end(args);
    d->say(d->arg, ok, fst_buf_text(&what), ok ? NULL : remedy);
    fst_buf_done(&what);
}

static void look_at_disk(const struct doctor *d)
{
    struct statvfs fs;
    if (statvfs(d->app->folder, &fs) != 0)
        return;
    uint64_t left = (uint64_t)fs.f_bavail * fs.f_frsize;
    struct fst_buf size = FST_BUF(32);
    fst_size_text(&size, left);
    say(d, left > 100u << 20, "make room: runs need space for their output",
        "%s free for runs and outputs", fst_buf_text(&size));
    fst_buf_done(&size);
}

static void look_at_terminal(const struct doctor *d)
{
    const char *term = getenv("TERM"), *lang = getenv("LC_ALL");
    lang = lang && *lang ? lang : getenv("LC_CTYPE");
    lang = lang && *lang ? lang : getenv("LANG");
    bool utf8 = lang && (strcasestr(lang, "utf-8") || strcasestr(lang, "utf8"));
    say(d, term && *term && strcmp(term, "dumb") != 0, "set TERM, as xterm-256color",
        "terminal type %s", term && *term ? term : "is not set");
    say(d, utf8, "set LANG to a UTF-8 locale (C.UTF-8); until then lines are drawn in ASCII",
        "locale %s", lang && *lang ? lang : "is not set");
}

static void look_at_provider(const struct doctor *d, struct fst_catalog *c, const char *name)
{
    struct fst_bound bound;
    struct fst_error err = {0};
    struct fst_buf line = FST_BUF(4096);
    if (fst__bind_provider_of(d->app, c, name, &bound, &err) != FST_OK) {
        say(d, false, err.text, "provider %s", name);
        return;
    }
    if (bound.engine->server)
        bound.engine->server->doctor(bound.options, d->say, d->arg);
    if (test(d->app, &bound, &line, &err) == FST_OK)
        say(d, true, NULL, "provider %s: %s", name, fst_buf_text(&line));
    else
        say(d, false, err.text, "provider %s does not answer", name);
    fst_bound_done(&bound);
    fst_buf_done(&line);
}

static void look_at_providers(const struct doctor *d)
{
    struct fst_catalog *c;
    struct fst_items items;
    struct fst_list_query q = {.kind = FST_PROVIDER};
    if (fst_app_take(d->app, &c, NULL) != FST_OK)
        return;
    if (fst_catalog_list(c, &q, &items, NULL) == FST_OK) {
        for (size_t i = 0; i < items.n; i++)
            look_at_provider(d, c, items.items[i].name);
        fst_items_done(&items);
    }
    fst_app_give(d->app, c);
}

void fst_app_doctor(struct fst_app *a,
                    void (*fn)(void *arg, bool ok, const char *what, const char *remedy), void *arg)
{
    struct doctor d = {a, fn, arg};
    say(&d, true, NULL, "workspace %s%s", a->folder, a->read_only ? " (read-only)" : "");
    look_at_disk(&d);
    look_at_terminal(&d);
    look_at_providers(&d);
}
