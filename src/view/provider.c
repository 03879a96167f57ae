/* Adding a provider, and changing one: the fields are the rows of the table of engines and of the
 * stores. What is written goes the way of every definition; it can be tried before that. */
#include <stdlib.h>
#include <string.h>

#include "form.h"

struct provider_form {
    struct fst_resource *old; /* that is changed; NULL = a new one */
};

/* ---- Maps on one line: KEY=VALUE KEY="VALUE WITH BLANKS" ------------------------------------- */

static void write_map(struct fst_buf *out, const char *text)
{
    while (*(text += strspn(text, " "))) {
        size_t n_key = strcspn(text, "= ");
        const char *value = text + n_key + (text[n_key] == '=');
        bool quoted = *value == '"';
        value += quoted;
        size_t n = quoted ? strcspn(value, "\"") : strcspn(value, " ");
        fst_buf_adds(out, "        ");
        fst_json_quote(out, text, n_key);
        fst_buf_adds(out, ": ");
        fst_json_quote(out, value, n);
        fst_buf_addc(out, '\n');
        text = value + n + (quoted && value[n] == '"');
    }
}

static char *map_text(const struct fst_doc *map)
{
    struct fst_buf out = FST_BUF_TEXT;
    for (size_t i = 0; i < map->n; i++) {
        const char *value = map->items[i].text.p ? map->items[i].text.p : "";
        const char *quote = strchr(value, ' ') ? "\"" : "";
        fst_buf_printf(&out, "%s%s=%s%s%s", i ? " " : "", map->items[i].key, quote, value, quote);
    }
    return fst_buf_take(&out);
}

/* ---- Fields ---------------------------------------------------------------------------------- */

static const struct fst_engine *engine_of(const struct form *f)
{
    const struct fst_engine *e = fst_engine_named(form_value(f, "engine"));
    return e ? e : fst_engine_named("connect") ? fst_engine_named("connect") : fst_engines[0];
}

static char *old_value(const struct form *f, const char *option)
{
    const struct fst_resource *old = ((struct provider_form *)f->arg)->old;
    const struct fst_doc *v = old ? fst_doc_get(old->options, option) : NULL;
    if (!v)
        return fst_strdup("");
    return v->kind == FST_DOC_MAP ? map_text(v) : fst_strdup(v->text.p ? v->text.p : "");
}

static void add_option(struct form *f, const struct fst_option *o)
{
    bool is_map = strcmp(o->type, "map") == 0;
    char *value = old_value(f, o->name);
    char *help = fst_asprintf("%s%s", o->help, is_map ? ". Write KEY=VALUE KEY=VALUE" : "");
    struct form_field *field = form_add(
        f, &(struct form_row){.name = o->name,
                              .kind = strcmp(o->type, "secret") == 0 ? FORM_SECRET : FORM_TEXT,
                              .required = o->required,
                              .fallback = o->fallback,
                              .help = help});
    form_begin_with(field, value);
    if (strcmp(o->type, "bool") == 0) {
        form_item(f, field, "true", "", false);
        form_item(f, field, "false", "", false);
    } else if (field->kind == FORM_SECRET) {
        form_item(f, field, "env:", "", false);
        form_item(f, field, "file:", "", false);
    }
    free(help);
    free(value);
}

static void add_options(struct form *f, const struct fst_option *options, size_t n, bool required)
{
    for (size_t i = 0; i < n; i++)
        if (options[i].required == required)
            add_option(f, &options[i]);
}

static void fill_name(struct form *f, struct form_field *field)
{
    const struct fst_resource *old = ((struct provider_form *)f->arg)->old;
    form_begin_with(field, old ? old->name : "");
}

static void fill_engine(struct form *f, struct form_field *field)
{
    const struct fst_resource *old = ((struct provider_form *)f->arg)->old;
    for (size_t i = 0; fst_engines[i]; i++)
        form_item(f, field, fst_engines[i]->name, fst_engines[i]->help, false);
    form_begin_with(field, old ? old->engine : engine_of(f)->name);
}

