/* The line that stages share (progress_line.h). */
#include "base/progress_line.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/deadly.h"
#include "base/diag.h"
#include "base/owndir.h"
#include "base/prog.h"
#include "base/progress.h"
#include "base/progress_screen.h"

enum {
	STAGES_MAX = 32,	/* at one terminal; one more does not show */
	NAME_SIZE = 80,
	/* The lock is held while a line is written; then one message may tear the line. */
	BUSY_MS = 100,
	/* Who had to be given up once is most likely stopped, and must not slow every message. */
	GIVEN_UP_MS = 1000
};

struct slot {
	struct progress_stage stage;
	int32_t group;
	int32_t pid;
	uint32_t flags;
};

enum { SLOT_USED = 1, SLOT_QUIET = 2 };

struct head {
	int64_t drawn_ms;
	int32_t group;		/* whose line it is */
	uint32_t shown;		/* a line stands on the terminal */
};

/*
 * Read by processes of one build on one machine, so it is written as it lies in memory; the name of
 * the file has the size, so that another version's is another file.
 */
struct file {
	struct head head;
	struct slot slots[STAGES_MAX];
};

static const char wipe[] = PROGRESS_WIPE;

/* Far beyond what can be counted; a rate of it is a number too. */
static const uint64_t count_max = 1000ULL * 1000 * 1000 * 1000 * 1000;

static struct {
	int fd;			/* -1: not open */
	volatile pid_t owner;	/* forked children are not the stage */
	int32_t group;
	int slot;		/* -1: none */
	atomic_llong given_up;	/* clock_mono_ms of when enter waited in vain */
	bool quiet;		/* somebody in the group was, so the line stays away */
	struct progress_pipe in, out;
} line = { .fd = -1, .slot = -1, .given_up = -GIVEN_UP_MS };

static pthread_mutex_t one_thread = PTHREAD_MUTEX_INITIALIZER;

static bool
is_ours(void)
{
	return line.fd != -1 && line.owner == getpid();
}

static off_t
offset_of(int slot)
{
	return (off_t)(offsetof(struct file, slots) + (size_t)slot * sizeof(struct slot));
}

/* Sets or gives up a lock on len bytes at offset.  Returns whether that was done, at once. */
static bool
lock(short type, off_t offset, off_t len)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = offset, .l_len = len };

	return fcntl(line.fd, F_SETLK, &l) == 0;
}

/* Whether another process has that slot; *by: which one. */
static bool
is_taken(int slot, pid_t *by)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = offset_of(slot),
		.l_len = sizeof(struct slot) };

	if (fcntl(line.fd, F_GETLK, &l) != 0 || l.l_type == F_UNLCK)
		return false;
	*by = l.l_pid;
	return true;
}

/* Makes this thread the one that writes to the terminal, if it is so within wait_ms. */
static bool
enter(int wait_ms)
{
	bool mine = false;

	if (wait_ms > 0 && clock_mono_ms() - line.given_up < GIVEN_UP_MS)
		wait_ms = 0;
	for (int ms = 0;; ms++) {
		mine = mine || pthread_mutex_trylock(&one_thread) == 0;
		if (mine && lock(F_WRLCK, 0, sizeof(struct head)))
			return true;
		if (ms >= wait_ms)
			break;
		clock_sleep_ms(1);
	}
	if (mine)
		pthread_mutex_unlock(&one_thread);
	if (wait_ms > 0)
		line.given_up = clock_mono_ms();
	return false;
}

static void
leave(void)
{
	(void)lock(F_UNLCK, 0, sizeof(struct head));
	pthread_mutex_unlock(&one_thread);
}

/* Whether all of it could be read; of a new file all is zero. */
static bool
read_file(struct file *f)
{
	memset(f, 0, sizeof *f);
	return pread(line.fd, f, sizeof *f, 0) >= 0;
}

static void
note(const struct head *head)
{
	if (pwrite(line.fd, head, sizeof *head, 0) < 0)
		return;		/* a line may be torn then */
}

