/* crash: what a program that dies of a signal leaves behind, to be found afterwards. */
#ifndef FIRESTEEL_UI_CRASH_H
#define FIRESTEEL_UI_CRASH_H

/* Where the trace goes; NULL = nowhere. Before any signal: later nothing may be allocated. */
void fst__crash_prepare(const char *path);
/* In the handler: write the signal and the places of the stack, and say on stderr where. */
void fst__crash_write(int signal_number);

#endif
