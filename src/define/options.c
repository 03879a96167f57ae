/* Options of engines and formats: known keys, right types, and no secret written out.
 *
 * A secret is a reference (env:NAME, file:PATH, cmd:ARGV, profile:NAME). Where rows say that an
 * option is a secret, anything else is refused; in maps that we do not know (Spark's configuration,
 * a format's options) the name of a key gives it away. The value itself is never repeated. */
#include "define.h"

#include "firesteel/engine.h"
#include "firesteel/store.h"

#include <string.h>
#include <strings.h>

/* ---- Secrets --------------------------------------------------------------------------------- */

static bool is_reference(const char *text)
{
    static const char *const schemes[] = {"env:", "file:", "cmd:", "profile:"};

    for (size_t i = 0; i < FST_COUNT(schemes); i++)
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0 && text[strlen(schemes[i])])
            return true;
    return false;
}

/* Keys with such a word hold secrets, unless they end in one of the others. */
static bool names_secret(const char *key)
{
    static const char *const words[] = {"password",    "passwd",      "secret",     "token",
                                        "access.key",  "access_key",  "accesskey",  "account.key",
                                        "account_key", "accountkey",  "api_key",    "api.key",
                                        "apikey",      "private_key", "private.key"};
    static const char *const ends[] = {"file",     "path",  "url",      "uri",
                                       "provider", "class", "endpoint", "enabled"};

    for (size_t i = 0; i < FST_COUNT(ends); i++) {
        size_t n = strlen(key), len = strlen(ends[i]);
        if (n >= len && strcasecmp(key + n - len, ends[i]) == 0)
            return false;
    }
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (strcasestr(key, words[i]))
            return true;
    return false;
}

static enum fst_status refuse_secret(const struct fst__reader *rd, const struct fst_doc *v)
{
    return fst__fail_at(rd, v->line, v->col,
                        "%s: a secret is not written into a definition; store it with "
                        "(umask 077; mkdir -p ~/.secrets; cat > ~/.secrets/NAME) and write "
                        "file:~/.secrets/NAME here, or env:NAME for a variable",
                        v->key);
}

/* Depth is bounded by the parser. */
static enum fst_status check_names(const struct fst__reader *rd, const struct fst_doc *v)
{
    if (v->key && v->text.p && v->text.n && !v->n && v->kind != FST_DOC_NULL &&
        names_secret(v->key) && !is_reference(v->text.p))
        return refuse_secret(rd, v);
    for (size_t i = 0; i < v->n; i++)
        FST_TRY(check_names(rd, &v->items[i]));
    return FST_OK;
}

enum fst_status fst__check_format_options(const struct fst__reader *rd,
                                          const struct fst_doc *options)
{
    return check_names(rd, options);
}

enum fst_status fst__check_uri(const struct fst__reader *rd, const struct fst_doc *v,
                               const char *uri)
{
    const char *host = strstr(uri, "://");
    size_t n = host ? strcspn(host + 3, "/") : 0;

    if (!host || !memchr(host + 3, '@', n) || !memchr(host + 3, ':', n) ||
        (const char *)memchr(host + 3, ':', n) > (const char *)memchr(host + 3, '@', n))
        return FST_OK;
    return refuse_secret(rd, v);
}

/* ---- Types ----------------------------------------------------------------------------------- */

static bool is_text(const struct fst_doc *v)
{
    return v->kind != FST_DOC_LIST && v->kind != FST_DOC_MAP && v->kind != FST_DOC_NULL;
}

static enum fst_status expect(const struct fst__reader *rd, const struct fst_doc *v,
                              const char *what)
{
    return fst__fail_at(rd, v->line, v->col, "%s has to be %s", v->key, what);
}

static enum fst_status take_int(const struct fst__reader *rd, struct fst_arena *a,
                                struct fst_doc *v)
{
    int64_t n;

    if (!is_text(v) || !fst_parse_int64(v->text.p, v->text.n, &n))
        return expect(rd, v, "a whole number");
    const char *text = fst_arena_printf(a, "%lld", (long long)n);
    v->kind = FST_DOC_NUMBER;
    v->text = fst_str(text);
    return FST_OK;
}

static enum fst_status take_bool(const struct fst__reader *rd, struct fst_doc *v)
{
    if (!is_text(v) ||
        (!fst_str_is_nocase(v->text, "true") && !fst_str_is_nocase(v->text, "false")))
        return expect(rd, v, "true or false");
    v->text = fst_str(fst_str_is_nocase(v->text, "true") ? "true" : "false");
    v->kind = FST_DOC_BOOL;
    return FST_OK;
}

static enum fst_status take_map(const struct fst__reader *rd, struct fst_doc *v)
{
    if (v->kind != FST_DOC_MAP)
        return expect(rd, v, "a map");
    for (size_t i = 0; i < v->n; i++) {
        if (!is_text(&v->items[i]))
            return expect(rd, &v->items[i], "a text");
        v->items[i].kind = FST_DOC_STRING;
    }
    return check_names(rd, v);
}

