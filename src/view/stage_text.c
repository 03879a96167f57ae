/* The lines of the view of stages: first when what ran, then what stands out, then all figures. */
#include "stage_text.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_COLS 8 /* before a bar */
#define TOOK_COLS 20 /* behind it: how long, and of how much */
#define NODE_COLS 24 /* what it did, where there is room */
#define LEAST_BAR 10
#define CONTEXT_LINES 2 /* of a transformation, around the one that is meant */

/* ---- Lines ----------------------------------------------------------------------------------- */

/* The text from `at` on is one line. */
static void end_line(struct stage_lines *l, size_t at, enum fst_role role, enum stage_about about,
                     size_t index)
{
    fst_grow(&l->lines, &l->cap, l->n + 1, sizeof *l->lines);
    l->lines[l->n++] = (struct stage_line){at, l->text.n - at, role, about, index};
    fst_buf_addc(&l->text, '\n');
}

static void add_line(struct stage_lines *l, enum fst_role role, const char *text)
{
    size_t at = l->text.n;
    fst_buf_adds(&l->text, text);
    end_line(l, at, role, ABOUT_NOTHING, 0);
}

void stage_lines_done(struct stage_lines *l)
{
    fst_buf_done(&l->text);
    free(l->lines);
    *l = (struct stage_lines){0};
}

/* ---- The timeline ---------------------------------------------------------------------------- */

void stage_bar(struct fst_buf *out, int at, int n, int width, const char *full, const char *end)
{
    fst_buf_repeat(out, ' ', (size_t)at);
    for (int i = 0; i < n; i++)
        fst_buf_adds(out, i + 1 < n ? full : end);
    for (int i = at + n; i < width; i++)
        fst_buf_addc(out, ' ');
}

static bool has_failed(const struct fst_stage *s)
{
    return strcmp(s->state, "FAILED") == 0;
}

static enum fst_role bar_role(const struct fst_timeline_bar *b)
{
    return has_failed(b->stage) ? FST_ROLE_ERROR
           : b->running         ? FST_ROLE_RUNNING
           : b->critical        ? FST_ROLE_WARN
                                : FST_ROLE_TEXT;
}

static void bar_line(struct stage_lines *l, const struct fst_timeline *t,
                     const struct fst_timeline_bar *b, int width, bool ascii)
{
    const struct fst_stage *s = b->stage;
    char label[32];
    int at, n;
    snprintf(label, sizeof label, s->attempt ? "%lld.%d" : "%lld", (long long)s->id, s->attempt);
    fst_buf_printf(&l->text, "%c%*s  ", b->critical ? '*' : ' ', LABEL_COLS - 3, label);
    fst_timeline_cells(b->from_us, b->to_us, t->from_us, t->to_us, width, &at, &n);
    const char *full = has_failed(s) ? (ascii ? "x" : "▒") : (ascii ? "#" : "█");
    stage_bar(&l->text, at, n, width, full, b->running ? (ascii ? ">" : "▶") : full);
    struct fst_buf took = FST_BUF(64);
    fst_duration_text(&took, b->to_us - b->from_us);
    double whole = t->to_us > t->from_us ? (double)(t->to_us - t->from_us) : 1;
    fst_buf_printf(&l->text, "%8s %3.0f%%", fst_buf_text(&took),
                   100 * (double)(b->to_us - b->from_us) / whole);
    if (s->tasks_done < s->tasks)
        fst_buf_printf(&l->text, " %lld/%lld", (long long)s->tasks_done, (long long)s->tasks);
    const char *what = s->node ? s->node : s->nodes ? s->nodes : s->name ? s->name : "";
    fst_buf_adds(&l->text, "  ");
    fst_buf_add(&l->text, what, strcspn(what, "\r\n"));
    fst_buf_done(&took);
}

