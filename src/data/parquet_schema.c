/* parquet_schema: the flat list of elements in the footer, as a tree, as columns of Spark's types.
 *
 * Lists and maps come in several historical forms; the rules are those of the format's document on
 * logical types, as Spark applies them. A nested column gets its type and, at the same places, what
 * the levels of its leaves mean. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

/* Paths repeat the names of groups: bounded by a multiple of the footer. */
enum { DEPTH_MAX = 64, FIELDS_MAX = 65535, ARENA_FACTOR = 100 };
enum { REQUIRED, OPTIONAL, REPEATED };
enum { CONVERTED_MAP = 1, CONVERTED_MAP_KEY_VALUE = 2, CONVERTED_LIST = 3 };

/* ---- Elements -------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct fst_pq_element, member)
#define TIME_AT(member) offsetof(struct fst_pq_time, member)

static const struct fst_thrift_shape unit_shape = {(const struct fst_thrift_slot[]){
                                                       {1, FST_THRIFT_PRESENT, TIME_AT(millis)},
                                                       {2, FST_THRIFT_PRESENT, TIME_AT(micros)},
                                                       {3, FST_THRIFT_PRESENT, TIME_AT(nanos)},
                                                   },
                                                   3};
static const struct fst_thrift_shape time_shape = {(const struct fst_thrift_slot[]){
                                                       {1, FST_THRIFT_INT, TIME_AT(is_utc)},
                                                       {2, FST_THRIFT_INNER, 0, &unit_shape},
                                                   },
                                                   2};
static const struct fst_thrift_shape decimal_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT, AT(logical.scale)},
        {2, FST_THRIFT_INT, AT(logical.precision)},
    },
    2};
static const struct fst_thrift_shape integer_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT, AT(logical.bits)},
        {2, FST_THRIFT_INT, AT(logical.is_signed)},
    },
    2};
#define SHAPES_AT(member) offsetof(struct fst_pq_shapes, member)
static const struct fst_thrift_shape shapes_shape = {(const struct fst_thrift_slot[]){
                                                         {1, FST_THRIFT_BYTES, SHAPES_AT(crs)},
                                                         {2, FST_THRIFT_INT, SHAPES_AT(algorithm)},
                                                     },
                                                     2};
static const struct fst_thrift_slot logical_slots[] = {
    {1, FST_THRIFT_PRESENT, AT(logical.string)},
    {2, FST_THRIFT_PRESENT, AT(logical.map)},
    {3, FST_THRIFT_PRESENT, AT(logical.list)},
    {4, FST_THRIFT_PRESENT, AT(logical.enumeration)},
    {5, FST_THRIFT_INNER, 0, &decimal_shape},
    {6, FST_THRIFT_PRESENT, AT(logical.date)},
    {7, FST_THRIFT_INNER, AT(logical.time), &time_shape},
    {8, FST_THRIFT_INNER, AT(logical.timestamp), &time_shape},
    {10, FST_THRIFT_INNER, 0, &integer_shape},
    {11, FST_THRIFT_PRESENT, AT(logical.unknown)},
    {12, FST_THRIFT_PRESENT, AT(logical.json)},
    {13, FST_THRIFT_PRESENT, AT(logical.bson)},
    {14, FST_THRIFT_PRESENT, AT(logical.uuid)},
    {15, FST_THRIFT_PRESENT, AT(logical.float16)},
    {16, FST_THRIFT_PRESENT, AT(logical.variant)},
    {17, FST_THRIFT_PRESENT, AT(logical.geometry), &shapes_shape},
    {18, FST_THRIFT_PRESENT, AT(logical.geography), &shapes_shape},
};
static const struct fst_thrift_shape logical_shape = {logical_slots, FST_COUNT(logical_slots)};
static const struct fst_thrift_slot element_slots[] = {
    {1, FST_THRIFT_INT, AT(physical)},
    {2, FST_THRIFT_INT, AT(type_length)},
    {3, FST_THRIFT_INT, AT(repetition)},
    {4, FST_THRIFT_BYTES, AT(name)},
    {5, FST_THRIFT_INT, AT(n_children)},
    {6, FST_THRIFT_INT, AT(converted)},
    {7, FST_THRIFT_INT, AT(scale)},
    {8, FST_THRIFT_INT, AT(precision)},
    {10, FST_THRIFT_INNER, 0, &logical_shape},
};
static const struct fst_thrift_shape element_shape = {element_slots, FST_COUNT(element_slots)};

static const struct fst_pq_element no_element = {
    .physical = -1,
    .type_length = -1,
    .repetition = -1,
    .converted = -1,
    .scale = -1,
    .precision = -1,
    .logical = {.scale = -1,
                .precision = -1,
                .bits = -1,
                .is_signed = -1,
                .time = {.is_utc = -1},
                .timestamp = {.is_utc = -1}},
};

/* ---- The tree -------------------------------------------------------------------------------- */

