/* Java and Spark on this host, for every engine that starts one. */
#ifndef ENGINE_SPARK_HOME_H
#define ENGINE_SPARK_HOME_H

#include "firesteel/base.h"

extern const char spark_java_remedy[], spark_remedy[];

/* Option java_home, else $JAVA_HOME, else java in PATH. Home is NULL in the last case. Owned. */
enum fst_status spark_java_find(const struct fst_doc *options, char **home, char **program,
                                struct fst_error *err);
/* Is it new enough for this major version of Spark? */
enum fst_status spark_java_check(const char *program, int spark, int *version,
                                 struct fst_error *err);
/* Option spark_home, else $SPARK_HOME, else Python's pyspark package; the version by its jars.
 * Owned. */
enum fst_status spark_home_find(const struct fst_doc *options, char **home, char **version,
                                struct fst_error *err);
/* The version in the name of a jar: jars/<prefix>2.13-4.3.0.jar. Owned, NULL when there is none. */
char *spark_jar_version(const char *home, const char *prefix);

#endif
