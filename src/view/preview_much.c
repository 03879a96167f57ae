/* What has to leave the rows that are there says first what it reads; what is much is asked about,
 * with the provider as the other way. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "preview.h"

#define MUCH_ROWS 5000000
#define MUCH_BYTES ((uint64_t)512 << 20)

/* Of one local file; 0 = not known. */
static uint64_t bytes_of(const struct preview *p)
{
    struct stat st;
    const char *uri = p->rows ? p->rows->place.uri : NULL;
    uri = uri && strncmp(uri, "file://", 7) == 0 ? uri + 7 : uri;
    return uri && stat(uri, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

/* "99,800 rows in a file of 8.3 MB" */
static char *words_for(const struct preview *p, int64_t rows)
{
    struct fst_buf text = FST_BUF(256);
    uint64_t bytes = bytes_of(p);
    if (rows >= 0) {
        fst_count_text(&text, rows);
        fst_buf_adds(&text, " rows");
    } else {
        fst_buf_adds(&text, "rows that nobody has counted");
    }
    if (bytes) {
        fst_buf_adds(&text, " in a file of ");
        fst_size_text(&text, bytes);
    }
    return fst_buf_take(&text);
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct view *v = wb_top(wb);
    const struct preview_much *m = arg;
    if (v->ops != &view_preview || !((struct preview *)v->state)->opened)
        return;
    if (choice == 1)
        m->here(v);
    else if (choice == 2)
        m->there(v);
    if (choice != 1 && m->leave)
        m->leave(v);
}

void preview_weigh(struct view *v, const struct preview_much *m, const char *what, int64_t rows)
{
    static const char *const here[] = {"Cancel", "Read them here", NULL};
    static const char *const both[] = {"Cancel", "Read them here", "Ask the provider", NULL};
    const struct preview *p = v->state;
    char *words = words_for(p, rows);
    if (rows > MUCH_ROWS || bytes_of(p) > MUCH_BYTES) {
        bool has_name = p->rows && p->rows->place.resource;
        char *text = fst_asprintf("To %s this reads %s.%s", what, words,
                                  has_name ? "\nThe provider can be asked instead." : "");
        wb_dialog(v->wb, "Much to read", text, has_name ? both : here, NULL, NULL, chosen,
                  (void *)(uintptr_t)m);
    } else {
        wb_say(v->wb, FST_ROLE_INFO, "%s %s; esc ends it", m->doing, words);
        m->here(v);
    }
    free(words);
}
