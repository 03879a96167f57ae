/* Work that was submitted, for the files that follow it: submit_run.c starts it, finds it again and
 * ends it, submit_watch.c looks at its process and output, submit_end.c tells how it ended,
 * submit_log.c is its log. */
#ifndef ENGINE_SUBMIT_RUN_H
#define ENGINE_SUBMIT_RUN_H

#include <sys/types.h>

#include "submit.h"

enum {
    SUBMIT_PIECE = 64 * 1024,
    SUBMIT_LAST_WORDS = 64 * 1024,
    SUBMIT_NOT_OURS = 1, /* a start time that no process of ours has: the id is another's by now */
};

/* One file of output, as far as it was read. */
struct submit_stream {
    char *path;
    int fd;
    struct driver_stream fed;
};
struct submit_run {
    char *operation_id, *folder, *exit_path, *pid_path, *properties_path;
    pid_t pid;
    uint64_t start_time; /* 0 = not known */
    bool has_driver;     /* ours, here: it reports on stdout */
    bool is_check, is_program;
    struct submit_yarn *yarn; /* the driver is there; NULL = elsewhere */
    int64_t gone_us;
    struct driver_report report;
    struct submit_stream out, err;
    char tail[SUBMIT_LAST_WORDS]; /* the end of stderr */
    size_t tail_n;
    bool cancelling, gone, decided;
    int exit_code; /* -1 = not known */
    int64_t kill_at_us, last_word_us;
};

enum fst_status submit_no_work(struct fst_error *err); /* of a session without work */

/* ---- Watching (submit_watch.c) ---- */
/* The next bytes of a file that may not be there yet; 0 at its end. */
size_t submit_read_more(struct submit_stream *f, uint64_t offset, char *into, size_t cap);
bool submit_read_number(const char *path, int64_t *out); /* of a file with one in it */
void submit_look(struct submit_run *run);                /* is the process still there? */
/* Nothing is left to wait for? The driver's last word is enough: a Spark that does not stop after
 * it is ended. */
bool submit_is_over(struct submit_run *run);
/* Look and read until something was said, it is over, or the time is up. */
void submit_wait(struct submit_run *run, int wait_ms);

/* ---- The end (submit_end.c) ---- */
/* What became of work that is over: by the driver's reports, or the exit code and the last words.
 */
enum fst_status submit_decide(struct submit_run *run, struct fst_progress *out,
                              struct fst_problem *problem, struct fst_error *err);

#endif
