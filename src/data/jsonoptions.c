/* jsonoptions: see the header. An option that is silently left out gives other rows than Spark. */
#include "jsonoptions.h"

#include <string.h>
#include <strings.h>

#define FLAG(name) offsetof(struct fst_json_options, name)

static const struct fst_text_option options[] = {
    {"multiLine", FLAG(multi_line)},
    {"primitivesAsString", FLAG(primitives_as_string)},
    {"prefersDecimal", FLAG(prefers_decimal)},
    {"dropFieldIfAllNull", FLAG(drop_all_null)},
    {"allowComments", FLAG(comments)},
    {"allowUnquotedFieldNames", FLAG(unquoted_names)},
    {"allowSingleQuotes", FLAG(no_single_quotes), true},
    {"allowNumericLeadingZeros", FLAG(leading_zeros)},
    {"allowNonNumericNumbers", FLAG(no_odd_numbers), true},
    {"allowBackslashEscapingAnyCharacter", SIZE_MAX, false, "false"},
    {"allowUnquotedControlChars", SIZE_MAX, false, "false"},
    {"inferTimestamp", SIZE_MAX, false, "false"},
    {"encoding", SIZE_MAX, false, "UTF-8|UTF8|US-ASCII"},
    {"charset", SIZE_MAX, false, "UTF-8|UTF8|US-ASCII"},
    {"samplingRatio", SIZE_MAX, false, "1.0|1"},
    {"timeZone", SIZE_MAX, false, "UTC|GMT|Etc/UTC|Z"},
    {"locale", SIZE_MAX, false, "en-US"},
    {"compression", SIZE_MAX},
};

enum fst_status fst_json_options_read(struct fst_json_options *out, const struct fst_doc *doc,
                                      struct fst_error *err)
{
    *out = (struct fst_json_options){.corrupt = "_corrupt_record"};
    for (size_t i = 0; doc && doc->kind == FST_DOC_MAP && i < doc->n; i++) {
        const struct fst_doc *item = &doc->items[i];
        const char *value;
        bool taken;
        FST_TRY(fst_text_option_value("json", item, &value, err));
        FST_TRY(fst_text_option_take("json", options, FST_COUNT(options), item, out, &taken, err));
        if (strcasecmp(item->key, "mode") == 0)
            FST_TRY(fst_text_mode_read("json", value, &out->mode, err));
        else if (strcasecmp(item->key, "columnNameOfCorruptRecord") == 0)
            out->corrupt = value;
        else if (!taken)
            return fst_fail(err, FST_EUNSUPPORTED,
                            "json option %s is not supported here; leave it out, or let Spark read "
                            "it",
                            item->key);
    }
    return FST_OK;
}
