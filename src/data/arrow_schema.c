/* arrow_schema: Arrow's types as Spark's, and how their values are turned into each other.
 *
 * One function a type of the format, found by its number. Unsigned integers, which Spark lacks,
 * become the next wider type; what cannot be held is refused by name. */
#include "arrow.h"

#include <math.h>
#include <string.h>

enum { FIELDS_MAX = 65535, DEPTH_MAX = 64 };

struct build {
    struct fst_fb *b;
    struct fst_arena *arena;
    size_t n_fields; /* so far: references may be shared, so the block's size is no bound */
    struct fst_error *err;
};

static enum fst_status refuse(struct build *s, const struct fst_arrow_field *f, const char *what)
{
    return fst_fail(s->err, FST_EUNSUPPORTED, "arrow: column \"%s\": %s is not read", f->name,
                    what);
}

/* ---- Values ---------------------------------------------------------------------------------- */

static int64_t load_int(const struct fst_arrow_field *f, const uint8_t *p)
{
    uint64_t v = 0;
    memcpy(&v, p, f->width);
    unsigned unused = (unsigned)(64 - 8 * f->width);
    return f->is_signed ? (int64_t)(v << unused) >> unused : (int64_t)v;
}

static void store_int(enum fst_kind kind, int64_t v, void *out)
{
    int16_t v16 = (int16_t)v;
    int32_t v32 = (int32_t)v;
    if (kind == FST_SHORT)
        memcpy(out, &v16, sizeof(v16));
    else if (kind == FST_INT || kind == FST_DATE)
        memcpy(out, &v32, sizeof(v32));
    else
        memcpy(out, &v, sizeof(v));
}

static bool load_unsigned(const struct fst_arrow_field *f, const uint8_t *p, void *out)
{
    uint64_t v = (uint64_t)load_int(f, p);
    __int128 wide = v;
    if (f->type.kind == FST_DECIMAL)
        memcpy(out, &wide, sizeof(wide));
    else
        store_int(f->type.kind, (int64_t)v, out);
    return true;
}

/* Times: v * scale / divide, rounded down. */
static bool load_scaled(const struct fst_arrow_field *f, const uint8_t *p, void *out)
{
    int64_t v = load_int(f, p), scaled;
    if (__builtin_mul_overflow(v, f->scale, &scaled))
        return false;
    int64_t whole = scaled / f->divide - (scaled % f->divide < 0);
    if (f->type.kind == FST_DATE && whole != (int32_t)whole)
        return false;
    store_int(f->type.kind, whole, out);
    return true;
}

static bool load_time(const struct fst_arrow_field *f, const uint8_t *p, void *out)
{
    int64_t us;
    if (!load_scaled(f, p, out))
        return false;
    memcpy(&us, out, sizeof(us));
    return us >= 0 && us < INT64_C(86400000000);
}

static bool load_small_decimal(const struct fst_arrow_field *f, const uint8_t *p, void *out)
{
    __int128 v = load_int(f, p);
    memcpy(out, &v, sizeof(v));
    return true;
}

static bool load_half(const struct fst_arrow_field *f, const uint8_t *p, void *out)
{
    (void)f;
    unsigned bits = p[0] | (unsigned)p[1] << 8, exponent = bits >> 10 & 31, mantissa = bits & 1023;
    float v = exponent == 31  ? (mantissa ? NAN : INFINITY)
              : exponent == 0 ? ldexpf((float)mantissa, -24)
                              : ldexpf((float)(mantissa | 1024), (int)exponent - 25);
    v = bits & 0x8000 ? -v : v;
    memcpy(out, &v, sizeof(v));
    return true;
}

/* i32 days, i32 milliseconds */
static bool load_day_time(const struct fst_arrow_field *f, const uint8_t *p, void *out)
{
    (void)f;
    int32_t part[2];
    memcpy(part, p, sizeof(part));
    int64_t us;
    if (__builtin_mul_overflow((int64_t)part[0], INT64_C(86400000000), &us) ||
        __builtin_add_overflow(us, part[1] * INT64_C(1000), &us))
        return false;
    memcpy(out, &us, sizeof(us));
    return true;
}

/* ---- Types ----------------------------------------------------------------------------------- */

static void fixed(struct fst_arrow_field *f, enum fst_kind kind, size_t width, fst_arrow_load *load)
{
    f->type = fst_type(kind);
    f->layout = FST_ARROW_FIXED;
    f->width = width;
    f->load = load;
    f->is_signed = true;
}

static enum fst_status read_null(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    (void)s, (void)t;
    f->type = fst_type(FST_VOID);
    f->layout = FST_ARROW_VOID;
    return FST_OK;
}

