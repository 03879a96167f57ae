/* Documents: one read-only tree whether it was JSON or YAML. */
#include "doc.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_BYTES ((size_t)16 << 20)
#define DEFAULT_NODES ((size_t)1 << 20)
#define DEFAULT_DEPTH 64

enum fst_status fst__doc_begin(struct fst_doc_parse *s, struct fst_arena *arena, const char *name,
                               size_t n, const struct fst_doc_limits *limits, struct fst_error *err)
{
    size_t bytes = limits && limits->bytes ? limits->bytes : DEFAULT_BYTES;
    *s = (struct fst_doc_parse){
        .arena = arena,
        .name = name,
        .nodes_left = limits && limits->nodes ? limits->nodes : DEFAULT_NODES,
        .depth_left = limits && limits->depth ? limits->depth : DEFAULT_DEPTH,
        .err = err,
    };
    if (n > bytes)
        return fst_fail(err, FST_ENOMEM, "%s: %zu bytes are over the limit of %zu", name, n, bytes);
    return FST_OK;
}

enum fst_status fst__doc_fail(struct fst_doc_parse *s, uint32_t line, uint32_t col, const char *fmt,
                              ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return fst_fail(s->err, FST_EFORMAT, "%s:%u:%u: %s", s->name, line, col, text);
}

enum fst_status fst__doc_count(struct fst_doc_parse *s, uint32_t line, uint32_t col, size_t nodes)
{
    if (nodes > s->nodes_left)
        return fst__doc_fail(s, line, col, "too many values; aliases count as what they stand for");
    s->nodes_left -= nodes;
    return FST_OK;
}

static enum fst_status refuse_duplicates(struct fst_doc_parse *s, const struct fst_doc *map)
{
    struct fst_map *seen = fst_map_new();
    enum fst_status status = FST_OK;
    for (size_t i = 0; i < map->n && status == FST_OK; i++) {
        const struct fst_doc *first = fst_map_set(seen, map->items[i].key, &map->items[i]);
        if (first)
            status = fst__doc_fail(s, map->items[i].key_line, map->items[i].key_col,
                                   "the key %s is there already, in line %u", map->items[i].key,
                                   first->key_line);
    }
    fst_map_free(seen, NULL);
    return status;
}

enum fst_status fst__doc_adopt(struct fst_doc_parse *s, struct fst_doc *parent,
                               const struct fst_doc *children, size_t n)
{
    parent->n = n;
    parent->items = NULL;
    if (n == 0)
        return FST_OK;
    parent->items = fst_arena_alloc(s->arena, n * sizeof *children);
    memcpy(parent->items, children, n * sizeof *children);
    return parent->kind == FST_DOC_MAP ? refuse_duplicates(s, parent) : FST_OK;
}

/* ---- Reading a tree -------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct fst_doc *)a)->key, ((const struct fst_doc *)b)->key);
}

/* Depth is bounded by the parser that made the tree. */
void fst_doc_sort(struct fst_doc *doc)
{
    if (!doc || doc->kind < FST_DOC_LIST)
        return;
    if (doc->kind == FST_DOC_MAP)
        qsort(doc->items, doc->n, sizeof *doc->items, by_key);
    for (size_t i = 0; i < doc->n; i++)
        fst_doc_sort(&doc->items[i]);
}

