/* One line of input: a text field with history and completion of its last word. The candidate that
 * Tab would take is shown dim behind the text. */
#include <string.h>
#include <strings.h>

#include "key.h"
#include "widget.h"

void fst_prompt_open(struct fst_prompt *p, const char *label, const char *text)
{
    *p = (struct fst_prompt){.open = true};
    snprintf(p->label, sizeof p->label, "%s", label);
    snprintf(p->text, sizeof p->text, "%s", text);
    p->cursor = strlen(p->text);
    while (p->cursor > 0 && !fst_utf8_valid(p->text, p->cursor))
        p->text[--p->cursor] = '\0';
}

/* ---- Editing --------------------------------------------------------------------------------- */

static size_t cluster_before(const char *text, size_t at)
{
    size_t before = 0;
    for (size_t i = 0; i < at;) {
        before = i;
        i += fst_text_cluster(text + i, at - i);
    }
    return before;
}

static size_t word_before(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] == ' ')
        at--;
    while (at > 0 && text[at - 1] != ' ')
        at--;
    return at;
}

static void erase(struct fst_prompt *p, size_t from, size_t to)
{
    memmove(p->text + from, p->text + to, strlen(p->text + to) + 1);
    p->cursor = from;
}

/* All of it or, when there is no room, nothing. */
static bool insert(struct fst_prompt *p, const char *text, size_t n)
{
    size_t length = strlen(p->text);
    if (length + n >= sizeof p->text)
        return false;
    memmove(p->text + p->cursor + n, p->text + p->cursor, length - p->cursor + 1);
    memcpy(p->text + p->cursor, text, n);
    p->cursor += n;
    return true;
}

static void set_text(struct fst_prompt *p, const char *text)
{
    snprintf(p->text, sizeof p->text, "%s", text);
    p->cursor = strlen(p->text);
}

static bool ends_with_folder(const struct fst_prompt *p)
{
    return p->fitted && p->cursor > 0 && p->text[p->cursor - 1] == '/';
}

/* A line has no line ends: pasted ones become spaces. */
static bool type(struct fst_prompt *p, const char *text)
{
    if (p->cycling && ends_with_folder(p) && strcmp(text, "/") == 0)
        return true; /* it is there already */
    char line[sizeof(((struct fst_key *)0)->text)];
    snprintf(line, sizeof line, "%s", text);
    for (char *c = line; *c; c++)
        if (*c == '\n' || *c == '\t')
            *c = ' ';
    return insert(p, line, strlen(line));
}

/* ---- Completion ------------------------------------------------------------------------------ */

static bool fits(const struct fst_prompt *p, size_t i, const char *stem)
{
    return p->fitted || strncasecmp(p->candidates[i].text, stem, strlen(stem)) == 0;
}

/* The next candidate from `from` on (going around) that begins with `stem`; n_candidates = none. */
static size_t next_candidate(const struct fst_prompt *p, size_t from, int step, const char *stem)
{
    size_t n = p->n_candidates;
    for (size_t k = 0; k < n; k++) {
        size_t i = (step > 0 ? from + k : from + n - k) % n;
        if (fits(p, i, stem))
            return i;
    }
    return n;
}

/* Where what is completed begins. */
static size_t completed_from(const struct fst_prompt *p)
{
    if (p->fitted)
        return p->word < p->cursor ? p->word : p->cursor;
    bool begins_anew = p->cursor > 0 && p->text[p->cursor - 1] == ' ' && !p->cycling;
    return begins_anew ? p->cursor : word_before(p->text, p->cursor);
}

/* False, and nothing is done, when there is no room. */
static bool replace(struct fst_prompt *p, size_t from, const char *text)
{
    size_t n = strlen(text);
    if (strlen(p->text) - (p->cursor - from) + n >= sizeof p->text)
        return false;
    erase(p, from, p->cursor);
    return insert(p, text, n);
}

static void complete(struct fst_prompt *p, int step)
{
    size_t from = completed_from(p);
    if (!p->cycling) {
        snprintf(p->stem, sizeof p->stem, "%.*s", (int)(p->cursor - from), p->text + from);
        p->candidate = step > 0 ? p->n_candidates - 1 : 0;
    }
    size_t n = p->n_candidates;
    size_t at = n ? next_candidate(p, (p->candidate + n + (size_t)step) % n, step, p->stem) : n;
    if (at == n || !replace(p, from, p->candidates[at].text))
        return;
    p->candidate = at;
    p->cycling = n > 1 || !ends_with_folder(p);
}

