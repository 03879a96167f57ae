/* Checks of one definition as a whole: what must be there, what excludes what, what fits together.
 *
 * A Python function is looked at, never run: Python may not even be here. */
#include "define.h"

#include <string.h>

/* ---- What is written ------------------------------------------------------------------------- */

/* Whether the field has a value: every one that is asked for begins with a pointer. */
static bool is_set(const struct fst_resource *r, const struct fst_field_row *f)
{
    const char *first = *(const char *const *)(const void *)((const char *)r + f->offset);

    return first &&
           ((f->type != FST_FIELD_SQL && f->type != FST_FIELD_CODE) ||
            first[strspn(first, " \t\r\n")]) &&
           ((f->type != FST_FIELD_TEXT && f->type != FST_FIELD_NAME) || *first);
}

static enum fst_status check_required(const struct fst__reader *rd, const struct fst_resource *r,
                                      const struct fst_doc *map)
{
    for (size_t i = 0; i < fst_n_fields; i++) {
        const struct fst_field_row *f = &fst_fields[i];
        if (!(f->required & 1u << r->kind) || is_set(r, f))
            continue;
        return fst__fail_at(rd, map->line, map->col, "%s \"%s\" needs the key %s: %s",
                            fst_kinds[r->kind].name, r->name, f->key, f->help);
    }
    return FST_OK;
}

/* "sql, sql_file, python or python_file": the fields of which one is written. */
static void list_choices(struct fst_buf *out, enum fst_resource_kind kind)
{
    const char *last = NULL;

    for (size_t i = 0; i < fst_n_fields; i++) {
        if (!fst_fields[i].one_of || !(fst_fields[i].kinds & 1u << kind))
            continue;
        if (last)
            fst_buf_printf(out, "%s%s", out->n ? ", " : "", last);
        last = fst_fields[i].key;
    }
    fst_buf_printf(out, " or %s", last ? last : "");
}

static enum fst_status check_one_of(const struct fst__reader *rd, const struct fst_resource *r,
                                    const struct fst_doc *map)
{
    const struct fst_doc *at = map;
    struct fst_buf choices = FST_BUF(512);
    size_t n = 0, fields = 0;

    for (size_t i = 0; i < fst_n_fields; i++) {
        if (!fst_fields[i].one_of || !(fst_fields[i].kinds & 1u << r->kind))
            continue;
        fields++;
        if (is_set(r, &fst_fields[i]) && ++n == 2)
            at = fst_doc_get(map, fst_fields[i].key);
    }
    if (!fields || n == 1)
        return FST_OK;
    list_choices(&choices, r->kind);
    enum fst_status status =
        n ? fst__fail_at(rd, at->key_line, at->key_col, "write only one of %s",
                         fst_buf_text(&choices))
          : fst__fail_at(rd, map->line, map->col, "%s \"%s\" needs one of the keys %s",
                         fst_kinds[r->kind].name, r->name, fst_buf_text(&choices));
    fst_buf_done(&choices);
    return status;
}

enum fst_status fst__check_written(const struct fst__reader *rd, const struct fst_resource *r,
                                   const struct fst_doc *map)
{
    FST_TRY(check_required(rd, r, map));
    return check_one_of(rd, r, map);
}

/* ---- By kind --------------------------------------------------------------------------------- */

static enum fst_status check_source(const struct fst__reader *rd, const struct fst_resource *r,
                                    const struct fst_doc *map)
{
    struct fst_buf sql = FST_BUF(4096);
    const struct fst_doc *v = fst_doc_get(map, "table");
    static const char *const of_files[] = {"format", "options"};

    if (r->path)
        return fst__check_uri(rd, fst_doc_get(map, "path"), r->path);
    bool good = fst_table_sql(r->table, &sql);
    fst_buf_done(&sql);
    if (!good)
        return fst__fail_at(
            rd, v->line, v->col,
            "table has to be a name as Spark writes it: db.table, catalog.db.table; "
            "odd parts in `backticks`");
    for (size_t i = 0; i < FST_COUNT(of_files); i++)
        if ((v = fst_doc_get(map, of_files[i])))
            return fst__fail_at(rd, v->key_line, v->key_col, "%s belongs to files, not to a table",
                                of_files[i]);
    return FST_OK;
}

/* A line that begins a function which is not inside of anything. */
static bool has_def(const char *code)
{
    for (const char *p = code; p && *p; p = strchr(p, '\n'), p += p != NULL)
        if (strncmp(p, "def", 3) == 0 && (p[3] == ' ' || p[3] == '\t'))
            return true;
    return false;
}

static enum fst_status check_transformation(const struct fst__reader *rd,
                                            const struct fst_resource *r, const struct fst_doc *map)
{
    const struct fst_doc *inputs = fst_doc_get(map, "inputs");
    const struct fst_doc *code = fst_doc_get(map, r->python_file ? "python_file" : "python");

    if (!r->python && r->n_inputs)
        return fst__fail_at(rd, inputs->key_line, inputs->key_col,
                            "inputs belong to a Python function; SQL names its own as {{name}}");
    if (!r->python && !r->sql[strspn(r->sql, " \t\r\n")])
        return fst__fail_at(rd, map->line, map->col, "transformation \"%s\" has an empty SQL",
                            r->name);
    if (r->python && !has_def(r->python))
        return fst__fail_at(rd, code->line, code->col,
                            "the Python source has no function: it needs a line \"def NAME(...):\" "
                            "that is not indented");
    return FST_OK;
}

static bool ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), len = strlen(end);
    return n > len && strcmp(text + n - len, end) == 0;
}

static enum fst_status check_job(const struct fst__reader *rd, const struct fst_resource *r,
                                 const struct fst_doc *map)
{
    const struct fst_doc *file = fst_doc_get(map, "file"), *class_ = fst_doc_get(map, "class");
    bool is_jar = ends_in(r->file, ".jar");

    if (!is_jar && !ends_in(r->file, ".py"))
        return fst__fail_at(rd, file->line, file->col, "file has to end in .py or .jar");
    if (is_jar && (!r->class_ || !*r->class_))
        return fst__fail_at(rd, map->line, map->col,
                            "job \"%s\" needs the key class: main class of the .jar", r->name);
    if (!is_jar && r->class_)
        return fst__fail_at(rd, class_->key_line, class_->key_col,
                            "class belongs to a .jar, and file is a Python program");
    FST_TRY(fst__check_uri(rd, file, r->file));
    return fst__check_args(rd, fst_doc_get(map, "args"));
}

/* ---- Options and settings -------------------------------------------------------------------- */

static enum fst_status check_options(const struct fst__reader *rd, struct fst_resource *r,
                                     const struct fst_doc *map)
{
    if (r->kind == FST_PROVIDER)
        return fst__check_engine_options(rd, r->arena, r->engine, fst_doc_get(map, "engine"),
                                         r->options);
    if (r->kind != FST_SOURCE)
        return FST_OK;
    return r->options ? fst__check_format_options(rd, r->options) : FST_OK;
}

enum fst_status fst__check_resource(const struct fst__reader *rd, struct fst_resource *r,
                                    const struct fst_doc *map)
{
    FST_TRY(check_options(rd, r, map));
    FST_TRY(fst__check_conf(rd, r->conf));
    if (r->kind == FST_SOURCE)
        return check_source(rd, r, map);
    if (r->kind == FST_TRANSFORMATION)
        return check_transformation(rd, r, map);
    return r->kind == FST_JOB ? check_job(rd, r, map) : FST_OK;
}
