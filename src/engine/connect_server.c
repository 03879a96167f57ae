/* A Spark Connect server on this host: what it needs, where that is, and the command for it.
 *
 * Nothing is started here. A taken port is found now, because Spark finds it after fifteen seconds;
 * so is a Java that is too old. The plain pyspark package is a whole Spark. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "doctor.h"
#include "spark.h"
#include "spark_conf.h"

enum {
    OLDEST_SPARK = 4,
    UI_PORT = 4040,
    UI_PORTS = 40,
};
/* Work that runs does not keep its session alive, and a run may wait long for somebody to look. */
#define SESSION_TIMEOUT "spark.connect.session.manager.defaultSessionTimeout"

/* ---- Ports ----------------------------------------------------------------------------------- */

static enum fst_status find_port(struct fst_arena *a, const struct fst_doc *options, int *port,
                                 struct fst_error *err)
{
    struct connect_target t;
    const char *url = fst_doc_string(options, "url", NULL);
    const struct fst_doc *node = fst_doc_get(options, "port");
    int64_t v = CONNECT_DEFAULT_PORT;
    if (node && (!fst_doc_int(node, &v) || v < 1 || v > 65535))
        return fst_fail(err, FST_EINVAL, "port must be a number from 1 to 65535");
    if (url) {
        FST_TRY(connect_url_parse(a, url, &t, err));
        if (!t.is_loopback)
            return fst_fail(err, FST_EUNSUPPORTED,
                            "%s is another host: a server can be started on this one only",
                            t.authority);
        if (t.tls)
            return fst_fail(err, FST_EUNSUPPORTED,
                            "a server started here speaks no TLS; leave out use_ssl");
        v = t.port;
    }
    *port = (int)v;
    return FST_OK;
}

static enum fst_status check_port(int port, struct fst_error *err)
{
    if (fst_port_is_free(port))
        return FST_OK;
    return fst_fail(err, FST_ECONFLICT,
                    "port %d is taken: stop what listens there, or set another `port`", port);
}

/* Spark climbs from a taken port without saying where to: a free one is chosen before. */
static int free_ui_port(int taken)
{
    for (int port = UI_PORT; port < UI_PORT + UI_PORTS; port++)
        if (port != taken && fst_port_is_free(port))
            return port;
    return UI_PORT;
}

/* ---- The plan -------------------------------------------------------------------------------- */

/* What the provider sets is over ours, but for where the server listens. */
static enum fst_status make_conf(struct fst_arena *a, const struct fst_doc *options, int port,
                                 struct spark_conf *conf, struct fst_error *err)
{
    FST_TRY(spark_conf_add(conf, fst_doc_get(options, "conf"), err));
    spark_conf_set(conf, "spark.connect.grpc.binding.address", "127.0.0.1");
    spark_conf_set(conf, "spark.connect.grpc.binding.port", fst_arena_printf(a, "%d", port));
    spark_conf_default(conf, "spark.ui.showConsoleProgress", "false");
    spark_conf_default(conf, SESSION_TIMEOUT, "7d");
    spark_conf_default(conf, "spark.ui.port", fst_arena_printf(a, "%d", free_ui_port(port)));
    return spark_conf_resolve(conf, a, err);
}

/* Arguments can be read by everybody on the host: secrets go by a file. */
static char *plan_properties(struct fst_arena *a, const struct spark_conf *conf)
{
    struct fst_buf out = FST_BUF_TEXT;
    for (size_t i = 0; i < conf->n; i++)
        if (conf->items[i].secret)
            spark_conf_line(&out, conf->items[i].key, conf->items[i].value);
    char *text = out.n ? fst_arena_strdup(a, fst_buf_text(&out)) : NULL;
    if (out.p)
        fst_wipe(out.p, out.n);
    fst_buf_done(&out);
    return text;
}

