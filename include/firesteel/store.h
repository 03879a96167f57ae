/* store: where do bytes lie? One row a scheme: list, stat, open; and tables of many files on top.
 */
#ifndef FIRESTEEL_STORE_H
#define FIRESTEEL_STORE_H

#include "firesteel/base.h"
#include "firesteel/data.h"
#include "firesteel/io.h"

struct fst_entry {
    const char *uri; /* whole; owned by the listing's arena */
    bool is_dir;
    uint64_t size;
    int64_t modified_us;
};
struct fst_listing {
    struct fst_arena *arena;
    struct fst_entry *entries; /* sorted by uri */
    size_t n;
};
void fst_listing_done(struct fst_listing *l);

struct fst_output;
/* One row a store. `uri` is as the user wrote it; a path without a scheme is a file's. */
struct fst_store {
    const char *name, *help;
    const char *const *schemes; /* "file", ...; NULL-ended; "" = a plain path */
    enum fst_status (*stat)(const char *uri, struct fst_arena *a, struct fst_entry *out,
                            struct fst_error *err);
    /* Everything under a folder, deep, without names that begin with '.', or with '_' and have no
     * '='; at most `max`. */
    enum fst_status (*list)(const char *uri, size_t max, struct fst_listing *out,
                            struct fst_error *err);
    /* The same without sizes and times, where that takes less; NULL = it does not. */
    enum fst_status (*names)(const char *uri, size_t max, struct fst_listing *out,
                             struct fst_error *err);
    enum fst_status (*open)(const char *uri, struct fst_bytes **out, struct fst_error *err);
    /* Far stores: a question costs a round trip. */
    bool is_far;
    /* As fst_output_open; NULL = it is only read. */
    enum fst_status (*open_output)(const char *uri, struct fst_output **out, struct fst_error *err);
    /* Read what opening these needs, in parallel; NULL = nothing to gain. */
    void (*warm)(const char *const *uris, size_t n);
};
extern const struct fst_store *const fst_stores[]; /* NULL-ended */
/* The store of a URI; FST_EUNSUPPORTED names a scheme that nobody has. */
enum fst_status fst_store_of(const char *uri, const struct fst_store **out, struct fst_error *err);
/* Options of a provider's filestore: where its `output` lies, and how to get there. */
extern const struct fst_option fst_store_options[];
extern const size_t fst_n_store_options;
const struct fst_option *fst_store_option_named(const char *name); /* or NULL */
/* The places of providers: a URI below `prefix` is reached with these options; the longest prefix
 * wins, and without one the environment speaks. For the whole program; copied. */
struct fst_store_place {
    const char *prefix; /* s3://bucket/path; s3a and s3n mean the same */
    const char *name;   /* the provider */
    const struct fst_doc *options;
    bool allow_cmd; /* of secrets */
};
void fst_store_set_places(const struct fst_store_place *places, size_t n);
/* Is there something at a URI? FST_ENOTFOUND when not. */
enum fst_status fst_store_stat(const char *uri, struct fst_entry *out, struct fst_arena *a,
                               struct fst_error *err);
/* What is in one folder, not deep, of names that begin with `begins` (NULL = all), those that begin
 * with '.' left out: folders first, each by name. FST_EUNSUPPORTED where there are no listings. */
struct fst_browsed {
    struct fst_listing listing;
    bool cut; /* there is more than `max` */
};
enum fst_status fst_store_browse(const char *uri, const char *begins, size_t max,
                                 struct fst_browsed *out, struct fst_error *err);
/* Take a folder away with all below it; that it is not there is no error. */
enum fst_status fst_store_remove(const char *uri, struct fst_error *err);
/* The path of a file: URI or plain path (absolute), or NULL when it is neither. Owned. */
char *fst_store_local_path(const char *uri);

/* A table at a file, or at a folder of parts (hive partitions become columns). `format` NULL =
 * guessed from names and bytes. An empty folder is FST_ENOTFOUND. `modified_us` (may be NULL): the
 * newest file's. */
/* An option of a table that nobody described: how its texts are written is guessed. */
#define FST_GUESS_OPTION "firesteel.guess"
enum fst_status fst_store_open_table(const char *uri, const char *format,
                                     const struct fst_read_options *options,
                                     struct fst_reader **out, struct fst_error *err);
/* The format's name when only Spark reads it (Delta, told by its log when `format` is NULL); else
 * NULL. */
const char *fst_store_foreign_format(const char *uri, const char *format);
/* Is there a table, how big is it? Reads no file. */
struct fst_table_stat {
    size_t files;
    uint64_t size;
    int64_t modified_us;
    const char *format; /* static */
};
enum fst_status fst_store_stat_table(const char *uri, const char *format,
                                     struct fst_table_stat *out, struct fst_error *err);
/* What every file says of itself, one after the other; an answer that is not FST_OK ends it. Of
 * several files some may say nothing: then `info` is NULL and `err` has the reason. When none says
 * anything, that is the error. */
typedef enum fst_status fst_store_info_fn(void *arg, const char *name,
                                          const struct fst_file_info *info, struct fst_error *err);
enum fst_status fst_store_each_info(const char *uri, const char *format, fst_store_info_fn *each,
                                    void *arg, struct fst_table_stat *stat, struct fst_error *err);

/* ---- Outputs ----------------------------------------------------------------------------------
 *
 * A folder of files that is complete or not there: a file is seen once it is whole (written under a
 * hidden name, synced and renamed; put together from its parts on S3), and _SUCCESS comes last. */
/* Make the folder; FST_ECONFLICT when it is there already, or on S3 objects are. */
enum fst_status fst_output_open(const char *uri, struct fst_output **out, struct fst_error *err);
struct fst_folder fst_output_folder(struct fst_output *o);
enum fst_status fst_output_commit(struct fst_output *o, struct fst_error *err);
/* A writer knows only that its file took no more: put the reason into `err`, where there is one. */
void fst_output_explain(const struct fst_output *o, struct fst_error *err);
void fst_output_free(struct fst_output *o); /* and all that it wrote, unless it was committed */

#endif
