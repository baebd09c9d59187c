/* The file of a shared bucket: where it lies, whose it is, what counts as its content. */
#include "net/pace_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

enum { START = 1000 * 1000, NAME_MAX_SIZE = 200 };

static char home[] = "/tmp/cognito-filters-unit.XXXXXX";
static char why[PACE_FILE_WHY_SIZE];

/* home and what is below it. */
static const char *
below(const char *name)
{
	static char text[NAME_MAX_SIZE];

	snprintf(text, sizeof text, "%s/%s", home, name);
	return text;
}

/* Whether a file of this name can be had; it is closed again. */
static bool
opens(const char *name)
{
	struct pace_file f;

	if (pace_file_open(&f, name, why) != 0)
		return false;
	pace_file_close(&f);
	return f.fd == -1;
}

static bool
exists(const char *name)
{
	return access(below(name), F_OK) == 0;
}

static mode_t
mode(const char *name)
{
	struct stat st;

	return stat(below(name), &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
places(void)
{
	setenv("HOME", home, 1);
	ok(opens("a") && exists(".cache/cognito-filters/a"), "below ~/.cache, which is made");
	ok(mode(".cache") == 0700 && mode(".cache/cognito-filters") == 0700 &&
	    mode(".cache/cognito-filters/a") == 0600, "all of it its owner's only");
	(void)mkdir(below("x"), 0755);
	(void)mkdir(below("run"), 0700);
	setenv("XDG_RUNTIME_DIR", below("run"), 1);
	setenv("XDG_CACHE_HOME", below("x"), 1);
	ok(opens("b") && exists("x/cognito-filters/b"), "$XDG_CACHE_HOME");
	setenv("XDG_CACHE_HOME", "x", 1);
	ok(opens("c") && exists(".cache/cognito-filters/c"), "which counts if it is absolute");
	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", "/nowhere", 1);
	ok(opens("d") && exists("run/cognito-filters/d"), "without a home: $XDG_RUNTIME_DIR");
	unsetenv("HOME");
	unsetenv("XDG_RUNTIME_DIR");
	ok(!opens("e"), "neither");
	is(why, "the cache directory: No such file or directory", "and says so");
}

static void
refused(void)
{
	setenv("HOME", home, 1);
	ok(symlink("a", below(".cache/cognito-filters/link")) == 0 && !opens("link"),
	    "a file that is a symbolic link");
	ok(mkdir(below(".cache/cognito-filters/directory"), 0700) == 0 && !opens("directory"),
	    "a directory");
	ok(mkfifo(below(".cache/cognito-filters/fifo"), 0600) == 0 && !opens("fifo"), "a FIFO");
	ok(chmod(below(".cache/cognito-filters/a"), 0622) == 0 && !opens("a"),
	    "a file that others may write to");
	ok(chmod(below(".cache/cognito-filters"), 0777) == 0 && !opens("f"),
	    "a directory in which others may");
	ok(chmod(below(".cache/cognito-filters"), 0700) == 0 && opens("f"), "else it would do");
	ok(chmod(home, 01777) == 0 && !opens("f"), "a home like /tmp");
	ok(chmod(home, 0700) == 0 && opens("f"), "else it would do");
	ok(mkdir(below("far"), 0700) == 0 && mkdir(below("y"), 0700) == 0 &&
	    symlink("../far", below("y/cognito-filters")) == 0, "a link to a directory");
	setenv("XDG_CACHE_HOME", below("y"), 1);
	ok(!opens("f") && !exists("far/f"), "is not followed");
	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", "/dev/null", 1);
	ok(!opens("f"), "a home that is none");
	setenv("HOME", home, 1);
	ok(truncate(below(".cache/cognito-filters/f"), 0) == 0, "emptied");
}

/* What a lock finds; it is given back with the record as it was. */
static enum pace_file_state
look(struct pace_file *f, int64_t now_ms, struct pace_record *r)
{
	enum pace_file_state state = pace_file_lock(f, now_ms, r);

	if (state == PACE_FILE_READ)
		(void)pace_file_unlock(f, r);
	return state;
}

/* Changes the byte at the offset. */
static bool
spoil(const struct pace_file *f, off_t offset)
{
	char c;

	if (pread(f->fd, &c, 1, offset) != 1)
		return false;
	c = (char)(c ^ 1);
	return pwrite(f->fd, &c, 1, offset) == 1;
}

/* Locked by the caller: fills it again with a good record. */
static bool
fill(struct pace_file *f)
{
	struct pace_record r = { .limit_ms = START };

	pace_init(&r.pace, 30, START);
	return pace_file_unlock(f, &r) == 0;
}

static void
contents(void)
{
	struct pace_file f, g;
	struct pace_record r;
	off_t size;
	bool all = true;

	ok(pace_file_open(&f, "f", why) == 0 && pace_file_open(&g, "f", why) == 0, "opened twice");
	ok(pace_file_lock(&f, START, &r) == PACE_FILE_EMPTY, "a new file is empty");
	ok(pace_file_lock(&g, START, &r) == PACE_FILE_BUSY, "and locked for others");
	ok(fill(&f) && look(&g, START + 5, &r) == PACE_FILE_READ && r.limit_ms == START &&
	    r.pace.limit > 29, "what one writes the other reads");
	size = lseek(f.fd, 0, SEEK_END);
	for (off_t i = 0; i < size; i++)
		all = spoil(&f, i) && pace_file_lock(&f, START, &r) == PACE_FILE_EMPTY &&
		    fill(&f) && all;
	ok(size > 100 && all, "any byte of it changed: empty");
	ok(ftruncate(f.fd, size - 1) == 0 && pace_file_lock(&f, START, &r) == PACE_FILE_EMPTY &&
	    fill(&f), "cut: empty");
	ok(look(&f, START - 120 * 1000, &r) == PACE_FILE_EMPTY && fill(&f),
	    "of another clock: empty");
	ok(look(&f, START + 3600 * 1000, &r) == PACE_FILE_EMPTY && fill(&f), "an hour old: empty");
	g.boot[0] = (char)(g.boot[0] ^ 1);
	ok(look(&g, START, &r) == PACE_FILE_EMPTY && fill(&g), "of another boot: empty");
	ok(unlink(below(".cache/cognito-filters/f")) == 0 &&
	    pace_file_lock(&g, START, &r) == PACE_FILE_GONE &&
	    pace_file_lock(&f, START, &r) == PACE_FILE_GONE, "removed, and not locked");
	pace_file_close(&g);
	close(f.fd);
	ok(pace_file_lock(&f, START, &r) == PACE_FILE_FAILED, "closed");
}

/* Whether this bucket, by somebody who knows the format, counts as none. */
static bool
is_refused(struct pace_file *f, const struct pace_record *r)
{
	struct pace_record found;

	return pace_file_unlock(f, r) == 0 && look(f, START, &found) == PACE_FILE_EMPTY &&
	    fill(f) && look(f, START, &found) == PACE_FILE_READ;
}

static void
impossible(void)
{
	struct pace_record r[8];
	struct pace_file f;

	ok(pace_file_open(&f, "f", why) == 0, "opened again");
	for (int i = 0; i < 8; i++) {
		pace_init(&r[i].pace, 30, START);
		r[i].limit_ms = START;
	}
	r[0].pace.tokens = -1e9;
	r[1].pace.tokens = strtod("nan", NULL);
	ok(is_refused(&f, &r[0]) && is_refused(&f, &r[1]), "calls would wait for ever: empty");
	r[2].pace.rate = 0;
	r[3].pace.limit = 1e300;
	ok(is_refused(&f, &r[2]) && is_refused(&f, &r[3]), "rates that cannot be: empty");
	r[4].limit_ms = INT64_MAX;
	r[5].pace.window_ms = INT64_MIN;
	r[6].pace.throttled_ms = START + START;
	ok(is_refused(&f, &r[4]) && is_refused(&f, &r[5]) && is_refused(&f, &r[6]),
	    "times that cannot be: empty");
	ok(pace_file_unlock(&f, &r[7]) == 0 && look(&f, START, &r[0]) == PACE_FILE_READ,
	    "else it would do");
	pace_file_close(&f);
}

static void
remove_all(void)
{
	static const char *const names[] = {
		".cache/cognito-filters/a", ".cache/cognito-filters/c", ".cache/cognito-filters/link",
		".cache/cognito-filters/directory", ".cache/cognito-filters/fifo",
		".cache/cognito-filters/f",
		".cache/cognito-filters", ".cache", "x/cognito-filters/b", "x/cognito-filters", "x",
		"run/cognito-filters/d", "run/cognito-filters", "run", "far", "y/cognito-filters", "y"
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		(void)remove(below(names[i]));
	(void)rmdir(home);
}

int
main(void)
{
	if (mkdtemp(home) == NULL)
		return 1;
	unsetenv("XDG_CACHE_HOME");
	unsetenv("XDG_RUNTIME_DIR");
	places();
	refused();
	contents();
	impossible();
	remove_all();
	return tap_done();
}
