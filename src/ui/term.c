/* The terminal, through curses: which no others than this file and the other term_*.c know.
 *
 * Views draw all of the screen each time; rows that did not change are not given to curses, and
 * what curses gets it sends as differences, scrolling included. Nothing is asked of the terminal:
 * over slow lines and inside of other programs the answers come late and are taken for keys. */
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "crash.h"
#include "guard.h"
#include "key.h"
#include "screen.h"
#include "term_copy.h"
#include "term_info.h"
#include "term_key.h"
#include "term_notify.h"
#include "theme.h"

#define ESC_MS 25
#define FRAME_US 33000 /* while keys are waiting, no more frames than people can see */
#define MAX_COMBINING 4

struct curses_term {
    struct fst_term base;
    SCREEN *screen;
    struct fst_term_keys keys;
    struct fst_cell *shown;
    struct fst_style styles[FST_ROLE_COUNT_];
    attr_t attrs[FST_ROLE_COUNT_];
    short pairs[FST_ROLE_COUNT_];
    int cursor_shown; /* -1 unknown */
    bool hangup, late, resized, brackets, no_color, colored, mouse;
    int64_t flushed_us, sized_us;
};

/* ---- Output ---------------------------------------------------------------------------------- */

static bool say_bytes(const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, p, n);
        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            p += done;
            n -= (size_t)done;
        }
    }
    return true;
}

static void say(const char *text)
{
    say_bytes(text, strlen(text));
}

/* One base character and what combines with it without changing its width. What curses counts as
 * narrower than we do is padded by the caller, what it counts as wider is not drawn. */
static int wide_text(const struct curses_term *t, const struct fst_cell *cell, wchar_t *out)
{
    size_t n = strlen(cell->text);
    uint32_t cp;
    int count = 0;
    for (size_t i = 0; i < n && count <= MAX_COMBINING;) {
        i += fst_utf8_decode(cell->text + i, n - i, &cp);
        int width = wcwidth((wchar_t)cp);
        if (count == 0 && (width <= 0 || width > cell->width || (cp >= 0x80 && !t->base.utf8)))
            break;
        if (count > 0 && (width != 0 || cp == 0x200D || (cp >= 0xFE00 && cp <= 0xFE0F)))
            break;
        out[count++] = (wchar_t)cp;
    }
    if (count == 0)
        out[count++] = L'?';
    out[count] = L'\0';
    return wcwidth(out[0]);
}

static void show_row(struct curses_term *t, int row)
{
    cchar_t line[FST_TERM_MAX + 1];
    wchar_t text[MAX_COMBINING + 3];
    int n = 0;
    const struct fst_cell *cells = &t->base.cells[(size_t)row * (size_t)t->base.cols];
    for (int col = 0; col < t->base.cols; col++) {
        const struct fst_cell *c = &cells[col];
        if (c->width == 0)
            continue;
        int width = wide_text(t, c, text);
        setcchar(&line[n++], text, t->attrs[c->role], t->pairs[c->role], NULL);
        if (width < c->width)
            setcchar(&line[n++], L" ", t->attrs[c->role], t->pairs[c->role], NULL);
    }
    mvadd_wchnstr(row, 0, line, n);
}

static void place_cursor(struct curses_term *t)
{
    bool visible = t->base.cursor_row >= 0;
    leaveok(stdscr, !visible);
    if (visible)
        move(t->base.cursor_row, t->base.cursor_col);
    if (t->cursor_shown != (int)visible)
        curs_set(visible);
    t->cursor_shown = visible;
}

static void show(struct curses_term *t)
{
    size_t row_bytes = (size_t)t->base.cols * sizeof *t->shown;
    for (int row = 0; row < t->base.rows; row++) {
        size_t at = (size_t)row * (size_t)t->base.cols;
        if (memcmp(&t->shown[at], &t->base.cells[at], row_bytes) == 0)
            continue;
        show_row(t, row);
        memcpy(&t->shown[at], &t->base.cells[at], row_bytes);
    }
    place_cursor(t);
    refresh();
    t->late = false;
    t->flushed_us = fst_monotonic_us();
}

/* A window is being dragged: what is drawn for one size is gone with the next. */
static bool is_dragged(const struct curses_term *t)
{
    int64_t now = fst_monotonic_us();
    return now - t->flushed_us < FRAME_US && now - t->sized_us < FRAME_US;
}

