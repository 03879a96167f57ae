/* Rows of a target in a grid. A reader stays open with the view; more rows are fetched when the
 * cursor comes near an end of what is there, by one task at a time, which has the reader for
 * itself. Where a table can be read from anywhere, rows before those that are there, and rows far
 * away, come from a reader that begins there. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/sql.h"
#include "view.h"

#define FIRST_ROWS 200
#define FIRST_ROWS_WIDE 60
#define FIRST_COLUMNS 40
#define WIDE_COLUMNS 100
#define MAX_SIGHT 128
#define MORE_ROWS 2000
#define MORE_COLUMNS 40
#define TO_END 10 /* times as many rows at once, on the way to the end */
#define NAME_COLS 36
#define MAX_ROWS 1000000   /* kept of what can be read from the front only, */
#define MAX_CELLS 20000000 /* and fewer of wide tables */

/* Rows being read, and the wish to stop: the reader asks for it as long as it lives, whoever has
 * it. The view and the task that reads hold it together. */
struct rows {
    struct fst_reader *reader;
    struct fst_place place; /* the reader borrows from it */
    uint64_t at;            /* the row that comes next */
    _Atomic bool stop;
    _Atomic int holders;
};

/* What is asked of the rows. */
struct question {
    char *where, *sort_column;
    int sort; /* 0 as it lies, 1 ascending, -1 descending */
};

struct preview {
    struct fst_grid grid;
    struct rows *rows;   /* a task reads them while `loading` */
    struct rows *before; /* the same, of rows before those that are there */
    unsigned number;     /* of the question that is open: answers to others are not wanted */
    struct question asked, answered; /* answered: the one whose rows are in the grid */
    struct fst_schema *schema;
    char *label, *run_id;
    bool loading, opened, ended;
    bool to_end; /* read on until the last row is there, with the cursor at the end */
    /* of the row under the cursor, when it comes */
    enum { WANT_NOTHING, WANT_RECORD, WANT_CELL, WANT_ROW } wants;
    char status[512];
};

