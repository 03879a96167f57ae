/* Runs that were started here: each is told of when it ends, whichever view is open. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

void wb_watch(struct wb *wb, const char *run_id)
{
    for (size_t i = 0; i < wb->n_watched; i++)
        if (strcmp(wb->watched[i], run_id) == 0)
            return;
    fst_grow(&wb->watched, &wb->watched_cap, wb->n_watched + 1, sizeof *wb->watched);
    wb->watched[wb->n_watched++] = fst_strdup(run_id);
}

static void say_end(struct wb *wb, const struct fst_run_record *run)
{
    struct fst_buf took = FST_BUF(64);
    bool well = run->state == FST_STATE_READY;
    int64_t began = run->started_us ? run->started_us : run->created_us;
    fst_duration_text(&took, run->finished_us > began ? run->finished_us - began : 0);
    wb_say(wb, well ? FST_ROLE_OK : FST_ROLE_ERROR, "%s.%s is %s after %s (run %s)", run->name,
           run->variant, fst_states[run->state].name, fst_buf_text(&took), run->id);
    fst_term_bell(wb->term);
    fst_buf_done(&took);
}

void wb_watch_look(struct wb *wb)
{
    for (size_t i = 0; i < wb->n_watched;) {
        struct fst_run_record *run = NULL;
        bool is = fst_catalog_get_run(wb->catalog, wb->watched[i], &run, NULL) == FST_OK;
        bool ended = is && fst_states[run->state].final;
        if (ended)
            say_end(wb, run);
        fst_run_record_free(run);
        if (!ended) {
            i++;
            continue;
        }
        free(wb->watched[i]);
        wb->watched[i] = wb->watched[--wb->n_watched];
    }
}

void wb_watch_done(struct wb *wb)
{
    for (size_t i = 0; i < wb->n_watched; i++)
        free(wb->watched[i]);
    free(wb->watched);
}
