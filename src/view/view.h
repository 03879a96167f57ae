/* Inside of view: the workbench, its views, and the tasks that they give to workers.
 *
 * A view is a row of a table (views.c) with functions on its own state. Everything here runs on the
 * UI thread, except the `work` of tasks. Views never wait: they start a task and draw what they
 * have. */
#ifndef FIRESTEEL_VIEW_PRIVATE_H
#define FIRESTEEL_VIEW_PRIVATE_H

#include "firesteel/view.h"

#define WB_MAX_VIEWS 24
#define WB_MAX_SCOPES 6

struct wb;
struct view;
struct task;

/* What belongs to the thing under the cursor of a view: shown in a second pane. */
struct detail {
    const char *view; /* its name; "text" with a text of its own */
    char *target;     /* taken */
    char *text;       /* taken */
    bool is_coming;   /* it is being read: what is shown stays till then */
};

struct view_ops {
    const char *name, *help;
    const char *scopes[WB_MAX_SCOPES]; /* keymap scopes before "global", NULL-ended */
    size_t state_size;
    void (*open)(struct view *v); /* v->target is set */
    void (*close)(struct view *v);
    bool (*action)(struct view *v, const char *action);       /* false = not mine */
    void (*text)(struct view *v, const char *text, size_t n); /* typed text; NULL = keys only */
    bool (*key)(struct view *v,
                const struct fst_key *key); /* before the keymap; false = not mine */
    /* True: `key` would take a key of that name now; no hint is given with it. NULL = never. */
    bool (*takes)(struct view *v, const char *key);
    void (*changed)(struct view *v); /* the catalog changed, or time to look again */
    void (*filter)(struct view *v, const char *text); /* live filter; NULL = has none */
    bool (*may_close)(struct view *v); /* false = asked back by itself (unsaved text) */
    void (*title)(struct view *v, struct fst_buf *out);
    void (*draw)(struct view *v, struct fst_surface *s);
    int64_t (*selected)(struct view *v); /* the resource that acts are meant for; 0 = none */
    const char *(*selected_run)(struct view *v); /* NULL = none */
    /* Resources that are marked: acts are meant for all of them; NULL = this view has no marks. */
    const int64_t *(*marked)(struct view *v, size_t *n);
    /* False = nothing belongs to it. NULL = the run or the page of what is selected. Asked often:
     * it must not wait. */
    bool (*detail)(struct view *v, struct detail *out);
    /* False = the action has no meaning for what is shown: no hint, not in the palette. NULL = all
     * have. Asked at each drawing. */
    bool (*offers)(struct view *v, const char *action);
    void (*crumb)(struct view *v, struct fst_buf *out); /* on the way here; NULL = the name */
    /* The place of the cursor as a word, and back to it when the rows are there. */
    void (*place)(struct view *v, struct fst_buf *out);
    void (*go_to)(struct view *v, const char *place);
    /* The cursor to a cell of the view; false = nothing is there, again = it was there already. */
    bool (*click)(struct view *v, int row, int col, bool *again);
    bool is_handed;                /* what it shows is handed to it: words alone do not open it */
    bool is_list;                  /* its state begins with a struct fst_list: clicks go there */
    const struct reading *reading; /* what wb_read reads */
};

/* What a view shows, read by a task; see wb_read. */
struct reading {
    const char *what;                            /* is done: "listing runs" */
    size_t size;                                 /* of the task */
    void (*ask)(struct view *v, struct task *t); /* fills the new task */
    void (*work)(struct task *t);
    void (*take)(struct view *v, struct task *t); /* what was found, when all went well */
    void (*release)(struct task *t);
    bool says_why; /* an error before anything was read is put into `why`, later ones nowhere;
                    * else they are said at the bottom */
};

