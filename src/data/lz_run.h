/* lz_run: the engine that Snappy and LZ4 share. */
#ifndef FIRESTEEL_DATA_LZ_RUN_H
#define FIRESTEEL_DATA_LZ_RUN_H

#include "lz.h"

/* Go on with the literal or the copy that is under way, as far as input and room allow. */
enum fst_status fst_lz_pending(struct fst_lz *s, struct fst_codec_io *io);

#endif
