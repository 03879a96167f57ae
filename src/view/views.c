/* The table of views. A new view is one file and one row here. */
#include <string.h>

#include "view.h"

const struct view_ops *const wb_views[] = {
    &view_home,     &view_list,    &view_page,     &view_lineage, &view_editor,   &view_runs,
    &view_run,      &view_stages,  &view_preview,  &view_help,    &view_text,     &view_tables,
    &view_sessions, &view_palette, &view_tree,     &view_tasks,   &view_record,   &view_value,
    &view_column,   &view_groups,  &view_compare,  &view_form,    &view_files,    &view_drift,
    &view_usage,    &view_chain,   &view_attempts, &view_beside,  &view_columns,  &view_impact,
    &view_stale,    &view_inspect, &view_scratch,  &view_queries, &view_messages, NULL};

const struct view_ops *wb_view_named(const char *name)
{
    for (size_t i = 0; wb_views[i]; i++)
        if (strcmp(wb_views[i]->name, name) == 0)
            return wb_views[i];
    return NULL;
}

bool wb_is_outdated(enum fst_state state, bool stale)
{
    return stale && state == FST_STATE_READY;
}

void wb_took(struct fst_buf *out, const struct fst_run_record *run)
{
    int64_t began = run->started_us ? run->started_us : run->created_us;
    int64_t us = (run->finished_us ? run->finished_us : fst_now_us()) - began;
    if (run->finished_us || us >= 10000000)
        fst_duration_text(out, us);
    else /* each change goes over the line: one a second is enough */
        fst_buf_printf(out, "%ds", us < 0 ? 0 : (int)(us / 1000000));
}

const char *wb_state_word(enum fst_state state)
{
    return state == FST_STATE_NONE ? "never ran" : fst_states[state].name;
}

enum fst_role wb_state_role(enum fst_state state, bool stale)
{
    switch (state) {
    case FST_STATE_READY:
        return stale ? FST_ROLE_STALE : FST_ROLE_OK;
    case FST_STATE_CREATED:
    case FST_STATE_PENDING:
    case FST_STATE_RUNNING:
        return FST_ROLE_RUNNING;
    case FST_STATE_FAILED:
    case FST_STATE_CANCELLED:
        return FST_ROLE_FAILED;
    case FST_STATE_LOST:
        return FST_ROLE_LOST;
    default:
        return FST_ROLE_DIM;
    }
}