const struct fst_doc *fst_doc_get(const struct fst_doc *map, const char *key)
{
    if (!map || map->kind != FST_DOC_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (strcmp(map->items[i].key, key) == 0)
            return &map->items[i];
    return NULL;
}

const char *fst_doc_string(const struct fst_doc *map, const char *key, const char *fallback)
{
    const struct fst_doc *node = fst_doc_get(map, key);
    bool scalar = node && node->kind != FST_DOC_NULL && node->kind != FST_DOC_LIST &&
                  node->kind != FST_DOC_MAP;
    return scalar ? node->text.p : fallback;
}

bool fst_doc_int(const struct fst_doc *node, int64_t *out)
{
    return node && node->kind == FST_DOC_NUMBER && fst_parse_int64(node->text.p, node->text.n, out);
}

bool fst_doc_bool(const struct fst_doc *node, bool *out)
{
    if (!node || node->kind != FST_DOC_BOOL)
        return false;
    *out = node->text.p[0] == 't' || node->text.p[0] == 'T';
    return true;
}

double fst_doc_double(const struct fst_doc *node, double fallback)
{
    return node && node->kind == FST_DOC_NUMBER ? strtod(node->text.p, NULL) : fallback;
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* A YAML number need not be a JSON one: .5, +1, 0x1F, .inf */
static bool is_json_number(struct fst_str t)
{
    size_t i = t.n > 0 && t.p[0] == '-';
    size_t from = i;
    while (i < t.n && t.p[i] >= '0' && t.p[i] <= '9')
        i++;
    if (i == from || (t.p[from] == '0' && i > from + 1))
        return false;
    if (i < t.n && t.p[i] == '.') {
        for (from = ++i; i < t.n && t.p[i] >= '0' && t.p[i] <= '9';)
            i++;
        if (i == from)
            return false;
    }
    if (i < t.n && (t.p[i] == 'e' || t.p[i] == 'E')) {
        i++;
        i += i < t.n && (t.p[i] == '+' || t.p[i] == '-');
        for (from = i; i < t.n && t.p[i] >= '0' && t.p[i] <= '9';)
            i++;
        if (i == from)
            return false;
    }
    return i == t.n;
}

static void children_to_json(struct fst_buf *out, const struct fst_doc *node)
{
    bool map = node->kind == FST_DOC_MAP;
    fst_buf_addc(out, map ? '{' : '[');
    for (size_t i = 0; i < node->n; i++) {
        if (i)
            fst_buf_addc(out, ',');
        if (map) {
            fst_json_quote(out, node->items[i].key, strlen(node->items[i].key));
            fst_buf_addc(out, ':');
        }
        fst_doc_to_json(out, &node->items[i]);
    }
    fst_buf_addc(out, map ? '}' : ']');
}

void fst_doc_to_json(struct fst_buf *out, const struct fst_doc *node)
{
    bool flag;
    switch (node->kind) {
    case FST_DOC_NULL:
        fst_buf_adds(out, "null");
        break;
    case FST_DOC_BOOL:
        fst_buf_adds(out, fst_doc_bool(node, &flag) && flag ? "true" : "false");
        break;
    case FST_DOC_NUMBER:
        if (is_json_number(node->text)) {
            fst_buf_add(out, node->text.p, node->text.n);
            break;
        }
        /* fall through */
    case FST_DOC_STRING:
        fst_json_quote(out, node->text.p, node->text.n);
        break;
    default:
        children_to_json(out, node);
        break;
    }
}

struct fst_json_writer fst_json_writer(struct fst_buf *out)
{
    return (struct fst_json_writer){.out = out, .first = 1};
}

static void before_value(struct fst_json_writer *w, const char *key)
{
    uint64_t bit = (uint64_t)1 << w->depth;
    if (!(w->first & bit))
        fst_buf_addc(w->out, ',');
    w->first &= ~bit;
    if (!key)
        return;
    fst_json_quote(w->out, key, strlen(key));
    fst_buf_addc(w->out, ':');
}

static void open_nested(struct fst_json_writer *w, const char *key, char c)
{
    before_value(w, key);
    fst_buf_addc(w->out, c);
    w->depth = w->depth < 63 ? w->depth + 1 : 63;
    w->first |= (uint64_t)1 << w->depth;
}

void fst_jw_object(struct fst_json_writer *w, const char *key)
{
    open_nested(w, key, '{');
}

void fst_jw_list(struct fst_json_writer *w, const char *key)
{
    open_nested(w, key, '[');
}

void fst_jw_end(struct fst_json_writer *w, char close)
{
    fst_buf_addc(w->out, close);
    w->depth -= w->depth > 0;
}

void fst_jw_string(struct fst_json_writer *w, const char *key, const char *text)
{
    before_value(w, key);
    if (text)
        fst_json_quote(w->out, text, strlen(text));
    else
        fst_buf_adds(w->out, "null");
}

void fst_jw_int(struct fst_json_writer *w, const char *key, int64_t v)
{
    before_value(w, key);
    fst_buf_printf(w->out, "%lld", (long long)v);
}

void fst_jw_bool(struct fst_json_writer *w, const char *key, bool v)
{
    before_value(w, key);
    fst_buf_adds(w->out, v ? "true" : "false");
}

void fst_jw_raw(struct fst_json_writer *w, const char *key, const char *json)
{
    before_value(w, key);
    fst_buf_adds(w->out, json);
}
