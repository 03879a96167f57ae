/* Features, a label or a training set from the columns of rows that one looks at. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "form.h"

struct make {
    char *from; /* name.variant of the source or transformation; NULL = there is none */
    struct fst_schema *schema;
    bool *marked; /* columns that were marked in the grid */
};

static bool is_set(const struct form *f)
{
    return strcmp(form_value(f, "make"), "training set") == 0;
}

static bool is_label(const struct form *f)
{
    return strcmp(form_value(f, "make"), "label") == 0;
}

/* ---- Guesses --------------------------------------------------------------------------------- */

/* Rather a time than a date: a birthday is no event. */
static const char *first_time(const struct fst_schema *s)
{
    const char *date = "";
    for (size_t i = s->n; i-- > 0;) {
        enum fst_kind k = s->fields[i].type.kind;
        if (k == FST_DATE)
            date = s->fields[i].name;
    }
    for (size_t i = 0; i < s->n; i++) {
        enum fst_kind k = s->fields[i].type.kind;
        if (k == FST_TIMESTAMP || k == FST_TIMESTAMP_NTZ)
            return s->fields[i].name;
    }
    return date;
}

/* CustomerID, customer_id, id: the first column that ends like a key. */
static const char *first_key(const struct fst_schema *s)
{
    for (size_t i = 0; i < s->n; i++) {
        size_t n = strlen(s->fields[i].name);
        if (n >= 2 && strcasecmp(s->fields[i].name + n - 2, "id") == 0)
            return s->fields[i].name;
    }
    return s->n ? s->fields[0].name : "";
}

/* The key and the time are no values, whatever is under the cursor. */
static bool is_guessed(const struct fst_schema *s, size_t i)
{
    return strcmp(s->fields[i].name, first_key(s)) == 0 ||
           strcmp(s->fields[i].name, first_time(s)) == 0;
}

/* A name as the rules of names want it. Owned. */
static char *name_of(const char *text)
{
    char *name = fst_strdup(text), *to = name;
    for (const char *p = text; *p; p++) {
        bool good = isalnum((unsigned char)*p) || *p == '_' || *p == '-';
        char c = (char)(good ? tolower((unsigned char)*p) : '_');
        if (c != '_' || (to > name && to[-1] != '_'))
            *to++ = c;
    }
    while (to > name && to[-1] == '_')
        to--;
    *to = '\0';
    return name;
}

static char *entity_of(const char *key)
{
    size_t n = strlen(key);
    if (n > 2 && strcasecmp(key + n - 2, "id") == 0)
        n -= 2;
    char *part = fst_strndup(key, n), *name = name_of(part);
    free(part);
    return name;
}

/* ---- Fields ---------------------------------------------------------------------------------- */

static void add_columns(struct form *f, struct form_field *field, bool marks)
{
    const struct make *m = f->arg;
    struct fst_buf type = FST_BUF_TEXT;
    for (size_t i = 0; i < m->schema->n; i++) {
        fst_buf_clear(&type);
        fst_type_text(&type, &m->schema->fields[i].type);
        form_item(f, field, m->schema->fields[i].name, fst_buf_text(&type),
                  marks && m->marked && m->marked[i]);
    }
    fst_buf_done(&type);
}

static bool is_of_columns(const struct form *f)
{
    return !is_set(f);
}

static bool is_feature(const struct form *f)
{
    return !is_set(f) && !is_label(f);
}

static void fill_make(struct form *f, struct form_field *field)
{
    const struct make *m = f->arg;
    if (m->from) {
        form_item(f, field, "features", "values that are known about an entity at a time", false);
        form_item(f, field, "label", "the value to learn", false);
    }
    form_item(f, field, "training set", "a label with the features as they were at its time",
              false);
    form_begin_with(field, field->items[0].text);
}

static void fill_values(struct form *f, struct form_field *field)
{
    add_columns(f, field, true);
    field->single = is_label(f);
}

static void fill_entity(struct form *f, struct form_field *field)
{
    char *entity = entity_of(first_key(((struct make *)f->arg)->schema));
    form_begin_with(field, entity);
    form_resources(f, field, FST_ENTITY, false);
    free(entity);
}

static void fill_key(struct form *f, struct form_field *field)
{
    form_begin_with(field, first_key(((struct make *)f->arg)->schema));
    add_columns(f, field, false);
}

static void fill_time(struct form *f, struct form_field *field)
{
    form_begin_with(field, first_time(((struct make *)f->arg)->schema));
    add_columns(f, field, false);
}

