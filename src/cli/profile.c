/* Verbs on how work spent its time: stages, why. Of a run, of an event log, or of what a Spark UI
 * or History Server tells. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static int get_profile(struct fst_cli *c, struct fst_app_profile *p)
{
    const char *log = cli_option(c, "--event-log"), *url = cli_option(c, "--url");
    const char *tag = cli_option(c, "--tag");
    struct fst_error err = {0};
    if ((c->n_operands > 0) + (log != NULL) + (url != NULL) != 1)
        return cli_usage(c, "give a RUN, --event-log FILE or --url URL");
    enum fst_status status = log   ? fst_app_profile_of_log(c->app, log, tag, p, &err)
                             : url ? fst_app_profile_of_url(c->app, url, cli_option(c, "--app"),
                                                            tag, cli_interrupted, NULL, p, &err)
                                   : fst_app_profile(c->app, c->operands[0], p, &err);
    if (status != FST_OK)
        return cli_fail(&err);
    if (p->damaged)
        cli_note("%zu lines of the event log could not be read and were skipped", p->damaged);
    return 0;
}

/* ---- stages ------------------------------------------------------------------------------------
 */

#define CELLS 24

struct cells {
    char text[CELLS][48];
    const char *at[CELLS];
    size_t n;
};

static void add_text(struct cells *c, const char *text)
{
    c->at[c->n++] = text;
}

static void add_number(struct cells *c, int64_t v)
{
    snprintf(c->text[c->n], sizeof c->text[0], "%lld", (long long)v);
    c->at[c->n] = c->text[c->n];
    c->n++;
}

static void add_ratio(struct cells *c, int64_t a, int64_t b)
{
    bool told = a >= 0 && b > 0;
    snprintf(c->text[c->n], sizeof c->text[0], "%.3f", told ? (double)a / (double)b : 0);
    c->at[c->n] = told ? c->text[c->n] : NULL;
    c->n++;
}

static void stage_row(struct cli_rows *rows, const struct fst_stage *s, int64_t now_us)
{
    struct cells c = {.n = 0};
    int64_t end = s->completed_us ? s->completed_us : now_us;
    add_number(&c, s->id);
    add_number(&c, s->attempt);
    add_text(&c, s->state);
    add_number(&c, s->tasks);
    add_number(&c, s->tasks_done);
    add_number(&c, s->tasks_failed);
    add_number(&c, s->submitted_us && end > s->submitted_us ? (end - s->submitted_us) / 1000 : 0);
    add_number(&c, s->input_bytes);
    add_number(&c, s->output_bytes);
    add_number(&c, s->shuffle_read_bytes);
    add_number(&c, s->shuffle_write_bytes);
    add_number(&c, s->spill_memory_bytes);
    add_number(&c, s->spill_disk_bytes);
    add_ratio(&c, s->gc_us, s->run_us);
    add_ratio(&c, s->duration_us.at[FST_QUANTILES - 1], s->duration_us.at[2]);
    add_text(&c, s->nodes ? s->nodes : s->name);
    add_text(&c, s->failure);
    cli_row(rows, c.at);
}

static int stage_rows(struct fst_cli *c, const struct fst_profile *p)
{
    static const struct cli_column columns[] = {
        {"stage", FST_LONG},        {"attempt", FST_LONG},       {"state", FST_STRING},
        {"tasks", FST_LONG},        {"done", FST_LONG},          {"failed", FST_LONG},
        {"ms", FST_LONG},           {"input", FST_LONG},         {"output", FST_LONG},
        {"shuffle_read", FST_LONG}, {"shuffle_write", FST_LONG}, {"spill_memory", FST_LONG},
        {"spill_disk", FST_LONG},   {"gc_share", FST_STRING},    {"max_to_median", FST_STRING},
        {"what", FST_STRING},       {"failure", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < p->n_stages; i++)
        stage_row(rows, &p->stages[i], fst_now_us());
    return cli_rows_finish(c, rows);
}

int cli_stages(struct fst_cli *c)
{
    struct fst_app_profile p;
    int code = get_profile(c, &p);
    if (code != 0)
        return code;
    if (strcmp(c->output, "table") == 0) {
        struct fst_buf text = FST_BUF_TEXT;
        fst_profile_text(p.profile, fst_now_us(), &text);
        cli_text(fst_buf_text(&text));
        fst_buf_done(&text);
    } else {
        code = stage_rows(c, p.profile);
    }
    fst_app_profile_done(&p);
    return code;
}

/* ---- why ---------------------------------------------------------------------------------------
 */

static void why_json(const struct fst_app_profile *p, struct fst_buf *out)
{
    struct fst_buf findings = FST_BUF_TEXT, changes = FST_BUF_TEXT;
    struct fst_json_writer w = fst_json_writer(out);
    fst_findings_json(&p->findings, &findings);
    fst_profile_changes_json(p->changes, p->n_changes, &changes);
    fst_jw_object(&w, NULL);
    fst_jw_raw(&w, "findings", fst_buf_text(&findings));
    fst_jw_string(&w, "since_run", p->before_run);
    fst_jw_raw(&w, "changes", fst_buf_text(&changes));
    fst_jw_int(&w, "damaged_lines", (int64_t)p->damaged);
    fst_jw_end(&w, '}');
    fst_buf_addc(out, '\n');
    fst_buf_done(&findings);
    fst_buf_done(&changes);
}

static void why_text(const struct fst_app_profile *p, struct fst_buf *out)
{
    fst_findings_text(&p->findings, out);
    if (!p->before)
        return;
    fst_buf_printf(out, "\nsince the last good run, %s:\n", p->before_run);
    fst_profile_changes_text(p->changes, p->n_changes, out);
}

int cli_why(struct fst_cli *c)
{
    struct fst_app_profile p;
    struct fst_buf text = FST_BUF_TEXT;
    int code = get_profile(c, &p);
    if (code != 0)
        return code;
    if (cli_is_json(c))
        why_json(&p, &text);
    else
        why_text(&p, &text);
    cli_text(fst_buf_text(&text));
    fst_buf_done(&text);
    fst_app_profile_done(&p);
    return 0;
}
