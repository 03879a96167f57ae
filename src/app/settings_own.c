/* What people bring of their own in the settings: keys for actions, and commands on what is under
 * the cursor.
 *
 *     keys:
 *       run.cancel: "c ctrl-k"
 *     commands:
 *       open-in-git:
 *         argv: [tig, blame, "definitions/{name}.yaml"]
 *         scope: resource            # or run, or global
 *         keys: "alt-g"
 *
 * A command is an argv, never a line for a shell. It is taken from the user's own file only: a
 * workspace that came from elsewhere cannot bring programs along. */
#include <string.h>

#include "app.h"
#include "firesteel/io.h"

enum { MOST_COMMANDS = 100, MOST_WORDS = 64 };

static enum fst_status take_key(struct fst_settings *to, const struct fst_doc *value,
                                const char *file, struct fst_error *err)
{
    if (value->kind == FST_DOC_MAP || value->kind == FST_DOC_LIST)
        return fst_fail(err, FST_EINVAL, "%s:%u:%u: the keys of %s are one text", file, value->line,
                        value->col, value->key);
    to->keys[to->n_keys++] = (struct fst_key_binding){
        fst_arena_strdup(to->arena, value->key),
        fst_arena_strndup(to->arena, value->text.p, value->text.n),
        fst_arena_printf(to->arena, "%s:%u:%u", file, value->key_line, value->key_col)};
    return FST_OK;
}

enum fst_status fst__take_keys(struct fst_settings *to, const struct fst_doc *keys,
                               const char *file, struct fst_error *err)
{
    if (!keys)
        return FST_OK;
    if (keys->kind != FST_DOC_MAP)
        return fst_fail(err, FST_EINVAL, "%s:%u:%u: keys is a map of action: keys", file,
                        keys->line, keys->col);
    struct fst_key_binding *all =
        fst_arena_alloc(to->arena, (to->n_keys + keys->n + 1) * sizeof *all);
    if (to->n_keys)
        memcpy(all, to->keys, to->n_keys * sizeof *all);
    to->keys = all;
    for (size_t i = 0; i < keys->n; i++)
        FST_TRY(take_key(to, &keys->items[i], file, err));
    return FST_OK;
}

/* ---- Commands -------------------------------------------------------------------------------- */

static const char *const fields[] = {"argv", "scope", "keys", "help", "ask", "confirm", "show"};
static const char *const scopes[] = {"resource", "run", "global"};

static bool is_one_of(const char *word, const char *const *all, size_t n)
{
    size_t i = 0;
    while (i < n && strcmp(all[i], word) != 0)
        i++;
    return i < n;
}

static enum fst_status wrong(struct fst_error *err, const char *file, uint32_t line, uint32_t col,
                             const char *what, const char *word, const char *const *all, size_t n)
{
    const char *near = fst_text_nearest(word, all, n);
    return fst_fail(err, FST_EINVAL, "%s:%u:%u: there is no %s %s%s%s", file, line, col, what, word,
                    near ? "; did you mean " : "", near ? near : "");
}

static enum fst_status check_fields(const struct fst_doc *doc, const char *file,
                                    struct fst_error *err)
{
    if (doc->kind != FST_DOC_MAP)
        return fst_fail(err, FST_EINVAL, "%s:%u:%u: the command %s is a map with argv", file,
                        doc->line, doc->col, doc->key);
    for (size_t i = 0; i < doc->n; i++) {
        const struct fst_doc *it = &doc->items[i];
        if (!is_one_of(it->key, fields, FST_COUNT(fields)))
            return wrong(err, file, it->key_line, it->key_col, "key", it->key, fields,
                         FST_COUNT(fields));
    }
    return FST_OK;
}

static enum fst_status take_argv(struct fst_settings *to, struct fst_own_command *c,
                                 const struct fst_doc *doc, const char *file, struct fst_error *err)
{
    const struct fst_doc *argv = fst_doc_get(doc, "argv");
    if (!argv || argv->kind != FST_DOC_LIST || argv->n == 0 || argv->n > MOST_WORDS)
        return fst_fail(err, FST_EINVAL,
                        "%s:%u:%u: the command %s needs argv, a list of words: [git, log, "
                        "\"{name}\"]",
                        file, doc->line, doc->col, doc->key);
    const char **words = fst_arena_alloc(to->arena, (argv->n + 1) * sizeof *words);
    for (size_t i = 0; i < argv->n; i++) {
        const struct fst_doc *word = &argv->items[i];
        if (word->kind == FST_DOC_MAP || word->kind == FST_DOC_LIST)
            return fst_fail(err, FST_EINVAL,
                            "%s:%u:%u: a word of argv is a text; quote what begins with {", file,
                            word->line, word->col);
        words[i] = fst_arena_strndup(to->arena, word->text.p, word->text.n);
    }
    c->argv = words;
    c->n_argv = argv->n;
    return FST_OK;
}

