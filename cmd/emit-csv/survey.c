#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/spool.h"
#include "json/jtext.h"
#include "json/layout_columns.h"

#include "names.h"
#include "survey.h"

enum { CHUNK = 64 * 1024 };

/* One input, read twice through the same descriptor: a file that is replaced meanwhile stays. */
struct input {
	int fd;
	off_t start;
	struct spool spool;	/* fd is its, if it is open */
};

struct survey {
	struct input *inputs;
	int *fds;
	size_t count;
	struct names top, attributes;	/* their texts are ours */
	bool left_out;			/* a record's names became no columns */
};

static void
free_names(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free((char *)n->text[i]);
	names_free(n);
}

void
survey_free(struct survey *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++) {
		if (s->inputs[i].spool.data != NULL)
			spool_close(&s->inputs[i].spool);
		else if (s->inputs[i].fd > STDIN_FILENO)
			close(s->inputs[i].fd);
	}
	free_names(&s->top);
	free_names(&s->attributes);
	free(s->inputs);
	free(s->fds);
	free(s);
}

/* Adds the name of a key unless it is there. */
static void
note_name(struct names *n, const struct record_reader *r, uint32_t key)
{
	const struct tok *t = &r->list.tok[key];
	struct buf b;

	if (names_find(n, t, r->text) < n->count)
		return;
	buf_init(&b, RECORD_LINE_MAX);
	jtext_decode(&b, r->text + t->start, t->end - t->start);
	names_add(n, mem_dup(buf_string(&b), b.len));
	buf_free(&b);
}

/* Walks the keys that are columns: adds their names, or only counts those that are not there. */
static size_t
walk(struct survey *s, const struct record_reader *r, bool add)
{
	const struct tok *tok = r->list.tok;
	uint32_t attributes = r->keys.attributes;
	size_t missing = 0;

	for (uint32_t object = 0;; object = attributes) {
		struct names *n = object == 0 ? &s->top : &s->attributes;

		for (uint32_t key = object + 1; key < tok[object].next; key = tok[key + 1].next) {
			if (object == 0 && key + 1 == attributes &&
			    (tok[attributes].type == TOK_OBJECT || tok[attributes].type == TOK_NULL))
				continue;
			if (add)
				note_name(n, r, key);
			else if ((tok[key].flags & TOK_NUL) != 0)
				return SIZE_MAX;
			else
				missing += names_find(n, &tok[key], r->text) == n->count;
		}
		if (object > 0 || attributes == 0 || tok[attributes].type != TOK_OBJECT)
			return missing;
	}
}

/* One record with names that cannot be must not take the columns of all others. */
static const char *
note_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct survey *s = arg;
	size_t missing = walk(s, r, false);

	(void)sink;
	if (missing > LAYOUT_COLUMNS_MAX - s->top.count - s->attributes.count)
		s->left_out = true;
	else if (missing > 0)
		walk(s, r, true);
	return NULL;
}

/* Copies what can be read from fd.  Returns 0, or -1 with the reason printed. */
static int
copy(struct spool *spool, int fd, const char *name)
{
	char data[CHUNK];

	if (spool_open(spool) != 0)
		return -1;
	for (;;) {
		ssize_t n = read(fd, data, sizeof data);

		if (n > 0 && spool_append(spool, data, (size_t)n) != 0)
			return -1;
		if (n == 0)
			return spool_seek(spool, 0);
		if (n == -1 && errno != EINTR) {
			diag_error("%s: cannot read: %s", name, strerror(errno));
			return -1;
		}
	}
}

/* Makes the input one that can be read twice.  Returns 0, or -1 with the reason printed. */
static int
open_input(struct input *in, const char *path)
{
	bool is_stdin = path == NULL || strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	int result;

	in->fd = fd;
	if (fd == -1) {
		diag_error("%s: cannot open: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		in->start = lseek(fd, 0, SEEK_CUR);
		return 0;
	}
	result = copy(&in->spool, fd, is_stdin ? "stdin" : path);
	if (!is_stdin)
		close(fd);
	in->fd = in->spool.fd;
	return result;
}

/* Returns 0, or -1 with the reason printed. */
static int
open_inputs(struct survey *s, char **files)
{
	size_t i = 0;

	do {
		s->inputs = mem_resize(s->inputs, s->count + 1, sizeof *s->inputs);
		s->fds = mem_resize(s->fds, s->count + 1, sizeof *s->fds);
		memset(&s->inputs[s->count], 0, sizeof *s->inputs);
		s->count++;
		if (open_input(&s->inputs[i], files[i]) != 0)
			return -1;
		s->fds[i] = s->inputs[i].fd;
	} while (files[i] != NULL && files[++i] != NULL);
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
has(const struct names *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++) {
		if (strcmp(n->text[i], name) == 0)
			return true;
	}
	return false;
}

/* The columns that were found; fewer than there may be. */
static void
add_columns(struct survey *s, struct layout *l)
{
	struct names *attributes = &s->attributes;

	for (size_t i = 0; i < s->top.count; i++)
		layout_add_member(l, s->top.text[i]);
	/* It is looked into no more: the order of its texts is free. */
	qsort(attributes->text, attributes->count, sizeof *attributes->text, by_name);
	for (size_t i = 0; i < attributes->count; i++) {
		/* A column is filled from the top level first: one of that name is enough. */
		if (!has(&s->top, attributes->text[i]))
			layout_add_member(l, attributes->text[i]);
	}
}

bool
survey_left_out(const struct survey *s)
{
	return s->left_out;
}

const char *
survey_judge(const struct names *columns, const struct record_reader *r)
{
	const struct tok *tok = r->list.tok;
	uint32_t attributes = r->keys.attributes;

	for (uint32_t object = 0;; object = attributes) {
		for (uint32_t key = object + 1; key < tok[object].next; key = tok[key + 1].next) {
			if ((tok[key].flags & TOK_NUL) != 0)
				return "a member whose name holds a NUL";
			if (!(object == 0 && key + 1 == attributes) &&
			    names_find(columns, &tok[key], r->text) == columns->count)
				return "more than 1000 columns";
		}
		if (object > 0 || attributes == 0 || tok[attributes].type != TOK_OBJECT)
			return NULL;
	}
}

enum prog_status
survey_run(struct survey **survey, struct filter *f, struct layout *l, const char **why)
{
	struct survey *s = *survey = mem_alloc(sizeof *s);
	struct filter first = *f;
	enum prog_status status;

	names_init(&s->top, LAYOUT_COLUMNS_MAX);
	names_init(&s->attributes, LAYOUT_COLUMNS_MAX);
	*why = "an input cannot be read";
	if (open_inputs(s, f->files) != 0)
		return PROG_FAIL;
	first.fds = s->fds;
	first.survey = true;
	first.row = note_record;
	first.end = NULL;
	first.arg = s;
	status = filter_run(&first, why);
	memcpy(f->why, first.why, sizeof f->why);
	*why = f->why;
	if (status != PROG_OK)
		return status;
	add_columns(s, l);
	for (size_t i = 0; i < s->count; i++) {
		if (lseek(s->inputs[i].fd, s->inputs[i].start, SEEK_SET) == -1) {
			diag_error("cannot read an input again: %s", strerror(errno));
			return PROG_FAIL;
		}
	}
	f->fds = s->fds;
	return PROG_OK;
}
