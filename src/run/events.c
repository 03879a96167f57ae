/* events: the truth about a run, one JSON object a line, appended whole by its agent. The catalog's
 * row can be made again from it. Readers fold lines into a view and come back for what is new; a
 * last line without its end is left for the next time. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "run.h"

#define READ_BYTES 65536
#define MAX_TEXT_BYTES 32768

/* Whoever wrote before us may have died halfway through a line. */
static bool ends_torn(int fd)
{
    off_t end = lseek(fd, 0, SEEK_END);
    char last;
    return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

enum fst_status fst__events_open(struct fst_events *e, const char *path, struct fst_error *err)
{
    e->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (e->fd < 0)
        return fst_fail_errno(err, "%s", path);
    e->torn = ends_torn(e->fd);
    return FST_OK;
}

void fst__events_close(struct fst_events *e)
{
    if (e->fd >= 0)
        close(e->fd);
    e->fd = -1;
}

/* ---- Writing --------------------------------------------------------------------------------- */

struct line {
    struct fst_buf text;
    struct fst_json_writer w;
};

static void line_begin(struct line *l, const char *event)
{
    l->text = FST_BUF(256 * 1024);
    l->w = fst_json_writer(&l->text);
    fst_jw_object(&l->w, NULL);
    fst_jw_int(&l->w, "t", fst_now_us());
    fst_jw_string(&l->w, "event", event);
}

/* Of a text without measure the beginning has to do: the line must end as it should. */
static void line_text(struct line *l, const char *key, const char *text)
{
    char *beginning = text ? fst_strndup(text, strnlen(text, MAX_TEXT_BYTES)) : NULL;
    fst_jw_string(&l->w, key, beginning);
    free(beginning);
}

static bool line_end(struct line *l, struct fst_events *e)
{
    bool whole;
    fst_jw_end(&l->w, '}');
    fst_buf_addc(&l->text, '\n');
    struct iovec parts[] = {{(char *)"\n", e->torn}, {l->text.p, l->text.n}};
    ssize_t done;
    do
        done = writev(e->fd, parts, FST_COUNT(parts));
    while (done < 0 && errno == EINTR);
    whole = done >= 0 && (size_t)done == e->torn + l->text.n;
    if (done >= 0)
        e->torn = !whole;
    fst_buf_done(&l->text);
    return whole;
}

bool fst__event_state(struct fst_events *e, enum fst_state state)
{
    struct line l;
    line_begin(&l, "state");
    fst_jw_string(&l.w, "state", fst_states[state].name);
    fst_jw_int(&l.w, "mono", fst_monotonic_us());
    return line_end(&l, e);
}

bool fst__event_progress(struct fst_events *e, const struct fst_progress *p)
{
    struct line l;
    line_begin(&l, "progress");
    fst_jw_int(&l.w, "tasks_done", p->tasks_done);
    fst_jw_int(&l.w, "tasks_total", p->tasks_total);
    fst_jw_int(&l.w, "stages_done", p->stages_done);
    fst_jw_int(&l.w, "stages_total", p->stages_total);
    fst_jw_int(&l.w, "rows", p->rows);
    fst_jw_int(&l.w, "bytes_read", p->bytes_read);
    fst_jw_int(&l.w, "bytes_written", p->bytes_written);
    line_text(&l, "detail", p->detail);
    return line_end(&l, e);
}

bool fst__event_submitting(struct fst_events *e, const char *operation_id)
{
    struct line l;
    line_begin(&l, "submitting");
    line_text(&l, "operation_id", operation_id);
    return line_end(&l, e);
}

bool fst__event_submitted(struct fst_events *e, const char *handle)
{
    struct line l;
    line_begin(&l, "submitted");
    line_text(&l, "handle", handle);
    return line_end(&l, e);
}

bool fst__event_failed(struct fst_events *e, enum fst_state state, const char *error,
                       const struct fst_problem *problem)
{
    struct line l;
    line_begin(&l, "state");
    fst_jw_string(&l.w, "state", fst_states[state].name);
    line_text(&l, "error", error);
    if (problem && (problem->line || problem->condition[0])) {
        fst_jw_int(&l.w, "line", problem->line);
        fst_jw_int(&l.w, "col", problem->col);
        fst_jw_int(&l.w, "len", problem->len);
        fst_jw_string(&l.w, "condition", problem->condition);
        fst_jw_string(&l.w, "sqlstate", problem->sqlstate);
    }
    return line_end(&l, e);
}

bool fst__event_note(struct fst_events *e, const char *text)
{
    struct line l;
    line_begin(&l, "note");
    line_text(&l, "text", text);
    return line_end(&l, e);
}

bool fst__event_outcome(struct fst_events *e, const struct fst_outcome *o)
{
    struct line l;
    line_begin(&l, "outcome");
    fst_jw_int(&l.w, "rows", o->rows);
    fst_jw_int(&l.w, "bytes", o->bytes);
    fst_jw_int(&l.w, "files", o->files);
    fst__schema_write(&l.w, o->schema);
    return line_end(&l, e);
}

bool fst__event_log(struct fst_events *e, const char *before, const char *after, int64_t at,
                    int64_t n)
{
    struct line l;
    line_begin(&l, "log");
    fst_jw_string(&l.w, "before", before);
    fst_jw_string(&l.w, "after", after);
    fst_jw_int(&l.w, "at", at);
    fst_jw_int(&l.w, "n", n);
    return line_end(&l, e);
}

/* ---- Folding --------------------------------------------------------------------------------- */

static int64_t int_of(const struct fst_doc *doc, const char *key, int64_t fallback)
{
    const struct fst_doc *node = fst_doc_get(doc, key);
    int64_t v;
    return node && fst_doc_int(node, &v) ? v : fallback;
}

static void fold_progress(struct fst_run_view *view, const struct fst_doc *doc)
{
    struct fst_progress *p = &view->progress;
    p->tasks_done = int_of(doc, "tasks_done", -1);
    p->tasks_total = int_of(doc, "tasks_total", -1);
    p->stages_done = int_of(doc, "stages_done", -1);
    p->stages_total = int_of(doc, "stages_total", -1);
    p->rows = int_of(doc, "rows", -1);
    p->bytes_read = int_of(doc, "bytes_read", -1);
    p->bytes_written = int_of(doc, "bytes_written", -1);
    snprintf(p->detail, sizeof p->detail, "%s", fst_doc_string(doc, "detail", ""));
}

static void fold_state(struct fst_run_view *view, const struct fst_doc *doc, struct fst_history *h)
{
    fst_state_named(fst_doc_string(doc, "state", ""), &view->state);
    snprintf(view->error, sizeof view->error, "%s", fst_doc_string(doc, "error", ""));
    struct fst_problem *problem = &view->problem;
    problem->line = (uint32_t)int_of(doc, "line", 0);
    problem->col = (uint32_t)int_of(doc, "col", 0);
    problem->len = (uint32_t)int_of(doc, "len", 0);
    snprintf(problem->condition, sizeof problem->condition, "%s",
             fst_doc_string(doc, "condition", ""));
    snprintf(problem->sqlstate, sizeof problem->sqlstate, "%s",
             fst_doc_string(doc, "sqlstate", ""));
    if (h && view->state == FST_STATE_RUNNING && !h->started_us) {
        h->started_us = view->updated_us;
        h->running_mono_us = int_of(doc, "mono", 0);
    }
    if (h && fst_states[view->state].final)
        h->finished_us = view->updated_us;
}

static void take_text(char **into, const struct fst_doc *doc, const char *key)
{
    free(*into);
    *into = fst_strdup(fst_doc_string(doc, key, ""));
}

/* What only a next agent wants to know. */
static void fold_history(struct fst_history *h, const char *event, const struct fst_doc *doc)
{
    if (strcmp(event, "submitting") == 0) {
        h->submitting = true;
    } else if (strcmp(event, "submitted") == 0) {
        h->submitted = true;
        take_text(&h->handle, doc, "handle");
    } else if (strcmp(event, "outcome") == 0) {
        h->rows = int_of(doc, "rows", -1);
    } else if (strcmp(event, "log") == 0) {
        take_text(&h->log_before, doc, "before");
        take_text(&h->log_after, doc, "after");
        h->log_at = int_of(doc, "at", 0);
        h->log_n = int_of(doc, "n", 0);
    }
}

static void fold_line(struct fst_run_view *view, struct fst_history *h, const char *p, size_t n)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc;
    if (fst_json_parse(a, "events", p, n, NULL, &doc, NULL) == FST_OK) {
        const char *event = fst_doc_string(doc, "event", "");
        view->updated_us = int_of(doc, "t", view->updated_us);
        if (strcmp(event, "progress") == 0)
            fold_progress(view, doc);
        else if (strcmp(event, "state") == 0)
            fold_state(view, doc, h);
        else if (h)
            fold_history(h, event, doc);
    }
    fst_arena_free(a);
}

