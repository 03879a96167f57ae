/* variant: the binary form of a value of any type, as JSON. */
#include "variant.h"

#include <string.h>

/* The lowest two bits of a value's first byte; the others are its header. */
enum { PRIMITIVE, SHORT_STRING, OBJECT, ARRAY };

static const char ends_early[] = "a variant that ends early";
static const char bad_offset[] = "a variant with an offset that is out of place";
static const char bad_name[] = "a variant with a field that has no name";

static uint32_t load(const uint8_t *p, unsigned width)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < width; i++)
        v |= (uint32_t)p[i] << 8 * i;
    return v;
}

/* ---- Names ----------------------------------------------------------------------------------- */

const char *fst_variant_names(struct fst_str metadata, struct fst_variant_names *out)
{
    const uint8_t *p = (const uint8_t *)metadata.p;
    if (metadata.n < 1)
        return ends_early;
    unsigned width = (p[0] >> 6) + 1;
    if ((p[0] & 15) != 1)
        return "a variant of an unknown version";
    if (metadata.n - 1 < width)
        return ends_early;
    size_t n = load(p + 1, width), rest = metadata.n - 1 - width;
    if (n >= rest / width)
        return ends_early;
    *out = (struct fst_variant_names){.offsets = p + 1 + width, .width = width, .n = n};
    out->text = out->offsets + (n + 1) * width;
    out->text_n = rest - (n + 1) * width;
    return NULL;
}

static const char *name_of(const struct fst_variant_names *names, size_t id, struct fst_str *out)
{
    if (id >= names->n)
        return bad_name;
    size_t from = load(names->offsets + id * names->width, names->width);
    size_t to = load(names->offsets + (id + 1) * names->width, names->width);
    if (from > to || to > names->text_n)
        return bad_offset;
    *out = (struct fst_str){(const char *)names->text + from, to - from};
    return NULL;
}

/* ---- Primitive values ------------------------------------------------------------------------ */

/* By the number of the type. `kind` is what its text is the text of. */
static const struct primitive {
    enum fst_kind kind;
    uint8_t width;    /* of the bytes that follow */
    bool has_length;  /* these bytes are a length, and so many follow */
    bool has_scale;   /* the first of them is the scale */
    bool is_of_nanos; /* nanoseconds since 1970 */
} primitives[] = {
    {FST_VOID},
    {FST_BOOLEAN},
    {FST_BOOLEAN},
    {FST_BYTE, 1},
    {FST_SHORT, 2},
    {FST_INT, 4},
    {FST_LONG, 8},
    {FST_DOUBLE, 8},
    {FST_DECIMAL, 5, .has_scale = true},
    {FST_DECIMAL, 9, .has_scale = true},
    {FST_DECIMAL, 17, .has_scale = true},
    {FST_DATE, 4},
    {FST_TIMESTAMP, 8},
    {FST_TIMESTAMP_NTZ, 8},
    {FST_FLOAT, 4},
    {FST_BINARY, 4, .has_length = true},
    {FST_STRING, 4, .has_length = true},
    {FST_TIME, 8},
    {FST_TIMESTAMP, 8, .is_of_nanos = true},
    {FST_TIMESTAMP_NTZ, 8, .is_of_nanos = true},
    {FST_STRING, 16},
};
enum { TRUE_VALUE = 1, UUID_VALUE = 20, SCALE_MAX = 38 };

/* A value of one row as the cells of a column are. */
static void add_cell(struct fst_buf *out, struct fst_type type, const void *values,
                     const uint32_t *offsets, const uint16_t *nanos)
{
    struct fst_column c = {
        .type = type, .n = 1, .values = values, .offsets = offsets, .nanos = nanos};
    fst_cell_json(out, &c, 0);
}

static void add_bytes(struct fst_buf *out, enum fst_kind kind, const uint8_t *p, size_t n)
{
    add_cell(out, fst_type(kind), p, (uint32_t[]){0, (uint32_t)n}, NULL);
}

void fst_uuid_text(const uint8_t *p, char out[36])
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[n++] = '-';
        out[n++] = digits[p[i] >> 4];
        out[n++] = digits[p[i] & 15];
    }
}

static void add_uuid(struct fst_buf *out, const uint8_t *p)
{
    char text[36];
    fst_uuid_text(p, text);
    add_bytes(out, FST_STRING, (const uint8_t *)text, sizeof(text));
}

static const char *add_decimal(struct fst_buf *out, const uint8_t *p, size_t width)
{
    if (p[0] > SCALE_MAX)
        return "a variant with a decimal of too many digits";
    unsigned __int128 v = p[width - 1] & 0x80 ? ~(unsigned __int128)0 : 0;
    for (size_t i = width; i-- > 1;)
        v = v << 8 | p[i];
    fst_decimal_text(out, (__int128)v, p[0]);
    return NULL;
}