static void fill_output(struct form *f, struct form_field *field)
{
    const struct fst_resource *old = ((struct provider_form *)f->arg)->old;
    form_begin_with(field, old ? old->output : "");
}

static void fill_description(struct form *f, struct form_field *field)
{
    const struct fst_resource *old = ((struct provider_form *)f->arg)->old;
    form_begin_with(field, old ? old->description : "");
}

static const struct form_row what[] = {
    {"name", FORM_TEXT, true, .help = "what it is called: letters, digits, _ and -",
     .fill = fill_name},
    {"engine", FORM_CHOICE, true, .help = "what runs the work", .fill = fill_engine},
};
static const struct form_row where[] = {
    {"output", FORM_TEXT, .fallback = "the workspace's own", .of = FST_PROVIDER,
     .fill = fill_output},
};
static const struct form_row words[] = {
    {"description", FORM_TEXT, .of = FST_PROVIDER, .fill = fill_description},
};

/* What the engine must know comes before what it may know. */
static void build(struct form *f)
{
    form_add_rows(f, what, FST_COUNT(what));
    const struct fst_engine *e = engine_of(f);
    add_options(f, e->options, e->n_options, true);
    add_options(f, e->options, e->n_options, false);
    form_add_rows(f, where, FST_COUNT(where));
    add_options(f, fst_store_options, fst_n_store_options, false);
    form_add_rows(f, words, FST_COUNT(words));
}

static bool rebuilds(const char *field)
{
    return strcmp(field, "engine") == 0;
}

/* ---- The definition -------------------------------------------------------------------------- */

static void write_option(const struct form *f, const struct fst_option *o, struct fst_buf *out)
{
    const char *value = form_value(f, o->name);
    if (!*value)
        return;
    if (out->n == 0)
        fst_buf_adds(out, "    options:\n");
    if (strcmp(o->type, "map") == 0) {
        fst_buf_printf(out, "      %s:\n", o->name);
        write_map(out, value);
    } else {
        form_yaml(out, 6, o->name, value);
    }
}

static bool text(struct form *f, struct fst_buf *out, char why[256])
{
    const struct fst_engine *e = engine_of(f);
    struct fst_buf options = FST_BUF_TEXT;
    for (size_t i = 0; i < f->n; i++)
        if (f->fields[i].required && !*f->fields[i].value) {
            snprintf(why, 256, "%s is needed: %s", f->fields[i].name, f->fields[i].help);
            return false;
        }
    fst_buf_adds(out, "providers:\n  - ");
    form_yaml(out, 0, "name", form_value(f, "name"));
    form_yaml(out, 4, "engine", e->name);
    form_yaml(out, 4, "output", form_value(f, "output"));
    form_yaml(out, 4, "description", form_value(f, "description"));
    for (size_t i = 0; i < e->n_options; i++)
        write_option(f, &e->options[i], &options);
    for (size_t i = 0; i < fst_n_store_options; i++)
        write_option(f, &fst_store_options[i], &options);
    fst_buf_adds(out, fst_buf_text(&options));
    fst_buf_done(&options);
    return true;
}

static void release(void *arg)
{
    struct provider_form *p = arg;
    fst_resource_free(p->old);
    free(p);
}

static const struct form_ops ops = {.title = "A provider",
                                    .build = build,
                                    .rebuilds = rebuilds,
                                    .text = text,
                                    .can_test = true,
                                    .release = release};

void wb_provider_form(struct wb *wb, const struct fst_resource *old)
{
    struct provider_form *p = fst_alloc(sizeof *p);
    if (wb_read_only(wb)) {
        wb_say(wb, FST_ROLE_WARN, "the workspace is open read-only");
        free(p);
        return;
    }
    p->old = old ? fst_resource_copy(old) : NULL;
    form_open(wb, &ops, old ? old->name : "that is new", p);
}