/* Fold the whole lines of `p`; returns how many bytes they were. */
static size_t fold_lines(struct fst_run_view *view, struct fst_history *h, const char *p, size_t n)
{
    size_t used = 0;
    const char *end;
    while ((end = memchr(p + used, '\n', n - used))) {
        size_t len = (size_t)(end - (p + used));
        fold_line(view, h, p + used, len);
        used += len + 1;
    }
    return used;
}

enum fst_status fst__events_fold(const char *path, struct fst_run_view *view,
                                 struct fst_history *history, struct fst_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? FST_OK : fst_fail_errno(err, "%s", path);
    size_t cap = READ_BYTES;
    char *bytes = fst_alloc(cap);
    ssize_t got;
    while ((got = pread(fd, bytes, cap, (off_t)view->offset)) > 0) {
        size_t used = fold_lines(view, history, bytes, (size_t)got);
        view->offset += used;
        if (used == 0 && (size_t)got < cap)
            break;
        if (used == 0 && cap >= (1u << 20)) {
            view->offset += (size_t)got; /* a line over 1 MB is not ours */
        } else if (used == 0) {
            cap *= 2;
            bytes = fst_realloc(bytes, cap);
        }
    }
    free(bytes);
    close(fd);
    return FST_OK;
}

enum fst_status fst__events_history(const char *path, struct fst_history *out,
                                    struct fst_error *err)
{
    *out = (struct fst_history){.rows = -1};
    return fst__events_fold(path, &out->view, out, err);
}

