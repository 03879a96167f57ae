/* Reading of rows. A reader stays open with the view; more rows are fetched when the
 * cursor comes near an end of what is there, by one task at a time, which has the reader for
 * itself. Where a table can be read from anywhere, rows before those that are there, and rows far
 * away, come from a reader that begins there; and where columns are out of sight only the others
 * are read, until somebody goes sideways, looks for something, or wants a whole row. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/sql.h"
#include "preview.h"

#define FIRST_ROWS 200
#define FIRST_ROWS_WIDE 60
#define WIDE_COLUMNS 100
#define WIDE_CAP (8 << 20) /* bytes that reading them may hold */
#define MAX_SIGHT 400
#define MORE_ROWS 2000
#define MORE_BYTES (2 << 20) /* and no more rows than take so much, but a page */
#define TO_END 10            /* times as many rows at once, on the way to the end */
#define MAX_ROWS 1000000     /* kept of what can be read from the front only, */
#define MAX_CELLS 20000000   /* and fewer of wide tables */

struct preview_task {
    struct task task;
    char *target, *where, *sort;
    struct rows *rows;
    struct fst_frame **frames;
    size_t n_frames, frames_cap;
    size_t wanted;
    uint64_t limit;  /* of an opened reader */
    unsigned number; /* of the question */
    size_t *columns; /* that are read; NULL = all */
    char **names;
    size_t n_columns;
    int cols;                  /* of the screen */
    struct fst_schema *schema; /* of all columns, when the reader has some only; else NULL */
    int64_t total;             /* rows, then */
    enum { TAKE_AFTER, TAKE_BEFORE, TAKE_ANEW, TAKE_WHOLE } how; /* whole: the row at `from` */
    uint64_t from;                                               /* its first row */
    bool opening, first, ended, is_wide;
    struct fst_problem problem;
};

/* ---- Reading --------------------------------------------------------------------------------- */

static bool wants_stop(void *arg)
{
    return ((struct rows *)arg)->stop;
}

static struct rows *rows_hold(struct rows *r)
{
    r->holders++;
    return r;
}

static void rows_drop(struct rows *r)
{
    if (!r || --r->holders)
        return;
    fst_reader_close(r->reader);
    fst_place_done(&r->place);
    free(r);
}

void preview_rows_stop(struct rows **r)
{
    if (*r)
        (*r)->stop = true;
    rows_drop(*r);
    *r = NULL;
}

const struct fst_place *preview_place(const struct preview *p)
{
    return p->told ? &p->told->place : NULL;
}

const struct fst_resource *preview_resource(const struct preview *p)
{
    return p->told ? p->told->place.resource : NULL;
}

static enum fst_status open_reader(struct preview_task *p)
{
    /* queries group by two threads when nobody counts */
    p->rows->is_counted = p->where && strncmp(p->target, "sql:", 4) != 0;
    struct fst_preview_options o = {.where = p->where,
                                    .sort = p->sort,
                                    .offset = p->rows->at,
                                    .limit = p->limit,
                                    .columns = (const char *const *)p->names,
                                    .n_columns = p->n_columns,
                                    .memory_cap = p->is_wide ? WIDE_CAP : 0,
                                    .skipped = p->rows->is_counted ? &p->rows->skipped : NULL,
                                    .cancelled = wants_stop,
                                    .cancel_arg = p->rows};
    return fst_app_preview(p->task.wb->app, p->target, &o, &p->rows->reader, &p->rows->place,
                           &p->problem, &p->task.err);
}

/* Columns that a name tells apart, as those to read. */
static bool read_only_these(struct preview_task *t, const struct fst_schema *schema,
                            const size_t *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fst_schema_find(schema, schema->fields[columns[i]].name) != (int)columns[i])
            return false;
    t->columns = fst_alloc((n + 1) * sizeof *t->columns);
    t->names = fst_alloc((n + 1) * sizeof *t->names);
    t->n_columns = n;
    for (size_t i = 0; i < n; i++) {
        t->columns[i] = columns[i];
        t->names[i] = fst_strdup(schema->fields[columns[i]].name);
    }
    return true;
}

