/* project: see the header. */
#include "project.h"

#include <stdlib.h>

static enum fst_status no_such_column(const struct fst_schema *all, const char *name,
                                      const char *where, struct fst_error *err)
{
    const char **names = fst_alloc((all->n + 1) * sizeof(*names));
    for (size_t i = 0; i < all->n; i++)
        names[i] = all->fields[i].name;
    const char *near = fst_text_nearest(name, names, all->n);
    enum fst_status status =
        near ? fst_fail(err, FST_ENOTFOUND, "%s: no column \"%s\"; did you mean \"%s\"?", where,
                        name, near)
             : fst_fail(err, FST_ENOTFOUND, "%s: no column \"%s\"", where, name);
    free(names);
    return status;
}

enum fst_status fst_project(const struct fst_schema *all, const struct fst_read_options *options,
                            const char *where, struct fst_schema **schema, size_t **indexes,
                            struct fst_error *err)
{
    const char *const *names = options ? options->columns : NULL;
    size_t n = names ? options->n_columns : all->n;
    struct fst_schema *wanted = fst_schema_new();
    size_t *at = fst_alloc((n + 1) * sizeof(*at));
    for (size_t i = 0; i < n; i++) {
        int index = names ? fst_schema_find(all, names[i]) : (int)i;
        if (index < 0) {
            fst_schema_free(wanted);
            free(at);
            return no_such_column(all, names[i], where, err);
        }
        const struct fst_field *f = &all->fields[index];
        fst_schema_add(wanted, f->name, &f->type, f->nullable);
        at[i] = (size_t)index;
    }
    *schema = wanted;
    *indexes = at;
    return FST_OK;
}

size_t fst_read_cap(const struct fst_read_options *options)
{
    return options && options->memory_cap ? options->memory_cap : (size_t)24 << 20;
}

bool fst_read_cancelled(const struct fst_read_options *options)
{
    return options && options->cancelled && options->cancelled(options->cancel_arg);
}
