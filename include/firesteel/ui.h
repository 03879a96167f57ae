/* ui: how is it drawn? A surface of cells with roles, the terminal, theme, keys, widgets.
 *
 * No word of feature stores here. Widgets are plain state: they draw themselves on a surface and
 * take named actions and text, never raw keys. Everything runs on the UI thread. Drawing allocates
 * nothing that outlives it and does no I/O. Only term.c, term_key.c and
 * term_info.c know curses. */
#ifndef FIRESTEEL_UI_H
#define FIRESTEEL_UI_H

#include "firesteel/base.h"
#include "firesteel/data.h"

/* ---- Roles and themes -------------------------------------------------------------------------
 */

/* What a cell means; a theme says how that looks. Each role has a parent to fall back to. */
enum fst_role {
    FST_ROLE_TEXT,
    FST_ROLE_DIM,      /* less important: separators, hints, NULL */
    FST_ROLE_TITLE,    /* the top line of a view */
    FST_ROLE_HEADER,   /* column names */
    FST_ROLE_CURSOR,   /* the selected row */
    FST_ROLE_SELECTED, /* marked rows, selected text */
    FST_ROLE_MATCH,    /* found text */
    FST_ROLE_KEY,      /* a key's name in hints and help */
    FST_ROLE_STATUS,   /* the bottom line */
    FST_ROLE_INFO,
    FST_ROLE_WARN,
    FST_ROLE_ERROR,
    FST_ROLE_OK,      /* READY */
    FST_ROLE_RUNNING, /* RUNNING, PENDING */
    FST_ROLE_FAILED,
    FST_ROLE_STALE,
    FST_ROLE_LOST,
    FST_ROLE_SQL_KEYWORD,
    FST_ROLE_SQL_STRING,
    FST_ROLE_SQL_NUMBER,
    FST_ROLE_SQL_COMMENT,
    FST_ROLE_SQL_REFERENCE,
    FST_ROLE_SQL_FUNCTION,
    FST_ROLE_SQL_ERROR, /* the marked place of a problem */
    FST_ROLE_LINE,      /* line numbers */
    FST_ROLE_DIFF_ADD,
    FST_ROLE_DIFF_DEL,
    FST_ROLE_NULL,
    FST_ROLE_NUMBER,
    FST_ROLE_BORDER,
    FST_ROLE_PROMPT,
    FST_ROLE_PRODUCTION, /* the title while a provider of the setting `production` is used */
    FST_ROLE_STAGING,
    FST_ROLE_COUNT_,
};
struct fst_role_row {
    const char *name; /* "sql.keyword" */
    enum fst_role parent;
    const char *help;
};
extern const struct fst_role_row fst_roles[FST_ROLE_COUNT_];

struct fst_theme; /* names -> attributes; from YAML: name, inherits, palette, roles */
/* `name` is a built-in theme or a path; NULL = default. Errors name file, line, key and nearest
 * key. */
enum fst_status fst_theme_load(const char *name, struct fst_theme **out, struct fst_error *err);
void fst_theme_free(struct fst_theme *t);
const char *const *fst_theme_names(void); /* built-in, NULL-ended */

/* ---- Surface ------------------------------------------------------------------------------------
 */

/* A rectangle of cells. Every cell holds one grapheme cluster and a role; wide clusters take two
 * cells. */
struct fst_cell {
    char text[24]; /* UTF-8, NUL-ended; "" = second half of a wide cluster */
    uint8_t role;
    uint8_t width; /* 0, 1, 2 */
};
struct fst_surface {
    struct fst_cell *cells;    /* of the whole screen, shared by windows */
    int stride;                /* cells in a row of the whole screen */
    int top, left, rows, cols; /* this window */
    bool ascii;                /* draw lines and marks in ASCII */
    int *cursor_row,
        *cursor_col; /* where the terminal's cursor is to be (whole screen), -1 = hidden */
};
struct fst_surface fst_surface_window(const struct fst_surface *s, int top, int left, int rows,
                                      int cols);
