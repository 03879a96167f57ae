/* A text over its inputs as a plan.
 *
 * Inputs are bound with WithRelations: the text goes as it is, so that every position in the answer
 * is a position in the text, and nothing is left in the session. Each input is read afresh; with a
 * known schema no job runs for it. The alias of a reference is parsed as an identifier, which is
 * why it goes in backticks. An input that is a query sees the inputs before it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "connect.h"
#include "spark.h"

enum relation { /* numbers in Relation */
                RELATION_READ = 2,
                RELATION_LIMIT = 8,
                RELATION_SQL = 10,
                RELATION_ALIAS = 16,
                RELATION_WITH = 41,
};

static const char *option(const struct fst_doc *options, const char *key)
{
    for (size_t i = 0; options && i < options->n; i++)
        if (strcasecmp(options->items[i].key, key) == 0)
            return options->items[i].text.p;
    return NULL;
}

static void add_default(struct fst_buf *out, const struct fst_doc *options, const char *key,
                        const char *value)
{
    if (!option(options, key))
        pb_entry(out, 3, key, value);
}

static enum fst_status add_options(struct fst_buf *out, uint32_t field, const struct fst_input *in,
                                   struct fst_error *err)
{
    for (size_t i = 0; in->options && i < in->options->n; i++) {
        const struct fst_doc *o = &in->options->items[i];
        if (o->kind == FST_DOC_LIST || o->kind == FST_DOC_MAP)
            return fst_fail(err, FST_EINVAL, "%s: option %s must be one value", in->name, o->key);
        if (o->kind != FST_DOC_NULL)
            pb_entry(out, field, o->key, o->text.p);
    }
    return FST_OK;
}

/* Read { data_source = 2 { format = 1, schema = 2, options = 3, paths = 4 } } */
static enum fst_status add_source(struct fst_buf *out, const struct fst_input *in,
                                  struct fst_error *err)
{
    const char *name = in->format ? in->format : "parquet";
    const struct spark_format *row = spark_format_named(name);
    const char *spark = row ? row->spark : name;
    size_t source = pb_open(out, 2);
    pb_text(out, 1, spark);
    struct fst_buf ddl = FST_BUF_TEXT;
    if (in->schema && connect_schema_ddl(in->schema, &ddl))
        pb_text(out, 2, fst_buf_text(&ddl));
    fst_buf_done(&ddl);
    if (row && row->key)
        add_default(out, in->options, row->key, row->value);
    FST_TRY(add_options(out, 3, in, err));
    pb_text(out, 4, in->uri);
    pb_close(out, source);
    return FST_OK;
}

/* Read { named_table = 1 { unparsed_identifier = 1, options = 2 } } */
static enum fst_status add_table(struct fst_buf *out, const struct fst_input *in,
                                 struct fst_error *err)
{
    size_t table = pb_open(out, 1);
    pb_text(out, 1, in->table);
    FST_TRY(add_options(out, 2, in, err));
    pb_close(out, table);
    return FST_OK;
}

static void add_sql(struct fst_buf *out, const char *sql)
{
    size_t relation = pb_open(out, RELATION_SQL);
    pb_text(out, 1, sql);
    pb_close(out, relation);
}

static enum fst_status add_input(struct fst_buf *out, const struct fst_input *in,
                                 struct fst_error *err)
{
    if (in->query) {
        add_sql(out, in->query);
        return FST_OK;
    }
    size_t read = pb_open(out, RELATION_READ);
    if (in->table)
        FST_TRY(add_table(out, in, err));
    else
        FST_TRY(add_source(out, in, err));
    pb_close(out, read);
    return FST_OK;
}

/* Relation { with_relations { references = 2: Relation { subquery_alias { input, alias } } } } */
static enum fst_status add_reference(struct fst_buf *out, const struct fst_input *in,
                                     struct fst_error *err)
{
    size_t reference = pb_open(out, 2);
    size_t alias = pb_open(out, RELATION_ALIAS);
    size_t input = pb_open(out, 1);
    FST_TRY(add_input(out, in, err));
    pb_close(out, input);
    struct fst_buf alias_name = FST_BUF_TEXT;
    fst_sql_quote(&alias_name, in->name);
    pb_text(out, 2, fst_buf_text(&alias_name));
    fst_buf_done(&alias_name);
    pb_close(out, alias);
    pb_close(out, reference);
    return FST_OK;
}

static enum fst_status add_bound(struct fst_buf *out, const char *sql,
                                 const struct fst_input *inputs, size_t n, struct fst_error *err)
{
    if (n == 0) {
        add_sql(out, sql);
        return FST_OK;
    }
    size_t with = pb_open(out, RELATION_WITH);
    size_t root = pb_open(out, 1);
    add_sql(out, sql);
    pb_close(out, root);
    for (size_t i = 0; i < n; i++)
        FST_TRY(add_reference(out, &inputs[i], err));
    pb_close(out, with);
    return FST_OK;
}

/* What a Python made of the work's source. */
static enum fst_status add_made(struct fst_buf *out, const struct fst_buf *made,
                                struct fst_error *err)
{
    if (!made || made->n == 0)
        return fst_fail(err, FST_EINVAL, "no plan was made of the Python source");
    fst_buf_add(out, made->p, made->n);
    return FST_OK;
}

enum fst_status connect_plan_write(struct fst_buf *out, uint32_t field, const struct fst_work *w,
                                   const struct fst_buf *made, uint64_t limit,
                                   struct fst_error *err)
{
    size_t relation = pb_open(out, field);
    size_t outer = limit ? pb_open(out, RELATION_LIMIT) : 0;
    size_t input = limit ? pb_open(out, 1) : 0;
    if (w->python)
        FST_TRY(add_made(out, made, err));
    else
        FST_TRY(add_bound(out, w->sql, w->inputs, w->n_inputs, err));
    if (limit) {
        pb_close(out, input);
        pb_uint(out, 2, limit < INT32_MAX ? limit : INT32_MAX);
        pb_close(out, outer);
    }
    pb_close(out, relation);
    return FST_OK;
}

enum fst_status connect_plan_input(struct fst_buf *out, uint32_t field, const struct fst_work *w,
                                   size_t n, struct fst_error *err)
{
    size_t relation = pb_open(out, field);
    FST_TRY(add_bound(out, w->inputs[n].query, w->inputs, n, err));
    pb_close(out, relation);
    return FST_OK;
}

enum fst_status connect_plan_source(struct fst_buf *out, const struct fst_work *w, size_t n,
                                    struct fst_error *err)
{
    if (w->inputs[n].query)
        return add_bound(out, w->inputs[n].query, w->inputs, n, err);
    return add_input(out, &w->inputs[n], err);
}
