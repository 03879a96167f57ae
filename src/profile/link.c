/* Which operators a stage ran: the pieces of a plan, matched with stages by where their metrics
 * were measured. What cannot be told stays untold. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

#define MAX_SHOWN 6     /* operators named for a stage */
#define MAX_LINKED 2000 /* stages of one execution */
#define MAX_WORDS 16    /* names kept of its main one */

struct pair {
    size_t piece;
    struct work_stage *stage;
};
struct linking {
    struct work *work;
    struct plan *plan;
    struct work_stage **stages; /* of this execution */
    size_t n_stages;
    struct pair *pairs;
    size_t n_pairs, pairs_cap;
    bool *runs; /* by node: is its piece one of the stage that is looked at? */
};

/* ---- Pieces ------------------------------------------------------------------------------------
 */

static size_t root_of(struct plan *p, size_t i)
{
    while (p->nodes[i].root != i)
        i = p->nodes[i].root = p->nodes[p->nodes[i].root].root;
    return i;
}

static void join_nodes(struct plan *p, size_t a, size_t b)
{
    a = root_of(p, a);
    b = root_of(p, b);
    if (a != b)
        p->nodes[a > b ? a : b].root = a > b ? b : a;
}

static int by_id(const void *a, const void *b)
{
    const struct plan_node *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static size_t node_with(const struct plan *p, int64_t id)
{
    struct plan_node key = {.id = id};
    const struct plan_node *n = bsearch(&key, p->nodes, p->n_nodes, sizeof key, by_id);
    return n ? (size_t)(n - p->nodes) : SIZE_MAX;
}

/* Nodes in the order of the plan; metrics follow them. */
static void sort_nodes(struct plan *p)
{
    int64_t *ids = fst_alloc((p->n_metrics + 1) * sizeof *ids);
    for (size_t i = 0; i < p->n_metrics; i++)
        ids[i] = p->nodes[p->metrics[i].node].id;
    qsort(p->nodes, p->n_nodes, sizeof *p->nodes, by_id);
    for (size_t i = 0; i < p->n_nodes; i++)
        p->nodes[i].root = i;
    for (size_t i = 0; i < p->n_metrics; i++)
        p->metrics[i].node = node_with(p, ids[i]);
    free(ids);
}

static bool ends_a_piece(const char *name)
{
    return strstr(name, "Exchange") || strstr(name, "Subquery");
}

/* A cluster belongs to the operators in it; where two have one number, neither can be told. */
static void join_cluster(struct plan *p, size_t cluster)
{
    size_t inside = SIZE_MAX;
    for (size_t i = 0; i < p->n_nodes; i++) {
        if (i == cluster || p->nodes[i].codegen != p->nodes[cluster].codegen)
            continue;
        if (p->nodes[i].is_cluster)
            return;
        inside = i;
    }
    if (inside != SIZE_MAX && p->nodes[cluster].codegen >= 0)
        join_nodes(p, cluster, inside);
}

static void cut_pieces(struct plan *p)
{
    for (size_t i = 0; i < p->n_edges; i++) {
        size_t child = node_with(p, p->edges[i].child), parent = node_with(p, p->edges[i].parent);
        if (child != SIZE_MAX && parent != SIZE_MAX && !ends_a_piece(p->nodes[child].name))
            join_nodes(p, child, parent);
    }
    for (size_t i = 0; i < p->n_nodes; i++)
        if (p->nodes[i].is_cluster)
            join_cluster(p, i);
}

/* The only operator above a node, or SIZE_MAX. */
static size_t reader_of(const struct plan *p, size_t node)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < p->n_edges; i++) {
        if (p->edges[i].child != p->nodes[node].id)
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = node_with(p, p->edges[i].parent);
    }
    return found;
}

/* ---- Pairs -------------------------------------------------------------------------------------
 */

