/* Definitions as native YAML that reads back as the same resources.
 *
 * A text is written plain where no YAML reader could take it for something else, as a literal block
 * where it has lines, and else in double quotes with everything odd escaped. ${ is written $${. */
#include "firesteel/define.h"

#include <stdlib.h>
#include <string.h>

/* ---- Scalars --------------------------------------------------------------------------------- */

/* Printable, and no line break of YAML's that people do not see. */
static bool is_visible(uint32_t cp)
{
    return (cp >= 0x20 && cp < 0x7F) ||
           (cp >= 0xA1 && cp < 0xD800 && cp != 0x2028 && cp != 0x2029) ||
           (cp >= 0xE000 && cp < 0xFFFD && cp != 0xFEFF) || (cp >= 0x10000 && cp <= 0x10FFFF);
}

static bool is_plain_start(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= '0' && cp <= '9') ||
           cp == '_' || cp == '/' || (cp >= 0xA1 && is_visible(cp));
}

static bool is_plain_inside(uint32_t cp)
{
    return is_plain_start(cp) || (cp && cp < 0x80 && strchr(" .-+=()@;<>*,'[]", (int)cp));
}

/* Words that one YAML reader or another takes for null or a truth value. */
static bool is_reserved(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on",
                                        "off",  "y",    "n",     "nan", "inf"};

    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (fst_str_is_nocase(fst_str(text), words[i]))
            return true;
    return text[strspn(text, "0123456789+-.:_eExXoOaAbBcCdDfF")] == 0;
}

static bool is_plain(const char *text)
{
    size_t n = strlen(text);
    uint32_t cp;

    fst_utf8_decode(text, n, &cp);
    if (n == 0 || n > 200 || !is_plain_start(cp) || text[n - 1] == ' ' || is_reserved(text))
        return false;
    for (size_t i = 0; i < n;) {
        i += fst_utf8_decode(text + i, n - i, &cp);
        /* A colon is part of a word (a URI) unless a space or the end follows. */
        if (!is_plain_inside(cp) && !(cp == ':' && text[i] && text[i] != ' '))
            return false;
    }
    return true;
}

static bool is_block(const char *text)
{
    size_t n = strlen(text);
    uint32_t cp;

    if (!strchr(text, '\n') || !text[strspn(text, " \t\n")])
        return false;
    for (size_t i = 0; i < n;) {
        i += fst_utf8_decode(text + i, n - i, &cp);
        if (cp != '\n' && cp != '\t' && !is_visible(cp))
            return false;
    }
    return true;
}

static void write_escaped(struct fst_buf *out, uint32_t cp)
{
    char bytes[4];

    if (cp == '"' || cp == '\\')
        fst_buf_printf(out, "\\%c", (char)cp);
    else if (cp == '\n' || cp == '\t' || cp == '\r')
        fst_buf_adds(out, cp == '\n' ? "\\n" : cp == '\t' ? "\\t" : "\\r");
    else if (is_visible(cp))
        fst_buf_add(out, bytes, fst_utf8_encode(cp, bytes));
    else
        fst_buf_printf(out, cp > 0xFFFF ? "\\U%08X" : "\\u%04X", (unsigned)cp);
}

static void write_quoted(struct fst_buf *out, const char *text)
{
    size_t n = strlen(text);
    uint32_t cp;

    fst_buf_addc(out, '"');
    for (size_t i = 0; i < n;) {
        i += fst_utf8_decode(text + i, n - i, &cp);
        write_escaped(out, cp);
    }
    fst_buf_addc(out, '"');
}

/* Lines at `indent`, two deeper than their key. The number in the header says so where the first
 * line could be misread; the sign says what becomes of the newlines at the end. */
static void write_block(struct fst_buf *out, int indent, const char *text)
{
    size_t n = strlen(text);
    bool one_newline = text[n - 1] == '\n' && text[n - 2] != '\n';

    fst_buf_adds(out, strchr(" \t\n", *text) ? "|2" : "|");
    fst_buf_adds(out, text[n - 1] != '\n' ? "-" : one_newline ? "" : "+");
    fst_buf_addc(out, '\n');
    while (*text) {
        size_t len = strcspn(text, "\n");
        if (len)
            fst_buf_repeat(out, ' ', (size_t)indent);
        fst_buf_add(out, text, len);
        text += len;
        if (*text || len)
            fst_buf_addc(out, '\n');
        text += *text == '\n';
    }
}

