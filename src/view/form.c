/* The view of a form. Every field has a row, and every item of a set; the last row does it. */
#include "form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_COLS = 22, HELP_ROWS = 4, MAX_ITEMS = 2000 };

/* ---- Fields ---------------------------------------------------------------------------------- */

struct form_field *form_named(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->fields[i].name, name) == 0)
            return &f->fields[i];
    return NULL;
}

const char *form_value(const struct form *f, const char *name)
{
    const struct form_field *field = form_named(f, name);
    for (size_t i = 0; !field && i < f->n_before; i++)
        if (strcmp(f->before[i].name, name) == 0)
            field = &f->before[i];
    return field ? field->value : "";
}

size_t form_chosen(const struct form_field *field)
{
    size_t n = 0;
    for (size_t i = 0; field && i < field->n; i++)
        n += field->chosen[i];
    return n;
}

struct form_field *form_add(struct form *f, enum form_kind kind, const char *name,
                            const char *value, const char *fallback, bool required,
                            const char *help)
{
    fst_grow(&f->fields, &f->cap, f->n + 1, sizeof *f->fields);
    struct form_field *field = &f->fields[f->n++];
    *field = (struct form_field){.name = fst_arena_strdup(f->arena, name),
                                 .help = fst_arena_strdup(f->arena, help),
                                 .fallback = fst_arena_strdup(f->arena, fallback),
                                 .kind = kind,
                                 .required = required,
                                 .value = fst_strdup(value ? value : "")};
    return field;
}

void form_item(struct form *f, struct form_field *field, const char *text, const char *detail,
               bool chosen)
{
    size_t cap = field->cap;
    if (field->n == MAX_ITEMS)
        return;
    fst_grow(&field->items, &field->cap, field->n + 1, sizeof *field->items);
    fst_grow(&field->chosen, &cap, field->n + 1, sizeof *field->chosen);
    field->items[field->n] = (struct fst_candidate){
        fst_arena_strdup(f->arena, text), fst_arena_strdup(f->arena, detail ? detail : "")};
    field->chosen[field->n++] = chosen;
}

void form_resources(struct form *f, struct form_field *field, enum fst_resource_kind kind,
                    bool with_variant)
{
    struct fst_list_query q = {.kind = (int)kind, .all_variants = with_variant, .limit = MAX_ITEMS};
    struct fst_items items;
    if (fst_catalog_list(f->view->wb->catalog, &q, &items, NULL) != FST_OK)
        return;
    for (size_t i = 0; i < items.n; i++) {
        const struct fst_item *it = &items.items[i];
        char *label = with_variant && *it->variant ? fst_asprintf("%s.%s", it->name, it->variant)
                                                   : fst_strdup(it->name);
        form_item(f, field, label, it->description, false);
        free(label);
    }
    fst_items_done(&items);
}

void form_yaml(struct fst_buf *out, int indent, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    fst_buf_repeat(out, ' ', (size_t)indent);
    fst_buf_printf(out, "%s: ", key);
    fst_json_quote(out, value, strlen(value));
    fst_buf_addc(out, '\n');
}

static void free_fields(struct form_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(fields[i].value);
        free(fields[i].items);
        free(fields[i].chosen);
    }
    free(fields);
}

static void keep_chosen(struct form_field *to, const struct form_field *from)
{
    for (size_t i = 0; i < to->n; i++)
        for (size_t k = 0; k < from->n; k++)
            if (strcmp(to->items[i].text, from->items[k].text) == 0)
                to->chosen[i] = from->chosen[k];
}

/* What was written stays where there is a field of that name. */
static void build(struct form *f)
{
    struct fst_arena *arena = f->arena;
    f->before = f->fields;
    f->n_before = f->n;
    f->fields = NULL;
    f->n = f->cap = 0;
    f->arena = fst_arena_new();
    f->ops->build(f);
    for (size_t i = 0; i < f->n_before; i++) {
        const struct form_field *old = &f->before[i];
        struct form_field *now = form_named(f, old->name);
        if (!now || now->kind != old->kind)
            continue;
        if (*old->value) {
            free(now->value);
            now->value = fst_strdup(old->value);
        }
        if (now->kind == FORM_SET)
            keep_chosen(now, old);
    }
    free_fields(f->before, f->n_before);
    f->before = NULL;
    f->n_before = 0;
    fst_arena_free(arena);
}

