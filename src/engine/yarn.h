/* YARN as an application's submitter sees it: where the resource manager is (yarn_site.c), what it
 * says of an application, and the application master's log (yarn.c). All by REST; user names as
 * they are, no Kerberos. */
#ifndef ENGINE_YARN_H
#define ENGINE_YARN_H

#include "firesteel/io.h"

enum { YARN_MAX_MANAGERS = 8 };

/* Where it is. Texts are the arena's. */
struct yarn_place {
    const char *urls[YARN_MAX_MANAGERS]; /* http://host:port of each resource manager */
    size_t n, active;                    /* the one that answered last */
    const char *user;                    /* who we say that we are */
};
/* By `resource_manager` (URLs, joined by commas) when it is given, else by yarn-site.xml and
 * core-site.xml in `conf_dir`. */
enum fst_status yarn_place_find(struct fst_arena *a, const char *conf_dir,
                                const char *resource_manager, struct yarn_place *out,
                                struct fst_error *err);

/* What the resource manager says. */
struct yarn_app {
    char id[64];
    char state[24];     /* NEW ... ACCEPTED RUNNING FINISHED FAILED KILLED */
    char final[24];     /* UNDEFINED SUCCEEDED FAILED KILLED */
    char log_url[512];  /* of the application master's container at its node; "" = none yet */
    char tracking[512]; /* the application's web interface */
    char *diagnostics;  /* owned; NULL = none */
    int percent;        /* 0, 10 or 100 for Spark */
    int64_t containers; /* that run; -1 = not told */
};
void yarn_app_done(struct yarn_app *app);
bool yarn_app_is_over(const struct yarn_app *app);
/* The newest application with the tag. FST_ENOTFOUND: it knows none. */
enum fst_status yarn_app_find(struct yarn_place *p, const char *tag, struct yarn_app *out,
                              struct fst_error *err);
enum fst_status yarn_app_ask(struct yarn_place *p, const char *id, struct yarn_app *out,
                             struct fst_error *err);
/* FST_OK when it took the wish; it is over when yarn_app_ask says so. */
enum fst_status yarn_app_kill(struct yarn_place *p, const char *id, struct fst_error *err);
/* What an application waits for, for people; "" when the cluster does not tell. */
void yarn_free_text(struct yarn_place *p, char *out, size_t cap);

/* Append to `out` at most `cap` bytes of a file of the master's container ("stdout", "stderr"),
 * from the byte `from` on. None: there is no more yet. FST_ENOTFOUND: the node has no such log
 * (any more). */
enum fst_status yarn_log_read(const struct yarn_place *p, const struct yarn_app *app,
                              const char *file, uint64_t from, size_t cap, struct fst_buf *out,
                              struct fst_error *err);

#endif
