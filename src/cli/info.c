/* The verb info: what the files of a table say of themselves, of all together and of the first. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* ---- For people: totals on stderr, columns as rows ------------------------------------------- */

static void note_files(const struct fst_table_info *t)
{
    struct fst_buf size = FST_BUF(64), rows = FST_BUF(64);
    fst_size_text(&size, t->stat.size);
    fst_count_text(&rows, t->all.rows);
    cli_note("%s, %zu file%s, %s; %s rows in %zu row group%s, written by %s", t->stat.format,
             t->stat.files, t->stat.files == 1 ? "" : "s", fst_buf_text(&size), fst_buf_text(&rows),
             t->all.row_groups, t->all.row_groups == 1 ? "" : "s",
             t->all.writers ? t->all.writers : "unknown");
    fst_buf_clear(&rows);
    fst_count_text(&rows, t->first_rows);
    if (t->stat.files > 1)
        cli_note("first file: %s rows in %zu row group%s, written by %s", fst_buf_text(&rows),
                 t->first_row_groups, t->first_row_groups == 1 ? "" : "s",
                 t->first_writer ? t->first_writer : "unknown");
    fst_buf_done(&size);
    fst_buf_done(&rows);
}

struct parts {
    size_t chunks, offset_indexes, column_indexes, bloom_filters, encrypted;
};

static struct parts parts_of(const struct fst_footers *all)
{
    struct parts p = {0};
    for (size_t i = 0; i < all->n_columns; i++) {
        const struct fst_column_info *c = &all->columns[i].info;
        p.chunks += c->chunks;
        p.offset_indexes += c->offset_indexes;
        p.column_indexes += c->column_indexes;
        p.bloom_filters += c->bloom_filters;
        p.encrypted += c->is_encrypted;
    }
    return p;
}

static void note_parts(const struct fst_table_info *t)
{
    struct parts p = parts_of(&t->all);
    cli_note("of %zu column chunks %zu have an offset index, %zu a column index, %zu a bloom "
             "filter; sorted by: %s",
             p.chunks, p.offset_indexes, p.column_indexes, p.bloom_filters,
             t->all.sorted ? t->all.sorted : "not said");
    if (p.encrypted)
        cli_note("%zu columns are encrypted, in %zu file%s", p.encrypted, t->all.encrypted_files,
                 t->all.encrypted_files == 1 ? "" : "s");
    for (size_t i = 0; i < t->n_key_values; i++)
        cli_note("  %s = %.200s", t->key_values[i].key, t->key_values[i].value);
}

/* The end that all files agree on; `room` keeps what is made for it. */
static const char *end_text(const struct fst_figure *f)
{
    return f->how == FST_NOT_SAID ? NULL : f->text;
}

static void column_row(struct cli_rows *rows, const struct fst_footers *all, size_t i)
{
    const struct fst_column_info *col = &all->columns[i].info;
    struct fst_arena *a = fst_arena_new();
    struct fst_column_stats stats;
    fst_footers_get(all, i, a, &stats);
    const char *codec =
        col->codec ? col->codec : ""; /* "encrypted" is one of the words where it is true */
    cli_row(rows, (const char *const[]){
                      col->name, col->physical, col->logical, codec, col->encodings,
                      fst_arena_printf(a, "%llu", (unsigned long long)col->compressed),
                      fst_arena_printf(a, "%llu", (unsigned long long)col->uncompressed),
                      end_text(&stats.figures[FST_FIGURE_NULLS]),
                      end_text(&stats.figures[FST_FIGURE_MIN]),
                      end_text(&stats.figures[FST_FIGURE_MAX])});
    fst_arena_free(a);
}

