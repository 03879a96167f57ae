/* What is out of date in a whole workspace, and all that stands on it: the plan is what brute force
 * finds, in an order in which everything comes after what it stands on, each once, with its reason.
 */
#include "firesteel/app.h"
#include "firesteel/catalog.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY INT64_C(86400000000)

static char folder[64];
static struct fst_error err;

/* ---- A workspace ----------------------------------------------------------------------------- */

/* A workspace of its own in a new folder below `folder`; its catalog is in a transaction. */
struct place {
    struct fst_app *app;
    struct fst_catalog *c;
};

static void need_ok(enum fst_status status)
{
    if (status != FST_OK)
        fail_msg("%s", err.text);
}

static struct place open_place(void)
{
    static int n;
    char name[32];
    struct fst_app_options o = {0};
    struct place p;
    snprintf(name, sizeof name, "%s/w%d", folder, n++);
    need_ok(fst_mkdirs(name, 0700, &err));
    assert_int_equal(chdir(name), 0);
    need_ok(fst_app_init(".", false, "firesteel", NULL, NULL, &err));
    need_ok(fst_app_open(&o, false, &p.app, &err));
    need_ok(fst_app_take(p.app, &p.c, &err));
    need_ok(fst_catalog_begin(p.c, &err));
    return p;
}

static struct fst_impact plan_of(struct place *p)
{
    struct fst_impact plan;
    need_ok(fst_catalog_commit(p->c, &err));
    need_ok(fst_app_stale(p->app, &plan, &err));
    return plan;
}

static void close_place(struct place *p)
{
    fst_app_give(p->app, p->c);
    fst_app_close(p->app);
}

static int64_t put(struct place *p, enum fst_resource_kind kind, const char *name,
                   const char *variant, const struct fst_edge_in *edges, size_t n_edges)
{
    struct fst_resource *r = fst_resource_new(kind, name, variant);
    if (kind == FST_TRANSFORMATION)
        r->sql = fst_arena_printf(r->arena, "SELECT '%s'", variant);
    need_ok(fst_catalog_put(p->c, r, edges, n_edges, &err));
    int64_t id = r->id;
    fst_resource_free(r);
    return id;
}

static int64_t put_on(struct place *p, const char *name, const char *variant, int64_t input)
{
    const struct fst_edge_in edge = {input, "input"};
    return put(p, FST_TRANSFORMATION, name, variant, &edge, input != 0);
}

static void ran(struct place *p, int64_t id, int64_t at_us)
{
    char run[32];
    snprintf(run, sizeof run, "run-%lld", (long long)id);
    const struct fst_run_record r = {.id = run,
                                     .resource_id = id,
                                     .state = FST_STATE_READY,
                                     .attempt = 1,
                                     .created_us = at_us,
                                     .started_us = at_us,
                                     .finished_us = at_us + 5,
                                     .rows = 1};
    need_ok(fst_catalog_add_run(p->c, &r, &err));
}

static void modified(struct place *p, int64_t source, int64_t at_us)
{
    need_ok(fst_catalog_set_source_state(p->c, source, FST_STATE_READY, at_us, NULL, &err));
}

/* ---- Random graphs --------------------------------------------------------------------------- */

enum { MOST_NODES = 40, ROUNDS = 200 };
enum mark { FRESH, NEWER_INPUT, NEVER_RAN, CHANGED, MARKS_ };

struct random_graph {
    uint64_t seed;
    size_t n;
    int64_t ids[MOST_NODES];
    enum fst_resource_kind kinds[MOST_NODES];
    enum mark marks[MOST_NODES];
    bool reaches[MOST_NODES][MOST_NODES]; /* at first by one edge */
    bool is_read[MOST_NODES];
};

static size_t below(struct random_graph *g, size_t limit)
{
    g->seed ^= g->seed << 13;
    g->seed ^= g->seed >> 7;
    g->seed ^= g->seed << 17;
    return (size_t)(g->seed % limit);
}

