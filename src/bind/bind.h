/* Inside of bind: a binding under construction. */
#ifndef FIRESTEEL_BIND_PRIVATE_H
#define FIRESTEEL_BIND_PRIVATE_H

#include "firesteel/bind.h"

struct fst_binder {
    const struct fst_bind_context *cx;
    struct fst_bound *out;
    enum fst_bind_mode mode;
    struct fst_input *inputs; /* grows; handed to out->work at the end */
    size_t n_inputs, cap_inputs, cap_reads, n_schemas, cap_schemas;
    int depth;       /* of inputs that are bound by their own SQL */
    bool wants_rows; /* even in a check, what never ran has to run first */
    struct fst_problem *problem;
    struct fst_error *err;
};

/* Bind what `name` (a source, transformation or training set) is, as table `as` in the text. */
enum fst_status fst__bind_input(struct fst_binder *b, const struct fst_ref *ref, const char *as);
/* Note what `ref` is, which must have rows, without making it an input. */
enum fst_status fst__bind_read(struct fst_binder *b, const struct fst_ref *ref);
/* A copy in the bound's arena, or NULL. */
struct fst_doc *fst__bind_doc(struct fst_binder *b, const struct fst_doc *doc);
/* Abilities of engines beyond SQL over files, and who has them. */
enum fst_bind_ability { FST_TAKES_PYTHON, FST_TAKES_PROGRAMS, FST_TAKES_TABLES };
enum fst_status fst__bind_wants(const struct fst_bind_context *cx, const struct fst_bound *out,
                                enum fst_bind_ability ability, struct fst_error *err);
/* Bind every {{reference}} of a text; returns the text as sent, owned by the bound's arena. */
enum fst_status fst__bind_references(struct fst_binder *b, const char *text, char **sent);
/* The SQL of a training set and its inputs. */
enum fst_status fst__bind_training_set(struct fst_binder *b, const struct fst_resource *r,
                                       char **sent);
/* Provider by name (NULL = the default) into out->provider, engine, options, output_base. */
enum fst_status fst__bind_provider(struct fst_binder *b, const char *name);
/* Schema of an input that is bound already, or NULL. */
const struct fst_schema *fst__bind_schema_of(const struct fst_binder *b, const char *as);
/* name.variant in the bound's arena. */
char *fst__bind_label(struct fst_binder *b, const char *name, const char *variant);

#endif
