/* Calls whose types Spark treats in ways of their own, or refuses with a condition of its own: they
 * are refused here, by a table. */
#include <string.h>

#include "call.h"

#define K(kind) (1u << FST_##kind)
#define TIMES (K(TIMESTAMP) | K(TIMESTAMP_NTZ))
#define NESTED (K(ARRAY) | K(MAP) | K(STRUCT))
#define VOID_COLUMN (1u << 31) /* a column of nothing but NULL; Spark names it "NULL" here */
#define NO_LITERAL (1u << 30)
#define OTHER(kinds) (~(kinds) & (NO_LITERAL - 1)) /* than these */
#define NO_NUMBER (K(BOOLEAN) | K(BINARY) | K(DATE) | TIMES | NESTED)

enum { ANY_ARGUMENT = 255 };

/* A function by its id, or one that is rewritten or a cast by its name. */
static const struct doubt {
    enum fst_fn id;
    const char *name;
    uint8_t least, argument; /* how many arguments, and which of them */
    uint32_t kinds;
} doubts[] = {
    {FST_FN_HEX, NULL, 1, 0, K(DATE) | TIMES | K(BOOLEAN)},
    {FST_FN_IF, NULL, 1, 0, OTHER(K(BOOLEAN) | K(VOID))},
    {FST_FN_SUM, NULL, 1, 0, K(TIMESTAMP)},
    {FST_FN_AVG, NULL, 1, 0, K(TIMESTAMP)},
    {FST_FN_TRY_SUM, NULL, 1, 0, K(TIMESTAMP)},
    {FST_FN_TRY_AVG, NULL, 1, 0, K(TIMESTAMP)},
    {FST_FN_REGR_AVGX, NULL, 2, ANY_ARGUMENT, K(DECIMAL)},
    {FST_FN_REGR_AVGY, NULL, 2, ANY_ARGUMENT, K(DECIMAL)},
    {FST_FN_UNIX_DATE, NULL, 1, 0, K(STRING) | TIMES | K(VOID)},
    {FST_FN_UNIX_SECONDS, NULL, 1, 0, K(STRING) | K(DATE) | K(VOID)},
    {FST_FN_UNIX_MILLIS, NULL, 1, 0, K(STRING) | K(DATE) | K(VOID)},
    {FST_FN_UNIX_MICROS, NULL, 1, 0, K(STRING) | K(DATE) | K(VOID)},
    {FST_FN_TIMESTAMP_SECONDS, NULL, 1, 0, K(VOID)},
    {FST_FN_TIMESTAMP_MILLIS, NULL, 1, 0, K(VOID)},
    {FST_FN_TIMESTAMP_MICROS, NULL, 1, 0, K(VOID)},
    {FST_FN_UNIX_TIMESTAMP, NULL, 1, 0, K(VOID)},
    {FST_FN_UNIX_TIMESTAMP, NULL, 2, 0, K(DATE) | K(TIMESTAMP)},
    {FST_FN_SIZE, NULL, 1, 0, VOID_COLUMN},
    {FST_FN_JSON_ARRAY_LENGTH, NULL, 1, 0, VOID_COLUMN},
    {FST_FN_JSON_OBJECT_KEYS, NULL, 1, 0, VOID_COLUMN},
    {FST_FN_ARRAY_REPEAT, NULL, 2, 1, VOID_COLUMN},
    {FST_FN_MASK, NULL, 1, ANY_ARGUMENT, VOID_COLUMN},
    {FST_FN_DATE_ADD, NULL, 2, 0, VOID_COLUMN},
    {FST_FN_DATE_SUB, NULL, 2, 0, VOID_COLUMN},
    {FST_FN_DATE_ADD, NULL, 2, 1, K(VOID)},
    {FST_FN_DATE_SUB, NULL, 2, 1, K(VOID)},
    {FST_FN_SOUNDEX, NULL, 1, 0, OTHER(K(STRING))},
    {FST_FN_FORMAT_NUMBER, NULL, 2, 1, K(BYTE) | K(SHORT)},
    {FST_FN_NANVL, NULL, 2, ANY_ARGUMENT, K(VOID)},
    {FST_FN_ROUND, NULL, 2, 1, NO_NUMBER},
    {FST_FN_BROUND, NULL, 2, 1, NO_NUMBER},
    {FST_FN_MOD, NULL, 2, ANY_ARGUMENT, NO_NUMBER},
    {FST_FN_PMOD, NULL, 2, ANY_ARGUMENT, NO_NUMBER},
    {FST_FN_PARSE_URL, NULL, 2, ANY_ARGUMENT, OTHER(K(STRING) | K(VOID))},
    {FST_FN_STR_TO_MAP, NULL, 1, ANY_ARGUMENT, OTHER(K(STRING) | K(VOID))},
    {FST_FN_ARRAY_REPEAT, NULL, 2, 1, K(BYTE) | K(SHORT)},
    {FST_FN_REGEXP_REPLACE, NULL, 4, 3, NO_LITERAL},
    {FST_FN_ARRAY_JOIN, NULL, 2, 1, OTHER(K(STRING) | K(VOID))},
    {FST_FN_ARRAY_JOIN, NULL, 3, 2, OTHER(K(STRING) | K(VOID))},
    {FST_FN_REWRITTEN, "try_divide", 2, ANY_ARGUMENT, K(VOID)},
    {FST_FN_NONE, "boolean", 1, 0, K(BINARY) | K(TIMESTAMP_NTZ)},
    {FST_FN_NONE, "date", 1, 0, K(FLOAT) | K(DOUBLE) | K(DECIMAL)},
    {FST_FN_NONE, "decimal", 1, 0, K(DATE)},
    {FST_FN_NONE, "double", 1, 0, K(DATE)},
    {FST_FN_NONE, "float", 1, 0, K(DATE)},
};

static bool is_about(const struct doubt *d, const struct call *c)
{
    return d->id == c->f->id && c->n >= d->least && (!d->name || strcmp(d->name, c->f->name) == 0);
}

static uint32_t kinds_of(const struct fst_expr *e)
{
    const struct fst_expr *inner = e->kind == FST_EXPR_CAST && e->implicit ? e->args[0] : e;
    bool is_literal = inner->kind == FST_EXPR_LITERAL;
    bool is_column = e->type.kind == FST_VOID && !is_literal;
    return 1u << e->type.kind | (is_column ? VOID_COLUMN : 0) | (is_literal ? 0 : NO_LITERAL);
}

bool call_is_unsure(const struct call *c)
{
    for (size_t k = 0; k < FST_COUNT(doubts); k++)
        for (size_t i = 0; is_about(&doubts[k], c) && i < c->n; i++)
            if ((doubts[k].argument == ANY_ARGUMENT || doubts[k].argument == i) &&
                doubts[k].kinds & kinds_of(c->args[i])) {
                rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name,
                          type_sql(c->rx, &c->args[i]->type));
                return true;
            }
    return false;
}