void fst_surface_clear(struct fst_surface *s, enum fst_role role);
/* Draw text (escaped, so any bytes are safe) from (row, col), cut at `max_cols` columns (and the
 * edge); a cut ends in "…". Returns columns used. */
int fst_draw(struct fst_surface *s, int row, int col, int max_cols, enum fst_role role,
             const char *text, size_t n);
/* Bytes of the first line of `p` (which has no line end in it) when it is broken at `cols` columns:
 * after a space if there is one. */
size_t fst_text_wrap(const char *p, size_t n, int cols);
/* Lines that it takes so: at least one, at most max_rows. */
int fst_text_rows(const char *p, size_t n, int cols, int max_rows);
/* Draw text in as many lines as it takes, at most max_rows, from (row, col) to the last column but
 * one; what is left over is cut in the last. Returns rows used. */
int fst_draw_wrapped(struct fst_surface *s, int row, int col, int max_rows, enum fst_role role,
                     const char *text, size_t n);
int fst_draws(struct fst_surface *s, int row, int col, enum fst_role role, const char *text);
int fst_drawf(struct fst_surface *s, int row, int col, enum fst_role role, const char *fmt, ...)
    FST_PRINTF(5, 6);
void fst_draw_fill(struct fst_surface *s, int row, int col, int n_cols, enum fst_role role);
/* Give n cells from (row, col) a role, keeping their text. */
void fst_draw_role(struct fst_surface *s, int row, int col, int n_cols, enum fst_role role);
void fst_draw_box(struct fst_surface *s, const char *title); /* border around the whole window */
void fst_surface_cursor(struct fst_surface *s, int row, int col);

/* ---- Terminal
 * -------------------------------------------------------------------------------------- */

/* A key as a name: "a", "A", "ctrl-s", "enter", "esc", "tab", "shift-tab", "up", "pgdn", "home",
 * "f1", "alt-x", "space", "backspace", "delete"; pasted text arrives as "text" with its bytes. */
struct fst_key {
    char name[24];
    char text[256]; /* what typing inserts: "a", "é", " ", pasted pieces (with "\n" and "\t"); ""
                       for keys that insert nothing */
    int row, col;   /* of "click", "wheel-up" and "wheel-down": the cell of the screen */
};
struct fst_term_options {
    const struct fst_theme *theme;
    bool no_color, ascii;
    int rows, cols;     /* headless only; 0 = 24, 80 */
    const char *script; /* headless: the text of a key script (script.c); NULL = a real terminal */
    FILE *dump;         /* headless: where `dump` writes */
    const char *crash_file; /* the places of the stack are appended to it when the program dies of a
                               signal; NULL = nowhere */
};
struct fst_term;
/* Take the terminal (curses) or a headless screen. On every way out, crash and signals included,
 * the terminal is put back: fst_term_close, or by itself in fatal signal handlers and atexit. */
enum fst_status fst_term_open(const struct fst_term_options *o, struct fst_term **out,
                              struct fst_error *err);
void fst_term_close(struct fst_term *t);
/* The whole screen to draw on; valid until the next call. Size changes arrive as key "resize". */
struct fst_surface fst_term_surface(struct fst_term *t);
/* Show what was drawn; writes only what differs. */
void fst_term_flush(struct fst_term *t);
/* Wait for a key, for `fds` to be readable, or `timeout_ms` (-1 = for ever). `*key` has name ""
 * when none came. `idle` says that nothing is under way in the program: a script's waits end then.
 */
enum fst_term_wake { FST_WAKE_KEY, FST_WAKE_FD, FST_WAKE_TIMEOUT, FST_WAKE_HANGUP };
enum fst_term_wake fst_term_wait(struct fst_term *t, const int *fds, size_t n_fds, int timeout_ms,
                                 bool idle, struct fst_key *key);
/* Leave the terminal for a child (an editor, a pager, Ctrl-Z) and come back. */
void fst_term_suspend(struct fst_term *t);
void fst_term_resume(struct fst_term *t);
/* Stop, as for Ctrl-Z, until the shell lets us go on. Headless there is no shell: nothing. */
void fst_term_stop(struct fst_term *t);
/* Bytes into the clipboard of the terminal, exactly as they are. Over OSC 52, which terminals cap:
 * at most FST_COPY_MAX bytes of base64. Headless it is kept for the script to see. The error says
 * what is in the way: nothing to copy, too much, a terminal without a clipboard. */