static char **plan_argv(struct fst_arena *a, const struct fst_doc *options, const char *home,
                        const struct spark_conf *conf, const char *properties)
{
    struct spark_words w = {.a = a};
    spark_addf(&w, "%s/bin/spark-submit", home);
    spark_add_pair(&w, "--master", fst_doc_string(options, "master", "local[*]"));
    spark_add_pair(&w, "--name", "firesteel");
    spark_add_pair(&w, "--driver-memory", fst_doc_string(options, "driver_memory", "1g"));
    spark_add_pair(&w, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer");
    for (size_t i = 0; i < conf->n; i++)
        if (!conf->items[i].secret)
            spark_add_conf(&w, conf->items[i].key, conf->items[i].value);
    if (properties) {
        spark_add_pair(&w, "--properties-file", properties);
        spark_add(&w, "--load-spark-defaults");
    }
    spark_add(&w, "spark-internal");
    return spark_words_finish(&w);
}

/* The token goes by the environment: arguments can be read by everybody on the host. */
static char **plan_env(struct fst_arena *a, const struct fst_doc *options, const char *spark_home,
                       const char *java_home)
{
    struct spark_words w = {.a = a};
    const char *token = fst_doc_string(options, "token", NULL);
    const char *python = connect_python_of_workers(options);
    spark_addf(&w, "SPARK_HOME=%s", spark_home);
    if (python) /* the one that makes functions: both must be of one version */
        spark_addf(&w, "PYSPARK_PYTHON=%s", python);
    if (java_home)
        spark_addf(&w, "JAVA_HOME=%s", java_home);
    if (token)
        spark_addf(&w, "SPARK_CONNECT_AUTHENTICATE_TOKEN=%s", token);
    spark_add(&w, "SPARK_LOCAL_IP=127.0.0.1");
    spark_add(&w, "SPARK_CONNECT_MODE=0");
    spark_add(&w, "SPARK_REMOTE");
    return spark_words_finish(&w);
}

static enum fst_status check_connect(const char *home, const char *version, struct fst_error *err)
{
    char *connect = spark_jar_version(home, "spark-connect_");
    bool usable = connect && strtol(version, NULL, 10) >= OLDEST_SPARK;
    free(connect);
    return usable ? FST_OK
                  : fst_fail(err, FST_EUNSUPPORTED,
                             "Spark %s in %s has no Connect server of version 4: install one (pip "
                             "install pyspark), or set spark_home",
                             version, home);
}

static enum fst_status server_plan(struct fst_arena *a, const struct fst_doc *options,
                                   const char *properties, struct fst_server_plan *out,
                                   struct fst_error *err)
{
    struct spark_conf conf = {.items = NULL};
    char *java_home = NULL, *java = NULL, *spark_home = NULL, *version = NULL;
    int port = 0, java_major = 0;
    enum fst_status status = find_port(a, options, &port, err);
    if (status == FST_OK)
        status = check_port(port, err);
    if (status == FST_OK)
        status = spark_find_java(options, &java_home, &java, err);
    if (status == FST_OK)
        status = spark_find_home(options, &spark_home, &version, err);
    if (status == FST_OK)
        status = spark_check_java(java, version, &java_major, err);
    if (status == FST_OK)
        status = check_connect(spark_home, version, err);
    if (status == FST_OK)
        status = make_conf(a, options, port, &conf, err);
    if (status == FST_OK) {
        char *text = plan_properties(a, &conf);
        *out = (struct fst_server_plan){
            .argv = plan_argv(a, options, spark_home, &conf, text ? properties : NULL),
            .env = plan_env(a, options, spark_home, java_home),
            .properties = text,
            .log_ready = "Spark Connect server started at",
            .port = port,
        };
    }
    spark_conf_wipe(&conf);
    spark_conf_done(&conf);
    free(java_home);
    free(java);
    free(spark_home);
    free(version);
    return status;
}

/* ---- Doctor ---------------------------------------------------------------------------------- */

static void doctor_port(const struct spark_report *r, const struct fst_doc *options)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_error err = {.status = FST_OK};
    int port = 0;
    if (find_port(a, options, &port, &err) != FST_OK)
        spark_say(r, false, "correct the provider's options", "%s", err.text);
    else if (check_port(port, &err) != FST_OK)
        doctor_tell_port(port, r->say, r->arg);
    else
        spark_say(r, true, NULL, "port %d is free", port);
    fst_arena_free(a);
}

/* A server on another host needs nothing of this one but, for functions, Python. */
static bool is_elsewhere(const struct fst_doc *options)
{
    struct fst_arena *a = fst_arena_new();
    struct connect_target t;
    const char *url = fst_doc_string(options, "url", NULL);
    bool elsewhere = url && connect_url_parse(a, url, &t, NULL) == FST_OK && !t.is_loopback;
    fst_arena_free(a);
    return elsewhere;
}

static void server_doctor(const struct fst_doc *options,
                          void (*tell)(void *arg, bool ok, const char *what, const char *remedy),
                          void *arg)
{
    const struct spark_report r = {tell, arg};
    if (is_elsewhere(options)) {
        connect_python_doctor(options, tell, arg);
        return;
    }
    spark_doctor_host(&r, options);
    doctor_port(&r, options);
    connect_python_doctor(options, tell, arg);
}

const struct fst_server_ops connect_server = {.plan = server_plan, .doctor = server_doctor};
