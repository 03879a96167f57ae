/* A libFuzzer program of one target, for long runs by hand:
 *
 *     make MODE=asan CC=clang && clang -g -O1 -fsanitize=fuzzer,address,undefined
 * -DTARGET=fuzz_chunk \
 *       -D_GNU_SOURCE -Iinclude -Isrc/data -Itests/fuzz tests/fuzz/libfuzzer.c
 * build/asan/lib/data.a \ build/asan/lib/base.a <libraries> -o build/fuzz_chunk && build/fuzz_chunk
 * tests/fuzz/corpus/chunk
 */
#include "targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    TARGET(p, n);
    return 0;
}
