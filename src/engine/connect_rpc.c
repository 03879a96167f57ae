/* Calls of the Spark Connect service: every request opens with session and user, every refusal
 * becomes a problem with a place in the text that was sent. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "spark.h"

#define SERVICE "/spark.connect.SparkConnectService/"
#define MAX_REPLY ((size_t)16 << 20)
#define MAX_MESSAGE ((size_t)136 << 20) /* above the 128 MB that a server's batch may have */
enum { DETAILS_TIMEOUT_MS = 5000, SHORT_TIMEOUT_MS = 15000 };

void connect_request(const struct connect_call *c, struct fst_buf *out)
{
    const char *user = c->user ? c->user : c->s->target.user;
    pb_text(out, 1, c->session_id);
    size_t context = pb_open(out, 2);
    pb_text(out, 1, user);
    pb_text(out, 2, user);
    pb_close(out, context);
}

struct collect {
    struct fst_buf *into;
    bool any;
};

static bool on_reply(void *arg, const void *p, size_t n)
{
    struct collect *x = arg;
    if (x->into && !x->any)
        fst_buf_add(x->into, p, n);
    x->any = true;
    return true;
}

static enum fst_status raw_call(const struct connect_call *c, const char *method,
                                const struct fst_buf *request,
                                bool (*on_message)(void *arg, const void *p, size_t n), void *arg,
                                long timeout_ms, struct fst_grpc_result *result,
                                struct fst_error *err)
{
    if (request->over)
        return fst_fail(err, FST_ENOMEM, "the request to Spark is larger than %zu bytes",
                        request->max);
    char *path = fst_asprintf(SERVICE "%s", method);
    enum fst_status status =
        fst_grpc_call(&c->s->channel, path, request->p, request->n, on_message, arg, c->cancelled,
                      c->cancel_arg, timeout_ms, MAX_MESSAGE, result, err);
    free(path);
    if (status == FST_OK)
        c->s->answered = true;
    return status;
}

/* ---- Why it was refused ---------------------------------------------------------------------- */

/* Best effort: the server keeps details for a minute, and not for every error. */
static bool fetch_details(const struct connect_call *c, const char *error_id,
                          struct fst_problem *problem)
{
    struct fst_buf request = FST_BUF_TEXT, reply = FST_BUF(MAX_REPLY);
    struct fst_grpc_result result = {.status = 1};
    struct collect x = {.into = &reply};
    connect_request(c, &request);
    pb_text(&request, 3, error_id);
    enum fst_status status =
        raw_call(c, "FetchErrorDetails", &request, on_reply, &x, DETAILS_TIMEOUT_MS, &result, NULL);
    bool told = status == FST_OK && result.status == 0;
    bool found = told && connect_place_of_details(reply.p, reply.n, c->sql, problem);
    if (told && c->causes)
        connect_causes_of_details(reply.p, reply.n, c->causes);
    fst_grpc_result_done(&result);
    fst_buf_done(&request);
    fst_buf_done(&reply);
    return found;
}

static void find_problem(const struct connect_call *c, const struct connect_failure *f,
                         struct fst_problem *out)
{
    memcpy(out->condition, f->condition, sizeof(out->condition));
    memcpy(out->sqlstate, f->sqlstate, sizeof(out->sqlstate));
    connect_message_clean(f->message, out->message, sizeof(out->message));
    bool placed = c->python ? connect_python_place(f->message, out)
                            : !c->sql || connect_place_of_parser(f->message, c->sql, out);
    struct fst_problem told = *out;
    bool asked = f->error_id[0] && (c->causes || !placed);
    bool found = asked && fetch_details(c, f->error_id, &told);
    if (!placed && asked)
        *out = told;
    if (!placed && !found && c->sql)
        connect_place_of_message(f->message, c->sql, out);
}

