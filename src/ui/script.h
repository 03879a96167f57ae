/* script: a key script's text as commands. */
#ifndef FIRESTEEL_UI_SCRIPT_H
#define FIRESTEEL_UI_SCRIPT_H

#include "firesteel/ui.h"

enum fst_script_verb {
    FST_SCRIPT_KEY,    /* text = key names, checked */
    FST_SCRIPT_TYPE,   /* text = what is typed */
    FST_SCRIPT_PASTE,  /* text = what is pasted, as one piece */
    FST_SCRIPT_WAIT,   /* until idle */
    FST_SCRIPT_EXPECT, /* text = what the screen is to contain, within `seconds` */
    FST_SCRIPT_REFUTE,
    FST_SCRIPT_DUMP,  /* text = name */
    FST_SCRIPT_ROLES, /* text = name */
    FST_SCRIPT_PICTURE,
    FST_SCRIPT_RESIZE,
    FST_SCRIPT_COPIED, /* text = name */
    FST_SCRIPT_CLICK,  /* a cell, from 1: cols, rows */
    FST_SCRIPT_WHEEL_UP,
    FST_SCRIPT_WHEEL_DOWN,
};
struct fst_script_command {
    enum fst_script_verb verb;
    uint32_t line;
    struct fst_str text; /* borrowed from the script's copy, NUL-ended */
    int seconds;
    int rows, cols;
};
struct fst_script {
    char *copy;
    struct fst_script_command *commands;
    size_t n, cap;
};
/* One command a line; blank lines and lines that begin with # are passed over. Errors name the
 * line. */
enum fst_status fst__script_parse(const char *text, struct fst_script *out, struct fst_error *err);
void fst__script_done(struct fst_script *s);

#endif
