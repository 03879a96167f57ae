/* The verb stats: figures of columns, each with what it is worth. Text for people, an object a
 * column as JSON, a row a figure in the other formats. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum { MAX_NAMES = 4096, SHOWN_COLS = 48, SHOWN_VALUES = 5 };

static const char *const sources[] = {"footers", "scan", "sample"};

/* ---- Progress -------------------------------------------------------------------------------- */

enum { FIRST_US = 500000, EVERY_US = 100000 };

struct progress {
    bool is_terminal, shown;
    int64_t next_us;
    uint64_t rows;
    int64_t of;
};

static void clear_progress(struct progress *p)
{
    if (p->shown)
        fputs("\r\x1b[K", stderr);
    p->shown = false;
}

static void count_words(struct fst_buf *out, uint64_t rows, int64_t of)
{
    fst_count_text(out, (int64_t)rows);
    if (of > 0) {
        fst_buf_adds(out, " of ");
        fst_count_text(out, of);
    }
    fst_buf_adds(out, (of > 0 ? of : (int64_t)rows) == 1 ? " row" : " rows");
}

static void on_progress(void *arg, uint64_t rows, int64_t of)
{
    struct progress *p = arg;
    p->rows = rows;
    p->of = of;
    int64_t now = p->is_terminal ? fst_monotonic_us() : 0;
    if (!p->is_terminal || now < p->next_us)
        return;
    struct fst_buf words = FST_BUF(128);
    count_words(&words, rows, of);
    if (of > 0)
        fst_buf_printf(&words, "  %d %%", (int)((double)rows * 100 / (double)of));
    fprintf(stderr, "\r%s\x1b[K", fst_buf_text(&words));
    fst_buf_done(&words);
    p->shown = true;
    p->next_us = now + EVERY_US;
}

/* ---- Text ------------------------------------------------------------------------------------ */

/* What a figure is worth, in a few words. */
static void worth(struct fst_buf *out, const struct fst_table_stats *t, const struct fst_figure *f)
{
    bool is_exact = f->how == FST_EXACT;
    if (t->source == FST_FROM_FOOTERS)
        fst_buf_adds(out, "from footers");
    if (t->source == FST_FROM_SAMPLE)
        fst_buf_adds(out, "sampled");
    if (t->source != FST_FROM_SCAN)
        fst_buf_adds(out, is_exact && t->source == FST_FROM_SAMPLE ? "" : ", ");
    if (!is_exact || t->source != FST_FROM_SAMPLE)
        fst_buf_adds(out, fst_how_names[f->how]);
}

/* A value on a line of others. */
static void add_value(struct fst_buf *out, const char *text, bool is_cut)
{
    struct fst_buf safe = FST_BUF_TEXT;
    size_t used;
    fst_text_escape(&safe, text, strlen(text));
    size_t n = fst_text_fit(fst_buf_text(&safe), safe.n, SHOWN_COLS, &used);
    fst_buf_add(out, fst_buf_text(&safe), n);
    if (n < safe.n || is_cut)
        fst_buf_adds(out, "…");
    if (safe.n == 0)
        fst_buf_adds(out, "\"\"");
    fst_buf_done(&safe);
}

static bool same_worth(const struct fst_figure *a, const struct fst_figure *b)
{
    return a->how == b->how && strcmp(a->error ? a->error : "", b->error ? b->error : "") == 0;
}

static void end_line(struct fst_buf *out, const struct fst_figure *f)
{
    if (f && f->error)
        fst_buf_printf(out, f->how == FST_APPROXIMATE ? "  (± %s)" : "  (%s)", f->error);
    if (f)
        fst_buf_addc(out, '\n');
}

/* Figures that are worth the same stand on one line. */
static void add_figures(struct fst_buf *out, const struct fst_table_stats *t,
                        const struct fst_column_stats *c)
{
    const struct fst_figure *before = NULL;
    for (size_t i = 0; i < FST_N_FIGURES; i++) {
        const struct fst_figure *f = &c->figures[i];
        if (f->how == FST_NOT_SAID)
            continue;
        bool goes_on = before && same_worth(before, f);
        if (!goes_on) {
            struct fst_buf words = FST_BUF(64);
            end_line(out, before);
            worth(&words, t, f);
            fst_buf_printf(out, "  %-12s ", fst_buf_text(&words));
            fst_buf_done(&words);
        } else {
            fst_buf_adds(out, ", ");
        }
        fst_buf_printf(out, goes_on ? "%s " : " %s ", fst_figure_names[i]);
        add_value(out, f->text, false);
        before = f;
    }
    end_line(out, before);
}

/* What footers could say and do not. */
static void add_not_said(struct fst_buf *out, const struct fst_table_stats *t,
                         const struct fst_column_stats *c)
{
    static const enum fst_figure_id of_footers[] = {FST_FIGURE_NULLS, FST_FIGURE_MIN,
                                                    FST_FIGURE_MAX};
    bool any = false;
    for (size_t i = 0; t->source == FST_FROM_FOOTERS && i < FST_COUNT(of_footers); i++) {
        if (c->figures[of_footers[i]].how != FST_NOT_SAID)
            continue;
        fst_buf_printf(out, "%s %s", any ? "," : "  from footers, not said ",
                       fst_figure_names[of_footers[i]]);
        any = true;
    }
    fst_buf_adds(out, any ? "\n" : "");
}

