/* A screen without a terminal, driven by a key script: this is how the screens are tested.
 *
 * Each wait does what it can of the script: commands that need nothing of the program (dump,
 * resize) at once, keys one a wait, and `wait`, `expect` and `refute` let the program work until
 * they hold. The script's end is a hangup: the program leaves as if its line had dropped. */
#include <stdlib.h>
#include <string.h>

#include "key.h"
#include "picture.h"
#include "screen.h"
#include "script.h"

#define POLL_MS 50
#define IDLE_SECONDS 120

struct script_term {
    struct fst_term base;
    struct fst_script script;
    size_t at;              /* the command under way */
    size_t offset;          /* in its text: keys and typed characters already given */
    int64_t since_us;       /* when it began to wait; 0 = it has not */
    struct fst_cell *shown; /* as of the last flush */
    struct fst_buf copied;
    FILE *dump;
    const struct fst_theme *theme; /* of pictures */
    int result;
    bool over;
    bool mouse; /* it is on */
};

/* What the program is to do next. */
enum step { STEP_NEXT, STEP_KEY, STEP_WORK, STEP_FAILED };

/* ---- The screen as text ---------------------------------------------------------------------- */

static void row_text(const struct script_term *t, int row, struct fst_buf *out)
{
    fst_buf_clear(out);
    for (int col = 0; col < t->base.cols; col++)
        fst_buf_adds(out, t->shown[(size_t)row * (size_t)t->base.cols + (size_t)col].text);
    while (out->n > 0 && out->p[out->n - 1] == ' ')
        out->p[--out->n] = '\0';
}

static bool contains(const struct script_term *t, const char *text)
{
    struct fst_buf row = FST_BUF_TEXT;
    bool found = false;
    for (int i = 0; i < t->base.rows && !found; i++) {
        row_text(t, i, &row);
        found = strstr(fst_buf_text(&row), text) != NULL;
    }
    fst_buf_done(&row);
    return found;
}

static void dump_text(const struct script_term *t, FILE *to, const char *name)
{
    struct fst_buf row = FST_BUF_TEXT;
    fprintf(to, "--- %s\n", *name ? name : "screen");
    for (int i = 0; i < t->base.rows; i++) {
        row_text(t, i, &row);
        fprintf(to, "%s\n", fst_buf_text(&row));
    }
    fputs("---\n", to);
    fflush(to);
    fst_buf_done(&row);
}

/* One letter a role, "." for plain text; below, what the letters that occur stand for. */
static const char role_letters[] = ".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP";
_Static_assert(sizeof role_letters > FST_ROLE_COUNT_, "a letter for each role");

static void dump_roles(const struct script_term *t, const char *name)
{
    bool seen[FST_ROLE_COUNT_] = {false};
    fprintf(t->dump, "--- %s\n", *name ? name : "roles");
    for (int row = 0; row < t->base.rows; row++) {
        const struct fst_cell *cells = &t->shown[(size_t)row * (size_t)t->base.cols];
        for (int col = 0; col < t->base.cols; col++) {
            fputc(role_letters[cells[col].role], t->dump);
            seen[cells[col].role] = true;
        }
        fputc('\n', t->dump);
    }
    for (int role = 1; role < FST_ROLE_COUNT_; role++)
        if (seen[role])
            fprintf(t->dump, "%c = %s\n", role_letters[role], fst_roles[role].name);
    fputs("---\n", t->dump);
    fflush(t->dump);
}

static void draw_picture(const struct script_term *t, const char *name)
{
    fprintf(t->dump, "--- %s\n", *name ? name : "picture");
    fst__picture(t->dump, t->shown, t->base.rows, t->base.cols, t->theme);
    fputs("---\n", t->dump);
    fflush(t->dump);
}

/* One line, so that every byte of it can be told. */
static void dump_copied(const struct script_term *t, const char *name)
{
    struct fst_buf line = FST_BUF_TEXT;
    const struct fst_buf *c = &t->copied;
    bool is_text = fst_utf8_valid(fst_buf_text(c), c->n);
    if (c->n && is_text)
        fst_json_quote(&line, c->p, c->n);
    else if (c->n)
        fst_hex(&line, c->p, c->n);
    fprintf(t->dump, "--- %s\n%s%s\n---\n", *name ? name : "copied",
            is_text ? "" : "hex:", c->n ? fst_buf_text(&line) : "null");
    fflush(t->dump);
    fst_buf_done(&line);
}

/* ---- Commands -------------------------------------------------------------------------------- */

