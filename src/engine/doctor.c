/* Lines of the doctor that more than one engine has: each says what is, and what to do. */
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "firesteel/io.h"

enum {
    PYTHON_TIMEOUT_MS = 30000,
    MAX_SAID = 65536,
};
/* Spark's own floor, and what a JVM takes besides its heap. */
#define LEAST_HEAP 471859200u
#define BESIDES_HEAP ((uint64_t)300 << 20)

struct line {
    doctor_say_fn say;
    void *arg;
};

static void tell(const struct line *l, bool ok, const char *remedy, const char *fmt, ...)
    FST_PRINTF(4, 5);
static void tell(const struct line *l, bool ok, const char *remedy, const char *fmt, ...)
{
    struct fst_buf what = FST_BUF(8192);
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&what, fmt, args);
    va_end(args);
    l->say(l->arg, ok, fst_buf_text(&what), ok ? NULL : remedy);
    fst_buf_done(&what);
}

/* ---- Packages -------------------------------------------------------------------------------- */

static void one_package(const struct doctor_spark *spark, const char *coordinate,
                        const struct line *l)
{
    struct fst_buf what = FST_BUF(4096), remedy = FST_BUF(4096);
    if (doctor_package_fits(spark, coordinate, &what, &remedy))
        tell(l, true, NULL, "package %s", coordinate);
    else
        l->say(l->arg, false, fst_buf_text(&what), fst_buf_text(&remedy));
    fst_buf_done(&what);
    fst_buf_done(&remedy);
}

/* "a:b:1, c:d:2" */
static void packages_in(const struct doctor_spark *spark, const char *text, const struct line *l)
{
    while (*(text += strspn(text, ", \t\n"))) {
        size_t n = strcspn(text, ", \t\n");
        char *coordinate = fst_strndup(text, n);
        one_package(spark, coordinate, l);
        free(coordinate);
        text += n;
    }
}

static void packages_of(const struct doctor_spark *spark, const struct fst_doc *node,
                        const struct line *l)
{
    if (node && node->text.p)
        packages_in(spark, node->text.p, l);
    for (size_t i = 0; node && node->kind == FST_DOC_LIST && i < node->n; i++)
        if (node->items[i].text.p)
            packages_in(spark, node->items[i].text.p, l);
}

void doctor_tell_packages(const struct doctor_spark *spark, const struct fst_doc *options,
                          doctor_say_fn say, void *arg)
{
    const struct line l = {say, arg};
    const struct fst_doc *conf = fst_doc_get(options, "conf");
    packages_of(spark, fst_doc_get(options, "packages"), &l);
    if (conf)
        packages_of(spark, fst_doc_get(conf, "spark.jars.packages"), &l);
}

/* ---- Java, memory, ports --------------------------------------------------------------------- */

void doctor_tell_java(const char *spark_version, int java, doctor_say_fn say, void *arg)
{
    const struct line l = {say, arg};
    char remedy[128];
    int oldest, newest;
    if (doctor_java_fits(spark_version, java, &oldest, &newest))
        return;
    snprintf(remedy, sizeof(remedy), "set the provider's `java_home` to a Java from %d to %d",
             oldest, newest);
    tell(&l, false, remedy, "Spark %s is not made for Java %d", spark_version, java);
}

void doctor_tell_memory(const char *driver_memory, doctor_say_fn say, void *arg)
{
    const struct line l = {say, arg};
    uint64_t heap = doctor_memory_bytes(driver_memory), left = doctor_memory_free();
    struct fst_buf size = FST_BUF(32);
    fst_size_text(&size, left);
    if (!heap)
        tell(&l, false, "write `driver_memory` as Java does: 512m, 4g",
             "driver_memory %s is no amount of memory", driver_memory);
    else if (heap < LEAST_HEAP)
        tell(&l, false, "set the provider's `driver_memory` to 512m or more",
             "driver_memory %s is less than Spark starts with", driver_memory);
    else if (left && heap + BESIDES_HEAP > left)
        tell(&l, false, "lower `driver_memory`, or end programs that hold memory",
             "driver_memory %s, and this host has %s left", driver_memory, fst_buf_text(&size));
    else
        tell(&l, true, NULL, "driver_memory %s of %s free on this host", driver_memory,
             left ? fst_buf_text(&size) : "what is");
    fst_buf_done(&size);
}

void doctor_tell_port(int port, doctor_say_fn say, void *arg)
{
    const struct line l = {say, arg};
    struct fst_buf who = FST_BUF(256);
    bool is_spark = false;
    if (!doctor_port_owner(port, &who, &is_spark))
        fst_buf_adds(&who, "another user's program");
    if (is_spark)
        tell(&l, true, NULL, "a Spark Connect server listens on port %d: %s", port,
             fst_buf_text(&who));
    else
        tell(&l, false, "stop that program if it may be stopped, or set another `port`",
             "port %d is in use by %s", port, fst_buf_text(&who));
    fst_buf_done(&who);
}

/* ---- Python ---------------------------------------------------------------------------------- */

static const char look[] = "import sys; print('%d.%d' % sys.version_info[:2])";

static bool ask_python(const char *program, struct fst_buf *said)
{
    char *argv[] = {(char *)program, "-c", (char *)look, NULL};
    int code = 0;
    if (fst_run(argv, PYTHON_TIMEOUT_MS, MAX_SAID, said, &code, NULL) != FST_OK)
        return false;
    char *end = said->p ? strpbrk(said->p, "\r\n") : NULL;
    if (end)
        *end = 0;
    return code == 0 && strncmp(fst_buf_text(said), "3.", 2) == 0;
}

static char *python_named(const char *program)
{
    return program && *program ? fst_strdup(program) : fst_find_program("python3");
}

static void compare(const struct line *l, const char *driver, const char *worker)
{
    struct fst_buf a = {0}, b = {0};
    if (!ask_python(worker, &b)) {
        tell(l, false, "set spark.pyspark.python in `conf` to a Python 3 that every worker has",
             "the workers' Python %s does not run here", worker);
    } else if (ask_python(driver, &a)) {
        int n = (int)strcspn(fst_buf_text(&a), " "), m = (int)strcspn(fst_buf_text(&b), " ");
        if (n != m || strncmp(a.p, b.p, (size_t)n) != 0)
            tell(l, false,
                 "set spark.pyspark.python in `conf` (or PYSPARK_PYTHON) to a Python of the "
                 "driver's minor version",
                 "the driver's Python is %.*s and the workers' is %.*s (%s)", n, a.p, m, b.p,
                 worker);
    }
    fst_buf_done(&a);
    fst_buf_done(&b);
}

void doctor_tell_workers(const char *driver, const char *worker, doctor_say_fn say, void *arg)
{
    const struct line l = {say, arg};
    char *a = python_named(driver), *b = python_named(worker);
    if (a && b && strcmp(a, b) != 0)
        compare(&l, a, b);
    free(a);
    free(b);
}
