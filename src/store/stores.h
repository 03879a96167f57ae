/* The rows of the store table, one file each, and what far stores share. */
#ifndef FIRESTEEL_STORE_STORES_H
#define FIRESTEEL_STORE_STORES_H

#include "firesteel/store.h"

extern const struct fst_store fst_store_file, fst_store_s3, fst_store_web;

/* Length of the scheme of "scheme://rest", 0 when there is none (RFC 3986, 3.1). */
size_t fst__scheme_length(const char *uri);
/* With each %XX as its byte; NULL when that gives a NUL. Owned. */
char *fst__url_decoded(const char *p, size_t n);
/* As Spark has it: names of files and folders that are not data. */
bool fst__is_hidden(const char *name, size_t n);

/* Where a far object is: filled by a store, owned by the caller. */
struct fst__far {
    struct fst_s3 *s3;  /* counted; NULL = a URL */
    char *bucket, *key; /* of S3 */
    char *url;
    char *name; /* for people */
};
void fst__far_done(struct fst__far *f);
/* The bytes of a far object; takes `f`. Its end is read at once (64 KiB: the footer of most files),
 * which also tells how large it is, and kept for ten seconds for whoever opens it again. */
enum fst_status fst__far_open(const char *uri, struct fst__far *f, struct fst_bytes **out,
                              struct fst_error *err);
/* The ends of many objects in parallel, for those who open them soon. Takes all of `fs`. */
void fst__far_warm(const char *const *uris, struct fst__far *fs, size_t n);
int64_t fst__far_modified_us(const struct fst_bytes *b);

/* The client of S3 that a URI belongs to: of the place that is its longest prefix, else the default
 * one. Counted. */
enum fst_status fst__s3_client_of(const char *uri, struct fst_s3 **out, struct fst_error *err);

/* ---- Patterns in paths: see glob.c ---- */

bool fst__has_glob(const char *path);
/* Bytes of the folder in front of the first name that is a pattern, with its slash. */
size_t fst__glob_fixed(const char *pattern);
/* One name against the pattern of one. No braces: those are expanded first. */
bool fst__glob_match(const char *pattern, size_t n, const char *name, size_t n_name);
/* The same, where hidden names are met only by a pattern that begins like them. */
bool fst__glob_name(const char *pattern, size_t n, const char *name);
/* Bytes of the path that the pattern takes, all of it or the folders above; 0 = it does not
 * match. */
size_t fst__glob_match_path(const char *pattern, const char *path);
/* {a,b} written out: patterns without braces. FST_EINVAL for what does not close. */
enum fst_status fst__glob_expand(const char *pattern, struct fst_arena *a, const char *const **out,
                                 size_t *n, struct fst_error *err);

/* ---- The files of a table: see find.c ---- */

/* Options of Spark's sources that say which files there are. */
struct fst__find_options {
    const char *base_path;   /* partition columns are told from below this folder */
    const char *name_filter; /* pathGlobFilter */
    bool recursive;          /* recursiveFileLookup: all files below, no partition columns */
    bool merge_schema;
    bool guess;          /* firesteel.guess: what is not said of texts is told from their bytes */
    struct fst_doc rest; /* the other options, for the format */
};
/* Everything is the arena's or the document's. */
enum fst_status fst__find_options_read(const struct fst_doc *doc, struct fst_arena *a,
                                       struct fst__find_options *out, struct fst_error *err);
/* List them into `listing` and make parts of them. `sizes`: sizes and times are wanted, too. */
enum fst_status fst__find_parts(const struct fst_store *store, const char *uri,
                                const struct fst__find_options *options, bool sizes,
                                struct fst_arena *a, struct fst_listing *listing,
                                struct fst_parts *parts, struct fst_error *err);

#endif