struct preview_task {
    struct task task;
    char *target, *where, *sort;
    struct rows *rows;
    struct fst_frame **frames;
    size_t n_frames, frames_cap;
    size_t wanted;
    uint64_t limit;  /* of an opened reader */
    unsigned number; /* of the question */
    size_t *columns; /* of a wide table those in sight; NULL = all */
    char **names;
    size_t n_columns;
    struct fst_schema *schema; /* of all columns, when the reader has some only; else NULL */
    int64_t total;             /* rows, then */
    bool opening, first, before, whole, ended;
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

static void rows_stop(struct rows **r)
{
    if (*r)
        (*r)->stop = true;
    rows_drop(*r);
    *r = NULL;
}

static enum fst_status open_reader(struct preview_task *p)
{
    struct fst_preview_options o = {.where = p->where,
                                    .sort = p->sort,
                                    .offset = p->rows->at,
                                    .limit = p->limit,
                                    .columns = (const char *const *)p->names,
                                    .n_columns = p->n_columns,
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

/* Of a wide table the first rows of the first columns are read first. */
static void narrow(struct preview_task *p)
{
    struct rows *r = p->rows;
    const struct fst_schema *schema = r->reader->schema;
    size_t columns[FIRST_COLUMNS];
    for (size_t i = 0; i < FIRST_COLUMNS; i++)
        columns[i] = i;
    if (schema->n <= WIDE_COLUMNS || p->where || p->sort || !is_seekable(r) ||
        !read_only_these(p, schema, columns, FIRST_COLUMNS))
        return;
    p->schema = fst_schema_copy(schema);
    p->total = r->reader->total_rows;
    p->limit = p->wanted = FIRST_ROWS_WIDE;
    fst_reader_close(r->reader);
    fst_place_done(&r->place);
    r->reader = NULL;
    p->task.status = open_reader(p);
}

static void work(struct task *t)
{
    struct preview_task *p = (struct preview_task *)t;
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

static void take_question(struct question *to, const struct question *from)
{
    free(to->where);
    free(to->sort_column);
    *to = (struct question){fst_strdup(from->where), fst_strdup(from->sort_column), from->sort};
}

static void take_schema(struct preview *p, const struct preview_task *t)
{
    take_question(&p->answered, &p->asked);
    fst_grid_done(&p->grid);
    fst_schema_free(p->schema);
    p->schema = fst_schema_copy(t->schema ? t->schema : t->rows->reader->schema);
    fst_grid_open(&p->grid, p->schema);
    p->grid.total_rows = p->asked.where ? -1 : t->schema ? t->total : t->rows->reader->total_rows;
    p->grid.can_seek = !p->asked.where && !p->asked.sort && (t->schema || is_seekable(t->rows));
    free(p->label);
    free(p->run_id);
    p->label = fst_strdup(t->rows->place.label);
    p->run_id = fst_strdup(t->rows->place.run_id);
    p->opened = true;
}

static void say_problem(struct preview *p, const struct preview_task *t)
{
    struct fst_buf text = FST_BUF(8192);
    fst_problem_text(&text, &t->problem, t->task.err.text);
    const char *line = fst_buf_text(&text);
    snprintf(p->status, sizeof p->status, "%.*s", (int)strcspn(line, "\n"), line);
    fst_buf_done(&text);
}

static void show_record(struct view *v)
{
    struct preview *p = v->state;
    size_t row, widest = 0;
    const struct fst_frame *f = fst_grid_frame(&p->grid, &row);
    if (!f)
        return;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < f->n_columns; i++) {
        size_t w = fst_text_width(f->schema->fields[i].name, strlen(f->schema->fields[i].name));
        widest = w > widest ? w : widest;
    }
    for (size_t i = 0; i < f->n_columns; i++) {
        const char *name = f->schema->fields[i].name;
        fst_text_escape(&text, name, strlen(name));
        fst_buf_repeat(&text, ' ', widest + 2 - fst_text_width(name, strlen(name)));
        if (f->columns[i].unreadable)
            fst_buf_printf(&text, "(%s)", f->columns[i].unreadable);
        else if (!fst_cell_text(&text, &f->columns[i], row, FST_CELL_SCREEN))
            fst_buf_adds(&text, "NULL");
        fst_buf_addc(&text, '\n');
    }
    char *title = fst_asprintf("row %llu of %s", (unsigned long long)p->grid.row + 1,
                               p->label ? p->label : "");
    wb_open_text(v->wb, title, fst_buf_take(&text));
    struct fst_error err;
    if (wb_rows_text(&p->grid, p->grid.row, 1, "jsonl", true, &text, &err) == FST_OK)
        wb_text_copies(v->wb, "the row as jsonl", fst_buf_take(&text));
    fst_buf_done(&text);
    free(title);
}

/* What was selected stays so when it could not be copied. */
static void copy_selected(struct view *v, const char *format)
{
    struct preview *p = v->state;
    uint64_t from, n;
    if (p->to_end)
        wb_say(v->wb, FST_ROLE_WARN, "not copied: the rows up to the end are still being read");
    else if (fst_grid_selection(&p->grid, &from, &n) &&
             wb_copy_rows(v->wb, &p->grid, from, n, format))
        p->grid.selects = false;
}

static void format_done(struct wb *wb, const char *text)
{
    if (wb_top(wb)->ops == &view_preview && *text)
        copy_selected(wb_top(wb), text);
}

static void ask_format(struct view *v)
{
    static const char *const names[] = {"tsv", "csv", "jsonl"};
    static const char *const details[] = {"separated by tabs, with a header",
                                          "separated by commas, with a header",
                                          "a JSON object a line"};
    wb_prompt(v->wb, "copy the rows as (tsv, csv, jsonl): ", "", format_done);
    wb_prompt_names(v->wb, names, details, FST_COUNT(names));
}

static void copy(struct view *v, bool of_row)
{
    struct preview *p = v->state;
    if (of_row)
        wb_copy_rows(v->wb, &p->grid, p->grid.row, 1, fst_app_setting(v->wb->app, "copy.format"));
    else
        wb_copy_cell(v->wb, &p->grid);
}

/* What is wanted of the row under the cursor: now, or when it is there. */
static void want(struct view *v, int what)
{
    struct preview *p = v->state;
    const struct fst_column *c;
    size_t row;
    bool is_there = what == WANT_CELL ? p->opened && fst_grid_cell(&p->grid, &c, &row)
                                      : p->opened && fst_grid_frame(&p->grid, &row);
    p->wants = !is_there && p->loading ? what : WANT_NOTHING;
    if (!is_there)
        return;
    if (what == WANT_RECORD)
        show_record(v);
    else
        copy(v, what == WANT_ROW);
}

/* Rows before count only when all of them came: a file may have become another one. */
static bool take_frames(struct preview *p, const struct preview_task *t)
{
    if (t->before) {
        bool is_whole = t->rows->at == p->grid.first;
        if (is_whole)
            fst_grid_prepend(&p->grid, t->frames, t->n_frames);
        return is_whole;
    }
    if (t->columns)
        fst_grid_restart_part(&p->grid, p->grid.first, t->columns, t->n_columns);
    if (t->whole && t->task.status == FST_OK)
        fst_grid_restart(&p->grid, p->grid.first);
    for (size_t i = 0; i < t->n_frames; i++)
        fst_grid_append(&p->grid, t->frames[i]);
    p->ended = t->ended;
    p->grid.complete = t->ended;
    return true;
}

static void more(struct view *v);
static void start(struct view *v);

static uint64_t most_rows(const struct preview *p)
{
    uint64_t n = MAX_CELLS / (p->schema->n ? p->schema->n : 1);
    return n > MAX_ROWS ? MAX_ROWS : n < FIRST_ROWS ? FIRST_ROWS : n;
}

/* Rows that can be read from the front only, and not all of which are there. */
static bool is_front_only(const struct preview *p)
{
    return !p->grid.can_seek && !p->grid.complete;
}

/* On the way to the end the cursor keeps to it; no key stops that but one that moves. */
static void keep_to_end(struct view *v)
{
    struct preview *p = v->state;
    struct fst_buf rows = FST_BUF(64);
    if (!p->to_end)
        return;
    fst_grid_goto(&p->grid, UINT64_MAX);
    p->to_end = is_front_only(p);
    if (p->to_end && p->grid.n_rows >= most_rows(p)) {
        p->to_end = false;
        fst_count_text(&rows, (int64_t)p->grid.n_rows);
        wb_say(v->wb, FST_ROLE_WARN,
               "only the first %s rows are kept; a condition (w) shows others",
               fst_buf_text(&rows));
    }
    fst_buf_done(&rows);
}

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A question that failed is taken back: the rows in the grid answer the one before. */
static void ask_as_before(struct view *v)
{
    struct preview *p = v->state;
    bool is_same = p->asked.sort == p->answered.sort &&
                   is_same_text(p->asked.where, p->answered.where) &&
                   is_same_text(p->asked.sort_column, p->answered.sort_column);
    take_question(&p->asked, &p->answered);
    if (!is_same)
        start(v);
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
        take_schema(p, pt);
    bool goes_on = take_frames(p, pt);
    if (pt->before)
        rows_stop(&p->before);
    if (t->status != FST_OK) {
        say_problem(p, pt);
        if (p->opened)
            wb_say(t->wb, FST_ROLE_ERROR, "%s", p->status);
        p->ended = p->opened;
        p->to_end = false;
        if (p->opened && pt->first)
            ask_as_before(v);
        return;
    }
    p->status[0] = '\0';
    keep_to_end(v);
    if (goes_on)
        more(v);
    if (p->wants && wb_top(v->wb) == v)
        want(v, p->wants);
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

static char *order_text(const struct question *q)
{
    struct fst_buf text = FST_BUF_TEXT;
    fst_sql_quote(&text, q->sort_column);
    fst_buf_adds(&text, q->sort < 0 ? " DESC" : "");
    return fst_buf_take(&text);
}

/* A reader of its own, from row `at` on. */
static struct preview_task *opening_task(struct view *v, struct rows **rows, uint64_t at,
                                         uint64_t limit, size_t wanted)
{
    struct preview *p = v->state;
    rows_stop(rows);
    *rows = rows_hold(fst_alloc(sizeof **rows));
    (*rows)->at = at;
    struct preview_task *t = new_task(v, *rows, wanted);
    t->target = fst_strdup(v->target ? v->target : "");
    t->where = p->asked.where && *p->asked.where ? fst_strdup(p->asked.where) : NULL;
    if (p->asked.sort)
        t->sort = order_text(&p->asked);
    t->opening = true;
    t->limit = limit;
    return t;
}

static void start(struct view *v)
{
    struct preview *p = v->state;
    wb_tasks_cancel(v->wb, v->id);
    rows_stop(&p->before);
    p->number++;
    p->to_end = false;
    bool is_query = p->asked.sort || (p->asked.where && *p->asked.where);
    uint64_t limit = is_query ? MAX_ROWS + 1 : INT64_MAX; /* one tells that there are more */
    struct preview_task *t = opening_task(v, &p->rows, 0, limit, FIRST_ROWS);
    t->first = true;
    wb_task_start(&t->task, "reading rows");
}

/* When most columns are out of sight, the others come first. */
static void choose_columns(const struct preview *p, struct preview_task *t)
{
    size_t columns[MAX_SIGHT], n = fst_grid_in_sight(&p->grid, columns, MAX_SIGHT);
    if (p->schema->n >= 2 * n && n > 0 && n < MAX_SIGHT)
        read_only_these(t, p->schema, columns, n);
}

/* All columns of the rows of which some are there. */
static void whole(struct view *v)
{
    struct preview *p = v->state;
    struct preview_task *t =
        opening_task(v, &p->rows, p->grid.first, INT64_MAX, (size_t)p->grid.n_rows);
    t->whole = true;
    wb_task_start(&t->task, "reading rows");
}

/* Rows from `from` on, whatever is under way. */
static void anew(struct view *v, uint64_t from)
{
    struct preview *p = v->state;
    wb_tasks_cancel(v->wb, v->id);
    rows_stop(&p->before);
    p->number++;
    size_t wanted = (size_t)p->grid.page_rows * 3; /* what is in sight and a page on either side */
    fst_grid_restart(&p->grid, from);
    struct preview_task *t = opening_task(v, &p->rows, from, INT64_MAX, wanted);
    choose_columns(p, t);
    t->limit = t->columns ? wanted : t->limit;
    wb_task_start(&t->task, "reading rows");
}

/* Fewer rows at a time of wide tables: nobody waits for what is not in sight. */
static uint64_t chunk(const struct preview *p)
{
    uint64_t n = p->schema->n > MORE_COLUMNS ? MORE_ROWS * MORE_COLUMNS / p->schema->n : MORE_ROWS;
    uint64_t least = (uint64_t)p->grid.page_rows * 6;
    return n > least ? n : least;
}

static void before(struct view *v)
{
    struct preview *p = v->state;
    uint64_t end = p->grid.first, from = end > chunk(p) ? end - chunk(p) : 0;
    struct preview_task *t = opening_task(v, &p->before, from, end - from, (size_t)(end - from));
    t->before = true;
    wb_task_start(&t->task, "reading rows");
}

static void after(struct view *v, uint64_t from)
{
    struct preview *p = v->state;
    bool goes_on = p->rows && p->rows->reader && p->rows->at == from;
    uint64_t n = chunk(p) * (p->to_end ? TO_END : 1);
    if (!p->grid.can_seek && (!goes_on || p->grid.n_rows >= most_rows(p)))
        return;
    if (!p->grid.can_seek && n > most_rows(p) - p->grid.n_rows)
        n = most_rows(p) - p->grid.n_rows;
    struct preview_task *t = goes_on ? new_task(v, p->rows, (size_t)n)
                                     : opening_task(v, &p->rows, from, INT64_MAX, (size_t)n);
    wb_task_start(&t->task, "reading rows");
}

static void more(struct view *v)
{
    struct preview *p = v->state;
    uint64_t from;
    if (!p->opened)
        return;
    enum fst_grid_want want = fst_grid_wants(&p->grid, &from);
    if (want == FST_GRID_ANEW)
        anew(v, from);
    else if (p->grid.part && !p->loading)
        whole(v);
    else if (want == FST_GRID_BEFORE && !p->loading)
        before(v);
    else if (want == FST_GRID_AFTER && !p->loading && !(p->ended && !p->grid.can_seek))
        after(v, from);
}

/* ---- Acts ------------------------------------------------------------------------------------ */

static void where_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_preview)
        return;
    struct preview *p = v->state;
    free(p->asked.where);
    p->asked.where = *text ? fst_strdup(text) : NULL;
    start(v);
}

static void row_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_preview)
        return;
    struct preview *p = v->state;
    int64_t row;
    if (!fst_parse_int64(text, strlen(text), &row) || row < 1) {
        if (*text)
            wb_say(wb, FST_ROLE_ERROR, "%s is not the number of a row", text);
        return;
    }
    fst_grid_goto(&p->grid, (uint64_t)row - 1);
    more(v);
}

