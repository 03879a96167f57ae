/* The standalone engine: Spark's own cluster, through its REST submission server.
 *
 * The driver runs on a worker, so it outlives this host. Python is submitted in the one way that
 * works there: the main class is spark-submit itself, with everything it needs as arguments,
 * because what stands in sparkProperties only shapes the process of the driver. Without the master
 * among the arguments it would run on that one worker alone, and say nothing. */
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "standalone.h"

static const struct fst_option options[] = {
    {"master", "string", NULL, true,
     "spark://host:port; masters that stand by for one another as spark://a:7077,b:7077"},
    {"rest", "string", NULL, false,
     "its submission server, one for each master, joined by commas; else http://HOST:6066"},
    {"ui", "string", NULL, false, "its web interface, likewise; else http://HOST:8080"},
    {"driver_memory", "string", "1g", false, "heap of the driver, on a worker"},
    {"driver_cores", "int", "1", false, "cores of the driver: they are taken from a worker, too"},
    {"executor_memory", "string", NULL, false, "heap of each executor"},
    {"executor_cores", "int", NULL, false, "cores of each executor"},
    {"cores_max", "int", NULL, false, "cores of all executors together"},
    {"python", "string", NULL, false, "Python on the workers; else $PYSPARK_PYTHON, python3"},
    {"packages", "string", NULL, false, "Maven coordinates, joined by commas"},
    {"jars", "string", NULL, false, "jars for driver and executors, joined by commas"},
    {"py_files", "string", NULL, false, ".py, .zip or .egg for Python, joined by commas"},
    {"files", "string", NULL, false, "files for each executor's folder, joined by commas"},
    {"shared_dir", "string", NULL, false,
     "a folder that this host and all workers see, for the driver and its job"},
    {"env", "map", NULL, false, "environment of the driver"},
    {"conf", "map", NULL, false,
     "spark.* settings; the submission server has no authentication, so secrets are refused here: "
     "give them to the workers"},
};

/* ---- Opening --------------------------------------------------------------------------------- */

static void standalone_close(struct fst_session *s)
{
    if (!s)
        return;
    standalone_run_free(s->run);
    fst_arena_free(s->arena);
    free(s);
}

static enum fst_status standalone_open(const struct fst_doc *doc, struct fst_session **out,
                                       struct fst_error *err)
{
    struct fst_session *s = fst_alloc(sizeof *s);
    s->arena = fst_arena_new();
    enum fst_status status = spark_copy_options(s->arena, doc, &s->options, err);
    if (status == FST_OK)
        status = standalone_find_places(s, err);
    if (status != FST_OK)
        standalone_close(s);
    else
        *out = s;
    return status;
}

/* ---- Reaching -------------------------------------------------------------------------------- */

static enum fst_status standalone_ping(struct fst_session *s, struct fst_buf *line,
                                       struct fst_error *err)
{
    struct rest_answer master, rest;
    FST_TRY(standalone_ask(s, NULL, NULL, "/v1/submissions/status/none", &rest, err));
    const char *version = rest.doc ? fst_doc_string(rest.doc, "serverSparkVersion", "?") : "?";
    enum fst_status status = standalone_master(s, &master, err);
    if (status == FST_OK) {
        fst_buf_printf(
            line,
            "Spark %s at %s: %lld workers, %lld of %lld cores and %lld of %lld MB "
            "are free",
            version, s->master, (long long)rest_int(master.doc, "aliveworkers", 0),
            (long long)(rest_int(master.doc, "cores", 0) - rest_int(master.doc, "coresused", 0)),
            (long long)rest_int(master.doc, "cores", 0),
            (long long)(rest_int(master.doc, "memory", 0) - rest_int(master.doc, "memoryused", 0)),
            (long long)rest_int(master.doc, "memory", 0));
        rest_answer_done(&master);
    }
    rest_answer_done(&rest);
    return status;
}

static bool is_under(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    while (n > 0 && folder[n - 1] == '/')
        n--;
    return strncmp(path, folder, n) == 0 && (path[n] == '/' || !path[n]) && !strstr(path, "/../");
}

static enum fst_status standalone_reaches(struct fst_session *s, const char *uri,
                                          struct fst_error *err)
{
    const char *shared = fst_doc_string(s->options, "shared_dir", NULL);
    bool is_file = uri[0] == '/' || strncmp(uri, "file:", 5) == 0;
    const char *path = is_file ? strchr(uri, '/') : NULL;
    while (path && path[0] == '/' && path[1] == '/')
        path++;
    bool is_shared = shared && path && is_under(path, shared);
    if (!is_file || s->is_loopback || is_shared)
        return FST_OK;
    return fst_fail(err, FST_EUNSUPPORTED,
                    "the workers of %s cannot see the file or folder %s of this host: put the data "
                    "where all reach it, or set shared_dir to what they share",
                    s->master, uri);
}