static enum fst_status read_int(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    static const enum fst_kind with_sign[] = {FST_BYTE, FST_SHORT, FST_INT, FST_LONG};
    static const enum fst_kind without[] = {FST_SHORT, FST_INT, FST_LONG, FST_DECIMAL};
    int64_t bits = fst_fb_int(s->b, t, 0, 4, 0);
    bool is_signed = fst_fb_int(s->b, t, 1, 1, 0) != 0;
    int i = bits == 8 ? 0 : bits == 16 ? 1 : bits == 32 ? 2 : bits == 64 ? 3 : -1;
    if (i < 0)
        return refuse(s, f, "an integer of this width");
    fixed(f, (is_signed ? with_sign : without)[i], (size_t)bits / 8,
          is_signed ? NULL : load_unsigned);
    f->is_signed = is_signed;
    if (f->type.kind == FST_DECIMAL)
        f->type = fst_type_decimal(20, 0);
    return FST_OK;
}

static enum fst_status read_float(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    int64_t precision = fst_fb_int(s->b, t, 0, 2, 0);
    if (precision == 0)
        fixed(f, FST_FLOAT, 2, load_half);
    else
        fixed(f, precision == 1 ? FST_FLOAT : FST_DOUBLE, precision == 1 ? 4 : 8, NULL);
    return precision >= 0 && precision <= 2 ? FST_OK : refuse(s, f, "a float of this precision");
}

static void bytes(struct fst_arrow_field *f, enum fst_kind kind, size_t offset_width)
{
    f->type = fst_type(kind);
    f->layout = FST_ARROW_BYTES;
    f->width = offset_width;
}

static enum fst_status read_binary(struct build *s, struct fst_fb_table t,
                                   struct fst_arrow_field *f)
{
    (void)s, (void)t;
    bytes(f, FST_BINARY, 4);
    return FST_OK;
}

static enum fst_status read_utf8(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    (void)s, (void)t;
    bytes(f, FST_STRING, 4);
    return FST_OK;
}

static enum fst_status read_large_binary(struct build *s, struct fst_fb_table t,
                                         struct fst_arrow_field *f)
{
    (void)s, (void)t;
    bytes(f, FST_BINARY, 8);
    return FST_OK;
}

static enum fst_status read_large_utf8(struct build *s, struct fst_fb_table t,
                                       struct fst_arrow_field *f)
{
    (void)s, (void)t;
    bytes(f, FST_STRING, 8);
    return FST_OK;
}

static enum fst_status read_fixed_binary(struct build *s, struct fst_fb_table t,
                                         struct fst_arrow_field *f)
{
    int64_t width = fst_fb_int(s->b, t, 0, 4, 0);
    f->type = fst_type(FST_BINARY);
    f->layout = FST_ARROW_FIXED_BYTES;
    f->width = (size_t)width;
    return width >= 0 ? FST_OK : refuse(s, f, "a negative width");
}

static enum fst_status read_bool(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    (void)s, (void)t;
    f->type = fst_type(FST_BOOLEAN);
    f->layout = FST_ARROW_BITS;
    return FST_OK;
}

static enum fst_status read_decimal(struct build *s, struct fst_fb_table t,
                                    struct fst_arrow_field *f)
{
    int64_t precision = fst_fb_int(s->b, t, 0, 4, 0), scale = fst_fb_int(s->b, t, 1, 4, 0);
    int64_t bits = fst_fb_int(s->b, t, 2, 4, 128);
    if (bits != 32 && bits != 64 && bits != 128)
        return refuse(s, f, "a decimal of this width");
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision)
        return refuse(s, f, "a decimal of this precision and scale");
    fixed(f, FST_DECIMAL, (size_t)bits / 8, bits == 128 ? NULL : load_small_decimal);
    f->type = fst_type_decimal((int)precision, (int)scale);
    return FST_OK;
}

static enum fst_status read_date(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    bool is_days = fst_fb_int(s->b, t, 0, 2, 1) == 0;
    fixed(f, FST_DATE, is_days ? 4 : 8, is_days ? NULL : load_scaled);
    f->scale = 1;
    f->divide = 86400000;
    return FST_OK;
}

/* Seconds, milli-, micro- or nanoseconds to microseconds. */
static enum fst_status set_unit(struct build *s, struct fst_arrow_field *f, int64_t unit)
{
    static const int64_t scales[] = {1000000, 1000, 1, 1}, divides[] = {1, 1, 1, 1000};
    if (unit < 0 || unit > 3)
        return refuse(s, f, "this unit of time");
    f->scale = scales[unit];
    f->divide = divides[unit];
    return FST_OK;
}

static enum fst_status read_time(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    int64_t bits = fst_fb_int(s->b, t, 1, 4, 32);
    fixed(f, FST_TIME, bits == 64 ? 8 : 4, load_time);
    return set_unit(s, f, fst_fb_int(s->b, t, 0, 2, 1));
}