struct view {
    const struct view_ops *ops;
    struct wb *wb;
    uint64_t id;
    char *target;
    void *state;
    bool is_reading, read_again, was_read; /* see wb_read */
    char why[1024];                        /* nothing could be read */
    bool live;                             /* wants `changed` some times a second */
    char *filter;                          /* given last; owned */
    struct view *below, *coming; /* the second pane, and the one that takes its place when read */
    bool split, in_below, full;  /* there are two; the lower has the focus; it takes the screen */
    int64_t coming_us;
};

/* A job of a view. Embedded first in each kind; freed by the workbench after `done`. */
struct task {
    struct fst_job job;
    struct wb *wb;
    uint64_t view_id;
    void (*work)(struct task *t);
    void (*done)(struct task *t, struct view *v); /* v = NULL when the view is gone */
    void (*release)(struct task *t);              /* what it owns; may be NULL */
    enum fst_status status;
    struct fst_error err;
    int64_t started_us;
    _Atomic uint64_t rows; /* that were read, for people */
    bool stays;            /* changes the catalog: leaving waits for it, nobody ends it */
    char *of;              /* what it reads or changes, for people; NULL = no more is known */
    struct task *next;
};

/* Where one is: see place.c. */
struct wb_place {
    char *view, *target, *filter, *cursor; /* NULL but for the view: none */
};

struct wb {
    struct fst_app *app;
    struct fst_term *term;
    struct fst_theme *theme;
    struct fst_keymap *keys;
    struct fst_action *actions;
    size_t n_actions;
    struct view *stack[WB_MAX_VIEWS];
    size_t n_views;
    struct wb_place ahead[WB_MAX_VIEWS]; /* closed last, the last one on top */
    size_t n_ahead;
    uint64_t next_id;
    struct task *tasks; /* under way */
    size_t n_tasks;
    struct fst_catalog *catalog; /* the UI thread's own, to notice changes */
    int64_t version;
    int64_t looked_at[64]; /* resources whose columns were asked for while one writes */
    size_t n_looked_at;
    int64_t settings_us;  /* looked at last */
    int64_t archived[32]; /* here, the last one at the end */
    size_t n_archived;
    char wrote[512];     /* the file that a definition was written into last, as it was typed */
    char own_asked[128]; /* the command of one's own that the prompt asks for */
    bool busy_shown;     /* the title says that something is under way */
    int64_t around_us;
    int64_t looked_us, told_us; /* how far what is under way is */
    int64_t key_us;             /* of the last key */
    int64_t draw_us; /* all is to be drawn again then; 0 = no; told anew by each drawing */
    int upper;       /* percent of the rows for the upper of two panes */
    int body_rows;   /* at the last draw */
    bool ascii;
    char provider[128]; /* chosen here; "" = the setting */
    char message[1024];
    enum fst_role message_role;
    struct said {
        char *line; /* when, and from `text_at` on what */
        size_t text_at;
        enum fst_role role;
    } said[200]; /* the newest last */
    size_t n_said;
    struct fst_prompt prompt;
    void (*prompt_done)(struct wb *wb, const char *text);
    void (*prompt_changed)(struct wb *wb, const char *text); /* while typing; NULL = closed */
    bool prompt_filters;                                     /* `/`: each change filters */
    struct fst_dialog dialog;
    char *dialog_text;
    void (*dialog_done)(struct wb *wb, int choice, void *arg);
    void *dialog_arg;
    struct fst_prompt dialog_input;
    char **history;
    size_t n_history, history_cap;
    struct paths *paths;         /* of the prompt; NULL = it takes none */
    size_t n_listings;           /* of folders for it, under way, wanted or not */
    struct fst_candidate *names; /* completions of the prompt */
    size_t n_names, names_cap;
    struct fst_arena *names_arena;
    char **watched; /* runs that were started here and have not ended */
    size_t n_watched, watched_cap;
    int look_ms; /* how often live screens look again; 0 = never by themselves */
    bool held;   /* nothing looks again by itself */
    bool mouse;
    struct {
        int col, end;
        const char *action;
    } hints[32]; /* as drawn last, for clicks */
    size_t n_hints;
    int hint_row;
    struct grids *grids;      /* what is kept of grids; NULL = nothing yet */
    struct fst_map *lineages; /* what is kept of each; NULL = nothing yet */
    struct watched_chain {
        char *id;
        int64_t since_us, looked_us;
        size_t n_said; /* runs of it that were told of */
        bool asked;
    } * chains; /* that were started here and have not ended */
    size_t n_chains, chains_cap;
    bool quit, hangup, dirty;
    int exit_code;
};

