/* Order, cycles and reach. */
#include "firesteel/graph.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_graph_order__comes_after_what_it_stands_on_and_ties_go_by_index(void **state)
{
    static const struct fst_edge edges[] = {{3, 0}, {0, 2}, {3, 2}, {3, 2}};
    struct fst_graph g = {5, edges, 4};
    uint32_t order[5];

    (void)state;
    assert_int_equal(fst_graph_order(&g, order, NULL, NULL, NULL, NULL), FST_OK);
    const uint32_t expected[] = {1, 3, 0, 2, 4};
    assert_memory_equal(order, expected, sizeof order);
}

static void test_graph_order__names_the_nodes_of_a_cycle(void **state)
{
    static const struct fst_edge edges[] = {{0, 1}, {1, 2}, {2, 3}, {3, 1}, {3, 4}};
    struct fst_arena *a = fst_arena_new();
    struct fst_graph g = {5, edges, 5};
    uint32_t order[5], *cycle;
    size_t n;

    (void)state;
    assert_int_equal(fst_graph_order(&g, order, a, &cycle, &n, NULL), FST_EINVAL);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) {
        uint32_t next = cycle[(i + 1) % n];
        assert_int_equal(next, cycle[i] == 3 ? 1 : cycle[i] + 1);
    }
    fst_arena_free(a);
}

static void test_graph_order__refuses_loops_and_edges_to_nowhere(void **state)
{
    struct fst_edge edge = {0, 0};
    struct fst_graph g = {1, &edge, 1};
    uint32_t order[1];

    (void)state;
    assert_int_equal(fst_graph_order(&g, order, NULL, NULL, NULL, NULL), FST_EINVAL);
    edge.to = 1;
    assert_int_equal(fst_graph_order(&g, order, NULL, NULL, NULL, NULL), FST_EINVAL);
    g = (struct fst_graph){0, NULL, 0};
    assert_int_equal(fst_graph_order(&g, order, NULL, NULL, NULL, NULL), FST_OK);
}

static void test_graph_reach__goes_one_way_only(void **state)
{
    static const struct fst_edge edges[] = {{0, 1}, {1, 2}, {3, 2}};
    struct fst_graph g = {4, edges, 3};
    bool marks[4];

    (void)state;
    fst_graph_reach(&g, 1, true, marks);
    assert_true(!marks[0] && marks[1] && marks[2] && !marks[3]);
    fst_graph_reach(&g, 2, false, marks);
    assert_true(marks[0] && marks[1] && marks[2] && marks[3]);
}

static void test_graph_spread__goes_on_from_all_that_is_marked(void **state)
{
    static const struct fst_edge edges[] = {{0, 1}, {1, 2}, {3, 4}, {4, 2}, {5, 3}};
    struct fst_graph g = {6, edges, 5};
    bool marks[6] = {[1] = true, [3] = true};

    (void)state;
    assert_int_equal(fst_graph_spread(&g, marks), 3);
    assert_true(!marks[0] && marks[1] && marks[2] && marks[3] && marks[4] && !marks[5]);
}

static void test_graph_spread__of_nothing_looks_at_nothing(void **state)
{
    static const struct fst_edge edge = {0, 1};
    struct fst_graph g = {2, &edge, 1};
    bool marks[2] = {false};

    (void)state;
    assert_int_equal(fst_graph_spread(&g, marks), 0);
    assert_true(!marks[0] && !marks[1]);
    assert_int_equal(fst_graph_spread(&(struct fst_graph){0, NULL, 0}, marks), 0);
}

/* 2^30 ways lead through 30 diamonds, more than anybody can walk. */
static void test_graph_spread__looks_at_each_edge_of_a_chain_of_diamonds_once(void **state)
{
    enum { DIAMONDS = 30 };
    struct fst_edge edges[4 * DIAMONDS];
    struct fst_graph g = {3 * DIAMONDS + 1, edges, 4 * DIAMONDS};
    bool marks[3 * DIAMONDS + 1] = {true};

    (void)state;
    for (uint32_t i = 0; i < DIAMONDS; i++) {
        uint32_t top = 3 * i;
        edges[4 * i] = (struct fst_edge){top, top + 1};
        edges[4 * i + 1] = (struct fst_edge){top, top + 2};
        edges[4 * i + 2] = (struct fst_edge){top + 1, top + 3};
        edges[4 * i + 3] = (struct fst_edge){top + 2, top + 3};
    }
    assert_int_equal(fst_graph_spread(&g, marks), 4 * DIAMONDS);
    for (uint32_t i = 0; i < g.n_nodes; i++)
        assert_true(marks[i]);
}

