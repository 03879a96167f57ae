/* The verb diff: what changed between two runs of a resource. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { MAX_KEYS = 32, SHOWN_ROWS = 20 };

/* ---- Text ------------------------------------------------------------------------------------ */

static void add_safe(struct fst_buf *out, const char *text)
{
    if (text)
        fst_text_escape(out, text, strlen(text));
    else
        fst_buf_adds(out, "NULL");
}

static void add_run(struct fst_buf *out, const char *word, const struct fst_compared_run *r)
{
    fst_buf_printf(out, "%-7s %s  ", word, r->id);
    if (r->rows >= 0)
        fst_count_text(out, r->rows);
    fst_buf_adds(out, r->rows >= 0 ? " rows, " : "");
    fst_size_text(out, r->bytes);
    fst_buf_adds(out, ", ended ");
    fst_timestamp_text(out, r->finished_us);
    fst_buf_addc(out, '\n');
}

static void add_schema(struct fst_buf *out, const struct fst_comparison *c)
{
    bool any = false;
    for (size_t i = 0; i < c->n_columns; i++) {
        const struct fst_compared_column *k = &c->columns[i];
        if (k->before_type && k->after_type && strcmp(k->before_type, k->after_type) == 0)
            continue;
        fst_buf_adds(out, any ? "" : "schema\n");
        any = true;
        fst_buf_adds(out, !k->before_type ? "  + " : !k->after_type ? "  - " : "  ~ ");
        add_safe(out, k->name);
        fst_buf_printf(out, "  %s%s%s\n", k->before_type ? k->before_type : "",
                       k->before_type && k->after_type ? " -> " : "",
                       k->after_type ? k->after_type : "");
    }
    fst_buf_adds(out, any ? "" : "schema  the same\n");
}

static void add_figures(struct fst_buf *out, const struct fst_comparison *c)
{
    struct fst_buf line = FST_BUF_TEXT;
    size_t same = 0;
    fst_buf_adds(out, "columns\n");
    for (size_t i = 0; i < c->n_columns; i++) {
        const struct fst_compared_column *k = &c->columns[i];
        fst_buf_clear(&line);
        fst_column_changes_text(&line, k, " -> ");
        if (!line.n) {
            same += k->before && k->after;
            continue;
        }
        fst_buf_adds(out, "  ");
        add_safe(out, k->name);
        fst_buf_adds(out, "  ");
        add_safe(out, fst_buf_text(&line));
        fst_buf_addc(out, '\n');
    }
    if (same)
        fst_buf_printf(out, "  %zu with the same figures\n", same);
    fst_buf_done(&line);
}

static void add_row(struct fst_buf *out, const struct fst_comparison *c,
                    const struct fst_changed_row *r)
{
    static const char signs[] = {'~', '-', '+'};
    bool is_new = r->change == FST_ROW_NEW;
    fst_buf_printf(out, "  %c", signs[r->change]);
    for (size_t i = 0; i < c->n_keys; i++) {
        fst_buf_addc(out, ' ');
        add_safe(out, is_new ? r->keys[i].after : r->keys[i].before);
    }
    for (size_t i = 0; i < r->n_cells; i++) {
        fst_buf_adds(out, "  ");
        add_safe(out, c->columns[r->cells[i].column].name);
        fst_buf_addc(out, ' ');
        if (!is_new)
            add_safe(out, r->cells[i].before);
        fst_buf_adds(out, r->change == FST_ROW_CHANGED ? " -> " : "");
        if (r->change != FST_ROW_GONE)
            add_safe(out, r->cells[i].after);
    }
    fst_buf_addc(out, '\n');
}

static void add_keys(struct fst_buf *out, const struct fst_comparison *c)
{
    for (size_t i = 0; i < c->n_keys; i++) {
        fst_buf_adds(out, i ? ", " : "");
        add_safe(out, c->columns[c->keys[i]].name);
    }
}

