/* parts_info: what the folder of a part says of its rows: the partition columns, each of one value.
 */
#include "frame.h"
#include "textvalue.h"

#include <string.h>

void fst_parts_partition_types(const struct fst_parts *parts, struct fst_type *out)
{
    for (size_t i = 0; i < parts->n_partition; i++) {
        out[i] = fst_type(FST_VOID);
        for (size_t part = 0; part < parts->n; part++)
            if (parts->parts[part].partition[i])
                fst_textvalue_infer_partition(&out[i], fst_str(parts->parts[part].partition[i]));
    }
}

/* The value as a column of one row; NULL when there is none. */
static const struct fst_column *value_of(struct fst_arena *arena, const struct fst_type *type,
                                         const char *text)
{
    if (!text)
        return NULL;
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, "value", type, true);
    struct fst_builder *b = fst_builder_new(schema);
    if (!fst_textvalue_append(b, 0, type, fst_str(text))) {
        fst_builder_free(b);
        return NULL;
    }
    return fst_builder_keep_value(b, arena);
}

/* A column of the file that is called so is hidden by the folder's. */
static struct fst_column_info *column_called(struct fst_file_info *info, const char *name)
{
    for (size_t i = 0; i < info->n_columns; i++)
        if (strcmp(info->columns[i].name, name) == 0)
            return &info->columns[i];
    return &info->columns[info->n_columns++];
}

void fst_parts_add_info(const struct fst_parts *parts, size_t part, const struct fst_type *types,
                        struct fst_file_info *info)
{
    struct fst_column_info *before = info->columns;
    size_t n = info->n_columns + parts->n_partition;
    info->columns = fst_arena_alloc(info->arena, (n + 1) * sizeof(*info->columns));
    if (info->n_columns)
        memcpy(info->columns, before, info->n_columns * sizeof(*before));
    for (size_t i = 0; i < parts->n_partition; i++) {
        struct fst_buf type = FST_BUF(256);
        fst_type_text(&type, &types[i]);
        const struct fst_column *value =
            value_of(info->arena, &types[i], parts->parts[part].partition[i]);
        *column_called(info, parts->partition_names[i]) = (struct fst_column_info){
            .name = fst_arena_strdup(info->arena, parts->partition_names[i]),
            .type = fst_arena_strdup(info->arena, fst_buf_text(&type)),
            .logical = "in the folder names",
            .null_count = value ? 0 : info->rows,
            .least = value,
            .greatest = value,
            .least_is_exact = true,
            .greatest_is_exact = true,
            .has_no_values = !value || info->rows == 0,
        };
        fst_buf_done(&type);
    }
}
