/* The whole drawing as lines of text, a row at a time: cells of lines, labels over them. */
#include "firesteel/graph.h"

#include <stdlib.h>
#include <string.h>

static int by_row(const void *a, const void *b)
{
    const struct fst_layout_node *const *x = a, *const *y = b;

    if ((*x)->y != (*y)->y)
        return (*x)->y < (*y)->y ? -1 : 1;
    return (*x)->x < (*y)->x ? -1 : (*x)->x > (*y)->x;
}

/* Cells [from, to) of a row; blanks wait in `*blanks` until something follows them. */
static void write_cells(struct fst_buf *out, const uint32_t *cells, int from, int to,
                        size_t *blanks)
{
    char bytes[4];

    for (int x = from; x < to; x++) {
        if (!cells[x]) {
            ++*blanks;
            continue;
        }
        fst_buf_repeat(out, ' ', *blanks);
        *blanks = 0;
        fst_buf_add(out, bytes, fst_utf8_encode(cells[x], bytes));
    }
}

static void write_label(struct fst_buf *out, const char *label, int width, size_t *blanks)
{
    size_t used, n = fst_text_fit(label, strlen(label), (size_t)width, &used);

    while (n && label[n - 1] == ' ') {
        n--;
        used--;
    }
    if (n)
        fst_buf_repeat(out, ' ', *blanks);
    fst_buf_add(out, label, n);
    *blanks = (n ? 0 : *blanks) + (size_t)width - used;
}

void fst_layout_text(const struct fst_layout *l, const struct fst_graph *g,
                     const char *const *labels, bool ascii, struct fst_buf *out)
{
    const struct fst_layout_node **sorted = fst_alloc(((size_t)l->n_nodes + 1) * sizeof *sorted);
    uint32_t *cells = fst_alloc(((size_t)l->width + 1) * sizeof *cells);
    uint32_t next = 0;

    for (uint32_t i = 0; i < l->n_nodes; i++)
        sorted[i] = &l->nodes[i];
    qsort(sorted, l->n_nodes, sizeof *sorted, by_row);
    for (int y = 0; y < l->height && !out->over; y++) {
        size_t blanks = 0;
        int x = 0;
        fst_layout_edges(l, g, 0, y, l->width, 1, ascii, NULL, cells);
        for (; next < l->n_nodes && sorted[next]->y == y; next++) {
            const struct fst_layout_node *n = sorted[next];
            write_cells(out, cells, x, n->x, &blanks);
            write_label(out, labels[n - l->nodes], n->width, &blanks);
            x = n->x + n->width;
        }
        write_cells(out, cells, x, l->width, &blanks);
        fst_buf_addc(out, '\n');
    }
    free(sorted);
    free(cells);
}
