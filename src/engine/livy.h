/* A batch as the files of the livy engine see it: livy.c is the row of the table and a run's life,
 * livy_batch.c the request and finding it again, livy_log.c its lines. */
#ifndef ENGINE_LIVY_H
#define ENGINE_LIVY_H

#include "driver.h"
#include "rest.h"

enum { LIVY_TAIL = 4, LIVY_POLL_STEP_MS = 250 };

/* The list of lines as somebody has read it. Livy keeps the last few hundred lines only, and counts
 * them from the oldest that it has: what is new is told by what overlaps with the last look. */
struct livy_reading {
    struct driver_stream stream;
    char tail[LIVY_TAIL][17]; /* hashes of the last lines that were read */
    size_t n_tail;
    int64_t lines; /* so many in all */
    bool gap;      /* lines were dropped between two looks */
    bool has_stderr;
};

struct livy_run {
    int64_t id; /* of the batch; -1 = not known */
    char *folder, *text;
    bool is_program, cancel_asked, over, gone;
    struct driver_report report;
    struct livy_reading known, shown; /* for the report, and for the log */
    bool shows;
    char state[32];
};
struct fst_session {
    struct fst_arena *arena;
    const struct fst_doc *options;
    const char *url;
    struct fst_http_header headers[3];
    size_t n_headers;
    bool is_loopback;
    struct livy_run *run;
};

/* GET unless `method` says otherwise, at the server's address and `fmt`. */
enum fst_status livy_ask(const struct fst_session *s, const char *method, const char *body,
                         struct rest_answer *out, struct fst_error *err, const char *fmt, ...)
    FST_PRINTF(6, 7);

/* ---- The batch (livy_batch.c) ---- */
/* Where the driver lies: a folder that we write and Livy's Spark reads. The arena's, or w->folder.
 */
enum fst_status livy_folder(const struct fst_session *s, const struct fst_work *w, const char **out,
                            struct fst_error *err);
/* The body of the request for the work. `masked`: secrets as ***. */
enum fst_status livy_request(const struct fst_session *s, const struct fst_work *w,
                             const char *folder, bool masked, struct fst_buf *json,
                             struct fst_error *err);
/* Send it, and have the batch's number, even when the answer was lost. */
enum fst_status livy_post(const struct fst_session *s, const struct fst_work *w, const char *body,
                          int64_t *id, struct fst_error *err);
/* The number of the batch that has the operation's name; FST_ENOTFOUND. */
enum fst_status livy_search(const struct fst_session *s, const struct fst_work *w, int64_t *id,
                            struct fst_error *err);

/* ---- Its lines (livy_log.c) ---- */
/* What is new in the list since the last reading, into a report or a log; each may be NULL. */
enum fst_status livy_read_lines(struct fst_session *s, struct livy_reading *x,
                                struct driver_report *r, struct fst_buf *log,
                                struct fst_error *err);
/* As of livy_read_lines, from a cursor on. */
enum fst_status livy_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                         struct fst_error *err);

#endif