struct walk {
    struct fst_pq_meta *m;
    struct fst_thrift t;
    size_t elements_left, unclaimed, leaves_cap; /* elements that no group has claimed */
    struct fst_error *err;
};

/* Where a node hangs. */
struct place {
    const char *path; /* of the parent; NULL under the root */
    size_t depth, def, rep;
};

static enum fst_status damaged(struct walk *w, const char *what)
{
    return fst_fail(w->err, FST_EFORMAT, "the schema in the footer is damaged: %s", what);
}

static enum fst_status next_element(struct walk *w, struct fst_pq_element *out)
{
    *out = no_element;
    if (w->elements_left-- == 0)
        return damaged(w, "it ends early");
    if (!fst_thrift_read(&w->t, &element_shape, out))
        return damaged(w, "an element cannot be read");
    if (out->n_children < 0 || (uint64_t)out->n_children > w->unclaimed)
        return damaged(w, "a group with more children than there are");
    w->unclaimed -= (size_t)out->n_children;
    if (fst_arena_size(w->m->arena) > ((size_t)1 << 20) + w->m->footer_n * ARENA_FACTOR)
        return damaged(w, "its names are too long");
    return FST_OK;
}

static enum fst_status add_leaf(struct walk *w, struct fst_pq_node *node, const struct place *at)
{
    const struct fst_pq_element *e = &node->e;
    node->is_empty = e->physical < 0;
    if (node->is_empty)
        return FST_OK;
    if (e->physical >= FST_PQ_N_PHYSICAL)
        return damaged(w, "a column of unknown physical type");
    if (e->physical == FST_PQ_FIXED && (e->type_length <= 0 || e->type_length > INT32_MAX))
        return damaged(w, "a column of fixed length without a length");

    fst_grow(&w->m->leaves, &w->leaves_cap, w->m->n_leaves + 1, sizeof(*w->m->leaves));
    struct fst_pq_leaf *leaf = &w->m->leaves[w->m->n_leaves++];
    leaf->path = at->path;
    leaf->physical = (enum fst_pq_physical)e->physical;
    leaf->max_def = (uint8_t)at->def;
    leaf->max_rep = (uint8_t)at->rep;
    leaf->is_nested = at->depth > 1 || at->rep > 0;
    fst_pq_leaf_type(w->m->arena, e, leaf);
    node->type = leaf->type;
    node->leaf = w->m->n_leaves - 1;
    return FST_OK;
}

static enum fst_status read_node(struct walk *w, struct fst_pq_node *node,
                                 const struct place *parent);

static enum fst_status read_children(struct walk *w, struct fst_pq_node *node,
                                     const struct place *at)
{
    if (at->depth >= DEPTH_MAX)
        return damaged(w, "it is nested too deeply");
    node->n = (size_t)node->e.n_children;
    if (node->n > FIELDS_MAX && at->depth > 0)
        return damaged(w, "a group has too many fields");
    node->children = fst_arena_alloc(w->m->arena, node->n * sizeof(*node->children));
    for (size_t i = 0; i < node->n; i++)
        FST_TRY(read_node(w, &node->children[i], at));
    return FST_OK;
}

