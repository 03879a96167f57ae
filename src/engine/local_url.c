/* parse_url() as java.net.URI takes a URL apart, and mask(). URLs with anything that is not plain
 * stop the statement. */
#include <string.h>

#include "local_chars.h"

struct url {
    struct fst_str scheme, authority, user, host, path, query, fragment;
    bool has_scheme, has_authority, has_user, has_query, has_fragment;
};

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static bool is_hex(char ch)
{
    return is_digit(ch) || (ch >= 'a' && ch <= 'f') || (ch >= 'A' && ch <= 'F');
}

/* Letters, digits, escapes and the signs of RFC 2396, besides `more`. */
static bool is_plain(struct fst_str s, const char *more)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == '%' && i + 2 < s.n && is_hex(s.p[i + 1]) && is_hex(s.p[i + 2]))
            i += 2;
        else if (!ch || (!is_letter(ch) && !is_digit(ch) && !strchr("_-!.~'()*,;:$&+=@", ch) &&
                         !strchr(more, ch)))
            return false;
    }
    return true;
}

/* Labels of letters, digits and hyphens, the last one beginning with a letter. */
static bool is_host(struct fst_str s)
{
    size_t label = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] != '.') {
            if (!is_letter(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-')
                return false;
            continue;
        }
        if (i == label || s.p[label] == '-' || s.p[i - 1] == '-')
            return false;
        if (i == s.n)
            return is_letter(s.p[label]);
        label = i + 1;
    }
    return false;
}

/* Four numbers up to 255. */
static bool is_address(struct fst_str s)
{
    int numbers = 0, value = 0, digits = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && is_digit(s.p[i]) && digits < 3) {
            value = value * 10 + (s.p[i] - '0');
            digits++;
        } else if ((i == s.n || s.p[i] == '.') && digits && value <= 255) {
            numbers++;
            value = digits = 0;
        } else {
            return false;
        }
    }
    return numbers == 4;
}

static struct fst_str cut(struct fst_str *rest, size_t n, size_t skip)
{
    struct fst_str head = {rest->p, n};
    rest->p += n + skip;
    rest->n -= n + skip;
    return head;
}

static size_t find(struct fst_str s, const char *any)
{
    size_t i = 0;
    while (i < s.n && (!s.p[i] || !strchr(any, s.p[i])))
        i++;
    return i;
}

static bool split_authority(struct url *u)
{
    struct fst_str rest = u->authority;
    size_t at = find(rest, "@");
    if (at < rest.n) {
        u->has_user = true;
        u->user = cut(&rest, at, 1);
    }
    size_t colon = find(rest, ":");
    u->host = (struct fst_str){rest.p, colon};
    for (size_t i = colon + 1; i < rest.n; i++)
        if (!is_digit(rest.p[i]) || i > colon + 5)
            return false;
    return rest.n != colon + 1 && is_plain(u->user, "") && find(u->user, "@") == u->user.n &&
           (is_host(u->host) || is_address(u->host));
}

static bool split_url(struct fst_str s, struct url *u)
{
    *u = (struct url){0};
    size_t hash = find(s, "#"), colon = find(s, ":/?#");
    if (hash < s.n) {
        u->has_fragment = true;
        u->fragment = (struct fst_str){s.p + hash + 1, s.n - hash - 1};
        s.n = hash;
    }
    if (colon < s.n && s.p[colon] == ':') {
        u->has_scheme = true;
        u->scheme = cut(&s, colon, 1);
        bool fine = u->scheme.n && is_letter(u->scheme.p[0]) && s.n && s.p[0] == '/';
        for (size_t i = 0; i < u->scheme.n; i++)
            fine &= is_letter(u->scheme.p[i]) || is_digit(u->scheme.p[i]);
        if (!fine)
            return false;
    }
    if (s.n >= 2 && s.p[0] == '/' && s.p[1] == '/') {
        cut(&s, 0, 2);
        u->has_authority = true;
        u->authority = cut(&s, find(s, "/?"), 0);
        if (!split_authority(u))
            return false;
    }
    u->path = cut(&s, find(s, "?"), 0);
    if (s.n) {
        u->has_query = true;
        u->query = (struct fst_str){s.p + 1, s.n - 1};
    }
    return is_plain(u->path, "/") && is_plain(u->query, "?/[]") && is_plain(u->fragment, "?/[]");
}

