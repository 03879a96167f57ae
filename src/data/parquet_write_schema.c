/* parquet_write_schema: Spark's types as the format stores them, by both kinds of annotation.
 *
 * Lists are written as list.element and maps as key_value.key and .value, three levels each. What
 * has no type of its own in the format goes as Spark writes it: intervals as plain integers;
 * variants and types that are not known travel as text and stay text. */
#include "parquet_write.h"

#include <stdlib.h>
#include <string.h>

enum { LOGICAL_STRING = 1, LOGICAL_MAP = 2, LOGICAL_LIST = 3, LOGICAL_DECIMAL = 5 };
enum { LOGICAL_DATE = 6, LOGICAL_TIME = 7, LOGICAL_TIMESTAMP = 8, LOGICAL_INTEGER = 10 };
enum { LOGICAL_UNKNOWN = 11 };
enum { CONVERTED_MAP = 1, CONVERTED_LIST = 3, CONVERTED_DECIMAL = 5 };
enum { REQUIRED, OPTIONAL, REPEATED };
enum { DEPTH_MAX = 64 };

/* The old annotations of times mean UTC, so local ones go without. */
static const struct fst_pqw_storage rows[] = {
    {FST_BOOLEAN, FST_PQ_BOOLEAN, FST_PQW_INT, -1, 0},
    {FST_BYTE, FST_PQ_INT32, FST_PQW_INT, 15, LOGICAL_INTEGER},
    {FST_SHORT, FST_PQ_INT32, FST_PQW_INT, 16, LOGICAL_INTEGER},
    {FST_INT, FST_PQ_INT32, FST_PQW_INT, -1, 0},
    {FST_LONG, FST_PQ_INT64, FST_PQW_INT, -1, 0},
    {FST_FLOAT, FST_PQ_FLOAT, FST_PQW_DOUBLE, -1, 0},
    {FST_DOUBLE, FST_PQ_DOUBLE, FST_PQW_DOUBLE, -1, 0},
    {FST_STRING, FST_PQ_BYTE_ARRAY, FST_PQW_BYTES, 0, LOGICAL_STRING},
    {FST_VARIANT, FST_PQ_BYTE_ARRAY, FST_PQW_BYTES, 0, LOGICAL_STRING},
    {FST_UNKNOWN, FST_PQ_BYTE_ARRAY, FST_PQW_BYTES, 0, LOGICAL_STRING},
    {FST_BINARY, FST_PQ_BYTE_ARRAY, FST_PQW_BYTES, -1, 0},
    {FST_DATE, FST_PQ_INT32, FST_PQW_INT, 6, LOGICAL_DATE},
    {FST_TIMESTAMP, FST_PQ_INT64, FST_PQW_INT, 10, LOGICAL_TIMESTAMP},
    {FST_TIMESTAMP_NTZ, FST_PQ_INT64, FST_PQW_INT, -1, LOGICAL_TIMESTAMP},
    {FST_TIME, FST_PQ_INT64, FST_PQW_INT, -1, LOGICAL_TIME},
    {FST_INTERVAL_YM, FST_PQ_INT32, FST_PQW_INT, -1, 0},
    {FST_INTERVAL_DT, FST_PQ_INT64, FST_PQW_INT, -1, 0},
    {FST_VOID, FST_PQ_INT32, FST_PQW_INT, -1, LOGICAL_UNKNOWN},
};

static size_t decimal_width(int precision)
{
    /* The least width whose greatest number has as many digits. */
    __int128 limit = 1;
    for (int i = 0; i < precision; i++)
        limit *= 10;
    size_t width = 1;
    while (width < 16 && ((__int128)1 << (8 * width - 1)) < limit)
        width++;
    return width;
}

static bool decimal_storage(const struct fst_type *type, struct fst_pqw_storage *out)
{
    *out = (struct fst_pqw_storage){
        .kind = FST_DECIMAL,
        .physical = type->precision <= 9    ? FST_PQ_INT32
                    : type->precision <= 18 ? FST_PQ_INT64
                                            : FST_PQ_FIXED,
        .class = type->precision <= 18 ? FST_PQW_INT : FST_PQW_FIXED,
        .converted = CONVERTED_DECIMAL,
        .logical = LOGICAL_DECIMAL,
    };
    return type->precision >= 1 && type->precision <= 38;
}

