/* Lasting sessions: one a provider at most, by its name in the catalog, for every process.
 *
 * Whoever asks a provider joins the session that is recorded and leaves it open. Its record is
 * written when its name changes (the server had forgotten it and made another), and else at most
 * once a minute, so that queries do not make the catalog grow. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

#define USED_EVERY_US (60 * INT64_C(1000000))
#define KEY "session:"

struct record {
    char *name; /* owned; NULL = there is none */
    int64_t since_us, used_us;
    int64_t used_mono_us; /* by the clock since boot; 0 = of another boot or host */
};

static char *key_of(const char *provider)
{
    return fst_asprintf(KEY "%s", provider);
}

static bool offers_sessions(const struct fst_engine *e)
{
    return e->session_name && e->adopt && e->end && e->ping;
}

static int64_t idle_limit(const struct fst_app *a)
{
    int64_t us = 0;
    fst_duration_parse(fst_app_setting(a, "session.idle"), &us);
    return us;
}

/* The clock since boot is not set by anybody; of another boot or host only the other one is known.
 */
static int64_t idle_us(const struct record *r)
{
    int64_t us = r->used_mono_us ? fst_monotonic_us() - r->used_mono_us : fst_now_us() - r->used_us;
    return us > 0 ? us : 0;
}

static bool is_idle(const struct fst_app *a, const struct record *r)
{
    return idle_us(r) > idle_limit(a);
}

static char *this_boot(void)
{
    char *id = NULL;
    size_t n;
    fst_file_read("/proc/sys/kernel/random/boot_id", 64, &id, &n, NULL);
    if (id)
        id[strcspn(id, "\n")] = '\0';
    return id;
}

/* ---- Records --------------------------------------------------------------------------------- */

static int64_t read_mono(const struct fst_doc *doc)
{
    const struct fst_doc *mono = fst_doc_get(doc, "mono");
    int64_t us = 0;
    char *boot = this_boot();
    if (!mono || !boot || strcmp(fst_doc_string(doc, "boot", ""), boot) != 0 ||
        !fst_doc_int(mono, &us) || us > fst_monotonic_us())
        us = 0;
    free(boot);
    return us;
}

static struct record read_record(struct fst_catalog *c, const char *provider)
{
    struct record r = {0};
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc;
    char *key = key_of(provider), *text = fst_catalog_meta(c, key);
    if (text && fst_json_parse(a, key, text, strlen(text), NULL, &doc, NULL) == FST_OK) {
        const struct fst_doc *since = fst_doc_get(doc, "since"), *used = fst_doc_get(doc, "used");
        r.name = fst_strdup(fst_doc_string(doc, "name", NULL));
        if (since)
            fst_doc_int(since, &r.since_us);
        if (used)
            fst_doc_int(used, &r.used_us);
        r.used_mono_us = read_mono(doc);
    }
    free(text);
    free(key);
    fst_arena_free(a);
    return r;
}

/* Name NULL: it is over. */
static enum fst_status write_record(struct fst_catalog *c, const char *provider, const char *name,
                                    int64_t since_us, struct fst_error *err)
{
    struct fst_buf json = FST_BUF(64 * 1024);
    struct fst_json_writer w = fst_json_writer(&json);
    char *key = key_of(provider), *boot = this_boot();
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "name", name);
    fst_jw_int(&w, "since", since_us);
    fst_jw_int(&w, "used", fst_now_us());
    fst_jw_int(&w, "mono", fst_monotonic_us());
    fst_jw_string(&w, "boot", boot);
    fst_jw_end(&w, '}');
    enum fst_status status = fst_catalog_set_meta(c, key, name ? fst_buf_text(&json) : NULL, err);
    free(key);
    free(boot);
    fst_buf_done(&json);
    return status;
}

