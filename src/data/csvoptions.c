/* csvoptions: the options of Spark's CSV reader that are understood here. Others are refused: an
 * option that is silently left out gives other rows than Spark would. */
#include "csvparse.h"
#include "textpattern.h"

#include <string.h>
#include <strings.h>

static enum fst_status bad(const char *key, const char *value, const char *wanted,
                           struct fst_error *err)
{
    return fst_fail(err, FST_EINVAL, "csv option %s: \"%s\" is not %s", key, value, wanted);
}

/* One ASCII character, none when empty; "\t" is written as two. */
static enum fst_status read_char(int *out, const char *key, const char *value,
                                 struct fst_error *err)
{
    if (strcmp(value, "\\t") == 0)
        value = "\t";
    if (strlen(value) > 1 || (uint8_t)*value > 127 || *value == '\n' || *value == '\r')
        return bad(key, value, "one character", err);
    *out = *value ? *value : FST_CSV_NONE;
    return FST_OK;
}

static enum fst_status read_sep(struct fst_csv_options *o, const char *key, const char *value,
                                struct fst_error *err)
{
    if (strcmp(value, "\\t") == 0)
        value = "\t";
    o->n_sep = strlen(value);
    if (!o->n_sep || o->n_sep > FST_CSV_SEP_BYTES || strpbrk(value, "\r\n"))
        return bad(key, value, "one to eight characters", err);
    memcpy(o->sep, value, o->n_sep + 1);
    return FST_OK;
}

#define FLAG(name) offsetof(struct fst_csv_options, name)

static const struct fst_text_option flags[] = {
    {"header", FLAG(header)},
    {"inferSchema", FLAG(infer)},
    {"multiLine", FLAG(multi_line)},
    {"ignoreLeadingWhiteSpace", FLAG(trim_left)},
    {"ignoreTrailingWhiteSpace", FLAG(trim_right)},
    {"lineSep", SIZE_MAX, false, "\n|\r\n"},
    {"samplingRatio", SIZE_MAX, false, "1.0|1"},
    {"enforceSchema", SIZE_MAX, false, "true"},
    {"preferDate", SIZE_MAX, false, "true"},
    {"timeZone", SIZE_MAX, false, "UTC|GMT|Etc/UTC|Z"},
    {"locale", SIZE_MAX, false, "en-US"},
    {"unescapedQuoteHandling", SIZE_MAX, false, "STOP_AT_DELIMITER"},
    {"compression", SIZE_MAX},
    {"columnNameOfCorruptRecord", SIZE_MAX}, /* of a schema from outside */
};

static enum fst_status read_pattern(const char **out, const char *key, const char *value,
                                    struct fst_error *err)
{
    const char *problem = fst_pattern_problem(value);
    *out = value;
    return problem
               ? fst_fail(err, FST_EUNSUPPORTED, "csv option %s: \"%s\": %s", key, value, problem)
               : FST_OK;
}

static enum fst_status read_encoding(struct fst_csv_options *o, const char *key, const char *value,
                                     struct fst_error *err)
{
    static const char *const utf8[] = {"UTF-8", "utf8", "US-ASCII"};
    static const char *const latin1[] = {"ISO-8859-1", "ISO8859_1", "latin1"};
    for (size_t i = 0; i < FST_COUNT(utf8); i++)
        if (strcasecmp(utf8[i], value) == 0)
            return FST_OK;
    for (size_t i = 0; i < FST_COUNT(latin1) && !o->latin1; i++)
        o->latin1 = strcasecmp(latin1[i], value) == 0;
    return o->latin1
               ? FST_OK
               : fst_fail(err, FST_EUNSUPPORTED,
                          "csv option %s: only UTF-8 and ISO-8859-1 are supported, not \"%s\"", key,
                          value);
}

/* Options that are a text of their own. */
static const struct {
    const char *name;
    size_t at;
} texts[] = {
    {"nullValue", FLAG(null_value)},
    {"emptyValue", FLAG(empty_value)},
    {"nanValue", FLAG(formats.nan)},
    {"positiveInf", FLAG(formats.positive_inf)},
    {"negativeInf", FLAG(formats.negative_inf)},
};

static bool take_text(struct fst_csv_options *o, const char *key, const char *value)
{
    for (size_t i = 0; i < FST_COUNT(texts); i++)
        if (strcasecmp(texts[i].name, key) == 0) {
            *(const char **)((char *)o + texts[i].at) = value;
            return true;
        }
    return false;
}

static enum fst_status read_option(struct fst_csv_options *o, const char *key, const char *value,
                                   struct fst_error *err)
{
    if (take_text(o, key, value))
        return FST_OK;
    if (strcasecmp(key, "sep") == 0 || strcasecmp(key, "delimiter") == 0)
        return read_sep(o, key, value, err);
    if (strcasecmp(key, "quote") == 0)
        return read_char(&o->quote, key, value, err);
    if (strcasecmp(key, "escape") == 0)
        return read_char(&o->escape, key, value, err);
    if (strcasecmp(key, "comment") == 0)
        return read_char(&o->comment, key, value, err);
    if (strcasecmp(key, "mode") == 0)
        return fst_text_mode_read("csv", value, &o->mode, err);
    if (strcasecmp(key, "encoding") == 0 || strcasecmp(key, "charset") == 0)
        return read_encoding(o, key, value, err);
    if (strcasecmp(key, "dateFormat") == 0)
        return read_pattern(&o->formats.date, key, value, err);
    if (strcasecmp(key, "timestampFormat") == 0)
        return read_pattern(&o->formats.timestamp, key, value, err);
    return fst_fail(err, FST_EUNSUPPORTED,
                    "csv option %s is not supported here; leave it out, or let Spark read it", key);
}

enum fst_status fst_csv_options_read(struct fst_csv_options *out, const char *sep,
                                     const struct fst_doc *doc, struct fst_error *err)
{
    *out = (struct fst_csv_options){
        .quote = '"', .escape = '\\', .comment = FST_CSV_NONE, .null_value = "", .empty_value = ""};
    FST_TRY(read_sep(out, "sep", sep, err));
    for (size_t i = 0; doc && doc->kind == FST_DOC_MAP && i < doc->n; i++) {
        const struct fst_doc *item = &doc->items[i];
        const char *value;
        bool taken;
        FST_TRY(fst_text_option_value("csv", item, &value, err));
        FST_TRY(fst_text_option_take("csv", flags, FST_COUNT(flags), item, out, &taken, err));
        if (!taken)
            FST_TRY(read_option(out, item->key, value, err));
    }
    return FST_OK;
}
