/* Questions to the person at the controlling terminal, and short secrets from descriptors. */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include <stddef.h>

enum { TERMINAL_WHY_SIZE = 120 };

/*
 * Shows prompt on /dev/tty (made printable as messages are) and reads one line from there without
 * echo into answer, without its line end.  Standard input and output are not touched: records may
 * flow through them.
 *
 * Returns 0; or -1 with why set: no controlling terminal, end of file, a line of size bytes or
 * more, another program in the foreground where being stopped until it is our turn would not do
 * (terminal.c), a signal whose handler returned.  SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGTSTP find
 * the terminal's echo restored and then have their usual effect; after SIGCONT the question goes on
 * without echo.
 */
int terminal_ask(const char *prompt, char *answer, size_t size, char why[TERMINAL_WHY_SIZE]);

/*
 * Opens the terminal now, if there is one, for questions that may have to be asked behind the door
 * (sandbox.h); it is not closed any more.
 */
void terminal_prepare(void);

/*
 * Reads the first line from the open descriptor fd, byte by byte so that nothing behind it is
 * taken, into answer, without its line end; the end of file ends it too.  Returns 0; or -1 with
 * why set: cannot be read, empty, a line of size bytes or more.
 */
int terminal_read_fd(int fd, char *answer, size_t size, char why[TERMINAL_WHY_SIZE]);

#endif