/* Features read one that is built; what is built reads any before it, and a source of its own. */
static size_t choose_inputs(struct random_graph *g, size_t i, struct fst_edge_in *edges)
{
    size_t n = 0, wanted = g->kinds[i] == FST_FEATURE ? 1 : below(g, 4);
    for (size_t tries = 0; i && n < wanted && tries < 20; tries++) {
        size_t k = below(g, i);
        bool fits = g->kinds[k] == FST_FEATURE ? g->kinds[i] == FST_TRAINING_SET
                                               : g->kinds[k] == FST_TRANSFORMATION;
        if (!fits || g->reaches[k][i])
            continue;
        g->reaches[k][i] = g->is_read[k] = true;
        edges[n++] =
            (struct fst_edge_in){g->ids[k], g->kinds[k] == FST_FEATURE ? "feature" : "input"};
    }
    return n;
}

static void add_node(struct place *p, struct random_graph *g, size_t i)
{
    static const enum fst_resource_kind kinds[] = {FST_TRANSFORMATION, FST_TRANSFORMATION,
                                                   FST_FEATURE, FST_TRAINING_SET};
    struct fst_edge_in edges[MOST_NODES + 1];
    char name[16], source[16];
    snprintf(name, sizeof name, "n%zu", i);
    snprintf(source, sizeof source, "s%zu", i);
    g->kinds[i] = i ? kinds[below(g, FST_COUNT(kinds))] : FST_TRANSFORMATION;
    g->marks[i] = (enum mark)below(g, MARKS_ + 4); /* most are fresh */
    if (g->marks[i] >= MARKS_ || g->kinds[i] == FST_FEATURE)
        g->marks[i] = FRESH;
    if (g->kinds[i] != FST_TRANSFORMATION && g->marks[i] == CHANGED)
        g->marks[i] = NEWER_INPUT;
    int64_t at_us = (int64_t)(i + 2) * DAY;
    size_t n = choose_inputs(g, i, edges);
    if (g->kinds[i] != FST_FEATURE) {
        edges[n++] = (struct fst_edge_in){put(p, FST_SOURCE, source, "v1", NULL, 0), "input"};
        modified(p, edges[n - 1].id, g->marks[i] == NEWER_INPUT ? 1000 * DAY : DAY);
    }
    if (g->marks[i] == CHANGED)
        ran(p, put(p, g->kinds[i], name, "before", NULL, 0), at_us);
    g->ids[i] = put(p, g->kinds[i], name, "now", edges, n);
    if (g->kinds[i] != FST_FEATURE && g->marks[i] <= NEWER_INPUT)
        ran(p, g->ids[i], at_us);
}

static void fill(struct place *p, struct random_graph *g)
{
    g->n = 1 + below(g, MOST_NODES);
    for (size_t i = 0; i < g->n; i++)
        add_node(p, g, i);
    for (size_t k = 0; k < g->n; k++)
        for (size_t i = 0; i < g->n; i++)
            for (size_t j = 0; j < g->n; j++)
                g->reaches[i][j] |= g->reaches[i][k] && g->reaches[k][j];
}

static bool is_stale(const struct random_graph *g, size_t i)
{
    return g->marks[i] == NEVER_RAN ? g->is_read[i] : g->marks[i] != FRESH;
}

static bool is_wanted(const struct random_graph *g, size_t i)
{
    bool wanted = is_stale(g, i);
    for (size_t k = 0; k < g->n; k++)
        wanted |= is_stale(g, k) && g->reaches[k][i];
    return wanted && g->kinds[i] != FST_FEATURE;
}

/* Where the node is in the plan; it is there at most once. */
static size_t place_of(const struct fst_impact *plan, int64_t id)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < plan->n; i++) {
        if (plan->items[i].id != id)
            continue;
        assert_int_equal(at, SIZE_MAX);
        at = i;
    }
    return at;
}

static void check_order(const struct random_graph *g, const struct fst_impact *plan)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = 0; j < g->n; j++) {
            size_t a = place_of(plan, g->ids[i]), b = place_of(plan, g->ids[j]);
            if (g->reaches[i][j] && a != SIZE_MAX && b != SIZE_MAX)
                assert_true(a < b);
        }
}

