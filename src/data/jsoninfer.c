/* jsoninfer: see the header. One tree of what was seen at each place, widened by each record:
 * NULLs are anything, whole numbers become decimals or doubles, what cannot be both becomes text.
 */
#include "jsoninfer.h"

#include <stdlib.h>
#include <string.h>

#include "textvalue.h"

enum { NODES_MAX = 100000, FIELDS_MAX = 20480, LONG_DIGITS = 20, DECIMAL_DIGITS = 38 };

/* What was seen at one place. Fields of structs and elements of lists are nodes below it. */
struct node {
    enum fst_kind kind; /* VOID at first; STRUCT, ARRAY, or the kind of a scalar */
    int precision, scale;
    struct fst_map *fields; /* name -> node, of structs */
    struct node *element;   /* of lists */
};

struct fst_jsoninfer {
    const struct fst_json_options *options;
    struct fst_arena *arena;
    struct node *root;
    struct node **nodes; /* all, to free their maps */
    size_t n, cap;
};

static struct node *new_node(struct fst_jsoninfer *j)
{
    if (j->n >= NODES_MAX)
        return NULL;
    struct node *node = fst_arena_alloc(j->arena, sizeof(*node));
    fst_grow(&j->nodes, &j->cap, j->n + 1, sizeof(*j->nodes));
    j->nodes[j->n++] = node;
    return node;
}

struct fst_jsoninfer *fst_jsoninfer_new(const struct fst_json_options *options)
{
    struct fst_jsoninfer *j = fst_alloc(sizeof(*j));
    j->options = options;
    j->arena = fst_arena_new();
    j->root = new_node(j);
    return j;
}

void fst_jsoninfer_free(struct fst_jsoninfer *j)
{
    if (!j)
        return;
    for (size_t i = 0; i < j->n; i++)
        fst_map_free(j->nodes[i]->fields, NULL);
    free(j->nodes);
    fst_arena_free(j->arena);
    free(j);
}

/* ---- Numbers --------------------------------------------------------------------------------- */

static bool is_number(enum fst_kind kind)
{
    return kind == FST_LONG || kind == FST_DECIMAL || kind == FST_DOUBLE;
}

static struct node decimal(int whole, int scale)
{
    if (whole + scale > DECIMAL_DIGITS)
        return (struct node){.kind = FST_DOUBLE};
    return (struct node){.kind = FST_DECIMAL, .precision = whole + scale, .scale = scale};
}

static struct node number_node(const struct fst_json_options *o, struct fst_str text)
{
    int64_t v;
    struct fst_number number;
    if (o->primitives_as_string)
        return (struct node){.kind = FST_STRING};
    if (fst_parse_int64(text.p, text.n, &v))
        return (struct node){.kind = FST_LONG};
    bool scans = fst_number_scan(&number, text) && number.n_digits <= DECIMAL_DIGITS;
    bool is_whole = !memchr(text.p, '.', text.n) && !memchr(text.p, 'e', text.n) &&
                    !memchr(text.p, 'E', text.n);
    if (!scans || (!is_whole && !o->prefers_decimal) || number.scale < 0 ||
        number.scale > DECIMAL_DIGITS)
        return (struct node){.kind = FST_DOUBLE};
    int digits = (int)number.n_digits, scale = (int)number.scale;
    digits = digits > scale ? digits : scale;
    return decimal((digits ? digits : 1) - scale, scale);
}

static void widen_number(struct node *node, const struct node *found)
{
    if (node->kind == found->kind && node->kind != FST_DECIMAL)
        return;
    if (node->kind == FST_DOUBLE || found->kind == FST_DOUBLE) {
        node->kind = FST_DOUBLE;
        return;
    }
    int a = node->kind == FST_LONG ? LONG_DIGITS : node->precision - node->scale;
    int b = found->kind == FST_LONG ? LONG_DIGITS : found->precision - found->scale;
    int scale = node->scale > found->scale ? node->scale : found->scale;
    struct node wide = decimal(a > b ? a : b, scale);
    node->kind = wide.kind;
    node->precision = wide.precision;
    node->scale = wide.scale;
}

/* ---- Values ---------------------------------------------------------------------------------- */

static struct node scalar_node(const struct fst_json_options *o, const struct fst_doc *d)
{
    switch (d->kind) {
    case FST_DOC_BOOL:
        return (struct node){.kind = o->primitives_as_string ? FST_STRING : FST_BOOLEAN};
    case FST_DOC_NUMBER:
        return number_node(o, d->text);
    case FST_DOC_STRING:
        if (d->quoted) /* a NaN or an infinity that was written bare */
            return (struct node){.kind = o->primitives_as_string ? FST_STRING : FST_DOUBLE};
        return (struct node){.kind = d->text.n ? FST_STRING : FST_VOID};
    default:
        return (struct node){.kind = FST_VOID};
    }
}

