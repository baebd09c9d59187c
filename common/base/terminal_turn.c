/* Turns at a terminal (terminal_turn.h). */
#include "base/terminal_turn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { PTS_MAJOR = 136, TTY_MAJOR = 4, PATH_SIZE = 32 };

int
terminal_turn_open(int fd)
{
	char path[PATH_SIZE];
	unsigned device = 0;
	struct stat st;
	int turn;

	/* fstat would give /dev/tty, which is one device for all. */
	if (ioctl(fd, TIOCGDEV, &device) != 0 ||
	    (major(device) != PTS_MAJOR && major(device) != TTY_MAJOR))
		return -1;
	snprintf(path, sizeof path, major(device) == PTS_MAJOR ? "/dev/pts/%u" : "/dev/tty%u",
	    minor(device));
	turn = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	/* In a container the name may be that of another one. */
	if (turn != -1 && (fstat(turn, &st) != 0 || st.st_rdev != device)) {
		close(turn);
		return -1;
	}
	return turn;
}

bool
terminal_turn_take(int turn)
{
	return turn == -1 || flock(turn, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

void
terminal_turn_end(int turn)
{
	if (turn != -1)
		(void)flock(turn, LOCK_UN);
}