static enum step fail(struct script_term *t, const char *what)
{
    const struct fst_script_command *c = &t->script.commands[t->at];
    char name[64];
    fprintf(stderr, "key script, line %u: %s: %s\n", c->line, what, c->text.p);
    snprintf(name, sizeof name, "line %u failed", c->line);
    dump_text(t, t->dump, name);
    if (t->dump != stderr && t->dump != stdout)
        dump_text(t, stderr, name);
    t->result = 1;
    t->over = true;
    return STEP_FAILED;
}

static enum step next_key(struct script_term *t, const struct fst_script_command *c,
                          struct fst_key *key)
{
    const char *p = c->text.p + t->offset;
    p += strspn(p, " ");
    size_t n = strcspn(p, " ");
    if (n == 0)
        return STEP_NEXT;
    fst__key_parse(p, n, key, NULL);
    t->offset = (size_t)(p - c->text.p) + n;
    return STEP_KEY;
}

static enum step next_typed(struct script_term *t, const struct fst_script_command *c,
                            struct fst_key *key)
{
    size_t n = fst_text_cluster(c->text.p + t->offset, c->text.n - t->offset);
    if (n == 0)
        return STEP_NEXT;
    *key = fst__key_of_text(c->text.p + t->offset, n);
    t->offset += n;
    return STEP_KEY;
}

static size_t piece(const char *p, size_t n)
{
    size_t most = sizeof(((struct fst_key *)0)->text) - 1;
    if (n <= most)
        return n;
    while (most > 1 && ((unsigned char)p[most] & 0xC0) == 0x80)
        most--;
    return most;
}

static enum step next_pasted(struct script_term *t, const struct fst_script_command *c,
                             struct fst_key *key)
{
    size_t n = piece(c->text.p + t->offset, c->text.n - t->offset);
    if (n == 0)
        return STEP_NEXT;
    *key = fst__key_of_paste(c->text.p + t->offset, n);
    t->offset += n;
    return STEP_KEY;
}

static bool is_late(struct script_term *t, int seconds)
{
    int64_t now = fst_monotonic_us();
    if (t->since_us == 0)
        t->since_us = now;
    return now - t->since_us > (int64_t)seconds * 1000000;
}

/* Idle means that nothing is under way and that no message is waiting to be taken. */
static enum step until_idle(struct script_term *t, bool quiet)
{
    if (quiet)
        return STEP_NEXT;
    return is_late(t, IDLE_SECONDS) ? fail(t, "the program did not come to rest") : STEP_WORK;
}

static enum step expect(struct script_term *t, const struct fst_script_command *c)
{
    if (contains(t, c->text.p))
        return STEP_NEXT;
    return is_late(t, c->seconds) ? fail(t, "the screen does not show") : STEP_WORK;
}

static enum step refute(struct script_term *t, const struct fst_script_command *c, bool quiet)
{
    enum step step = until_idle(t, quiet);
    return step == STEP_NEXT && contains(t, c->text.p) ? fail(t, "the screen shows") : step;
}

static void copy_shown(struct script_term *t)
{
    size_t n = (size_t)t->base.rows * (size_t)t->base.cols;
    memcpy(t->shown, t->base.cells, n * sizeof *t->shown);
}

static void resize(struct script_term *t, int rows, int cols)
{
    fst__term_resize(&t->base, rows, cols);
    free(t->shown);
    t->shown = fst_alloc((size_t)t->base.rows * (size_t)t->base.cols * sizeof *t->shown);
    copy_shown(t);
}

static enum step do_resize(struct script_term *t, const struct fst_script_command *c,
                           struct fst_key *key)
{
    if (t->offset++)
        return STEP_NEXT;
    resize(t, c->rows, c->cols);
    *key = fst__key_named("resize");
    return STEP_KEY;
}

/* Where the mouse is off nothing comes, as from a terminal. */
static enum step do_mouse(struct script_term *t, const struct fst_script_command *c,
                          struct fst_key *key)
{
    if (t->offset++ || !t->mouse)
        return STEP_NEXT;
    *key = fst__key_named(c->verb == FST_SCRIPT_CLICK      ? "click"
                          : c->verb == FST_SCRIPT_WHEEL_UP ? "wheel-up"
                                                           : "wheel-down");
    key->row = c->rows - 1;
    key->col = c->cols - 1;
    return STEP_KEY;
}

