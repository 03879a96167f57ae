/* A definition as canonical JSON, and back; what makes two definitions equal.
 *
 * Only defining fields are in it, in table order, absent ones left out; the keys of option maps are
 * sorted. So equal text means equal definition. For comparing, white space in SQL counts once
 * outside of quotes (and a line comment keeps its end); in code it does not count at the end of a
 * line, nor do empty lines at the end. */
#include "fields.h"

#include <stdlib.h>
#include <string.h>

/* ---- Writing --------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const struct fst_doc *const *x = a, *const *y = b;
    return strcmp((*x)->key, (*y)->key);
}

static void write_options(struct fst_buf *out, const struct fst_doc *doc);

static void write_map(struct fst_buf *out, const struct fst_doc *doc)
{
    const struct fst_doc **sorted = fst_alloc((doc->n + 1) * sizeof *sorted);

    for (size_t i = 0; i < doc->n; i++)
        sorted[i] = &doc->items[i];
    qsort(sorted, doc->n, sizeof *sorted, by_key);
    fst_buf_addc(out, '{');
    for (size_t i = 0; i < doc->n; i++) {
        fst_buf_adds(out, i ? "," : "");
        fst_json_quote(out, sorted[i]->key, strlen(sorted[i]->key));
        fst_buf_addc(out, ':');
        write_options(out, sorted[i]);
    }
    fst_buf_addc(out, '}');
    free(sorted);
}

/* Depth is bounded by the parser that made the tree. */
static void write_options(struct fst_buf *out, const struct fst_doc *doc)
{
    if (doc->kind == FST_DOC_MAP) {
        write_map(out, doc);
    } else if (doc->kind == FST_DOC_LIST) {
        fst_buf_addc(out, '[');
        for (size_t i = 0; i < doc->n; i++) {
            fst_buf_adds(out, i ? "," : "");
            write_options(out, &doc->items[i]);
        }
        fst_buf_addc(out, ']');
    } else {
        fst_doc_to_json(out, doc);
    }
}

static void write_ref(struct fst_json_writer *w, const char *key, const struct fst_ref *ref)
{
    struct fst_buf text = FST_BUF_TEXT;

    fst_ref_text(&text, ref);
    fst_jw_string(w, key, fst_buf_text(&text));
    fst_buf_done(&text);
}

static void write_duration(struct fst_json_writer *w, const char *key, int64_t us)
{
    struct fst_buf text = FST_BUF_TEXT;

    fst_duration_exact(&text, us);
    fst_jw_string(w, key, fst_buf_text(&text));
    fst_buf_done(&text);
}

static void write_refs(struct fst_json_writer *w, const char *key, const struct fst_ref *refs,
                       size_t n)
{
    if (!n)
        return;
    fst_jw_list(w, key);
    for (size_t i = 0; i < n; i++)
        write_ref(w, NULL, &refs[i]);
    fst_jw_end(w, ']');
}