/* Only files and folders: what is named is registered, and a query has no place. */
static bool is_of_files(const struct preview *p)
{
    return p->rows && p->rows->place.uri && !p->rows->place.resource;
}

static void register_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops == &view_preview && *text && is_of_files(v->state))
        wb_register(wb, text, ((struct preview *)v->state)->rows->place.uri, NULL, NULL);
}

static void ask_source_name(struct view *v)
{
    const struct preview *p = v->state;
    if (!is_of_files(p)) {
        wb_say(v->wb, FST_ROLE_DIM, "only files that are not registered yet become a source");
        return;
    }
    char *name = wb_source_name(p->rows->place.uri);
    wb_prompt(v->wb, "name of the source: ", name, register_done);
    free(name);
}

static void export_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    const struct preview *p = v->state;
    if (v->ops != &view_preview || !*text)
        return;
    const struct question *q = &p->answered;
    char *sort = q->sort ? order_text(q) : NULL;
    const char *where = q->where && *q->where ? q->where : NULL;
    wb_export(wb, v->target ? v->target : "", where, sort, text);
    free(sort);
}

/* Names may differ in case, or be given by their beginning or some other part. */
static size_t column_named(const struct fst_schema *s, const char *text)
{
    int at = fst_schema_find(s, text);
    size_t starts = s->n, contains = s->n;
    for (size_t i = s->n; at < 0 && i-- > 0;) {
        const char *name = s->fields[i].name;
        if (strcasecmp(name, text) == 0)
            return i;
        starts = strncasecmp(name, text, strlen(text)) == 0 ? i : starts;
        contains = strcasestr(name, text) ? i : contains;
    }
    return at >= 0 ? (size_t)at : starts < s->n ? starts : contains;
}

