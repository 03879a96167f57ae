/* Secrets by reference. What is written down anywhere (definitions, catalog, job files) is a
 * reference; here it becomes a value, as late as possible and in the caller's memory only. The text
 * of an error names the reference, never a value. */
#include <stdlib.h>
#include <string.h>

#include "secret.h"

#define MAX_SECRET ((size_t)64 << 10)
enum { CMD_TIMEOUT_MS = 30000, MAX_WORDS = 64 };

/* A line's end after a secret is the editor's, not the secret's. */
static enum fst_status finish(char *value, size_t n, const char *reference, char **out,
                              struct fst_error *err)
{
    bool binary = strlen(value) != n;
    size_t end = n;
    if (end > 0 && value[end - 1] == '\n')
        end--;
    if (end > 0 && value[end - 1] == '\r')
        end--;
    if (binary || end == 0) {
        fst_wipe(value, n);
        free(value);
        return fst_fail(err, FST_EAUTH, binary ? "%s: the secret is not text" : "%s: is empty",
                        reference);
    }
    memset(value + end, 0, n - end);
    *out = value;
    return FST_OK;
}

static enum fst_status from_env(const char *name, const char *reference, char **out,
                                struct fst_error *err)
{
    const char *value = getenv(name);
    if (!value || !*value)
        return fst_fail(err, FST_EAUTH, "%s: the environment has no %s; set it before you start",
                        reference, name);
    *out = fst_strdup(value);
    return FST_OK;
}

static enum fst_status from_file(const char *path, const char *reference, char **out,
                                 struct fst_error *err)
{
    const char *home = strncmp(path, "~/", 2) == 0 ? getenv("HOME") : NULL;
    char *full = home ? fst_path_join(home, path + 2) : fst_strdup(path);
    char *value = NULL;
    size_t n = 0;
    enum fst_status status = fst_file_read(full, MAX_SECRET, &value, &n, err);
    free(full);
    if (status != FST_OK) {
        if (err)
            err->status = FST_EAUTH;
        fst_while(err, "%s", reference);
        return FST_EAUTH;
    }
    return finish(value, n, reference, out, err);
}

/* One word: quotes of both kinds hold spaces together; there is no shell and nothing is expanded.
 */
static char *next_word(const char **p)
{
    *p += strspn(*p, " \t");
    if (!**p)
        return NULL;
    struct fst_buf word = FST_BUF(MAX_SECRET);
    char quote = 0;
    fst_buf_adds(&word, "");
    for (; **p && (quote || !strchr(" \t", **p)); (*p)++) {
        if (quote ? **p == quote : (**p == '\'' || **p == '"'))
            quote = quote ? 0 : **p;
        else
            fst_buf_addc(&word, **p);
    }
    return fst_buf_take(&word);
}

static enum fst_status run_command(char *const *argv, const char *reference, char **out,
                                   struct fst_error *err)
{
    struct fst_buf said;
    int code = 0;
    enum fst_status status = fst_run(argv, CMD_TIMEOUT_MS, MAX_SECRET, &said, &code, err);
    if (status != FST_OK) {
        if (err)
            err->status = FST_EAUTH;
        fst_while(err, "%s", reference);
        return FST_EAUTH;
    }
    size_t n = said.n;
    char *value = fst_buf_take(&said);
    if (code != 0) {
        fst_wipe(value, n);
        free(value);
        return fst_fail(err, FST_EAUTH, "%s: the command ended with status %d", reference, code);
    }
    return finish(value, n, reference, out, err);
}

enum fst_status secret_of_command(const char *line, const char *reference, char **out,
                                  struct fst_error *err)
{
    char *argv[MAX_WORDS + 1] = {NULL};
    size_t n = 0;
    while (n < MAX_WORDS && (argv[n] = next_word(&line)))
        n++;
    enum fst_status status = n == 0 ? fst_fail(err, FST_EAUTH, "%s: names no command", reference)
                             : n == MAX_WORDS
                                 ? fst_fail(err, FST_EAUTH, "%s: too many words", reference)
                                 : run_command(argv, reference, out, err);
    for (size_t i = 0; i < n; i++)
        free(argv[i]);
    return status;
}

static enum fst_status from_profile(const char *name, const char *reference, char **out,
                                    struct fst_error *err)
{
    (void)out;
    return fst_fail(err, FST_EUNSUPPORTED,
                    "%s: profile \"%s\" holds a pair of keys, not one value; name it in the "
                    "`profile` of a store",
                    reference, name);
}

static const struct {
    const char *scheme;
    enum fst_status (*resolve)(const char *rest, const char *reference, char **out,
                               struct fst_error *err);
    bool runs_a_command;
} schemes[] = {
    {"env:", from_env, false},
    {"file:", from_file, false},
    {"cmd:", secret_of_command, true},
    {"profile:", from_profile, false},
};

bool fst_secret_is_reference(const char *text)
{
    for (size_t i = 0; i < FST_COUNT(schemes); i++)
        if (strncmp(text, schemes[i].scheme, strlen(schemes[i].scheme)) == 0)
            return true;
    return false;
}

enum fst_status fst_secret_resolve(const char *reference, bool allow_cmd, char **out,
                                   struct fst_error *err)
{
    for (size_t i = 0; i < FST_COUNT(schemes); i++) {
        size_t n = strlen(schemes[i].scheme);
        if (strncmp(reference, schemes[i].scheme, n) != 0)
            continue;
        if (schemes[i].runs_a_command && !allow_cmd)
            return fst_fail(err, FST_EDENIED,
                            "%s: commands of another user's workspace are not run", reference);
        return schemes[i].resolve(reference + n, reference, out, err);
    }
    return fst_fail(err, FST_EINVAL,
                    "not a reference to a secret: write env:NAME, file:PATH or cmd:COMMAND");
}
