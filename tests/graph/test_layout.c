/* Drawings: small ones as they should look, random ones read back line by line, keys, and time. */
#include "firesteel/graph.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EDGES(...) ((const struct fst_edge[]){__VA_ARGS__})
#define N_EDGES(...) FST_COUNT(((const struct fst_edge[]){__VA_ARGS__}))

static struct fst_layout laid_out(const struct fst_graph *g, const char *const *labels)
{
    int widths[64];
    struct fst_layout l;

    for (uint32_t i = 0; i < g->n_nodes; i++)
        widths[i] = labels ? (int)fst_text_width(labels[i], strlen(labels[i])) : 2;
    assert_int_equal(fst_graph_layout(g, widths, &l, NULL), FST_OK);
    return l;
}

static void looks(uint32_t n, const char *const *labels, const struct fst_edge *edges,
                  size_t n_edges, bool ascii, const char *expected)
{
    struct fst_graph g = {n, edges, n_edges};
    struct fst_layout l = laid_out(&g, labels);
    struct fst_buf text = FST_BUF_TEXT;

    fst_layout_text(&l, &g, labels, ascii, &text);
    assert_string_equal(fst_buf_text(&text), expected);
    fst_buf_done(&text);
    fst_layout_done(&l);
}
#define LOOKS(n, labels, ascii, expected, ...)                                                     \
    looks(n, labels, EDGES(__VA_ARGS__), N_EDGES(__VA_ARGS__), ascii, expected)

static const char *const words[] = {"transactions", "monthly", "daily", "joined", "training"};
static const char *const letters[] = {"a", "b", "c", "d", "e", "f"};

static void test_graph_layout__chain(void **state)
{
    (void)state;
    LOOKS(3, words, false, "transactions ─── monthly ─── daily\n", {0, 1}, {1, 2});
}

static void test_graph_layout__diamond(void **state)
{
    (void)state;
    LOOKS(5, words, false,
          "              ╭─ monthly ─╮\n"
          "transactions ─┤           ├─ joined ─── training\n"
          "              ╰─ daily ───╯\n",
          {0, 1}, {0, 2}, {1, 3}, {2, 3}, {3, 4});
}

static void test_graph_layout__diamond_in_ascii(void **state)
{
    (void)state;
    LOOKS(4, words, true,
          "              +- monthly -+\n"
          "transactions -+           +- joined\n"
          "              +- daily ---+\n",
          {0, 1}, {0, 2}, {1, 3}, {2, 3});
}

static void test_graph_layout__fan_in_and_fan_out(void **state)
{
    (void)state;
    LOOKS(4, letters, false,
          "a ─╮\n"
          "   │\n"
          "b ─┼─ d\n"
          "   │\n"
          "c ─╯\n",
          {0, 3}, {1, 3}, {2, 3});
    LOOKS(4, letters, false,
          "   ╭─ b\n"
          "   │\n"
          "a ─┼─ c\n"
          "   │\n"
          "   ╰─ d\n",
          {0, 1}, {0, 2}, {0, 3});
}

static void test_graph_layout__long_edge_runs_straight_over_two_layers(void **state)
{
    (void)state;
    LOOKS(4, words, false,
          "transactions ─┬─────────────────────┬─ joined\n"
          "              ╰─ monthly ─── daily ─╯\n",
          {0, 1}, {1, 2}, {2, 3}, {0, 3});
}

static void test_graph_layout__two_components_lie_apart(void **state)
{
    (void)state;
    LOOKS(5, words, false,
          "transactions ─── monthly\n"
          "\n"
          "              ╭─ joined\n"
          "daily ────────┤\n"
          "              ╰─ training\n",
          {0, 1}, {2, 3}, {2, 4});
}

static void test_graph_layout__a_line_that_joins_another_does_not_split_it(void **state)
{
    (void)state;
    LOOKS(4, letters, false,
          "a ─╭─ c\n"
          "   │\n"
          "b ─┴─ d\n",
          {0, 2}, {1, 2}, {1, 3});
}

