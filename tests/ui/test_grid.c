#include "ui_test.h"

/* Rows [from, from + n): id, name (every third NULL), amount. */
static struct fst_frame *frame_of(int64_t from, size_t n)
{
    struct fst_schema *schema = fst_schema_new();
    struct fst_type id = fst_type(FST_LONG), name = fst_type(FST_STRING),
                    amount = fst_type_decimal(10, 2);
    fst_schema_add(schema, "id", &id, false);
    fst_schema_add(schema, "name", &name, true);
    fst_schema_add(schema, "amount", &amount, true);
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < n; i++) {
        char text[32];
        int len = snprintf(text, sizeof text, "name %lld", (long long)(from + (int64_t)i));
        fst_builder_int(b, 0, from + (int64_t)i);
        if (i % 3 == 2)
            fst_builder_null(b, 1);
        else
            fst_builder_bytes(b, 1, text, (size_t)len);
        fst_builder_decimal(b, 2, (from + (int64_t)i) * 100 + 5);
    }
    return fst_builder_finish(b, n);
}

struct fixture {
    struct fst_grid grid;
    struct fst_frame *frame;
    struct screen *screen;
};

static struct fixture fixture_of(size_t n, int rows, int cols)
{
    struct fixture f = {.frame = frame_of(0, n), .screen = screen_new(rows, cols)};
    fst_grid_open(&f.grid, f.frame->schema);
    fst_grid_append(&f.grid, f.frame);
    return f;
}

static void fixture_done(struct fixture *f)
{
    fst_grid_done(&f->grid);
    fst_frame_unref(f->frame);
    screen_free(f->screen);
}

static void test_ui_grid__shows_names_types_and_rows(void **state)
{
    struct fixture f = fixture_of(4, 6, 40);
    (void)state;
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_string_equal(screen_row(f.screen, 0), "     id  name           amount");
    assert_string_equal(screen_row(f.screen, 1), " bigint  string  decimal(10,2)");
    assert_string_equal(screen_row(f.screen, 3), "      1  name 1           1.05");
    assert_string_equal(screen_row(f.screen, 4), "      2  NULL             2.05");
    assert_int_equal(screen_role(f.screen, 4, 9), FST_ROLE_NULL);
    assert_int_equal(screen_role(f.screen, 3, 7 - 1), FST_ROLE_NUMBER);
    fixture_done(&f);
}

static void test_ui_grid__the_cell_under_the_cursor_stands_out(void **state)
{
    struct fixture f = fixture_of(4, 6, 40);
    (void)state;
    fst_grid_action(&f.grid, "grid.down");
    fst_grid_action(&f.grid, "grid.right");
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(screen_role(f.screen, 3, 9), FST_ROLE_SELECTED);
    assert_int_equal(screen_role(f.screen, 3, 2), FST_ROLE_CURSOR);
    assert_int_equal(screen_role(f.screen, 2, 9), FST_ROLE_TEXT);
    fixture_done(&f);
}

static void test_ui_grid__moving_extends_what_is_selected(void **state)
{
    struct fixture f = fixture_of(10, 8, 40);
    uint64_t from, n;
    (void)state;
    assert_false(fst_grid_selection(&f.grid, &from, &n));
    fst_grid_goto(&f.grid, 3);
    fst_grid_action(&f.grid, "grid.select");
    fst_grid_action(&f.grid, "grid.up");
    fst_grid_action(&f.grid, "grid.up");
    assert_true(fst_grid_selection(&f.grid, &from, &n));
    assert_int_equal(from, 1);
    assert_int_equal(n, 3);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(screen_role(f.screen, 2, 9), FST_ROLE_TEXT);
    assert_int_equal(screen_role(f.screen, 3, 9), FST_ROLE_CURSOR);
    assert_int_equal(screen_role(f.screen, 5, 9), FST_ROLE_SELECTED);
    fst_grid_action(&f.grid, "grid.select");
    assert_false(fst_grid_selection(&f.grid, &from, &n));
    fixture_done(&f);
}

