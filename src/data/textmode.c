/* textmode: see the header. */
#include "textmode.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum fst_status fst_text_option_value(const char *format, const struct fst_doc *item,
                                      const char **out, struct fst_error *err)
{
    if (item->kind == FST_DOC_LIST || item->kind == FST_DOC_MAP)
        return fst_fail(err, FST_EINVAL, "%s option %s: a plain value is expected", format,
                        item->key);
    *out = item->kind == FST_DOC_NULL ? "" : item->text.p;
    return FST_OK;
}

static bool is_one_of(const char *value, const char *list)
{
    size_t n = strlen(value);
    for (const char *p = list;; p++) {
        size_t length = strcspn(p, "|");
        if (length == n && strncasecmp(p, value, n) == 0)
            return true;
        p += length;
        if (!*p)
            return false;
    }
}

static enum fst_status take(const char *format, const struct fst_text_option *o, const char *value,
                            void *options, struct fst_error *err)
{
    if (o->flag == SIZE_MAX) {
        if (!o->only || is_one_of(value, o->only))
            return FST_OK;
        return fst_fail(err, FST_EUNSUPPORTED, "%s option %s: only %.*s is supported, not \"%s\"",
                        format, o->name, (int)strcspn(o->only, "|"), o->only, value);
    }
    bool yes = strcasecmp(value, "true") == 0;
    if (!yes && strcasecmp(value, "false") != 0)
        return fst_fail(err, FST_EINVAL, "%s option %s: \"%s\" is not true or false", format,
                        o->name, value);
    *(bool *)((char *)options + o->flag) = yes != o->inverted;
    return FST_OK;
}

enum fst_status fst_text_option_take(const char *format, const struct fst_text_option *table,
                                     size_t n, const struct fst_doc *item, void *options,
                                     bool *taken, struct fst_error *err)
{
    const char *value = "";
    *taken = false;
    FST_TRY(fst_text_option_value(format, item, &value, err));
    for (size_t i = 0; i < n; i++) {
        if (strcasecmp(table[i].name, item->key) != 0)
            continue;
        *taken = true;
        return take(format, &table[i], value, options, err);
    }
    return FST_OK;
}

/* An unknown mode is PERMISSIVE, in Spark as well. */
enum fst_status fst_text_mode_read(const char *format, const char *value, enum fst_text_mode *out,
                                   struct fst_error *err)
{
    (void)format;
    (void)err;
    *out = strcasecmp(value, "DROPMALFORMED") == 0 ? FST_TEXT_DROP_MALFORMED
           : strcasecmp(value, "FAILFAST") == 0    ? FST_TEXT_FAIL_FAST
                                                   : FST_TEXT_PERMISSIVE;
    return FST_OK;
}

enum fst_status fst_text_bad(struct fst_textin *in, uint64_t line, const char *why,
                             enum fst_text_mode mode, struct fst_read_notes *notes, bool *drop,
                             struct fst_error *err)
{
    char place[64];
    fst_textin_line(in, line, place);
    *drop = mode == FST_TEXT_DROP_MALFORMED;
    if (mode == FST_TEXT_FAIL_FAST)
        return fst_fail(err, FST_EFORMAT, "%s:%s: %s (mode FAILFAST)", in->bytes->name, place, why);
    if (!notes)
        return FST_OK;
    if (!notes->bad_records++)
        snprintf(notes->first_bad, sizeof(notes->first_bad), "%s:%s: %s", in->bytes->name, place,
                 why);
    return FST_OK;
}