#define FST_COPY_MAX 74994
enum fst_status fst_term_copy(struct fst_term *t, const void *bytes, size_t n,
                              struct fst_error *err);
/* Clicks and the wheel as keys, or no more; nothing is written before it is asked for. The error
 * says that the terminal has no mouse. */
enum fst_status fst_term_mouse(struct fst_term *t, bool on, struct fst_error *err);
/* Ring, or flash where there is no bell. */
void fst_term_bell(struct fst_term *t);
/* A line for the desktop (OSC 9), escaped; nothing where the terminal is known to have none. */
void fst_term_notify(struct fst_term *t, const char *text);
/* Other looks from the next flush on; `theme` is borrowed until the next restyle or the end. */
enum fst_status fst_term_restyle(struct fst_term *t, const struct fst_theme *theme, bool ascii,
                                 struct fst_error *err);
/* Leave the terminal to a program until it ends: argv is NULL-ended, argv[0] is looked up in PATH,
 * no shell. `*exit_status` is its own, or 128 + the signal that ended it. Headless it gets no
 * terminal: its input is empty, its output is thrown away. */
enum fst_status fst_term_run(struct fst_term *t, char *const *argv, int *exit_status,
                             struct fst_error *err);
/* Headless: the exit code that the script asks for (a failed `expect` is 1). */
int fst_term_script_result(const struct fst_term *t);

/* ---- Actions and keys
 * -------------------------------------------------------------------------------- */

/* Everything one can do has a row: keys, palette, hints, help and docs read it. */
struct fst_action {
    const char *name;  /* "run.start" */
    const char *scope; /* view or widget: "global", "list", "grid", "editor", "lineage", ... */
    const char *keys;  /* defaults, space separated: "r ctrl-r"; "" = by name only */
    const char *hint;  /* a word or two for the hint line; NULL = not shown there */
    const char *help;  /* a sentence */
    bool writes;       /* gone in read-only mode */
};
struct fst_keymap;
struct fst_keymap *fst_keymap_new(const struct fst_action *actions, size_t n);
void fst_keymap_free(struct fst_keymap *m);
/* Rebind: `keys` replaces the defaults of the action. Unknown names and keys are errors with the
 * nearest. */
enum fst_status fst_keymap_bind(struct fst_keymap *m, const char *action, const char *keys,
                                struct fst_error *err);
/* The action for a key in the first of the scopes that has one (scopes NULL-ended), or NULL. Keys
 * with commas between them are pressed one after the other ("g,g"): a key that begins such a
 * sequence waits for the next one, also where it is bound alone. */
const struct fst_action *fst_keymap_find(struct fst_keymap *m, const char *const *scopes,
                                         const struct fst_key *key, bool read_only);
/* The action that the key alone would find, as if nothing was begun; nothing changes. */
const struct fst_action *fst_keymap_look(const struct fst_keymap *m, const char *const *scopes,
                                         const struct fst_key *key, bool read_only);
/* The keys of a sequence that was begun and goes on ("space", of "space,f"), which the last
 * fst_keymap_find did not find an action for; "" = none is. */
const char *fst_keymap_begun(const struct fst_keymap *m);
void fst_keymap_forget(struct fst_keymap *m); /* what was begun */
/* The keys of an action, space separated; borrowed. */
const char *fst_keymap_keys(const struct fst_keymap *m, const struct fst_action *a);
const struct fst_action *fst_keymap_actions(const struct fst_keymap *m, size_t *n);

/* ---- Widgets: list
 * ------------------------------------------------------------------------------------ */

struct fst_list_column {
    const char *name;
    int min_cols, max_cols; /* max 0 = takes what is left */
    bool right;
};
/* What stands before a row. */
enum fst_list_sign { FST_LIST_PLAIN, FST_LIST_MARKED, FST_LIST_CHANGED };
/* A scrolling list of rows with columns, a cursor and a live filter. The owner supplies rows by
 * callback; the widget keeps positions. */
