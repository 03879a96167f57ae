/* A form as it is drawn: its rows, and below them the help of the one under the cursor. */
#include <string.h>
#include <strings.h>

#include "form.h"

enum { NAME_COLS = 22, HELP_ROWS = 4 };

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
    const struct form_field *field = form_at(f, at, &item);
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
    const struct form_field *field = form_at(f, f->cursor, &item);
    fst_draw_fill(s, row, 0, s->cols, FST_ROLE_BORDER);
    if (!field) {
        fst_buf_adds(&text, "Shows the definition before it is registered.");
    } else {
        fst_buf_printf(&text, "%s%s", field->help, field->required ? " (needed)" : "");
        if (field->kind == FORM_CHOICE && field->n)
            fst_buf_printf(&text, ". %s: %s", field->value,
                           field->items[form_chosen_at(field)].detail);
        if (form_is_text(field))
            offers(f, field, &text);
    }
    fst_draw_wrapped(s, row, 1, HELP_ROWS - 1, FST_ROLE_DIM, fst_buf_text(&text), text.n);
    if (f->tested)
        fst_drawf(s, row + HELP_ROWS - 1, 1, f->test_failed ? FST_ROLE_ERROR : FST_ROLE_OK,
                  "tested: %s", f->tested);
    fst_buf_done(&text);
}

void form_draw(struct view *v, struct fst_surface *s)
{
    struct form *f = v->state;
    int rows = s->rows > HELP_ROWS + 3 ? s->rows - HELP_ROWS - 1 : s->rows;
    size_t n = form_n_rows(f);
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
