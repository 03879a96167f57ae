/* Operators of Spark's physical plans in words.
 *
 * A row for each operator that we have words for; everything else is shown by its name with what
 * Spark tells of it. Lists in the values are Spark's own, "[a, f(b, c)]": they are taken apart by
 * counting brackets, and a value that is not what it should be is shown as it is. */
#include <stdlib.h>
#include <string.h>

#include "connect_explain.h"

enum { VALUE_MAX = 400, LIST_MAX = 64 };

struct say {
    struct fst_buf *out;
    const struct plan *plan;
    size_t i;
    const struct plan_node *node;
    size_t indent;
};

/* ---- Values ---------------------------------------------------------------------------------- */

static void add_cut(struct fst_buf *out, const char *p, size_t n)
{
    size_t take = n < VALUE_MAX ? n : VALUE_MAX;
    while (take < n && take > 0 && ((unsigned char)p[take] & 0xc0) == 0x80)
        take--;
    fst_buf_add(out, p, take);
    if (take < n)
        fst_buf_adds(out, "…");
}

static void add_value(const struct say *s, const char *text)
{
    add_cut(s->out, text, strlen(text));
}

/* The end of the piece at p: a comma outside of brackets, or the end. */
static size_t piece_length(const char *p, size_t n)
{
    size_t depth = 0, i = 0;
    for (; i < n && (depth > 0 || p[i] != ','); i++) {
        if (strchr("([<{", p[i]))
            depth++;
        else if (strchr(")]>}", p[i]) && depth > 0 && !(p[i] == '>' && i > 0 && p[i - 1] == '-'))
            depth--;
    }
    return i;
}

/* The pieces of "a, f(b, c), [d]" into out[LIST_MAX]. */
static size_t split(const char *p, size_t n, struct fst_str *out)
{
    size_t count = 0;
    while (n > 0 && count < LIST_MAX) {
        size_t len = piece_length(p, n), lead = 0;
        while (lead < len && p[lead] == ' ')
            lead++;
        out[count++] = (struct fst_str){p + lead, len - lead};
        size_t step = len < n ? len + 1 : len;
        p += step;
        n -= step;
    }
    return count;
}

/* The pieces inside "[...]" or "name(...)"; of another text, those of the whole. */
static size_t split_inside(struct fst_str s, struct fst_str *out)
{
    size_t open = 0;
    while (open < s.n && s.p[open] != '[' && s.p[open] != '(')
        open++;
    if (open < s.n && s.n - open >= 2 && (s.p[s.n - 1] == ']' || s.p[s.n - 1] == ')'))
        return split(s.p + open + 1, s.n - open - 2, out);
    return split(s.p, s.n, out);
}

static void add_list(const struct say *s, const struct fst_str *items, size_t n)
{
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(&text, i ? ", " : "");
        fst_buf_add(&text, items[i].p, items[i].n);
    }
    add_value(s, fst_buf_text(&text));
    fst_buf_done(&text);
}

/* The list behind a key, without its brackets; false when it is empty or not there. */
static bool add_list_of(const struct say *s, const char *before, const char *key)
{
    const char *value = plan_value(s->node, key);
    struct fst_str items[LIST_MAX];
    size_t n = value ? split_inside(fst_str(value), items) : 0;
    if (n == 0)
        return false;
    fst_buf_adds(s->out, before);
    add_list(s, items, n);
    return true;
}

/* Arguments, taken apart. */
static size_t arguments(const struct say *s, struct fst_str *out)
{
    const char *value = plan_value(s->node, "Arguments");
    return value ? split(value, strlen(value), out) : 0;
}

/* The condition without the pair of brackets around the whole of it. */
static void add_condition(const struct say *s, const char *text)
{
    size_t n = strlen(text);
    if (n > 2 && text[0] == '(') {
        size_t depth = 1, i = 1;
        for (; i < n && depth > 0; i++)
            depth += text[i] == '(' ? 1u : text[i] == ')' ? (size_t)-1 : 0u;
        if (i == n) {
            text++;
            n -= 2;
        }
    }
    add_cut(s->out, text, n);
}

static bool title_has(const struct plan_node *node, const char *word)
{
    const char *at = strstr(node->title, word);
    size_t n = strlen(word);
    return at && (at == node->title || at[-1] == ' ') && (at[n] == 0 || at[n] == ' ');
}

static void detail(const struct say *s, const char *what)
{
    fst_buf_addc(s->out, '\n');
    fst_buf_repeat(s->out, ' ', s->indent + 4);
    fst_buf_adds(s->out, what);
}

/* ---- Scans ----------------------------------------------------------------------------------- */

