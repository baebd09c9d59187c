/* What every source has, and the one whose keys were there from the start (source.h). */
#include "net/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct fixed {
	struct source source;
	struct cred cred;
};

void
source_free(struct source *s)
{
	if (s == NULL)
		return;
	if (s->release != NULL)
		s->release(s);
	free(s->name);
	free(s);
}

void
source_say_none(char why[CRED_WHY_SIZE], const char *rest)
{
	const char *home = getenv("HOME");

	/* A service of the system, or of a container, often has no HOME. */
	snprintf(why, CRED_WHY_SIZE, "no credentials: set AWS_ACCESS_KEY_ID and "
	    "AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), name a profile with --profile%s, or "
	    "run under assume-role%s%s%s",
	    home != NULL && home[0] != '\0' ? "" : " (HOME is not set, so there is no ~/.aws)",
	    rest[0] != '\0' ? " (" : "", rest, rest[0] != '\0' ? ")" : "");
}

static enum prog_status
get(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	(void)patient;
	(void)why;
	cred_copy(cred, &((struct fixed *)s)->cred);
	return PROG_OK;
}

static void
release(struct source *s)
{
	cred_free(&((struct fixed *)s)->cred);
}

struct source *
source_fixed(const char *name, struct cred *cred)
{
	struct fixed *f = mem_alloc(sizeof *f);

	f->source = (struct source){ .name = mem_dup_string(name), .get = get, .release = release };
	f->cred = *cred;
	memset(cred, 0, sizeof *cred);
	return &f->source;
}
