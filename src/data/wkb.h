/* wkb: shapes on a map, from their well-known binary form to their well-known text. */
#ifndef FIRESTEEL_DATA_WKB_H
#define FIRESTEEL_DATA_WKB_H

#include "firesteel/data.h"

/* Append POINT (30 10) and the like; false, with nothing appended, when it is damaged or nested too
 * deeply. */
bool fst_wkb_text(struct fst_buf *out, struct fst_str wkb);

#endif
