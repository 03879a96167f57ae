/* term_key: keys of the terminal as curses gives them. */
#ifndef FIRESTEEL_UI_TERM_KEY_H
#define FIRESTEEL_UI_TERM_KEY_H

#include <curses.h>

#include "firesteel/ui.h"

struct fst_term_keys {
    WINDOW *pad;           /* to read from: reading from the screen would also draw it */
    struct fst_key pushed; /* a key that was read while looking for another */
    bool pasting;
};
void fst__term_keys_open(struct fst_term_keys *k);
void fst__term_keys_close(struct fst_term_keys *k);
/* The next key that is there; false when there is none. Never waits longer than ESCDELAY. */
bool fst__term_keys_read(struct fst_term_keys *k, struct fst_key *key);
bool fst__term_keys_waiting(void);

#endif
