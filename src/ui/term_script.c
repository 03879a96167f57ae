/* A screen without a terminal, driven by a script of keys: how screens are tested.
 *
 * One command a line:
 *   key NAME...        press keys: key j j enter ctrl-s
 *   type TEXT          type the rest of the line
 *   wait               until the program has nothing under way
 *   expect TEXT        until the screen shows TEXT, at most 30 s (expect[120] TEXT: 120 s); else
 * the script fails refute TEXT        once idle, the screen must not show TEXT dump [NAME] write
 * the screen: "--- NAME", its rows without trailing blanks, "---" roles [NAME]       the same with
 * a letter for each cell's role resize COLSxROWS # comment At the end of the script the program
 * ends. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "term.h"

#define EXPECT_S 30
#define MAX_FDS 8

struct script {
    char *text;
    const char *at;    /* next line */
    const char *keys;  /* rest of a `key` line */
    const char *typed; /* rest of a `type` line */
    char line[4096];
    int number;
    int64_t deadline_us; /* of the expect under way; 0 = none */
    int rows, cols, result;
    FILE *dump;
};

static void script_size(struct fst_term *t, int *rows, int *cols)
{
    struct script *s = t->own;
    *rows = s->rows;
    *cols = s->cols;
}

static void nothing(struct fst_term *t)
{
    (void)t;
}

/* ---- The screen as text
 * ------------------------------------------------------------------------------------ */

static void row_text(const struct fst_term *t, int row, struct fst_buf *out)
{
    for (int i = 0; i < t->cols; i++)
        fst_buf_adds(out, t->cells[row * t->cols + i].text);
    while (out->n && out->p[out->n - 1] == ' ')
        out->p[--out->n] = '\0';
}

static void row_roles(const struct fst_term *t, int row, struct fst_buf *out)
{
    for (int i = 0; i < t->cols; i++) {
        int role = t->cells[row * t->cols + i].role;
        fst_buf_addc(out, (char)(role == 0 ? '.' : role <= 26 ? 'a' + role - 1 : 'A' + role - 27));
    }
    while (out->n && out->p[out->n - 1] == '.')
        out->p[--out->n] = '\0';
}

static void write_screen(const struct fst_term *t, const char *name, bool roles)
{
    struct script *s = t->own;
    fprintf(s->dump, "--- %s\n", name);
    for (int row = 0; row < t->rows; row++) {
        struct fst_buf line = FST_BUF(1 << 16);
        (roles ? row_roles : row_text)(t, row, &line);
        fprintf(s->dump, "%s\n", fst_buf_text(&line));
        fst_buf_done(&line);
    }
    fprintf(s->dump, "---\n");
    fflush(s->dump);
}

static bool shows(const struct fst_term *t, const char *wanted)
{
    bool found = false;
    for (int row = 0; row < t->rows && !found; row++) {
        struct fst_buf line = FST_BUF(1 << 16);
        row_text(t, row, &line);
        found = strstr(fst_buf_text(&line), wanted) != NULL;
        fst_buf_done(&line);
    }
    return found;
}

static enum fst_term_wake fail(struct fst_term *t, const char *why)
{
    struct script *s = t->own;
    fprintf(stderr, "key script, line %d: %s: %s\n", s->number, s->line, why);
    write_screen(t, "failed", false);
    s->result = 1;
    s->at = "";
    return FST_WAKE_HANGUP;
}

/* ---- Commands
 * -------------------------------------------------------------------------------------------------
 */

static bool next_line(struct script *s)
{
    if (!*s->at)
        return false;
    size_t n = strcspn(s->at, "\n");
    snprintf(s->line, sizeof s->line, "%.*s", (int)n, s->at);
    s->at += n + (s->at[n] == '\n');
    s->number++;
    return true;
}

static const char *argument(const char *line, const char *command)
{
    size_t n = strlen(command);
    if (strncmp(line, command, n) != 0 || (line[n] && line[n] != ' '))
        return NULL;
    return line + n + (line[n] == ' ');
}

static void press(struct script *s, struct fst_key *key)
{
    size_t n = strcspn(s->keys, " ");
    snprintf(key->name, sizeof key->name, "%.*s", (int)n, s->keys);
    if (fst_utf8_length(s->keys, n) == 1)
        snprintf(key->text, sizeof key->text, "%.*s", (int)n, s->keys);
    if (strcmp(key->name, "space") == 0)
        snprintf(key->text, sizeof key->text, " ");
    s->keys += n;
    s->keys += strspn(s->keys, " ");
}