static enum fst_status read_timestamp(struct build *s, struct fst_fb_table t,
                                      struct fst_arrow_field *f)
{
    int64_t unit = fst_fb_int(s->b, t, 0, 2, 0);
    bool is_instant = fst_fb_string(s->b, t, 1).n > 0;
    fixed(f, is_instant ? FST_TIMESTAMP : FST_TIMESTAMP_NTZ, 8, unit == 2 ? NULL : load_scaled);
    return set_unit(s, f, unit);
}

static enum fst_status read_duration(struct build *s, struct fst_fb_table t,
                                     struct fst_arrow_field *f)
{
    int64_t unit = fst_fb_int(s->b, t, 0, 2, 1);
    fixed(f, FST_INTERVAL_DT, 8, unit == 2 ? NULL : load_scaled);
    return set_unit(s, f, unit);
}

static enum fst_status read_interval(struct build *s, struct fst_fb_table t,
                                     struct fst_arrow_field *f)
{
    int64_t unit = fst_fb_int(s->b, t, 0, 2, 0);
    if (unit == 0)
        fixed(f, FST_INTERVAL_YM, 4, NULL);
    else if (unit == 1)
        fixed(f, FST_INTERVAL_DT, 8, load_day_time);
    else
        fixed(f, FST_STRING, 16, NULL);
    f->is_calendar_interval = unit == 2;
    return unit >= 0 && unit <= 2 ? FST_OK : refuse(s, f, "this kind of interval");
}

/* ---- Nested types ---------------------------------------------------------------------------- */

static void set_fields(struct build *s, struct fst_arrow_field *f, enum fst_kind kind,
                       const struct fst_arrow_field *from, size_t n)
{
    struct fst_field *fields = fst_arena_alloc(s->arena, (n + 1) * sizeof(*fields));
    for (size_t i = 0; i < n; i++)
        fields[i] = (struct fst_field){from[i].name, from[i].type, from[i].nullable};
    f->type = (struct fst_type){.kind = kind, .n_fields = (uint16_t)n, .fields = fields};
}

static enum fst_status set_list(struct build *s, struct fst_arrow_field *f,
                                enum fst_arrow_layout layout, size_t width)
{
    if (f->n_children != 1)
        return refuse(s, f, "a list without one child");
    set_fields(s, f, FST_ARRAY, f->children, 1);
    f->layout = layout;
    f->width = width;
    return FST_OK;
}

static enum fst_status read_list(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    (void)t;
    return set_list(s, f, FST_ARROW_LIST, 4);
}

static enum fst_status read_large_list(struct build *s, struct fst_fb_table t,
                                       struct fst_arrow_field *f)
{
    (void)t;
    return set_list(s, f, FST_ARROW_LIST, 8);
}

static enum fst_status read_fixed_list(struct build *s, struct fst_fb_table t,
                                       struct fst_arrow_field *f)
{
    int64_t size = fst_fb_int(s->b, t, 0, 4, 0);
    return size < 0 ? refuse(s, f, "a negative list size")
                    : set_list(s, f, FST_ARROW_FIXED_LIST, (size_t)size);
}

static enum fst_status read_struct(struct build *s, struct fst_fb_table t,
                                   struct fst_arrow_field *f)
{
    (void)t;
    set_fields(s, f, FST_STRUCT, f->children, f->n_children);
    f->layout = FST_ARROW_STRUCT;
    return FST_OK;
}

static enum fst_status read_map(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f)
{
    (void)t;
    const struct fst_arrow_field *entries = f->children;
    if (f->n_children != 1 || entries->layout != FST_ARROW_STRUCT || entries->n_children != 2)
        return refuse(s, f, "a map without entries of key and value");
    set_fields(s, f, FST_MAP, entries->children, 2);
    f->layout = FST_ARROW_LIST;
    f->width = 4;
    return FST_OK;
}

/* ---- Fields ---------------------------------------------------------------------------------- */

/* By the number of the type in the format; gaps are refused. */
static const struct {
    const char *name;
    enum fst_status (*read)(struct build *s, struct fst_fb_table t, struct fst_arrow_field *f);
} types[] = {
    [1] = {"null", read_null},
    [2] = {"int", read_int},
    [3] = {"floating point", read_float},
    [4] = {"binary", read_binary},
    [5] = {"utf8", read_utf8},
    [6] = {"bool", read_bool},
    [7] = {"decimal", read_decimal},
    [8] = {"date", read_date},
    [9] = {"time", read_time},
    [10] = {"timestamp", read_timestamp},
    [11] = {"interval", read_interval},
    [12] = {"list", read_list},
    [13] = {"struct", read_struct},
    [14] = {"union", NULL},
    [15] = {"fixed size binary", read_fixed_binary},
    [16] = {"fixed size list", read_fixed_list},
    [17] = {"map", read_map},
    [18] = {"duration", read_duration},
    [19] = {"large binary", read_large_binary},
    [20] = {"large utf8", read_large_utf8},
    [21] = {"large list", read_large_list},
    [22] = {"run end encoded", NULL},
    [23] = {"binary view", NULL},
    [24] = {"utf8 view", NULL},
    [25] = {"list view", NULL},
    [26] = {"large list view", NULL},
};