static void test_ui_grid__a_block_has_columns_and_rows(void **state)
{
    struct fixture f = fixture_of(10, 8, 40);
    uint64_t from, n;
    size_t columns[3];
    (void)state;
    fst_grid_goto(&f.grid, 1);
    fst_grid_action(&f.grid, "grid.block");
    fst_grid_action(&f.grid, "grid.down");
    fst_grid_action(&f.grid, "grid.right");
    assert_true(fst_grid_selection(&f.grid, &from, &n));
    assert_int_equal(from, 1);
    assert_int_equal(n, 2);
    assert_int_equal(fst_grid_selected_columns(&f.grid, columns), 2);
    assert_int_equal(columns[1], 1);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(screen_role(f.screen, 3, 9), FST_ROLE_SELECTED);
    assert_int_equal(screen_role(f.screen, 3, 28), FST_ROLE_NUMBER);
    fst_grid_action(&f.grid, "grid.select");
    assert_int_equal(fst_grid_selected_columns(&f.grid, columns), 3);
    fixture_done(&f);
}

static void assert_marks(const struct fst_grid *g, size_t n, const struct fst_span *marks)
{
    assert_int_equal(g->n_marks, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(g->marks[i].from, marks[i].from);
        assert_int_equal(g->marks[i].n, marks[i].n);
    }
}

static void test_ui_grid__rows_that_lie_apart_are_marked(void **state)
{
    struct fixture f = fixture_of(10, 8, 40);
    (void)state;
    fst_grid_toggle_marks(&f.grid);
    fst_grid_goto(&f.grid, 3);
    fst_grid_toggle_marks(&f.grid);
    assert_int_equal(f.grid.row, 4);
    assert_int_equal(fst_grid_marked(&f.grid), 2);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_string_equal(screen_row(f.screen, 2), "*     0  name 0           0.05");
    assert_string_equal(screen_row(f.screen, 3), "      1  name 1           1.05");
    assert_int_equal(screen_role(f.screen, 2, 0), FST_ROLE_SELECTED);
    assert_int_equal(screen_role(f.screen, 2, 9), FST_ROLE_SELECTED);
    fst_grid_goto(&f.grid, 0);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(screen_role(f.screen, 2, 0), FST_ROLE_CURSOR);
    assert_string_equal(screen_row(f.screen, 2), "*     0  name 0           0.05");
    fixture_done(&f);
}

static void mark_at(struct fst_grid *g, uint64_t row)
{
    fst_grid_goto(g, row);
    fst_grid_toggle_marks(g);
}

static void test_ui_grid__marks_that_touch_become_one(void **state)
{
    struct fixture f = fixture_of(10, 8, 40);
    (void)state;
    mark_at(&f.grid, 2);
    mark_at(&f.grid, 4);
    mark_at(&f.grid, 7);
    assert_marks(&f.grid, 3, (const struct fst_span[]){{2, 1}, {4, 1}, {7, 1}});
    mark_at(&f.grid, 3);
    assert_marks(&f.grid, 2, (const struct fst_span[]){{2, 3}, {7, 1}});
    mark_at(&f.grid, 0);
    mark_at(&f.grid, 1);
    assert_marks(&f.grid, 2, (const struct fst_span[]){{0, 5}, {7, 1}});
    fixture_done(&f);
}

static void test_ui_grid__a_mark_within_others_is_taken_away(void **state)
{
    struct fixture f = fixture_of(10, 8, 40);
    (void)state;
    fst_grid_toggle_all_marks(&f.grid);
    assert_marks(&f.grid, 1, (const struct fst_span[]){{0, 10}});
    mark_at(&f.grid, 4);
    mark_at(&f.grid, 0);
    mark_at(&f.grid, 9);
    assert_marks(&f.grid, 2, (const struct fst_span[]){{1, 3}, {5, 4}});
    assert_int_equal(fst_grid_marked(&f.grid), 7);
    fst_grid_toggle_all_marks(&f.grid);
    assert_int_equal(fst_grid_marked(&f.grid), 10);
    fst_grid_toggle_all_marks(&f.grid);
    assert_int_equal(fst_grid_marked(&f.grid), 0);
    fixture_done(&f);
}

static void test_ui_grid__what_is_selected_is_marked_at_once(void **state)
{
    struct fixture f = fixture_of(10, 8, 40);
    uint64_t from, n;
    (void)state;
    mark_at(&f.grid, 5);
    fst_grid_goto(&f.grid, 3);
    fst_grid_action(&f.grid, "grid.select");
    fst_grid_goto(&f.grid, 7);
    fst_grid_toggle_marks(&f.grid);
    assert_marks(&f.grid, 1, (const struct fst_span[]){{3, 5}});
    assert_false(fst_grid_selection(&f.grid, &from, &n));
    fst_grid_goto(&f.grid, 4);
    fst_grid_action(&f.grid, "grid.select");
    fst_grid_goto(&f.grid, 5);
    fst_grid_toggle_marks(&f.grid);
    assert_marks(&f.grid, 2, (const struct fst_span[]){{3, 1}, {6, 2}});
    fst_grid_unmark(&f.grid);
    assert_int_equal(fst_grid_marked(&f.grid), 0);
    fixture_done(&f);
}

