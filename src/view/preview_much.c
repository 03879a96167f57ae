/* What has to leave the rows that are there says first what it reads; what is much is asked about,
 * with the provider as the other way. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "facts.h"
#include "preview.h"

#define MUCH_ROWS 5000000
#define MUCH_BYTES ((uint64_t)512 << 20)

/* Of one local file; 0 = not known. */
static uint64_t bytes_of(const struct preview *p)
{
    struct stat st;
    const struct fst_place *place = preview_place(p);
    const char *uri = place ? place->uri : NULL;
    uri = uri && strncmp(uri, "file://", 7) == 0 ? uri + 7 : uri;
    return uri && stat(uri, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

/* "99,800 rows in a file of 8.3 MB" */
static char *words_for(int64_t rows, uint64_t bytes)
{
    struct fst_buf text = FST_BUF(256);
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

void preview_ask_provider(struct view *v, const char *where, const char *and_where,
                          const char *order)
{
    const struct preview *p = v->state;
    const struct fst_resource *r = preview_resource(p);
    char *both = facts_both(where, and_where);
    struct fst_buf sql = FST_BUF_TEXT;
    fst_buf_printf(&sql, "SELECT * FROM {{%s.%s}}", r->name, r->variant);
    if (both && *both)
        fst_buf_printf(&sql, " WHERE %s", both);
    if (order)
        fst_buf_printf(&sql, " ORDER BY %s", order);
    wb_open_query(v->wb, wb_provider(v->wb), fst_buf_text(&sql));
    fst_buf_done(&sql);
    free(both);
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
    uint64_t bytes = bytes_of(p);
    char *words = words_for(rows, bytes);
    if (rows > MUCH_ROWS || bytes > MUCH_BYTES) {
        bool has_name = preview_resource(p);
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
