/* Timestamps of parts, and clocks of other time zones. */
#include <stdlib.h>
#include <string.h>

#include "local_time.h"

static bool is_time(const int64_t *v)
{
    return v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= local_days_in_month(v[0], (int)v[1]) &&
           v[3] >= 0 && v[3] < 24 && v[4] >= 0 && v[4] < 60;
}

/* (year, month, day, hour, minute, decimal seconds); 60 seconds are the next minute */
static void make_timestamp(const struct local_call *c, sqlite3_value **args)
{
    int64_t v[5];
    __int128 us = local_decimal(args[5]);
    for (int i = 0; i < 5; i++)
        v[i] = sqlite3_value_int64(args[i]);
    if (us < 0 || us > 60 * LOCAL_SECOND_US || v[0] < 1 || v[0] > 9999) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "make_timestamp with this year or these seconds is not something the local "
                    "engine does.");
        return;
    }
    if (!is_time(v)) {
        local_raise(c, "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION", "22023",
                    "Invalid date or time: %lld-%lld-%lld %lld:%lld.", (long long)v[0],
                    (long long)v[1], (long long)v[2], (long long)v[3], (long long)v[4]);
        return;
    }
    int64_t days = fst_days_from_civil(v[0], (int)v[1], (int)v[2]);
    int64_t wall = days * LOCAL_DAY_US + (v[3] * 60 + v[4]) * 60 * LOCAL_SECOND_US + (int64_t)us;
    local_give_us(c, local_instant(c, wall, c->row->mode != 0));
}

static void free_zone(void *z)
{
    local_zone_free(z);
}

bool local_zone_of(struct fst_str name, struct local_zone **out)
{
    char *text = fst_strndup(name.p, name.n);
    bool known = strlen(text) == name.n && (strchr(text, '/') || strcmp(text, "UTC") == 0) &&
                 local_zone_open(text, out, NULL) == FST_OK;
    free(text);
    return known;
}

/* (timestamp, zone) */
static void zone_shift(const struct local_call *c, sqlite3_value **args)
{
    int64_t us = sqlite3_value_int64(args[0]);
    struct local_zone *z = sqlite3_get_auxdata(c->ctx, 1);
    bool fresh = !z;
    struct fst_str name = local_text(args[1]);
    if (fresh && !local_zone_of(name, &z)) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "the time zone '%.*s' is not one that the local engine does.",
                    name.n > 64 ? 64 : (int)name.n, name.p);
        return;
    }
    if (z && us < 0) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "clocks of other time zones before 1970 are not something the local engine "
                    "does.");
        if (fresh)
            local_zone_free(z);
        return;
    }
    local_give_us(c, c->row->mode ? local_zone_to_utc(z, us) : local_zone_to_local(z, us));
    if (fresh && z)
        sqlite3_set_auxdata(c->ctx, 1, z, free_zone);
}

const struct local_function local_zone_functions[] = {
    {"make_timestamp_of", 6, true, make_timestamp, 0},
    {"make_ntz_of", 6, true, make_timestamp, 1},
    {"from_utc_of", 2, true, zone_shift, 0},
    {"to_utc_of", 2, true, zone_shift, 1},
    {0},
};