static void test_ui_grid__marks_outlive_the_rows_that_were_read(void **state)
{
    struct fixture f = fixture_of(10, 8, 40);
    (void)state;
    mark_at(&f.grid, 2);
    fst_grid_restart(&f.grid, 500);
    assert_marks(&f.grid, 1, (const struct fst_span[]){{2, 1}});
    fst_grid_restart(&f.grid, 0);
    fst_grid_append(&f.grid, f.frame);
    fst_grid_goto(&f.grid, 0);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_string_equal(screen_row(f.screen, 4), "*     2  NULL             2.05");
    fixture_done(&f);
}

static void test_ui_grid__nothing_is_marked_where_there_are_no_rows(void **state)
{
    struct fixture f = fixture_of(0, 8, 40);
    (void)state;
    fst_grid_toggle_marks(&f.grid);
    fst_grid_toggle_all_marks(&f.grid);
    assert_int_equal(fst_grid_marked(&f.grid), 0);
    fixture_done(&f);
}

static void test_ui_grid__columns_are_hidden_and_moved(void **state)
{
    struct fixture f = fixture_of(4, 6, 40);
    size_t columns[3];
    (void)state;
    fst_grid_action(&f.grid, "grid.hide");
    assert_int_equal(f.grid.col, 1);
    fst_grid_action(&f.grid, "grid.move-right");
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_string_equal(screen_row(f.screen, 0), "        amount  name");
    fst_grid_action(&f.grid, "grid.hide");
    fst_grid_action(&f.grid, "grid.hide");
    assert_int_equal(fst_grid_columns(&f.grid, columns), 1);
    fst_grid_goto_column(&f.grid, 0);
    assert_int_equal(fst_grid_columns(&f.grid, columns), 2);
    fst_grid_arrange(&f.grid, NULL, 0);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_string_equal(screen_row(f.screen, 0), "     id  name           amount");
    fixture_done(&f);
}

static void test_ui_grid__a_text_like_a_mark_is_quoted(void **state)
{
    (void)state;
    assert_true(fst_grid_reads_like_mark("NULL", 4, false));
    assert_true(fst_grid_reads_like_mark("\"NULL\"", 6, false));
    assert_true(fst_grid_reads_like_mark("\"\"", 2, true));
    assert_true(fst_grid_reads_like_mark("--", 2, true));
    assert_false(fst_grid_reads_like_mark("--", 2, false));
    assert_false(fst_grid_reads_like_mark("null", 4, false));
}

static void test_ui_grid__the_cell_is_found_across_frames(void **state)
{
    struct fixture f = fixture_of(10, 6, 40);
    struct fst_frame *more = frame_of(10, 10);
    const struct fst_column *column;
    size_t row;
    (void)state;
    fst_grid_append(&f.grid, more);
    fst_frame_unref(more);
    fst_grid_action(&f.grid, "grid.bottom");
    assert_true(fst_grid_cell(&f.grid, &column, &row));
    assert_int_equal(row, 9);
    assert_int_equal(fst_column_int(column, row), 19);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(f.grid.top, 16);
    fixture_done(&f);
}

static void test_ui_grid__asks_for_more_near_the_end(void **state)
{
    struct fixture f = fixture_of(100, 12, 40);
    uint64_t from;
    (void)state;
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(fst_grid_wants(&f.grid, &from), FST_GRID_NOTHING);
    fst_grid_action(&f.grid, "grid.bottom");
    assert_int_equal(fst_grid_wants(&f.grid, &from), FST_GRID_AFTER);
    assert_int_equal(from, 100);
    f.grid.complete = true;
    assert_int_equal(fst_grid_wants(&f.grid, &from), FST_GRID_NOTHING);
    fixture_done(&f);
}

static void append(struct fst_grid *g, int64_t from, size_t n)
{
    struct fst_frame *f = frame_of(from, n);
    fst_grid_append(g, f);
    fst_frame_unref(f);
}