/* None where there are many and none comes twice. */
static size_t shown_values(const struct fst_column_stats *c)
{
    if (c->n_top > SHOWN_VALUES && c->top[0].count == 1)
        return 0;
    return c->n_top < SHOWN_VALUES ? c->n_top : SHOWN_VALUES;
}

static void add_top(struct fst_buf *out, const struct fst_table_stats *t,
                    const struct fst_column_stats *c)
{
    if (!shown_values(c))
        return;
    bool is_exact = c->top[0].at_most == c->top[0].count;
    struct fst_figure how = {.how = is_exact ? FST_EXACT : FST_APPROXIMATE};
    struct fst_buf words = FST_BUF(64);
    worth(&words, t, &how);
    fst_buf_printf(out, "  %-12s  top", fst_buf_text(&words));
    for (size_t i = 0; i < shown_values(c); i++) {
        fst_buf_adds(out, i ? ", " : " ");
        add_value(out, c->top[i].text, c->top[i].is_cut);
        fst_buf_printf(out, " ×%llu", (unsigned long long)c->top[i].count);
    }
    if (!is_exact)
        fst_buf_printf(out, "  (counts are at most %llu too low)",
                       (unsigned long long)(c->top[0].at_most - c->top[0].count));
    fst_buf_addc(out, '\n');
    fst_buf_done(&words);
}

static int print_text(const struct fst_table_stats *t)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct fst_column_stats *c = &t->columns[i];
        fst_text_escape(&out, c->name, strlen(c->name));
        fst_buf_adds(&out, "  ");
        fst_text_escape(&out, c->type, strlen(c->type));
        fst_buf_addc(&out, '\n');
        if (c->unreadable) {
            fst_buf_adds(&out, "  not readable: ");
            fst_text_escape(&out, c->unreadable, strlen(c->unreadable));
            fst_buf_addc(&out, '\n');
        }
        add_figures(&out, t, c);
        add_not_said(&out, t, c);
        add_top(&out, t, c);
    }
    cli_text(fst_buf_text(&out));
    fst_buf_done(&out);
    return 0;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

void cli_json_figure(struct fst_json_writer *w, const char *name, const struct fst_figure *f)
{
    fst_jw_object(w, name);
    if (f->how != FST_NOT_SAID)
        fst_jw_raw(w, "value", f->json);
    fst_jw_string(w, "how", fst_how_names[f->how]);
    if (f->error)
        fst_jw_string(w, "error", f->error);
    fst_jw_end(w, '}');
}

