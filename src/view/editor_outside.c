/* The text in the editor that one is used to, and back: $VISUAL or $EDITOR gets the terminal and a
 * file of its own. What comes back is one undo step. When it cannot be taken, the text stays as it
 * was and the file stays where it is: nothing that was typed is lost. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "editor.h"

enum { MOST_BYTES = 1 << 20, MOST_WORDS = 32 };

struct outside {
    char *folder, *path;
    char *command;              /* its words lie in here */
    char *argv[MOST_WORDS + 2]; /* NULL-ended, the path last */
};

static void done(struct outside *o)
{
    free(o->folder);
    free(o->path);
    free(o->command);
}

/* The words of the variable, at spaces; never a shell. */
static bool find_program(struct outside *o, struct fst_error *err)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};
    size_t n = 0;
    char *rest;
    for (size_t i = 0; i < FST_COUNT(names) && !o->command; i++) {
        const char *value = getenv(names[i]);
        if (value && value[strspn(value, " \t")])
            o->command = fst_strdup(value);
    }
    if (!o->command)
        o->command = fst_strdup("vi");
    for (char *word = strtok_r(o->command, " \t", &rest); word;
         word = strtok_r(NULL, " \t", &rest)) {
        if (n == MOST_WORDS) {
            fst_fail(err, FST_EINVAL, "$EDITOR has more than %d words", MOST_WORDS);
            return false;
        }
        o->argv[n++] = word;
    }
    o->argv[n] = o->path;
    return true;
}

static enum fst_status put_down(struct outside *o, const char *text, size_t n,
                                struct fst_error *err)
{
    enum fst_status status = fst_mkdirs(o->folder, 0700, err);
    if (status == FST_OK)
        status = fst_file_write(o->path, text, n, 0600, err);
    return status;
}

static void pick_up(struct outside *o)
{
    unlink(o->path);
    rmdir(o->folder);
}

/* The file as text. Editors end the last line; one that had no end before has none after. */
static enum fst_status read_back(const struct outside *o, bool had_end, char **text,
                                 struct fst_error *err)
{
    size_t n;
    enum fst_status status = fst_file_read(o->path, MOST_BYTES, text, &n, err);
    if (status != FST_OK)
        return status;
    if (!fst_utf8_valid(*text, n) || memchr(*text, '\0', n)) {
        free(*text);
        *text = NULL;
        return fst_fail(err, FST_EFORMAT, "what came back is no UTF-8 text");
    }
    if (!had_end && n && (*text)[n - 1] == '\n')
        (*text)[n - 1] = '\0';
    return FST_OK;
}

static void say_kept(struct wb *wb, const char *why, const struct outside *o)
{
    wb_say(wb, FST_ROLE_ERROR, "%s: the text here is as it was%s%s", why,
           fst_path_exists(o->path) ? "; what was written is in " : "",
           fst_path_exists(o->path) ? o->path : "");
}

static void take(struct view *v, const struct outside *o, const char *text, const char *before)
{
    struct editor_view *e = v->state;
    if (strcmp(text, before) == 0) {
        wb_say(v->wb, FST_ROLE_INFO, "%s changed nothing", o->argv[0]);
        return;
    }
    fst_editor_set_text(e->editor, text);
    wb_say(v->wb, FST_ROLE_OK, "the text of %s; undo takes it back", o->argv[0]);
}

static void run(struct view *v, struct outside *o, const char *before)
{
    struct fst_error err;
    int exit_status = 0;
    char *text = NULL, *why = NULL;
    size_t n = strlen(before);
    enum fst_status status = fst_term_run(v->wb->term, o->argv, &exit_status, &err);
    if (status == FST_OK)
        status = read_back(o, n && before[n - 1] == '\n', &text, &err);
    if (status != FST_OK)
        why = fst_strdup(err.text);
    else if (exit_status)
        why = fst_asprintf("%s ended with %d", o->argv[0], exit_status);
    /* What is the same here too need not be kept. */
    if (!why || (text && strcmp(text, before) == 0))
        pick_up(o);
    if (why)
        say_kept(v->wb, why, o);
    else
        take(v, o, text, before);
    rmdir(o->folder);
    free(text);
    free(why);
}

void editor_outside(struct view *v)
{
    struct editor_view *e = v->state;
    struct fst_error err;
    struct outside o = {0};
    size_t n;
    const char *text = fst_editor_text(e->editor, &n);
    char *before = fst_strndup(text, n);
    o.folder = fst_asprintf("%s/outside.%d.%llu", fst_app_state_dir(v->wb->app), (int)getpid(),
                            (unsigned long long)fst_editor_revision(e->editor));
    o.path = fst_asprintf("%s/%s.sql", o.folder, e->resource->name);
    if (!find_program(&o, &err) || put_down(&o, before, n, &err) != FST_OK)
        wb_say_error(v->wb, &err);
    else
        run(v, &o, before);
    free(before);
    done(&o);
    editor_after_change(v);
}
