/* What `doctor` looks at for spark-submit: Java, Spark, Python, Hadoop's configuration, ports. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/io.h"
#include "submit.h"

enum { PYTHON_TIMEOUT_MS = 20000, OLDEST_PYTHON_MINOR = 8 };

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

static bool is_too_old(const char *version)
{
    return strncmp(version, "3.", 2) != 0 || strtol(version + 2, NULL, 10) < OLDEST_PYTHON_MINOR;
}

/* Driver and workers must have the same minor version: functions travel between them. */
static void look_at_python(const struct spark_report *r, const struct fst_doc *options)
{
    char *python = spark_find_python(options);
    const char *driver = getenv("PYSPARK_DRIVER_PYTHON");
    char version[16], other[16];
    if (!python)
        return; /* said already */
    python_version(python, version, sizeof version);
    if (is_too_old(version))
        spark_say(r, false, "install Python 3.9 or newer, or set python to its path",
                  "%s is Python %s: too old", python, version[0] ? version : "that does not run");
    free(python);
    if (!driver || !*driver || !version[0])
        return;
    python_version(driver, other, sizeof other);
    if (strcmp(version, other) != 0)
        spark_say(r, true, NULL,
                  "Python %s for the driver, too: $PYSPARK_DRIVER_PYTHON (%s) is not used", version,
                  other[0] ? other : driver);
}

static void look_at_hadoop(const struct spark_report *r, const struct fst_doc *options)
{
    const char *dir = submit_hadoop_conf(options);
    const char *master = fst_doc_string(options, "master", "");
    bool is_yarn = strncmp(master, "yarn", 4) == 0;
    if (!dir) {
        if (is_yarn)
            spark_say(r, false,
                      "set hadoop_conf_dir to the folder with core-site.xml and yarn-site.xml",
                      "yarn without a Hadoop configuration");
        return;
    }
    char *site = fst_path_join(dir, is_yarn ? "yarn-site.xml" : "core-site.xml");
    spark_say(r, fst_path_exists(site), "correct hadoop_conf_dir or $HADOOP_CONF_DIR",
              fst_path_exists(site) ? "Hadoop configuration: %s" : "no such file: %s", site);
    free(site);
}

/* Progress, log and cancelling of drivers on the cluster go by it. */
static void look_at_yarn(const struct spark_report *r, const struct fst_doc *options)
{
    struct fst_arena *a = fst_arena_new();
    struct yarn_place place;
    struct fst_error err = {0};
    char room[120] = "";
    if (strncmp(fst_doc_string(options, "master", ""), "yarn", 4) != 0) {
        fst_arena_free(a);
        return;
    }
    if (yarn_place_find(a, submit_hadoop_conf(options),
                        fst_doc_string(options, "resource_manager", NULL), &place,
                        &err) != FST_OK) {
        spark_say(r, false, "correct hadoop_conf_dir or set resource_manager", "%s", err.text);
    } else {
        yarn_free_text(&place, room, sizeof room);
        spark_say(r, room[0], "start YARN, or set resource_manager to http://host:8088",
                  "YARN's resource manager at %s%s%s", place.urls[place.active],
                  room[0] ? ": " : " does not answer", room);
    }
    fst_arena_free(a);
}

static void look_at_port(const struct spark_report *r, const struct fst_doc *options)
{
    const struct fst_doc *conf = fst_doc_get(options, "conf");
    const struct fst_doc *node = conf ? fst_doc_get(conf, "spark.ui.port") : NULL;
    int64_t port;
    if (!node || !fst_doc_int(node, &port) || port < 1 || port > 65535)
        return;
    bool is_free = fst_port_is_free((int)port);
    spark_say(r, is_free, "leave spark.ui.port out: then each application takes a free one",
              is_free ? "port %d is free" : "port %d of spark.ui.port is in use", (int)port);
}

static void doctor(const struct fst_doc *options,
                   void (*tell)(void *arg, bool ok, const char *what, const char *remedy),
                   void *arg)
{
    const struct spark_report r = {tell, arg};
    spark_doctor_host(&r, options);
    look_at_python(&r, options);
    look_at_hadoop(&r, options);
    look_at_yarn(&r, options);
    look_at_port(&r, options);
}

const struct fst_server_ops submit_server = {.doctor = doctor};
