/* Where YARN is, by Hadoop's configuration: name and value of properties, and nothing else of XML.
 *
 * The files are other people's: they are read up to a cap, what is no property is passed over, and
 * a value that refers to others is followed a few times only. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "yarn.h"

#define MAX_SITE ((size_t)8 << 20)
enum { MAX_VALUE = 2048, MAX_DEPTH = 8, PORT = 8088, TLS_PORT = 8090 };

/* Both files, the later one first: it holds over the other. NULL = not there. */
struct site {
    char *text[2];
    size_t n[2];
};

static void drop_comments(char *p)
{
    for (char *from; (from = strstr(p, "<!--"));) {
        char *end = strstr(from + 4, "-->");
        size_t n = end ? (size_t)(end + 3 - from) : strlen(from);
        memset(from, ' ', n);
        p = from + n;
    }
}

static void site_open(struct site *s, const char *dir)
{
    static const char *const names[] = {"yarn-site.xml", "core-site.xml"};
    *s = (struct site){.text = {NULL}};
    for (size_t i = 0; dir && i < FST_COUNT(names); i++) {
        char *path = fst_path_join(dir, names[i]);
        if (fst_file_read(path, MAX_SITE, &s->text[i], &s->n[i], NULL) != FST_OK)
            s->text[i] = NULL;
        else
            drop_comments(s->text[i]);
        free(path);
    }
}

static void site_close(struct site *s)
{
    free(s->text[0]);
    free(s->text[1]);
}

/* What stands between <tag> and </tag> in [p, end), trimmed. */
static struct fst_str element(const char *p, const char *end, const char *tag)
{
    char open[32], close[32];
    snprintf(open, sizeof open, "<%s>", tag);
    snprintf(close, sizeof close, "</%s>", tag);
    const char *from = memmem(p, (size_t)(end - p), open, strlen(open));
    from = from ? from + strlen(open) : NULL;
    const char *to = from ? memmem(from, (size_t)(end - from), close, strlen(close)) : NULL;
    if (!to)
        return (struct fst_str){NULL, 0};
    while (from < to && strchr(" \t\r\n", *from))
        from++;
    while (to > from && strchr(" \t\r\n", to[-1]))
        to--;
    return (struct fst_str){from, (size_t)(to - from)};
}

static void decode(struct fst_buf *out, struct fst_str raw)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
    for (size_t i = 0; i < raw.n;) {
        size_t k = 0;
        while (k < FST_COUNT(entities) &&
               !(raw.n - i >= strlen(entities[k].name) &&
                 memcmp(raw.p + i, entities[k].name, strlen(entities[k].name)) == 0))
            k++;
        fst_buf_addc(out, k < FST_COUNT(entities) ? entities[k].c : raw.p[i]);
        i += k < FST_COUNT(entities) ? strlen(entities[k].name) : 1;
    }
}

/* The last property of that name in a file, as it is written there. */
static bool raw_value(const char *p, const char *name, struct fst_buf *out)
{
    static const char close[] = "</property>";
    bool found = false;
    for (const char *from = strstr(p, "<property"), *end; from; from = strstr(end, "<property")) {
        end = strstr(from, close);
        if (!end)
            break;
        struct fst_str value = element(from, end, "value");
        if (fst_str_is(element(from, end, "name"), name) && value.p && value.n <= MAX_VALUE) {
            fst_buf_clear(out);
            decode(out, value);
            found = true;
        }
        end += sizeof close - 1;
    }
    return found;
}

static char *site_get(struct fst_arena *a, const struct site *s, const char *name, int depth);

/* ${name} of another property; one that nobody sets stays as it is. */
static char *expand(struct fst_arena *a, const struct site *s, const char *raw, int depth)
{
    struct fst_buf out = FST_BUF(MAX_VALUE);
    for (const char *p = raw; *p;) {
        const char *end = p[0] == '$' && p[1] == '{' ? strchr(p, '}') : NULL;
        char *value =
            end && depth < MAX_DEPTH
                ? site_get(a, s, fst_arena_strndup(a, p + 2, (size_t)(end - p - 2)), depth + 1)
                : NULL;
        if (value)
            fst_buf_adds(&out, value);
        else
            fst_buf_addc(&out, *p);
        p = value ? end + 1 : p + 1;
    }
    char *text = fst_arena_strdup(a, fst_buf_text(&out));
    fst_buf_done(&out);
    return text;
}

static char *site_get(struct fst_arena *a, const struct site *s, const char *name, int depth)
{
    struct fst_buf raw = FST_BUF(MAX_VALUE);
    bool found = false;
    for (size_t i = 0; i < FST_COUNT(s->text) && !found; i++)
        found = s->text[i] && raw_value(s->text[i], name, &raw);
    char *value = found && raw.n ? expand(a, s, fst_buf_text(&raw), depth) : NULL;
    fst_buf_done(&raw);
    return value;
}