static void test_graph_layout__a_workspace_with_a_diamond(void **state)
{
    static const char *const names[] = {"transactions", "customers", "clean", "monthly",
                                        "profile",      "avg",       "age",   "is_fraud",
                                        "fraud",        "max"};

    (void)state;
    LOOKS(10, names, false,
          "                                        ╭─ avg ─╮\n"
          "              ╭─ clean ─────┬─ monthly ─┤       │\n"
          "              │             │           ╰─ max ─┤\n"
          "transactions ─┤  customers ─╰─ profile ─╮       │\n"
          "              │                         ╰─ age ─┼─ fraud\n"
          "              ╰─ is_fraud ──────────────────────╯\n",
          {0, 2}, {2, 3}, {1, 4}, {2, 4}, {3, 5}, {3, 9}, {4, 6}, {0, 7}, {5, 8}, {6, 8}, {7, 8},
          {9, 8});
}

/* ---- Reading a drawing back ------------------------------------------------------------------ */

enum { LEFT = 1, RIGHT = 2, UP = 4, DOWN = 8 };

static unsigned arms(uint32_t sign)
{
    static const struct {
        uint32_t sign;
        unsigned arms;
    } all[] = {{0x2500, LEFT | RIGHT},
               {0x2502, UP | DOWN},
               {0x256D, RIGHT | DOWN},
               {0x256E, LEFT | DOWN},
               {0x256F, LEFT | UP},
               {0x2570, RIGHT | UP},
               {0x251C, UP | DOWN | RIGHT},
               {0x2524, UP | DOWN | LEFT},
               {0x252C, LEFT | RIGHT | DOWN},
               {0x2534, LEFT | RIGHT | UP},
               {0x253C, LEFT | RIGHT | UP | DOWN}};

    for (size_t i = 0; i < FST_COUNT(all); i++)
        if (all[i].sign == sign)
            return all[i].arms;
    return 0;
}

struct picture {
    const struct fst_layout *l;
    uint32_t *cells;
    bool *found;
};

static uint32_t at(const struct picture *p, int x, int y)
{
    if (x < 0 || y < 0 || x >= p->l->width || y >= p->l->height)
        return 0;
    return p->cells[y * p->l->width + x] & 0x7FFFFFFF;
}

/* Follow a line as an eye does: never to the left, under lines that cross. */
static void follow(struct picture *p, int x, int y, unsigned heading)
{
    unsigned here = arms(at(p, x, y));

    if (heading == RIGHT) {
        for (uint32_t i = 0; i < p->l->n_nodes; i++)
            if (p->l->nodes[i].x == x + 1 && p->l->nodes[i].y == y && !here)
                p->found[i] = true;
        if (!here)
            return;
        if (!(here & LEFT)) {
            follow(p, x + 1, y, RIGHT);
            return;
        }
    }
    if (heading != DOWN && here & UP)
        follow(p, x, y - 1, UP);
    if (heading != UP && here & DOWN)
        follow(p, x, y + 1, DOWN);
    if (here & RIGHT)
        follow(p, x + 1, y, RIGHT);
}

static uint32_t *drawn(const struct fst_layout *l, const struct fst_graph *g, const bool *marked)
{
    uint32_t *cells = fst_alloc(((size_t)l->width * (size_t)l->height + 1) * sizeof *cells);

    fst_layout_edges(l, g, 0, 0, l->width, l->height, false, marked, cells);
    return cells;
}

static void check_says_the_graph(const struct fst_graph *g)
{
    struct fst_layout l = laid_out(g, NULL);
    struct picture p = {&l, drawn(&l, g, NULL), NULL};

    for (uint32_t from = 0; from < g->n_nodes; from++) {
        bool found[64] = {false}, expected[64] = {false};
        p.found = found;
        for (size_t i = 0; i < g->n_edges; i++)
            if (g->edges[i].from == from)
                expected[g->edges[i].to] = true;
        int x = l.nodes[from].x + l.nodes[from].width + 1;
        if (at(&p, x, l.nodes[from].y))
            follow(&p, x, l.nodes[from].y, RIGHT);
        assert_memory_equal(found, expected, sizeof found);
    }
    free(p.cells);
    fst_layout_done(&l);
}

