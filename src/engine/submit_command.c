/* The command line of spark-submit for a provider and a work.
 *
 * A table says which option becomes which flag. Settings that hold secrets never become arguments,
 * which everybody on the host can read: they go into a properties file of the run's own, together
 * with the defaults of that Spark, which such a file would otherwise hide. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/io.h"
#include "submit.h"

enum { MAX_DEFAULTS = 1 << 20 };

static const struct {
    const char *option, *flag;
} flags[] = {
    {"deploy_mode", "--deploy-mode"},
    {"driver_memory", "--driver-memory"},
    {"driver_cores", "--driver-cores"},
    {"executor_memory", "--executor-memory"},
    {"executor_cores", "--executor-cores"},
    {"num_executors", "--num-executors"},
    {"total_executor_cores", "--total-executor-cores"},
    {"packages", "--packages"},
    {"exclude_packages", "--exclude-packages"},
    {"repositories", "--repositories"},
    {"jars", "--jars"},
    {"py_files", "--py-files"},
    {"archives", "--archives"},
    {"queue", "--queue"},
    {"principal", "--principal"},
    {"keytab", "--keytab"},
};

static const struct {
    const char *option, *key;
} settings[] = {
    {"namespace", "spark.kubernetes.namespace"},
    {"image", "spark.kubernetes.container.image"},
    {"service_account", "spark.kubernetes.authenticate.driver.serviceAccountName"},
    {"upload_path", "spark.kubernetes.file.upload.path"},
    {"event_log_dir", "spark.eventLog.dir"},
};

/* ---- Settings -------------------------------------------------------------------------------- */

struct settings {
    struct spark_words *words;
    struct submit_command *out;
    bool reveal;
};

static enum fst_status add_secret(struct settings *x, const char *key, const char *value,
                                  struct fst_error *err)
{
    char *real = NULL;
    if (x->reveal && fst_secret_is_reference(value)) {
        FST_TRY(fst_secret_resolve(value, false, &real, err));
        value = real;
    }
    if (strpbrk(value, "\r\n")) {
        free(real);
        return fst_fail(err, FST_EINVAL, "%s: the value has a line end in it", key);
    }
    fst_buf_printf(&x->out->masked, "%s=***\n", key);
    if (x->reveal)
        fst_buf_printf(&x->out->secrets, "%s=%s\n", key, value);
    if (real)
        fst_wipe(real, strlen(real));
    free(real);
    return FST_OK;
}

static enum fst_status add_settings(struct settings *x, const struct fst_doc *conf,
                                    const struct fst_doc *over, struct fst_error *err)
{
    for (size_t i = 0; conf && conf->kind == FST_DOC_MAP && i < conf->n; i++) {
        const char *key = conf->items[i].key, *value = conf->items[i].text.p;
        if (!value || (over && fst_doc_get(over, key)))
            continue;
        if (fst_secret_is_reference(value) || spark_is_secret_name(key))
            FST_TRY(add_secret(x, key, value, err));
        else
            spark_add_conf(x->words, key, value);
    }
    return FST_OK;
}

static bool is_set(const struct fst_session *s, const struct fst_work *w, const char *key)
{
    const struct fst_doc *conf = fst_doc_get(s->options, "conf");
    return (conf && fst_doc_get(conf, key)) || (w->conf && fst_doc_get(w->conf, key));
}

