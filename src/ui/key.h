/* key: names of keys, parsed and made. */
#ifndef FIRESTEEL_UI_KEY_H
#define FIRESTEEL_UI_KEY_H

#include "firesteel/ui.h"

/* The key called so, with what it inserts; errors name the nearest. */
enum fst_status fst__key_parse(const char *name, size_t n, struct fst_key *out,
                               struct fst_error *err);
/* The key that types one cluster (n bytes): "a", "space", "é". */
struct fst_key fst__key_of_text(const char *p, size_t n);
/* The key of a control code (0..31, 127): "ctrl-a", "enter", "tab", "esc", "backspace". */
struct fst_key fst__key_of_control(int code);
/* A key by its full name, inserting nothing. */
struct fst_key fst__key_named(const char *name);
/* `key` pressed with alt. */
struct fst_key fst__key_with_alt(const struct fst_key *key);
/* A piece of pasted text. */
struct fst_key fst__key_of_paste(const char *p, size_t n);
bool fst__key_is(const struct fst_key *key, const char *name);

#endif
