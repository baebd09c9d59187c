/*
 * Outputs of several files (sink.h).
 *
 * Each part is written as a temporary of FILE and waits, settled, for the good end.  Several
 * renames are no single step, so what a crash in the midst of them leaves must not look whole.
 * Numbered parts that lack the first show that they are not, so the first one goes before anything
 * else is changed and comes when all else is done:
 *
 *   1. FILE-001 is taken away; from here on nothing beside FILE looks whole,
 *   2. FILE-002 and so on are put in their places,
 *   3. what an earlier run left is removed: higher numbers, from the highest down, so that what a
 *      crash leaves of them is still without a gap and found by the next run; then FILE,
 *   4. FILE-001 is put in its place.
 *
 * With removals first the old FILE would be lost earlier for nothing; with FILE-001 left in its
 * place, new and old parts together would make an unbroken row of numbers.  A single change (one
 * part differs, --if-changed) is one step, and none of this is done.  The signals that end a
 * program wait meanwhile.
 *
 * For labels no such order exists, since any set of them may be whole; what an earlier run left
 * goes first, lest it stand beside them.
 */
#include "json/sink_parts.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/place.h"
#include "base/temp.h"
#include "json/sink.h"

/* A label, and the number of its last part in this run. */
struct row {
	char *label;
	size_t last;
};

struct sink_parts {
	const char *file;	/* --output */
	size_t stem;		/* its length without the extension */
	struct out *parts;	/* those before the one at hand, settled */
	size_t count, cap;
	bool open;		/* the sink's out is a part */
	struct row *rows;	/* one for each label; none: parts have numbers alone */
	size_t row_count;
};

/* What an earlier run left: the numbers first to last, and number one by itself. */
struct stale {
	bool one;
	size_t first, last;
	uint64_t count;
};

struct sink_parts *
sink_parts_new(const char *file)
{
	const char *slash = strrchr(file, '/'), *base = slash != NULL ? slash + 1 : file;
	const char *dot = strrchr(base, '.');
	struct sink_parts *p;
	struct stat st;

	if (lstat(file, &st) == 0 && S_ISLNK(st.st_mode)) {
		diag_error("%s: cannot write: a symbolic link cannot be replaced by several files",
		    file);
		return NULL;
	}
	p = mem_alloc(sizeof *p);
	p->file = file;
	/* A dot at the start begins no extension. */
	p->stem = dot == NULL || dot == base ? strlen(file) : (size_t)(dot - file);
	files_will_make_parts(file, p->stem);
	return p;
}

void
sink_parts_free(struct sink_parts *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->row_count; i++)
		free(p->rows[i].label);
	free(p->rows);
	free(p->parts);
	free(p);
}

/*
 * The path of a part by its label (NULL: none) and number, in to[PATH_MAX]; "", which no file has,
 * if it is longer than any path.  Takes no memory: half of the names may have changed already.
 */
static const char *
path_of(char *to, const struct sink_parts *p, const char *label, size_t number)
{
	char end[24] = "";
	int n;

	if (label == NULL || number > 1)
		snprintf(end, sizeof end, "%c%03zu", label != NULL ? '~' : '-', number);
	n = snprintf(to, PATH_MAX, "%.*s%s%s%s%s", (int)p->stem, p->file,
	    label != NULL ? "-" : "", label != NULL ? label : "", end, p->file + p->stem);
	if (n < 0 || n >= PATH_MAX)
		to[0] = '\0';
	return to;
}

static bool
is_path(const char *option, const char *path)
{
	return option != NULL && place_is_same(option, path);
}

/* The part at hand gets its name.  Returns 0, or -1 with the reason printed. */
static int
name_part(struct sink *s, const char *label, size_t number)
{
	char path[PATH_MAX];
	int result = -1;

	if (path_of(path, s->parts, label, number)[0] == '\0')
		diag_error("%s: cannot write: %s", s->parts->file, strerror(ENAMETOOLONG));
	else if (is_path(s->opts->reject, path) || is_path(s->opts->stats, path))
		diag_error("%s: cannot write: --reject or --stats goes there", path);
	else
		result = out_rename(&s->out, path);
	return result;
}

/* A label comes to hand, or the next number of the one that is. */
static void
note_label(struct sink_parts *p, const char *label)
{
	if (label != NULL) {
		p->rows = mem_resize(p->rows, p->row_count + 1, sizeof *p->rows);
		p->rows[p->row_count++] = (struct row){ .label = mem_dup_string(label) };
	}
	if (p->row_count > 0)
		p->rows[p->row_count - 1].last++;
}

/* The part at hand joins those that wait.  Returns 0, or -1 with the reason printed. */
static int
settle(struct sink *s)
{
	struct sink_parts *p = s->parts;

	if (out_settle(&s->out) != 0)
		return -1;
	if (p->count == p->cap) {
		p->cap = p->cap == 0 ? 8 : 2 * p->cap;
		p->parts = mem_resize(p->parts, p->cap, sizeof *p->parts);
	}
	p->parts[p->count++] = s->out;
	p->open = false;
	memset(&s->out, 0, sizeof s->out);
	s->out.fd = -1;
	s->out.name = s->opts->output;
	return 0;
}

