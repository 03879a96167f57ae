/* Two variants beside each other: their definitions, line by line, what differs marked. On narrow
 * screens the lines stand one above the other. The target is "ID OTHER-ID". */
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { NARROW_COLS = 90, MOST_LINES = 2000, MIDDLE = 3 };

struct line {
    struct fst_str left, right; /* p NULL = there is none on that side */
    bool same;
};

struct beside {
    struct fst_pager pager;
    char *texts[2], *names[2];
    struct line *lines;
    size_t n, cap;
    size_t n_differ;
    int cols; /* that the rows were made for */
    struct fst_arena *arena;
    struct fst_pager_line *rows;
    size_t rows_cap;
};

/* ---- Which lines are the same ---------------------------------------------------------------- */

struct side {
    struct fst_str *lines;
    size_t n, cap;
};

static void split(const char *text, struct side *out)
{
    while (*text && out->n < MOST_LINES) {
        size_t n = strcspn(text, "\n");
        fst_grow(&out->lines, &out->cap, out->n + 1, sizeof *out->lines);
        out->lines[out->n++] = (struct fst_str){text, n};
        text += n + (text[n] == '\n');
    }
}

static bool equal(struct fst_str a, struct fst_str b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static void add(struct beside *b, struct fst_str left, struct fst_str right, bool same)
{
    bool pairs = b->n && !same && !b->lines[b->n - 1].same;
    fst_grow(&b->lines, &b->cap, b->n + 1, sizeof *b->lines);
    /* a line that came goes beside one that went, if one stands there alone */
    for (size_t i = b->n; pairs && right.p && i > 0 && !b->lines[i - 1].same; i--) {
        bool is_last_free = !b->lines[i - 1].right.p && b->lines[i - 1].left.p &&
                            (i == 1 || b->lines[i - 2].same || b->lines[i - 2].right.p);
        if (is_last_free) {
            b->lines[i - 1].right = right;
            return;
        }
    }
    b->n_differ += !same;
    b->lines[b->n++] = (struct line){left, right, same};
}

/* The longest common lines, by the table of what is left from each place on. */
static void align(struct beside *b, const struct side *x, const struct side *y)
{
    size_t w = y->n + 1;
    uint16_t *best = fst_alloc((x->n + 1) * w * sizeof *best);
    for (size_t i = x->n; i-- > 0;)
        for (size_t k = y->n; k-- > 0;)
            best[i * w + k] = equal(x->lines[i], y->lines[k])
                                  ? (uint16_t)(best[(i + 1) * w + k + 1] + 1)
                              : best[(i + 1) * w + k] >= best[i * w + k + 1] ? best[(i + 1) * w + k]
                                                                             : best[i * w + k + 1];
    size_t i = 0, k = 0;
    while (i < x->n || k < y->n) {
        if (i < x->n && k < y->n && equal(x->lines[i], y->lines[k])) {
            add(b, x->lines[i], y->lines[k], true);
            i++;
            k++;
        } else if (i < x->n && (k == y->n || best[(i + 1) * w + k] >= best[i * w + k + 1])) {
            add(b, x->lines[i++], (struct fst_str){0}, false);
        } else {
            add(b, (struct fst_str){0}, y->lines[k++], false);
        }
    }
    free(best);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static struct fst_pager_line row_at(void *arg, size_t i)
{
    return ((const struct beside *)arg)->rows[i];
}

static void add_row(struct beside *b, enum fst_role role, const char *text)
{
    fst_grow(&b->rows, &b->rows_cap, b->pager.n_lines + 1, sizeof *b->rows);
    b->rows[b->pager.n_lines++] = (struct fst_pager_line){text, strlen(text), role};
}

/* Half of the width, cut or filled. */
static void put_half(struct fst_buf *out, struct fst_str s, size_t cols)
{
    size_t width = 0;
    struct fst_buf safe = FST_BUF_TEXT;
    if (s.p)
        fst_text_escape(&safe, s.p, s.n);
    size_t n = fst_text_fit(fst_buf_text(&safe), safe.n, cols, &width);
    fst_buf_add(out, fst_buf_text(&safe), n);
    fst_buf_repeat(out, ' ', cols - width);
    fst_buf_done(&safe);
}

static void add_beside(struct beside *b, const struct line *l)
{
    size_t half = (size_t)(b->cols - MIDDLE) / 2;
    struct fst_buf out = FST_BUF_TEXT;
    const char *sign = l->same ? "   " : !l->right.p ? " < " : !l->left.p ? " > " : " | ";
    put_half(&out, l->left, half);
    fst_buf_adds(&out, sign);
    put_half(&out, l->right, half);
    enum fst_role role = l->same       ? FST_ROLE_TEXT
                         : !l->right.p ? FST_ROLE_DIFF_DEL
                         : !l->left.p  ? FST_ROLE_DIFF_ADD
                                       : FST_ROLE_WARN;
    add_row(b, role, fst_arena_strdup(b->arena, fst_buf_text(&out)));
    fst_buf_done(&out);
}

static void add_above(struct beside *b, const struct line *l)
{
    const char *sign = l->same ? " " : "-";
    if (l->left.p)
        add_row(b, l->same ? FST_ROLE_TEXT : FST_ROLE_DIFF_DEL,
                fst_arena_printf(b->arena, "%s %.*s", sign, (int)l->left.n, l->left.p));
    if (l->right.p && !l->same)
        add_row(b, FST_ROLE_DIFF_ADD,
                fst_arena_printf(b->arena, "+ %.*s", (int)l->right.n, l->right.p));
}

static void lay_out(struct beside *b, int cols)
{
    if (b->cols == cols)
        return;
    b->cols = cols;
    fst_arena_free(b->arena);
    b->arena = fst_arena_new();
    b->pager.n_lines = 0;
    for (size_t i = 0; i < b->n; i++)
        if (cols < NARROW_COLS)
            add_above(b, &b->lines[i]);
        else
            add_beside(b, &b->lines[i]);
}

/* ---- The view -------------------------------------------------------------------------------- */

static bool take(struct view *v, int at, const char *word)
{
    struct beside *b = v->state;
    struct fst_resource *r;
    struct fst_error err;
    int64_t id;
    if (!fst_parse_int64(word, strlen(word), &id))
        return false;
    if (fst_catalog_get(v->wb->catalog, id, &r, &err) != FST_OK) {
        wb_say_error(v->wb, &err);
        return false;
    }
    struct fst_buf yaml = FST_BUF_TEXT;
    fst_define_export(&yaml, (const struct fst_resource *const *)&r, 1);
    b->texts[at] = fst_buf_take(&yaml);
    b->names[at] = fst_strdup(fst_resource_label(r));
    fst_resource_free(r);
    return true;
}

static void open(struct view *v)
{
    struct beside *b = v->state;
    struct side x = {0}, y = {0};
    char *target = fst_strdup(v->target ? v->target : ""), *second = strchr(target, ' ');
    b->pager = (struct fst_pager){.line = row_at, .arg = b};
    if (!second) {
        wb_say(v->wb, FST_ROLE_WARN, "which two? V on a variant chooses the other one");
    } else {
        *second++ = '\0';
        if (take(v, 0, target) && take(v, 1, second)) {
            split(b->texts[0], &x);
            split(b->texts[1], &y);
            align(b, &x, &y);
        }
    }
    free(x.lines);
    free(y.lines);
    free(target);
}

static void close(struct view *v)
{
    struct beside *b = v->state;
    for (int i = 0; i < 2; i++) {
        free(b->texts[i]);
        free(b->names[i]);
    }
    fst_arena_free(b->arena);
    free(b->lines);
    free(b->rows);
}

/* To the next line that differs. */
static void next_difference(struct beside *b, int step)
{
    size_t n = b->pager.n_lines;
    for (size_t k = 1; k <= n; k++) {
        size_t i = (b->pager.top + (step > 0 ? k : n - k)) % n;
        if (b->rows[i].role == FST_ROLE_TEXT)
            continue;
        b->pager.top = i;
        return;
    }
}

static bool action(struct view *v, const char *name)
{
    struct beside *b = v->state;
    if (strcmp(name, "beside.next") == 0)
        next_difference(b, 1);
    else if (strcmp(name, "beside.before") == 0)
        next_difference(b, -1);
    else
        return wb_pager_action(v->wb, &b->pager, name);
    return true;
}

static void filter(struct view *v, const char *text)
{
    wb_pager_find(v->wb, &((struct beside *)v->state)->pager, text);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct beside *b = v->state;
    if (!b->names[1])
        return;
    fst_buf_printf(out, "%s beside %s  %zu line%s differ%s", b->names[0], b->names[1], b->n_differ,
                   b->n_differ == 1 ? "" : "s", b->n_differ == 1 ? "s" : "");
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct beside *b = v->state;
    lay_out(b, s->cols);
    fst_pager_draw(&b->pager, s);
}

const struct view_ops view_beside = {
    .name = "beside",
    .help = "two variants beside each other, what differs marked",
    .scopes = {"beside", "pager", NULL},
    .state_size = sizeof(struct beside),
    .open = open,
    .close = close,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
};

/* ---- Choosing the other variant -------------------------------------------------------------- */

static void open_two(struct wb *wb, int64_t other, int64_t id)
{
    char *target = fst_asprintf("%lld %lld", (long long)other, (long long)id);
    wb_open(wb, "beside", target);
    free(target);
}

static int64_t variant_named(struct wb *wb, const struct fst_resource *r, const char *variant)
{
    struct fst_resource *other;
    struct fst_error err;
    if (fst_catalog_find(wb->catalog, r->kind, r->name, variant, &other, &err) != FST_OK) {
        wb_say_error(wb, &err);
        return 0;
    }
    int64_t id = other->id;
    fst_resource_free(other);
    return id;
}

static void named(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    struct fst_resource *r;
    int64_t id = v->ops->selected ? v->ops->selected(v) : 0;
    if (!id || !*text || fst_catalog_get(wb->catalog, id, &r, NULL) != FST_OK)
        return;
    int64_t other = variant_named(wb, r, text);
    if (other)
        open_two(wb, other, id);
    fst_resource_free(r);
}

/* Asked for only when there are more than two; the newest of the others is offered. */
void wb_act_beside(struct wb *wb, const struct fst_resource *r)
{
    struct fst_list_query q = {.kind = (int)r->kind, .filter = r->name, .all_variants = true};
    const char *names[64], *helps[64];
    int64_t last = 0;
    size_t n = 0;
    struct fst_items items;
    struct fst_error err;
    if (fst_catalog_list(wb->catalog, &q, &items, &err) != FST_OK) {
        wb_say_error(wb, &err);
        return;
    }
    for (size_t i = 0; i < items.n && n < FST_COUNT(names); i++) {
        const struct fst_item *it = &items.items[i];
        if (strcmp(it->name, r->name) != 0 || it->id == r->id)
            continue;
        last = it->id;
        names[n] = it->variant;
        helps[n++] = it->description;
    }
    if (n == 0) {
        wb_say(wb, FST_ROLE_DIM, "%s has no other variant", r->name);
    } else if (n == 1) {
        open_two(wb, last, r->id);
    } else {
        wb_prompt(wb, "beside which variant: ", names[0], named);
        wb_prompt_names(wb, names, helps, n);
    }
    fst_items_done(&items);
}
