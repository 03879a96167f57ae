/* Functions and operators of a plan: which of ours, or of SQLite's, each one is.
 *
 * One row a function of room sql; `how` tells the form of the call. */
#include <string.h>

#include "local_call.h"
#include "local_fn.h"
#include "local_time.h"

const char *tr_kind_name(const struct fst_type *type)
{
    static const char *const names[] = {
        [FST_BYTE] = "byte",       [FST_SHORT] = "short",         [FST_INT] = "int",
        [FST_LONG] = "long",       [FST_FLOAT] = "float",         [FST_DOUBLE] = "double",
        [FST_DECIMAL] = "decimal", [FST_TIMESTAMP] = "timestamp", [FST_TIMESTAMP_NTZ] = "ntz",
        [FST_INTERVAL_YM] = "ym",  [FST_INTERVAL_DT] = "dt",
    };
    const char *name = (size_t)type->kind < FST_COUNT(names) ? names[type->kind] : NULL;
    return name ? name : "";
}

struct rule {
    enum fst_fn id;
    char how; /* f call; k call of name_<kind of the result>; a ..._<kind of the first argument>;
                 o operator between; p pattern argument 1 is checked (w to write, r to read) */
    const char *name;
};

static const struct rule rules[] = {
    {FST_FN_NEGATE, 'k', "negate"},
    {FST_FN_ADD, 'k', "add"},
    {FST_FN_SUBTRACT, 'k', "subtract"},
    {FST_FN_MULTIPLY, 'k', "multiply"},
    {FST_FN_DIVIDE, 'k', "divide"},
    {FST_FN_DIV, 'a', "div"},
    {FST_FN_MOD, 'k', "mod"},
    {FST_FN_PMOD, 'k', "pmod"},
    {FST_FN_TRY_ADD, 'k', "try_add"},
    {FST_FN_TRY_SUBTRACT, 'k', "try_subtract"},
    {FST_FN_TRY_MULTIPLY, 'k', "try_multiply"},
    {FST_FN_TRY_DIVIDE, 'k', "try_divide"},
    {FST_FN_TRY_MOD, 'k', "try_mod"},
    {FST_FN_BIT_AND, 'o', "&"},
    {FST_FN_BIT_OR, 'o', "|"},
    {FST_FN_BIT_XOR, 'f', "bit_xor"},
    {FST_FN_EQ, 'c', "="},
    {FST_FN_NE, 'c', "<>"},
    {FST_FN_LT, 'c', "<"},
    {FST_FN_LE, 'c', "<="},
    {FST_FN_GT, 'c', ">"},
    {FST_FN_GE, 'c', ">="},
    {FST_FN_EQ_NULL, 'c', "IS"},
    {FST_FN_LIKE, 'f', "text_like"},
    {FST_FN_ILIKE, 'f', "text_ilike"},
    {FST_FN_RLIKE, 'x', "text_rlike"},
    {FST_FN_DATE_ADD_YM, 'f', "date_add_months"},
    {FST_FN_TIMESTAMP_ADD_YM, 'k', "add_months"},
    {FST_FN_TIMESTAMP_ADD_DT, 'k', "add_us"},
    {FST_FN_DATE_MINUS_DATE, 'f', "date_minus_date"},
    {FST_FN_TIMESTAMP_MINUS, 'a', "minus"},
    {FST_FN_WINDOW_START, 'f', "window_start_of"},
    {FST_FN_INTERVAL_TIMES, 'a', "times"},
    {FST_FN_INTERVAL_BY, 'a', "by"},
    {FST_FN_INTERVAL_FIELD, 'f', "interval_field_of"},
    {FST_FN_MAKE_DT_INTERVAL, 'f', "make_dt_interval_of"},
    {FST_FN_MAKE_YM_INTERVAL, 'f', "make_ym_interval_of"},
    {FST_FN_ABS, 'k', "abs"},
    {FST_FN_SIGN, 'a', "sign"},
    {FST_FN_SQRT, 'k', "sqrt"},
    {FST_FN_DEGREES, 'k', "degrees"},
    {FST_FN_RADIANS, 'k', "radians"},
    {FST_FN_EXP, 'f', "fd_exp"},
    {FST_FN_LN, 'f', "fd_log"},
    {FST_FN_LOG2, 'f', "fd_log2"},
    {FST_FN_LOG10, 'f', "fd_log10"},
    {FST_FN_POW, 'f', "fd_pow"},
    {FST_FN_CBRT, 'f', "fd_cbrt"},
    {FST_FN_EXPM1, 'f', "fd_expm1"},
    {FST_FN_LOG1P, 'f', "fd_log1p"},
    {FST_FN_SIN, 'f', "sin_of"},
    {FST_FN_COS, 'f', "cos_of"},
    {FST_FN_SEC, 'f', "sec_of"},
    {FST_FN_CSC, 'f', "csc_of"},
    {FST_FN_ASIN, 'f', "fd_asin"},
    {FST_FN_ACOS, 'f', "fd_acos"},
    {FST_FN_ATAN, 'f', "fd_atan"},
    {FST_FN_ATAN2, 'f', "fd_atan2"},
    {FST_FN_SINH, 'f', "fd_sinh"},
    {FST_FN_COSH, 'f', "fd_cosh"},
    {FST_FN_TANH, 'f', "fd_tanh"},
    {FST_FN_HYPOT, 'f', "fd_hypot"},
    {FST_FN_OVERLAY, 's', "text_overlay"},
    {FST_FN_RAISE_ERROR, 'f', "raise_error_of"},
    {FST_FN_DECODE_UTF8, 'f', "decode_utf8_of"},
    {FST_FN_TO_NUMBER, 's', "to_number_of"},
    {FST_FN_TRY_TO_NUMBER, 's', "try_to_number_of"},
    {FST_FN_ELT, 's', "text_elt"},
    {FST_FN_LUHN_CHECK, 's', "luhn_check_of"},
    {FST_FN_REGEXP_INSTR, 'x', "regexp_instr_of"},
    {FST_FN_YEAROFWEEK, 'd', "date_yearofweek"},
    {FST_FN_DAYOFWEEK_ISO, 'd', "date_dayofweek_iso"},
    {FST_FN_TO_TIMESTAMP_NTZ, 'r', "parse_ntz"},
    {FST_FN_MAKE_TIMESTAMP_NTZ, 'f', "make_ntz_of"},
    {FST_FN_LOCALTIMESTAMP, 'f', "local_timestamp_of"},
    {FST_FN_CURRENT_TIMEZONE, 'f', "current_timezone_of"},
    {FST_FN_PARSE_URL, 's', "parse_url_of"},
    {FST_FN_MASK, 'f', "mask_of"},
    {FST_FN_GREATEST, 'g', "greatest_of"},
    {FST_FN_LEAST, 'g', "least_of"},
    {FST_FN_ISNAN, 'f', "is_nan"},
    {FST_FN_NANVL, 'f', "nanvl_double"},
    {FST_FN_BIN, 'f', "bin_of"},
    {FST_FN_CONV, 's', "conv_of"},
    {FST_FN_BIT_COUNT, 'f', "bit_count_of"},
    {FST_FN_BIT_GET, 'a', "bit_get"},
    {FST_FN_SHIFT_LEFT, 'k', "shift_left"},
    {FST_FN_SHIFT_RIGHT, 'k', "shift_right"},
    {FST_FN_SHIFT_RIGHT_UNSIGNED, 'k', "shift_right_unsigned"},
    {FST_FN_FACTORIAL, 'f', "factorial_of"},
    {FST_FN_RINT, 'f', "rint_of"},
    {FST_FN_WIDTH_BUCKET, 'f', "width_bucket_of"},
    {FST_FN_SOUNDEX, 's', "soundex_of"},
    {FST_FN_FIND_IN_SET, 's', "find_in_set_of"},
    {FST_FN_URL_ENCODE, 's', "url_encode_of"},
    {FST_FN_URL_DECODE, 's', "url_decode_of"},
    {FST_FN_TRY_URL_DECODE, 's', "try_url_decode_of"},
    {FST_FN_REGEXP_COUNT, 'x', "regexp_count_of"},
    {FST_FN_REGEXP_SUBSTR, 'x', "regexp_substr_of"},
    {FST_FN_FORMAT_NUMBER, 'f', "format_number_of"},
    {FST_FN_MAKE_TIMESTAMP, 'f', "make_timestamp_of"},
    {FST_FN_TRY_TO_DATE, 'r', "try_parse_date"},
    {FST_FN_TRY_TO_TIMESTAMP, 'r', "try_parse_timestamp"},
    {FST_FN_UPPER, 'f', "text_upper"},
    {FST_FN_LOWER, 'f', "text_lower"},
    {FST_FN_LENGTH, 'f', "text_length"},
    {FST_FN_OCTET_LENGTH, 'f', "octet_length_of"},
    {FST_FN_BIT_LENGTH, 'f', "bit_length_of"},
    {FST_FN_TRIM, 's', "text_trim"},
    {FST_FN_LTRIM, 's', "text_ltrim"},
    {FST_FN_RTRIM, 's', "text_rtrim"},
    {FST_FN_LPAD, 's', "text_lpad"},
    {FST_FN_RPAD, 's', "text_rpad"},
    {FST_FN_SUBSTRING, 's', "text_substring"},
    {FST_FN_LEFT, 's', "text_left"},
    {FST_FN_RIGHT, 's', "text_right"},
    {FST_FN_CONCAT, 's', "text_concat"},
    {FST_FN_GET_JSON_OBJECT, 's', "json_object_of"},
    {FST_FN_JSON_TUPLE, 's', "json_tuple_of"},
    {FST_FN_JSON_ARRAY_LENGTH, 's', "json_length_of"},
    {FST_FN_CONCAT_WS, 's', "text_concat_ws"},
    {FST_FN_REPLACE, 's', "text_replace"},
    {FST_FN_REVERSE, 's', "text_reverse"},
    {FST_FN_REPEAT, 's', "text_repeat"},
    {FST_FN_INSTR, 's', "text_instr"},
    {FST_FN_LOCATE, 's', "text_locate"},
    {FST_FN_SPLIT_PART, 's', "text_split_part"},
    {FST_FN_SUBSTRING_INDEX, 's', "text_substring_index"},
    {FST_FN_INITCAP, 's', "text_initcap"},
    {FST_FN_STARTSWITH, 'f', "starts_with"},
    {FST_FN_ENDSWITH, 'f', "ends_with"},
    {FST_FN_CONTAINS, 'f', "text_contains"},
    {FST_FN_REGEXP_REPLACE, 'x', "regexp_replace_of"},
    {FST_FN_REGEXP_EXTRACT, 'x', "regexp_extract_of"},
    {FST_FN_TRANSLATE, 's', "text_translate"},
    {FST_FN_ASCII, 's', "text_ascii"},
    {FST_FN_CHR, 'f', "text_chr"},
    {FST_FN_MD5, 'f', "md5_of"},
    {FST_FN_SHA1, 'f', "sha1_of"},
    {FST_FN_SHA2, 'f', "sha2_of"},
    {FST_FN_CRC32, 'f', "crc32_of"},
    {FST_FN_HEX, 'f', "hex_of"},
    {FST_FN_UNHEX, 'f', "unhex_of"},
    {FST_FN_BASE64, 'f', "base64_of"},
    {FST_FN_UNBASE64, 'f', "unbase64_of"},
    {FST_FN_SPACE, 'f', "text_space"},
    {FST_FN_LEVENSHTEIN, 's', "text_levenshtein"},
    {FST_FN_YEAR, 'd', "date_year"},
    {FST_FN_QUARTER, 'd', "date_quarter"},
    {FST_FN_MONTH, 'd', "date_month"},
    {FST_FN_DAY, 'd', "date_day"},
    {FST_FN_DAYOFWEEK, 'd', "date_dayofweek"},
    {FST_FN_WEEKDAY, 'd', "date_weekday"},
    {FST_FN_DAYOFYEAR, 'd', "date_dayofyear"},
    {FST_FN_WEEKOFYEAR, 'd', "date_weekofyear"},
    {FST_FN_DAYNAME, 'd', "date_dayname"},
    {FST_FN_MONTHNAME, 'd', "date_monthname"},
    {FST_FN_HOUR, 'a', "hour"},
    {FST_FN_MINUTE, 'a', "minute"},
    {FST_FN_SECOND, 'a', "second"},
    {FST_FN_SECOND_FRACTION, 'a', "second_fraction"},
    {FST_FN_DATE_ADD, 'd', "days_add"},
    {FST_FN_DATE_SUB, 'd', "days_subtract"},
    {FST_FN_DATE_DIFF, 'd', "days_between"},
    {FST_FN_ADD_MONTHS, 'd', "date_add_months"},
    {FST_FN_MONTHS_BETWEEN, 't', "months_between_of"},
    {FST_FN_LAST_DAY, 'd', "date_last_day"},
    {FST_FN_NEXT_DAY, 'd', "date_next_day"},
    {FST_FN_TRUNC, 'd', "date_truncate"},
    {FST_FN_DATE_TRUNC, 'f', "timestamp_truncate"},
    {FST_FN_TO_DATE, 'r', "parse_date"},
    {FST_FN_TO_TIMESTAMP, 'r', "parse_timestamp"},
    {FST_FN_DATE_FORMAT, 'w', "format_timestamp"},
    {FST_FN_FROM_UNIXTIME, 'w', "format_unix"},
    {FST_FN_TIMESTAMP_MILLIS, 'f', "timestamp_of_millis"},
    {FST_FN_UNIX_SECONDS, 't', "unix_seconds_of"},
    {FST_FN_UNIX_MILLIS, 't', "unix_millis_of"},
    {FST_FN_CURRENT_DATE, 'f', "current_date_of"},
    {FST_FN_CURRENT_TIMESTAMP, 'f', "current_timestamp_of"},
    {FST_FN_MAKE_DATE, 'f', "make_date_of"},
    {FST_FN_TIMESTAMP_DIFF, 'f', "timestamp_diff_of"},
    {FST_FN_TIMESTAMP_ADD, 'f', "timestamp_add_of"},
};

