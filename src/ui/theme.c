/* Themes: YAML that says how each role looks.
 *
 *     name: dusk
 *     inherits: dark            # a built-in theme, or a file beside this one
 *     palette: {accent: "#5fafff"}
 *     roles:
 *       title: {fg: accent, attr: [bold]}
 *
 * A role that no theme of the chain sets looks as its parent role; inside of one role, what is not
 * said is the terminal's default. */
#include <stdlib.h>
#include <string.h>

#include "embedded.h"
#include "theme.h"

#define MAX_BYTES ((size_t)1 << 20)
#define MAX_CHAIN 8

static const struct {
    const char *name;
    const unsigned char *p;
    size_t n;
} builtin[] = {
    {"default", fst_embedded_default_yaml, sizeof fst_embedded_default_yaml - 1},
    {"dark", fst_embedded_dark_yaml, sizeof fst_embedded_dark_yaml - 1},
    {"light", fst_embedded_light_yaml, sizeof fst_embedded_light_yaml - 1},
    {"mono", fst_embedded_mono_yaml, sizeof fst_embedded_mono_yaml - 1},
    {"colorblind", fst_embedded_colorblind_yaml, sizeof fst_embedded_colorblind_yaml - 1},
};
static const char *const builtin_names[] = {"default", "dark", "light", "mono", "colorblind", NULL};

static const char *const attr_names[] = {"bold", "dim", "italic", "underline", "reverse"};

struct loading {
    struct fst_arena *arena;
    struct fst_style styles[FST_ROLE_COUNT_];
    bool set[FST_ROLE_COUNT_];
    int depth;
};
/* One file of the chain, for its own palette and its error texts. */
struct source {
    const char *name;
    const struct fst_doc *palette;
};

const char *const *fst_theme_names(void)
{
    return builtin_names;
}

/* ---- Errors that name the place and the nearest right word ----------------------------------- */

static enum fst_status fail_at(struct fst_error *err, const struct source *src, uint32_t line,
                               uint32_t col, const char *what, const char *word,
                               const char *const *names, size_t n)
{
    const char *near = fst_text_nearest(word, names, n);
    if (near)
        return fst_fail(err, FST_EFORMAT, "%s:%u:%u: there is no %s %s; did you mean %s?",
                        src->name, line, col, what, word, near);
    return fst_fail(err, FST_EFORMAT, "%s:%u:%u: there is no %s %s", src->name, line, col, what,
                    word);
}

static enum fst_status check_keys(const struct source *src, const struct fst_doc *map,
                                  const char *what, const char *const *names, size_t n,
                                  struct fst_error *err)
{
    if (map->kind != FST_DOC_MAP)
        return fst_fail(err, FST_EFORMAT, "%s:%u:%u: expected keys with values here", src->name,
                        map->line, map->col);
    for (size_t i = 0; i < map->n; i++) {
        size_t k = 0;
        while (k < n && strcmp(names[k], map->items[i].key) != 0)
            k++;
        if (k == n)
            return fail_at(err, src, map->items[i].key_line, map->items[i].key_col, what,
                           map->items[i].key, names, n);
    }
    return FST_OK;
}

/* ---- One role -------------------------------------------------------------------------------- */

static enum fst_status read_color(const struct source *src, const struct fst_doc *node,
                                  int16_t *out, struct fst_error *err)
{
    int color;
    if (!node)
        return FST_OK;
    if (node->kind == FST_DOC_LIST || node->kind == FST_DOC_MAP)
        return fst_fail(err, FST_EFORMAT, "%s:%u:%u: expected a colour", src->name, node->line,
                        node->col);
    const struct fst_doc *named = src->palette ? fst_doc_get(src->palette, node->text.p) : NULL;
    const char *text = named ? named->text.p : node->text.p;
    if (text && fst__color_parse(text, &color)) {
        *out = (int16_t)color;
        return FST_OK;
    }
    return fail_at(err, src, node->line, node->col, "colour", text ? text : "null",
                   fst__color_names, 17);
}

static enum fst_status add_attr(const struct source *src, const struct fst_doc *node, unsigned *out,
                                struct fst_error *err)
{
    const char *text = node->text.p ? node->text.p : "";
    if (strcmp(text, "none") == 0)
        return FST_OK;
    for (size_t i = 0; i < FST_COUNT(attr_names); i++)
        if (strcmp(text, attr_names[i]) == 0) {
            *out |= 1u << i;
            return FST_OK;
        }
    return fail_at(err, src, node->line, node->col, "attribute", text, attr_names,
                   FST_COUNT(attr_names));
}

static enum fst_status read_attrs(const struct source *src, const struct fst_doc *node,
                                  unsigned *out, struct fst_error *err)
{
    if (!node)
        return FST_OK;
    if (node->kind != FST_DOC_LIST)
        return add_attr(src, node, out, err);
    for (size_t i = 0; i < node->n; i++)
        FST_TRY(add_attr(src, &node->items[i], out, err));
    return FST_OK;
}

static enum fst_status read_role(struct loading *l, const struct source *src,
                                 const struct fst_doc *node, enum fst_role role,
                                 struct fst_error *err)
{
    static const char *const keys[] = {"fg", "bg", "attr"};
    struct fst_style style = {FST_COLOR_DEFAULT, FST_COLOR_DEFAULT, 0};
    FST_TRY(check_keys(src, node, "key", keys, FST_COUNT(keys), err));
    FST_TRY(read_color(src, fst_doc_get(node, "fg"), &style.fg, err));
    FST_TRY(read_color(src, fst_doc_get(node, "bg"), &style.bg, err));
    FST_TRY(read_attrs(src, fst_doc_get(node, "attr"), &style.attr, err));
    l->styles[role] = style;
    l->set[role] = true;
    return FST_OK;
}

