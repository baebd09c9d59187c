/* Cells that were read to their ends (kept.h). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/place.h"
#include "json/record.h"

#include "kept.h"

enum { PATH_SIZE_MAX = 8 * 1024, SCOPE_SIZE_MAX = 128 };

/* Of cells, sub-....ndjson: as if they were parts of an output. */
static void
announce(const struct kept *k)
{
	struct buf b;

	buf_init(&b, PATH_SIZE_MAX);
	(void)buf_appendf(&b, "%s/sub.ndjson", k->directory);
	files_will_make_parts(buf_string(&b), strlen(k->directory) + strlen("/sub"));
	buf_free(&b);
}

enum prog_status
kept_open(struct kept *k)
{
	struct stat st;

	if (k->directory == NULL)
		return PROG_OK;
	if (mkdir(k->directory, 0700) != 0 && errno != EEXIST) {
		diag_error("%s: cannot create: %s", k->directory, strerror(errno));
		return PROG_FAIL;
	}
	k->fd = open(k->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (k->fd < 0 || fstat(k->fd, &st) != 0) {
		diag_error("%s: cannot open: %s", k->directory, strerror(errno));
		return PROG_FAIL;
	}
	/* Whoever may put files there could give us users.  (Kubernetes' fsGroup lets a group.) */
	if ((st.st_mode & S_IWOTH) != 0) {
		diag_error("%s: everybody may write there", k->directory);
		return PROG_FAIL;
	}
	if (flock(k->fd, LOCK_EX | LOCK_NB) != 0) {
		bool busy = errno == EWOULDBLOCK;

		diag_error("%s: %s", k->directory, busy ? "another run is using it" :
		    strerror(errno));
		return busy ? PROG_TEMPORARY : PROG_FAIL;
	}
	announce(k);
	return PROG_OK;
}

void
kept_close(struct kept *k)
{
	if (k->fd >= 0)
		close(k->fd);
	for (size_t i = 0; i < k->doomed_count; i++)
		free(k->doomed[i]);
	free(k->doomed);
}

/* The path of the cell's file; the caller frees.  By numbers: a prefix may hold a slash. */
static char *
cell_path(const struct kept *k, const struct ask *ask)
{
	struct buf b;

	buf_init(&b, PATH_SIZE_MAX);
	(void)buf_appendf(&b, "%s/sub-", k->directory);
	for (const char *c = ask->prefix; *c != '\0'; c++)
		(void)buf_appendf(&b, "%02x", (unsigned)*c);
	(void)buf_appendf(&b, "%s.ndjson", ask->whole ? "-whole" : "");
	return b.data;
}

static char *
cell_scope(const struct kept *k, const struct ask *ask)
{
	char filter[ASKS_FILTER_SIZE];
	struct buf b;

	buf_init(&b, SCOPE_SIZE_MAX);
	asks_filter(ask, filter);
	(void)buf_appendf(&b, "filter:%s proof:%016llx", filter, (unsigned long long)k->proof);
	return b.data;
}

/* Whether the seal is that of the cell's file. */
static bool
is_ours(const struct kept *k, const struct ask *ask, const struct seal *seal)
{
	char *scope = cell_scope(k, ask);
	bool ours = seal->source != NULL && strcmp(seal->source, k->source) == 0 &&
	    seal->scope != NULL && strcmp(seal->scope, scope) == 0 && seal->started != NULL &&
	    seal->rejected == 0;

	free(scope);
	return ours;
}

bool
kept_has(const struct kept *k, const struct ask *ask)
{
	char *path = cell_path(k, ask);
	enum record_result result;
	struct record_reader r;
	bool has;
	int fd = files_open_old(path);

	if (fd < 0) {
		free(path);
		return false;
	}
	record_open(&r, fd, path);
	do {
		result = record_next(&r);
	} while (result == RECORD_LINE);
	has = result == RECORD_END && record_verdict(&r, true) == RECORD_WHOLE &&
	    is_ours(k, ask, &r.seal);
	diag_verbose(1, "%s: %s", path, has ? "taken over" : "not usable, read again");
	record_close(&r);
	close(fd);
	free(path);
	return has;
}

struct kept_file *
kept_begin(const struct kept *k, const struct ask *ask)
{
	struct kept_file *f = mem_alloc(sizeof *f);
	char now[CLOCK_RFC3339_SIZE], *scope;

	f->path = cell_path(k, ask);
	/* It is no use, and replaced it would hand on its mode, or what a link leads to would be. */
	(void)files_unlink(f->path);
	f->opts = (struct sink_options){ .output = f->path, .seal = true };
	if (sink_open(&f->sink, &f->opts, true) != 0) {
		free(f->path);
		free(f);
		return NULL;
	}
	clock_rfc3339(clock_wall_ms(), now);
	scope = cell_scope(k, ask);
	seal_set(&f->sink.seal.source, k->source);
	seal_set(&f->sink.seal.scope, scope);
	seal_set(&f->sink.seal.started, now);
	free(scope);
	return f;
}

int
kept_end(struct kept_file *f, bool whole, uint64_t rejected)
{
	enum prog_status status;

	f->sink.seal.rejected = rejected;
	status = sink_close(&f->sink, whole ? PROG_OK : PROG_FAIL, NULL, NULL);
	free(f->path);
	free(f);
	return !whole || status == PROG_OK ? 0 : -1;
}

/* The list began when the oldest of its users were read. */
static void
begin_earlier(struct seal *seal, const char *started)
{
	if (seal->started == NULL || strcmp(started, seal->started) < 0)
		seal_set(&seal->started, started);
}

int
kept_give(const struct kept *k, const struct ask *ask, struct sink *sink)
{
	char *path = cell_path(k, ask);
	int fd = files_open_old(path), failed = 0;
	enum record_result result;
	struct record_reader r;

	if (fd < 0) {
		diag_error("%s: cannot open: %s", path, strerror(errno));
		free(path);
		return -1;
	}
	record_open(&r, fd, path);
	while ((result = record_next(&r)) == RECORD_LINE && failed == 0)
		failed = sink_row(sink, r.text, r.len);
	if (failed == 0 && (result != RECORD_END || record_verdict(&r, true) != RECORD_WHOLE)) {
		diag_error("%s: was changed while this run used it", path);
		failed = -1;
	}
	if (failed == 0)
		begin_earlier(&sink->seal, r.seal.started);
	record_close(&r);
	close(fd);
	free(path);
	return failed;
}

void
kept_doom(struct kept *k, const struct asks *asks)
{
	k->doomed = mem_resize(k->doomed, k->doomed_count + asks->count, sizeof *k->doomed);
	for (size_t i = 0; i < asks->count; i++)
		if (!asks->ask[i].sentinel)
			k->doomed[k->doomed_count++] = cell_path(k, &asks->ask[i]);
}

void
kept_remove(const struct kept *k)
{
	for (size_t i = 0; i < k->doomed_count; i++)
		(void)place_remove(k->doomed[i]);
}
