/* The real terminal, in a pty: a small program with a list, driven from outside. What it must keep:
 * the terminal put back on every way out, few bytes, keys by their names. */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "ui_test.h"

#define WAIT_MS 10000
#define QUIET_MS 60

/* ---- The program ---- */

static const struct fst_list_column columns[] = {{"name", 16, 34, false}, {"variant", 7, 20, false},
                                                 {"state", 9, 9, false},  {"stale", 5, 5, false},
                                                 {"owner", 6, 12, false}, {"about", 10, 0, false}};

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    static const char *const states[] = {"READY", "FAILED", "RUNNING"};
    static const enum fst_role roles[] = {FST_ROLE_OK, FST_ROLE_FAILED, FST_ROLE_RUNNING};
    (void)arg;
    switch (col) {
    case 0:
        fst_buf_printf(out, "transactions_of_day_%zu", row);
        break;
    case 1:
        fst_buf_printf(out, "2024-03-%02zu", row % 28 + 1);
        break;
    case 2:
        fst_buf_adds(out, states[row % 3]);
        return roles[row % 3];
    case 4:
        fst_buf_adds(out, "someone");
        break;
    case 5:
        fst_buf_printf(out, "what customers did on day %zu, by hour — all of it", row);
        return FST_ROLE_DIM;
    default:
        break;
    }
    return FST_ROLE_TEXT;
}

static void draw(struct fst_term *term, struct fst_list *list)
{
    struct fst_surface s = fst_term_surface(term);
    struct fst_surface body = fst_surface_window(&s, 1, 0, s.rows - 1, s.cols);
    fst_surface_clear(&s, FST_ROLE_TEXT);
    fst_draws(&s, 0, 1, FST_ROLE_TITLE, "transformations");
    fst_list_draw(list, &body);
    fst_term_flush(term);
}

/* Bytes that a terminal would obey, `n` times over. */
static void copy(struct fst_term *term, int report, size_t n)
{
    struct fst_buf bytes = FST_BUF_TEXT;
    struct fst_error err;
    for (size_t i = 0; i < n; i++)
        fst_buf_add(&bytes, "\033]0;\a\0", 6);
    if (fst_term_copy(term, bytes.p, bytes.n, &err) == FST_OK)
        dprintf(report, "copied\n");
    else
        dprintf(report, "%s\n", err.text);
    fst_buf_done(&bytes);
}

static void act(struct fst_term *term, struct fst_list *list, struct fst_keymap *keys,
                const struct fst_key *key)
{
    static const char *const scopes[] = {"list", NULL};
    const struct fst_action *a = fst_keymap_find(keys, scopes, key, false);
    if (strcmp(key->name, "q") == 0) {
        fst_term_close(term);
        _exit(0);
    }
    if (strcmp(key->name, "E") == 0)
        exit(3);
    if (strcmp(key->name, "S") == 0)
        raise(SIGSEGV);
    if (strcmp(key->name, "A") == 0)
        abort();
    if (a)
        fst_list_action(list, a->name);
}

/* Tells on `report` what it does: "frame", "key NAME TEXT", "error TEXT". */
static void program(int report)
{
    struct fst_list list = {.columns = columns, .n_columns = 6, .n_rows = 500, .cell = cell};
    struct fst_keymap *keys = fst_keymap_new(fst_list_actions, fst_n_list_actions);
    struct fst_term_options o = {0};
    struct fst_term *term;
    struct fst_error err;
    struct fst_key key;
    if (fst_term_open(&o, &term, &err) != FST_OK) {
        dprintf(report, "error %s\n", err.text);
        _exit(1);
    }
    for (;;) {
        draw(term, &list);
        dprintf(report, "frame\n");
        enum fst_term_wake wake = fst_term_wait(term, NULL, 0, -1, true, &key);
        if (wake == FST_WAKE_HANGUP)
            break;
        if (wake == FST_WAKE_KEY)
            dprintf(report, "key %s %s\n", key.name, key.text);
        if (strcmp(key.name, "c") == 0)
            copy(term, report, 1);
        if (strcmp(key.name, "C") == 0)
            copy(term, report, FST_COPY_MAX / 4 * 3 / 6);
        if (strcmp(key.name, "X") == 0)
            copy(term, report, FST_COPY_MAX / 4 * 3 / 6 + 1);
        act(term, &list, keys, &key);
    }
    fst_term_close(term);
    _exit(129);
}

