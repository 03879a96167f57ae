/* Everything one can do in the workbench, besides what the widgets bring: keys, hints, help, `:`
 * and docs read this. */
#include "view.h"

const struct fst_action wb_own_actions[] = {
    {"back", "global", "q esc", "back", "Close this view; on the first one, leave", false},
    {"quit", "global", "Q ctrl-c", NULL, "Leave the workbench", false},
    {"help", "global", "? f1", "help", "All keys of this view", false},
    {"command", "global", ":", "cmd", "Type a command: an action, a view and a name, or a verb",
     false},
    {"palette", "global", "ctrl-p f2", NULL,
     "Choose from everything that can be done here, and from all resources, while typing", false},
    {"filter", "global", "/", "filter", "Show only rows that contain a text", false},
    {"redraw", "global", "ctrl-l", NULL, "Draw everything again", false},
    {"refresh", "global", "ctrl-r", NULL, "Look again: sources, runs, rows", false},
    {"search", "global", "s ctrl-t", "search",
     "Search names, descriptions, tags and SQL of everything", false},
    {"provider", "global", "P", NULL, "Choose the provider that checks and runs use here", false},
    {"suspend", "global", "ctrl-z", NULL, "Leave for the shell; fg comes back", false},
    {"pane.split", "global", "|", "two panes",
     "Below it a pane with what belongs to the thing under the cursor; again: one pane", false},
    {"pane.focus", "global", "tab", "pane", "To the other pane", false},
    {"pane.full", "global", "O", NULL, "The pane in focus on the whole screen, and back", false},
    {"pane.larger", "global", "+", NULL, "The pane in focus larger", false},
    {"pane.smaller", "global", "-", NULL, "The pane in focus smaller", false},
    {"forward", "global", "]", NULL, "The view that was closed last, where it was", false},
    {"go.tasks", "global", "W", NULL, "What is under way in the workbench, and ending it", false},
    {"mouse", "global", "M", NULL, "The mouse on, or off again", false},
    {"hold", "global", "!", NULL,
     "Hold the screen still: nothing looks again by itself; again: go on", false},
    {"go.home", "global", "0", NULL, "The first screen", false},
    {"go.sources", "global", "1", NULL, "List the sources", false},
    {"go.transformations", "global", "2", NULL, "List the transformations", false},
    {"go.features", "global", "3", NULL, "List the features", false},
    {"go.labels", "global", "4", NULL, "List the labels", false},
    {"go.training_sets", "global", "5", NULL, "List the training sets", false},
    {"go.entities", "global", "6", NULL, "List the entities", false},
    {"go.providers", "global", "7", NULL, "List the providers", false},
    {"go.runs", "global", "8", "runs", "List the runs", false},
    {"go.jobs", "global", "9", NULL, "List the jobs", false},

    {"open", "list", "enter", "open", "Open what is under the cursor", false},
    {"variants", "list", "v", NULL, "Show every variant, or only the default ones", false},
    {"list.mark", "resources", "space", NULL,
     "Mark it, or take the mark away: what is done, is done to all that are marked", false},
    {"list.mark-all", "resources", "*", NULL, "Mark all that are shown, or none", false},
    {"list.columns", "resources", "=", NULL, "Which columns the list shows", false},
    {"list.order", "resources", "o", NULL, "Which column it is ordered by", false},
    {"act.lineage", "resource", "l", "lineage", "What it stands on and what stands on it", false},
    {"act.preview", "resource", "p", "preview", "Look at its rows", false},
    {"act.edit", "resource", "e", "edit", "Edit its SQL", false},
    {"act.run", "resource", "r", "run", "Run it", true},
    {"act.run-upstream", "resource", "R", "run+up",
     "Run it after everything it stands on that is missing or stale", true},
    {"act.runs", "resource", "h", NULL, "Its runs", false},
    {"act.explain", "resource", "x", NULL, "The plan that the engine would follow", false},
    {"act.columns", "resource", "C", NULL, "Which source columns each of its columns is made of",
     false},
    {"act.tree", "resource", "i", NULL, "Its columns and their fields, as a tree", false},
    {"act.tag", "resource", "t", NULL, "Add tags, or take them away with -tag", true},
    {"act.copy", "resource", "y", NULL, "Copy its name and variant to the clipboard", false},
    {"act.start", "resource", "S", NULL, "Provider: start its server on this host", true},
    {"act.stop", "resource", "K", NULL, "Provider: stop the server that we started", true},
    {"act.test", "resource", "T", NULL, "Provider: is it reachable?", false},

    {"run.log", "run", "enter", "log", "The run with its progress and log", false},
    {"run.preview", "run", "p", "preview", "Look at the rows that it wrote", false},
    {"run.stages", "run", "t", "stages", "Its stages on Spark, and where the time went", false},
    {"run.cancel", "run", "c", "cancel", "End it", true},
    {"run.retry", "run", "r", "retry", "Run the same variant again", true},
    {"run.resource", "run", "o", NULL, "The resource that it ran", false},
    {"run.copy", "run", "y", NULL, "Copy its id to the clipboard", false},
    {"run.lineage", "run", "l", NULL, "Lineage of what it ran", false},

    {"runs.columns", "runs", "=", NULL, "Which columns the list of runs shows", false},

    {"log.error", "log", "e", "error", "To the next line of an error", false},
    {"log.error-before", "log", "E", NULL, "To the line of an error before", false},
    {"log.fold", "log", "z", "trace", "Unfold a stack trace, or fold it again", false},
    {"log.fold-all", "log", "Z", NULL, "Unfold all stack traces, or fold them again", false},
    {"log.wrap", "log", "w", "wrap", "Break long lines, or cut them", false},
    {"log.save", "log", "S", NULL, "Write the whole log to a file", false},
    {"log.around", "log", "&", NULL, "Show what the filter hides, too, or hide it again", false},

    {"tables.preview", "tables", "p", "preview", "Look at the table's rows", false},
    {"tables.register", "tables", "a", "register", "Make a source of the table", true},

    {"tables.tree", "tables", "i", "tree", "Databases, tables and columns as a tree", false},

    {"tree.open", "tree", "enter space", NULL, "Open it, or close it again", false},
    {"tree.in", "tree", "right l", NULL, "Open it", false},
    {"tree.close", "tree", "left h", "close", "Close it; when it is closed: to what it is in",
     false},
    {"tree.all", "tree", "*", "all", "Open all that is known", false},
    {"tree.none", "tree", "_", NULL, "Close everything", false},
    {"tree.preview", "tree", "p", "preview", "Look at its rows", false},
    {"tree.copy", "tree", "y", NULL, "Copy its name to the clipboard", false},

    {"session.start", "session", "S", "start", "Begin a lasting session at a provider", true},
    {"session.stop", "session", "K", "end", "End it at the server", true},

    {"task.end", "task", "c", "end", "End it", false},

    {"lineage.left", "lineage", "left H", NULL, "To what it stands on", false},
    {"lineage.right", "lineage", "right L", NULL, "To what stands on it", false},
    {"lineage.up", "lineage", "up k", NULL, "Up in the same layer", false},
    {"lineage.down", "lineage", "down j", NULL, "Down in the same layer", false},
    {"lineage.open", "lineage", "enter", "open", "Open the resource", false},
    {"lineage.upstream", "lineage", "u", "up only", "Only what it stands on", false},
    {"lineage.downstream", "lineage", "d", "down only", "Only what stands on it", false},
    {"lineage.both", "lineage", "a", "all", "Both directions", false},
    {"lineage.root", "lineage", "space", "centre", "Draw around the node under the cursor", false},

    {"editor.save", "sql", "ctrl-s", "save", "Save as a new variant, after showing the diff", true},
    {"editor.complete", "sql", "ctrl-space ctrl-n", "complete",
     "Complete a {{reference}}, a keyword, a function", false},
    {"editor.next-problem", "sql", "ctrl-g", "problem", "Go to the place of the problem", false},
    {"editor.peek", "sql", "ctrl-r f5", "peek", "Look at the rows of the text as it is now", false},
    {"editor.explain", "sql", "ctrl-x", NULL, "The plan of the text as it is now", false},
    {"editor.find", "sql", "ctrl-f", NULL, "Look for a text or an expression in the text", false},
    {"editor.replace", "sql", "alt-r", NULL,
     "Replace all that is found, or all in the selection; $1 is an expression's group", false},
    {"editor.format", "sql", "alt-l", NULL, "Lay the text out: clauses on lines, keywords", false},
    {"editor.line", "sql", "alt-g", NULL, "Go to a line", false},
    {"editor.outside", "sql", "ctrl-o", NULL, "The text in $VISUAL or $EDITOR, and back", false},
    {"editor.back", "sql", "esc ctrl-q", "back", "Close the editor; asks when there are changes",
     false},
    {"editor.provider", "sql", "ctrl-p", NULL, "Choose the provider that checks the text", false},

    {"preview.where", "preview", "w", "where", "Only rows for which a Spark SQL expression holds",
     false},
    {"preview.sort", "preview", "s", "sort",
     "Order by the column under the cursor; again: descending; again: as it was", false},
    {"preview.order", "preview", "S", NULL,
     "Order by what one types, as in SQL: a DESC, b NULLS LAST", false},
    {"preview.columns", "preview", "C", NULL,
     "Show only these columns, in this order; copies and exports have what is shown", false},
    {"preview.columns-undo", "preview", "U", NULL, "All columns, in their order and width, again",
     false},
    {"preview.width", "preview", "W", NULL, "Set the width of the column by number", false},
    {"preview.next", "preview", "n", NULL, "To the next cell with what / looks for", false},
    {"preview.previous", "preview", "N", NULL, "To the cell before with what / looks for", false},
    {"preview.seek", "preview", "ctrl-n", NULL,
     "Look on for it in the rows that were not read; esc ends that", false},
    {"preview.row", "preview", "#", NULL, "Go to the row of a number", false},
    {"preview.register", "preview", "a", NULL, "Make a source of these files", true},
    {"preview.schema", "preview", "i", "schema", "Columns and their types", false},
    {"preview.record", "preview", "enter", "record", "This row, one column a line", false},
    {"preview.value", "preview", "o", NULL, "The value under the cursor, whole", false},
    {"preview.copy", "preview", "y", "copy",
     "Copy the value under the cursor, exactly as it is, or the selected rows (v) or cells (V)",
     false},
    {"preview.copy-row", "preview", "Y", NULL,
     "Copy the row as the setting copy.format says, or what is selected as one chooses: tsv, csv, "
     "jsonl, markdown, insert, values, pyspark",
     false},
    {"preview.copy-all", "preview", "ctrl-y", NULL,
     "Copy all rows that were read and the columns that are shown, in a format that one chooses",
     false},
    {"preview.export", "preview", "E", NULL,
     "Write all rows, with the condition and order, into a new file; its name says the format",
     true},
    {"preview.column", "preview", "c", "column", "Go to a column by its name, or a part of it",
     false},

    {"palette.choose", "palette", "enter", "do it", "Do it, or open the resource", false},
    {"palette.up", "palette", "up ctrl-p", NULL, "One row up", false},
    {"palette.down", "palette", "down ctrl-n tab", NULL, "One row down", false},
    {"palette.pageup", "palette", "pgup", NULL, "One page up", false},
    {"palette.pagedown", "palette", "pgdn", NULL, "One page down", false},
    {"palette.erase", "palette", "backspace", NULL, "Take the last letter away", false},
    {"palette.clear", "palette", "ctrl-u", NULL, "Take all of the text away", false},
    {"record.value", "record", "enter o", "value", "The value under the cursor, whole", false},
    {"value.fold", "value", "enter z", "fold", "Fold what is in this value, or unfold it again",
     false},
    {"value.fold-all", "value", "Z", "fold all", "Fold all below the first level, or unfold them",
     false},
    {"value.text", "value", "t", "text", "Of text that is JSON: as it is, or as a tree", false},

    {"text.copy", "text", "y", NULL, "Copy all of the text to the clipboard", false},
};
const size_t wb_n_own_actions = FST_COUNT(wb_own_actions);

static const struct {
    const struct fst_action *rows;
    const size_t *n;
} tables[] = {
    {wb_own_actions, &wb_n_own_actions},         {fst_list_actions, &fst_n_list_actions},
    {fst_pager_actions, &fst_n_pager_actions},   {fst_grid_actions, &fst_n_grid_actions},
    {fst_editor_actions, &fst_n_editor_actions},
};

const struct fst_action *fst_view_actions(size_t *n)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < FST_COUNT(tables); i++)
        total += *tables[i].n;
    struct fst_action *all = fst_alloc(total * sizeof *all);
    for (size_t i = 0; i < FST_COUNT(tables); i++)
        for (size_t k = 0; k < *tables[i].n; k++)
            all[at++] = tables[i].rows[k];
    *n = total;
    return all;
}
