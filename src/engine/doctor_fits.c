/* Which Java and which packages fit which Spark: tables and comparisons, without a look at the
 * host.
 *
 * A package that does not fit is found by Spark late and in odd words: with Delta for Spark 4.2 on
 * 4.3, writing works and every read fails with a NoSuchMethodError. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "doctor.h"

/* ---- Java ------------------------------------------------------------------------------------ */

/* 3.5 on Java 25 fails at its start (getSubject); 4.2 and 4.3 were seen to work with 25. The others
 * are as their documentation says. */
static const struct {
    int major, minor, oldest, newest;
} javas[] = {
    {3, 5, 8, 17}, {4, 0, 17, 21}, {4, 1, 17, 21}, {4, 2, 17, 25}, {4, 3, 17, 25},
};

/* "4.3.0" -> 4, 3. */
static bool read_minor(const char *version, int *major, int *minor)
{
    char *end;
    if (!version || *version < '0' || *version > '9')
        return false;
    long a = strtol(version, &end, 10);
    if (*end != '.' || end[1] < '0' || end[1] > '9')
        return false;
    long b = strtol(end + 1, &end, 10);
    if (a > 999 || b > 999)
        return false;
    *major = (int)a;
    *minor = (int)b;
    return true;
}

bool doctor_java_fits(const char *spark_version, int java, int *oldest, int *newest)
{
    int major, minor;
    *oldest = *newest = java;
    if (!read_minor(spark_version, &major, &minor))
        return true;
    for (size_t i = 0; i < FST_COUNT(javas); i++) {
        if (javas[i].major != major || javas[i].minor != minor)
            continue;
        *oldest = javas[i].oldest;
        *newest = javas[i].newest;
        return java >= *oldest && java <= *newest;
    }
    return true;
}

/* ---- Packages -------------------------------------------------------------------------------- */

struct package {
    char group[96], artifact[96], version[48];
};

static bool take_part(const char **p, char *out, size_t cap)
{
    size_t n = strcspn(*p, ":");
    if (n == 0 || n >= cap)
        return false;
    memcpy(out, *p, n);
    out[n] = 0;
    *p += n + ((*p)[n] == ':');
    return true;
}

static bool read_package(const char *coordinate, struct package *out)
{
    const char *p = coordinate;
    return take_part(&p, out->group, sizeof(out->group)) &&
           take_part(&p, out->artifact, sizeof(out->artifact)) &&
           take_part(&p, out->version, sizeof(out->version)) && !*p;
}

/* Is it 2.12 or 4.3: digits, a point, digits? */
static bool is_minor(const char *p, size_t n)
{
    size_t a = strspn(p, "0123456789");
    return a > 0 && a < n && p[a] == '.' && a + 1 < n &&
           a + 1 + strspn(p + a + 1, "0123456789") == n;
}

/* The parts of delta-spark_4.2_2.13 and iceberg-spark-runtime-4.0_2.13: the name alone, Spark's
 * minor version and Scala's. Empty where there is none. */
struct artifact {
    char name[96], spark[16], scala[16];
};

static void cut_minor(char *text, const char *marks, char *out, size_t cap)
{
    char *at = NULL;
    for (char *p = text; *p; p++)
        if (strchr(marks, *p))
            at = p;
    size_t n = at ? strlen(at + 1) : 0;
    if (!at || n >= cap || !is_minor(at + 1, n))
        return;
    memcpy(out, at + 1, n + 1);
    *at = 0;
}

static struct artifact read_artifact(const char *text)
{
    struct artifact a = {.name = ""};
    size_t n = strlen(text);
    if (n >= sizeof(a.name))
        return a;
    memcpy(a.name, text, n + 1);
    cut_minor(a.name, "_", a.scala, sizeof(a.scala));
    if (a.scala[0])
        cut_minor(a.name, "_-", a.spark, sizeof(a.spark));
    return a;
}

/* Does `version` begin with the minor version `minor`? */
static bool same_minor(const char *version, const char *minor)
{
    int a, b, c, d;
    return read_minor(version, &a, &b) && read_minor(minor, &c, &d) && a == c && b == d;
}

/* What fits instead, in one of these sentences. */
static bool misfit(struct fst_buf *what, struct fst_buf *remedy, const char *coordinate,
                   const char *why, const char *take)
{
    fst_buf_printf(what, "package %s is %s", coordinate, why);
    fst_buf_printf(remedy, "in `packages` (or conf's spark.jars.packages) take %s", take);
    return false;
}

static bool scala_fits(const struct doctor_spark *s, const struct package *p,
                       const struct artifact *a, const char *coordinate, struct fst_buf *what,
                       struct fst_buf *remedy)
{
    char why[128], take[256];
    if (!s->scala || !a->scala[0] || strcmp(s->scala, a->scala) == 0)
        return true;
    snprintf(why, sizeof(why), "for Scala %s, and this Spark has Scala %.15s", a->scala, s->scala);
    snprintf(take, sizeof(take), "the same artifact ending in _%.15s: %.95s:%.60s%s%.15s_%.15s",
             s->scala, p->group, a->name, a->spark[0] ? "_" : "", a->spark, s->scala);
    return misfit(what, remedy, coordinate, why, take);
}

