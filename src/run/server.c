/* Servers of engines on this host: started by us, remembered in the catalog, stopped one by one.
 *
 * A server is known by its pid and its start time, so a pid that was given to somebody else is
 * never signalled. Ready is what the server's own log says. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "firesteel/io.h"
#include "run.h"

#define READY_PATIENCE_US (120 * 1000000LL)
#define STOP_PATIENCE_US (10 * 1000000LL)
#define LOG_TAIL 4096

static char *meta_key(const char *provider)
{
    return fst_asprintf("server:%s", provider);
}

static void remember(struct fst_catalog *c, const char *provider, const struct fst_server *s)
{
    struct fst_buf json = FST_BUF(4096);
    struct fst_json_writer w = fst_json_writer(&json);
    char *key = meta_key(provider);
    fst_jw_object(&w, NULL);
    fst_jw_int(&w, "pid", s->pid);
    fst_jw_int(&w, "start_time", (int64_t)s->start_time);
    fst_jw_int(&w, "port", s->port);
    fst_jw_int(&w, "since", s->since_us);
    fst_jw_string(&w, "log", s->log);
    fst_jw_end(&w, '}');
    fst_catalog_set_meta(c, key, fst_buf_text(&json), NULL);
    free(key);
    fst_buf_done(&json);
}

static void forget(struct fst_catalog *c, const char *provider)
{
    char *key = meta_key(provider);
    fst_catalog_set_meta(c, key, NULL, NULL);
    free(key);
}

static int64_t int_of(const struct fst_doc *doc, const char *key)
{
    int64_t v = 0;
    const struct fst_doc *node = fst_doc_get(doc, key);
    if (node)
        fst_doc_int(node, &v);
    return v;
}

static bool recall(struct fst_catalog *c, const char *provider, struct fst_server *out)
{
    char *key = meta_key(provider);
    char *json = fst_catalog_meta(c, key);
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc = NULL;
    bool found = json && fst_json_parse(a, key, json, strlen(json), NULL, &doc, NULL) == FST_OK;
    if (found) {
        *out = (struct fst_server){.pid = (pid_t)int_of(doc, "pid"),
                                   .start_time = (uint64_t)int_of(doc, "start_time"),
                                   .port = (int)int_of(doc, "port"),
                                   .since_us = int_of(doc, "since")};
        snprintf(out->log, sizeof out->log, "%s", fst_doc_string(doc, "log", ""));
    }
    fst_arena_free(a);
    free(json);
    free(key);
    return found;
}

enum fst_status fst_server_find(struct fst_catalog *c, const char *provider, struct fst_server *out,
                                struct fst_error *err)
{
    if (recall(c, provider, out) && fst_process_alive(out->pid, out->start_time))
        return FST_OK;
    return fst_fail(err, FST_ENOTFOUND, "provider %s: no server of ours is running on this host",
                    provider);
}

/* ---- Starting -------------------------------------------------------------------------------- */

/* The lines of the log that tell why: those with "Error", else the last ones. */
static void last_words(const char *path, struct fst_buf *out)
{
    char *text;
    size_t n;
    if (fst_file_read(path, 16 << 20, &text, &n, NULL) != FST_OK)
        return;
    const char *from = n > LOG_TAIL ? text + n - LOG_TAIL : text;
    const char *error = strstr(from, "Exception");
    while (error && error > from && error[-1] != '\n')
        error--;
    const char *p = error ? error : from;
    fst_text_escape(out, p, strnlen(p, 600));
    free(text);
}

static bool log_says(const char *path, const char *words)
{
    char *text;
    size_t n;
    if (fst_file_read(path, 64 << 20, &text, &n, NULL) != FST_OK)
        return false;
    bool found = strstr(text, words) != NULL;
    free(text);
    return found;
}