static struct record record_of(struct fst_app *a, const char *provider)
{
    struct record r = {0};
    struct fst_catalog *c;
    if (fst_app_take(a, &c, NULL) != FST_OK)
        return r;
    r = read_record(c, provider);
    fst_app_give(a, c);
    return r;
}

static enum fst_status keep_record(struct fst_app *a, const char *provider, const char *name,
                                   int64_t since_us, struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = write_record(c, provider, name, since_us, err);
    fst_app_give(a, c);
    return status;
}

/* ---- Joining and noting ---------------------------------------------------------------------- */

/* At the server, through a session of its own. A server that is gone took the session with it. */
static enum fst_status end_at_server(struct fst_app *a, const struct fst_bound *bound,
                                     const char *name, struct fst_error *err)
{
    struct fst_bind_context cx = {.allow_cmd = a->allow_cmd};
    struct fst_session *s;
    FST_TRY(fst_bind_open(&cx, bound->engine, bound->options, &s, err));
    bound->engine->adopt(s, name);
    enum fst_status status = bound->engine->end(s, err);
    bound->engine->close(s);
    return status;
}

void fst__session_join(struct fst_app *a, const struct fst_bound *bound, struct fst_session *s,
                       struct fst_joined *out)
{
    *out = (struct fst_joined){false, ""};
    if (!offers_sessions(bound->engine) || !*bound->provider)
        return;
    struct record r = record_of(a, bound->provider);
    bool idle = r.name && is_idle(a, &r);
    if (idle && !a->read_only) {
        end_at_server(a, bound, r.name, NULL);
        keep_record(a, bound->provider, NULL, 0, NULL);
    }
    if (r.name && !idle)
        snprintf(out->name, sizeof out->name, "%s", r.name);
    /* who may not write it down leaves nothing behind */
    out->lasts = out->name[0] || !a->read_only;
    if (out->lasts)
        bound->engine->adopt(s, out->name);
    free(r.name);
}

/* Ours to write: it is ours already, or still what we joined. Else somebody was faster, and the
 * next one joins theirs. */
static bool is_ours(const struct record *r, const char *name, const struct fst_joined *j)
{
    const char *recorded = r->name ? r->name : "";
    return strcmp(recorded, name) == 0 || strcmp(recorded, j->name) == 0;
}

void fst__session_note(struct fst_app *a, const struct fst_bound *bound, struct fst_session *s,
                       const struct fst_joined *j)
{
    const char *name = j->lasts ? bound->engine->session_name(s) : NULL;
    if (a->read_only || !name || !*name)
        return;
    struct record r = record_of(a, bound->provider);
    bool same = r.name && strcmp(r.name, name) == 0;
    if (is_ours(&r, name, j) && (!same || idle_us(&r) > USED_EVERY_US))
        keep_record(a, bound->provider, name, same ? r.since_us : fst_now_us(), NULL);
    free(r.name);
}

/* ---- Acts ------------------------------------------------------------------------------------ */

static enum fst_status bind_session(struct fst_app *a, const char *provider, struct fst_bound *out,
                                    struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst__bind_provider_of(a, c, provider, out, err);
    fst_app_give(a, c);
    FST_TRY(status);
    if (offers_sessions(out->engine) && *out->provider)
        return FST_OK;
    fst_fail(err, FST_EUNSUPPORTED, "%s has no sessions that last: its engine is %s",
             *out->provider ? out->provider : "the default provider", out->engine->name);
    fst_bound_done(out);
    return FST_EUNSUPPORTED;
}

/* The warm session, which has joined what there was, is the lasting one. */
static enum fst_status start(struct fst_app *a, const struct fst_bound *bound, struct fst_warm *w,
                             struct fst_buf *line, struct fst_error *err)
{
    const struct fst_engine *e = bound->engine;
    FST_TRY(e->ping(w->session, line, err));
    const char *own = e->session_name(w->session);
    if (!own || !*own)
        return fst_fail(err, FST_EREMOTE, "%s did not tell the name of its session",
                        bound->provider);
    struct record r = record_of(a, bound->provider);
    bool same = r.name && strcmp(r.name, own) == 0;
    enum fst_status status =
        keep_record(a, bound->provider, own, same ? r.since_us : fst_now_us(), err);
    snprintf(w->joined.name, sizeof w->joined.name, "%s", own);
    free(r.name);
    return status;
}