static int64_t id_under_cursor(const struct fst_grid *g)
{
    size_t row;
    const struct fst_frame *f = fst_grid_frame(g, &row);
    return f ? fst_column_int(&f->columns[0], row) : -1;
}

static void test_ui_grid__the_last_row_of_all_is_fetched_anew(void **state)
{
    struct fixture f = fixture_of(100, 12, 40);
    uint64_t from;
    (void)state;
    f.grid.total_rows = 100000000;
    f.grid.can_seek = true;
    fst_grid_draw(&f.grid, &f.screen->s);
    fst_grid_action(&f.grid, "grid.bottom");
    assert_int_equal(f.grid.row, 99999999);
    assert_int_equal(fst_grid_wants(&f.grid, &from), FST_GRID_ANEW);
    assert_int_equal(from, 99999980); /* a page before what is in sight */

    fst_grid_restart(&f.grid, from);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_string_equal(screen_row(f.screen, 11), " …");
    append(&f.grid, 99999980, 20);
    f.grid.complete = true;
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(id_under_cursor(&f.grid), 99999999);
    fixture_done(&f);
}

static void test_ui_grid__rows_before_come_in_front(void **state)
{
    struct fixture f = fixture_of(0, 12, 40);
    struct fst_frame *two[] = {frame_of(700, 200), frame_of(900, 100)};
    uint64_t from;
    (void)state;
    f.grid.total_rows = 5000;
    f.grid.can_seek = true;
    fst_grid_draw(&f.grid, &f.screen->s);
    fst_grid_goto(&f.grid, 1000);
    fst_grid_restart(&f.grid, 1000);
    append(&f.grid, 1000, 100);
    fst_grid_draw(&f.grid, &f.screen->s);
    fst_grid_action(&f.grid, "grid.down");
    assert_int_equal(fst_grid_wants(&f.grid, &from), FST_GRID_BEFORE);
    assert_int_equal(from, 1000);
    fst_grid_prepend(&f.grid, two, 2);
    assert_int_equal(f.grid.first, 700);
    assert_int_equal(id_under_cursor(&f.grid), 1001);
    fst_grid_goto(&f.grid, 850);
    assert_int_equal(id_under_cursor(&f.grid), 850);
    fst_frame_unref(two[0]);
    fst_frame_unref(two[1]);
    fixture_done(&f);
}

/* Of a wide table few rows are kept: frames of ten rows, a screen over the end of one. */
static void test_ui_grid__rows_in_sight_stay_when_rows_come_in_front(void **state)
{
    enum { COLUMNS = 6000, ROWS = 10 };
    struct fst_type kind = fst_type(FST_BYTE);
    struct fst_schema *schema = fst_schema_new();
    struct fst_frame *frames[8];
    struct screen *screen = screen_new(12, 40);
    struct fst_grid g;
    uint64_t from;
    (void)state;
    for (int i = 0; i < COLUMNS; i++)
        fst_schema_add(schema, "c", &kind, true);
    for (size_t k = 0; k < FST_COUNT(frames); k++) {
        struct fst_builder *b = fst_builder_new(fst_schema_copy(schema));
        for (size_t c = 0; c < COLUMNS; c++)
            for (int i = 0; i < ROWS; i++)
                fst_builder_int(b, c, i);
        frames[k] = fst_builder_finish(b, ROWS);
    }
    fst_grid_open(&g, schema);
    g.total_rows = 1000;
    g.can_seek = true;
    fst_grid_restart(&g, 100);
    for (size_t k = 0; k < 6; k++)
        fst_grid_append(&g, frames[k]);
    g.top = g.row = 105;
    fst_grid_draw(&g, &screen->s);
    assert_int_equal(fst_grid_wants(&g, &from), FST_GRID_BEFORE);
    fst_grid_prepend(&g, frames, FST_COUNT(frames));
    assert_int_equal(g.first, 20);
    assert_true(g.first + g.n_rows >= g.top + 10);
    fst_grid_done(&g);
    for (size_t k = 0; k < FST_COUNT(frames); k++)
        fst_frame_unref(frames[k]);
    fst_schema_free(schema);
    screen_free(screen);
}

