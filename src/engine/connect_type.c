/* Spark Connect's DataType to the types of this program, and schemas back as DDL. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "spark.h"

enum { MAX_DEPTH = 64, MAX_FIELDS = 65535 };

/* Kinds by the number of their field in DataType; what takes parameters has its own function. */
static const struct {
    uint32_t number;
    enum fst_kind kind;
} simple_kinds[] = {
    {1, FST_VOID},         {2, FST_BINARY},     {3, FST_BOOLEAN},        {4, FST_BYTE},
    {5, FST_SHORT},        {6, FST_INT},        {7, FST_LONG},           {8, FST_FLOAT},
    {9, FST_DOUBLE},       {11, FST_STRING},    {12, FST_STRING},        {13, FST_STRING},
    {14, FST_DATE},        {15, FST_TIMESTAMP}, {16, FST_TIMESTAMP_NTZ}, {18, FST_INTERVAL_YM},
    {19, FST_INTERVAL_DT}, {25, FST_VARIANT},   {28, FST_TIME},
};

struct context {
    struct fst_arena *a;
    int depth;
    struct fst_error *err;
};
static enum fst_status read_type(struct context *x, struct pb r, struct fst_type *out);

static enum fst_status read_decimal(struct context *x, struct pb r, struct fst_type *out)
{
    struct pb_field f;
    uint64_t precision = pb_find(r, 2, &f) ? f.v : 10;
    uint64_t scale = pb_find(r, 1, &f) ? f.v : 0;
    if (precision < 1 || precision > 38 || scale > precision)
        return fst_fail(x->err, FST_EFORMAT, "Spark answered with a decimal(%llu,%llu)",
                        (unsigned long long)precision, (unsigned long long)scale);
    *out = fst_type_decimal((int)precision, (int)scale);
    return FST_OK;
}

/* Child `number` of a nested type; absent = a type we do not know. */
static enum fst_status read_child(struct context *x, struct pb r, uint32_t number,
                                  struct fst_type *out)
{
    struct pb_field f;
    *out = fst_type(FST_UNKNOWN);
    return pb_find(r, number, &f) ? read_type(x, pb_inside(&f), out) : FST_OK;
}

static bool read_flag(struct pb r, uint32_t number)
{
    struct pb_field f;
    return pb_find(r, number, &f) && f.v != 0;
}

static enum fst_status read_array(struct context *x, struct pb r, struct fst_type *out)
{
    struct fst_field *fields = fst_arena_alloc(x->a, sizeof(*fields));
    fields[0].name = "element";
    fields[0].nullable = read_flag(r, 2);
    FST_TRY(read_child(x, r, 1, &fields[0].type));
    *out = (struct fst_type){.kind = FST_ARRAY, .n_fields = 1, .fields = fields};
    return FST_OK;
}

static enum fst_status read_map(struct context *x, struct pb r, struct fst_type *out)
{
    struct fst_field *fields = fst_arena_alloc(x->a, 2 * sizeof(*fields));
    fields[0].name = "key";
    fields[1].name = "value";
    fields[1].nullable = read_flag(r, 3);
    FST_TRY(read_child(x, r, 1, &fields[0].type));
    FST_TRY(read_child(x, r, 2, &fields[1].type));
    *out = (struct fst_type){.kind = FST_MAP, .n_fields = 2, .fields = fields};
    return FST_OK;
}

/* StructField { name = 1, data_type = 2, nullable = 3 } */
static enum fst_status read_field(struct context *x, struct pb r, struct fst_field *out)
{
    struct pb_field f;
    bool named = pb_find(r, 1, &f) && f.wire == 2;
    out->name = named ? fst_arena_strndup(x->a, (const char *)f.p, f.n) : "";
    out->nullable = read_flag(r, 3);
    return read_child(x, r, 2, &out->type);
}

static size_t count_fields(struct pb r, uint32_t number)
{
    struct pb_field f;
    size_t n = 0;
    while (pb_next(&r, &f))
        n += f.number == number;
    return n;
}

static enum fst_status read_struct(struct context *x, struct pb r, struct fst_type *out)
{
    struct pb_field f;
    size_t n = count_fields(r, 1), i = 0;
    if (n > MAX_FIELDS)
        return fst_fail(x->err, FST_EUNSUPPORTED, "a struct of %zu fields; at most %d", n,
                        MAX_FIELDS);
    struct fst_field *fields = n ? fst_arena_alloc(x->a, n * sizeof(*fields)) : NULL;
    while (pb_next(&r, &f))
        if (f.number == 1)
            FST_TRY(read_field(x, pb_inside(&f), &fields[i++]));
    *out = (struct fst_type){.kind = FST_STRUCT, .n_fields = (uint16_t)n, .fields = fields};
    return FST_OK;
}