static void check_reason(const struct random_graph *g, size_t i, const struct fst_impact_node *it)
{
    static const char *const words[MARKS_] = {"stands on ", "an input is newer: s",
                                              "never ran, and something reads it",
                                              "its definition changed since n"};
    const char *word = words[is_stale(g, i) ? g->marks[i] : FRESH];
    if (strncmp(it->why, word, strlen(word)) != 0)
        fail_msg("%s: %s, not %s", it->label, it->why, word);
    assert_int_equal(strlen(it->hash), 64);
    assert_int_equal(strlen(it->hash_ran), g->marks[i] == CHANGED ? 64 : 0);
    assert_true(it->runs);
}

static size_t check_plan(const struct random_graph *g, const struct fst_impact *plan)
{
    size_t wanted = 0;
    for (size_t i = 0; i < g->n; i++) {
        size_t at = place_of(plan, g->ids[i]);
        assert_int_equal(at != SIZE_MAX, is_wanted(g, i));
        if (at != SIZE_MAX)
            check_reason(g, i, &plan->items[at]);
        wanted += is_wanted(g, i);
    }
    assert_int_equal(plan->n, wanted);
    assert_int_equal(plan->n_runs, wanted);
    check_order(g, plan);
    return wanted;
}

static void the_plan_is_what_is_stale_and_all_that_stands_on_it(void **state)
{
    (void)state;
    size_t n_nodes = 0, n_wanted = 0;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        struct random_graph g = {.seed = round * UINT64_C(0x9e3779b97f4a7c15)};
        struct place p = open_place();
        fill(&p, &g);
        struct fst_impact plan = plan_of(&p);
        n_wanted += check_plan(&g, &plan);
        n_nodes += g.n;
        fst_impact_done(&plan);
        close_place(&p);
    }
    print_message("%zu of %zu nodes were to run\n", n_wanted, n_nodes);
    assert_true(n_wanted > n_nodes / 10 && n_wanted < n_nodes * 9 / 10);
}

/* ---- Single ones ----------------------------------------------------------------------------- */

static void where_all_is_fresh_nothing_is_planned(void **state)
{
    (void)state;
    struct place p = open_place();
    int64_t source = put(&p, FST_SOURCE, "src", "v1", NULL, 0);
    modified(&p, source, DAY);
    ran(&p, put_on(&p, "a", "v1", source), 2 * DAY);
    put_on(&p, "draft", "v1", source); /* never ran, and nothing reads it */
    struct fst_impact plan = plan_of(&p);
    assert_int_equal(plan.n, 0);
    assert_int_equal(plan.n_runs, 0);
    fst_impact_done(&plan);
    close_place(&p);
}

static void what_is_archived_is_not_planned(void **state)
{
    (void)state;
    struct place p = open_place();
    int64_t source = put(&p, FST_SOURCE, "src", "v1", NULL, 0);
    int64_t gone = put_on(&p, "gone", "v1", source);
    int64_t kept = put_on(&p, "kept", "v1", source);
    ran(&p, gone, 2 * DAY);
    ran(&p, kept, 2 * DAY);
    modified(&p, source, 3 * DAY);
    need_ok(fst_catalog_archive(p.c, gone, &err));
    struct fst_impact plan = plan_of(&p);
    assert_int_equal(plan.n, 1);
    assert_string_equal(plan.items[0].label, "kept.v1");
    assert_string_equal(plan.items[0].why, "an input is newer: src.v1");
    fst_impact_done(&plan);
    close_place(&p);
}

static void a_changed_definition_tells_both_hashes(void **state)
{
    (void)state;
    struct place p = open_place();
    int64_t v1 = put_on(&p, "t", "v1", 0);
    ran(&p, v1, DAY);
    put_on(&p, "t", "v2", 0);
    struct fst_impact plan = plan_of(&p);
    struct fst_resource *old;
    char hash[65];
    need_ok(fst_catalog_get(p.c, v1, &old, &err));
    fst_resource_hash(old, hash);
    assert_int_equal(plan.n, 1);
    assert_string_equal(plan.items[0].label, "t.v2");
    assert_string_equal(plan.items[0].why, "its definition changed since t.v1 ran");
    assert_string_equal(plan.items[0].hash_ran, hash);
    assert_string_not_equal(plan.items[0].hash, hash);
    fst_resource_free(old);
    fst_impact_done(&plan);
    close_place(&p);
}

