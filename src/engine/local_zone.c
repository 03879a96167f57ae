/* Time zones from the host's tz database (TZif files): instants to wall clocks and back, as Java
 * does: a wall clock that does not exist moves forward, one that exists twice is the earlier. */
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

#define ZONE_DIR "/usr/share/zoneinfo"
#define ZONE_MAX_BYTES ((size_t)1 << 20)
#define US INT64_C(1000000)

/* A rule of the footer: Mm.w.d at a time of day. */
struct rule {
    int month, week, day, seconds;
};

struct local_zone {
    int64_t *at;      /* seconds since 1970 */
    int32_t *offsets; /* n + 1: offsets[i] holds before at[i] */
    size_t n;
    bool has_rules;
    int standard, daylight; /* seconds east, after the last transition */
    struct rule starts, ends;
};

/* ---- The file -------------------------------------------------------------------------------- */

static int64_t be(const unsigned char *p, int bytes)
{
    uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

struct header {
    size_t isut, isstd, leap, times, types, chars;
};

static bool read_header(const unsigned char *p, size_t n, struct header *h)
{
    if (n < 44 || memcmp(p, "TZif", 4) != 0)
        return false;
    uint32_t v[6];
    for (int i = 0; i < 6; i++)
        v[i] = (uint32_t)be(p + 20 + i * 4, 4);
    *h = (struct header){v[0], v[1], v[2], v[3], v[4], v[5]};
    return h->times < 100000 && h->types < 1000 && h->types > 0 && h->chars < 10000 &&
           h->leap < 1000 && h->isut < 1000 && h->isstd < 1000;
}

static size_t body_size(const struct header *h, size_t wide)
{
    return h->times * (wide + 1) + h->types * 6 + h->chars + h->leap * (wide + 4) + h->isstd +
           h->isut;
}

/* ---- The footer: EST5EDT,M3.2.0,M11.1.0 ------------------------------------------------------ */

static const char *skip_name(const char *p)
{
    if (*p == '<') {
        p = strchr(p, '>');
        return p ? p + 1 : NULL;
    }
    const char *start = p;
    while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
        p++;
    return p - start >= 3 ? p : NULL;
}

static const char *read_hours(const char *p, int *seconds)
{
    int sign = *p == '-' ? -1 : 1;
    p += *p == '-' || *p == '+';
    int parts[3] = {0}, n = 0;
    while (n < 3 && *p >= '0' && *p <= '9') {
        while (*p >= '0' && *p <= '9' && parts[n] < 1000)
            parts[n] = parts[n] * 10 + (*p++ - '0');
        n++;
        if (*p != ':')
            break;
        p++;
    }
    *seconds = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
    return n ? p : NULL;
}

static const char *read_rule(const char *p, struct rule *r)
{
    int used = 0;
    if (!p || sscanf(p, ",M%d.%d.%d%n", &r->month, &r->week, &r->day, &used) != 3)
        return NULL;
    r->seconds = 7200;
    p += used;
    return *p == '/' ? read_hours(p + 1, &r->seconds) : p;
}

/* False when the footer has a form that is not done here. */
static bool read_footer(struct local_zone *z, const char *p)
{
    int west;
    p = skip_name(p);
    p = p ? read_hours(p, &west) : NULL;
    if (!p)
        return false;
    z->standard = -west;
    if (*p == '\n')
        return true;
    p = skip_name(p);
    z->daylight = z->standard + 3600;
    if (p && *p != ',') {
        p = read_hours(p, &west);
        z->daylight = -west;
    }
    p = read_rule(p, &z->starts);
    p = read_rule(p, &z->ends);
    z->has_rules = p && *p == '\n';
    return z->has_rules;
}

static bool read_zone(struct local_zone *z, const unsigned char *p, size_t n)
{
    struct header h;
    if (!read_header(p, n, &h) || p[4] < '2')
        return false;
    size_t skip = 44 + body_size(&h, 4);
    if (skip > n || !read_header(p + skip, n - skip, &h))
        return false;
    p += skip + 44;
    n -= skip + 44;
    size_t size = body_size(&h, 8);
    if (h.leap || size + 2 > n || p[size] != '\n')
        return false;
    const unsigned char *index = p + h.times * 8, *types = index + h.times;
    z->n = h.times;
    z->at = fst_alloc((h.times + 1) * sizeof *z->at);
    z->offsets = fst_alloc((h.times + 1) * sizeof *z->offsets);
    z->offsets[0] = (int32_t)be(types, 4);
    for (size_t i = 0; i < h.times; i++) {
        if (index[i] >= h.types)
            return false;
        z->at[i] = be(p + i * 8, 8);
        z->offsets[i + 1] = (int32_t)be(types + index[i] * 6, 4);
    }
    return read_footer(z, (const char *)p + size + 1);
}

static bool good_name(const char *name)
{
    if (!*name || *name == '/' || strstr(name, "..") || strlen(name) > 64)
        return false;
    for (const char *p = name; *p; p++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-", *p))
            return false;
    return true;
}

enum fst_status local_zone_open(const char *name, struct local_zone **out, struct fst_error *err)
{
    static const char *const utc[] = {"UTC", "Etc/UTC", "GMT", "Z", "Etc/GMT"};
    *out = NULL;
    for (size_t i = 0; i < FST_COUNT(utc); i++)
        if (!name || strcmp(name, utc[i]) == 0)
            return FST_OK;
    char *bytes = NULL;
    size_t n = 0;
    char path[128];
    snprintf(path, sizeof path, ZONE_DIR "/%s", name);
    if (!good_name(name) || fst_file_read(path, ZONE_MAX_BYTES, &bytes, &n, NULL) != FST_OK)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "time zone %s: not in " ZONE_DIR "; use a name like Europe/Berlin, or UTC",
                        name);
    struct local_zone *z = fst_alloc(sizeof *z);
    bool ok = read_zone(z, (const unsigned char *)bytes, n);
    free(bytes);
    if (!ok) {
        local_zone_free(z);
        return fst_fail(err, FST_EUNSUPPORTED,
                        "time zone %s: its rules have a form that is not read here", name);
    }
    *out = z;
    return FST_OK;
}

void local_zone_free(struct local_zone *z)
{
    if (!z)
        return;
    free(z->at);
    free(z->offsets);
    free(z);
}

/* ---- Instants -------------------------------------------------------------------------------- */

/* Seconds since 1970 of the wall clock at which a rule strikes in `year`. */
static int64_t strikes(const struct rule *r, int64_t year)
{
    int64_t first = fst_days_from_civil(year, r->month, 1);
    int first_weekday = (int)(((first + 4) % 7 + 7) % 7);
    int64_t day = first + (r->day - first_weekday + 7) % 7 + (r->week - 1) * 7;
    int length = local_days_in_month(year, r->month);
    while (day - first >= length)
        day -= 7;
    return day * 86400 + r->seconds;
}

static int64_t year_of(int64_t seconds)
{
    int64_t year;
    int month, day;
    fst_civil_from_days(local_floor_div(seconds, 86400), &year, &month, &day);
    return year;
}

static int rule_offset(const struct local_zone *z, int64_t seconds)
{
    if (!z->has_rules)
        return z->standard;
    int64_t year = year_of(seconds + z->standard);
    int64_t start = strikes(&z->starts, year) - z->standard;
    int64_t end = strikes(&z->ends, year) - z->daylight;
    bool in_summer =
        start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end;
    return in_summer ? z->daylight : z->standard;
}

static int offset_at(const struct local_zone *z, int64_t seconds)
{
    if (z->n == 0 || seconds >= z->at[z->n - 1])
        return rule_offset(z, seconds);
    size_t low = 0, high = z->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (z->at[mid] <= seconds)
            low = mid + 1;
        else
            high = mid;
    }
    return z->offsets[low];
}

int64_t local_zone_to_local(const struct local_zone *z, int64_t us)
{
    int64_t out = us;
    if (z && __builtin_add_overflow(us, offset_at(z, local_floor_div(us, US)) * US, &out))
        return us;
    return out;
}

/* The offsets a day before and a day after bracket any single transition; the earlier offset is the
 * answer where both or neither fit. */
int64_t local_zone_to_utc(const struct local_zone *z, int64_t us)
{
    if (!z)
        return us;
    int64_t wall = local_floor_div(us, US);
    int before = offset_at(z, wall - 86400), after = offset_at(z, wall + 86400);
    int offset = before;
    if (offset_at(z, wall - before) != before && offset_at(z, wall - after) == after)
        offset = after;
    int64_t out;
    return __builtin_sub_overflow(us, offset * US, &out) ? us : out;
}