static void test_ui_grid__keeps_only_what_is_around_the_cursor(void **state)
{
    struct fixture f = fixture_of(100, 12, 40);
    (void)state;
    f.grid.total_rows = 1000000;
    f.grid.can_seek = true;
    for (int64_t at = 100; at < 200100; at += 1000) {
        fst_grid_goto(&f.grid, (uint64_t)at - 1);
        fst_grid_draw(&f.grid, &f.screen->s);
        append(&f.grid, at, 1000);
    }
    assert_true(f.grid.n_rows < 25000);
    assert_int_equal(f.grid.first + f.grid.n_rows, 200100);
    assert_int_equal(id_under_cursor(&f.grid), 199099);
    fixture_done(&f);
}

/* Rows with the column "name" only. */
static struct fst_frame *names_of(size_t n)
{
    struct fst_schema *schema = fst_schema_new();
    struct fst_type name = fst_type(FST_STRING);
    fst_schema_add(schema, "name", &name, true);
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < n; i++)
        fst_builder_bytes(b, 0, "some", 4);
    return fst_builder_finish(b, n);
}

static void test_ui_grid__columns_that_are_not_there_yet_are_left_open(void **state)
{
    struct fixture f = fixture_of(20, 6, 40);
    struct fst_frame *names = names_of(20), *rows = frame_of(500, 20);
    const size_t name = 1;
    size_t columns[8], row;
    (void)state;
    f.grid.total_rows = 5000;
    f.grid.can_seek = true;
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(fst_grid_in_sight(&f.grid, 0, columns, 8), 3);
    assert_int_equal(columns[2], 2);

    fst_grid_restart_part(&f.grid, 500, &name, 1);
    fst_grid_append(&f.grid, names);
    fst_grid_goto(&f.grid, 501);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_string_equal(screen_row(f.screen, 5), "      …  some                 …");
    assert_null(fst_grid_frame(&f.grid, &row));
    const struct fst_column *column; /* of the part that is there, cells are */
    assert_false(fst_grid_cell(&f.grid, &column, &row));
    fst_grid_action(&f.grid, "grid.right");
    assert_true(fst_grid_cell(&f.grid, &column, &row));
    assert_int_equal(row, 1);
    assert_int_equal(column->type.kind, FST_STRING);

    fst_grid_restart(&f.grid, 500);
    fst_grid_append(&f.grid, rows);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(id_under_cursor(&f.grid), 501);
    fst_frame_unref(names);
    fst_frame_unref(rows);
    fixture_done(&f);
}

/* id | name | amount: amount is beyond the right edge. */
static void test_ui_grid__says_which_columns_it_lacks(void **state)
{
    struct fixture f = fixture_of(20, 6, 18);
    struct fst_frame *names = names_of(20);
    const size_t name = 1;
    size_t columns[8];
    (void)state;
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(fst_grid_in_sight(&f.grid, 0, columns, 8), 2);
    assert_int_equal(fst_grid_in_sight(&f.grid, 1, columns, 8), 3);
    assert_int_equal(fst_grid_in_sight(&f.grid, 9, columns, 2), 2);
    assert_false(fst_grid_lacks_columns(&f.grid)); /* all are there */
    fst_grid_restart_part(&f.grid, 0, &name, 1);
    fst_grid_append(&f.grid, names);
    assert_int_equal(fst_grid_part(&f.grid, columns), 1);
    assert_int_equal(columns[0], 1);
    assert_true(fst_grid_lacks_columns(&f.grid));
    fst_grid_action(&f.grid, "grid.right");
    fst_grid_action(&f.grid, "grid.pin");
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_true(fst_grid_lacks_columns(&f.grid)); /* also of those that are kept at the left */
    fst_grid_arrange(&f.grid, &name, 1);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_false(fst_grid_lacks_columns(&f.grid));
    fst_frame_unref(names);
    fixture_done(&f);
}

static void test_ui_grid__a_row_may_be_whole_while_others_are_not(void **state)
{
    struct fixture f = fixture_of(20, 6, 40);
    struct fst_frame *names = names_of(20), *row_7 = frame_of(7, 1);
    const size_t name = 1;
    size_t row, at;
    const struct fst_column *column;
    (void)state;
    fst_grid_restart_part(&f.grid, 0, &name, 1);
    fst_grid_append(&f.grid, names);
    fst_grid_keep_whole(&f.grid, 7, row_7);
    fst_grid_goto(&f.grid, 6);
    assert_null(fst_grid_frame(&f.grid, &row));
    assert_null(fst_grid_slice(&f.grid, &at));
    fst_grid_goto(&f.grid, 7);
    assert_ptr_equal(fst_grid_frame(&f.grid, &row), row_7);
    assert_int_equal(row, 0);
    assert_true(fst_grid_cell(&f.grid, &column, &row));
    assert_int_equal(fst_column_int(column, row), 7);
    fst_grid_restart(&f.grid, 0);
    fst_grid_append(&f.grid, f.frame);
    assert_ptr_equal(fst_grid_frame(&f.grid, &row), f.frame); /* all are whole */
    assert_int_equal(row, 7);
    fst_frame_unref(names);
    fst_frame_unref(row_7);
    fixture_done(&f);
}