static enum fst_status read_roles(struct loading *l, const struct source *src,
                                  const struct fst_doc *roles, struct fst_error *err)
{
    const char *names[FST_ROLE_COUNT_];
    if (!roles)
        return FST_OK;
    for (size_t i = 0; i < FST_ROLE_COUNT_; i++)
        names[i] = fst_roles[i].name;
    FST_TRY(check_keys(src, roles, "role", names, FST_ROLE_COUNT_, err));
    for (size_t i = 0; i < FST_ROLE_COUNT_; i++) {
        const struct fst_doc *node = fst_doc_get(roles, names[i]);
        if (node)
            FST_TRY(read_role(l, src, node, (enum fst_role)i, err));
    }
    return FST_OK;
}

/* ---- Files and what they inherit ------------------------------------------------------------- */

static enum fst_status load(struct loading *l, const char *name, const char *beside,
                            struct fst_error *err);

static enum fst_status read_theme(struct loading *l, const char *name, const char *p, size_t n,
                                  struct fst_error *err)
{
    static const char *const keys[] = {"name", "inherits", "palette", "roles"};
    struct source src = {.name = name};
    struct fst_doc *stream;
    FST_TRY(fst_yaml_parse(l->arena, name, p, n, NULL, &stream, err));
    if (stream->n != 1)
        return fst_fail(err, FST_EFORMAT, "%s: expected one document with a theme", name);
    const struct fst_doc *doc = &stream->items[0];
    FST_TRY(check_keys(&src, doc, "key", keys, FST_COUNT(keys), err));
    const char *parent = fst_doc_string(doc, "inherits", NULL);
    if (parent)
        FST_TRY(load(l, parent, name, err));
    src.palette = fst_doc_get(doc, "palette");
    if (src.palette && src.palette->kind != FST_DOC_MAP)
        return fst_fail(err, FST_EFORMAT, "%s:%u:%u: expected names with colours here", name,
                        src.palette->line, src.palette->col);
    return read_roles(l, &src, fst_doc_get(doc, "roles"), err);
}

static enum fst_status unknown_theme(const char *name, struct fst_error *err)
{
    const char *near = fst_text_nearest(name, builtin_names, FST_COUNT(builtin));
    return fst_fail(
        err, FST_ENOTFOUND,
        "there is no theme %s%s%s; give default, dark, light, mono, colorblind or a file's path",
        name, near ? ", did you mean " : "", near ? near : "");
}

static enum fst_status load_file(struct loading *l, const char *path, struct fst_error *err)
{
    char *text;
    size_t n;
    FST_TRY(fst_file_read(path, MAX_BYTES, &text, &n, err));
    enum fst_status status = read_theme(l, path, text, n, err);
    free(text);
    return status;
}

/* A name without a slash or a dot is a built-in; a relative path inside of a theme is beside it. */
static enum fst_status load(struct loading *l, const char *name, const char *beside,
                            struct fst_error *err)
{
    if (++l->depth > MAX_CHAIN)
        return fst_fail(err, FST_EFORMAT, "%s: themes inherit from each other in a circle", name);
    for (size_t i = 0; i < FST_COUNT(builtin); i++)
        if (strcmp(name, builtin[i].name) == 0)
            return read_theme(l, name, (const char *)builtin[i].p, builtin[i].n, err);
    const char *slash = beside ? strrchr(beside, '/') : NULL;
    char *folder = slash ? fst_strndup(beside, (size_t)(slash - beside)) : fst_strdup(".");
    char *path = fst_path_join(folder, name);
    bool is_path = strchr(name, '/') || fst_path_exists(path);
    enum fst_status status = is_path ? load_file(l, path, err) : unknown_theme(name, err);
    free(path);
    free(folder);
    return status;
}

/* Parents stand before or after their children in the table: follow the chain to one that is set.
 */
static struct fst_style resolve(const struct loading *l, enum fst_role role)
{
    for (int i = 0; i < FST_ROLE_COUNT_ && !l->set[role] && role != FST_ROLE_TEXT; i++)
        role = fst_roles[role].parent;
    return l->set[role] ? l->styles[role]
                        : (struct fst_style){FST_COLOR_DEFAULT, FST_COLOR_DEFAULT, 0};
}

enum fst_status fst_theme_load(const char *name, struct fst_theme **out, struct fst_error *err)
{
    struct loading l = {.arena = fst_arena_new()};
    const char *wanted = name && *name ? name : "default";
    enum fst_status status = load(&l, wanted, NULL, err);
    *out = NULL;
    if (status == FST_OK) {
        struct fst_theme *t = *out = fst_alloc(sizeof *t);
        snprintf(t->name, sizeof t->name, "%s", fst_path_base(wanted));
        for (size_t i = 0; i < FST_ROLE_COUNT_; i++)
            t->styles[i] = resolve(&l, (enum fst_role)i);
    }
    fst_arena_free(l.arena);
    return status;
}

void fst_theme_free(struct fst_theme *t)
{
    free(t);
}
