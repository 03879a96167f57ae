/* How submitted work ended.
 *
 * The driver's reports say it; without them (a program that is not ours, a driver on the cluster, a
 * crash) the exit code does, and the last words. */
#include <string.h>
#include <sys/stat.h>

#include "submit_run.h"

enum { RC_OUT_OF_MEMORY = 52 }; /* of Spark's executors, and so of a local driver */

/* The line at p, without spaces around. */
static struct fst_str line_at(const char *p, const char *end)
{
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    stop = stop ? stop : end;
    while (p < stop && (*p == ' ' || *p == '\t'))
        p++;
    while (stop > p && (stop[-1] == ' ' || stop[-1] == '\r'))
        stop--;
    return (struct fst_str){p, (size_t)(stop - p)};
}

static bool has(struct fst_str line, const char *word)
{
    return memmem(line.p, line.n, word, strlen(word)) != NULL;
}

static bool begins(struct fst_str line, const char *word)
{
    size_t n = strlen(word);
    return line.n >= n && memcmp(line.p, word, n) == 0;
}

void submit_last_words(const char *p, size_t n, char *out, size_t cap)
{
    struct fst_str cause = {0}, error = {0}, last = {0};
    for (const char *end = p + n; p < end;) {
        struct fst_str line = line_at(p, end);
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        p = newline ? newline + 1 : end;
        if (line.n == 0)
            continue;
        last = line;
        if (begins(line, "Caused by: "))
            cause = (struct fst_str){line.p + 11, line.n - 11};
        else if (!begins(line, "at ") && (has(line, "Exception") || has(line, "Error") ||
                                          has(line, " ERROR ") || begins(line, "Error:")))
            error = line;
    }
    struct fst_str best = cause.n ? cause : error.n ? error : last;
    size_t take = best.n < cap ? best.n : cap - 1;
    if (take)
        memcpy(out, best.p, take);
    out[take] = 0;
}

/* stderr first; a Python program's traceback is on stdout. */
static void find_words(struct submit_run *run, char *out, size_t cap)
{
    char piece[SUBMIT_PIECE];
    struct stat st;
    submit_last_words(run->tail, run->tail_n, out, cap);
    if (strstr(out, "Exception") || strstr(out, "Error") || strstr(out, "ERROR") ||
        stat(run->out.path, &st) != 0)
        return;
    uint64_t from = st.st_size > SUBMIT_PIECE ? (uint64_t)(st.st_size - SUBMIT_PIECE) : 0;
    size_t n = submit_read_more(&run->out, from, piece, sizeof piece);
    struct driver_stream lines = driver_stream_at(from);
    struct fst_buf text = FST_BUF(2 * SUBMIT_PIECE);
    driver_feed(NULL, &lines, piece, n, &text);
    driver_feed_end(NULL, &lines, &text);
    driver_stream_done(&lines);
    if (text.n)
        submit_last_words(text.p, text.n, out, cap);
    fst_buf_done(&text);
}

static enum fst_status fail_crash(struct submit_run *run, struct fst_error *err)
{
    char words[700], how[96];
    find_words(run, words, sizeof words);
    if (run->exit_code < 0)
        snprintf(how, sizeof how, "spark-submit is gone and left no exit code");
    else if (run->exit_code > 128)
        snprintf(how, sizeof how, "spark-submit was ended by signal %d", run->exit_code - 128);
    else
        snprintf(how, sizeof how, "spark-submit ended with exit code %d", run->exit_code);
    const char *memory = run->exit_code == RC_OUT_OF_MEMORY || strstr(words, "OutOfMemoryError")
                             ? "; Java's heap was too small: give more driver_memory "
                               "(executor_memory on a cluster)"
                             : "";
    return fst_fail(err, FST_EREMOTE, "%s%s%s%s", how, memory, words[0] ? ": " : "", words);
}

static enum fst_status decide_without_driver(struct submit_run *run, struct fst_progress *out,
                                             struct fst_error *err)
{
    out->state = FST_RUN_READY;
    if (run->exit_code == 0)
        return FST_OK;
    out->state = run->cancelling      ? FST_RUN_CANCELLED
                 : run->exit_code < 0 ? FST_RUN_LOST
                                      : FST_RUN_FAILED;
    return run->cancelling ? FST_OK : fail_crash(run, err);
}

/* What was written whole is there, whatever became of the process after that. */
enum fst_status submit_decide(struct submit_run *run, struct fst_progress *out,
                              struct fst_problem *problem, struct fst_error *err)
{
    struct driver_report *r = &run->report;
    if (!run->has_driver)
        return decide_without_driver(run, out, err);
    if (r->written || (run->is_check && r->ended && r->rc == 0)) {
        out->state = FST_RUN_READY;
        return FST_OK;
    }
    if (r->cancelled || run->cancelling) {
        out->state = FST_RUN_CANCELLED;
        return FST_OK;
    }
    out->state = FST_RUN_FAILED;
    if (r->error.status == FST_OK || run->exit_code == RC_OUT_OF_MEMORY)
        return fail_crash(run, err); /* a JVM without memory does not know what it says */
    if (problem)
        *problem = r->problem;
    if (err)
        *err = r->error;
    return r->error.status;
}
