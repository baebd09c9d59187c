/* The terminal of a progress line (progress_screen.h). */
#include "base/progress_screen.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { COLUMNS_DEFAULT = 80, COLUMNS_MAX = 10000 };

bool
progress_screen_is_in_front(int32_t group)
{
	pid_t front = tcgetpgrp(STDERR_FILENO);
	struct termios modes;

	/* Not our controlling terminal: nobody can be in the background. */
	if (front == -1 || front == getpgrp())
		return true;
	return front == group && tcgetattr(STDERR_FILENO, &modes) == 0 &&
	    (modes.c_lflag & TOSTOP) == 0;
}

size_t
progress_screen_columns(void)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	long n = 0;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0)
		n = size.ws_col;
	if (n == 0 && text != NULL)
		n = strtol(text, NULL, 10);
	if (n <= 0 || n > COLUMNS_MAX)
		n = COLUMNS_DEFAULT;
	return (size_t)n - 1;	/* in the last one terminals differ */
}