/* What makes the run findable, its log short, and its end final. */
static void add_own_settings(const struct fst_session *s, const struct fst_work *w,
                             struct spark_words *words)
{
    bool yarn = strcmp(s->master, "yarn") == 0, k8s = strncmp(s->master, "k8s://", 6) == 0;
    spark_add_conf(words, "spark.ui.showConsoleProgress", "false");
    if (yarn)
        spark_add_conf(words, "spark.yarn.tags",
                       fst_arena_printf(words->a, "firesteel-%s", w->operation_id));
    if (yarn && !is_set(s, w, "spark.yarn.maxAppAttempts"))
        spark_add_conf(words, "spark.yarn.maxAppAttempts", "1");
    if (k8s)
        spark_add_conf(words, "spark.kubernetes.driver.label.firesteel-run", w->operation_id);
    if (fst_doc_string(s->options, "event_log_dir", NULL))
        spark_add_conf(words, "spark.eventLog.enabled", "true");
    if (!s->is_cluster_mode && !is_set(s, w, "spark.driver.extraJavaOptions"))
        spark_add_conf(words, "spark.driver.extraJavaOptions",
                       fst_arena_printf(words->a,
                                        "-Dlog4j2.configurationFile=file:%s/" SUBMIT_LOG4J,
                                        w->folder));
}

/* ---- The command ----------------------------------------------------------------------------- */

static void add_flags(const struct fst_session *s, const struct fst_work *w, const char *job,
                      struct spark_words *words)
{
    const char *files = fst_doc_string(s->options, "files", NULL);
    spark_add_pair(words, "--master", s->master);
    spark_add_pair(words, "--name", w->name ? w->name : "firesteel");
    for (size_t i = 0; i < FST_COUNT(flags); i++)
        spark_add_pair(words, flags[i].flag, fst_doc_string(s->options, flags[i].option, NULL));
    if (s->is_cluster_mode && job) /* the driver runs elsewhere: its job goes with it */
        files = files ? fst_arena_printf(words->a, "%s,%s", files, job) : job;
    spark_add_pair(words, "--files", files);
    for (size_t i = 0; i < FST_COUNT(settings); i++) {
        const char *value = fst_doc_string(s->options, settings[i].option, NULL);
        if (value)
            spark_add_conf(words, settings[i].key, value);
    }
}

static void add_program(const struct fst_session *s, const struct fst_work *w, const char *py,
                        const char *job, struct spark_words *words)
{
    if (w->program) {
        spark_add_pair(words, "--class", w->program->class_);
        spark_add(words, w->program->file);
        for (size_t i = 0; i < w->program->n_args; i++)
            spark_add(words, w->program->args[i]);
        return;
    }
    spark_add(words, fst_doc_string(s->options, "driver_file", py));
    spark_add(words, job);
}

static void add_environment(const struct fst_session *s, const char *spark, const char *java,
                            struct spark_words *env)
{
    const struct fst_doc *own = fst_doc_get(s->options, "env");
    const char *hadoop = fst_doc_string(s->options, "hadoop_conf_dir", NULL);
    char *python = spark_find_python(s->options);
    spark_addf(env, "SPARK_HOME=%s", spark);
    if (java)
        spark_addf(env, "JAVA_HOME=%s", java);
    if (python)
        spark_addf(env, "PYSPARK_PYTHON=%s", python);
    if (hadoop)
        spark_addf(env, "HADOOP_CONF_DIR=%s", hadoop);
    if (strncmp(s->master, "local", 5) == 0)
        spark_add(env, "SPARK_LOCAL_IP=127.0.0.1");
    spark_add(env, "PYTHONUNBUFFERED=1");
    spark_add(env, "PYSPARK_DRIVER_PYTHON");
    spark_add(env, "SPARK_REMOTE");
    for (size_t i = 0; own && i < own->n; i++)
        if (own->items[i].text.p)
            spark_addf(env, "%s=%s", own->items[i].key, own->items[i].text.p);
    free(python);
}

/* A properties file replaces the defaults of that Spark: take them along. */
static void add_defaults(struct submit_command *c, const char *spark)
{
    const char *dir = getenv("SPARK_CONF_DIR");
    char *path = dir && *dir ? fst_path_join(dir, "spark-defaults.conf")
                             : fst_path_join(spark, "conf/spark-defaults.conf");
    char *text;
    size_t n;
    if (fst_file_read(path, MAX_DEFAULTS, &text, &n, NULL) == FST_OK) {
        fst_buf_add(&c->secrets, text, n);
        fst_buf_addc(&c->secrets, '\n');
        free(text);
    }
    free(path);
}