static void json_top(struct fst_json_writer *w, const struct fst_column_stats *c)
{
    fst_jw_list(w, "top");
    for (size_t i = 0; i < shown_values(c); i++) {
        const struct fst_top_value *v = &c->top[i];
        fst_jw_object(w, NULL);
        fst_jw_raw(w, "value", v->json);
        if (v->is_cut)
            fst_jw_bool(w, "cut", true);
        fst_jw_int(w, "count", (int64_t)v->count);
        fst_jw_int(w, "at_most", (int64_t)v->at_most);
        fst_jw_string(w, "how",
                      fst_how_names[v->count == v->at_most ? FST_EXACT : FST_APPROXIMATE]);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
}

/* Of footers all that they could say is shown, also what they do not. */
static bool is_shown(const struct fst_table_stats *t, const struct fst_column_stats *c, size_t i)
{
    bool of_footers =
        i == FST_FIGURE_ROWS || i == FST_FIGURE_NULLS || i == FST_FIGURE_MIN || i == FST_FIGURE_MAX;
    return c->figures[i].how != FST_NOT_SAID || (t->source == FST_FROM_FOOTERS && of_footers);
}

static void json_column(struct fst_json_writer *w, const struct fst_table_stats *t,
                        const struct fst_column_stats *c)
{
    fst_jw_object(w, NULL);
    fst_jw_string(w, "column", c->name);
    fst_jw_string(w, "type", c->type);
    fst_jw_string(w, "source", sources[t->source]);
    if (t->sampled)
        fst_jw_string(w, "sampled", t->sampled);
    if (c->unreadable)
        fst_jw_string(w, "unreadable", c->unreadable);
    for (size_t i = 0; i < FST_N_FIGURES; i++)
        if (is_shown(t, c, i))
            cli_json_figure(w, fst_figure_names[i], &c->figures[i]);
    if (t->source != FST_FROM_FOOTERS)
        json_top(w, c);
    fst_jw_end(w, '}');
}

static int print_json(const struct fst_table_stats *t, bool is_list)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    for (size_t i = 0; i < t->n_columns; i++) {
        struct fst_json_writer w = fst_json_writer(&out);
        fst_buf_adds(&out, !is_list ? "" : i ? ",\n" : "[");
        json_column(&w, t, &t->columns[i]);
        fst_buf_adds(&out, is_list ? "" : "\n");
    }
    fst_buf_adds(&out, !is_list ? "" : t->n_columns ? "]\n" : "[]\n");
    fwrite(fst_buf_text(&out), 1, out.n, stdout);
    fst_buf_done(&out);
    return 0;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static void figure_rows(struct cli_rows *rows, const struct fst_table_stats *t,
                        const struct fst_column_stats *c)
{
    for (size_t i = 0; i < FST_N_FIGURES; i++) {
        const struct fst_figure *f = &c->figures[i];
        if (is_shown(t, c, i))
            cli_row(rows, (const char *const[]){c->name, c->type, fst_figure_names[i], f->text,
                                                NULL, NULL, fst_how_names[f->how], f->error,
                                                sources[t->source]});
    }
    for (size_t i = 0; i < shown_values(c); i++) {
        const struct fst_top_value *v = &c->top[i];
        bool is_exact = v->count == v->at_most;
        char *name = fst_asprintf("top%zu", i + 1);
        char *count = fst_asprintf("%llu", (unsigned long long)v->count);
        char *at_most = fst_asprintf("%llu", (unsigned long long)v->at_most);
        cli_row(rows, (const char *const[]){c->name, c->type, name, v->text, count, at_most,
                                            fst_how_names[is_exact ? FST_EXACT : FST_APPROXIMATE],
                                            NULL, sources[t->source]});
        free(name);
        free(count);
        free(at_most);
    }
}

static int print_rows(struct fst_cli *c, const struct fst_table_stats *t)
{
    static const struct cli_column columns[] = {
        {"column", FST_STRING}, {"type", FST_STRING},  {"figure", FST_STRING},
        {"value", FST_STRING},  {"count", FST_LONG},   {"at_most", FST_LONG},
        {"how", FST_STRING},    {"error", FST_STRING}, {"source", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < t->n_columns; i++)
        figure_rows(rows, t, &t->columns[i]);
    return cli_rows_finish(c, rows);
}

/* ---- The verb -------------------------------------------------------------------------------- */

static int print_stats(struct fst_cli *c, const struct fst_table_stats *t)
{
    if (strcmp(c->output, "table") == 0)
        return print_text(t);
    if (cli_is_json(c))
        return print_json(t, strcmp(c->output, "json") == 0);
    return print_rows(c, t);
}

static void tell(const struct fst_table_stats *t)
{
    struct fst_buf words = FST_BUF(256);
    count_words(&words, t->rows, -1);
    if (t->source == FST_FROM_FOOTERS)
        cli_note("%s of %s, from the footers of %zu file%s; --scan looks at the rows",
                 fst_buf_text(&words), t->label, t->files, t->files == 1 ? "" : "s");
    else if (t->sampled)
        cli_note("a sample of %s: %s", t->label, t->sampled);
    else
        cli_note("all %s of %s", fst_buf_text(&words), t->label);
    fst_buf_done(&words);
}

static int run_stats(struct fst_cli *c, struct fst_stats_options *o)
{
    struct progress progress = {.is_terminal = isatty(STDERR_FILENO),
                                .next_us = fst_monotonic_us() + FIRST_US};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    struct fst_table_stats stats;
    o->progress = on_progress;
    o->arg = &progress;
    enum fst_status status = fst_app_stats(c->app, c->operands[0], o, &stats, &problem, &err);
    clear_progress(&progress);
    if (status == FST_ECANCELLED) {
        struct fst_buf words = FST_BUF(128);
        count_words(&words, progress.rows, progress.of);
        cli_note("firesteel: interrupted after %s; nothing is shown", fst_buf_text(&words));
        fst_buf_done(&words);
        return cli_exit_code(status);
    }
    if (status != FST_OK)
        return cli_fail_at(&err, &problem, NULL);
    int code = print_stats(c, &stats);
    if (code == 0)
        tell(&stats);
    int bad = cli_tell_bad(stats.bad, stats.n_bad);
    code = code ? code : bad;
    fst_table_stats_done(&stats);
    return code;
}

int cli_stats(struct fst_cli *c)
{
    const char **names = fst_alloc(MAX_NAMES * sizeof *names);
    struct fst_stats_options o = {.columns = names, .cancelled = cli_interrupted};
    char *copy = fst_strdup(cli_option(c, "--columns")), *rest = copy, *name;
    while (copy && o.n_columns < MAX_NAMES && (name = strsep(&rest, ",")))
        names[o.n_columns++] = name;
    if (!o.n_columns)
        o.columns = NULL;
    o.where = cli_option(c, "--where");
    o.scan = cli_option(c, "--scan") || cli_option(c, "--sample") || o.where;
    int code = cli_count(c, "--sample", &o.sample) ? run_stats(c, &o) : 2;
    free(copy);
    free(names);
    return code;
}