/* The value of the first key=value of the query. */
static void give_key(const struct local_call *c, const struct url *u, struct fst_str key)
{
    struct fst_str rest = u->query;
    while (rest.n) {
        size_t n = find(rest, "&");
        if (n > key.n && rest.p[key.n] == '=' && memcmp(rest.p, key.p, key.n) == 0) {
            local_give_text(c, rest.p + key.n + 1, n - key.n - 1);
            return;
        }
        cut(&rest, n, n < rest.n);
    }
}

static void give_part(const struct local_call *c, const struct url *u, struct fst_str part)
{
    const struct {
        const char *name;
        bool there;
        struct fst_str value;
    } parts[] = {
        {"HOST", u->has_authority, u->host},    {"PATH", true, u->path},
        {"QUERY", u->has_query, u->query},      {"REF", u->has_fragment, u->fragment},
        {"PROTOCOL", u->has_scheme, u->scheme}, {"AUTHORITY", u->has_authority, u->authority},
        {"USERINFO", u->has_user, u->user},
    };
    for (size_t i = 0; i < FST_COUNT(parts); i++)
        if (parts[i].there && fst_str_is(part, parts[i].name))
            local_give_text(c, parts[i].value.p ? parts[i].value.p : "", parts[i].value.n);
    if (fst_str_is(part, "FILE")) {
        struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
        fst_buf_add(&out, u->path.p, u->path.n);
        if (u->has_query)
            fst_buf_addc(&out, '?');
        fst_buf_add(&out, u->query.p, u->query.n);
        local_give_buf(c, &out);
    }
}

static void refuse_url(const struct local_call *c, const char *what)
{
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000", "%s is not something the local engine does.",
                what);
}

/* (url, part[, key]) */
static void parse_url(const struct local_call *c, sqlite3_value **args)
{
    struct url u;
    struct fst_str key = c->n_args > 2 ? local_text(args[2]) : fst_str("");
    if (!split_url(local_text(args[0]), &u)) {
        refuse_url(c, "parse_url of so odd a URL");
        return;
    }
    if (c->n_args == 2) {
        give_part(c, &u, local_text(args[1]));
        return;
    }
    for (size_t i = 0; i < key.n; i++)
        if (!is_letter(key.p[i]) && !is_digit(key.p[i]) && key.p[i] != '_' && key.p[i] != '-') {
            refuse_url(c, "parse_url with a key that is no plain word");
            return;
        }
    if (fst_str_is(local_text(args[1]), "QUERY"))
        give_key(c, &u, key);
}

/* ---- mask ------------------------------------------------------------------------------------ */

/* (text, for upper case, lower case, digits, others); NULL keeps them */
static void mask(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    if (sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    for (size_t at = 0, next; at < s.n; at = next) {
        next = local_next_char(s, at);
        char ch = s.p[at];
        if ((unsigned char)ch >= 0x80 && (unsigned char)ch < 0xF0) {
            fst_buf_done(&out);
            refuse_url(c, "mask of letters beyond ASCII");
            return;
        }
        sqlite3_value *with = args[ch >= 'A' && ch <= 'Z'   ? 1
                                   : ch >= 'a' && ch <= 'z' ? 2
                                   : is_digit(ch)           ? 3
                                                            : 4];
        if (sqlite3_value_type(with) == SQLITE_NULL) {
            fst_buf_add(&out, s.p + at, next - at);
        } else {
            struct fst_str sign = local_text(with);
            fst_buf_add(&out, sign.p, sign.n);
        }
    }
    local_give_buf(c, &out);
}

const struct local_function local_url_functions[] = {
    {"parse_url_of", -1, true, parse_url, 0},
    {"mask_of", 5, false, mask, 0},
    {0},
};
