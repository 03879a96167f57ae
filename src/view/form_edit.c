/* Moving in a form and writing in it. A row of it is a field, an item of a set, or the last one,
 * which registers. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "form.h"

/* ---- Rows ------------------------------------------------------------------------------------ */

static size_t rows_of(const struct form_field *field)
{
    return field->kind == FORM_SET ? 1 + field->n : 1;
}

size_t form_n_rows(const struct form *f)
{
    size_t n = 1;
    for (size_t i = 0; i < f->n; i++)
        n += rows_of(&f->fields[i]);
    return n;
}

struct form_field *form_at(const struct form *f, size_t row, int *item)
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

bool form_is_text(const struct form_field *field)
{
    return field && (field->kind == FORM_TEXT || field->kind == FORM_SECRET);
}

void form_enter(struct form *f)
{
    int item;
    struct form_field *field = form_at(f, f->cursor, &item);
    fst_prompt_open(&f->prompt, "", form_is_text(field) ? field->value : "");
    if (form_is_text(field)) {
        f->prompt.candidates = field->items;
        f->prompt.n_candidates = field->n;
    }
}

void form_take_text(struct form *f)
{
    int item;
    struct form_field *field = form_at(f, f->cursor, &item);
    if (!form_is_text(field) || strcmp(field->value, f->prompt.text) == 0)
        return;
    form_set_value(field, f->prompt.text);
    f->changed = true;
}

/* Another field may ask for others: the cursor stays on the field that it is on. */
static void settle(struct form *f)
{
    int item;
    struct form_field *field = form_at(f, f->cursor, &item);
    if (!field || !f->ops->rebuilds || !f->ops->rebuilds(field->name))
        return;
    char *name = fst_strdup(field->name);
    form_build(f);
    size_t row = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->fields[i].name, name) == 0)
            f->cursor = row;
        row += rows_of(&f->fields[i]);
    }
    free(name);
}

void form_move(struct form *f, int step)
{
    size_t last = form_n_rows(f) - 1;
    form_take_text(f);
    f->jump[0] = '\0';
    if (step < 0)
        f->cursor -= f->cursor < (size_t)-step ? f->cursor : (size_t)-step;
    else
        f->cursor = f->cursor + (size_t)step < last ? f->cursor + (size_t)step : last;
    form_enter(f);
}

/* ---- Writing --------------------------------------------------------------------------------- */

void form_press(struct form *f, const char *key, const char *text)
{
    struct fst_key k = {0};
    snprintf(k.name, sizeof k.name, "%s", key);
    snprintf(k.text, sizeof k.text, "%s", text);
    fst_prompt_key(&f->prompt, &k);
    f->prompt.open = true;
    form_take_text(f);
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
    form_set_value(field, field->items[at].text);
    f->changed = true;
    settle(f);
    form_enter(f);
}

size_t form_chosen_at(const struct form_field *field)
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
        form_at(f, f->cursor, &item);
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
    size_t here = field->kind == FORM_SET ? (size_t)(item < 0 ? 0 : item) : form_chosen_at(field);
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

void form_typed(struct view *v, const char *text, size_t n)
{
    struct form *f = v->state;
    int item;
    struct form_field *field = form_at(f, f->cursor, &item);
    if (form_is_text(field)) {
        char before[sizeof f->prompt.text];
        snprintf(before, sizeof before, "%s", f->prompt.text);
        form_press(f, n == 1 ? text : "text", text);
        if (field->kind == FORM_SECRET && !may_be_reference(f->prompt.text)) {
            fst_prompt_open(&f->prompt, "", before);
            form_take_text(f);
            wb_say(v->wb, FST_ROLE_WARN,
                   "a secret is not written here: env:NAME, or file:~/.secrets/NAME");
        }
    } else if (field && field->n && n == 1) {
        jump(f, field, item, *text);
    }
}

void form_side(struct form *f, const char *key, int step)
{
    int item;
    struct form_field *field = form_at(f, f->cursor, &item);
    if (field && field->kind == FORM_CHOICE && field->n) {
        size_t at = form_chosen_at(field) + field->n;
        choose(f, field, (step < 0 ? at - 1 : at + 1) % field->n);
    } else if (form_is_text(field)) {
        form_press(f, key, "");
    }
}

void form_toggle(struct form *f)
{
    int item;
    struct form_field *field = form_at(f, f->cursor, &item);
    if (form_is_text(field)) {
        form_typed(f->view, " ", 1);
    } else if (field && field->kind == FORM_SET && item >= 0) {
        bool now = !field->chosen[item];
        if (field->single)
            memset(field->chosen, 0, field->n * sizeof *field->chosen);
        field->chosen[item] = now;
        f->changed = true;
        form_move(f, 1);
    } else if (field) {
        form_side(f, "right", 1);
    }
}

void form_tab(struct form *f)
{
    int item;
    struct form_field *field = form_at(f, f->cursor, &item);
    size_t n = strlen(f->prompt.text);
    if (form_is_text(field) && n && f->prompt.cursor == n && field->n)
        form_press(f, "right", "");
    if (strlen(f->prompt.text) == n)
        form_move(f, 1);
}