/* A key held down is faster than a slow line: frames that nobody would see are left out. */
static void curses_flush(struct fst_term *base)
{
    struct curses_term *t = (struct curses_term *)base;
    bool soon = fst_monotonic_us() - t->flushed_us < FRAME_US;
    if (soon && (is_dragged(t) || fst__term_keys_waiting()))
        t->late = true;
    else
        show(t);
}

/* ---- Looks ----------------------------------------------------------------------------------- */

static attr_t attr_of(const struct fst_style *s)
{
    return (s->attr & FST_ATTR_BOLD ? A_BOLD : 0) | (s->attr & FST_ATTR_DIM ? A_DIM : 0) |
           (s->attr & FST_ATTR_ITALIC ? A_ITALIC : 0) |
           (s->attr & FST_ATTR_UNDERLINE ? A_UNDERLINE : 0) |
           (s->attr & FST_ATTR_REVERSE ? A_REVERSE : 0);
}

/* With eight colours the bright ones are the plain ones, in bold where they are letters. */
static int clamp_color(int color, bool letters, attr_t *attr)
{
    if (color < COLORS)
        return color;
    color = fst__color_to_16(color);
    if (color < COLORS)
        return color;
    if (letters)
        *attr |= A_BOLD;
    return color % 8;
}

static short pair_of(struct curses_term *t, enum fst_role role, short *n_pairs)
{
    const struct fst_style *s = &t->styles[role];
    if (s->fg == FST_COLOR_DEFAULT && s->bg == FST_COLOR_DEFAULT)
        return 0;
    for (int i = 0; i < (int)role; i++)
        if (t->styles[i].fg == s->fg && t->styles[i].bg == s->bg)
            return t->pairs[i];
    if (*n_pairs + 1 >= COLOR_PAIRS)
        return 0;
    ++*n_pairs;
    init_pair(*n_pairs, (short)clamp_color(s->fg, true, &t->attrs[role]),
              (short)clamp_color(s->bg, false, &t->attrs[role]));
    return *n_pairs;
}

static bool wants_color(const struct curses_term *t)
{
    const char *no = getenv("NO_COLOR");
    return !t->no_color && !(no && *no) && has_colors() &&
           tigetnum("colors") >= 8; /* COLORS is 0 before start_color */
}

/* Without colours the mono theme stands in: what colours told apart it tells by attributes. */
static enum fst_status take_theme(struct curses_term *t, const struct fst_theme *theme,
                                  struct fst_error *err)
{
    struct fst_theme *other = NULL;
    bool color = wants_color(t);
    short n_pairs = 0;
    if (!color || !theme)
        FST_TRY(fst_theme_load(color ? NULL : "mono", &other, err));
    memcpy(t->styles, (other ? other : theme)->styles, sizeof t->styles);
    fst_theme_free(other);
    if (color && !t->colored) {
        start_color();
        use_default_colors();
        t->colored = true;
    }
    for (int i = 0; i < FST_ROLE_COUNT_; i++) {
        t->attrs[i] = attr_of(&t->styles[i]);
        t->pairs[i] = color ? pair_of(t, (enum fst_role)i, &n_pairs) : 0;
    }
    return FST_OK;
}

static enum fst_status curses_restyle(struct fst_term *base, const struct fst_theme *theme,
                                      struct fst_error *err)
{
    struct curses_term *t = (struct curses_term *)base;
    FST_TRY(take_theme(t, theme, err));
    memset(t->shown, 0, (size_t)base->rows * (size_t)base->cols * sizeof *t->shown);
    return FST_OK;
}

/* ---- Size ------------------------------------------------------------------------------------ */

static void take_size(struct curses_term *t, int rows, int cols)
{
    fst__term_resize(&t->base, rows, cols);
    free(t->shown);
    /* all zero is no cell that is ever drawn, so that all rows differ */
    t->shown = fst_alloc((size_t)t->base.rows * (size_t)t->base.cols * sizeof *t->shown);
}

/* True when the terminal has another size than before. */
static bool follow_size(struct curses_term *t)
{
    struct winsize w;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_row == 0 || w.ws_col == 0)
        return false;
    int rows = w.ws_row < FST_TERM_MAX ? w.ws_row : FST_TERM_MAX;
    int cols = w.ws_col < FST_TERM_MAX ? w.ws_col : FST_TERM_MAX;
    if (rows == t->base.rows && cols == t->base.cols)
        return false;
    resize_term(rows, cols);
    clearok(curscr, TRUE);
    take_size(t, rows, cols);
    t->sized_us = fst_monotonic_us();
    return true;
}

