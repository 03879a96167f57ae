/* term_info: what terminfo says of the terminal. */
#ifndef FIRESTEEL_UI_TERM_INFO_H
#define FIRESTEEL_UI_TERM_INFO_H

#include "firesteel/base.h"

/* Refuse what cannot be drawn on, before curses is asked to. */
enum fst_status fst__terminfo_check(struct fst_error *err);
/* The rest needs an open terminal. Bracketed paste is asked for where DEC's private modes are. */
bool fst__terminfo_has_paste(void);
/* Append what leaves the screen as it was found. */
void fst__terminfo_leave(struct fst_buf *out);

#endif
