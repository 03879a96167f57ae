/* An application on YARN in cluster mode: its driver is a process of YARN's, so what becomes of it
 * is what the resource manager says and what the driver's own log tells, whether or not a
 * spark-submit still waits for it here. It is found by its tag, our operation id. */
#include <stdlib.h>
#include <string.h>

#include "submit.h"

enum {
    ASK_EVERY_US = 1000 * 1000,
    KILL_EVERY_US = 2 * 1000 * 1000,
    LAST_WORD_US = 15 * 1000 * 1000, /* a node that does not answer after the end */
    BIRTH_US = 5 * 1000 * 1000, /* between spark-submit's end and an application's showing up */
    AWAY_US = 10 * 1000 * 1000,
    PIECE = 64 * 1024,
    MAX_PIECES = 64,
};

struct submit_yarn *submit_yarn_new(const struct fst_session *s, const char *operation_id)
{
    struct submit_yarn *y = fst_alloc(sizeof *y);
    y->arena = fst_arena_new();
    y->tag = fst_asprintf("firesteel-%s", operation_id);
    y->app.containers = -1;
    y->status = yarn_place_find(y->arena, submit_hadoop_conf(s->options),
                                submit_option(s, "resource_manager"), &y->place, &y->err);
    if (y->status != FST_OK)
        y->place.n = 0;
    return y;
}

void submit_yarn_free(struct submit_yarn *y)
{
    if (!y)
        return;
    yarn_app_done(&y->app);
    driver_stream_done(&y->out);
    fst_arena_free(y->arena);
    free(y->tag);
    free(y);
}

/* ---- News ------------------------------------------------------------------------------------ */

static void ask(struct submit_yarn *y)
{
    struct yarn_app app;
    if (y->place.n == 0)
        return; /* status and err say why since the beginning */
    y->asked_us = fst_monotonic_us();
    y->status = y->app.id[0] ? yarn_app_ask(&y->place, y->app.id, &app, &y->err)
                             : yarn_app_find(&y->place, y->tag, &app, &y->err);
    y->has_answered |= y->status == FST_OK || y->status == FST_ENOTFOUND;
    if (y->status != FST_OK)
        return;
    yarn_app_done(&y->app);
    y->app = app;
    if (yarn_app_is_over(&y->app) && !y->over_us)
        y->over_us = y->asked_us;
    y->room[0] = 0;
    if (!y->over_us && app.containers <= 1) /* waits for its driver or its executors */
        yarn_free_text(&y->place, y->room, sizeof y->room);
}

/* A node may be out of reach for good, where only YARN's own may speak to it: nobody waits for it
 * at every look. */
static enum fst_status ask_node(struct submit_yarn *y, const char *file, uint64_t from, size_t cap,
                                struct fst_buf *out)
{
    struct fst_error err;
    if (fst_monotonic_us() < y->away_until_us)
        return FST_ENET;
    enum fst_status status = yarn_log_read(&y->place, &y->app, file, from, cap, out, &err);
    if (status == FST_ENET || status == FST_ETIMEOUT)
        y->away_until_us = fst_monotonic_us() + AWAY_US;
    return status;
}

static void read_report(struct submit_yarn *y, struct driver_report *r)
{
    struct fst_buf piece = FST_BUF(PIECE);
    for (int i = 0; i < MAX_PIECES; i++) {
        fst_buf_clear(&piece);
        y->log_status = ask_node(y, "stdout", y->out.fed, PIECE, &piece);
        if (y->log_status != FST_OK || piece.n == 0)
            break;
        driver_feed(r, &y->out, piece.p, piece.n, NULL);
    }
    fst_buf_done(&piece);
}

static void push_kill(struct submit_yarn *y)
{
    int64_t now = fst_monotonic_us();
    if (!y->kill_wanted || !y->app.id[0] || y->over_us || now - y->killed_us < KILL_EVERY_US)
        return;
    y->killed_us = now;
    yarn_app_kill(&y->place, y->app.id, NULL);
}

void submit_yarn_look(struct submit_yarn *y, struct driver_report *r)
{
    if (y->asked_us && fst_monotonic_us() - y->asked_us < ASK_EVERY_US)
        return;
    ask(y);
    push_kill(y);
    if (y->app.id[0])
        read_report(y, r);
}

enum fst_status submit_yarn_kill(struct submit_yarn *y, struct fst_error *err)
{
    y->kill_wanted = true;
    ask(y);
    if (y->status != FST_OK && y->status != FST_ENOTFOUND) {
        if (err)
            *err = y->err;
        return y->status;
    }
    if (!y->app.id[0] || y->over_us)
        return FST_OK;
    y->killed_us = fst_monotonic_us();
    return yarn_app_kill(&y->place, y->app.id, err);
}