static uint32_t random_below(uint32_t *seed, uint32_t n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % n;
}

static void test_graph_layout__a_drawing_says_the_graph_and_nothing_else(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 400; round++) {
        struct fst_edge edges[60];
        struct fst_graph g = {2 + random_below(&seed, 24), edges, 0};
        uint32_t wanted = random_below(&seed, 2 * g.n_nodes);
        for (; g.n_edges < wanted && g.n_edges < FST_COUNT(edges);) {
            uint32_t a = random_below(&seed, g.n_nodes), b = random_below(&seed, g.n_nodes);
            if (a != b)
                edges[g.n_edges++] = a < b ? (struct fst_edge){a, b} : (struct fst_edge){b, a};
        }
        check_says_the_graph(&g);
    }
}

/* Which nodes the marked cells alone lead to from `from`, as bits. */
static unsigned marked_way(const struct fst_graph *g, size_t edge, uint32_t from)
{
    struct fst_layout l = laid_out(g, letters);
    bool marked[8] = {false}, found[64] = {false};
    unsigned reached = 0;

    marked[edge] = true;
    struct picture p = {&l, drawn(&l, g, marked), found};
    for (int i = 0; i < l.width * l.height; i++)
        if (!(p.cells[i] >> 31))
            p.cells[i] = 0;
    if (at(&p, l.nodes[from].x + 2, l.nodes[from].y))
        follow(&p, l.nodes[from].x + 2, l.nodes[from].y, RIGHT);
    for (uint32_t i = 0; i < g->n_nodes; i++)
        reached |= (unsigned)found[i] << i;
    free(p.cells);
    fst_layout_done(&l);
    return reached;
}

static void test_graph_layout__marks_the_way_of_an_edge_and_nothing_beside_it(void **state)
{
    static const struct fst_edge edges[] = {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {0, 3}};
    struct fst_graph g = {4, edges, 5};

    (void)state;
    for (size_t i = 0; i < 5; i++)
        for (uint32_t from = 0; from < 4; from++)
            assert_int_equal(marked_way(&g, i, from),
                             from == edges[i].from ? 1u << edges[i].to : 0u);
}

static void test_graph_layout__a_part_of_the_drawing_is_that_part_of_the_whole(void **state)
{
    static const struct fst_edge edges[] = {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {0, 4}, {4, 5}, {3, 5}};
    struct fst_graph g = {6, edges, 7};
    struct fst_layout l = laid_out(&g, letters);
    uint32_t *cells = drawn(&l, &g, NULL), part[6];

    (void)state;
    for (int y = -1; y < l.height; y++)
        for (int x = -2; x < l.width; x++) {
            fst_layout_edges(&l, &g, x, y, 3, 2, false, NULL, part);
            for (int i = 0; i < 6; i++) {
                int px = x + i % 3, py = y + i / 3;
                bool inside = px >= 0 && py >= 0 && px < l.width && py < l.height;
                assert_int_equal(part[i], inside ? cells[py * l.width + px] : 0);
            }
        }
    free(cells);
    fst_layout_done(&l);
}

/* ---- The rest -------------------------------------------------------------------------------- */

static void test_graph_layout__keys_move_along_edges_and_columns(void **state)
{
    static const struct fst_edge edges[] = {{0, 1}, {0, 2}, {1, 3}, {2, 3}};
    struct fst_graph g = {5, edges, 4};
    struct fst_layout l = laid_out(&g, letters);

    (void)state;
    assert_int_equal(fst_layout_move(&l, &g, 0, FST_RIGHT), 1);
    assert_int_equal(fst_layout_move(&l, &g, 1, FST_DOWN), 2);
    assert_int_equal(fst_layout_move(&l, &g, 2, FST_UP), 1);
    assert_int_equal(fst_layout_move(&l, &g, 2, FST_RIGHT), 3);
    assert_int_equal(fst_layout_move(&l, &g, 3, FST_RIGHT), 3);
    assert_int_equal(fst_layout_move(&l, &g, 0, FST_LEFT), 0);
    assert_int_equal(fst_layout_move(&l, &g, 0, FST_DOWN), 4);
    assert_int_equal(fst_layout_move(&l, &g, 4, FST_DOWN), 4);
    fst_layout_done(&l);
}