/* ${ means a set in a definition text: write $${ for it. */
static char *protect(const char *text)
{
    struct fst_buf out = FST_BUF_TEXT;

    for (; *text; text++)
        fst_buf_adds(&out, strncmp(text, "${", 2) == 0 ? "$$" : (char[]){*text, 0});
    return fst_buf_take(&out);
}

/* A value after its key or dash, with the end of the line; blocks go to `indent`. */
static void write_text(struct fst_buf *out, int indent, const char *text)
{
    char *safe = protect(text);

    if (is_block(safe)) {
        write_block(out, indent, safe);
    } else {
        if (is_plain(safe))
            fst_buf_adds(out, safe);
        else
            write_quoted(out, safe);
        fst_buf_addc(out, '\n');
    }
    free(safe);
}

static void write_key(struct fst_buf *out, int indent, const char *key)
{
    fst_buf_repeat(out, ' ', (size_t)indent);
    if (is_plain(key))
        fst_buf_adds(out, key);
    else
        write_quoted(out, key);
    fst_buf_addc(out, ':');
}

static void write_pair(struct fst_buf *out, int indent, const char *key, const char *text)
{
    write_key(out, indent, key);
    fst_buf_addc(out, ' ');
    write_text(out, indent + 2, text);
}

static void write_dash(struct fst_buf *out, int indent)
{
    fst_buf_repeat(out, ' ', (size_t)indent);
    fst_buf_adds(out, "- ");
}

/* ---- Options --------------------------------------------------------------------------------- */

static void write_children(struct fst_buf *out, int indent, const struct fst_doc *v);

static void write_scalar(struct fst_buf *out, int indent, const struct fst_doc *v)
{
    bool flag;

    if (v->kind == FST_DOC_NULL)
        fst_buf_adds(out, "null\n");
    else if (v->kind == FST_DOC_BOOL)
        fst_buf_adds(out, fst_doc_bool(v, &flag) && flag ? "true\n" : "false\n");
    else if (v->kind == FST_DOC_NUMBER)
        fst_buf_printf(out, "%s\n", v->text.p);
    else
        write_text(out, indent, v->text.p);
}

/* After a key or dash: a scalar on the same line, children below it. */
static void write_value(struct fst_buf *out, int indent, const struct fst_doc *v)
{
    if (v->kind != FST_DOC_MAP && v->kind != FST_DOC_LIST) {
        fst_buf_addc(out, ' ');
        write_scalar(out, indent, v);
    } else if (v->n == 0) {
        fst_buf_adds(out, v->kind == FST_DOC_MAP ? " {}\n" : " []\n");
    } else {
        fst_buf_addc(out, '\n');
        write_children(out, indent, v);
    }
}

static void write_children(struct fst_buf *out, int indent, const struct fst_doc *v)
{
    for (size_t i = 0; i < v->n; i++) {
        if (v->kind == FST_DOC_MAP) {
            write_key(out, indent, v->items[i].key);
        } else {
            fst_buf_repeat(out, ' ', (size_t)indent);
            fst_buf_addc(out, '-');
        }
        write_value(out, indent + 2, &v->items[i]);
    }
}

/* ---- Fields ---------------------------------------------------------------------------------- */

enum { AT = 4 }; /* column of a definition's keys */

static void write_ref(struct fst_buf *out, int indent, const struct fst_ref *ref)
{
    struct fst_buf text = FST_BUF_TEXT;

    fst_ref_text(&text, ref);
    write_text(out, indent, fst_buf_text(&text));
    fst_buf_done(&text);
}

static void write_duration(struct fst_buf *out, int64_t us)
{
    struct fst_buf text = FST_BUF(64);

    fst_duration_exact(&text, us);
    write_text(out, 0, fst_buf_text(&text));
    fst_buf_done(&text);
}

static void write_refs(struct fst_buf *out, const char *key, const struct fst_ref *refs, size_t n)
{
    if (!n)
        return;
    write_key(out, AT, key);
    fst_buf_addc(out, '\n');
    for (size_t i = 0; i < n; i++) {
        write_dash(out, AT + 2);
        write_ref(out, AT + 4, &refs[i]);
    }
}

