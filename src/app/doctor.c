/* The doctor: what is there and what is missing, before anything runs.
 *
 * What every workspace needs is looked at here, what an engine needs by the engine, and whether a
 * provider answers and reaches our folder of outputs by asking it. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app.h"

enum { LEAST_FILES = 1024 };
#define LEAST_DISK ((uint64_t)1 << 30)

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

/* ---- This host ------------------------------------------------------------------------------- */

static void look_at_disk(const struct doctor *d, const char *folder, const char *purpose,
                         const char *remedy)
{
    struct statvfs fs;
    if (statvfs(folder, &fs) != 0) {
        say(d, false, remedy, "%s: %s is not there", purpose, folder);
        return;
    }
    uint64_t left = (uint64_t)fs.f_bavail * fs.f_frsize;
    struct fst_buf size = FST_BUF(32);
    fst_size_text(&size, left);
    say(d, left >= LEAST_DISK, remedy, "%s free %s (%s)", fst_buf_text(&size), purpose, folder);
    fst_buf_done(&size);
}

static void look_at_right(const struct doctor *d, const char *folder, const char *remedy)
{
    bool may = access(folder, W_OK | X_OK) == 0;
    say(d, may, remedy, may ? "%s can be written" : "%s cannot be written", folder);
}

static void look_at_folders(const struct doctor *d)
{
    const char *outputs = d->app->outputs_dir, *tmp = getenv("TMPDIR");
    if (!fst_path_is_dir(outputs))
        outputs = d->app->folder; /* made by the first run */
    tmp = tmp && *tmp ? tmp : "/tmp";
    look_at_disk(d, outputs, "for runs and outputs",
                 "make room: delete old outputs, or move the workspace to a larger disk");
    look_at_disk(d, tmp, "for temporary files of Spark",
                 "make room there, or set TMPDIR to a folder on a larger disk");
    if (!d->app->read_only)
        look_at_right(d, outputs,
                      "take the right to write there (chown, chmod), or use a "
                      "workspace of your own");
    if (fst_path_is_dir(tmp))
        look_at_right(d, tmp, "set TMPDIR to a folder that you may write to");
}

static void look_at_limits(const struct doctor *d)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    if (files.rlim_cur == RLIM_INFINITY)
        say(d, true, NULL, "open files without limit");
    else
        say(d, files.rlim_cur >= LEAST_FILES,
            "raise the limit in this shell before the start: ulimit -n 4096",
            "%llu open files allowed", (unsigned long long)files.rlim_cur);
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

/* ---- Providers ------------------------------------------------------------------------------- */

/* A remote Spark does not see folders of this host: said before a run fails of it. */
static void look_at_reach(const struct doctor *d, const struct fst_bound *bound, const char *name)
{
    struct fst_warm *warm;
    struct fst_error err = {0};
    const char *base = bound->output_base;
    if (!base || !bound->engine->reaches || bound->engine->is_local_host)
        return;
    if (fst__warm_take(d->app, bound, &warm, &err) != FST_OK)
        return;
    bool reaches = bound->engine->reaches(warm->session, base, &err) == FST_OK;
    fst__warm_give(d->app, warm, false);
    if (reaches)
        say(d, true, NULL, "provider %s writes to %s", name, base);
    else
        say(d, false, err.text, "provider %s cannot write to %s", name, base);
}

static void look_at_answer(const struct doctor *d, const struct fst_bound *bound, const char *name)
{
    struct fst_error err = {0};
    struct fst_buf line = FST_BUF(4096);
    if (fst__ping(d->app, bound, &line, &err) == FST_OK) {
        say(d, true, NULL, "provider %s: %s", name, fst_buf_text(&line));
    } else {
        const struct fst_remedy *known = fst_remedy_of(err.text, strlen(err.text));
        if (known)
            say(d, false, known->remedy, "provider %s does not answer: %s", name, err.text);
        else
            say(d, false, err.text, "provider %s does not answer", name);
    }
    fst_buf_done(&line);
}

static void look_at_provider(const struct doctor *d, struct fst_catalog *c, const char *name)
{
    struct fst_bound bound;
    struct fst_error err = {0};
    if (fst__bind_provider_of(d->app, c, name, &bound, &err) != FST_OK) {
        say(d, false, err.text, "provider %s", name);
        return;
    }
    if (bound.engine->server && bound.engine->server->doctor)
        bound.engine->server->doctor(bound.options, d->say, d->arg);
    look_at_reach(d, &bound, name);
    look_at_answer(d, &bound, name);
    fst_bound_done(&bound);
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
    look_at_folders(&d);
    look_at_limits(&d);
    look_at_terminal(&d);
    look_at_providers(&d);
}
