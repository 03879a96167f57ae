/* term_notify: a text for the desktop, as an escape that is nothing else. */
#ifndef FIRESTEEL_UI_TERM_NOTIFY_H
#define FIRESTEEL_UI_TERM_NOTIFY_H

#include "term_copy.h"

void fst__notify_escape(struct fst_buf *out, enum fst_copy_way way, const char *text);

#endif
