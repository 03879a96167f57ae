/* What tests against a real Spark Connect server share: sessions, proxies, rows as text. */
#ifndef TESTS_SPARK_FIXTURE_H
#define TESTS_SPARK_FIXTURE_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "connect.h"
#include "engines.h"

struct fixture {
    struct fst_arena *arena;
    struct fst_session *s;
    char dir[64];
    pid_t proxy;
};

/* `more`: further options as JSON members, ", \"k\": ..."; may be "". */
static inline struct fst_session *open_at(struct fst_arena *a, const char *url, const char *more)
{
    struct fst_doc *doc;
    struct fst_session *s = NULL;
    char *json = fst_arena_printf(a, "{\"url\": \"%s\"%s}", url, more);
    struct fst_error err = {.text = ""};
    if (fst_json_parse(a, "options", json, strlen(json), NULL, &doc, &err) != FST_OK ||
        fst_engine_connect.open(doc, &s, &err) != FST_OK)
        fail_msg("%s", err.text);
    return s;
}

/* What the server in Python has printed. Arena-owned. */
static inline char *server_said(struct fixture *f)
{
    char *text;
    size_t n;
    if (fst_file_read(fst_arena_printf(f->arena, "%s/server.out", f->dir), 1 << 20, &text, &n,
                      NULL) != FST_OK)
        return fst_arena_strdup(f->arena, "");
    char *copy = fst_arena_strdup(f->arena, text);
    free(text);
    return copy;
}

static inline void stop_server(struct fixture *f)
{
    if (f->proxy > 0) {
        kill(f->proxy, SIGKILL);
        waitpid(f->proxy, NULL, 0);
    }
    f->proxy = 0;
    unlink(fst_arena_printf(f->arena, "%s/server.out", f->dir));
}

static inline int set_up(void **state)
{
    struct fixture *f = fst_alloc(sizeof(*f));
    f->arena = fst_arena_new();
    f->s = open_at(f->arena, getenv("FIRESTEEL_SPARK_URL"), "");
    strcpy(f->dir, "/tmp/fst-connect-XXXXXX");
    *state = f;
    return mkdtemp(f->dir) ? 0 : -1;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    fst_engine_connect.close(f->s);
    stop_server(f);
    fst_remove_tree(f->dir, NULL);
    fst_arena_free(f->arena);
    free(f);
    return 0;
}

static inline int port_of(const char *url)
{
    const char *colon = url ? strrchr(url, ':') : NULL;
    return colon ? atoi(colon + 1) : 0;
}

/* A server in Python that prints its port and serves until it is killed; its port. */
static inline int start_server(struct fixture *f, const char *script, const char *a, const char *b,
                               const char *c, const char *d)
{
    const char *python = getenv("FIRESTEEL_PYTHON");
    char *found = fst_find_program(python && access(python, X_OK) == 0 ? python : "python3");
    char *log = fst_arena_printf(f->arena, "%s/server.out", f->dir);
    char *argv[] = {found, (char *)script, (char *)a, (char *)b, (char *)c, (char *)d, NULL};
    struct fst_spawn spawn = {.argv = argv, .output = log, .detached = true};
    assert_int_equal(fst_spawn(&spawn, &f->proxy, NULL), FST_OK);
    free(found);
    for (int64_t until = fst_monotonic_us() + 20000000; fst_monotonic_us() < until;) {
        char *text = server_said(f);
        if (strchr(text, '\n'))
            return atoi(text);
        fst_pause_ms(20);
    }
    fail_msg("%s did not start", script);
    return 0;
}

/* A proxy before the server at `url`; its port. */
static inline int start_proxy(struct fixture *f, const char *url, const char *option,
                              const char *first, const char *second)
{
    return start_server(f, "tests/engine/line_proxy.py",
                        fst_arena_printf(f->arena, "%d", port_of(url)), option, first, second);
}

static inline void add_row(struct fst_buf *text, const struct fst_frame *frame, size_t row)
{
    for (size_t c = 0; c < frame->n_columns; c++) {
        fst_buf_adds(text, c ? "|" : "");
        if (!fst_cell_text(text, &frame->columns[c], row, FST_CELL_PLAIN))
            fst_buf_adds(text, "NULL");
    }
    fst_buf_adds(text, "\n");
}

/* Rows as text: cells by |, rows by line ends. Arena-owned. */
static inline char *rows_in(struct fixture *f, struct fst_session *s, const struct fst_work *w,
                            uint64_t limit)
{
    struct fst_reader *r = NULL;
    struct fst_problem problem = {.line = 0};
    struct fst_error err = {.text = ""};
    struct fst_buf text = FST_BUF_TEXT;
    if (fst_engine_connect.query(s, w, limit, &r, &problem, &err) != FST_OK)
        fail_msg("%s", err.text);
    struct fst_frame *frame;
    while (fst_reader_next(r, 3, &frame, &err) == FST_OK && frame) {
        assert_true(frame->n_rows <= 3);
        for (size_t row = 0; row < frame->n_rows; row++)
            add_row(&text, frame, row);
        fst_frame_unref(frame);
    }
    assert_string_equal(err.text, "");
    fst_reader_close(r);
    char *out = fst_arena_strdup(f->arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return out;
}

#define SPARK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
