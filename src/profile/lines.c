/* The line of a text that a stage's main operator comes from: where its keys, or the name of what
 * it reads, are written on one line and on no other. Else 0: no line is better than a wrong one. */
#include <ctype.h>
#include <string.h>

#include "findings.h"

#define MAX_TEXT_LINES 100000

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Is the word in the line, whole, whatever its case? */
static bool has_word(struct fst_str line, const char *word, size_t n)
{
    for (size_t i = 0; n && i + n <= line.n; i++)
        if (strncasecmp(line.p + i, word, n) == 0 && (i == 0 || !is_word(line.p[i - 1])) &&
            (i + n == line.n || !is_word(line.p[i + n])))
            return true;
    return false;
}

static bool has_any(struct fst_str line, const char *words)
{
    for (; *words; words += strspn(words, " ")) {
        size_t n = strcspn(words, " ");
        if (has_word(line, words, n))
            return true;
        words += n;
    }
    return false;
}

static bool has_all(struct fst_str line, const char *words)
{
    for (; *words; words += strspn(words, " ")) {
        size_t n = strcspn(words, " ");
        if (!has_word(line, words, n))
            return false;
        words += n;
    }
    return true;
}

static const struct {
    const char *node, *clause;
    bool any; /* one of the words is enough */
} kinds[] = {
    {"Join", "join on using", false},
    {"Aggregate", "group by distinct", false},
    {"Window", "over partition", false},
    {"Generate", "explode lateral", false},
    {"Scan", "from join", true},
    {"Sort", "order sort cluster by", false},
    {"Exchange", "join on using group by partition distribute", false},
};

/* The only line that fits, or 0. `clause` NULL: the words alone. */
static uint32_t only_line(const char *sql, const char *clause, const char *words, bool any)
{
    uint32_t found = 0, number = 1;
    for (const char *p = sql; number < MAX_TEXT_LINES; number++) {
        struct fst_str line = {p, strcspn(p, "\n")};
        bool fits = any ? has_any(line, words) : has_all(line, words);
        if (fits && (!clause || has_any(line, clause))) {
            if (found)
                return 0;
            found = number;
        }
        if (!p[line.n])
            break;
        p += line.n + 1;
    }
    return found;
}

uint32_t line_of(const struct fst_stage *s, const char *sql)
{
    if (!sql || !s->node || !s->words || !*s->words)
        return 0;
    for (size_t i = 0; i < FST_COUNT(kinds); i++) {
        if (!strstr(s->node, kinds[i].node))
            continue;
        uint32_t line = only_line(sql, kinds[i].clause, s->words, kinds[i].any);
        return line || kinds[i].any ? line : only_line(sql, NULL, s->words, false);
    }
    return 0;
}
