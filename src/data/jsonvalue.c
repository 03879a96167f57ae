/* jsonvalue: values of a JSON tree into columns, by the rules of Spark's reader: no number is read
 * out of a text, no whole number out of 1.0, and whatever is wanted as text is the text. */
#include <string.h>

#include "frame.h"
#include "jsonparse.h"
#include "textvalue.h"

static const struct fst_doc *field_of(const struct fst_doc *d, const char *name)
{
    for (size_t i = d->n; i-- > 0;)
        if (strcmp(d->items[i].key, name) == 0)
            return &d->items[i];
    return NULL;
}

static bool append_struct(struct fst_builder *b, size_t col, const struct fst_type *type,
                          const struct fst_doc *d)
{
    bool fits = true;
    fst_builder_slot(b, col, true, 0);
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct fst_doc *item = field_of(d, type->fields[i].name);
        fits &= fst_json_append(b, fst_builder_child(b, col, i), &type->fields[i].type, item);
    }
    return fits;
}

static bool append_list(struct fst_builder *b, size_t col, const struct fst_type *type,
                        const struct fst_doc *d)
{
    bool fits = true;
    size_t element = fst_builder_child(b, col, 0);
    fst_builder_slot(b, col, true, d->n);
    for (size_t i = 0; i < d->n; i++)
        fits &= fst_json_append(b, element, &type->fields[0].type, &d->items[i]);
    return fits;
}

static bool append_map(struct fst_builder *b, size_t col, const struct fst_type *type,
                       const struct fst_doc *d)
{
    bool fits = true;
    size_t key = fst_builder_child(b, col, 0), value = fst_builder_child(b, col, 1);
    fst_builder_slot(b, col, true, d->n);
    for (size_t i = 0; i < d->n; i++) {
        fst_builder_bytes(b, key, d->items[i].key, strlen(d->items[i].key));
        fits &= fst_json_append(b, value, &type->fields[1].type, &d->items[i]);
    }
    return fits;
}

static bool is_odd_number(struct fst_str text)
{
    static const char *const names[] = {"NaN", "Infinity", "-Infinity", "+Infinity",
                                        "INF", "+INF",     "-INF"};
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (fst_str_is(text, names[i]))
            return true;
    return false;
}

static bool append_double(struct fst_builder *b, size_t col, const struct fst_type *type,
                          const struct fst_doc *d)
{
    struct fst_str text = d->text;
    if (d->kind != FST_DOC_NUMBER && !(d->kind == FST_DOC_STRING && is_odd_number(text)))
        return false;
    if (text.n > 3 && memcmp(text.p + text.n - 3, "INF", 3) == 0)
        text = fst_str(*text.p == '-' ? "-Infinity" : "Infinity");
    return fst_textvalue_append(b, col, type, fst_str_is(text, "INF") ? fst_str("Infinity") : text);
}

static bool append_scalar(struct fst_builder *b, size_t col, const struct fst_type *type,
                          const struct fst_doc *d)
{
    switch (type->kind) {
    case FST_STRING:
    case FST_VARIANT:
    case FST_UNKNOWN:
        fst_builder_bytes(b, col, d->text.p, d->text.n);
        return true;
    case FST_FLOAT:
    case FST_DOUBLE:
        return append_double(b, col, type, d);
    case FST_BOOLEAN:
        return d->kind == FST_DOC_BOOL && fst_textvalue_append(b, col, type, d->text);
    case FST_BYTE:
    case FST_SHORT:
    case FST_INT:
    case FST_LONG:
    case FST_DECIMAL:
        return d->kind == FST_DOC_NUMBER && fst_textvalue_append(b, col, type, d->text);
    default:
        return d->kind == FST_DOC_STRING && fst_textvalue_has(type) &&
               fst_textvalue_append(b, col, type, d->text);
    }
}

bool fst_json_append(struct fst_builder *b, size_t col, const struct fst_type *type,
                     const struct fst_doc *d)
{
    bool is_null = !d || d->kind == FST_DOC_NULL;
    if (!is_null && type->kind == FST_STRUCT && d->kind == FST_DOC_MAP)
        return append_struct(b, col, type, d);
    if (!is_null && type->kind == FST_MAP && d->kind == FST_DOC_MAP &&
        type->fields[0].type.kind == FST_STRING)
        return append_map(b, col, type, d);
    if (!is_null && type->kind == FST_ARRAY && d->kind == FST_DOC_LIST)
        return append_list(b, col, type, d);
    if (!is_null && !fst_type_is_nested(type) && append_scalar(b, col, type, d))
        return true;
    fst_builder_null(b, col);
    return is_null;
}
