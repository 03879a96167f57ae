/* The two files of AWS's tools: ~/.aws/credentials with sections [name], ~/.aws/config with
 * sections [default], [profile name] and [sso-session name]. Keys are equal in any case; a line
 * that begins with a blank belongs to the setting above it and is passed over. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws_credentials.h"

#define MAX_FILE ((size_t)1 << 20)

const char *aws_profile_name(const char *named)
{
    const char *from_env = getenv("AWS_PROFILE");
    if (named && *named)
        return named;
    return from_env && *from_env ? from_env : "default";
}

static char *file_text(const char *variable, const char *name)
{
    const char *set = getenv(variable), *home = getenv("HOME");
    char *path = set && *set ? fst_strdup(set) : home ? fst_path_join(home, name) : NULL;
    char *text = NULL;
    size_t n;
    if (path && fst_file_read(path, MAX_FILE, &text, &n, NULL) != FST_OK)
        text = NULL;
    free(path);
    return text;
}

static struct fst_str trimmed(const char *p, size_t n)
{
    while (n && isspace((unsigned char)*p))
        p++, n--;
    while (n && isspace((unsigned char)p[n - 1]))
        n--;
    return (struct fst_str){p, n};
}

/* What stands before a name in a section's head. */
struct kind {
    bool config;      /* the file */
    const char *word; /* "" = the name stands alone */
};
static const struct kind keys_kind = {false, ""}, profile_kind = {true, "profile"},
                         session_kind = {true, "sso-session"};

/* Is "[profile x]" or "[x]" the section of `name`? */
static bool is_section(struct fst_str line, const char *name, const struct kind *kind)
{
    const char *close = memchr(line.p, ']', line.n);
    if (!close)
        return false;
    struct fst_str head = trimmed(line.p + 1, (size_t)(close - line.p - 1));
    size_t n = strlen(kind->word);
    bool alone = n == 0 || (kind == &profile_kind && strcmp(name, "default") == 0);
    if (alone && fst_str_is(head, name))
        return true;
    if (n == 0 || head.n <= n || memcmp(head.p, kind->word, n) != 0 ||
        !isspace((unsigned char)head.p[n]))
        return false;
    return fst_str_is(trimmed(head.p + n, head.n - n), name);
}

/* The value of `key` in a section; with `key` NULL "" when the section is there. */
static char *look_up(const char *text, const char *name, const char *key, const struct kind *kind)
{
    bool inside = false;
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        struct fst_str line = trimmed(text, n);
        if (line.n == 0 || *line.p == '#' || *line.p == ';')
            continue;
        if (*line.p == '[') {
            inside = is_section(line, name, kind);
            if (inside && !key)
                return fst_strdup("");
            continue;
        }
        const char *equals = memchr(line.p, '=', line.n);
        if (!inside || !key || !equals || isspace((unsigned char)*text))
            continue;
        struct fst_str its_key = trimmed(line.p, (size_t)(equals - line.p));
        struct fst_str value = trimmed(equals + 1, (size_t)(line.p + line.n - equals - 1));
        if (fst_str_is_nocase(its_key, key) && value.n)
            return fst_strndup(value.p, value.n);
    }
    return NULL;
}

static char *in_file(const struct kind *kind, const char *name, const char *key)
{
    char *text = kind->config ? file_text("AWS_CONFIG_FILE", ".aws/config")
                              : file_text("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials");
    char *found = text ? look_up(text, name, key, kind) : NULL;
    if (text)
        fst_wipe(text, strlen(text));
    free(text);
    return found;
}

char *aws_profile_value(const char *profile, const char *key)
{
    profile = aws_profile_name(profile);
    char *found = in_file(&keys_kind, profile, key);
    return found ? found : in_file(&profile_kind, profile, key);
}

bool aws_profile_exists(const char *profile)
{
    char *found = aws_profile_value(profile, NULL);
    free(found);
    return found;
}

char *aws_session_value(const char *session, const char *key)
{
    return in_file(&session_kind, session, key);
}