/* What Tab would add; NULL when nothing. */
static const char *ghost(const struct fst_prompt *p)
{
    size_t from = completed_from(p);
    const char *stem = p->text + from;
    if (p->cycling || p->text[p->cursor] || p->cursor == from || ends_with_folder(p))
        return NULL;
    size_t at = next_candidate(p, 0, 1, stem), n = strlen(stem);
    bool goes_on = at < p->n_candidates && strncasecmp(p->candidates[at].text, stem, n) == 0;
    return goes_on ? p->candidates[at].text + n : NULL;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

enum edit { LEFT, RIGHT, HOME, END, BACKSPACE, DELETE, WORD, START, REST, NO_EDIT };

static const struct {
    const char *key;
    enum edit edit;
} edits[] = {{"left", LEFT},           {"ctrl-b", LEFT},   {"right", RIGHT},   {"ctrl-f", RIGHT},
             {"home", HOME},           {"ctrl-a", HOME},   {"end", END},       {"ctrl-e", END},
             {"backspace", BACKSPACE}, {"delete", DELETE}, {"ctrl-d", DELETE}, {"ctrl-w", WORD},
             {"alt-backspace", WORD},  {"ctrl-u", START},  {"ctrl-k", REST}};

static enum edit edit_of(const struct fst_key *key)
{
    for (size_t i = 0; i < FST_COUNT(edits); i++)
        if (fst__key_is(key, edits[i].key))
            return edits[i].edit;
    return NO_EDIT;
}

static size_t cluster_after(const struct fst_prompt *p)
{
    return p->cursor + fst_text_cluster(p->text + p->cursor, strlen(p->text + p->cursor));
}

static void move_right(struct fst_prompt *p)
{
    const char *rest = p->n_candidates ? ghost(p) : NULL;
    if (rest)
        insert(p, rest, strlen(rest));
    else
        p->cursor = cluster_after(p);
}

static void do_edit(struct fst_prompt *p, enum edit edit)
{
    switch (edit) {
    case LEFT:
        p->cursor = cluster_before(p->text, p->cursor);
        break;
    case RIGHT:
        move_right(p);
        break;
    case HOME:
        p->cursor = 0;
        break;
    case END:
        p->cursor = strlen(p->text);
        break;
    case BACKSPACE:
        erase(p, cluster_before(p->text, p->cursor), p->cursor);
        break;
    case DELETE:
        erase(p, p->cursor, cluster_after(p));
        break;
    case WORD:
        erase(p, word_before(p->text, p->cursor), p->cursor);
        break;
    case START:
        erase(p, 0, p->cursor);
        break;
    case REST:
        p->text[p->cursor] = '\0';
        break;
    case NO_EDIT:
        break;
    }
}

static void go_in_history(struct fst_prompt *p, int step)
{
    if (step < 0 && p->history_at > 0)
        set_text(p, p->history[--p->history_at]);
    else if (step > 0 && p->history_at < p->n_history)
        set_text(p, ++p->history_at < p->n_history ? p->history[p->history_at] : "");
}

/* True when the key is one that changes the text or moves in it. */
static bool edit_key(struct fst_prompt *p, const struct fst_key *key)
{
    enum edit edit = edit_of(key);
    bool tab = fst__key_is(key, "tab"), back = fst__key_is(key, "shift-tab");
    bool up = fst__key_is(key, "up") || fst__key_is(key, "ctrl-p");
    bool down = fst__key_is(key, "down") || fst__key_is(key, "ctrl-n");
    if (tab || back) {
        complete(p, back ? -1 : 1);
        return true;
    }
    if (up || down)
        go_in_history(p, up ? -1 : 1);
    else if (edit != NO_EDIT)
        do_edit(p, edit);
    else if (key->text[0])
        type(p, key->text);
    else
        return false;
    p->cycling = false;
    return true;
}

enum fst_prompt_result fst_prompt_key(struct fst_prompt *p, const struct fst_key *key)
{
    char before[sizeof p->text];
    bool accept = fst__key_is(key, "enter");
    if (accept || fst__key_is(key, "esc") || fst__key_is(key, "ctrl-c")) {
        p->open = false;
        return accept ? FST_PROMPT_ACCEPTED : FST_PROMPT_CLOSED;
    }
    if (fst__key_is(key, "backspace") && !p->text[0]) { /* as in vi: back out of an empty line */
        p->open = false;
        return FST_PROMPT_CLOSED;
    }
    memcpy(before, p->text, sizeof before);
    edit_key(p, key);
    return strcmp(before, p->text) == 0 ? FST_PROMPT_GOING : FST_PROMPT_CHANGED;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* Bytes of text to leave away at the left so that the cursor is in sight. */
static size_t hidden_bytes(const struct fst_prompt *p, int room)
{
    size_t skip = 0;
    while (skip < p->cursor && (int)fst_text_width(p->text + skip, p->cursor - skip) >= room)
        skip += fst_text_cluster(p->text + skip, p->cursor - skip);
    return skip;
}

/* Behind the text: what Tab would add or what it brought, that it is looking, or why it cannot. */
static void draw_ghost(const struct fst_prompt *p, struct fst_surface *s, int col)
{
    const char *rest = p->n_candidates ? ghost(p) : NULL;
    const char *detail = p->cycling ? p->candidates[p->candidate].detail : NULL;
    if (p->looking)
        fst_draws(s, 0, col + 1, FST_ROLE_DIM, s->ascii ? "..." : "…");
    else if (rest)
        fst_draws(s, 0, col, FST_ROLE_DIM, rest);
    else if (detail || p->note[0])
        fst_draws(s, 0, col + 2, FST_ROLE_DIM, detail ? detail : p->note);
}

void fst_prompt_draw(struct fst_prompt *p, struct fst_surface *line)
{
    int room = line->cols / 2;
    fst_draw_fill(line, 0, 0, line->cols, FST_ROLE_TEXT);
    int start =
        fst_draw(line, 0, 0, room > 0 ? room : 1, FST_ROLE_PROMPT, p->label, strlen(p->label));
    size_t skip = hidden_bytes(p, line->cols - start);
    const char *text = p->text + skip;
    int used = fst_draws(line, 0, start, FST_ROLE_TEXT, text);
    draw_ghost(p, line, start + used);
    fst_surface_cursor(line, 0, start + (int)fst_text_width(text, p->cursor - skip));
}