const char *standalone_folder(const struct fst_session *s, const struct fst_work *w)
{
    const char *shared = fst_doc_string(s->options, "shared_dir", NULL);
    return shared ? fst_arena_printf(s->arena, "%s/firesteel-%s", shared, w->operation_id)
                  : w->folder;
}

/* ---- The request ----------------------------------------------------------------------------- */

static const struct {
    const char *option, *key;
} executor_settings[] = {
    {"executor_memory", "spark.executor.memory"},
    {"executor_cores", "spark.executor.cores"},
    {"cores_max", "spark.cores.max"},
};

static const struct {
    const char *option, *flag;
} flags[] = {{"packages", "--packages"},
             {"jars", "--jars"},
             {"py_files", "--py-files"},
             {"files", "--files"}};

static enum fst_status make_conf(const struct fst_session *s, const struct fst_work *w, bool masked,
                                 struct spark_conf *conf, struct fst_error *err)
{
    FST_TRY(spark_conf_add(conf, fst_doc_get(s->options, "conf"), err));
    FST_TRY(spark_conf_add(conf, w->conf, err));
    for (size_t i = 0; i < FST_COUNT(executor_settings); i++) {
        const char *value = fst_doc_string(s->options, executor_settings[i].option, NULL);
        if (value)
            spark_conf_default(conf, executor_settings[i].key, value);
    }
    spark_conf_default(conf, "spark.ui.port", "0");
    for (size_t i = 0; i < conf->n; i++)
        if (conf->items[i].secret && !masked)
            return fst_fail(err, FST_EUNSUPPORTED,
                            "%s is a secret, and the submission server passes everything on as "
                            "arguments, readable by all: set it in the workers' "
                            "spark-defaults.conf, or use the engine submit",
                            conf->items[i].key);
    return FST_OK;
}

static void write_flag(struct fst_json_writer *j, const char *flag, const char *value)
{
    fst_jw_string(j, NULL, flag);
    fst_jw_string(j, NULL, value);
}

static void write_setting(struct fst_json_writer *j, const char *key, const char *value)
{
    char *text = fst_asprintf("%s=%s", key, value);
    write_flag(j, "--conf", text);
    free(text);
}

static void write_program(struct fst_json_writer *j, const struct fst_program *p)
{
    if (p->class_)
        write_flag(j, "--class", p->class_);
    fst_jw_string(j, NULL, p->file);
    for (size_t i = 0; i < p->n_args; i++)
        fst_jw_string(j, NULL, p->args[i]);
}

static void write_driver(struct fst_json_writer *j, const char *folder)
{
    char *py = fst_path_join(folder, DRIVER_PY), *job = fst_path_join(folder, DRIVER_JOB);
    fst_jw_string(j, NULL, py);
    fst_jw_string(j, NULL, job);
    free(py);
    free(job);
}

/* spark-submit's own words, then the program. */
static void write_arguments(struct fst_json_writer *j, const struct fst_session *s,
                            const struct fst_work *w, const char *folder,
                            const struct spark_conf *conf)
{
    fst_jw_list(j, "appArgs");
    write_flag(j, "--master", s->master);
    write_flag(j, "--name", w->name ? w->name : "firesteel");
    for (size_t i = 0; i < FST_COUNT(flags); i++) {
        const char *value = fst_doc_string(s->options, flags[i].option, NULL);
        if (value)
            write_flag(j, flags[i].flag, value);
    }
    for (size_t i = 0; i < conf->n; i++)
        write_setting(j, conf->items[i].key, conf->items[i].secret ? "***" : conf->items[i].value);
    /* the words by which the work is found among drivers, whoever knows its number */
    write_setting(j, "spark.firesteel.operation", w->operation_id);
    if (w->program)
        write_program(j, w->program);
    else
        write_driver(j, folder);
    fst_jw_end(j, ']');
}

static void write_environment(struct fst_json_writer *j, const struct fst_session *s)
{
    const struct fst_doc *env = fst_doc_get(s->options, "env");
    const char *python = fst_doc_string(s->options, "python", NULL);
    char *own = !python && s->is_loopback ? spark_find_python(s->options) : NULL;
    fst_jw_object(j, "environmentVariables");
    if (python || own)
        fst_jw_string(j, "PYSPARK_PYTHON", python ? python : own);
    fst_jw_string(j, "PYTHONUNBUFFERED", "1");
    for (size_t i = 0; env && i < env->n; i++)
        if (env->items[i].text.p)
            fst_jw_string(j, env->items[i].key, env->items[i].text.p);
    fst_jw_end(j, '}');
    free(own);
}

