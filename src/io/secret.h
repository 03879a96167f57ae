/* Secrets that a program says. */
#ifndef FIRESTEEL_IO_SECRET_H
#define FIRESTEEL_IO_SECRET_H

#include "firesteel/io.h"

/* What the program of a command line says: words as a shell splits them, but no shell. At most 64
 * KiB within 30 seconds. `reference` stands for the line in error texts. */
enum fst_status secret_of_command(const char *line, const char *reference, char **out,
                                  struct fst_error *err);

#endif
