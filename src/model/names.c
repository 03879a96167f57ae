/* Names, references, targets and durations as people write them. */
#include "firesteel/model.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { MAX_NAME = 128 };

static bool is_name_point(uint32_t cp)
{
    if (cp == '_' || cp == '-' || cp == ' ')
        return true;
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

/* What is wrong with the name, or NULL. */
static const char *name_fault(const char *name)
{
    size_t n = strlen(name);

    if (n == 0)
        return "it is empty";
    if (n > MAX_NAME)
        return "it is longer than 128 bytes";
    if (!fst_utf8_valid(name, n))
        return "it is not UTF-8";
    if (name[0] == '_' || name[n - 1] == '_')
        return "it begins or ends with '_'";
    if (name[0] == ' ' || name[n - 1] == ' ')
        return "it begins or ends with a space";
    if (strstr(name, "__"))
        return "it has two '_' in a row";
    if (strchr(name, '.'))
        return "it has a '.', which separates name and variant";
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += fst_utf8_decode(name + i, n - i, &cp);
        if (!is_name_point(cp))
            return "only letters, digits, '_', '-' and spaces inside are allowed";
    }
    return NULL;
}

/* `text` fit for a message: escaped and cut. */
static void quote(struct fst_buf *out, const char *text)
{
    size_t n = strlen(text);

    fst_text_escape(out, text, n > 60 ? 60 : n);
    fst_buf_adds(out, n > 60 ? "..." : "");
}

enum fst_status fst_name_check(const char *what, const char *name, struct fst_error *err)
{
    const char *fault = name ? name_fault(name) : "it is missing";
    struct fst_buf shown = FST_BUF(1024);

    if (!fault)
        return FST_OK;
    quote(&shown, name ? name : "");
    fst_fail(err, FST_EINVAL, "%s \"%s\" is not a name: %s", what, fst_buf_text(&shown), fault);
    fst_buf_done(&shown);
    return FST_EINVAL;
}

static bool is_tag_point(uint32_t cp)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);

    return cp != ',' && cp != 0xFFFD && category != UTF8PROC_CATEGORY_CC &&
           category != UTF8PROC_CATEGORY_CF && category != UTF8PROC_CATEGORY_ZS &&
           category != UTF8PROC_CATEGORY_ZL && category != UTF8PROC_CATEGORY_ZP;
}

enum fst_status fst_tag_check(const char *tag, struct fst_error *err)
{
    size_t n = strlen(tag);
    bool good = n > 0 && n <= MAX_NAME && fst_utf8_valid(tag, n);
    struct fst_buf shown = FST_BUF(1024);

    for (size_t i = 0; good && i < n;) {
        uint32_t cp;
        i += fst_utf8_decode(tag + i, n - i, &cp);
        good = is_tag_point(cp);
    }
    if (good)
        return FST_OK;
    quote(&shown, tag);
    fst_fail(err, FST_EINVAL,
             "\"%s\" is not a tag: 1 to 128 bytes without white space, commas and control "
             "characters",
             fst_buf_text(&shown));
    fst_buf_done(&shown);
    return FST_EINVAL;
}

/* ---- References and targets ------------------------------------------------------------------ */

enum fst_status fst_ref_parse(struct fst_arena *arena, const char *what, const char *text,
                              struct fst_ref *out, struct fst_error *err)
{
    const char *dot = strchr(text, '.');
    struct fst_ref ref = {fst_arena_strndup(arena, text, dot ? (size_t)(dot - text) : strlen(text)),
                          dot ? fst_arena_strdup(arena, dot + 1) : NULL};

    FST_TRY(fst_name_check(what, ref.name, err));
    if (ref.variant && strchr(ref.variant, '.'))
        return fst_fail(err, FST_EINVAL, "%s \"%.200s\" has more than one '.': write name.variant",
                        what, text);
    if (ref.variant)
        FST_TRY(fst_name_check("variant", ref.variant, err));
    *out = ref;
    return FST_OK;
}

void fst_ref_text(struct fst_buf *out, const struct fst_ref *ref)
{
    fst_buf_adds(out, ref->name);
    if (ref->variant && *ref->variant)
        fst_buf_printf(out, ".%s", ref->variant);
}

bool fst_ref_eq(const struct fst_ref *a, const struct fst_ref *b)
{
    return fst_text_same(a->name, b->name) && fst_text_same(a->variant, b->variant);
}