static void test_graph_layout__every_edge_goes_right_and_sources_stand_by_their_readers(
    void **state)
{
    static const struct fst_edge edges[] = {{0, 1}, {1, 2}, {2, 3}, {4, 3}};
    struct fst_graph g = {5, edges, 4};
    struct fst_layout l = laid_out(&g, letters);

    (void)state;
    assert_int_equal(l.nodes[4].layer, 2);
    for (size_t i = 0; i < 4; i++)
        assert_true(l.nodes[edges[i].from].layer < l.nodes[edges[i].to].layer);
    fst_layout_done(&l);
}

static void test_graph_layout__refuses_circles_and_takes_nothing(void **state)
{
    static const struct fst_edge circle[] = {{0, 1}, {1, 0}};
    const int widths[2] = {1, 1};
    struct fst_graph g = {2, circle, 2};
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_layout l;

    (void)state;
    assert_int_equal(fst_graph_layout(&g, widths, &l, NULL), FST_EINVAL);
    assert_null(l.nodes);
    g = (struct fst_graph){0, NULL, 0};
    assert_int_equal(fst_graph_layout(&g, widths, &l, NULL), FST_OK);
    fst_layout_text(&l, &g, NULL, false, &text);
    assert_string_equal(fst_buf_text(&text), "");
    fst_layout_done(&l);
    fst_buf_done(&text);
}

static void test_graph_layout__large_graphs_stay_within_their_size(void **state)
{
    enum { N = 1000, E = 3000 };
    struct fst_edge *edges = fst_alloc(E * sizeof *edges);
    int *widths = fst_alloc(N * sizeof *widths);
    struct fst_graph g = {N, edges, E};
    struct fst_layout l;
    uint32_t seed = 7;

    (void)state;
    for (int i = 0; i < N; i++)
        widths[i] = 20;
    for (int i = 0; i < E;) {
        uint32_t a = random_below(&seed, N), b = random_below(&seed, N);
        if (a != b)
            edges[i++] = a < b ? (struct fst_edge){a, b} : (struct fst_edge){b, a};
    }
    assert_int_equal(fst_graph_layout(&g, widths, &l, NULL), FST_OK);
    for (int i = 0; i < N; i++) {
        assert_in_range(l.nodes[i].x, 0, l.width - 20);
        assert_in_range(l.nodes[i].y, 0, l.height - 1);
    }
    fst_layout_done(&l);
    free(edges);
    free(widths);
}

/* ---- Many graphs ----------------------------------------------------------------------------- */

static size_t random_edges(uint32_t *seed, uint32_t nodes, size_t wanted, struct fst_edge *edges)
{
    size_t n = 0;

    while (n < wanted) {
        uint32_t a = random_below(seed, nodes), b = random_below(seed, nodes);
        if (a != b)
            edges[n++] = a < b ? (struct fst_edge){a, b} : (struct fst_edge){b, a};
    }
    return n;
}

static void check_no_line_is_in_a_box(const struct fst_graph *g)
{
    struct fst_layout l = laid_out(g, NULL);
    uint32_t *cells = drawn(&l, g, NULL);

    for (uint32_t i = 0; i < g->n_nodes; i++)
        for (int x = l.nodes[i].x; x < l.nodes[i].x + l.nodes[i].width; x++)
            assert_int_equal(cells[l.nodes[i].y * l.width + x], 0);
    free(cells);
    fst_layout_done(&l);
}

static void test_graph_layout__no_line_enters_a_box_in_a_thousand_graphs(void **state)
{
    uint32_t seed = 19;

    (void)state;
    for (int round = 0; round < 1000; round++) {
        struct fst_edge edges[120];
        struct fst_graph g = {2 + random_below(&seed, 59), edges, 0};
        g.n_edges = random_edges(&seed, g.n_nodes, random_below(&seed, 2 * g.n_nodes), edges);
        check_no_line_is_in_a_box(&g);
        check_says_the_graph(&g);
    }
}