static void column_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    struct preview *p = v->state;
    if (v->ops != &view_preview || !p->schema || !*text)
        return;
    size_t at = column_named(p->schema, text);
    if (at < p->schema->n)
        p->grid.col = at;
    else
        wb_say(wb, FST_ROLE_ERROR, "there is no column %s", text);
    more(v);
}

static void ask_column(struct view *v)
{
    const struct preview *p = v->state;
    struct fst_buf types = FST_BUF_TEXT;
    struct fst_arena *a = fst_arena_new();
    if (p->schema) {
        const char **names = fst_arena_alloc(a, (p->schema->n + 1) * sizeof *names);
        const char **details = fst_arena_alloc(a, (p->schema->n + 1) * sizeof *details);
        for (size_t i = 0; i < p->schema->n; i++) {
            fst_buf_clear(&types);
            fst_type_text(&types, &p->schema->fields[i].type);
            names[i] = p->schema->fields[i].name;
            details[i] = fst_arena_strdup(a, fst_buf_text(&types));
        }
        wb_prompt(v->wb, "column: ", "", column_done);
        wb_prompt_names(v->wb, names, details, p->schema->n);
    }
    fst_arena_free(a);
    fst_buf_done(&types);
}

static void sort(struct view *v)
{
    struct preview *p = v->state;
    if (!p->schema || p->grid.col >= p->schema->n)
        return;
    const char *name = p->schema->fields[p->grid.col].name;
    bool same = p->asked.sort && strcmp(p->asked.sort_column, name) == 0;
    p->asked.sort = !same ? 1 : p->asked.sort > 0 ? -1 : 0;
    free(p->asked.sort_column);
    p->asked.sort_column = fst_strdup(name);
    start(v);
}

