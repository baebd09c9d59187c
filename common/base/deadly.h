/*
 * What is to be tidied up when SIGINT, SIGTERM or SIGHUP ends the program (temporaries, the line on
 * the terminal).
 */
#ifndef BASE_DEADLY_H
#define BASE_DEADLY_H

#include <signal.h>

enum { DEADLY_MAX = 4 };

/*
 * tidy, which must be async-signal-safe, is called from now on before one of the signals ends the
 * program, behind those that were given before; a second time it is not added.  One that is
 * ignored (nohup) or that the command handles itself stays as it is.  A forked child has the
 * handlers of its parent, so tidy has to know whose it is.  At most DEADLY_MAX of them.
 */
void deadly_add(void (*tidy)(void));

/* Adds the signals to set. */
void deadly_fill(sigset_t *set);

#endif
