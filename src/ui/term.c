/* The real terminal: the only file that knows curses.
 *
 * On every way out the terminal is put back. For a crash that is done in the signal handler, with
 * bytes and settings that were taken when it was opened, by calls that a handler may make; hence
 * the few variables of this file: handlers get no argument. Nothing is asked of the terminal at
 * start, so a slow line shows the first screen at once. */
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "term.h"
#undef lines
#undef columns

#define MAX_FDS 8
#define KEY_PASTE_BEGIN (KEY_MAX + 1)
#define KEY_PASTE_END (KEY_MAX + 2)
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

struct curses {
    SCREEN *screen;
    int pairs[FST_ROLE_COUNT_];
    attr_t attrs[FST_ROLE_COUNT_];
    bool pasting, colors;
};

/* ---- Signals
 * -------------------------------------------------------------------------------------------------
 */

static struct termios saved;  /* as it was before us */
static char leave_bytes[256]; /* what puts the screen back */
static size_t n_leave_bytes;
static volatile sig_atomic_t taken; /* we have the terminal */
static int wake[2] = {-1, -1};      /* written by the handler of SIGHUP and SIGTERM */

static void put_back(void)
{
    if (!taken)
        return;
    taken = 0;
    if (write(STDOUT_FILENO, leave_bytes, n_leave_bytes) < 0) {
        /* nothing is left to be done about it */
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

static void on_crash(int sig)
{
    put_back();
    signal(sig, SIG_DFL);
    raise(sig);
}

static void on_end(int sig)
{
    int code = errno;
    char byte = (char)sig;
    if (write(wake[1], &byte, 1) < 0) {
        /* full: it is awake already */
    }
    errno = code;
}

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};
static const int end_signals[] = {SIGHUP, SIGTERM};

static void handle_signals(void)
{
    struct sigaction crash = {.sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_NODEFER};
    struct sigaction end = {.sa_handler = on_end};
    for (size_t i = 0; i < FST_COUNT(crash_signals); i++)
        sigaction(crash_signals[i], &crash, NULL);
    for (size_t i = 0; i < FST_COUNT(end_signals); i++)
        sigaction(end_signals[i], &end, NULL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C is a key here */
}

static void unhandle_signals(void)
{
    for (size_t i = 0; i < FST_COUNT(crash_signals); i++)
        signal(crash_signals[i], SIG_DFL);
    for (size_t i = 0; i < FST_COUNT(end_signals); i++)
        signal(end_signals[i], SIG_DFL);
}

static void remember_bytes(const char *capability)
{
    const char *text = tigetstr(capability);
    size_t n = text && text != (char *)-1 ? strlen(text) : 0;
    if (n == 0 || n_leave_bytes + n > sizeof leave_bytes)
        return;
    memcpy(leave_bytes + n_leave_bytes, text, n);
    n_leave_bytes += n;
}

static void remember_way_out(void)
{
    n_leave_bytes = strlen(PASTE_OFF);
    memcpy(leave_bytes, PASTE_OFF, n_leave_bytes);
    remember_bytes("sgr0");
    remember_bytes("rmcup");
    remember_bytes("cnorm");
    remember_bytes("rmkx");
}

/* ---- Colours
 * ---------------------------------------------------------------------------------------------------
 */

/* The nearest colour that the terminal has: its palette's cube of 256, else its 8 or 16. */
static int reduce(int colour)
{
    if (colour < 0 || !(colour & COLOR_RGB))
        return colour >= COLORS ? colour % 8 : colour;
    int r = colour >> 16 & 255, g = colour >> 8 & 255, b = colour & 255;
    if (COLORS >= 256) {
        if (abs(r - g) < 10 && abs(g - b) < 10 && r > 8 && r < 238)
            return 232 + (r - 8) / 10;
        return 16 + 36 * ((r + 25) / 51) + 6 * ((g + 25) / 51) + (b + 25) / 51;
    }
    int light = r > 170 || g > 170 || b > 170 ? 8 : 0;
    return (r > 90) + 2 * (g > 90) + 4 * (b > 90) + (COLORS >= 16 ? light : 0);
}

static attr_t attr_of(unsigned look)
{
    return (look & LOOK_BOLD ? A_BOLD : 0) | (look & LOOK_DIM ? A_DIM : 0) |
           (look & LOOK_UNDERLINE ? A_UNDERLINE : 0) | (look & LOOK_REVERSE ? A_REVERSE : 0) |
           (look & LOOK_ITALIC ? A_ITALIC : 0);
}

static void set_colours(struct fst_term *t)
{
    struct curses *c = t->own;
    c->colors = !t->no_color && has_colors() && start_color() == OK && use_default_colors() == OK;
    for (int i = 0; i < FST_ROLE_COUNT_; i++) {
        const struct look *look = &t->theme->looks[i];
        bool backed = look->bg != -1;
        c->attrs[i] = attr_of(look->attr);
        if (!c->colors) {
            c->attrs[i] |= backed                                     ? A_REVERSE
                           : i == FST_ROLE_ERROR || i == FST_ROLE_KEY ? A_BOLD
                                                                      : 0;
            continue;
        }
        int fg = reduce(look->fg), bg = reduce(look->bg);
        if (look->fg == 8 && COLORS < 16) { /* bright black on 8 colours would be black on black */
            fg = -1;
            c->attrs[i] |= A_DIM;
        }
        if (i + 1 < COLOR_PAIRS && init_pair((short)(i + 1), (short)fg, (short)bg) == OK)
            c->pairs[i] = i + 1;
    }
}

/* ---- Drawing
 * ------------------------------------------------------------------------------------------------------
 */

static void put_run(struct fst_term *t, int row, int from, int to)
{
    struct curses *c = t->own;
    struct fst_buf text = FST_BUF(1 << 20);
    int role = t->cells[row * t->cols + from].role;
    for (int i = from; i < to; i++)
        fst_buf_adds(&text, t->cells[row * t->cols + i].text);
    attr_set(c->attrs[role], (short)c->pairs[role], NULL);
    mvaddnstr(row, from, fst_buf_text(&text), (int)text.n);
    fst_buf_done(&text);
}

static void put_row(struct fst_term *t, int row)
{
    const struct fst_cell *now = t->cells + row * t->cols, *old = t->shown + row * t->cols;
    for (int i = 0; i < t->cols;) {
        if (!term_cell_differs(&now[i], &old[i])) {
            i++;
            continue;
        }
        int from = i > 0 && now[i].width == 0 ? i - 1 : i, to = from + 1;
        while (to < t->cols && now[to].role == now[from].role &&
               (now[to].width == 0 || term_cell_differs(&now[to], &old[to])))
            to++;
        put_run(t, row, from, to);
        i = to;
    }
}

static void curses_flush(struct fst_term *t)
{
    bool changed =
        memcmp(t->cells, t->shown, (size_t)t->rows * (size_t)t->cols * sizeof *t->cells) != 0;
    bool moved = t->cursor_row != t->shown_row || t->cursor_col != t->shown_col;
    if (!changed && !moved)
        return;
    for (int row = 0; changed && row < t->rows; row++)
        put_row(t, row);
    if ((t->cursor_row >= 0) != (t->shown_row >= 0) || t->shown_row == -2)
        curs_set(t->cursor_row >= 0);
    if (t->cursor_row >= 0)
        move(t->cursor_row, t->cursor_col);
    refresh();
}

static void curses_size(struct fst_term *t, int *rows, int *cols)
{
    (void)t;
    getmaxyx(stdscr, *rows, *cols);
}

/* ---- Keys
 * ------------------------------------------------------------------------------------------------------------
 */

static const struct {
    int code;
    const char *name;
} key_names[] = {
    {KEY_UP, "up"},
    {KEY_DOWN, "down"},
    {KEY_LEFT, "left"},
    {KEY_RIGHT, "right"},
    {KEY_HOME, "home"},
    {KEY_END, "end"},
    {KEY_PPAGE, "pgup"},
    {KEY_NPAGE, "pgdn"},
    {KEY_DC, "delete"},
    {KEY_IC, "insert"},
    {KEY_BTAB, "shift-tab"},
    {KEY_BACKSPACE, "backspace"},
    {KEY_ENTER, "enter"},
    {KEY_RESIZE, "resize"},
    {KEY_SLEFT, "shift-left"},
    {KEY_SRIGHT, "shift-right"},
    {KEY_SR, "shift-up"},
    {KEY_SF, "shift-down"},
    {KEY_SHOME, "shift-home"},
    {KEY_SEND, "shift-end"},
    {KEY_A1, "home"},
    {KEY_A3, "pgup"},
    {KEY_C1, "end"},
    {KEY_C3, "pgdn"},
};

static void name_function_key(int code, struct fst_key *key)
{
    for (size_t i = 0; i < FST_COUNT(key_names); i++)
        if (key_names[i].code == code) {
            snprintf(key->name, sizeof key->name, "%s", key_names[i].name);
            return;
        }
    if (code >= KEY_F(1) && code <= KEY_F(24))
        snprintf(key->name, sizeof key->name, "f%d", code - KEY_F0);
}

static void name_character(wint_t c, struct fst_key *key)
{
    char text[4];
    if (c == 13 || c == 10)
        snprintf(key->name, sizeof key->name, "enter");
    else if (c == 9)
        snprintf(key->name, sizeof key->name, "tab");
    else if (c == 27)
        snprintf(key->name, sizeof key->name, "esc");
    else if (c == 127 || c == 8)
        snprintf(key->name, sizeof key->name, "backspace");
    else if (c == 0)
        snprintf(key->name, sizeof key->name, "ctrl-space");
    else if (c < 32)
        snprintf(key->name, sizeof key->name, "ctrl-%c", (int)c + 96);
    else {
        size_t n = fst_utf8_encode((uint32_t)c, text);
        memcpy(key->text, text, n);
        key->text[n] = '\0';
        snprintf(key->name, sizeof key->name, "%s", c == ' ' ? "space" : key->text);
    }
}

/* One key if one is there; a pasted piece comes as text that is never a command. */
static bool read_key(struct fst_term *t, struct fst_key *key)
{
    struct curses *c = t->own;
    wint_t ch;
    int kind = get_wch(&ch);
    if (kind == ERR)
        return false;
    if (kind == KEY_CODE_YES && (int)ch == KEY_PASTE_BEGIN) {
        c->pasting = true;
        return read_key(t, key);
    }
    if (kind == KEY_CODE_YES && (int)ch == KEY_PASTE_END) {
        c->pasting = false;
        return read_key(t, key);
    }
    if (kind == KEY_CODE_YES) {
        name_function_key((int)ch, key);
        return key->name[0] != '\0';
    }
    name_character(ch, key);
    if (c->pasting && strcmp(key->name, "enter") == 0)
        snprintf(key->text, sizeof key->text, "\n");
    if (c->pasting && strcmp(key->name, "tab") == 0)
        snprintf(key->text, sizeof key->text, "\t");
    if (c->pasting)
        snprintf(key->name, sizeof key->name, "%s", key->text[0] ? "text" : "");
    if (strcmp(key->name, "esc") == 0) { /* Alt sends Esc and the key */
        wint_t next;
        if (get_wch(&next) == OK && next >= 32 && next < 127)
            snprintf(key->name, sizeof key->name, "alt-%c", (int)next);
    }
    return true;
}

static enum fst_term_wake woken_by(const struct pollfd *p, size_t n)
{
    if (p[1].revents || p[0].revents & (POLLHUP | POLLERR | POLLNVAL))
        return FST_WAKE_HANGUP;
    for (size_t i = 2; i < n; i++)
        if (p[i].revents)
            return FST_WAKE_FD;
    return FST_WAKE_TIMEOUT;
}

static enum fst_term_wake curses_wait(struct fst_term *t, const int *fds, size_t n_fds,
                                      int timeout_ms, bool idle, struct fst_key *key)
{
    struct pollfd p[MAX_FDS] = {{.fd = STDIN_FILENO, .events = POLLIN},
                                {.fd = wake[0], .events = POLLIN}};
    size_t n = 2;
    (void)idle;
    if (read_key(t, key))
        return FST_WAKE_KEY;
    for (size_t i = 0; i < n_fds && n < MAX_FDS; i++)
        p[n++] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    int ready = poll(p, n, timeout_ms);
    if (ready < 0 && errno != EINTR)
        return FST_WAKE_HANGUP;
    if (ready < 0) /* a signal, perhaps the window's size */
        return read_key(t, key) ? FST_WAKE_KEY : FST_WAKE_TIMEOUT;
    if (p[1].revents == 0 && p[0].revents & POLLIN && read_key(t, key))
        return FST_WAKE_KEY;
    return woken_by(p, n);
}

/* ---- Opening and leaving
 * ------------------------------------------------------------------------------------------------
 */

static void enter(struct fst_term *t)
{
    (void)t;
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    idlok(stdscr, TRUE);
    taken = 1;
    putp(PASTE_ON);
    fflush(stdout);
}

static void curses_suspend(struct fst_term *t)
{
    (void)t;
    putp(PASTE_OFF);
    endwin();
    fflush(stdout);
    taken = 0;
}

static void curses_resume(struct fst_term *t)
{
    enter(t);
    clearok(stdscr, TRUE);
    erase();
    refresh();
    curs_set(0);
}

static void curses_close(struct fst_term *t)
{
    struct curses *c = t->own;
    curses_suspend(t);
    unhandle_signals();
    delscreen(c->screen);
    close(wake[0]);
    close(wake[1]);
    wake[0] = wake[1] = -1;
    free(c);
}

static const struct term_backend backend = {
    .size = curses_size,
    .flush = curses_flush,
    .wait = curses_wait,
    .suspend = curses_suspend,
    .resume = curses_resume,
    .close = curses_close,
};

static enum fst_status new_screen(struct curses *c, struct fst_error *err)
{
    const char *type = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return fst_fail(err, FST_EINVAL,
                        "the workbench needs a terminal; the verbs do not (firesteel --help)");
    c->screen = newterm(NULL, stdout, stdin);
    if (!c->screen)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "the terminal type TERM=%s is not known here; try TERM=xterm-256color",
                        type && *type ? type : "(not set)");
    const char *move_cursor = tigetstr("cup");
    if (!move_cursor || move_cursor == (char *)-1) {
        endwin();
        delscreen(c->screen);
        return fst_fail(err, FST_EUNSUPPORTED,
                        "the terminal type TERM=%s cannot place its cursor; the verbs work there",
                        type && *type ? type : "(not set)");
    }
    return FST_OK;
}

enum fst_status term_curses_open(struct fst_term *t, struct fst_error *err)
{
    struct curses *c = fst_alloc(sizeof *c);
    tcgetattr(STDIN_FILENO, &saved);
    enum fst_status status = new_screen(c, err);
    if (status == FST_OK && pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0) {
        endwin();
        status = fst_fail_errno(err, "a pipe for signals");
    }
    if (status != FST_OK) {
        free(c);
        return status;
    }
    t->own = c;
    t->backend = &backend;
    t->ascii |= strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    t->shown_row = -2;
    remember_way_out();
    handle_signals();
    atexit(put_back);
    set_escdelay(25);
    enter(t);
    define_key("\033[200~", KEY_PASTE_BEGIN);
    define_key("\033[201~", KEY_PASTE_END);
    set_colours(t);
    bkgdset(' ' | (c->colors ? (chtype)COLOR_PAIR(c->pairs[FST_ROLE_TEXT]) : 0));
    erase();
    return FST_OK;
}
