/* What terminfo says of the terminal. In a file of its own, because <term.h> makes macros of some
 * hundred ordinary words. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "term_info.h"

#include <curses.h>
#include <term.h>

static const char *capability(const char *name)
{
    const char *text = tigetstr(name);
    return text && text != (const char *)-1 ? text : "";
}

bool fst__terminfo_has_paste(void)
{
    return strstr(capability("smcup"), "?1049") || *capability("BE");
}

/* Terminfo's delays ($<20>) are for terminals of glass and brass. */
static void add_capability(struct fst_buf *out, const char *name)
{
    for (const char *p = capability(name); *p; p++) {
        const char *end = p[0] == '$' && p[1] == '<' ? strchr(p, '>') : NULL;
        if (end)
            p = end;
        else
            fst_buf_addc(out, *p);
    }
}

void fst__terminfo_leave(struct fst_buf *out)
{
    static const char *const caps[] = {"rmkx", "sgr0", "op", "cnorm", "rmcup"};
    for (size_t i = 0; i < FST_COUNT(caps); i++)
        add_capability(out, caps[i]);
    if (!*capability("rmcup"))
        fst_buf_adds(out, "\r\n");
}

enum fst_status fst__terminfo_check(struct fst_error *err)
{
    const char *name = getenv("TERM");
    int found;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return fst_fail(err, FST_EINVAL,
                        "standard input and output must be a terminal to draw on it");
    if (!name || !*name)
        return fst_fail(err, FST_EINVAL, "TERM is not set; try TERM=xterm-256color");
    if (setupterm(name, STDOUT_FILENO, &found) != OK && !cur_term)
        return fst_fail(err, FST_EINVAL,
                        "this system does not know the terminal TERM=%s; try TERM=xterm-256color, "
                        "or install its terminfo entry",
                        name);
    bool able = *capability("cup") && *capability("clear");
    if (cur_term)
        del_curterm(cur_term);
    if (!able)
        return fst_fail(err, FST_EINVAL,
                        "the terminal TERM=%s cannot place its cursor, so no screen can be drawn; "
                        "try TERM=xterm-256color",
                        name);
    return FST_OK;
}