enum fst_status fst__check_conf(const struct fst__reader *rd, struct fst_doc *conf)
{
    for (size_t i = 0; conf && i < conf->n; i++) {
        const struct fst_doc *v = &conf->items[i];
        if (strncmp(v->key, "spark.", 6) != 0 || !v->key[6])
            return fst__fail_at(rd, v->key_line, v->key_col,
                                "conf has settings of Spark, which begin with \"spark.\", and not "
                                "\"%.60s\"",
                                v->key);
    }
    return conf ? take_map(rd, conf) : FST_OK;
}

/* "--password=x": what would be a secret under a key is one behind an option. */
static bool holds_secret(const char *arg)
{
    const char *value = strchr(arg, '=');
    char name[128];

    if (!value || !value[1] || (size_t)(value - arg) >= sizeof name || is_reference(value + 1))
        return false;
    snprintf(name, sizeof name, "%.*s", (int)(value - arg), arg);
    return names_secret(name);
}

enum fst_status fst__check_args(const struct fst__reader *rd, const struct fst_doc *args)
{
    for (size_t i = 0; args && i < args->n; i++) {
        const struct fst_doc *v = &args->items[i];
        if (v->text.p && holds_secret(v->text.p))
            return fst__fail_at(rd, v->line, v->col,
                                "args: a secret is not written into a definition, and arguments "
                                "are seen by everybody; let the program read it from a file or "
                                "its environment");
    }
    return FST_OK;
}

static enum fst_status take_value(const struct fst__reader *rd, struct fst_arena *a,
                                  const struct fst_option *o, struct fst_doc *v)
{
    if (strcmp(o->type, "int") == 0)
        return take_int(rd, a, v);
    if (strcmp(o->type, "bool") == 0)
        return take_bool(rd, v);
    if (strcmp(o->type, "map") == 0)
        return take_map(rd, v);
    if (!is_text(v))
        return expect(rd, v, "a text");
    v->kind = FST_DOC_STRING;
    if (strcmp(o->type, "secret") == 0 && !is_reference(v->text.p))
        return refuse_secret(rd, v);
    return fst__check_uri(rd, v, v->text.p);
}

/* ---- Rows of the engine, and of where its output lies
 * ---------------------------------------------------------------------- */

static const struct fst_option *option_named(const struct fst_engine *e, const char *name)
{
    for (size_t i = 0; i < e->n_options; i++)
        if (strcmp(e->options[i].name, name) == 0)
            return &e->options[i];
    return fst_store_option_named(name);
}

static enum fst_status unknown_option(const struct fst__reader *rd, const struct fst_engine *e,
                                      const struct fst_doc *v)
{
    const char *names[64];
    size_t n = 0;

    for (; n < e->n_options && n < FST_COUNT(names); n++)
        names[n] = e->options[n].name;
    for (size_t i = 0; i < fst_n_store_options && n < FST_COUNT(names); i++)
        names[n++] = fst_store_options[i].name;
    return fst__unknown_key(rd, v, "options", names, n);
}

static enum fst_status unknown_engine(const struct fst__reader *rd, const char *engine,
                                      const struct fst_doc *place)
{
    struct fst_buf known = FST_BUF(1024);

    for (size_t i = 0; fst_engines[i]; i++)
        fst_buf_printf(&known, "%s%s", i ? ", " : "", fst_engines[i]->name);
    enum fst_status status =
        fst__fail_at(rd, place->line, place->col, "there is no engine \"%.60s\"; there are %s",
                     engine, fst_buf_text(&known));
    fst_buf_done(&known);
    return status;
}

static enum fst_status check_required(const struct fst__reader *rd, const struct fst_engine *e,
                                      const struct fst_doc *place, const struct fst_doc *options)
{
    for (size_t i = 0; i < e->n_options; i++)
        if (e->options[i].required && !fst_doc_get(options, e->options[i].name))
            return fst__fail_at(rd, place->line, place->col, "engine %s needs the option %s: %s",
                                e->name, e->options[i].name, e->options[i].help);
    return FST_OK;
}

enum fst_status fst__check_engine_options(const struct fst__reader *rd, struct fst_arena *a,
                                          const char *engine, const struct fst_doc *place,
                                          struct fst_doc *options)
{
    const struct fst_engine *e = fst_engine_named(engine);

    if (!e)
        return unknown_engine(rd, engine, place);
    for (size_t i = 0; options && i < options->n; i++) {
        const struct fst_option *o = option_named(e, options->items[i].key);
        if (!o)
            return unknown_option(rd, e, &options->items[i]);
        FST_TRY(take_value(rd, a, o, &options->items[i]));
    }
    return check_required(rd, e, place, options);
}