static const struct rule *rule_of(enum fst_fn id)
{
    for (size_t i = 0; i < FST_COUNT(rules); i++)
        if (rules[i].id == id)
            return &rules[i];
    return NULL;
}

static const char *name_of(const struct fst_expr *e)
{
    return e->fn && e->fn->name ? e->fn->name : "this function";
}

void tr_refuse_call(struct tr *t, const struct fst_expr *e)
{
    struct fst_buf types = FST_BUF(300);
    for (size_t i = 0; i < e->n_args; i++) {
        fst_buf_adds(&types, i ? ", " : "");
        fst_type_text(&types, &e->args[i]->type);
    }
    tr_refuse(t, &e->place, "%s(%s)", name_of(e), fst_buf_text(&types));
    fst_buf_done(&types);
}

void tr_args(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    for (size_t i = 0; i < e->n_args; i++) {
        fst_buf_adds(out, i ? ", " : "");
        tr_expr(t, out, e->args[i], s);
    }
}

/* Arguments that may be left out, as Spark fills them in. */
static const struct {
    enum fst_fn id;
    size_t n_args; /* when there are only so many */
    const char *rest;
} defaults[] = {
    {FST_FN_LIKE, 2, ", '\\'"},
    {FST_FN_ILIKE, 2, ", '\\'"},
    {FST_FN_REGEXP_EXTRACT, 2, ", 1"},
    {FST_FN_REGEXP_REPLACE, 3, ", 1"},
    {FST_FN_MONTHS_BETWEEN, 2, ", 1"},
    {FST_FN_FROM_UNIXTIME, 1, ", 'yyyy-MM-dd HH:mm:ss'"},
    {FST_FN_UNIX_TIMESTAMP, 1, ", 'yyyy-MM-dd HH:mm:ss'"},
};

