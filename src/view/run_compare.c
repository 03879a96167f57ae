/* Two runs side by side: how they went, what they were sent with, what they read, and their stages
 * matched by what they did, since numbers of stages mean nothing from one run to the next. */
#include "compare.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_NAME 22
#define LEAST_VALUE 20
#define WORDS_MAX 200

enum fst_status known_run_read(struct fst_app *app, struct fst_catalog *c, const char *id,
                               struct known_run *out, struct fst_error *err)
{
    const struct fst_run_place *place = fst_app_run_place(app);
    struct fst_error none;
    *out = (struct known_run){0};
    FST_TRY(fst_catalog_get_run(c, id, &out->run, err));
    if (fst_run_read_facts(place, out->run->id, &out->facts, &none) != FST_OK)
        out->facts = (struct fst_run_facts){0};
    if (fst_run_read_profile(place, out->run->id, &out->profile, &none) != FST_OK)
        out->profile = NULL;
    return FST_OK;
}

void known_run_done(struct known_run *k)
{
    fst_run_record_free(k->run);
    fst_run_facts_done(&k->facts);
    if (k->profile)
        fst_profile_free(k->profile);
    *k = (struct known_run){0};
}

static const char *input_run(const struct fst_run_record *run, const char *label)
{
    for (size_t i = 0; i < run->n_inputs; i++)
        if (strcmp(run->inputs[i].label, label) == 0)
            return *run->inputs[i].run_id ? run->inputs[i].run_id : run->inputs[i].uri;
    return NULL;
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* ---- In words -------------------------------------------------------------------------------- */

static void word(struct fst_buf *out, const char *name, const char *value)
{
    if (out->n > WORDS_MAX)
        return;
    fst_buf_printf(out, "%s%s", out->n ? ", " : "", name);
    if (!value)
        return;
    size_t width;
    fst_buf_addc(out, '=');
    fst_buf_add(out, value, fst_text_fit(value, strcspn(value, "\n"), 40, &width));
}

/* Where inputs are is told by the runs that wrote them. */
static bool is_input(const char *name)
{
    return strncmp(name, "input ", 6) == 0;
}

void compare_words(const struct known_run *a, const struct known_run *b, struct fst_buf *out)
{
    for (size_t i = 0; i < b->facts.n && a->facts.arena; i++) {
        const struct fst_run_fact *f = &b->facts.items[i];
        if (!is_input(f->name) && !same(fst_run_fact(&a->facts, f->name), f->value))
            word(out, f->name, strcmp(f->name, "sql") == 0 ? NULL : f->value);
    }
    for (size_t i = 0; i < a->facts.n && b->facts.arena; i++)
        if (!is_input(a->facts.items[i].name) && !fst_run_fact(&b->facts, a->facts.items[i].name))
            word(out, a->facts.items[i].name, "not set");
    for (size_t i = 0; i < b->run->n_inputs; i++) {
        const char *label = b->run->inputs[i].label, *now = input_run(b->run, label);
        if (!same(input_run(a->run, label), now))
            word(out, label, now);
    }
}

/* ---- Side by side ---------------------------------------------------------------------------- */

/* The text, and the widths of its columns. */
struct sides {
    struct fst_buf *out;
    int name, value;
};

static void padded(struct fst_buf *out, const char *text, int cols, bool last)
{
    size_t n = strcspn(text, "\n"), width;
    bool cut = text[n] || fst_text_width(text, n) > (size_t)cols;
    size_t fits = last ? n : fst_text_fit(text, n, (size_t)(cut ? cols - 1 : cols), &width);
    fst_buf_add(out, text, fits);
    if (cut && (!last || text[n]))
        fst_buf_adds(out, "…");
    if (last)
        return;
    size_t used = fst_text_width(text, fits) + cut;
    fst_buf_repeat(out, ' ', used < (size_t)cols ? (size_t)cols - used : 0);
    fst_buf_adds(out, "  ");
}

static void row(const struct sides *to, const char *name, const char *a, const char *b)
{
    fst_buf_adds(to->out, same(a, b) ? "  " : "* ");
    padded(to->out, name, to->name, false);
    padded(to->out, a ? a : "-", to->value, false);
    padded(to->out, b ? b : "-", to->value, true);
    fst_buf_addc(to->out, '\n');
}

enum how { TIME, SIZE, COUNT };

static void number(struct fst_buf *out, int64_t v, enum how how)
{
    if (v < 0)
        fst_buf_addc(out, '-');
    else if (how == TIME)
        fst_duration_text(out, v);
    else if (how == SIZE)
        fst_size_text(out, (uint64_t)v);
    else
        fst_count_text(out, v);
}

static void number_row(const struct sides *to, const char *name, int64_t a, int64_t b, enum how how)
{
    struct fst_buf left = FST_BUF(64), right = FST_BUF(64);
    number(&left, a, how);
    number(&right, b, how);
    if (a > 0 && b > 0 && a != b)
        fst_buf_printf(&right, "  (%.2f x)", (double)b / (double)a);
    row(to, name, fst_buf_text(&left), fst_buf_text(&right));
    fst_buf_done(&left);
    fst_buf_done(&right);
}

static int64_t waited(const struct fst_run_record *r)
{
    return r->started_us ? r->started_us - r->created_us : -1;
}

static int64_t took(const struct fst_run_record *r)
{
    int64_t end = r->finished_us ? r->finished_us : fst_now_us();
    return end - (r->started_us ? r->started_us : r->created_us);
}

static const char *provider_of(const struct fst_run_record *r)
{
    return *r->provider ? r->provider : "local";
}

static void add_run(const struct sides *to, const struct fst_run_record *a,
                    const struct fst_run_record *b)
{
    row(to, "state", fst_states[a->state].name, fst_states[b->state].name);
    number_row(to, "attempt", a->attempt, b->attempt, COUNT);
    number_row(to, "waited", waited(a), waited(b), TIME);
    number_row(to, "took", took(a), took(b), TIME);
    number_row(to, "rows", a->rows, b->rows, COUNT);
    row(to, "provider", provider_of(a), provider_of(b));
    row(to, "host", a->host, b->host);
    row(to, "user", a->user, b->user);
    if (a->error || b->error)
        row(to, "error", a->error, b->error);
}

static void add_facts(const struct sides *to, const struct known_run *a, const struct known_run *b)
{
    fst_buf_adds(to->out, "\nsettings\n");
    if (!a->facts.arena || !b->facts.arena)
        fst_buf_printf(to->out, "  what run %s was sent with is gone\n",
                       !a->facts.arena ? a->run->id : b->run->id);
    for (size_t i = 0; i < a->facts.n; i++) {
        const struct fst_run_fact *f = &a->facts.items[i];
        if (!is_input(f->name))
            row(to, f->name, f->value, fst_run_fact(&b->facts, f->name));
    }
    for (size_t i = 0; i < b->facts.n; i++)
        if (!is_input(b->facts.items[i].name) && !fst_run_fact(&a->facts, b->facts.items[i].name))
            row(to, b->facts.items[i].name, NULL, b->facts.items[i].value);
}

static void add_inputs(const struct sides *to, const struct fst_run_record *a,
                       const struct fst_run_record *b)
{
    if (a->n_inputs + b->n_inputs)
        fst_buf_adds(to->out, "\ninputs\n");
    for (size_t i = 0; i < a->n_inputs; i++)
        row(to, a->inputs[i].label, input_run(a, a->inputs[i].label),
            input_run(b, a->inputs[i].label));
    for (size_t i = 0; i < b->n_inputs; i++)
        if (!input_run(a, b->inputs[i].label))
            row(to, b->inputs[i].label, NULL, input_run(b, b->inputs[i].label));
}

/* ---- Stages ---------------------------------------------------------------------------------- */

static const char *does(const struct fst_stage *s)
{
    return s->nodes ? s->nodes : s->name ? s->name : "";
}

/* The one of `p` that does the same, and as many before it do. */
static const struct fst_stage *match(const struct fst_profile *of, size_t i,
                                     const struct fst_profile *p)
{
    const char *what = does(&of->stages[i]);
    size_t before = 0;
    for (size_t k = 0; k < i; k++)
        before += same(does(&of->stages[k]), what);
    for (size_t k = 0; p && k < p->n_stages; k++)
        if (same(does(&p->stages[k]), what) && before-- == 0)
            return &p->stages[k];
    return NULL;
}

static int64_t stage_took(const struct fst_stage *s)
{
    return s && s->completed_us > s->submitted_us && s->submitted_us > 0
               ? s->completed_us - s->submitted_us
               : -1;
}

#define OF(s, member) ((s) ? (s)->member : -1)

static void add_stage(const struct sides *to, const struct fst_stage *a, const struct fst_stage *b)
{
    const struct fst_stage *any = a ? a : b;
    int64_t spill_a = OF(a, spill_disk_bytes), spill_b = OF(b, spill_disk_bytes);
    fst_buf_printf(to->out, "\n  stage %lld / ", (long long)OF(a, id));
    fst_buf_printf(to->out, b ? "%lld  " : "-  ", (long long)OF(b, id));
    fst_buf_add(to->out, does(any), strcspn(does(any), "\n"));
    fst_buf_addc(to->out, '\n');
    number_row(to, "  took", stage_took(a), stage_took(b), TIME);
    number_row(to, "  tasks", OF(a, tasks), OF(b, tasks), COUNT);
    number_row(to, "  read", OF(a, input_bytes), OF(b, input_bytes), SIZE);
    number_row(to, "  shuffle read", OF(a, shuffle_read_bytes), OF(b, shuffle_read_bytes), SIZE);
    number_row(to, "  shuffle written", OF(a, shuffle_write_bytes), OF(b, shuffle_write_bytes),
               SIZE);
    if (spill_a > 0 || spill_b > 0)
        number_row(to, "  spilled to disk", spill_a, spill_b, SIZE);
}

static void add_stages(const struct sides *to, const struct fst_profile *a,
                       const struct fst_profile *b)
{
    if (!a && !b)
        return;
    fst_buf_adds(to->out, "\nstages, matched by what they do\n");
    for (size_t i = 0; a && i < a->n_stages; i++)
        add_stage(to, &a->stages[i], match(a, i, b));
    for (size_t i = 0; b && i < b->n_stages; i++)
        if (!match(b, i, a))
            add_stage(to, NULL, &b->stages[i]);
}

char *compare_text(const struct known_run *a, const struct known_run *b, int cols)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct sides to = {&out, cols / 4 < LEAST_NAME ? LEAST_NAME : cols / 4, 0};
    to.value = (cols - to.name - 6) / 2 < LEAST_VALUE ? LEAST_VALUE : (cols - to.name - 6) / 2;
    row(&to, "run", a->run->id, b->run->id);
    add_run(&to, a->run, b->run);
    add_facts(&to, a, b);
    add_inputs(&to, a->run, b->run);
    add_stages(&to, a->profile, b->profile);
    return fst_buf_take(&out);
}