static int print_columns(struct fst_cli *c, const struct fst_table_info *t)
{
    static const struct cli_column columns[] = {
        {"column", FST_STRING},     {"physical", FST_STRING},  {"logical", FST_STRING},
        {"codec", FST_STRING},      {"encodings", FST_STRING}, {"compressed", FST_LONG},
        {"uncompressed", FST_LONG}, {"nulls", FST_LONG},       {"min", FST_STRING},
        {"max", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < t->all.n_columns; i++)
        column_row(rows, &t->all, i);
    return cli_rows_finish(c, rows);
}

/* ---- A row a file ---------------------------------------------------------------------------- */

static int print_files(struct fst_cli *c, const struct fst_table_info *t)
{
    static const struct cli_column columns[] = {
        {"file", FST_STRING}, {"rows", FST_LONG}, {"size", FST_LONG}, {"row_groups", FST_LONG}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < t->n_files; i++) {
        const struct fst_file_facts *f = &t->files[i];
        char *n = fst_asprintf("%lld", (long long)f->rows);
        char *size = fst_asprintf("%llu", (unsigned long long)f->size);
        char *groups = fst_asprintf("%zu", f->row_groups);
        cli_row(rows, (const char *const[]){f->name, n, size, groups});
        free(n);
        free(size);
        free(groups);
    }
    int code = cli_rows_finish(c, rows);
    if (code == 0 && t->n_files < t->all.files)
        cli_note("the first %zu of %zu files", t->n_files, t->all.files);
    return code;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void json_list(struct fst_json_writer *w, const char *key, const char *words,
                      const char *between)
{
    char *copy = fst_strdup(words ? words : ""), *at = copy, *end;
    fst_jw_list(w, key);
    for (; at && *at; at = end ? end + strlen(between) : NULL) {
        end = strstr(at, between);
        if (end)
            *end = '\0';
        fst_jw_string(w, NULL, at);
    }
    fst_jw_end(w, ']');
    free(copy);
}

static void json_column(struct fst_json_writer *w, const struct fst_footers *all, size_t i)
{
    const struct fst_column_info *col = &all->columns[i].info;
    struct fst_arena *a = fst_arena_new();
    struct fst_column_stats stats;
    fst_footers_get(all, i, a, &stats);
    fst_jw_object(w, NULL);
    fst_jw_string(w, "column", col->name);
    fst_jw_string(w, "type", col->type);
    fst_jw_string(w, "physical", col->physical);
    fst_jw_string(w, "logical", col->logical);
    json_list(w, "codecs", col->codec, ", ");
    json_list(w, "encodings", col->encodings, ", ");
    fst_jw_int(w, "compressed", (int64_t)col->compressed);
    fst_jw_int(w, "uncompressed", (int64_t)col->uncompressed);
    fst_jw_bool(w, "encrypted", col->is_encrypted);
    fst_jw_int(w, "files", (int64_t)all->columns[i].files);
    fst_jw_int(w, "chunks", (int64_t)col->chunks);
    fst_jw_int(w, "offset_indexes", (int64_t)col->offset_indexes);
    fst_jw_int(w, "column_indexes", (int64_t)col->column_indexes);
    fst_jw_int(w, "bloom_filters", (int64_t)col->bloom_filters);
    cli_json_figure(w, "nulls", &stats.figures[FST_FIGURE_NULLS]);
    cli_json_figure(w, "min", &stats.figures[FST_FIGURE_MIN]);
    cli_json_figure(w, "max", &stats.figures[FST_FIGURE_MAX]);
    fst_jw_end(w, '}');
    fst_arena_free(a);
}

static void json_first(struct fst_json_writer *w, const struct fst_table_info *t)
{
    fst_jw_object(w, "first_file");
    fst_jw_string(w, "name", t->n_files ? t->files[0].name : NULL);
    fst_jw_int(w, "rows", t->first_rows);
    fst_jw_int(w, "row_groups", (int64_t)t->first_row_groups);
    fst_jw_string(w, "writer", t->first_writer);
    fst_jw_string(w, "version", t->first_version);
    fst_jw_list(w, "key_values"); /* keys may repeat */
    for (size_t i = 0; i < t->n_key_values; i++) {
        fst_jw_object(w, NULL);
        fst_jw_string(w, "key", t->key_values[i].key);
        fst_jw_string(w, "value", t->key_values[i].value);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
    fst_jw_end(w, '}');
}

static void json_files(struct fst_json_writer *w, const struct fst_table_info *t)
{
    fst_jw_list(w, "file_list");
    for (size_t i = 0; i < t->n_files; i++) {
        fst_jw_object(w, NULL);
        fst_jw_string(w, "file", t->files[i].name);
        fst_jw_int(w, "rows", t->files[i].rows);
        fst_jw_int(w, "size", (int64_t)t->files[i].size);
        fst_jw_int(w, "row_groups", (int64_t)t->files[i].row_groups);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
    fst_jw_bool(w, "file_list_is_cut", t->n_files < t->all.files);
    fst_jw_int(w, "files_left_out", (int64_t)t->all.n_bad);
    fst_jw_list(w, "left_out");
    for (size_t i = 0; i < t->all.n_bad && i < FST_BAD_FOOTERS; i++) {
        fst_jw_object(w, NULL);
        fst_jw_string(w, "file", t->all.bad[i].name);
        fst_jw_string(w, "why", t->all.bad[i].why);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
}

static int print_json(const struct fst_table_info *t)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    struct fst_json_writer w = fst_json_writer(&out);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "target", t->label);
    fst_jw_string(&w, "format", t->stat.format);
    fst_jw_int(&w, "files", (int64_t)t->stat.files);
    fst_jw_int(&w, "size", (int64_t)t->stat.size);
    fst_jw_int(&w, "rows", t->all.rows);
    fst_jw_int(&w, "row_groups", (int64_t)t->all.row_groups);
    fst_jw_int(&w, "footer_bytes", (int64_t)t->all.footer_bytes);
    fst_jw_int(&w, "encrypted_files", (int64_t)t->all.encrypted_files);
    json_list(&w, "writers", t->all.writers, "; ");
    json_list(&w, "sorted", t->all.sorted, "; ");
    json_first(&w, t);
    fst_jw_list(&w, "columns");
    for (size_t i = 0; i < t->all.n_columns; i++)
        json_column(&w, &t->all, i);
    fst_jw_end(&w, ']');
    json_files(&w, t);
    fst_jw_end(&w, '}');
    fst_buf_addc(&out, '\n');
    fwrite(fst_buf_text(&out), 1, out.n, stdout);
    fst_buf_done(&out);
    return 0;
}

/* ---- The verb -------------------------------------------------------------------------------- */

static int print_info(struct fst_cli *c, const struct fst_table_info *t)
{
    if (cli_option(c, "--files"))
        return print_files(c, t);
    if (strcmp(c->output, "json") == 0)
        return print_json(t);
    note_files(t);
    note_parts(t);
    return print_columns(c, t);
}

int cli_info(struct fst_cli *c)
{
    struct fst_table_info info;
    struct fst_error err = {0};
    if (fst_app_info(c->app, c->operands[0], cli_interrupted, NULL, &info, &err) != FST_OK)
        return cli_fail(&err);
    int code = print_info(c, &info);
    int bad = cli_tell_bad(info.all.bad, info.all.n_bad);
    code = code ? code : bad;
    fst_table_info_done(&info);
    return code;
}