static enum step do_command(struct script_term *t, bool quiet, struct fst_key *key)
{
    const struct fst_script_command *c = &t->script.commands[t->at];
    switch (c->verb) {
    case FST_SCRIPT_KEY:
        return next_key(t, c, key);
    case FST_SCRIPT_TYPE:
        return next_typed(t, c, key);
    case FST_SCRIPT_PASTE:
        return next_pasted(t, c, key);
    case FST_SCRIPT_WAIT:
        return until_idle(t, quiet);
    case FST_SCRIPT_EXPECT:
        return expect(t, c);
    case FST_SCRIPT_REFUTE:
        return refute(t, c, quiet);
    case FST_SCRIPT_RESIZE:
        return do_resize(t, c, key);
    case FST_SCRIPT_CLICK:
    case FST_SCRIPT_WHEEL_UP:
    case FST_SCRIPT_WHEEL_DOWN:
        return do_mouse(t, c, key);
    case FST_SCRIPT_DUMP:
        dump_text(t, t->dump, c->text.p);
        break;
    case FST_SCRIPT_ROLES:
        dump_roles(t, c->text.p);
        break;
    case FST_SCRIPT_PICTURE:
        draw_picture(t, c->text.p);
        break;
    case FST_SCRIPT_COPIED:
        dump_copied(t, c->text.p);
        break;
    }
    return STEP_NEXT;
}

/* ---- The kind of screen ---------------------------------------------------------------------- */

static enum fst_term_wake script_wait(struct fst_term *base, const int *fds, size_t n_fds,
                                      int timeout_ms, bool idle, struct fst_key *key)
{
    struct script_term *t = (struct script_term *)base;
    bool messages = fst__term_poll(fds, n_fds, 0) == FST_WAKE_FD;
    int most = timeout_ms < 0 || timeout_ms > POLL_MS ? POLL_MS : timeout_ms;
    while (!t->over && t->at < t->script.n) {
        switch (do_command(t, idle && !messages, key)) {
        case STEP_KEY:
            return FST_WAKE_KEY;
        case STEP_WORK:
            return fst__term_poll(fds, n_fds, most);
        case STEP_FAILED:
            return FST_WAKE_HANGUP;
        case STEP_NEXT:
            t->at++;
            t->offset = 0;
            t->since_us = 0;
        }
    }
    return FST_WAKE_HANGUP;
}

static void script_flush(struct fst_term *base)
{
    copy_shown((struct script_term *)base);
}

static void nothing(struct fst_term *base)
{
    (void)base;
}

static enum fst_status script_copy(struct fst_term *base, const void *bytes, size_t n,
                                   struct fst_error *err)
{
    struct script_term *t = (struct script_term *)base;
    (void)err;
    fst_buf_clear(&t->copied);
    fst_buf_add(&t->copied, bytes, n);
    return FST_OK;
}

static enum fst_status script_restyle(struct fst_term *base, const struct fst_theme *theme,
                                      struct fst_error *err)
{
    (void)err;
    ((struct script_term *)base)->theme = theme;
    return FST_OK;
}

static enum fst_status script_mouse(struct fst_term *base, bool on, struct fst_error *err)
{
    (void)err;
    ((struct script_term *)base)->mouse = on;
    return FST_OK;
}

static int script_result(const struct fst_term *base)
{
    return ((const struct script_term *)base)->result;
}

static void script_close(struct fst_term *base)
{
    struct script_term *t = (struct script_term *)base;
    fst__script_done(&t->script);
    fst_buf_done(&t->copied);
    free(t->shown);
}

static const struct fst_term_ops ops = {.flush = script_flush,
                                        .wait = script_wait,
                                        .suspend = nothing,
                                        .resume = nothing,
                                        .copy = script_copy,
                                        .restyle = script_restyle,
                                        .mouse = script_mouse,
                                        .result = script_result,
                                        .close = script_close};

enum fst_status fst__term_open_script(const struct fst_term_options *o, struct fst_term **out,
                                      struct fst_error *err)
{
    struct fst_script script;
    FST_TRY(fst__script_parse(o->script, &script, err));
    struct script_term *t = fst_alloc(sizeof *t);
    t->base.ops = &ops;
    t->base.ascii = o->ascii;
    t->base.utf8 = t->base.headless = true;
    t->script = script;
    t->copied = FST_BUF(FST_COPY_MAX);
    t->dump = o->dump ? o->dump : stdout;
    t->theme = o->theme;
    resize(t, o->rows ? o->rows : 24, o->cols ? o->cols : 80);
    *out = &t->base;
    return FST_OK;
}
