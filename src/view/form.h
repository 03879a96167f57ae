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
    size_t cursor, top; /* rows: see form.c */
    struct fst_prompt prompt;
    char jump[32]; /* letters that were typed on a choice */
    char *subject; /* for the title */
    char *tested;  /* what the last test said */
    bool test_failed, changed, discard, busy;
};

struct form *form_open(struct wb *wb, const struct form_ops *ops, const char *subject, void *arg);
/* Add a field; texts are copied. `value` is what it begins with. */
struct form_field *form_add(struct form *f, enum form_kind kind, const char *name,
                            const char *value, const char *fallback, bool required,
                            const char *help);
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

#endif