/* ---- Leaving and coming back ----------------------------------------------------------------- */

/* Presses and the wheel, in the way that has no greatest column. */
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

static void curses_suspend(struct fst_term *base)
{
    struct curses_term *t = (struct curses_term *)base;
    if (t->brackets)
        say("\033[?2004l");
    if (t->mouse)
        say(MOUSE_OFF);
    endwin();
    fst__guard_arm(false);
}

static void curses_resume(struct fst_term *base)
{
    struct curses_term *t = (struct curses_term *)base;
    fst__guard_arm(true);
    clearok(curscr, TRUE);
    t->resized |= follow_size(t);
    t->cursor_shown = -1;
    show(t);
    if (t->brackets)
        say("\033[?2004h");
    if (t->mouse)
        say(MOUSE_ON);
    struct fst_guard_news news = fst__guard_take(); /* our own coming back is no news */
    t->hangup |= news.hangup;
}

static void stop(struct curses_term *t)
{
    curses_suspend(&t->base);
    raise(SIGSTOP);
    curses_resume(&t->base);
}

static void take_news(struct curses_term *t)
{
    struct fst_guard_news news = fst__guard_take();
    t->hangup |= news.hangup;
    if (news.stop)
        stop(t);
    else if (news.continued)
        curses_resume(&t->base);
    else if (news.resized)
        t->resized |= follow_size(t);
}

/* ---- Waiting --------------------------------------------------------------------------------- */

/* A terminal that is readable and has nothing is gone. To be asked before reading. */
static bool is_gone(const struct pollfd *p)
{
    int n = 0;
    if (p->revents & (POLLHUP | POLLERR | POLLNVAL))
        return true;
    return (p->revents & POLLIN) && (ioctl(p->fd, FIONREAD, &n) != 0 || n == 0);
}

static bool take_key(struct curses_term *t, struct fst_key *key)
{
    if (t->resized) {
        t->resized = false;
        *key = fst__key_named("resize");
        return true;
    }
    return fst__term_keys_read(&t->keys, key);
}

static enum fst_term_wake wait_for(struct curses_term *t, const int *fds, size_t n_fds,
                                   int timeout_ms, struct fst_key *key)
{
    struct pollfd p[18] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = fst__guard_fd(), .events = POLLIN}};
    for (size_t i = 0; i < n_fds; i++)
        p[i + 2] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    int ready = poll(p, n_fds + 2, timeout_ms);
    if (ready == 0)
        return FST_WAKE_TIMEOUT;
    bool gone = ready > 0 && is_gone(&p[0]);
    take_news(t);
    if (take_key(t, key))
        return FST_WAKE_KEY;
    t->hangup |= gone;
    return t->hangup ? FST_WAKE_HANGUP : FST_WAKE_FD;
}

static enum fst_term_wake curses_wait(struct fst_term *base, const int *fds, size_t n_fds,
                                      int timeout_ms, bool idle, struct fst_key *key)
{
    struct curses_term *t = (struct curses_term *)base;
    (void)idle;
    if (t->hangup)
        return FST_WAKE_HANGUP;
    if (take_key(t, key))
        return FST_WAKE_KEY;
    if (t->late && is_dragged(t)) {
        enum fst_term_wake wake = wait_for(t, fds, n_fds, FRAME_US / 1000 + 1, key);
        if (wake != FST_WAKE_TIMEOUT || is_dragged(t))
            return wake;
    }
    if (t->late)
        show(t);
    return wait_for(t, fds, n_fds, timeout_ms, key);
}

/* ---- Opening and closing --------------------------------------------------------------------- */

static void prepare_guard(const struct curses_term *t)
{
    struct fst_buf bytes = FST_BUF(512);
    if (t->brackets)
        fst_buf_adds(&bytes, "\033[?2004l");
    if (t->mouse)
        fst_buf_adds(&bytes, MOUSE_OFF);
    fst__terminfo_leave(&bytes);
    fst__guard_set_bytes(fst_buf_text(&bytes), bytes.n);
    fst_buf_done(&bytes);
}

static void set_modes(struct curses_term *t)
{
    raw();
    noecho();
    nonl();
    if (!getenv("ESCDELAY"))
        set_escdelay(ESC_MS);
    idlok(stdscr, TRUE);
    fst__term_keys_open(&t->keys);
}