static bool storage_of(const struct fst_type *type, struct fst_pqw_storage *out)
{
    if (type->kind == FST_DECIMAL)
        return decimal_storage(type, out);
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (rows[i].kind == type->kind) {
            *out = rows[i];
            return true;
        }
    return false;
}

static size_t stored_width(const struct fst_pqw_storage *storage, const struct fst_type *type)
{
    static const uint8_t widths[FST_PQ_N_PHYSICAL] = {[FST_PQ_BOOLEAN] = 1,
                                                      [FST_PQ_INT32] = 4,
                                                      [FST_PQ_INT64] = 8,
                                                      [FST_PQ_FLOAT] = 4,
                                                      [FST_PQ_DOUBLE] = 8};
    return storage->physical == FST_PQ_FIXED ? decimal_width(type->precision)
                                             : widths[storage->physical];
}

/* ---- Leaves ---------------------------------------------------------------------------------- */

/* The way from the root to where we are. */
struct way {
    struct fst_pqw_schema *schema;
    size_t column, n_steps, n_path;
    struct fst_pqw_step steps[DEPTH_MAX];
    const char *path[3 * DEPTH_MAX];
};

static void name_of(const struct way *w, struct fst_buf *out)
{
    for (size_t i = 0; i < w->n_path; i++) {
        fst_buf_adds(out, i ? "." : "");
        fst_buf_adds(out, w->path[i]);
    }
}

static enum fst_status refuse(const struct way *w, const struct fst_type *type,
                              struct fst_error *err)
{
    struct fst_buf text = FST_BUF_TEXT, name = FST_BUF_TEXT;
    fst_type_text(&text, type);
    name_of(w, &name);
    fst_fail(err, FST_EUNSUPPORTED, "column %.300s: Parquet files with %.200s are not written",
             fst_buf_text(&name), fst_buf_text(&text));
    fst_buf_done(&text);
    fst_buf_done(&name);
    return FST_EUNSUPPORTED;
}

static void *copy_of(struct fst_arena *arena, const void *p, size_t n)
{
    return memcpy(fst_arena_alloc(arena, n), p, n);
}

static enum fst_status add_leaf(struct way *w, const struct fst_type *type, struct fst_error *err)
{
    struct fst_pqw_schema *s = w->schema;
    struct fst_pqw_leaf leaf = {.column = w->column, .type = type, .n_steps = w->n_steps};
    if (!storage_of(type, &leaf.storage))
        return refuse(w, type, err);
    for (size_t i = 0; i < w->n_steps; i++) {
        leaf.max_def += (uint8_t)(w->steps[i].is_nullable + w->steps[i].is_repeated);
        leaf.max_rep += w->steps[i].is_repeated;
    }
    leaf.width = stored_width(&leaf.storage, type);
    leaf.steps = copy_of(s->arena, w->steps, w->n_steps * sizeof(*w->steps));
    leaf.path = copy_of(s->arena, w->path, w->n_path * sizeof(*w->path));
    leaf.n_path = w->n_path;
    struct fst_buf name = FST_BUF_TEXT;
    name_of(w, &name);
    leaf.name = fst_arena_strdup(s->arena, fst_buf_text(&name));
    fst_buf_done(&name);
    fst_grow(&s->leaves, &s->leaves_cap, s->n_leaves + 1, sizeof(*s->leaves));
    s->leaves[s->n_leaves++] = leaf;
    return FST_OK;
}

static enum fst_status check_names(const struct way *w, const struct fst_field *fields, size_t n,
                                   struct fst_error *err)
{
    struct fst_map *seen = fst_map_new();
    struct fst_buf where = FST_BUF_TEXT;
    enum fst_status status = FST_OK;
    name_of(w, &where);
    for (size_t i = 0; i < n && status == FST_OK; i++) {
        const char *dot = where.n ? "." : "";
        if (!*fields[i].name)
            status = fst_fail(err, FST_EINVAL, "column %zu%s%.300s has no name; Parquet wants one",
                              i + 1, where.n ? " of " : "", fst_buf_text(&where));
        else if (fst_map_set(seen, fields[i].name, seen))
            status = fst_fail(err, FST_EINVAL, "two columns are called %.300s%s%s; name them apart",
                              fst_buf_text(&where), dot, fields[i].name);
    }
    fst_buf_done(&where);
    fst_map_free(seen, NULL);
    return status;
}

