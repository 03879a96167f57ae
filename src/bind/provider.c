/* Which engine does the work, with which options; secrets are resolved only while a session is
 * opened. */
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "firesteel/io.h"
#include "firesteel/store.h"

static enum fst_status take_provider(struct fst_binder *b, const struct fst_resource *r)
{
    struct fst_bound *out = b->out;
    out->provider = fst_arena_strdup(out->arena, r->name);
    out->engine = fst_engine_named(r->engine);
    if (!out->engine)
        return fst_fail(b->err, FST_EUNSUPPORTED, "provider %s: there is no engine %s", r->name,
                        r->engine);
    struct fst_buf json = FST_BUF_TEXT;
    enum fst_status status = FST_OK;
    if (r->options) {
        fst_doc_to_json(&json, r->options);
        status = fst_json_parse(out->arena, r->name, fst_buf_text(&json), json.n, NULL,
                                &out->options, b->err);
    }
    fst_buf_done(&json);
    if (r->output)
        out->output_base = fst_arena_strdup(out->arena, r->output);
    return status;
}

enum fst_status fst__bind_provider(struct fst_binder *b, const char *name)
{
    struct fst_bound *out = b->out;
    if (!name)
        name = b->cx->default_provider;
    out->provider = "";
    out->engine = fst_engine_named("local");
    out->output_base = fst_arena_strdup(out->arena, b->cx->output_base);
    if (!name || !*name)
        return FST_OK;
    struct fst_resource *r;
    enum fst_status status = fst_catalog_find(b->cx->catalog, FST_PROVIDER, name, NULL, &r, b->err);
    if (status == FST_ENOTFOUND && strcmp(name, "local") == 0)
        return FST_OK;
    FST_TRY(status);
    status = take_provider(b, r);
    fst_resource_free(r);
    return status;
}

/* ---- What engines take ----------------------------------------------------------------------- */

static bool takes(const struct fst_engine *e, enum fst_bind_ability ability)
{
    switch (ability) {
    case FST_TAKES_PYTHON:
        return e->takes_python;
    case FST_TAKES_PROGRAMS:
        return e->takes_programs;
    default:
        return e->takes_tables;
    }
}

static const char *const ability_words[] = {
    [FST_TAKES_PYTHON] = "run Python functions",
    [FST_TAKES_PROGRAMS] = "run programs of one's own",
    [FST_TAKES_TABLES] = "know tables of Spark's catalog",
};

/* "spark, cluster": providers that could; what they would be made of when there are none. */
static void name_able(const struct fst_bind_context *cx, enum fst_bind_ability ability,
                      struct fst_buf *out)
{
    struct fst_list_query q = {.kind = FST_PROVIDER, .limit = 1000};
    struct fst_items items;
    size_t n = 0;
    if (fst_catalog_list(cx->catalog, &q, &items, NULL) != FST_OK)
        return;
    for (size_t i = 0; i < items.n; i++) {
        struct fst_resource *r;
        if (fst_catalog_get(cx->catalog, items.items[i].id, &r, NULL) != FST_OK)
            continue;
        const struct fst_engine *e = r->engine ? fst_engine_named(r->engine) : NULL;
        if (e && takes(e, ability) && n++ < 8)
            fst_buf_printf(out, "%s%s", n > 1 ? ", " : "", r->name);
        fst_resource_free(r);
    }
    fst_items_done(&items);
    if (n)
        return;
    fst_buf_adds(out, "none that is registered");
    for (size_t i = 0; fst_engines[i]; i++)
        if (takes(fst_engines[i], ability))
            fst_buf_printf(out, "%s%s", n++ ? ", " : "; engines that do: ", fst_engines[i]->name);
}

enum fst_status fst__bind_wants(const struct fst_bind_context *cx, const struct fst_bound *out,
                                enum fst_bind_ability ability, struct fst_error *err)
{
    struct fst_buf able = FST_BUF(2048);
    if (takes(out->engine, ability))
        return FST_OK;
    name_able(cx, ability, &able);
    bool embedded = !*out->provider;
    fst_fail(err, FST_EUNSUPPORTED, "%s%s%s%s does not %s; providers that do: %s",
             embedded ? "the embedded engine" : "provider ", embedded ? "" : out->provider,
             embedded ? "" : ", engine ", embedded ? "" : out->engine->name, ability_words[ability],
             fst_buf_text(&able));
    fst_buf_done(&able);
    return FST_EUNSUPPORTED;
}