/* Queries give their rows from the front only. */
static bool is_seekable(const struct rows *r)
{
    bool is_sorted = r->place.resource && r->place.resource->kind == FST_TRAINING_SET;
    return !r->place.table && !is_sorted && r->reader->total_rows >= 0;
}

/* The first columns that fill the screen are read, when that leaves out three or more. */
static void narrow(struct preview_task *p)
{
    struct rows *r = p->rows;
    const struct fst_schema *schema = r->reader->schema;
    size_t columns[MAX_SIGHT], n = fst_grid_first_columns(schema, p->cols);
    n = n < MAX_SIGHT ? n : MAX_SIGHT;
    for (size_t i = 0; i < n; i++)
        columns[i] = i;
    if (schema->n <= n + 2 || p->where || p->sort || !is_seekable(r) ||
        !read_only_these(p, schema, columns, n))
        return;
    p->how = TAKE_ANEW;
    p->schema = fst_schema_copy(schema);
    p->total = r->reader->total_rows;
    p->limit = p->wanted = FIRST_ROWS_WIDE;
    p->is_wide = schema->n > WIDE_COLUMNS;
    fst_reader_close(r->reader);
    fst_place_done(&r->place);
    r->reader = NULL;
    p->task.status = open_reader(p);
}

static void read_rows(struct preview_task *p)
{
    struct task *t = &p->task;
    if (p->opening)
        t->status = open_reader(p);
    if (p->first && t->status == FST_OK && !p->where)
        fst_reader_total(p->rows->reader); /* here, because it may take a while */
    if (p->first && t->status == FST_OK)
        narrow(p);
    size_t got = 0;
    while (t->status == FST_OK && got < p->wanted && !fst_job_cancelled(&t->job)) {
        struct fst_frame *f;
        t->status = fst_reader_next(p->rows->reader, p->wanted - got, &f, &t->err);
        if (t->status == FST_OK && !f) {
            p->ended = true;
            break;
        }
        if (t->status == FST_OK) {
            got += f->n_rows;
            t->rows += f->n_rows;
            p->rows->at += f->n_rows;
            fst_grow(&p->frames, &p->frames_cap, p->n_frames + 1, sizeof *p->frames);
            p->frames[p->n_frames++] = f;
        }
    }
}

static void release(struct task *t)
{
    struct preview_task *p = (struct preview_task *)t;
    for (size_t i = 0; i < p->n_frames; i++)
        fst_frame_unref(p->frames[i]);
    free(p->frames);
    for (size_t i = 0; i < p->n_columns; i++)
        free(p->names[i]);
    free(p->names);
    free(p->columns);
    fst_schema_free(p->schema);
    rows_drop(p->rows);
    free(p->target);
    free(p->where);
    free(p->sort);
}

/* The reader has given what it was asked for: it holds pages still, and what was read for
 * a condition is known when it is closed. */
static bool is_over(const struct preview_task *p)
{
    bool is_counted = p->ended && p->rows->is_counted;
    return p->rows->reader && (is_counted || p->limit == p->wanted);
}

static void work(struct task *t)
{
    struct preview_task *p = (struct preview_task *)t;
    read_rows(p);
    if (!is_over(p))
        return;
    if (!p->schema)
        p->schema = fst_schema_copy(p->rows->reader->schema);
    fst_reader_close(p->rows->reader);
    p->rows->reader = NULL;
    fst_memory_trim();
}

void preview_take_question(struct question *to, const struct question *from)
{
    free(to->where);
    free(to->sort_column);
    free(to->order);
    *to = (struct question){fst_strdup(from->where), fst_strdup(from->sort_column), from->sort,
                            fst_strdup(from->order)};
}

static bool is_same_question(const struct question *a, const struct question *b)
{
    return a->sort == b->sort && fst_text_same(a->where, b->where) &&
           fst_text_same(a->order, b->order) && fst_text_same(a->sort_column, b->sort_column);
}

