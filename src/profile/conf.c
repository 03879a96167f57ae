/* Settings of Spark that findings speak of: their defaults, and whether a session may change them.
 */
#include <string.h>

#include "profile.h"

static const struct conf_row rows[] = {
    {"spark.sql.shuffle.partitions", "200", false},
    {"spark.sql.adaptive.enabled", "true", false},
    {"spark.sql.adaptive.skewJoin.enabled", "true", false},
    {"spark.sql.adaptive.coalescePartitions.enabled", "true", false},
    {"spark.sql.adaptive.advisoryPartitionSizeInBytes", "64MB", false},
    {"spark.sql.files.maxPartitionBytes", "128MB", false},
    {"spark.sql.autoBroadcastJoinThreshold", "10MB", false},
    {"spark.executor.memory", "1g", true},
    {"spark.executor.cores", NULL, true},
    {"spark.executor.instances", NULL, true},
    {"spark.driver.memory", "1g", true},
    {"spark.dynamicAllocation.enabled", "false", true},
    {"spark.shuffle.service.enabled", "false", true},
    {"spark.memory.fraction", "0.6", true},
    {"spark.speculation", "false", true},
    {"spark.task.maxFailures", "4", true},
    {"spark.master", NULL, true},
};

const struct conf_row *conf_row(const char *key)
{
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    return NULL;
}

/* Kept in the order of the table, so that the order of telling does not matter. */
void conf_set(struct fst_profile *p, const char *key, struct fst_str value)
{
    const struct conf_row *row = conf_row(key);
    size_t at = 0;
    if (!row || value.n > 256)
        return;
    if (!p->conf)
        p->conf = fst_arena_alloc(p->arena, FST_COUNT(rows) * sizeof *p->conf);
    while (at < p->n_conf && conf_row(p->conf[at].key) < row)
        at++;
    if (at == p->n_conf || conf_row(p->conf[at].key) != row) {
        memmove(&p->conf[at + 1], &p->conf[at], (p->n_conf - at) * sizeof *p->conf);
        p->n_conf++;
    }
    p->conf[at].key = row->key;
    p->conf[at].value = fst_arena_strndup(p->arena, value.p, value.n);
}

const char *conf_get(const struct fst_profile *p, const char *key)
{
    const struct conf_row *row = conf_row(key);
    for (size_t i = 0; i < p->n_conf; i++)
        if (strcmp(p->conf[i].key, key) == 0)
            return p->conf[i].value;
    return row ? row->fallback : NULL;
}
