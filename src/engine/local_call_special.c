/* Functions that are no call of one function: lazy ones, and others with a form of their own. */
#include <stdlib.h>
#include <string.h>

#include "local_call.h"
#include "local_fn.h"

static void words(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  const struct scope *s, const char *const *around)
{
    for (size_t i = 0; i < e->n_args; i++) {
        fst_buf_adds(out, around[i]);
        tr_expr(t, out, e->args[i], s);
    }
    fst_buf_adds(out, around[e->n_args]);
}

static void null_if(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                    const struct scope *s)
{
    if (tr_unlike_scales(e->args[0], e->args[1]) || !tr_same_encoding(e->args[0], e->args[1]))
        tr_refuse_call(t, e);
    else
        words(t, out, e, s, (const char *const[]){"nullif(", ", ", ")"});
}

static void coalesce(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                     const struct scope *s)
{
    fst_buf_adds(out, e->n_args > 1 ? "coalesce(" : "(");
    tr_args(t, out, e, s);
    fst_buf_addc(out, ')');
}

static void rounding(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *name,
                     const struct scope *s)
{
    const struct fst_type *from = &e->args[0]->type;
    char whole[64];
    snprintf(whole, sizeof whole, "%s_%s", name, tr_kind_name(from));
    if (!local_has_function(whole)) {
        tr_refuse_call(t, e);
        return;
    }
    fst_buf_printf(out, "%s(", whole);
    tr_expr(t, out, e->args[0], s);
    if (from->kind == FST_DECIMAL)
        fst_buf_printf(out, ", %d", from->scale);
    fst_buf_adds(out, ", ");
    if (e->n_args > 1)
        tr_expr(t, out, e->args[1], s);
    else
        fst_buf_addc(out, '0');
    if (from->kind == FST_DECIMAL)
        fst_buf_printf(out, ", %d, %d", e->type.precision, e->type.scale);
    fst_buf_addc(out, ')');
}

/* Whole numbers stay as they are. */
static void to_whole(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *name,
                     const struct scope *s)
{
    enum fst_kind kind = e->args[0]->type.kind;
    if (e->n_args > 1)
        rounding(t, out, e, name[0] == 'c' ? "ceil_to" : "floor_to", s);
    else if (kind >= FST_BYTE && kind <= FST_LONG)
        tr_expr(t, out, e->args[0], s);
    else
        tr_kind_call(t, out, e, name, &e->args[0]->type, s);
}

static void unix_timestamp(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                           const struct scope *s)
{
    enum fst_kind kind = e->n_args ? e->args[0]->type.kind : FST_VOID;
    const char *before = NULL;
    if (e->n_args == 0)
        fst_buf_adds(out, "unix_now_of()");
    else if (kind == FST_STRING && tr_pattern_ok(t, e, 1, 'r'))
        tr_plain_call(t, out, e, "parse_unix", s);
    else if (kind == FST_TIMESTAMP)
        before = "unix_timestamp_of(";
    else if (kind == FST_DATE)
        before = "unix_timestamp_of(date_to_timestamp(";
    else
        tr_refuse_call(t, e);
    if (!before)
        return;
    fst_buf_adds(out, before);
    tr_expr(t, out, e->args[0], s);
    fst_buf_adds(out, kind == FST_DATE ? "))" : ")");
}

static void timestamp_seconds(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                              const struct scope *s)
{
    enum fst_kind kind = e->args[0]->type.kind;
    if (kind >= FST_BYTE && kind <= FST_LONG)
        tr_plain_call(t, out, e, "timestamp_of_seconds", s);
    else if (kind == FST_DOUBLE)
        tr_plain_call(t, out, e, "timestamp_of_real_seconds", s);
    else if (kind == FST_DECIMAL && e->args[0]->type.scale <= 6)
        tr_kind_call(t, out, e, "timestamp_of_seconds", &e->args[0]->type, s);
    else
        tr_refuse_call(t, e);
}

char tr_hash_kind(const struct fst_type *type)
{
    switch (type->kind) {
    case FST_LONG:
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
        return 'l';
    case FST_FLOAT:
        return 'f';
    case FST_DOUBLE:
        return 'd';
    case FST_DECIMAL:
        return type->precision <= 18 ? 'm' : 'w';
    case FST_STRING:
    case FST_BINARY:
        return 's';
    default:
        return 'i';
    }
}

static void hashes(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *name,
                   const struct scope *s)
{
    fst_buf_printf(out, "%s(", name);
    for (size_t i = 0; i < e->n_args; i++) {
        fst_buf_printf(out, "%s'%c', ", i ? ", " : "", tr_hash_kind(&e->args[i]->type));
        tr_expr(t, out, e->args[i], s);
    }
    fst_buf_addc(out, ')');
}

static void format_number(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                          const struct scope *s)
{
    const struct fst_type *type = &e->args[0]->type;
    bool real = type->kind == FST_FLOAT || type->kind == FST_DOUBLE;
    if (type->kind == FST_FLOAT) {
        tr_refuse_call(t, e);
        return;
    }
    fst_buf_printf(out, "format_number_of('%c', ",
                   real                        ? 'd'
                   : type->kind == FST_DECIMAL ? 'm'
                                               : 'l');
    tr_expr(t, out, e->args[0], s);
    fst_buf_printf(out, ", %d, ", type->kind == FST_DECIMAL ? type->scale : 0);
    tr_expr(t, out, e->args[1], s);
    fst_buf_addc(out, ')');
}

