/* A batch of Livy: the request that makes it, and how it is found again.
 *
 * It is named by us, so that whoever knows the operation finds its number. A request whose answer
 * was lost is looked for under that name, never sent again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "livy.h"
#include "spark.h"
#include "spark_conf.h"

enum { UNANSWERED_MS = 3000, MAX_LISTED = 2000, PAGE = 100 };

/* ---- The request ----------------------------------------------------------------------------- */

static const struct {
    const char *option, *key;
    bool is_number;
} fields[] = {
    {"proxy_user", "proxyUser", false},
    {"driver_memory", "driverMemory", false},
    {"driver_cores", "driverCores", true},
    {"executor_memory", "executorMemory", false},
    {"executor_cores", "executorCores", true},
    {"num_executors", "numExecutors", true},
    {"queue", "queue", false},
};

static enum fst_status write_conf(struct fst_json_writer *j, const struct fst_session *s,
                                  const struct fst_work *w, bool masked, struct fst_error *err)
{
    struct spark_conf conf = {0};
    const char *python = fst_doc_string(s->options, "python", NULL);
    char *own = !python && s->is_loopback ? spark_find_python(s->options) : NULL;
    enum fst_status status = spark_conf_add(&conf, fst_doc_get(s->options, "conf"), err);
    if (status == FST_OK)
        status = spark_conf_add(&conf, w->conf, err);
    if (python || own)
        spark_conf_default(&conf, "spark.pyspark.python", python ? python : own);
    spark_conf_default(&conf, "spark.ui.port", "0");
    spark_conf_default(&conf, "spark.log.level", "WARN"); /* the list is short */
    fst_jw_object(j, "conf");
    for (size_t i = 0; status == FST_OK && i < conf.n; i++) {
        if (conf.items[i].secret && !masked)
            status =
                fst_fail(err, FST_EUNSUPPORTED,
                         "%s is a secret, and Livy shows the settings of a batch: set it on the "
                         "cluster",
                         conf.items[i].key);
        else
            fst_jw_string(j, conf.items[i].key, conf.items[i].secret ? "***" : conf.items[i].value);
    }
    fst_jw_end(j, '}');
    spark_conf_done(&conf);
    free(own);
    return status;
}

static const char *as_uri(struct fst_arena *a, const char *path)
{
    return path[0] == '/' ? fst_arena_printf(a, "file://%s", path) : path;
}

static void write_program(struct fst_json_writer *j, const struct fst_session *s,
                          const struct fst_work *w, const char *folder)
{
    if (w->program) {
        fst_jw_string(j, "file", as_uri(s->arena, w->program->file));
        if (w->program->class_)
            fst_jw_string(j, "className", w->program->class_);
        fst_jw_list(j, "args");
        for (size_t i = 0; i < w->program->n_args; i++)
            fst_jw_string(j, NULL, w->program->args[i]);
        fst_jw_end(j, ']');
        return;
    }
    fst_jw_string(j, "file", fst_arena_printf(s->arena, "%s/" DRIVER_PY, as_uri(s->arena, folder)));
    fst_jw_list(j, "args");
    fst_jw_string(j, NULL, fst_arena_printf(s->arena, "%s/" DRIVER_JOB, folder));
    fst_jw_end(j, ']');
}

static const struct {
    const char *option, *key;
} lists[] = {{"jars", "jars"}, {"py_files", "pyFiles"}, {"files", "files"}};

/* Joined by commas with us, a list with Livy. */
static void write_lists(struct fst_json_writer *j, const struct fst_session *s)
{
    for (size_t i = 0; i < FST_COUNT(lists); i++) {
        const char *p = fst_doc_string(s->options, lists[i].option, "");
        if (!*p)
            continue;
        fst_jw_list(j, lists[i].key);
        for (size_t n; *p; p += n + (p[n] == ',')) {
            n = strcspn(p, ",");
            if (n)
                fst_jw_string(j, NULL, as_uri(s->arena, fst_arena_strndup(s->arena, p, n)));
        }
        fst_jw_end(j, ']');
    }
}

enum fst_status livy_request(const struct fst_session *s, const struct fst_work *w,
                             const char *folder, bool masked, struct fst_buf *json,
                             struct fst_error *err)
{
    struct fst_json_writer j = fst_json_writer(json);
    fst_jw_object(&j, NULL);
    write_program(&j, s, w, folder);
    fst_jw_string(&j, "name", fst_arena_printf(s->arena, "firesteel-%s", w->operation_id));
    for (size_t i = 0; i < FST_COUNT(fields); i++) {
        const char *value = fst_doc_string(s->options, fields[i].option, NULL);
        if (value && fields[i].is_number)
            fst_jw_raw(&j, fields[i].key, value);
        else if (value)
            fst_jw_string(&j, fields[i].key, value);
    }
    write_lists(&j, s);
    enum fst_status status = write_conf(&j, s, w, masked, err);
    fst_jw_end(&j, '}');
    return status;
}