void preview_forget_marks(struct view *v)
{
    struct preview *p = v->state;
    struct fst_buf n = FST_BUF(64);
    uint64_t marked = fst_grid_marked(&p->grid);
    if (!marked)
        return;
    fst_count_text(&n, (int64_t)marked);
    fst_grid_unmark(&p->grid);
    wb_say(v->wb, FST_ROLE_INFO, "%s row%s no longer marked: the rows are others now",
           fst_buf_text(&n), marked == 1 ? " is" : "s are");
    fst_buf_done(&n);
}

/* What is marked stays so. */
static void open_grid(struct preview *p, const struct fst_schema *schema)
{
    struct fst_grid before = p->grid;
    p->grid.marks = NULL;
    fst_grid_done(&p->grid);
    fst_schema_free(p->schema);
    p->schema = fst_schema_copy(schema);
    fst_grid_open(&p->grid, p->schema);
    p->grid.marks = before.marks;
    p->grid.n_marks = before.n_marks;
    p->grid.marks_cap = before.marks_cap;
}

static void take_schema(struct view *v, const struct preview_task *t)
{
    struct preview *p = v->state;
    if (!is_same_question(&p->asked, &p->answered))
        preview_forget_marks(v);
    preview_take_question(&p->answered, &p->asked);
    grids_keep(v);
    open_grid(p, t->schema ? t->schema : t->rows->reader->schema);
    preview_find_again(p);
    p->grid.total_rows = p->asked.where ? -1 : t->schema ? t->total : t->rows->reader->total_rows;
    p->grid.can_seek =
        !p->asked.where && !p->asked.sort && !p->asked.order && (t->schema || is_seekable(t->rows));
    free(p->label);
    free(p->run_id);
    p->label = fst_strdup(t->rows->place.label);
    p->run_id = fst_strdup(t->rows->place.run_id);
    p->read_bytes = p->all_bytes = 0;
    p->opened = true;
    grids_recall(v);
}

/* What was typed on that line of the question: the condition on the second, the order last. */
static const char *typed_on(const struct question *q, uint32_t line)
{
    bool has_where = q->where && *q->where;
    return line == 2 && has_where ? q->where : line == (has_where ? 4 : 2) ? q->order : NULL;
}

/* The place in what was typed, when a problem is in the condition or order. */
static bool add_place(struct fst_buf *out, const char *typed, uint32_t col)
{
    size_t n = typed ? strlen(typed) : 0, at = 0;
    if (!typed || col < 1)
        return false;
    for (uint32_t cp, i = 1; i < col && at < n; i++)
        at += fst_utf8_decode(typed + at, n - at, &cp);
    fst_buf_adds(out, "  at: ");
    fst_text_escape(out, typed, at);
    fst_buf_adds(out, at && typed[at - 1] != ' ' ? " >> " : ">> ");
    fst_text_escape(out, typed + at, n - at);
    return true;
}

static void say_problem(struct preview *p, const struct preview_task *t)
{
    struct fst_buf text = FST_BUF(8192), place = FST_BUF(1024);
    struct fst_problem problem = t->problem;
    if (add_place(&place, typed_on(&p->asked, problem.line), problem.col))
        problem.line = 0; /* of a text that nobody saw */
    fst_problem_text(&text, &problem, t->task.err.text);
    const char *line = fst_buf_text(&text);
    snprintf(p->status, sizeof p->status, "%.*s%s", (int)strcspn(line, "\n"), line,
             fst_buf_text(&place));
    fst_buf_done(&text);
    fst_buf_done(&place);
}

static void restart(struct preview *p, const struct preview_task *t)
{
    if (t->columns)
        fst_grid_restart_part(&p->grid, t->from, t->columns, t->n_columns);
    else
        fst_grid_restart(&p->grid, t->from);
    preview_find_again(p); /* the columns are others */
}

static void take_place(struct preview *p, const struct preview_task *t)
{
    if (!t->opening || t->rows != p->rows)
        return;
    rows_drop(p->told);
    p->told = rows_hold(t->rows);
}