static void format_string(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                          const struct scope *s)
{
    char kinds[256] = "";
    struct fst_str f = e->args[0]->value.s;
    for (size_t i = 1; i < e->n_args && i < sizeof kinds; i++)
        kinds[i - 1] = e->args[i]->type.kind == FST_STRING   ? 's'
                       : e->args[i]->type.kind == FST_DOUBLE ? 'd'
                                                             : 'i';
    if (local_printf_ok(f, kinds))
        tr_plain_call(t, out, e, "format_string_of", s);
    else
        tr_refuse(t, &e->args[0]->place, "the format '%.*s' for these values",
                  f.n > 200 ? 200 : (int)f.n, f.p);
}

/* A literal zone is opened here first: one that is not known is refused before the statement
 * starts; others as the rows come. */
static bool known_zone(struct tr *t, const struct fst_expr *e)
{
    struct local_zone *zone = NULL;
    struct fst_str v = e->value.s;
    if (e->kind != FST_EXPR_LITERAL)
        return true;
    bool known = local_zone_of(v, &zone);
    local_zone_free(zone);
    if (!known)
        tr_refuse(t, &e->place, "the time zone '%.*s'", v.n > 64 ? 64 : (int)v.n, v.p);
    return known;
}

static void zone_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *name,
                      const struct scope *s)
{
    if (known_zone(t, e->args[1]))
        tr_plain_call(t, out, e, name, s);
}

/* (wall clock, from, to), or (wall clock of the session, to) */
static void convert_zone(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                         const struct scope *s)
{
    for (size_t i = 1; i < e->n_args; i++)
        if (!known_zone(t, e->args[i]))
            return;
    fst_buf_adds(out, e->n_args == 3 ? "from_utc_of(to_utc_of(" : "from_utc_of(ntz_to_timestamp(");
    tr_expr(t, out, e->args[0], s);
    if (e->n_args == 3) {
        fst_buf_adds(out, ", ");
        tr_expr(t, out, e->args[1], s);
    }
    fst_buf_adds(out, "), ");
    tr_expr(t, out, e->args[e->n_args - 1], s);
    fst_buf_addc(out, ')');
}

bool tr_special_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                     const struct scope *s)
{
    switch (e->fn->id) {
    case FST_FN_HASH:
        hashes(t, out, e, "murmur_of", s);
        return true;
    case FST_FN_XXHASH64:
        hashes(t, out, e, "xxhash_of", s);
        return true;
    case FST_FN_TO_CHAR:
        fst_buf_adds(out, "to_char_of(");
        tr_expr(t, out, e->args[0], s);
        fst_buf_printf(out, ", %d, ", e->args[0]->type.scale);
        tr_expr(t, out, e->args[1], s);
        fst_buf_addc(out, ')');
        return true;
    case FST_FN_FORMAT_NUMBER:
        format_number(t, out, e, s);
        return true;
    case FST_FN_FORMAT_STRING:
        format_string(t, out, e, s);
        return true;
    case FST_FN_FROM_UTC:
        zone_call(t, out, e, "from_utc_of", s);
        return true;
    case FST_FN_TO_UTC:
        zone_call(t, out, e, "to_utc_of", s);
        return true;
    case FST_FN_CONVERT_ZONE:
        convert_zone(t, out, e, s);
        return true;
    case FST_FN_BIT_NOT:
        words(t, out, e, s, (const char *const[]){"(~ ", ")"});
        return true;
    case FST_FN_CEIL:
        to_whole(t, out, e, "ceil", s);
        return true;
    case FST_FN_FLOOR:
        to_whole(t, out, e, "floor", s);
        return true;
    case FST_FN_LOG:
        tr_plain_call(t, out, e, e->n_args == 1 ? "fd_log" : "fd_log_base", s);
        return true;
    case FST_FN_ROUND:
        rounding(t, out, e, "round", s);
        return true;
    case FST_FN_BROUND:
        rounding(t, out, e, "bround", s);
        return true;
    case FST_FN_COALESCE:
        coalesce(t, out, e, s);
        return true;
    case FST_FN_NVL2:
        words(t, out, e, s,
              (const char *const[]){"(CASE WHEN ", " IS NOT NULL THEN ", " ELSE ", " END)"});
        return true;
    case FST_FN_IF:
        tr_refuse_zeros(t, e);
        words(t, out, e, s, (const char *const[]){"(CASE WHEN ", " THEN ", " ELSE ", " END)"});
        return true;
    case FST_FN_NULLIF:
        null_if(t, out, e, s);
        return true;
    case FST_FN_PI:
        tr_bind_real(t, out, 3.141592653589793);
        return true;
    case FST_FN_E:
        tr_bind_real(t, out, 2.718281828459045);
        return true;
    case FST_FN_UNIX_TIMESTAMP:
        unix_timestamp(t, out, e, s);
        return true;
    case FST_FN_TIMESTAMP_SECONDS:
        timestamp_seconds(t, out, e, s);
        return true;
    case FST_FN_TIMESTAMP_MICROS:
    case FST_FN_UNIX_MICROS:
    case FST_FN_UNIX_DATE:
    case FST_FN_DATE_FROM_UNIX_DATE:
        words(t, out, e, s, (const char *const[]){"(", ")"});
        return true;
    default:
        return tr_nest_call(t, out, e, s);
    }
}
