/* What `doctor` looks at for spark-submit: Java, Spark, Python, Hadoop's configuration, ports. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/io.h"
#include "spark_home.h"
#include "submit.h"

enum { PYTHON_TIMEOUT_MS = 20000 };

struct report {
    void (*say)(void *arg, bool ok, const char *what, const char *remedy);
    void *arg;
    const struct fst_doc *options;
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

/* The major version, 0 when there is no Spark. */
static int look_at_spark(const struct report *r)
{
    char *home, *version;
    struct fst_error err = {.status = FST_OK};
    if (spark_home_find(r->options, &home, &version, &err) != FST_OK) {
        say(r, false, spark_remedy, "%s", err.text);
        return 0;
    }
    int major = (int)strtol(version, NULL, 10);
    say(r, true, NULL, "Spark %s: %s", version, home);
    free(home);
    free(version);
    return major;
}

static void look_at_java(const struct report *r, int spark)
{
    char *home = NULL, *program = NULL;
    struct fst_error err = {.status = FST_OK};
    int version = 0;
    if (spark_java_find(r->options, &home, &program, &err) != FST_OK ||
        spark_java_check(program, spark ? spark : 4, &version, &err) != FST_OK)
        say(r, false, spark_java_remedy, "%s", err.text);
    else
        say(r, true, NULL, "Java %d: %s", version, program);
    free(home);
    free(program);
}

/* "3.11" of a Python, or "". */
static void python_version(const char *python, char *out, size_t cap)
{
    char *argv[] = {(char *)python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])",
                    NULL};
    struct fst_buf said;
    int code = 1;
    out[0] = 0;
    if (fst_run(argv, PYTHON_TIMEOUT_MS, 4096, &said, &code, NULL) != FST_OK)
        return;
    const char *text = fst_buf_text(&said);
    size_t n = strspn(text, "0123456789.");
    if (code == 0 && n > 0 && n < cap) {
        memcpy(out, text, n);
        out[n] = 0;
    }
    fst_buf_done(&said);
}

static bool is_too_old(const char *version, int spark)
{
    int oldest = spark >= 4 ? 9 : 8;
    return strncmp(version, "3.", 2) != 0 || strtol(version + 2, NULL, 10) < oldest;
}

/* Driver and workers must have the same minor version: functions travel between them. */
static void look_at_python(const struct report *r, int spark)
{
    static const char remedy[] = "install Python 3.9 or newer, or set python to its path";
    const char *named = submit_python(r->options), *python = named ? named : "python3";
    const char *driver = getenv("PYSPARK_DRIVER_PYTHON");
    char version[16], other[16];
    python_version(python, version, sizeof version);
    if (!version[0])
        say(r, false, remedy, "no Python that runs: %s", python);
    else if (is_too_old(version, spark))
        say(r, false, remedy, "Python %s is too old for this Spark: %s", version, python);
    else
        say(r, true, NULL, "Python %s: %s", version, python);
    if (!driver || !*driver || !version[0])
        return;
    python_version(driver, other, sizeof other);
    if (strcmp(version, other) != 0)
        say(r, true, NULL, "$PYSPARK_DRIVER_PYTHON (%s) differs and is not used: %s", other,
            driver);
}

static void look_at_hadoop(const struct report *r)
{
    const char *dir = submit_hadoop_conf(r->options);
    const char *master = fst_doc_string(r->options, "master", "");
    bool is_yarn = strncmp(master, "yarn", 4) == 0;
    if (!dir) {
        if (is_yarn)
            say(r, false, "set hadoop_conf_dir to the folder with core-site.xml and yarn-site.xml",
                "yarn without a Hadoop configuration");
        return;
    }
    char *site = fst_path_join(dir, is_yarn ? "yarn-site.xml" : "core-site.xml");
    say(r, fst_path_exists(site), "correct hadoop_conf_dir or $HADOOP_CONF_DIR",
        fst_path_exists(site) ? "Hadoop configuration: %s" : "no such file: %s", site);
    free(site);
}

static void look_at_port(const struct report *r)
{
    const struct fst_doc *conf = fst_doc_get(r->options, "conf");
    const struct fst_doc *node = conf ? fst_doc_get(conf, "spark.ui.port") : NULL;
    int64_t port;
    if (!node || !fst_doc_int(node, &port) || port < 1 || port > 65535)
        return;
    bool is_free = fst_port_is_free((int)port);
    say(r, is_free, "leave spark.ui.port out: then each application takes a free one",
        is_free ? "port %d is free" : "port %d of spark.ui.port is in use", (int)port);
}

static void doctor(const struct fst_doc *options,
                   void (*tell)(void *arg, bool ok, const char *what, const char *remedy),
                   void *arg)
{
    const struct report r = {tell, arg, options};
    int spark = look_at_spark(&r);
    look_at_java(&r, spark);
    look_at_python(&r, spark);
    look_at_hadoop(&r);
    look_at_port(&r);
}

const struct fst_server_ops submit_server = {.doctor = doctor};