static enum fst_status refused(struct connect_call *c, const struct fst_grpc_result *result,
                               struct fst_error *err)
{
    struct connect_failure f;
    struct fst_problem problem = {.line = 0};
    connect_failure_read(result, &f);
    c->session_gone = connect_failure_is(&f, "INVALID_HANDLE.SESSION");
    memcpy(c->condition, f.condition, sizeof(c->condition));
    if (!c->session_gone)
        find_problem(c, &f, &problem);
    else
        connect_message_clean(f.message, problem.message, sizeof(problem.message));
    enum fst_status status = connect_fail(&f, &problem, c->running, err);
    if (c->problem)
        *c->problem = problem;
    connect_failure_done(&f);
    return status;
}

enum fst_status connect_stream(struct connect_call *c, const char *method,
                               const struct fst_buf *request,
                               bool (*on_message)(void *arg, const void *p, size_t n), void *arg,
                               struct fst_error *err)
{
    struct fst_grpc_result result;
    c->session_gone = false;
    c->condition[0] = 0;
    enum fst_status status =
        raw_call(c, method, request, on_message, arg, c->timeout_ms, &result, err);
    if (status != FST_OK) {
        return connect_line_remedy(c, status, err);
    }
    if (result.status != 0)
        status = refused(c, &result, err);
    fst_grpc_result_done(&result);
    return status;
}

enum fst_status connect_unary(struct connect_call *c, const char *method,
                              const struct fst_buf *request, struct fst_buf *reply,
                              struct fst_error *err)
{
    struct collect x = {.into = reply};
    FST_TRY(connect_stream(c, method, request, on_reply, &x, err));
    if (reply && reply->over)
        return fst_fail(err, FST_ENOMEM, "Spark's answer to %s is larger than %zu bytes", method,
                        reply->max);
    if (!x.any)
        return fst_fail(err, FST_EFORMAT, "Spark answered %s with nothing", method);
    return FST_OK;
}

/* ---- Small calls ----------------------------------------------------------------------------- */

/* A call that only matters for whether it worked. */
static enum fst_status finish_small(struct connect_call *c, const char *method,
                                    struct fst_buf *request, struct fst_buf *reply,
                                    struct fst_error *err)
{
    struct connect_call brief = *c;
    brief.timeout_ms = c->timeout_ms ? c->timeout_ms : SHORT_TIMEOUT_MS;
    enum fst_status status = connect_unary(&brief, method, request, reply, err);
    c->session_gone = brief.session_gone;
    memcpy(c->condition, brief.condition, sizeof(c->condition));
    fst_buf_done(request);
    return status;
}

enum fst_status connect_config_set(struct connect_call *c, const char *const *pairs,
                                   struct fst_error *err)
{
    struct fst_buf request = FST_BUF_TEXT;
    connect_request(c, &request);
    size_t operation = pb_open(&request, 3);
    size_t set = pb_open(&request, 1);
    for (size_t i = 0; pairs[i]; i += 2)
        pb_entry(&request, 1, pairs[i], pairs[i + 1]);
    pb_close(&request, set);
    pb_close(&request, operation);
    return finish_small(c, "Config", &request, NULL, err);
}

enum fst_status connect_config_get(struct connect_call *c, const char *key, char **out,
                                   struct fst_error *err)
{
    struct fst_buf request = FST_BUF_TEXT, reply = FST_BUF(MAX_REPLY);
    *out = NULL;
    connect_request(c, &request);
    size_t operation = pb_open(&request, 3);
    size_t get = pb_open(&request, 4);
    pb_text(&request, 1, key);
    pb_close(&request, get);
    pb_close(&request, operation);
    enum fst_status status = finish_small(c, "Config", &request, &reply, err);
    struct pb_field pair, value;
    if (status == FST_OK && pb_find(pb_reader(reply.p, reply.n), 2, &pair) &&
        pb_find(pb_inside(&pair), 2, &value))
        *out = pb_strdup(&value);
    fst_buf_done(&reply);
    return status;
}

