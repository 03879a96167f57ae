/* What became of a run, written down: events first, then the catalog's row; and what is asked of
 * good work before it counts. */
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "firesteel/store.h"

enum { LOG_TAIL_BYTES = 64 * 1024 };
#define FULL_DISK_PATIENCE_US ((int64_t)600 * 1000000)

static bool may_pass(enum fst_status status)
{
    return status == FST_ETIMEOUT || status == FST_ENOMEM || status == FST_EIO;
}

/* The row is an index of the events: a full disk or a busy catalog is waited for when the run has
 * ended, else the next change writes it; what is missing at last is left to the next one who opens
 * the workspace. */
void fst__agent_write_row(struct fst__agent *g)
{
    int64_t patience = fst_states[g->run->state].final ? FULL_DISK_PATIENCE_US : 0;
    int64_t until = fst_monotonic_us() + patience;
    struct fst_error err;
    for (bool said = false;; said = true) {
        enum fst_status status = fst_catalog_update_run(g->catalog, g->run, &err);
        if (status == FST_OK)
            return;
        bool on = may_pass(status) && fst_monotonic_us() < until;
        if (!said || !on)
            fst__say("the catalog could not be written%s: %s", on ? " yet, trying on" : "",
                     err.text);
        if (!on)
            return;
        fst_pause_ms(1000);
    }
}

void fst__agent_enter(struct fst__agent *g, enum fst_state state)
{
    if (g->run->state == state)
        return;
    g->run->state = state;
    if (state == FST_STATE_RUNNING && !g->run->started_us) {
        g->run->started_us = fst_now_us();
        g->running_us = fst_monotonic_us();
    }
    fst__event_state(&g->events, state);
    fst__say("%s", fst_states[state].name);
    fst__agent_write_row(g);
}

/* An end that cannot be written down is none: wait for room on the disk. */
static void write_end(struct fst__agent *g, enum fst_state state, const char *error,
                      const struct fst_problem *problem)
{
    int64_t until = fst_monotonic_us() + FULL_DISK_PATIENCE_US;
    for (;;) {
        bool done = error ? fst__event_failed(&g->events, state, error, problem)
                          : fst__event_state(&g->events, state);
        if (done || fst_monotonic_us() > until)
            return;
        fst_pause_ms(1000);
    }
}

/* A clock that was set back must not make a run end before it began. */
static int64_t after(int64_t us, int64_t earlier_us)
{
    return us > earlier_us ? us : earlier_us;
}

void fst__agent_end(struct fst__agent *g, enum fst_state state, const char *error,
                    const struct fst_problem *problem)
{
    error = error && *error ? error : NULL;
    g->run->state = state;
    g->run->finished_us = after(fst_now_us(), after(g->run->started_us, g->run->created_us));
    g->run->error = fst_arena_strdup(g->run->arena, error);
    write_end(g, state, error, problem);
    fst__say("%s%s%s", fst_states[state].name, error ? ": " : "", error ? error : "");
    fst__agent_write_row(g);
}

void fst__agent_end_lost(struct fst__agent *g, const char *why)
{
    bool unheard = g->run->cancel_wanted && !g->cancel_sent;
    char *text = fst_asprintf("%s%s", why,
                              unheard ? "; it could not be cancelled as asked, and may still run: "
                                        "firesteel reattach looks again and cancels it"
                                      : "");
    fst__agent_end(g, FST_STATE_LOST, text, NULL);
    free(text);
}

/* ---- Why it failed --------------------------------------------------------------------------- */

static char *log_tail(struct fst__agent *g, size_t *n)
{
    struct fst_buf text = FST_BUF(LOG_TAIL_BYTES + 1);
    char *path = fst__run_path(g->place, g->run->id, "log");
    fst_file_tail(path, LOG_TAIL_BYTES, &text);
    free(path);
    *n = text.n;
    return fst_buf_take(&text);
}

/* Conditions by which Spark says what failed, and not why: the cause stands in the log. */
static bool hides_its_cause(const char *condition)
{
    static const char *const all[] = {"TASK_WRITE_FAILED", "FAILED_READ_FILE", "INTERNAL_ERROR",
                                      "_LEGACY_ERROR"};
    bool hides = false;
    for (size_t i = 0; i < FST_COUNT(all); i++)
        hides |= strncmp(condition, all[i], strlen(all[i])) == 0;
    return hides;
}

/* By the error; by what the log ended with, when Spark does not name the error itself. */
static const struct fst_remedy *remedy_of(struct fst__agent *g, const struct fst_problem *problem,
                                          const char *error)
{
    size_t n;
    const struct fst_remedy *found = fst_remedy_of(error, strlen(error));
    bool is_named = problem && problem->condition[0] && !hides_its_cause(problem->condition);
    if (found || is_named)
        return found;
    char *tail = log_tail(g, &n);
    found = fst_remedy_of(tail, n);
    free(tail);
    return found;
}

/* What to do first, when that is known; then the error, with the place in the text. */
void fst__agent_end_failed(struct fst__agent *g, const struct fst_problem *problem,
                           const struct fst_error *err)
{
    struct fst_buf text = FST_BUF(8192), line = FST_BUF(8192);
    fst_problem_text(&text, problem, err->text);
    const struct fst_remedy *remedy = remedy_of(g, problem, fst_buf_text(&text));
    if (remedy)
        fst_buf_printf(&line, "%s: %s\n", remedy->what, remedy->remedy);
    fst_buf_adds(&line, fst_buf_text(&text));
    fst__agent_end(g, err->status == FST_ECANCELLED ? FST_STATE_CANCELLED : FST_STATE_FAILED,
                   fst_buf_text(&line), problem);
    fst_buf_done(&text);
    fst_buf_done(&line);
}

