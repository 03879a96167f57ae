/* A text as it may be kept: what is given to a name that is one of a secret is `***`, in options,
 * in addresses and in the keys of ciphers. Tokens are enough for it. It hides rather too much than
 * too little: what is hidden stands elsewhere, and can be typed again. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "firesteel/sql.h"

#define HIDDEN "***"

static const char *const secret_names[] = {
    "password",   "passwd",      "passphrase",  "secret",       "credential",  "apikey",
    "api_key",    "access_key",  "access.key",  "accesskey",    "private_key", "account.key",
    "auth_token", "oauth.token", "oauth_token", "access_token", "bearer",      "session_token",
};

static bool has_word(const char *p, size_t n, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= n; i++)
        if (strncasecmp(p + i, word, len) == 0)
            return true;
    return false;
}

static bool names_secret(const char *p, size_t n)
{
    for (size_t i = 0; i < FST_COUNT(secret_names); i++)
        if (has_word(p, n, secret_names[i]))
            return true;
    return false;
}

static bool is_cipher(const char *p, size_t n)
{
    return has_word(p, n, "aes_encrypt") || has_word(p, n, "aes_decrypt");
}

/* ---- Within a token: addresses --------------------------------------------------------------- */

/* Bytes of `user:password` behind `://`; 0 = there are none. */
static size_t user_length(const char *p, size_t n)
{
    size_t host = 0;
    while (host < n && !strchr("/?#'\"` \n", p[host]))
        host++;
    const char *at = n ? memchr(p, '@', host) : NULL;
    return at ? (size_t)(at - p) : 0;
}

static bool is_of_name(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("_.-", c));
}

/* Bytes of the value when `p + i` is the sign between a secret's name and it; 0 = it is not. */
static size_t value_length(const char *p, size_t n, size_t i)
{
    size_t from = i, to = i + 1;
    if (p[i] != '=')
        return 0;
    while (from > 0 && is_of_name(p[from - 1]))
        from--;
    bool is_signature = i - from >= 3 && strncasecmp(p + i - 3, "sig", 3) == 0;
    if (!is_signature && !names_secret(p + from, i - from))
        return 0;
    while (to < n && !strchr("&;'\"` \n", p[to]))
        to++;
    return to - i - 1;
}

static bool add_token(struct fst_buf *out, const char *p, size_t n)
{
    bool hidden = false;
    for (size_t i = 0; i < n; i++) {
        fst_buf_addc(out, p[i]);
        bool is_address = i >= 2 && memcmp(p + i - 2, "://", 3) == 0;
        size_t len = is_address ? user_length(p + i + 1, n - i - 1) : value_length(p, n, i);
        if (len)
            fst_buf_adds(out, HIDDEN);
        hidden |= len > 0;
        i += len;
    }
    return hidden;
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

struct masking {
    struct fst_buf *out;
    bool named;   /* a secret's name was read, its value comes */
    bool dotted;  /* the name goes on */
    bool is_set;  /* SET name = value, where values have no quotes */
    int cipher;   /* parentheses open in the call of a cipher; 0 = in none */
    bool waiting; /* for the call's own */
    bool hidden;
};

static void hide(struct masking *m, const char *p, size_t n)
{
    bool quoted = *p == '\'' || *p == '"', closed = quoted && n > 1 && p[n - 1] == *p;
    fst_buf_printf(m->out, "%.*s" HIDDEN "%.*s", quoted, p, closed, p);
    m->hidden = true;
}

static void read_sign(struct masking *m, char sign)
{
    if (m->waiting || m->cipher)
        m->cipher += (sign == '(') - (sign == ')');
    m->waiting = false;
    m->dotted = sign == '.';
    m->named &= strchr(".=>:,(", sign) != NULL;
}

static void read_name(struct masking *m, const char *p, size_t n)
{
    m->named = names_secret(p, n) || (m->named && m->dotted);
    m->dotted = false;
    m->waiting = is_cipher(p, n);
}

static bool is_value(const struct masking *m, const struct fst_token *t)
{
    if (t->kind == FST_TOK_STRING || t->kind == FST_TOK_BAD)
        return m->named || m->cipher > 0;
    return m->named && m->is_set && !m->dotted &&
           (t->kind == FST_TOK_WORD || t->kind == FST_TOK_NUMBER);
}

static void read_token(struct masking *m, const struct fst_token *t, const char *p)
{
    if (is_value(m, t)) {
        hide(m, p, t->len);
        m->named &= m->is_set;
        return;
    }
    m->hidden |= add_token(m->out, p, t->len);
    if (t->kind == FST_TOK_OPERATOR)
        read_sign(m, *p);
    else if (t->kind != FST_TOK_SPACE && t->kind != FST_TOK_COMMENT)
        read_name(m, p, t->len);
}

bool fst_sql_mask(const char *text, size_t n, struct fst_buf *out)
{
    struct fst_lexer lx = {.text = text, .n = n};
    struct masking m = {.out = out};
    size_t begin = 0;
    while (begin < n && isspace((unsigned char)text[begin]))
        begin++;
    m.is_set = n - begin > 4 && strncasecmp(text + begin, "set", 3) == 0 &&
               isspace((unsigned char)text[begin + 3]);
    for (struct fst_token t = fst_sql_next(&lx); t.kind != FST_TOK_END; t = fst_sql_next(&lx))
        read_token(&m, &t, text + t.offset);
    return m.hidden;
}