static enum fst_status take_flag(const struct fst_doc *doc, const char *key, bool *out,
                                 const char *file, struct fst_error *err)
{
    const struct fst_doc *value = fst_doc_get(doc, key);
    if (!value || fst_doc_bool(value, out))
        return FST_OK;
    return fst_fail(err, FST_EINVAL, "%s:%u:%u: %s is true or false", file, value->line, value->col,
                    key);
}

static const char *text_of(struct fst_settings *to, const struct fst_doc *doc, const char *key,
                           const char *fallback)
{
    const char *text = fst_doc_string(doc, key, fallback);
    return text ? fst_arena_strdup(to->arena, text) : NULL;
}

static enum fst_status take_command(struct fst_settings *to, const struct fst_doc *doc,
                                    const char *file, struct fst_error *err)
{
    FST_TRY(check_fields(doc, file, err));
    struct fst_own_command *c = &to->commands[to->n_commands];
    *c = (struct fst_own_command){
        .name = fst_arena_printf(to->arena, "own.%s", doc->key),
        .help = text_of(to, doc, "help", NULL),
        .keys = text_of(to, doc, "keys", ""),
        .scope = text_of(to, doc, "scope", "resource"),
        .ask = text_of(to, doc, "ask", NULL),
        .where = fst_arena_printf(to->arena, "%s:%u:%u", file, doc->key_line, doc->key_col)};
    if (!is_one_of(c->scope, scopes, FST_COUNT(scopes)))
        return wrong(err, file, doc->key_line, doc->key_col, "scope", c->scope, scopes,
                     FST_COUNT(scopes));
    FST_TRY(take_argv(to, c, doc, file, err));
    FST_TRY(take_flag(doc, "confirm", &c->confirm, file, err));
    FST_TRY(take_flag(doc, "show", &c->show, file, err));
    if (!c->help) {
        struct fst_buf line = FST_BUF(1024);
        fst_buf_adds(&line, "Your own:");
        for (size_t i = 0; i < c->n_argv; i++)
            fst_buf_printf(&line, " %s", c->argv[i]);
        c->help = fst_arena_strdup(to->arena, fst_buf_text(&line));
        fst_buf_done(&line);
    }
    to->n_commands++;
    return FST_OK;
}

enum fst_status fst__take_commands(struct fst_settings *to, const struct fst_doc *commands,
                                   const char *file, bool is_users, struct fst_error *err)
{
    if (!commands)
        return FST_OK;
    if (!is_users)
        return fst_fail(err, FST_EINVAL,
                        "%s:%u:%u: commands are taken from your own config.yaml only, not from a "
                        "workspace's",
                        file, commands->line, commands->col);
    if (commands->kind != FST_DOC_MAP || commands->n > MOST_COMMANDS)
        return fst_fail(err, FST_EINVAL, "%s:%u:%u: commands is a map of at most %d names", file,
                        commands->line, commands->col, MOST_COMMANDS);
    to->commands =
        fst_arena_alloc(to->arena, (to->n_commands + commands->n + 1) * sizeof *to->commands);
    to->n_commands = 0;
    for (size_t i = 0; i < commands->n; i++)
        FST_TRY(take_command(to, &commands->items[i], file, err));
    return FST_OK;
}

/* ---- The end of a run ------------------------------------------------------------------------ */

enum fst_status fst__take_notify(struct fst_settings *to, const struct fst_doc *doc,
                                 const char *file, bool is_users, struct fst_error *err)
{
    const struct fst_doc *argv = fst_doc_get(doc, "notify.command");
    const struct fst_doc *nested = fst_doc_get(doc, "notify");
    if (!argv && nested && nested->kind == FST_DOC_MAP)
        argv = fst_doc_get(nested, "command");
    if (!argv)
        return FST_OK;
    if (!is_users)
        return fst_fail(err, FST_EINVAL,
                        "%s:%u:%u: notify.command is taken from your own config.yaml only, not "
                        "from a workspace's",
                        file, argv->line, argv->col);
    struct fst_doc wrapped = {.kind = FST_DOC_MAP, .n = 1, .items = (struct fst_doc[1]){*argv}};
    struct fst_own_command c = {0};
    wrapped.items[0].key = "argv";
    wrapped.key = "notify.command";
    wrapped.line = argv->line;
    wrapped.col = argv->col;
    FST_TRY(take_argv(to, &c, &wrapped, file, err));
    to->notify = c.argv;
    to->n_notify = c.n_argv;
    return FST_OK;
}

const char *const *fst_app_notify_command(const struct fst_app *a, size_t *n)
{
    *n = a->settings.n_notify;
    return a->settings.notify;
}

const struct fst_key_binding *fst_app_key_bindings(const struct fst_app *a, size_t *n)
{
    *n = a->settings.n_keys;
    return a->settings.keys;
}

const struct fst_own_command *fst_app_own_commands(const struct fst_app *a, size_t *n)
{
    *n = a->settings.n_commands;
    return a->settings.commands;
}

enum fst_status fst_app_run_own(char *const *argv, size_t cap, struct fst_buf *out,
                                int *exit_status, struct fst_error *err)
{
    return fst_run(argv, 600000, cap, out, exit_status, err);
}
