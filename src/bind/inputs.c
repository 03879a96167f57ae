/* What a reference in a text stands for: the place of its rows, or, in a check of what never ran,
 * its own SQL over its own inputs. */
#include <stdlib.h>
#include <string.h>

#include "bind.h"
#include "firesteel/sql.h"
#include "firesteel/store.h"

#define MAX_DEPTH 50 /* of inputs bound by their own SQL, one in the other */

char *fst__bind_label(struct fst_binder *b, const char *name, const char *variant)
{
    return variant && *variant ? fst_arena_printf(b->out->arena, "%s.%s", name, variant)
                               : fst_arena_strdup(b->out->arena, name);
}

static struct fst_input *find_input(const struct fst_binder *b, const char *as)
{
    for (size_t i = 0; i < b->n_inputs; i++)
        if (strcmp(b->inputs[i].name, as) == 0)
            return &b->inputs[i];
    return NULL;
}

const struct fst_schema *fst__bind_schema_of(const struct fst_binder *b, const char *as)
{
    const struct fst_input *input = find_input(b, as);
    return input ? input->schema : NULL;
}

static void add_input(struct fst_binder *b, struct fst_input input)
{
    fst_grow(&b->inputs, &b->cap_inputs, b->n_inputs + 1, sizeof *b->inputs);
    b->inputs[b->n_inputs++] = input;
}

static void add_read(struct fst_binder *b, const struct fst_resource *r, const char *run_id,
                     const char *uri)
{
    struct fst_bound *out = b->out;
    fst_grow(&out->reads, &b->cap_reads, out->n_reads + 1, sizeof *out->reads);
    out->reads[out->n_reads++] = (struct fst_run_input){
        .label = fst__bind_label(b, r->name, r->variant),
        .run_id = fst_arena_strdup(out->arena, run_id),
        .uri = fst_arena_strdup(out->arena, uri),
    };
}

struct fst_doc *fst__bind_doc(struct fst_binder *b, const struct fst_doc *doc)
{
    struct fst_doc *copy = NULL;
    struct fst_buf json = FST_BUF_TEXT;
    if (doc) {
        fst_doc_to_json(&json, doc);
        fst_json_parse(b->out->arena, "options", fst_buf_text(&json), json.n, NULL, &copy, NULL);
    }
    fst_buf_done(&json);
    return copy;
}

/* The schema as the files have it; NULL when this program cannot look there (the engine then does).
 */
static enum fst_status look_at_schema(struct fst_binder *b, struct fst_input *input)
{
    const struct fst_store *store;
    if (fst_store_of(input->uri, &store, NULL) != FST_OK)
        return FST_OK;
    if (fst_store_foreign_format(input->uri, input->format)) {
        enum fst_status status = fst__bind_wants(b->cx, b->out, FST_TAKES_TABLES, b->err);
        if (status != FST_OK)
            fst_while(b->err, "a table in the format %s, which only Spark reads", input->format);
        return status;
    }
    struct fst_reader *reader;
    struct fst_read_options options = {.format = input->options};
    enum fst_status status =
        fst_store_open_table(input->uri, input->format, &options, &reader, b->err);
    if (status != FST_OK && store->is_far && !b->out->engine->is_local_host)
        return FST_OK; /* the engine may have rights there that we lack */
    FST_TRY(status);
    struct fst_schema *schema = fst_schema_copy(reader->schema);
    fst_reader_close(reader);
    fst_grow(&b->out->schemas, &b->cap_schemas, b->n_schemas + 2, sizeof(struct fst_schema *));
    b->out->schemas[b->n_schemas++] = schema;
    input->schema = schema;
    return FST_OK;
}

/* What the files say, where nobody wrote it. */
static const char *format_of(const char *uri)
{
    struct fst_table_stat stat;
    bool told = fst_store_stat_table(uri, NULL, &stat, NULL) == FST_OK && stat.format;
    return told ? stat.format : "parquet";
}

static enum fst_status add_place(struct fst_binder *b, const char *as, const struct fst_resource *r,
                                 const char *uri, const char *format, const struct fst_doc *options,
                                 const char *run_id)
{
    struct fst_arena *a = b->out->arena;
    struct fst_input input = {
        .name = fst_arena_strdup(a, as),
        .uri = fst_arena_strdup(a, uri),
        .format = fst_arena_strdup(a, format ? format : format_of(uri)),
        .options = fst__bind_doc(b, options),
    };
    enum fst_status status = look_at_schema(b, &input);
    if (status != FST_OK) {
        fst_while(b->err, "%s", fst_resource_label(r));
        return status;
    }
    add_input(b, input);
    add_read(b, r, run_id, uri);
    return FST_OK;
}

/* A table of Spark's catalog: only the engine can look there. */
static enum fst_status add_table(struct fst_binder *b, const char *as, const struct fst_resource *r)
{
    struct fst_arena *a = b->out->arena;
    enum fst_status status = fst__bind_wants(b->cx, b->out, FST_TAKES_TABLES, b->err);
    if (status != FST_OK) {
        fst_while(b->err, "%s is the table %s", fst_resource_label(r), r->table);
        return status;
    }
    add_input(b, (struct fst_input){.name = fst_arena_strdup(a, as),
                                    .table = fst_arena_strdup(a, r->table)});
    add_read(b, r, "", fst_arena_printf(a, "table:%s", r->table));
    return FST_OK;
}

