/* Key scripts as commands: one a line, checked as a whole before anything runs, so that a wrong
 * word in the last line is known at the first.
 *
 *     key NAME...           press keys: j, ctrl-s, enter, f5, ...
 *     type TEXT             type the rest of the line, character by character
 *     paste TEXT            paste it
 *     wait                  until nothing is under way
 *     expect TEXT           until the screen shows it; fails after 30 seconds
 *     expect[SECONDS] TEXT  the same with a patience of its own
 *     refute TEXT           once nothing is under way, fails when the screen shows it
 *     dump [NAME]           write the screen as rows of text
 *     roles [NAME]          write the roles of its cells as letters
 *     picture [NAME]        write it as SVG, in the theme's colours
 *     copied [NAME]         write what was copied last: as JSON text, or null; bytes that are no
 *                           text as hex:...
 *     resize COLSxROWS
 *     click COLxROW         with the mouse, from 1; wheel-up and wheel-down the same
 *     # comment */
#include <stdlib.h>
#include <string.h>

#include "key.h"
#include "screen.h"
#include "script.h"

#define EXPECT_SECONDS 30
#define MAX_SECONDS 3600

enum argument { NONE, OPTIONAL, TEXT, KEYS, SIZE };
static const struct verb_row {
    const char *name;
    enum fst_script_verb verb;
    enum argument argument;
} verbs[] = {
    {"key", FST_SCRIPT_KEY, KEYS},
    {"type", FST_SCRIPT_TYPE, TEXT},
    {"paste", FST_SCRIPT_PASTE, TEXT},
    {"wait", FST_SCRIPT_WAIT, NONE},
    {"expect", FST_SCRIPT_EXPECT, TEXT},
    {"refute", FST_SCRIPT_REFUTE, TEXT},
    {"dump", FST_SCRIPT_DUMP, OPTIONAL},
    {"roles", FST_SCRIPT_ROLES, OPTIONAL},
    {"picture", FST_SCRIPT_PICTURE, OPTIONAL},
    {"resize", FST_SCRIPT_RESIZE, SIZE},
    {"copied", FST_SCRIPT_COPIED, OPTIONAL},
    {"click", FST_SCRIPT_CLICK, SIZE},
    {"wheel-up", FST_SCRIPT_WHEEL_UP, SIZE},
    {"wheel-down", FST_SCRIPT_WHEEL_DOWN, SIZE},
};

static const struct verb_row *verb_named(const char *name)
{
    for (size_t i = 0; i < FST_COUNT(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static enum fst_status unknown_verb(const char *name, struct fst_error *err)
{
    const char *names[FST_COUNT(verbs)];
    for (size_t i = 0; i < FST_COUNT(verbs); i++)
        names[i] = verbs[i].name;
    const char *near = fst_text_nearest(name, names, FST_COUNT(verbs));
    return fst_fail(err, FST_EINVAL, "there is no command \"%.40s\"%s%s%s", name,
                    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static enum fst_status check_keys(const char *names, struct fst_error *err)
{
    struct fst_key key;
    size_t n;
    for (const char *p = names + strspn(names, " "); *p; p += n + strspn(p + n, " ")) {
        n = strcspn(p, " ");
        FST_TRY(fst__key_parse(p, n, &key, err));
    }
    return FST_OK;
}

static enum fst_status read_size(struct fst_script_command *c, struct fst_error *err)
{
    int end = 0;
    if (sscanf(c->text.p, "%4dx%4d%n", &c->cols, &c->rows, &end) != 2 || c->text.p[end] ||
        c->rows < 1 || c->cols < 1 || c->rows > FST_TERM_MAX || c->cols > FST_TERM_MAX)
        return fst_fail(err, FST_EINVAL, "expected a size such as 120x40 (at most %dx%d)",
                        FST_TERM_MAX, FST_TERM_MAX);
    return FST_OK;
}

/* "expect[120]" is expect with its own seconds; the bracket is cut off `word`. */
static enum fst_status read_seconds(char *word, int *seconds, struct fst_error *err)
{
    char *bracket = strchr(word, '[');
    int64_t number;
    *seconds = EXPECT_SECONDS;
    if (!bracket)
        return FST_OK;
    size_t n = strcspn(bracket + 1, "]");
    if (strncmp(word, "expect[", 7) != 0 || bracket[n + 1] != ']' || bracket[n + 2] ||
        !fst_parse_int64(bracket + 1, n, &number) || number < 1 || number > MAX_SECONDS)
        return fst_fail(err, FST_EINVAL, "expected expect[SECONDS] with 1 to %d", MAX_SECONDS);
    *bracket = '\0';
    *seconds = (int)number;
    return FST_OK;
}

static enum fst_status check_argument(const struct verb_row *row, struct fst_script_command *c,
                                      struct fst_error *err)
{
    if (row->argument == NONE && c->text.n)
        return fst_fail(err, FST_EINVAL, "%s takes nothing behind it", row->name);
    if (row->argument >= TEXT && c->text.n == 0)
        return fst_fail(err, FST_EINVAL, "%s needs something behind it", row->name);
    if (row->argument == KEYS)
        return check_keys(c->text.p, err);
    return row->argument == SIZE ? read_size(c, err) : FST_OK;
}

static enum fst_status parse_line(struct fst_script *s, char *line, uint32_t number,
                                  struct fst_error *err)
{
    struct fst_script_command c = {.line = number};
    char *word = line + strspn(line, " \t");
    size_t n = strcspn(word, " \t");
    char *rest = word + n + (word[n] != '\0');
    if (!*word || *word == '#')
        return FST_OK;
    word[n] = '\0';
    FST_TRY(read_seconds(word, &c.seconds, err));
    const struct verb_row *row = verb_named(word);
    if (!row)
        return unknown_verb(word, err);
    c.verb = row->verb;
    c.text = fst_str(rest);
    FST_TRY(check_argument(row, &c, err));
    fst_grow(&s->commands, &s->cap, s->n + 1, sizeof *s->commands);
    s->commands[s->n++] = c;
    return FST_OK;
}

enum fst_status fst__script_parse(const char *text, struct fst_script *out, struct fst_error *err)
{
    *out = (struct fst_script){.copy = fst_strdup(text)};
    uint32_t number = 1;
    char *line = out->copy;
    while (line) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        line[strcspn(line, "\r")] = '\0';
        enum fst_status status = parse_line(out, line, number, err);
        if (status != FST_OK) {
            fst_while(err, "key script, line %u", number);
            fst__script_done(out);
            return status;
        }
        line = end ? end + 1 : NULL;
        number++;
    }
    return FST_OK;
}

void fst__script_done(struct fst_script *s)
{
    free(s->copy);
    free(s->commands);
    *s = (struct fst_script){0};
}
