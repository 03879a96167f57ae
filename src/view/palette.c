/* Everything that can be done here, to choose from while typing: the acts of the view below, those
 * of everywhere, commands of one's own, and resources by what they are called. What begins with the
 * text comes first, then what has it in its name, then in its help, then its letters in their
 * order. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "view.h"

enum { MOST_RESOURCES = 50 };

struct entry {
    const char *name, *help;
    char *keys; /* "" = has none */
    int64_t id; /* of a resource; 0 = an act */
    int rank;
};

struct palette {
    struct fst_list list;
    struct fst_arena *arena; /* of what is shown */
    struct entry *entries;
    size_t n, cap;
    char text[128];
};

static const struct fst_list_column columns[] = {
    {"do", 20, 34, false}, {"keys", 6, 16, false}, {"", 20, 0, false}};

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct palette *p = arg;
    if (row >= p->n)
        return FST_ROLE_TEXT;
    const struct entry *e = &p->entries[row];
    fst_buf_adds(out, col == 0 ? e->name : col == 1 ? e->keys : e->help);
    return col == 0 ? FST_ROLE_TEXT : col == 1 ? FST_ROLE_KEY : FST_ROLE_DIM;
}

/* ---- What fits ------------------------------------------------------------------------------- */

static bool has_letters(const char *text, const char *letters)
{
    for (; *letters && *text; text++)
        letters += strncasecmp(text, letters, 1) == 0;
    return !*letters;
}

/* The lower, the better; -1 = does not fit. */
static int rank_of(const char *name, const char *help, const char *text)
{
    const char *dot = strchr(name, '.');
    size_t n = strlen(text);
    if (strncasecmp(name, text, n) == 0)
        return 0;
    if (dot && strncasecmp(dot + 1, text, n) == 0)
        return 1;
    if (strcasestr(name, text))
        return 2;
    if (strcasestr(help, text))
        return 3;
    return has_letters(name, text) ? 4 : -1;
}

static void add(struct palette *p, const char *name, const char *keys, const char *help, int64_t id,
                int rank)
{
    fst_grow(&p->entries, &p->cap, p->n + 1, sizeof *p->entries);
    p->entries[p->n++] =
        (struct entry){fst_arena_strdup(p->arena, name), fst_arena_strdup(p->arena, help),
                       fst_arena_strdup(p->arena, keys), id, rank};
}

/* Acts of the scopes of the view below, in its order, then those of everywhere. */
static bool is_of(const struct view *below, const struct fst_action *a)
{
    if (strcmp(a->scope, "global") == 0)
        return true;
    for (size_t i = 0; i < WB_MAX_SCOPES && below->ops->scopes[i]; i++)
        if (strcmp(below->ops->scopes[i], a->scope) == 0)
            return true;
    return false;
}

static void add_acts(struct palette *p, struct wb *wb, struct view *below)
{
    for (size_t i = 0; i < wb->n_actions; i++) {
        const struct fst_action *a = &wb->actions[i];
        int rank = rank_of(a->name, a->help, p->text);
        if (rank < 0 || !is_of(below, a) || !wb_offers(below, a->name) ||
            (a->writes && wb_read_only(wb)) || strcmp(a->name, "palette") == 0)
            continue;
        bool is_last = !p->text[0] && strcmp(a->scope, "global") == 0;
        add(p, a->name, fst_keymap_keys(wb->keys, a), a->help, 0, rank + is_last);
    }
}

static void add_resources(struct palette *p, struct wb *wb)
{
    struct fst_items items;
    if (!p->text[0] ||
        fst_catalog_search(wb->catalog, p->text, MOST_RESOURCES, &items, NULL) != FST_OK)
        return;
    for (size_t i = 0; i < items.n; i++) {
        const struct fst_item *it = &items.items[i];
        const char *name =
            *it->variant ? fst_arena_printf(p->arena, "%s.%s", it->name, it->variant) : it->name;
        const char *help =
            fst_arena_printf(p->arena, "%s  %s", fst_kinds[it->kind].name, it->description);
        int rank = rank_of(name, "", p->text);
        add(p, name, "", help, it->id, rank < 0 ? 5 : rank);
    }
    fst_items_done(&items);
}

