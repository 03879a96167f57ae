/* The picture of a lineage: the same in whatever order it was read, of what is bad, of too much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lineage.h"

enum { N = 40, E = 60 };

static uint32_t below(uint32_t *seed, uint32_t n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % n;
}

static void read_shuffled(struct lineage_picture *p, uint32_t shuffle)
{
    uint32_t seed = 5;
    struct fst_arena *a = fst_arena_new();
    struct fst_item *items = fst_alloc(N * sizeof *items);
    struct fst_catalog_edge *edges = fst_alloc(E * sizeof *edges);
    for (int i = 0; i < N; i++)
        items[i] = (struct fst_item){.id = i + 1,
                                     .kind = FST_TRANSFORMATION,
                                     .name = fst_arena_printf(a, "n%d", i * 7 % N),
                                     .variant = "v1"};
    for (int i = 0; i < E; i++) {
        uint32_t from = below(&seed, N - 1), to = from + 1 + below(&seed, N - from - 1);
        edges[i] = (struct fst_catalog_edge){.from = from + 1, .to = to + 1};
    }
    for (uint32_t i = N - 1; shuffle && i > 0; i--) {
        uint32_t k = below(&shuffle, i + 1);
        struct fst_item kept = items[i];
        items[i] = items[k];
        items[k] = kept;
    }
    for (uint32_t i = E - 1; shuffle && i > 0; i--) {
        uint32_t k = below(&shuffle, i + 1);
        struct fst_catalog_edge kept = edges[i];
        edges[i] = edges[k];
        edges[k] = kept;
    }
    *p = (struct lineage_picture){
        .around = {.nodes = {.arena = a, .items = items, .n = N}, .edges = edges, .n_edges = E}};
}

static void test_lineage__is_the_same_picture_in_whatever_order_it_was_read(void **state)
{
    struct fst_buf first = FST_BUF_TEXT;

    (void)state;
    for (uint32_t round = 0; round < 100; round++) {
        struct lineage_ask ask = {.up = true, .down = true};
        struct lineage_picture p;
        struct fst_buf text = FST_BUF_TEXT;
        read_shuffled(&p, round);
        assert_int_equal(lineage_picture_make(&p, &ask, 1, NULL), FST_OK);
        fst_layout_text(&p.layout, &p.graph, p.labels, false, round ? &text : &first);
        if (round)
            assert_string_equal(fst_buf_text(&text), fst_buf_text(&first));
        fst_buf_done(&text);
        lineage_picture_done(&p);
    }
    fst_buf_done(&first);
}

/* n nodes, each but the first standing on the one before. */
static struct lineage_picture read_chain(uint32_t n)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_item *items = fst_alloc(n * sizeof *items);
    struct fst_catalog_edge *edges = fst_alloc(n * sizeof *edges);
    for (uint32_t i = 0; i < n; i++) {
        items[i] = (struct fst_item){.id = i + 1,
                                     .kind = FST_TRANSFORMATION,
                                     .name = fst_arena_printf(a, "n%05u", i),
                                     .variant = "v1",
                                     .state = FST_STATE_READY};
        edges[i] = (struct fst_catalog_edge){.from = i + 1, .to = i + 2};
    }
    return (struct lineage_picture){.around = {.nodes = {.arena = a, .items = items, .n = n},
                                               .edges = edges,
                                               .n_edges = n - 1}};
}

static void test_lineage__of_what_is_bad_keeps_what_lies_between(void **state)
{
    struct lineage_ask ask = {.up = true, .down = true, .bad = true};
    struct lineage_picture p = read_chain(7);
    const int64_t kept[] = {1, 3, 4, 5};

    (void)state;
    p.around.nodes.items[2].state = FST_STATE_FAILED;
    p.around.nodes.items[4].stale = true;
    assert_int_equal(lineage_picture_make(&p, &ask, 1, NULL), FST_OK);
    assert_int_equal(p.graph.n_nodes, FST_COUNT(kept));
    for (size_t i = 0; i < FST_COUNT(kept); i++)
        assert_int_equal(p.nodes[i].id, kept[i]);
    assert_int_equal(p.graph.n_edges, 2); /* the centre stands apart */
    assert_false(p.none_bad);
    lineage_picture_done(&p);
}

static void test_lineage__where_nothing_is_bad_is_whole_and_says_so(void **state)
{
    struct lineage_ask ask = {.up = true, .down = true, .bad = true};
    struct lineage_picture p = read_chain(7);

    (void)state;
    assert_int_equal(lineage_picture_make(&p, &ask, 1, NULL), FST_OK);
    assert_int_equal(p.graph.n_nodes, 7);
    assert_true(p.none_bad);
    lineage_picture_done(&p);
}

static void test_lineage__of_more_nodes_than_are_drawn_is_a_list(void **state)
{
    struct lineage_ask ask = {.up = true, .down = true};
    struct lineage_picture most = read_chain(LINEAGE_MAX), more = read_chain(LINEAGE_MAX + 1);

    (void)state;
    assert_int_equal(lineage_picture_make(&most, &ask, 1, NULL), FST_OK);
    assert_int_equal(lineage_picture_make(&more, &ask, 1, NULL), FST_OK);
    assert_false(most.too_many);
    assert_true(more.too_many);
    assert_int_equal(more.layout.height, LINEAGE_MAX + 1);
    assert_int_equal(more.layout.nodes[LINEAGE_MAX].y, LINEAGE_MAX);
    assert_int_equal(more.layout.nodes[LINEAGE_MAX].x, 0);
    lineage_picture_done(&most);
    lineage_picture_done(&more);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lineage__is_the_same_picture_in_whatever_order_it_was_read),
        cmocka_unit_test(test_lineage__of_what_is_bad_keeps_what_lies_between),
        cmocka_unit_test(test_lineage__where_nothing_is_bad_is_whole_and_says_so),
        cmocka_unit_test(test_lineage__of_more_nodes_than_are_drawn_is_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
