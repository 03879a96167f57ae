/* term_copy: bytes on their way to the clipboard of the terminal. */
#ifndef FIRESTEEL_UI_TERM_COPY_H
#define FIRESTEEL_UI_TERM_COPY_H

#include "firesteel/ui.h"

enum fst_copy_way {
    FST_COPY_PLAIN,  /* the escape as it is */
    FST_COPY_SCREEN, /* through GNU screen, in pieces that it passes on */
    FST_COPY_TMUX,   /* tmux takes the bytes, and passes them on by itself */
};
/* Which way goes here, by TERM, TMUX and STY; an error when there is none. */
enum fst_status fst__copy_way(enum fst_copy_way *way, struct fst_error *err);
/* OSC 52 with the bytes in it. Nothing but its frame and base64 is in what is appended. */
void fst__copy_escape(struct fst_buf *out, enum fst_copy_way way, const void *bytes, size_t n);
enum fst_status fst__copy_to_tmux(const void *bytes, size_t n, struct fst_error *err);

#endif