struct fst_list {
    const struct fst_list_column *columns;
    size_t n_columns;
    size_t n_rows, cursor, top;
    /* Text of a cell into `out`; its role. */
    enum fst_role (*cell)(void *arg, size_t row, size_t col, struct fst_buf *out);
    enum fst_list_sign (*sign)(void *arg, size_t row); /* NULL = all are plain */
    void *arg;
    char filter[128]; /* as fst_filter; rows are filtered by the owner, matches are highlighted */
    int page_rows;    /* rows shown at the last draw */
};
void fst_list_draw(struct fst_list *l, struct fst_surface *s); /* header line + rows */
void fst_list_clamp(struct fst_list *l); /* the cursor to a row that is there */
/* Movement actions: list.down up pagedown pageup top bottom halfdown halfup; true = handled. */
bool fst_list_action(struct fst_list *l, const char *action);
extern const struct fst_action fst_list_actions[];
extern const size_t fst_n_list_actions;

/* ---- Widgets: text (help, definitions, logs, diffs)
 * ------------------------------------------------------ */

struct fst_pager_line {
    const char *p; /* borrowed while drawing */
    size_t n;
    enum fst_role role;
};
struct fst_pager {
    size_t n_lines, top;
    int left;
    bool follow; /* stays at the end as lines come */
    bool wrap;   /* long lines take more rows, up to the page */
    size_t mark; /* the line that is drawn as chosen, from 1; 0 = none */
    struct fst_pager_line (*line)(void *arg, size_t i);
    void *arg;
    char find[128]; /* what to look for, as fst_filter; set by the owner; matches are highlighted */
    int page_rows, page_cols;
    size_t page_lines; /* that were drawn last, whole */
    char found[128];   /* private: what the last search looked for, and where it was */
    size_t match;
    size_t hits,
        hit;       /* lines with it, and which of them the last search came to, from 1; 0 = none */
    bool hits_cut; /* there are more: not all lines were counted */
};
void fst_pager_draw(struct fst_pager *p, struct fst_surface *s);
/* pager.down up pagedown pageup halfdown halfup top bottom left right start follow, and next and
 * previous: to the lines with `find`. A changed `find` is looked for from the top line on, so next
 * may be called after every key. */
bool fst_pager_action(struct fst_pager *p, const char *action);
extern const struct fst_action fst_pager_actions[];
extern const size_t fst_n_pager_actions;

/* ---- Widgets: grid (rows of frames)
 * ------------------------------------------------------------------------ */

/* Rows [from, from + n). */
struct fst_span {
    uint64_t from, n;
};
/* A window on a table that may be endless: the owner hands over frames as they come. Column widths
 * are fitted to what was seen first; the header shows names and types; NULL is drawn apart from
 * text. Where rows can be had from anywhere, the cursor moves over all of them, and only those
 * around it are kept. */
