/* Which files make up a table: one, those of a folder, those that a pattern means.
 *
 * Folder names of the form key=value below the table's own folder are partition columns (Hive's
 * layout, URL-decoded, __HIVE_DEFAULT_PARTITION__ is NULL). As in Spark they are told from below
 * the folders that a pattern matched, or from below the option basePath; several matched folders
 * that have such folders are an error there, and read from below the pattern's fixed part here. A
 * folder without partitions has the files that lie in it, not those of the folders below. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stores.h"

#define MAX_PARTS 200000
#define MAX_PARTITION_KEYS 32

struct find {
    const struct fst_store *store;
    const char *uri;
    const struct fst__find_options *options;
    struct fst_arena *arena;
    struct fst_parts *parts;
    struct fst_entry self;
    const char *const *patterns; /* without braces, behind the fixed part */
    size_t n_patterns, fixed;    /* bytes of the fixed part */
};

/* ---- Options --------------------------------------------------------------------------------- */

static enum fst_status read_flag(bool *out, const struct fst_doc *item, struct fst_error *err)
{
    const char *text = item->text.p ? item->text.p : "";
    *out = strcasecmp(text, "true") == 0;
    if (*out || strcasecmp(text, "false") == 0)
        return FST_OK;
    return fst_fail(err, FST_EINVAL, "option %s: \"%s\" is not true or false", item->key, text);
}

/* Is it one of ours? */
static bool take_option(struct fst__find_options *o, const struct fst_doc *item,
                        enum fst_status *status, struct fst_error *err)
{
    const char *text = item->text.p ? item->text.p : "";
    *status = FST_OK;
    if (strcasecmp(item->key, "basePath") == 0)
        o->base_path = *text ? text : NULL;
    else if (strcasecmp(item->key, "pathGlobFilter") == 0)
        o->name_filter = *text ? text : NULL;
    else if (strcasecmp(item->key, "recursiveFileLookup") == 0)
        *status = read_flag(&o->recursive, item, err);
    else if (strcasecmp(item->key, "mergeSchema") == 0)
        *status = read_flag(&o->merge_schema, item, err);
    else if (strcasecmp(item->key, FST_GUESS_OPTION) == 0)
        *status = read_flag(&o->guess, item, err);
    else
        return false;
    return true;
}

enum fst_status fst__find_options_read(const struct fst_doc *doc, struct fst_arena *a,
                                       struct fst__find_options *out, struct fst_error *err)
{
    *out = (struct fst__find_options){0};
    if (!doc || doc->kind != FST_DOC_MAP)
        return FST_OK;
    out->rest = *doc;
    out->rest.items = fst_arena_alloc(a, (doc->n + 1) * sizeof *doc->items);
    out->rest.n = 0;
    for (size_t i = 0; i < doc->n; i++) {
        enum fst_status status;
        if (!take_option(out, &doc->items[i], &status, err))
            out->rest.items[out->rest.n++] = doc->items[i];
        FST_TRY(status);
    }
    return FST_OK;
}

/* ---- Partition columns from paths ------------------------------------------------------------ */

static const char *url_decoded(struct fst_arena *a, const char *p, size_t n)
{
    char *out = fst__url_decoded(p, n);
    const char *kept = out ? fst_arena_strdup(a, out) : fst_arena_strndup(a, p, n);
    free(out);
    return kept;
}

/* The k=v folders between the table's folder and the file's name. */
static size_t partition_of(struct fst_arena *a, const char *rest, const char **names,
                           const char **values)
{
    size_t n = 0;
    for (const char *slash; (slash = strchr(rest, '/')) && n < MAX_PARTITION_KEYS;
         rest = slash + 1) {
        const char *equals = memchr(rest, '=', (size_t)(slash - rest));
        if (!equals || equals == rest)
            continue;
        names[n] = url_decoded(a, rest, (size_t)(equals - rest));
        const char *value = url_decoded(a, equals + 1, (size_t)(slash - equals - 1));
        values[n++] = strcmp(value, "__HIVE_DEFAULT_PARTITION__") == 0 ? NULL : value;
    }
    return n;
}

static enum fst_status set_partition(struct find *f, struct fst_part *part, const char *rest,
                                     struct fst_error *err)
{
    const char *names[MAX_PARTITION_KEYS], *values[MAX_PARTITION_KEYS];
    size_t n = partition_of(f->arena, rest, names, values);
    bool first = part == f->parts->parts;
    bool same = first || n == f->parts->n_partition;
    for (size_t i = 0; same && !first && i < n; i++)
        same = strcmp(names[i], f->parts->partition_names[i]) == 0;
    if (!same)
        return fst_fail(
            err, FST_EFORMAT,
            "%s: its partition folders are not those of %s; open one of the two folders",
            part->name, f->parts->parts[0].name);
    if (n == 0)
        return FST_OK;
    const char **kept = fst_arena_alloc(f->arena, n * sizeof *kept);
    memcpy(kept, values, n * sizeof *kept);
    part->partition = kept;
    if (first) {
        const char **own = fst_arena_alloc(f->arena, n * sizeof *own);
        memcpy(own, names, n * sizeof *own);
        f->parts->partition_names = own;
        f->parts->n_partition = n;
    }
    return FST_OK;
}

/* ---- Where partition columns begin ----------------------------------------------------------- */

static bool has_partition(const char *rest)
{
    for (const char *slash; (slash = strchr(rest, '/')); rest = slash + 1)
        if (memchr(rest + (*rest == '='), '=', (size_t)(slash - rest) - (*rest == '=')))
            return true;
    return false;
}