const char *fst_target_label(const char *target)
{
    const char *slash = target ? strchr(target, '/') : NULL;
    return slash ? slash + 1 : target ? target : "";
}

bool fst_target_parse(struct fst_arena *arena, const char *text, struct fst_target *out)
{
    char *copy = fst_arena_strdup(arena, text);
    struct fst_target target = {NULL};
    enum fst_resource_kind kind;
    char *cut = strchr(copy, '/');

    if (cut) {
        *cut = 0;
        if (!fst_kind_named(copy, &kind))
            return false;
        target.kind = fst_kinds[kind].name;
        copy = cut + 1;
    }
    if ((cut = strchr(copy, '@'))) {
        *cut = 0;
        target.run = cut + 1;
    }
    if ((cut = strchr(copy, '.'))) {
        *cut = 0;
        target.variant = cut + 1;
    }
    target.name = copy;
    if (name_fault(target.name) || (target.variant && name_fault(target.variant)) ||
        (target.run && name_fault(target.run)))
        return false;
    *out = target;
    return true;
}

/* ---- Tables of Spark's catalog ----------------------------------------------------------------
 */

enum { MAX_TABLE = 512, MAX_PARTS = 4 };

/* One part at `text`, appended in backticks: bytes used, 0 when it is none. */
static size_t table_part(const char *text, struct fst_buf *out)
{
    size_t n = 0, words = 0;
    uint32_t cp;

    if (*text == '`') {
        size_t end = 1;
        while (text[end] && (text[end] != '`' || text[end + 1] == '`'))
            end += text[end] == '`' ? 2 : 1;
        if (text[end] != '`' || end == 1)
            return 0;
        fst_buf_add(out, text, end + 1);
        return end + 1;
    }
    for (; text[n] && text[n] != '.'; words++) {
        size_t len = fst_utf8_decode(text + n, strlen(text + n), &cp);
        if (cp == ' ' || !is_name_point(cp))
            return 0;
        n += len;
    }
    fst_buf_addc(out, '`');
    fst_buf_add(out, text, n);
    fst_buf_addc(out, '`');
    return words ? n : 0;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

bool fst_table_sql(const char *table, struct fst_buf *out)
{
    size_t n = strlen(table), at = 0;

    if (n == 0 || n > MAX_TABLE || !fst_utf8_valid(table, n) || has_control(table))
        return false;
    for (int part = 0; part < MAX_PARTS; part++) {
        size_t used = table_part(table + at, out);
        at += used;
        if (!used || !table[at])
            return used > 0;
        if (table[at++] != '.')
            return false;
        fst_buf_addc(out, '.');
    }
    return false;
}

/* ---- Durations ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int64_t us;
} units[] = {
    {"d", INT64_C(86400000000)},
    {"h", INT64_C(3600000000)},
    {"m", 60000000},
    {"s", 1000000},
    {"ms", 1000},
    {"us", 1},
};

/* One number with its unit at `text`: bytes used, 0 when it is none or overflows. */
static size_t duration_part(const char *text, int64_t *us)
{
    size_t digits = strspn(text, "0123456789");
    size_t letters = strspn(text + digits, "dhmsu");
    int64_t n, part;

    if (!digits || !fst_parse_int64(text, digits, &n))
        return 0;
    for (size_t i = 0; i < FST_COUNT(units); i++) {
        if (letters != strlen(units[i].name) || strncmp(text + digits, units[i].name, letters))
            continue;
        if (__builtin_mul_overflow(n, units[i].us, &part) || __builtin_add_overflow(*us, part, us))
            return 0;
        return digits + letters;
    }
    return 0;
}

bool fst_duration_parse(const char *text, int64_t *us)
{
    int64_t sum = 0;

    if (!*text)
        return false;
    while (*text) {
        size_t used = duration_part(text, &sum);
        if (!used)
            return false;
        text += used;
    }
    *us = sum;
    return true;
}

void fst_duration_exact(struct fst_buf *out, int64_t us)
{
    if (us <= 0)
        fst_buf_adds(out, "0s");
    for (size_t i = 0; us > 0 && i < FST_COUNT(units); i++) {
        if (us / units[i].us)
            fst_buf_printf(out, "%lld%s", (long long)(us / units[i].us), units[i].name);
        us %= units[i].us;
    }
}
