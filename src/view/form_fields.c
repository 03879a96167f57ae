/* The fields of a form: rows of a table become fields, and what was written stays when they are
 * made anew. */
#include <stdlib.h>
#include <string.h>

#include "form.h"

enum { MAX_ITEMS = 2000 };

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
    return field ? field->value : "";
}

size_t form_chosen(const struct form_field *field)
{
    size_t n = 0;
    for (size_t i = 0; field && i < field->n; i++)
        n += field->chosen[i];
    return n;
}

/* What was written before under that name; "" = nothing, or it was a field of another kind. */
static const char *written_before(const struct form *f, enum form_kind kind, const char *name)
{
    for (size_t i = 0; i < f->n_before; i++)
        if (f->before[i].kind == kind && strcmp(f->before[i].name, name) == 0)
            return f->before[i].value;
    return "";
}

static const char *help_of(const struct form_row *r)
{
    const struct fst_field_row *field = r->help ? NULL : fst_field_named(r->of, r->name);
    return field ? field->help : r->help;
}

struct form_field *form_add(struct form *f, const struct form_row *r)
{
    fst_grow(&f->fields, &f->cap, f->n + 1, sizeof *f->fields);
    struct form_field *field = &f->fields[f->n++];
    *field = (struct form_field){.name = fst_arena_strdup(f->arena, r->name),
                                 .help = fst_arena_strdup(f->arena, help_of(r)),
                                 .fallback = fst_arena_strdup(f->arena, r->fallback),
                                 .kind = r->kind,
                                 .required = r->required,
                                 .value = fst_strdup(written_before(f, r->kind, r->name))};
    if (r->fill)
        r->fill(f, field);
    return field;
}

void form_add_rows(struct form *f, const struct form_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!rows[i].is_asked || rows[i].is_asked(f))
            form_add(f, &rows[i]);
}

void form_set_value(struct form_field *field, const char *value)
{
    free(field->value);
    field->value = fst_strdup(value ? value : "");
}

void form_begin_with(struct form_field *field, const char *value)
{
    if (!*field->value)
        form_set_value(field, value);
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

void form_free_fields(struct form_field *fields, size_t n)
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

void form_build(struct form *f)
{
    struct fst_arena *arena = f->arena;
    f->before = f->fields;
    f->n_before = f->n;
    f->fields = NULL;
    f->n = f->cap = 0;
    f->arena = fst_arena_new();
    f->ops->build(f);
    for (size_t i = 0; i < f->n_before; i++) {
        struct form_field *now = form_named(f, f->before[i].name);
        if (now && now->kind == FORM_SET && f->before[i].kind == FORM_SET)
            keep_chosen(now, &f->before[i]);
    }
    form_free_fields(f->before, f->n_before);
    f->before = NULL;
    f->n_before = 0;
    fst_arena_free(arena);
}
