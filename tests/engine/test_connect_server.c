/* The plan of a server, over folders that look like Java and Spark and are not. */
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

#include "connect.h"

struct fixture {
    struct fst_arena *a;
    char dir[64];
};

static void put(struct fixture *f, const char *name, const char *text, int mode)
{
    char *path = fst_arena_printf(f->a, "%s/%s", f->dir, name);
    char *folder = fst_arena_strdup(f->a, path);
    *strrchr(folder, '/') = 0;
    assert_int_equal(fst_mkdirs(folder, 0755, NULL), FST_OK);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0644, NULL), FST_OK);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
}

static int set_up(void **state)
{
    struct fixture *f = fst_alloc(sizeof(*f));
    f->a = fst_arena_new();
    strcpy(f->dir, "/tmp/fst-server-XXXXXX");
    *state = f;
    if (!mkdtemp(f->dir))
        return -1;
    put(f, "java/bin/java", "#!/bin/sh\necho 'openjdk 21.0.1 2024-01-01'\n", 0755);
    put(f, "spark/bin/spark-submit", "#!/bin/sh\n", 0755);
    put(f, "spark/jars/spark-core_2.13-4.3.0.jar", "", 0644);
    put(f, "spark/jars/spark-connect_2.13-4.3.0.jar", "", 0644);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fst_remove_tree(f->dir, NULL);
    fst_arena_free(f->a);
    free(f);
    return 0;
}