/* ---- The other side of the pty ---- */

struct pty {
    int master, slave, report;
    pid_t pid;
    struct termios before;
    char *out; /* since the last forget() */
    size_t n, cap;
    char line[1024];
};

static void child(const struct pty *p, int report, const char *const *env)
{
    int null = open("/dev/null", O_WRONLY);
    setsid();
    ioctl(p->slave, TIOCSCTTY, 0);
    dup2(p->slave, 0);
    dup2(p->slave, 1);
    dup2(null, 2);
    close(p->master);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    unsetenv("TMUX");
    unsetenv("STY");
    for (; env && *env; env += 2)
        setenv(env[0], env[1], 1);
    program(report);
}

static struct pty start(int rows, int cols, const char *const *env)
{
    struct pty p = {0};
    int pipes[2];
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    assert_int_equal(openpty(&p.master, &p.slave, NULL, NULL, &size), 0);
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(tcgetattr(p.slave, &p.before), 0);
    p.pid = fork();
    assert_true(p.pid >= 0);
    if (p.pid == 0)
        child(&p, pipes[1], env);
    close(pipes[1]);
    p.report = pipes[0];
    fcntl(p.master, F_SETFL, O_NONBLOCK);
    return p;
}

static void done(struct pty *p)
{
    kill(p->pid, SIGKILL);
    waitpid(p->pid, NULL, 0);
    if (p->master >= 0)
        close(p->master);
    close(p->slave);
    close(p->report);
    free(p->out);
}

static void take_output(struct pty *p)
{
    char bytes[65536];
    ssize_t n;
    while ((n = read(p->master, bytes, sizeof bytes)) > 0) {
        fst_grow(&p->out, &p->cap, p->n + (size_t)n + 1, 1);
        memcpy(p->out + p->n, bytes, (size_t)n);
        p->n += (size_t)n;
        p->out[p->n] = '\0';
    }
}

/* Until nothing has come for a while. */
static void settle(struct pty *p)
{
    struct pollfd f = {.fd = p->master, .events = POLLIN};
    while (poll(&f, 1, QUIET_MS) > 0 && (f.revents & POLLIN))
        take_output(p);
}

static void forget(struct pty *p)
{
    settle(p);
    p->n = 0;
    if (p->out)
        p->out[0] = '\0';
}

/* The next line of the report; NULL at its end. The screen is read meanwhile. */
static const char *report(struct pty *p)
{
    size_t n = 0;
    while (n + 1 < sizeof p->line) {
        struct pollfd f[2] = {{.fd = p->report, .events = POLLIN},
                              {.fd = p->master, .events = POLLIN}};
        if (poll(f, 2, WAIT_MS) <= 0)
            fail_msg("the program says nothing");
        take_output(p);
        if (!f[0].revents)
            continue;
        if (read(p->report, p->line + n, 1) != 1)
            return NULL;
        if (p->line[n] == '\n')
            break;
        n++;
    }
    p->line[n] = '\0';
    return p->line;
}

static void await_report(struct pty *p, const char *wanted)
{
    const char *line;
    do {
        line = report(p);
        if (!line)
            fail_msg("the program ended before it said \"%s\"", wanted);
    } while (strcmp(line, wanted) != 0);
}