/* ---- The workbench --------------------------------------------------------------------------- */
struct view *wb_top(struct wb *wb); /* the view in focus */
/* Microseconds until the cursor rests, which it does a while after the last key; <= 0: it does. */
int64_t wb_rests_in(const struct wb *wb);
/* While drawing: may what follows the cursor and costs more be drawn? If not, all is drawn again
 * when the cursor rests. */
bool wb_rests(struct wb *wb);
void wb_look_again(struct wb *wb);   /* that one; nothing when all are closed already */
struct view *wb_main(struct wb *wb); /* on top of the stack: the upper of two panes */
/* A view that is on no stack: a pane. */
struct view *wb_view_new(struct wb *wb, const char *name, const char *target);
void wb_view_free(struct view *v);
void wb_filter(struct view *v, const char *text);
bool wb_has_tasks(const struct wb *wb, uint64_t view_id);
/* Open a view on `target` (copied; may be NULL) on top of the stack. */
struct view *wb_open(struct wb *wb, const char *view, const char *target);
void wb_back(struct wb *wb);
bool wb_back_leaves(const struct wb *wb); /* there is nothing to go back to */
/* To the view on the stack that shows this, with its place and filter; else it is opened. */
void wb_find(struct wb *wb, const char *view, const char *target);
void wb_say(struct wb *wb, enum fst_role role, const char *fmt, ...) FST_PRINTF(3, 4);
void wb_say_error(struct wb *wb, const struct fst_error *err);
void wb_prompt(struct wb *wb, const char *label, const char *text,
               void (*done)(struct wb *wb, const char *text));
/* Names that the prompt completes; `detail` of each is told beside it. */
void wb_prompt_names(struct wb *wb, const char *const *names, const char *const *details, size_t n);
/* `text` is taken. choices NULL-ended, the first is the safe one. `input` label NULL = no field. */
void wb_dialog(struct wb *wb, const char *title, char *text, const char *const *choices,
               const char *input, const char *input_text,
               void (*done)(struct wb *wb, int choice, void *arg), void *arg);
/* The second choice has the focus: it is what was asked for, and takes nothing away. */
void wb_dialog_suggest(struct wb *wb);
const char *wb_dialog_input(struct wb *wb);
bool wb_action(struct wb *wb, const char *name); /* do a named action as if its key was pressed */
void wb_command(struct wb *wb, const char *line);
const char *wb_provider(struct wb *wb); /* NULL = the default */
bool wb_read_only(const struct wb *wb);

/* Tell when a run ends. */
void wb_watch(struct wb *wb, const char *run_id);
void wb_watch_chain(struct wb *wb, const char *chain_id); /* its steps, and its end */
void wb_watch_look(struct wb *wb);
void wb_watch_done(struct wb *wb);

/* How something ended, for the bell, the desktop and the command of the settings (notify.c). */
struct run_end {
    const char *name, *state, *run, *text;
    int64_t took_us;
};
void wb_notify(struct wb *wb, const struct run_end *e);

/* ---- Settings (bindings.c): keys and looks, followed while the files change ---------------------
 */
enum fst_status wb_bind_keys(struct wb *wb, struct fst_error *err);
void wb_unbind_keys(struct wb *wb);
void wb_look_settings(struct wb *wb);
void wb_set(struct wb *wb, const char *text); /* `:set NAME VALUE` */

/* ---- Where the work is real (production.c) ------------------------------------------------------
 */