void tr_plain_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *name,
                   const struct scope *s)
{
    if (!local_has_function(name)) {
        tr_refuse_call(t, e);
        return;
    }
    fst_buf_printf(out, "%s(", name);
    tr_args(t, out, e, s);
    for (size_t i = 0; i < FST_COUNT(defaults); i++)
        if (defaults[i].id == e->fn->id && defaults[i].n_args == e->n_args)
            fst_buf_adds(out, defaults[i].rest);
    fst_buf_addc(out, ')');
}

void tr_kind_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *name,
                  const struct fst_type *kind, const struct scope *s)
{
    char whole[64];
    snprintf(whole, sizeof whole, "%s_%s", name, tr_kind_name(kind));
    if (!local_has_function(whole)) {
        tr_refuse_call(t, e);
        return;
    }
    fst_buf_printf(out, "%s(", whole);
    tr_args(t, out, e, s);
    for (size_t i = 0; kind->kind == FST_DECIMAL && i < e->n_args; i++)
        fst_buf_printf(out, ", %d", e->args[i]->type.scale);
    if (kind->kind == FST_DECIMAL)
        fst_buf_printf(out, ", %d, %d", e->type.precision, e->type.scale);
    fst_buf_addc(out, ')');
}

/* ---- Comparison ------------------------------------------------------------------------------ */

