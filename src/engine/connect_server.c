/* A Spark Connect server on this host: what it needs, where that is, and the command for it.
 *
 * Nothing is started here. A taken port is found now, because Spark finds it after fifteen seconds;
 * so is a Java that is too old. The plain pyspark package is a whole Spark. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "doctor.h"

enum {
    OLDEST_JAVA = 17, /* of Spark 4 */
    OLDEST_SPARK = 4,
    JAVA_TIMEOUT_MS = 20000,
    PYTHON_TIMEOUT_MS = 30000,
    UI_PORT = 4040,
    UI_PORTS = 40,
};
/* Work that runs does not keep its session alive, and a run may wait long for somebody to look. */
#define SESSION_TIMEOUT "spark.connect.session.manager.defaultSessionTimeout=7d"

/* ---- Java ------------------------------------------------------------------------------------ */

static const char java_remedy[] =
    "install Java 17 or 21 (Debian: openjdk-17-jre-headless), or set java_home";

/* Where Java is: its home when one was named, and the program. Owned. */
static enum fst_status find_java(const struct fst_doc *options, char **home, char **program,
                                 struct fst_error *err)
{
    const char *env = getenv("JAVA_HOME");
    const char *named = fst_doc_string(options, "java_home", env && *env ? env : NULL);
    *home = fst_strdup(named);
    *program = named ? fst_asprintf("%s/bin/java", named) : fst_find_program("java");
    if (*program && access(*program, X_OK) == 0)
        return FST_OK;
    enum fst_status status = fst_fail(err, FST_ENOTFOUND, "no Java%s%s: %s",
                                      named ? " in " : " in PATH", named ? named : "", java_remedy);
    free(*home);
    free(*program);
    *home = *program = NULL;
    return status;
}

/* "openjdk 17.0.15 2025-04-15" -> 17; those before 9 do not know --version. */
static int java_version(const char *program)
{
    char *argv[] = {(char *)program, "--version", NULL};
    struct fst_buf said;
    int code = 0;
    int64_t major = 0;
    if (fst_run(argv, JAVA_TIMEOUT_MS, 65536, &said, &code, NULL) != FST_OK)
        return 0;
    const char *p = strpbrk(fst_buf_text(&said), "0123456789");
    if (code == 0 && p)
        fst_parse_int64(p, strspn(p, "0123456789"), &major);
    fst_buf_done(&said);
    return (int)major;
}

static enum fst_status check_java(const char *program, int *version, struct fst_error *err)
{
    *version = java_version(program);
    if (*version >= OLDEST_JAVA)
        return FST_OK;
    return fst_fail(err, FST_EUNSUPPORTED, "%s is Java %d or older; Spark 4 needs 17: %s", program,
                    *version ? *version : 8, java_remedy);
}

/* ---- Spark ----------------------------------------------------------------------------------- */

static const char spark_remedy[] = "install one (pip install pyspark), or set spark_home";

/* The package's folder, without importing it: that would take a second. */
static char *home_of_python(const char *python)
{
    char *argv[] = {(char *)python, "-c",
                    "import importlib.util as u\n"
                    "s = u.find_spec('pyspark')\n"
                    "print(list(s.submodule_search_locations)[0] if s else '')",
                    NULL};
    struct fst_buf said;
    int code = 0;
    if (fst_run(argv, PYTHON_TIMEOUT_MS, 65536, &said, &code, NULL) != FST_OK)
        return NULL;
    char *home = fst_buf_take(&said);
    home[strcspn(home, "\r\n")] = 0;
    if (code == 0 && *home)
        return home;
    free(home);
    return NULL;
}

static char *guess_spark(void)
{
    const char *env = getenv("SPARK_HOME");
    if (env && *env)
        return fst_strdup(env);
    const char *const pythons[] = {getenv("FIRESTEEL_PYTHON"), "python3"};
    for (size_t i = 0; i < FST_COUNT(pythons); i++) {
        char *home = pythons[i] && *pythons[i] ? home_of_python(pythons[i]) : NULL;
        if (home)
            return home;
    }
    return NULL;
}