static enum fst_status read_node(struct walk *w, struct fst_pq_node *node,
                                 const struct place *parent)
{
    FST_TRY(next_element(w, &node->e));
    struct fst_arena *arena = w->m->arena;
    node->name = node->e.name.p ? fst_arena_strndup(arena, node->e.name.p, node->e.name.n) : "";
    struct place at = *parent;
    at.depth++;
    at.path =
        parent->path ? fst_arena_printf(arena, "%s.%s", parent->path, node->name) : node->name;
    at.def += node->e.repetition != REQUIRED;
    at.rep += node->e.repetition == REPEATED;
    node->def = (unsigned)at.def;
    node->rep = (unsigned)at.rep;
    if (node->e.repetition < 0 || node->e.repetition > REPEATED)
        return damaged(w, "a field that is neither required, optional nor repeated");
    return node->e.n_children ? read_children(w, node, &at) : add_leaf(w, node, &at);
}

/* ---- Types ----------------------------------------------------------------------------------- */

/* A column on its way: the leaves that are read, and why it cannot be shown. */
struct shape {
    struct fst_arena *arena;
    const struct fst_pq_meta *m;
    size_t *streams;
    size_t n_streams;
    bool has_variant;
    const char *refusal;
};

/* Where a value has its place: the levels of what it is repeated with. */
struct slot {
    unsigned def, rep;
};

static struct fst_type type_of(struct shape *s, const struct fst_pq_node *node, struct slot slot,
                               struct fst_pq_nest *nest);

/* A nested type; `nest` has as many children as it has fields. */
static struct fst_type nested(struct shape *s, enum fst_kind kind, size_t n,
                              struct fst_field **fields, struct fst_pq_nest *nest,
                              struct fst_pq_nest **children)
{
    *fields = fst_arena_alloc(s->arena, (n ? n : 1) * sizeof(**fields));
    *children = fst_arena_alloc(s->arena, (n ? n : 1) * sizeof(**children));
    struct fst_type type = fst_type(kind);
    type.n_fields = (uint16_t)n;
    type.fields = *fields;
    nest->kind = kind;
    nest->n = n;
    nest->children = *children;
    nest->stream = s->n_streams;
    return type;
}

/* Without a leaf nobody knows what is there. */
static void check_leaves(const struct shape *s, struct fst_pq_nest *nest)
{
    nest->is_missing = nest->stream == s->n_streams;
}

static void place(struct fst_pq_nest *nest, struct slot slot, unsigned def)
{
    nest->slot_def = (uint8_t)slot.def;
    nest->slot_rep = (uint8_t)slot.rep;
    nest->def = (uint8_t)def;
}

/* Where its elements have their place. */
static struct slot place_elements(struct fst_pq_nest *nest, const struct fst_pq_node *repeated)
{
    nest->element_def = (uint8_t)repeated->def;
    nest->element_rep = (uint8_t)repeated->rep;
    return (struct slot){repeated->def, repeated->rep};
}

static struct fst_field field_of(struct shape *s, const struct fst_pq_node *node, struct slot slot,
                                 struct fst_pq_nest *nest)
{
    struct fst_field field = {.name = node->name, .nullable = node->e.repetition == OPTIONAL};
    if (node->e.repetition != REPEATED) {
        field.type = type_of(s, node, slot, nest);
        return field;
    }
    /* Repeated outside of a list: a required list of required values. */
    struct fst_field *element;
    struct fst_pq_nest *inner;
    field.type = nested(s, FST_ARRAY, 1, &element, nest, &inner);
    place(nest, slot, node->def - 1);
    struct slot in = place_elements(nest, node);
    *element = (struct fst_field){"element", type_of(s, node, in, inner), false};
    check_leaves(s, nest);
    return field;
}

static struct fst_type struct_of(struct shape *s, const struct fst_pq_node *node, struct slot slot,
                                 struct fst_pq_nest *nest)
{
    struct fst_field *fields;
    struct fst_pq_nest *children;
    struct fst_type type = nested(s, FST_STRUCT, node->n, &fields, nest, &children);
    place(nest, slot, node->def);
    for (size_t i = 0; i < node->n; i++)
        fields[i] = field_of(s, &node->children[i], slot, &children[i]);
    check_leaves(s, nest);
    return type;
}

