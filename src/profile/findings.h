/* Inside of findings: what a rule sees, and how it says what it found. */
#ifndef FIRESTEEL_PROFILE_FINDINGS_H
#define FIRESTEEL_PROFILE_FINDINGS_H

#include "profile.h"

struct look {
    const struct fst_profile *p;
    const struct fst_findings_options *o;
    struct fst_arena *arena;
    int64_t now_us, wall_us;
    struct fst_finding *items;
    size_t n, cap;
    const char *rule; /* that looks now */
};
double look_at(const struct look *l, const char *threshold);
int64_t stage_took(const struct look *l, const struct fst_stage *s);
bool stage_matters(const struct look *l, const struct fst_stage *s); /* its share is large enough */
/* A new finding on a stage (NULL = the whole); share and severity are from its time. */
struct fst_finding *find(struct look *l, const struct fst_stage *s);
void find_setting(struct look *l, struct fst_finding *f, const char *key);
/* Advice to give `key` a value; left out when it has that value. */
void advise_value(struct look *l, struct fst_finding *f, const char *key, const char *value,
                  const char *why);
/* The setting that gives tasks memory here. */
const char *memory_key(const struct look *l);

/* Numbers in words, in the arena. */
const char *say_time(struct look *l, int64_t us);
const char *say_size(struct look *l, int64_t bytes);
const char *say_count(struct look *l, int64_t n);
const char *stage_label(struct look *l, const struct fst_stage *s);

struct rule {
    void (*stage)(struct look *l, const struct fst_stage *s);
    void (*whole)(struct look *l);
};
extern const struct rule rule_functions[]; /* as fst_rules */

uint32_t line_of(const struct fst_stage *s, const char *sql); /* lines.c */

#endif