/* ---- Resource managers ----------------------------------------------------------------------- */

static bool add_url(struct fst_arena *a, struct yarn_place *out, const char *scheme,
                    const char *address, size_t n)
{
    while (n > 0 && (*address == ' ' || *address == '\t'))
        address++, n--;
    while (n > 0 && strchr(" \t/", address[n - 1]))
        n--;
    char *text = fst_arena_strndup(a, address, n);
    bool has_scheme = strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
    for (const char *c = text; *c; c++)
        if (*c <= ' ' || strchr("\"<>\\^`{|}?#", *c))
            return false;
    if (n == 0 || out->n == YARN_MAX_MANAGERS)
        return n == 0;
    out->urls[out->n++] = has_scheme ? text : fst_arena_printf(a, "%s%s", scheme, text);
    return true;
}

static bool add_urls(struct fst_arena *a, struct yarn_place *out, const char *list)
{
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, ",");
        if (!add_url(a, out, "http://", p, n))
            return false;
        p += n + (p[n] == ',');
    }
    return out->n > 0;
}

/* One of them: `suffix` is "" or ".rm1". A host that means "all of mine" is this one. */
static bool add_manager(struct fst_arena *a, const struct site *s, const char *suffix,
                        struct yarn_place *out)
{
    char *policy = site_get(a, s, "yarn.http.policy", 0);
    bool tls = policy && strcmp(policy, "HTTPS_ONLY") == 0;
    char *host = site_get(a, s, fst_arena_printf(a, "yarn.resourcemanager.hostname%s", suffix), 0);
    char *address = site_get(
        a, s,
        fst_arena_printf(a, "yarn.resourcemanager.webapp.%saddress%s", tls ? "https." : "", suffix),
        0);
    if (address && strstr(address, "${yarn.resourcemanager.hostname}"))
        address = NULL; /* the default, written out, and nobody set the host */
    if (!address && !host)
        return false;
    if (!address)
        address = fst_arena_printf(a, "%s:%d", host, tls ? (int)TLS_PORT : (int)PORT);
    if (strncmp(address, "0.0.0.0:", 8) == 0)
        address = fst_arena_printf(a, "127.0.0.1:%s", address + 8);
    return add_url(a, out, tls ? "https://" : "http://", address, strlen(address));
}

static bool add_managers(struct fst_arena *a, const struct site *s, struct yarn_place *out)
{
    char *ha = site_get(a, s, "yarn.resourcemanager.ha.enabled", 0);
    char *ids = site_get(a, s, "yarn.resourcemanager.ha.rm-ids", 0);
    if (!ha || strcmp(ha, "true") != 0 || !ids)
        return add_manager(a, s, "", out);
    for (char *save = NULL, *id = strtok_r(ids, ", \t\r\n", &save); id;
         id = strtok_r(NULL, ", \t\r\n", &save))
        add_manager(a, s, fst_arena_printf(a, ".%s", id), out);
    return out->n > 0;
}

static const char *user_name(struct fst_arena *a)
{
    const char *named = getenv("HADOOP_USER_NAME");
    struct passwd entry, *found = NULL;
    char room[4096];
    if (named && *named)
        return fst_arena_strdup(a, named);
    if (getpwuid_r(geteuid(), &entry, room, sizeof room, &found) == 0 && found)
        return fst_arena_strdup(a, found->pw_name);
    return "firesteel";
}

enum fst_status yarn_place_find(struct fst_arena *a, const char *conf_dir,
                                const char *resource_manager, struct yarn_place *out,
                                struct fst_error *err)
{
    struct site s;
    *out = (struct yarn_place){.user = user_name(a)};
    if (resource_manager && *resource_manager)
        return add_urls(a, out, resource_manager)
                   ? FST_OK
                   : fst_fail(err, FST_EINVAL, "resource_manager \"%s\": write http://host:8088",
                              resource_manager);
    if (!conf_dir)
        return fst_fail(err, FST_EINVAL,
                        "where YARN is stands in yarn-site.xml: set hadoop_conf_dir or "
                        "$HADOOP_CONF_DIR to its folder, or resource_manager");
    site_open(&s, conf_dir);
    bool there = s.text[0] != NULL;
    bool found = add_managers(a, &s, out);
    site_close(&s);
    if (found)
        return FST_OK;
    return there ? fst_fail(err, FST_EINVAL,
                            "%s/yarn-site.xml names no resource manager "
                            "(yarn.resourcemanager.hostname): set resource_manager to "
                            "http://host:8088",
                            conf_dir)
                 : fst_fail(err, FST_ENOTFOUND, "%s has no yarn-site.xml", conf_dir);
}
