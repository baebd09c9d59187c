/*
 * Temporary files beside the files that they will replace: made, locked, and removed when the
 * program ends before it has used them.  out.h is built on this.
 *
 * Exit handlers, and handlers for SIGINT, SIGTERM and SIGHUP, remove every temporary that is not
 * forgotten and let the signal end the program.  A signal that is ignored, or for which the
 * command has a handler of its own, is left alone.  A forked child removes only its own.  Behind a
 * door that is shut (sandbox.h) all of this is the helper's (broker.h), whom the handlers end.
 */
#ifndef BASE_TEMP_H
#define BASE_TEMP_H

#include <signal.h>
#include <stdbool.h>

/*
 * Makes ".NAME.XXXXXX.tmp" beside path (mode 0600, close-on-exec, locked by flock(2)), after
 * removing those of the same NAME that nobody holds locked.  Returns a descriptor open for reading
 * and writing with *name set, or -1 with the reason printed.  The name stays this module's until
 * temp_forget.
 *
 * The lock is the descriptor's: who closes it before the file is renamed gives the file to the
 * sweep of the next run.  So as many can exist as files can be open; the soft limit (ulimit -n) is
 * raised to the hard one where it does not suffice.
 */
int temp_create(const char *path, char **name);

/* The same in this process, with errno set in place of a message; *name is not the caller's. */
int temp_make(const char *path, char **name);

/* Removes nothing any more under this name, which is freed: the file was renamed or unlinked. */
void temp_forget(char *name);

/*
 * Holds SIGINT, SIGTERM and SIGHUP back, in this thread, for as long as files that belong together
 * take their places; pthread_sigmask(SIG_SETMASK, old, NULL) lets them through again.
 */
void temp_block(sigset_t *old);

/*
 * For a helper (broker.h) that is just forked, all signals blocked: its parent's temporaries are
 * its own from here on, and temp_block holds back SIGUSR1 too.
 */
void temp_take_over(void);

/* Whether this process made, or took over, the temporary of this name and has not forgotten it. */
bool temp_is_ours(const char *name);

/* As temp_forget, by the name as a text. */
void temp_drop(const char *name);

/* Removes all of them.  Async-signal-safe. */
void temp_remove_all(void);

/* The path of the directory that path lies in ("." if it names none); the caller frees. */
char *temp_directory(const char *path);

#endif