static struct fst_doc *options(struct fixture *f, const char *more)
{
    struct fst_doc *doc;
    char *json = fst_arena_printf(
        f->a, "{\"java_home\": \"%s/java\", \"spark_home\": \"%s/spark\"%s}", f->dir, f->dir, more);
    assert_int_equal(fst_json_parse(f->a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    return doc;
}

static int free_port(void)
{
    int port = 20000 + getpid() % 20000;
    while (!fst_port_is_free(port))
        port++;
    return port;
}

static bool has_word(char **words, const char *word)
{
    for (; *words; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

static void test_engine_connect_server__plans_the_command(void **state)
{
    struct fixture *f = *state;
    int port = free_port();
    char *more = fst_arena_printf(
        f->a,
        ", \"port\": %d, \"token\": \"t0ken\", \"master\": \"local[2]\", \"conf\": "
        "{\"spark.x\": \"1\", \"spark.hadoop.fs.s3a.secret.key\": \"env:FST_TEST_KEY\"}",
        port);
    setenv("FST_TEST_KEY", "k3y ", 1);
    struct fst_server_plan plan;
    struct fst_error err = {.text = ""};
    if (connect_server.plan(f->a, options(f, more), "/nowhere/properties", &plan, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(plan.port, port);
    assert_non_null(strstr(plan.argv[0], "/spark/bin/spark-submit"));
    assert_true(has_word(plan.argv, "local[2]"));
    assert_true(has_word(plan.argv, "spark.x=1"));
    assert_true(
        has_word(plan.argv, fst_arena_printf(f->a, "spark.connect.grpc.binding.port=%d", port)));
    assert_true(has_word(plan.env, "SPARK_CONNECT_AUTHENTICATE_TOKEN=t0ken"));
    for (char **word = plan.argv; *word; word++) {
        assert_null(strstr(*word, "t0ken"));
        assert_null(strstr(*word, "k3y"));
    }
    assert_true(has_word(plan.argv, "/nowhere/properties"));
    assert_string_equal(plan.properties, "spark.hadoop.fs.s3a.secret.key=k3y \n");
}

static void is_refused(struct fixture *f, const char *more, enum fst_status status,
                       const char *says)
{
    struct fst_server_plan plan;
    struct fst_error err = {.text = ""};
    assert_int_equal(
        connect_server.plan(f->a, options(f, more), "/nowhere/properties", &plan, &err), status);
    assert_non_null(strstr(err.text, says));
}

static void test_engine_connect_server__says_what_is_missing(void **state)
{
    struct fixture *f = *state;
    char *port = fst_arena_printf(f->a, ", \"port\": %d", free_port());
    put(f, "java/bin/java", "#!/bin/sh\nexit 1\n", 0755);
    is_refused(f, port, FST_EUNSUPPORTED, "Java 17");
    unlink(fst_arena_printf(f->a, "%s/java/bin/java", f->dir));
    is_refused(f, port, FST_ENOTFOUND, "no Java");
    put(f, "java/bin/java", "#!/bin/sh\necho 'openjdk 17 2021'\n", 0755);
    unlink(fst_arena_printf(f->a, "%s/spark/jars/spark-connect_2.13-4.3.0.jar", f->dir));
    is_refused(f, port, FST_EUNSUPPORTED, "Connect");
    unlink(fst_arena_printf(f->a, "%s/spark/bin/spark-submit", f->dir));
    is_refused(f, port, FST_ENOTFOUND, "pip install pyspark");
}

static void test_engine_connect_server__a_taken_port_is_found_before(void **state)
{
    struct fixture *f = *state;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&at, &n);
    is_refused(f, fst_arena_printf(f->a, ", \"port\": %d", ntohs(at.sin_port)), FST_ECONFLICT,
               "is taken");
    close(fd);
}

static void test_engine_connect_server__starts_on_this_host_only(void **state)
{
    struct fixture *f = *state;
    is_refused(f, ", \"url\": \"sc://spark.example:15002\"", FST_EUNSUPPORTED, "another host");
    is_refused(f, ", \"port\": \"x\"", FST_EINVAL, "port");
}

static void collect(void *arg, bool ok, const char *what, const char *remedy)
{
    fst_buf_printf(arg, "%s %s%s\n", ok ? "ok" : "no", what, remedy ? " (remedy)" : "");
}

static void test_engine_connect_server__doctor_tells_versions_and_remedies(void **state)
{
    struct fixture *f = *state;
    struct fst_buf said = FST_BUF_TEXT;
    int port = free_port();
    struct fst_doc *o = options(f, fst_arena_printf(f->a, ", \"port\": %d", port));
    connect_server.doctor(o, collect, &said);
    char *wanted = fst_arena_printf(
        f->a, "ok Spark 4.3.0: %s/spark\nok Java 21: %s/java/bin/java\n", f->dir, f->dir);
    assert_true(strncmp(fst_buf_text(&said), wanted, strlen(wanted)) == 0);
    assert_non_null(
        strstr(fst_buf_text(&said), fst_arena_printf(f->a, "ok port %d is free\n", port)));
    assert_non_null(strstr(fst_buf_text(&said), "driver_memory 1g"));
    fst_buf_clear(&said);
    unlink(fst_arena_printf(f->a, "%s/java/bin/java", f->dir));
    connect_server.doctor(o, collect, &said);
    assert_non_null(strstr(fst_buf_text(&said), "no no Java"));
    assert_non_null(strstr(fst_buf_text(&said), "(remedy)"));
    fst_buf_done(&said);
}

static void test_engine_connect_server__doctor_tells_what_does_not_fit(void **state)
{
    struct fixture *f = *state;
    struct fst_buf said = FST_BUF_TEXT;
    put(f, "spark/jars/hadoop-client-api-3.5.0.jar", "", 0644);
    put(f, "java/bin/java", "#!/bin/sh\necho 'openjdk 26 2026-03-17'\n", 0755);
    connect_server.doctor(options(f, ", \"driver_memory\": \"100m\", \"conf\": "
                                     "{\"spark.jars.packages\": "
                                     "\"io.delta:delta-spark_4.2_2.13:4.4.0,"
                                     "org.apache.hadoop:hadoop-aws:3.5.0\"}"),
                          collect, &said);
    assert_non_null(strstr(fst_buf_text(&said), "no Spark 4.3.0 is not made for Java 26"));
    assert_non_null(strstr(fst_buf_text(&said), "no package io.delta:delta-spark_4.2_2.13:4.4.0 "
                                                "is for Spark 4.2, and this Spark is 4.3.0"));
    assert_non_null(strstr(fst_buf_text(&said), "ok package org.apache.hadoop:hadoop-aws:3.5.0"));
    assert_non_null(strstr(fst_buf_text(&said), "no driver_memory 100m is less"));
    fst_buf_done(&said);
}

static void test_engine_connect_server__doctor_asks_no_server_of_this_host_for_another(void **state)
{
    struct fixture *f = *state;
    struct fst_buf said = FST_BUF_TEXT;
    connect_server.doctor(options(f, ", \"url\": \"sc://spark.example:15002\""), collect, &said);
    assert_null(strstr(fst_buf_text(&said), "Java"));
    assert_null(strstr(fst_buf_text(&said), "port "));
    assert_null(strstr(fst_buf_text(&said), "driver_memory"));
    fst_buf_done(&said);
}

#define SERVER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(test_engine_connect_server__plans_the_command),
        SERVER_TEST(test_engine_connect_server__says_what_is_missing),
        SERVER_TEST(test_engine_connect_server__a_taken_port_is_found_before),
        SERVER_TEST(test_engine_connect_server__starts_on_this_host_only),
        SERVER_TEST(test_engine_connect_server__doctor_tells_versions_and_remedies),
        SERVER_TEST(test_engine_connect_server__doctor_tells_what_does_not_fit),
        SERVER_TEST(test_engine_connect_server__doctor_asks_no_server_of_this_host_for_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