static void fill_label(struct form *f, struct form_field *field)
{
    form_resources(f, field, FST_LABEL, true);
    form_begin_with(field, field->n ? field->items[0].text : "");
}

static void fill_features(struct form *f, struct form_field *field)
{
    form_resources(f, field, FST_FEATURE, true);
}

static const struct form_row rows[] = {
    {"make", FORM_CHOICE, true, .help = "what becomes of the columns", .fill = fill_make},

    {"values", FORM_SET, true, .help = "the columns with values: a feature each",
     .fill = fill_values, .is_asked = is_feature},
    {"values", FORM_SET, true, .help = "the column with the value to learn: one",
     .fill = fill_values, .is_asked = is_label},
    {"entity", FORM_TEXT, true,
     .help = "what the values are about; one that is not there yet is made", .fill = fill_entity,
     .is_asked = is_of_columns},
    {"entity_column", FORM_TEXT, true, .of = FST_FEATURE, .fill = fill_key,
     .is_asked = is_of_columns},
    {"timestamp_column", FORM_TEXT, .fallback = "none", .of = FST_FEATURE, .fill = fill_time,
     .is_asked = is_of_columns},
    {"max_age", FORM_TEXT, .fallback = "no limit", .of = FST_FEATURE, .is_asked = is_feature},
    {"name", FORM_TEXT, .fallback = "as the column",
     .help = "of several features: what their names begin with", .is_asked = is_feature},
    {"name", FORM_TEXT, .fallback = "as the column", .help = "what it is called",
     .is_asked = is_label},

    {"name", FORM_TEXT, true, .help = "what it is called", .is_asked = is_set},
    {"label", FORM_CHOICE, true, .of = FST_TRAINING_SET, .fill = fill_label, .is_asked = is_set},
    {"features", FORM_SET, true, .help = "each becomes a column", .fill = fill_features,
     .is_asked = is_set},

    {"variant", FORM_TEXT, .fallback = "the time", .help = "of what is made"},
    {"description", FORM_TEXT, .of = FST_FEATURE},
};

static void build(struct form *f)
{
    form_add_rows(f, rows, FST_COUNT(rows));
}

static bool rebuilds(const char *field)
{
    return strcmp(field, "make") == 0;
}

/* ---- The definition -------------------------------------------------------------------------- */

static bool is_registered(const struct form *f, const char *entity)
{
    struct fst_resource *r;
    if (fst_catalog_find(f->view->wb->catalog, FST_ENTITY, entity, NULL, &r, NULL) != FST_OK)
        return false;
    fst_resource_free(r);
    return true;
}

static void write_one(const struct form *f, const char *column, bool only, struct fst_buf *out)
{
    const struct make *m = f->arg;
    const char *given = form_value(f, "name");
    char *name = name_of(column);
    char *whole = !*given ? fst_strdup(name)
                  : only  ? fst_strdup(given)
                          : fst_asprintf("%s_%s", given, name);
    fst_buf_adds(out, "  - ");
    form_yaml(out, 0, "name", whole);
    form_yaml(out, 4, "variant", form_value(f, "variant"));
    form_yaml(out, 4, "description", form_value(f, "description"));
    form_yaml(out, 4, "entity", form_value(f, "entity"));
    form_yaml(out, 4, "from", m->from);
    form_yaml(out, 4, "entity_column", form_value(f, "entity_column"));
    form_yaml(out, 4, "value_column", column);
    form_yaml(out, 4, "timestamp_column", form_value(f, "timestamp_column"));
    form_yaml(out, 4, "max_age", form_value(f, "max_age"));
    free(whole);
    free(name);
}

static bool columns_text(const struct form *f, struct fst_buf *out, char why[256])
{
    const struct form_field *values = form_named(f, "values");
    const struct make *m = f->arg;
    static const char *const columns[] = {"entity_column", "timestamp_column"};
    size_t n = form_chosen(values);
    if (n == 0 || (n > 1 && is_label(f))) {
        snprintf(why, 256,
                 n ? "a label has one column, and %zu are chosen"
                   : "no column is chosen: space on one under values",
                 n);
        return false;
    }
    for (size_t i = 0; i < FST_COUNT(columns); i++)
        if (*form_value(f, columns[i]) &&
            fst_schema_find(m->schema, form_value(f, columns[i])) < 0) {
            snprintf(why, 256, "%s: there is no column %.100s", columns[i],
                     form_value(f, columns[i]));
            return false;
        }
    if (!is_registered(f, form_value(f, "entity"))) {
        fst_buf_adds(out, "entities:\n  - ");
        form_yaml(out, 0, "name", form_value(f, "entity"));
    }
    fst_buf_adds(out, is_label(f) ? "labels:\n" : "features:\n");
    for (size_t i = 0; i < values->n; i++)
        if (values->chosen[i])
            write_one(f, values->items[i].text, n == 1, out);
    return true;
}

