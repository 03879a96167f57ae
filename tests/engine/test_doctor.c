/* What fits a Spark, without a Spark. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "doctor.h"

static const struct doctor_spark spark43 = {"4.3.0", "2.13", "3.5.0"};
static const struct doctor_spark spark35 = {"3.5.9", "2.12", "3.3.4"};

static void test_engine_doctor__a_java_fits_its_spark(void **state)
{
    (void)state;
    static const struct {
        const char *spark;
        int java;
        bool fits;
    } rows[] = {
        {"3.5.9", 8, true},    {"3.5.9", 17, true},
        {"3.5.9", 25, false},  {"3.5.9", 7, false},
        {"4.0.1", 11, false},  {"4.0.1", 21, true},
        {"4.2.0", 25, true},   {"4.3.0", 17, true},
        {"4.3.0", 25, true},   {"4.3.0", 26, false},
        {"4.3.0", 11, false},  {"9.9.0", 99, true}, /* what we do not know, we do not blame */
        {"nonsense", 8, true}, {"", 8, true},
        {"4.", 8, true},
    };
    int oldest, newest;
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (doctor_java_fits(rows[i].spark, rows[i].java, &oldest, &newest) != rows[i].fits)
            fail_msg("Spark %s with Java %d", rows[i].spark, rows[i].java);
    assert_false(doctor_java_fits("4.3.0", 11, &oldest, &newest));
    assert_int_equal(oldest, 17);
    assert_int_equal(newest, 25);
    assert_true(doctor_java_fits(NULL, 8, &oldest, &newest));
}

static void fits(const struct doctor_spark *s, const char *coordinate)
{
    struct fst_buf what = FST_BUF_TEXT, remedy = FST_BUF_TEXT;
    if (!doctor_package_fits(s, coordinate, &what, &remedy))
        fail_msg("%s", fst_buf_text(&what));
    fst_buf_done(&what);
    fst_buf_done(&remedy);
}

static void misfits(const struct doctor_spark *s, const char *coordinate, const char *why,
                    const char *take)
{
    struct fst_buf what = FST_BUF_TEXT, remedy = FST_BUF_TEXT;
    assert_false(doctor_package_fits(s, coordinate, &what, &remedy));
    if (!strstr(fst_buf_text(&what), why) || !strstr(fst_buf_text(&remedy), take))
        fail_msg("%s; %s", fst_buf_text(&what), fst_buf_text(&remedy));
    fst_buf_done(&what);
    fst_buf_done(&remedy);
}

static void test_engine_doctor__packages_that_fit_are_let_through(void **state)
{
    (void)state;
    fits(&spark43, "io.delta:delta-spark_4.3_2.13:4.5.0");
    fits(&spark43, "org.apache.hadoop:hadoop-aws:3.5.0");
    fits(&spark43, "org.apache.spark:spark-avro_2.13:4.3.1");
    fits(&spark43, "org.apache.spark:spark-sql-kafka-0-10_2.13:4.3.0");
    fits(&spark43, "org.postgresql:postgresql:42.7.4");
    fits(&spark43, "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.22");
    fits(&spark35, "io.delta:delta-spark_2.12:3.2.1");
    fits(&(struct doctor_spark){.version = NULL}, "io.delta:delta-spark_4.2_2.13:4.4.0");
}

static void test_engine_doctor__packages_that_do_not_fit_are_named(void **state)
{
    (void)state;
    misfits(&spark43, "io.delta:delta-spark_4.2_2.13:4.4.0", "for Spark 4.2",
            "delta-spark made for Spark 4.3");
    misfits(&spark43, "io.delta:delta-spark_2.13:4.0.0", "for Spark 4.0", "spark_home");
    misfits(&spark43, "io.delta:delta-spark_2.12:3.2.1", "for Scala 2.12", "_2.13");
    misfits(&spark35, "io.delta:delta-spark_2.12:4.0.0", "for Spark 4.0", "Spark 3.5");
    misfits(&spark43, "org.apache.iceberg:iceberg-spark-runtime-4.0_2.13:1.10.0", "for Spark 4.0",
            "Spark 4.3");
    misfits(&spark35, "org.apache.hadoop:hadoop-aws:3.4.1", "of Hadoop 3.4.1",
            "org.apache.hadoop:hadoop-aws:3.3.4");
    misfits(&spark43, "org.apache.spark:spark-avro_2.13:4.2.0", "of Spark 4.2.0",
            "org.apache.spark:spark-avro_2.13:4.3.0");
}

static void test_engine_doctor__what_is_no_coordinate_is_said_so(void **state)
{
    (void)state;
    char *longer = fst_alloc(100001);
    memset(longer, 'a', 100000);
    longer[100000] = 0;
    longer[200] = longer[400] = ':';
    const char *const rows[] = {"x", "a:b", "a:b:c:d", "::", "a::c", ":b:c", longer};
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        misfits(&spark43, rows[i], "no Maven coordinate", "group:artifact:version");
    free(longer);
    fits(&spark43, "a:_:1");
    fits(&spark43, "a:_4.:1");
}

