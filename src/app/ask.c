/* Asking an engine: check, explain, ad hoc queries. Sessions stay warm, one a provider; a second
 * caller waits for the first. A session whose line broke is thrown away, so the next call begins
 * anew. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

#define MAX_SQL_FILE (1u << 20)

/* ---- Warm sessions --------------------------------------------------------------------------- */

static char *warm_key(const struct fst_bound *bound)
{
    struct fst_buf key = FST_BUF(1 << 20);
    fst_buf_printf(&key, "%s\n%s\n", bound->engine->name, bound->provider);
    if (bound->options)
        fst_doc_to_json(&key, bound->options);
    return fst_buf_take(&key);
}

static void warm_free(struct fst_warm *w)
{
    if (w->session)
        w->engine->close(w->session);
    pthread_mutex_destroy(&w->busy);
    free(w->key);
    free(w);
}

void fst__warm_free_all(struct fst_app *a)
{
    for (size_t i = 0; i < a->n_warm; i++)
        warm_free(a->warm[i]);
    a->n_warm = 0;
}

/* Under the app's lock. NULL when all places are taken by others. */
static struct fst_warm *find_warm(struct fst_app *a, const struct fst_bound *bound)
{
    char *key = warm_key(bound);
    struct fst_warm *w = NULL;
    for (size_t i = 0; i < a->n_warm && !w; i++)
        if (strcmp(a->warm[i]->key, key) == 0)
            w = a->warm[i];
    if (!w && a->n_warm < MAX_WARM) {
        w = fst_alloc(sizeof *w);
        w->key = fst_strdup(key);
        w->engine = bound->engine;
        pthread_mutex_init(&w->busy, NULL);
        a->warm[a->n_warm++] = w;
    }
    free(key);
    return w;
}

enum fst_status fst__warm_take(struct fst_app *a, const struct fst_bound *bound,
                               struct fst_warm **out, struct fst_error *err)
{
    pthread_mutex_lock(&a->lock);
    struct fst_warm *w = find_warm(a, bound);
    pthread_mutex_unlock(&a->lock);
    if (!w)
        return fst_fail(err, FST_ENOMEM, "over %d providers are in use at once", MAX_WARM);
    pthread_mutex_lock(&w->busy);
    struct fst_bind_context cx = {.allow_cmd = a->allow_cmd};
    enum fst_status status = FST_OK;
    if (!w->session) {
        status = fst_bind_open(&cx, bound->engine, bound->options, &w->session, err);
        if (status == FST_OK)
            fst__session_join(a, bound, w->session, &w->joined);
    }
    if (status != FST_OK) {
        pthread_mutex_unlock(&w->busy);
        return status;
    }
    *out = w;
    return FST_OK;
}

void fst__warm_give(struct fst_app *a, struct fst_warm *w, bool broken)
{
    (void)a;
    if (broken) {
        w->engine->close(w->session);
        w->session = NULL;
    }
    pthread_mutex_unlock(&w->busy);
}

static bool is_broken(enum fst_status status)
{
    return status == FST_ENET || status == FST_ETIMEOUT || status == FST_EAUTH;
}

/* ---- Bound text, one call -------------------------------------------------------------------- */

enum fst_status fst__bind_text(struct fst_app *a, const char *text, const char *provider,
                               enum fst_bind_mode mode, struct fst_bound *out,
                               struct fst_problem *problem, struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst_app_take(a, &c, err));
    struct fst_bind_context cx = fst__bind_context(a, c);
    enum fst_status status = fst_bind_text(&cx, text, provider, mode, out, problem, err);
    fst_app_give(a, c);
    return status;
}

static enum fst_status lacks(const struct fst_bound *bound, const char *ability,
                             struct fst_error *err)
{
    return fst_fail(err, FST_EUNSUPPORTED, "the %s engine does not %s", bound->engine->name,
                    ability);
}

