/* Paths as they are typed: as they are, or, when a name has what no terminal should get, as bash
 * quotes them: $'line\nbreak'. The last quote may be missing: more is to come. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define OPENING "$'"

static bool is_plain(const char *path)
{
    struct fst_buf shown = FST_BUF_TEXT;
    fst_text_escape(&shown, path, strlen(path));
    bool is = strcmp(fst_buf_text(&shown), path) == 0;
    fst_buf_done(&shown);
    return is && path[0] != ' ' && strncmp(path, OPENING, strlen(OPENING)) != 0;
}

/* One character, or a byte of what is none. */
static void write_cluster(struct fst_buf *out, const char *p, size_t n)
{
    struct fst_buf shown = FST_BUF(64);
    fst_text_escape(&shown, p, n);
    bool is_safe = shown.n == n && memcmp(fst_buf_text(&shown), p, n) == 0;
    if (*p == '\'' || *p == '\\')
        fst_buf_printf(out, "\\%c", *p);
    else if (is_safe)
        fst_buf_add(out, p, n);
    for (size_t i = 0; i < n && !is_safe; i++)
        fst_buf_printf(out, "\\x%02x", (unsigned char)p[i]);
    fst_buf_done(&shown);
}

char *wb_path_write(const char *path, bool quoted, bool goes_on)
{
    struct fst_buf out = FST_BUF_TEXT;
    uint32_t cp;
    if (!quoted && is_plain(path))
        return fst_strdup(path);
    fst_buf_adds(&out, OPENING);
    for (size_t n = strlen(path), used; n; path += used, n -= used) {
        used = fst_utf8_decode(path, n, &cp);
        write_cluster(&out, path, used);
    }
    fst_buf_adds(&out, goes_on ? "" : "'");
    return fst_buf_take(&out);
}

bool wb_path_is_quoted(const char *text)
{
    return strncmp(text, OPENING, strlen(OPENING)) == 0;
}

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* What stands behind a backslash; how many bytes that are. */
static size_t read_escape(const char *p, char *out)
{
    static const char letters[] = "ntre", values[] = "\n\t\r\033";
    const char *at = *p ? strchr(letters, *p) : NULL;
    int high = *p == 'x' ? hex(p[1]) : -1, low = high >= 0 ? hex(p[2]) : -1;
    bool is_byte = low >= 0 && high + low > 0; /* no path has a 0 */
    *out = is_byte ? (char)(high << 4 | low) : at ? values[at - letters] : *p;
    return is_byte ? 3 : *p ? 1 : 0;
}

char *wb_path_read(const char *text)
{
    char *path = fst_strdup(text), *to = path;
    if (!wb_path_is_quoted(text))
        return path;
    for (const char *p = text + strlen(OPENING); *p && *p != '\'';) {
        bool is_escape = *p == '\\';
        size_t n = is_escape ? 1 + read_escape(p + 1, to) : 1;
        if (!is_escape)
            *to = *p;
        p += n;
        to++;
    }
    *to = '\0';
    return path;
}