static void test_ui_grid__keeps_fewer_rows_where_they_are_long(void **state)
{
    struct fixture f = fixture_of(20, 12, 40);
    (void)state;
    f.grid.total_rows = 1000000;
    f.grid.can_seek = true;
    fst_grid_draw(&f.grid, &f.screen->s);
    size_t short_rows = fst_grid_row_bytes(&f.grid);
    for (int i = 0; i < 100; i++) {
        struct fst_schema *schema = fst_schema_copy(f.frame->schema);
        struct fst_builder *b = fst_builder_new(schema);
        static char text[20000];
        memset(text, 'x', sizeof text);
        for (int k = 0; k < 20; k++) {
            fst_builder_int(b, 0, k);
            fst_builder_bytes(b, 1, text, sizeof text);
            fst_builder_decimal(b, 2, k);
        }
        struct fst_frame *long_rows = fst_builder_finish(b, 20);
        fst_grid_append(&f.grid, long_rows);
        fst_frame_unref(long_rows);
        fst_grid_goto(&f.grid, f.grid.first + f.grid.n_rows - 1);
        fst_grid_draw(&f.grid, &f.screen->s);
        assert_true(f.grid.bytes < 6 << 20);
    }
    assert_true(f.grid.first > 1000);
    assert_true(fst_grid_row_bytes(&f.grid) > 100 * short_rows);
    fixture_done(&f);
}

static void test_ui_grid__first_columns_fill_the_screen(void **state)
{
    struct fixture f = fixture_of(1, 6, 40);
    const struct fst_schema *s = f.frame->schema;
    (void)state;
    assert_int_equal(fst_grid_first_columns(s, 8), 1); /* bigint and its gap */
    assert_int_equal(fst_grid_first_columns(s, 10), 2);
    assert_int_equal(fst_grid_first_columns(s, 22), 3);
    assert_int_equal(fst_grid_first_columns(s, 400), 3);
    fixture_done(&f);
}

static void test_ui_grid__a_table_that_ends_early_has_its_end_there(void **state)
{
    struct fixture f = fixture_of(100, 12, 40);
    (void)state;
    f.grid.total_rows = 1000;
    f.grid.can_seek = true;
    f.grid.complete = true;
    fst_grid_draw(&f.grid, &f.screen->s);
    fst_grid_action(&f.grid, "grid.bottom");
    assert_int_equal(id_under_cursor(&f.grid), 99);
    fixture_done(&f);
}

static void test_ui_grid__columns_do_not_move_when_rows_come(void **state)
{
    struct fixture f = fixture_of(200, 6, 60);
    struct fst_frame *more = frame_of(123456789012, 10);
    (void)state;
    fst_grid_draw(&f.grid, &f.screen->s);
    int before = f.grid.widths[1];
    fst_grid_append(&f.grid, more);
    fst_frame_unref(more);
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(f.grid.widths[1], before);
    fixture_done(&f);
}

static void test_ui_grid__scrolls_sideways_to_the_cursor(void **state)
{
    struct fixture f = fixture_of(4, 6, 20);
    (void)state;
    fst_grid_action(&f.grid, "grid.last");
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(f.grid.left, 2);
    assert_string_equal(screen_row(f.screen, 0), "        amount");
    fst_grid_action(&f.grid, "grid.first");
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_int_equal(f.grid.left, 0);
    fixture_done(&f);
}

static void test_ui_grid__pinned_columns_stay(void **state)
{
    struct fixture f = fixture_of(4, 6, 26);
    (void)state;
    fst_grid_action(&f.grid, "grid.pin");
    fst_grid_action(&f.grid, "grid.last");
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_string_equal(screen_row(f.screen, 0), "     id         amount");
    fst_grid_action(&f.grid, "grid.first");
    fst_grid_action(&f.grid, "grid.pin");
    assert_int_equal(f.grid.n_pinned, 0);
    fixture_done(&f);
}

