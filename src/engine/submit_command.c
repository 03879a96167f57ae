/* The command of a submission: words and environment, together with its settings.
 *
 * Words are an array from the first to the last: no shell reads them. What is a secret is never
 * among them (submit_conf.c). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "firesteel/io.h"
#include "submit_command.h"

enum { MAX_INLINE_JOB = 60 * 1024 }; /* twice that as a word; Linux takes 128 KB */
#define LOG_CONFIG "log4j2.properties"
#define NO_FOLDER "RUN_FOLDER" /* where the run's folder is not made yet */

void submit_add_word(struct submit_maker *m, const char *word)
{
    fst_grow(&m->argv, &m->argv_cap, m->n_argv + 2, sizeof *m->argv);
    m->argv[m->n_argv++] = fst_arena_strdup(m->a, word);
}

void submit_add_flag(struct submit_maker *m, const char *flag, const char *value)
{
    if (!value || !*value)
        return;
    submit_add_word(m, flag);
    submit_add_word(m, value);
}

static void add_env(struct submit_maker *m, const char *name, const char *value)
{
    fst_grow(&m->env, &m->env_cap, m->n_env + 2, sizeof *m->env);
    m->env[m->n_env++] =
        value ? fst_arena_printf(m->a, "%s=%s", name, value) : fst_arena_strdup(m->a, name);
}

/* An option that may be given as a list, too. */
static const char *joined_option(struct submit_maker *m, const char *name)
{
    const struct fst_doc *node = fst_doc_get(m->s->options, name);
    if (!node || node->kind != FST_DOC_LIST)
        return submit_option(m->s, name);
    struct fst_buf out = FST_BUF_TEXT;
    for (size_t i = 0; i < node->n; i++)
        if (node->items[i].text.p)
            fst_buf_printf(&out, "%s%s", out.n ? "," : "", node->items[i].text.p);
    const char *text = fst_arena_strdup(m->a, fst_buf_text(&out));
    fst_buf_done(&out);
    return text;
}

/* ---- What is found on this host -------------------------------------------------------------- */

const char *submit_hadoop_conf(const struct fst_doc *options)
{
    const char *const ways[] = {fst_doc_string(options, "hadoop_conf_dir", NULL),
                                getenv("HADOOP_CONF_DIR"), getenv("YARN_CONF_DIR")};
    for (size_t i = 0; i < FST_COUNT(ways); i++)
        if (ways[i] && *ways[i])
            return ways[i];
    return NULL;
}

/* Whether they fit is not asked here: a Java takes long to tell its version, and one that is too
 * old says so itself when it is to run Spark. */
static enum fst_status find_programs(struct submit_maker *m)
{
    char *java = NULL;
    FST_TRY(spark_find_home(m->s->options, &m->home, &m->version, m->err));
    enum fst_status status = spark_find_java(m->s->options, &m->java_home, &java, m->err);
    free(java);
    return status;
}

/* ---- The program and its arguments ----------------------------------------------------------- */

static const char *file_of_path(struct fst_arena *a, const struct fst_session *s, const char *path)
{
    /* without a scheme it would be looked for in the cluster's own file system */
    return s->kind == SUBMIT_YARN && path[0] == '/' ? fst_arena_printf(a, "file://%s", path) : path;
}

static enum fst_status add_program(struct submit_maker *m)
{
    const struct fst_program *p = m->w->program;
    if (p->file[0] == '/' && !m->masked && access(p->file, R_OK) != 0)
        return fst_fail_errno(m->err, "the program %s", p->file);
    submit_add_flag(m, "--class", p->class_);
    submit_add_word(m, p->file);
    for (size_t i = 0; i < p->n_args; i++)
        submit_add_word(m, p->args[i]);
    return FST_OK;
}