/* Bytes of a file's name up to the end of the folder (or file) that the user named or matched. */
static size_t root_of(const struct find *f, const char *name)
{
    size_t best = 0;
    if (!f->self.is_dir)
        return strlen(name);
    if (!f->n_patterns)
        return strlen(f->self.uri);
    for (size_t i = 0; i < f->n_patterns; i++) {
        size_t n = fst__glob_match_path(f->patterns[i], name + f->fixed);
        best = n > best ? n : best;
    }
    return f->fixed + best;
}

static const char *below(const char *name, size_t root)
{
    name += root;
    return name + (*name == '/');
}

/* Do files below different roots have partition folders? */
static bool roots_differ(const struct find *f, const struct fst_listing *l)
{
    const char *first = NULL;
    size_t first_root = 0;
    for (size_t i = 0; i < l->n; i++) {
        const char *name = l->entries[i].uri;
        size_t root = root_of(f, name);
        if (!has_partition(below(name, root)))
            continue;
        if (first && (root != first_root || strncmp(name, first, root) != 0))
            return true;
        first = name;
        first_root = root;
    }
    return false;
}

static enum fst_status base_of(const struct find *f, size_t *out, struct fst_error *err)
{
    char *base = fst_store_local_path(f->options->base_path);
    const char *text = base ? base : f->options->base_path;
    size_t n = strlen(text);
    while (n > 1 && text[n - 1] == '/')
        n--;
    bool is_above = strncmp(f->self.uri, text, n) == 0 &&
                    (f->self.uri[n] == '/' || !f->self.uri[n] || text[n - 1] == '/');
    free(base);
    *out = n;
    return is_above ? FST_OK
                    : fst_fail(err, FST_EINVAL, "option basePath: %s is not below %s", f->uri,
                               f->options->base_path);
}

/* ---- The parts ------------------------------------------------------------------------------- */

static enum fst_status set_patterns(struct find *f, struct fst_error *err)
{
    /* the fixed part has no pattern in it; a name that is there as it is written has */
    if (!fst__has_glob(f->uri) || !f->self.is_dir || fst__has_glob(f->self.uri))
        return FST_OK;
    char *path = fst_store_local_path(f->uri);
    const char *pattern = fst_arena_strdup(f->arena, path ? path : f->uri);
    free(path);
    f->fixed = fst__glob_fixed(pattern);
    return fst__glob_expand(pattern + f->fixed, f->arena, &f->patterns, &f->n_patterns, err);
}

/* Files that the option, or the depth, leaves out. */
static void leave_out(const struct find *f, struct fst_listing *l)
{
    bool partitioned = false, shallow = false;
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        const char *base = fst_path_base(l->entries[i].uri);
        const char *filter = f->options->name_filter;
        if (filter && !fst__glob_match(filter, strlen(filter), base, strlen(base)))
            continue;
        const char *rest = below(l->entries[i].uri, root_of(f, l->entries[i].uri));
        partitioned |= has_partition(rest);
        shallow |= !strchr(rest, '/');
        l->entries[n++] = l->entries[i];
    }
    l->n = n;
    if (f->options->recursive || partitioned || !shallow)
        return;
    for (size_t i = n = 0; i < l->n; i++)
        if (!strchr(below(l->entries[i].uri, root_of(f, l->entries[i].uri)), '/'))
            l->entries[n++] = l->entries[i];
    l->n = n;
}

static enum fst_status list_files(struct find *f, bool sizes, struct fst_listing *out,
                                  struct fst_error *err)
{
    if (!f->self.is_dir) {
        out->arena = fst_arena_new();
        out->entries = fst_arena_alloc(out->arena, sizeof f->self);
        out->entries[0] = f->self;
        out->n = 1;
        return FST_OK;
    }
    FST_TRY((f->store->names && !sizes ? f->store->names : f->store->list)(f->uri, MAX_PARTS, out,
                                                                           err));
    FST_TRY(set_patterns(f, err));
    leave_out(f, out);
    if (out->n == 0 && f->n_patterns)
        return fst_fail(err, FST_ENOTFOUND, "%s: no data file matches", f->uri);
    if (out->n == 0)
        return fst_fail(err, FST_ENOTFOUND, "%s: the folder has no data files", f->uri);
    return FST_OK;
}

static enum fst_status make_parts(struct find *f, const struct fst_listing *l,
                                  struct fst_error *err)
{
    struct fst_part *parts = fst_arena_alloc(f->arena, l->n * sizeof *parts);
    size_t base = 0;
    *f->parts = (struct fst_parts){.parts = parts, .n = l->n, .merge = f->options->merge_schema};
    if (f->options->base_path)
        FST_TRY(base_of(f, &base, err));
    else if (f->n_patterns && roots_differ(f, l))
        base = strlen(f->self.uri);
    for (size_t i = 0; i < l->n; i++) {
        const char *name = l->entries[i].uri;
        parts[i] = (struct fst_part){.name = name, .rows = -1};
        if (!f->options->recursive)
            FST_TRY(set_partition(f, &parts[i], below(name, base ? base : root_of(f, name)), err));
    }
    return FST_OK;
}

enum fst_status fst__find_parts(const struct fst_store *store, const char *uri,
                                const struct fst__find_options *options, bool sizes,
                                struct fst_arena *a, struct fst_listing *listing,
                                struct fst_parts *parts, struct fst_error *err)
{
    struct find f = {.store = store, .uri = uri, .options = options, .arena = a, .parts = parts};
    FST_TRY(store->stat(uri, a, &f.self, err));
    FST_TRY(list_files(&f, sizes, listing, err));
    return make_parts(&f, listing, err);
}