static void add_nanos(struct fst_buf *out, enum fst_kind kind, const uint8_t *p)
{
    int64_t ns;
    memcpy(&ns, p, sizeof(ns));
    int64_t us = ns / 1000 - (ns % 1000 < 0);
    uint16_t nanos = (uint16_t)(ns - us * 1000);
    add_cell(out, fst_type(kind), &us, NULL, &nanos);
}

/* A time of day that is none would be shown as one. */
static const char *check_time(const uint8_t *p)
{
    int64_t us;
    memcpy(&us, p, sizeof(us));
    return us >= 0 && us < 86400000000 ? NULL : "a variant with a time that no day has";
}

static const char *add_primitive(struct fst_buf *out, struct fst_str value)
{
    const uint8_t *p = (const uint8_t *)value.p;
    unsigned id = *p++ >> 2;
    const struct primitive *type = &primitives[id];
    union {
        uint64_t align;
        uint8_t bytes[8];
    } room = {0}; /* values in the file lie anywhere */
    if (type->kind == FST_TIME && check_time(p))
        return check_time(p);
    if (type->kind == FST_VOID)
        fst_buf_adds(out, "null");
    else if (type->kind == FST_BOOLEAN)
        fst_buf_adds(out, id == TRUE_VALUE ? "true" : "false");
    else if (type->has_length)
        add_bytes(out, type->kind, p + type->width, value.n - 1 - type->width);
    else if (type->has_scale)
        return add_decimal(out, p, type->width);
    else if (type->is_of_nanos)
        add_nanos(out, type->kind, p);
    else if (id == UUID_VALUE)
        add_uuid(out, p);
    else
        add_cell(out, fst_type(type->kind), memcpy(room.bytes, p, type->width), NULL, NULL);
    return NULL;
}

/* ---- How long a value is --------------------------------------------------------------------- */

static const char *primitive_size(const uint8_t *p, size_t n, size_t *out)
{
    unsigned id = p[0] >> 2;
    if (id >= FST_COUNT(primitives))
        return "a variant of a type that is not known";
    const struct primitive *type = &primitives[id];
    *out = 1 + (size_t)type->width;
    if (!type->has_length)
        return NULL;
    if (n < *out)
        return ends_early;
    *out += load(p + 1, type->width);
    return NULL;
}

/* Objects and arrays: a count, numbers of names (objects), offsets and one more, values. */
struct layout {
    unsigned id_width, offset_width;
    size_t n, values_at, values_n;
    const uint8_t *ids, *offsets;
};

static const char *lay_out(const uint8_t *p, size_t n, struct layout *out)
{
    unsigned header = p[0] >> 2;
    bool is_object = (p[0] & 3) == OBJECT;
    unsigned count_width = header >> (is_object ? 4 : 2) & 1 ? 4 : 1;
    *out = (struct layout){.id_width = is_object ? (header >> 2 & 3) + 1 : 0,
                           .offset_width = (header & 3) + 1};
    if (n < 1 + count_width)
        return ends_early;
    out->n = load(p + 1, count_width);
    uint64_t offsets_at = 1 + count_width + (uint64_t)out->n * out->id_width;
    uint64_t values_at = offsets_at + ((uint64_t)out->n + 1) * out->offset_width;
    if (values_at > n)
        return ends_early;
    out->ids = p + 1 + count_width;
    out->offsets = p + offsets_at;
    out->values_at = (size_t)values_at;
    out->values_n = load(out->offsets + out->n * out->offset_width, out->offset_width);
    return out->values_n > n - out->values_at ? ends_early : NULL;
}

/* Cut `value` to what belongs to it. */
static const char *cut(struct fst_str *value)
{
    const uint8_t *p = (const uint8_t *)value->p;
    struct layout layout;
    size_t n = 0;
    const char *wrong = NULL;
    if (value->n == 0)
        return ends_early;
    switch (p[0] & 3) {
    case PRIMITIVE:
        wrong = primitive_size(p, value->n, &n);
        break;
    case SHORT_STRING:
        n = 1 + (size_t)(p[0] >> 2);
        break;
    default:
        wrong = lay_out(p, value->n, &layout);
        n = wrong ? 0 : layout.values_at + layout.values_n;
    }
    if (wrong)
        return wrong;
    if (n > value->n)
        return ends_early;
    value->n = n;
    return NULL;
}

/* ---- Objects and arrays ---------------------------------------------------------------------- */

