/* type_json: types and schemas as the JSON that Spark keeps in its catalogs and files, and reads
 * with StructType.fromJson. */
#include "firesteel/base.h"

#include <string.h>

static void add_struct(struct fst_buf *out, const struct fst_field *fields, size_t n)
{
    fst_buf_adds(out, "{\"type\":\"struct\",\"fields\":[");
    for (size_t i = 0; i < n; i++) {
        if (i)
            fst_buf_addc(out, ',');
        fst_field_json(out, &fields[i]);
    }
    fst_buf_adds(out, "]}");
}

static const char *flag(bool value)
{
    return value ? "true" : "false";
}

static void add_name(struct fst_buf *out, const struct fst_type *t)
{
    static const char *const names[] = {
        [FST_BYTE] = "byte", [FST_SHORT] = "short", [FST_INT] = "integer", [FST_LONG] = "long"};
    struct fst_buf name = FST_BUF(256);
    if (t->kind >= FST_BYTE && t->kind <= FST_LONG)
        fst_buf_adds(&name, names[t->kind]);
    else
        fst_type_text(&name, t);
    fst_json_quote(out, fst_buf_text(&name), name.n);
    fst_buf_done(&name);
}

void fst_type_json(struct fst_buf *out, const struct fst_type *t)
{
    switch (t->kind) {
    case FST_ARRAY:
        fst_buf_adds(out, "{\"type\":\"array\",\"elementType\":");
        fst_type_json(out, &t->fields[0].type);
        fst_buf_printf(out, ",\"containsNull\":%s}", flag(t->fields[0].nullable));
        return;
    case FST_MAP:
        fst_buf_adds(out, "{\"type\":\"map\",\"keyType\":");
        fst_type_json(out, &t->fields[0].type);
        fst_buf_adds(out, ",\"valueType\":");
        fst_type_json(out, &t->fields[1].type);
        fst_buf_printf(out, ",\"valueContainsNull\":%s}", flag(t->fields[1].nullable));
        return;
    case FST_STRUCT:
        add_struct(out, t->fields, t->n_fields);
        return;
    default:
        add_name(out, t);
        return;
    }
}

void fst_field_json(struct fst_buf *out, const struct fst_field *f)
{
    fst_buf_adds(out, "{\"name\":");
    fst_json_quote(out, f->name, strlen(f->name));
    fst_buf_adds(out, ",\"type\":");
    fst_type_json(out, &f->type);
    fst_buf_printf(out, ",\"nullable\":%s,\"metadata\":{}}", flag(f->nullable));
}

void fst_schema_json(struct fst_buf *out, const struct fst_schema *s)
{
    add_struct(out, s->fields, s->n);
}