/* ---- The end of good runs -------------------------------------------------------------------- */

int64_t fst__count_rows(const char *uri)
{
    struct fst_reader *reader;
    struct fst_read_options options = {0};
    if (!uri || !*uri || fst_store_open_table(uri, "parquet", &options, &reader, NULL) != FST_OK)
        return -1;
    int64_t rows = fst_reader_total(reader);
    fst_reader_close(reader);
    return rows;
}

/* The first cell of the answer; -1 when there is none. */
static int64_t ask_number(struct fst__agent *g, const char *sql)
{
    struct fst_work work = g->job.work;
    struct fst_problem problem = {0};
    struct fst_reader *reader;
    struct fst_frame *f = NULL;
    int64_t answer = -1;
    work.sql = sql;
    work.python = NULL;
    if (!g->engine->query ||
        g->engine->query(g->session, &work, 1, &reader, &problem, NULL) != FST_OK)
        return -1;
    if (fst_reader_next(reader, 1, &f, NULL) == FST_OK && f && f->n_rows && f->n_columns)
        answer = fst_column_int(&f->columns[0], 0);
    fst_frame_unref(f);
    fst_reader_close(reader);
    return answer;
}

static void answer_questions(struct fst__agent *g)
{
    for (size_t i = 0; g->engine->query && i < g->job.n_questions; i++) {
        int64_t n = ask_number(g, g->job.questions[i].sql);
        char *text = n < 0 ? fst_asprintf("%s: not known", g->job.questions[i].what)
                           : fst_asprintf("%s: %lld", g->job.questions[i].what, (long long)n);
        fst__event_note(&g->events, text);
        fst__say("%s", text);
        free(text);
    }
}

static void note_columns(struct fst__agent *g, const struct fst_schema *schema)
{
    struct fst_error err;
    if (fst_catalog_set_columns(g->catalog, g->run->resource_id, schema, &err) != FST_OK)
        fst__say("the columns were not noted: %s", err.text);
}

/* Where the engine does not tell, the output does, if it can be read from here. */
static void note_columns_of_output(struct fst__agent *g, const char *uri)
{
    struct fst_reader *reader;
    struct fst_read_options options = {0};
    if (!uri || !*uri || fst_catalog_knows_columns(g->catalog, g->run->resource_id) ||
        fst_store_open_table(uri, "parquet", &options, &reader, NULL) != FST_OK)
        return;
    note_columns(g, reader->schema);
    fst_reader_close(reader);
}

static int64_t rows_of_outcome(struct fst__agent *g)
{
    struct fst_outcome o = {.rows = -1, .bytes = -1, .files = -1};
    if (!g->engine->outcome || g->engine->outcome(g->session, &o, NULL) != FST_OK)
        return -1;
    fst__event_outcome(&g->events, &o);
    if (o.schema)
        note_columns(g, o.schema);
    fst_schema_free(o.schema);
    return o.rows;
}

/* The engine's mark of an output that is whole. Where we may not look, the engine's word counts. */
static bool lacks_success(const char *output)
{
    const struct fst_store *store;
    struct fst_entry entry;
    struct fst_error err = {0};
    if (!output || fst_store_of(output, &store, NULL) != FST_OK)
        return false;
    struct fst_arena *a = fst_arena_new();
    char *success = fst_asprintf("%s/_SUCCESS", output);
    enum fst_status status = fst_store_stat(success, &entry, a, &err);
    if (status != FST_OK && status != FST_ENOTFOUND)
        fst__say("%s was not looked for: %s", success, err.text);
    free(success);
    fst_arena_free(a);
    return status == FST_ENOTFOUND;
}

/* READY means that the output is there, whole. A job of one's own has none that we know of. */
void fst__agent_end_ready(struct fst__agent *g, const struct fst_progress *p)
{
    const char *output = g->job.work.program ? NULL : g->run->output;
    if (lacks_success(output)) {
        fst__agent_end(g, FST_STATE_FAILED,
                       "the engine says that it is done, but the output has no _SUCCESS", NULL);
    } else {
        answer_questions(g);
        int64_t told = rows_of_outcome(g);
        note_columns_of_output(g, output);
        g->run->rows = p->rows >= 0 ? p->rows : told >= 0 ? told : fst__count_rows(output);
        fst__agent_end(g, FST_STATE_READY, NULL, NULL);
    }
}

/* ---- How the time was spent ------------------------------------------------------------------ */

void fst__agent_keep_profile(struct fst__agent *g)
{
    struct fst_profile *profile = NULL;
    if (!g->engine->profile || g->engine->profile(g->session, &profile, NULL) != FST_OK)
        return;
    struct fst_buf json = FST_BUF((size_t)32 << 20);
    char *path = fst__run_path(g->place, g->run->id, "profile.json");
    fst_profile_write(profile, &json);
    if (!json.over)
        fst_file_write(path, json.p, json.n, 0600, NULL);
    free(path);
    fst_buf_done(&json);
    fst_profile_free(profile);
}

enum fst_status fst_run_read_profile(const struct fst_run_place *place, const char *id,
                                     struct fst_profile **out, struct fst_error *err)
{
    char *path = fst__run_path(place, id, "profile.json"), *text;
    size_t n;
    enum fst_status status = fst_file_read(path, (size_t)32 << 20, &text, &n, err);
    if (status == FST_OK) {
        status = fst_profile_read(path, text, n, out, err);
        free(text);
    }
    free(path);
    return status;
}
