/* Inside of data: reading on while rows are worked on. */
#ifndef FIRESTEEL_DATA_AHEAD_H
#define FIRESTEEL_DATA_AHEAD_H

#include "firesteel/data.h"

/* A reader whose frames come from another one, which a thread reads on. The other one is opened
 * with ahead_is_stopped(), and the reader itself, as what tells whether to stop. `cancelled` is
 * asked by whoever calls next only, who wants as many rows each time. */
struct fst_reader *ahead_new(bool (*cancelled)(void *), void *arg);
bool ahead_is_stopped(void *ahead);
/* Takes `inner`. */
void ahead_begin(struct fst_reader *ahead, struct fst_reader *inner);

#endif