struct fst_grid {
    const struct fst_schema *schema; /* borrowed */
    struct fst_frame **frames;       /* counted in when they are handed over */
    size_t n_frames, frames_cap;
    uint64_t first;     /* number of the first row that is there */
    uint64_t n_rows;    /* that are there, */
    size_t bytes;       /* and what they take */
    int64_t total_rows; /* -1 unknown */
    bool can_seek;      /* rows can be had from anywhere; total_rows is known */
    bool complete;      /* there are no rows behind those that are there */
    uint64_t row;       /* cursor */
    bool selects;       /* rows between the anchor and the cursor are selected */
    bool in_block;      /* of these only the columns from anchor_col to the cursor's */
    uint64_t anchor;
    size_t anchor_col;
    struct fst_span *marks; /* rows that are marked: in their order, none touches the next */
    size_t n_marks, marks_cap;
    uint64_t top;
    size_t col;    /* cursor: a column of the schema, whatever is shown */
    size_t left;   /* place of the first column that is not pinned, among those shown */
    size_t *order; /* columns that are shown; NULL = all, as they are */
    size_t n_order;
    size_t sight, n_sight; /* places in sight when it was drawn last, without pinned ones */
    size_t n_sight_pinned;
    size_t *part; /* where each column is in the frames that are there, or SIZE_MAX; NULL = all are
                     there, in their order */
    struct fst_frame *whole; /* then: row `whole_row` with all of its columns; or NULL */
    uint64_t whole_row;
    int *widths;
    uint16_t *fitted; /* rows that each width was fitted to */
    size_t n_pinned;
    int page_rows;
    /* What is looked for: its first place in a text, or false. Marked where it is drawn; NULL =
     * nothing is. */
    bool (*find)(void *arg, const char *text, size_t n, size_t *from, size_t *len);
    void *find_arg;
};
void fst_grid_open(struct fst_grid *g, const struct fst_schema *schema);
void fst_grid_append(struct fst_grid *g, struct fst_frame *f);
/* Rows that lie right before those that are there. */
void fst_grid_prepend(struct fst_grid *g, struct fst_frame *const *frames, size_t n);
/* Let go of all rows; those from `first` on come next. */
void fst_grid_restart(struct fst_grid *g, uint64_t first);
void fst_grid_goto(struct fst_grid *g, uint64_t row);
/* Of wide tables: let go of all rows as fst_grid_restart does; those to come have these columns
 * only. The next restart ends that. */
void fst_grid_restart_part(struct fst_grid *g, uint64_t first, const size_t *columns, size_t n);
/* The columns that those rows have, in their order, into `out` with room for all: how many. */
size_t fst_grid_part(const struct fst_grid *g, size_t *out);
/* Of such a table a row with all of its columns, beside the others and until there is another. */
void fst_grid_keep_whole(struct fst_grid *g, uint64_t row, struct fst_frame *f);
/* Show these columns only, in this order; n 0 = all, as they are. */
void fst_grid_arrange(struct fst_grid *g, const size_t *columns, size_t n);
/* The columns that are shown, in their order, into `out` with room for all: how many. */
size_t fst_grid_columns(const struct fst_grid *g, size_t *out);
/* The cursor to a column, which is shown again if it was not. */
void fst_grid_goto_column(struct fst_grid *g, size_t column);
/* Of the column under the cursor; 0 = fitted again. */
void fst_grid_set_width(struct fst_grid *g, int width);
bool fst_grid_is_set_by_hand(const struct fst_grid *g, size_t column);
void fst_grid_fit_again(struct fst_grid *g); /* all widths, as they were */
/* Columns in sight when it was drawn last, and `around` more on either side, at most `max`: how
 * many. */
size_t fst_grid_in_sight(const struct fst_grid *g, size_t around, size_t *out, size_t max);
/* Is a column in sight that the rows that are there do not have? */
bool fst_grid_lacks_columns(const struct fst_grid *g);
/* How many of the first columns fill so many cells; told by names and types, before any row. */
size_t fst_grid_first_columns(const struct fst_schema *schema, int cols);
void fst_grid_done(struct fst_grid *g);
void fst_grid_draw(struct fst_grid *g, struct fst_surface *s);
bool fst_grid_action(struct fst_grid *g,
                     const char *action); /* grid.left right down up ... pin widen narrow */
/* The column and row-in-frame under the cursor; false when there is none, or not yet. */
bool fst_grid_cell(const struct fst_grid *g, const struct fst_column **column, size_t *row);
/* The frame with the row under the cursor; NULL when it is not there, or not all of it. */
const struct fst_frame *fst_grid_frame(const struct fst_grid *g, size_t *row);
/* The same with row `at` of the table; borrowed. */
struct fst_frame *fst_grid_frame_at(const struct fst_grid *g, uint64_t at, size_t *row);
/* The row under the cursor as a frame of its own, and where the cursor's column is in it; NULL when
 * it is not there. */
struct fst_frame *fst_grid_slice(const struct fst_grid *g, size_t *column);
/* What stands for a value that is nothing: NULL, an empty text, a column that the file does not
 * have. False, and nothing, for others. A text that reads like one of these marks is put in quotes
 * where it is drawn. */
