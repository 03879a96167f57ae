/* Errors as the driver tells them: in Spark's words, at a place of the work's own text. */
#include <string.h>

#include "connect.h"
#include "driver_report.h"

/* As much as fits, in whole characters. */
static void copy_text(char *out, size_t cap, const char *text)
{
    size_t n = strlen(text);
    if (n >= cap)
        for (n = cap - 1; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80;)
            n--;
    memcpy(out, text, n);
    out[n] = 0;
}

/* The root cause first, then what it led to: a line each. */
void driver_tell_causes(const struct fst_doc *doc, struct fst_buf *log)
{
    const struct fst_doc *chain = fst_doc_get(doc, "chain");
    for (size_t i = 0; chain && chain->kind == FST_DOC_LIST && i < chain->n && i < 12; i++) {
        const char *text = chain->items[i].text.p;
        if (text)
            fst_buf_printf(log, "%s%.*s\n",
                           i ? "  led to: " : "root cause: ", (int)strcspn(text, "\n"), text);
    }
}

/* "org.apache.spark.SparkArithmeticException: words" -> "words" where a class is named first. */
static const char *without_class(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._$");
    bool qualified = memchr(text, '.', n) != NULL;
    return qualified && text[n] == ':' && text[n + 1] == ' ' ? text + n + 2 : text;
}

/* Spark's words: the message where it has a condition; else the innermost cause. */
static const char *words_of(const struct fst_doc *doc)
{
    const char *message = fst_doc_string(doc, "msg", "");
    const char *condition = fst_doc_string(doc, "cond", "");
    const struct fst_doc *chain = fst_doc_get(doc, "chain");
    if (*condition || !chain || chain->kind != FST_DOC_LIST || chain->n == 0 ||
        chain->items[0].kind != FST_DOC_STRING)
        return message;
    return chain->items[0].text.p;
}

/* The whole line, without the white space around it. */
static void place_by_line(struct driver_report *r, int64_t line)
{
    size_t n = r->text ? strlen(r->text) : 0;
    if (n == 0 || line < 1 || line > INT32_MAX)
        return;
    const char *p = r->text + fst_sql_offset(r->text, n, (uint32_t)line, 1);
    size_t indent = strspn(p, " \t"), end = strcspn(p, "\r\n");
    while (end > indent && (p[end - 1] == ' ' || p[end - 1] == '\t'))
        end--;
    r->problem.line = (uint32_t)line;
    r->problem.col = (uint32_t)indent + 1;
    r->problem.len = end > indent ? (uint32_t)fst_utf8_length(p + indent, end - indent) : 1;
}

static void find_place(struct driver_report *r, const struct fst_doc *doc, const char *words)
{
    const struct fst_doc *contexts = fst_doc_get(doc, "ctx");
    int64_t line = driver_int_of(doc, "line", 0);
    if (!r->text)
        return;
    if (line > 0) {
        place_by_line(r, line);
        return;
    }
    if (contexts && contexts->kind == FST_DOC_LIST && contexts->n > 0) {
        int64_t start = driver_int_of(&contexts->items[0], "start", -1);
        int64_t stop = driver_int_of(&contexts->items[0], "stop", -1);
        if (start >= 0 && stop >= start && (uint64_t)start < strlen(r->text)) {
            connect_place_of_range(r->text, (uint64_t)start, (uint64_t)stop, &r->problem);
            return;
        }
    }
    if (!connect_place_of_parser(words, r->text, &r->problem))
        connect_place_of_message(words, r->text, &r->problem);
}

static void say_error(struct driver_report *r, const char *cls)
{
    const struct fst_problem *p = &r->problem;
    bool refused = strcmp(cls, "Refused") == 0;
    bool about_text = p->sqlstate[0] == '4' && p->sqlstate[1] == '2';
    char place[48] = "";
    if (p->line)
        snprintf(place, sizeof(place), "line %u:%u: ", p->line, p->col);
    fst_fail(&r->error, refused || about_text ? FST_EINVAL : FST_EREMOTE, "%s%s%s%s", place,
             p->condition, p->condition[0] ? ": " : "", p->message[0] ? p->message : cls);
}

void driver_on_error(struct driver_report *r, const struct fst_doc *doc)
{
    if (r->error.status != FST_OK)
        return;
    const char *words = without_class(words_of(doc));
    copy_text(r->problem.condition, sizeof(r->problem.condition), fst_doc_string(doc, "cond", ""));
    copy_text(r->problem.sqlstate, sizeof(r->problem.sqlstate),
              fst_doc_string(doc, "sqlstate", ""));
    if (!r->problem.condition[0]) {
        const struct fst_grpc_result as = {.status = 0, .message = (char *)words};
        struct connect_failure f;
        connect_failure_read(&as, &f);
        copy_text(r->problem.condition, sizeof(r->problem.condition), f.condition);
        connect_failure_done(&f);
    }
    find_place(r, doc, words);
    connect_message_clean(words, r->problem.message, sizeof(r->problem.message));
    say_error(r, fst_doc_string(doc, "cls", "the driver failed"));
}