/* Returns whether the grid goes on where the task's rows end. */
static bool take_frames(struct preview *p, const struct preview_task *t)
{
    if (t->how == TAKE_WHOLE) {
        if (t->n_frames)
            fst_grid_keep_whole(&p->grid, t->from, t->frames[0]);
        return true;
    }
    if (t->how == TAKE_BEFORE) {
        bool is_whole = t->rows->at == p->grid.first;
        if (is_whole)
            fst_grid_prepend(&p->grid, t->frames, t->n_frames);
        return is_whole;
    }
    if (t->how == TAKE_ANEW && (t->task.status == FST_OK || t->n_frames))
        restart(p, t);
    for (size_t i = 0; i < t->n_frames; i++)
        fst_grid_append(&p->grid, t->frames[i]);
    p->ended = t->ended;
    p->grid.complete = t->ended;
    return true;
}

static void take_counts(struct preview *p, const struct preview_task *t)
{
    if (!t->ended || !t->rows->is_counted)
        return;
    p->read_bytes = t->rows->skipped.bytes_read;
    p->all_bytes = t->rows->skipped.all.bytes;
}

static uint64_t most_rows(const struct preview *p)
{
    uint64_t n = MAX_CELLS / (p->schema->n ? p->schema->n : 1);
    return n > MAX_ROWS ? MAX_ROWS : n < FIRST_ROWS ? FIRST_ROWS : n;
}

/* Rows that can be read from the front only, and not all of which are there. */
bool preview_is_front_only(const struct preview *p)
{
    return !p->grid.can_seek && !p->grid.complete;
}

/* On the way to the end the cursor keeps to it; no key stops that but one that moves. */
void preview_keep_to_end(struct view *v)
{
    struct preview *p = v->state;
    struct fst_buf rows = FST_BUF(64);
    if (!p->to_end)
        return;
    fst_grid_goto(&p->grid, UINT64_MAX);
    p->to_end = preview_is_front_only(p);
    if (p->to_end && p->grid.n_rows >= most_rows(p)) {
        p->to_end = false;
        fst_count_text(&rows, (int64_t)p->grid.n_rows);
        wb_say(v->wb, FST_ROLE_WARN,
               "only the first %s rows are kept; a condition (w) shows others",
               fst_buf_text(&rows));
    }
    fst_buf_done(&rows);
}

/* Of rows that can be read from the front only, those up to it are read first. */
void preview_goto_cell(struct view *v, uint64_t row, size_t column)
{
    struct preview *p = v->state;
    uint64_t end = p->grid.first + p->grid.n_rows;
    p->grid.col = column;
    p->to_row = !p->grid.can_seek && row >= end && row < most_rows(p);
    p->wanted = row;
    if (!p->grid.can_seek && row >= most_rows(p)) {
        struct fst_buf text = FST_BUF(64);
        fst_count_text(&text, (int64_t)row + 1);
        wb_say(v->wb, FST_ROLE_WARN, "it is in row %s, which is not kept; a condition (w) shows it",
               fst_buf_text(&text));
        fst_buf_done(&text);
        return;
    }
    fst_grid_goto(&p->grid, row);
    preview_more(v);
}

static void keep_to_row(struct preview *p)
{
    if (!p->to_row)
        return;
    fst_grid_goto(&p->grid, p->wanted);
    p->to_row = p->wanted >= p->grid.n_rows && !p->grid.complete;
}

/* A question that failed is taken back: the rows in the grid answer the one before. */
static void ask_as_before(struct view *v)
{
    struct preview *p = v->state;
    bool is_same = is_same_question(&p->asked, &p->answered);
    preview_take_question(&p->asked, &p->answered);
    if (!is_same)
        preview_start(v);
}

static void done(struct task *t, struct view *v)
{
    struct preview_task *pt = (struct preview_task *)t;
    if (!v)
        return;
    struct preview *p = v->state;
    if (pt->number != p->number)
        return; /* of one that was asked anew */
    p->loading = false;
    if (t->status == FST_OK && pt->first)
        take_schema(v, pt);
    if (t->status == FST_OK)
        take_place(p, pt);
    bool goes_on = take_frames(p, pt);
    take_counts(p, pt);
    if (pt->how == TAKE_BEFORE)
        preview_rows_stop(&p->before);
    if (pt->how == TAKE_WHOLE)
        preview_rows_stop(&p->one);
    if (t->status != FST_OK) {
        say_problem(p, pt);
        if (p->opened)
            wb_say(t->wb, FST_ROLE_ERROR, "%s", p->status);
        p->ended = p->opened;
        p->to_end = false;
        p->failed = true;
        if (p->opened && pt->first)
            ask_as_before(v);
        return;
    }
    p->status[0] = '\0';
    preview_keep_to_end(v);
    keep_to_row(p);
    if (pt->how == TAKE_ANEW && !pt->columns)
        preview_find_came(v);
    if (goes_on)
        preview_more(v);
    if (p->wants && wb_top(v->wb) == v)
        preview_want(v, p->wants);
}