/* "InMemoryFileIndex(2 paths)[file:/a, file:/b]" */
static void add_location(const struct say *s, const char *value)
{
    const char *open = strchr(value, '[');
    size_t n = strlen(value);
    if (open && value[n - 1] == ']')
        add_cut(s->out, open + 1, n - (size_t)(open + 1 - value) - 1);
    else
        add_value(s, value);
}

/* "struct<a:int,b:string>" as "a int, b string" */
static void add_read_schema(const struct say *s, const char *value)
{
    struct fst_str items[LIST_MAX];
    struct fst_buf text = FST_BUF_TEXT;
    size_t n = strlen(value), head = strlen("struct<");
    size_t count = strncmp(value, "struct<", head) == 0 && value[n - 1] == '>'
                       ? split(value + head, n - head - 1, items)
                       : 0;
    for (size_t i = 0; i < count; i++) {
        const char *colon = memchr(items[i].p, ':', items[i].n);
        size_t name = colon ? (size_t)(colon - items[i].p) : items[i].n;
        fst_buf_printf(&text, "%s%.*s", i ? ", " : "", (int)name, items[i].p);
        if (colon)
            fst_buf_printf(&text, " %.*s", (int)(items[i].n - name - 1), colon + 1);
    }
    if (count == LIST_MAX)
        fst_buf_adds(&text, ", …");
    add_value(s, count ? fst_buf_text(&text) : "none: only rows are counted");
    fst_buf_done(&text);
}

/* The filter above it, past operators that say nothing. */
static const struct plan_node *filter_above(const struct say *s)
{
    size_t at = s->node->parent;
    while (at && plan_is_silent(&s->plan->nodes[at - 1]))
        at = s->plan->nodes[at - 1].parent;
    const struct plan_node *above = at ? &s->plan->nodes[at - 1] : NULL;
    return above && strcmp(above->title, "Filter") == 0 ? above : NULL;
}

static void add_filters(const struct say *s)
{
    const struct plan_node *above = filter_above(s);
    const char *left = above ? plan_value(above, "Condition") : NULL;
    if (plan_value(s->node, "PartitionFilters")) {
        detail(s, "partitions: ");
        if (!add_list_of(s, "", "PartitionFilters"))
            fst_buf_adds(s->out, "all");
    }
    detail(s, "filters pushed to the files: ");
    if (!add_list_of(s, "", "PushedFilters"))
        fst_buf_adds(s->out, "none");
    detail(s, "filters left: ");
    if (left)
        add_condition(s, left);
    else
        fst_buf_adds(s->out, "none");
}

/* "Scan parquet spark_catalog.default.t", "BatchScan csv file:/a" */
static void say_scan(const struct say *s)
{
    const char *location = plan_value(s->node, "Location");
    const char *schema = plan_value(s->node, "ReadSchema");
    const char *rest = strchr(s->node->title, ' ');
    fst_buf_adds(s->out, "read");
    if (rest)
        add_value(s, rest);
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
static void add_join_type(const struct say *s, const char *type)
{
    for (size_t i = 0; type[i] && i < 40; i++) {
        bool upper = type[i] >= 'A' && type[i] <= 'Z';
        if (upper && i)
            fst_buf_addc(s->out, ' ');
        fst_buf_addc(s->out, (char)(upper ? type[i] + 32 : type[i]));
    }
}

static void add_keys(const struct say *s)
{
    const char *left = plan_value(s->node, "Left keys"), *right = plan_value(s->node, "Right keys");
    struct fst_str l[LIST_MAX], r[LIST_MAX];
    size_t n = left ? split_inside(fst_str(left), l) : 0;
    size_t m = right ? split_inside(fst_str(right), r) : 0;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < n && i < m; i++)
        fst_buf_printf(&text, "%s%.*s = %.*s", i ? " and " : ", on ", (int)l[i].n, l[i].p,
                       (int)r[i].n, r[i].p);
    add_value(s, fst_buf_text(&text));
    fst_buf_done(&text);
}

