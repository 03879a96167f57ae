/* A cluster's REST API that is played by fake_http.py, for the tests of engines that speak to one;
 * and an engine's work under it. Include after cmocka.h. */
#ifndef FAKE_HTTP_H
#define FAKE_HTTP_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "firesteel/engine.h"
#include "test_server.h"

#define OPERATION "11111111-2222-4333-8444-555555555555"

struct fake {
    struct test_server server;
    int port;
    char folder[32];
    struct fst_arena *a;
    const struct fst_engine *engine;
    struct fst_session *s;
    struct fst_work w;
    struct fst_buf handle;
    struct fst_problem problem;
    struct fst_error err;
    struct fst_progress p;
};

static struct fake fake;

static int fake_start(void **state)
{
    (void)state;
    int ok =
        test_server_start(&fake.server, (const char *const[]){"tests/engine/fake_http.py", NULL});
    fake.port = fake.server.port;
    return ok;
}

static int fake_stop(void **state)
{
    (void)state;
    test_server_stop(&fake.server);
    return 0;
}

static void fake_call(const char *path, const char *body, struct fst_buf *answer)
{
    char *url = fst_asprintf("http://127.0.0.1:%d%s", fake.port, path);
    const struct fst_http_request rq = {.method = body ? "POST" : "GET",
                                        .url = url,
                                        .body = body,
                                        .body_len = body ? strlen(body) : 0};
    struct fst_http_response rs;
    if (fst_http(&rq, &rs, &fake.err) != FST_OK)
        fail_msg("%s", fake.err.text);
    assert_int_equal(rs.status, 200);
    if (answer)
        fst_buf_add(answer, rs.body.p, rs.body.n);
    fst_http_response_done(&rs);
    free(url);
}

/* JSON is written with ' for ". */
static char *fake_json(const char *text)
{
    char *json = fst_arena_strdup(fake.a, text);
    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    return json;
}

static void fake_script(const char *rules)
{
    fake_call("/_script", fake_json(rules), NULL);
}

/* What was asked for since the script, one request a line. */
static const char *fake_asked(void)
{
    struct fst_buf text = FST_BUF_TEXT;
    fake_call("/_asked", NULL, &text);
    const char *kept = fst_arena_strdup(fake.a, fst_buf_text(&text));
    fst_buf_done(&text);
    return kept;
}

static struct fst_session *fake_session(const char *options)
{
    struct fst_doc *doc;
    struct fst_session *s = NULL;
    char *json = fake_json(options);
    assert_int_equal(fst_json_parse(fake.a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    if (fake.engine->open(doc, &s, &fake.err) != FST_OK)
        fail_msg("open: %s", fake.err.text);
    return s;
}

static void fake_begin(const struct fst_engine *engine, const char *options)
{
    fake.a = fst_arena_new();
    fake.engine = engine;
    fake.handle = FST_BUF_TEXT;
    fake.problem = (struct fst_problem){0};
    fake.err = (struct fst_error){0};
    strcpy(fake.folder, "/tmp/fst-work-XXXXXX");
    assert_non_null(mkdtemp(fake.folder));
    fake.w = (struct fst_work){.sql = "SELECT 1 / 0",
                               .folder = fake.folder,
                               .output_uri = "/nowhere/out",
                               .operation_id = OPERATION,
                               .name = "x.v1"};
    fake.s = options ? fake_session(options) : NULL;
}

static int fake_end(void **state)
{
    (void)state;
    if (fake.s)
        fake.engine->close(fake.s);
    fst_remove_tree(fake.folder, NULL);
    fst_buf_done(&fake.handle);
    fst_arena_free(fake.a);
    return 0;
}

static enum fst_status fake_poll(void)
{
    return fake.engine->poll(fake.s, 0, &fake.p, &fake.problem, &fake.err);
}

static enum fst_status fake_submit(void)
{
    return fake.engine->submit(fake.s, &fake.w, &fake.handle, &fake.problem, &fake.err);
}

/* The log from a cursor on, which moves. */
static const char *fake_log(struct fst_session *s, struct fst_buf *cursor)
{
    struct fst_buf out = FST_BUF(1 << 20);
    assert_int_equal(fake.engine->log(s, cursor, &out, &fake.err), FST_OK);
    const char *text = fst_arena_strdup(fake.a, fst_buf_text(&out));
    fst_buf_done(&out);
    return text;
}

static void assert_has(const char *text, const char *wanted)
{
    if (!strstr(text, wanted))
        fail_msg("\"%s\" is not in: %s", wanted, text);
}

#endif