static void test_engine_doctor__memory_is_read_as_java_writes_it(void **state)
{
    (void)state;
    assert_int_equal(doctor_memory_bytes("1g"), 1u << 30);
    assert_int_equal(doctor_memory_bytes("512M"), 512u << 20);
    assert_int_equal(doctor_memory_bytes("2048k"), 2u << 20);
    assert_int_equal(doctor_memory_bytes("471859200b"), 471859200);
    assert_int_equal(doctor_memory_bytes("512"), 512u << 20);
    static const char *const wrong[] = {
        "", "g", "1.5g", "-1g", "1 g", "1gg", "99999999999999999999g", "9999999999t"};
    for (size_t i = 0; i < FST_COUNT(wrong); i++)
        if (doctor_memory_bytes(wrong[i]) != 0)
            fail_msg("%s is memory", wrong[i]);
    assert_true(doctor_memory_free() > 0);
}

static void collect(void *arg, bool ok, const char *what, const char *remedy)
{
    fst_buf_printf(arg, "%s %s|%s\n", ok ? "ok" : "no", what, remedy ? remedy : "");
}

static void test_engine_doctor__little_memory_is_said_before_the_start(void **state)
{
    (void)state;
    struct fst_buf said = FST_BUF_TEXT;
    doctor_tell_memory("100m", collect, &said);
    doctor_tell_memory("9000g", collect, &said);
    doctor_tell_memory("much", collect, &said);
    assert_non_null(strstr(fst_buf_text(&said), "no driver_memory 100m is less"));
    assert_non_null(strstr(fst_buf_text(&said), "no driver_memory 9000g, and this host has"));
    assert_non_null(strstr(fst_buf_text(&said), "no driver_memory much is no amount"));
    fst_buf_done(&said);
}

static void test_engine_doctor__who_holds_a_port_is_named(void **state)
{
    (void)state;
    struct fst_buf said = FST_BUF_TEXT;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&at, &n);
    doctor_tell_port(ntohs(at.sin_port), collect, &said);
    char wanted[64];
    snprintf(wanted, sizeof(wanted), "no port %d is in use by pid %d (test_doctor",
             ntohs(at.sin_port), (int)getpid());
    if (!strstr(fst_buf_text(&said), wanted))
        fail_msg("%s", fst_buf_text(&said));
    close(fd);
    fst_buf_done(&said);
}

static void put(const char *dir, const char *name, const char *text, mode_t mode)
{
    char *path = fst_path_join(dir, name);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0644, NULL), FST_OK);
    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

static void test_engine_doctor__workers_of_another_minor_version_are_told(void **state)
{
    (void)state;
    char dir[] = "/tmp/fst-doctor-XXXXXX";
    struct fst_buf said = FST_BUF_TEXT;
    assert_non_null(mkdtemp(dir));
    put(dir, "p9", "#!/bin/sh\necho 3.9 pandas\n", 0755);
    put(dir, "p11", "#!/bin/sh\necho 3.11\n", 0755);
    char *p9 = fst_path_join(dir, "p9"), *p11 = fst_path_join(dir, "p11");
    doctor_tell_workers(p11, p11, collect, &said);
    assert_string_equal(fst_buf_text(&said), "");
    doctor_tell_workers(p11, p9, collect, &said);
    assert_non_null(
        strstr(fst_buf_text(&said), "no the driver's Python is 3.11 and the workers' is 3.9"));
    fst_buf_clear(&said);
    doctor_tell_workers(p11, "/nowhere/python", collect, &said);
    assert_non_null(strstr(fst_buf_text(&said), "no the workers' Python /nowhere/python"));
    fst_remove_tree(dir, NULL);
    fst_buf_done(&said);
    free(p9);
    free(p11);
}

static void test_engine_doctor__a_spark_is_known_by_its_jars(void **state)
{
    (void)state;
    char dir[] = "/tmp/fst-doctor-XXXXXX";
    struct fst_arena *a = fst_arena_new();
    assert_non_null(mkdtemp(dir));
    char *jars = fst_path_join(dir, "jars");
    assert_int_equal(fst_mkdirs(jars, 0755, NULL), FST_OK);
    put(jars, "spark-core_2.12-3.5.9.jar", "", 0644);
    put(jars, "hadoop-client-api-3.3.4.jar", "", 0644);
    put(jars, "spark-core_.jar", "", 0644);
    struct doctor_spark s = doctor_read_spark(a, dir);
    assert_string_equal(s.version, "3.5.9");
    assert_string_equal(s.scala, "2.12");
    assert_string_equal(s.hadoop, "3.3.4");
    assert_null(doctor_read_spark(a, "/nowhere").version);
    fst_remove_tree(dir, NULL);
    fst_arena_free(a);
    free(jars);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_doctor__a_java_fits_its_spark),
        cmocka_unit_test(test_engine_doctor__packages_that_fit_are_let_through),
        cmocka_unit_test(test_engine_doctor__packages_that_do_not_fit_are_named),
        cmocka_unit_test(test_engine_doctor__what_is_no_coordinate_is_said_so),
        cmocka_unit_test(test_engine_doctor__memory_is_read_as_java_writes_it),
        cmocka_unit_test(test_engine_doctor__little_memory_is_said_before_the_start),
        cmocka_unit_test(test_engine_doctor__who_holds_a_port_is_named),
        cmocka_unit_test(test_engine_doctor__workers_of_another_minor_version_are_told),
        cmocka_unit_test(test_engine_doctor__a_spark_is_known_by_its_jars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
