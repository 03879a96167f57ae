/* Settings of Spark: merged, and told apart by what is a secret. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/io.h"
#include "spark.h"
#include "spark_conf.h"

static bool is_env(const char *value)
{
    return strncmp(value, "env:", 4) == 0;
}

bool spark_setting_is_secret(const char *key, const char *value)
{
    return spark_is_secret_name(key) || is_env(value);
}

static struct spark_setting *find(const struct spark_conf *c, const char *key)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->items[i].key, key) == 0)
            return &c->items[i];
    return NULL;
}

void spark_conf_set(struct spark_conf *c, const char *key, const char *value)
{
    struct spark_setting *at = find(c, key);
    if (!at) {
        fst_grow(&c->items, &c->cap, c->n + 1, sizeof *c->items);
        at = &c->items[c->n++];
    }
    *at = (struct spark_setting){
        .key = key, .value = value, .secret = spark_setting_is_secret(key, value)};
}

void spark_conf_default(struct spark_conf *c, const char *key, const char *value)
{
    if (!find(c, key))
        spark_conf_set(c, key, value);
}

const char *spark_conf_get(const struct spark_conf *c, const char *key)
{
    const struct spark_setting *at = find(c, key);
    return at ? at->value : NULL;
}

/* Keys and values become lines of files and words of commands. */
static bool is_setting(const struct fst_doc *item)
{
    return item->kind != FST_DOC_LIST && item->kind != FST_DOC_MAP &&
           strncmp(item->key, "spark.", 6) == 0 && !strpbrk(item->key, "= \t\r\n:");
}

enum fst_status spark_conf_add(struct spark_conf *c, const struct fst_doc *map,
                               struct fst_error *err)
{
    if (!map || map->kind == FST_DOC_NULL)
        return FST_OK;
    if (map->kind != FST_DOC_MAP)
        return fst_fail(err, FST_EINVAL, "conf must be a map of spark.* settings");
    for (size_t i = 0; i < map->n; i++) {
        const struct fst_doc *item = &map->items[i];
        if (item->kind == FST_DOC_NULL)
            continue;
        if (!is_setting(item))
            return fst_fail(err, FST_EINVAL, "conf: %s is no spark.* setting with one value",
                            item->key);
        spark_conf_set(c, item->key, item->text.p);
    }
    return FST_OK;
}

/* file:/dir of spark.eventLog.dir is a place, file:/key of a *.password is where the secret is. */
static bool is_reference(const struct spark_setting *s)
{
    return is_env(s->value) || (spark_is_secret_name(s->key) && fst_secret_is_reference(s->value));
}

enum fst_status spark_conf_resolve(struct spark_conf *c, struct fst_arena *a, struct fst_error *err)
{
    for (size_t i = 0; i < c->n; i++) {
        struct spark_setting *s = &c->items[i];
        if (!is_reference(s))
            continue;
        char *value;
        enum fst_status status = fst_secret_resolve(s->value, false, &value, err);
        if (status != FST_OK) {
            fst_while(err, "conf %s", s->key);
            return status;
        }
        s->value = fst_arena_strdup(a, value);
        s->secret = s->resolved = true;
        fst_wipe(value, strlen(value));
        free(value);
    }
    return FST_OK;
}

void spark_conf_wipe(struct spark_conf *c)
{
    for (size_t i = 0; i < c->n; i++) {
        if (!c->items[i].resolved)
            continue;
        fst_wipe((char *)c->items[i].value, strlen(c->items[i].value));
        c->items[i].value = "";
    }
}

void spark_conf_done(struct spark_conf *c)
{
    free(c->items);
    *c = (struct spark_conf){0};
}

void spark_conf_line(struct fst_buf *out, const char *key, const char *value)
{
    fst_buf_printf(out, "%s=", key);
    for (const char *p = value; *p; p++) {
        if (*p == '\n' || *p == '\r' || *p == '\t')
            fst_buf_printf(out, "\\%c", *p == '\n' ? 'n' : *p == '\r' ? 'r' : 't');
        else if (*p == '\\' || (*p == ' ' && p == value))
            fst_buf_printf(out, "\\%c", *p);
        else
            fst_buf_addc(out, *p);
    }
    fst_buf_addc(out, '\n');
}