static void say_join(const struct say *s)
{
    const char *type = plan_value(s->node, "Join type");
    const char *condition = plan_value(s->node, "Join condition");
    const char *side = title_has(s->node, "BuildRight")  ? "right"
                       : title_has(s->node, "BuildLeft") ? "left"
                                                         : NULL;
    for (size_t i = 0; i < FST_COUNT(joins); i++)
        if (title_has(s->node, joins[i].title))
            fst_buf_adds(s->out, joins[i].words);
    if (type) {
        fst_buf_adds(s->out, ", ");
        add_join_type(s, type);
    }
    if (side)
        fst_buf_printf(s->out, ", the %s side is %s", side,
                       title_has(s->node, "ShuffledHashJoin") ? "held in memory" : "broadcast");
    add_keys(s);
    if (condition && strcmp(condition, "None") != 0) {
        fst_buf_adds(s->out, ", where ");
        add_condition(s, condition);
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

static void add_reason(const struct say *s, const struct fst_str *args, size_t n)
{
    for (size_t i = 0; i < FST_COUNT(reasons); i++)
        if (n > 1 && fst_str_is(args[1], reasons[i].word))
            fst_buf_printf(s->out, " (%s)", reasons[i].words);
}

static void say_exchange(const struct say *s)
{
    struct fst_str args[LIST_MAX], inside[LIST_MAX];
    size_t n = arguments(s, args);
    for (size_t i = 0; n > 0 && i < FST_COUNT(partitionings); i++) {
        size_t head = strlen(partitionings[i].head);
        if (args[0].n < head || memcmp(args[0].p, partitionings[i].head, head) != 0)
            continue;
        size_t m = split_inside(args[0], inside);
        fst_buf_adds(s->out, partitionings[i].words);
        if (partitionings[i].by && m > 1)
            add_list(s, inside, m - 1);
        if (strchr(partitionings[i].head, '(') && m > 0)
            fst_buf_printf(s->out, " into %.*s partitions", (int)inside[m - 1].n, inside[m - 1].p);
        add_reason(s, args, n);
        return;
    }
    fst_buf_adds(s->out, "shuffle");
    if (n > 0) {
        fst_buf_adds(s->out, ": ");
        add_list(s, args, 1);
    }
}

static void say_broadcast(const struct say *s)
{
    fst_buf_adds(s->out, "broadcast to every executor");
}

static void say_reused(const struct say *s)
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
            const struct say that = {s->out, s->plan, i, node, s->indent};
            if (strcmp(node->title, "Exchange") == 0)
                say_exchange(&that);
            else
                add_value(s, node->title);
            return;
        }
}

/* ---- The rest -------------------------------------------------------------------------------- */

static void say_filter(const struct say *s)
{
    const char *condition = plan_value(s->node, "Condition");
    fst_buf_adds(s->out, "keep rows where ");
    add_condition(s, condition ? condition : "?");
}

static void say_project(const struct say *s)
{
    fst_buf_adds(s->out, "columns ");
    if (!add_list_of(s, "", "Output"))
        fst_buf_adds(s->out, "none");
}

static void say_sort(const struct say *s)
{
    struct fst_str args[LIST_MAX] = {{NULL, 0}}, by[LIST_MAX];
    size_t n = arguments(s, args);
    fst_buf_adds(s->out, "sort by ");
    if (n > 0)
        add_list(s, by, split_inside(args[0], by));
    fst_buf_adds(s->out,
                 n > 1 && fst_str_is(args[1], "true") ? ", the whole" : ", within each partition");
}

/* partial_sum(x) -> sum(x) */
static void add_functions(const struct say *s, const char *value, const char *head)
{
    struct fst_str items[LIST_MAX];
    size_t n = split_inside(fst_str(value), items), skip = strlen(head);
    for (size_t i = 0; i < n; i++)
        if (items[i].n > skip && memcmp(items[i].p, head, skip) == 0) {
            items[i].p += skip;
            items[i].n -= skip;
        }
    if (n == 0)
        return;
    fst_buf_adds(s->out, ": ");
    add_list(s, items, n);
}

static void say_aggregate(const struct say *s)
{
    const char *functions = plan_value(s->node, "Functions");
    const char *head = functions && strstr(functions, "partial_") ? "partial_"
                       : functions && strstr(functions, "merge_") ? "merge_"
                                                                  : "";
    bool some = functions && strlen(functions) > 2;
    fst_buf_adds(s->out, !some          ? "one row a group"
                         : *head == 'p' ? "aggregate in part, before the shuffle"
                         : *head == 'm' ? "aggregate parts together"
                                        : "aggregate, final");
    if (title_has(s->node, "SortAggregate"))
        fst_buf_adds(s->out, " (over sorted rows)");
    if (!add_list_of(s, ", grouped by ", "Keys"))
        fst_buf_adds(s->out, some ? ", all rows as one group" : "");
    if (some)
        add_functions(s, functions, head);
}

/* "row_number() windowspecdefinition(...) AS rn" -> "row_number() AS rn" */
static void add_window_function(const struct say *s, struct fst_str f)
{
    static const char spec[] = " windowspecdefinition(";
    const char *from = memmem(f.p, f.n, spec, sizeof(spec) - 1);
    if (!from) {
        add_cut(s->out, f.p, f.n);
        return;
    }
    const char *open = from + sizeof(spec) - 1, *end = f.p + f.n;
    size_t depth = 1;
    while (open < end && depth > 0) {
        depth += *open == '(' ? 1u : *open == ')' ? (size_t)-1 : 0u;
        open++;
    }
    add_cut(s->out, f.p, (size_t)(from - f.p));
    add_cut(s->out, open, (size_t)(end - open));
}