static void axis(struct stage_lines *l, const struct fst_timeline *t, int width)
{
    struct fst_buf whole = FST_BUF(64), half = FST_BUF(64);
    size_t at = l->text.n;
    fst_duration_text(&whole, t->to_us - t->from_us);
    fst_duration_text(&half, (t->to_us - t->from_us) / 2);
    int middle = width / 2, end = width - (int)whole.n;
    fst_buf_printf(&l->text, "%*s%-*s%-*s%s  (* = the whole waited for it)", LABEL_COLS, "", middle,
                   "0", end - middle > 0 ? end - middle : 0, fst_buf_text(&half),
                   fst_buf_text(&whole));
    end_line(l, at, FST_ROLE_DIM, ABOUT_NOTHING, 0);
    fst_buf_done(&whole);
    fst_buf_done(&half);
}

static void add_timeline(struct stage_lines *l, const struct fst_app_profile *p, int64_t now_us,
                         int cols, bool ascii)
{
    struct fst_timeline t;
    struct fst_arena *arena = fst_arena_new();
    int width = cols - LABEL_COLS - TOOK_COLS - (cols > 70 ? NODE_COLS : 0);
    width = width < LEAST_BAR ? LEAST_BAR : width;
    fst_timeline_of(p->profile, now_us, arena, &t);
    if (t.n) {
        add_line(l, FST_ROLE_HEADER, "timeline");
        for (size_t i = 0; i < t.n; i++) {
            size_t at = l->text.n;
            bar_line(l, &t, &t.bars[i], width, ascii);
            end_line(l, at, bar_role(&t.bars[i]), ABOUT_STAGE,
                     (size_t)(t.bars[i].stage - p->profile->stages));
        }
        axis(l, &t, width);
        add_line(l, FST_ROLE_TEXT, "");
    }
    fst_arena_free(arena);
}

/* ---- Findings, figures, changes -------------------------------------------------------------- */

static enum fst_role finding_role(const struct fst_finding *f, bool first)
{
    if (f->muted)
        return FST_ROLE_DIM;
    return !first ? FST_ROLE_TEXT : f->severity >= 3 ? FST_ROLE_ERROR : FST_ROLE_WARN;
}

/* Lines of `text`; those of the finding that they are about. A finding begins with its number. */
static void add_findings(struct stage_lines *l, const struct fst_findings *f)
{
    struct fst_buf text = FST_BUF_TEXT;
    size_t next = 0;
    fst_findings_text(f, &text);
    add_line(l, FST_ROLE_HEADER, "findings, by the share of the time that they are about");
    for (const char *p = fst_buf_text(&text); *p;) {
        size_t n = strcspn(p, "\n"), at = l->text.n;
        bool first = *p != ' ' && next < f->n;
        next += first;
        const struct fst_finding *of = next ? &f->items[next - 1] : NULL;
        enum fst_role role = of ? finding_role(of, first) : FST_ROLE_OK;
        if (n > 12 && memcmp(p, "   measured ", 12) == 0)
            role = FST_ROLE_DIM;
        fst_buf_add(&l->text, p, n);
        end_line(l, at, role, of ? ABOUT_FINDING : ABOUT_NOTHING, next ? next - 1 : 0);
        p += n + (p[n] == '\n');
    }
    add_line(l, FST_ROLE_TEXT, "");
    fst_buf_done(&text);
}