static enum fst_status add_node(struct way *w, const char *name, const struct fst_type *type,
                                bool is_nullable, struct fst_error *err);

static enum fst_status add_children(struct way *w, const struct fst_type *type,
                                    struct fst_error *err)
{
    static const char *const of_map[] = {"key", "value"};
    if (type->kind == FST_STRUCT) {
        if (type->n_fields == 0)
            return refuse(w, type, err);
        FST_TRY(check_names(w, type->fields, type->n_fields, err));
    }
    for (uint16_t i = 0; i < type->n_fields; i++) {
        const struct fst_field *f = &type->fields[i];
        const char *name = type->kind == FST_STRUCT ? f->name
                           : type->kind == FST_MAP  ? of_map[i]
                                                    : "element";
        bool is_key = type->kind == FST_MAP && i == 0;
        w->steps[w->n_steps - 1].child = i;
        FST_TRY(add_node(w, name, &f->type, f->nullable && !is_key, err));
    }
    return FST_OK;
}

static enum fst_status add_node(struct way *w, const char *name, const struct fst_type *type,
                                bool is_nullable, struct fst_error *err)
{
    bool is_list = type->kind == FST_ARRAY || type->kind == FST_MAP;
    if (w->n_steps == DEPTH_MAX)
        return fst_fail(err, FST_EUNSUPPORTED, "column %s: nested deeper than %d levels",
                        w->path[0], DEPTH_MAX);
    size_t n_path = w->n_path;
    w->path[w->n_path++] = name;
    if (is_list)
        w->path[w->n_path++] = type->kind == FST_MAP ? "key_value" : "list";
    w->steps[w->n_steps++] = (struct fst_pqw_step){is_nullable, is_list, 0};
    w->schema->n_elements += 1 + is_list;
    bool is_leaf = !is_list && type->kind != FST_STRUCT;
    enum fst_status status = is_leaf ? add_leaf(w, type, err) : add_children(w, type, err);
    w->n_path = n_path;
    w->n_steps--;
    return status;
}

enum fst_status fst_pqw_schema(struct fst_pqw_schema *out, const struct fst_schema *fields,
                               struct fst_error *err)
{
    *out = (struct fst_pqw_schema){.arena = fst_arena_new(), .fields = fields};
    struct way way = {.schema = out};
    if (fields->n == 0)
        return fst_fail(err, FST_EINVAL, "a Parquet file needs at least one column");
    FST_TRY(check_names(&way, fields->fields, fields->n, err));
    for (; way.column < fields->n; way.column++) {
        const struct fst_field *f = &fields->fields[way.column];
        /* A column of nothing but NULL may be NULL whatever it says. */
        FST_TRY(add_node(&way, f->name, &f->type, f->nullable || f->type.kind == FST_VOID, err));
    }
    return FST_OK;
}

void fst_pqw_schema_done(struct fst_pqw_schema *s)
{
    free(s->leaves);
    fst_arena_free(s->arena);
}

/* ---- Elements -------------------------------------------------------------------------------- */

static void put_time(struct fst_thrift_out *o, bool is_utc)
{
    enum { MICROS = 2 };
    fst_thrift_put_bool(o, 1, is_utc);
    fst_thrift_open(o, 2);
    fst_thrift_open(o, MICROS);
    fst_thrift_close(o);
    fst_thrift_close(o);
}