/* How the top line looks; appends the word for it. */
enum fst_role wb_title_role(const struct wb *wb, struct fst_buf *out);
/* Do `go` with `arg`; where `provider` (NULL = the default) is production, only when its name was
 * typed, else `give_up` with `arg`. `what` is what would be done: "Run x.v1". */
void wb_confirm(struct wb *wb, const char *provider, const char *what,
                void (*go)(struct wb *wb, void *arg), void (*give_up)(void *arg), void *arg);

/* ---- Commands of one's own (own.c); false = it is not one ---------------------------------------
 */
bool wb_own_command(struct wb *wb, const char *action);

/* ---- Reading (find.c): as the pager's own, and told how many lines have what is looked for
 * --------
 */
bool wb_pager_action(struct wb *wb, struct fst_pager *p, const char *action);
/* The text of `/`: a new one is looked for from what is in sight on. */
void wb_pager_find(struct wb *wb, struct fst_pager *p, const char *text);
/* ---- Places (place.c) ------------------------------------------------------------------------ */
void places_closing(struct view *v); /* it may come back */
void places_forward(struct wb *wb);
void places_forget(struct wb *wb);
void places_save(const struct wb *wb); /* for the next time, if the settings want it */
void places_restore(struct wb *wb);

/* ---- Panes (panes.c) ------------------------------------------------------------------------- */
bool panes_action(struct wb *wb, const char *action); /* pane.*; false = not one of them */
void panes_close(struct view *v);
void panes_tick(struct wb *wb);
int panes_wait(const struct wb *wb); /* ms until there is something to do; -1 = nothing */
bool panes_two(const struct wb *wb); /* two are to be seen */
void panes_draw(struct wb *wb, struct fst_surface *body);
int panes_upper_rows(const struct wb *wb);

/* ---- The mouse (mouse.c) --------------------------------------------------------------------- */
void mouse_set(struct wb *wb, bool on);
void mouse_toggle(struct wb *wb);
void mouse_key(struct wb *wb, const struct fst_key *key);
void wb_press(struct wb *wb, const char *key); /* as if it was pressed */

/* ---- The frame around views (frame.c) -------------------------------------------------------- */
void frame_draw(struct wb *wb);
void frame_title(struct wb *wb, struct view *v, struct fst_buf *out, int cols); /* and the way */

/* ---- Tasks ----------------------------------------------------------------------------------- */
/* A zeroed task of `size` bytes for view v (NULL = for the workbench). */
void *wb_task_new(struct wb *wb, struct view *v, size_t size, void (*work)(struct task *),
                  void (*done)(struct task *, struct view *), void (*release)(struct task *));
/* What it reads or changes, copied; else the view says it: what it shows. */
void wb_task_of(struct task *t, const char *of);
void wb_task_start(struct task *t, const char *what);
/* Read what the view shows, one reading at a time: what is asked for meanwhile is read once more.
 */
void wb_read(struct view *v);
void wb_tasks_cancel(struct wb *wb, uint64_t view_id);
struct view *wb_view_by_id(struct wb *wb, uint64_t id);

/* What was said at the bottom line (messages.c). */
void messages_keep(struct wb *wb, enum fst_role role, const char *text);
void messages_done(struct wb *wb);
/* What is under way (underway.c): for the title, and when one leaves. */
bool underway_is_long(const struct wb *wb);
bool underway_is_shown(const struct wb *wb);
int underway_shown_in(const struct wb *wb); /* ms until it is; -1 = it is, or nothing is */
void underway_words(struct wb *wb, struct fst_buf *out);
bool underway_leave(struct wb *wb);
char *underway_of(struct view *v); /* what a view shows, in a word; owned */

/* The lines given at the prompt. */
void history_load(struct wb *wb);
void history_add(struct wb *wb, const char *line);

/* ---- Paths in prompts (paths.c, path_text.c) ---------------------------------------------------
 */
