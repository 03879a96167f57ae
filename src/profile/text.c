/* Profiles, findings and changes for people and for programs. */
#include <string.h>

#include "profile.h"

/* ---- Stages ------------------------------------------------------------------------------------
 */

static void cell(struct fst_buf *out, int width, struct fst_buf *text)
{
    const char *p = fst_buf_text(text);
    int used = (int)fst_text_width(p, strlen(p));
    if (used < width)
        fst_buf_repeat(out, ' ', (size_t)(width - used));
    fst_buf_adds(out, p);
    fst_buf_adds(out, "  ");
    fst_buf_clear(text);
}

static void size_cell(struct fst_buf *out, struct fst_buf *text, int64_t bytes)
{
    if (bytes > 0)
        fst_size_text(text, (uint64_t)bytes);
    else
        fst_buf_addc(text, '-');
    cell(out, 8, text);
}

static int64_t took(const struct fst_stage *s, int64_t now_us)
{
    int64_t end = s->completed_us ? s->completed_us : now_us;
    return s->submitted_us > 0 && end > s->submitted_us ? end - s->submitted_us : 0;
}

static void stage_line(const struct fst_stage *s, int64_t now_us, struct fst_buf *out)
{
    struct fst_buf text = FST_BUF(256);
    fst_buf_printf(&text, s->attempt ? "%lld.%d" : "%lld", (long long)s->id, s->attempt);
    cell(out, 5, &text);
    fst_buf_printf(out, "%-8s  ", s->state);
    fst_buf_printf(&text, "%lld/%lld", (long long)s->tasks_done, (long long)s->tasks);
    cell(out, 11, &text);
    fst_buf_printf(&text, "%lld", (long long)s->tasks_failed);
    cell(out, 6, &text);
    fst_duration_text(&text, took(s, now_us));
    cell(out, 6, &text);
    size_cell(out, &text, s->input_bytes);
    size_cell(out, &text, s->output_bytes);
    size_cell(out, &text, s->shuffle_read_bytes);
    size_cell(out, &text, s->shuffle_write_bytes);
    size_cell(out, &text, s->spill_disk_bytes ? s->spill_disk_bytes : s->spill_memory_bytes);
    if (s->run_us > 0)
        fst_buf_printf(&text, "%.0f%%", 100.0 * (double)s->gc_us / (double)s->run_us);
    cell(out, 4, &text);
    if (s->duration_us.at[0] >= 0 && s->duration_us.at[2] > 0)
        fst_buf_printf(&text, "%.1f", (double)s->duration_us.at[5] / (double)s->duration_us.at[2]);
    cell(out, 7, &text);
    const char *what = s->nodes ? s->nodes : s->name;
    fst_buf_add(out, what, strcspn(what, "\r\n"));
    fst_buf_addc(out, '\n');
    fst_buf_done(&text);
}

void fst_profile_text(const struct fst_profile *p, int64_t now_us, struct fst_buf *out)
{
    struct fst_buf text = FST_BUF(256);
    int64_t end = p->ended_us ? p->ended_us : now_us;
    fst_duration_text(&text, p->started_us > 0 && end > p->started_us ? end - p->started_us : 0);
    fst_buf_printf(out, "%s%s, %zu stages", p->finished ? "took " : "running for ",
                   fst_buf_text(&text), p->n_stages);
    if (p->executors >= 0)
        fst_buf_printf(out, ", %lld executor%s with %lld cores", (long long)p->executors,
                       p->executors == 1 ? "" : "s", (long long)p->cores);
    fst_buf_printf(out, "%s%s (%s)\n\n", p->spark_version ? ", Spark " : "",
                   p->spark_version ? p->spark_version : "", p->source);
    fst_buf_done(&text);
    fst_buf_adds(out, "stage  state           tasks  failed    took     input    output  shuf.read"
                      "  shuf.wri     spill    gc  max/med  what\n");
    for (size_t i = 0; i < p->n_stages; i++)
        stage_line(&p->stages[i], now_us, out);
    for (size_t i = 0; i < p->n_stages; i++)
        if (p->stages[i].sampled)
            fst_buf_printf(out, "stage %lld: its quantiles are of %lld tasks drawn from %lld\n",
                           (long long)p->stages[i].id, (long long)p->stages[i].sampled,
                           (long long)p->stages[i].tasks_done);
}

/* ---- Findings ----------------------------------------------------------------------------------
 */