static enum fst_status check_bound(struct fst_app *a, const struct fst_bound *bound,
                                   struct fst_schema **out, struct fst_problem *problem,
                                   struct fst_error *err)
{
    struct fst_warm *warm;
    if (!bound->engine->check)
        return lacks(bound, "check", err);
    FST_TRY(fst__warm_take(a, bound, &warm, err));
    enum fst_status status = bound->engine->check(warm->session, &bound->work, out, problem, err);
    if (status == FST_OK)
        fst__session_note(a, bound, warm->session, &warm->joined);
    fst__warm_give(a, warm, is_broken(status));
    return status;
}

static enum fst_status explain_bound(struct fst_app *a, const struct fst_bound *bound,
                                     struct fst_buf *out, struct fst_problem *problem,
                                     struct fst_error *err)
{
    struct fst_warm *warm;
    if (!bound->engine->explain)
        return lacks(bound, "explain", err);
    FST_TRY(fst__warm_take(a, bound, &warm, err));
    enum fst_status status = bound->engine->explain(warm->session, &bound->work, out, problem, err);
    if (status == FST_OK)
        fst__session_note(a, bound, warm->session, &warm->joined);
    fst__warm_give(a, warm, is_broken(status));
    return status;
}

enum fst_status fst_app_check(struct fst_app *a, const char *text, const char *provider,
                              bool (*cancelled)(void *), void *cancel_arg, struct fst_schema **out,
                              struct fst_problem *problem, struct fst_error *err)
{
    struct fst_bound bound;
    struct fst_problem ignored;
    problem = problem ? problem : &ignored;
    FST_TRY(fst__bind_text(a, text, provider, FST_BIND_CHECK, &bound, problem, err));
    bound.work.cancelled = cancelled;
    bound.work.cancel_arg = cancel_arg;
    enum fst_status status = check_bound(a, &bound, out, problem, err);
    fst_bound_done(&bound);
    return status;
}

enum fst_status fst_app_explain(struct fst_app *a, const char *text, const char *provider,
                                struct fst_buf *out, struct fst_problem *problem,
                                struct fst_error *err)
{
    struct fst_bound bound;
    struct fst_problem ignored;
    problem = problem ? problem : &ignored;
    FST_TRY(fst__bind_text(a, text, provider, FST_BIND_CHECK, &bound, problem, err));
    enum fst_status status = explain_bound(a, &bound, out, problem, err);
    fst_bound_done(&bound);
    return status;
}

/* ---- Names: a resource with all that belongs to it, else its text -----------------------------
 */

static enum fst_status bind_resource(struct fst_app *a, const struct fst_resource *r,
                                     const char *provider, struct fst_bound *out,
                                     struct fst_problem *problem, struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst_app_take(a, &c, err));
    struct fst_bind_context cx = fst__bind_context(a, c);
    enum fst_status status = fst_bind_resource(&cx, r, provider, FST_BIND_CHECK, out, problem, err);
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_check_resource(struct fst_app *a, const struct fst_resource *r,
                                       const char *provider, bool (*cancelled)(void *),
                                       void *cancel_arg, struct fst_schema **out,
                                       struct fst_problem *problem, struct fst_error *err)
{
    struct fst_bound bound;
    struct fst_problem ignored;
    problem = problem ? problem : &ignored;
    FST_TRY(bind_resource(a, r, provider, &bound, problem, err));
    bound.work.cancelled = cancelled;
    bound.work.cancel_arg = cancel_arg;
    enum fst_status status = check_bound(a, &bound, out, problem, err);
    fst_bound_done(&bound);
    return status;
}

/* The first sentence of why not; NULL when there is nothing in the way. */
static char *obstacle_of(struct fst_app *a, const struct fst_bound *bound)
{
    struct fst_schema *schema = NULL;
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    enum fst_status status = check_bound(a, bound, &schema, &problem, &err);
    fst_schema_free(schema);
    if (status == FST_OK)
        return NULL;
    if (!problem.unsupported || !problem.line)
        return fst_strndup(err.text, strcspn(err.text, "\n"));
    return fst_asprintf("line %u, column %u: %s", problem.line, problem.col, problem.message);
}

