/* Settings: one table; values come from the user's config.yaml, then from the workspace's. Keys may
 * be nested maps or written with dots. `keys:` binds actions to keys. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app.h"

#define MAX_CONFIG_BYTES (1u << 20)

#define COLUMNS                                                                                    \
    "columns:name,variant,type,state,stale,owner,tags,provider,ran,age,variants,run,description"
#define WITH_STATES "name,variant,state,stale,owner,description"
#define PLAIN "name,owner,tags,description"

const struct fst_setting fst_settings[] = {
    {"provider", "string", "",
     "provider of runs and queries that name none; empty = the embedded engine"},
    {"time_zone", "string", "UTC", "IANA name of the session's time zone, sent to Spark"},
    {"theme", "string", "default",
     "a built-in theme (default, dark, light, mono, colorblind) or the path of one"},
    {"preview.rows", "int", "50", "rows that `preview` shows when no -n is given"},
    {"copy.format", "string", "tsv",
     "how rows are copied from the grid: tsv, csv, jsonl, markdown, insert, values or pyspark"},
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
    {"editor.keys", "string", "plain", "keys of the SQL editor: plain, or vi"},
    {"ui.ascii", "bool", "false", "draw lines and marks in ASCII"},
    {"columns.sources", COLUMNS, WITH_STATES, "columns of the list of sources"},
    {"columns.transformations", COLUMNS, WITH_STATES, "of transformations"},
    {"columns.features", COLUMNS, WITH_STATES, "of features"},
    {"columns.labels", COLUMNS, WITH_STATES, "of labels"},
    {"columns.training_sets", COLUMNS, WITH_STATES, "of training sets"},
    {"columns.jobs", COLUMNS, WITH_STATES, "of jobs"},
    {"columns.entities", COLUMNS, PLAIN, "of entities"},
    {"columns.providers", COLUMNS, PLAIN, "of providers"},
    {"columns.search", COLUMNS, "name,variant,type,state,owner,description",
     "of what a search found"},
    {"columns.runs",
     "columns:run,name,state,attempt,provider,engine,host,user,began,took,rows,error",
     "run,name,state,provider,took,rows,error", "of runs"},
    {"read_only", "bool", "false", "change nothing: what writes is gone, as with --read-only"},
    {"production", "names", "",
     "providers, as names or globs (prod-*), whose work is real: the title is drawn in the theme's "
     "role production, and what changes something there asks for the provider's name"},
    {"staging", "names", "", "the same for the role staging; nothing is asked"},
    {"notify", "choice:bell,osc9,none", "bell",
     "how the end of a run that was started here is told: the bell, a notification of the terminal "
     "(OSC 9), or not; notify.command, a list of words in your own file, is started besides, with "
     "{name} {state} {took} {run} filled in"},
    {"notify.after", "int", "0", "seconds: the end of shorter runs rings nothing"},
    {"findings.muted", "rules", "",
     "rules that say no more than that they are muted: skew,gc; a resource's property mute adds "
     "its own"},
#define ROW(name, fallback, least, most, help)                                                     \
    {"findings." name, "number", #fallback, help " (" #least " to " #most ")"},
    FST_THRESHOLDS(ROW)
#undef ROW
};
const size_t fst_n_settings = FST_COUNT(fst_settings);

size_t fst__setting_index(const char *name)
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

/* Every name is among those of the type: "columns:name,state". */
static bool are_columns(const char *type, const struct fst_doc *value)
{
    if (value->kind == FST_DOC_MAP || value->kind == FST_DOC_LIST || !value->text.n)
        return false;
    const char *all = strchr(type, ':') + 1;
    size_t n, len;
    for (const char *p = value->text.p; *p; p += n, p += strspn(p, ", ")) {
        bool is = false;
        n = strcspn(p, ", ");
        for (const char *q = all; *q && !is; q += len, q += *q == ',') {
            len = strcspn(q, ",");
            is = len == n && memcmp(p, q, n) == 0;
        }
        if (!is)
            return false;
    }
    return true;
}