int
sink_part(struct sink *s, const char *label)
{
	struct sink_parts *p = s->parts;
	const struct row *row;

	if (s->out.failed)
		return -1;
	note_label(p, label);
	row = p->row_count > 0 ? &p->rows[p->row_count - 1] : NULL;
	if (p->open) {
		/* The first part was FILE until now. */
		if (p->count == 0 && row == NULL && name_part(s, NULL, 1) != 0)
			goto failed;
		if (settle(s) != 0)
			goto failed;
	}
	if (out_open(&s->out, p->file, s->opts->if_changed) != 0) {
		s->out.path = NULL;
		s->out.name = p->file;
		goto failed;
	}
	p->open = true;
	if (row != NULL && name_part(s, row->label, row->last) != 0)
		goto failed;
	if (row == NULL && p->count > 0 && name_part(s, NULL, p->count + 1) != 0)
		goto failed;
	return 0;
failed:
	s->out.failed = true;
	return -1;
}

static bool
is_file(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool
is_number_there(const struct sink_parts *p, const char *label, size_t number)
{
	char path[PATH_MAX];

	return is_file(path_of(path, p, label, number));
}

/* A label may look like a number. */
static bool
is_label(const struct sink_parts *p, const char *path)
{
	for (size_t i = 0; p->row_count > 0 && i < p->count; i++)
		if (strcmp(p->parts[i].path, path) == 0)
			return true;
	return false;
}

/*
 * Only numbers without a gap are an earlier run's (FILE-2024 is somebody's archive); but the first
 * may be missing where one was killed.
 */
static struct stale
find_stale(const struct sink_parts *p, bool single)
{
	size_t number = single || p->row_count > 0 || p->count == 0 ? 1 : p->count + 1;
	struct stale stale = { .one = number == 1 && is_number_there(p, NULL, 1) };

	stale.first = number == 1 ? 2 : number;
	number = stale.first;
	while (is_number_there(p, NULL, number))
		number++;
	stale.last = number - 1;
	stale.count = stale.last + 1 - stale.first + stale.one;
	stale.count += !single && is_file(p->file);
	return stale;
}

static int
remove_number(const struct sink_parts *p, const char *label, size_t number)
{
	char path[PATH_MAX];

	path_of(path, p, label, number);
	return is_label(p, path) ? 0 : place_remove(path);
}

/* Returns 0, or -1 with the reason printed. */
static int
remove_stale(const struct sink_parts *p, const struct stale *stale, bool single)
{
	if (stale->one && remove_number(p, NULL, 1) == -1)
		return -1;
	for (size_t n = stale->last; n >= stale->first; n--)
		if (remove_number(p, NULL, n) == -1)
			return -1;
	return !single && place_remove(p->file) == -1 ? -1 : 0;
}

/* What an earlier run left behind the last part of each label.  As remove_stale. */
static int
remove_stale_rows(const struct sink_parts *p)
{
	for (size_t i = 0; i < p->row_count; i++) {
		const struct row *row = &p->rows[i];
		size_t n = row->last;

		while (is_number_there(p, row->label, n + 1))
			n++;
		for (; n > row->last; n--)
			if (remove_number(p, row->label, n) == -1)
				return -1;
	}
	return 0;
}

/* How many names would change. */
static uint64_t
count_changes(const struct sink_parts *p, const struct stale *stale)
{
	uint64_t n = stale->count;

	for (size_t i = 0; i < p->count; i++)
		n += !p->parts[i].unchanged;
	return n;
}

/* The order that the head of this file gives.  Returns 0, or -1 with the reason printed. */
static int
place_all(struct sink_parts *p)
{
	bool labelled = p->row_count > 0, single = p->count == 1 && !labelled;
	struct stale stale = find_stale(p, single);

	if (p->count > 1 && !labelled && count_changes(p, &stale) > 1 &&
	    out_withdraw(&p->parts[0]) != 0)
		return -1;
	if (labelled && (remove_stale(p, &stale, single) != 0 || remove_stale_rows(p) != 0))
		return -1;
	for (size_t i = 1; i < p->count; i++)
		if (out_commit(&p->parts[i]) != 0)
			return -1;
	if (!labelled && remove_stale(p, &stale, single) != 0)
		return -1;
	return p->count > 0 ? out_commit(&p->parts[0]) : 0;
}

int
sink_parts_close(struct sink *s, bool good)
{
	struct sink_parts *p = s->parts;
	sigset_t old;
	int result = 0;

	if (good && p->open)
		result = settle(s);
	if (good && result == 0) {
		temp_block(&old);
		result = place_all(p);
		pthread_sigmask(SIG_SETMASK, &old, NULL);
	}
	/* What was committed, or never opened, holds nothing. */
	for (size_t i = 0; i < p->count; i++)
		out_abandon(&p->parts[i]);
	out_abandon(&s->out);
	return result;
}
