/* Sessions that outlive the program: one a provider, kept in the catalog by name, so that the next
 * query finds its Spark warm. An idle one is ended when somebody sees it. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

#define NOTE_EVERY_US ((int64_t)60 * 1000000)
#define DEFAULT_IDLE_US ((int64_t)3600 * 1000000)

struct kept {
    char name[256];
    int64_t since_us, used_us;
};

static char *key_of(const char *provider)
{
    return fst_asprintf("session:%s", provider);
}

static int64_t int_of(const struct fst_doc *doc, const char *key)
{
    int64_t v = 0;
    const struct fst_doc *node = fst_doc_get(doc, key);
    return node && fst_doc_int(node, &v) ? v : 0;
}

static bool recall(struct fst_catalog *c, const char *provider, struct kept *out)
{
    char *key = key_of(provider), *json = fst_catalog_meta(c, key);
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc;
    *out = (struct kept){0};
    bool found = json && fst_json_parse(a, key, json, strlen(json), NULL, &doc, NULL) == FST_OK;
    if (found) {
        snprintf(out->name, sizeof out->name, "%s", fst_doc_string(doc, "name", ""));
        out->since_us = int_of(doc, "since");
        out->used_us = int_of(doc, "used");
    }
    fst_arena_free(a);
    free(json);
    free(key);
    return found && out->name[0];
}

static void remember(struct fst_catalog *c, const char *provider, const struct kept *k)
{
    struct fst_buf json = FST_BUF(1024);
    struct fst_json_writer w = fst_json_writer(&json);
    char *key = key_of(provider);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "name", k->name);
    fst_jw_int(&w, "since", k->since_us);
    fst_jw_int(&w, "used", k->used_us);
    fst_jw_end(&w, '}');
    fst_catalog_set_meta(c, key, fst_buf_text(&json), NULL);
    fst_buf_done(&json);
    free(key);
}

static void forget(struct fst_catalog *c, const char *provider)
{
    char *key = key_of(provider);
    fst_catalog_set_meta(c, key, NULL, NULL);
    free(key);
}

static int64_t idle_limit_us(struct fst_app *a)
{
    int64_t us;
    return fst_duration_parse(fst_app_setting(a, "session.idle"), &us) ? us : DEFAULT_IDLE_US;
}

static bool is_idle_too_long(struct fst_app *a, const struct kept *k)
{
    return fst_now_us() - k->used_us > idle_limit_us(a);
}

/* ---- Using one ------------------------------------------------------------------------------- */

void fst__session_adopt(struct fst_app *a, const struct fst_bound *bound, struct fst_session *s)
{
    struct fst_catalog *c;
    struct kept k = {.name = ""};
    if (!bound->engine->adopt || a->read_only || fst_app_take(a, &c, NULL) != FST_OK)
        return;
    if (recall(c, bound->provider, &k) && is_idle_too_long(a, &k)) {
        bound->engine->adopt(s, k.name);
        bound->engine->end(s, NULL);
        forget(c, bound->provider);
        k.name[0] = 0;
    }
    fst_app_give(a, c);
    bound->engine->adopt(s, k.name);
}

void fst__session_used(struct fst_app *a, const struct fst_bound *bound, struct fst_session *s)
{
    struct fst_catalog *c;
    struct kept k;
    int64_t now = fst_now_us();
    if (!bound->engine->session_name || a->read_only)
        return;
    const char *name = bound->engine->session_name(s);
    if (!*name || fst_app_take(a, &c, NULL) != FST_OK)
        return;
    bool same = recall(c, bound->provider, &k) && strcmp(k.name, name) == 0;
    if (!same || now - k.used_us > NOTE_EVERY_US) {
        k.since_us = same ? k.since_us : now;
        k.used_us = now;
        snprintf(k.name, sizeof k.name, "%s", name);
        remember(c, bound->provider, &k);
    }
    fst_app_give(a, c);
}

/* ---- Seeing, starting and stopping them ------------------------------------------------------ */

static enum fst_status open_kept(struct fst_app *a, struct fst_catalog *c, const char *provider,
                                 struct fst_bound *bound, struct fst_session **s,
                                 struct fst_error *err)
{
    struct fst_bind_context cx = fst__bind_context(a, c);
    FST_TRY(fst_bind_text(&cx, "SELECT 1", provider, FST_BIND_CHECK, bound, NULL, err));
    enum fst_status status =
        bound->engine->adopt
            ? fst_bind_open(&cx, bound->engine, bound->options, s, err)
            : fst_fail(err, FST_EUNSUPPORTED, "the %s engine has no sessions: it is always ready",
                       bound->engine->name);
    if (status != FST_OK)
        fst_bound_done(bound);
    return status;
}

static enum fst_status with_session(struct fst_app *a, const char *provider, bool end,
                                    struct fst_buf *line, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_bound bound;
    struct fst_session *s;
    struct kept k;
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = open_kept(a, c, provider, &bound, &s, err);
    if (status != FST_OK) {
        fst_app_give(a, c);
        return status;
    }
    bool is_there = recall(c, bound.provider, &k);
    bound.engine->adopt(s, k.name);
    if (!end) {
        status = bound.engine->ping(s, line, err);
    } else if (is_there) {
        status = bound.engine->end(s, err);
        forget(c, bound.provider);
    } else {
        status = fst_fail(err, FST_ENOTFOUND, "provider %s has no session of ours", bound.provider);
    }
    fst_app_give(a, c);
    if (status == FST_OK && !end)
        fst__session_used(a, &bound, s);
    bound.engine->close(s);
    fst_bound_done(&bound);
    return status;
}

enum fst_status fst_app_session_start(struct fst_app *a, const char *provider, struct fst_buf *line,
                                      struct fst_error *err)
{
    FST_TRY(fst__writable(a, "starting a session", err));
    return with_session(a, provider, false, line, err);
}

enum fst_status fst_app_session_stop(struct fst_app *a, const char *provider, struct fst_error *err)
{
    FST_TRY(fst__writable(a, "stopping a session", err));
    return with_session(a, provider, true, NULL, err);
}

static void add_session(struct fst_app *a, struct fst_catalog *c, const char *provider,
                        struct fst_session_infos *out)
{
    struct kept k;
    if (!recall(c, provider, &k))
        return;
    struct fst_session_info *at = &out->items[out->n++];
    *at = (struct fst_session_info){.provider = fst_arena_strdup(out->arena, provider),
                                    .name = fst_arena_strdup(out->arena, k.name),
                                    .since_us = k.since_us,
                                    .used_us = k.used_us,
                                    .is_over = is_idle_too_long(a, &k)};
}

enum fst_status fst_app_sessions(struct fst_app *a, struct fst_session_infos *out,
                                 struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_items items;
    struct fst_list_query q = {.kind = FST_PROVIDER};
    *out = (struct fst_session_infos){0};
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_list(c, &q, &items, err);
    if (status == FST_OK) {
        out->arena = fst_arena_new();
        out->items = fst_arena_alloc(out->arena, (items.n + 1) * sizeof *out->items);
        for (size_t i = 0; i < items.n; i++)
            add_session(a, c, items.items[i].name, out);
        fst_items_done(&items);
    }
    fst_app_give(a, c);
    for (size_t i = 0; status == FST_OK && i < out->n && !a->read_only; i++)
        if (out->items[i].is_over)
            fst_app_session_stop(a, out->items[i].provider, NULL);
    return status;
}

void fst_session_infos_done(struct fst_session_infos *s)
{
    fst_arena_free(s->arena);
    *s = (struct fst_session_infos){0};
}