static void test_ui_grid__a_pinned_column_wider_than_the_screen_hides_none(void **state)
{
    struct fixture f = fixture_of(4, 6, 12);
    (void)state;
    f.grid.widths[0] = 300;
    fst_grid_action(&f.grid, "grid.pin");
    fst_grid_action(&f.grid, "grid.last");
    fst_grid_draw(&f.grid, &f.screen->s);
    assert_non_null(strstr(screen_row(f.screen, 0), "amount"));
    fixture_done(&f);
}

static void test_ui_grid__widths_follow_the_user(void **state)
{
    struct fixture f = fixture_of(4, 6, 40);
    (void)state;
    int before = f.grid.widths[0];
    fst_grid_action(&f.grid, "grid.widen");
    assert_int_equal(f.grid.widths[0], before + 4);
    for (int i = 0; i < 20; i++)
        fst_grid_action(&f.grid, "grid.narrow");
    assert_int_equal(f.grid.widths[0], 2);
    fst_grid_action(&f.grid, "grid.fit");
    assert_int_equal(f.grid.widths[0], 4);
    fixture_done(&f);
}

static void test_ui_grid__draws_on_any_size(void **state)
{
    struct fixture f = fixture_of(4, 12, 40);
    (void)state;
    for (int rows = 0; rows < 5; rows++)
        for (int cols = 0; cols < 40; cols++) {
            struct fst_surface s = fst_surface_window(&f.screen->s, 0, 0, rows, cols);
            fst_grid_action(&f.grid, cols % 2 ? "grid.last" : "grid.first");
            fst_grid_draw(&f.grid, &s);
        }
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_grid__shows_names_types_and_rows),
        cmocka_unit_test(test_ui_grid__the_cell_under_the_cursor_stands_out),
        cmocka_unit_test(test_ui_grid__moving_extends_what_is_selected),
        cmocka_unit_test(test_ui_grid__a_block_has_columns_and_rows),
        cmocka_unit_test(test_ui_grid__rows_that_lie_apart_are_marked),
        cmocka_unit_test(test_ui_grid__marks_that_touch_become_one),
        cmocka_unit_test(test_ui_grid__a_mark_within_others_is_taken_away),
        cmocka_unit_test(test_ui_grid__what_is_selected_is_marked_at_once),
        cmocka_unit_test(test_ui_grid__marks_outlive_the_rows_that_were_read),
        cmocka_unit_test(test_ui_grid__nothing_is_marked_where_there_are_no_rows),
        cmocka_unit_test(test_ui_grid__columns_are_hidden_and_moved),
        cmocka_unit_test(test_ui_grid__a_text_like_a_mark_is_quoted),
        cmocka_unit_test(test_ui_grid__the_cell_is_found_across_frames),
        cmocka_unit_test(test_ui_grid__asks_for_more_near_the_end),
        cmocka_unit_test(test_ui_grid__the_last_row_of_all_is_fetched_anew),
        cmocka_unit_test(test_ui_grid__rows_before_come_in_front),
        cmocka_unit_test(test_ui_grid__rows_in_sight_stay_when_rows_come_in_front),
        cmocka_unit_test(test_ui_grid__keeps_only_what_is_around_the_cursor),
        cmocka_unit_test(test_ui_grid__columns_that_are_not_there_yet_are_left_open),
        cmocka_unit_test(test_ui_grid__says_which_columns_it_lacks),
        cmocka_unit_test(test_ui_grid__a_row_may_be_whole_while_others_are_not),
        cmocka_unit_test(test_ui_grid__keeps_fewer_rows_where_they_are_long),
        cmocka_unit_test(test_ui_grid__first_columns_fill_the_screen),
        cmocka_unit_test(test_ui_grid__a_table_that_ends_early_has_its_end_there),
        cmocka_unit_test(test_ui_grid__columns_do_not_move_when_rows_come),
        cmocka_unit_test(test_ui_grid__scrolls_sideways_to_the_cursor),
        cmocka_unit_test(test_ui_grid__pinned_columns_stay),
        cmocka_unit_test(test_ui_grid__a_pinned_column_wider_than_the_screen_hides_none),
        cmocka_unit_test(test_ui_grid__widths_follow_the_user),
        cmocka_unit_test(test_ui_grid__draws_on_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
