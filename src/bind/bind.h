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
    int depth; /* of inputs that are bound by their own SQL */
    struct fst_problem *problem;
    struct fst_error *err;
};

/* Bind what `name` (a source, transformation or training set) is, as table `as` in the text. */
enum fst_status fst__bind_input(struct fst_binder *b, const struct fst_ref *ref, const char *as);
/* Bind every {{reference}} of a text; returns the text as sent, owned by the bound's arena. */
enum fst_status fst__bind_references(struct fst_binder *b, const char *text, char **sent);
/* The SQL of a training set and its inputs. */
enum fst_status fst__bind_training_set(struct fst_binder *b, const struct fst_resource *r,
                                       char **sent);
/* Provider by name (NULL = the default) into out->provider, engine, options, output_base. */
enum fst_status fst__bind_provider(struct fst_binder *b, const char *name);
/* Schema of an input that is bound already, or NULL. */
const struct fst_schema *fst__bind_schema_of(const struct fst_binder *b, const char *as);
/* A deep copy; NULL gives NULL. */
struct fst_doc *fst__bind_copy(struct fst_arena *a, const struct fst_doc *doc);
/* name.variant in the bound's arena. */
char *fst__bind_label(struct fst_binder *b, const char *name, const char *variant);

#endif
