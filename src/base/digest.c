/* digest: digests of bytes, by libcrypto.
 *
 * It is the largest library of all, and most starts need none of it: it is loaded when the first
 * digest is asked for. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sha256.h"

#define SHORT_BYTES 65536 /* up to here loading a library takes longer than the digest */

/* The few functions of OpenSSL that are called, by their signatures there; types it hides are
 * pointers. */
typedef const void *kind_fn(void);
typedef int digest_fn(const void *p, size_t n, unsigned char *out, unsigned *n_out,
                      const void *kind, void *engine);
typedef unsigned char *hmac_fn(const void *kind, const void *key, int n_key, const unsigned char *p,
                               size_t n, unsigned char *out, unsigned *n_out);

static const char *const kind_names[] = {
    [FST_MD5] = "EVP_md5",       [FST_SHA1] = "EVP_sha1",     [FST_SHA224] = "EVP_sha224",
    [FST_SHA256] = "EVP_sha256", [FST_SHA384] = "EVP_sha384", [FST_SHA512] = "EVP_sha512",
};

static struct {
    digest_fn *digest;
    hmac_fn *hmac;
    kind_fn *kinds[FST_COUNT(kind_names)];
} crypto;

/* A function out of a library; POSIX lets data and code pointers be exchanged. */
static void take(void *lib, const char *name, void *into)
{
    void *symbol = dlsym(lib, name);
    if (!symbol) {
        fprintf(stderr, "firesteel: libcrypto has no %s\n", name);
        abort();
    }
    memcpy(into, &symbol, sizeof(symbol));
}

static void load(void)
{
    void *lib = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!lib)
        lib = dlopen("libcrypto.so.1.1", RTLD_NOW | RTLD_LOCAL);
    if (!lib) {
        fprintf(stderr, "firesteel: %s; install libssl3\n", dlerror());
        abort();
    }
    take(lib, "EVP_Digest", &crypto.digest);
    take(lib, "HMAC", &crypto.hmac);
    for (size_t i = 0; i < FST_COUNT(kind_names); i++)
        take(lib, kind_names[i], &crypto.kinds[i]);
}

static void need(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
}

size_t fst_digest(enum fst_digest kind, const void *p, size_t n, uint8_t out[FST_DIGEST_MAX])
{
    unsigned n_out = 0;
    need();
    return crypto.digest(p, n, out, &n_out, crypto.kinds[kind](), NULL) == 1 ? n_out : 0;
}

void fst_hmac_sha256(const void *key, size_t n_key, const void *p, size_t n, uint8_t out[32])
{
    unsigned n_out = 0;
    need();
    if (!crypto.hmac(crypto.kinds[FST_SHA256](), key, (int)n_key, p, n, out, &n_out)) {
        fputs("firesteel: libcrypto refuses HMAC with SHA-256\n", stderr);
        abort();
    }
}

void fst_sha256_hex(const void *bytes, size_t n, char out[65])
{
    uint8_t digest[FST_DIGEST_MAX];
    struct fst_buf hex = FST_BUF(64);
    if (n <= SHORT_BYTES) {
        fst__sha256(bytes, n, digest);
    } else if (fst_digest(FST_SHA256, bytes, n, digest) != 32) {
        fputs("firesteel: libcrypto has no SHA-256\n", stderr);
        abort();
    }
    fst_hex(&hex, digest, 32);
    snprintf(out, 65, "%s", fst_buf_text(&hex));
    fst_buf_done(&hex);
}
