/* parquet_variant: variants as JSON, out of the columns that they are shredded into.
 *
 * A variant is stored as a struct: metadata, a value in binary form, and in shredded files a typed
 * value beside it, which is a column of its own, a list of such pairs, or a struct of such pairs.
 * It is read as that struct, with all that the format has for nested columns; here it is put
 * together. A value with a typed value beside it may only be the rest of an object. */
#include "parquet.h"

#include "frame.h"
#include "variant.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 << 20 };

/* ---- Types ----------------------------------------------------------------------------------- */

static int find(const struct fst_type *type, const char *name)
{
    for (size_t i = 0; i < type->n_fields; i++)
        if (strcmp(type->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

struct fst_type fst_pq_variant_type(struct fst_arena *arena, const struct fst_type *stored,
                                    const struct fst_pq_nest *nest)
{
    struct fst_type type = *stored;
    if (nest->is_variant)
        return fst_type(FST_VARIANT);
    if (!nest->n)
        return type;
    struct fst_field *fields = fst_arena_alloc(arena, type.n_fields * sizeof(*fields));
    for (size_t i = 0; i < type.n_fields; i++) {
        fields[i] = stored->fields[i];
        fields[i].type = fst_pq_variant_type(arena, &stored->fields[i].type, &nest->children[i]);
    }
    type.fields = fields;
    return type;
}

/* A struct of a value, a typed value or both, and of the same all the way down. */
static bool is_pair(const struct fst_type *type)
{
    int value = find(type, "value"), typed = find(type, "typed_value");
    if (type->kind != FST_STRUCT || (value < 0 && typed < 0))
        return false;
    if (value >= 0 && type->fields[value].type.kind != FST_BINARY)
        return false;
    const struct fst_type *t = typed < 0 ? NULL : &type->fields[typed].type;
    if (!t || !fst_type_is_nested(t))
        return true;
    if (t->kind == FST_MAP)
        return false;
    for (size_t i = 0; i < t->n_fields; i++)
        if (!is_pair(&t->fields[i].type))
            return false;
    return true;
}

const char *fst_pq_variant_refusal(const struct fst_type *stored)
{
    int metadata = find(stored, "metadata");
    if (metadata < 0 || stored->fields[metadata].type.kind != FST_BINARY || !is_pair(stored))
        return "its type is damaged: a variant has metadata, a value and perhaps a typed value";
    return NULL;
}

const char *fst_pq_variant_leaf_refusal(const struct fst_pq_leaf *leaf)
{
    static const char *const logical[] = {
        "STRING", "UUID", "DATE", "INT(8,true)", "INT(16,true)", "INT(32,true)", "INT(64,true)",
    };
    static const char *const families[] = {"DECIMAL(", "TIME(", "TIMESTAMP("};
    bool fits = !leaf->logical && leaf->physical != FST_PQ_FIXED && leaf->physical != FST_PQ_INT96;
    for (size_t i = 0; leaf->logical && i < FST_COUNT(logical); i++)
        fits |= strcmp(leaf->logical, logical[i]) == 0;
    for (size_t i = 0; leaf->logical && i < FST_COUNT(families); i++)
        fits |= strncmp(leaf->logical, families[i], strlen(families[i])) == 0;
    return fits && !leaf->has_no_order ? NULL : "a variant cannot have typed values of such a type";
}

/* ---- Putting one together -------------------------------------------------------------------- */

static const char two_values[] = "a variant with two values at one place";
static const char not_an_object[] = "a variant with fields that is no object";

static const char *add_pair(struct fst_buf *out, const struct fst_variant_names *names,
                            const struct fst_column *pair, size_t row, unsigned depth);

/* A column of a struct, or NULL when there is none or nothing in it. */
static const struct fst_column *part_of(const struct fst_column *c, size_t row, const char *name)
{
    int i = find(&c->type, name);
    return i >= 0 && !fst_column_is_null(&c->children[i], row) ? &c->children[i] : NULL;
}

static bool is_there(const struct fst_column *pair, size_t row)
{
    return !fst_column_is_null(pair, row) &&
           (part_of(pair, row, "value") || part_of(pair, row, "typed_value"));
}

/* A field of an object: shredded, or in the rest. */
struct field {
    struct fst_str name, value;
    const struct fst_column *pair; /* or NULL */
};

static int by_name(const void *a, const void *b)
{
    const struct field *x = a, *y = b;
    size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
    int order = n ? memcmp(x->name.p, y->name.p, n) : 0;
    if (order || x->name.n != y->name.n)
        return order ? order : x->name.n < y->name.n ? -1 : 1;
    return (x->pair == NULL) - (y->pair == NULL); /* the shredded one first: it wins */
}

static size_t shredded_fields(const struct fst_column *typed, size_t row, struct field *out)
{
    size_t n = 0;
    for (size_t i = 0; i < typed->type.n_fields; i++) {
        const char *name = typed->type.fields[i].name;
        if (is_there(&typed->children[i], row))
            out[n++] = (struct field){{name, strlen(name)}, {"", 0}, &typed->children[i]};
    }
    return n;
}

static const char *rest_fields(const struct fst_variant_object *o, struct field *out)
{
    for (size_t i = 0; i < o->n; i++) {
        const char *wrong = fst_variant_field(o, i, &out[i].name, &out[i].value);
        if (wrong)
            return wrong;
    }
    return NULL;
}

static const char *add_fields(struct fst_buf *out, const struct fst_variant_names *names,
                              const struct field *fields, size_t n, size_t row, unsigned depth)
{
    const char *wrong = NULL;
    fst_buf_addc(out, '{');
    for (size_t i = 0; !wrong && i < n; i++) {
        const struct field *f = &fields[i];
        if (i && fst_str_eq(f->name, fields[i - 1].name))
            continue;
        fst_buf_adds(out, i ? "," : "");
        fst_json_quote(out, f->name.p, f->name.n);
        fst_buf_addc(out, ':');
        wrong = f->pair ? add_pair(out, names, f->pair, row, depth + 1)
                        : fst_variant_json(out, names, f->value, depth + 1);
    }
    fst_buf_addc(out, '}');
    return wrong;
}

static const char *add_object(struct fst_buf *out, const struct fst_variant_names *names,
                              const struct fst_column *typed, const struct fst_column *rest,
                              size_t row, unsigned depth)
{
    struct fst_variant_object o = {.names = names};
    struct fst_str value = rest ? fst_column_bytes(rest, row) : (struct fst_str){"", 0};
    if (rest && !fst_variant_is_object(value))
        return not_an_object;
    const char *wrong = rest ? fst_variant_object(names, value, &o) : NULL;
    if (wrong)
        return wrong;
    struct field *fields = fst_alloc((typed->type.n_fields + o.n + 1) * sizeof(*fields));
    size_t n = shredded_fields(typed, row, fields);
    wrong = rest_fields(&o, fields + n);
    if (!wrong) {
        qsort(fields, n + o.n, sizeof(*fields), by_name);
        wrong = add_fields(out, names, fields, n + o.n, row, depth);
    }
    free(fields);
    return wrong;
}

static const char *add_list(struct fst_buf *out, const struct fst_variant_names *names,
                            const struct fst_column *typed, size_t row, unsigned depth)
{
    const char *wrong = NULL;
    fst_buf_addc(out, '[');
    for (size_t i = typed->offsets[row]; !wrong && i < typed->offsets[row + 1]; i++) {
        fst_buf_adds(out, i > typed->offsets[row] ? "," : "");
        wrong = add_pair(out, names, &typed->children[0], i, depth + 1);
    }
    fst_buf_addc(out, ']');
    return wrong;
}

static const char *add_pair(struct fst_buf *out, const struct fst_variant_names *names,
                            const struct fst_column *pair, size_t row, unsigned depth)
{
    if (fst_column_is_null(pair, row)) {
        fst_buf_adds(out, "null");
        return NULL;
    }
    const struct fst_column *value = part_of(pair, row, "value");
    const struct fst_column *typed = part_of(pair, row, "typed_value");
    if (out->over)
        return "a variant whose text is too long";
    if (typed && typed->type.kind == FST_STRUCT)
        return add_object(out, names, typed, value, row, depth);
    if (typed && value)
        return two_values;
    if (value)
        return fst_variant_json(out, names, fst_column_bytes(value, row), depth);
    if (typed && typed->type.kind == FST_ARRAY)
        return add_list(out, names, typed, row, depth);
    if (typed)
        fst_cell_json(out, typed, row);
    else
        fst_buf_adds(out, "null");
    return NULL;
}

static const char *add_variant(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_variant_names names;
    const struct fst_column *metadata = part_of(c, row, "metadata");
    if (!metadata)
        return "a variant without metadata";
    const char *wrong = fst_variant_names(fst_column_bytes(metadata, row), &names);
    return wrong ? wrong : add_pair(out, &names, c, row, 0);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

/* What an append works on; `left` bounds the text of all its variants. */
struct append {
    struct fst_builder *b;
    size_t left;
    struct fst_buf text;
    struct fst_error *err;
};

static enum fst_status append(struct append *a, const struct fst_pq_nest *nest,
                              const struct fst_column *c, size_t row, size_t col);

static enum fst_status append_variant(struct append *a, const struct fst_column *c, size_t row,
                                      size_t col)
{
    fst_buf_clear(&a->text);
    a->text.over = false;
    a->text.max = a->left < TEXT_MAX ? a->left : TEXT_MAX;
    const char *wrong = add_variant(&a->text, c, row);
    if (a->text.over)
        return fst_fail(a->err, FST_ENOMEM, "variants of %zu bytes are over the memory allowed",
                        a->text.max);
    if (wrong)
        return fst_fail(a->err, FST_EFORMAT, "%s", wrong);
    a->left -= a->text.n;
    fst_builder_bytes(a->b, col, a->text.p, a->text.n);
    return FST_OK;
}

static enum fst_status append_nested(struct append *a, const struct fst_pq_nest *nest,
                                     const struct fst_column *c, size_t row, size_t col)
{
    bool is_struct = nest->kind == FST_STRUCT;
    size_t from = is_struct ? row : c->offsets[row], to = is_struct ? row + 1 : c->offsets[row + 1];
    fst_builder_slot(a->b, col, true, to - from);
    for (size_t i = 0; i < nest->n; i++)
        for (size_t k = from; k < to; k++)
            FST_TRY(
                append(a, &nest->children[i], &c->children[i], k, fst_builder_child(a->b, col, i)));
    return FST_OK;
}

static enum fst_status append(struct append *a, const struct fst_pq_nest *nest,
                              const struct fst_column *c, size_t row, size_t col)
{
    if (c->unreadable)
        return fst_fail(a->err, FST_ENOMEM, "%s", c->unreadable);
    if (fst_column_is_null(c, row)) {
        fst_builder_null(a->b, col);
        return FST_OK;
    }
    if (nest->is_variant)
        return append_variant(a, c, row, col);
    if (nest->n)
        return append_nested(a, nest, c, row, col);
    fst_builder_copy(a->b, col, c, row);
    return FST_OK;
}

enum fst_status fst_pq_variant_append(const struct fst_pq_nest *nest, const struct fst_column *c,
                                      struct fst_builder *b, size_t col,
                                      struct fst_pq_budget *budget, struct fst_error *err)
{
    struct append a = {.b = b, .left = budget->left, .text = FST_BUF(TEXT_MAX), .err = err};
    enum fst_status status = FST_OK;
    for (size_t row = 0; row < c->n && status == FST_OK; row++)
        status = append(&a, nest, c, row, col);
    fst_buf_done(&a.text);
    return status;
}
