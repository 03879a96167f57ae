/* Reaching into a resource by a field's row. */
#ifndef FIRESTEEL_MODEL_FIELDS_H
#define FIRESTEEL_MODEL_FIELDS_H

#include "firesteel/model.h"

void *fst__field_at(const struct fst_resource *r, const struct fst_field_row *f);
size_t *fst__field_count(const struct fst_resource *r, const struct fst_field_row *f);

#endif