static void add_scalar(struct fst_jsoninfer *j, struct node *node, const struct fst_doc *d)
{
    struct node found = scalar_node(j->options, d);
    if (found.kind == FST_VOID || node->kind == FST_STRING)
        return;
    if (node->kind == FST_VOID) {
        node->kind = found.kind;
        node->precision = found.precision;
        node->scale = found.scale;
    } else if (is_number(node->kind) && is_number(found.kind)) {
        widen_number(node, &found);
    } else if (node->kind != found.kind) {
        node->kind = FST_STRING;
    }
}

static bool add_value(struct fst_jsoninfer *j, struct node *node, const struct fst_doc *d);

static bool add_fields(struct fst_jsoninfer *j, struct node *node, const struct fst_doc *d)
{
    if (!node->fields)
        node->fields = fst_map_new();
    for (size_t i = 0; i < d->n; i++) {
        struct node *field = fst_map_get(node->fields, d->items[i].key);
        if (!field) {
            field = fst_map_size(node->fields) < FIELDS_MAX ? new_node(j) : NULL;
            if (!field)
                return false;
            fst_map_set(node->fields, d->items[i].key, field);
        }
        if (!add_value(j, field, &d->items[i]))
            return false;
    }
    return true;
}

static bool add_elements(struct fst_jsoninfer *j, struct node *node, const struct fst_doc *d)
{
    if (!node->element)
        node->element = new_node(j);
    for (size_t i = 0; i < d->n && node->element; i++)
        if (!add_value(j, node->element, &d->items[i]))
            return false;
    return node->element != NULL;
}

static bool add_value(struct fst_jsoninfer *j, struct node *node, const struct fst_doc *d)
{
    bool nested = d->kind == FST_DOC_MAP || d->kind == FST_DOC_LIST;
    enum fst_kind kind = d->kind == FST_DOC_MAP ? FST_STRUCT : FST_ARRAY;
    if (!nested) {
        add_scalar(j, node, d);
        return true;
    }
    if (node->kind != FST_VOID && node->kind != kind) {
        node->kind = FST_STRING;
        return true;
    }
    node->kind = kind;
    return kind == FST_STRUCT ? add_fields(j, node, d) : add_elements(j, node, d);
}

bool fst_jsoninfer_add(struct fst_jsoninfer *j, const struct fst_doc *record)
{
    return add_value(j, j->root, record);
}

/* ---- The type -------------------------------------------------------------------------------- */

static bool type_of(const struct fst_jsoninfer *j, struct fst_arena *arena, const struct node *node,
                    struct fst_type *out);

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct fst_field *)a)->name, ((const struct fst_field *)b)->name);
}

/* Fields that have a type, by name; nameless ones are no fields. */
static size_t fields_of(const struct fst_jsoninfer *j, struct fst_arena *arena,
                        const struct node *node, struct fst_field **out)
{
    size_t n = node->fields ? fst_map_size(node->fields) : 0, kept = 0;
    struct fst_field *fields = fst_arena_alloc(arena, (n + 1) * sizeof(*fields));
    for (size_t i = 0; i < n; i++) {
        const char *name = fst_map_key_at(node->fields, i);
        struct fst_type type;
        if (*name && type_of(j, arena, fst_map_value_at(node->fields, i), &type))
            fields[kept++] = (struct fst_field){fst_arena_strdup(arena, name), type, true};
    }
    qsort(fields, kept, sizeof(*fields), by_name);
    *out = fields;
    return kept;
}

/* False for what has none: objects without fields, and lists of them. */
static bool type_of(const struct fst_jsoninfer *j, struct fst_arena *arena, const struct node *node,
                    struct fst_type *out)
{
    struct fst_field *fields;
    switch (node->kind) {
    case FST_VOID:
        *out = fst_type(FST_STRING);
        return !j->options->drop_all_null;
    case FST_DECIMAL:
        *out = fst_type_decimal(node->precision, node->scale);
        return true;
    case FST_ARRAY:
        fields = fst_arena_alloc(arena, sizeof(*fields));
        fields[0] = (struct fst_field){"element", fst_type(FST_STRING), true};
        *out = fst_type(FST_ARRAY);
        out->n_fields = 1;
        out->fields = fields;
        return type_of(j, arena, node->element, &fields[0].type);
    case FST_STRUCT:
        *out = fst_type(FST_STRUCT);
        out->n_fields = (uint16_t)fields_of(j, arena, node, &fields);
        out->fields = fields;
        return out->n_fields > 0;
    default:
        *out = fst_type(node->kind);
        return true;
    }
}

struct fst_schema *fst_jsoninfer_schema(const struct fst_jsoninfer *j)
{
    struct fst_schema *schema = fst_schema_new();
    struct fst_arena *arena = fst_arena_new();
    struct fst_field *fields;
    size_t n = fields_of(j, arena, j->root, &fields);
    for (size_t i = 0; i < n; i++)
        fst_schema_add(schema, fields[i].name, &fields[i].type, true);
    fst_arena_free(arena);
    return schema;
}