void fst__history_done(struct fst_history *h)
{
    free(h->handle);
    free(h->log_before);
    free(h->log_after);
    *h = (struct fst_history){0};
}

enum fst_status fst_run_read_events(const struct fst_run_place *place, const char *id,
                                    struct fst_run_view *view, struct fst_error *err)
{
    char *path = fst__run_path(place, id, "events");
    enum fst_status status = fst__events_fold(path, view, NULL, err);
    free(path);
    return status;
}

enum fst_status fst_run_read_log(const struct fst_run_place *place, const char *id,
                                 uint64_t *offset, size_t max, struct fst_buf *out,
                                 struct fst_error *err)
{
    char *path = fst__run_path(place, id, "log");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum fst_status status = FST_OK;
    if (fd < 0) {
        status = errno == ENOENT ? FST_OK : fst_fail_errno(err, "%s", path);
        free(path);
        return status;
    }
    char *bytes = fst_alloc(READ_BYTES);
    if (max > out->max - out->n)
        max = out->max - out->n; /* what is not taken now is there the next time */
    while (max > 0) {
        ssize_t got = pread(fd, bytes, max < READ_BYTES ? max : READ_BYTES, (off_t)*offset);
        if (got <= 0)
            break;
        fst_buf_add(out, bytes, (size_t)got);
        *offset += (uint64_t)got;
        max -= (size_t)got;
    }
    free(bytes);
    free(path);
    close(fd);
    return status;
}

uint64_t fst_run_log_end(const struct fst_run_place *place, const char *id, uint64_t keep)
{
    char *path = fst__run_path(place, id, "log"), piece[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
    uint64_t at = size > 0 && (uint64_t)size > keep ? (uint64_t)size - keep : 0;
    ssize_t got = at ? pread(fd, piece, sizeof piece, (off_t)at) : 0;
    const char *end = got > 0 ? memchr(piece, '\n', (size_t)got) : NULL;
    if (end) /* the line that is begun is left out */
        at += (uint64_t)(end - piece) + 1;
    if (fd >= 0)
        close(fd);
    free(path);
    return at;
}