static int compare(const void *a, const void *b, void *arg)
{
    const struct entry *all = arg;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;
    return all[i].rank != all[k].rank ? all[i].rank - all[k].rank : (i > k) - (i < k);
}

/* The best first, what is equally good as it came. */
static void put_in_order(struct palette *p)
{
    size_t *order = fst_alloc((p->n + 1) * sizeof *order);
    struct entry *sorted = fst_alloc((p->n + 1) * sizeof *sorted);
    for (size_t i = 0; i < p->n; i++)
        order[i] = i;
    qsort_r(order, p->n, sizeof *order, compare, p->entries);
    for (size_t i = 0; i < p->n; i++)
        sorted[i] = p->entries[order[i]];
    free(order);
    free(p->entries);
    p->entries = sorted;
    p->cap = p->n + 1;
}

/* What has the keys again when the palette is gone. */
static struct view *below(struct view *v)
{
    struct wb *wb = v->wb;
    size_t at = 1;
    while (at < wb->n_views && wb->stack[at] != v)
        at++;
    struct view *under = wb->stack[at - 1];
    return under->split && under->in_below && under->below ? under->below : under;
}

static void fill(struct view *v)
{
    struct palette *p = v->state;
    fst_arena_free(p->arena);
    p->arena = fst_arena_new();
    p->n = 0;
    add_acts(p, v->wb, below(v));
    add_resources(p, v->wb);
    put_in_order(p);
    p->list.n_rows = p->n;
    p->list.cursor = p->list.top = 0;
    snprintf(p->list.filter, sizeof p->list.filter, "%s", p->text);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct palette *p = v->state;
    p->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = p};
    fill(v);
}

static void close(struct view *v)
{
    struct palette *p = v->state;
    fst_arena_free(p->arena);
    free(p->entries);
}

static void text(struct view *v, const char *typed, size_t n)
{
    struct palette *p = v->state;
    size_t have = strlen(p->text);
    if (have + n >= sizeof p->text || memchr(typed, '\n', n))
        return;
    memcpy(p->text + have, typed, n);
    p->text[have + n] = '\0';
    fill(v);
}

static void erase(struct view *v)
{
    struct palette *p = v->state;
    size_t n = strlen(p->text);
    while (n && ((unsigned char)p->text[n - 1] & 0xC0) == 0x80)
        n--;
    p->text[n ? n - 1 : 0] = '\0';
    fill(v);
}

/* The palette is gone when the act is done: the act is the view's below. */
static void choose(struct view *v)
{
    struct palette *p = v->state;
    struct wb *wb = v->wb;
    if (p->list.cursor >= p->n)
        return;
    struct entry e = p->entries[p->list.cursor];
    char *name = fst_strdup(e.name), *id = fst_asprintf("%lld", (long long)e.id);
    wb_back(wb);
    if (e.id)
        wb_open(wb, "page", id);
    else if (!wb_action(wb, name))
        wb_say(wb, FST_ROLE_WARN, "%s: nothing to do it to here", name);
    free(name);
    free(id);
}

static bool action(struct view *v, const char *name)
{
    struct palette *p = v->state;
    static const struct {
        const char *name, *move;
    } moves[] = {{"palette.up", "list.up"},
                 {"palette.down", "list.down"},
                 {"palette.pageup", "list.pageup"},
                 {"palette.pagedown", "list.pagedown"}};
    for (size_t i = 0; i < FST_COUNT(moves); i++)
        if (strcmp(moves[i].name, name) == 0)
            return fst_list_action(&p->list, moves[i].move);
    if (strcmp(name, "palette.choose") == 0) {
        choose(v);
    } else if (strcmp(name, "palette.erase") == 0) {
        erase(v);
    } else if (strcmp(name, "palette.clear") == 0) {
        p->text[0] = '\0';
        fill(v);
    } else {
        return false;
    }
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    fst_buf_printf(out, "what to do: %s_", ((struct palette *)v->state)->text);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct palette *p = v->state;
    fst_list_draw(&p->list, s);
    if (p->n == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, "nothing found");
}

const struct view_ops view_palette = {
    .name = "palette",
    .help = "everything that can be done, to choose from while typing",
    .scopes = {"palette", NULL},
    .state_size = sizeof(struct palette),
    .open = open,
    .close = close,
    .action = action,
    .text = text,
    .title = title,
    .draw = draw,
};
