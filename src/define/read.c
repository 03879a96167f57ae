/* Reading definition files: documents to lists of maps to resources, every error with its place.
 *
 * Which keys there are, which are required and what type they have is in fst_fields; this file
 * knows only `name` and `variant`, where relative paths lie, and that sql_file becomes sql. */
#include "define.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 16 << 20, MAX_SQL = 4 << 20 };

enum fst_status fst__fail_at(const struct fst__reader *rd, uint32_t line, uint32_t col,
                             const char *fmt, ...)
{
    va_list args;
    char text[900];

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return fst_fail(rd->err, FST_EFORMAT, "%s:%u:%u: %s", rd->name, line, col, text);
}

enum fst_status fst__unknown_key(const struct fst__reader *rd, const struct fst_doc *v,
                                 const char *where, const char *const *names, size_t n)
{
    const char *near = fst_text_nearest(v->key, names, n);
    struct fst_buf shown = FST_BUF(1024), known = FST_BUF(1024);

    fst_text_escape(&shown, v->key, strnlen(v->key, 60));
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(&known, "%s%s", i ? ", " : "", names[i]);
    enum fst_status status =
        near ? fst__fail_at(rd, v->key_line, v->key_col,
                            "unknown key \"%s\" in %s; did you mean \"%s\"?", fst_buf_text(&shown),
                            where, near)
             : fst__fail_at(rd, v->key_line, v->key_col, "unknown key \"%s\" in %s; there are %s",
                            fst_buf_text(&shown), where, fst_buf_text(&known));
    fst_buf_done(&shown);
    fst_buf_done(&known);
    return status;
}

/* ---- One definition -------------------------------------------------------------------------- */

static enum fst_status unknown_field(const struct fst__reader *rd, enum fst_resource_kind kind,
                                     const struct fst_doc *v)
{
    const char *names[64] = {"name"};
    size_t n = 1;

    if (fst_kinds[kind].has_variants)
        names[n++] = "variant";
    for (size_t i = 0; i < fst_n_fields && n < FST_COUNT(names); i++)
        if (fst_fields[i].kinds & 1u << kind)
            names[n++] = fst_fields[i].key;
    return fst__unknown_key(rd, v, fst_kinds[kind].plural, names, n);
}

static enum fst_status read_fields(const struct fst__reader *rd, struct fst_resource *r,
                                   const struct fst_doc *map)
{
    for (size_t i = 0; i < map->n; i++) {
        struct fst_doc *v = &map->items[i];
        const struct fst_field_row *f = fst_field_named(r->kind, v->key);
        if (strcmp(v->key, "name") == 0 ||
            (strcmp(v->key, "variant") == 0 && fst_kinds[r->kind].has_variants))
            continue;
        if (!f)
            return unknown_field(rd, r->kind, v);
        FST_TRY(fst__read_field(rd, r, f, v));
    }
    return FST_OK;
}

/* Whether the field has a value: every required one begins with a pointer. */
static bool is_set(const struct fst_resource *r, const struct fst_field_row *f)
{
    const char *first = *(const char *const *)(const void *)((const char *)r + f->offset);

    return first && (f->type != FST_FIELD_SQL || first[strspn(first, " \t\r\n")]) &&
           ((f->type != FST_FIELD_TEXT && f->type != FST_FIELD_NAME) || *first);
}

static enum fst_status check_required(const struct fst__reader *rd, const struct fst_resource *r,
                                      const struct fst_doc *map)
{
    for (size_t i = 0; i < fst_n_fields; i++) {
        const struct fst_field_row *f = &fst_fields[i];
        if (!(f->required & 1u << r->kind) || is_set(r, f))
            continue;
        return fst__fail_at(rd, map->line, map->col, "%s \"%s\" needs the key %s: %s",
                            fst_kinds[r->kind].name, r->name, f->key, f->help);
    }
    return FST_OK;
}