enum fst_status fst_bind_wants_tables(const struct fst_bind_context *cx, const struct fst_bound *b,
                                      struct fst_error *err)
{
    return fst__bind_wants(cx, b, FST_TAKES_TABLES, err);
}

/* ---- Opening: options with secret references become options with values, for just this call -- */

static bool is_secret(const struct fst_engine *engine, const char *key)
{
    for (size_t i = 0; i < engine->n_options; i++)
        if (strcmp(engine->options[i].name, key) == 0)
            return strcmp(engine->options[i].type, "secret") == 0;
    return false;
}

static enum fst_status write_option(struct fst_json_writer *w, const struct fst_bind_context *cx,
                                    const struct fst_engine *engine, const struct fst_doc *option,
                                    struct fst_error *err)
{
    if (!is_secret(engine, option->key)) {
        struct fst_buf json = FST_BUF_TEXT;
        fst_doc_to_json(&json, option);
        fst_jw_raw(w, option->key, fst_buf_text(&json));
        fst_buf_done(&json);
        return FST_OK;
    }
    if (option->kind != FST_DOC_STRING)
        return fst_fail(err, FST_EINVAL, "%s: %s takes a reference to a secret, such as env:NAME",
                        engine->name, option->key);
    char *value;
    FST_TRY(fst_secret_resolve(option->text.p, cx->allow_cmd, &value, err));
    fst_jw_string(w, option->key, value);
    fst_wipe(value, strlen(value));
    free(value);
    return FST_OK;
}

enum fst_status fst_bind_open(const struct fst_bind_context *cx, const struct fst_engine *engine,
                              const struct fst_doc *options, struct fst_session **out,
                              struct fst_error *err)
{
    struct fst_buf json = FST_BUF(1 << 20);
    struct fst_json_writer w = fst_json_writer(&json);
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *open = NULL;
    enum fst_status status = FST_OK;
    fst_jw_object(&w, NULL);
    for (size_t i = 0; options && status == FST_OK && i < options->n; i++)
        if (!fst_store_option_named(options->items[i].key)) /* those are not the engine's */
            status = write_option(&w, cx, engine, &options->items[i], err);
    fst_jw_end(&w, '}');
    if (status == FST_OK)
        status = fst_json_parse(a, "options", fst_buf_text(&json), json.n, NULL, &open, err);
    if (status == FST_OK)
        status = engine->open(open, out, err);
    fst_arena_free(a);
    if (json.p)
        fst_wipe(json.p, json.n);
    fst_buf_done(&json);
    return status;
}

/* ---- Places: where providers write, and how to get there ------------------------------------- */

enum { MAX_PLACES = 1000 };

void fst_bind_set_places(const struct fst_bind_context *cx)
{
    struct fst_list_query q = {.kind = FST_PROVIDER, .limit = MAX_PLACES};
    struct fst_items items;
    if (fst_catalog_list(cx->catalog, &q, &items, NULL) != FST_OK)
        return;
    struct fst_resource **rs = fst_alloc((items.n + 1) * sizeof *rs);
    struct fst_store_place *places = fst_alloc((items.n + 1) * sizeof *places);
    size_t n = 0;
    for (size_t i = 0; i < items.n; i++) {
        if (fst_catalog_get(cx->catalog, items.items[i].id, &rs[n], NULL) != FST_OK)
            continue;
        if (!rs[n]->output) {
            fst_resource_free(rs[n]);
            continue;
        }
        places[n] = (struct fst_store_place){.prefix = rs[n]->output,
                                             .name = rs[n]->name,
                                             .options = rs[n]->options,
                                             .allow_cmd = cx->allow_cmd};
        n++;
    }
    fst_store_set_places(places, n);
    for (size_t i = 0; i < n; i++)
        fst_resource_free(rs[i]);
    free(rs);
    free(places);
    fst_items_done(&items);
}
