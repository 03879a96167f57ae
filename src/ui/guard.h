/* guard: the terminal is put back on every way out, and signals become bytes in a pipe. */
#ifndef FIRESTEEL_UI_GUARD_H
#define FIRESTEEL_UI_GUARD_H

#include "firesteel/base.h"

/* Note the terminal's modes as they are now, and catch signals. */
enum fst_status fst__guard_open(int fd, struct fst_error *err);
/* What puts the screen back: written as it is when the program dies. At most 512 bytes. */
void fst__guard_set_bytes(const char *p, size_t n);
/* Whether the terminal is ours now, so that dying would leave it in disorder. */
void fst__guard_arm(bool armed);
/* No more catching; the modes are as they were noted. */
void fst__guard_close(void);
/* Readable when signals came. */
int fst__guard_fd(void);
struct fst_guard_news {
    bool resized, stop, continued, hangup;
};
struct fst_guard_news fst__guard_take(void);

#endif