static const char *absolute(const struct fst__reader *rd, struct fst_arena *a, const char *path)
{
    if (!path || strstr(path, "://") || !*path)
        return path;
    char *joined = fst_path_join(rd->folder ? rd->folder : "", path);
    char *whole = fst_path_absolute(joined);
    const char *kept = fst_arena_strdup(a, whole);
    free(joined);
    free(whole);
    return kept;
}

/* The text of the file that `key` names, into *into. */
static enum fst_status load_text(const struct fst__reader *rd, struct fst_resource *r,
                                 const struct fst_doc *map, const char *key, const char **path,
                                 const char **into)
{
    const struct fst_doc *v = fst_doc_get(map, key);
    struct fst_error inner;
    char *text;
    size_t n;

    if (!*path)
        return FST_OK;
    if (*into)
        return fst__fail_at(rd, v->key_line, v->key_col, "write %.*s or %s, not both",
                            (int)strcspn(key, "_"), key, key);
    *path = absolute(rd, r->arena, *path);
    if (fst_file_read(*path, MAX_SQL, &text, &n, &inner) != FST_OK)
        return fst__fail_at(rd, v->line, v->col, "%s: %s", key, inner.text);
    bool good = fst_utf8_valid(text, n) && !memchr(text, 0, n);
    *into = fst_arena_strndup(r->arena, text, n);
    free(text);
    return good ? FST_OK : fst__fail_at(rd, v->line, v->col, "%s is not UTF-8 text", *path);
}

/* ---- What belongs together ------------------------------------------------------------------- */

/* Does a line of the source begin with `def NAME(`? */
static bool has_function(const char *code)
{
    for (const char *p = code; *p; p += strcspn(p, "\n") + (p[strcspn(p, "\n")] != 0))
        if (strncmp(p, "def ", 4) == 0 && memchr(p, '(', strcspn(p, "\n")))
            return true;
    return false;
}

static enum fst_status check_transformation(const struct fst__reader *rd,
                                            const struct fst_resource *r, const struct fst_doc *map)
{
    const struct fst_doc *inputs = fst_doc_get(map, "inputs");

    if (r->sql && r->python)
        return fst__fail_at(rd, map->line, map->col,
                            "transformation \"%s\" has sql and python: it is one or the other",
                            r->name);
    if (!r->python && inputs)
        return fst__fail_at(rd, inputs->key_line, inputs->key_col,
                            "inputs go with python; SQL names its own as {{name.variant}}");
    if (!r->python && (!r->sql || !r->sql[strspn(r->sql, " \t\r\n")]))
        return fst__fail_at(rd, map->line, map->col,
                            "transformation \"%s\" needs the key sql, sql_file, python or "
                            "python_file",
                            r->name);
    if (r->python && !has_function(r->python))
        return fst__fail_at(rd, map->line, map->col,
                            "the python of transformation \"%s\" has no function: write "
                            "def f(df1): ... return df",
                            r->name);
    if (r->python && !r->n_inputs)
        return fst__fail_at(rd, map->line, map->col,
                            "transformation \"%s\" needs the key inputs: what its function is "
                            "given, in order",
                            r->name);
    return FST_OK;
}

