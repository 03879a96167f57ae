/* Statements from stdin, each ended by a line `;`, answered one after the other on stdout, each
 * answer ended by a line `;`: what generate.py compares with Spark. A line `-- ordered` before a
 * statement keeps the order of the rows. An argument says of how many rows tables are to be that
 * two threads group. */
#include "local_answer.h"

static void reply(struct fst_session *s, const char *sql)
{
    static const char mark[] = "-- ordered\n";
    bool ordered = strncmp(sql, mark, sizeof mark - 1) == 0;
    char *text = answer(s, sql + (ordered ? sizeof mark - 1 : 0), ordered);
    printf("%s;\n", text);
    fflush(stdout);
    free(text);
}

int main(int argc, char **argv)
{
    struct fst_session *s;
    answer_half_rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    if (fst_engine_named("local")->open(NULL, &s, NULL) != FST_OK)
        return 1;
    char *line = NULL;
    size_t space = 0;
    struct fst_buf sql = FST_BUF_TEXT;
    while (getline(&line, &space, stdin) >= 0) {
        if (strcmp(line, ";\n") == 0) {
            reply(s, fst_buf_text(&sql));
            fst_buf_clear(&sql);
        } else {
            fst_buf_adds(&sql, line);
        }
    }
    free(line);
    fst_buf_done(&sql);
    fst_engine_named("local")->close(s);
    return 0;
}
