/* The rows of the table of engines, one file each. */
#ifndef ENGINE_ENGINES_H
#define ENGINE_ENGINES_H

#include "firesteel/engine.h"

extern const struct fst_engine fst_engine_local;
extern const struct fst_engine fst_engine_connect;
extern const struct fst_engine fst_engine_submit;
extern const struct fst_engine fst_engine_standalone;
extern const struct fst_engine fst_engine_livy;

#endif