bool tr_unlike_scales(const struct fst_expr *a, const struct fst_expr *b)
{
    return a->type.kind == FST_DECIMAL && b->type.kind == FST_DECIMAL &&
           a->type.scale != b->type.scale;
}

bool tr_same_encoding(const struct fst_expr *a, const struct fst_expr *b)
{
    enum fst_kind x = a->type.kind, y = b->type.kind;
    bool ints = x >= FST_BYTE && x <= FST_LONG && y >= FST_BYTE && y <= FST_LONG;
    bool reals = (x == FST_FLOAT || x == FST_DOUBLE) && (y == FST_FLOAT || y == FST_DOUBLE);
    return x == y || ints || reals || x == FST_VOID || y == FST_VOID;
}

static void comparison(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                       const char *sign, const struct scope *s)
{
    const struct fst_expr *a = e->args[0], *b = e->args[1];
    if (!tr_same_encoding(a, b)) {
        tr_refuse_call(t, e);
        return;
    }
    if (tr_unlike_scales(a, b) && e->fn->id == FST_FN_EQ_NULL) {
        tr_refuse(t, &e->place, "<=> of decimals of unlike scales");
        return;
    }
    fst_buf_adds(out, tr_unlike_scales(a, b) ? "(compare_decimal(" : "(");
    tr_expr(t, out, a, s);
    fst_buf_printf(out, tr_unlike_scales(a, b) ? ", " : " %s ", sign);
    tr_expr(t, out, b, s);
    if (tr_unlike_scales(a, b))
        fst_buf_printf(out, ", %d, %d) %s 0", a->type.scale, b->type.scale, sign);
    fst_buf_addc(out, ')');
}

