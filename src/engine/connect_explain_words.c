/* Operators of Spark's physical plans in words.
 *
 * A row for each operator that we have words for; everything else is shown by its name with what
 * Spark tells of it. */
#include <string.h>

#include "connect_explain_say.h"

static void say_filter(const struct plan_say *s)
{
    const char *condition = plan_value(s->node, "Condition");
    fst_buf_adds(s->out, "keep rows where ");
    plan_say_condition(s, condition ? condition : "?");
}

static void say_project(const struct plan_say *s)
{
    fst_buf_adds(s->out, "columns ");
    if (!plan_say_list_of(s, "", "Output"))
        fst_buf_adds(s->out, "none");
}

static void say_sort(const struct plan_say *s)
{
    struct fst_str args[PLAN_LIST_MAX] = {{NULL, 0}}, by[PLAN_LIST_MAX];
    size_t n = plan_arguments(s, args);
    fst_buf_adds(s->out, "sort by ");
    if (n > 0)
        plan_say_list(s, by, plan_split_inside(args[0], by));
    fst_buf_adds(s->out,
                 n > 1 && fst_str_is(args[1], "true") ? ", the whole" : ", within each partition");
}

/* partial_sum(x) -> sum(x) */
static void add_functions(const struct plan_say *s, const char *value, const char *head)
{
    struct fst_str items[PLAN_LIST_MAX];
    size_t n = plan_split_inside(fst_str(value), items), skip = strlen(head);
    for (size_t i = 0; i < n; i++)
        if (items[i].n > skip && memcmp(items[i].p, head, skip) == 0) {
            items[i].p += skip;
            items[i].n -= skip;
        }
    if (n == 0)
        return;
    fst_buf_adds(s->out, ": ");
    plan_say_list(s, items, n);
}

static void say_aggregate(const struct plan_say *s)
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
    if (plan_title_has(s->node, "SortAggregate"))
        fst_buf_adds(s->out, " (over sorted rows)");
    if (!plan_say_list_of(s, ", grouped by ", "Keys"))
        fst_buf_adds(s->out, some ? ", all rows as one group" : "");
    if (some)
        add_functions(s, functions, head);
}

/* "row_number() windowspecdefinition(...) AS rn" -> "row_number() AS rn" */
static void add_window_function(const struct plan_say *s, struct fst_str f)
{
    static const char spec[] = " windowspecdefinition(";
    const char *from = memmem(f.p, f.n, spec, sizeof(spec) - 1);
    if (!from) {
        plan_say_cut(s->out, f.p, f.n);
        return;
    }
    const char *open = from + sizeof(spec) - 1, *end = f.p + f.n;
    size_t depth = 1;
    while (open < end && depth > 0) {
        depth += *open == '(' ? 1u : *open == ')' ? (size_t)-1 : 0u;
        open++;
    }
    plan_say_cut(s->out, f.p, (size_t)(from - f.p));
    plan_say_cut(s->out, open, (size_t)(end - open));
}

static void say_window(const struct plan_say *s)
{
    struct fst_str args[PLAN_LIST_MAX], items[PLAN_LIST_MAX] = {{NULL, 0}};
    size_t n = plan_arguments(s, args), m = n > 1 ? plan_split_inside(args[1], items) : 0;
    fst_buf_adds(s->out, "window over ");
    fst_buf_adds(s->out, m ? "rows with the same " : "all rows");
    plan_say_list(s, items, m);
    m = n > 2 ? plan_split_inside(args[2], items) : 0;
    if (m) {
        fst_buf_adds(s->out, ", in order of ");
        plan_say_list(s, items, m);
    }
    m = n > 0 ? plan_split_inside(args[0], items) : 0;
    for (size_t i = 0; i < m; i++) {
        fst_buf_adds(s->out, i ? ", " : ": ");
        add_window_function(s, items[i]);
    }
}

static void say_limit(const struct plan_say *s)
{
    struct fst_str args[PLAN_LIST_MAX];
    fst_buf_adds(s->out, plan_title_has(s->node, "LocalLimit") ? "from each partition at most "
                                                               : "at most ");
    if (plan_arguments(s, args) > 0)
        plan_say_list(s, args, 1);
    fst_buf_adds(s->out, " rows");
}

static void say_top(const struct plan_say *s)
{
    struct fst_str args[PLAN_LIST_MAX] = {{NULL, 0}}, by[PLAN_LIST_MAX];
    size_t n = plan_arguments(s, args);
    fst_buf_adds(s->out, "the first ");
    plan_say_list(s, args, n ? 1 : 0);
    fst_buf_adds(s->out, " rows in order of ");
    if (n > 1)
        plan_say_list(s, by, plan_split_inside(args[1], by));
}

static void say_generate(const struct plan_say *s)
{
    struct fst_str args[PLAN_LIST_MAX];
    fst_buf_adds(s->out, "several rows out of each: ");
    if (plan_arguments(s, args) > 0)
        plan_say_list(s, args, 1);
}

static void say_python(const struct plan_say *s)
{
    struct fst_str args[PLAN_LIST_MAX], calls[PLAN_LIST_MAX];
    fst_buf_adds(s->out, "Python functions: ");
    if (plan_arguments(s, args) > 0)
        plan_say_list(s, calls, plan_split_inside(args[0], calls));
}

static void say_union(const struct plan_say *s)
{
    fst_buf_adds(s->out, "the rows of all below, one after another");
}

/* As it is: the name, and what it was given. */
static void say_unknown(const struct plan_say *s)
{
    const char *args = plan_value(s->node, "Arguments");
    plan_say_value(s, s->node->title);
    if (args && *args) {
        fst_buf_adds(s->out, ": ");
        plan_say_value(s, args);
    }
}

static const struct {
    const char *title; /* its first word */
    void (*say)(const struct plan_say *s);
} rows[] = {
    {"Scan", plan_say_scan},
    {"BatchScan", plan_say_scan},
    {"FileScan", plan_say_scan},
    {"BroadcastHashJoin", plan_say_join},
    {"BroadcastNestedLoopJoin", plan_say_join},
    {"SortMergeJoin", plan_say_join},
    {"ShuffledHashJoin", plan_say_join},
    {"CartesianProduct", plan_say_join},
    {"Exchange", plan_say_exchange},
    {"BroadcastExchange", plan_say_broadcast},
    {"ReusedExchange", plan_say_reused},
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
        if (plan_title_has(node, silent[i]))
            return true;
    return false;
}

void plan_words(struct fst_buf *out, const struct plan *p, size_t i, size_t indent)
{
    const struct plan_node *node = &p->nodes[i];
    const struct plan_say s = {out, p, i, node, indent};
    struct fst_str name = {node->title, strcspn(node->title, " ")};
    void (*say)(const struct plan_say *) = say_unknown;
    for (size_t k = 0; k < FST_COUNT(rows); k++)
        if (fst_str_is(name, rows[k].title))
            say = rows[k].say;
    fst_buf_repeat(out, ' ', indent);
    say(&s);
    fst_buf_addc(out, '\n');
}