static struct preview_task *new_task(struct view *v, struct rows *rows, size_t wanted)
{
    struct preview *p = v->state;
    p->loading = true;
    struct preview_task *t =
        wb_task_new(v->wb, v, sizeof(struct preview_task), work, done, release);
    t->rows = rows_hold(rows);
    t->wanted = wanted;
    t->number = p->number;
    return t;
}

char *preview_order_text(const struct question *q)
{
    if (q->order)
        return fst_strdup(q->order);
    if (!q->sort)
        return NULL;
    struct fst_buf text = FST_BUF_TEXT;
    fst_sql_quote(&text, q->sort_column);
    fst_buf_adds(&text, q->sort < 0 ? " DESC" : "");
    return fst_buf_take(&text);
}

/* Of a wide table what is read at a time is all that its reader is asked for: so it holds the pages
 * of one column, not of all of them. */
static bool is_wide(const struct preview *p)
{
    return p->schema->n > WIDE_COLUMNS;
}

/* A reader of its own, from row `at` on. */
static struct preview_task *opening_task(struct view *v, struct rows **rows, uint64_t at,
                                         uint64_t limit, size_t wanted)
{
    struct preview *p = v->state;
    preview_rows_stop(rows);
    *rows = rows_hold(fst_alloc(sizeof **rows));
    (*rows)->at = at;
    struct preview_task *t = new_task(v, *rows, wanted);
    t->from = at;
    t->cols = fst_term_surface(v->wb->term).cols;
    t->target = fst_strdup(v->target ? v->target : "");
    t->where = p->asked.where && *p->asked.where ? fst_strdup(p->asked.where) : NULL;
    t->sort = preview_order_text(&p->asked);
    t->opening = true;
    t->is_wide = p->schema && is_wide(p);
    t->limit = limit;
    return t;
}

/* What is under way: answers to it are not wanted any more. */
static void stop_reading(struct view *v)
{
    struct preview *p = v->state;
    wb_tasks_cancel(v->wb, v->id);
    preview_rows_stop(&p->before);
    preview_rows_stop(&p->one);
    p->number++;
}

void preview_start(struct view *v)
{
    struct preview *p = v->state;
    stop_reading(v);
    p->to_end = p->to_row = p->failed = false;
    p->tried = UINT64_MAX;
    preview_seek_stop(p);
    bool is_query = p->asked.sort || p->asked.order || (p->asked.where && *p->asked.where);
    uint64_t limit = is_query ? MAX_ROWS + 1 : INT64_MAX; /* one tells that there are more */
    struct preview_task *t = opening_task(v, &p->rows, 0, limit, FIRST_ROWS);
    t->first = true;
    wb_task_start(&t->task, p->asked.sort ? "sorting"
                            : is_query    ? "looking for rows"
                                          : "reading rows");
}

/* Those in sight and `around` more on either side, when that leaves out three or more. */
static void choose_columns(const struct preview *p, struct preview_task *t, size_t around)
{
    size_t columns[MAX_SIGHT], n = fst_grid_in_sight(&p->grid, around, columns, MAX_SIGHT);
    if (p->schema->n > n + 2 && n > 0 && n < MAX_SIGHT)
        read_only_these(t, p->schema, columns, n);
}

/* Those that the rows that are there have. */
static void choose_same_columns(const struct preview *p, struct preview_task *t)
{
    size_t columns[MAX_SIGHT];
    if (p->grid.part)
        read_only_these(t, p->schema, columns, fst_grid_part(&p->grid, columns));
}

static uint64_t limit_of(const struct preview *p, uint64_t wanted)
{
    return is_wide(p) ? wanted : INT64_MAX;
}

