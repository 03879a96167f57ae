/* The verb schema: columns with Spark's types, nested ones as a tree, and beside them what the
 * files call them, where files have a schema of their own. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* A line of the tree. */
struct line {
    const char *name, *type, *nullable, *parquet;
    unsigned depth;
    const char *drawn; /* the branches in front of the name */
};
struct tree {
    struct fst_arena *arena;
    struct line *lines;
    size_t n, cap;
};
enum { DEPTH_MAX = 130 };

static struct line *add_line(struct tree *t, const char *name, unsigned depth)
{
    fst_grow(&t->lines, &t->cap, t->n + 1, sizeof *t->lines);
    struct line *line = &t->lines[t->n++];
    *line = (struct line){.name = name, .depth = depth < DEPTH_MAX ? depth : DEPTH_MAX};
    return line;
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static const char *type_text(struct tree *t, const struct fst_type *type)
{
    struct fst_buf text = FST_BUF_TEXT;
    fst_type_text(&text, type);
    const char *copy = fst_arena_strdup(t->arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return copy;
}

/* By the type alone. */
static void add_field(struct tree *t, const struct fst_field *f, unsigned depth)
{
    struct line *line = add_line(t, f->name, depth);
    line->type = type_text(t, &f->type);
    line->nullable = f->nullable ? "yes" : "no";
    for (size_t i = 0; i < f->type.n_fields; i++)
        add_field(t, &f->type.fields[i], depth + 1);
}

/* By what the file says: the line `at` and those below it. */
static void add_lines(struct tree *t, const struct fst_field *f, const struct fst_schema_lines *l,
                      size_t at)
{
    for (size_t i = at; i < l->n && (i == at || l->lines[i].depth > 0); i++) {
        const struct fst_schema_line *from = &l->lines[i];
        struct line *line = add_line(t, from->name, from->depth);
        line->type = i == at ? type_text(t, &f->type) : from->type;
        line->nullable = i == at ? (f->nullable ? "yes" : "no")
                                 : (strcmp(from->repetition, "optional") == 0 ? "yes" : "no");
        line->parquet = fst_arena_printf(
            t->arena, "%s %s%s%s", from->repetition, from->physical ? from->physical : "group",
            from->logical ? " " : "", from->logical ? from->logical : "");
    }
}

static void add_column(struct tree *t, const struct fst_field *f, const struct fst_schema_lines *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->lines[i].depth == 0 && strcmp(l->lines[i].name, f->name) == 0) {
            add_lines(t, f, l, i);
            return;
        }
    add_field(t, f, 0);
    if (l->n)
        t->lines[t->n - 1].parquet = "in the folder names";
}

/* From the last line up: then it is known which branches go on below. */
static void draw_branches(struct tree *t)
{
    bool goes_on[DEPTH_MAX + 2] = {false};
    for (size_t i = t->n; i-- > 0;) {
        unsigned depth = t->lines[i].depth;
        struct fst_buf drawn = FST_BUF(4 * DEPTH_MAX + 8);
        for (unsigned d = 1; d < depth; d++)
            fst_buf_adds(&drawn, goes_on[d] ? "|  " : "   ");
        if (depth)
            fst_buf_adds(&drawn, goes_on[depth] ? "|- " : "`- ");
        t->lines[i].drawn = fst_arena_strdup(t->arena, fst_buf_text(&drawn));
        fst_buf_done(&drawn);
        goes_on[depth] = true;
        memset(goes_on + depth + 1, 0, DEPTH_MAX + 1 - depth);
    }
}

/* ---- Output ---------------------------------------------------------------------------------- */

static int print_tree(struct fst_cli *c, struct tree *t, bool has_parquet)
{
    static const struct cli_column columns[] = {{"column", FST_STRING},
                                                {"type", FST_STRING},
                                                {"nullable", FST_STRING},
                                                {"parquet", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, has_parquet ? 4 : 3);
    draw_branches(t);
    for (size_t i = 0; i < t->n; i++) {
        const struct line *line = &t->lines[i];
        const char *name = fst_arena_printf(t->arena, "%s%s", line->drawn, line->name);
        cli_row(rows, (const char *const[]){name, line->type, line->nullable, line->parquet});
    }
    return cli_rows_finish(c, rows);
}

static void json_lines(struct fst_json_writer *w, const struct fst_schema_lines *l, size_t *at,
                       const char *key)
{
    const struct fst_schema_line *line = &l->lines[(*at)++];
    fst_jw_object(w, key);
    fst_jw_string(w, "name", line->name);
    fst_jw_string(w, "repetition", line->repetition);
    fst_jw_string(w, "physical", line->physical);
    fst_jw_string(w, "logical", line->logical);
    fst_jw_string(w, "type", line->type);
    if (*at < l->n && l->lines[*at].depth > line->depth) {
        fst_jw_list(w, "fields");
        while (*at < l->n && l->lines[*at].depth > line->depth)
            json_lines(w, l, at, NULL);
        fst_jw_end(w, ']');
    }
    fst_jw_end(w, '}');
}

static void json_column(struct fst_json_writer *w, const struct fst_field *f,
                        const struct fst_schema_lines *l)
{
    struct fst_buf text = FST_BUF_TEXT;
    fst_type_text(&text, &f->type);
    fst_jw_object(w, NULL);
    fst_jw_string(w, "column", f->name);
    fst_jw_string(w, "type", fst_buf_text(&text));
    fst_jw_string(w, "nullable", f->nullable ? "yes" : "no");
    fst_buf_clear(&text);
    fst_field_json(&text, f);
    fst_jw_raw(w, "field", fst_buf_text(&text));
    for (size_t i = 0; i < l->n; i++)
        if (l->lines[i].depth == 0 && strcmp(l->lines[i].name, f->name) == 0) {
            json_lines(w, l, &i, "parquet");
            break;
        }
    fst_jw_end(w, '}');
    fst_buf_done(&text);
}

static int print_json(const struct fst_schema *schema, const struct fst_schema_lines *l)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    for (size_t i = 0; i < schema->n; i++) {
        struct fst_json_writer w = fst_json_writer(&out);
        fst_buf_adds(&out, i ? ",\n" : "[");
        json_column(&w, &schema->fields[i], l);
    }
    fst_buf_adds(&out, schema->n ? "]\n" : "[]\n");
    fwrite(fst_buf_text(&out), 1, out.n, stdout);
    fst_buf_done(&out);
    return 0;
}

static int print_spark(const struct fst_schema *schema)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    fst_schema_json(&out, schema);
    fst_buf_addc(&out, '\n');
    cli_text(fst_buf_text(&out));
    fst_buf_done(&out);
    return 0;
}

static int print(struct fst_cli *c, const struct fst_schema *schema,
                 const struct fst_schema_lines *l)
{
    if (cli_option(c, "--spark"))
        return print_spark(schema);
    if (strcmp(c->output, "json") == 0)
        return print_json(schema, l);
    if (strcmp(c->output, "table") != 0)
        return cli_print_columns(c, schema);
    struct tree t = {.arena = fst_arena_new()};
    for (size_t i = 0; i < schema->n; i++)
        add_column(&t, &schema->fields[i], l);
    int code = print_tree(c, &t, l->n > 0);
    free(t.lines);
    fst_arena_free(t.arena);
    return code;
}

int cli_schema(struct fst_cli *c)
{
    struct fst_schema *schema;
    struct fst_schema_lines lines = {0};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    if (fst_app_schema(c->app, c->operands[0], &schema, &problem, &err) != FST_OK)
        return cli_fail_at(&err, &problem, NULL);
    enum fst_status status = fst_app_schema_lines(c->app, c->operands[0], &lines, &err);
    int code = status == FST_OK ? print(c, schema, &lines) : cli_fail(&err);
    fst_schema_lines_done(&lines);
    fst_schema_free(schema);
    return code;
}
