/* YAML through libyaml's events into the same tree. Plain scalars are typed by the core schema; an
 * alias shares the nodes of its anchor, but counts as all of them, so that a small file cannot
 * stand for a huge one. */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "doc.h"

struct anchor {
    const struct fst_doc *node;
    size_t nodes, levels; /* what it stands for */
};

struct yaml {
    struct fst_doc_parse s;
    yaml_parser_t parser;
    const char *text;
    size_t n;
    struct fst_map *anchors; /* name -> struct anchor, in the arena */
    size_t least_depth_left; /* at the deepest place of the node being read */
};

static uint32_t line_of(yaml_mark_t m)
{
    return (uint32_t)m.line + 1;
}
static uint32_t col_of(yaml_mark_t m)
{
    return (uint32_t)m.column + 1;
}

/* The library gives the place of bytes that are no text as an offset only. */
static enum fst_status fail_at_byte(struct yaml *y)
{
    uint32_t line = 1;
    size_t n = y->parser.problem_offset < y->n ? y->parser.problem_offset : y->n;
    const char *from = y->text;
    for (const char *p = from; p < y->text + n; p++)
        if (*p == '\n') {
            line++;
            from = p + 1;
        }
    uint32_t col = (uint32_t)fst_utf8_length(from, (size_t)(y->text + n - from)) + 1;
    return fst__doc_fail(&y->s, line, col, "%s", y->parser.problem);
}

static enum fst_status next(struct yaml *y, yaml_event_t *event)
{
    if (yaml_parser_parse(&y->parser, event))
        return FST_OK;
    if (y->parser.error == YAML_READER_ERROR)
        return fail_at_byte(y);
    return fst__doc_fail(&y->s, line_of(y->parser.problem_mark), col_of(y->parser.problem_mark),
                         "%s%s%s", y->parser.problem ? y->parser.problem : "not YAML",
                         y->parser.context ? " " : "", y->parser.context ? y->parser.context : "");
}

/* ---- Scalars --------------------------------------------------------------------------------- */

static bool one_of(struct fst_str t, const char *const *words)
{
    for (; *words; words++)
        if (fst_str_is(t, *words))
            return true;
    return false;
}

static bool is_number(struct fst_str t)
{
    char *end;
    if (t.n == 0 || t.n > 64 || !strpbrk(t.p, "0123456789") || strpbrk(t.p, "xXpPnNiI_"))
        return false;
    strtod(t.p, &end);
    return *end == '\0' && strchr("+-.0123456789", t.p[0]);
}

static enum fst_doc_kind plain_kind(struct fst_str t)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    if (one_of(t, nulls))
        return FST_DOC_NULL;
    if (one_of(t, bools))
        return FST_DOC_BOOL;
    return is_number(t) ? FST_DOC_NUMBER : FST_DOC_STRING;
}

/* Of tags only the core schema's are known, and of those only !!str changes what a scalar is. */
static enum fst_status check_tag(struct yaml *y, const struct fst_doc *at, const yaml_char_t *tag)
{
    static const char core[] = "tag:yaml.org,2002:";
    if (!tag || strcmp((const char *)tag, "!") == 0 ||
        strncmp((const char *)tag, core, sizeof core - 1) == 0)
        return FST_OK;
    return fst__doc_fail(&y->s, at->line, at->col, "the tag %s is not supported; leave it out",
                         (const char *)tag);
}

static bool is_tagged_text(const yaml_char_t *tag)
{
    return tag &&
           (strcmp((const char *)tag, "!") == 0 || strcmp((const char *)tag, YAML_STR_TAG) == 0);
}

static enum fst_status scalar(struct yaml *y, const yaml_event_t *event, struct fst_doc *out)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t n = event->data.scalar.length;
    if (memchr(text, '\0', n))
        return fst__doc_fail(&y->s, out->line, out->col, "a NUL character is not allowed");
    out->text = (struct fst_str){fst_arena_strndup(y->s.arena, text, n), n};
    out->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
                  is_tagged_text(event->data.scalar.tag);
    out->kind = out->quoted ? FST_DOC_STRING : plain_kind(out->text);
    return FST_OK;
}