static void add_pair(struct linking *l, size_t piece, struct work_stage *stage)
{
    for (size_t i = 0; i < l->n_pairs; i++)
        if (l->pairs[i].piece == piece && l->pairs[i].stage == stage)
            return;
    if (l->n_pairs >= MAX_NODES)
        return;
    fst_grow(&l->pairs, &l->pairs_cap, l->n_pairs + 1, sizeof *l->pairs);
    l->pairs[l->n_pairs++] = (struct pair){piece, stage};
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static bool measured_in(const struct plan_metric *m, const struct work_stage *s)
{
    if (m->stage >= 0)
        return m->stage == s->st.id;
    return m->accumulator >= 0 && s->n_accumulators &&
           bsearch(&m->accumulator, s->accumulators, s->n_accumulators, sizeof m->accumulator,
                   by_value);
}

static void pair_measured(struct linking *l)
{
    struct plan *p = l->plan;
    for (size_t i = 0; i < p->n_metrics; i++) {
        const struct plan_metric *m = &p->metrics[i];
        size_t node = m->node;
        if (m->stage < 0 && m->accumulator < 0)
            continue;
        if (m->is_read)
            node = reader_of(p, node);
        for (size_t k = 0; k < l->n_stages && node != SIZE_MAX; k++)
            if (measured_in(m, l->stages[k]))
                add_pair(l, root_of(p, node), l->stages[k]);
    }
}

static bool has_pair(const struct linking *l, size_t piece, const struct work_stage *s)
{
    for (size_t i = 0; i < l->n_pairs; i++)
        if (s ? l->pairs[i].stage == s : l->pairs[i].piece == piece)
            return true;
    return false;
}

/* One piece and one stage that are left over belong together. */
static void pair_left_over(struct linking *l)
{
    struct work_stage *stage = NULL;
    size_t piece = 0, pieces = 0, stages = 0;
    for (size_t i = 0; i < l->n_stages; i++)
        if (strcmp(l->stages[i]->st.state, "SKIPPED") != 0 && !has_pair(l, 0, l->stages[i])) {
            stage = l->stages[i];
            stages++;
        }
    for (size_t i = 0; i < l->plan->n_nodes && stages == 1; i++)
        if (!l->plan->nodes[i].is_cluster && root_of(l->plan, i) == i && !has_pair(l, i, NULL)) {
            piece = i;
            pieces++;
        }
    if (stages == 1 && pieces == 1)
        add_pair(l, piece, stage);
}

/* ---- What is said of a stage -------------------------------------------------------------------
 */

static int weight(const char *name)
{
    static const struct {
        const char *part;
        int weight;
    } kinds[] = {{"CartesianProduct", 9}, {"NestedLoopJoin", 9}, {"Join", 8},
                 {"Window", 7},           {"Generate", 6},       {"Aggregate", 5},
                 {"Python", 4},           {"Scan", 3},           {"Sort", 2},
                 {"Exchange", 1}};
    for (size_t i = 0; i < FST_COUNT(kinds); i++)
        if (strstr(name, kinds[i].part))
            return kinds[i].weight;
    return 0;
}

static bool is_plain(const struct plan_node *n)
{
    static const char *const plain[] = {"AdaptiveSparkPlan", "AQEShuffleRead", "InputAdapter",
                                        "ColumnarToRow", "Project"};
    for (size_t i = 0; i < FST_COUNT(plain); i++)
        if (strcmp(n->name, plain[i]) == 0)
            return true;
    return n->is_cluster;
}

static void add_word(struct fst_buf *words, const char *p, size_t n, size_t *count)
{
    char spaced[130];
    if (n == 0 || n > 120 || *count >= MAX_WORDS)
        return;
    snprintf(spaced, sizeof spaced, " %.*s ", (int)n, p);
    if (words->n && strstr(fst_buf_text(words), spaced))
        return;
    if (!words->n)
        fst_buf_addc(words, ' ');
    fst_buf_adds(words, spaced + 1);
    (*count)++;
}

/* Columns are written name#12. */
static void column_words(struct fst_buf *words, const char *p, size_t n)
{
    size_t count = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        size_t from = i;
        if (p[i] != '#' || !isdigit((unsigned char)p[i + 1]))
            continue;
        while (from && (isalnum((unsigned char)p[from - 1]) || p[from - 1] == '_'))
            from--;
        add_word(words, p + from, i - from, &count);
    }
}

/* The last parts of the path in "Location: InMemoryFileIndex(1 paths)[file:/a/b/c]", if it is
 * whole. */
static void path_words(struct fst_buf *words, const char *text)
{
    const char *at = strstr(text, "Location: "), *from = at ? strchr(at, '[') : NULL;
    size_t n = from ? strcspn(from, "],") : 0, count = 0;
    if (!n || from[n] != ']' || memmem(from, n, "...", 3))
        return;
    for (size_t end = n; end > 1 && count < 4;) {
        size_t start = end;
        while (start > 1 && from[start - 1] != '/')
            start--;
        add_word(words, from + start, end - start, &count);
        end = start > 1 ? start - 1 : 1;
    }
}

static void add_words(struct fst_buf *words, const char *name, const char *text)
{
    const char *keys = strstr(text, "keys=[");
    if (strstr(name, "Scan"))
        path_words(words, text);
    else if (keys)
        column_words(words, keys, strcspn(keys, "]"));
    else
        column_words(words, text, strlen(text));
}