static void write_texts(struct fst_buf *out, const char *key, const char *const *texts, size_t n)
{
    if (!n)
        return;
    write_key(out, AT, key);
    fst_buf_addc(out, '\n');
    for (size_t i = 0; i < n; i++) {
        write_dash(out, AT + 2);
        write_text(out, AT + 4, texts[i]);
    }
}

static void write_lags(struct fst_buf *out, const char *key, const struct fst_lag *lags, size_t n)
{
    if (!n)
        return;
    write_key(out, AT, key);
    fst_buf_addc(out, '\n');
    for (size_t i = 0; i < n; i++) {
        write_dash(out, AT + 2);
        fst_buf_adds(out, "feature: ");
        write_ref(out, AT + 6, &lags[i].feature);
        write_key(out, AT + 4, "lag");
        fst_buf_addc(out, ' ');
        write_duration(out, lags[i].lag_us);
        if (lags[i].name)
            write_pair(out, AT + 4, "name", lags[i].name);
    }
}

static void write_properties(struct fst_buf *out, const char *key, const struct fst_resource *r)
{
    if (!r->n_properties)
        return;
    write_key(out, AT, key);
    fst_buf_addc(out, '\n');
    for (size_t i = 0; i < r->n_properties; i++)
        write_pair(out, AT + 2, r->properties[i].key, r->properties[i].value);
}

static void write_ref_field(struct fst_buf *out, const char *key, const struct fst_ref *ref)
{
    if (!ref->name)
        return;
    write_key(out, AT, key);
    fst_buf_addc(out, ' ');
    write_ref(out, AT + 2, ref);
}

static void write_field(struct fst_buf *out, const struct fst_resource *r,
                        const struct fst_field_row *f)
{
    const void *at = (const char *)r + f->offset;
    const size_t *n = (const size_t *)(const void *)((const char *)r + f->count_offset);

    switch (f->type) {
    case FST_FIELD_TEXT:
    case FST_FIELD_NAME:
    case FST_FIELD_SQL:
    case FST_FIELD_CODE:
        if (*(const char *const *)at)
            write_pair(out, AT, f->key, *(const char *const *)at);
        break;
    case FST_FIELD_REF:
        write_ref_field(out, f->key, at);
        break;
    case FST_FIELD_REFS:
        write_refs(out, f->key, *(struct fst_ref *const *)at, *n);
        break;
    case FST_FIELD_LAGS:
        write_lags(out, f->key, *(struct fst_lag *const *)at, *n);
        break;
    case FST_FIELD_DURATION:
        if (*(const int64_t *)at) {
            write_key(out, AT, f->key);
            fst_buf_addc(out, ' ');
            write_duration(out, *(const int64_t *)at);
        }
        break;
    case FST_FIELD_OPTIONS:
        if (*(struct fst_doc *const *)at) {
            write_key(out, AT, f->key);
            write_value(out, AT + 2, *(struct fst_doc *const *)at);
        }
        break;
    case FST_FIELD_TAGS:
        write_texts(out, f->key, r->tags, r->n_tags);
        break;
    case FST_FIELD_PROPERTIES:
        write_properties(out, f->key, r);
        break;
    case FST_FIELD_TEXTS:
        write_texts(out, f->key, *(const char *const *const *)at, *n);
        break;
    case FST_FIELD_FILE:
        break;
    }
}

static void write_resource(struct fst_buf *out, const struct fst_resource *r)
{
    write_dash(out, AT - 2);
    fst_buf_adds(out, "name: ");
    write_text(out, AT + 2, r->name);
    if (r->variant && *r->variant)
        write_pair(out, AT, "variant", r->variant);
    for (size_t i = 0; i < fst_n_fields; i++)
        if (fst_fields[i].kinds & 1u << r->kind)
            write_field(out, r, &fst_fields[i]);
}

void fst_define_export(struct fst_buf *out, const struct fst_resource *const *resources, size_t n)
{
    for (int kind = 0; kind < FST_RESOURCE_KINDS_; kind++) {
        bool any = false;
        for (size_t i = 0; i < n; i++) {
            if ((int)resources[i]->kind != kind)
                continue;
            if (!any)
                fst_buf_printf(out, "%s%s:\n", out->n ? "\n" : "", fst_kinds[kind].plural);
            any = true;
            write_resource(out, resources[i]);
        }
    }
}
