/* fits(FILTER, TEXT, ...): what people type to leave rows out, as a function of SQL. LIKE tells
 * plain texts, and is quicker. */
#include <sqlite3.h>

#include "catalog.h"

enum { MOST_TEXTS = 8 };

static void free_filter(void *f)
{
    fst_filter_free(f);
}

/* Made once a statement. */
static struct fst_filter *filter_of(sqlite3_context *cx, sqlite3_value *text)
{
    struct fst_filter *f = sqlite3_get_auxdata(cx, 0);
    if (f)
        return f;
    const char *p = (const char *)sqlite3_value_text(text);
    sqlite3_set_auxdata(cx, 0, fst_filter_new(p ? p : ""), free_filter);
    return sqlite3_get_auxdata(cx, 0);
}

static void fits(sqlite3_context *cx, int n, sqlite3_value **args)
{
    const char *texts[MOST_TEXTS];
    struct fst_filter *f = filter_of(cx, args[0]);
    int n_texts = n - 1 < MOST_TEXTS ? n - 1 : MOST_TEXTS;
    for (int i = 0; i < n_texts; i++)
        texts[i] = (const char *)sqlite3_value_text(args[i + 1]);
    sqlite3_result_int(cx, f && fst_filter_fits(f, texts, (size_t)n_texts));
}

void fst__add_functions(struct fst_catalog *c)
{
    sqlite3_create_function(c->db, "fits", -1, SQLITE_UTF8, NULL, fits, NULL, NULL);
}
