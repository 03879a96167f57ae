/* A text for the desktop, by OSC 9: terminals that know it show it as a notification, others leave
 * it out. Nothing of the text can end the escape or begin another. tmux and screen hand it on when
 * it is wrapped for them (tmux only with allow-passthrough on). */
#include "term_notify.h"

#include <string.h>

#define MOST_COLS 120

static void wrap(struct fst_buf *out, const struct fst_buf *escape, const char *begin)
{
    fst_buf_adds(out, begin);
    for (size_t i = 0; i < escape->n; i++) {
        if (escape->p[i] == '\033' && strstr(begin, "tmux"))
            fst_buf_addc(out, '\033'); /* it takes one of two away */
        fst_buf_addc(out, escape->p[i]);
    }
    fst_buf_adds(out, "\033\\");
}

void fst__notify_escape(struct fst_buf *out, enum fst_copy_way way, const char *text)
{
    struct fst_buf clean = FST_BUF(16384), escape = FST_BUF(16384);
    size_t width;
    fst_text_escape(&clean, text, strnlen(text, 2000));
    const char *p = fst_buf_text(&clean);
    fst_buf_adds(&escape, "\033]9;firesteel: "); /* "4;..." alone would be a bar of progress */
    fst_buf_add(&escape, p, fst_text_fit(p, clean.n, MOST_COLS, &width));
    fst_buf_adds(&escape, "\a");
    if (way == FST_COPY_TMUX)
        wrap(out, &escape, "\033Ptmux;");
    else if (way == FST_COPY_SCREEN)
        wrap(out, &escape, "\033P");
    else
        fst_buf_add(out, escape.p, escape.n);
    fst_buf_done(&clean);
    fst_buf_done(&escape);
}