static void add_rows(struct fst_buf *out, const struct fst_comparison *c)
{
    if (!c->has_rows) {
        fst_buf_adds(out, "rows    not compared: say with --key what tells them apart\n");
        return;
    }
    fst_buf_adds(out, "rows    by ");
    add_keys(out, c);
    fst_buf_printf(out, " (%s): ", c->keys_of);
    for (size_t i = 0; i < FST_ROW_CHANGES_; i++) {
        fst_count_text(out, (int64_t)c->counts[i]);
        fst_buf_printf(out, " %s, ", fst_row_change_names[i]);
    }
    fst_count_text(out, (int64_t)c->same);
    fst_buf_adds(out, " the same\n");
    if (c->repeated) {
        fst_buf_adds(out, "  ");
        fst_count_text(out, (int64_t)c->repeated);
        fst_buf_adds(out, " keys come several times: their rows are paired in their order\n");
    }
    for (size_t i = 0; i < c->n_rows; i++)
        add_row(out, c, &c->rows[i]);
}

static int print_text(const struct fst_comparison *c)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    fst_buf_printf(&out, "%s\n", c->label);
    add_run(&out, "before", &c->before);
    add_run(&out, "after", &c->after);
    add_schema(&out, c);
    add_figures(&out, c);
    add_rows(&out, c);
    cli_text(fst_buf_text(&out));
    fst_buf_done(&out);
    return 0;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void json_run(struct fst_json_writer *w, const char *name, const struct fst_compared_run *r)
{
    fst_jw_object(w, name);
    fst_jw_string(w, "run", r->id);
    fst_jw_int(w, "rows", r->rows);
    fst_jw_int(w, "bytes", (int64_t)r->bytes);
    fst_jw_end(w, '}');
}

static void json_figures(struct fst_json_writer *w, const char *name,
                         const struct fst_column_stats *s)
{
    static const enum fst_figure_id said[] = {FST_FIGURE_NULLS, FST_FIGURE_MIN, FST_FIGURE_MAX,
                                              FST_FIGURE_DISTINCT};
    fst_jw_object(w, name);
    for (size_t i = 0; i < FST_COUNT(said); i++)
        cli_json_figure(w, fst_figure_names[said[i]], &s->figures[said[i]]);
    fst_jw_end(w, '}');
}