/* The description as an argument, for a driver that no file can be sent to. */
static enum fst_status add_inline_job(struct submit_maker *m)
{
    struct fst_buf json = FST_BUF(MAX_INLINE_JOB), word = FST_BUF(3 * MAX_INLINE_JOB);
    for (size_t i = 0; i < m->w->n_inputs; i++) {
        const struct fst_doc *o = m->w->inputs[i].options;
        for (size_t k = 0; o && k < o->n; k++)
            if (spark_is_secret_name(o->items[k].key))
                return fst_fail(m->err, FST_EUNSUPPORTED,
                                "%s: option %s looks like a secret, and the job would go by an "
                                "argument; set upload_path",
                                m->w->inputs[i].name, o->items[k].key);
    }
    enum fst_status status = driver_job_write(m->w, &json, m->err);
    if (status == FST_ENOMEM)
        fst_while(m->err, "the job goes by an argument without upload_path");
    if (status == FST_OK) {
        fst_buf_adds(&word, "hex:");
        fst_hex(&word, json.p, json.n);
        submit_add_word(m, fst_buf_text(&word));
    }
    fst_buf_done(&json);
    fst_buf_done(&word);
    return status;
}

static enum fst_status add_k8s_driver(struct submit_maker *m, const char *py, const char *job)
{
    const char *file = submit_option(m->s, "driver_file");
    bool uploads = spark_conf_get(&m->conf, "spark.kubernetes.file.upload.path");
    if (!file && !uploads)
        return fst_fail(m->err, FST_EINVAL,
                        "k8s in cluster mode: the driver's pod needs driver.py. Put it in the "
                        "image and set driver_file to local:///its/path, or set "
                        "upload_path to a place that both reach");
    submit_add_word(m, file ? file : py);
    if (!uploads)
        return add_inline_job(m);
    submit_add_word(m, job);
    return FST_OK;
}

static enum fst_status add_driver(struct submit_maker *m)
{
    const char *py = fst_arena_printf(m->a, "%s/" DRIVER_PY, m->folder);
    const char *job = fst_arena_printf(m->a, "%s/" DRIVER_JOB, m->folder);
    if (m->s->kind == SUBMIT_K8S && m->s->cluster_mode)
        return add_k8s_driver(m, py, job);
    if (m->s->cluster_mode) {
        submit_add_word(m, file_of_path(m->a, m->s, py));
        submit_add_word(m, fst_path_base(job));
    } else {
        submit_add_word(m, py);
        submit_add_word(m, job);
    }
    return FST_OK;
}

/* ---- Words ----------------------------------------------------------------------------------- */

static void add_file(struct submit_maker *m, struct fst_buf *list, const char *name)
{
    const char *path = fst_arena_printf(m->a, "%s/%s", m->folder, name);
    fst_buf_printf(list, "%s%s", list->n ? "," : "", file_of_path(m->a, m->s, path));
}

/* The user's, and what our driver needs where it runs. In its folder on YARN a log configuration
 * holds over the cluster's own. */
static const char *files_option(struct submit_maker *m)
{
    const struct fst_session *s = m->s;
    const char *files = joined_option(m, "files");
    bool is_yarn = s->kind == SUBMIT_YARN;
    struct fst_buf list = FST_BUF_TEXT;
    if (!s->cluster_mode)
        return files;
    fst_buf_adds(&list, files ? files : "");
    if (!m->w->program &&
        (s->kind != SUBMIT_K8S || spark_conf_get(&m->conf, "spark.kubernetes.file.upload.path")))
        add_file(m, &list, DRIVER_JOB);
    if (is_yarn && !(files && strstr(files, LOG_CONFIG)))
        add_file(m, &list, LOG_CONFIG);
    files = fst_arena_strdup(m->a, fst_buf_text(&list));
    fst_buf_done(&list);
    return files;
}

static void add_flags(struct submit_maker *m)
{
    static const char *const flags[][2] = {
        {"--driver-memory", "driver_memory"},
        {"--driver-cores", "driver_cores"},
        {"--executor-memory", "executor_memory"},
        {"--executor-cores", "executor_cores"},
        {"--num-executors", "num_executors"},
        {"--total-executor-cores", "total_executor_cores"},
        {"--packages", "packages"},
        {"--repositories", "repositories"},
        {"--exclude-packages", "exclude_packages"},
        {"--jars", "jars"},
        {"--py-files", "py_files"},
        {"--archives", "archives"},
        {"--queue", "queue"},
        {"--principal", "principal"},
        {"--keytab", "keytab"},
    };
    for (size_t i = 0; i < FST_COUNT(flags); i++)
        submit_add_flag(m, flags[i][0], joined_option(m, flags[i][1]));
    submit_add_flag(m, "--files", files_option(m));
}