static void test_graph_layout__the_same_graph_is_the_same_picture_a_hundred_times(void **state)
{
    struct fst_edge edges[90];
    struct fst_graph g = {60, edges, 90};
    static char names[60][8];
    const char *labels[60];
    struct fst_buf first = FST_BUF_TEXT;
    uint32_t seed = 3;

    (void)state;
    for (int i = 0; i < 60; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        labels[i] = names[i];
    }
    random_edges(&seed, 60, 90, edges);
    for (int round = 0; round < 100; round++) {
        struct fst_layout l = laid_out(&g, labels);
        struct fst_buf text = FST_BUF_TEXT;
        fst_layout_text(&l, &g, labels, false, round ? &text : &first);
        if (round)
            assert_string_equal(fst_buf_text(&text), fst_buf_text(&first));
        fst_buf_done(&text);
        fst_layout_done(&l);
        uint32_t a = random_below(&seed, 90), b = random_below(&seed, 90); /* in another order */
        struct fst_edge kept = edges[a];
        edges[a] = edges[b];
        edges[b] = kept;
    }
    fst_buf_done(&first);
}

static void test_graph_layout__walking_goes_back_where_one_came_from(void **state)
{
    static const struct fst_edge edges[] = {{0, 2}, {1, 2}, {2, 3}, {2, 4}, {1, 5}};
    struct fst_graph g = {6, edges, 5};
    struct fst_layout l = laid_out(&g, letters);
    struct fst_walk w = {0};

    (void)state;
    for (uint32_t from = 0; from < 6; from++)
        for (int d = FST_LEFT; d <= FST_RIGHT; d++) {
            fst_walk_begin(&w, 6);
            uint32_t to = fst_layout_walk(&l, &g, &w, from, (enum fst_direction)d);
            if (to != from)
                assert_int_equal(
                    fst_layout_walk(&l, &g, &w, to, d == FST_LEFT ? FST_RIGHT : FST_LEFT), from);
        }
    fst_walk_begin(&w, 6);
    uint32_t at = fst_layout_walk(&l, &g, &w, 2, FST_RIGHT);
    uint32_t other = fst_layout_walk(&l, &g, &w, at, at == 3 ? FST_DOWN : FST_UP);
    assert_int_equal(at + other, 7);
    assert_int_equal(fst_layout_walk(&l, &g, &w, other, FST_LEFT), 2);
    fst_walk_done(&w);
    fst_layout_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_graph_layout__chain),
        cmocka_unit_test(test_graph_layout__diamond),
        cmocka_unit_test(test_graph_layout__diamond_in_ascii),
        cmocka_unit_test(test_graph_layout__fan_in_and_fan_out),
        cmocka_unit_test(test_graph_layout__long_edge_runs_straight_over_two_layers),
        cmocka_unit_test(test_graph_layout__two_components_lie_apart),
        cmocka_unit_test(test_graph_layout__a_line_that_joins_another_does_not_split_it),
        cmocka_unit_test(test_graph_layout__a_workspace_with_a_diamond),
        cmocka_unit_test(test_graph_layout__a_drawing_says_the_graph_and_nothing_else),
        cmocka_unit_test(test_graph_layout__marks_the_way_of_an_edge_and_nothing_beside_it),
        cmocka_unit_test(test_graph_layout__a_part_of_the_drawing_is_that_part_of_the_whole),
        cmocka_unit_test(test_graph_layout__keys_move_along_edges_and_columns),
        cmocka_unit_test(
            test_graph_layout__every_edge_goes_right_and_sources_stand_by_their_readers),
        cmocka_unit_test(test_graph_layout__refuses_circles_and_takes_nothing),
        cmocka_unit_test(test_graph_layout__large_graphs_stay_within_their_size),
        cmocka_unit_test(test_graph_layout__no_line_enters_a_box_in_a_thousand_graphs),
        cmocka_unit_test(test_graph_layout__the_same_graph_is_the_same_picture_a_hundred_times),
        cmocka_unit_test(test_graph_layout__walking_goes_back_where_one_came_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
