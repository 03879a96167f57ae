/* A Spark Connect server on this host: what it needs, where that is, and the command for it.
 *
 * Nothing is started here. A taken port is found now, because Spark finds it after fifteen seconds;
 * so is a Java that is too old. The plain pyspark package is a whole Spark. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "spark_home.h"

enum {
    OLDEST_SPARK = 4,
    UI_PORT = 4040,
    UI_PORTS = 40,
};
/* Work that runs does not keep its session alive, and a run may wait long for somebody to look. */
#define SESSION_TIMEOUT "spark.connect.session.manager.defaultSessionTimeout=7d"

/* ---- Spark ----------------------------------------------------------------------------------- */

static enum fst_status find_spark(const struct fst_doc *options, char **home, char **version,
                                  struct fst_error *err)
{
    FST_TRY(spark_home_find(options, home, version, err));
    char *connect = spark_jar_version(*home, "spark-connect_");
    bool usable = connect && strtol(*version, NULL, 10) >= OLDEST_SPARK;
    free(connect);
    if (usable)
        return FST_OK;
    enum fst_status status =
        fst_fail(err, FST_EUNSUPPORTED, "Spark %s in %s has no Connect server of version 4: %s",
                 *version, *home, spark_remedy);
    free(*home);
    free(*version);
    *home = *version = NULL;
    return status;
}

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

struct words {
    struct fst_arena *a;
    char **items;
    size_t n, cap;
};

static void add_word(struct words *w, char *word)
{
    fst_grow(&w->items, &w->cap, w->n + 2, sizeof(*w->items));
    w->items[w->n++] = word;
}

static char **finish_words(struct words *w)
{
    char **out = fst_arena_alloc(w->a, (w->n + 1) * sizeof(*out));
    if (w->n)
        memcpy(out, w->items, w->n * sizeof(*out));
    free(w->items);
    return out;
}

static void add_conf(struct words *w, char *setting)
{
    add_word(w, "--conf");
    add_word(w, setting);
}

static void add_confs(struct words *w, const struct fst_doc *options, int port)
{
    const struct fst_doc *conf = fst_doc_get(options, "conf");
    bool has_ui = conf && fst_doc_get(conf, "spark.ui.port");
    add_conf(w, "spark.connect.grpc.binding.address=127.0.0.1");
    add_conf(w, fst_arena_printf(w->a, "spark.connect.grpc.binding.port=%d", port));
    add_conf(w, "spark.ui.showConsoleProgress=false");
    add_conf(w, SESSION_TIMEOUT);
    if (!has_ui)
        add_conf(w, fst_arena_printf(w->a, "spark.ui.port=%d", free_ui_port(port)));
    for (size_t i = 0; conf && conf->kind == FST_DOC_MAP && i < conf->n; i++)
        if (conf->items[i].text.p)
            add_conf(w, fst_arena_printf(w->a, "%s=%s", conf->items[i].key, conf->items[i].text.p));
}

static char **plan_argv(struct fst_arena *a, const struct fst_doc *options, const char *home,
                        int port)
{
    struct words w = {.a = a};
    add_word(&w, fst_arena_printf(a, "%s/bin/spark-submit", home));
    add_word(&w, "--master");
    add_word(&w, fst_arena_strdup(a, fst_doc_string(options, "master", "local[*]")));
    add_word(&w, "--name");
    add_word(&w, "firesteel");
    add_word(&w, "--driver-memory");
    add_word(&w, fst_arena_strdup(a, fst_doc_string(options, "driver_memory", "1g")));
    add_word(&w, "--class");
    add_word(&w, "org.apache.spark.sql.connect.service.SparkConnectServer");
    add_confs(&w, options, port);
    add_word(&w, "spark-internal");
    return finish_words(&w);
}