/* Rows from `from` on, for what is in sight and a page on either side. */
static void read_anew(struct view *v, uint64_t from, size_t around)
{
    struct preview *p = v->state;
    size_t wanted = (size_t)p->grid.page_rows * 3;
    struct preview_task *t = opening_task(v, &p->rows, from, limit_of(p, wanted), wanted);
    t->how = TAKE_ANEW;
    choose_columns(p, t, around);
    t->limit = t->columns ? wanted : t->limit;
    wb_task_start(&t->task, "reading rows");
}

/* The rows in sight with other columns; till then they stay as they are. Who goes sideways goes on
 * that way, and what is looked for may be in any column. */
static void other_columns(struct view *v)
{
    struct preview *p = v->state;
    const struct fst_grid *g = &p->grid;
    uint64_t page = (uint64_t)g->page_rows;
    size_t around = p->finder.text[0] ? g->schema->n : g->left ? g->n_sight : 0;
    read_anew(v, g->top > page ? g->top - page : 0, around);
}

void preview_drawn(struct view *v)
{
    const struct preview *p = v->state;
    bool is_part = p->opened && p->grid.part && !p->loading && !p->failed;
    if (is_part && (p->finder.text[0] || fst_grid_lacks_columns(&p->grid)))
        other_columns(v);
}

/* Rows from `from` on, whatever is under way. */
static void anew(struct view *v, uint64_t from)
{
    struct preview *p = v->state;
    stop_reading(v);
    fst_grid_restart(&p->grid, from);
    read_anew(v, from, 0);
}

/* So many rows at a time: fewer where they are long, since nobody waits for what is not in sight.
 */
static uint64_t chunk(const struct preview *p)
{
    uint64_t n = MORE_BYTES / fst_grid_row_bytes(&p->grid);
    uint64_t least = (uint64_t)p->grid.page_rows;
    n = n < MORE_ROWS ? n : MORE_ROWS;
    return n > least ? n : least;
}

static void before(struct view *v)
{
    struct preview *p = v->state;
    uint64_t end = p->grid.first, from = end > chunk(p) ? end - chunk(p) : 0;
    struct preview_task *t = opening_task(v, &p->before, from, end - from, (size_t)(end - from));
    t->how = TAKE_BEFORE;
    choose_same_columns(p, t);
    wb_task_start(&t->task, "reading rows");
}

static void after(struct view *v, uint64_t from)
{
    struct preview *p = v->state;
    bool goes_on =
        p->rows && p->rows->reader && p->rows->at == from && !(is_wide(p) && p->grid.can_seek);
    uint64_t n = chunk(p) * (p->to_end || p->to_row ? TO_END : 1);
    if (!p->grid.can_seek && (!goes_on || p->grid.n_rows >= most_rows(p)))
        return;
    if (!p->grid.can_seek && n > most_rows(p) - p->grid.n_rows)
        n = most_rows(p) - p->grid.n_rows;
    struct preview_task *t = goes_on ? new_task(v, p->rows, (size_t)n)
                                     : opening_task(v, &p->rows, from, limit_of(p, n), (size_t)n);
    if (!goes_on)
        choose_same_columns(p, t);
    wb_task_start(&t->task, "reading rows");
}

void preview_read_whole_row(struct view *v)
{
    struct preview *p = v->state;
    if (!p->grid.part || p->loading || p->tried == p->grid.row)
        return;
    struct preview_task *t = opening_task(v, &p->one, p->grid.row, 1, 1);
    t->how = TAKE_WHOLE;
    p->tried = p->grid.row;
    wb_task_start(&t->task, "reading a row");
}

void preview_more(struct view *v)
{
    struct preview *p = v->state;
    uint64_t from;
    if (!p->opened)
        return;
    enum fst_grid_want want = fst_grid_wants(&p->grid, &from);
    if (want == FST_GRID_ANEW)
        anew(v, from);
    else if (want == FST_GRID_BEFORE && !p->loading)
        before(v);
    else if (want == FST_GRID_AFTER && !p->loading && !(p->ended && !p->grid.can_seek))
        after(v, from);
}