static void curses_close(struct fst_term *base)
{
    struct curses_term *t = (struct curses_term *)base;
    if (t->brackets)
        say("\033[?2004l");
    if (t->mouse)
        say(MOUSE_OFF);
    fst__term_keys_close(&t->keys);
    endwin();
    fst__guard_close();
    delscreen(t->screen);
    free(t->shown);
}

static enum fst_status curses_copy(struct fst_term *base, const void *bytes, size_t n,
                                   struct fst_error *err)
{
    struct fst_buf escape = FST_BUF(2 * FST_COPY_MAX);
    enum fst_copy_way way;
    (void)base;
    FST_TRY(fst__copy_way(&way, err));
    if (way == FST_COPY_TMUX)
        return fst__copy_to_tmux(bytes, n, err);
    fst__copy_escape(&escape, way, bytes, n);
    bool is_said = say_bytes(escape.p, escape.n);
    fst_buf_done(&escape);
    return is_said ? FST_OK : fst_fail_errno(err, "not copied: writing to the terminal");
}

static enum fst_status curses_mouse(struct fst_term *base, bool on, struct fst_error *err)
{
    struct curses_term *t = (struct curses_term *)base;
    const char *has = tigetstr("kmous");
    if (on && (!has || has == (const char *)-1))
        return fst_fail(err, FST_EUNSUPPORTED, "the terminal TERM=%s has no mouse", getenv("TERM"));
    if (on != t->mouse)
        say(on ? MOUSE_ON : MOUSE_OFF);
    t->mouse = on;
    prepare_guard(t);
    return FST_OK;
}

static void curses_bell(struct fst_term *base)
{
    (void)base;
    beep();
}

static void curses_notify(struct fst_term *base, const char *text)
{
    struct fst_buf escape = FST_BUF(32768);
    enum fst_copy_way way;
    (void)base;
    if (fst__copy_way(&way, NULL) != FST_OK)
        return;
    fst__notify_escape(&escape, way, text);
    say_bytes(escape.p, escape.n);
    fst_buf_done(&escape);
}

static int no_result(const struct fst_term *base)
{
    (void)base;
    return 0;
}

static const struct fst_term_ops ops = {.flush = curses_flush,
                                        .wait = curses_wait,
                                        .suspend = curses_suspend,
                                        .resume = curses_resume,
                                        .copy = curses_copy,
                                        .mouse = curses_mouse,
                                        .bell = curses_bell,
                                        .notify = curses_notify,
                                        .restyle = curses_restyle,
                                        .result = no_result,
                                        .close = curses_close};

/* A screen that has never been left is taken by curses for a program that has none, and each move
 * of its cursor is written by itself: thirty packets a frame where one will do. So it is left once,
 * and come back to, before there is anything on it; before there are colours, too, since coming
 * back would set those of the terminal that others changed. */
static void leave_once(void)
{
    endwin();
    refresh();
}

static enum fst_status start(struct curses_term *t, const struct fst_term_options *o,
                             struct fst_error *err)
{
    t->base.ops = &ops;
    t->base.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    t->base.ascii = o->ascii || !t->base.utf8;
    t->cursor_shown = -1;
    t->brackets = fst__terminfo_has_paste();
    prepare_guard(t);
    fst__guard_arm(true);
    set_modes(t);
    leave_once();
    t->no_color = o->no_color;
    FST_TRY(take_theme(t, o->theme, err));
    take_size(t, LINES, COLS);
    if (t->brackets)
        say("\033[?2004h");
    return FST_OK;
}

enum fst_status fst__term_open_curses(const struct fst_term_options *o, struct fst_term **out,
                                      struct fst_error *err)
{
    setlocale(LC_CTYPE, "");
    FST_TRY(fst__terminfo_check(err));
    FST_TRY(fst__guard_open(STDOUT_FILENO, err));
    fst__crash_prepare(o->crash_file);
    struct curses_term *t = fst_alloc(sizeof *t);
    t->screen = newterm(NULL, stdout, stdin);
    if (!t->screen) {
        fst__guard_close();
        free(t);
        return fst_fail(err, FST_EIO, "the terminal TERM=%s could not be opened", getenv("TERM"));
    }
    enum fst_status status = start(t, o, err);
    if (status == FST_OK)
        *out = &t->base;
    else
        fst_term_close(&t->base);
    return status;
}