static bool is_choice(const char *type, const struct fst_doc *value)
{
    if (value->kind == FST_DOC_MAP || value->kind == FST_DOC_LIST)
        return false;
    for (const char *p = strchr(type, ':') + 1; *p; p += *p == ',') {
        size_t n = strcspn(p, ",");
        if (value->text.n == n && memcmp(value->text.p, p, n) == 0)
            return true;
        p += n;
    }
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

static bool are_keys(const struct fst_doc *value)
{
    static const char *const all[] = {"plain", "vi"};
    for (size_t i = 0; i < FST_COUNT(all); i++)
        if (value->kind != FST_DOC_MAP && value->kind != FST_DOC_LIST &&
            value->text.n == strlen(all[i]) && memcmp(value->text.p, all[i], value->text.n) == 0)
            return true;
    return false;
}

static enum fst_status check_value(const struct fst_setting *s, const struct fst_doc *value,
                                   const char *file, struct fst_error *err)
{
    int64_t number;
    bool flag;
    bool fits = strcmp(s->name, "editor.keys") == 0   ? are_keys(value)
                : strcmp(s->type, "int") == 0         ? fst_doc_int(value, &number) && number >= 0
                : strcmp(s->type, "number") == 0      ? is_number(s, value)
                : strcmp(s->type, "rules") == 0       ? are_rules(value)
                : strncmp(s->type, "columns", 7) == 0 ? are_columns(s->type, value)
                : strncmp(s->type, "choice", 6) == 0  ? is_choice(s->type, value)
                : strcmp(s->type, "bool") == 0
                    ? fst_doc_bool(value, &flag)
                    : value->kind != FST_DOC_MAP && value->kind != FST_DOC_LIST;
    if (fits)
        return FST_OK;
    bool bounded = strcmp(s->type, "number") == 0 || strcmp(s->name, "editor.keys") == 0;
    return fst_fail(err, FST_EINVAL, "%s:%u:%u: %s is a setting of type %s%s%s", file, value->line,
                    value->col, s->name, s->type, bounded ? ": " : "", bounded ? s->help : "");
}

static enum fst_status unknown_setting(const char *name, const struct fst_doc *value,
                                       const char *file, struct fst_error *err)
{
    const char *names[FST_COUNT(fst_settings) + 3];
    for (size_t i = 0; i < fst_n_settings; i++)
        names[i] = fst_settings[i].name;
    names[fst_n_settings] = "keys";
    names[fst_n_settings + 1] = "commands";
    names[fst_n_settings + 2] = "notify.command";
    const char *nearest = fst_text_nearest(name, names, fst_n_settings + 3);
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

static bool is_own_section(const char *name)
{
    return strcmp(name, "keys") == 0 || strcmp(name, "commands") == 0 ||
           strcmp(name, "notify.command") == 0;
}

static enum fst_status take_map(struct fst_settings *to, const struct fst_doc *map,
                                const char *prefix, const char *file, struct fst_error *err)
{
    for (size_t i = 0; i < map->n; i++) {
        const struct fst_doc *value = &map->items[i];
        const char *name =
            fst_arena_printf(to->arena, "%s%s%s", prefix, *prefix ? "." : "", value->key);
        if (is_own_section(name))
            continue;
        size_t at = fst__setting_index(name);
        bool is_group = at == fst_n_settings || strcmp(name, "notify") == 0;
        if (is_group && value->kind == FST_DOC_MAP && strlen(prefix) < 32) {
            FST_TRY(take_map(to, value, name, file, err));
            continue;
        }
        if (at == fst_n_settings)
            return unknown_setting(name, value, file, err);
        FST_TRY(check_value(&fst_settings[at], value, file, err));
        to->values[at] = text_of(to->arena, &fst_settings[at], value);
        to->origins[at] = fst_arena_strdup(to->arena, file);
    }
    return FST_OK;
}

static enum fst_status load_file(struct fst_settings *to, const char *path, bool must_exist,
                                 bool is_users, struct fst_error *err)
{
    char *text;
    size_t n;
    struct fst_doc *stream;
    if (!must_exist && !fst_path_exists(path))
        return FST_OK;
    FST_TRY(fst_file_read(path, MAX_CONFIG_BYTES, &text, &n, err));
    enum fst_status status = fst_yaml_parse(to->arena, path, text, n, NULL, &stream, err);
    free(text);
    FST_TRY(status);
    for (size_t i = 0; i < stream->n; i++) {
        const struct fst_doc *doc = &stream->items[i];
        if (doc->kind == FST_DOC_NULL)
            continue;
        if (doc->kind != FST_DOC_MAP)
            return fst_fail(err, FST_EINVAL, "%s:%u:%u: settings are a map", path, doc->line,
                            doc->col);
        FST_TRY(take_map(to, doc, "", path, err));
        FST_TRY(fst__take_keys(to, fst_doc_get(doc, "keys"), path, err));
        FST_TRY(fst__take_commands(to, fst_doc_get(doc, "commands"), path, is_users, err));
        FST_TRY(fst__take_notify(to, doc, path, is_users, err));
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

/* What --theme and `:set` say stays, whatever the files say afterwards. */
static void keep_overrides(struct fst_settings *to, const struct fst_settings *from)
{
    for (size_t i = 0; from->values && i < fst_n_settings; i++)
        if (from->origins[i][0] == '-' || from->origins[i][0] == ':') {
            to->values[i] = from->values[i];
            to->origins[i] = from->origins[i];
        }
}

static enum fst_status read_all(struct fst_app *a, bool must_exist, struct fst_settings *to,
                                struct fst_error *err)
{
    to->values = fst_arena_alloc(to->arena, sizeof *to->values * (fst_n_settings + 1));
    to->origins = fst_arena_alloc(to->arena, sizeof *to->origins * (fst_n_settings + 1));
    for (size_t i = 0; i < fst_n_settings; i++) {
        to->values[i] = fst_settings[i].fallback;
        to->origins[i] = "default";
    }
    FST_TRY(load_file(to, a->config_path, must_exist, true, err));
    char *own = fst_path_join(a->folder, "config.yaml");
    enum fst_status status = load_file(to, own, false, false, err);
    free(own);
    return status;
}

static void follow_read_only(struct fst_app *a)
{
    a->read_only = a->must_read_only || fst_app_setting(a, "read_only")[0] == 't';
}

enum fst_status fst__settings_load(struct fst_app *a, const struct fst_app_options *o,
                                   struct fst_error *err)
{
    a->settings.arena = fst_arena_new();
    a->config_path = o->config ? fst_strdup(o->config) : user_config();
    FST_TRY(read_all(a, o->config != NULL, &a->settings, err));
    if (o->theme) {
        size_t at = fst__setting_index("theme");
        a->settings.values[at] = fst_arena_strdup(a->settings.arena, o->theme);
        a->settings.origins[at] = "--theme";
    }
    a->settings_stamp = fst_app_settings_stamp(a);
    follow_read_only(a);
    return FST_OK;
}

/* ---- While the program runs ------------------------------------------------------------------ */

static uint64_t stamp_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return 1;
    return (uint64_t)st.st_mtim.tv_sec * 1000000007u + (uint64_t)st.st_mtim.tv_nsec +
           (uint64_t)st.st_size * 31u + (uint64_t)st.st_ino;
}

uint64_t fst_app_settings_stamp(const struct fst_app *a)
{
    char *own = fst_path_join(a->folder, "config.yaml");
    uint64_t stamp = stamp_of(a->config_path) * 31 + stamp_of(own);
    free(own);
    return stamp;
}

enum fst_status fst_app_reload(struct fst_app *a, bool *changed, struct fst_error *err)
{
    uint64_t stamp = fst_app_settings_stamp(a);
    struct fst_settings fresh = {.arena = a->settings.arena};
    *changed = stamp != a->settings_stamp;
    a->settings_stamp = stamp;
    if (!*changed)
        return FST_OK;
    FST_TRY(read_all(a, false, &fresh, err));
    keep_overrides(&fresh, &a->settings);
    a->settings.keys = fresh.keys;
    a->settings.n_keys = fresh.n_keys;
    a->settings.commands = fresh.commands;
    a->settings.n_commands = fresh.n_commands;
    a->settings.notify = fresh.notify;
    a->settings.n_notify = fresh.n_notify;
    for (size_t i = 0; i < fst_n_settings; i++) {
        a->settings.values[i] = fresh.values[i];
        a->settings.origins[i] = fresh.origins[i];
    }
    follow_read_only(a);
    return FST_OK;
}

enum fst_status fst_app_set(struct fst_app *a, const char *name, const char *value,
                            struct fst_error *err)
{
    size_t at = fst__setting_index(name);
    struct fst_doc *stream, doc = {.kind = FST_DOC_STRING, .text = fst_str("")};
    FST_TRY(fst_yaml_parse(a->settings.arena, ":set", value, strlen(value), NULL, &stream, err));
    if (stream->n && stream->items[0].kind != FST_DOC_NULL)
        doc = stream->items[0];
    doc.key = name;
    if (at == fst_n_settings)
        return unknown_setting(name, &doc, ":set", err);
    FST_TRY(check_value(&fst_settings[at], &doc, ":set", err));
    a->settings.values[at] = text_of(a->settings.arena, &fst_settings[at], &doc);
    a->settings.origins[at] = ":set";
    follow_read_only(a);
    return FST_OK;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

const char *fst_app_setting(const struct fst_app *a, const char *name)
{
    size_t at = fst__setting_index(name);
    return at < fst_n_settings ? a->settings.values[at] : "";
}

const char *fst_app_setting_origin(const struct fst_app *a, const char *name)
{
    size_t at = fst__setting_index(name);
    return at < fst_n_settings ? a->settings.origins[at] : "";
}

int64_t fst_app_setting_int(const struct fst_app *a, const char *name)
{
    const char *text = fst_app_setting(a, name);
    int64_t v = 0;
    fst_parse_int64(text, strlen(text), &v);
    return v;
}

bool fst_app_provider_is(const struct fst_app *a, const char *setting, const char *provider)
{
    const char *all = fst_app_setting(a, setting);
    if (!provider || !*provider)
        provider = fst_app_setting(a, "provider");
    size_t n;
    for (const char *p = all + strspn(all, ", "); *p; p += n, p += strspn(p, ", ")) {
        n = strcspn(p, ", ");
        char *pattern = fst_strndup(p, n);
        bool fits = *provider && fnmatch(pattern, provider, 0) == 0;
        free(pattern);
        if (fits)
            return true;
    }
    return false;
}
