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
#include "ranking.h"
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
	bool too_many;			/* for they are more than there may be */
	struct ranking *ranking;
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
	ranking_free(s->ranking);
	free(s->inputs);
	free(s->fds);
	free(s);
}

/* A key that is a column: at the top level, or in Attributes. */
struct place {
	uint32_t object, key;	/* 0, 0: before the first */
};

/* Goes on to the next one.  Returns whether there is one. */
static bool
next_place(const struct record_reader *r, struct place *p)
{
	const struct tok *tok = r->list.tok;
	uint32_t attributes = r->keys.attributes;
	bool is_object = attributes != 0 && tok[attributes].type == TOK_OBJECT;

	p->key = p->key == 0 ? 1 : tok[p->key + 1].next;
	if (p->object == 0 && p->key + 1 == attributes && p->key < tok[0].next &&
	    (is_object || tok[attributes].type == TOK_NULL))
		p->key = tok[attributes].next;
	if (p->object == 0 && p->key >= tok[0].next && is_object)
		*p = (struct place){ attributes, attributes + 1 };
	return p->key < tok[p->object].next;
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

/* How many names there are; *missing: of these, such as are not known.  SIZE_MAX: with a NUL. */
static size_t
count_names(struct survey *s, const struct record_reader *r, size_t *missing)
{
	struct place p = { 0, 0 };
	size_t count = 0;

	for (*missing = 0; next_place(r, &p); count++) {
		struct names *n = p.object == 0 ? &s->top : &s->attributes;

		if ((r->list.tok[p.key].flags & TOK_NUL) != 0)
			return SIZE_MAX;
		*missing += names_find(n, &r->list.tok[p.key], r->text) == n->count;
	}
	return count;
}

static const char *
note_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct survey *s = arg;
	struct place p = { 0, 0 };
	size_t missing;

	(void)sink;
	if (count_names(s, r, &missing) == SIZE_MAX)
		s->left_out = true;
	else if (missing > LAYOUT_COLUMNS_MAX - s->top.count - s->attributes.count)
		s->left_out = s->too_many = true;
	else if (missing > 0)
		while (next_place(r, &p))
			note_name(p.object == 0 ? &s->top : &s->attributes, r, p.key);
	return NULL;
}

/* The same where there are too many; a record that could never be a row has no voice. */
static const char *
rank_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct survey *s = arg;
	struct place p = { 0, 0 };
	size_t missing, count = count_names(s, r, &missing);
	struct buf b;

	(void)sink;
	if (count > LAYOUT_COLUMNS_MAX)
		return NULL;
	buf_init(&b, RECORD_LINE_MAX);
	ranking_record(s->ranking, count);
	while (next_place(r, &p)) {
		const struct tok *t = &r->list.tok[p.key];

		buf_clear(&b);
		jtext_decode(&b, r->text + t->start, t->end - t->start);
		ranking_name(s->ranking, buf_string(&b), b.len, p.object == 0);
	}
	buf_free(&b);
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

static void
take_column(void *arg, const char *name)
{
	layout_add_member(arg, name);
}

/* One pass over the inputs, which then stand at their starts again. */
static enum prog_status
read_inputs(struct survey *s, struct filter *f, const char **why,
    const char *(*row)(void *arg, const struct record_reader *r, struct sink *sink))
{
	struct filter first = *f;
	enum prog_status status;

	first.fds = s->fds;
	first.survey = true;
	first.row = row;
	first.end = NULL;
	first.arg = s;
	status = filter_run(&first, why);
	memcpy(f->why, first.why, sizeof f->why);
	*why = f->why;
	for (size_t i = 0; i < s->count && status == PROG_OK; i++) {
		if (lseek(s->inputs[i].fd, s->inputs[i].start, SEEK_SET) == -1) {
			diag_error("cannot read an input again: %s", strerror(errno));
			status = PROG_FAIL;
		}
	}
	return status;
}

enum prog_status
survey_run(struct survey **survey, struct filter *f, struct layout *l, const char **why)
{
	struct survey *s = *survey = mem_alloc(sizeof *s);
	enum prog_status status;

	names_init(&s->top, LAYOUT_COLUMNS_MAX);
	names_init(&s->attributes, LAYOUT_COLUMNS_MAX);
	*why = "an input cannot be read";
	if (open_inputs(s, f->files) != 0)
		return PROG_FAIL;
	status = read_inputs(s, f, why, note_record);
	if (status == PROG_OK && s->too_many) {
		s->ranking = ranking_new();
		status = read_inputs(s, f, why, rank_record);
	}
	if (status != PROG_OK)
		return status;
	if (s->too_many)
		ranking_choose(s->ranking, LAYOUT_COLUMNS_MAX, take_column, l);
	else
		add_columns(s, l);
	f->fds = s->fds;
	return PROG_OK;
}
