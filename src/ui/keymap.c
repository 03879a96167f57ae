/* Keys to actions: each action's row brings its defaults, a user's binding replaces them. Scopes
 * are asked in the order that the caller gives; within one scope a user's own binding comes before
 * everybody's defaults, so that a key that was taken for something else does that.
 *
 * "g,g" is two keys, one after the other. A key that begins a sequence waits for the next; one that
 * does not go on with it ends it, and does nothing. */
#include <stdlib.h>
#include <string.h>

#include "key.h"

struct fst_keymap {
    const struct fst_action *actions; /* borrowed */
    size_t n;
    char **own;      /* per action: the user's keys, or NULL */
    char begun[128]; /* of a sequence */
};

struct fst_keymap *fst_keymap_new(const struct fst_action *actions, size_t n)
{
    struct fst_keymap *m = fst_alloc(sizeof *m);
    *m = (struct fst_keymap){actions, n, fst_alloc((n + 1) * sizeof *m->own), ""};
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

/* One key, or some with commas between them; a comma alone, or at either end, is the key. */
static enum fst_status spell_sequence(const char *p, size_t n, struct fst_buf *out,
                                      struct fst_error *err)
{
    struct fst_key key;
    while (n) {
        const char *comma = n > 2 ? memchr(p + 1, ',', n - 2) : NULL;
        size_t len = comma ? (size_t)(comma - p) : n;
        FST_TRY(fst__key_parse(p, len, &key, err));
        fst_buf_printf(out, "%s%s", key.name, comma ? "," : "");
        p += len + (comma != NULL);
        n -= len + (comma != NULL);
    }
    return FST_OK;
}

/* The keys in their one spelling ("ctrl-/" is "ctrl-_"), space separated; owned. */
static enum fst_status spell_keys(const char *keys, char **out, struct fst_error *err)
{
    struct fst_buf text = FST_BUF(4096);
    size_t n;
    *out = NULL;
    for (const char *p = next_word(keys, &n); n; p = next_word(p + n, &n)) {
        if (n == 4 && memcmp(p, "none", 4) == 0)
            continue;
        fst_buf_adds(&text, text.n ? " " : "");
        enum fst_status status = spell_sequence(p, n, &text, err);
        if (status != FST_OK) {
            fst_buf_done(&text);
            return status;
        }
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

/* Does a sequence of one of the scopes begin with these keys? */
static bool begins(const struct fst_keymap *m, const char *scope, const char *keys, bool read_only)
{
    size_t n, len = strlen(keys);
    for (size_t i = 0; i < m->n; i++) {
        const struct fst_action *a = &m->actions[i];
        if (strcmp(a->scope, scope) != 0 || (read_only && a->writes))
            continue;
        for (const char *p = next_word(keys_of(m, i), &n); n; p = next_word(p + n, &n))
            if (n > len + 1 && p[len] == ',' && memcmp(p, keys, len) == 0)
                return true;
    }
    return false;
}

static const struct fst_action *find_keys(const struct fst_keymap *m, const char *const *scopes,
                                          const char *keys, bool read_only)
{
    const struct fst_action *a = NULL;
    for (; *scopes && !a; scopes++) {
        a = find_in(m, *scopes, keys, true, read_only);
        if (!a)
            a = find_in(m, *scopes, keys, false, read_only);
    }
    return a;
}

const struct fst_action *fst_keymap_look(const struct fst_keymap *m, const char *const *scopes,
                                         const struct fst_key *key, bool read_only)
{
    return key->name[0] ? find_keys(m, scopes, key->name, read_only) : NULL;
}

const struct fst_action *fst_keymap_find(struct fst_keymap *m, const char *const *scopes,
                                         const struct fst_key *key, bool read_only)
{
    char keys[sizeof m->begun];
    int n = snprintf(keys, sizeof keys, "%s%s%s", m->begun, *m->begun ? "," : "", key->name);
    m->begun[0] = '\0';
    if (!key->name[0] || n < 0 || (size_t)n >= sizeof keys)
        return NULL;
    for (size_t i = 0; scopes[i]; i++)
        if (begins(m, scopes[i], keys, read_only)) {
            memcpy(m->begun, keys, (size_t)n + 1);
            return NULL;
        }
    return find_keys(m, scopes, keys, read_only);
}

const char *fst_keymap_begun(const struct fst_keymap *m)
{
    return m->begun;
}

void fst_keymap_forget(struct fst_keymap *m)
{
    m->begun[0] = '\0';
}