/* The token goes by the environment: arguments can be read by everybody on the host. */
static char **plan_env(struct fst_arena *a, const struct fst_doc *options, const char *spark_home,
                       const char *java_home)
{
    struct words w = {.a = a};
    const char *token = fst_doc_string(options, "token", NULL);
    add_word(&w, fst_arena_printf(a, "SPARK_HOME=%s", spark_home));
    if (java_home)
        add_word(&w, fst_arena_printf(a, "JAVA_HOME=%s", java_home));
    if (token)
        add_word(&w, fst_arena_printf(a, "SPARK_CONNECT_AUTHENTICATE_TOKEN=%s", token));
    add_word(&w, "SPARK_LOCAL_IP=127.0.0.1");
    add_word(&w, "SPARK_CONNECT_MODE=0");
    add_word(&w, "SPARK_REMOTE");
    return finish_words(&w);
}

static enum fst_status server_plan(struct fst_arena *a, const struct fst_doc *options,
                                   struct fst_server_plan *out, struct fst_error *err)
{
    char *java_home = NULL, *java = NULL, *spark_home = NULL, *version = NULL;
    int port = 0, java_major = 0;
    enum fst_status status = find_port(a, options, &port, err);
    if (status == FST_OK)
        status = check_port(port, err);
    if (status == FST_OK)
        status = spark_java_find(options, &java_home, &java, err);
    if (status == FST_OK)
        status = spark_java_check(java, OLDEST_SPARK, &java_major, err);
    if (status == FST_OK)
        status = find_spark(options, &spark_home, &version, err);
    if (status == FST_OK)
        *out = (struct fst_server_plan){
            .argv = plan_argv(a, options, spark_home, port),
            .env = plan_env(a, options, spark_home, java_home),
            .log_ready = "Spark Connect server started at",
            .port = port,
        };
    free(java_home);
    free(java);
    free(spark_home);
    free(version);
    return status;
}

/* ---- Doctor ---------------------------------------------------------------------------------- */

struct report {
    void (*say)(void *arg, bool ok, const char *what, const char *remedy);
    void *arg;
};

static void say(const struct report *r, bool ok, const char *remedy, const char *fmt, ...)
    FST_PRINTF(4, 5);
static void say(const struct report *r, bool ok, const char *remedy, const char *fmt, ...)
{
    va_list args;
    struct fst_buf line = FST_BUF_TEXT;
    va_start(args, fmt);
    fst_buf_vprintf(&line, fmt, args);
    va_end(args);
    r->say(r->arg, ok, fst_buf_text(&line), ok ? NULL : remedy);
    fst_buf_done(&line);
}

static void doctor_java(const struct report *r, const struct fst_doc *options)
{
    char *home = NULL, *program = NULL;
    struct fst_error err = {.status = FST_OK};
    int version = 0;
    if (spark_java_find(options, &home, &program, &err) != FST_OK ||
        spark_java_check(program, OLDEST_SPARK, &version, &err) != FST_OK)
        say(r, false, spark_java_remedy, "%s", err.text);
    else
        say(r, true, NULL, "Java %d: %s", version, program);
    free(home);
    free(program);
}

static void doctor_spark(const struct report *r, const struct fst_doc *options)
{
    char *home = NULL, *version = NULL;
    struct fst_error err = {.status = FST_OK};
    if (find_spark(options, &home, &version, &err) != FST_OK)
        say(r, false, spark_remedy, "%s", err.text);
    else
        say(r, true, NULL, "Spark %s: %s", version, home);
    free(home);
    free(version);
}

static void doctor_port(const struct report *r, const struct fst_doc *options)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_error err = {.status = FST_OK};
    int port = 0;
    if (find_port(a, options, &port, &err) != FST_OK)
        say(r, false, "correct the provider's options", "%s", err.text);
    else if (check_port(port, &err) != FST_OK)
        say(r, false, "stop what listens there if it is not your Spark, or set another `port`",
            "port %d is in use", port);
    else
        say(r, true, NULL, "port %d is free", port);
    fst_arena_free(a);
}

static void server_doctor(const struct fst_doc *options,
                          void (*tell)(void *arg, bool ok, const char *what, const char *remedy),
                          void *arg)
{
    const struct report r = {tell, arg};
    doctor_java(&r, options);
    doctor_spark(&r, options);
    doctor_port(&r, options);
}

const struct fst_server_ops connect_server = {.plan = server_plan, .doctor = server_doctor};
