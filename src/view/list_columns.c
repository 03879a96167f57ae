/* Columns of lists: those of resources, one row each (how wide, what is in it, what it sorts by),
 * and choosing columns of any list by their names. */
#include <string.h>

#include "list_columns.h"

static enum fst_role text(struct fst_buf *out, const char *value, enum fst_role role)
{
    fst_buf_adds(out, value ? value : "");
    return role;
}

static enum fst_role name_cell(const struct fst_item *it, struct fst_buf *out)
{
    return text(out, it->name, FST_ROLE_TEXT);
}
static enum fst_role variant_cell(const struct fst_item *it, struct fst_buf *out)
{
    return text(out, it->variant, FST_ROLE_TEXT);
}
static enum fst_role type_cell(const struct fst_item *it, struct fst_buf *out)
{
    return text(out, fst_kinds[it->kind].name, FST_ROLE_TEXT);
}
static enum fst_role owner_cell(const struct fst_item *it, struct fst_buf *out)
{
    return text(out, it->owner, FST_ROLE_TEXT);
}
static enum fst_role tags_cell(const struct fst_item *it, struct fst_buf *out)
{
    return text(out, it->tags, FST_ROLE_TEXT);
}
static enum fst_role description_cell(const struct fst_item *it, struct fst_buf *out)
{
    bool is_found = it->found && *it->found;
    return text(out, is_found ? it->found : it->description,
                is_found ? FST_ROLE_TEXT : FST_ROLE_DIM);
}
static enum fst_role run_cell(const struct fst_item *it, struct fst_buf *out)
{
    return text(out, it->run_id, FST_ROLE_TEXT);
}

static enum fst_role provider_cell(const struct fst_item *it, struct fst_buf *out)
{
    bool is_own = it->provider && *it->provider;
    return text(out, is_own ? it->provider : "-", is_own ? FST_ROLE_TEXT : FST_ROLE_DIM);
}

static enum fst_role state_cell(const struct fst_item *it, struct fst_buf *out)
{
    if (!fst_kinds[it->kind].has_variants)
        return FST_ROLE_DIM;
    fst_buf_adds(out, it->state == FST_STATE_NONE ? "-" : fst_states[it->state].name);
    return wb_state_role(it->state, it->stale);
}

static enum fst_role stale_cell(const struct fst_item *it, struct fst_buf *out)
{
    return text(out, wb_is_outdated(it->state, it->stale) ? "stale" : "", FST_ROLE_STALE);
}

/* How long ago: "12s", "3h", "5d". */
static enum fst_role age(struct fst_buf *out, int64_t then_us)
{
    static const struct {
        int64_t seconds;
        char unit;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    int64_t seconds = (fst_now_us() - then_us) / 1000000;
    if (!then_us)
        return text(out, "-", FST_ROLE_DIM);
    for (size_t i = 0; i < FST_COUNT(units); i++)
        if (seconds >= units[i].seconds || i + 1 == FST_COUNT(units)) {
            fst_buf_printf(out, "%lld%c", (long long)(seconds > 0 ? seconds / units[i].seconds : 0),
                           units[i].unit);
            break;
        }
    return FST_ROLE_TEXT;
}

static enum fst_role ran_cell(const struct fst_item *it, struct fst_buf *out)
{
    return age(out, it->ran_us);
}
static enum fst_role created_cell(const struct fst_item *it, struct fst_buf *out)
{
    return age(out, it->created_us);
}

static enum fst_role variants_cell(const struct fst_item *it, struct fst_buf *out)
{
    fst_buf_printf(out, "%d", it->n_variants);
    return FST_ROLE_TEXT;
}

static int64_t state_number(const struct fst_item *it)
{
    return (int64_t)it->state;
}
static int64_t stale_number(const struct fst_item *it)
{
    return !wb_is_outdated(it->state, it->stale);
}
static int64_t ran_number(const struct fst_item *it)
{
    return -it->ran_us;
}
static int64_t created_number(const struct fst_item *it)
{
    return -it->created_us;
}
static int64_t variants_number(const struct fst_item *it)
{
    return it->n_variants;
}

const struct list_column list_columns[] = {
    {{"name", 16, 34, false}, {name_cell}, NULL, "the name"},
    {{"variant", 7, 20, false}, {variant_cell}, NULL, "the variant"},
    {{"type", 10, 14, false}, {type_cell}, NULL, "source, transformation, feature, ..."},
    {{"state", 9, 9, false}, {state_cell}, state_number, "of its newest run"},
    {{"stale", 5, 5, false}, {stale_cell}, stale_number, "older than what it stands on"},
    {{"owner", 6, 12, false}, {owner_cell}, NULL, "who owns it"},
    {{"tags", 6, 20, false}, {tags_cell}, NULL, "its tags"},
    {{"provider", 8, 14, false}, {provider_cell}, NULL, "its own provider"},
    {{"ran", 4, 5, true}, {ran_cell}, ran_number, "how long ago it ran well"},
    {{"age", 4, 5, true}, {created_cell}, created_number, "how long ago it was registered"},
    {{"variants", 8, 8, true}, {variants_cell}, variants_number, "how many the name has"},
    {{"run", 20, 20, false}, {run_cell}, NULL, "its newest run"},
    {{"description", 10, 0, false}, {description_cell}, NULL, "what it is"},
    {.help = NULL},
};

/* ---- By name --------------------------------------------------------------------------------- */

const struct list_column *list_column_named(const struct list_column *of, const char *name,
                                            size_t n)
{
    for (; of->shape.name; of++)
        if (strlen(of->shape.name) == n && memcmp(of->shape.name, name, n) == 0)
            return of;
    return NULL;
}

size_t list_columns_named(const struct list_column *of, const char *names,
                          const struct list_column **out, struct fst_list_column *shapes)
{
    size_t n = 0, len;
    for (const char *p = names + strspn(names, ", "); *p && n < MOST_LIST_COLUMNS;
         p += len, p += strspn(p, ", ")) {
        len = strcspn(p, ", ");
        const struct list_column *c = list_column_named(of, p, len);
        if (!c)
            continue;
        shapes[n] = c->shape;
        out[n++] = c;
    }
    return n;
}

void list_columns_complete(struct wb *wb, const struct list_column *of)
{
    const char *names[MOST_LIST_COLUMNS], *helps[MOST_LIST_COLUMNS];
    size_t n = 0;
    for (; of->shape.name && n < FST_COUNT(names); of++, n++) {
        names[n] = of->shape.name;
        helps[n] = of->help ? of->help : "";
    }
    wb_prompt_names(wb, names, helps, n);
}
