/* What every engine that runs Spark shares: its names for formats, its words for types, where Spark
 * and Java are on this host, command lines. */
#ifndef ENGINE_SPARK_H
#define ENGINE_SPARK_H

#include "firesteel/engine.h"

/* ---- Formats (spark_format.c) ---- */
struct spark_format {
    const char *name, *spark;
    const char *key, *value; /* an option that makes it mean the same there; NULL = none */
};
/* An input's format whose name at Spark differs, or NULL: it is the same. */
const struct spark_format *spark_format_named(const char *name);
/* How the work's output is written; FST_EUNSUPPORTED names formats that are not. */
enum fst_status spark_output_format(const struct fst_work *w, const struct spark_format **out,
                                    struct fst_error *err);

/* ---- This host (spark_home.c) ---- */
/* Java by java_home, $JAVA_HOME or PATH. All owned; home NULL when it was only in PATH. */
enum fst_status spark_find_java(const struct fst_doc *options, char **home, char **program,
                                struct fst_error *err);
int spark_java_version(const char *program); /* 17; 0 = it does not tell */
/* Is this Java one that this Spark runs on? */
enum fst_status spark_check_java(const char *program, const char *spark_version, int *version,
                                 struct fst_error *err);
/* Spark by spark_home, $SPARK_HOME, or Python's pyspark package; its version by its jars. Owned. */
enum fst_status spark_find_home(const struct fst_doc *options, char **home, char **version,
                                struct fst_error *err);
char *spark_jar_version(const char *home, const char *prefix); /* of jars/<prefix>2.13-V.jar */
/* The Python that Spark's workers and drivers use: option `python`, $PYSPARK_PYTHON,
 * $FIRESTEEL_PYTHON, python3. Owned, absolute; NULL when there is none. */
char *spark_find_python(const struct fst_doc *options);

/* The driver's log4j2.properties (spark_log.c) */
extern const char spark_log_config[];

/* ---- A provider's options (spark_words.c) ---- */
/* A copy in the arena: what a session keeps. NULL gives NULL. */
enum fst_status spark_copy_options(struct fst_arena *a, const struct fst_doc *doc,
                                   const struct fst_doc **out, struct fst_error *err);

/* ---- Lists of words (spark_words.c) ---- */
struct spark_words {
    struct fst_arena *a; /* owns the words and, at the end, the list */
    char **items;
    size_t n, cap;
};
void spark_add(struct spark_words *w, const char *word); /* copied; NULL adds nothing */
void spark_addf(struct spark_words *w, const char *fmt, ...) FST_PRINTF(2, 3);
void spark_add_pair(struct spark_words *w, const char *flag, const char *value); /* when not NULL */
void spark_add_conf(struct spark_words *w, const char *key, const char *value);
char **spark_words_finish(struct spark_words *w); /* NULL-ended */
/* A word as a shell reads it back. */
void spark_quote(struct fst_buf *out, const char *word);
/* Does the name of a setting say that it holds a secret? */
bool spark_is_secret_name(const char *key);

/* For doctor: a line of the report, with the remedy when not ok. */
struct spark_report {
    void (*say)(void *arg, bool ok, const char *what, const char *remedy);
    void *arg;
};
void spark_say(const struct spark_report *r, bool ok, const char *remedy, const char *fmt, ...)
    FST_PRINTF(4, 5);
void spark_doctor_host(const struct spark_report *r, const struct fst_doc *options);

#endif
