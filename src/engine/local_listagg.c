/* listagg: the texts of a group, sorted, with something between them. */
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

struct item {
    sqlite3_value *text, *key;
};

struct texts {
    struct item *items;
    size_t n, cap, bytes;
    char *separator;
    size_t n_separator;
    int how; /* 1 descending, 2 NULL first */
    bool over;
};

/* (text, separator, key, how) */
static void texts_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct texts *s = state;
    (void)c;
    if (sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    if (!s->n) {
        struct fst_str separator = local_text(args[1]);
        s->separator = fst_strndup(separator.p, separator.n);
        s->n_separator = separator.n;
        s->how = sqlite3_value_int(args[3]);
    }
    s->bytes += local_text(args[0]).n + s->n_separator;
    s->over |= s->bytes > LOCAL_MAX_TEXT;
    if (s->over)
        return;
    fst_grow(&s->items, &s->cap, s->n + 1, sizeof *s->items);
    s->items[s->n++] = (struct item){sqlite3_value_dup(args[0]), sqlite3_value_dup(args[2])};
}

static int compare(const struct texts *s, const struct item *a, const struct item *b)
{
    bool no_a = sqlite3_value_type(a->key) == SQLITE_NULL;
    bool no_b = sqlite3_value_type(b->key) == SQLITE_NULL;
    if (no_a || no_b)
        return (s->how & 2) ? no_b - no_a : no_a - no_b;
    int order = local_compare(a->key, b->key);
    return (s->how & 1) ? -order : order;
}

/* Equals keep their order. */
static void merge_sort(const struct texts *s, struct item *items, struct item *room, size_t n)
{
    size_t half = n / 2, a = 0, b = half;
    if (n < 2)
        return;
    merge_sort(s, items, room, half);
    merge_sort(s, items + half, room, n - half);
    for (size_t i = 0; i < n; i++) {
        bool left = b >= n || (a < half && compare(s, &items[a], &items[b]) <= 0);
        room[i] = left ? items[a++] : items[b++];
    }
    memcpy(items, room, n * sizeof *items);
}

static void texts_result(const struct local_call *c, void *state)
{
    struct texts *s = state;
    if (s->over) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "listagg of so much text is not something the local engine does.");
        return;
    }
    if (!s->n)
        return;
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    struct item *room = fst_alloc(s->n * sizeof *room);
    merge_sort(s, s->items, room, s->n);
    for (size_t i = 0; i < s->n; i++) {
        struct fst_str text = local_text(s->items[i].text);
        if (i)
            fst_buf_add(&out, s->separator, s->n_separator);
        fst_buf_add(&out, text.p, text.n);
    }
    free(room);
    local_give_buf(c, &out);
}

static void texts_done(void *state)
{
    struct texts *s = state;
    for (size_t i = 0; i < s->n; i++) {
        sqlite3_value_free(s->items[i].text);
        sqlite3_value_free(s->items[i].key);
    }
    free(s->items);
    free(s->separator);
    *s = (struct texts){0};
}

const struct local_aggregate local_listagg[] = {
    {"listagg_of", 4, false, sizeof(struct texts), texts_step, texts_result, texts_done, 0},
    {0},
};
