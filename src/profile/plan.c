/* The plan of a SQL execution as a graph of operators, cut into pieces where data changes hands.
 *
 * A piece is what one stage runs: an exchange belongs to the stage that writes it, what reads it is
 * another piece. */
#include <stdlib.h>
#include <string.h>

#include "profile.h"

struct plan *plan_new(int64_t execution)
{
    struct plan *p = fst_alloc(sizeof *p);
    *p = (struct plan){.arena = fst_arena_new(), .execution = execution};
    return p;
}

void plan_free(struct plan *p)
{
    if (!p)
        return;
    fst_arena_free(p->arena);
    free(p->nodes);
    free(p->edges);
    free(p->metrics);
    free(p);
}

/* The number of "WholeStageCodegen (5)", or -1. */
static int64_t cluster_number(const char *name)
{
    int64_t n;
    if (strncmp(name, "WholeStageCodegen (", 19) != 0 ||
        !fst_parse_int64(name + 19, strcspn(name + 19, ")"), &n))
        return -1;
    return n;
}

struct plan_node *plan_add_node(struct plan *p, int64_t id, const char *name, const char *text)
{
    if (p->n_nodes >= MAX_NODES)
        return NULL;
    fst_grow(&p->nodes, &p->nodes_cap, p->n_nodes + 1, sizeof *p->nodes);
    size_t n = strnlen(name, 256);
    while (n && name[n - 1] == ' ')
        n--;
    struct plan_node *node = &p->nodes[p->n_nodes];
    *node = (struct plan_node){.id = id,
                               .name = fst_arena_strndup(p->arena, name, n),
                               .text = fst_arena_strndup(p->arena, text, strnlen(text, MAX_NAME)),
                               .codegen = cluster_number(name),
                               .is_cluster = strncmp(name, "WholeStageCodegen", 17) == 0,
                               .root = p->n_nodes};
    p->n_nodes++;
    return node;
}

void plan_add_edge(struct plan *p, int64_t child, int64_t parent)
{
    if (p->n_edges >= 2 * MAX_NODES)
        return;
    fst_grow(&p->edges, &p->edges_cap, p->n_edges + 1, sizeof *p->edges);
    p->edges[p->n_edges++] = (struct plan_edge){child, parent};
}

void plan_describe(struct plan *p, const struct fst_doc *map, const char *key)
{
    const struct fst_doc *d = fst_doc_get(map, key);
    if (d && d->kind == FST_DOC_STRING && d->text.n <= MAX_DESCRIPTION)
        p->description = fst_arena_strndup(p->arena, d->text.p, d->text.n);
}

static bool is_exchange_read(const char *metric)
{
    return strstr(metric, "read") || strstr(metric, "fetch") || strstr(metric, "remote") ||
           strstr(metric, "merged");
}

struct plan_metric *plan_add_metric(struct plan *p, size_t node, const char *name)
{
    if (p->n_metrics >= MAX_METRICS)
        return NULL;
    fst_grow(&p->metrics, &p->metrics_cap, p->n_metrics + 1, sizeof *p->metrics);
    struct plan_metric *m = &p->metrics[p->n_metrics++];
    bool exchange = strstr(p->nodes[node].name, "Exchange") != NULL;
    *m = (struct plan_metric){.node = node,
                              .accumulator = -1,
                              .stage = -1,
                              .value = -1,
                              .is_read = exchange && is_exchange_read(name)};
    if (strcmp(name, "number of files read") == 0)
        m->what = 'f';
    else if (strcmp(name, "size of files read") == 0)
        m->what = 'b';
    return m;
}

/* ---- Sizes as Spark's metrics show them --------------------------------------------------------
 */

static const struct {
    const char *name;
    double bytes;
} units[] = {{"B", 1},        {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30},
             {"TiB", 0x1p40}, {"PiB", 0x1p50}, {"EiB", 0x1p60}};

int64_t plan_size(const char *text)
{
    char *end;
    double v = strtod(text, &end);
    while (*end == ' ')
        end++;
    if (end == text || !(v >= 0))
        return -1;
    for (size_t i = 0; i < FST_COUNT(units); i++)
        if (strcmp(end, units[i].name) == 0)
            return v * units[i].bytes < 9e18 ? (int64_t)(v * units[i].bytes) : -1;
    return -1;
}

/* Spark changes to the next unit at two of it, and shows one digit after the point. */
int64_t plan_rounded_size(int64_t bytes)
{
    size_t unit = 0;
    char text[64];
    while (unit + 1 < FST_COUNT(units) && (double)bytes >= 2 * units[unit + 1].bytes)
        unit++;
    snprintf(text, sizeof text, "%.1f %s", (double)bytes / units[unit].bytes, units[unit].name);
    return plan_size(text);
}