enum fst_status fst_app_session_start(struct fst_app *a, const char *provider, struct fst_buf *line,
                                      struct fst_error *err)
{
    struct fst_bound bound;
    struct fst_warm *w;
    FST_TRY(fst__writable(a, "starting a session", err));
    FST_TRY(bind_session(a, provider, &bound, err));
    enum fst_status status = fst__warm_take(a, &bound, &w, err);
    if (status == FST_OK) {
        status = start(a, &bound, w, line, err);
        fst__warm_give(a, w, status != FST_OK);
    }
    fst_bound_done(&bound);
    return status;
}

/* The record goes whatever the server says: nobody shall join what is to be gone. */
static enum fst_status stop(struct fst_app *a, const struct fst_bound *bound, struct fst_error *err)
{
    struct fst_warm *w;
    struct record r = record_of(a, bound->provider);
    if (!r.name)
        return fst_fail(err, FST_ENOTFOUND, "%s has no lasting session: firesteel session start %s",
                        bound->provider, bound->provider);
    enum fst_status status = keep_record(a, bound->provider, NULL, 0, err);
    if (status == FST_OK)
        status = fst__warm_take(a, bound, &w, err);
    if (status == FST_OK) {
        bound->engine->adopt(w->session, r.name);
        status = bound->engine->end(w->session, err);
        fst__warm_give(a, w, true);
    }
    free(r.name);
    return status;
}

enum fst_status fst_app_session_stop(struct fst_app *a, const char *provider, struct fst_error *err)
{
    struct fst_bound bound;
    FST_TRY(fst__writable(a, "ending a session", err));
    FST_TRY(bind_session(a, provider, &bound, err));
    enum fst_status status = stop(a, &bound, err);
    fst_bound_done(&bound);
    return status;
}

/* ---- Seeing them ----------------------------------------------------------------------------- */

/* One that is idle for too long is ended now. */
static void end_idle(struct fst_app *a, const char *provider, const char *name)
{
    struct fst_bound bound;
    if (a->read_only)
        return;
    keep_record(a, provider, NULL, 0, NULL);
    if (bind_session(a, provider, &bound, NULL) != FST_OK)
        return;
    end_at_server(a, &bound, name, NULL);
    fst_bound_done(&bound);
}

static enum fst_status list_providers(struct fst_app *a, struct fst_items *out,
                                      struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_list_query q = {.kind = FST_PROVIDER};
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_list(c, &q, out, err);
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_sessions(struct fst_app *a, struct fst_session_infos *out,
                                 struct fst_error *err)
{
    struct fst_items providers;
    *out = (struct fst_session_infos){0};
    FST_TRY(list_providers(a, &providers, err));
    out->arena = fst_arena_new();
    out->items = fst_arena_alloc(out->arena, (providers.n + 1) * sizeof *out->items);
    for (size_t i = 0; i < providers.n; i++) {
        const char *provider = providers.items[i].name;
        struct record r = record_of(a, provider);
        bool over = r.name && is_idle(a, &r);
        if (over)
            end_idle(a, provider, r.name);
        if (r.name)
            out->items[out->n++] = (struct fst_session_info){
                fst_arena_strdup(out->arena, provider), fst_arena_strdup(out->arena, r.name),
                r.since_us, fst_now_us() - idle_us(&r), over};
        free(r.name);
    }
    fst_items_done(&providers);
    return FST_OK;
}

void fst_session_infos_done(struct fst_session_infos *s)
{
    fst_arena_free(s->arena);
    *s = (struct fst_session_infos){0};
}
