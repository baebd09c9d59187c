/*
 * resign: reads one signed HTTP request (CRLF or LF) on standard input and prints the value that
 * our signer gives its Authorization header: same date, same scope, same signed headers, the key
 * of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/prog.h"
#include "net/sigv4.h"

enum { REQUEST_MAX = 1024 * 1024, HEADERS_MAX = 32 };

/* Cuts the next line off the text. */
static char *
next_line(char **text)
{
	char *line = *text, *end = strchr(line, '\n');

	if (end == NULL)
		end = line + strlen(line);
	*text = end + (*end != '\0');
	*end = '\0';
	if (end > line && end[-1] == '\r')
		end[-1] = '\0';
	return line;
}

/* Whether name stands in the list a;b;c that ends at a comma. */
static int
is_signed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (; *list != ',' && *list != '\0'; list += strcspn(list, ";,"), list += *list == ';')
		if (strncasecmp(list, name, n) == 0 && strchr(";,", list[n]) != NULL)
			return 1;
	return 0;
}

/* A part of "id/day/region/service/aws4_request", counted from 0; heap. */
static char *
scope_part(char *credential, int which)
{
	char *part = credential;

	while (which-- > 0)
		part = strchr(part, '/') + 1;
	return mem_dup(part, strcspn(part, "/"));
}

struct request {
	struct sigv4_request r;
	struct sigv4_header all[HEADERS_MAX], chosen[HEADERS_MAX];
	size_t count;
	char *authorization;
};

static void
parse_first_line(struct request *q, char *line)
{
	char *query;

	q->r.method = line;
	line += strcspn(line, " ");
	*line++ = '\0';
	q->r.path = line;
	line[strcspn(line, " ")] = '\0';
	query = strchr(line, '?');
	if (query == NULL)
		return;
	*query++ = '\0';
	q->r.query = query;
}

static int
parse(struct request *q, char *text, size_t len)
{
	char *end = text + len, *line, *value;
	const char *names;

	parse_first_line(q, next_line(&text));
	while (*(line = next_line(&text)) != '\0' && q->count < HEADERS_MAX) {
		value = strchr(line, ':');
		if (value == NULL)
			return -1;
		*value++ = '\0';
		if (strcasecmp(line, "Authorization") == 0)
			q->authorization = value;
		else
			q->all[q->count++] = (struct sigv4_header){ line, value };
		if (strcasecmp(line, "X-Amz-Date") == 0)
			q->r.date = value + strspn(value, " ");
	}
	if (q->authorization == NULL || q->r.date == NULL)
		return -1;
	names = strstr(q->authorization, "SignedHeaders=") + strlen("SignedHeaders=");
	for (size_t i = 0; i < q->count; i++)
		if (is_signed(names, q->all[i].name))
			q->chosen[q->r.header_count++] = q->all[i];
	q->r.headers = q->chosen;
	q->r.body = text;
	q->r.body_len = (size_t)(end - text);
	return 0;
}

int
main(int argc, char **argv)
{
	struct sigv4_key key = { .scope = "" };
	char *credential, *region, *service, block[4096];
	struct request q = { .count = 0 };
	struct buf request, out;
	size_t n;
	int rc;

	(void)argc;
	prog_start(argv[0]);
	buf_init(&request, REQUEST_MAX);
	buf_init(&out, REQUEST_MAX);
	while ((n = fread(block, 1, sizeof block, stdin)) > 0)
		if (buf_append(&request, block, n) != 0)
			return 1;
	if (request.len == 0 || parse(&q, request.data, request.len) != 0)
		return 1;
	credential = strstr(q.authorization, "Credential=");
	q.r.region = region = scope_part(credential, 2);
	q.r.service = service = scope_part(credential, 3);
	rc = sigv4_authorization(&q.r, getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"),
	    &key, &out);
	puts(buf_string(&out));
	free(region);
	free(service);
	buf_free(&request);
	buf_free(&out);
	return rc != 0;
}
