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

    {"first.files", "home", "b", "files", "Browse files: look at them, make sources of them",
     false},
    {"first.provider", "home", "n", NULL, "Add a provider", true},
    {"first.apply", "home", "a", NULL, "Apply a YAML file of definitions", true},
    {"first.demo", "home", "D", NULL, "Make the demo in this workspace", true},

    {"files.preview", "files", "p", "as one table",
     "Look at the rows: of a folder, those of all parts", false},
    {"files.register", "files", "a", "register", "Make a source of the file or folder", true},
    {"files.up", "files", "backspace left h -", "up", "To the folder above", false},
    {"files.go", "files", "c", "go to", "To another folder or URI: ~/data, s3://bucket/folder",
     false},
    {"files.home", "files", "~", NULL, "To the user's own folder", false},
    {"files.copy", "files", "y", NULL, "Copy its path to the clipboard", false},

    {"drift.to-file", "drift", "f", "catalog into file",
     "Take the catalog's side: write it into the file, after showing the diff", true},
    {"drift.to-catalog", "drift", "c", "file into catalog",
     "Take the file's side: apply it, or archive what only the catalog has", true},

    {"usage.prune", "usage", "X", "prune", "Take away the outputs that nobody needs, after asking",
     true},

    {"form.enter", "form", "enter", NULL, "To the next field; on the last row: register", false},
    {"form.tab", "form", "tab", "next", "Take what is offered, or go to the next field", false},
    {"form.next", "form", "down", NULL, "To the next field", false},
    {"form.previous", "form", "up shift-tab", NULL, "To the field before", false},
    {"form.pagedown", "form", "pgdn", NULL, "Ten rows down", false},
    {"form.pageup", "form", "pgup", NULL, "Ten rows up", false},
    {"form.toggle", "form", "space", "choose", "Choose it, or no more; another choice", false},
    {"form.left", "form", "left", NULL, "The choice before; in a text: to the left", false},
    {"form.right", "form", "right", NULL, "The next choice; in a text: to the right", false},
    {"form.complete", "form", "ctrl-n ctrl-space", NULL, "The next that fits what is written",
     false},
    {"form.test", "form", "ctrl-t f5", NULL, "A provider: reach it, before it is saved", false},
    {"form.save", "form", "ctrl-s", "register", "Show what would be registered, and register it",
     true},
    {"form.back", "form", "esc ctrl-q", "back", "Leave the form; asks when something is written",
     false},
    {"form.erase", "form", "backspace", NULL, "Take the last letter away", false},
    {"form.delete", "form", "delete", NULL, "Take the letter under the cursor away", false},
    {"form.word", "form", "ctrl-w", NULL, "Take the last word away", false},
    {"form.clear", "form", "ctrl-u", NULL, "Take what is before the cursor away", false},
    {"form.home", "form", "home ctrl-a", NULL, "To the beginning of the text", false},
    {"form.end", "form", "end ctrl-e", NULL, "To the end of the text", false},

    {"open", "list", "enter", "open", "Open what is under the cursor", false},
    {"variants", "list", "v", NULL, "Show every variant, or only the default ones", false},
    {"list.mark", "resources", "space", NULL,
     "Mark it, or take the mark away: what is done, is done to all that are marked", false},
    {"list.mark-all", "resources", "*", NULL, "Mark all that are shown, or none", false},
    {"list.columns", "resources", "O", NULL, "Which columns the list shows", false},
    {"list.order", "resources", "o", NULL, "Which column it is ordered by", false},
    {"act.archive", "resources", "d", NULL,
     "Archive the variant, or all that are marked, after telling what stands on it", true},
    {"list.restore", "resources", "u", NULL, "Bring back what was archived last", true},
    {"list.new", "resources", "n", NULL, "Make a new one of this kind", true},
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
    {"act.write", "resource", "W", NULL,
     "Write its definition into the file that it came from, or into a new one", true},
    {"act.usage", "resource", "U", NULL, "The room that its outputs take", false},
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

    {"runs.columns", "runs", "O", NULL, "Which columns the list of runs shows", false},

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
    {"tree.none", "tree", "-", NULL, "Close everything", false},
    {"tree.preview", "tree", "p", "preview", "Look at its rows", false},
    {"tree.copy", "tree", "y", NULL, "Copy its name to the clipboard", false},

    {"session.start", "session", "S", "start", "Begin a lasting session at a provider", true},
    {"session.stop", "session", "K", "end", "End it at the server", true},

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
    {"editor.back", "sql", "esc ctrl-q", "back", "Close the editor; asks when there are changes",
     false},
    {"editor.provider", "sql", "ctrl-p", NULL, "Choose the provider that checks the text", false},

    {"preview.where", "preview", "w", "where", "Only rows for which a Spark SQL expression holds",
     false},
    {"preview.sort", "preview", "s", "sort",
     "Order by the column under the cursor; again: descending; again: as it was", false},
    {"preview.row", "preview", "#", NULL, "Go to the row of a number", false},
    {"preview.register", "preview", "a", NULL, "Make a source of these files", true},
    {"preview.make", "preview", "m", "make", "Make features, a label or a training set of columns",
     true},
    {"preview.schema", "preview", "i", "schema", "Columns and their types", false},
    {"preview.record", "preview", "enter", "record", "This row, one column a line", false},
    {"preview.copy", "preview", "y", "copy",
     "Copy the value under the cursor, exactly as it is, or the selected rows (v)", false},
    {"preview.copy-row", "preview", "Y", NULL,
     "Copy the row as the setting copy.format says, or the selected rows as one chooses", false},
    {"preview.export", "preview", "E", NULL,
     "Write all rows, with the condition and order, into a new file; its name says the format",
     true},
    {"preview.column", "preview", "c", NULL, "Go to a column by its name, or a part of it", false},

    {"palette.choose", "palette", "enter", "do it", "Do it, or open the resource", false},
    {"palette.up", "palette", "up ctrl-p", NULL, "One row up", false},
    {"palette.down", "palette", "down ctrl-n tab", NULL, "One row down", false},
    {"palette.pageup", "palette", "pgup", NULL, "One page up", false},
    {"palette.pagedown", "palette", "pgdn", NULL, "One page down", false},
    {"palette.erase", "palette", "backspace", NULL, "Take the last letter away", false},
    {"palette.clear", "palette", "ctrl-u", NULL, "Take all of the text away", false},

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