/* Is this the embedded engine, so that it was asked already? */
static bool is_embedded(struct fst_app *a, const char *provider)
{
    struct fst_catalog *c;
    struct fst_resource *r;
    provider = provider ? provider : fst_app_setting(a, "provider");
    if (!provider || !*provider)
        return true;
    if (fst_app_take(a, &c, NULL) != FST_OK)
        return false;
    bool found = fst_catalog_find(c, FST_PROVIDER, provider, NULL, &r, NULL) == FST_OK;
    bool embedded = strcmp(found ? r->engine : provider, "local") == 0;
    if (found)
        fst_resource_free(r);
    fst_app_give(a, c);
    return embedded;
}

char *fst_app_not_local(struct fst_app *a, const char *text, const struct fst_resource *r,
                        const char *provider)
{
    if (is_embedded(a, provider ? provider : r ? r->provider : NULL))
        return NULL;
    struct fst_bound bound;
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    enum fst_status status =
        r ? bind_resource(a, r, "local", &bound, &problem, &err)
          : fst__bind_text(a, text, "local", FST_BIND_CHECK, &bound, &problem, &err);
    if (status != FST_OK)
        return fst_strndup(err.text, strcspn(err.text, "\n"));
    char *why = obstacle_of(a, &bound);
    fst_bound_done(&bound);
    return why;
}

static bool is_sql_file(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".sql") == 0 && fst_path_exists(name);
}

/* The transformation of that name; NULL when it is anything else. */
static struct fst_resource *transformation_named(struct fst_app *a, const char *name)
{
    struct fst_place p;
    struct fst_resource *r = NULL;
    if (is_sql_file(name) || fst_app_find(a, name, &p, NULL) != FST_OK)
        return NULL;
    if (p.resource && p.resource->kind == FST_TRANSFORMATION)
        r = fst_resource_copy(p.resource);
    fst_place_done(&p);
    return r;
}

enum fst_status fst_app_check_named(struct fst_app *a, const char *name_or_file,
                                    const char *provider, bool (*cancelled)(void *),
                                    void *cancel_arg, struct fst_schema **out, char **text,
                                    char **not_local, struct fst_problem *problem,
                                    struct fst_error *err)
{
    struct fst_resource *r = transformation_named(a, name_or_file);
    char *own = NULL;
    enum fst_status status;
    *text = *not_local = NULL;
    if (r) {
        *text = fst_strdup(r->python ? r->python : r->sql);
        status = fst_app_check_resource(a, r, provider, cancelled, cancel_arg, out, problem, err);
    } else if ((status = fst_app_text(a, name_or_file, text, &own, err)) == FST_OK) {
        status = fst_app_check(a, *text, provider ? provider : own, cancelled, cancel_arg, out,
                               problem, err);
    }
    if (status == FST_OK)
        *not_local = fst_app_not_local(a, *text, r, provider ? provider : own);
    fst_resource_free(r);
    free(own);
    return status;
}

enum fst_status fst_app_explain_named(struct fst_app *a, const char *name_or_file,
                                      const char *provider, struct fst_buf *out, char **text,
                                      struct fst_problem *problem, struct fst_error *err)
{
    struct fst_resource *r = transformation_named(a, name_or_file);
    struct fst_bound bound;
    struct fst_problem ignored;
    char *own = NULL;
    enum fst_status status;
    problem = problem ? problem : &ignored;
    *text = NULL;
    if (r) {
        *text = fst_strdup(r->python ? r->python : r->sql);
        status = bind_resource(a, r, provider, &bound, problem, err);
        if (status == FST_OK) {
            status = explain_bound(a, &bound, out, problem, err);
            fst_bound_done(&bound);
        }
    } else if ((status = fst_app_text(a, name_or_file, text, &own, err)) == FST_OK) {
        status = fst_app_explain(a, *text, provider ? provider : own, out, problem, err);
    }
    fst_resource_free(r);
    free(own);
    return status;
}

/* ---- Queries: the reader keeps its session and its bound text -------------------------------- */

struct answer {
    struct fst_reader reader;
    struct fst_reader *inner;
    struct fst_bound bound;
    struct fst_session *session;
};

static enum fst_status answer_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                   struct fst_error *err)
{
    return fst_reader_next(((struct answer *)r)->inner, max_rows, out, err);
}

