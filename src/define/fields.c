/* Values of fields: from the tree of a definition text into a resource, by the field's type. */
#include "define.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_KEY = 128 };

static enum fst_status expect(const struct fst__reader *rd, const struct fst_doc *v,
                              const char *key, const char *what)
{
    return fst__fail_at(rd, v->line, v->col, "%s has to be %s", key, what);
}

/* The text of any scalar, as it was written. */
static enum fst_status text_of(const struct fst__reader *rd, const struct fst_doc *v,
                               const char *key, const char **out)
{
    *out = v->text.p ? v->text.p : "";
    if (v->kind == FST_DOC_LIST || v->kind == FST_DOC_MAP || v->kind == FST_DOC_NULL)
        return expect(rd, v, key, "a text");
    return FST_OK;
}

/* Say where: `inner` is an error without a place. */
static enum fst_status at(const struct fst__reader *rd, const struct fst_doc *v,
                          const struct fst_error *inner)
{
    return fst__fail_at(rd, v->line, v->col, "%s", inner->text);
}

static enum fst_status read_text(const struct fst__reader *rd, struct fst_resource *r,
                                 const struct fst_field_row *f, const struct fst_doc *v)
{
    struct fst_error inner;
    const char *text;

    FST_TRY(text_of(rd, v, f->key, &text));
    if (f->type == FST_FIELD_NAME && fst_name_check(f->key, text, &inner) != FST_OK)
        return at(rd, v, &inner);
    *(const char **)(void *)((char *)r + f->offset) = fst_arena_strdup(r->arena, text);
    return FST_OK;
}

static enum fst_status read_ref(const struct fst__reader *rd, struct fst_resource *r,
                                const char *key, const struct fst_doc *v, struct fst_ref *out)
{
    struct fst_error inner;
    const char *text;

    FST_TRY(text_of(rd, v, key, &text));
    if (fst_ref_parse(r->arena, key, text, out, &inner) != FST_OK)
        return at(rd, v, &inner);
    return FST_OK;
}

static enum fst_status read_refs(const struct fst__reader *rd, struct fst_resource *r,
                                 const struct fst_field_row *f, const struct fst_doc *v)
{
    struct fst_ref *refs;

    if (v->kind != FST_DOC_LIST || v->n == 0)
        return expect(rd, v, f->key, "a list of names");
    refs = fst_arena_alloc(r->arena, v->n * sizeof *refs);
    for (size_t i = 0; i < v->n; i++) {
        FST_TRY(read_ref(rd, r, f->key, &v->items[i], &refs[i]));
        for (size_t k = 0; k < i; k++)
            if (fst_ref_eq(&refs[i], &refs[k]))
                return fst__fail_at(rd, v->items[i].line, v->items[i].col, "%s has %s twice",
                                    f->key, v->items[i].text.p);
    }
    *(struct fst_ref **)(void *)((char *)r + f->offset) = refs;
    *(size_t *)(void *)((char *)r + f->count_offset) = v->n;
    return FST_OK;
}

static enum fst_status read_duration(const struct fst__reader *rd, const char *key,
                                     const struct fst_doc *v, int64_t *us)
{
    const char *text;

    FST_TRY(text_of(rd, v, key, &text));
    if (!fst_duration_parse(text, us) || *us == 0)
        return expect(rd, v, key, "a duration such as 30d, 12h, 15m or 1d12h");
    return FST_OK;
}

static enum fst_status read_texts(const struct fst__reader *rd, struct fst_resource *r,
                                  const struct fst_field_row *f, const struct fst_doc *v)
{
    const char **texts;

    if (v->kind != FST_DOC_LIST)
        return expect(rd, v, f->key, "a list of texts");
    texts = fst_arena_alloc(r->arena, (v->n + 1) * sizeof *texts);
    for (size_t i = 0; i < v->n; i++) {
        FST_TRY(text_of(rd, &v->items[i], f->key, &texts[i]));
        texts[i] = fst_arena_strdup(r->arena, texts[i]);
    }
    *(const char ***)(void *)((char *)r + f->offset) = texts;
    *(size_t *)(void *)((char *)r + f->count_offset) = v->n;
    return FST_OK;
}

/* ---- Lags ------------------------------------------------------------------------------------ */

static enum fst_status read_lag_key(const struct fst__reader *rd, struct fst_resource *r,
                                    const struct fst_doc *v, struct fst_lag *lag)
{
    static const char *const keys[] = {"feature", "lag", "name"};

    if (strcmp(v->key, "feature") == 0)
        return read_ref(rd, r, v->key, v, &lag->feature);
    if (strcmp(v->key, "lag") == 0)
        return read_duration(rd, v->key, v, &lag->lag_us);
    if (strcmp(v->key, "name") != 0)
        return fst__unknown_key(rd, v, "lags", keys, FST_COUNT(keys));
    FST_TRY(text_of(rd, v, v->key, &lag->name));
    lag->name = fst_arena_strdup(r->arena, lag->name);
    return FST_OK;
}

