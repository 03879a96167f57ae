/* Which engine does the work, with which options; secrets are resolved only while a session is
 * opened. */
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "firesteel/io.h"

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
