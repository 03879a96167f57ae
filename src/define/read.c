/* Reading definition files: documents to lists of maps to resources, every error with its place.
 *
 * Which keys there are, which are required and what type they have is in fst_fields; this file
 * knows only `name` and `variant`, where relative paths lie, and that sql_file
 * becomes sql and python_file python. What must fit together is checked in check.c. */
#include "define.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 16 << 20, MAX_TEXT = 4 << 20 };

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

/* The text of the file that the field `key` names. */
static enum fst_status load(const struct fst__reader *rd, struct fst_resource *r,
                            const struct fst_doc *map, const char *key, const char **file,
                            const char **out)
{
    const struct fst_doc *v = fst_doc_get(map, key);
    struct fst_error inner;
    char *text;
    size_t n;

    if (!*file)
        return FST_OK;
    *file = absolute(rd, r->arena, *file);
    if (fst_file_read(*file, MAX_TEXT, &text, &n, &inner) != FST_OK)
        return fst__fail_at(rd, v->line, v->col, "%s: %s", key, inner.text);
    bool good = fst_utf8_valid(text, n) && !memchr(text, 0, n);
    *out = fst_arena_strndup(r->arena, text, n);
    free(text);
    return good ? FST_OK : fst__fail_at(rd, v->line, v->col, "%s is not UTF-8 text", *file);
}

static enum fst_status fill(const struct fst__reader *rd, struct fst_resource *r,
                            const struct fst_doc *map)
{
    FST_TRY(read_fields(rd, r, map));
    FST_TRY(fst__check_written(rd, r, map));
    FST_TRY(load(rd, r, map, "sql_file", &r->sql_file, &r->sql));
    FST_TRY(load(rd, r, map, "python_file", &r->python_file, &r->python));
    FST_TRY(fst__check_resource(rd, r, map));
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
