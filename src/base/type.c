/* Spark's types: their spelling, equality, copies; schemas. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "firesteel/base.h"

#define MAX_DEPTH 64

static const struct {
    const char *name;
    enum fst_kind kind;
    bool sized; /* may be followed by a number in parentheses, which says nothing about the data */
} spellings[] = {
    /* the first spelling of a kind is the one that is written */
    {"void", FST_VOID},
    {"boolean", FST_BOOLEAN},
    {"tinyint", FST_BYTE},
    {"smallint", FST_SHORT},
    {"int", FST_INT},
    {"bigint", FST_LONG},
    {"float", FST_FLOAT},
    {"double", FST_DOUBLE},
    {"decimal", FST_DECIMAL},
    {"string", FST_STRING},
    {"binary", FST_BINARY},
    {"date", FST_DATE},
    {"timestamp", FST_TIMESTAMP},
    {"timestamp_ntz", FST_TIMESTAMP_NTZ},
    {"time", FST_TIME, true},
    {"interval year to month", FST_INTERVAL_YM},
    {"interval day to second", FST_INTERVAL_DT},
    {"array", FST_ARRAY},
    {"map", FST_MAP},
    {"struct", FST_STRUCT},
    {"variant", FST_VARIANT},
    {"unknown", FST_UNKNOWN},
    {"null", FST_VOID},
    {"bool", FST_BOOLEAN},
    {"byte", FST_BYTE},
    {"short", FST_SHORT},
    {"integer", FST_INT},
    {"long", FST_LONG},
    {"real", FST_FLOAT},
    {"dec", FST_DECIMAL},
    {"numeric", FST_DECIMAL},
    {"timestamp_ltz", FST_TIMESTAMP},
    {"char", FST_STRING, true},
    {"character", FST_STRING, true},
    {"varchar", FST_STRING, true},
    {"interval year", FST_INTERVAL_YM},
    {"interval month", FST_INTERVAL_YM},
    {"interval day", FST_INTERVAL_DT},
    {"interval day to hour", FST_INTERVAL_DT},
    {"interval day to minute", FST_INTERVAL_DT},
    {"interval hour", FST_INTERVAL_DT},
    {"interval hour to minute", FST_INTERVAL_DT},
    {"interval hour to second", FST_INTERVAL_DT},
    {"interval minute", FST_INTERVAL_DT},
    {"interval minute to second", FST_INTERVAL_DT},
    {"interval second", FST_INTERVAL_DT},
};

struct fst_type fst_type(enum fst_kind kind)
{
    return (struct fst_type){.kind = kind, .precision = kind == FST_DECIMAL ? 10 : 0};
}

struct fst_type fst_type_decimal(int precision, int scale)
{
    return (struct fst_type){
        .kind = FST_DECIMAL, .precision = (uint8_t)precision, .scale = (uint8_t)scale};
}

bool fst_type_is_nested(const struct fst_type *t)
{
    return t->kind == FST_ARRAY || t->kind == FST_MAP || t->kind == FST_STRUCT;
}

static bool is_interval(enum fst_kind kind)
{
    return kind == FST_INTERVAL_YM || kind == FST_INTERVAL_DT;
}

