/* What is looked for in a lineage: the nodes whose names fit, in the order of reading. */
#include <stdlib.h>

#include "lineage.h"

void lineage_find(struct lineage *l)
{
    free(l->hits);
    free(l->is_hit);
    l->hits = NULL;
    l->is_hit = NULL;
    l->n_hits = 0;
    if (!l->looked_for || !l->loaded)
        return;
    l->hits = fst_alloc(((size_t)l->graph_nodes + 1) * sizeof *l->hits);
    l->is_hit = fst_alloc((size_t)l->graph_nodes + 1);
    for (uint32_t k = 0; k < l->graph_nodes; k++) {
        uint32_t i = l->pic.by_row[k];
        const char *text = l->pic.labels[i] + 1;
        l->is_hit[i] = fst_filter_fits(l->looked_for, &text, 1);
        if (l->is_hit[i])
            l->hits[l->n_hits++] = i;
    }
}

uint32_t lineage_hit(const struct lineage *l, uint32_t node)
{
    uint32_t k = 0;
    while (k < l->n_hits && l->hits[k] != node)
        k++;
    return k;
}

/* To the next hit, in the order of reading. */
void lineage_next_hit(struct view *v, int step)
{
    struct lineage *l = v->state;
    if (!l->n_hits) {
        wb_say(v->wb, FST_ROLE_WARN, l->looked_for ? "no node fits" : "nothing is looked for: /");
        return;
    }
    uint32_t k = lineage_hit(l, l->at);
    if (k == l->n_hits) { /* from the cursor on */
        const struct fst_layout_node *n = l->pic.layout.nodes, *here = &n[l->at];
        for (k = 0; k < l->n_hits; k++)
            if (n[l->hits[k]].y > here->y ||
                (n[l->hits[k]].y == here->y && n[l->hits[k]].x > here->x))
                break;
        k = step > 0 ? k % l->n_hits : (k + l->n_hits - 1) % l->n_hits;
    } else {
        k = (k + l->n_hits + (uint32_t)(step + (int)l->n_hits)) % l->n_hits;
    }
    lineage_go(l, l->hits[k]);
}
