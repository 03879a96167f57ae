/* team: a writer of a text format that has help.
 *
 * To put a million rows into words takes longer than to read them. Two threads do it, frame by
 * frame in turns, each with a writer of its own into a buffer of its own; whoever calls takes what
 * they have, in the order of the frames, and is the only one to touch the sink. A full buffer waits
 * for its turn, so that memory does not grow with the rows. The threads begin with the second
 * frame: most answers have one. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "writer.h"

enum { MEMBERS = 2 };

struct member {
    struct team *team;
    struct fst_writer *writer;
    pthread_t thread;
    bool is_started;

    /* what follows is shared, under the team's lock */
    struct fst_frame *frame; /* to be written; NULL = nothing to do */
    struct fst_buf text;
    bool is_full; /* and waits */
    enum fst_status status;
    struct fst_error err;
};

struct team {
    struct fst_writer base;
    struct fst_sink sink;
    struct member members[MEMBERS];
    struct fst_buf spare; /* the caller's: takes the place of the one that is being written */
    size_t turn;          /* whose text comes next, and who gets the next frame */
    uint64_t frames;
    bool ending;
    pthread_mutex_t lock;
    pthread_cond_t news;
};

/* ---- A member -------------------------------------------------------------------------------- */

/* To the caller, once it has taken what came before; or through to the sink when the caller itself
 * works. */
static bool take_text(void *arg, struct fst_buf *text)
{
    struct member *m = arg;
    struct team *t = m->team;
    pthread_mutex_lock(&t->lock);
    bool is_here = !m->frame;
    while (!is_here && !t->ending && m->text.n) {
        m->is_full = true;
        pthread_cond_broadcast(&t->news);
        pthread_cond_wait(&t->news, &t->lock);
    }
    bool ok = !t->ending;
    if (!is_here && ok) {
        struct fst_buf empty = m->text;
        m->text = *text;
        *text = empty;
    }
    pthread_mutex_unlock(&t->lock);
    if (is_here)
        return t->sink.write(t->sink.arg, text->p, text->n);
    errno = ok ? errno : ECANCELED;
    return ok;
}

static void *member_main(void *arg)
{
    struct member *m = arg;
    struct team *t = m->team;
    pthread_mutex_lock(&t->lock);
    while (!t->ending) {
        struct fst_frame *frame = m->frame;
        if (!frame) {
            pthread_cond_wait(&t->news, &t->lock);
            continue;
        }
        pthread_mutex_unlock(&t->lock);
        struct fst_error err = {0};
        enum fst_status status = fst_writer_write(m->writer, frame, &err);
        fst_frame_unref(frame);
        pthread_mutex_lock(&t->lock);
        m->frame = NULL;
        m->status = status;
        m->err = err;
        pthread_cond_broadcast(&t->news);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static bool start_member(struct member *m)
{
    m->is_started = fst_thread_start(&m->thread, 0, member_main, m);
    return m->is_started;
}

/* ---- The caller ------------------------------------------------------------------------------ */

static enum fst_status write_text(struct team *t, struct member *m, struct fst_error *err)
{
    struct fst_buf text = m->text;
    m->text = t->spare;
    t->spare = FST_BUF_TEXT;
    m->is_full = false;
    pthread_cond_broadcast(&t->news);
    pthread_mutex_unlock(&t->lock);
    bool ok = !text.n || t->sink.write(t->sink.arg, text.p, text.n);
    enum fst_status status = ok ? FST_OK : fst_fail_errno(err, "writing");
    fst_buf_clear(&text);
    t->spare = text;
    pthread_mutex_lock(&t->lock);
    return status;
}

/* All that a member has to say about its frame. The lock is held. */
static enum fst_status drain(struct team *t, struct member *m, struct fst_error *err)
{
    for (;;) {
        while (m->frame && !m->is_full)
            pthread_cond_wait(&t->news, &t->lock);
        bool is_done = !m->frame;
        FST_TRY(write_text(t, m, err));
        if (is_done)
            break;
    }
    if (m->status != FST_OK && err)
        *err = m->err;
    return m->status;
}

/* All that is under way, the oldest first. */
static enum fst_status drain_all(struct team *t, struct fst_error *err)
{
    enum fst_status status = FST_OK;
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < MEMBERS && status == FST_OK; i++)
        status = drain(t, &t->members[(t->turn + i) % MEMBERS], err);
    pthread_mutex_unlock(&t->lock);
    return status;
}

static enum fst_status team_write(struct fst_writer *w, const struct fst_frame *f,
                                  struct fst_error *err)
{
    struct team *t = (struct team *)w;
    struct member *m = &t->members[t->turn];
    if (t->frames++ == 0 || (!m->is_started && !start_member(m))) {
        FST_TRY(drain_all(t, err));
        return fst_writer_write(m->writer, f, err);
    }
    t->turn = (t->turn + 1) % MEMBERS;
    pthread_mutex_lock(&t->lock);
    enum fst_status status = drain(t, m, err);
    if (status == FST_OK) {
        m->frame = fst_frame_ref((struct fst_frame *)f);
        pthread_cond_broadcast(&t->news);
    }
    pthread_mutex_unlock(&t->lock);
    return status;
}

static enum fst_status team_finish(struct fst_writer *w, struct fst_error *err)
{
    struct team *t = (struct team *)w;
    FST_TRY(drain_all(t, err));
    return fst_writer_finish(t->members[0].writer, err); /* who has the header */
}

static void team_free(struct fst_writer *w)
{
    struct team *t = (struct team *)w;
    pthread_mutex_lock(&t->lock);
    t->ending = true;
    pthread_cond_broadcast(&t->news);
    pthread_mutex_unlock(&t->lock);
    for (size_t i = 0; i < MEMBERS; i++) {
        struct member *m = &t->members[i];
        if (m->is_started)
            pthread_join(m->thread, NULL);
        fst_frame_unref(m->frame);
        fst_buf_done(&m->text);
        fst_writer_free(m->writer);
    }
    fst_buf_done(&t->spare);
    pthread_cond_destroy(&t->news);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

enum fst_status fst_team_create(const struct fst_format *format, const struct fst_schema *schema,
                                struct fst_sink sink, const struct fst_write_options *options,
                                struct fst_writer **out, struct fst_error *err)
{
    static const struct fst_writer_ops ops = {team_write, team_finish, team_free};
    struct team *t = fst_alloc(sizeof(*t));
    t->base.ops = &ops;
    t->sink = sink;
    t->spare = FST_BUF_TEXT;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->news, NULL);
    struct fst_write_options own = options ? *options : (struct fst_write_options){0};
    enum fst_status status = FST_OK;
    for (size_t i = 0; i < MEMBERS && status == FST_OK; i++) {
        struct member *m = &t->members[i];
        m->team = t;
        m->text = FST_BUF_TEXT;
        struct fst_sink into = {.take = take_text, .arg = m};
        status = format->create(schema, into, &own, &m->writer, err);
        own.no_header = true;
    }
    *out = &t->base;
    if (status != FST_OK)
        team_free(&t->base);
    return status;
}