static void another_variant_with_the_same_definition_is_no_change(void **state)
{
    (void)state;
    struct place p = open_place();
    int64_t source = put(&p, FST_SOURCE, "src", "v1", NULL, 0);
    ran(&p, put(&p, FST_TRAINING_SET, "t", "v1", NULL, 0), DAY);
    const struct fst_edge_in edge = {source, "input"};
    put(&p, FST_TRAINING_SET, "t", "v2", &edge,
        1); /* its hash is of its fields, and they are equal */
    struct fst_impact plan = plan_of(&p);
    assert_int_equal(plan.n, 0);
    fst_impact_done(&plan);
    close_place(&p);
}

/* ---- Many ------------------------------------------------------------------------------------ */

/* 2^30 ways from the first to the last. */
static void a_chain_of_diamonds_is_planned(void **state)
{
    enum { DIAMONDS = 30 };
    (void)state;
    struct place p = open_place();
    int64_t source = put(&p, FST_SOURCE, "src", "v1", NULL, 0), top = put_on(&p, "t", "v1", source);
    ran(&p, top, DAY);
    modified(&p, source, 2 * DAY);
    for (int i = 0; i < DIAMONDS; i++) {
        char a[16], b[16], t[16];
        snprintf(a, sizeof a, "a%d", i);
        snprintf(b, sizeof b, "b%d", i);
        snprintf(t, sizeof t, "t%d", i);
        const struct fst_edge_in both[] = {{put_on(&p, a, "v1", top), "input"},
                                           {put_on(&p, b, "v1", top), "input"}};
        top = put(&p, FST_TRANSFORMATION, t, "v1", both, 2);
    }
    struct fst_impact plan = plan_of(&p);
    assert_int_equal(plan.n, 3 * DIAMONDS + 1);
    assert_string_equal(plan.items[0].label, "t.v1");
    assert_int_equal(plan.items[plan.n - 1].id, top);
    fst_impact_done(&plan);
    close_place(&p);
}

/* All of 5,000 read one node, so that what is told of it is as long as they are many. */
static void five_thousand_readers_are_planned(void **state)
{
    enum { READERS = 5000 };
    (void)state;
    struct place p = open_place();
    int64_t source = put(&p, FST_SOURCE, "src", "v1", NULL, 0),
            hub = put_on(&p, "hub", "v1", source);
    ran(&p, hub, DAY);
    modified(&p, source, 2 * DAY);
    for (int i = 0; i < READERS; i++) {
        char name[16];
        const struct fst_edge_in edge = {hub, "feature"};
        snprintf(name, sizeof name, "r%04d", i);
        put(&p, FST_TRAINING_SET, name, "v1", &edge, 1);
    }
    struct fst_impact plan = plan_of(&p);
    struct fst_labels labels;
    fst_impact_labels(&plan, &labels);
    assert_int_equal(plan.n, READERS + 1);
    assert_int_equal(labels.n, READERS + 1);
    assert_string_equal(labels.labels[0], "hub.v1");
    assert_int_equal(strlen(plan.items[0].readers), READERS * strlen("r0000.v1, ") - 2);
    assert_string_equal(plan.items[READERS].why, "stands on hub.v1");
    fst_labels_free(&labels);
    fst_impact_done(&plan);
    close_place(&p);
}

/* ---- All of them ----------------------------------------------------------------------------- */

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/firesteel-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    unsetenv("FIRESTEEL_CATALOG");
    setenv("HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    setenv("XDG_STATE_HOME", folder, 1);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 && fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plan_is_what_is_stale_and_all_that_stands_on_it),
        cmocka_unit_test(where_all_is_fresh_nothing_is_planned),
        cmocka_unit_test(what_is_archived_is_not_planned),
        cmocka_unit_test(a_changed_definition_tells_both_hashes),
        cmocka_unit_test(another_variant_with_the_same_definition_is_no_change),
        cmocka_unit_test(a_chain_of_diamonds_is_planned),
        cmocka_unit_test(five_thousand_readers_are_planned),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
