#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#include "files.h"

/* The hash keeps the search among thousands of labels short; a check sum is enough for that. */
struct label {
	uint64_t hash;
	char *text;
};

static const char no_split[] =
    "a file holds no more rows (max-rows); --split makes several files";
static const char no_split_bytes[] =
    "a file holds no more bytes (max-bytes); --split makes several files";
static const char long_group[] = "the name of its group is too long for the name of a file";

void
files_free(struct files *f)
{
	for (size_t i = 0; i < f->label_count; i++)
		free(f->labels[i].text);
	free(f->labels);
	free(f->label);
	buf_free(&f->head);
}

static void
put(struct sink *sink, const char *s, size_t len)
{
	out_write(&sink->out, s, len);
	sink->bytes += len;
}

static void
begin_file(struct files *f, struct sink *sink)
{
	put(sink, buf_string(&f->head), f->head.len);
	f->rows = 0;
	f->bytes = f->head.len;
}

int
files_begin(struct files *f, struct sink *sink)
{
	if (f->grouped)
		return 0;
	if (f->split && sink_part(sink, NULL) != 0)
		return -1;
	begin_file(f, sink);
	return 0;
}

/*
 * The name as a part of a file's name, each byte but ASCII letters, digits and ._- as %XX, so that
 * no two names give the same.  Returns NULL if it is too long; else the caller frees.
 */
static char *
encode(const char *name)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	char *result = NULL;
	struct buf b;
	int failed = 0;

	buf_init(&b, FILES_LABEL_MAX);
	for (; *name != '\0' && failed == 0; name++) {
		if (strchr(plain, *name) != NULL)
			failed = buf_append_byte(&b, *name);
		else
			failed = buf_appendf(&b, "%%%02X", (unsigned)(unsigned char)*name);
	}
	if (failed == 0)
		result = mem_dup(buf_string(&b), b.len);
	buf_free(&b);
	return result;
}

/* Takes note of the label.  Returns false if it is there already. */
static bool
note_label(struct files *f, const char *label)
{
	static const struct hash_key key = { 0, 0 };
	uint64_t hash = hash_bytes(&key, label, strlen(label));

	for (size_t i = 0; i < f->label_count; i++) {
		if (f->labels[i].hash == hash && strcmp(f->labels[i].text, label) == 0)
			return false;
	}
	f->labels = mem_resize(f->labels, f->label_count + 1, sizeof *f->labels);
	f->labels[f->label_count++] = (struct label){ hash, mem_dup_string(label) };
	return true;
}

const char *
files_check(const struct files *f, size_t len, const char *group)
{
	char *label;

	if (f->max_bytes != 0 && f->head.len + len > f->max_bytes)
		return "the row does not fit a file of max-bytes";
	if (!f->grouped)
		return NULL;
	label = encode(group);
	free(label);
	return label != NULL ? NULL : long_group;
}

/* The file of this group, begun unless it is at hand.  As files_row. */
static int
take_group(struct files *f, struct sink *sink, const char *group, const char **why)
{
	char *label = encode(group);

	if (label == NULL) {
		*why = long_group;
		return -1;
	}
	if (f->label != NULL && strcmp(f->label, label) == 0) {
		free(label);
		return 0;
	}
	free(f->label);
	f->label = label;
	if (!note_label(f, label)) {
		*why = "its group came before: records must come grouped (--split-by)";
		return -1;
	}
	if (sink_part(sink, label) != 0)
		return -1;
	begin_file(f, sink);
	return 0;
}

int
files_row(struct files *f, struct sink *sink, const char *row, size_t len, const char *group,
    const char **why)
{
	bool many, long_;

	*why = NULL;
	if (f->grouped && take_group(f, sink, group, why) != 0)
		return -1;
	many = f->max_rows != 0 && f->rows == f->max_rows;
	long_ = f->max_bytes != 0 && f->bytes + len > f->max_bytes;
	if ((many || long_) && !f->split) {
		*why = many ? no_split : no_split_bytes;
		return -1;
	}
	if (many || long_) {
		if (sink_part(sink, NULL) != 0)
			return -1;
		begin_file(f, sink);
	}
	put(sink, row, len);
	f->rows++;
	f->bytes += len;
	sink->rows++;
	return 0;
}