enum wb_path {
    WB_PATH_ANY,
    WB_PATH_FOLDER,
    WB_PATH_TABLE, /* what rows can be shown of */
    WB_PATH_YAML,
    WB_PATH_COMMAND, /* of the `:` line: as its command takes it */
};
/* A prompt that takes a path: what is in its folder is offered, `~/` is the user's folder. `path`
 * is what it begins with. */
void wb_prompt_path(struct wb *wb, const char *label, enum wb_path kind, const char *path,
                    void (*done)(struct wb *wb, const char *path));
void paths_begin(struct wb *wb, enum wb_path kind); /* in the prompt that was opened */
/* A key of the prompt, before the prompt has it: true = it is done, or waits for a listing. */
bool paths_key(struct wb *wb, const struct fst_key *key);
void paths_follow(struct wb *wb);      /* and after */
char *paths_text(const struct wb *wb); /* of the prompt; owned */
void paths_end(struct wb *wb);         /* the prompt closes; what comes is forgotten */
/* The command of a `:` line when it takes a path: of which kind, and where that begins. */
bool wb_command_path(const struct wb *wb, const char *line, enum wb_path *kind, size_t *from);
/* A path as it is typed, and back; owned. Quoted when it must be, or is wanted to be; one that goes
 * on has no quote at its end. */
char *wb_path_write(const char *path, bool quoted, bool goes_on);
char *wb_path_read(const char *text);
bool wb_path_is_quoted(const char *text);
/* fst_store_browse, knowing the places of providers; on a worker. */
enum fst_status wb_browse(struct wb *wb, const char *folder, const char *begins, size_t max,
                          struct fst_browsed *out, struct fst_error *err);
/* "folder", "partition", "definitions", a format; "" = nothing that is known (files.c). */
const char *wb_file_kind(const struct fst_entry *e);

/* ---- Views ----------------------------------------------------------------------------------- */
extern const struct view_ops *const wb_views[];         /* NULL-ended */
const struct view_ops *wb_view_named(const char *name); /* NULL = none */
extern const struct view_ops view_home, view_list, view_page, view_lineage, view_editor, view_runs,
    view_run, view_stages, view_preview, view_help, view_text, view_tables, view_sessions,
    view_palette, view_tree, view_tasks, view_record, view_value, view_column, view_groups,
    view_compare, view_form, view_files, view_drift, view_usage, view_chain, view_attempts,
    view_beside, view_columns, view_impact, view_stale, view_inspect, view_scratch, view_queries,
    view_messages;
extern const struct fst_action wb_own_actions[];
extern const size_t wb_n_own_actions;

/* Open a text view on an owned text. */
void wb_open_text(struct wb *wb, const char *title, char *text);
void text_set(struct view *v, char *text); /* of a text view; taken */
/* Text as a literal of Spark's SQL, in quotes (copy_code.c). */
void wb_sql_text(struct fst_buf *out, struct fst_str text);
/* One row (a frame of it, taken) and its text to copy (taken, may be NULL); one value of it. */
void wb_open_record(struct wb *wb, struct fst_frame *row, char *exact, const char *title);
void wb_open_value(struct wb *wb, struct fst_frame *row, size_t column, const char *title);
/* Make a source, and say so: of files at a path, or of a table of a provider's catalog. */
void wb_register(struct wb *wb, const char *name, const char *path, const char *table,
                 const char *provider);
/* A name for a source of these files, from their last part; "" = none fits. Owned. */
char *wb_source_name(const char *path);
/* ---- The first hour (first.c, provider.c, make.c, paths.c) ------------------------------------
 */
/* What comes next, until there is a training set: the lines for the first screen, and their keys.
 */
void wb_first_draw(struct wb *wb, const struct fst_counts *counts, struct fst_surface *s, int row);
bool wb_first_action(struct wb *wb, const char *name);
bool wb_new(struct wb *wb, const char *kind); /* something new of a kind that is listed */
/* Show what a file of definitions would do, and do it when that is wanted. */
void wb_apply_file(struct wb *wb, const char *path);
/* The form of a provider: a new one, or `old` changed. */
void wb_provider_form(struct wb *wb, const struct fst_resource *old);
/* The form of features, a label or a training set ("training set": of that alone) from columns of
 * `from`, those that are marked chosen already. */