bool fst_grid_mark(struct fst_buf *out, const struct fst_column *c, size_t row, bool ascii);
bool fst_grid_reads_like_mark(const char *text, size_t n, bool ascii);
/* Column `column` of row `at` of the table, and its row there; NULL when it is not there. */
const struct fst_column *fst_grid_column_at(const struct fst_grid *g, uint64_t at, size_t column,
                                            size_t *row);
/* The rows that are selected; false when none are. */
bool fst_grid_selection(const struct fst_grid *g, uint64_t *from, uint64_t *n);
/* The columns of what is selected: of a block its own, else those that are shown. As above. */
size_t fst_grid_selected_columns(const struct fst_grid *g, size_t *out);
/* Marks stay on the numbers of rows, whatever is read. Mark the row under the cursor, which goes
 * one down, or the rows that are selected, which are no more; when they are marked, take that away.
 */
void fst_grid_toggle_marks(struct fst_grid *g);
void fst_grid_toggle_all_marks(struct fst_grid *g); /* all rows that are known, or none */
void fst_grid_unmark(struct fst_grid *g);
/* How many rows are marked. */
uint64_t fst_grid_marked(const struct fst_grid *g);
/* Bytes of a row, of those that are there; at least 1. */
size_t fst_grid_row_bytes(const struct fst_grid *g);
/* Rows to fetch: after or before those that are there, or anew from `from` on. */
enum fst_grid_want { FST_GRID_NOTHING, FST_GRID_AFTER, FST_GRID_BEFORE, FST_GRID_ANEW };
enum fst_grid_want fst_grid_wants(const struct fst_grid *g, uint64_t *from);
extern const struct fst_action fst_grid_actions[];
extern const size_t fst_n_grid_actions;

/* ---- Widgets: editor
 * ------------------------------------------------------------------------------------------ */

struct fst_editor_span {
    size_t offset, len;
    enum fst_role role;
};
struct fst_editor;
struct fst_editor *fst_editor_new(const char *text);
void fst_editor_free(struct fst_editor *e);
const char *fst_editor_text(struct fst_editor *e, size_t *n); /* borrowed until the next change */
void fst_editor_set_text(struct fst_editor *e, const char *text); /* one undo step */
/* [from, to) by `text`, one undo step; the cursor comes behind it. False: it would be too long. */
bool fst_editor_replace(struct fst_editor *e, size_t from, size_t to, const char *text);
uint64_t fst_editor_revision(const struct fst_editor *e); /* grows with each change */
void fst_editor_end_step(struct fst_editor *e); /* what comes now is undone without what was */
/* Roles for the text, asked again after changes: `spans` appends non-overlapping spans in order. */
void fst_editor_set_highlight(struct fst_editor *e,
                              void (*highlight)(void *arg, const char *text, size_t n,
                                                void (*span)(void *to, struct fst_editor_span s),
                                                void *to),
                              void *arg);
/* The place of a problem (1-based; len code points), or line 0 for none. */
void fst_editor_mark(struct fst_editor *e, uint32_t line, uint32_t col, uint32_t len);
void fst_editor_goto(struct fst_editor *e, uint32_t line, uint32_t col);
void fst_editor_place(const struct fst_editor *e, uint32_t *line, uint32_t *col, size_t *offset);
void fst_editor_draw(struct fst_editor *e, struct fst_surface *s);
/* Typed text, and the actions of the table below: moves, select-MOVE, select-all, select-start,
 * newline backspace delete deleteword killline undo redo indent unindent toggle-comment duplicate
 * copy cut paste. While the popup is open up and down choose in it, newline and indent take the
 * candidate; moving away closes it. */
void fst_editor_insert(struct fst_editor *e, const char *text, size_t n);
bool fst_editor_action(struct fst_editor *e, const char *action);
/* Look for a text or an expression, "" = for nothing: its places are marked, the cursor goes to the
 * first at `from` or behind it, and find-next and find-previous go on. */
void fst_editor_find(struct fst_editor *e, const char *text, size_t from);
bool fst_editor_finds(const struct fst_editor *e);
/* How many places there are, and at which of them, from 1, the cursor is; 0 = at none. */
size_t fst_editor_found(struct fst_editor *e, size_t *which);
/* Put a text in for all of them, or those in the selection; $1 is what an expression's first group
 * took. One undo step. How many. */
