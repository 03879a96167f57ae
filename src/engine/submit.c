/* The submit engine: spark-submit, for local[*], spark://, yarn and k8s://.
 *
 * Every run is a driver of its own: slow to start, and whole. What the provider says becomes flags
 * and settings; nothing becomes a shell command. */
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "firesteel/io.h"
#include "submit.h"

static const struct fst_option options[] = {
    {"master", "string", "local[*]", false, "local[N], spark://host:port, yarn, k8s://https://..."},
    {"deploy_mode", "string", "client", false, "client: the driver runs here; cluster: over there"},
    {"spark_home", "string", NULL, false,
     "the Spark to submit with; else $SPARK_HOME, else Python's pyspark package"},
    {"java_home", "string", NULL, false, "its Java; else $JAVA_HOME, else java in PATH"},
    {"python", "string", NULL, false,
     "Python of driver and workers; else $PYSPARK_PYTHON, $FIRESTEEL_PYTHON, python3"},
    {"driver_memory", "string", NULL, false, "heap of the driver: 2g"},
    {"driver_cores", "int", NULL, false, "cores of the driver, in cluster mode"},
    {"executor_memory", "string", NULL, false, "heap of each executor: 4g"},
    {"executor_cores", "int", NULL, false, "cores of each executor"},
    {"num_executors", "int", NULL, false, "executors, on yarn and k8s"},
    {"total_executor_cores", "int", NULL, false, "cores of all executors together, on spark://"},
    {"packages", "string", NULL, false, "Maven coordinates, joined by commas"},
    {"exclude_packages", "string", NULL, false, "group:artifact to leave out of packages"},
    {"repositories", "string", NULL, false, "more repositories for packages"},
    {"jars", "string", NULL, false, "jars for driver and executors, joined by commas"},
    {"py_files", "string", NULL, false, ".py, .zip or .egg for Python, joined by commas"},
    {"files", "string", NULL, false, "files for each executor's folder, joined by commas"},
    {"archives", "string", NULL, false, "archives that executors unpack, joined by commas"},
    {"queue", "string", NULL, false, "queue, on yarn"},
    {"principal", "string", NULL, false, "Kerberos principal"},
    {"keytab", "string", NULL, false, "path of its keytab"},
    {"hadoop_conf_dir", "string", NULL, false, "folder of core-site.xml and yarn-site.xml"},
    {"namespace", "string", NULL, false, "namespace, on k8s"},
    {"image", "string", NULL, false, "container image, on k8s"},
    {"service_account", "string", NULL, false, "service account of the driver, on k8s"},
    {"upload_path", "string", NULL, false, "where files of this host are put for pods, on k8s"},
    {"driver_file", "string", NULL, false, "driver.py where the driver finds it: local:///opt/..."},
    {"shared_files", "bool", NULL, false,
     "the cluster sees this host's files under the same paths (true for local and 127.0.0.1)"},
    {"event_log_dir", "string", NULL, false,
     "folder or URI for Spark's event logs, which is there"},
    {"env", "map", NULL, false, "environment of the driver"},
    {"conf", "map", NULL, false,
     "spark.* settings; secrets as references (env:NAME), which never become arguments"},
};

static enum fst_status submit_open(const struct fst_doc *doc, struct fst_session **out,
                                   struct fst_error *err)
{
    struct fst_session *s = fst_alloc(sizeof(*s));
    struct fst_buf json = FST_BUF_TEXT;
    enum fst_status status = FST_OK;
    s->arena = fst_arena_new();
    if (doc)
        fst_doc_to_json(&json, doc);
    if (json.n)
        status = fst_json_parse(s->arena, "options", fst_buf_text(&json), json.n, NULL, &s->options,
                                err);
    fst_buf_done(&json);
    s->master = fst_doc_string(s->options, "master", "local[*]");
    s->is_cluster_mode =
        strcmp(fst_doc_string(s->options, "deploy_mode", "client"), "cluster") == 0;
    *out = s;
    if (status != FST_OK) {
        fst_arena_free(s->arena);
        free(s);
    }
    return status;
}

static void submit_close(struct fst_session *s)
{
    if (!s)
        return;
    submit_run_free(s->run);
    fst_arena_free(s->arena);
    free(s);
}