/* Where the driver lies: a folder that we write and Livy's Spark reads. */
enum fst_status livy_folder(const struct fst_session *s, const struct fst_work *w, const char **out,
                            struct fst_error *err)
{
    const char *dir = fst_doc_string(s->options, "file_dir", NULL);
    const char *path = dir && strncmp(dir, "file://", 7) == 0 ? dir + 7 : dir;
    *out = w->folder;
    if (!path)
        return s->is_loopback ? FST_OK
                              : fst_fail(err, FST_EINVAL,
                                         "set file_dir to a folder that this host and Livy's Spark "
                                         "both see: the driver goes there");
    if (path[0] != '/')
        return fst_fail(err, FST_EUNSUPPORTED,
                        "file_dir %s: only folders of this host can be written yet", dir);
    *out = fst_arena_printf(s->arena, "%s/firesteel-%s", path, w->operation_id);
    return FST_OK;
}

/* ---- Sending it ------------------------------------------------------------------------------ */

/* Only the number of an accepted batch counts: a refused one leaves a ghost that takes a number. */
static enum fst_status post(const struct fst_session *s, const char *body, int64_t *id,
                            struct fst_error *err)
{
    struct rest_answer a;
    FST_TRY(livy_ask(s, "POST", body, &a, err, "/batches"));
    enum fst_status status = FST_OK;
    *id = a.status == 201 ? rest_int(a.doc, "id", -1) : -1;
    if (*id < 0)
        status = rest_refused(&a, "Livy did not take the work", err);
    if (*id < 0 && a.status == 400 && strstr(a.text, "cannot be added to user sessions"))
        fst_fail(err, status,
                 "Livy takes no file of that folder of its host: add the folder to "
                 "livy.file.local-dir-whitelist in its livy.conf, or set file_dir to one that is "
                 "there or to a place that its Spark reads");
    rest_answer_done(&a);
    return status;
}

enum fst_status livy_search(const struct fst_session *s, const struct fst_work *w, int64_t *id,
                            struct fst_error *err)
{
    char *name = fst_asprintf("firesteel-%s", w->operation_id);
    enum fst_status status = FST_OK;
    *id = -1;
    for (int from = 0; status == FST_OK && *id < 0 && from < MAX_LISTED; from += PAGE) {
        struct rest_answer a;
        status = livy_ask(s, NULL, NULL, &a, err, "/batches?from=%d&size=%d", from, (int)PAGE);
        if (status != FST_OK)
            break;
        const struct fst_doc *list = a.doc ? fst_doc_get(a.doc, "sessions") : NULL;
        if (!list)
            status = a.status >= 400 && a.status < 500
                         ? rest_refused(&a, "Livy does not tell its batches", err)
                         : fst_fail(err, FST_ENET, "Livy at %s answers with HTTP %ld and no list",
                                    s->url, a.status);
        for (size_t i = 0; list && i < list->n; i++)
            if (strcmp(fst_doc_string(&list->items[i], "name", ""), name) == 0)
                *id = rest_int(&list->items[i], "id", -1);
        bool last = !list || list->n < (size_t)PAGE;
        rest_answer_done(&a);
        if (last)
            break;
    }
    free(name);
    if (status == FST_OK && *id < 0)
        status =
            fst_fail(err, FST_ENOTFOUND,
                     "Livy at %s has no batch of this run: it was not taken, or the server was "
                     "started anew",
                     s->url);
    return status;
}

/* The line broke before the answer: was it taken all the same? */
static enum fst_status look_for_unanswered(const struct fst_session *s, const struct fst_work *w,
                                           int64_t *id, enum fst_status status,
                                           struct fst_error *err)
{
    for (int waited = 0; waited < UNANSWERED_MS; waited += LIVY_POLL_STEP_MS) {
        if (livy_search(s, w, id, NULL) == FST_OK)
            return FST_OK;
        fst_pause_ms(LIVY_POLL_STEP_MS);
    }
    fst_while(err, "whether Livy took the work is not known, look at %s", s->url);
    return status;
}

enum fst_status livy_post(const struct fst_session *s, const struct fst_work *w, const char *body,
                          int64_t *id, struct fst_error *err)
{
    enum fst_status status = post(s, body, id, err);
    if (status == FST_ETIMEOUT || (status == FST_ENET && !(err && err->code == ECONNREFUSED)))
        status = look_for_unanswered(s, w, id, status, err);
    return status;
}