size_t submit_yarn_read(struct submit_yarn *y, const char *file, uint64_t from, char *into,
                        size_t cap)
{
    struct fst_buf piece = FST_BUF(cap + 1);
    size_t n = 0;
    if (y->place.n && y->app.id[0] && ask_node(y, file, from, cap, &piece) == FST_OK)
        n = piece.n < cap ? piece.n : cap;
    if (n)
        memcpy(into, piece.p, n);
    fst_buf_done(&piece);
    return n;
}

/* ---- What became of it ----------------------------------------------------------------------- */

static enum fst_status fail_as_told(const struct submit_yarn *y, struct fst_error *err)
{
    char words[700] = "";
    const char *said = y->app.diagnostics ? y->app.diagnostics : "";
    submit_last_words(said, strlen(said), words, sizeof words);
    struct fst_buf clean = FST_BUF(2048);
    fst_text_escape(&clean, words, strlen(words));
    fst_fail(err, FST_EREMOTE, "YARN says %s of %s%s%s", y->app.state, y->app.id,
             clean.n ? ": " : ", and nothing of why: see its log", fst_buf_text(&clean));
    fst_buf_done(&clean);
    return FST_EREMOTE;
}

/* What was written whole is there, whatever YARN calls it. */
static enum fst_status end(const struct submit_yarn *y, const struct submit_waiter *w,
                           const struct driver_report *r, struct fst_progress *out,
                           struct fst_problem *problem, struct fst_error *err)
{
    bool told = !w->is_program, is_good = strcmp(y->app.final, "SUCCEEDED") == 0;
    bool is_killed = strcmp(y->app.state, "KILLED") == 0 || strcmp(y->app.final, "KILLED") == 0;
    if ((told && r->written) || (is_good && !(told && r->error.status)))
        out->state = FST_RUN_READY;
    else if (is_killed || w->cancelling || (told && r->cancelled))
        out->state = FST_RUN_CANCELLED;
    else
        out->state = FST_RUN_FAILED;
    if (out->state != FST_RUN_FAILED)
        return FST_OK;
    if (!told || !r->error.status)
        return fail_as_told(y, err);
    if (problem)
        *problem = r->problem;
    if (err)
        *err = r->error;
    return r->error.status;
}

/* The log was read to its end, as far as it can be? */
static bool has_last_word(const struct submit_yarn *y, const struct submit_waiter *w,
                          const struct driver_report *r)
{
    return r->ended || w->is_program || y->log_status == FST_OK || y->log_status == FST_ENOTFOUND ||
           fst_monotonic_us() - y->over_us > LAST_WORD_US;
}

static void show(const struct submit_yarn *y, struct fst_progress *out)
{
    bool runs = strcmp(y->app.state, "RUNNING") == 0;
    out->state = runs ? FST_RUN_RUNNING : FST_RUN_PENDING;
    if (!runs && y->room[0])
        snprintf(out->detail, sizeof out->detail, "%s: waiting for resources: %s", y->app.state,
                 y->room);
    else if (runs && y->room[0] && out->tasks_done <= 0)
        snprintf(out->detail, sizeof out->detail, "no executors yet: %s", y->room);
}

bool submit_yarn_judge(struct submit_yarn *y, const struct submit_waiter *w,
                       const struct driver_report *r, struct fst_progress *out,
                       struct fst_problem *problem, enum fst_status *status, struct fst_error *err)
{
    bool is_known = y->app.id[0] != 0;
    bool is_silent = y->status != FST_OK && y->status != FST_ENOTFOUND;
    *status = FST_OK;
    if (is_known && y->over_us) {
        if (!has_last_word(y, w, r))
            return false;
        *status = end(y, w, r, out, problem, err);
        return true;
    }
    if (is_known && (y->status == FST_OK || !w->is_gone)) {
        show(y, out);
        return false;
    }
    out->state = FST_RUN_PENDING;
    if (!w->is_gone) {
        *status = FST_ENOTFOUND;
    } else if (is_silent && (y->has_answered || w->exit_code < 0)) {
        *status = fst_fail(err, FST_ENET, "%s", y->err.text);
    } else if (is_known || is_silent || fst_monotonic_us() - w->gone_us > BIRTH_US) {
        *status = FST_ENOTFOUND;
    }
    return false;
}
