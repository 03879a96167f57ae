/* JSON as Jackson reads it, between the files of its functions: local_json.c reads, and has
 * get_json_object() and its like; local_json_value.c has to_json(), local_json_read.c from_json().
 */
#ifndef ENGINE_LOCAL_JSON_H
#define ENGINE_LOCAL_JSON_H

#include "local_nest.h"

/* A place in a text. `bad`: Jackson throws here; `odd`: it reads what we do not. */
struct json {
    const char *p, *end;
    bool bad, odd;
    bool strict;  /* from_json: no bare control characters, but words that are numbers */
    bool passing; /* only to get behind it: numbers need not be ones that we write */
    int depth;
};
struct json json_of(struct fst_str s);
/* The first sign of the value at hand, behind white space; 0 at the end. */
char json_peek(struct json *j);
bool json_take(struct json *j, char sign);
/* A string, unescaped; `text` is cleared. */
void json_string(struct json *j, struct fst_buf *text);
/* A number as it is written; *is_whole without point and exponent. */
struct fst_str json_number(struct json *j, bool *is_whole);
bool json_word(struct json *j, const char *word); /* true, false, null */
void json_skip(struct json *j);
/* The value at hand written again, as Jackson copies it. */
void json_copy(struct json *j, struct fst_buf *out);
void json_quote(struct fst_buf *out, struct fst_str s);
/* Within an array or an object, behind its opening sign: is there another? `first` begins true. */
bool json_more(struct json *j, char closing, bool *first);
/* Stops the statement for what we read otherwise; true when it did. */
bool json_stops(const struct local_call *c, const struct json *j);
/* Options of from_json() and to_json(), a line each: letters (F stop at what is malformed, N write
 * fields that are NULL), the format of days, that of instants; empty = the usual. */
struct json_options {
    bool stops, writes_null;
    struct fst_str dates, times;
};
struct json_options json_options_of(struct fst_str s);
/* Names of the fields of structs, a line each in the order of a signature: behind the first; behind
 * those of all structs within the type at `sig` (local_json_value.c). */
const char *json_name_after(const char *names);
const char *json_names_after(const char *sig, const char *names);

#endif