static void answer_close(struct fst_reader *r)
{
    struct answer *q = (struct answer *)r;
    fst_reader_close(q->inner);
    if (q->session)
        q->bound.engine->close(q->session);
    fst_bound_done(&q->bound);
    free(q);
}

static const struct fst_reader_ops answer_ops = {.next = answer_next, .close = answer_close};

static enum fst_status ask(struct fst_app *a, struct answer *q, uint64_t limit,
                           struct fst_problem *problem, struct fst_error *err)
{
    struct fst_bind_context cx = {.allow_cmd = a->allow_cmd};
    if (!q->bound.engine->query)
        return lacks(&q->bound, "answer queries", err);
    FST_TRY(fst_bind_open(&cx, q->bound.engine, q->bound.options, &q->session, err));
    struct fst_joined joined;
    fst__session_join(a, &q->bound, q->session, &joined);
    enum fst_status status =
        q->bound.engine->query(q->session, &q->bound.work, limit, &q->inner, problem, err);
    if (status == FST_OK)
        fst__session_note(a, &q->bound, q->session, &joined);
    return status;
}

enum fst_status fst_app_sql(struct fst_app *a, const char *text, const char *provider,
                            uint64_t limit, bool (*cancelled)(void *), void *cancel_arg,
                            struct fst_reader **out, struct fst_problem *problem,
                            struct fst_error *err)
{
    struct fst_problem ignored;
    struct answer *q = fst_alloc(sizeof *q);
    problem = problem ? problem : &ignored;
    *out = NULL;
    enum fst_status status =
        fst__bind_text(a, text, provider, FST_BIND_RUN, &q->bound, problem, err);
    if (status == FST_OK) {
        q->bound.work.cancelled = cancelled;
        q->bound.work.cancel_arg = cancel_arg;
        status = ask(a, q, limit, problem, err);
    }
    if (status != FST_OK) {
        if (q->session)
            q->bound.engine->close(q->session);
        fst_bound_done(&q->bound);
        free(q);
        return status;
    }
    q->reader = (struct fst_reader){
        .ops = &answer_ops, .schema = q->inner->schema, .total_rows = q->inner->total_rows};
    *out = &q->reader;
    return FST_OK;
}

/* ---- The text of a target -------------------------------------------------------------------- */

static enum fst_status text_of_resource(struct fst_app *a, const struct fst_resource *r,
                                        char **text, struct fst_error *err)
{
    if (r->sql) {
        *text = fst_strdup(r->sql);
        return FST_OK;
    }
    if (r->kind != FST_TRAINING_SET)
        return fst_fail(err, FST_EINVAL, "%s: a %s has no SQL", fst_resource_label(r),
                        r->python ? "Python function" : fst_kinds[r->kind].name);
    struct fst_catalog *c;
    struct fst_bound bound;
    FST_TRY(fst_app_take(a, &c, err));
    struct fst_bind_context cx = fst__bind_context(a, c);
    enum fst_status status = fst_bind_resource(&cx, r, NULL, FST_BIND_CHECK, &bound, NULL, err);
    fst_app_give(a, c);
    FST_TRY(status);
    /* `{name.variant}` back to {{name.variant}}: equally long */
    *text = fst_strdup(bound.work.sql);
    for (char *p = *text; *p; p++) {
        if (p[0] == '`' && p[1] == '{')
            *p = '{';
        else if (p[0] == '}' && p[1] == '`')
            p[1] = '}';
    }
    fst_bound_done(&bound);
    return FST_OK;
}

enum fst_status fst_app_text(struct fst_app *a, const char *name_or_file, char **text,
                             char **provider, struct fst_error *err)
{
    struct fst_place p;
    size_t n;
    *provider = NULL;
    if (is_sql_file(name_or_file))
        return fst_file_read(name_or_file, MAX_SQL_FILE, text, &n, err);
    FST_TRY(fst_app_find(a, name_or_file, &p, err));
    enum fst_status status =
        p.resource ? text_of_resource(a, p.resource, text, err)
                   : fst_fail(err, FST_EINVAL, "%s is not a name or a .sql file", name_or_file);
    if (status == FST_OK)
        *provider = fst_strdup(p.resource->provider);
    fst_place_done(&p);
    return status;
}