static void write_lags(struct fst_json_writer *w, const char *key, const struct fst_lag *lags,
                       size_t n)
{
    if (!n)
        return;
    fst_jw_list(w, key);
    for (size_t i = 0; i < n; i++) {
        fst_jw_object(w, NULL);
        write_ref(w, "feature", &lags[i].feature);
        write_duration(w, "lag", lags[i].lag_us);
        if (lags[i].name)
            fst_jw_string(w, "name", lags[i].name);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
}

/* Bytes of the quoted text or comment at p, which other bytes may not be collapsed into. */
static size_t opaque_length(const char *p)
{
    if (p[0] == '-' && p[1] == '-') {
        size_t n = strcspn(p, "\n");
        return n + (p[n] != 0);
    }
    if (*p != '\'' && *p != '"' && *p != '`')
        return 0;
    for (size_t i = 1; p[i]; i++) {
        if (p[i] == '\\' && *p != '`' && p[i + 1])
            i++;
        else if (p[i] == *p)
            return i + 1;
    }
    return strlen(p);
}

static void collapse(struct fst_buf *out, const char *sql)
{
    static const char space[] = " \t\r\n\f\v";

    sql += strspn(sql, space);
    while (*sql) {
        size_t n = opaque_length(sql), gap = strspn(sql, space);
        if (gap) {
            fst_buf_adds(out, sql[gap] ? " " : "");
            sql += gap;
        } else {
            fst_buf_add(out, sql, n ? n : 1);
            sql += n ? n : 1;
        }
    }
}

/* Lines without the white space at their ends, and without empty ones at the end. */
static void trim_lines(struct fst_buf *out, const char *code)
{
    size_t newlines = 0;

    while (*code) {
        size_t n = strcspn(code, "\n"), kept = n;
        while (kept && strchr(" \t\r\f\v", code[kept - 1]))
            kept--;
        if (kept) {
            fst_buf_repeat(out, '\n', newlines);
            fst_buf_add(out, code, kept);
            newlines = 0;
        }
        newlines++;
        code += n + (code[n] == '\n');
    }
}

static void write_source(struct fst_json_writer *w, const char *key, const char *source,
                         void (*plain)(struct fst_buf *out, const char *source))
{
    struct fst_buf text = FST_BUF_TEXT;

    if (!source)
        return;
    if (plain)
        plain(&text, source);
    fst_jw_string(w, key, plain ? fst_buf_text(&text) : source);
    fst_buf_done(&text);
}

static void write_texts(struct fst_json_writer *w, const char *key, const char *const *texts,
                        size_t n)
{
    if (!n)
        return;
    fst_jw_list(w, key);
    for (size_t i = 0; i < n; i++)
        fst_jw_string(w, NULL, texts[i]);
    fst_jw_end(w, ']');
}

static void write_doc(struct fst_json_writer *w, const char *key, const struct fst_doc *doc)
{
    struct fst_buf text = FST_BUF_TEXT;

    if (!doc || doc->n == 0)
        return;
    write_options(&text, doc);
    fst_jw_raw(w, key, fst_buf_text(&text));
    fst_buf_done(&text);
}

static void write_field(struct fst_json_writer *w, const struct fst_resource *r,
                        const struct fst_field_row *f, bool collapsed)
{
    const void *at = fst__field_at(r, f);

    switch (f->type) {
    case FST_FIELD_TEXT:
    case FST_FIELD_NAME:
        if (*(const char *const *)at)
            fst_jw_string(w, f->key, *(const char *const *)at);
        break;
    case FST_FIELD_SQL:
        write_source(w, f->key, *(const char *const *)at, collapsed ? collapse : NULL);
        break;
    case FST_FIELD_CODE:
        write_source(w, f->key, *(const char *const *)at, collapsed ? trim_lines : NULL);
        break;
    case FST_FIELD_TEXTS:
        write_texts(w, f->key, *(const char *const *const *)at, *fst__field_count(r, f));
        break;
    case FST_FIELD_REF:
        if (((const struct fst_ref *)at)->name)
            write_ref(w, f->key, at);
        break;
    case FST_FIELD_REFS:
        write_refs(w, f->key, *(struct fst_ref *const *)at, *fst__field_count(r, f));
        break;
    case FST_FIELD_LAGS:
        write_lags(w, f->key, *(struct fst_lag *const *)at, *fst__field_count(r, f));
        break;
    case FST_FIELD_DURATION:
        if (*(const int64_t *)at)
            write_duration(w, f->key, *(const int64_t *)at);
        break;
    case FST_FIELD_OPTIONS:
        write_doc(w, f->key, *(struct fst_doc *const *)at);
        break;
    case FST_FIELD_TAGS:
    case FST_FIELD_PROPERTIES:
    case FST_FIELD_FILE:
        break;
    }
}

static char *spec(const struct fst_resource *r, bool collapsed)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_json_writer w = fst_json_writer(&out);

    fst_jw_object(&w, NULL);
    for (size_t i = 0; i < fst_n_fields; i++)
        if ((fst_fields[i].kinds & 1u << r->kind) && !fst_fields[i].mutable_)
            write_field(&w, r, &fst_fields[i], collapsed);
    fst_jw_end(&w, '}');
    return fst_buf_take(&out);
}

char *fst_resource_spec(const struct fst_resource *r)
{
    return spec(r, false);
}

