/* Keys of the terminal: what curses knows, what terminals send besides, pasted text.
 *
 * A sequence that nobody knows is taken to its end and forgotten: an answer or a key that we never
 * heard of must not be typed as commands. */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "key.h"
#include "term_key.h"

#define OWN_KEYS 4000 /* our codes for define_key: above those that curses makes itself */
#define MOUSE_BEGIN 3997
#define PASTE_BEGIN 3998
#define PASTE_END 3999
#define MAX_SEQUENCE 4096
#define PASTE_MS 50 /* the rest of a paste is not far behind */

/* ---- Keys ------------------------------------------------------------------------------------ */

static const struct {
    int code;
    const char *name;
} curses_keys[] = {
    {KEY_UP, "up"},
    {KEY_DOWN, "down"},
    {KEY_LEFT, "left"},
    {KEY_RIGHT, "right"},
    {KEY_HOME, "home"},
    {KEY_END, "end"},
    {KEY_PPAGE, "pgup"},
    {KEY_NPAGE, "pgdn"},
    {KEY_IC, "insert"},
    {KEY_DC, "delete"},
    {KEY_BACKSPACE, "backspace"},
    {KEY_ENTER, "enter"},
    {KEY_BTAB, "shift-tab"},
    {KEY_SLEFT, "shift-left"},
    {KEY_SRIGHT, "shift-right"},
    {KEY_SR, "shift-up"},
    {KEY_SF, "shift-down"},
    {KEY_SHOME, "shift-home"},
    {KEY_SEND, "shift-end"},
    {KEY_SDC, "shift-delete"},
    {KEY_SIC, "shift-insert"},
    {KEY_SPREVIOUS, "shift-pgup"},
    {KEY_SNEXT, "shift-pgdn"},
    {KEY_F(1), "f1"},
    {KEY_F(2), "f2"},
    {KEY_F(3), "f3"},
    {KEY_F(4), "f4"},
    {KEY_F(5), "f5"},
    {KEY_F(6), "f6"},
    {KEY_F(7), "f7"},
    {KEY_F(8), "f8"},
    {KEY_F(9), "f9"},
    {KEY_F(10), "f10"},
    {KEY_F(11), "f11"},
    {KEY_F(12), "f12"},
};

/* What terminals send without every terminfo saying so. */
static const struct {
    const char *bytes, *name;
} own_keys[] = {
    {"\033[1;5A", "ctrl-up"},
    {"\033[1;5B", "ctrl-down"},
    {"\033[1;5C", "ctrl-right"},
    {"\033[1;5D", "ctrl-left"},
    {"\033[1;5H", "ctrl-home"},
    {"\033[1;5F", "ctrl-end"},
    {"\033[5;5~", "ctrl-pgup"},
    {"\033[6;5~", "ctrl-pgdn"},
    {"\033[2;5~", "ctrl-insert"},
    {"\033[3;5~", "ctrl-delete"},
    {"\033[1;3A", "alt-up"},
    {"\033[1;3B", "alt-down"},
    {"\033[1;3C", "alt-right"},
    {"\033[1;3D", "alt-left"},
    {"\033[1;2A", "shift-up"},
    {"\033[1;2B", "shift-down"},
    {"\033[1;2C", "shift-right"},
    {"\033[1;2D", "shift-left"},
    {"\033[1;2H", "shift-home"},
    {"\033[1;2F", "shift-end"},
    {"\033[1;6C", "ctrl-shift-right"},
    {"\033[1;6D", "ctrl-shift-left"},
    {"\033[1;6H", "ctrl-shift-home"},
    {"\033[1;6F", "ctrl-shift-end"},
    {"\033[Z", "shift-tab"},
    {"\033[1~", "home"},
    {"\033[4~", "end"},
    {"\033[H", "home"},
    {"\033[F", "end"},
    {"\033OH", "home"},
    {"\033OF", "end"},
    {"\033[A", "up"},
    {"\033[B", "down"},
    {"\033[C", "right"},
    {"\033[D", "left"},
    {"\033OM", "enter"},
};

void fst__term_keys_open(struct fst_term_keys *k)
{
    k->pad = newpad(1, 1);
    keypad(k->pad, TRUE);
    nodelay(k->pad, TRUE);
    define_key("\033[200~", PASTE_BEGIN);
    define_key("\033[201~", PASTE_END);
    define_key("\033[<", MOUSE_BEGIN);
    for (size_t i = 0; i < FST_COUNT(own_keys); i++)
        if (key_defined(own_keys[i].bytes) <= 0)
            define_key(own_keys[i].bytes, OWN_KEYS + (int)i);
}

/* Codes that curses made from the names of terminfo's own extensions: kRIT5 is ctrl-right. */
static const char *extended_key(int code)
{
    static const struct {
        const char *cap, *name;
    } keys[] = {
        {"kUP5", "ctrl-up"},          {"kDN5", "ctrl-down"},         {"kRIT5", "ctrl-right"},
        {"kLFT5", "ctrl-left"},       {"kHOM5", "ctrl-home"},        {"kEND5", "ctrl-end"},
        {"kPRV5", "ctrl-pgup"},       {"kNXT5", "ctrl-pgdn"},        {"kDC5", "ctrl-delete"},
        {"kIC5", "ctrl-insert"},      {"kUP", "shift-up"},           {"kDN", "shift-down"},
        {"kUP3", "alt-up"},           {"kDN3", "alt-down"},          {"kRIT3", "alt-right"},
        {"kLFT3", "alt-left"},        {"kRIT6", "ctrl-shift-right"}, {"kLFT6", "ctrl-shift-left"},
        {"kHOM6", "ctrl-shift-home"}, {"kEND6", "ctrl-shift-end"}};
    const char *cap = keyname(code);
    for (size_t i = 0; cap && i < FST_COUNT(keys); i++)
        if (strcmp(cap, keys[i].cap) == 0)
            return keys[i].name;
    return NULL;
}