/* ---- Nodes ----------------------------------------------------------------------------------- */

static enum fst_status node(struct yaml *y, yaml_event_t *event, struct fst_doc *out);

static void note_depth(struct yaml *y, size_t depth_left)
{
    if (depth_left < y->least_depth_left)
        y->least_depth_left = depth_left;
}

static enum fst_status alias(struct yaml *y, const yaml_event_t *event, struct fst_doc *out)
{
    const char *name = (const char *)event->data.alias.anchor;
    const struct anchor *a = fst_map_get(y->anchors, name);
    if (!a)
        return fst__doc_fail(&y->s, out->line, out->col, "there is no anchor &%s before this",
                             name);
    FST_TRY(fst__doc_count(&y->s, out->line, out->col, a->nodes));
    if (a->levels > y->s.depth_left)
        return fst__doc_fail(&y->s, out->line, out->col, "nested too deep");
    note_depth(y, y->s.depth_left - a->levels);
    uint32_t line = out->line, col = out->col;
    const char *key = out->key;
    uint32_t key_line = out->key_line, key_col = out->key_col;
    *out = *a->node;
    out->line = line;
    out->col = col;
    out->key = key;
    out->key_line = key_line;
    out->key_col = key_col;
    return FST_OK;
}

static enum fst_status map_key(struct yaml *y, const yaml_event_t *event, struct fst_doc *child)
{
    child->key_line = line_of(event->start_mark);
    child->key_col = col_of(event->start_mark);
    if (event->type != YAML_SCALAR_EVENT ||
        memchr(event->data.scalar.value, '\0', event->data.scalar.length))
        return fst__doc_fail(&y->s, child->key_line, child->key_col, "a key must be a plain word");
    child->key = fst_arena_strndup(y->s.arena, (const char *)event->data.scalar.value,
                                   event->data.scalar.length);
    return FST_OK;
}

/* One child, whose first event is given; in a map that is its key. */
static enum fst_status child_of(struct yaml *y, bool map, yaml_event_t *event,
                                struct fst_doc *child)
{
    if (!map)
        return node(y, event, child);
    yaml_event_t value;
    FST_TRY(map_key(y, event, child));
    FST_TRY(next(y, &value));
    enum fst_status status = node(y, &value, child);
    yaml_event_delete(&value);
    return status;
}

static enum fst_status children(struct yaml *y, struct fst_doc *out, yaml_event_type_t end)
{
    struct fst_doc *items = NULL;
    size_t n = 0, cap = 0;
    enum fst_status status;
    yaml_event_t event;
    while ((status = next(y, &event)) == FST_OK && event.type != end) {
        struct fst_doc child = {0};
        status = child_of(y, out->kind == FST_DOC_MAP, &event, &child);
        yaml_event_delete(&event);
        if (status != FST_OK)
            break;
        fst_grow(&items, &cap, n + 1, sizeof *items);
        items[n++] = child;
    }
    if (status == FST_OK) {
        yaml_event_delete(&event);
        status = fst__doc_adopt(&y->s, out, items, n);
    }
    free(items);
    return status;
}

static enum fst_status nested(struct yaml *y, const yaml_event_t *event, struct fst_doc *out)
{
    if (y->s.depth_left == 0)
        return fst__doc_fail(&y->s, out->line, out->col, "nested too deep");
    note_depth(y, --y->s.depth_left);
    bool map = event->type == YAML_MAPPING_START_EVENT;
    out->kind = map ? FST_DOC_MAP : FST_DOC_LIST;
    enum fst_status status =
        children(y, out, map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT);
    y->s.depth_left++;
    return status;
}