/* ---- Rows: a field, an item of a set (from 0; -1 = the field itself), or the last -------------
 */

static size_t rows_of(const struct form_field *field)
{
    return field->kind == FORM_SET ? 1 + field->n : 1;
}

static size_t n_rows(const struct form *f)
{
    size_t n = 1;
    for (size_t i = 0; i < f->n; i++)
        n += rows_of(&f->fields[i]);
    return n;
}

/* NULL = the last row. */
static struct form_field *at_row(const struct form *f, size_t row, int *item)
{
    *item = -1;
    for (size_t i = 0; i < f->n; i++) {
        size_t n = rows_of(&f->fields[i]);
        if (row < n) {
            *item = (int)row - 1;
            return &f->fields[i];
        }
        row -= n;
    }
    return NULL;
}

static bool is_text(const struct form_field *field)
{
    return field && (field->kind == FORM_TEXT || field->kind == FORM_SECRET);
}

/* The field under the cursor is written in the prompt. */
static void enter(struct form *f)
{
    int item;
    struct form_field *field = at_row(f, f->cursor, &item);
    fst_prompt_open(&f->prompt, "", is_text(field) ? field->value : "");
    if (is_text(field)) {
        f->prompt.candidates = field->items;
        f->prompt.n_candidates = field->n;
    }
}

static void take_text(struct form *f)
{
    int item;
    struct form_field *field = at_row(f, f->cursor, &item);
    if (!is_text(field) || strcmp(field->value, f->prompt.text) == 0)
        return;
    free(field->value);
    field->value = fst_strdup(f->prompt.text);
    f->changed = true;
}

/* Another field may ask for others: the cursor stays on the field that it is on. */
static void settle(struct form *f)
{
    int item;
    struct form_field *field = at_row(f, f->cursor, &item);
    if (!field || !f->ops->rebuilds || !f->ops->rebuilds(field->name))
        return;
    char *name = fst_strdup(field->name);
    build(f);
    size_t row = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->fields[i].name, name) == 0)
            f->cursor = row;
        row += rows_of(&f->fields[i]);
    }
    free(name);
}