static const char *name_of_code(int code)
{
    for (size_t i = 0; i < FST_COUNT(curses_keys); i++)
        if (curses_keys[i].code == code)
            return curses_keys[i].name;
    if (code >= OWN_KEYS && code < OWN_KEYS + (int)FST_COUNT(own_keys))
        return own_keys[code - OWN_KEYS].name;
    return extended_key(code);
}

static struct fst_key key_of_char(wint_t c)
{
    char text[4];
    if (c < 0x20 || c == 0x7F)
        return fst__key_of_control((int)c);
    return fst__key_of_text(text, fst_utf8_encode((uint32_t)c, text));
}

/* An answer or a sequence that nobody asked for: taken to its end, so that it is not typed. False
 * when nothing follows the head: then it was alt with that key. */
static bool swallow_sequence(struct fst_term_keys *k, wint_t kind)
{
    wint_t c;
    bool csi = kind == '[', single = kind == 'O';
    int taken = 0;
    for (; taken < MAX_SEQUENCE && wget_wch(k->pad, &c) == OK; taken++)
        if (single || (csi && c >= 0x40 && c <= 0x7E) || (!csi && (c == 7 || c == '\\')))
            return true;
    return taken > 0;
}

/* Escape alone, alt with a key, or the head of a sequence. */
static bool read_escape(struct fst_term_keys *k, struct fst_key *key)
{
    wint_t c;
    int got = wget_wch(k->pad, &c);
    *key = fst__key_named("esc");
    if (got == KEY_CODE_YES) {
        const char *name = name_of_code((int)c);
        k->pushed = name ? fst__key_named(name) : (struct fst_key){0};
    } else if (got == OK && c == 27) {
        k->pushed = fst__key_named("esc");
    } else if (got == OK && c < 0x80 && c && strchr("[O]P_^X", (int)c) && swallow_sequence(k, c)) {
        return false;
    } else if (got == OK) {
        struct fst_key plain = key_of_char(c);
        *key = fst__key_with_alt(&plain);
    }
    return true;
}

static void add_pasted(struct fst_key *key, size_t *n, wint_t c)
{
    char text[4];
    if (c == '\r')
        c = '\n';
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
        return;
    size_t len = fst_utf8_encode((uint32_t)c, text);
    memcpy(key->text + *n, text, len);
    *n += len;
}

static bool wait_for_more(int ms)
{
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&p, 1, ms) > 0 && (p.revents & (POLLHUP | POLLERR)) == 0;
}

/* Pasted text is text whatever is in it, piece by piece. */
static bool read_paste(struct fst_term_keys *k, struct fst_key *key)
{
    size_t n = 0;
    wint_t c;
    int tries = 0;
    *key = fst__key_named("text");
    while (k->pasting && n + 5 < sizeof key->text) {
        int got = wget_wch(k->pad, &c);
        if (got == ERR && (++tries > 3 || !wait_for_more(PASTE_MS)))
            break;
        if (got != ERR)
            tries = 0;
        if (got == OK)
            add_pasted(key, &n, c);
        else if (got == KEY_CODE_YES && c == PASTE_END)
            k->pasting = false;
    }
    return n > 0;
}

/* Button; column; row, and M for a press, m for letting go. False for what is not used. */
static bool read_mouse(struct fst_term_keys *k, struct fst_key *key)
{
    char text[32];
    int button, col, row;
    size_t n = 0;
    wint_t c = 0;
    while (n + 1 < sizeof text && wget_wch(k->pad, &c) == OK && c != 'M' && c != 'm' && c < 0x80)
        text[n++] = (char)c;
    text[n] = '\0';
    if (c != 'M' || sscanf(text, "%5d;%5d;%5d", &button, &col, &row) != 3 || col < 1 || row < 1)
        return false;
    if (button != 0 && button != 64 && button != 65)
        return false;
    *key = fst__key_named(button == 0 ? "click" : button == 64 ? "wheel-up" : "wheel-down");
    key->row = row - 1;
    key->col = col - 1;
    return true;
}

/* False when there is no key, or what came is none of ours: then there may be more. */
static bool read_key(struct fst_term_keys *k, struct fst_key *key, bool *more)
{
    wint_t c;
    int got;
    *more = true;
    if (k->pushed.name[0]) {
        *key = k->pushed;
        k->pushed = (struct fst_key){0};
        return true;
    }
    if (k->pasting) {
        *more = false;
        return read_paste(k, key);
    }
    got = wget_wch(k->pad, &c);
    if (got == OK && c == 27)
        return read_escape(k, key);
    if (got == OK) {
        *key = key_of_char(c);
        return true;
    }
    *more = got == KEY_CODE_YES;
    if (got == KEY_CODE_YES && c == PASTE_BEGIN)
        k->pasting = true;
    if (got == KEY_CODE_YES && c == MOUSE_BEGIN)
        return read_mouse(k, key);
    const char *name = got == KEY_CODE_YES ? name_of_code((int)c) : NULL;
    if (name)
        *key = fst__key_named(name);
    return name != NULL;
}

bool fst__term_keys_waiting(void)
{
    return wait_for_more(0);
}

bool fst__term_keys_read(struct fst_term_keys *k, struct fst_key *key)
{
    bool more = true;
    while (more)
        if (read_key(k, key, &more))
            return true;
    *key = (struct fst_key){0};
    return false;
}

void fst__term_keys_close(struct fst_term_keys *k)
{
    if (k->pad)
        delwin(k->pad);
    k->pad = NULL;
}