/*
 * Takes the line away that stands there, if one does.  Better behind enter; but one who was put
 * aside while he holds the lock has noted his line, or will draw it behind the message.
 */
static void
clear(void)
{
	struct head head = { .shown = 0 };

	if (pread(line.fd, &head, sizeof head, 0) < 0 || head.shown == 0)
		return;
	diag_put(wipe, sizeof wipe - 1);
	head.shown = 0;
	note(&head);
}

static bool
before_message(void)
{
	bool entered;

	if (!is_ours()) {
		/* A helper's: it does not know what stands there. */
		diag_put(wipe, sizeof wipe - 1);
		return false;
	}
	entered = enter(BUSY_MS);
	clear();
	return entered;
}

static struct progress_pipe
pipe_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISFIFO(st.st_mode))
		return (struct progress_pipe){ 0, 0 };
	return (struct progress_pipe){ (uint64_t)st.st_dev, (uint64_t)st.st_ino };
}

static int32_t
own_group(void)
{
	const char *text = getenv("COGNITO_PROGRESS_GROUP");
	char *end;
	long n;

	if (text != NULL && text[0] >= '1' && text[0] <= '9') {
		errno = 0;
		n = strtol(text, &end, 10);
		if (*end == '\0' && errno == 0 && n <= INT32_MAX)
			return (int32_t)n;
	}
	return (int32_t)getpgrp();
}

