/* Where Spark, Java and Python are on this host, and whether they fit each other.
 *
 * Nothing is started but `java --version` and a short look into Python's packages: the plain
 * pyspark package is a whole Spark. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "firesteel/io.h"
#include "spark.h"

enum { JAVA_TIMEOUT_MS = 20000, PYTHON_TIMEOUT_MS = 30000 };

/* ---- Java ------------------------------------------------------------------------------------ */

static const char java_remedy[] =
    "install Java 17 or 21 (Debian: openjdk-17-jre-headless), or set java_home";

/* Where Java is: its home when one was named, and the program. Owned. */
enum fst_status spark_find_java(const struct fst_doc *options, char **home, char **program,
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
int spark_java_version(const char *program)
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

/* One that is too new may do; one that is too old does not start. */
enum fst_status spark_check_java(const char *program, const char *spark_version, int *version,
                                 struct fst_error *err)
{
    int oldest, newest;
    *version = spark_java_version(program);
    int known = *version ? *version : 8; /* those before 9 do not know --version */
    if (doctor_java_fits(spark_version, known, &oldest, &newest) || known >= oldest)
        return FST_OK;
    return fst_fail(err, FST_EUNSUPPORTED, "%s is Java %d; Spark %s needs Java %d: %s", program,
                    known, spark_version, oldest, java_remedy);
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
char *spark_jar_version(const char *home, const char *prefix)
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
    *version = has_submit ? spark_jar_version(home, "spark-core_") : NULL;
    return *version ? FST_OK
                    : fst_fail(err, FST_ENOTFOUND,
                               "%s is not a Spark (no bin/spark-submit and jars): %s", home,
                               spark_remedy);
}

enum fst_status spark_find_home(const struct fst_doc *options, char **home, char **version,
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

/* ---- Python ---------------------------------------------------------------------------------- */

static char *whole_path(const char *program)
{
    return strchr(program, '/') ? fst_strdup(program) : fst_find_program(program);
}

char *spark_find_python(const struct fst_doc *options)
{
    const char *const names[] = {fst_doc_string(options, "python", NULL), getenv("PYSPARK_PYTHON"),
                                 getenv("FIRESTEEL_PYTHON"), "python3"};
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        char *path = names[i] && *names[i] ? whole_path(names[i]) : NULL;
        if (path && access(path, X_OK) == 0)
            return path;
        free(path);
    }
    return NULL;
}

/* ---- Doctor ---------------------------------------------------------------------------------- */

static void doctor_java(const struct spark_report *r, const struct fst_doc *options,
                        const char *spark_version)
{
    char *home = NULL, *program = NULL;
    struct fst_error err = {.status = FST_OK};
    int version = 0;
    if (spark_find_java(options, &home, &program, &err) != FST_OK ||
        spark_check_java(program, spark_version, &version, &err) != FST_OK)
        spark_say(r, false, java_remedy, "%s", err.text);
    else
        spark_say(r, true, NULL, "Java %d: %s", version, program);
    free(home);
    free(program);
}

/* One that is too old was said already. */
static void tell_newer_java(const struct spark_report *r, const char *spark_version, int java)
{
    int oldest, newest;
    if (!doctor_java_fits(spark_version, java, &oldest, &newest) && java > newest)
        doctor_tell_java(spark_version, java, r->say, r->arg);
}

/* Packages, Java, memory and Pythons against the Spark that was found. In cluster mode the driver's
 * memory is another host's. */
static void doctor_fits(const struct spark_report *r, const struct fst_doc *options,
                        const char *spark_home, const char *python)
{
    struct fst_arena *a = fst_arena_new();
    const struct fst_doc *conf = fst_doc_get(options, "conf");
    char *java_home = NULL, *java = NULL;
    if (spark_home) {
        struct doctor_spark spark = doctor_read_spark(a, spark_home);
        doctor_tell_packages(&spark, options, r->say, r->arg);
        if (spark_find_java(options, &java_home, &java, NULL) == FST_OK)
            tell_newer_java(r, spark.version, spark_java_version(java));
    }
    if (strcmp(fst_doc_string(options, "deploy_mode", "client"), "client") == 0)
        doctor_tell_memory(fst_doc_string(options, "driver_memory", "1g"), r->say, r->arg);
    doctor_tell_workers(python, fst_doc_string(conf, "spark.pyspark.python", python), r->say,
                        r->arg);
    free(java_home);
    free(java);
    fst_arena_free(a);
}

void spark_doctor_host(const struct spark_report *r, const struct fst_doc *options)
{
    char *home = NULL, *version = NULL;
    struct fst_error err = {.status = FST_OK};
    if (spark_find_home(options, &home, &version, &err) != FST_OK)
        spark_say(r, false, spark_remedy, "%s", err.text);
    else
        spark_say(r, true, NULL, "Spark %s: %s", version, home);
    doctor_java(r, options, version ? version : "4");
    char *python = spark_find_python(options);
    spark_say(r, python, "install python3, or set the option python", "Python: %s",
              python ? python : "none");
    doctor_fits(r, options, home, python);
    free(python);
    free(home);
    free(version);
}