/* Is the repeated child of a list the element itself, or a group around it? */
static bool is_element(const struct fst_pq_node *list, const struct fst_pq_node *repeated)
{
    if (repeated->n != 1 || repeated->children[0].e.repetition == REPEATED)
        return true;
    size_t n = strlen(list->name);
    return strcmp(repeated->name, "array") == 0 || (strncmp(repeated->name, list->name, n) == 0 &&
                                                    strcmp(repeated->name + n, "_tuple") == 0);
}

static struct fst_type list_of(struct shape *s, const struct fst_pq_node *node, struct slot slot,
                               struct fst_pq_nest *nest)
{
    const struct fst_pq_node *repeated = &node->children[0];
    struct fst_field *element;
    struct fst_pq_nest *inner;
    struct fst_type type = nested(s, FST_ARRAY, 1, &element, nest, &inner);
    place(nest, slot, node->def);
    struct slot in = place_elements(nest, repeated);
    if (is_element(node, repeated))
        *element = (struct fst_field){"element", type_of(s, repeated, in, inner), false};
    else
        *element = field_of(s, &repeated->children[0], in, inner);
    element->name = "element";
    check_leaves(s, nest);
    return type;
}

static struct fst_type map_of(struct shape *s, const struct fst_pq_node *node, struct slot slot,
                              struct fst_pq_nest *nest)
{
    const struct fst_pq_node *pair = &node->children[0];
    struct fst_field *fields;
    struct fst_pq_nest *inner;
    struct fst_type type = nested(s, FST_MAP, 2, &fields, nest, &inner);
    place(nest, slot, node->def);
    struct slot in = place_elements(nest, pair);
    fields[0] = field_of(s, &pair->children[0], in, &inner[0]);
    if (pair->n > 1) {
        fields[1] = field_of(s, &pair->children[1], in, &inner[1]);
    } else {
        fields[1] = (struct fst_field){.type = fst_type(FST_VOID), .nullable = true};
        inner[1] = (struct fst_pq_nest){.kind = FST_VOID, .is_missing = true};
        place(&inner[1], in, pair->def);
    }
    check_leaves(s, nest);
    fields[0].name = "key";
    fields[1].name = "value";
    return type;
}

static void refuse(struct shape *s, const char *path, const char *why)
{
    if (!s->refusal)
        s->refusal = path ? fst_arena_printf(s->arena, "%s: %s", path, why) : why;
}

static struct fst_type leaf_of(struct shape *s, const struct fst_pq_node *node, struct slot slot,
                               struct fst_pq_nest *nest)
{
    const struct fst_pq_leaf *leaf = &s->m->leaves[node->leaf];
    place(nest, slot, node->def);
    nest->kind = leaf->type.kind;
    nest->stream = s->n_streams;
    s->streams[s->n_streams++] = node->leaf;
    if (leaf->refusal)
        refuse(s, leaf->is_nested ? leaf->path : NULL, leaf->refusal);
    return leaf->type;
}

static bool is_plain_binary(const struct fst_pq_node *node, const char *name)
{
    return node->n == 0 && !node->is_empty && node->e.repetition == REQUIRED &&
           node->type.kind == FST_BINARY && strcmp(node->name, name) == 0;
}

/* Early Sparks did not mark variants but in their own schema, which the file has beside. */
static bool is_unmarked_variant(const struct fst_pq_meta *m, const struct fst_pq_node *node)
{
    const struct fst_pq_node *c = node->children;
    if (!m->has_spark_variants || node->n != 2 || node->e.logical.map || node->e.logical.list ||
        node->e.converted >= 0)
        return false;
    return (is_plain_binary(&c[0], "value") && is_plain_binary(&c[1], "metadata")) ||
           (is_plain_binary(&c[0], "metadata") && is_plain_binary(&c[1], "value"));
}

/* As the struct that it is stored as. */
static struct fst_type variant_of(struct shape *s, const struct fst_pq_node *node, struct slot slot,
                                  struct fst_pq_nest *nest)
{
    size_t first = s->n_streams;
    struct fst_type type = struct_of(s, node, slot, nest);
    nest->is_variant = s->has_variant = true;
    const char *why = fst_pq_variant_refusal(&type);
    for (size_t i = first; !why && i < s->n_streams; i++)
        why = fst_pq_variant_leaf_refusal(&s->m->leaves[s->streams[i]]);
    if (why)
        refuse(s, NULL, why);
    return type;
}