static void send_bytes(struct pty *p, const char *bytes)
{
    assert_int_equal(write(p->master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

/* Bytes that one key costs. */
static size_t cost(struct pty *p, const char *key)
{
    forget(p);
    send_bytes(p, key);
    await_report(p, "frame");
    settle(p);
    return p->n;
}

static int end_of(struct pty *p)
{
    int status = 0;
    while (report(p)) {
    }
    settle(p);
    assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
    return status;
}

static void assert_put_back(struct pty *p)
{
    struct termios now;
    assert_int_equal(tcgetattr(p->slave, &now), 0);
    assert_int_equal(now.c_lflag, p->before.c_lflag);
    assert_int_equal(now.c_iflag, p->before.c_iflag);
    assert_int_equal(now.c_oflag, p->before.c_oflag);
    char *leaves = strstr(p->out, "\033[?1049l");
    assert_non_null(leaves);
    assert_null(strstr(leaves, "\033[?1049h"));
    assert_non_null(strstr(p->out, "\033[?2004l"));
    char *shown = strstr(p->out, "\033[?25h");
    assert_true(shown || strstr(p->out, "\033[?12l\033[?25h"));
}

static struct pty start_list(int rows, int cols)
{
    struct pty p = start(rows, cols, NULL);
    await_report(&p, "frame");
    settle(&p);
    return p;
}

/* ---- Leaving ---- */

static void test_ui_term__puts_the_terminal_back_when_closed(void **state)
{
    struct pty p = start_list(24, 80);
    (void)state;
    assert_non_null(strstr(p.out, "\033[?1049h"));
    forget(&p);
    send_bytes(&p, "q");
    assert_int_equal(WEXITSTATUS(end_of(&p)), 0);
    assert_put_back(&p);
    done(&p);
}

static void assert_key_ends_put_back(const char *key, const char *what)
{
    struct pty p = start_list(24, 80);
    forget(&p);
    send_bytes(&p, key);
    int status = end_of(&p);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        fail_msg("%s was no failure", what);
    assert_put_back(&p);
    done(&p);
}

static void test_ui_term__puts_the_terminal_back_at_exit(void **state)
{
    (void)state;
    assert_key_ends_put_back("E", "exit");
}

static void test_ui_term__puts_the_terminal_back_on_fatal_signals(void **state)
{
    (void)state;
    assert_key_ends_put_back("S", "SIGSEGV");
    assert_key_ends_put_back("A", "SIGABRT");
}

static void assert_signal_hangs_up(int signal_number)
{
    struct pty p = start_list(24, 80);
    forget(&p);
    kill(p.pid, signal_number);
    assert_int_equal(WEXITSTATUS(end_of(&p)), 129);
    assert_put_back(&p);
    done(&p);
}

static void test_ui_term__term_hup_and_int_are_hangups(void **state)
{
    (void)state;
    assert_signal_hangs_up(SIGTERM);
    assert_signal_hangs_up(SIGHUP);
    assert_signal_hangs_up(SIGINT);
}

static void test_ui_term__a_lost_line_is_a_hangup(void **state)
{
    struct pty p = start_list(24, 80);
    int status;
    (void)state;
    close(p.master);
    p.master = -1;
    assert_int_equal(waitpid(p.pid, &status, 0), p.pid);
    assert_int_equal(WEXITSTATUS(status), 129);
    done(&p);
}

static void test_ui_term__stops_and_comes_back(void **state)
{
    struct pty p = start_list(24, 80);
    int status;
    (void)state;
    forget(&p);
    kill(p.pid, SIGTSTP);
    assert_int_equal(waitpid(p.pid, &status, WUNTRACED), p.pid);
    assert_true(WIFSTOPPED(status));
    settle(&p);
    assert_put_back(&p);
    forget(&p);
    kill(p.pid, SIGCONT);
    await_report(&p, "frame");
    settle(&p);
    assert_non_null(strstr(p.out, "\033[?1049h"));
    assert_non_null(strstr(p.out, "\033[?2004h"));
    assert_non_null(strstr(p.out, "transactions_of_day_3"));
    send_bytes(&p, "q");
    assert_int_equal(WEXITSTATUS(end_of(&p)), 0);
    done(&p);
}

/* ---- Bytes ---- */

static void test_ui_term__moves_and_scrolls_in_few_bytes(void **state)
{
    struct pty p = start_list(40, 120);
    (void)state;
    size_t first = p.n, move = cost(&p, "j"), again = cost(&p, "j");
    for (int i = 0; i < 40; i++)
        cost(&p, "j");
    size_t scroll = cost(&p, "j"), page = cost(&p, "\033[6~");
    print_message("first frame %zu, cursor move %zu and %zu, scrolled line %zu, page %zu bytes\n",
                  first, move, again, scroll, page);
    assert_true(first <= 7000);
    assert_true(move <= 400);
    assert_true(again <= 400);
    assert_true(scroll <= 600);
    assert_true(page <= 7000);
    done(&p);
}

static void test_ui_term__what_changes_nothing_writes_nothing(void **state)
{
    struct pty p = start_list(40, 120);
    (void)state;
    assert_int_equal(cost(&p, "x"), 0);
    assert_int_equal(cost(&p, "k"), 0);
    done(&p);
}

static void test_ui_term__asks_the_terminal_nothing(void **state)
{
    struct pty p = start_list(24, 80);
    (void)state;
    static const char *const queries[] = {"\033[c",    "\033[>c", "\033[6n",
                                          "\033]11;?", "\033[?u", "\033P"};
    for (size_t i = 0; i < FST_COUNT(queries); i++)
        assert_null(strstr(p.out, queries[i]));
    done(&p);
}

/* ---- The clipboard ---- */

static struct pty copied(const char *const *env, const char *key, const char *said)
{
    struct pty p = start(24, 80, env);
    await_report(&p, "frame");
    forget(&p);
    send_bytes(&p, key);
    await_report(&p, said);
    settle(&p);
    return p;
}

static void test_ui_term__copies_as_base64_in_osc_52(void **state)
{
    struct pty p = copied(NULL, "c", "copied");
    (void)state;
    assert_string_equal(p.out, "\033]52;c;G10wOwcA\a");
    done(&p);
}

static void test_ui_term__copies_as_much_as_terminals_take_and_no_more(void **state)
{
    struct pty p = copied(NULL, "C", "copied");
    (void)state;
    assert_int_equal(p.n, 7 + FST_COPY_MAX / 4 * 4 + 1);
    done(&p);
    p = copied(NULL, "X", "not copied: these are 56,250 bytes, and terminals take 56,244");
    assert_int_equal(p.n, 0);
    done(&p);
}

/* Each piece is short and wrapped; together they are the escape. */
static void test_ui_term__copies_through_screen_in_pieces(void **state)
{
    static const char *const env[] = {"STY", "1.pts", NULL};
    struct pty p = copied(env, "C", "copied");
    struct fst_buf whole = FST_BUF_TEXT;
    (void)state;
    for (const char *at = p.out, *end; *at; at = end + 2) {
        assert_memory_equal(at, "\033P", 2);
        end = strstr(at, "\033\\");
        assert_non_null(end);
        assert_true(end - at <= 252);
        fst_buf_add(&whole, at + 2, (size_t)(end - at) - 2);
    }
    assert_memory_equal(fst_buf_text(&whole), "\033]52;c;G10wOwcA", 15);
    assert_int_equal(whole.n, 7 + FST_COPY_MAX / 4 * 4 + 1);
    assert_int_equal(whole.p[whole.n - 1], '\a');
    fst_buf_done(&whole);
    done(&p);
}

static void test_ui_term__says_that_a_terminal_has_no_clipboard(void **state)
{
    static const char *const env[] = {"TERM", "vt100", NULL};
    struct pty p = copied(env, "c", "not copied: a terminal of TERM=vt100 has no clipboard");
    (void)state;
    assert_int_equal(p.n, 0);
    done(&p);
}

/* A stand-in takes the place of tmux, and tells how it was called. */
static char *stand_in(const char *script)
{
    char folder[] = "/tmp/firesteel-tmux-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = fst_asprintf("%s/tmux", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "#!/bin/sh\n%s\n", script);
    fchmod(fileno(f), 0755);
    fclose(f);
    free(path);
    return fst_strdup(folder);
}

static void leave(const char *folder, const char *const *files)
{
    for (; *files; files++) {
        char *path = fst_path_join(folder, *files);
        unlink(path);
        free(path);
    }
    rmdir(folder);
}

static void test_ui_term__copies_through_tmux_by_its_own_command(void **state)
{
    char *folder = stand_in("cd \"${0%/*}\" && echo \"$# $*\" > args && cat > bytes");
    char *path = fst_asprintf("%s:/bin:/usr/bin", folder), *args, *bytes;
    const char *const env[] = {"TMUX", "x", "PATH", path, NULL};
    struct pty p = copied(env, "C", "copied");
    size_t n_args, n_bytes;
    struct fst_error err;
    (void)state;
    assert_int_equal(p.n, 0);
    char *file = fst_path_join(folder, "args");
    assert_int_equal(fst_file_read(file, 1000, &args, &n_args, &err), FST_OK);
    assert_string_equal(args, "3 load-buffer -w -\n");
    free(file);
    file = fst_path_join(folder, "bytes");
    assert_int_equal(fst_file_read(file, 100000, &bytes, &n_bytes, &err), FST_OK);
    assert_int_equal(n_bytes, FST_COPY_MAX / 4 * 3);
    assert_memory_equal(bytes, "\033]0;\a\0\033]0;", 10);
    leave(folder, (const char *const[]){"tmux", "args", "bytes", NULL});
    done(&p);
    free(args);
    free(bytes);
    free(file);
    free(path);
    free(folder);
}

static void test_ui_term__says_what_tmux_says(void **state)
{
    char *folder = stand_in("echo no server running >&2; exit 1");
    char *path = fst_asprintf("%s:/bin:/usr/bin", folder);
    const char *const env[] = {"TMUX", "x", "PATH", path, NULL};
    struct pty p = copied(env, "c", "not copied: tmux load-buffer -w says: no server running");
    (void)state;
    assert_int_equal(p.n, 0);
    leave(folder, (const char *const[]){"tmux", NULL});
    done(&p);
    free(path);
    free(folder);
}

/* ---- Keys ---- */

static void test_ui_term__names_keys(void **state)
{
    static const struct {
        const char *bytes, *line;
    } keys[] = {{"\033OA", "key up "},
                {"\033[B", "key down "},
                {"\033[1;5C", "key ctrl-right "},
                {"\033[1;2D", "key shift-left "},
                {"\033[Z", "key shift-tab "},
                {"\033[5~", "key pgup "},
                {"\033[3~", "key delete "},
                {"\033OP", "key f1 "},
                {"\x7f", "key backspace "},
                {"\r", "key enter "},
                {"\t", "key tab "},
                {"\x13", "key ctrl-s "},
                {"\x1f", "key ctrl-_ "},
                {"\x1a", "key ctrl-z "},
                {"\xc3\xa9", "key é é"},
                {" ", "key space  "},
                {"\033x", "key alt-x "},
                {"\x03", "key ctrl-c "}};
    struct pty p = start_list(24, 80);
    (void)state;
    for (size_t i = 0; i < FST_COUNT(keys); i++) {
        send_bytes(&p, keys[i].bytes);
        const char *line;
        while ((line = report(&p)) && strncmp(line, "key ", 4) != 0) {
        }
        assert_string_equal(line, keys[i].line);
    }
    done(&p);
}

static void test_ui_term__esc_alone_is_a_key(void **state)
{
    struct pty p = start_list(24, 80);
    (void)state;
    send_bytes(&p, "\033");
    await_report(&p, "key esc ");
    done(&p);
}

static void test_ui_term__answers_and_unknown_sequences_are_not_typed(void **state)
{
    struct pty p = start_list(24, 80);
    const char *line;
    (void)state;
    forget(&p);
    send_bytes(&p, "\033[?62;22c\033[99;7y\033]11;rgb:0000/0000/0000\033\\\033[Iz");
    while ((line = report(&p)) && strncmp(line, "key ", 4) != 0) {
    }
    assert_string_equal(line, "key z z");
    done(&p);
}

static void test_ui_term__a_sequence_that_is_swallowed_is_no_hangup(void **state)
{
    struct pty p = start_list(24, 80);
    (void)state;
    send_bytes(&p, "\033[99;7y");
    await_report(&p, "frame");
    send_bytes(&p, "z");
    await_report(&p, "key z z");
    done(&p);
}

static void test_ui_term__a_paste_is_text(void **state)
{
    struct pty p = start_list(24, 80);
    (void)state;
    send_bytes(&p, "\033[200~q:\x1bS\x03\033[201~z");
    await_report(&p, "key text q:S");
    await_report(&p, "key z z");
    done(&p);
}

static void test_ui_term__a_long_paste_comes_whole(void **state)
{
    struct pty p = start_list(24, 80);
    char text[3001] = "";
    size_t got = 0;
    const char *line;
    (void)state;
    memset(text, 'y', sizeof text - 1);
    send_bytes(&p, "\033[200~");
    send_bytes(&p, text);
    send_bytes(&p, "\033[201~z");
    while ((line = report(&p)) && strcmp(line, "key z z") != 0)
        if (strncmp(line, "key text ", 9) == 0)
            got += strlen(line + 9);
    assert_int_equal(got, 3000);
    done(&p);
}

/* ---- Sizes and kinds of terminals ---- */

static void resize_to(struct pty *p, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    assert_int_equal(ioctl(p->master, TIOCSWINSZ, &size), 0);
    await_report(p, "key resize ");
    await_report(p, "frame");
}

static void test_ui_term__lives_through_any_size(void **state)
{
    struct pty p = start_list(24, 80);
    (void)state;
    resize_to(&p, 1, 1);
    resize_to(&p, 2, 300);
    resize_to(&p, 200, 2);
    forget(&p);
    resize_to(&p, 50, 100);
    settle(&p);
    assert_non_null(strstr(p.out, "transactions_of_day_45"));
    send_bytes(&p, "q");
    assert_int_equal(WEXITSTATUS(end_of(&p)), 0);
    done(&p);
}

static void test_ui_term__opens_on_one_cell(void **state)
{
    struct pty p = start_list(1, 1);
    (void)state;
    send_bytes(&p, "jq");
    assert_int_equal(WEXITSTATUS(end_of(&p)), 0);
    done(&p);
}

static void assert_refuses(const char *term, const char *part)
{
    const char *const env[] = {"TERM", term, NULL};
    struct pty p = start(24, 80, env);
    const char *line = report(&p);
    assert_non_null(line);
    if (!strstr(line, part))
        fail_msg("\"%s\" is not in \"%s\"", part, line);
    done(&p);
}

static void test_ui_term__refuses_terminals_it_cannot_draw_on(void **state)
{
    (void)state;
    assert_refuses("dumb", "error the terminal TERM=dumb cannot place its cursor");
    assert_refuses("no-such-terminal", "does not know the terminal TERM=no-such-terminal");
    assert_refuses("", "TERM is not set");
}

static void test_ui_term__runs_on_older_terminals(void **state)
{
    static const char *const terms[] = {"vt100", "linux", "screen", "tmux-256color"};
    (void)state;
    for (size_t i = 0; i < FST_COUNT(terms); i++) {
        const char *const env[] = {"TERM", terms[i], NULL};
        struct pty p = start(24, 80, env);
        await_report(&p, "frame");
        settle(&p);
        assert_non_null(strstr(p.out, "transactions_of_day_3"));
        send_bytes(&p, "jq");
        assert_int_equal(WEXITSTATUS(end_of(&p)), 0);
        done(&p);
    }
}

static bool has_color(const char *out)
{
    for (const char *p = out; (p = strstr(p, "\033[")) != NULL; p += 2) {
        size_t n = strspn(p + 2, "0123456789;");
        bool starts = (p[2] == '3' || p[2] == '4') && n >= 2;
        if (p[2 + n] == 'm' && starts)
            return true;
    }
    return false;
}

static void test_ui_term__no_color_uses_none(void **state)
{
    const char *const env[] = {"NO_COLOR", "1", NULL};
    struct pty p = start(24, 80, env), colored = start_list(24, 80);
    (void)state;
    await_report(&p, "frame");
    settle(&p);
    assert_true(has_color(colored.out));
    assert_false(has_color(p.out));
    assert_non_null(strstr(p.out, ";7m"));
    done(&p);
    done(&colored);
}

static void test_ui_term__without_utf8_only_ascii_goes_out(void **state)
{
    const char *const env[] = {"LC_ALL", "C", NULL};
    struct pty p = start(24, 60, env);
    (void)state;
    await_report(&p, "frame");
    settle(&p);
    for (size_t i = 0; i < p.n; i++)
        assert_true((unsigned char)p.out[i] < 0x80);
    assert_non_null(strstr(p.out, "~"));
    done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_term__puts_the_terminal_back_when_closed),
        cmocka_unit_test(test_ui_term__puts_the_terminal_back_at_exit),
        cmocka_unit_test(test_ui_term__puts_the_terminal_back_on_fatal_signals),
        cmocka_unit_test(test_ui_term__term_hup_and_int_are_hangups),
        cmocka_unit_test(test_ui_term__a_lost_line_is_a_hangup),
        cmocka_unit_test(test_ui_term__stops_and_comes_back),
        cmocka_unit_test(test_ui_term__moves_and_scrolls_in_few_bytes),
        cmocka_unit_test(test_ui_term__what_changes_nothing_writes_nothing),
        cmocka_unit_test(test_ui_term__asks_the_terminal_nothing),
        cmocka_unit_test(test_ui_term__copies_as_base64_in_osc_52),
        cmocka_unit_test(test_ui_term__copies_as_much_as_terminals_take_and_no_more),
        cmocka_unit_test(test_ui_term__copies_through_screen_in_pieces),
        cmocka_unit_test(test_ui_term__says_that_a_terminal_has_no_clipboard),
        cmocka_unit_test(test_ui_term__copies_through_tmux_by_its_own_command),
        cmocka_unit_test(test_ui_term__says_what_tmux_says),
        cmocka_unit_test(test_ui_term__names_keys),
        cmocka_unit_test(test_ui_term__esc_alone_is_a_key),
        cmocka_unit_test(test_ui_term__answers_and_unknown_sequences_are_not_typed),
        cmocka_unit_test(test_ui_term__a_sequence_that_is_swallowed_is_no_hangup),
        cmocka_unit_test(test_ui_term__a_paste_is_text),
        cmocka_unit_test(test_ui_term__a_long_paste_comes_whole),
        cmocka_unit_test(test_ui_term__lives_through_any_size),
        cmocka_unit_test(test_ui_term__opens_on_one_cell),
        cmocka_unit_test(test_ui_term__refuses_terminals_it_cannot_draw_on),
        cmocka_unit_test(test_ui_term__runs_on_older_terminals),
        cmocka_unit_test(test_ui_term__no_color_uses_none),
        cmocka_unit_test(test_ui_term__without_utf8_only_ascii_goes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