static const char *severity_name(int severity)
{
    return severity >= 3 ? "bad" : severity == 2 ? "warning" : "note";
}

static void finding_text(const struct fst_finding *f, size_t number, struct fst_buf *out)
{
    fst_buf_printf(out, "%zu. %s  %s  %.0f%% of the time", number, f->rule,
                   severity_name(f->severity), 100 * f->share);
    if (f->line)
        fst_buf_printf(out, "  line %u", f->line);
    fst_buf_printf(out, "%s\n   %s\n", f->muted ? "  muted" : "", f->text);
    if (f->muted)
        return;
    fst_buf_printf(out, "   measured %s; threshold %s\n", f->measured, f->threshold);
    if (f->advice)
        fst_buf_printf(out, "   -> %s\n", f->advice);
    if (f->setting && !(f->advice && strstr(f->advice, f->setting)))
        fst_buf_printf(out, "   %s is %s\n", f->setting, f->setting_value);
}

void fst_findings_text(const struct fst_findings *f, struct fst_buf *out)
{
    if (f->n == 0)
        fst_buf_adds(out, "nothing stands out\n");
    for (size_t i = 0; i < f->n; i++)
        finding_text(&f->items[i], i + 1, out);
}

void fst_findings_json(const struct fst_findings *f, struct fst_buf *out)
{
    struct fst_json_writer w = fst_json_writer(out);
    char share[32];
    fst_jw_list(&w, NULL);
    for (size_t i = 0; i < f->n; i++) {
        const struct fst_finding *x = &f->items[i];
        snprintf(share, sizeof share, "%.4f", x->share);
        fst_jw_object(&w, NULL);
        fst_jw_string(&w, "rule", x->rule);
        fst_jw_string(&w, "severity", severity_name(x->severity));
        fst_jw_raw(&w, "share", share);
        fst_jw_string(&w, "text", x->text);
        fst_jw_string(&w, "advice", x->advice);
        fst_jw_string(&w, "measured", x->measured);
        fst_jw_string(&w, "threshold", x->threshold);
        if (x->stage >= 0)
            fst_jw_int(&w, "stage", x->stage);
        else
            fst_jw_raw(&w, "stage", "null");
        fst_jw_string(&w, "node", x->node);
        fst_jw_int(&w, "line", x->line);
        fst_jw_string(&w, "setting", x->setting);
        fst_jw_string(&w, "setting_value", x->setting_value);
        fst_jw_bool(&w, "muted", x->muted);
        fst_jw_end(&w, '}');
    }
    fst_jw_end(&w, ']');
}

/* ---- Changes -----------------------------------------------------------------------------------
 */

static void amount(struct fst_buf *out, const struct fst_profile_change *c, int64_t v)
{
    if (v < 0)
        fst_buf_addc(out, '-');
    else if (c->is_time)
        fst_duration_text(out, v);
    else if (c->is_bytes)
        fst_size_text(out, (uint64_t)v);
    else
        fst_count_text(out, v);
}

void fst_profile_changes_text(const struct fst_profile_change *c, size_t n, struct fst_buf *out)
{
    if (n == 0)
        fst_buf_adds(out, "nothing changed\n");
    for (size_t i = 0; i < n; i++) {
        fst_buf_printf(out, "%s: %s ", c[i].what, c[i].metric);
        amount(out, &c[i], c[i].before);
        fst_buf_adds(out, " -> ");
        amount(out, &c[i], c[i].now);
        if (c[i].before > 0 && c[i].now >= 0)
            fst_buf_printf(out, " (%+.0f%%)",
                           100.0 * ((double)c[i].now - (double)c[i].before) / (double)c[i].before);
        fst_buf_addc(out, '\n');
    }
}

void fst_profile_changes_json(const struct fst_profile_change *c, size_t n, struct fst_buf *out)
{
    struct fst_json_writer w = fst_json_writer(out);
    fst_jw_list(&w, NULL);
    for (size_t i = 0; i < n; i++) {
        fst_jw_object(&w, NULL);
        fst_jw_string(&w, "what", c[i].what);
        fst_jw_string(&w, "metric", c[i].metric);
        fst_jw_int(&w, "before", c[i].before);
        fst_jw_int(&w, "now", c[i].now);
        fst_jw_string(&w, "unit", c[i].is_time ? "us" : c[i].is_bytes ? "bytes" : "count");
        fst_jw_end(&w, '}');
    }
    fst_jw_end(&w, ']');
}
