/* Keys to actions: each action's row brings its defaults, a user's binding replaces them. Scopes
 * are asked in the order that the caller gives; within one scope a user's own binding comes before
 * everybody's defaults, so that a key that was taken for something else does that. */
#include <stdlib.h>
#include <string.h>

#include "key.h"

struct fst_keymap {
    const struct fst_action *actions; /* borrowed */
    size_t n;
    char **own; /* per action: the user's keys, or NULL */
};

struct fst_keymap *fst_keymap_new(const struct fst_action *actions, size_t n)
{
    struct fst_keymap *m = fst_alloc(sizeof *m);
    *m = (struct fst_keymap){actions, n, fst_alloc((n + 1) * sizeof *m->own)};
    return m;
}

void fst_keymap_free(struct fst_keymap *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->n; i++)
        free(m->own[i]);
    free(m->own);
    free(m);
}

const struct fst_action *fst_keymap_actions(const struct fst_keymap *m, size_t *n)
{
    *n = m->n;
    return m->actions;
}

static const char *keys_of(const struct fst_keymap *m, size_t i)
{
    return m->own[i] ? m->own[i] : m->actions[i].keys ? m->actions[i].keys : "";
}

const char *fst_keymap_keys(const struct fst_keymap *m, const struct fst_action *a)
{
    for (size_t i = 0; i < m->n; i++)
        if (&m->actions[i] == a || (strcmp(m->actions[i].name, a->name) == 0 &&
                                    strcmp(m->actions[i].scope, a->scope) == 0))
            return keys_of(m, i);
    return "";
}

/* ---- Binding --------------------------------------------------------------------------------- */

static const char *next_word(const char *p, size_t *n)
{
    p += strspn(p, " \t");
    *n = strcspn(p, " \t");
    return p;
}

/* The keys in their one spelling ("ctrl-/" is "ctrl-_"), space separated; owned. */
static enum fst_status spell_keys(const char *keys, char **out, struct fst_error *err)
{
    struct fst_buf text = FST_BUF(4096);
    size_t n;
    *out = NULL;
    for (const char *p = next_word(keys, &n); n; p = next_word(p + n, &n)) {
        struct fst_key key;
        if (n == 4 && memcmp(p, "none", 4) == 0)
            continue;
        enum fst_status status = fst__key_parse(p, n, &key, err);
        if (status != FST_OK) {
            fst_buf_done(&text);
            return status;
        }
        fst_buf_printf(&text, "%s%s", text.n ? " " : "", key.name);
    }
    *out = fst_buf_take(&text);
    return FST_OK;
}

static enum fst_status unknown_action(const struct fst_keymap *m, const char *action,
                                      struct fst_error *err)
{
    const char **names = fst_alloc((m->n + 1) * sizeof *names);
    for (size_t i = 0; i < m->n; i++)
        names[i] = m->actions[i].name;
    const char *near = fst_text_nearest(action, names, m->n);
    free(names);
    return fst_fail(err, FST_EINVAL, "there is no action \"%s\"%s%s%s", action,
                    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

enum fst_status fst_keymap_bind(struct fst_keymap *m, const char *action, const char *keys,
                                struct fst_error *err)
{
    char *spelled;
    bool found = false;
    enum fst_status status = spell_keys(keys, &spelled, err);
    if (status != FST_OK) {
        fst_while(err, "keys of %s", action);
        return status;
    }
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->actions[i].name, action) == 0) {
            free(m->own[i]);
            m->own[i] = fst_strdup(spelled);
            found = true;
        }
    free(spelled);
    return found ? FST_OK : unknown_action(m, action, err);
}

/* ---- Finding --------------------------------------------------------------------------------- */

static bool has_key(const char *keys, const char *name)
{
    size_t n, len = strlen(name);
    for (const char *p = next_word(keys, &n); n; p = next_word(p + n, &n))
        if (n == len && memcmp(p, name, n) == 0)
            return true;
    return false;
}

static const struct fst_action *find_in(const struct fst_keymap *m, const char *scope,
                                        const char *key, bool own, bool read_only)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct fst_action *a = &m->actions[i];
        if ((m->own[i] != NULL) == own && !(read_only && a->writes) &&
            strcmp(a->scope, scope) == 0 && has_key(keys_of(m, i), key))
            return a;
    }
    return NULL;
}

const struct fst_action *fst_keymap_find(const struct fst_keymap *m, const char *const *scopes,
                                         const struct fst_key *key, bool read_only)
{
    const struct fst_action *a = NULL;
    if (!key->name[0])
        return NULL;
    for (; *scopes && !a; scopes++) {
        a = find_in(m, *scopes, key->name, true, read_only);
        if (!a)
            a = find_in(m, *scopes, key->name, false, read_only);
    }
    return a;
}