void wb_make(struct wb *wb, const char *what, const struct fst_resource *from,
             const struct fst_schema *schema, const size_t *marked, size_t n_marked);
/* The same of what a preview shows: files, too, that are a source already. */
void wb_make_of_place(struct wb *wb, const struct fst_place *place, const struct fst_schema *schema,
                      const size_t *marked, size_t n_marked);
/* Variants archived, after asking, and the last one brought back (archive.c). */
void wb_archive(struct wb *wb, int64_t id);
void wb_archive_many(struct wb *wb, const int64_t *ids, size_t n);
void wb_act_archive(struct wb *wb, const struct fst_resource *r);
void wb_restore(struct wb *wb);
/* A definition into its file, after showing the diff (drift.c). */
void wb_write_back(struct wb *wb, const struct fst_resource *r);
/* Run `target` and all that stands on it, after asking; `provider` is what production asks by. */
void wb_run_downstream(struct wb *wb, const char *target, const char *provider);
/* The same of a plan of what is out of date; it is taken. */
void wb_run_planned(struct wb *wb, struct fst_labels *plan, const char *provider);
/* Open what the columns of a resource are made of. */
void wb_show_columns(struct wb *wb, const struct fst_resource *r);
void wb_grids_free(struct wb *wb);
void wb_lineages_free(struct wb *wb);
/* Beside another of its variants (beside.c). */
void wb_act_beside(struct wb *wb, const struct fst_resource *r);
/* Open rows of a target, those for which a condition holds (NULL = all). */
void wb_open_rows(struct wb *wb, const char *target, const char *where);

/* ---- What a grid can tell (facts.c) ------------------------------------------------------------
 */
/* Where a grid is when it is asked. */
struct grid_place {
    const char *target, *where, *run_id;
    const struct fst_schema *schema;
    size_t col;
    const struct fst_frame *frame; /* with the row under the cursor; NULL = it is not there */
    size_t row;                    /* in the frame */
};
/* Acts on it; false = not one of them. */
bool wb_grid_facts(struct wb *wb, const char *action, const struct grid_place *at);
/* What changed between the run `after` (NULL = the newest) and the one before it. */
void wb_open_compare(struct wb *wb, const char *target, const char *after);
/* Where the row of a training set comes from for which `where` holds. */
void wb_open_inspect(struct wb *wb, const char *target, const char *where);
/* A row, to be looked at in the run before. */
struct wb_before;
struct wb_before *wb_before_new(const char *target, const char *run_id,
                                const struct fst_frame *frame, size_t row);
void wb_before_show(struct view *v, const struct wb_before *b); /* NULL = there is none: say so */
void wb_before_free(struct wb_before *b);
/* The record on top is one of that row, which is taken. */
void wb_record_before(struct wb *wb, struct wb_before *b);
/* Figures of a column, and counts of its values, of the rows for which `where` holds. */
void wb_open_column(struct wb *wb, const char *target, const char *where, const char *column);
void wb_open_groups(struct wb *wb, const char *target, const char *where, const char *by);

/* Open the rows of a query; provider NULL = the default. */
void wb_open_query(struct wb *wb, const char *provider, const char *sql);
/* What `y` copies of the text view on top instead of its text, and what that is; taken. */
void wb_text_copies(struct wb *wb, const char *what, char *exact);
/* Add the tags of a line, or take away those with "-"; false = it was said why not. */
bool wb_tag(struct wb *wb, int64_t id, const char *line);
/* Acts on all that are marked (marked.c); false = none are, or it is an act on one. */
bool wb_act_on_marked(struct wb *wb, const char *action);
int wb_compare_ids(const void *a, const void *b); /* of int64_t, for qsort */
/* ---- Copying (copy.c): each says what went to the clipboard, or why nothing did ----------------
 */