enum fst_status connect_release_session(struct connect_call *c, struct fst_error *err)
{
    struct fst_buf request = FST_BUF_TEXT;
    connect_request(c, &request);
    return finish_small(c, "ReleaseSession", &request, NULL, err);
}

static int read_state(const struct fst_buf *reply, const char *operation)
{
    struct pb r = pb_reader(reply->p, reply->n);
    struct pb_field f, id, state;
    while (pb_next(&r, &f)) {
        if (f.number != 3 || !pb_find(pb_inside(&f), 1, &id) || id.wire != 2)
            continue;
        if (fst_str_is((struct fst_str){(const char *)id.p, id.n}, operation))
            return pb_find(pb_inside(&f), 2, &state) ? (int)state.v : 0;
    }
    return CONNECT_UNKNOWN;
}

enum fst_status connect_get_status(struct connect_call *c, const char *operation, int *state,
                                   struct fst_error *err)
{
    struct fst_buf request = FST_BUF_TEXT, reply = FST_BUF(MAX_REPLY);
    connect_request(c, &request);
    size_t wanted = pb_open(&request, 5);
    pb_text(&request, 1, operation);
    pb_close(&request, wanted);
    enum fst_status status = finish_small(c, "GetStatus", &request, &reply, err);
    *state = status == FST_OK ? read_state(&reply, operation) : 0;
    fst_buf_done(&reply);
    return status;
}

enum interrupt { INTERRUPT_TAG = 2, INTERRUPT_OPERATION = 3 };

/* InterruptRequest { interrupt_type = 4, operation_tag = 5, operation_id = 6 } */
static enum fst_status interrupt_by(struct connect_call *c, enum interrupt kind, const char *what,
                                    bool *found, struct fst_error *err)
{
    struct fst_buf request = FST_BUF_TEXT, reply = FST_BUF(MAX_REPLY);
    struct pb_field ids;
    connect_request(c, &request);
    pb_uint(&request, 4, kind);
    pb_text(&request, kind == INTERRUPT_TAG ? 5 : 6, what);
    enum fst_status status = finish_small(c, "Interrupt", &request, &reply, err);
    *found = status == FST_OK && pb_find(pb_reader(reply.p, reply.n), 2, &ids);
    fst_buf_done(&reply);
    return status;
}

enum fst_status connect_interrupt(struct connect_call *c, const char *operation, bool *found,
                                  struct fst_error *err)
{
    FST_TRY(interrupt_by(c, INTERRUPT_OPERATION, operation, found, err));
    return *found ? FST_OK : interrupt_by(c, INTERRUPT_TAG, "firesteel", found, err);
}

void connect_release_execute(struct connect_call *c, const char *operation)
{
    struct fst_buf request = FST_BUF_TEXT;
    struct connect_call quiet = *c;
    quiet.cancelled = NULL;
    quiet.problem = NULL;
    connect_request(c, &request);
    pb_text(&request, 3, operation);
    pb_empty(&request, 5);
    finish_small(&quiet, "ReleaseExecute", &request, NULL, NULL);
}

enum fst_status connect_version(struct connect_call *c, char **out, struct fst_error *err)
{
    struct fst_buf request = FST_BUF_TEXT, reply = FST_BUF(MAX_REPLY);
    struct pb_field f, version;
    *out = NULL;
    connect_request(c, &request);
    pb_empty(&request, 10);
    enum fst_status status = finish_small(c, "AnalyzePlan", &request, &reply, err);
    if (status == FST_OK) {
        if (pb_find(pb_reader(reply.p, reply.n), 8, &f) && pb_find(pb_inside(&f), 1, &version))
            *out = pb_strdup(&version);
        else
            status = fst_fail(err, FST_EFORMAT, "Spark at %s does not tell its version",
                              c->s->target.authority);
    }
    fst_buf_done(&reply);
    return status;
}