static bool has_repeated_child(const struct fst_pq_node *node)
{
    return node->n == 1 && node->children[0].e.repetition == REPEATED;
}

static struct fst_type type_of(struct shape *s, const struct fst_pq_node *node, struct slot slot,
                               struct fst_pq_nest *nest)
{
    if (node->n == 0 && !node->is_empty)
        return leaf_of(s, node, slot, nest);
    int64_t converted = node->e.converted;
    bool is_map =
        node->e.logical.map || converted == CONVERTED_MAP || converted == CONVERTED_MAP_KEY_VALUE;
    if (node->e.logical.variant || is_unmarked_variant(s->m, node))
        return variant_of(s, node, slot, nest);
    if ((node->e.logical.list || converted == CONVERTED_LIST) && has_repeated_child(node))
        return list_of(s, node, slot, nest);
    if (is_map && has_repeated_child(node) && node->children[0].n > 0)
        return map_of(s, node, slot, nest);
    return struct_of(s, node, slot, nest);
}

static void set_column(struct fst_pq_meta *m, struct fst_pq_column *c,
                       const struct fst_pq_node *node)
{
    struct shape s = {.arena = m->arena, .m = m};
    s.streams = fst_arena_alloc(m->arena, (c->n_leaves ? c->n_leaves : 1) * sizeof(*s.streams));
    struct fst_pq_nest *nest = fst_arena_alloc(m->arena, sizeof(*nest));
    c->field = field_of(&s, node, (struct slot){0, 0}, nest);
    if (s.has_variant) {
        struct fst_type *stored = fst_arena_alloc(m->arena, sizeof(*stored));
        *stored = c->field.type;
        c->stored = stored;
        c->field.type = fst_pq_variant_type(m->arena, stored, nest);
    }
    c->nest = node->n || node->is_empty || node->e.repetition == REPEATED ? nest : NULL;
    if (c->nest && nest->is_missing)
        refuse(&s, NULL, "a struct without fields has no values in the file");
    c->streams = s.streams;
    c->n_streams = s.n_streams;
    c->refusal = s.refusal;
}

static void set_columns(struct fst_pq_meta *m, const struct fst_pq_node *root,
                        const size_t *first_leaf)
{
    m->n_columns = root->n;
    m->columns = fst_alloc((root->n + 1) * sizeof(*m->columns));
    for (size_t i = 0; i < root->n; i++) {
        m->columns[i].first_leaf = first_leaf[i];
        m->columns[i].n_leaves = first_leaf[i + 1] - first_leaf[i];
        set_column(m, &m->columns[i], &root->children[i]);
    }
}

enum fst_status fst_pq_schema(struct fst_pq_meta *m, struct fst_thrift_list elements,
                              struct fst_error *err)
{
    struct walk w = {
        .m = m, .t = fst_thrift_at(&m->thrift, elements), .elements_left = elements.n, .err = err};
    struct fst_pq_node root = {0};
    if (elements.type != FST_THRIFT_STRUCT)
        return damaged(&w, "there is none");
    w.unclaimed = elements.n ? elements.n - 1 : 0;
    FST_TRY(next_element(&w, &root.e));

    root.n = (size_t)root.e.n_children;
    root.children = fst_arena_alloc(m->arena, (root.n + 1) * sizeof(*root.children));
    size_t *first_leaf = fst_arena_alloc(m->arena, (root.n + 1) * sizeof(*first_leaf));
    for (size_t i = 0; i < root.n; i++) {
        first_leaf[i] = m->n_leaves;
        FST_TRY(read_node(&w, &root.children[i], &(struct place){.depth = 0}));
    }
    first_leaf[root.n] = m->n_leaves;
    if (w.elements_left)
        return damaged(&w, "elements that belong to no group");
    m->root = fst_arena_alloc(m->arena, sizeof(root));
    *m->root = root;
    set_columns(m, &root, first_leaf);
    return FST_OK;
}