bool wb_copy(struct wb *wb, const char *what, const void *bytes, size_t n);
void wb_copy_cell(struct wb *wb, const struct fst_grid *g); /* under the cursor */
/* Rows of a grid by their numbers, in their order, and which columns of them; `name` is what code
 * calls them. Rows that are no longer at hand are read again from `target`, if `run_id` still is
 * what one sees there. */
struct wb_cells {
    const struct fst_span *spans;
    size_t n_spans;
    const size_t *columns;
    size_t n_columns;
    const char *name, *target, *run_id;
};
/* These as a reader, for a worker (pick.c); total_rows is how many they are. Of wb_pick's readers:
 * who asks whether to go on. */
struct fst_reader *wb_pick(struct wb *wb, const struct fst_grid *g, const struct wb_cells *cells);
void wb_pick_cancel(struct fst_reader *picked, bool (*cancelled)(void *), void *arg);
extern const char *const wb_copy_formats[], *const wb_copy_helps[]; /* the first NULL-ended */
/* On a worker; `copied` is called when they are on the clipboard and the view is still there; NULL
 * = nobody. */
void wb_copy_rows(struct view *v, const struct fst_grid *g, const struct wb_cells *cells,
                  const char *format, void (*copied)(struct view *v));
/* Rows as text, which may be refused; the header is tsv's and csv's. */
enum fst_status wb_rows_text(struct fst_reader *rows, const char *name, const char *format,
                             bool header, struct fst_buf *out, struct fst_error *err);
/* Rows as code (copy_code.c): a head, frames, a tail. */
struct code;
const struct code *wb_code_named(const char *name); /* or NULL */
enum fst_status wb_code_begin(const struct code *code, const struct fst_schema *s, const char *name,
                              struct fst_buf *out, struct fst_error *err);
void wb_code_rows(const struct code *code, const struct fst_frame *f, bool is_first,
                  struct fst_buf *out);
void wb_code_end(const struct code *code, const struct fst_schema *s, const char *name,
                 struct fst_buf *out);
/* All rows of a question into a new file (export.c), or the rows that were picked; under way they
 * have this id. */
#define WB_EXPORTS UINT64_MAX
struct wb_rows {
    const char *target, *where, *sort;
    const char *const *columns; /* shown; n 0 = all */
    size_t n_columns;
    struct fst_reader *picked; /* taken; NULL = all that the question gives */
};
void wb_export(struct wb *wb, const struct wb_rows *rows, const char *path);
/* What is shown as stale: rows that are there and out of date. What never ran, runs, or failed says
 * that instead. */
bool wb_is_outdated(enum fst_state state, bool stale);
/* How long a run took; in whole seconds while it goes on. */
void wb_took(struct fst_buf *out, const struct fst_run_record *run);
const char *wb_state_word(enum fst_state state); /* for people: "never ran" */
enum fst_role wb_state_role(enum fst_state state, bool stale);
/* Acts on a resource, from whatever view: "act.run", "act.edit", ... false = not one of them. */
bool wb_act(struct wb *wb, const char *action, int64_t id);
/* Has the act a meaning for resources of this kind? True of what is no act. */
bool wb_act_suits(const char *action, enum fst_resource_kind kind);
/* Has the action a meaning where the view stands? */
bool wb_offers(struct view *v, const char *action);
/* Ask, and end a chain; `text` (taken) says how far it is. */
void wb_cancel_chain(struct wb *wb, const char *id, const char *provider, bool ended, char *text);
bool wb_act_on_run(struct wb *wb, const char *action, const char *run_id);
/* The same on several runs (marked_runs.c); false = it is an act on one. */
bool wb_act_on_runs(struct wb *wb, const char *action, char *const *ids, size_t n);
/* The stages of a run, with the cursor on what stands out most. */
void wb_open_findings(struct wb *wb, const char *run_id);

#endif