bool fst_type_eq(const struct fst_type *a, const struct fst_type *b)
{
    if (a->kind != b->kind || a->n_fields != b->n_fields)
        return false;
    bool sized = a->kind == FST_DECIMAL || is_interval(a->kind);
    if (sized && (a->precision != b->precision || a->scale != b->scale))
        return false;
    for (size_t i = 0; i < a->n_fields; i++) {
        if (a->kind == FST_STRUCT && strcmp(a->fields[i].name, b->fields[i].name) != 0)
            return false;
        if (!fst_type_eq(&a->fields[i].type, &b->fields[i].type))
            return false;
    }
    return true;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static const char *spelling(enum fst_kind kind)
{
    for (size_t i = 0; i < FST_COUNT(spellings); i++)
        if (spellings[i].kind == kind)
            return spellings[i].name;
    return "unknown";
}

static bool is_plain_name(const char *name)
{
    for (const char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            return false;
    return *name != '\0';
}

static void write_field_name(struct fst_buf *out, const char *name)
{
    if (is_plain_name(name)) {
        fst_buf_adds(out, name);
        return;
    }
    fst_buf_addc(out, '`');
    for (const char *p = name; *p; p++) {
        if (*p == '`')
            fst_buf_addc(out, '`');
        fst_buf_addc(out, *p);
    }
    fst_buf_addc(out, '`');
}

/* interval day to second, interval month */
static void write_interval(struct fst_buf *out, const struct fst_type *t)
{
    int from = fst_interval_from(t), to = fst_interval_to(t);
    char words[64];
    snprintf(words, sizeof words, "interval %s%s%s", fst_interval_word(t->kind, from),
             from < to ? " to " : "", from < to ? fst_interval_word(t->kind, to) : "");
    for (char *p = words; *p; p++)
        fst_buf_addc(out, (char)tolower((unsigned char)*p));
}

void fst_type_text(struct fst_buf *out, const struct fst_type *t)
{
    if (is_interval(t->kind)) {
        write_interval(out, t);
        return;
    }
    fst_buf_adds(out, spelling(t->kind));
    if (t->kind == FST_DECIMAL)
        fst_buf_printf(out, "(%d,%d)", t->precision, t->scale);
    if (!fst_type_is_nested(t))
        return;
    fst_buf_addc(out, '<');
    for (size_t i = 0; i < t->n_fields; i++) {
        fst_buf_adds(out, i ? "," : "");
        if (t->kind == FST_STRUCT) {
            write_field_name(out, t->fields[i].name);
            fst_buf_addc(out, ':');
        }
        fst_type_text(out, &t->fields[i].type);
    }
    fst_buf_addc(out, '>');
}

/* ---- Reading --------------------------------------------------------------------------------- */

struct parser {
    struct fst_arena *arena;
    const char *text, *p;
    struct fst_error *err;
    int depth;
};

static void blanks(struct parser *s)
{
    while (isspace((unsigned char)*s->p))
        s->p++;
}

static bool take(struct parser *s, char c)
{
    blanks(s);
    if (*s->p != c)
        return false;
    s->p++;
    return true;
}

static enum fst_status wrong(struct parser *s)
{
    return fst_fail(s->err, FST_EFORMAT, "not a type: %s (at character %zu)", s->text,
                    (size_t)(s->p - s->text) + 1);
}

static enum fst_status parse_type(struct parser *s, struct fst_type *out);

/* A number that is not absurd. */
static bool take_number(struct parser *s, int *out)
{
    blanks(s);
    const char *from = s->p;
    for (*out = 0; isdigit((unsigned char)*s->p) && s->p - from < 9; s->p++)
        *out = *out * 10 + (*s->p - '0');
    return s->p > from;
}

static enum fst_status parse_size(struct parser *s)
{
    int ignored;
    if (take(s, '(') && (!take_number(s, &ignored) || !take(s, ')')))
        return wrong(s);
    return FST_OK;
}

static enum fst_status parse_decimal(struct parser *s, struct fst_type *out)
{
    int precision = 10, scale = 0;
    if (take(s, '(') &&
        (!take_number(s, &precision) || (take(s, ',') && !take_number(s, &scale)) || !take(s, ')')))
        return wrong(s);
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision)
        return wrong(s);
    *out = fst_type_decimal(precision, scale);
    return FST_OK;
}

static enum fst_status parse_field_name(struct parser *s, const char **out)
{
    struct fst_buf name = FST_BUF(4096);
    blanks(s);
    if (*s->p == '`') {
        for (s->p++; *s->p && (*s->p != '`' || s->p[1] == '`'); s->p++) {
            s->p += *s->p == '`';
            fst_buf_addc(&name, *s->p);
        }
        if (*s->p++ != '`') {
            fst_buf_done(&name);
            s->p--;
            return wrong(s);
        }
    } else {
        while (*s->p && *s->p != ':' && *s->p != ',' && *s->p != '>' &&
               !isspace((unsigned char)*s->p))
            fst_buf_addc(&name, *s->p++);
    }
    bool over = name.over;
    *out = fst_arena_strdup(s->arena, fst_buf_text(&name));
    fst_buf_done(&name);
    take(s, ':'); /* may be left away: struct<a int> */
    return over ? wrong(s) : FST_OK;
}

static bool take_word(struct parser *s, const char *word)
{
    size_t n = strlen(word);
    blanks(s);
    if (strncasecmp(s->p, word, n) != 0 || isalnum((unsigned char)s->p[n]) || s->p[n] == '_')
        return false;
    s->p += n;
    return true;
}

/* One child, with its name in a struct. */
static enum fst_status parse_child(struct parser *s, bool named, struct fst_field *out)
{
    out->nullable = true;
    out->name = "";
    if (!named)
        return parse_type(s, &out->type);
    FST_TRY(parse_field_name(s, &out->name));
    FST_TRY(parse_type(s, &out->type));
    out->nullable = !take_word(s, "not");
    return out->nullable || take_word(s, "null") ? FST_OK : wrong(s);
}

static enum fst_status parse_children(struct parser *s, enum fst_kind kind, struct fst_type *out)
{
    struct fst_field *fields = NULL;
    size_t n = 0, cap = 0;
    enum fst_status status = take(s, '<') ? FST_OK : wrong(s);
    if (status == FST_OK && kind == FST_STRUCT && take(s, '>')) {
        *out = fst_type(kind);
        return FST_OK;
    }
    while (status == FST_OK) {
        fst_grow(&fields, &cap, n + 1, sizeof *fields);
        status = parse_child(s, kind == FST_STRUCT, &fields[n++]);
        if (status != FST_OK || !take(s, ','))
            break;
    }
    if (status == FST_OK && !take(s, '>'))
        status = wrong(s);
    size_t wanted = kind == FST_ARRAY ? 1 : kind == FST_MAP ? 2 : n;
    if (status == FST_OK && (n != wanted || n > UINT16_MAX))
        status = wrong(s);
    if (status == FST_OK) {
        struct fst_field *owned = fst_arena_alloc(s->arena, n * sizeof *owned);
        memcpy(owned, fields, n * sizeof *owned);
        *out = (struct fst_type){.kind = kind, .n_fields = (uint16_t)n, .fields = owned};
    }
    free(fields);
    return status;
}

/* The longest spelling that stands here as a whole word. */
static size_t match_spelling(const char *p, enum fst_kind *kind, bool *sized)
{
    size_t best = 0;
    for (size_t i = 0; i < FST_COUNT(spellings); i++) {
        size_t n = strlen(spellings[i].name);
        if (n > best && strncasecmp(p, spellings[i].name, n) == 0 &&
            !isalnum((unsigned char)p[n]) && p[n] != '_') {
            best = n;
            *kind = spellings[i].kind;
            *sized = spellings[i].sized;
        }
    }
    return best;
}

/* The fields that a spelling names: its first and its last word. */
static struct fst_type interval_of(const char *p, size_t n, enum fst_kind kind)
{
    int from = -1, to = 0;
    for (size_t i = 0; i < n; i++)
        for (int field = 0; field < (kind == FST_INTERVAL_YM ? 2 : 4); field++) {
            const char *word = fst_interval_word(kind, field);
            if (p[i] != ' ' || strncasecmp(p + i + 1, word, strlen(word)) != 0)
                continue;
            from = from < 0 ? field : from;
            to = field;
        }
    return fst_type_interval(kind, from < 0 ? 0 : from, to);
}

static enum fst_status parse_type(struct parser *s, struct fst_type *out)
{
    enum fst_kind kind = FST_UNKNOWN;
    bool sized = false;
    blanks(s);
    size_t n = match_spelling(s->p, &kind, &sized);
    if (n == 0 || ++s->depth > MAX_DEPTH)
        return wrong(s);
    s->p += n;
    enum fst_status status = FST_OK;
    *out = fst_type(kind);
    if (kind == FST_DECIMAL)
        status = parse_decimal(s, out);
    else if (sized)
        status = parse_size(s);
    else if (fst_type_is_nested(out))
        status = parse_children(s, kind, out);
    else if (is_interval(kind))
        *out = interval_of(s->p - n, n, kind);
    s->depth--;
    return status;
}

enum fst_status fst_type_parse(struct fst_arena *arena, const char *text, struct fst_type *out,
                               struct fst_error *err)
{
    struct parser s = {.arena = arena, .text = text, .p = text, .err = err};
    FST_TRY(parse_type(&s, out));
    blanks(&s);
    return *s.p ? wrong(&s) : FST_OK;
}

/* ---- Schemas --------------------------------------------------------------------------------- */

struct fst_type fst_type_copy(struct fst_arena *arena, const struct fst_type *t)
{
    struct fst_type copy = *t;
    if (t->n_fields == 0)
        return copy;
    struct fst_field *fields = fst_arena_alloc(arena, t->n_fields * sizeof *fields);
    for (size_t i = 0; i < t->n_fields; i++) {
        fields[i].name = fst_arena_strdup(arena, t->fields[i].name ? t->fields[i].name : "");
        fields[i].type = fst_type_copy(arena, &t->fields[i].type);
        fields[i].nullable = t->fields[i].nullable;
    }
    copy.fields = fields;
    return copy;
}

struct fst_schema *fst_schema_new(void)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_schema *s = fst_alloc(sizeof *s);
    s->arena = arena;
    return s;
}