/* Every node stands on the ten before it, and each of them is marked: nothing is walked twice. */
static void test_graph_spread__looks_at_each_edge_of_5000_nodes_once(void **state)
{
    enum { NODES = 5000, INPUTS = 10 };
    struct fst_edge *edges = calloc((size_t)NODES * INPUTS, sizeof *edges);
    bool *marks = malloc(NODES);
    struct fst_graph g = {NODES, edges, 0};

    (void)state;
    for (uint32_t i = 0; i < NODES; i++)
        for (uint32_t k = 1; k <= INPUTS && k <= i; k++)
            edges[g.n_edges++] = (struct fst_edge){i - k, i};
    memset(marks, true, NODES);
    assert_int_equal(fst_graph_spread(&g, marks), g.n_edges);
    memset(marks, false, NODES);
    marks[0] = true;
    assert_int_equal(fst_graph_spread(&g, marks), g.n_edges);
    assert_null(memchr(marks, false, NODES));
    free(marks);
    free(edges);
}

/* ---- By brute force -------------------------------------------------------------------------- */

enum { MOST = 24, ROUNDS = 200 };

static uint64_t seed;

static uint32_t below(uint32_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed % limit);
}

/* Edges lead along an order that has nothing to do with the nodes' numbers; some are there twice.
 */
static size_t random_edges(uint32_t n, struct fst_edge *edges)
{
    uint32_t mixed[MOST];
    size_t count = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = below(i + 1);
        mixed[i] = mixed[k];
        mixed[k] = i;
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < i; k++)
            for (uint32_t times = below(6); times == 4 || times == 5; times = times == 5 ? 4 : 0)
                edges[count++] = (struct fst_edge){mixed[k], mixed[i]};
    return count;
}

static void close_over(uint32_t n, bool reaches[MOST][MOST])
{
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < n; j++)
                reaches[i][j] |= reaches[i][k] && reaches[k][j];
}

/* What is marked after spreading, taken in dependency order, is a plan of what to make again. */
static void test_graph_spread__in_order_is_what_brute_force_finds(void **state)
{
    (void)state;
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        struct fst_edge edges[MOST * MOST];
        bool reaches[MOST][MOST] = {{false}}, stale[MOST], marks[MOST];
        uint32_t order[MOST], place[MOST];
        seed = round * UINT64_C(0x9e3779b97f4a7c15);
        struct fst_graph g = {1 + below(MOST), edges, 0};
        g.n_edges = random_edges(g.n_nodes, edges);
        for (size_t e = 0; e < g.n_edges; e++)
            reaches[edges[e].from][edges[e].to] = true;
        close_over(g.n_nodes, reaches);
        for (uint32_t i = 0; i < g.n_nodes; i++)
            marks[i] = stale[i] = below(8) == 0;

        assert_true(fst_graph_spread(&g, marks) <= g.n_edges);
        assert_int_equal(fst_graph_order(&g, order, NULL, NULL, NULL, NULL), FST_OK);

        memset(place, 0xff, sizeof place);
        for (uint32_t k = 0; k < g.n_nodes; k++) {
            assert_int_equal(place[order[k]], UINT32_MAX);
            place[order[k]] = k;
        }
        for (uint32_t j = 0; j < g.n_nodes; j++) {
            bool wanted = stale[j];
            for (uint32_t i = 0; i < g.n_nodes; i++) {
                wanted |= stale[i] && reaches[i][j];
                assert_true(!reaches[i][j] || place[i] < place[j]);
            }
            assert_int_equal(marks[j], wanted);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_graph_order__comes_after_what_it_stands_on_and_ties_go_by_index),
        cmocka_unit_test(test_graph_order__names_the_nodes_of_a_cycle),
        cmocka_unit_test(test_graph_order__refuses_loops_and_edges_to_nowhere),
        cmocka_unit_test(test_graph_reach__goes_one_way_only),
        cmocka_unit_test(test_graph_spread__goes_on_from_all_that_is_marked),
        cmocka_unit_test(test_graph_spread__of_nothing_looks_at_nothing),
        cmocka_unit_test(test_graph_spread__looks_at_each_edge_of_a_chain_of_diamonds_once),
        cmocka_unit_test(test_graph_spread__looks_at_each_edge_of_5000_nodes_once),
        cmocka_unit_test(test_graph_spread__in_order_is_what_brute_force_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