static const char *child_at(const uint8_t *offsets, unsigned width, size_t i, const uint8_t *values,
                            size_t values_n, struct fst_str *out)
{
    size_t at = load(offsets + i * width, width);
    if (at >= values_n)
        return bad_offset;
    *out = (struct fst_str){(const char *)values + at, values_n - at};
    return cut(out);
}

/* Children in any order, but together no longer than what holds them. */
static const char *check_overlap(const uint8_t *offsets, unsigned width, size_t n,
                                 const uint8_t *values, size_t values_n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        struct fst_str child;
        const char *wrong = child_at(offsets, width, i, values, values_n, &child);
        if (wrong)
            return wrong;
        sum += child.n;
        if (sum > values_n)
            return "a variant whose values overlap";
    }
    return NULL;
}

bool fst_variant_is_object(struct fst_str value)
{
    return value.n && ((uint8_t)value.p[0] & 3) == OBJECT;
}

const char *fst_variant_object(const struct fst_variant_names *names, struct fst_str value,
                               struct fst_variant_object *out)
{
    const uint8_t *p = (const uint8_t *)value.p;
    struct layout layout;
    const char *wrong = value.n ? lay_out(p, value.n, &layout) : ends_early;
    if (wrong)
        return wrong;
    *out = (struct fst_variant_object){.names = names,
                                       .ids = layout.ids,
                                       .offsets = layout.offsets,
                                       .values = p + layout.values_at,
                                       .id_width = layout.id_width,
                                       .offset_width = layout.offset_width,
                                       .n = layout.n,
                                       .values_n = layout.values_n};
    return check_overlap(out->offsets, out->offset_width, out->n, out->values, out->values_n);
}

const char *fst_variant_field(const struct fst_variant_object *o, size_t i, struct fst_str *name,
                              struct fst_str *value)
{
    struct fst_str before;
    const char *wrong = name_of(o->names, load(o->ids + i * o->id_width, o->id_width), name);
    if (!wrong && i > 0) {
        wrong = name_of(o->names, load(o->ids + (i - 1) * o->id_width, o->id_width), &before);
        if (!wrong && fst_str_eq(before, *name)) /* they are in some order */
            wrong = "a variant with two fields of one name";
    }
    return wrong ? wrong : child_at(o->offsets, o->offset_width, i, o->values, o->values_n, value);
}

static const char *add_object(struct fst_buf *out, const struct fst_variant_names *names,
                              struct fst_str value, unsigned depth)
{
    struct fst_variant_object o;
    const char *wrong = fst_variant_object(names, value, &o);
    fst_buf_addc(out, '{');
    for (size_t i = 0; !wrong && i < o.n; i++) {
        struct fst_str name, field;
        wrong = fst_variant_field(&o, i, &name, &field);
        if (wrong)
            return wrong;
        if (i)
            fst_buf_addc(out, ',');
        fst_json_quote(out, name.p, name.n);
        fst_buf_addc(out, ':');
        wrong = fst_variant_json(out, names, field, depth + 1);
    }
    fst_buf_addc(out, '}');
    return wrong;
}

static const char *add_array(struct fst_buf *out, const struct fst_variant_names *names,
                             struct fst_str value, unsigned depth)
{
    const uint8_t *p = (const uint8_t *)value.p;
    struct layout layout;
    const char *wrong = lay_out(p, value.n, &layout);
    if (wrong)
        return wrong;
    p += layout.values_at;
    wrong = check_overlap(layout.offsets, layout.offset_width, layout.n, p, layout.values_n);
    fst_buf_addc(out, '[');
    for (size_t i = 0; !wrong && i < layout.n; i++) {
        struct fst_str element;
        wrong = child_at(layout.offsets, layout.offset_width, i, p, layout.values_n, &element);
        if (wrong)
            return wrong;
        if (i)
            fst_buf_addc(out, ',');
        wrong = fst_variant_json(out, names, element, depth + 1);
    }
    fst_buf_addc(out, ']');
    return wrong;
}

const char *fst_variant_json(struct fst_buf *out, const struct fst_variant_names *names,
                             struct fst_str value, unsigned depth)
{
    const char *wrong = cut(&value);
    if (wrong)
        return wrong;
    if (depth > FST_VARIANT_DEPTH)
        return "a variant that is nested too deeply";
    if (out->over)
        return "a variant whose text is too long";
    switch ((uint8_t)value.p[0] & 3) {
    case PRIMITIVE:
        return add_primitive(out, value);
    case SHORT_STRING:
        add_bytes(out, FST_STRING, (const uint8_t *)value.p + 1, value.n - 1);
        return NULL;
    case OBJECT:
        return add_object(out, names, value, depth);
    default:
        return add_array(out, names, value, depth);
    }
}
