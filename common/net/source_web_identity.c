/* A role assumed with an OpenID Connect token as a source of credentials (source.h). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/mem.h"
#include "net/aws.h"
#include "net/netdoor.h"
#include "net/source.h"
#include "net/sts.h"

/* AWS's limit; one byte more tells a longer file, two are its line end. */
enum { TOKEN_MAX = 20000, TOKEN_SIZE = TOKEN_MAX + 2 + 1 };

static const char operation[] = "AssumeRoleWithWebIdentity";

struct web {
	struct source source;
	struct aws_config config;
	struct aws_client *client;	/* made when first needed, then kept; or NULL */
	char *role_arn, *session_name, *token_file;
	int duration_seconds;
};

/* Reads the whole file, up to size bytes.  Returns the length, or -1 with errno set. */
static ssize_t
read_file(const char *path, char *text, size_t size)
{
	int fd = files_open(path), saved;
	size_t len = 0;
	ssize_t n = 1;

	if (fd == -1)
		return -1;
	while (len < size && n != 0) {
		n = read(fd, text + len, size - len);
		if (n == -1 && errno != EINTR)
			break;
		if (n > 0)
			len += (size_t)n;
	}
	saved = errno;
	close(fd);
	errno = saved;
	return n == -1 ? -1 : (ssize_t)len;
}

/* Reads the token.  Returns NULL, or what is wrong; nothing of the file is in it. */
static const char *
read_token(const char *path, char token[TOKEN_SIZE])
{
	ssize_t n = read_file(path, token, TOKEN_SIZE);
	size_t len;

	if (n == -1)
		return strerror(errno);
	if (n == TOKEN_SIZE)
		return "longer than 20000 bytes";
	len = (size_t)n;
	if (len > 0 && token[len - 1] == '\n')
		len--;
	if (len > 0 && token[len - 1] == '\r')
		len--;
	if (len == 0)
		return "empty";
	if (len > TOKEN_MAX)
		return "longer than 20000 bytes";
	token[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (token[i] <= ' ' || token[i] > '~')
			return "holds more than one word: it must be the token alone";
	return NULL;
}

/* Returns 0, or -1 with why set. */
static int
start_client(struct web *w, char why[CRED_WHY_SIZE])
{
	struct aws_config config;

	aws_config_copy(&config, &w->config, NULL);
	w->client = aws_new(&config);
	if (w->client != NULL)
		return 0;
	snprintf(why, CRED_WHY_SIZE, "%s: libcurl cannot start", operation);
	return -1;
}

static enum prog_status
get(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	struct web *w = (struct web *)s;
	char token[TOKEN_SIZE];
	const struct sts_web_identity request = { .role_arn = w->role_arn,
		.session_name = w->session_name, .token = token,
		.duration_seconds = w->duration_seconds };
	enum prog_status status = PROG_USAGE;
	const char *wrong = read_token(w->token_file, token);

	s->lacks_keys = wrong != NULL;
	if (wrong != NULL) {
		snprintf(why, CRED_WHY_SIZE, "%s: token file %s: %s", operation, w->token_file,
		    wrong);
	} else if (w->client == NULL && start_client(w, why) != 0) {
		status = PROG_FAIL;
	} else {
		aws_set_retry(w->client, patient ? w->config.retry_ms : 0);
		status = sts_web_identity(w->client, &request, cred, NULL, why);
	}
	mem_wipe(token, sizeof token);
	return status;
}

static void
release(struct source *s)
{
	struct web *w = (struct web *)s;

	aws_free(w->client);
	aws_config_free(&w->config);
	free(w->role_arn);
	free(w->session_name);
	free(w->token_file);
}

struct source *
source_web_identity(const char *name, struct aws_config *sts, const char *role_arn,
    const char *session_name, int duration_seconds, const char *token_file)
{
	struct web *w = mem_alloc(sizeof *w);

	w->source = (struct source){ .name = mem_dup_string(name), .renewable = true,
		.is_role = true, .get = get, .release = release };
	w->config = *sts;
	memset(sts, 0, sizeof *sts);
	w->role_arn = mem_dup_string(role_arn);
	w->session_name = mem_dup_string(session_name);
	w->token_file = mem_dup_string(token_file);
	w->duration_seconds = duration_seconds;
	files_will_read(w->token_file);
	netdoor_will_reach(w->config.endpoint);
	return &w->source;
}