static void write_properties(struct fst_json_writer *j, const struct fst_session *s,
                             const struct fst_work *w, const char *folder)
{
    char *log = fst_asprintf("-Dlog4j2.configurationFile=file:%s/" STANDALONE_LOG, folder);
    fst_jw_object(j, "sparkProperties");
    fst_jw_string(j, "spark.app.name", w->name ? w->name : "firesteel");
    fst_jw_string(j, "spark.master", s->master);
    fst_jw_string(j, "spark.driver.memory", fst_doc_string(s->options, "driver_memory", "1g"));
    fst_jw_string(j, "spark.driver.cores", fst_doc_string(s->options, "driver_cores", "1"));
    fst_jw_string(j, "spark.driver.supervise", "false");
    fst_jw_string(j, "spark.driver.extraJavaOptions", log);
    fst_jw_end(j, '}');
    free(log);
}

enum fst_status standalone_request(const struct fst_session *s, const struct fst_work *w,
                                   const char *folder, bool masked, struct fst_buf *json,
                                   struct fst_error *err)
{
    struct spark_conf conf = {0};
    enum fst_status status = make_conf(s, w, masked, &conf, err);
    struct fst_json_writer j = fst_json_writer(json);
    fst_jw_object(&j, NULL);
    fst_jw_string(&j, "action", "CreateSubmissionRequest");
    fst_jw_string(&j, "clientSparkVersion", "4.3.0");
    fst_jw_string(&j, "appResource", "");
    fst_jw_string(&j, "mainClass", "org.apache.spark.deploy.SparkSubmit");
    write_arguments(&j, s, w, folder, &conf);
    write_environment(&j, s);
    write_properties(&j, s, w, folder);
    fst_jw_end(&j, '}');
    spark_conf_done(&conf);
    return status;
}

static enum fst_status standalone_command(struct fst_session *s, const struct fst_work *w,
                                          struct fst_buf *out, struct fst_error *err)
{
    struct fst_buf json = FST_BUF(1 << 20);
    const char *folder = standalone_folder(s, w);
    enum fst_status status =
        standalone_request(s, w, folder ? folder : "RUN_FOLDER", true, &json, err);
    if (status == FST_OK)
        fst_buf_printf(out, "POST %s/v1/submissions/create\n%s\n", standalone_place(s)->rest,
                       fst_buf_text(&json));
    fst_buf_done(&json);
    if (status == FST_OK && !w->program) {
        fst_buf_adds(out, "# " DRIVER_JOB ":\n");
        status = driver_job_write(w, out, err);
        fst_buf_addc(out, '\n');
    }
    return status;
}

/* ---- Doctor ---------------------------------------------------------------------------------- */

static void standalone_doctor(const struct fst_doc *doc,
                              void (*tell)(void *arg, bool ok, const char *what,
                                           const char *remedy),
                              void *arg)
{
    const struct spark_report r = {tell, arg};
    struct fst_session *s;
    struct rest_answer master;
    struct fst_error err = {0};
    if (standalone_open(doc, &s, &err) != FST_OK) {
        spark_say(&r, false, "correct the provider's options", "%s", err.text);
        return;
    }
    if (standalone_master(s, &master, &err) == FST_OK) {
        int64_t cores = rest_int(master.doc, "cores", 0) - rest_int(master.doc, "coresused", 0);
        int64_t workers = rest_int(master.doc, "aliveworkers", 0);
        spark_say(&r, workers > 0,
                  "start a worker: spark-class org.apache.spark.deploy.worker.Worker",
                  "%lld workers at %s", (long long)workers, s->master);
        spark_say(&r, cores > 1, "a driver and an executor need a core each: wait, or add a worker",
                  "%lld cores are free", (long long)cores);
        rest_answer_done(&master);
    } else {
        spark_say(&r, false, "start the master, or correct the option ui", "%s", err.text);
    }
    standalone_close(s);
}

static const struct fst_server_ops standalone_server = {.doctor = standalone_doctor};

const struct fst_engine fst_engine_standalone = {
    .name = "standalone",
    .help = "Spark's standalone cluster, through its REST submission server",
    .options = options,
    .n_options = FST_COUNT(options),
    .takes_python = true,
    .takes_programs = true,
    .takes_tables = true,
    .open = standalone_open,
    .close = standalone_close,
    .ping = standalone_ping,
    .reaches = standalone_reaches,
    .submit = standalone_submit,
    .reattach = standalone_reattach,
    .poll = standalone_poll,
    .cancel = standalone_cancel,
    .log = standalone_log,
    .profile = standalone_profile,
    .outcome = standalone_outcome,
    .command = standalone_command,
    .server = &standalone_server,
};