/* One line for people: no control characters. */
static const char *app_name(struct submit_maker *m)
{
    const char *name = m->w->name && *m->w->name ? m->w->name : "firesteel";
    if (m->s->kind == SUBMIT_K8S)
        return submit_k8s_name(m->a, name);
    char *out = fst_arena_strdup(m->a, name);
    for (char *p = out; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            *p = ' ';
    return out;
}

static enum fst_status make_words(struct submit_maker *m)
{
    submit_add_word(m, fst_arena_printf(m->a, "%s/bin/spark-submit", m->home));
    submit_add_flag(m, "--master", m->s->master);
    if (m->s->cluster_mode)
        submit_add_flag(m, "--deploy-mode", "cluster");
    submit_add_flag(m, "--name", app_name(m));
    add_flags(m);
    for (size_t i = 0; i < m->conf.n; i++)
        if (!m->conf.items[i].secret)
            submit_add_flag(
                m, "--conf",
                fst_arena_printf(m->a, "%s=%s", m->conf.items[i].key, m->conf.items[i].value));
    submit_make_properties(m);
    return m->w->program ? add_program(m) : add_driver(m);
}

/* ---- Environment ----------------------------------------------------------------------------- */

static enum fst_status add_given_env(struct submit_maker *m)
{
    const struct fst_doc *map = fst_doc_get(m->s->options, "env");
    for (size_t i = 0; map && map->kind == FST_DOC_MAP && i < map->n; i++) {
        const struct fst_doc *item = &map->items[i];
        if (!item->text.p || strchr(item->key, '='))
            return fst_fail(m->err, FST_EINVAL, "env: %s is no variable with one value", item->key);
        bool refers = fst_secret_is_reference(item->text.p);
        if (m->masked) {
            add_env(m, item->key,
                    refers || spark_is_secret_name(item->key) ? SUBMIT_MASK : item->text.p);
        } else if (!refers) {
            add_env(m, item->key, item->text.p);
        } else {
            char *value;
            FST_TRY(fst_secret_resolve(item->text.p, false, &value, m->err));
            add_env(m, item->key, value);
            fst_wipe(value, strlen(value));
            free(value);
        }
    }
    return FST_OK;
}

/* The launcher's JVM is the driver's, too, where the driver runs here; elsewhere it is what we see.
 */
static void add_log_config(struct submit_maker *m)
{
    const char *given = getenv("SPARK_SUBMIT_OPTS");
    m->out->log_path = fst_arena_printf(m->a, "%s/" LOG_CONFIG, m->folder);
    m->out->log_config = spark_log_config;
    add_env(m, "SPARK_SUBMIT_OPTS",
            fst_arena_printf(m->a, "%s%s\"-Dlog4j2.configurationFile=file:%s\"", given ? given : "",
                             given && *given ? " " : "", m->out->log_path));
}

static enum fst_status make_env(struct submit_maker *m)
{
    /* what would make another program of the driver, or a client of the context */
    static const char *const unset[] = {"SPARK_REMOTE", "SPARK_CONNECT_MODE", "PYSPARK_SUBMIT_ARGS",
                                        "PYSPARK_DRIVER_PYTHON", "PYSPARK_DRIVER_PYTHON_OPTS"};
    char *python = spark_find_python(m->s->options);
    const char *named = fst_doc_string(m->s->options, "python", NULL); /* may be a path elsewhere */
    const char *hadoop = submit_hadoop_conf(m->s->options);
    for (size_t i = 0; i < FST_COUNT(unset); i++)
        add_env(m, unset[i], NULL);
    add_env(m, "SPARK_HOME", m->home);
    if (m->java_home)
        add_env(m, "JAVA_HOME", m->java_home);
    if (named || python)
        add_env(m, "PYSPARK_PYTHON", named ? named : python);
    free(python);
    if (hadoop)
        add_env(m, "HADOOP_CONF_DIR", hadoop);
    if (m->s->kind == SUBMIT_LOCAL)
        add_env(m, "SPARK_LOCAL_IP", "127.0.0.1");
    add_log_config(m);
    return add_given_env(m);
}

/* ---- The plan -------------------------------------------------------------------------------- */

static enum fst_status check_mode(struct submit_maker *m)
{
    const struct fst_session *s = m->s;
    bool is_jar = m->w->program && m->w->program->class_;
    if (s->kind == SUBMIT_YARN && !submit_hadoop_conf(s->options))
        return fst_fail(m->err, FST_EINVAL,
                        "yarn: where the cluster is stands in core-site.xml and yarn-site.xml; set "
                        "hadoop_conf_dir or $HADOOP_CONF_DIR to their folder");
    if (s->kind == SUBMIT_STANDALONE && s->cluster_mode && !is_jar)
        return fst_fail(m->err, FST_EUNSUPPORTED,
                        "Spark has no cluster mode for Python on standalone clusters; use "
                        "deploy_mode client, or the standalone engine");
    if (s->kind == SUBMIT_K8S && s->cluster_mode && !submit_option(s, "image") &&
        !spark_conf_get(&m->conf, "spark.kubernetes.container.image") &&
        !spark_conf_get(&m->conf, "spark.kubernetes.driver.container.image"))
        return fst_fail(m->err, FST_EINVAL, "k8s: set image to the container image to run");
    return FST_OK;
}

static char **finish_list(struct fst_arena *a, char **items, size_t n)
{
    char **out = fst_arena_alloc(a, (n + 1) * sizeof *out);
    if (n)
        memcpy(out, items, n * sizeof *out);
    free(items);
    return out;
}

enum fst_status submit_plan_make(const struct fst_session *s, const struct fst_work *w, bool masked,
                                 struct fst_arena *a, struct submit_plan *out,
                                 struct fst_error *err)
{
    *out = (struct submit_plan){0};
    struct submit_maker m = {.s = s,
                             .w = w,
                             .a = a,
                             .masked = masked,
                             .folder = w->folder ? w->folder : NO_FOLDER,
                             .out = out,
                             .err = err};
    enum fst_status status = find_programs(&m);
    if (status == FST_OK)
        status = submit_make_conf(&m);
    if (status == FST_OK)
        status = check_mode(&m);
    if (status == FST_OK)
        status = make_words(&m);
    if (status == FST_OK)
        status = make_env(&m);
    out->argv = finish_list(a, m.argv, m.n_argv);
    out->env = finish_list(a, m.env, m.n_env);
    spark_conf_wipe(&m.conf);
    spark_conf_done(&m.conf);
    free(m.home);
    free(m.version);
    free(m.java_home);
    return status;
}

enum fst_status submit_kill_plan(const struct fst_session *s, const char *operation_id,
                                 struct fst_arena *a, struct submit_plan *out,
                                 struct fst_error *err)
{
    const struct fst_work nothing = {.sql = NULL};
    const char *space = submit_option(s, "namespace");
    struct submit_maker m = {
        .s = s, .w = &nothing, .a = a, .folder = NO_FOLDER, .out = out, .err = err};
    *out = (struct submit_plan){0};
    enum fst_status status = find_programs(&m);
    if (status == FST_OK) {
        submit_add_word(&m, fst_arena_printf(a, "%s/bin/spark-submit", m.home));
        submit_add_flag(&m, "--master", s->master);
        submit_add_flag(&m, "--kill",
                        fst_arena_printf(a, "%s%s%s", space ? space : "", space ? ":" : "",
                                         submit_k8s_pod(a, operation_id)));
        add_env(&m, "SPARK_HOME", m.home);
        if (m.java_home)
            add_env(&m, "JAVA_HOME", m.java_home);
    }
    out->argv = finish_list(a, m.argv, m.n_argv);
    out->env = finish_list(a, m.env, m.n_env);
    free(m.home);
    free(m.version);
    free(m.java_home);
    return status;
}

void submit_plan_wipe(struct submit_plan *p)
{
    if (p->properties)
        fst_wipe((char *)p->properties, strlen(p->properties));
    for (char **e = p->env; e && *e; e++)
        fst_wipe(*e, strlen(*e));
}
