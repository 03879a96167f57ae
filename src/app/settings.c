/* Settings: one table; values come from the user's config.yaml, then from the workspace's. Keys may
 * be nested maps or written with dots. `keys:` binds actions to keys. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

#define MAX_CONFIG_BYTES (1u << 20)

const struct fst_setting fst_settings[] = {
    {"provider", "string", "",
     "provider of runs and queries that name none; empty = the embedded engine"},
    {"time_zone", "string", "UTC", "IANA name of the session's time zone, sent to Spark"},
    {"theme", "string", "default",
     "a built-in theme (default, dark, light, mono, colorblind) or the path of one"},
    {"preview.rows", "int", "50", "rows that `preview` shows when no -n is given"},
    {"copy.format", "string", "tsv", "how rows are copied from the grid: tsv, csv or jsonl"},
    {"sort.space", "int", "4096",
     "MB of temporary files, below $TMPDIR, that sorting may take in a preview"},
    {"local.memory", "int", "0",
     "MB of rows that the embedded engine holds in memory for groups and joins before they go to "
     "disk; 0 = a quarter of the machine's"},
    {"session.idle", "duration", "60m", "a lasting session that was not used for so long is ended"},
    {"sql.limit", "int", "1000", "most rows that an ad hoc query brings back"},
    {"run.patience", "duration", "5m", "how long a cluster that does not answer is waited for"},
    {"refresh", "int", "500",
     "ms between two looks of a screen that shows what goes on, from 100 on; 0 = it looks when one "
     "asks (ctrl-r)"},
    {"restore", "bool", "false",
     "begin where the workbench was left: the views that were open, with filter and cursor"},
    {"mouse", "bool", "false",
     "clicks and the wheel in the workbench; M there turns it on and off"},
    {"ui.ascii", "bool", "false", "draw lines and marks in ASCII"},
    {"findings.muted", "rules", "",
     "rules that say no more than that they are muted: skew,gc; a resource's property mute adds "
     "its own"},
#define ROW(name, fallback, least, most, help)                                                     \
    {"findings." name, "number", #fallback, help " (" #least " to " #most ")"},
    FST_THRESHOLDS(ROW)
#undef ROW
};
const size_t fst_n_settings = FST_COUNT(fst_settings);

static size_t setting_index(const char *name)
{
    size_t i = 0;
    while (i < fst_n_settings && strcmp(fst_settings[i].name, name) != 0)
        i++;
    return i;
}

static bool is_number(const struct fst_setting *s, const struct fst_doc *value)
{
    const char *name = strchr(s->name, '.') + 1;
    char *end;
    if (value->kind == FST_DOC_MAP || value->kind == FST_DOC_LIST || value->text.n == 0)
        return false;
    double v = strtod(value->text.p, &end);
    for (size_t i = 0; i < fst_n_thresholds && !*end; i++)
        if (strcmp(fst_thresholds[i].name, name) == 0)
            return v >= fst_thresholds[i].least && v <= fst_thresholds[i].most;
    return false;
}

static bool are_rules(const struct fst_doc *value)
{
    if (value->kind == FST_DOC_MAP || value->kind == FST_DOC_LIST)
        return false;
    for (const char *p = value->text.p; *p; p += strspn(p, ", ")) {
        size_t n = strcspn(p, ", "), i = 0;
        while (i < fst_n_rules &&
               (strlen(fst_rules[i].name) != n || memcmp(fst_rules[i].name, p, n) != 0))
            i++;
        if (n && i == fst_n_rules)
            return false;
        p += n;
    }
    return true;
}

static enum fst_status check_value(const struct fst_setting *s, const struct fst_doc *value,
                                   const char *file, struct fst_error *err)
{
    int64_t number;
    bool flag;
    bool fits = strcmp(s->type, "int") == 0      ? fst_doc_int(value, &number) && number >= 0
                : strcmp(s->type, "number") == 0 ? is_number(s, value)
                : strcmp(s->type, "rules") == 0  ? are_rules(value)
                : strcmp(s->type, "bool") == 0
                    ? fst_doc_bool(value, &flag)
                    : value->kind != FST_DOC_MAP && value->kind != FST_DOC_LIST;
    if (fits)
        return FST_OK;
    bool bounded = strcmp(s->type, "number") == 0;
    return fst_fail(err, FST_EINVAL, "%s:%u:%u: %s is a setting of type %s%s%s", file, value->line,
                    value->col, s->name, s->type, bounded ? ": " : "", bounded ? s->help : "");
}

static enum fst_status unknown_setting(const char *name, const struct fst_doc *value,
                                       const char *file, struct fst_error *err)
{
    const char *names[FST_COUNT(fst_settings) + 1];
    for (size_t i = 0; i < fst_n_settings; i++)
        names[i] = fst_settings[i].name;
    names[fst_n_settings] = "keys";
    const char *nearest = fst_text_nearest(name, names, fst_n_settings + 1);
    return fst_fail(err, FST_EINVAL, "%s:%u:%u: there is no setting %s%s%s", file, value->key_line,
                    value->key_col, name, nearest ? "; did you mean " : "", nearest ? nearest : "");
}

/* Flags have one spelling, whichever was written. */
static const char *text_of(struct fst_arena *arena, const struct fst_setting *s,
                           const struct fst_doc *value)
{
    bool flag;
    if (strcmp(s->type, "bool") == 0 && fst_doc_bool(value, &flag))
        return flag ? "true" : "false";
    return fst_arena_strndup(arena, value->text.p, value->text.n);
}

