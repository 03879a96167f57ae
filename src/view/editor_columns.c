/* Columns of what a text reads from, by their aliases, as the catalog last saw them; and the call
 * that the cursor is in. Both need no more than tokens: the text may be wrong as a whole. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "editor.h"
#include "firesteel/sql.h"
#include "firesteel/sql/tree.h"

#define MAX_DEPTH 64

static struct fst_token next(struct fst_lexer *lx)
{
    struct fst_token t;
    do
        t = fst_sql_next(lx);
    while (t.kind == FST_TOK_SPACE || t.kind == FST_TOK_COMMENT);
    return t;
}

static bool is_word(const char *text, const struct fst_token *t, const char *word)
{
    return t->kind == FST_TOK_WORD && t->len == strlen(word) &&
           strncasecmp(text + t->offset, word, t->len) == 0;
}

/* The alias behind a reference; len 0 = it has none. */
static struct fst_str alias_after(struct fst_lexer lx)
{
    struct fst_token t = next(&lx);
    if (is_word(lx.text, &t, "AS"))
        t = next(&lx);
    if (t.kind == FST_TOK_QUOTED && t.len > 2)
        return (struct fst_str){lx.text + t.offset + 1, t.len - 2};
    if (t.kind == FST_TOK_WORD && !t.keyword)
        return (struct fst_str){lx.text + t.offset, t.len};
    return (struct fst_str){0};
}

struct giving {
    void (*each)(void *to, const char *name, const char *detail);
    void *to;
    const char *from;
};

static void give(void *arg, const char *name, const char *type)
{
    const struct giving *g = arg;
    char *detail = fst_asprintf("%s of %s", type, g->from);
    g->each(g->to, name, detail);
    free(detail);
}

/* ---- Inputs that nobody has looked at yet ------------------------------------------------------
 */

struct look_task {
    struct task task;
    char *target;
    struct fst_schema *schema;
};

/* The catalog keeps what was seen: the next completion has it. */
static void look(struct task *t)
{
    struct look_task *l = (struct look_task *)t;
    struct fst_problem problem = {0};
    t->status = fst_app_schema(t->wb->app, l->target, &l->schema, &problem, &t->err);
}

static void release(struct task *t)
{
    struct look_task *l = (struct look_task *)t;
    fst_schema_free(l->schema);
    free(l->target);
}

/* Once each while the workbench runs: what cannot be seen is not asked for at every key. */
static void look_once(struct wb *wb, const struct fst_resource *r)
{
    size_t most = FST_COUNT(wb->looked_at);
    for (size_t i = 0; i < wb->n_looked_at && i < most; i++)
        if (wb->looked_at[i] == r->id)
            return;
    wb->looked_at[wb->n_looked_at++ % most] = r->id;
    struct look_task *l = wb_task_new(wb, NULL, sizeof *l, look, NULL, release);
    l->target = fst_asprintf("%s/%s", fst_kinds[r->kind].name, fst_resource_label(r));
    wb_task_start(&l->task, "looking at columns");
}

static void give_input(struct wb *wb, const char *inside, size_t n, struct giving *g)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_target target;
    struct fst_resource *r;
    char *name = fst_strndup(inside, n);
    if (fst_target_parse(a, name, &target) &&
        fst_catalog_resolve(wb->catalog, &target, &r, NULL) == FST_OK) {
        g->from = r->name;
        fst_catalog_get_columns(wb->catalog, r->id, give, g, NULL);
        if (!fst_catalog_knows_columns(wb->catalog, r->id))
            look_once(wb, r);
        fst_resource_free(r);
    }
    free(name);
    fst_arena_free(a);
}

void editor_input_columns(struct wb *wb, const char *text, size_t n, struct fst_str alias,
                          void (*each)(void *to, const char *name, const char *detail), void *to)
{
    struct fst_lexer lx = {.text = text, .n = n};
    struct giving g = {each, to, NULL};
    for (struct fst_token t = next(&lx); t.kind != FST_TOK_END; t = next(&lx)) {
        if (t.kind != FST_TOK_REFERENCE || t.len < 5)
            continue;
        struct fst_str is = alias_after(lx);
        if (alias.n && (is.n != alias.n || strncasecmp(is.p, alias.p, is.n) != 0))
            continue;
        give_input(wb, text + t.offset + 2, t.len - 4, &g);
    }
}

const struct fst_function *editor_call_at(const char *text, size_t n, size_t at, int *argument)
{
    struct {
        const struct fst_function *f;
        int argument;
    } open[MAX_DEPTH];
    size_t depth = 0;
    struct fst_lexer lx = {.text = text, .n = n};
    struct fst_token before = {0};
    for (struct fst_token t = next(&lx); t.kind != FST_TOK_END && t.offset < at; t = next(&lx)) {
        char c = t.kind == FST_TOK_OPERATOR && t.len == 1 ? text[t.offset] : '\0';
        if (c == '(' && depth == MAX_DEPTH)
            return NULL;
        if (c == '(') {
            open[depth].f = before.kind == FST_TOK_WORD
                                ? fst_sql_function(text + before.offset, before.len)
                                : NULL;
            open[depth++].argument = 1;
        } else if (c == ')' && depth) {
            depth--;
        } else if (c == ',' && depth) {
            open[depth - 1].argument++;
        }
        before = t;
    }
    if (!depth || !open[depth - 1].f)
        return NULL;
    *argument = open[depth - 1].argument;
    return open[depth - 1].f;
}

const struct fst_function *editor_function_at(const char *text, size_t n, size_t at)
{
    struct fst_lexer lx = {.text = text, .n = n};
    struct fst_token before = {0};
    for (struct fst_token t = next(&lx); t.kind != FST_TOK_END; t = next(&lx)) {
        bool is_in =
            before.kind == FST_TOK_WORD && at >= before.offset && at < before.offset + before.len;
        if (is_in)
            return text[t.offset] == '(' ? fst_sql_function(text + before.offset, before.len)
                                         : NULL;
        before = t;
    }
    return NULL;
}