static enum fst_status check_source(const struct fst__reader *rd, const struct fst_resource *r,
                                    const struct fst_doc *map)
{
    const struct fst_doc *path = fst_doc_get(map, "path"), *format = fst_doc_get(map, "format");

    if (!r->path == !r->table)
        return fst__fail_at(rd, map->line, map->col,
                            "source \"%s\" needs the key path (files) or table (of Spark's "
                            "catalog)%s",
                            r->name, r->path ? ", not both" : "");
    if (r->table && (r->format || r->options))
        return fst__fail_at(rd, format ? format->line : map->line, format ? format->col : map->col,
                            "a table knows its own format and options");
    FST_TRY(r->path ? fst__check_uri(rd, path, r->path) : FST_OK);
    return r->options ? fst__check_format_options(rd, r->options) : FST_OK;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

static enum fst_status check_job(const struct fst__reader *rd, const struct fst_resource *r,
                                 const struct fst_doc *map)
{
    const struct fst_doc *file = fst_doc_get(map, "file");
    bool jar = ends_with(r->file, ".jar");

    if (!jar && !ends_with(r->file, ".py"))
        return fst__fail_at(rd, file->line, file->col, "file has to be a .py or a .jar");
    if (jar && !r->class_)
        return fst__fail_at(rd, map->line, map->col, "job \"%s\": a .jar needs the key class",
                            r->name);
    if (!jar && r->class_)
        return fst__fail_at(rd, map->line, map->col, "job \"%s\": class goes with a .jar", r->name);
    return fst__check_uri(rd, file, r->file);
}

static enum fst_status check_whole(const struct fst__reader *rd, struct fst_resource *r,
                                   const struct fst_doc *map)
{
    if (r->conf)
        FST_TRY(fst__check_conf(rd, r->conf));
    switch (r->kind) {
    case FST_PROVIDER:
        return fst__check_engine_options(rd, r->arena, r->engine, fst_doc_get(map, "engine"),
                                         r->options);
    case FST_SOURCE:
        return check_source(rd, r, map);
    case FST_TRANSFORMATION:
        return check_transformation(rd, r, map);
    case FST_JOB:
        return check_job(rd, r, map);
    default:
        return FST_OK;
    }
}

static enum fst_status fill(const struct fst__reader *rd, struct fst_resource *r,
                            const struct fst_doc *map)
{
    FST_TRY(read_fields(rd, r, map));
    FST_TRY(load_text(rd, r, map, "sql_file", &r->sql_file, &r->sql));
    FST_TRY(load_text(rd, r, map, "python_file", &r->python_file, &r->python));
    FST_TRY(check_required(rd, r, map));
    FST_TRY(check_whole(rd, r, map));
    r->path = absolute(rd, r->arena, r->path);
    r->output = absolute(rd, r->arena, r->output);
    r->file = absolute(rd, r->arena, r->file);
    r->origin = fst_arena_strdup(r->arena, rd->origin);
    return FST_OK;
}

/* The scalar under `key`, which follows the name rules; NULL when it is not there. */
static enum fst_status name_under(const struct fst__reader *rd, const struct fst_doc *map,
                                  const char *key, const char **out)
{
    const struct fst_doc *v = fst_doc_get(map, key);
    struct fst_error inner;

    *out = NULL;
    if (!v || v->kind == FST_DOC_NULL)
        return FST_OK;
    if (v->kind == FST_DOC_LIST || v->kind == FST_DOC_MAP)
        return fst__fail_at(rd, v->line, v->col, "%s has to be a text", key);
    if (fst_name_check(key, v->text.p, &inner) != FST_OK)
        return fst__fail_at(rd, v->line, v->col, "%s", inner.text);
    *out = v->text.p;
    return FST_OK;
}

static enum fst_status read_one(const struct fst__reader *rd, struct fst_definitions *d,
                                enum fst_resource_kind kind, const struct fst_doc *from)
{
    const char *name, *variant;
    struct fst_doc map;

    if (from->kind != FST_DOC_MAP)
        return fst__fail_at(rd, from->line, from->col, "%s has to be a list of maps",
                            fst_kinds[kind].plural);
    struct fst_resource *r = fst_resource_new(kind, "", NULL);
    enum fst_status status = fst__substitute(rd, r->arena, from, &map);
    if (status == FST_OK)
        status = name_under(rd, &map, "name", &name);
    if (status == FST_OK && !name)
        status =
            fst__fail_at(rd, map.line, map.col, "a %s needs the key name", fst_kinds[kind].name);
    if (status == FST_OK && fst_kinds[kind].has_variants &&
        (status = name_under(rd, &map, "variant", &variant)) == FST_OK)
        r->variant = fst_arena_strdup(r->arena, variant);
    if (status == FST_OK) {
        r->name = fst_arena_strdup(r->arena, name);
        status = fill(rd, r, &map);
    }
    if (status == FST_OK) {
        /* Option maps live in the tree's arena, which ends with the reading. */
        fst_definitions_add(d, fst_resource_copy(r));
    }
    fst_resource_free(r);
    return status;
}

/* ---- Documents ------------------------------------------------------------------------------- */

static enum fst_status unknown_kind(const struct fst__reader *rd, const struct fst_doc *v)
{
    const char *names[FST_RESOURCE_KINDS_];

    for (int kind = 0; kind < FST_RESOURCE_KINDS_; kind++)
        names[kind] = fst_kinds[kind].plural;
    return fst__unknown_key(rd, v, "a definition file", names, FST_COUNT(names));
}

static enum fst_status read_list(const struct fst__reader *rd, struct fst_definitions *d,
                                 const struct fst_doc *list)
{
    enum fst_resource_kind kind;

    if (!fst_kind_named(list->key, &kind) || strcmp(list->key, fst_kinds[kind].plural) != 0)
        return unknown_kind(rd, list);
    if (list->kind == FST_DOC_NULL)
        return FST_OK;
    if (list->kind != FST_DOC_LIST)
        return fst__fail_at(rd, list->line, list->col, "%s has to be a list of maps", list->key);
    for (size_t i = 0; i < list->n; i++)
        FST_TRY(read_one(rd, d, kind, &list->items[i]));
    return FST_OK;
}

static enum fst_status read_documents(const struct fst__reader *rd, struct fst_definitions *d,
                                      const struct fst_doc *docs)
{
    for (size_t i = 0; i < docs->n; i++) {
        const struct fst_doc *doc = &docs->items[i];
        if (doc->kind == FST_DOC_NULL)
            continue;
        if (doc->kind != FST_DOC_MAP)
            return fst__fail_at(rd, doc->line, doc->col,
                                "a definition file is a map of sources, features, ...");
        for (size_t k = 0; k < doc->n; k++)
            FST_TRY(read_list(rd, d, &doc->items[k]));
    }
    return FST_OK;
}

static enum fst_status read_definitions(const struct fst__reader *rd, struct fst_definitions *d,
                                        const char *text, size_t n)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *docs;
    enum fst_status status = fst_yaml_parse(a, rd->name, text, n, NULL, &docs, rd->err);

    if (status == FST_OK)
        status = read_documents(rd, d, docs);
    fst_arena_free(a);
    return status;
}

