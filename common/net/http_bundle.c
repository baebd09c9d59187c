/* Files of certificates (http.h). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/http.h"

/* Mozilla's whole list is 0.2 MiB; libcurl takes 8 MB. */
enum { BUNDLE_MAX = 4 * 1024 * 1024, READ_SIZE = 64 * 1024 };

/*
 * What was read, for the whole run: nothing can be opened behind the door, and a file that is
 * replaced meanwhile must not end the run.
 */
struct bundle {
	struct bundle *next;
	char *path;
	struct buf text;
};

static struct bundle *bundles;

static struct bundle *
find(const char *path)
{
	struct bundle *b = bundles;

	while (b != NULL && strcmp(b->path, path) != 0)
		b = b->next;
	return b;
}

/* Returns NULL, or why not. */
static const char *
read_all(int fd, struct buf *to)
{
	char *room = mem_alloc(READ_SIZE);
	const char *wrong = NULL;
	ssize_t n = 0;

	while (wrong == NULL && ((n = read(fd, room, READ_SIZE)) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0 && buf_append(to, room, (size_t)n) != 0)
			wrong = "larger than 4 MiB";
	if (wrong == NULL && n < 0)
		wrong = strerror(errno);
	else if (wrong == NULL && to->len == 0)
		wrong = "empty";
	free(room);
	return wrong;
}

const char *
http_bundle_load(const char *path)
{
	const char *wrong = NULL;
	struct bundle *b;
	struct stat st;
	int fd;

	if (find(path) != NULL)
		return NULL;
	/* A FIFO would be waited for. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return strerror(errno);
	b = mem_alloc(sizeof *b);
	buf_init(&b->text, BUNDLE_MAX);
	if (fstat(fd, &st) != 0)
		wrong = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		wrong = "not a regular file";
	else
		wrong = read_all(fd, &b->text);
	close(fd);
	if (wrong != NULL) {
		buf_free(&b->text);
		free(b);
		return wrong;
	}
	b->path = mem_dup_string(path);
	b->next = bundles;
	bundles = b;
	return NULL;
}

bool
http_bundle_use(void *easy, const char *path)
{
	struct bundle *b = find(path);
	struct curl_blob blob = { .flags = CURL_BLOB_NOCOPY };

	if (b == NULL)
		return false;
	blob.data = b->text.data;
	blob.len = b->text.len;
	return curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK;
}