static bool is_marked_variant(struct fst_fb *b, struct fst_fb_table field)
{
    struct fst_fb_vector pairs = fst_fb_vector_at(b, field, 6, 4);
    for (size_t i = 0; i < pairs.n && !b->bad; i++) {
        struct fst_fb_table pair = fst_fb_item(b, pairs, i);
        if (fst_str_is(fst_fb_string(b, pair, 0), "variant") &&
            fst_str_is(fst_fb_string(b, pair, 1), "true"))
            return true;
    }
    return false;
}

static enum fst_status read_fields(struct build *s, struct fst_fb_vector v, int depth,
                                   struct fst_arrow_field **out);

static enum fst_status read_field(struct build *s, struct fst_fb_table t, int depth,
                                  struct fst_arrow_field *f)
{
    struct fst_str name = fst_fb_string(s->b, t, 0);
    f->name = fst_arena_strndup(s->arena, name.p, name.n);
    f->nullable = fst_fb_int(s->b, t, 1, 1, 0) != 0;
    if (fst_fb_table_at(s->b, t, 4).at)
        return refuse(s, f, "a dictionary");

    struct fst_fb_vector children = fst_fb_vector_at(s->b, t, 5, 4);
    f->n_children = children.n;
    FST_TRY(read_fields(s, children, depth + 1, &f->children));

    size_t type = (size_t)fst_fb_int(s->b, t, 2, 1, 0);
    if (type >= FST_COUNT(types) || !types[type].read)
        return refuse(s, f,
                      type < FST_COUNT(types) && types[type].name ? types[type].name
                                                                  : "an unknown type");
    FST_TRY(types[type].read(s, fst_fb_table_at(s->b, t, 3), f));

    bool is_variant = is_marked_variant(s->b, t);
    for (size_t i = 0; f->layout == FST_ARROW_STRUCT && i < children.n && !is_variant; i++)
        is_variant = is_marked_variant(s->b, fst_fb_item(s->b, children, i));
    if (f->layout == FST_ARROW_STRUCT && is_variant) {
        f->type = fst_type(FST_VARIANT);
        f->is_variant = true;
    }
    return FST_OK;
}

static enum fst_status read_fields(struct build *s, struct fst_fb_vector v, int depth,
                                   struct fst_arrow_field **out)
{
    if (depth > DEPTH_MAX || v.n > FIELDS_MAX - s->n_fields)
        return fst_fail(s->err, FST_EFORMAT, "arrow: more than %d fields, or %d levels of them",
                        FIELDS_MAX, DEPTH_MAX);
    s->n_fields += v.n;
    struct fst_arrow_field *fields = fst_arena_alloc(s->arena, (v.n + 1) * sizeof(*fields));
    for (size_t i = 0; i < v.n; i++) {
        struct fst_fb_table t = fst_fb_item(s->b, v, i);
        if (s->b->bad)
            return fst_fail(s->err, FST_EFORMAT, "arrow: the schema leads outside its message");
        FST_TRY(read_field(s, t, depth, &fields[i]));
    }
    *out = fields;
    return FST_OK;
}

enum fst_status fst_arrow_schema(struct fst_fb *b, struct fst_fb_table schema,
                                 struct fst_arena *arena, struct fst_arrow_field **fields,
                                 size_t *n, struct fst_error *err)
{
    if (fst_fb_int(b, schema, 0, 2, 0) != 0)
        return fst_fail(err, FST_EUNSUPPORTED, "arrow: big-endian streams are not read");
    struct build s = {.b = b, .arena = arena, .err = err};
    struct fst_fb_vector v = fst_fb_vector_at(b, schema, 1, 4);
    FST_TRY(read_fields(&s, v, 0, fields));
    *n = v.n;
    return b->bad ? fst_fail(err, FST_EFORMAT, "arrow: the schema leads outside its message")
                  : FST_OK;
}

struct fst_schema *fst_arrow_spark_schema(const struct fst_arrow_field *fields, size_t n)
{
    struct fst_schema *schema = fst_schema_new();
    for (size_t i = 0; i < n; i++)
        fst_schema_add(schema, fields[i].name, &fields[i].type, fields[i].nullable);
    return schema;
}