enum fst_status fst_define_read(struct fst_definitions *d, const char *name, const char *folder,
                                const char *text, size_t n, const char *const *sets,
                                struct fst_error *err)
{
    return read_definitions(&(struct fst__reader){name, name, folder, sets, err}, d, text, n);
}

enum fst_status fst_define_read_file(struct fst_definitions *d, const char *path,
                                     const char *const *sets, struct fst_error *err)
{
    char *whole = fst_path_absolute(path), *folder = fst_strdup(whole), *text = NULL;
    struct fst__reader rd = {path, whole, folder, sets, err};
    size_t n;

    folder[fst_path_base(folder) - folder] = 0;
    enum fst_status status = fst_file_read(path, MAX_FILE, &text, &n, err);
    if (status == FST_OK)
        status = read_definitions(&rd, d, text, n);
    free(text);
    free(folder);
    free(whole);
    return status;
}

void fst_definitions_add(struct fst_definitions *d, struct fst_resource *r)
{
    fst_grow(&d->resources, &d->cap, d->n + 1, sizeof *d->resources);
    d->resources[d->n++] = r;
}

void fst_definitions_done(struct fst_definitions *d)
{
    for (size_t i = 0; i < d->n; i++)
        fst_resource_free(d->resources[i]);
    free(d->resources);
    *d = (struct fst_definitions){NULL};
}