static void show_schema(struct view *v)
{
    struct preview *p = v->state;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; p->schema && i < p->schema->n; i++) {
        fst_text_escape(&text, p->schema->fields[i].name, strlen(p->schema->fields[i].name));
        fst_buf_addc(&text, ' ');
        fst_buf_repeat(&text, ' ', text.n % 2);
        fst_type_text(&text, &p->schema->fields[i].type);
        fst_buf_addc(&text, '\n');
    }
    wb_open_text(v->wb, "schema", fst_buf_take(&text));
}

/* ---- The view -------------------------------------------------------------------------------- */

static void close(struct view *v)
{
    struct preview *p = v->state;
    rows_stop(&p->rows);
    rows_stop(&p->before);
    fst_grid_done(&p->grid);
    fst_schema_free(p->schema);
    take_question(&p->asked, &(struct question){0});
    take_question(&p->answered, &(struct question){0});
    free(p->label);
    free(p->run_id);
}

static void moved(struct view *v, const char *name)
{
    struct preview *p = v->state;
    p->wants = WANT_NOTHING;
    p->to_end = strcmp(name, "grid.bottom") == 0 && is_front_only(p);
    keep_to_end(v);
}

/* Acts on what is selected. */
static bool act_on_selected(struct view *v, const char *name)
{
    struct preview *p = v->state;
    uint64_t from, n;
    if (!fst_grid_selection(&p->grid, &from, &n))
        return false;
    if (strcmp(name, "preview.copy") == 0)
        copy_selected(v, fst_app_setting(v->wb->app, "copy.format"));
    else if (strcmp(name, "preview.copy-row") == 0)
        ask_format(v);
    else if (strcmp(name, "back") == 0)
        p->grid.selects = false;
    else
        return false;
    return true;
}