static bool set_text(const struct form *f, struct fst_buf *out, char why[256])
{
    const struct form_field *features = form_named(f, "features");
    if (!*form_value(f, "label") || form_chosen(features) == 0) {
        snprintf(why, 256,
                 *form_value(f, "label") ? "no feature is chosen: space on one under features"
                                         : "there is no label yet: make one of a column first");
        return false;
    }
    fst_buf_adds(out, "training_sets:\n  - ");
    form_yaml(out, 0, "name", form_value(f, "name"));
    form_yaml(out, 4, "variant", form_value(f, "variant"));
    form_yaml(out, 4, "description", form_value(f, "description"));
    form_yaml(out, 4, "label", form_value(f, "label"));
    fst_buf_adds(out, "    features:\n");
    for (size_t i = 0; i < features->n; i++)
        if (features->chosen[i]) {
            fst_buf_adds(out, "      - ");
            fst_json_quote(out, features->items[i].text, strlen(features->items[i].text));
            fst_buf_addc(out, '\n');
        }
    return true;
}

static bool text(struct form *f, struct fst_buf *out, char why[256])
{
    for (size_t i = 0; i < f->n; i++)
        if (f->fields[i].required && f->fields[i].kind == FORM_TEXT && !*f->fields[i].value) {
            snprintf(why, 256, "%s is needed: %.150s", f->fields[i].name, f->fields[i].help);
            return false;
        }
    return is_set(f) ? set_text(f, out, why) : columns_text(f, out, why);
}

static void release(void *arg)
{
    struct make *m = arg;
    fst_schema_free(m->schema);
    free(m->marked);
    free(m->from);
    free(m);
}

static const struct form_ops ops = {
    .title = "Make", .build = build, .rebuilds = rebuilds, .text = text, .release = release};

/* The newest source of these files; NULL when there is none. */
static struct fst_resource *source_of(struct wb *wb, const char *uri)
{
    struct fst_list_query q = {.kind = FST_SOURCE, .limit = 500};
    struct fst_resource *found = NULL;
    struct fst_items items;
    char *whole = strstr(uri, "://") ? fst_strdup(uri) : fst_path_absolute(uri);
    if (fst_catalog_list(wb->catalog, &q, &items, NULL) == FST_OK) {
        for (size_t i = 0; !found && i < items.n; i++) {
            struct fst_resource *r;
            if (fst_catalog_get(wb->catalog, items.items[i].id, &r, NULL) != FST_OK)
                continue;
            if (r->path && strcmp(r->path, whole) == 0)
                found = r;
            else
                fst_resource_free(r);
        }
        fst_items_done(&items);
    }
    free(whole);
    return found;
}

void wb_make_of_place(struct wb *wb, const struct fst_place *place, const struct fst_schema *schema,
                      const size_t *marked, size_t n_marked)
{
    struct fst_resource *source =
        place && !place->resource && place->uri ? source_of(wb, place->uri) : NULL;
    wb_make(wb, "columns",
            source  ? source
            : place ? place->resource
                    : NULL,
            schema, marked, n_marked);
    fst_resource_free(source);
}

void wb_make(struct wb *wb, const char *what, const struct fst_resource *from,
             const struct fst_schema *schema, const size_t *marked, size_t n_marked)
{
    bool has_columns =
        from && schema && (from->kind == FST_SOURCE || from->kind == FST_TRANSFORMATION);
    if (!has_columns && strcmp(what, "training set") != 0) {
        wb_say(wb, FST_ROLE_WARN,
               from ? "features and labels are made of a source's or "
                      "transformation's rows"
                    : "only what is registered has features: a makes a source "
                      "of these files");
        return;
    }
    struct make *m = fst_alloc(sizeof *m);
    if (has_columns) {
        m->from = fst_strdup(fst_resource_label(from));
        m->schema = fst_schema_copy(schema);
        m->marked = fst_alloc(schema->n + 1);
        for (size_t i = 0; i < n_marked; i++)
            if (marked[i] < schema->n && !is_guessed(schema, marked[i]))
                m->marked[marked[i]] = true;
    }
    char *subject = has_columns ? fst_asprintf("from columns of %s", m->from) : fst_strdup(what);
    form_open(wb, &ops, subject, m);
    free(subject);
}
