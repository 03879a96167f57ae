/* The view of a form: how it is opened and left, and what its keys do. */
#include <stdlib.h>
#include <string.h>

#include "form.h"

struct form *form_open(struct wb *wb, const struct form_ops *ops, const char *subject, void *arg)
{
    struct view *v = wb_open(wb, "form", NULL);
    struct form *f = v->state;
    f->ops = ops;
    f->view = v;
    f->arg = arg;
    f->subject = fst_strdup(subject);
    form_build(f);
    form_enter(f);
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
    form_free_fields(f->fields, f->n);
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

/* ---- Actions --------------------------------------------------------------------------------- */

struct act {
    const char *name;
    void (*do_it)(struct form *f, const struct act *a);
    const char *key; /* that the text under the cursor takes */
    int step;
};

static void write_key(struct form *f, const struct act *a)
{
    int item;
    if (form_is_text(form_at(f, f->cursor, &item)))
        form_press(f, a->key, "");
}

static void move(struct form *f, const struct act *a)
{
    form_move(f, a->step);
}

static void side(struct form *f, const struct act *a)
{
    form_side(f, a->key, a->step);
}

static void toggle(struct form *f, const struct act *a)
{
    (void)a;
    form_toggle(f);
}

static void tab(struct form *f, const struct act *a)
{
    (void)a;
    form_tab(f);
}

static void save(struct form *f, const struct act *a)
{
    (void)a;
    form_register(f);
}

static void enter(struct form *f, const struct act *a)
{
    int item;
    if (form_at(f, f->cursor, &item))
        form_move(f, a->step);
    else
        form_register(f);
}

static void test(struct form *f, const struct act *a)
{
    (void)a;
    form_test(f);
}

static void leave(struct form *f, const struct act *a)
{
    (void)a;
    wb_back(f->view->wb);
}

static const struct act acts[] = {
    {"form.erase", write_key, "backspace", 0},
    {"form.delete", write_key, "delete", 0},
    {"form.clear", write_key, "ctrl-u", 0},
    {"form.word", write_key, "ctrl-w", 0},
    {"form.home", write_key, "home", 0},
    {"form.end", write_key, "end", 0},
    {"form.complete", write_key, "tab", 0},
    {"form.next", move, NULL, 1},
    {"form.previous", move, NULL, -1},
    {"form.pagedown", move, NULL, 10},
    {"form.pageup", move, NULL, -10},
    {"form.left", side, "left", -1},
    {"form.right", side, "right", 1},
    {"form.toggle", toggle, NULL, 0},
    {"form.tab", tab, NULL, 0},
    {"form.enter", enter, NULL, 1},
    {"form.save", save, NULL, 0},
    {"form.test", test, NULL, 0},
    {"form.back", leave, NULL, 0},
};

static bool action(struct view *v, const char *name)
{
    struct form *f = v->state;
    if (!f->ops)
        return strcmp(name, "form.save") == 0;
    for (size_t i = 0; i < FST_COUNT(acts); i++)
        if (strcmp(acts[i].name, name) == 0) {
            acts[i].do_it(f, &acts[i]);
            return true;
        }
    return false;
}

/* ---- The view -------------------------------------------------------------------------------- */

static void title(struct view *v, struct fst_buf *out)
{
    const struct form *f = v->state;
    if (f->ops)
        fst_buf_printf(out, "%s%s%s", f->ops->title, f->subject ? " " : "",
                       f->subject ? f->subject : "");
}

const struct view_ops view_form = {
    .name = "form",
    .is_handed = true,
    .help = "fields of something new, with their help",
    .scopes = {"form", NULL},
    .state_size = sizeof(struct form),
    .open = open,
    .close = close,
    .may_close = may_close,
    .action = action,
    .text = form_typed,
    .title = title,
    .draw = form_draw,
};
