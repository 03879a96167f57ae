/* Rows on their way, in words: how they are read, joined, and sent between executors. */
#include <string.h>

#include "connect_explain_say.h"

static void detail(const struct plan_say *s, const char *what)
{
    fst_buf_addc(s->out, '\n');
    fst_buf_repeat(s->out, ' ', s->indent + 4);
    fst_buf_adds(s->out, what);
}

/* ---- Scans ----------------------------------------------------------------------------------- */

/* "InMemoryFileIndex(2 paths)[file:/a, file:/b]" */
static void add_location(const struct plan_say *s, const char *value)
{
    const char *open = strchr(value, '[');
    size_t n = strlen(value);
    if (open && value[n - 1] == ']')
        plan_say_cut(s->out, open + 1, n - (size_t)(open + 1 - value) - 1);
    else
        plan_say_value(s, value);
}

/* "struct<a:int,b:string>" as "a int, b string" */
static void add_read_schema(const struct plan_say *s, const char *value)
{
    struct fst_str items[PLAN_LIST_MAX];
    struct fst_buf text = FST_BUF_TEXT;
    size_t n = strlen(value), head = strlen("struct<");
    size_t count = strncmp(value, "struct<", head) == 0 && value[n - 1] == '>'
                       ? plan_split(value + head, n - head - 1, items)
                       : 0;
    for (size_t i = 0; i < count; i++) {
        const char *colon = memchr(items[i].p, ':', items[i].n);
        size_t name = colon ? (size_t)(colon - items[i].p) : items[i].n;
        fst_buf_printf(&text, "%s%.*s", i ? ", " : "", (int)name, items[i].p);
        if (colon)
            fst_buf_printf(&text, " %.*s", (int)(items[i].n - name - 1), colon + 1);
    }
    if (count == PLAN_LIST_MAX)
        fst_buf_adds(&text, ", …");
    plan_say_value(s, count ? fst_buf_text(&text) : "none: only rows are counted");
    fst_buf_done(&text);
}

/* The filter above it, past operators that say nothing. */
static const struct plan_node *filter_above(const struct plan_say *s)
{
    size_t at = s->node->parent;
    while (at && plan_is_silent(&s->plan->nodes[at - 1]))
        at = s->plan->nodes[at - 1].parent;
    const struct plan_node *above = at ? &s->plan->nodes[at - 1] : NULL;
    return above && strcmp(above->title, "Filter") == 0 ? above : NULL;
}

static void add_filters(const struct plan_say *s)
{
    const struct plan_node *above = filter_above(s);
    const char *left = above ? plan_value(above, "Condition") : NULL;
    if (plan_value(s->node, "PartitionFilters")) {
        detail(s, "partitions: ");
        if (!plan_say_list_of(s, "", "PartitionFilters"))
            fst_buf_adds(s->out, "all");
    }
    detail(s, "filters pushed to the files: ");
    if (!plan_say_list_of(s, "", "PushedFilters"))
        fst_buf_adds(s->out, "none");
    detail(s, "filters left: ");
    if (left)
        plan_say_condition(s, left);
    else
        fst_buf_adds(s->out, "none");
}

/* "Scan parquet spark_catalog.default.t", "BatchScan csv file:/a" */
void plan_say_scan(const struct plan_say *s)
{
    const char *location = plan_value(s->node, "Location");
    const char *schema = plan_value(s->node, "ReadSchema");
    const char *rest = strchr(s->node->title, ' ');
    fst_buf_adds(s->out, "read");
    if (rest)
        plan_say_value(s, rest);
    if (location) {
        fst_buf_adds(s->out, rest && rest[1] && strchr(rest + 1, ' ') ? ", " : " ");
        add_location(s, location);
    }
    if (!schema)
        return;
    detail(s, "columns read: ");
    add_read_schema(s, schema);
    add_filters(s);
}

/* ---- Joins ----------------------------------------------------------------------------------- */

static const struct {
    const char *title, *words;
} joins[] = {
    {"BroadcastHashJoin", "broadcast hash join"},
    {"BroadcastNestedLoopJoin", "nested loop join with a broadcast side"},
    {"SortMergeJoin", "sort-merge join"},
    {"ShuffledHashJoin", "shuffled hash join"},
    {"CartesianProduct", "every row with every row (Cartesian product)"},
};

/* LeftOuter -> left outer */
static void add_join_type(const struct plan_say *s, const char *type)
{
    for (size_t i = 0; type[i] && i < 40; i++) {
        bool upper = type[i] >= 'A' && type[i] <= 'Z';
        if (upper && i)
            fst_buf_addc(s->out, ' ');
        fst_buf_addc(s->out, (char)(upper ? type[i] + 32 : type[i]));
    }
}