static void anchor_and_tag(const yaml_event_t *event, const yaml_char_t **anchor,
                           const yaml_char_t **tag)
{
    *anchor = *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        *anchor = event->data.scalar.anchor;
        *tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        *anchor = event->data.sequence_start.anchor;
        *tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        *anchor = event->data.mapping_start.anchor;
        *tag = event->data.mapping_start.tag;
    }
}

static void set_anchor(struct yaml *y, const char *name, const struct fst_doc *node,
                       struct anchor what)
{
    struct fst_doc *copy = fst_arena_alloc(y->s.arena, sizeof *copy);
    struct anchor *a = fst_arena_alloc(y->s.arena, sizeof *a);
    *copy = *node;
    *a = what;
    a->node = copy;
    fst_map_set(y->anchors, name, a);
}

static enum fst_status node(struct yaml *y, yaml_event_t *event, struct fst_doc *out)
{
    size_t nodes_before = y->s.nodes_left, least_before = y->least_depth_left;
    const yaml_char_t *anchor, *tag;
    y->least_depth_left = y->s.depth_left;
    anchor_and_tag(event, &anchor, &tag);
    out->line = line_of(event->start_mark);
    out->col = col_of(event->start_mark);
    FST_TRY(fst__doc_count(&y->s, out->line, out->col, 1));
    FST_TRY(check_tag(y, out, tag));
    enum fst_status status;
    if (event->type == YAML_ALIAS_EVENT)
        status = alias(y, event, out);
    else if (event->type == YAML_SCALAR_EVENT)
        status = scalar(y, event, out);
    else
        status = nested(y, event, out);
    if (status == FST_OK && anchor)
        set_anchor(y, (const char *)anchor, out,
                   (struct anchor){.nodes = nodes_before - y->s.nodes_left,
                                   .levels = y->s.depth_left - y->least_depth_left});
    note_depth(y, least_before);
    return status;
}

/* ---- Streams --------------------------------------------------------------------------------- */

static enum fst_status stream(struct yaml *y, struct fst_doc *root)
{
    struct fst_doc *docs = NULL;
    size_t n = 0, cap = 0;
    enum fst_status status;
    bool more = true;
    yaml_event_t event;
    while (more && (status = next(y, &event)) == FST_OK) {
        yaml_event_type_t type = event.type;
        more = type != YAML_STREAM_END_EVENT;
        if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
            type != YAML_DOCUMENT_END_EVENT && more) {
            struct fst_doc doc = {0};
            status = node(y, &event, &doc);
            fst_grow(&docs, &cap, n + 1, sizeof *docs);
            docs[n++] = doc;
        }
        yaml_event_delete(&event);
        if (status != FST_OK)
            break;
    }
    if (status == FST_OK)
        status = fst__doc_adopt(&y->s, root, docs, n);
    free(docs);
    return status;
}

enum fst_status fst_yaml_parse(struct fst_arena *arena, const char *name, const char *p, size_t n,
                               const struct fst_doc_limits *limits, struct fst_doc **out,
                               struct fst_error *err)
{
    struct yaml y;
    *out = NULL;
    FST_TRY(fst__doc_begin(&y.s, arena, name, n, limits, err));
    if (!yaml_parser_initialize(&y.parser))
        return fst_fail(err, FST_ENOMEM, "%s: out of memory", name);
    yaml_parser_set_input_string(&y.parser, (const unsigned char *)p, n);
    y.text = p;
    y.n = n;
    y.anchors = fst_map_new();
    y.least_depth_left = y.s.depth_left;
    struct fst_doc *root = fst_arena_alloc(arena, sizeof *root);
    *root = (struct fst_doc){.kind = FST_DOC_LIST, .line = 1, .col = 1};
    enum fst_status status = stream(&y, root);
    fst_map_free(y.anchors, NULL);
    yaml_parser_delete(&y.parser);
    if (status == FST_OK)
        *out = root;
    return status;
}