static int
open_file(const struct stat *terminal)
{
	char name[NAME_SIZE], directory[NAME_SIZE];
	int fd;

	snprintf(name, sizeof name, "progress-%zx-%llx-%llx-%llx", sizeof(struct file),
	    (unsigned long long)terminal->st_dev, (unsigned long long)terminal->st_ino,
	    (unsigned long long)terminal->st_rdev);
	fd = owndir_file(owndir_enter(owndir_open("XDG_RUNTIME_DIR"), "cognito-filters", O_NOFOLLOW),
	    name);
	if (fd != -1)
		return fd;
	snprintf(directory, sizeof directory, "cognito-filters-%lu", (unsigned long)geteuid());
	return owndir_file(owndir_enter(open("/dev/shm", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    directory, O_NOFOLLOW), name);
}

/* A free slot, if there is one. */
static void
take_slot(void)
{
	for (int i = 0; i < STAGES_MAX && line.slot == -1; i++)
		if (lock(F_WRLCK, offset_of(i), sizeof(struct slot)))
			line.slot = i;
}

static void
put_slot(const struct slot *s)
{
	if (pwrite(line.fd, s, sizeof *s, offset_of(line.slot)) < 0)
		return;		/* the others show what they know */
}

/* Whether who says this has the slot: a killed one's words stand there until they change. */
static bool
is_live(const struct slot *s, int slot)
{
	pid_t by;

	return slot == line.slot || (is_taken(slot, &by) && s->pid == by);
}

/* Puts the stages of the group into stages, this one's included.  Returns how many. */
static size_t
gather(struct file *f, struct progress_stage stages[STAGES_MAX], int64_t now_ms)
{
	size_t count = 0;

	for (int i = 0; i < STAGES_MAX; i++) {
		struct slot *s = &f->slots[i];

		if ((s->flags & SLOT_USED) == 0 || s->group != line.group || !is_live(s, i))
			continue;
		/* No stage of ours wrote that. */
		if (s->stage.started_ms < 0 || s->stage.count > count_max)
			continue;
		/* It has begun since we looked at the clock. */
		if (s->stage.started_ms > now_ms)
			s->stage.started_ms = now_ms;
		line.quiet |= (s->flags & SLOT_QUIET) != 0;
		s->stage.name[sizeof s->stage.name - 1] = '\0';
		s->stage.unit[sizeof s->stage.unit - 1] = '\0';
		stages[count++] = s->stage;
	}
	return count;
}

static void
draw(struct progress_stage *stages, size_t count, int64_t now_ms)
{
	char out[sizeof wipe - 1 + PROGRESS_TEXT_SIZE];
	struct head head = { .drawn_ms = 0 };
	size_t len;

	if (!enter(0))
		return;
	if (pread(line.fd, &head, sizeof head, 0) >= 0 &&
	    (head.drawn_ms < 0 || head.drawn_ms > now_ms ||
	    now_ms - head.drawn_ms >= PROGRESS_EVERY_MS)) {
		progress_text_sort(stages, count);
		memcpy(out, wipe, sizeof wipe - 1);
		len = progress_text(out + sizeof wipe - 1, stages, count, now_ms,
		    progress_screen_columns());
		/* First, so that it is known of a line whose drawer is killed behind it. */
		head = (struct head){ .drawn_ms = now_ms, .group = line.group, .shown = 1 };
		note(&head);
		diag_put(out, sizeof wipe - 1 + len);
	}
	leave();
}

void
progress_line_tell(struct progress_stage *s, bool quiet)
{
	struct progress_stage stages[STAGES_MAX];
	int64_t now = clock_mono_ms(), started = now;
	struct slot own = { .group = line.group, .pid = line.owner };
	struct file f;
	size_t count;

	if (!is_ours())
		return;
	take_slot();
	if (line.slot == -1)
		return;
	snprintf(s->name, sizeof s->name, "%s", prog_name());
	s->in = line.in;
	s->out = line.out;
	own.stage = *s;
	own.flags = SLOT_USED | (quiet ? SLOT_QUIET : 0);
	put_slot(&own);
	if (!read_file(&f))
		return;
	count = gather(&f, stages, now);
	for (size_t i = 0; i < count; i++)
		if (stages[i].started_ms < started)
			started = stages[i].started_ms;
	if (count > 0 && !line.quiet && now - started >= PROGRESS_FIRST_MS &&
	    progress_screen_is_in_front(line.group))
		draw(stages, count, now);
}

void
progress_line_leave(void)
{
	struct progress_stage stages[STAGES_MAX];
	const struct slot none = { .flags = 0 };
	int slot = line.slot;
	struct file f;
	bool entered;

	if (!is_ours() || slot == -1)
		return;
	entered = enter(BUSY_MS);
	put_slot(&none);
	line.slot = -1;
	(void)lock(F_UNLCK, offset_of(slot), sizeof(struct slot));
	if (read_file(&f) && f.head.shown != 0 && f.head.group == line.group &&
	    gather(&f, stages, clock_mono_ms()) == 0)
		clear();
	if (entered)
		leave();
}

/*
 * Async-signal-safe but for the mutex, which is only tried: whoever of this program holds it does
 * not go on.
 */
static void
leave_for_good(void)
{
	progress_line_leave();
	if (is_ours())
		line.owner = 0;
}

bool
progress_line_open(void)
{
	struct stat st;
	struct file f;
	pid_t by;
	int live = 0;

	if (line.fd != -1)
		return true;
	if (fstat(STDERR_FILENO, &st) != 0 || !S_ISCHR(st.st_mode))
		return false;
	line.fd = open_file(&st);
	if (line.fd == -1)
		return false;
	line.owner = getpid();
	line.group = own_group();
	line.in = pipe_of(STDIN_FILENO);
	line.out = pipe_of(STDOUT_FILENO);
	if (atexit(progress_line_leave) != 0) {
		close(line.fd);
		line.fd = -1;
		return false;
	}
	deadly_add(leave_for_good);
	diag_set_around(before_message, leave);
	/* What a killed run left stands above the prompt now. */
	if (read_file(&f) && f.head.shown != 0 && enter(BUSY_MS)) {
		for (int i = 0; i < STAGES_MAX; i++)
			live += is_taken(i, &by);
		f.head.shown = 0;
		if (live == 0)
			note(&f.head);
		leave();
	}
	return true;
}

bool
progress_line_pause(void)
{
	if (!is_ours() || !enter(BUSY_MS))
		return false;
	clear();
	return true;
}

void
progress_line_resume(void)
{
	leave();
}
