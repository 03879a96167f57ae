/* The settings of a submission, and the private file for those that are secrets.
 *
 * Arguments can be read by everybody on the host, so a setting that is a secret goes by a
 * properties file of mode 0600 in the run's folder, and is removed once Spark has read it. A
 * properties file takes the place of spark-defaults.conf; Spark 4 can be told to read both, for
 * Spark 3 they are put together here. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/io.h"
#include "submit_command.h"

#define MAX_DEFAULTS ((size_t)1 << 20)

/* ---- Kubernetes and YARN --------------------------------------------------------------------- */

const char *submit_k8s_name(struct fst_arena *a, const char *name)
{
    char *out = fst_arena_strdup(a, name && *name ? name : "firesteel");
    for (char *p = out; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')))
            *p = '-';
    }
    if (strlen(out) > 40)
        out[40] = 0;
    return out;
}

const char *submit_k8s_pod(struct fst_arena *a, const char *operation)
{
    return fst_arena_printf(a, "firesteel-%s-driver", operation);
}

static void add_k8s_conf(struct submit_maker *m)
{
    const char *operation = m->w->operation_id ? m->w->operation_id : "";
    const struct {
        const char *key, *value;
    } rows[] = {
        {"spark.kubernetes.namespace", submit_option(m->s, "namespace")},
        {"spark.kubernetes.container.image", submit_option(m->s, "image")},
        {"spark.kubernetes.file.upload.path", submit_option(m->s, "upload_path")},
        {"spark.kubernetes.authenticate.driver.serviceAccountName",
         submit_option(m->s, "service_account")},
        {"spark.kubernetes.driver.pod.name", *operation ? submit_k8s_pod(m->a, operation) : NULL},
        {"spark.kubernetes.driver.label.firesteel-run", operation},
        {"spark.kubernetes.executor.label.firesteel-run", operation},
        {"spark.kubernetes.submission.waitAppCompletion", "true"},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (rows[i].value && *rows[i].value)
            spark_conf_default(&m->conf, rows[i].key, rows[i].value);
}

static void add_yarn_conf(struct submit_maker *m)
{
    const char *python = fst_doc_string(m->s->options, "python", NULL);
    if (m->w->operation_id)
        spark_conf_default(&m->conf, "spark.yarn.tags",
                           fst_arena_printf(m->a, "firesteel-%s", m->w->operation_id));
    spark_conf_default(&m->conf, "spark.yarn.maxAppAttempts", "1");
    if (python && m->s->cluster_mode)
        spark_conf_default(&m->conf, "spark.yarn.appMasterEnv.PYSPARK_PYTHON", python);
}

/* ---- All of them ----------------------------------------------------------------------------- */

static void add_event_log(struct submit_maker *m)
{
    const char *dir = submit_option(m->s, "event_log_dir");
    if (!dir)
        return;
    spark_conf_default(&m->conf, "spark.eventLog.enabled", "true");
    spark_conf_default(&m->conf, "spark.eventLog.dir",
                       dir[0] == '/' ? fst_arena_printf(m->a, "file://%s", dir) : dir);
    spark_conf_default(&m->conf, "spark.eventLog.rolling.enabled", "false");
    spark_conf_default(&m->conf, "spark.eventLog.compress", "false");
}

enum fst_status submit_make_conf(struct submit_maker *m)
{
    FST_TRY(spark_conf_add(&m->conf, fst_doc_get(m->s->options, "conf"), m->err));
    FST_TRY(spark_conf_add(&m->conf, m->w->conf, m->err));
    add_event_log(m);
    spark_conf_default(&m->conf, "spark.ui.showConsoleProgress", "false");
    spark_conf_default(&m->conf, "spark.ui.enabled", submit_option(m->s, "ui"));
    spark_conf_default(&m->conf, "spark.ui.port", "0"); /* the driver tells which it became */
    if (m->s->kind == SUBMIT_K8S)
        add_k8s_conf(m);
    if (m->s->kind == SUBMIT_YARN)
        add_yarn_conf(m);
    return m->masked ? FST_OK : spark_conf_resolve(&m->conf, m->a, m->err);
}

/* ---- Secrets --------------------------------------------------------------------------------- */

static void add_defaults_file(struct submit_maker *m, struct fst_buf *out)
{
    const char *dir = getenv("SPARK_CONF_DIR");
    char *path = dir && *dir ? fst_path_join(dir, "spark-defaults.conf")
                             : fst_path_join(m->home, "conf/spark-defaults.conf");
    char *text = NULL;
    size_t n;
    if (fst_file_read(path, MAX_DEFAULTS, &text, &n, NULL) == FST_OK)
        fst_buf_printf(out, "%s\n", text);
    free(text);
    free(path);
}

void submit_make_properties(struct submit_maker *m)
{
    struct fst_buf out = FST_BUF_TEXT;
    size_t secrets = 0;
    for (size_t i = 0; i < m->conf.n; i++)
        secrets += m->conf.items[i].secret;
    if (secrets == 0)
        return;
    bool reads_both = strtol(m->version, NULL, 10) >= 4;
    if (!reads_both && !m->masked)
        add_defaults_file(m, &out);
    for (size_t i = 0; i < m->conf.n; i++)
        if (m->conf.items[i].secret)
            spark_conf_line(&out, m->conf.items[i].key,
                            m->masked ? SUBMIT_MASK : m->conf.items[i].value);
    m->out->properties = fst_arena_strdup(m->a, fst_buf_text(&out));
    m->out->properties_path = fst_arena_printf(m->a, "%s/driver.properties", m->folder);
    if (out.p)
        fst_wipe(out.p, out.n);
    fst_buf_done(&out);
    submit_add_flag(m, "--properties-file", m->out->properties_path);
    if (reads_both)
        submit_add_word(m, "--load-spark-defaults");
}