/* An input that never ran, in a check: its own text over its own inputs. */
static enum fst_status add_query(struct fst_binder *b, const char *as, const struct fst_resource *r)
{
    char *sent;
    if (++b->depth > MAX_DEPTH)
        return fst_fail(b->err, FST_EINVAL, "%s: inputs are nested over %d deep", as, MAX_DEPTH);
    enum fst_status status = fst__bind_references(b, r->sql, &sent);
    b->depth--;
    if (status != FST_OK) {
        fst_while(b->err, "in %s", fst_resource_label(r));
        return status;
    }
    add_input(b, (struct fst_input){.name = fst_arena_strdup(b->out->arena, as), .query = sent});
    return FST_OK;
}

static enum fst_status add_output(struct fst_binder *b, const char *as,
                                  const struct fst_resource *r)
{
    struct fst_run_record *run;
    enum fst_status status = fst_catalog_ready_run(b->cx->catalog, r->id, &run, b->err);
    if (status == FST_OK) {
        status = add_place(b, as, r, run->output, "parquet", NULL, run->id);
        fst_run_record_free(run);
        return status;
    }
    if (status != FST_ENOTFOUND)
        return status;
    if (b->mode == FST_BIND_CHECK && r->sql && !b->wants_rows)
        return add_query(b, as, r);
    if (b->mode == FST_BIND_CHECK && r->python)
        return fst_fail(b->err, FST_EUNSUPPORTED,
                        "%s is a Python function that never ran, so its columns are not known: "
                        "firesteel run %s first",
                        fst_resource_label(r), fst_resource_label(r));
    return fst_fail(
        b->err, FST_ENOTFOUND,
        "%s has no READY run to read: firesteel run %s (or --upstream on what needs it)",
        fst_resource_label(r), fst_resource_label(r));
}

static const enum fst_resource_kind kinds_with_rows[] = {FST_SOURCE, FST_TRANSFORMATION,
                                                         FST_TRAINING_SET};

static enum fst_status find_table(struct fst_binder *b, const struct fst_ref *ref,
                                  struct fst_resource **out)
{
    enum fst_status status = FST_ENOTFOUND;
    for (size_t i = 0; status == FST_ENOTFOUND && i < FST_COUNT(kinds_with_rows); i++) {
        struct fst_error *err = i == 0 ? b->err : NULL; /* the first message has the near misses */
        status =
            fst_catalog_find(b->cx->catalog, kinds_with_rows[i], ref->name, ref->variant, out, err);
    }
    return status;
}

enum fst_status fst__bind_input(struct fst_binder *b, const struct fst_ref *ref, const char *as)
{
    struct fst_resource *r;
    if (find_input(b, as))
        return FST_OK;
    FST_TRY(find_table(b, ref, &r));
    enum fst_status status;
    if (r->kind == FST_SOURCE && r->table)
        status = add_table(b, as, r);
    else if (r->kind == FST_SOURCE)
        status = add_place(b, as, r, r->path, r->format, r->options, "");
    else
        status = add_output(b, as, r);
    fst_resource_free(r);
    return status;
}

enum fst_status fst__bind_read(struct fst_binder *b, const struct fst_ref *ref)
{
    struct fst_buf label = FST_BUF(1024);
    fst_ref_text(&label, ref);
    size_t before = b->n_inputs;
    enum fst_status status = fst__bind_input(b, ref, fst_buf_text(&label));
    b->n_inputs = before;
    fst_buf_done(&label);
    return status;
}

/* Say where in the text the reference stands that could not be bound. */
static void mark(struct fst_binder *b, const struct fst_reference *ref)
{
    if (!b->problem || b->depth > 0)
        return;
    *b->problem =
        (struct fst_problem){.line = ref->line, .col = ref->col, .len = (uint32_t)ref->len};
    if (b->err)
        snprintf(b->problem->message, sizeof b->problem->message, "%.1000s", b->err->text);
}

enum fst_status fst__bind_references(struct fst_binder *b, const char *text, char **sent)
{
    struct fst_arena *a = b->out->arena;
    struct fst_reference *refs;
    size_t n;
    FST_TRY(
        fst_sql_references(a, text, strlen(text), &refs, &n, b->depth ? NULL : b->problem, b->err));
    for (size_t i = 0; i < n; i++) {
        char *as = fst_sql_bound_name(text + refs[i].offset, refs[i].len);
        struct fst_ref ref = {refs[i].name, refs[i].variant};
        enum fst_status status = fst__bind_input(b, &ref, as);
        free(as);
        if (status != FST_OK) {
            mark(b, &refs[i]);
            return status;
        }
    }
    char *owned = fst_sql_bound_text(text, strlen(text));
    *sent = fst_arena_strdup(a, owned);
    free(owned);
    return FST_OK;
}
