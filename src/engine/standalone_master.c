/* The masters of a standalone cluster: where each is asked, and which of them to ask.
 *
 * Several stand by for one another, spark://a:7077,b:7077. One of them is alive and the others say
 * that they are not; which one it is may change at any time, so whoever does not answer well is
 * left for the next, and the one that did is asked first from then on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "standalone.h"

enum { REST_PORT = 6066, UI_PORT = 8080 };

/* ---- Where they are -------------------------------------------------------------------------- */

/* Piece i of a list with commas, without slashes at its end; NULL when there is none. */
static const char *piece(struct fst_arena *a, const char *list, size_t i)
{
    for (; list && i > 0; i--) {
        list = strchr(list, ',');
        list = list ? list + 1 : NULL;
    }
    size_t n = list ? strcspn(list, ",") : 0;
    while (n > 0 && list[n - 1] == '/')
        n--;
    return n > 0 ? fst_arena_strndup(a, list, n) : NULL;
}

static const char *place_of(const struct fst_session *s, const char *option, size_t i,
                            const char *host, int port)
{
    const char *given = piece(s->arena, fst_doc_string(s->options, option, NULL), i);
    return given ? given : fst_arena_printf(s->arena, "http://%s:%d", host, port);
}

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 ||
           (strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == 0);
}

enum fst_status standalone_find_places(struct fst_session *s, struct fst_error *err)
{
    const char *master = fst_doc_string(s->options, "master", ""), *at;
    if (strncmp(master, "spark://", 8) != 0)
        return fst_fail(err, FST_EINVAL,
                        "master \"%s\": write spark://host:port, several as "
                        "spark://a:7077,b:7077",
                        master);
    s->master = fst_arena_strdup(s->arena, master);
    s->is_loopback = true;
    for (size_t i = 0; (at = piece(s->arena, master + 8, i)); i++) {
        if (i == STANDALONE_MAX_MASTERS)
            return fst_fail(err, FST_EINVAL, "master \"%s\": more than %d of them", master,
                            (int)STANDALONE_MAX_MASTERS);
        const char *host = fst_arena_strndup(s->arena, at, strcspn(at, ":/"));
        s->places[s->n_places++] =
            (struct standalone_place){.rest = place_of(s, "rest", i, host, REST_PORT),
                                      .ui = place_of(s, "ui", i, host, UI_PORT)};
        s->is_loopback = s->is_loopback && is_loopback(host);
    }
    return s->n_places ? FST_OK : fst_fail(err, FST_EINVAL, "master \"%s\" names no host", master);
}

const struct standalone_place *standalone_place(const struct fst_session *s)
{
    return &s->places[s->active];
}

/* ---- Asking ---------------------------------------------------------------------------------- */

/* Spark's own words, of the submission server and of its exceptions. */
static bool stands_by(const struct rest_answer *a)
{
    const char *said = a->doc ? fst_doc_string(a->doc, "message", "") : "";
    return strstr(said, "Current state is not alive") != NULL;
}

static enum fst_status ask_place(const struct standalone_place *p, const char *method,
                                 const char *body, const char *path, struct rest_answer *out,
                                 struct fst_error *err)
{
    char *url = fst_asprintf("%s%s", p->rest, path);
    enum fst_status status =
        rest_ask(&(struct rest_request){.method = method, .url = url, .body = body}, out, err);
    free(url);
    if (status != FST_OK) {
        fst_while(err, "the submission server at %s", p->rest);
        return status;
    }
    if (!stands_by(out))
        return FST_OK;
    rest_answer_done(out);
    fst_fail(err, FST_ENET, "the master at %s is not alive: it stands by", p->rest);
    if (err)
        err->code = ECONNREFUSED; /* for sure nothing was done */
    return FST_ENET;
}

enum fst_status standalone_ask(struct fst_session *s, const char *method, const char *body,
                               const char *path, struct rest_answer *out, struct fst_error *err)
{
    enum fst_status status = FST_ENET;
    for (size_t i = 0; i < s->n_places; i++) {
        size_t at = (s->active + i) % s->n_places;
        status = ask_place(&s->places[at], method, body, path, out, err);
        if (status != FST_OK)
            continue;
        s->active = at;
        break;
    }
    return status;
}

/* What makes something is sent once: whom to is found out by a question first. */
enum fst_status standalone_ask_once(struct fst_session *s, const char *body, const char *path,
                                    struct rest_answer *out, struct fst_error *err)
{
    if (s->n_places > 1) {
        FST_TRY(standalone_ask(s, NULL, NULL, "/v1/submissions/status/none", out, err));
        rest_answer_done(out);
    }
    return ask_place(standalone_place(s), "POST", body, path, out, err);
}

/* ---- The master's own view ------------------------------------------------------------------- */

static enum fst_status view_of(const struct standalone_place *p, bool is_one_of_several,
                               struct rest_answer *out, struct fst_error *err)
{
    char *url = fst_asprintf("%s/json/", p->ui);
    enum fst_status status = rest_ask(&(struct rest_request){.url = url}, out, err);
    free(url);
    if (status != FST_OK) {
        fst_while(err, "the master's web interface at %s", p->ui);
        return status;
    }
    bool is_master = out->status == 200 && out->doc && fst_doc_get(out->doc, "workers");
    const char *state = is_master ? fst_doc_string(out->doc, "status", "ALIVE") : "";
    if (is_master && (!is_one_of_several || strcmp(state, "ALIVE") == 0))
        return FST_OK;
    if (is_master)
        status = fst_fail(err, FST_ENET, "the master is %.20s", state);
    else
        status = rest_refused(out, "this is no master of Spark", err);
    fst_while(err, "%s", p->ui);
    rest_answer_done(out);
    return status;
}

enum fst_status standalone_master(struct fst_session *s, struct rest_answer *out,
                                  struct fst_error *err)
{
    enum fst_status status = FST_ENET;
    for (size_t i = 0; i < s->n_places; i++) {
        size_t at = (s->active + i) % s->n_places;
        status = view_of(&s->places[at], s->n_places > 1, out, err);
        if (status != FST_OK)
            continue;
        s->active = at;
        break;
    }
    return status;
}

int64_t standalone_app_cores(struct fst_session *s, const char *app_id)
{
    struct rest_answer m;
    int64_t cores = -1;
    if (standalone_master(s, &m, NULL) != FST_OK)
        return -1;
    const struct fst_doc *apps = fst_doc_get(m.doc, "activeapps");
    for (size_t i = 0; apps && i < apps->n; i++)
        if (strcmp(fst_doc_string(&apps->items[i], "id", ""), app_id) == 0)
            cores = rest_int(&apps->items[i], "cores", -1);
    rest_answer_done(&m);
    return cores;
}