void fst_schema_add(struct fst_schema *s, const char *name, const struct fst_type *t, bool nullable)
{
    /* doubling, told from n alone: full whenever n is 0 or a power of two from 8 on */
    if (s->n == 0 || (s->n >= 8 && (s->n & (s->n - 1)) == 0)) {
        struct fst_field *grown =
            fst_arena_alloc(s->arena, (s->n < 8 ? 8 : s->n * 2) * sizeof *grown);
        if (s->n)
            memcpy(grown, s->fields, s->n * sizeof *grown);
        s->fields = grown;
    }
    s->fields[s->n++] = (struct fst_field){fst_arena_strdup(s->arena, name ? name : ""),
                                           fst_type_copy(s->arena, t), nullable};
}

struct fst_schema *fst_schema_copy(const struct fst_schema *s)
{
    struct fst_schema *copy = fst_schema_new();
    for (size_t i = 0; i < s->n; i++)
        fst_schema_add(copy, s->fields[i].name, &s->fields[i].type, s->fields[i].nullable);
    return copy;
}

struct fst_schema *fst_schema_part(const struct fst_schema *s, const size_t *columns, size_t n)
{
    struct fst_schema *part = fst_schema_new();
    for (size_t i = 0; i < n; i++) {
        const struct fst_field *f = &s->fields[columns[i]];
        fst_schema_add(part, f->name, &f->type, f->nullable);
    }
    return part;
}

void fst_schema_free(struct fst_schema *s)
{
    if (!s)
        return;
    fst_arena_free(s->arena);
    free(s);
}

int fst_schema_find(const struct fst_schema *s, const char *name)
{
    int found = -1;
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->fields[i].name, name) == 0)
            return (int)i;
    for (size_t i = 0; i < s->n; i++)
        if (strcasecmp(s->fields[i].name, name) == 0) {
            if (found >= 0)
                return -1;
            found = (int)i;
        }
    return found;
}