static enum fst_status submit_ping(struct fst_session *s, struct fst_buf *line,
                                   struct fst_error *err)
{
    char *home, *version, *java_home = NULL, *java = NULL;
    int major = 0;
    FST_TRY(spark_find_home(s->options, &home, &version, err));
    enum fst_status status = spark_find_java(s->options, &java_home, &java, err);
    if (status == FST_OK)
        status = spark_check_java(java, version, &major, err);
    if (status == FST_OK)
        fst_buf_printf(line, "Spark %s with Java %d, submits to %s", version, major, s->master);
    free(home);
    free(version);
    free(java_home);
    free(java);
    return status;
}

static bool sees_our_files(const struct fst_session *s)
{
    const struct fst_doc *flag = fst_doc_get(s->options, "shared_files");
    bool shared = false;
    if (flag && fst_doc_bool(flag, &shared))
        return shared;
    static const char *const here[] = {"local", "spark://127.", "spark://localhost:"};
    for (size_t i = 0; i < FST_COUNT(here); i++)
        if (strncmp(s->master, here[i], strlen(here[i])) == 0)
            return true;
    return false;
}

static enum fst_status submit_reaches(struct fst_session *s, const char *uri, struct fst_error *err)
{
    bool is_file = uri[0] == '/' || strncmp(uri, "file:", 5) == 0;
    if (!is_file || sees_our_files(s))
        return FST_OK;
    return fst_fail(err, FST_EUNSUPPORTED,
                    "the cluster at %s cannot see the file or folder %s of this host: put the data "
                    "where both reach it, or set shared_files if the paths are the same there",
                    s->master, uri);
}

static enum fst_status submit_show(struct fst_session *s, const struct fst_work *w,
                                   struct fst_buf *out, struct fst_error *err)
{
    struct submit_command c;
    struct fst_arena *a = fst_arena_new();
    const char *py = w->program ? NULL : fst_arena_printf(a, "%s/" DRIVER_PY, w->folder);
    const char *job = w->program ? NULL : fst_arena_printf(a, "%s/" DRIVER_JOB, w->folder);
    enum fst_status status = submit_command_make(s, w, py, job, false, &c, err);
    if (status == FST_OK) {
        for (size_t i = 0; c.env[i]; i++)
            fst_buf_printf(out, "%s%s\n", strchr(c.env[i], '=') ? "export " : "unset ", c.env[i]);
        spark_words_text(c.argv, out);
        if (c.masked.n)
            fst_buf_printf(out,
                           "# " SUBMIT_SECRETS " (0600, removed once the driver has read it):\n# "
                           "%s",
                           fst_buf_text(&c.masked));
        submit_command_done(&c);
    }
    fst_arena_free(a);
    if (status == FST_OK && !w->program) {
        fst_buf_adds(out, "# " DRIVER_JOB ":\n");
        status = driver_job_write(w, out, err);
        fst_buf_addc(out, '\n');
    }
    return status;
}

static void submit_doctor(const struct fst_doc *doc,
                          void (*tell)(void *arg, bool ok, const char *what, const char *remedy),
                          void *arg)
{
    const struct spark_report r = {tell, arg};
    const char *master = fst_doc_string(doc, "master", "local[*]");
    const char *env = getenv("HADOOP_CONF_DIR");
    spark_doctor_host(&r, doc);
    if (strcmp(master, "yarn") == 0) {
        const char *dir = fst_doc_string(doc, "hadoop_conf_dir", env);
        spark_say(&r, dir && *dir && fst_path_is_dir(dir),
                  "set hadoop_conf_dir to the folder of yarn-site.xml",
                  "Hadoop's configuration: %s", dir && *dir ? dir : "not set");
    }
    if (strncmp(master, "k8s://", 6) == 0)
        spark_say(&r, fst_doc_string(doc, "image", NULL), "set the option image",
                  "container image: %s", fst_doc_string(doc, "image", "not set"));
}

static const struct fst_server_ops submit_server = {.doctor = submit_doctor};

const struct fst_engine fst_engine_submit = {
    .name = "submit",
    .help = "spark-submit: a Spark of its own for each run, here or on a cluster",
    .options = options,
    .n_options = FST_COUNT(options),
    .takes_python = true,
    .takes_programs = true,
    .takes_tables = true,
    .open = submit_open,
    .close = submit_close,
    .ping = submit_ping,
    .reaches = submit_reaches,
    .submit = submit_start,
    .reattach = submit_reattach,
    .poll = submit_poll,
    .cancel = submit_cancel,
    .log = submit_log,
    .profile = submit_profile,
    .outcome = submit_outcome,
    .command = submit_show,
    .server = &submit_server,
};
