#ifndef FIRESTEEL_BASE_SHA256_H
#define FIRESTEEL_BASE_SHA256_H

#include "firesteel/base.h"

void fst__sha256(const void *bytes, size_t n, uint8_t out[32]);

#endif