static void move(struct form *f, int step)
{
    size_t last = n_rows(f) - 1;
    take_text(f);
    f->jump[0] = '\0';
    if (step < 0)
        f->cursor -= f->cursor < (size_t)-step ? f->cursor : (size_t)-step;
    else
        f->cursor = f->cursor + (size_t)step < last ? f->cursor + (size_t)step : last;
    enter(f);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void press(struct form *f, const char *key, const char *text)
{
    struct fst_key k = {0};
    snprintf(k.name, sizeof k.name, "%s", key);
    snprintf(k.text, sizeof k.text, "%s", text);
    fst_prompt_key(&f->prompt, &k);
    f->prompt.open = true;
    take_text(f);
}

/* Is this a reference to a secret, or the beginning of one? */
static bool may_be_reference(const char *text)
{
    static const char *const schemes[] = {"env:", "file:", "cmd:", "profile:"};
    size_t n = strlen(text);
    for (size_t i = 0; i < FST_COUNT(schemes); i++) {
        size_t k = strlen(schemes[i]);
        if (strncmp(text, schemes[i], n < k ? n : k) == 0)
            return true;
    }
    return false;
}

static void choose(struct form *f, struct form_field *field, size_t at)
{
    if (at >= field->n || strcmp(field->value, field->items[at].text) == 0)
        return;
    free(field->value);
    field->value = fst_strdup(field->items[at].text);
    f->changed = true;
    settle(f);
    enter(f);
}

static size_t chosen_at(const struct form_field *field)
{
    for (size_t i = 0; i < field->n; i++)
        if (strcmp(field->items[i].text, field->value) == 0)
            return i;
    return 0;
}

static bool jump_to(struct form *f, struct form_field *field, size_t from)
{
    for (size_t k = 0; k < field->n; k++) {
        size_t at = (from + k) % field->n;
        if (strncasecmp(field->items[at].text, f->jump, strlen(f->jump)) != 0)
            continue;
        int item;
        at_row(f, f->cursor, &item);
        if (field->kind == FORM_SET)
            f->cursor = f->cursor + at - (size_t)item; /* -1 on the field's own row */
        else
            choose(f, field, at);
        return true;
    }
    return false;
}

/* Letters go to the choice that begins with them; when none does, the last one begins anew. */
static void jump(struct form *f, struct form_field *field, int item, char letter)
{
    size_t here = field->kind == FORM_SET ? (size_t)(item < 0 ? 0 : item) : chosen_at(field);
    size_t n = strlen(f->jump);
    char word[sizeof f->jump];
    if (n + 1 < sizeof f->jump) {
        f->jump[n] = letter;
        f->jump[n + 1] = '\0';
    }
    snprintf(word, sizeof word, "%s", f->jump);
    if (!jump_to(f, field, n ? here : here + (item >= 0 || field->kind == FORM_CHOICE))) {
        snprintf(f->jump, sizeof f->jump, "%c", letter);
        jump_to(f, field, here + 1);
    } else {
        snprintf(f->jump, sizeof f->jump, "%s", word); /* choosing may have begun a field anew */
    }
}

static void typed(struct view *v, const char *text, size_t n)
{
    struct form *f = v->state;
    int item;
    struct form_field *field = at_row(f, f->cursor, &item);
    if (is_text(field)) {
        char before[sizeof f->prompt.text];
        snprintf(before, sizeof before, "%s", f->prompt.text);
        press(f, n == 1 ? text : "text", text);
        if (field->kind == FORM_SECRET && !may_be_reference(f->prompt.text)) {
            fst_prompt_open(&f->prompt, "", before);
            take_text(f);
            wb_say(v->wb, FST_ROLE_WARN,
                   "a secret is not written here: env:NAME, or file:~/.secrets/NAME");
        }
    } else if (field && field->n && n == 1) {
        jump(f, field, item, *text);
    }
}

static void side(struct form *f, struct form_field *field, const char *key, int step)
{
    if (field && field->kind == FORM_CHOICE && field->n) {
        size_t at = chosen_at(field) + field->n;
        choose(f, field, (step < 0 ? at - 1 : at + 1) % field->n);
    } else if (is_text(field)) {
        press(f, key, "");
    }
}

static void toggle(struct form *f, struct form_field *field, int item)
{
    if (is_text(field)) {
        typed(f->view, " ", 1);
    } else if (field && field->kind == FORM_SET && item >= 0) {
        bool now = !field->chosen[item];
        if (field->single)
            memset(field->chosen, 0, field->n * sizeof *field->chosen);
        field->chosen[item] = now;
        f->changed = true;
        move(f, 1);
    } else if (field) {
        side(f, field, "right", 1);
    }
}

/* Take what is offered, else go on to the next field. */
static void tab(struct form *f, struct form_field *field)
{
    size_t n = strlen(f->prompt.text);
    if (is_text(field) && n && f->prompt.cursor == n && field->n)
        press(f, "right", "");
    if (strlen(f->prompt.text) == n)
        move(f, 1);
}

/* ---- Testing and registering ----------------------------------------------------------------- */

struct form_task {
    struct task task;
    char *text;
    struct fst_buf line;
    struct fst_planned planned;
};

static void task_release(struct task *t)
{
    struct form_task *x = (struct form_task *)t;
    free(x->text);
    fst_buf_done(&x->line);
    fst_planned_done(&x->planned);
}

static char *text_of(struct form *f)
{
    struct fst_buf out = FST_BUF_TEXT;
    char why[256] = "";
    take_text(f);
    if (f->ops->text(f, &out, why))
        return fst_buf_take(&out);
    wb_say(f->view->wb, FST_ROLE_WARN, "%s", why);
    fst_buf_done(&out);
    return NULL;
}

static void start(struct form *f, void (*work)(struct task *),
                  void (*done)(struct task *, struct view *), const char *what)
{
    char *text = f->busy ? NULL : text_of(f);
    if (!text)
        return;
    struct form_task *t = wb_task_new(f->view->wb, f->view, sizeof *t, work, done, task_release);
    t->text = text;
    t->line = FST_BUF(4096);
    f->busy = true;
    wb_task_start(&t->task, what);
}

static void test_work(struct task *t)
{
    struct form_task *x = (struct form_task *)t;
    t->status = fst_app_try_provider(t->wb->app, x->text, &x->line, &t->err);
}

static void test_done(struct task *t, struct view *v)
{
    struct form_task *x = (struct form_task *)t;
    if (!v)
        return;
    struct form *f = v->state;
    f->busy = false;
    free(f->tested);
    f->test_failed = t->status != FST_OK;
    f->tested = fst_strdup(t->status == FST_OK ? fst_buf_text(&x->line) : t->err.text);
    wb_say(t->wb, f->test_failed ? FST_ROLE_ERROR : FST_ROLE_OK, "%s", f->tested);
}

static void plan_work(struct task *t)
{
    struct form_task *x = (struct form_task *)t;
    t->status =
        fst_app_plan(t->wb->app, &(struct fst_draft){.text = x->text}, &x->planned, &t->err);
}

static void apply_work(struct task *t)
{
    struct form_task *x = (struct form_task *)t;
    t->status =
        fst_app_apply(t->wb->app, &(struct fst_draft){.text = x->text}, &x->planned, &t->err);
}

static void apply_done(struct task *t, struct view *v)
{
    struct form_task *x = (struct form_task *)t;
    if (v)
        ((struct form *)v->state)->busy = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    if (v && wb_top(t->wb) == v) {
        ((struct form *)v->state)->discard = true;
        wb_back(t->wb);
    }
    wb_say(t->wb, FST_ROLE_INFO, "registered %s", x->planned.labels);
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct view *v = wb_top(wb);
    char *text = arg;
    if (choice == 1 && v->ops == &view_form) {
        struct form *f = v->state;
        struct form_task *t = wb_task_new(wb, v, sizeof *t, apply_work, apply_done, task_release);
        t->text = fst_strdup(text);
        f->busy = true;
        wb_task_start(&t->task, "registering");
    }
    free(text);
}

static void plan_done(struct task *t, struct view *v)
{
    static const char *const choices[] = {"Go back", "Register", NULL};
    static const char *const none[] = {"Go back", NULL};
    struct form_task *x = (struct form_task *)t;
    if (!v)
        return;
    struct form *f = v->state;
    f->busy = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    bool can = x->planned.changes && !x->planned.forbidden;
    char *text = fst_asprintf("%s\n%s%s%s", x->planned.summary, x->planned.yaml,
                              f->tested ? "\ntested: " : "", f->tested ? f->tested : "");
    wb_dialog(t->wb, can ? "Register" : "Nothing to register", text, can ? choices : none, NULL,
              NULL, chosen, fst_strdup(x->text));
    wb_dialog_suggest(t->wb);
}

/* ---- The view -------------------------------------------------------------------------------- */

struct form *form_open(struct wb *wb, const struct form_ops *ops, const char *subject, void *arg)
{
    struct view *v = wb_open(wb, "form", NULL);
    struct form *f = v->state;
    f->ops = ops;
    f->view = v;
    f->arg = arg;
    f->subject = fst_strdup(subject);
    build(f);
    enter(f);
    return f;
}

static void open(struct view *v)
{
    struct form *f = v->state;
    f->view = v;
    f->arena = fst_arena_new();
}

static void close(struct view *v)
{
    struct form *f = v->state;
    if (f->ops && f->ops->release)
        f->ops->release(f->arg);
    free_fields(f->fields, f->n);
    fst_arena_free(f->arena);
    free(f->subject);
    free(f->tested);
}

static void discard(struct wb *wb, int choice, void *arg)
{
    (void)arg;
    struct view *v = wb_top(wb);
    if (choice != 1 || v->ops != &view_form)
        return;
    ((struct form *)v->state)->discard = true;
    wb_back(wb);
}

static bool may_close(struct view *v)
{
    static const char *const choices[] = {"Go back", "Throw it away", NULL};
    const struct form *f = v->state;
    if (!f->changed || f->discard)
        return true;
    wb_dialog(v->wb, "Leave the form", fst_strdup("What was written in it is not registered."),
              choices, NULL, NULL, discard, NULL);
    return false;
}

static bool action(struct view *v, const char *name)
{
    static const struct {
        const char *action, *key;
    } keys[] = {{"form.erase", "backspace"}, {"form.delete", "delete"}, {"form.clear", "ctrl-u"},
                {"form.word", "ctrl-w"},     {"form.home", "home"},     {"form.end", "end"},
                {"form.complete", "tab"}};
    struct form *f = v->state;
    int item;
    if (!f->ops)
        return strcmp(name, "form.save") == 0;
    struct form_field *field = at_row(f, f->cursor, &item);
    for (size_t i = 0; i < FST_COUNT(keys); i++)
        if (strcmp(keys[i].action, name) == 0) {
            if (is_text(field))
                press(f, keys[i].key, "");
            return true;
        }
    if (strcmp(name, "form.next") == 0)
        move(f, 1);
    else if (strcmp(name, "form.previous") == 0)
        move(f, -1);
    else if (strcmp(name, "form.pagedown") == 0)
        move(f, 10);
    else if (strcmp(name, "form.pageup") == 0)
        move(f, -10);
    else if (strcmp(name, "form.tab") == 0)
        tab(f, field);
    else if (strcmp(name, "form.left") == 0)
        side(f, field, "left", -1);
    else if (strcmp(name, "form.right") == 0)
        side(f, field, "right", 1);
    else if (strcmp(name, "form.toggle") == 0)
        toggle(f, field, item);
    else if (strcmp(name, "form.enter") == 0 && field)
        move(f, 1);
    else if (strcmp(name, "form.save") == 0 || strcmp(name, "form.enter") == 0)
        start(f, plan_work, plan_done, "planning");
    else if (strcmp(name, "form.test") == 0 && f->ops->can_test) {
        wb_say(v->wb, FST_ROLE_INFO, "asking");
        start(f, test_work, test_done, "asking");
    } else if (strcmp(name, "form.test") == 0)
        wb_say(v->wb, FST_ROLE_DIM, "only a provider is tested");
    else if (strcmp(name, "form.back") == 0)
        wb_back(v->wb);
    else
        return false;
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct form *f = v->state;
    if (f->ops)
        fst_buf_printf(out, "%s%s%s", f->ops->title, f->subject ? " " : "",
                       f->subject ? f->subject : "");
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_item(const struct form_field *field, int item, struct fst_surface *s, int row,
                      bool here)
{
    enum fst_role role = here ? FST_ROLE_CURSOR : FST_ROLE_TEXT;
    if (here)
        fst_draw_fill(s, row, 0, s->cols, role);
    int col = 4 + fst_drawf(s, row, 4, role, "[%c] ", field->chosen[item] ? 'x' : ' ');
    col += fst_draws(s, row, col, role, field->items[item].text) + 2;
    fst_draws(s, row, col, here ? role : FST_ROLE_DIM, field->items[item].detail);
}

static void draw_value(const struct form *f, const struct form_field *field, struct fst_surface *s,
                       int row, bool here)
{
    int col = NAME_COLS + 2;
    if (field->kind == FORM_SET) {
        fst_drawf(s, row, col, FST_ROLE_DIM, "%zu of %zu (space chooses)", form_chosen(field),
                  field->n);
    } else if (field->kind == FORM_CHOICE) {
        fst_drawf(s, row, col, here ? FST_ROLE_CURSOR : FST_ROLE_TEXT, here ? "< %s >" : "  %s",
                  field->value);
    } else if (here) {
        struct fst_surface line = fst_surface_window(s, row, col, 1, s->cols - col);
        struct fst_prompt prompt = f->prompt;
        fst_prompt_draw(&prompt, &line);
        if (!*f->prompt.text && field->fallback && *field->fallback)
            fst_drawf(&line, 0, 2, FST_ROLE_DIM, "%s", field->fallback);
    } else if (*field->value) {
        fst_draws(s, row, col, FST_ROLE_TEXT, field->value);
    } else if (field->fallback) {
        fst_draws(s, row, col, FST_ROLE_DIM, field->fallback);
    }
}

static void draw_row(const struct form *f, size_t at, struct fst_surface *s, int row)
{
    int item;
    bool here = at == f->cursor;
    const struct form_field *field = at_row(f, at, &item);
    if (!field) {
        int col = 2 + fst_draws(s, row, 2, here ? FST_ROLE_CURSOR : FST_ROLE_KEY, "[ Register ]");
        if (f->ops->can_test)
            fst_draws(s, row, col + 2, FST_ROLE_DIM, "ctrl-t tests it first");
    } else if (item >= 0) {
        draw_item(field, item, s, row, here);
    } else {
        bool missing = field->required && !*field->value && field->kind != FORM_SET;
        fst_draws(s, row, 1, FST_ROLE_WARN, missing ? "*" : " ");
        fst_draw(s, row, 2, NAME_COLS - 1, here ? FST_ROLE_CURSOR : FST_ROLE_TEXT, field->name,
                 strlen(field->name));
        draw_value(f, field, s, row, here);
    }
}

/* What fits what is written so far. */
static void offers(const struct form *f, const struct form_field *field, struct fst_buf *out)
{
    size_t n = strlen(f->prompt.text), shown = 0;
    for (size_t i = 0; i < field->n && shown < 12; i++) {
        if (strncasecmp(field->items[i].text, f->prompt.text, n) != 0)
            continue;
        fst_buf_printf(out, "%s%s", shown++ ? ", " : "  there are: ", field->items[i].text);
    }
}

static void draw_help(const struct form *f, struct fst_surface *s, int row)
{
    struct fst_buf text = FST_BUF_TEXT;
    int item;
    const struct form_field *field = at_row(f, f->cursor, &item);
    fst_draw_fill(s, row, 0, s->cols, FST_ROLE_BORDER);
    if (!field) {
        fst_buf_adds(&text, "Shows the definition before it is registered.");
    } else {
        fst_buf_printf(&text, "%s%s", field->help, field->required ? " (needed)" : "");
        if (field->kind == FORM_CHOICE && field->n)
            fst_buf_printf(&text, ". %s: %s", field->value, field->items[chosen_at(field)].detail);
        if (is_text(field))
            offers(f, field, &text);
    }
    fst_draw_wrapped(s, row, 1, HELP_ROWS - 1, FST_ROLE_DIM, fst_buf_text(&text), text.n);
    if (f->tested)
        fst_drawf(s, row + HELP_ROWS - 1, 1, f->test_failed ? FST_ROLE_ERROR : FST_ROLE_OK,
                  "tested: %s", f->tested);
    fst_buf_done(&text);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct form *f = v->state;
    int rows = s->rows > HELP_ROWS + 3 ? s->rows - HELP_ROWS - 1 : s->rows;
    size_t n = n_rows(f);
    if (f->cursor < f->top)
        f->top = f->cursor;
    if (f->cursor >= f->top + (size_t)rows)
        f->top = f->cursor - (size_t)rows + 1;
    for (int row = 0; row < rows && f->top + (size_t)row < n; row++)
        draw_row(f, f->top + (size_t)row, s, row);
    if (f->top + (size_t)rows < n)
        fst_draws(s, rows - 1, s->cols - 7, FST_ROLE_KEY, s->ascii ? "more" : "more ↓");
    if (rows < s->rows)
        draw_help(f, s, rows + 1);
}

const struct view_ops view_form = {
    .name = "form",
    .help = "fields of something new, with their help",
    .scopes = {"form", NULL},
    .state_size = sizeof(struct form),
    .open = open,
    .close = close,
    .may_close = may_close,
    .action = action,
    .text = typed,
    .title = title,
    .draw = draw,
};