static void add_keys(const struct plan_say *s)
{
    const char *left = plan_value(s->node, "Left keys"), *right = plan_value(s->node, "Right keys");
    struct fst_str l[PLAN_LIST_MAX], r[PLAN_LIST_MAX];
    size_t n = left ? plan_split_inside(fst_str(left), l) : 0;
    size_t m = right ? plan_split_inside(fst_str(right), r) : 0;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < n && i < m; i++)
        fst_buf_printf(&text, "%s%.*s = %.*s", i ? " and " : ", on ", (int)l[i].n, l[i].p,
                       (int)r[i].n, r[i].p);
    plan_say_value(s, fst_buf_text(&text));
    fst_buf_done(&text);
}

void plan_say_join(const struct plan_say *s)
{
    const char *type = plan_value(s->node, "Join type");
    const char *condition = plan_value(s->node, "Join condition");
    const char *side = plan_title_has(s->node, "BuildRight")  ? "right"
                       : plan_title_has(s->node, "BuildLeft") ? "left"
                                                              : NULL;
    for (size_t i = 0; i < FST_COUNT(joins); i++)
        if (plan_title_has(s->node, joins[i].title))
            fst_buf_adds(s->out, joins[i].words);
    if (type) {
        fst_buf_adds(s->out, ", ");
        add_join_type(s, type);
    }
    if (side)
        fst_buf_printf(s->out, ", the %s side is %s", side,
                       plan_title_has(s->node, "ShuffledHashJoin") ? "held in memory"
                                                                   : "broadcast");
    add_keys(s);
    if (condition && strcmp(condition, "None") != 0) {
        fst_buf_adds(s->out, ", where ");
        plan_say_condition(s, condition);
    }
}

/* ---- Exchanges ------------------------------------------------------------------------------- */

static const struct {
    const char *head, *words;
    bool by;
} partitionings[] = {
    {"hashpartitioning(", "shuffle by ", true},
    {"rangepartitioning(", "shuffle by ranges of ", true},
    {"RoundRobinPartitioning(", "shuffle evenly", false},
    {"SinglePartition", "shuffle into one partition", false},
};

static const struct {
    const char *word, *words;
} reasons[] = {
    {"REPARTITION_BY_COL", "asked for by the text"},
    {"REPARTITION_BY_NUM", "asked for by the text"},
    {"REBALANCE_PARTITIONS_BY_NONE", "to even out partitions"},
    {"REBALANCE_PARTITIONS_BY_COL", "to even out partitions"},
};

static void add_reason(const struct plan_say *s, const struct fst_str *args, size_t n)
{
    for (size_t i = 0; i < FST_COUNT(reasons); i++)
        if (n > 1 && fst_str_is(args[1], reasons[i].word))
            fst_buf_printf(s->out, " (%s)", reasons[i].words);
}

void plan_say_exchange(const struct plan_say *s)
{
    struct fst_str args[PLAN_LIST_MAX], inside[PLAN_LIST_MAX];
    size_t n = plan_arguments(s, args);
    for (size_t i = 0; n > 0 && i < FST_COUNT(partitionings); i++) {
        size_t head = strlen(partitionings[i].head);
        if (args[0].n < head || memcmp(args[0].p, partitionings[i].head, head) != 0)
            continue;
        size_t m = plan_split_inside(args[0], inside);
        fst_buf_adds(s->out, partitionings[i].words);
        if (partitionings[i].by && m > 1)
            plan_say_list(s, inside, m - 1);
        if (strchr(partitionings[i].head, '(') && m > 0)
            fst_buf_printf(s->out, " into %.*s partitions", (int)inside[m - 1].n, inside[m - 1].p);
        add_reason(s, args, n);
        return;
    }
    fst_buf_adds(s->out, "shuffle");
    if (n > 0) {
        fst_buf_adds(s->out, ": ");
        plan_say_list(s, args, 1);
    }
}

void plan_say_broadcast(const struct plan_say *s)
{
    fst_buf_adds(s->out, "broadcast to every executor");
}

void plan_say_reused(const struct plan_say *s)
{
    const char *id = s->node->note ? strstr(s->node->note, "operator id: ") : NULL;
    int64_t wanted = -1;
    if (id)
        fst_parse_int64(id + 13, strspn(id + 13, "0123456789"), &wanted);
    fst_buf_adds(s->out, "the same again as an exchange above or below, not done twice");
    for (size_t i = 0; i < s->plan->n; i++)
        if (s->plan->nodes[i].id == wanted) {
            fst_buf_adds(s->out, ": ");
            const struct plan_node *node = &s->plan->nodes[i];
            const struct plan_say that = {s->out, s->plan, i, node, s->indent};
            if (strcmp(node->title, "Exchange") == 0)
                plan_say_exchange(&that);
            else
                plan_say_value(s, node->title);
            return;
        }
}