static const char *words_of(struct fst_arena *a, const struct plan *p, const struct plan_node *n)
{
    struct fst_buf words = FST_BUF(MAX_NAME);
    add_words(&words, n->name, n->text);
    if (!words.n && p->description)
        add_words(&words, n->name, plan_described(p->arena, p->description, n->name));
    const char *text = fst_buf_text(&words);
    size_t len = strlen(text);
    const char *out = len > 2 ? fst_arena_strndup(a, text + 1, len - 2) : NULL;
    fst_buf_done(&words);
    return out;
}

static void say_nodes(struct linking *l, struct work_stage *s)
{
    struct fst_arena *a = l->work->profile->arena;
    const struct plan_node *main = NULL;
    struct fst_buf names = FST_BUF(2048);
    size_t shown = 0;
    for (size_t i = 0; i < l->plan->n_nodes; i++) {
        const struct plan_node *n = &l->plan->nodes[i];
        if (!l->runs[root_of(l->plan, i)] || is_plain(n))
            continue;
        if (!main || weight(n->name) > weight(main->name))
            main = n;
        if (shown < MAX_SHOWN && !strstr(fst_buf_text(&names), n->name))
            fst_buf_printf(&names, "%s%s", shown++ ? ", " : "", n->name);
    }
    if (main) {
        s->st.nodes = fst_arena_strdup(a, fst_buf_text(&names));
        s->st.node = fst_arena_strdup(a, main->name);
        s->st.words = words_of(a, l->plan, main);
    }
    fst_buf_done(&names);
}

static int64_t told_by_driver(struct linking *l, const struct plan_metric *m)
{
    char key[64];
    snprintf(key, sizeof key, "%lld:%lld", (long long)l->plan->execution,
             (long long)m->accumulator);
    const int64_t *v = m->value < 0 ? fst_map_get(l->work->accumulators, key) : NULL;
    if (!v)
        return m->value;
    return m->what == 'b' ? plan_rounded_size(*v) : *v;
}

static void count_files(struct linking *l, struct work_stage *s)
{
    for (size_t i = 0; i < l->plan->n_metrics; i++) {
        const struct plan_metric *m = &l->plan->metrics[i];
        int64_t v = m->what ? told_by_driver(l, m) : -1;
        int64_t *to = m->what == 'f' ? &s->st.files : &s->st.file_bytes;
        bool runs = v >= 0 && l->runs[root_of(l->plan, m->node)];
        if (runs && v < INT64_MAX / 4 && *to < INT64_MAX / 4)
            *to = (*to < 0 ? 0 : *to) + v;
    }
}

static void mark(struct linking *l, const struct work_stage *s, bool runs)
{
    for (size_t i = 0; i < l->n_pairs; i++)
        if (l->pairs[i].stage == s)
            l->runs[l->pairs[i].piece] = runs;
}

static void link_plan(struct linking *l)
{
    if (l->plan->n_nodes == 0 || l->n_stages == 0)
        return;
    sort_nodes(l->plan);
    cut_pieces(l->plan);
    pair_measured(l);
    pair_left_over(l);
    l->runs = fst_alloc(l->plan->n_nodes * sizeof *l->runs);
    for (size_t i = 0; i < l->n_stages; i++) {
        mark(l, l->stages[i], true);
        say_nodes(l, l->stages[i]);
        count_files(l, l->stages[i]);
        mark(l, l->stages[i], false);
    }
    free(l->runs);
    free(l->pairs);
}

static int by_execution(const void *a, const void *b)
{
    const struct work_stage *x = *(struct work_stage *const *)a;
    const struct work_stage *y = *(struct work_stage *const *)b;
    if (x->st.execution != y->st.execution)
        return x->st.execution < y->st.execution ? -1 : 1;
    return x->st.id < y->st.id ? -1 : x->st.id > y->st.id;
}

void work_link(struct work *w)
{
    if (w->n_stages == 0)
        return;
    qsort(w->stages, w->n_stages, sizeof *w->stages, by_execution);
    for (size_t i = 0; i < w->n_stages; i++)
        if (w->stages[i]->n_accumulators)
            qsort(w->stages[i]->accumulators, w->stages[i]->n_accumulators, sizeof(int64_t),
                  by_value);
    for (size_t from = 0, to; from < w->n_stages; from = to) {
        int64_t execution = w->stages[from]->st.execution;
        char key[48];
        for (to = from; to < w->n_stages && w->stages[to]->st.execution == execution;)
            to++;
        snprintf(key, sizeof key, "%lld.0", (long long)execution);
        const size_t *at = execution >= 0 ? fst_map_get(w->plan_map, key) : NULL;
        if (!at)
            continue;
        size_t n = to - from < MAX_LINKED ? to - from : MAX_LINKED;
        struct linking l = {
            .work = w, .plan = w->plans[*at], .stages = w->stages + from, .n_stages = n};
        link_plan(&l);
    }
}