static void type(struct script *s, struct fst_key *key)
{
    size_t n = fst_text_cluster(s->typed, strlen(s->typed));
    snprintf(key->text, sizeof key->text, "%.*s", (int)n, s->typed);
    snprintf(key->name, sizeof key->name, "%s", strcmp(key->text, " ") == 0 ? "space" : key->text);
    s->typed += n;
}

static enum fst_term_wake pause_for(const int *fds, size_t n_fds, int ms)
{
    struct pollfd p[MAX_FDS];
    size_t n = n_fds < MAX_FDS ? n_fds : MAX_FDS;
    for (size_t i = 0; i < n; i++)
        p[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    return poll(p, n, ms) > 0 ? FST_WAKE_FD : FST_WAKE_TIMEOUT;
}

/* Not yet: come back after a moment, with the same command. */
enum step { STEP_DONE, STEP_AGAIN, STEP_FAILED };

static enum step expect(struct fst_term *t, const char *rest)
{
    struct script *s = t->own;
    int seconds = EXPECT_S;
    const char *close = *rest == '[' ? strchr(rest, ']') : NULL;
    if (close) {
        seconds = atoi(rest + 1);
        rest = close + 1;
    }
    rest += *rest == ' ';
    if (shows(t, rest)) {
        s->deadline_us = 0;
        return STEP_DONE;
    }
    if (!s->deadline_us)
        s->deadline_us = fst_monotonic_us() + seconds * 1000000LL;
    return fst_monotonic_us() < s->deadline_us ? STEP_AGAIN : STEP_FAILED;
}

static enum step do_line(struct fst_term *t, bool idle)
{
    struct script *s = t->own;
    const char *rest;
    if (!s->line[0] || s->line[0] == '#')
        return STEP_DONE;
    if ((rest = argument(s->line, "key")))
        s->keys = rest;
    else if ((rest = argument(s->line, "type")))
        s->typed = rest;
    else if (argument(s->line, "wait"))
        return idle ? STEP_DONE : STEP_AGAIN;
    else if (strncmp(s->line, "expect", 6) == 0)
        return expect(t, s->line + 6);
    else if ((rest = argument(s->line, "refute")))
        return !idle ? STEP_AGAIN : shows(t, rest) ? STEP_FAILED : STEP_DONE;
    else if ((rest = argument(s->line, "dump")))
        write_screen(t, rest, false);
    else if ((rest = argument(s->line, "roles")))
        write_screen(t, rest, true);
    else if ((rest = argument(s->line, "resize")))
        return sscanf(rest, "%dx%d", &s->cols, &s->rows) == 2 ? STEP_DONE : STEP_FAILED;
    else
        return STEP_FAILED;
    return STEP_DONE;
}

static enum fst_term_wake script_wait(struct fst_term *t, const int *fds, size_t n_fds,
                                      int timeout_ms, bool idle, struct fst_key *key)
{
    struct script *s = t->own;
    (void)timeout_ms;
    for (;;) {
        if (s->keys && *s->keys) {
            press(s, key);
            return FST_WAKE_KEY;
        }
        if (s->typed && *s->typed) {
            type(s, key);
            return FST_WAKE_KEY;
        }
        if (!s->line[0] && !next_line(s))
            return FST_WAKE_HANGUP;
        switch (do_line(t, idle)) {
        case STEP_AGAIN:
            return pause_for(fds, n_fds, 20);
        case STEP_FAILED:
            return fail(t, "failed");
        case STEP_DONE:
            break;
        }
        bool resized = strncmp(s->line, "resize", 6) == 0;
        bool keys = s->keys && *s->keys, typed = s->typed && *s->typed;
        if (!keys && !typed)
            s->line[0] = '\0';
        else
            memset(s->line, 0, 1); /* keys and text point into the line behind its first byte */
        if (resized) {
            snprintf(key->name, sizeof key->name, "resize");
            return FST_WAKE_KEY;
        }
    }
}

static void script_close(struct fst_term *t)
{
    struct script *s = t->own;
    free(s->text);
    free(s);
}

static const struct term_backend backend = {
    .size = script_size,
    .flush = nothing,
    .wait = script_wait,
    .suspend = nothing,
    .resume = nothing,
    .close = script_close,
};

int term_script_result(const struct fst_term *t)
{
    return t->backend == &backend ? ((struct script *)t->own)->result : 0;
}

enum fst_status term_script_open(struct fst_term *t, const struct fst_term_options *o,
                                 struct fst_error *err)
{
    struct script *s = fst_alloc(sizeof *s);
    (void)err;
    s->text = fst_strdup(o->script);
    s->at = s->text;
    s->rows = o->rows ? o->rows : 24;
    s->cols = o->cols ? o->cols : 80;
    s->dump = o->dump ? o->dump : stdout;
    t->own = s;
    t->backend = &backend;
    return FST_OK;
}