/* UDT { sql_type = 5 } is stored as that type. */
static enum fst_status read_udt(struct context *x, struct pb r, struct fst_type *out)
{
    return read_child(x, r, 5, out);
}

static const struct {
    uint32_t number;
    enum fst_status (*read)(struct context *x, struct pb r, struct fst_type *out);
} nested_kinds[] = {
    {10, read_decimal}, {20, read_array}, {21, read_struct}, {22, read_map}, {23, read_udt},
};

static enum fst_status read_kind(struct context *x, const struct pb_field *f, struct fst_type *out)
{
    for (size_t i = 0; i < FST_COUNT(simple_kinds); i++)
        if (simple_kinds[i].number == f->number)
            *out = fst_type(simple_kinds[i].kind);
    for (size_t i = 0; i < FST_COUNT(nested_kinds); i++)
        if (nested_kinds[i].number == f->number)
            return nested_kinds[i].read(x, pb_inside(f), out);
    return FST_OK;
}

static enum fst_status read_type(struct context *x, struct pb r, struct fst_type *out)
{
    struct pb_field f;
    *out = fst_type(FST_UNKNOWN);
    if (x->depth >= MAX_DEPTH)
        return fst_fail(x->err, FST_EUNSUPPORTED, "a type nested deeper than %d levels", MAX_DEPTH);
    x->depth++;
    enum fst_status status = FST_OK;
    while (status == FST_OK && pb_next(&r, &f))
        status = read_kind(x, &f, out);
    x->depth--;
    if (status == FST_OK && r.bad)
        return fst_fail(x->err, FST_EFORMAT, "Spark's schema is damaged");
    return status;
}

static enum fst_status read_columns(struct context *x, struct pb type, struct fst_schema *schema)
{
    struct pb_field f, column;
    while (pb_next(&type, &f)) {
        if (f.number != 21)
            continue;
        struct pb columns = pb_inside(&f);
        while (pb_next(&columns, &column)) {
            struct fst_field field;
            if (column.number != 1)
                continue;
            FST_TRY(read_field(x, pb_inside(&column), &field));
            fst_schema_add(schema, field.name, &field.type, field.nullable);
        }
        if (columns.bad)
            type.bad = true;
    }
    return type.bad ? fst_fail(x->err, FST_EFORMAT, "Spark's schema is damaged") : FST_OK;
}

enum fst_status connect_schema_read(struct pb type, struct fst_schema **out, struct fst_error *err)
{
    struct fst_schema *schema = fst_schema_new();
    struct context x = {.a = fst_arena_new(), .err = err};
    enum fst_status status = read_columns(&x, type, schema);
    fst_arena_free(x.a);
    if (status != FST_OK) {
        fst_schema_free(schema);
        return status;
    }
    *out = schema;
    return FST_OK;
}

/* ---- DDL ------------------------------------------------------------------------------------- */

static bool can_say(const struct fst_type *t, int depth)
{
    if (t->kind == FST_UNKNOWN || t->kind == FST_VOID || depth > MAX_DEPTH)
        return false;
    for (size_t i = 0; i < t->n_fields; i++)
        if (!can_say(&t->fields[i].type, depth + 1))
            return false;
    return true;
}

static void add_type(const struct fst_type *t, struct fst_buf *out);

static void add_fields(const struct fst_type *t, struct fst_buf *out)
{
    for (size_t i = 0; i < t->n_fields; i++) {
        if (i > 0)
            fst_buf_addc(out, ',');
        if (t->kind == FST_STRUCT) {
            fst_sql_quote(out, t->fields[i].name);
            fst_buf_addc(out, ':');
        }
        add_type(&t->fields[i].type, out);
    }
}

static void add_type(const struct fst_type *t, struct fst_buf *out)
{
    if (!fst_type_is_nested(t)) {
        fst_type_text(out, t);
        return;
    }
    fst_buf_adds(out, t->kind == FST_ARRAY ? "array<" : t->kind == FST_MAP ? "map<" : "struct<");
    add_fields(t, out);
    fst_buf_addc(out, '>');
}

bool connect_schema_ddl(const struct fst_schema *schema, struct fst_buf *out)
{
    for (size_t i = 0; i < schema->n; i++) {
        const struct fst_field *f = &schema->fields[i];
        if (!can_say(&f->type, 0) || !*f->name)
            return false;
        if (i > 0)
            fst_buf_adds(out, ", ");
        fst_sql_quote(out, f->name);
        fst_buf_addc(out, ' ');
        add_type(&f->type, out);
    }
    return schema->n > 0;
}
