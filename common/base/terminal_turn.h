/*
 * Turns of programs that ask at one terminal: of a pipeline's commands, say, that all need a code.
 * Without them each takes a part of what is typed, the first to end shows what is typed for the
 * others, and the last one leaves the terminal as it found it, without echo.
 *
 * A turn is a lock on the terminal's device, which ends with the program.  A terminal of which no
 * device is to be found (in a container, or another user's) has no turns.
 */
#ifndef BASE_TERMINAL_TURN_H
#define BASE_TERMINAL_TURN_H

#include <stdbool.h>

/* The device behind /dev/tty, opened as fd: a descriptor that the caller closes, or -1. */
int terminal_turn_open(int fd);

/* Whether it is our turn now, which lasts until terminal_turn_end or close; does not wait. */
bool terminal_turn_take(int turn);

void terminal_turn_end(int turn);

#endif
