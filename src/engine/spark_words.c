/* Command lines as lists of words: never a text for a shell, but shown as one. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "spark.h"

void spark_add(struct spark_words *w, const char *word)
{
    if (!word)
        return;
    fst_grow(&w->items, &w->cap, w->n + 2, sizeof(*w->items));
    w->items[w->n++] = fst_arena_strdup(w->a, word);
}

void spark_addf(struct spark_words *w, const char *fmt, ...)
{
    struct fst_buf text = FST_BUF_TEXT;
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&text, fmt, args);
    va_end(args);
    spark_add(w, fst_buf_text(&text));
    fst_buf_done(&text);
}

void spark_add_pair(struct spark_words *w, const char *flag, const char *value)
{
    if (!value || !*value)
        return;
    spark_add(w, flag);
    spark_add(w, value);
}

void spark_add_conf(struct spark_words *w, const char *key, const char *value)
{
    spark_add(w, "--conf");
    spark_addf(w, "%s=%s", key, value);
}

char **spark_words_finish(struct spark_words *w)
{
    char **out = fst_arena_alloc(w->a, (w->n + 1) * sizeof(*out));
    if (w->n)
        memcpy(out, w->items, w->n * sizeof(*out));
    free(w->items);
    w->items = NULL;
    return out;
}

void spark_quote(struct fst_buf *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:=,+@%";
    if (*word && word[strspn(word, plain)] == 0) {
        fst_buf_adds(out, word);
        return;
    }
    fst_buf_addc(out, '\'');
    for (; *word; word++)
        if (*word == '\'')
            fst_buf_adds(out, "'\\''");
        else
            fst_buf_addc(out, *word);
    fst_buf_addc(out, '\'');
}

/* Secrets are among them: nothing of the text stays behind. */
enum fst_status spark_copy_options(struct fst_arena *a, const struct fst_doc *doc,
                                   const struct fst_doc **out, struct fst_error *err)
{
    struct fst_buf json = FST_BUF_TEXT;
    struct fst_doc *copy = NULL;
    *out = NULL;
    if (!doc)
        return FST_OK;
    fst_doc_to_json(&json, doc);
    enum fst_status status =
        fst_json_parse(a, "options", fst_buf_text(&json), json.n, NULL, &copy, err);
    if (json.p)
        fst_wipe(json.p, json.n);
    fst_buf_done(&json);
    *out = copy;
    return status;
}

bool spark_is_secret_name(const char *key)
{
    static const char *const words[] = {"password",   "passwd",      "secret",     "token",
                                        "access.key", "account.key", "accesskey",  "api.key",
                                        "apikey",     "private.key", "credentials"};
    static const char *const ends[] = {"provider", "file", "path", "enabled", "class", "url"};
    size_t n = strlen(key);
    for (size_t i = 0; i < FST_COUNT(ends); i++)
        if (n >= strlen(ends[i]) && strcasecmp(key + n - strlen(ends[i]), ends[i]) == 0)
            return false;
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (strcasestr(key, words[i]))
            return true;
    return false;
}

void spark_say(const struct spark_report *r, bool ok, const char *remedy, const char *fmt, ...)
{
    va_list args;
    struct fst_buf line = FST_BUF_TEXT;
    va_start(args, fmt);
    fst_buf_vprintf(&line, fmt, args);
    va_end(args);
    r->say(r->arg, ok, fst_buf_text(&line), ok ? NULL : remedy);
    fst_buf_done(&line);
}