static enum fst_status take_map(struct fst_app *a, const struct fst_doc *map, const char *prefix,
                                const char *file, struct fst_error *err)
{
    for (size_t i = 0; i < map->n; i++) {
        const struct fst_doc *value = &map->items[i];
        const char *name =
            fst_arena_printf(a->arena, "%s%s%s", prefix, *prefix ? "." : "", value->key);
        if (strcmp(name, "keys") == 0)
            continue;
        size_t at = setting_index(name);
        if (at == fst_n_settings && value->kind == FST_DOC_MAP && strlen(prefix) < 32) {
            FST_TRY(take_map(a, value, name, file, err));
            continue;
        }
        if (at == fst_n_settings)
            return unknown_setting(name, value, file, err);
        FST_TRY(check_value(&fst_settings[at], value, file, err));
        a->values[at] = text_of(a->arena, &fst_settings[at], value);
        a->origins[at] = fst_arena_strdup(a->arena, file);
    }
    return FST_OK;
}

static enum fst_status take_keys(struct fst_app *a, const struct fst_doc *keys, const char *file,
                                 struct fst_error *err)
{
    if (!keys)
        return FST_OK;
    if (keys->kind != FST_DOC_MAP)
        return fst_fail(err, FST_EINVAL, "%s:%u:%u: keys is a map of action: keys", file,
                        keys->line, keys->col);
    size_t n = a->n_keys + keys->n;
    const char **actions = fst_arena_alloc(a->arena, (n + 1) * sizeof *actions);
    const char **names = fst_arena_alloc(a->arena, (n + 1) * sizeof *names);
    for (size_t i = 0; i < a->n_keys; i++) {
        actions[i] = a->key_actions[i];
        names[i] = a->key_keys[i];
    }
    for (size_t i = 0; i < keys->n; i++) {
        const struct fst_doc *value = &keys->items[i];
        if (value->kind == FST_DOC_MAP || value->kind == FST_DOC_LIST)
            return fst_fail(err, FST_EINVAL, "%s:%u:%u: the keys of %s are one text", file,
                            value->line, value->col, value->key);
        actions[a->n_keys + i] = keys->items[i].key;
        names[a->n_keys + i] = fst_arena_strndup(a->arena, value->text.p, value->text.n);
    }
    a->key_actions = actions;
    a->key_keys = names;
    a->n_keys = n;
    return FST_OK;
}

static enum fst_status load_file(struct fst_app *a, const char *path, bool must_exist,
                                 struct fst_error *err)
{
    char *text;
    size_t n;
    struct fst_doc *stream;
    if (!must_exist && !fst_path_exists(path))
        return FST_OK;
    FST_TRY(fst_file_read(path, MAX_CONFIG_BYTES, &text, &n, err));
    enum fst_status status = fst_yaml_parse(a->arena, path, text, n, NULL, &stream, err);
    free(text);
    FST_TRY(status);
    for (size_t i = 0; i < stream->n; i++) {
        const struct fst_doc *doc = &stream->items[i];
        if (doc->kind == FST_DOC_NULL)
            continue;
        if (doc->kind != FST_DOC_MAP)
            return fst_fail(err, FST_EINVAL, "%s:%u:%u: settings are a map", path, doc->line,
                            doc->col);
        FST_TRY(take_map(a, doc, "", path, err));
        FST_TRY(take_keys(a, fst_doc_get(doc, "keys"), path, err));
    }
    return FST_OK;
}

static char *user_config(void)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (xdg && *xdg)
        return fst_asprintf("%s/firesteel/config.yaml", xdg);
    return fst_asprintf("%s/.config/firesteel/config.yaml", home ? home : "");
}

static void override(struct fst_app *a, const char *name, const char *value, const char *origin)
{
    size_t at = setting_index(name);
    a->values[at] = fst_arena_strdup(a->arena, value);
    a->origins[at] = origin;
}

enum fst_status fst__settings_load(struct fst_app *a, const struct fst_app_options *o,
                                   struct fst_error *err)
{
    a->arena = fst_arena_new();
    a->values = fst_arena_alloc(a->arena, sizeof(char *) * (fst_n_settings + 1));
    a->origins = fst_arena_alloc(a->arena, sizeof(char *) * (fst_n_settings + 1));
    for (size_t i = 0; i < fst_n_settings; i++) {
        a->values[i] = fst_settings[i].fallback;
        a->origins[i] = "default";
    }
    a->config_path = o->config ? fst_strdup(o->config) : user_config();
    FST_TRY(load_file(a, a->config_path, o->config != NULL, err));
    char *own = fst_path_join(a->folder, "config.yaml");
    enum fst_status status = load_file(a, own, false, err);
    free(own);
    if (o->theme)
        override(a, "theme", o->theme, "--theme");
    return status;
}

const char *fst_app_setting(const struct fst_app *a, const char *name)
{
    size_t at = setting_index(name);
    return at < fst_n_settings ? a->values[at] : "";
}

const char *fst_app_setting_origin(const struct fst_app *a, const char *name)
{
    size_t at = setting_index(name);
    return at < fst_n_settings ? a->origins[at] : "";
}

int64_t fst_app_setting_int(const struct fst_app *a, const char *name)
{
    const char *text = fst_app_setting(a, name);
    int64_t v = 0;
    fst_parse_int64(text, strlen(text), &v);
    return v;
}

size_t fst_app_key_bindings(const struct fst_app *a, const char *const **actions,
                            const char *const **keys)
{
    *actions = a->key_actions;
    *keys = a->key_keys;
    return a->n_keys;
}
