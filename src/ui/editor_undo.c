/* Undo and redo: a list of changes and how many of them are done. Typing joins the change before
 * while it goes on at its end within a line; everything else is a step of its own. The oldest
 * changes are forgotten when they hold too much. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"

#define MAX_BYTES ((size_t)16 << 20)
#define PIECE_BYTES 240 /* a key's text that is so full had more to say */

static void free_change(struct fst_undo *u, struct fst_change *c)
{
    u->bytes -= c->old_n + c->new_n;
    free(c->old_text);
    free(c->new_text);
}

void fst__undo_done(struct fst_undo *u)
{
    for (size_t i = 0; i < u->n; i++)
        free_change(u, &u->changes[i]);
    free(u->changes);
    *u = (struct fst_undo){0};
}

static void forget_undone(struct fst_undo *u)
{
    while (u->n > u->done)
        free_change(u, &u->changes[--u->n]);
}

static void forget_oldest(struct fst_undo *u)
{
    size_t k = 0;
    while (u->bytes > MAX_BYTES && k + 1 < u->n) {
        free_change(u, &u->changes[k++]);
    }
    if (k == 0)
        return;
    memmove(u->changes, u->changes + k, (u->n - k) * sizeof *u->changes);
    u->n -= k;
    u->done -= k;
    u->changes[0].with_last = false;
}

/* Typing goes on where typing was; a space after a word begins a new step, so that undo goes back
 * by words. Pasted text comes in pieces: what follows a full one belongs to it. */
static bool goes_on(const struct fst_change *last, const char *text, bool typing)
{
    if (last->last_n >= PIECE_BYTES)
        return true;
    return typing && last->typing && !(*text == ' ' && last->new_text[last->new_n - 1] != ' ');
}

static bool join(struct fst_undo *u, size_t from, size_t to, const char *text, size_t n,
                 bool typing)
{
    struct fst_change *last = u->done ? &u->changes[u->done - 1] : NULL;
    if (!last || u->closed || n == 0 || from != to || from != last->at + last->new_n ||
        !goes_on(last, text, typing))
        return false;
    last->new_text = fst_realloc(last->new_text, last->new_n + n);
    memcpy(last->new_text + last->new_n, text, n);
    last->new_n += n;
    last->last_n = n;
    last->cursor_after = last->at + last->new_n;
    u->bytes += n;
    return true;
}

static char *copy(const char *p, size_t n)
{
    return n ? memcpy(fst_alloc(n), p, n) : NULL;
}

void fst__undo_note(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n,
                    bool with_last)
{
    struct fst_undo *u = &e->undo;
    bool typing = from == to && n > 0 && n <= 32 && !memchr(text, '\n', n) && !with_last;
    forget_undone(u);
    if (!join(u, from, to, text, n, typing)) {
        fst_grow(&u->changes, &u->cap, u->n + 1, sizeof *u->changes);
        u->changes[u->n++] = (struct fst_change){.at = from,
                                                 .old_text = copy(e->text + from, to - from),
                                                 .new_text = copy(text, n),
                                                 .old_n = to - from,
                                                 .new_n = n,
                                                 .cursor_before = e->cursor,
                                                 .cursor_after = from + n,
                                                 .with_last = with_last && u->done > 0,
                                                 .typing = typing,
                                                 .last_n = n};
        u->done = u->n;
        u->bytes += to - from + n;
        forget_oldest(u);
    }
    u->closed = false;
}

bool fst__undo_back(struct fst_editor *e)
{
    struct fst_undo *u = &e->undo;
    bool again = u->done > 0, any = again;
    while (again) {
        struct fst_change *c = &u->changes[--u->done];
        fst__editor_splice(e, c->at, c->at + c->new_n, c->old_text, c->old_n);
        e->cursor = c->cursor_before;
        again = c->with_last && u->done > 0;
    }
    u->closed = true;
    return any;
}

bool fst__undo_again(struct fst_editor *e)
{
    struct fst_undo *u = &e->undo;
    bool again = u->done < u->n, any = again;
    while (again) {
        struct fst_change *c = &u->changes[u->done++];
        fst__editor_splice(e, c->at, c->at + c->old_n, c->new_text, c->new_n);
        e->cursor = c->cursor_after;
        again = u->done < u->n && u->changes[u->done].with_last;
    }
    u->closed = true;
    return any;
}
