/* Queries of the embedded engine over rows that are somewhere: files of one target or of several,
 * each by the name that the query has for it. What a provider alone can read is asked there. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

/* A local session and what it reads from live as long as the reader over them. */
struct over {
    struct fst_reader reader;
    struct fst_reader *inner;
    struct fst_session *session;
    const struct fst_engine *engine;
    struct fst_arena *arena;
};

static enum fst_status over_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    return fst_reader_next(((struct over *)r)->inner, max_rows, out, err);
}

static void over_close(struct fst_reader *r)
{
    struct over *q = (struct over *)r;
    fst_reader_close(q->inner);
    if (q->session)
        q->engine->close(q->session);
    fst_arena_free(q->arena);
    free(q);
}

static const struct fst_reader_ops over_ops = {.next = over_next, .close = over_close};

static struct fst_input *copy_inputs(struct fst_arena *a, const struct fst_input *inputs, size_t n)
{
    struct fst_input *copy = fst_arena_alloc(a, (n + 1) * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = (struct fst_input){.name = fst_arena_strdup(a, inputs[i].name),
                                     .uri = fst_arena_strdup(a, inputs[i].uri),
                                     .format = fst_arena_strdup(a, inputs[i].format),
                                     .options = inputs[i].options};
    return copy;
}

static enum fst_status ask(struct fst_app *a, struct over *q, const struct fst_input *inputs,
                           size_t n, const char *sql, const struct fst_preview_options *o,
                           uint64_t limit, struct fst_problem *problem, struct fst_error *err)
{
    int64_t space_mb = fst_app_setting_int(a, "sort.space");
    struct fst_work *work = fst_arena_alloc(q->arena, sizeof *work);
    *work = (struct fst_work){.sql = fst_arena_strdup(q->arena, sql),
                              .inputs = copy_inputs(q->arena, inputs, n),
                              .n_inputs = n,
                              .name = "preview",
                              .time_zone = fst_arena_strdup(q->arena, fst_app_time_zone(a)),
                              .skipped = o->skipped,
                              .temp_bytes = space_mb > 0 ? (uint64_t)space_mb << 20 : 1,
                              .memory_bytes = fst__local_memory(a),
                              .cancelled = o->cancelled,
                              .cancel_arg = o->cancel_arg};
    q->engine = fst_engine_named("local");
    FST_TRY(q->engine->open(NULL, &q->session, err));
    return q->engine->query(q->session, work, limit, &q->inner, problem, err);
}

enum fst_status fst__query_over(struct fst_app *a, const struct fst_input *inputs, size_t n,
                                const char *sql, const struct fst_preview_options *o,
                                uint64_t limit, struct fst_reader **out,
                                struct fst_problem *problem, struct fst_error *err)
{
    struct over *q = fst_alloc(sizeof *q);
    struct fst_problem ignored;
    q->arena = fst_arena_new();
    *out = NULL;
    enum fst_status status = ask(a, q, inputs, n, sql, o, limit, problem ? problem : &ignored, err);
    if (status != FST_OK) {
        over_close(&q->reader);
        return status;
    }
    q->reader = (struct fst_reader){
        .ops = &over_ops, .schema = q->inner->schema, .total_rows = q->inner->total_rows};
    *out = &q->reader;
    return FST_OK;
}

/* ---- Of one target --------------------------------------------------------------------------- */

/* SELECT what FROM rows [WHERE where] rest; the user's condition stands on lines of its own. */
static void add_sql(struct fst_buf *sql, const char *select, const char *rows, const char *where,
                    const char *rest)
{
    fst_buf_printf(sql, "SELECT %s FROM %s", select, rows);
    if (where && *where)
        fst_buf_printf(sql, " WHERE\n%s\n", where);
    fst_buf_printf(sql, " %s", rest);
}

static enum fst_status rows_there(const struct fst_place *p, struct fst_buf *rows,
                                  struct fst_error *err)
{
    size_t n = p->query ? strlen(p->query) : 0;
    while (n && strchr("; \t\r\n", p->query[n - 1]))
        n--;
    if (p->query)
        fst_buf_printf(rows, "(\n%.*s\n) AS `the rows`", (int)n, p->query);
    else if (p->reference)
        fst_buf_adds(rows, p->reference);
    else if (!fst_table_sql(p->table, rows))
        return fst_fail(err, FST_EINVAL, "%s is not a table", p->table);
    return FST_OK;
}

static enum fst_status ask_there(struct fst_app *a, const struct fst_place *p, const char *select,
                                 const char *rest, const struct fst_preview_options *o,
                                 struct fst_reader **out, struct fst_problem *problem,
                                 struct fst_error *err)
{
    struct fst_buf rows = FST_BUF_TEXT, sql = FST_BUF_TEXT;
    enum fst_status status = rows_there(p, &rows, err);
    if (status == FST_OK) {
        add_sql(&sql, select, fst_buf_text(&rows), o->where, rest);
        status = fst_app_sql(a, fst_buf_text(&sql), p->provider, o->limit, o->cancelled,
                             o->cancel_arg, out, problem, err);
    }
    fst_buf_done(&rows);
    fst_buf_done(&sql);
    return status;
}

static enum fst_status ask_here(struct fst_app *a, const struct fst_place *p, const char *select,
                                const char *rest, const struct fst_preview_options *o,
                                struct fst_reader **out, struct fst_problem *problem,
                                struct fst_error *err)
{
    struct fst_input input = {
        .name = "the rows", .uri = p->uri, .format = p->format, .options = p->options};
    struct fst_buf sql = FST_BUF_TEXT;
    add_sql(&sql, select, "`the rows`", o->where, rest);
    enum fst_status status =
        fst__query_over(a, &input, 1, fst_buf_text(&sql), o, o->limit, out, problem, err);
    fst_buf_done(&sql);
    return status;
}

enum fst_status fst_app_select(struct fst_app *a, const char *target, const char *select,
                               const char *rest, const struct fst_preview_options *o,
                               struct fst_reader **out, struct fst_place *place,
                               struct fst_problem *problem, struct fst_error *err)
{
    struct fst_place p;
    struct fst_problem ignored;
    enum fst_status status;
    *out = NULL;
    problem = problem ? problem : &ignored;
    FST_TRY(fst_app_find(a, target, &p, err));
    if (p.query || p.table)
        status = ask_there(a, &p, select, rest, o, out, problem, err);
    else
        status = p.uri ? ask_here(a, &p, select, rest, o, out, problem, err)
                       : fst__nothing_there(&p, err);
    if (status == FST_OK)
        *place = p;
    else
        fst_place_done(&p);
    return status;
}