static void say_window(const struct say *s)
{
    struct fst_str args[LIST_MAX], items[LIST_MAX] = {{NULL, 0}};
    size_t n = arguments(s, args), m = n > 1 ? split_inside(args[1], items) : 0;
    fst_buf_adds(s->out, "window over ");
    fst_buf_adds(s->out, m ? "rows with the same " : "all rows");
    add_list(s, items, m);
    m = n > 2 ? split_inside(args[2], items) : 0;
    if (m) {
        fst_buf_adds(s->out, ", in order of ");
        add_list(s, items, m);
    }
    m = n > 0 ? split_inside(args[0], items) : 0;
    for (size_t i = 0; i < m; i++) {
        fst_buf_adds(s->out, i ? ", " : ": ");
        add_window_function(s, items[i]);
    }
}

static void say_limit(const struct say *s)
{
    struct fst_str args[LIST_MAX];
    fst_buf_adds(s->out,
                 title_has(s->node, "LocalLimit") ? "from each partition at most " : "at most ");
    if (arguments(s, args) > 0)
        add_list(s, args, 1);
    fst_buf_adds(s->out, " rows");
}

static void say_top(const struct say *s)
{
    struct fst_str args[LIST_MAX] = {{NULL, 0}}, by[LIST_MAX];
    size_t n = arguments(s, args);
    fst_buf_adds(s->out, "the first ");
    add_list(s, args, n ? 1 : 0);
    fst_buf_adds(s->out, " rows in order of ");
    if (n > 1)
        add_list(s, by, split_inside(args[1], by));
}

static void say_generate(const struct say *s)
{
    struct fst_str args[LIST_MAX];
    fst_buf_adds(s->out, "several rows out of each: ");
    if (arguments(s, args) > 0)
        add_list(s, args, 1);
}

static void say_python(const struct say *s)
{
    struct fst_str args[LIST_MAX], calls[LIST_MAX];
    fst_buf_adds(s->out, "Python functions: ");
    if (arguments(s, args) > 0)
        add_list(s, calls, split_inside(args[0], calls));
}

static void say_union(const struct say *s)
{
    fst_buf_adds(s->out, "the rows of all below, one after another");
}

/* As it is: the name, and what it was given. */
static void say_unknown(const struct say *s)
{
    const char *args = plan_value(s->node, "Arguments");
    add_value(s, s->node->title);
    if (args && *args) {
        fst_buf_adds(s->out, ": ");
        add_value(s, args);
    }
}

static const struct {
    const char *title; /* its first word */
    void (*say)(const struct say *s);
} rows[] = {
    {"Scan", say_scan},
    {"BatchScan", say_scan},
    {"FileScan", say_scan},
    {"BroadcastHashJoin", say_join},
    {"BroadcastNestedLoopJoin", say_join},
    {"SortMergeJoin", say_join},
    {"ShuffledHashJoin", say_join},
    {"CartesianProduct", say_join},
    {"Exchange", say_exchange},
    {"BroadcastExchange", say_broadcast},
    {"ReusedExchange", say_reused},
    {"Filter", say_filter},
    {"Project", say_project},
    {"Sort", say_sort},
    {"HashAggregate", say_aggregate},
    {"ObjectHashAggregate", say_aggregate},
    {"SortAggregate", say_aggregate},
    {"Window", say_window},
    {"LocalLimit", say_limit},
    {"GlobalLimit", say_limit},
    {"CollectLimit", say_limit},
    {"TakeOrderedAndProject", say_top},
    {"Generate", say_generate},
    {"ArrowEvalPython", say_python},
    {"BatchEvalPython", say_python},
    {"Union", say_union},
};

bool plan_is_silent(const struct plan_node *node)
{
    static const char *const silent[] = {"AdaptiveSparkPlan", "ColumnarToRow", "InputAdapter",
                                         "WholeStageCodegen"};
    for (size_t i = 0; i < FST_COUNT(silent); i++)
        if (title_has(node, silent[i]))
            return true;
    return false;
}

void plan_words(struct fst_buf *out, const struct plan *p, size_t i, size_t indent)
{
    const struct plan_node *node = &p->nodes[i];
    const struct say s = {out, p, i, node, indent};
    struct fst_str name = {node->title, strcspn(node->title, " ")};
    void (*say)(const struct say *) = say_unknown;
    for (size_t k = 0; k < FST_COUNT(rows); k++)
        if (fst_str_is(name, rows[k].title))
            say = rows[k].say;
    fst_buf_repeat(out, ' ', indent);
    say(&s);
    fst_buf_addc(out, '\n');
}