/* ---- Patterns -------------------------------------------------------------------------------- */

bool tr_pattern_ok(struct tr *t, const struct fst_expr *e, size_t i, char how)
{
    if (e->n_args <= i)
        return true;
    const struct fst_expr *p = e->args[i];
    char why[160] = "";
    bool ok = p->kind == FST_EXPR_LITERAL && p->type.kind == FST_STRING;
    if (!ok && how == 'x') /* read while it runs */
        return true;
    if (!ok)
        tr_refuse(t, &p->place, "a pattern that is not a literal in %s", name_of(e));
    else if (!p->value.is_null && how == 'x' && !(ok = local_regex_ok(p->value.s, why, sizeof why)))
        tr_refuse(t, &p->place, "the regular expression '%.*s' (%s)",
                  (int)(p->value.s.n > 200 ? 200 : p->value.s.n), p->value.s.p, why);
    else if (!p->value.is_null && how != 'x' && !(ok = local_format_ok(p->value.s, how == 'r')))
        tr_refuse(t, &p->place, "the datetime pattern '%.*s'",
                  (int)(p->value.s.n > 200 ? 200 : p->value.s.n), p->value.s.p);
    return ok;
}

/* ---- The call -------------------------------------------------------------------------------- */

/* The one kind that all arguments of a rule must have, where it is so. */
static bool args_fit(const struct fst_expr *e, const struct rule *r)
{
    for (size_t i = 0; i < e->n_args; i++) {
        enum fst_kind kind = e->args[i]->type.kind;
        if (r->how == 's' && kind == FST_BINARY)
            return false;
        if (r->how == 'd' && i == 0 && kind != FST_DATE && kind != FST_VOID)
            return false;
        if (r->how == 't' && i == 0 && kind != FST_TIMESTAMP && kind != FST_VOID)
            return false;
        if (r->how == 'g' &&
            (!tr_same_encoding(e->args[0], e->args[i]) || tr_unlike_scales(e->args[0], e->args[i])))
            return false;
    }
    return true;
}

void tr_call_at_once(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                     const struct scope *s)
{
    if (tr_special_call(t, out, e, s))
        return;
    const struct rule *r = rule_of(e->fn->id);
    if (!r || !args_fit(e, r)) {
        tr_refuse_call(t, e);
        return;
    }
    switch (r->how) {
    case 'k':
        tr_kind_call(t, out, e, r->name, &e->type, s);
        return;
    case 'a':
        tr_kind_call(t, out, e, r->name, &e->args[0]->type, s);
        return;
    case 'c':
        comparison(t, out, e, r->name, s);
        return;
    case 'o':
        fst_buf_addc(out, '(');
        tr_expr(t, out, e->args[0], s);
        fst_buf_printf(out, " %s ", r->name);
        tr_expr(t, out, e->args[1], s);
        fst_buf_addc(out, ')');
        return;
    case 'x':
    case 'r':
    case 'w':
        if (tr_pattern_ok(t, e, 1, r->how))
            tr_plain_call(t, out, e, r->name, s);
        return;
    default:
        tr_plain_call(t, out, e, r->name, s);
        return;
    }
}

enum { KEEPER_AT_MOST = 16, MAX_KEEPERS = 8 };

