/* The verb trace: where the values of one row of a training set come from. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void add_safe(struct fst_buf *out, const char *text)
{
    if (text)
        fst_text_escape(out, text, strlen(text));
    else
        fst_buf_adds(out, "NULL");
}

static void add_cell(struct fst_buf *out, const struct fst_traced_cell *c)
{
    fst_buf_adds(out, "  ");
    add_safe(out, c->name);
    fst_buf_adds(out, "  ");
    add_safe(out, c->text);
    fst_buf_addc(out, '\n');
}

static void add_feature(struct fst_buf *out, const struct fst_traced *t)
{
    struct fst_buf why = FST_BUF_TEXT;
    fst_buf_addc(out, '\n');
    add_safe(out, t->column);
    fst_buf_adds(out, "  ");
    add_safe(out, t->in_row.text);
    fst_buf_addc(out, '\n');
    fst_traced_text(&why, t);
    for (const char *p = fst_buf_text(&why); *p;) {
        size_t n = strcspn(p, "\n");
        fst_buf_adds(out, "  ");
        fst_text_escape(out, p, n);
        fst_buf_addc(out, '\n');
        p += n + (p[n] == '\n');
    }
    for (size_t i = 0; i < t->n_cells; i++) {
        fst_buf_adds(out, i ? "  " : "  row: ");
        add_safe(out, t->cells[i].name);
        fst_buf_addc(out, ' ');
        add_safe(out, t->cells[i].text);
    }
    fst_buf_adds(out, t->n_cells ? "\n" : "");
    fst_buf_done(&why);
}

static int print_text(const struct fst_trace *t)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    fst_buf_printf(&out, "%s, run %s\n", t->label, t->run_id);
    add_cell(&out, &t->entity);
    if (t->time.name)
        add_cell(&out, &t->time);
    add_cell(&out, &t->answer);
    for (size_t i = 0; i < t->n_features; i++)
        add_feature(&out, &t->features[i]);
    cli_text(fst_buf_text(&out));
    fst_buf_done(&out);
    return 0;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void json_feature(struct fst_json_writer *w, const struct fst_traced *t)
{
    fst_jw_object(w, NULL);
    fst_jw_string(w, "column", t->column);
    fst_jw_string(w, "source", t->source);
    if (*t->run_id)
        fst_jw_string(w, "run", t->run_id);
    fst_jw_string(w, "taken", fst_taken_names[t->taken]);
    if (t->error)
        fst_jw_string(w, "error", t->error);
    fst_jw_raw(w, "value", t->value.json ? t->value.json : "null");
    fst_jw_raw(w, "in_row", t->in_row.json ? t->in_row.json : "null");
    fst_jw_bool(w, "agrees", t->agrees);
    if (t->time)
        fst_jw_string(w, "time", t->time);
    if (t->has_age)
        fst_jw_int(w, "age_us", t->age_us);
    if (t->lag_us)
        fst_jw_int(w, "lag_us", t->lag_us);
    if (t->max_age_us)
        fst_jw_int(w, "max_age_us", t->max_age_us);
    fst_jw_int(w, "rows", (int64_t)t->rows);
    fst_jw_int(w, "rows_before", (int64_t)t->before);
    fst_jw_int(w, "ties", (int64_t)t->ties);
    fst_jw_object(w, "row");
    for (size_t i = 0; i < t->n_cells; i++)
        fst_jw_raw(w, t->cells[i].name, t->cells[i].json);
    fst_jw_end(w, '}');
    fst_jw_end(w, '}');
}

static int print_json(const struct fst_trace *t)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    struct fst_json_writer w = fst_json_writer(&out);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "training_set", t->label);
    fst_jw_string(&w, "run", t->run_id);
    fst_jw_raw(&w, "entity", t->entity.json);
    if (t->time.name)
        fst_jw_raw(&w, "label_timestamp", t->time.json);
    fst_jw_raw(&w, "label", t->answer.json);
    fst_jw_list(&w, "features");
    for (size_t i = 0; i < t->n_features; i++)
        json_feature(&w, &t->features[i]);
    fst_jw_end(&w, ']');
    fst_jw_end(&w, '}');
    fst_buf_addc(&out, '\n');
    fwrite(fst_buf_text(&out), 1, out.n, stdout);
    fst_buf_done(&out);
    return 0;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static int print_rows(struct fst_cli *c, const struct fst_trace *t)
{
    static const struct cli_column columns[] = {
        {"column", FST_STRING}, {"value", FST_STRING}, {"taken", FST_STRING},
        {"source", FST_STRING}, {"run", FST_STRING},   {"time", FST_STRING},
        {"age_us", FST_LONG},   {"rows", FST_LONG},    {"ties", FST_LONG}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < t->n_features; i++) {
        const struct fst_traced *f = &t->features[i];
        char *age = f->has_age ? fst_asprintf("%lld", (long long)f->age_us) : NULL;
        char *n = fst_asprintf("%llu", (unsigned long long)f->rows);
        char *ties = fst_asprintf("%llu", (unsigned long long)f->ties);
        cli_row(rows, (const char *const[]){f->column, f->in_row.text, fst_taken_names[f->taken],
                                            f->source, *f->run_id ? f->run_id : NULL, f->time, age,
                                            n, ties});
        free(age);
        free(n);
        free(ties);
    }
    return cli_rows_finish(c, rows);
}

int cli_trace(struct fst_cli *c)
{
    struct fst_trace_options o = {.key = cli_option(c, "--key"),
                                  .at = cli_option(c, "--at"),
                                  .where = cli_option(c, "--where"),
                                  .cancelled = cli_interrupted};
    struct fst_trace t;
    struct fst_error err = {0};
    if (!cli_count(c, "--row", &o.row))
        return 2;
    if (!o.row == !(o.key || o.where) || (o.key && o.where))
        return cli_usage(c, "one of --row, --key and --where says which row");
    if (fst_app_trace(c->app, c->operands[0], &o, &t, &err) != FST_OK)
        return cli_fail(&err);
    int code = strcmp(c->output, "table") == 0 ? print_text(&t)
               : cli_is_json(c)                ? print_json(&t)
                                               : print_rows(c, &t);
    fst_trace_done(&t);
    return code;
}
