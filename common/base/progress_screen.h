/* The terminal that a progress line stands on: standard error. */
#ifndef BASE_PROGRESS_SCREEN_H
#define BASE_PROGRESS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether the terminal takes what the processes of the group write, and does not stop us for it
 * (stty tostop).
 */
bool progress_screen_is_in_front(int32_t group);

/*
 * How many columns a line may have there, so that it does not wrap: what the terminal says, else
 * COLUMNS of the environment, else 80; less one.  0: there is no room at all.
 */
size_t progress_screen_columns(void);

#endif
