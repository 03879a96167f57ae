/* What can be known before anything runs: which Java, packages and memory fit a Spark. */
#ifndef ENGINE_DOCTOR_H
#define ENGINE_DOCTOR_H

#include "firesteel/engine.h"

typedef void (*doctor_say_fn)(void *arg, bool ok, const char *what, const char *remedy);

/* ---- Pure (doctor_fits.c) ---- */

/* The Spark that something is to fit. Texts are borrowed; NULL = not known. */
struct doctor_spark {
    const char *version; /* "4.3.0" */
    const char *scala;   /* "2.13" */
    const char *hadoop;  /* "3.5.0" */
};
/* Does that Java run that Spark? Oldest and newest that do; a Spark that we do not know fits. */
bool doctor_java_fits(const char *spark_version, int java, int *oldest, int *newest);
/* Does the Maven coordinate (group:artifact:version) fit? If not: what, and the coordinate to take
 * instead. */
bool doctor_package_fits(const struct doctor_spark *spark, const char *coordinate,
                         struct fst_buf *what, struct fst_buf *remedy);
/* Java's notation of memory (1g, 512m, 1048576k; a bare number is MiB): bytes, 0 = no such text. */
uint64_t doctor_memory_bytes(const char *text);

/* ---- This host (doctor_host.c) ---- */

/* Who listens on the port of this host: "pid 17 (java)"; false when that cannot be seen. */
bool doctor_port_owner(int port, struct fst_buf *who, bool *is_spark_connect);
/* The Spark in that folder, by the names of its jars; texts are the arena's. Nothing is run. */
struct doctor_spark doctor_read_spark(struct fst_arena *a, const char *home);
/* Bytes that programs can still take; 0 = not known. */
uint64_t doctor_memory_free(void);

/* ---- Lines (doctor.c) ---- */

/* Every package in `packages` and in the conf's spark.jars.packages. */
void doctor_tell_packages(const struct doctor_spark *spark, const struct fst_doc *options,
                          doctor_say_fn say, void *arg);
void doctor_tell_memory(const char *driver_memory, doctor_say_fn say, void *arg);
void doctor_tell_java(const char *spark_version, int java, doctor_say_fn say, void *arg);
/* Driver and workers must have one minor version; says only what is wrong. NULL = of PATH. */
void doctor_tell_workers(const char *driver, const char *worker, doctor_say_fn say, void *arg);
void doctor_tell_port(int port, doctor_say_fn say, void *arg);

#endif