static bool action(struct view *v, const char *name)
{
    struct preview *p = v->state;
    if (act_on_selected(v, name))
        return true;
    if (strcmp(name, "preview.where") == 0)
        wb_prompt(v->wb, "where: ", p->asked.where ? p->asked.where : "", where_done);
    else if (strcmp(name, "preview.row") == 0)
        wb_prompt(v->wb, "row: ", "", row_done);
    else if (strcmp(name, "preview.sort") == 0)
        sort(v);
    else if (strcmp(name, "preview.register") == 0)
        ask_source_name(v);
    else if (strcmp(name, "preview.make") == 0)
        wb_make_of_place(v->wb, p->rows ? &p->rows->place : NULL, p->schema, &p->grid.col,
                         p->schema ? 1 : 0);
    else if (strcmp(name, "preview.schema") == 0)
        show_schema(v);
    else if (strcmp(name, "preview.record") == 0)
        want(v, WANT_RECORD);
    else if (strcmp(name, "preview.copy") == 0)
        want(v, WANT_CELL);
    else if (strcmp(name, "preview.copy-row") == 0)
        want(v, WANT_ROW);
    else if (strcmp(name, "preview.export") == 0 && p->opened)
        wb_prompt_path(v->wb, "export to (.parquet .csv .tsv .json .jsonl): ", "", export_done);
    else if (strcmp(name, "preview.column") == 0)
        ask_column(v);
    else if (strcmp(name, "refresh") == 0)
        start(v);
    else if (!p->opened || !fst_grid_action(&p->grid, name))
        return false;
    else
        moved(v, name);
    more(v);
    return true;
}

