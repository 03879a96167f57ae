/* Order, cycles and reach. */
#include "firesteel/graph.h"

#include <setjmp.h>
#include <stdlib.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_graph_order__comes_after_what_it_stands_on_and_ties_go_by_index),
        cmocka_unit_test(test_graph_order__names_the_nodes_of_a_cycle),
        cmocka_unit_test(test_graph_order__refuses_loops_and_edges_to_nowhere),
        cmocka_unit_test(test_graph_reach__goes_one_way_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
