/* Prompts that take a path: names of files are offered as one writes, `~` is the user's folder. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { MAX_NAMES = 500 };

/* Names in `folder`, as they are to be written behind `prefix`. */
static size_t names_in(const char *folder, const char *prefix, char **names, size_t n)
{
    DIR *dir = opendir(folder);
    struct dirent *e;
    while (dir && n < MAX_NAMES && (e = readdir(dir))) {
        if (e->d_name[0] == '.')
            continue;
        names[n++] = fst_asprintf("%s%s%s", prefix, e->d_name, e->d_type == DT_DIR ? "/" : "");
    }
    if (dir)
        closedir(dir);
    return n;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What is here, and what is in the user's folder. */
void wb_prompt_path(struct wb *wb, const char *label, const char *text,
                    void (*done)(struct wb *wb, const char *text))
{
    char *names[MAX_NAMES], *home = fst_path_expand("~");
    static const char *details[MAX_NAMES];
    size_t n = names_in(".", "", names, 0);
    n = names_in(home, "~/", names, n);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++)
        details[i] = "";
    wb_prompt(wb, label, text, done);
    wb_prompt_names(wb, (const char *const *)names, details, n);
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(home);
}