/* The version in the name of a jar: jars/<prefix>2.13-4.3.0.jar. Owned, NULL when there is none. */
static char *jar_version(const char *home, const char *prefix)
{
    char *path = fst_path_join(home, "jars");
    DIR *dir = opendir(path);
    free(path);
    char *version = NULL;
    for (struct dirent *e; dir && !version && (e = readdir(dir));) {
        size_t n = strlen(prefix), end = strlen(e->d_name);
        const char *dash = strncmp(e->d_name, prefix, n) == 0 ? strchr(e->d_name + n, '-') : NULL;
        if (dash && end > 4 && strcmp(e->d_name + end - 4, ".jar") == 0)
            version = fst_strndup(dash + 1, (size_t)(e->d_name + end - 4 - dash - 1));
    }
    if (dir)
        closedir(dir);
    return version;
}

static enum fst_status check_spark(const char *home, char **version, struct fst_error *err)
{
    char *submit = fst_path_join(home, "bin/spark-submit");
    bool has_submit = access(submit, X_OK) == 0;
    free(submit);
    *version = has_submit ? jar_version(home, "spark-core_") : NULL;
    if (!*version)
        return fst_fail(err, FST_ENOTFOUND, "%s is not a Spark (no bin/spark-submit and jars): %s",
                        home, spark_remedy);
    char *connect = jar_version(home, "spark-connect_");
    bool usable = connect && strtol(*version, NULL, 10) >= OLDEST_SPARK;
    free(connect);
    if (usable)
        return FST_OK;
    enum fst_status status =
        fst_fail(err, FST_EUNSUPPORTED, "Spark %s in %s has no Connect server of version 4: %s",
                 *version, home, spark_remedy);
    free(*version);
    *version = NULL;
    return status;
}

static enum fst_status find_spark(const struct fst_doc *options, char **home, char **version,
                                  struct fst_error *err)
{
    const char *named = fst_doc_string(options, "spark_home", NULL);
    *version = NULL;
    *home = named ? fst_strdup(named) : guess_spark();
    if (!*home)
        return fst_fail(err, FST_ENOTFOUND,
                        "no Spark: spark_home and $SPARK_HOME are not set, and python3 has no "
                        "pyspark; %s",
                        spark_remedy);
    enum fst_status status = check_spark(*home, version, err);
    if (status != FST_OK) {
        free(*home);
        *home = NULL;
    }
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
        status = find_java(options, &java_home, &java, err);
    if (status == FST_OK)
        status = check_java(java, &java_major, err);
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
    if (find_java(options, &home, &program, &err) != FST_OK ||
        check_java(program, &version, &err) != FST_OK)
        say(r, false, java_remedy, "%s", err.text);
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
        doctor_tell_port(port, r->say, r->arg);
    else
        say(r, true, NULL, "port %d is free", port);
    fst_arena_free(a);
}

/* What fits together, of the Java and the Spark that were found. */
static void doctor_fits(const struct report *r, const struct fst_doc *options)
{
    struct fst_arena *a = fst_arena_new();
    const struct fst_doc *conf = fst_doc_get(options, "conf");
    const char *python = getenv("PYSPARK_PYTHON");
    char *java_home = NULL, *java = NULL, *home = NULL, *version = NULL;
    if (find_spark(options, &home, &version, NULL) == FST_OK) {
        struct doctor_spark spark = doctor_read_spark(a, home);
        doctor_tell_packages(&spark, options, r->say, r->arg);
        if (find_java(options, &java_home, &java, NULL) == FST_OK)
            doctor_tell_java(version, java_version(java), r->say, r->arg);
    }
    doctor_tell_memory(fst_doc_string(options, "driver_memory", "1g"), r->say, r->arg);
    doctor_tell_python(getenv("FIRESTEEL_PYTHON"), true, r->say, r->arg);
    doctor_tell_workers(getenv("FIRESTEEL_PYTHON"),
                        conf ? fst_doc_string(conf, "spark.pyspark.python", python) : python,
                        r->say, r->arg);
    free(java_home);
    free(java);
    free(home);
    free(version);
    fst_arena_free(a);
}

/* A server on another host needs nothing of this one. */
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
    const struct report r = {tell, arg};
    if (is_elsewhere(options))
        return;
    doctor_java(&r, options);
    doctor_spark(&r, options);
    doctor_port(&r, options);
    doctor_fits(&r, options);
}

const struct fst_server_ops connect_server = {.plan = server_plan, .doctor = server_doctor};