static void put_logical(struct fst_thrift_out *o, int16_t logical, const struct fst_type *type)
{
    fst_thrift_open(o, 10);
    fst_thrift_open(o, logical);
    switch (logical) {
    case LOGICAL_DECIMAL:
        fst_thrift_put_int(o, 1, FST_THRIFT_I32, type->scale);
        fst_thrift_put_int(o, 2, FST_THRIFT_I32, type->precision);
        break;
    case LOGICAL_TIME:
    case LOGICAL_TIMESTAMP:
        put_time(o, type->kind == FST_TIMESTAMP);
        break;
    case LOGICAL_INTEGER:
        fst_thrift_put_int(o, 1, FST_THRIFT_BYTE, type->kind == FST_BYTE ? 8 : 16);
        fst_thrift_put_bool(o, 2, true);
        break;
    default:
        break;
    }
    fst_thrift_close(o);
    fst_thrift_close(o);
}

static void put_value(struct fst_thrift_out *o, const char *name, const struct fst_type *type,
                      int repetition)
{
    struct fst_pqw_storage storage;
    if (!storage_of(type, &storage))
        return; /* refused before */
    fst_thrift_open_item(o);
    fst_thrift_put_int(o, 1, FST_THRIFT_I32, storage.physical);
    if (storage.physical == FST_PQ_FIXED)
        fst_thrift_put_int(o, 2, FST_THRIFT_I32, (int64_t)stored_width(&storage, type));
    fst_thrift_put_int(o, 3, FST_THRIFT_I32, repetition);
    fst_thrift_put_text(o, 4, name);
    if (storage.converted >= 0)
        fst_thrift_put_int(o, 6, FST_THRIFT_I32, storage.converted);
    if (type->kind == FST_DECIMAL) {
        fst_thrift_put_int(o, 7, FST_THRIFT_I32, type->scale);
        fst_thrift_put_int(o, 8, FST_THRIFT_I32, type->precision);
    }
    if (storage.logical)
        put_logical(o, storage.logical, type);
    fst_thrift_close(o);
}

static void put_group(struct fst_thrift_out *o, const char *name, int repetition, size_t n,
                      int16_t logical)
{
    fst_thrift_open_item(o);
    fst_thrift_put_int(o, 3, FST_THRIFT_I32, repetition);
    fst_thrift_put_text(o, 4, name);
    fst_thrift_put_int(o, 5, FST_THRIFT_I32, (int64_t)n);
    if (logical) {
        fst_thrift_put_int(o, 6, FST_THRIFT_I32,
                           logical == LOGICAL_MAP ? CONVERTED_MAP : CONVERTED_LIST);
        put_logical(o, logical, NULL);
    }
    fst_thrift_close(o);
}

static void put_node(struct fst_thrift_out *o, const char *name, const struct fst_type *type,
                     bool is_nullable)
{
    int repetition = is_nullable ? OPTIONAL : REQUIRED;
    switch (type->kind) {
    case FST_STRUCT:
        put_group(o, name, repetition, type->n_fields, 0);
        for (size_t i = 0; i < type->n_fields; i++)
            put_node(o, type->fields[i].name, &type->fields[i].type, type->fields[i].nullable);
        return;
    case FST_ARRAY:
        put_group(o, name, repetition, 1, LOGICAL_LIST);
        put_group(o, "list", REPEATED, 1, 0);
        put_node(o, "element", &type->fields[0].type, type->fields[0].nullable);
        return;
    case FST_MAP:
        put_group(o, name, repetition, 1, LOGICAL_MAP);
        put_group(o, "key_value", REPEATED, 2, 0);
        put_node(o, "key", &type->fields[0].type, false);
        put_node(o, "value", &type->fields[1].type, type->fields[1].nullable);
        return;
    default:
        put_value(o, name, type, repetition);
    }
}

void fst_pqw_schema_put(struct fst_thrift_out *o, const struct fst_pqw_schema *s)
{
    fst_thrift_put_list(o, 2, FST_THRIFT_STRUCT, s->n_elements + 1);
    fst_thrift_open_item(o);
    fst_thrift_put_text(o, 4, "schema");
    fst_thrift_put_int(o, 5, FST_THRIFT_I32, (int64_t)s->fields->n);
    fst_thrift_close(o);
    for (size_t i = 0; i < s->fields->n; i++) {
        const struct fst_field *f = &s->fields->fields[i];
        put_node(o, f->name, &f->type, f->nullable || f->type.kind == FST_VOID);
    }
}