static enum fst_status wait_ready(const struct fst_server *s, const struct fst_server_plan *plan,
                                  void (*say)(void *arg, const char *line), void *arg,
                                  bool (*cancelled)(void *), struct fst_error *err)
{
    int64_t began = fst_monotonic_us();
    for (int i = 1; !log_says(s->log, plan->log_ready); i++) {
        int64_t waited = fst_monotonic_us() - began;
        if (!fst_process_alive(s->pid, s->start_time)) {
            struct fst_buf words = FST_BUF(4096);
            last_words(s->log, &words);
            fst_fail(err, FST_EREMOTE, "the server ended before it was ready; %s says: %s", s->log,
                     fst_buf_text(&words));
            fst_buf_done(&words);
            return FST_EREMOTE;
        }
        if (cancelled && cancelled(arg))
            return fst_fail(err, FST_ECANCELLED, "stopped waiting; the server goes on starting");
        if (waited > READY_PATIENCE_US)
            return fst_fail(err, FST_ETIMEOUT,
                            "the server is not ready after 2 minutes; its log: %s", s->log);
        if (i % 25 == 0 && say) {
            char *line = fst_asprintf("waiting for the server, %d s", (int)(waited / 1000000));
            say(arg, line);
            free(line);
        }
        fst_pause_ms(200);
    }
    return FST_OK;
}

/* The file of settings that are secrets, before the server is started. */
static enum fst_status write_properties(const struct fst_server_plan *plan, const char *path,
                                        struct fst_error *err)
{
    if (!plan->properties)
        return FST_OK;
    size_t n = strlen(plan->properties);
    enum fst_status status = fst_file_write(path, plan->properties, n, 0600, err);
    fst_wipe(plan->properties, n);
    return status;
}

static enum fst_status spawn_server(const struct fst_run_place *place, const char *provider,
                                    const struct fst_server_plan *plan, const char *properties,
                                    struct fst_server *s, struct fst_error *err)
{
    char *name = fst_asprintf("server-%s.log", provider);
    char *log = fst_path_join(place->runs_dir, name);
    *s = (struct fst_server){.port = plan->port, .since_us = fst_now_us()};
    snprintf(s->log, sizeof s->log, "%s", log);
    struct fst_spawn spawn = {.argv = plan->argv,
                              .env = plan->env,
                              .cwd = place->runs_dir,
                              .output = log,
                              .detached = true};
    enum fst_status status = fst_mkdirs(place->runs_dir, 0700, err);
    if (status == FST_OK && fst_path_exists(log))
        status = fst_file_write(log, "", 0, 0600, err);
    if (status == FST_OK)
        status = write_properties(plan, properties, err);
    if (status == FST_OK)
        status = fst_spawn(&spawn, &s->pid, err);
    s->start_time = status == FST_OK ? fst_process_start_time(s->pid) : 0;
    free(log);
    free(name);
    return status;
}

enum fst_status fst_server_start(const struct fst_run_place *place, struct fst_catalog *c,
                                 const char *provider, const struct fst_engine *engine,
                                 const struct fst_doc *options,
                                 void (*say)(void *arg, const char *line), void *arg,
                                 bool (*cancelled)(void *), struct fst_error *err)
{
    struct fst_server s;
    struct fst_server_plan plan;
    if (!engine->server || !engine->server->plan)
        return fst_fail(err, FST_EUNSUPPORTED, "the %s engine has no server to start",
                        engine->name);
    if (fst_server_find(c, provider, &s, NULL) == FST_OK)
        return fst_fail(err, FST_ECONFLICT,
                        "provider %s: its server is running already, port %d, pid %d", provider,
                        s.port, (int)s.pid);
    struct fst_arena *a = fst_arena_new();
    const char *properties =
        fst_arena_printf(a, "%s/server-%s.properties", place->runs_dir, provider);
    enum fst_status status = engine->server->plan(a, options, properties, &plan, err);
    if (status == FST_OK)
        status = spawn_server(place, provider, &plan, properties, &s, err);
    if (status == FST_OK) {
        remember(c, provider, &s);
        status = wait_ready(&s, &plan, say, arg, cancelled, err);
        if (status == FST_EREMOTE)
            forget(c, provider);
    }
    if (status != FST_ECANCELLED) /* else it may not have been read yet */
        unlink(properties);
    fst_arena_free(a);
    return status;
}

enum fst_status fst_server_stop(struct fst_catalog *c, const char *provider, struct fst_error *err)
{
    struct fst_server s;
    FST_TRY(fst_server_find(c, provider, &s, err));
    int64_t began = fst_monotonic_us();
    if (kill(s.pid, SIGTERM) != 0)
        return fst_fail_errno(err, "stopping the server, pid %d", (int)s.pid);
    while (fst_process_alive(s.pid, s.start_time)) {
        if (fst_monotonic_us() - began > STOP_PATIENCE_US)
            kill(s.pid, SIGKILL);
        fst_pause_ms(50);
    }
    forget(c, provider);
    return FST_OK;
}