bool fst_resource_same(const struct fst_resource *a, const struct fst_resource *b)
{
    if (a->kind != b->kind || strcmp(a->name, b->name) != 0)
        return false;
    char *x = spec(a, true), *y = spec(b, true);
    bool same = strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

void fst_resource_hash(const struct fst_resource *r, char out[65])
{
    struct fst_buf text = FST_BUF_TEXT;
    char *json = spec(r, true);

    fst_buf_printf(&text, "%s/%s %s", fst_kinds[r->kind].name, r->name, json);
    fst_sha256_hex(text.p, text.n, out);
    fst_buf_done(&text);
    free(json);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static enum fst_status read_ref(struct fst_resource *r, const struct fst_doc *v, const char *key,
                                struct fst_ref *out, struct fst_error *err)
{
    if (!v || v->kind != FST_DOC_STRING)
        return fst_fail(err, FST_EFORMAT, "%s is not a text", key);
    return fst_ref_parse(r->arena, key, v->text.p, out, err);
}

static enum fst_status read_duration(const struct fst_doc *v, const char *key, int64_t *us,
                                     struct fst_error *err)
{
    if (!v || v->kind != FST_DOC_STRING || !fst_duration_parse(v->text.p, us))
        return fst_fail(err, FST_EFORMAT, "%s is not a duration", key);
    return FST_OK;
}

static enum fst_status read_refs(struct fst_resource *r, const struct fst_doc *v,
                                 const struct fst_field_row *f, struct fst_error *err)
{
    struct fst_ref *refs = fst_arena_alloc(r->arena, (v->n + 1) * sizeof *refs);

    for (size_t i = 0; i < v->n; i++)
        FST_TRY(read_ref(r, &v->items[i], f->key, &refs[i], err));
    *(struct fst_ref **)fst__field_at(r, f) = refs;
    *fst__field_count(r, f) = v->n;
    return FST_OK;
}

static enum fst_status read_lags(struct fst_resource *r, const struct fst_doc *v,
                                 const struct fst_field_row *f, struct fst_error *err)
{
    struct fst_lag *lags = fst_arena_alloc(r->arena, (v->n + 1) * sizeof *lags);

    for (size_t i = 0; i < v->n; i++) {
        const struct fst_doc *item = &v->items[i];
        FST_TRY(read_ref(r, fst_doc_get(item, "feature"), "lags.feature", &lags[i].feature, err));
        FST_TRY(read_duration(fst_doc_get(item, "lag"), "lags.lag", &lags[i].lag_us, err));
        lags[i].name = fst_arena_strdup(r->arena, fst_doc_string(item, "name", NULL));
    }
    *(struct fst_lag **)fst__field_at(r, f) = lags;
    *fst__field_count(r, f) = v->n;
    return FST_OK;
}

static enum fst_status read_text(struct fst_resource *r, const struct fst_doc *v,
                                 const struct fst_field_row *f, struct fst_error *err)
{
    if (v->kind != FST_DOC_STRING)
        return fst_fail(err, FST_EFORMAT, "%s is not a text", f->key);
    *(const char **)fst__field_at(r, f) = fst_arena_strdup(r->arena, v->text.p);
    return FST_OK;
}

static enum fst_status read_texts(struct fst_resource *r, const struct fst_doc *v,
                                  const struct fst_field_row *f, struct fst_error *err)
{
    const char **texts = fst_arena_alloc(r->arena, (v->n + 1) * sizeof *texts);

    for (size_t i = 0; i < v->n; i++) {
        if (v->items[i].kind != FST_DOC_STRING)
            return fst_fail(err, FST_EFORMAT, "%s has something that is not a text", f->key);
        texts[i] = fst_arena_strdup(r->arena, v->items[i].text.p);
    }
    *(const char ***)fst__field_at(r, f) = texts;
    *fst__field_count(r, f) = v->n;
    return FST_OK;
}

static enum fst_status read_field(struct fst_resource *r, const struct fst_doc *v,
                                  const struct fst_field_row *f, struct fst_error *err)
{
    switch (f->type) {
    case FST_FIELD_TEXT:
    case FST_FIELD_NAME:
    case FST_FIELD_SQL:
    case FST_FIELD_CODE:
        return read_text(r, v, f, err);
    case FST_FIELD_TEXTS:
        return read_texts(r, v, f, err);
    case FST_FIELD_REF:
        return read_ref(r, v, f->key, fst__field_at(r, f), err);
    case FST_FIELD_REFS:
        return read_refs(r, v, f, err);
    case FST_FIELD_LAGS:
        return read_lags(r, v, f, err);
    case FST_FIELD_DURATION:
        return read_duration(v, f->key, fst__field_at(r, f), err);
    case FST_FIELD_OPTIONS:
        *(struct fst_doc **)fst__field_at(r, f) = (struct fst_doc *)v;
        return FST_OK;
    case FST_FIELD_TAGS:
    case FST_FIELD_PROPERTIES:
    case FST_FIELD_FILE:
        break;
    }
    return FST_OK;
}

enum fst_status fst_resource_read_spec(struct fst_resource *r, const char *json,
                                       struct fst_error *err)
{
    struct fst_doc *doc;

    FST_TRY(fst_json_parse(r->arena, "definition", json, strlen(json), NULL, &doc, err));
    if (doc->kind != FST_DOC_MAP)
        return fst_fail(err, FST_EFORMAT, "the definition of %s is not a map", r->name);
    for (size_t i = 0; i < doc->n; i++) {
        const struct fst_field_row *f = fst_field_named(r->kind, doc->items[i].key);
        if (!f || f->mutable_)
            return fst_fail(err, FST_EFORMAT, "the definition of %s has the unknown field %.100s",
                            r->name, doc->items[i].key);
        FST_TRY(read_field(r, &doc->items[i], f, err));
    }
    return FST_OK;
}