static enum fst_status read_lag(const struct fst__reader *rd, struct fst_resource *r,
                                const struct fst_doc *v, struct fst_lag *lag)
{
    if (v->kind != FST_DOC_MAP)
        return expect(rd, v, "lags", "a list of maps {feature, lag, name}");
    for (size_t i = 0; i < v->n; i++)
        FST_TRY(read_lag_key(rd, r, &v->items[i], lag));
    if (!lag->feature.name || !lag->lag_us)
        return fst__fail_at(rd, v->line, v->col, "a lag needs the keys feature and lag");
    return FST_OK;
}

static enum fst_status read_lags(const struct fst__reader *rd, struct fst_resource *r,
                                 const struct fst_doc *v)
{
    if (v->kind != FST_DOC_LIST)
        return expect(rd, v, "lags", "a list of maps {feature, lag, name}");
    r->lags = fst_arena_alloc(r->arena, (v->n + 1) * sizeof *r->lags);
    for (size_t i = 0; i < v->n; i++)
        FST_TRY(read_lag(rd, r, &v->items[i], &r->lags[i]));
    r->n_lags = v->n;
    return FST_OK;
}

/* ---- Maps and tags --------------------------------------------------------------------------- */

static enum fst_status read_tags(const struct fst__reader *rd, struct fst_resource *r,
                                 const struct fst_doc *v)
{
    struct fst_error inner;
    const char *tag;

    if (v->kind != FST_DOC_LIST)
        return expect(rd, v, "tags", "a list of words");
    for (size_t i = 0; i < v->n; i++) {
        FST_TRY(text_of(rd, &v->items[i], "a tag", &tag));
        if (fst_tag_check(tag, &inner) != FST_OK)
            return at(rd, &v->items[i], &inner);
        fst_resource_add_tag(r, tag);
    }
    return FST_OK;
}

static enum fst_status check_key(const struct fst__reader *rd, const struct fst_doc *v)
{
    if (!*v->key || strlen(v->key) > MAX_KEY)
        return fst__fail_at(rd, v->key_line, v->key_col, "a key has 1 to %d bytes", (int)MAX_KEY);
    return FST_OK;
}

static enum fst_status read_properties(const struct fst__reader *rd, struct fst_resource *r,
                                       const struct fst_doc *v)
{
    const char *value;

    if (v->kind != FST_DOC_MAP)
        return expect(rd, v, "properties", "a map of texts");
    for (size_t i = 0; i < v->n; i++) {
        FST_TRY(check_key(rd, &v->items[i]));
        FST_TRY(text_of(rd, &v->items[i], v->items[i].key, &value));
        fst_resource_set_property(r, v->items[i].key, value);
    }
    return FST_OK;
}

static enum fst_status check_keys(const struct fst__reader *rd, const struct fst_doc *v)
{
    for (size_t i = 0; i < v->n; i++) {
        if (v->items[i].key)
            FST_TRY(check_key(rd, &v->items[i]));
        FST_TRY(check_keys(rd, &v->items[i]));
    }
    return FST_OK;
}

static enum fst_status read_options(const struct fst__reader *rd, struct fst_resource *r,
                                    const struct fst_field_row *f, struct fst_doc *v)
{
    if (v->kind != FST_DOC_MAP)
        return expect(rd, v, f->key, "a map");
    FST_TRY(check_keys(rd, v));
    *(struct fst_doc **)(void *)((char *)r + f->offset) = v->n ? v : NULL;
    return FST_OK;
}

enum fst_status fst__read_field(const struct fst__reader *rd, struct fst_resource *r,
                                const struct fst_field_row *f, struct fst_doc *v)
{
    if (v->kind == FST_DOC_NULL)
        return FST_OK;
    switch (f->type) {
    case FST_FIELD_TEXT:
    case FST_FIELD_NAME:
    case FST_FIELD_SQL:
    case FST_FIELD_FILE:
    case FST_FIELD_CODE:
        return read_text(rd, r, f, v);
    case FST_FIELD_TEXTS:
        return read_texts(rd, r, f, v);
    case FST_FIELD_REF:
        return read_ref(rd, r, f->key, v, (struct fst_ref *)(void *)((char *)r + f->offset));
    case FST_FIELD_REFS:
        return read_refs(rd, r, f, v);
    case FST_FIELD_LAGS:
        return read_lags(rd, r, v);
    case FST_FIELD_DURATION:
        return read_duration(rd, f->key, v, (int64_t *)(void *)((char *)r + f->offset));
    case FST_FIELD_OPTIONS:
        return read_options(rd, r, f, v);
    case FST_FIELD_TAGS:
        return read_tags(rd, r, v);
    case FST_FIELD_PROPERTIES:
        return read_properties(rd, r, v);
    }
    return FST_OK;
}