size_t fst_editor_replace_found(struct fst_editor *e, const char *with);
/* The same for what is looked for from now on, an expression in which case matters, in the lines of
 * the cursor or the selection, or in `all` of the text. */
size_t fst_editor_substitute(struct fst_editor *e, const char *what, const char *with, bool all);
bool fst_editor_selects(const struct fst_editor *e); /* something */
/* Keys as vi has them. What vi does not take is for the keymap, or typed. FIND and COMMAND: `/` and
 * `:` were pressed. */
void fst_editor_set_vi(struct fst_editor *e, bool on);
const char *fst_editor_vi_mode(const struct fst_editor *e); /* "normal"; NULL = vi is off */
enum fst_vi_answer { FST_VI_NOT_MINE, FST_VI_TAKEN, FST_VI_FIND, FST_VI_COMMAND };
enum fst_vi_answer fst_editor_vi_key(struct fst_editor *e, const struct fst_key *key);
/* Would it take a key of this name that types nothing ("ctrl-r")? */
bool fst_editor_vi_takes(const struct fst_editor *e, const char *name);
/* Completion popup: the owner gives candidates for the word before the cursor, [from, cursor). */
struct fst_candidate {
    const char *text, *detail; /* borrowed by the popup until closed: the owner keeps them */
};
void fst_editor_complete(struct fst_editor *e, size_t from_offset,
                         const struct fst_candidate *items, size_t n);
bool fst_editor_completing(const struct fst_editor *e);
extern const struct fst_action fst_editor_actions[];
extern const size_t fst_n_editor_actions;

/* ---- Widgets: prompt and dialog
 * --------------------------------------------------------------------------------- */

/* One line of input at the bottom: `:` commands, `/` filters, questions. */
struct fst_prompt {
    char label[64];
    char text[512];
    size_t cursor; /* byte offset */
    const char *const *history;
    size_t n_history, history_at;
    struct fst_candidate *candidates; /* of the last word, in any order; owned by the owner */
    size_t n_candidates, candidate;
    bool fitted; /* the owner chose them: each fits all that is written from byte `word` on up to
                    the cursor, and they stay while `cycling` */
    size_t word;
    bool looking;   /* candidates are on their way */
    char note[200]; /* why there are none; "" = nothing is to be said */
    bool open;
    bool cycling;   /* Tab goes on to the next candidate; private: the word was `stem` */
    char stem[512]; /* private */
};
void fst_prompt_open(struct fst_prompt *p, const char *label, const char *text);
enum fst_prompt_result {
    FST_PROMPT_GOING,
    FST_PROMPT_CHANGED,
    FST_PROMPT_ACCEPTED,
    FST_PROMPT_CLOSED
};
/* Takes keys itself (it is a text field): Enter accepts, Esc closes (both end `open`), Tab and
 * shift-Tab go through the candidates that begin with the last word (after the only one, when it is
 * a fitted folder, the next Tab is for what is in it), Right at the end takes the one that is shown
 * dim, Up/Down history. */
enum fst_prompt_result fst_prompt_key(struct fst_prompt *p, const struct fst_key *key);
void fst_prompt_draw(struct fst_prompt *p, struct fst_surface *line);

/* A question over the screen. The first choice is the safe one and has the focus. */
struct fst_dialog {
    const char *title;
    char *text;             /* may have many lines: scrolls; owned by the owner */
    const char *choices[6]; /* NULL-ended: "Cancel", "Save as new variant" */
    size_t focus, top;
    bool open;
    struct fst_prompt *input; /* a text field above the choices; NULL = none */
};
/* The index of the choice taken; -1 still open; 0 also on Esc. Tab and the arrows move the focus;
 * typing into the input moves it from the safe choice to the next one. */
int fst_dialog_key(struct fst_dialog *d, const struct fst_key *key);
void fst_dialog_draw(struct fst_dialog *d,
                     struct fst_surface *s); /* lines that begin + or - are drawn as a diff */

#endif