static bool spark_fits(const struct doctor_spark *s, const struct artifact *a,
                       const char *coordinate, struct fst_buf *what, struct fst_buf *remedy)
{
    char why[128], take[192];
    int major, minor;
    if (!a->spark[0] || !read_minor(s->version, &major, &minor) || same_minor(s->version, a->spark))
        return true;
    snprintf(why, sizeof(why), "for Spark %s, and this Spark is %.31s", a->spark, s->version);
    snprintf(take, sizeof(take),
             "the %.80s made for Spark %d.%d, or run this with a Spark %s (spark_home)", a->name,
             major, minor, a->spark);
    return misfit(what, remedy, coordinate, why, take);
}

/* Before its artifacts were named after Spark's version, Delta's own version had to be known. */
static const struct {
    const char *delta, *spark;
} deltas[] = {{"3.0", "3.5"}, {"3.1", "3.5"}, {"3.2", "3.5"}, {"3.3", "3.5"}, {"4.0", "4.0"}};

static bool delta_fits(const struct doctor_spark *s, const struct package *p,
                       const struct artifact *a, const char *coordinate, struct fst_buf *what,
                       struct fst_buf *remedy)
{
    struct artifact old = *a;
    if (strcmp(p->group, "io.delta") != 0 || a->spark[0])
        return true;
    for (size_t i = 0; i < FST_COUNT(deltas); i++)
        if (same_minor(p->version, deltas[i].delta))
            strcpy(old.spark, deltas[i].spark);
    return spark_fits(s, &old, coordinate, what, remedy);
}

/* Hadoop's stores are made of one piece with the Hadoop inside Spark. */
static bool hadoop_fits(const struct doctor_spark *s, const struct package *p,
                        const char *coordinate, struct fst_buf *what, struct fst_buf *remedy)
{
    char why[128], take[192];
    if (!s->hadoop || strcmp(p->group, "org.apache.hadoop") != 0 ||
        strncmp(p->artifact, "hadoop-", 7) != 0 || strcmp(p->version, s->hadoop) == 0)
        return true;
    snprintf(why, sizeof(why), "of Hadoop %s, and this Spark has Hadoop %.31s", p->version,
             s->hadoop);
    snprintf(take, sizeof(take), "%s:%.95s:%.31s", p->group, p->artifact, s->hadoop);
    return misfit(what, remedy, coordinate, why, take);
}

/* Spark's own parts: spark-avro, spark-sql-kafka-0-10, spark-hadoop-cloud. */
static bool part_fits(const struct doctor_spark *s, const struct package *p, const char *coordinate,
                      struct fst_buf *what, struct fst_buf *remedy)
{
    char why[128], take[192];
    int major, minor;
    if (strcmp(p->group, "org.apache.spark") != 0 || !read_minor(s->version, &major, &minor) ||
        same_minor(s->version, p->version))
        return true;
    snprintf(why, sizeof(why), "of Spark %s, and this Spark is %.31s", p->version, s->version);
    snprintf(take, sizeof(take), "%s:%.95s:%.31s", p->group, p->artifact, s->version);
    return misfit(what, remedy, coordinate, why, take);
}

bool doctor_package_fits(const struct doctor_spark *spark, const char *coordinate,
                         struct fst_buf *what, struct fst_buf *remedy)
{
    struct package p;
    if (!read_package(coordinate, &p)) {
        fst_buf_printf(what, "package %.200s is no Maven coordinate", coordinate);
        fst_buf_adds(remedy, "write packages as group:artifact:version, with commas between them");
        return false;
    }
    struct artifact a = read_artifact(p.artifact);
    return scala_fits(spark, &p, &a, coordinate, what, remedy) &&
           spark_fits(spark, &a, coordinate, what, remedy) &&
           delta_fits(spark, &p, &a, coordinate, what, remedy) &&
           hadoop_fits(spark, &p, coordinate, what, remedy) &&
           part_fits(spark, &p, coordinate, what, remedy);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

uint64_t doctor_memory_bytes(const char *text)
{
    static const struct {
        const char *unit;
        int shift;
    } units[] = {{"", 20},   {"b", 0},  {"k", 10},  {"kb", 10}, {"m", 20},
                 {"mb", 20}, {"g", 30}, {"gb", 30}, {"t", 40},  {"tb", 40}};
    size_t n = strspn(text, "0123456789");
    int64_t v;
    if (!fst_parse_int64(text, n, &v))
        return 0;
    for (size_t i = 0; i < FST_COUNT(units); i++)
        if (strcasecmp(text + n, units[i].unit) == 0)
            return (uint64_t)v <= UINT64_MAX >> units[i].shift ? (uint64_t)v << units[i].shift : 0;
    return 0;
}
