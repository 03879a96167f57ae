/* References of a definition: what they name, and writing the variant into those without one.
 *
 * Pinning is visible: {{name}} becomes {{name.variant}} in the stored text. */
#include "define.h"

#include <stdlib.h>
#include <string.h>

void fst__while_in(struct fst_error *err, const struct fst_resource *r)
{
    if (r->origin)
        fst_while(err, "%s: %s %s", r->origin, fst_kinds[r->kind].name, fst_resource_label(r));
    else
        fst_while(err, "%s %s", fst_kinds[r->kind].name, fst_resource_label(r));
}

static enum fst_status read_sql(const struct fst_resource *r, struct fst_reference **out, size_t *n,
                                struct fst_error *err)
{
    *n = 0;
    if (r->kind != FST_TRANSFORMATION || !r->sql)
        return FST_OK;
    return fst_sql_references(r->arena, r->sql, strlen(r->sql), out, n, NULL, err);
}

static bool is_listed(const struct fst_dependency *list, size_t n, const struct fst_ref *ref)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].kind == FST_SOURCE && fst_ref_eq(&list[i].ref, ref))
            return true;
    return false;
}

static enum fst_status check_reference(const struct fst_ref *ref, struct fst_error *err)
{
    FST_TRY(fst_name_check("the reference", ref->name, err));
    return ref->variant ? fst_name_check("the variant", ref->variant, err) : FST_OK;
}

enum fst_status fst__dependencies(const struct fst_resource *r, struct fst_dependency **out,
                                  size_t *n, struct fst_error *err)
{
    struct fst_dependency *direct, *all;
    struct fst_reference *refs = NULL;
    size_t n_refs;

    *n = fst_resource_dependencies(r, &direct);
    FST_TRY(read_sql(r, &refs, &n_refs, err));
    all = fst_arena_alloc(r->arena, (*n + n_refs + 1) * sizeof *all);
    if (*n)
        memcpy(all, direct, *n * sizeof *all);
    for (size_t i = 0; i < n_refs; i++) {
        struct fst_ref ref = {refs[i].name, refs[i].variant};
        FST_TRY(check_reference(&ref, err));
        if (!is_listed(all, *n, &ref))
            all[(*n)++] = (struct fst_dependency){FST_SOURCE, ref, "input"};
    }
    *out = all;
    return FST_OK;
}

/* ---- Pinning --------------------------------------------------------------------------------- */

static void pin_ref(struct fst_ref *ref, const char *name, const char *variant)
{
    if (ref->name && !ref->variant && strcmp(ref->name, name) == 0)
        ref->variant = variant;
}

static enum fst_status pin_sql(struct fst_resource *r, const char *name, const char *variant,
                               struct fst_error *err)
{
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_reference *refs;
    size_t n, done = 0;

    FST_TRY(read_sql(r, &refs, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (refs[i].variant || strcmp(refs[i].name, name) != 0)
            continue;
        fst_buf_add(&text, r->sql + done, refs[i].offset - done);
        fst_buf_printf(&text, "{{%s.%s}}", name, variant);
        done = refs[i].offset + refs[i].len;
    }
    if (done) {
        fst_buf_adds(&text, r->sql + done);
        r->sql = fst_arena_strdup(r->arena, fst_buf_text(&text));
    }
    fst_buf_done(&text);
    return FST_OK;
}

enum fst_status fst__pin(struct fst_resource *r, const struct fst_dependency *dependency,
                         const char *variant, struct fst_error *err)
{
    const char *name = dependency->ref.name;

    variant = fst_arena_strdup(r->arena, variant);
    if (dependency->kind == FST_LABEL)
        pin_ref(&r->label, name, variant);
    for (size_t i = 0; dependency->kind == FST_FEATURE && i < r->n_features; i++)
        pin_ref(&r->features[i], name, variant);
    for (size_t i = 0; dependency->kind == FST_FEATURE && i < r->n_lags; i++)
        pin_ref(&r->lags[i].feature, name, variant);
    if (dependency->kind != FST_SOURCE)
        return FST_OK;
    pin_ref(&r->from, name, variant);
    for (size_t i = 0; i < r->n_inputs; i++)
        pin_ref(&r->inputs[i], name, variant);
    return pin_sql(r, name, variant, err);
}

/* ---- In the catalog -------------------------------------------------------------------------- */

static enum fst_status find_input(struct fst_catalog *c, const struct fst_ref *ref,
                                  struct fst_resource **out, struct fst_error *err)
{
    struct fst_error as_source, as_sql;

    if (fst_catalog_find(c, FST_SOURCE, ref->name, ref->variant, out, NULL) == FST_OK ||
        fst_catalog_find(c, FST_TRANSFORMATION, ref->name, ref->variant, out, NULL) == FST_OK)
        return FST_OK;
    enum fst_status status =
        fst_catalog_find(c, FST_SOURCE, ref->name, ref->variant, out, &as_source);
    if (status == FST_ENOTFOUND)
        status = fst_catalog_find(c, FST_TRANSFORMATION, ref->name, ref->variant, out, &as_sql);
    else
        as_sql = as_source;
    if (status != FST_ENOTFOUND) {
        if (status != FST_OK && err)
            *err = as_sql;
        return status;
    }
    /* The longer text has a near miss, or knows the name with other variants. */
    bool sql_knows = strlen(as_sql.text) > strlen(as_source.text) + strlen("transformation");
    const char *miss = strchr(sql_knows ? as_sql.text : as_source.text, ';');
    bool has_name = strstr(sql_knows ? as_sql.text : as_source.text, "has no variant") != NULL;
    if (has_name)
        return fst_fail(err, FST_ENOTFOUND, "%s", sql_knows ? as_sql.text : as_source.text);
    return fst_fail(err, FST_ENOTFOUND, "no source or transformation is called \"%s\"%s", ref->name,
                    miss ? miss : "");
}

enum fst_status fst__find_dependency(struct fst_catalog *c, const struct fst_dependency *dependency,
                                     struct fst_resource **out, struct fst_error *err)
{
    const struct fst_ref *ref = &dependency->ref;

    if (dependency->kind == FST_SOURCE)
        return find_input(c, ref, out, err);
    return fst_catalog_find(c, dependency->kind, ref->name, ref->variant, out, err);
}
