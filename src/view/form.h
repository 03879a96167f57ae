/* A form: fields one after the other, the help of the one under the cursor below, and at the end
 * what would be registered, as YAML, before it is. What a form is about is a row of functions; it
 * makes the text of a definition, which goes the way of every definition. */
#ifndef FIRESTEEL_VIEW_FORM_H
#define FIRESTEEL_VIEW_FORM_H

#include "view.h"

enum form_kind {
    FORM_TEXT,
    FORM_SECRET, /* only a reference to a secret is taken */
    FORM_CHOICE, /* one of the items */
    FORM_SET,    /* any of the items */
};
struct form_field {
    const char *name, *help, *fallback; /* fallback: what holds when nothing is written */
    enum form_kind kind;
    bool required, single; /* single: a set of which one item is chosen */
    char *value;           /* owned; never NULL */
    struct fst_candidate *items;
    bool *chosen; /* of a set: each item */
    size_t n, cap;
};
struct form;
/* A field as a row of a table. */
struct form_row {
    const char *name;
    enum form_kind kind;
    bool required;
    const char *fallback, *help; /* help NULL: as definitions of the kind `of` have it */
    enum fst_resource_kind of;
    /* What it begins with, and its items; NULL = with nothing. */
    void (*fill)(struct form *f, struct form_field *field);
    bool (*is_asked)(const struct form *f); /* NULL = always */
};
struct form_ops {
    const char *title;
    /* Add all fields anew: what was written under the same name stays. */
    void (*build)(struct form *f);
    bool (*rebuilds)(const char *field); /* does a change of this one ask for that? NULL = none */
    /* The definition; false = `why` says what is missing. */
    bool (*text)(struct form *f, struct fst_buf *out, char why[256]);
    bool can_test;
    void (*release)(void *arg);
};
struct form {
    const struct form_ops *ops;
    struct view *view;
    void *arg; /* the form's own; `release` frees it */
    struct fst_arena *arena;
    struct form_field *fields;
    size_t n, cap;
    struct form_field *before; /* while it is built: the fields that there were */
    size_t n_before;
    size_t cursor, top; /* rows (form_edit.c) */
    struct fst_prompt prompt;
    char jump[32]; /* letters that were typed on a choice */
    char *subject; /* for the title */
    char *tested;  /* what the last test said */
    bool test_failed, changed, discard, busy;
};

struct form *form_open(struct wb *wb, const struct form_ops *ops, const char *subject, void *arg);
struct form_field *form_add(struct form *f, const struct form_row *row); /* texts are copied */
/* The rows that are asked for, one after the other. */
void form_add_rows(struct form *f, const struct form_row *rows, size_t n);
/* Its value, unless one was written before the fields were made anew. */
void form_begin_with(struct form_field *field, const char *value);
void form_item(struct form *f, struct form_field *field, const char *text, const char *detail,
               bool chosen);
/* All resources of a kind as items: name.variant, and what they are. */
void form_resources(struct form *f, struct form_field *field, enum fst_resource_kind kind,
                    bool with_variant);
struct form_field *form_named(const struct form *f, const char *name); /* or NULL */
const char *form_value(const struct form *f, const char *name);        /* "" = nothing is written */
size_t form_chosen(const struct form_field *field);                    /* how many */
/* "KEY: VALUE" with the value quoted; nothing when it is empty. */
void form_yaml(struct fst_buf *out, int indent, const char *key, const char *value);

/* ---- Between the files of the form ----------------------------------------------------------- */

void form_set_value(struct form_field *field, const char *value);
void form_build(struct form *f); /* what was written stays where there is a field of that name */
void form_free_fields(struct form_field *fields, size_t n);
/* Rows: a field, an item of a set (from 0; -1 = the field itself), or the last: NULL. */
size_t form_n_rows(const struct form *f);
struct form_field *form_at(const struct form *f, size_t row, int *item);
bool form_is_text(const struct form_field *field);
size_t form_chosen_at(const struct form_field *field); /* where its value is among its items */
/* To the field under the cursor: a text is written in the prompt from now on, and taken from it. */
void form_enter(struct form *f);
void form_take_text(struct form *f);
void form_move(struct form *f, int step);
void form_press(struct form *f, const char *key, const char *text); /* in the text */
void form_typed(struct view *v, const char *text, size_t n);
void form_side(struct form *f, const char *key, int step); /* the next choice; else the key */
void form_toggle(struct form *f);
void form_tab(struct form *f); /* take what is offered, else to the next field */
void form_register(struct form *f);
void form_test(struct form *f);
void form_draw(struct view *v, struct fst_surface *s);

#endif