static enum fst_role figure_role(const char *p, size_t n)
{
    if (n >= 12 && memcmp(p, "stage  state", 12) == 0)
        return FST_ROLE_HEADER;
    if (memmem(p, n, "  FAILED ", 9))
        return FST_ROLE_ERROR;
    return memmem(p, n, "  SKIPPED ", 10) ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

/* The lines of the table are the stages in their order. */
static const char *add_figures(struct stage_lines *l, const char *p, size_t n_stages, bool to_blank)
{
    size_t stage = SIZE_MAX;
    while (*p && !(to_blank && *p == '\n')) {
        size_t n = strcspn(p, "\n"), at = l->text.n;
        enum fst_role role = figure_role(p, n);
        bool is_stage = stage < n_stages;
        fst_buf_add(&l->text, p, n);
        end_line(l, at, role, is_stage ? ABOUT_STAGE : ABOUT_NOTHING, is_stage ? stage : 0);
        stage = role == FST_ROLE_HEADER ? 0 : stage == SIZE_MAX ? stage : stage + 1;
        p += n + (p[n] == '\n');
    }
    return p + (*p == '\n');
}

static void add_changes(struct stage_lines *l, const struct fst_app_profile *p)
{
    struct fst_buf text = FST_BUF_TEXT;
    char *head = fst_asprintf("since the last good run, %s", p->before_run);
    add_line(l, FST_ROLE_TEXT, "");
    add_line(l, FST_ROLE_HEADER, head);
    fst_profile_changes_text(p->changes, p->n_changes, &text);
    add_figures(l, fst_buf_text(&text), 0, false);
    free(head);
    fst_buf_done(&text);
}

void stage_lines_make(struct stage_lines *l, const struct fst_app_profile *p, int64_t now_us,
                      int cols, bool ascii)
{
    struct fst_buf table = FST_BUF_TEXT;
    stage_lines_done(l);
    l->text = FST_BUF_TEXT;
    fst_profile_text(p->profile, now_us, &table);
    const char *rest = add_figures(l, fst_buf_text(&table), 0, true);
    add_line(l, FST_ROLE_TEXT, "");
    add_timeline(l, p, now_us, cols, ascii);
    add_findings(l, &p->findings);
    add_figures(l, rest, p->profile->n_stages, false);
    if (p->before)
        add_changes(l, p);
    fst_buf_done(&table);
}

/* ---- In full --------------------------------------------------------------------------------- */

static const char *rule_help(const char *rule)
{
    for (size_t i = 0; i < fst_n_rules; i++)
        if (strcmp(fst_rules[i].name, rule) == 0)
            return fst_rules[i].help;
    return "";
}

/* The settings that move the threshold: they share the rule's word ("skew" of "data-skew"). */
static void add_thresholds(struct fst_buf *out, const char *rule)
{
    for (size_t i = 0; i < fst_n_thresholds; i++) {
        const char *name = fst_thresholds[i].name;
        size_t n = strcspn(name, ".");
        const char *at = strstr(rule, "-");
        bool begins = strncmp(rule, name, n) == 0 && (rule[n] == '-' || !rule[n]);
        bool ends = at && strncmp(at + 1, name, n) == 0 && !at[1 + n];
        if (begins || ends)
            fst_buf_printf(out, "             findings.%s: %s\n", name, fst_thresholds[i].help);
    }
    fst_buf_printf(out, "             mute it: findings.muted: %s\n", rule);
}

static void add_sql(struct fst_buf *out, const char *sql, uint32_t line)
{
    uint32_t number = 1;
    fst_buf_printf(out, "\nline         %u of the transformation\n", line);
    for (const char *p = sql; *p; number++) {
        size_t n = strcspn(p, "\n");
        if (number + CONTEXT_LINES >= line && number <= line + CONTEXT_LINES)
            fst_buf_printf(out, "  %c %4u  %.*s\n", number == line ? '>' : ' ', number, (int)n, p);
        p += n + (p[n] == '\n');
    }
}

static size_t stage_index(const struct fst_profile *p, int64_t id)
{
    size_t i = 0;
    while (i < p->n_stages && p->stages[i].id != id)
        i++;
    return i;
}

char *stage_finding_text(const struct fst_app_profile *p, size_t finding, const char *sql)
{
    const struct fst_finding *f = &p->findings.items[finding];
    struct fst_buf out = FST_BUF_TEXT;
    fst_buf_printf(&out, "%s\n\n", f->text);
    fst_buf_printf(&out, "rule         %s: %s%s\n", f->rule, rule_help(f->rule),
                   f->muted ? " (muted)" : "");
    fst_buf_printf(&out, "share        %.0f%% of the time of the whole\n", 100 * f->share);
    fst_buf_printf(&out, "value        %s\n", f->measured ? f->measured : "-");
    fst_buf_printf(&out, "threshold    %s\n", f->threshold ? f->threshold : "-");
    add_thresholds(&out, f->rule);
    if (f->setting)
        fst_buf_printf(&out, "setting      %s = %s\n", f->setting, f->setting_value);
    if (f->advice)
        fst_buf_printf(&out, "advice       %s\n", f->advice);
    if (f->node)
        fst_buf_printf(&out, "operator     %s\n", f->node);
    if (f->line && sql)
        add_sql(&out, sql, f->line);
    size_t stage = f->stage >= 0 ? stage_index(p->profile, f->stage) : p->profile->n_stages;
    if (stage < p->profile->n_stages) {
        char *figures = stage_figures_text(p, stage, 0);
        fst_buf_printf(&out, "\n%s", figures);
        free(figures);
    }
    return fst_buf_take(&out);
}

static void add_figure(struct fst_buf *out, const char *name, int64_t v, char kind)
{
    if (v <= 0)
        return;
    fst_buf_printf(out, "  %-24s ", name);
    if (kind == 't')
        fst_duration_text(out, v);
    else if (kind == 'b')
        fst_size_text(out, (uint64_t)v);
    else
        fst_count_text(out, v);
    fst_buf_addc(out, '\n');
}

static void add_spread(struct fst_buf *out, const char *name, const struct fst_spread *s, char kind)
{
    static const char *const quantiles[] = {"least", "25%", "median", "75%", "95%", "most"};
    if (s->at[0] < 0)
        return;
    fst_buf_printf(out, "  %-24s", name);
    for (size_t i = 0; i < FST_QUANTILES; i++) {
        fst_buf_printf(out, " %s ", quantiles[i]);
        if (kind == 't')
            fst_duration_text(out, s->at[i]);
        else
            fst_size_text(out, s->at[i] > 0 ? (uint64_t)s->at[i] : 0);
        fst_buf_adds(out, i + 1 < FST_QUANTILES ? "," : "\n");
    }
}

char *stage_figures_text(const struct fst_app_profile *p, size_t stage, int64_t now_us)
{
    const struct fst_stage *s = &p->profile->stages[stage];
    struct fst_buf out = FST_BUF_TEXT;
    int64_t end = s->completed_us ? s->completed_us : now_us;
    fst_buf_printf(&out, "stage %lld, attempt %d, %s: %s\n", (long long)s->id, s->attempt + 1,
                   s->state, s->name ? s->name : "");
    if (s->nodes)
        fst_buf_printf(&out, "  %-24s %s\n", "operators", s->nodes);
    if (s->submitted_us > 0)
        add_figure(&out, "took", end - s->submitted_us, 't');
    const struct {
        const char *name;
        int64_t v;
        char kind;
    } rows[] = {{"tasks", s->tasks, 'n'},
                {"tasks done", s->tasks_done, 'n'},
                {"tasks failed", s->tasks_failed, 'n'},
                {"time of all tasks", s->run_us, 't'},
                {"garbage collection", s->gc_us, 't'},
                {"waiting for shuffle", s->fetch_wait_us, 't'},
                {"read", s->input_bytes, 'b'},
                {"rows read", s->input_rows, 'n'},
                {"shuffle read", s->shuffle_read_bytes, 'b'},
                {"shuffle rows read", s->shuffle_read_rows, 'n'},
                {"shuffle written", s->shuffle_write_bytes, 'b'},
                {"shuffle rows written", s->shuffle_write_rows, 'n'},
                {"spilled, in memory", s->spill_memory_bytes, 'b'},
                {"spilled to disk", s->spill_disk_bytes, 'b'},
                {"written", s->output_bytes, 'b'},
                {"rows written", s->output_rows, 'n'}};
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        add_figure(&out, rows[i].name, rows[i].v, rows[i].kind);
    add_spread(&out, "a task took", &s->duration_us, 't');
    add_spread(&out, "a task read", &s->input_spread, 'b');
    add_spread(&out, "a task's shuffle read", &s->shuffle_read_spread, 'b');
    add_spread(&out, "a task spilled", &s->spill_spread, 'b');
    if (s->failure)
        fst_buf_printf(&out, "\n%s\n", s->failure);
    return fst_buf_take(&out);
}
