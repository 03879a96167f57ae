/* All rows of a query: the executors write them as parquet into a folder that both see, and they
 * are read from there. The folder is ours, and goes with the reader. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "connect.h"
#include "firesteel/store.h"

enum { POLL_MS = 200 };

struct files {
    struct fst_reader reader;
    struct fst_reader *inner;
    char *folder;
};

static enum fst_status files_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                  struct fst_error *err)
{
    return fst_reader_next(((struct files *)r)->inner, max_rows, out, err);
}

static void files_close(struct fst_reader *r)
{
    struct files *f = (struct files *)r;
    fst_reader_close(f->inner);
    fst_remove_tree(f->folder, NULL);
    free(f->folder);
    free(f);
}

static const struct fst_reader_ops files_ops = {files_next, files_close};

static enum fst_status make_folder(const struct fst_session *s, const struct fst_work *w,
                                   char **out, struct fst_error *err)
{
    const char *tmp = getenv("TMPDIR");
    if (!s->target.is_loopback)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "all rows of a query on another host would have to go through its driver: "
                        "give a limit (-n N), or make it a transformation and run it");
    char *path = fst_asprintf("%s/firesteel-rows-XXXXXX", w->folder     ? w->folder
                                                          : tmp && *tmp ? tmp
                                                                        : "/tmp");
    if (mkdtemp(path)) {
        *out = path;
        return FST_OK;
    }
    enum fst_status status = fst_fail_errno(err, "a folder for rows, %s", path);
    free(path);
    return status;
}

/* To the end of the write, or of the caller's patience: then the work ends, too. */
static enum fst_status follow(struct fst_session *s, const struct fst_work *w,
                              struct fst_problem *problem, struct fst_error *err)
{
    struct fst_progress p = {.state = FST_RUN_PENDING};
    struct fst_problem where = {.line = 0};
    struct fst_error why = {.status = FST_OK};
    bool cancelled = false;
    while (p.state <= FST_RUN_RUNNING) {
        FST_TRY(connect_poll(s, POLL_MS, &p, &where, &why));
        if (!cancelled && w->cancelled && w->cancelled(w->cancel_arg)) {
            cancelled = true;
            connect_cancel(s, NULL);
        }
    }
    if (p.state == FST_RUN_READY)
        return FST_OK;
    if (cancelled || p.state == FST_RUN_CANCELLED)
        return fst_fail(err, FST_ECANCELLED, "cancelled");
    if (problem)
        *problem = where;
    if (err)
        *err = why;
    return why.status ? why.status : FST_EREMOTE;
}

/* In a session of its own: the caller's may have a run. */
static enum fst_status write_rows(const struct fst_session *s, const struct fst_work *w,
                                  const char *folder, char **rows, struct fst_problem *problem,
                                  struct fst_error *err)
{
    struct fst_session own = *s;
    struct fst_work write = *w;
    struct fst_buf handle = FST_BUF(4096);
    char operation[37];
    fst_uuid4(operation);
    *rows = fst_path_join(folder, "rows");
    write.output_uri = *rows;
    write.operation_id = operation;
    own.run = NULL;
    enum fst_status status = connect_submit(&own, &write, &handle, problem, err);
    if (status == FST_OK)
        status = follow(&own, w, problem, err);
    connect_run_free(own.run);
    fst_buf_done(&handle);
    return status;
}

static bool fits_fields(const struct fst_field *fields, size_t n);

static bool fits_type(const struct fst_type *type)
{
    if (fst_type_is_nested(type))
        return fits_fields(type->fields, type->n_fields);
    return type->kind != FST_VOID && type->kind != FST_UNKNOWN && type->kind != FST_INTERVAL_YM &&
           type->kind != FST_INTERVAL_DT; /* files say that these are numbers */
}

/* Columns of distinct names, and so within structs: what parquet holds and we read back exactly. */
static bool fits_fields(const struct fst_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!fits_type(&fields[i].type))
            return false;
        for (size_t k = 0; k < i; k++)
            if (strcasecmp(fields[i].name, fields[k].name) == 0)
                return false;
    }
    return n > 0;
}

enum fst_status connect_fits_files(struct fst_session *s, const struct fst_work *w, bool *fits,
                                   struct fst_problem *problem, struct fst_error *err)
{
    struct fst_schema *schema;
    FST_TRY(connect_check(s, w, &schema, problem, err));
    *fits = fits_fields(schema->fields, schema->n);
    fst_schema_free(schema);
    return FST_OK;
}

enum fst_status connect_query_files(struct fst_session *s, const struct fst_work *w,
                                    struct fst_reader **out, struct fst_problem *problem,
                                    struct fst_error *err)
{
    struct files *f = fst_alloc(sizeof(*f));
    struct fst_read_options options = {.cancelled = w->cancelled, .cancel_arg = w->cancel_arg};
    char *rows = NULL;
    enum fst_status status = make_folder(s, w, &f->folder, err);
    if (status == FST_OK)
        status = write_rows(s, w, f->folder, &rows, problem, err);
    if (status == FST_OK)
        status = fst_store_open_table(rows, "parquet", &options, &f->inner, err);
    free(rows);
    if (status != FST_OK) {
        if (f->folder)
            fst_remove_tree(f->folder, NULL);
        free(f->folder);
        free(f);
        return status;
    }
    f->reader = (struct fst_reader){
        .ops = &files_ops, .schema = f->inner->schema, .total_rows = fst_reader_total(f->inner)};
    *out = &f->reader;
    return FST_OK;
}