static void json_columns(struct fst_json_writer *w, const struct fst_comparison *c)
{
    fst_jw_list(w, "columns");
    for (size_t i = 0; i < c->n_columns; i++) {
        const struct fst_compared_column *k = &c->columns[i];
        fst_jw_object(w, NULL);
        fst_jw_string(w, "column", k->name);
        if (k->before_type)
            fst_jw_string(w, "before_type", k->before_type);
        if (k->after_type)
            fst_jw_string(w, "after_type", k->after_type);
        if (k->before)
            json_figures(w, "before", k->before);
        if (k->after)
            json_figures(w, "after", k->after);
        if (c->has_rows && k->is_compared)
            fst_jw_int(w, "changed_cells", (int64_t)k->changed);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
}

static void json_row(struct fst_json_writer *w, const struct fst_comparison *c,
                     const struct fst_changed_row *r)
{
    bool is_new = r->change == FST_ROW_NEW;
    fst_jw_object(w, NULL);
    fst_jw_string(w, "change", fst_row_change_names[r->change]);
    fst_jw_object(w, "key");
    for (size_t i = 0; i < c->n_keys; i++)
        fst_jw_raw(w, c->columns[r->keys[i].column].name,
                   is_new ? r->keys[i].after_json : r->keys[i].before_json);
    fst_jw_end(w, '}');
    for (int side = 0; side < 2; side++) {
        if ((side == 0 && is_new) || (side == 1 && r->change == FST_ROW_GONE))
            continue;
        fst_jw_object(w, side ? "after" : "before");
        for (size_t i = 0; i < r->n_cells; i++)
            fst_jw_raw(w, c->columns[r->cells[i].column].name,
                       side ? r->cells[i].after_json : r->cells[i].before_json);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, '}');
}

static void json_rows(struct fst_json_writer *w, const struct fst_comparison *c)
{
    fst_jw_object(w, "rows");
    fst_jw_list(w, "key");
    for (size_t i = 0; i < c->n_keys; i++)
        fst_jw_string(w, NULL, c->columns[c->keys[i]].name);
    fst_jw_end(w, ']');
    for (size_t i = 0; i < FST_ROW_CHANGES_; i++)
        fst_jw_int(w, fst_row_change_names[i], (int64_t)c->counts[i]);
    fst_jw_int(w, "same", (int64_t)c->same);
    fst_jw_int(w, "repeated_keys", (int64_t)c->repeated);
    fst_jw_list(w, "changes");
    for (size_t i = 0; i < c->n_rows; i++)
        json_row(w, c, &c->rows[i]);
    fst_jw_end(w, ']');
    fst_jw_end(w, '}');
}

static int print_json(const struct fst_comparison *c)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    struct fst_json_writer w = fst_json_writer(&out);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "resource", c->label);
    json_run(&w, "before", &c->before);
    json_run(&w, "after", &c->after);
    json_columns(&w, c);
    if (c->has_rows)
        json_rows(&w, c);
    fst_jw_end(&w, '}');
    fst_buf_addc(&out, '\n');
    fwrite(fst_buf_text(&out), 1, out.n, stdout);
    fst_buf_done(&out);
    return 0;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static int print_rows(struct fst_cli *cli, const struct fst_comparison *c)
{
    static const struct cli_column columns[] = {{"change", FST_STRING},
                                                {"key", FST_STRING},
                                                {"column", FST_STRING},
                                                {"before", FST_STRING},
                                                {"after", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(cli, columns, FST_COUNT(columns));
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct fst_changed_row *r = &c->rows[i];
        struct fst_buf key = FST_BUF_TEXT;
        struct fst_json_writer w = fst_json_writer(&key);
        fst_jw_object(&w, NULL);
        for (size_t k = 0; k < c->n_keys; k++)
            fst_jw_raw(&w, c->columns[r->keys[k].column].name,
                       r->change == FST_ROW_NEW ? r->keys[k].after_json : r->keys[k].before_json);
        fst_jw_end(&w, '}');
        for (size_t k = 0; k < r->n_cells; k++)
            cli_row(rows, (const char *const[]){fst_row_change_names[r->change], fst_buf_text(&key),
                                                c->columns[r->cells[k].column].name,
                                                r->cells[k].before, r->cells[k].after});
        fst_buf_done(&key);
    }
    return cli_rows_finish(cli, rows);
}

static int print(struct fst_cli *cli, const struct fst_comparison *c)
{
    if (strcmp(cli->output, "table") == 0)
        return print_text(c);
    return cli_is_json(cli) ? print_json(c) : print_rows(cli, c);
}

int cli_diff(struct fst_cli *c)
{
    const char *names[MAX_KEYS];
    struct fst_compare_options o = {
        .keys = names, .figures = true, .rows = true, .cancelled = cli_interrupted};
    uint64_t limit = cli_is_json(c) ? 1000 : SHOWN_ROWS;
    char *copy = fst_strdup(cli_option(c, "--key")), *rest = copy, *name;
    while (copy && o.n_keys < MAX_KEYS && (name = strsep(&rest, ",")))
        names[o.n_keys++] = name;
    if (c->n_operands == 2) /* that run, and the newest */
        o.before = c->operands[1];
    if (c->n_operands == 3) {
        o.before = c->operands[1];
        o.after = c->operands[2];
    }
    struct fst_comparison out;
    struct fst_error err = {0};
    int code = cli_count(c, "--limit", &limit) ? 0 : 2;
    o.limit = (size_t)limit;
    if (code == 0 && fst_app_compare(c->app, c->operands[0], &o, &out, &err) == FST_OK) {
        code = print(c, &out);
        fst_comparison_done(&out);
    } else if (code == 0) {
        code = cli_fail(&err);
    }
    free(copy);
    return code;
}
