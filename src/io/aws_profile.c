/* The two files of AWS's tools: ~/.aws/credentials with sections [name], ~/.aws/config with
 * sections [default] and [profile name]. Keys are equal in any case; a line that begins with a
 * blank belongs to the setting above it and is passed over. */
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

/* Is "[profile x]" or "[x]" the section of `profile`? */
static bool is_section(struct fst_str line, const char *profile, bool config)
{
    const char *close = memchr(line.p, ']', line.n);
    if (!close)
        return false;
    struct fst_str name = trimmed(line.p + 1, (size_t)(close - line.p - 1));
    if (!config || strcmp(profile, "default") == 0)
        if (fst_str_is(name, profile))
            return true;
    if (!config || name.n < 8 || memcmp(name.p, "profile", 7) != 0 ||
        !isspace((unsigned char)name.p[7]))
        return false;
    return fst_str_is(trimmed(name.p + 8, name.n - 8), profile);
}

/* The value of `key` in a section; with `key` NULL "" when the section is there. */
static char *look_up(const char *text, const char *profile, const char *key, bool config)
{
    bool inside = false;
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        struct fst_str line = trimmed(text, n);
        if (line.n == 0 || *line.p == '#' || *line.p == ';')
            continue;
        if (*line.p == '[') {
            inside = is_section(line, profile, config);
            if (inside && !key)
                return fst_strdup("");
            continue;
        }
        const char *equals = memchr(line.p, '=', line.n);
        if (!inside || !key || !equals || isspace((unsigned char)*text))
            continue;
        struct fst_str name = trimmed(line.p, (size_t)(equals - line.p));
        struct fst_str value = trimmed(equals + 1, (size_t)(line.p + line.n - equals - 1));
        if (fst_str_is_nocase(name, key) && value.n)
            return fst_strndup(value.p, value.n);
    }
    return NULL;
}

static char *in_file(bool config, const char *profile, const char *key)
{
    char *text = config ? file_text("AWS_CONFIG_FILE", ".aws/config")
                        : file_text("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials");
    char *found = text ? look_up(text, profile, key, config) : NULL;
    if (text)
        fst_wipe(text, strlen(text));
    free(text);
    return found;
}

char *aws_profile_value(const char *profile, const char *key)
{
    profile = aws_profile_name(profile);
    char *found = in_file(false, profile, key);
    return found ? found : in_file(true, profile, key);
}

bool aws_profile_exists(const char *profile)
{
    char *found = aws_profile_value(profile, NULL);
    free(found);
    return found;
}