/* Rows that were not there may be there now. */
static void changed(struct view *v)
{
    const struct preview *p = v->state;
    if (!p->opened && !p->loading)
        start(v);
}

/* Of long paths the end, so that the row's number stays in sight. */
static void add_name(struct fst_buf *out, const char *name)
{
    size_t n = strlen(name);
    bool is_long = fst_text_width(name, n) > NAME_COLS;
    while (is_long && n && fst_text_width(name, n) >= NAME_COLS) {
        size_t step = fst_text_cluster(name, n);
        name += step;
        n -= step;
    }
    fst_buf_printf(out, "rows of %s%s", is_long ? "…" : "", name);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct preview *p = v->state;
    const struct question *q = p->opened ? &p->answered : &p->asked;
    struct fst_buf rows = FST_BUF(64), total = FST_BUF(64);
    const char *name = v->target ? v->target : "";
    const char *slash = *name != '/' ? strchr(name, '/') : NULL;
    name = strncmp(name, "sql:", 4) == 0 ? "a query" : slash ? slash + 1 : name;
    add_name(out, p->label ? p->label : name);
    if (p->opened && p->grid.n_rows) {
        fst_count_text(&rows, (int64_t)p->grid.row + 1);
        fst_count_text(&total,
                       p->grid.total_rows >= 0 ? p->grid.total_rows : (int64_t)p->grid.n_rows);
        fst_buf_printf(out, "  %s/%s%s", fst_buf_text(&rows), fst_buf_text(&total),
                       p->grid.total_rows < 0 && !p->ended ? "+" : "");
    }
    uint64_t from, n;
    if (fst_grid_selection(&p->grid, &from, &n))
        fst_buf_printf(out, "  %llu selected", (unsigned long long)n);
    if (q->where)
        fst_buf_printf(out, "  where %s", q->where);
    if (q->sort)
        fst_buf_printf(out, "  by %s%s", q->sort_column, q->sort < 0 ? " desc" : "");
    if (p->run_id)
        fst_buf_printf(out, "  run %s", p->run_id);
    fst_buf_done(&rows);
    fst_buf_done(&total);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct preview *p = v->state;
    if (p->opened)
        fst_grid_draw(&p->grid, s);
    else if (p->status[0])
        fst_draw_wrapped(s, 1, 2, s->rows - 1, FST_ROLE_WARN, p->status, strlen(p->status));
    else
        fst_draws(s, 1, 2, FST_ROLE_DIM, s->ascii ? "reading..." : "reading…");
    if (p->opened && p->ended && p->grid.n_rows == 0 && s->rows > 3)
        fst_draws(s, 3, 2, FST_ROLE_DIM, "no rows");
}

const struct view_ops view_preview = {
    .name = "preview",
    .help = "rows of a resource, a run, a path or a URI",
    .scopes = {"preview", "grid", NULL},
    .state_size = sizeof(struct preview),
    .open = start,
    .close = close,
    .action = action,
    .changed = changed,
    .title = title,
    .draw = draw,
};
