/* merge: see the header. Names are the same whatever their case, and keep that of the first. */
#include "merge.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int field_called(const struct fst_field *fields, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

static bool merge_structs(struct fst_arena *arena, const struct fst_type *a,
                          const struct fst_type *b, bool widen, struct fst_type *out)
{
    struct fst_field *fields =
        fst_arena_alloc(arena, ((size_t)a->n_fields + b->n_fields + 1) * sizeof(*fields));
    size_t n = a->n_fields;
    if (n)
        memcpy(fields, a->fields, n * sizeof(*fields));
    for (size_t i = 0; i < b->n_fields; i++) {
        const struct fst_field *f = &b->fields[i];
        int at = field_called(fields, a->n_fields, f->name);
        if (at < 0 && n == UINT16_MAX)
            return false;
        if (at < 0)
            fields[n++] = (struct fst_field){fst_arena_strdup(arena, f->name),
                                             fst_type_copy(arena, &f->type), true};
        else if (!fst_merge_types(arena, &fields[at].type, &f->type, widen, &fields[at].type))
            return false;
    }
    *out = *a;
    out->fields = fields;
    out->n_fields = (uint16_t)n;
    return true;
}

/* Lists and maps: what is in them is merged place by place. */
static bool merge_inside(struct fst_arena *arena, const struct fst_type *a,
                         const struct fst_type *b, bool widen, struct fst_type *out)
{
    struct fst_field *fields = fst_arena_alloc(arena, (a->n_fields + 1u) * sizeof(*fields));
    if (a->n_fields != b->n_fields)
        return false;
    for (size_t i = 0; i < a->n_fields; i++) {
        fields[i] = a->fields[i];
        if (!fst_merge_types(arena, &a->fields[i].type, &b->fields[i].type, widen, &fields[i].type))
            return false;
    }
    *out = *a;
    out->fields = fields;
    return true;
}

static int whole_digits(const struct fst_type *t)
{
    return t->kind == FST_LONG ? 20 : t->precision - t->scale;
}

/* Two types that JSON gives: numbers hold each other, everything else becomes text. */
static struct fst_type widened(const struct fst_type *a, const struct fst_type *b)
{
    bool numbers = (a->kind == FST_LONG || a->kind == FST_DECIMAL || a->kind == FST_DOUBLE) &&
                   (b->kind == FST_LONG || b->kind == FST_DECIMAL || b->kind == FST_DOUBLE);
    if (!numbers)
        return fst_type(FST_STRING);
    if (a->kind == FST_DOUBLE || b->kind == FST_DOUBLE)
        return fst_type(FST_DOUBLE);
    int x = whole_digits(a), y = whole_digits(b);
    int whole = x > y ? x : y, scale = a->scale > b->scale ? a->scale : b->scale;
    return whole + scale > 38 ? fst_type(FST_DOUBLE) : fst_type_decimal(whole + scale, scale);
}

bool fst_merge_types(struct fst_arena *arena, const struct fst_type *a, const struct fst_type *b,
                     bool widen, struct fst_type *out)
{
    if (a->kind == FST_VOID || b->kind == FST_VOID || fst_type_eq(a, b)) {
        *out = fst_type_copy(arena, a->kind == FST_VOID ? b : a);
        return true;
    }
    if (a->kind != b->kind || (widen && a->kind == FST_DECIMAL)) {
        if (widen)
            *out = widened(a, b);
        return widen;
    }
    if (a->kind == FST_DECIMAL && a->scale == b->scale) {
        *out = a->precision > b->precision ? *a : *b;
        return true;
    }
    if (a->kind == FST_STRUCT)
        return merge_structs(arena, a, b, widen, out);
    return fst_type_is_nested(a) && merge_inside(arena, a, b, widen, out);
}

/* ---- Columns --------------------------------------------------------------------------------- */

static char *lower(const char *name)
{
    char *copy = fst_strdup(name);
    for (char *p = copy; *p; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
    return copy;
}

static void add_column(struct fst_merged *m, const struct fst_field *f, const char *file,
                       const char *key)
{
    fst_grow(&m->fields, &m->cap, m->n + 1, sizeof(*m->fields));
    fst_grow(&m->from, &m->from_cap, m->n + 1, sizeof(*m->from));
    m->fields[m->n] = (struct fst_field){fst_arena_strdup(m->arena, f->name),
                                         fst_type_copy(m->arena, &f->type), true};
    m->from[m->n] = file;
    m->n++;
    fst_map_set(m->by_name, key, (void *)(uintptr_t)m->n);
}

static enum fst_status conflict(const struct fst_merged *m, size_t at, const struct fst_field *f,
                                const char *file, struct fst_error *err)
{
    struct fst_buf here = FST_BUF(256), there = FST_BUF(256);
    fst_type_text(&here, &f->type);
    fst_type_text(&there, &m->fields[at].type);
    enum fst_status status = fst_fail(
        err, FST_EFORMAT, "%s: column %s is %s here and %s in %s; mergeSchema cannot unite them",
        file, f->name, fst_buf_text(&here), fst_buf_text(&there), m->from[at]);
    fst_buf_done(&here);
    fst_buf_done(&there);
    return status;
}

enum fst_status fst_merge_schema(struct fst_merged *m, const struct fst_schema *schema,
                                 const char *file, struct fst_error *err)
{
    if (!m->by_name)
        m->by_name = fst_map_new();
    for (size_t i = 0; i < schema->n; i++) {
        const struct fst_field *f = &schema->fields[i];
        char *key = m->widen ? fst_strdup(f->name) : lower(f->name);
        size_t at = (size_t)(uintptr_t)fst_map_get(m->by_name, key);
        if (!at)
            add_column(m, f, file, key);
        free(key);
        if (!at || fst_type_eq(&m->fields[at - 1].type, &f->type))
            continue;
        if (!fst_merge_types(m->arena, &m->fields[at - 1].type, &f->type, m->widen,
                             &m->fields[at - 1].type))
            return conflict(m, at - 1, f, file, err);
    }
    return FST_OK;
}

void fst_merged_done(struct fst_merged *m)
{
    free(m->fields);
    free(m->from);
    fst_map_free(m->by_name, NULL);
    *m = (struct fst_merged){0};
}