static size_t size_of(const struct fst_expr *e)
{
    size_t n = 1 + (e->query ? 100 : 0);
    for (size_t i = 0; i < e->n_args; i++)
        n += size_of(e->args[i]);
    return n;
}

static bool may_fail_by_row(const struct fst_expr *e)
{
    return tr_may_fail(e) && !tr_is_constant(e);
}

/* The side of an operator that is computed first, when its NULL keeps the other one, which may
 * fail, from being computed. A quotient asks its divisor first. */
static size_t first_side(const struct fst_expr *e, const struct fst_expr **out)
{
    bool divides = e->fn->id >= FST_FN_DIVIDE && e->fn->id <= FST_FN_PMOD;
    const struct fst_expr *first = e->args[divides], *second = e->args[!divides];
    out[0] = first;
    return first->nullable && may_fail_by_row(second);
}

/* Arguments whose NULL keeps others, which may fail, from being computed: those that do not fail,
 * and then the first one that may, when it is not the only one. */
static size_t null_keepers(const struct fst_expr *e, const struct fst_expr **out)
{
    const struct fst_expr *failing = NULL;
    size_t n = 0, n_failing = 0;
    for (size_t i = 0; i < e->n_args; i++) {
        const struct fst_expr *a = e->args[i];
        if (a->kind == FST_EXPR_LAMBDA)
            continue;
        bool fails = may_fail_by_row(a);
        n_failing += fails;
        failing = failing || !fails ? failing : a;
        if (!fails && a->nullable && !tr_is_constant(a) && n < MAX_KEEPERS)
            out[n++] = a;
    }
    if (n_failing > 1 && failing->nullable && n < MAX_KEEPERS)
        out[n++] = failing;
    return n_failing ? n : 0;
}

/* Every argument is computed, whichever of them are NULL. */
static bool computes_all(enum fst_fn id)
{
    static const enum fst_fn ids[] = {FST_FN_CONCAT,       FST_FN_LEAST, FST_FN_GREATEST,
                                      FST_FN_ARRAY,        FST_FN_MAP,   FST_FN_STRUCT,
                                      FST_FN_NAMED_STRUCT, FST_FN_HASH,  FST_FN_XXHASH64};
    for (size_t i = 0; i < FST_COUNT(ids); i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* What is not a unit makes the whole NULL, whatever is to be cut; NULL = that may be. */
static size_t unit_keeper(const struct fst_expr *e, const struct fst_expr **out)
{
    bool of_dates = e->fn->id == FST_FN_TRUNC;
    const struct fst_expr *unit = e->args[of_dates];
    bool known = unit->kind == FST_EXPR_LITERAL && !unit->value.is_null &&
                 local_is_unit(unit->value.s, of_dates);
    out[0] = NULL;
    return !known && may_fail_by_row(e->args[!of_dates]);
}

static size_t keepers(const struct fst_expr *e, const struct fst_expr **out)
{
    enum fst_fn id = e->fn->id;
    if (e->n_args < 2 || tr_has_branches(e) || computes_all(id))
        return 0;
    if (id == FST_FN_TRUNC || id == FST_FN_DATE_TRUNC)
        return unit_keeper(e, out);
    return id >= FST_FN_ADD && id <= FST_FN_GE && e->n_args == 2 ? first_side(e, out)
                                                                 : null_keepers(e, out);
}

/* What Spark need not compute when one of these is NULL (it does where the same stands elsewhere,
 * too): when it fails then, nothing is sure. Nor where they are too large to be written twice. */
bool tr_unsure_from(struct tr *t, struct fst_buf *out, const struct fst_expr *const *items,
                    size_t n, const struct scope *s)
{
    bool small = true;
    if (n == 0)
        return false;
    for (size_t i = 0; i < n; i++)
        small &= items[i] && size_of(items[i]) <= KEEPER_AT_MOST;
    fst_buf_adds(out, small ? "unsure_to(unsure_from(" : "unsure_to(unsure_from(1");
    for (size_t i = 0; small && i < n; i++) {
        fst_buf_adds(out, i ? " OR " : "");
        tr_expr(t, out, items[i], s);
        fst_buf_adds(out, " IS NULL");
    }
    fst_buf_adds(out, "), ");
    return true;
}

void tr_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    const struct fst_expr *items[MAX_KEEPERS];
    bool unsure = tr_unsure_from(t, out, items, keepers(e, items), s);
    tr_call_at_once(t, out, e, s);
    if (unsure)
        fst_buf_addc(out, ')');
}