static enum fst_status make(const struct fst_session *s, const struct fst_work *w, const char *py,
                            const char *job, const char *spark, const char *java, bool reveal,
                            struct submit_command *out, struct fst_error *err)
{
    struct spark_words words = {.a = out->arena}, env = {.a = out->arena};
    struct settings x = {&words, out, reveal};
    spark_addf(&words, "%s/bin/spark-submit", spark);
    add_flags(s, w, job, &words);
    add_own_settings(s, w, &words);
    add_defaults(out, spark);
    enum fst_status status = add_settings(&x, fst_doc_get(s->options, "conf"), w->conf, err);
    if (status == FST_OK)
        status = add_settings(&x, w->conf, NULL, err);
    if (out->masked.n)
        spark_add_pair(&words, "--properties-file",
                       fst_arena_printf(out->arena, "%s/" SUBMIT_SECRETS, w->folder));
    add_program(s, w, py, job, &words);
    add_environment(s, spark, java, &env);
    out->argv = spark_words_finish(&words);
    out->env = spark_words_finish(&env);
    return status;
}

/* Clusters elsewhere have needs of their own, said before anything is sent. */
static enum fst_status check_master(const struct fst_session *s, const struct fst_work *w,
                                    struct fst_error *err)
{
    const char *env = getenv("HADOOP_CONF_DIR"), *yarn_env = getenv("YARN_CONF_DIR");
    bool has_hadoop = fst_doc_string(s->options, "hadoop_conf_dir", NULL) || (env && *env) ||
                      (yarn_env && *yarn_env);
    if (strcmp(s->master, "yarn") == 0 && !has_hadoop)
        return fst_fail(err, FST_EINVAL,
                        "yarn needs the cluster's configuration: set hadoop_conf_dir, or "
                        "$HADOOP_CONF_DIR");
    if (strncmp(s->master, "spark://", 8) == 0 && s->is_cluster_mode &&
        !(w->program && w->program->class_))
        return fst_fail(err, FST_EUNSUPPORTED,
                        "Spark's standalone clusters run no Python in cluster mode by "
                        "spark-submit: use deploy_mode client, or the engine standalone");
    if (strncmp(s->master, "k8s://", 6) == 0 && s->is_cluster_mode && !w->program &&
        !fst_doc_string(s->options, "driver_file", NULL) &&
        !fst_doc_string(s->options, "upload_path", NULL))
        return fst_fail(
            err, FST_EINVAL,
            "Kubernetes in cluster mode needs a way for driver.py to the pod: set "
            "upload_path (an object store), or driver_file (local:///..., in the image)");
    return FST_OK;
}

enum fst_status submit_command_make(const struct fst_session *s, const struct fst_work *w,
                                    const char *py, const char *job, bool reveal,
                                    struct submit_command *out, struct fst_error *err)
{
    char *spark = NULL, *version = NULL, *java = NULL, *program = NULL;
    int major;
    *out = (struct submit_command){
        .arena = fst_arena_new(), .secrets = FST_BUF(4 << 20), .masked = FST_BUF(1 << 20)};
    enum fst_status status = check_master(s, w, err);
    if (status == FST_OK)
        status = spark_find_home(s->options, &spark, &version, err);
    if (status == FST_OK)
        status = spark_find_java(s->options, &java, &program, err);
    if (status == FST_OK)
        status = spark_check_java(program, version, &major, err);
    if (status == FST_OK)
        status = make(s, w, py, job, spark, java, reveal, out, err);
    free(spark);
    free(version);
    free(java);
    free(program);
    if (status != FST_OK)
        submit_command_done(out);
    return status;
}

void submit_command_done(struct submit_command *c)
{
    if (c->secrets.p)
        fst_wipe(c->secrets.p, c->secrets.cap);
    fst_buf_done(&c->secrets);
    fst_buf_done(&c->masked);
    fst_arena_free(c->arena);
    *c = (struct submit_command){0};
}
