/*
 * A role assumed by STS as a source of credentials (source.h).
 *
 * The client that STS is asked with does not own the source of the keys that assume the role, but
 * has one that passes its questions on: so that nobody is asked patiently, nor a person at all,
 * for an early renewal that may as well fail; and so that the client, for which credentials that
 * could not be had are final, can be made anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/terminal.h"
#include "net/aws.h"
#include "net/netdoor.h"
#include "net/source.h"
#include "net/sts.h"

enum {
	ATTEMPTS = 3,		/* at a token code */
	ANSWER_SIZE = 64,	/* longer than a code, so that a wrong length can be told */
	PROMPT_SIZE = 400
};

struct role {
	struct source source;
	struct source *base;		/* whose keys assume the role */
	struct aws_config config;
	struct aws_client *client;	/* made when first needed, then kept; or NULL */
	bool patient;			/* in the present get */
	bool base_failed;		/* in the present get */
	struct sts_assume_role request;	/* its token_code is set during a call only */
	char *token_code;		/* for the first call, or NULL */
	char **texts;			/* of the request */
	size_t text_count;
};

/* What the client asks for keys. */
struct passed_on {
	struct source source;
	struct role *role;
};

static enum prog_status
pass_on(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	struct role *r = ((struct passed_on *)s)->role;
	enum prog_status status = r->base->get(r->base, patient && r->patient, cred, why);

	r->base_failed = status != PROG_OK;
	/* A process tells only by its answer whether another one would last longer. */
	s->renewable = r->base->renewable;
	return status;
}

/* Returns 0, or -1 with why set. */
static int
start_client(struct role *r, char why[CRED_WHY_SIZE])
{
	struct passed_on *p = mem_alloc(sizeof *p);
	struct aws_config config;

	p->role = r;
	p->source = (struct source){ .name = mem_dup_string(r->base->name),
		.renewable = r->base->renewable, .is_role = r->base->is_role, .get = pass_on };
	aws_config_copy(&config, &r->config, &p->source);
	r->client = aws_new(&config);
	if (r->client != NULL)
		return 0;
	snprintf(why, CRED_WHY_SIZE, "AssumeRole: libcurl cannot start");
	return -1;
}

static enum prog_status
assume(struct role *r, const char *token_code, struct cred *cred, char why[CRED_WHY_SIZE])
{
	enum prog_status status;

	if (r->client == NULL && start_client(r, why) != 0)
		return PROG_FAIL;
	aws_set_retry(r->client, r->patient ? r->config.retry_ms : 0);
	r->base_failed = false;
	r->request.token_code = token_code;
	status = sts_assume_role(r->client, &r->request, cred, NULL, why);
	r->request.token_code = NULL;
	r->source.lacks_keys = r->base_failed && (!r->base->is_role || r->base->lacks_keys);
	if (r->base_failed) {
		aws_free(r->client);
		r->client = NULL;
	}
	return status;
}

/* Asks the person for a code until one is taken. */
static enum prog_status
assume_with_answer(struct role *r, struct cred *cred, char why[CRED_WHY_SIZE])
{
	static const char refused[] = "with invalid MFA one time pass code";
	const char *remark = "";
	char code[ANSWER_SIZE], prompt[PROMPT_SIZE], wrong[TERMINAL_WHY_SIZE];
	enum prog_status status = PROG_FAIL;

	for (int i = 0; i < ATTEMPTS; i++) {
		snprintf(prompt, sizeof prompt, "%sMFA code for %s: ", remark,
		    r->request.serial_number);
		if (terminal_ask(prompt, code, sizeof code, wrong) != 0) {
			snprintf(why, CRED_WHY_SIZE, "AssumeRole: an MFA code is needed: %s",
			    wrong);
			status = PROG_FAIL;
			break;
		}
		if (!sts_token_code_valid(code)) {
			remark = "not six digits; ";
			snprintf(why, CRED_WHY_SIZE, "AssumeRole: the MFA code was not six digits");
			status = PROG_FAIL;
			continue;
		}
		status = assume(r, code, cred, why);
		if (status != PROG_FAIL || strstr(why, refused) == NULL)
			break;
		remark = "refused, it was wrong or used before; ";
	}
	mem_wipe(code, sizeof code);
	return status;
}

static enum prog_status
get(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	struct role *r = (struct role *)s;
	enum prog_status status;

	r->patient = patient;
	if (r->request.serial_number == NULL)
		return assume(r, NULL, cred, why);
	if (r->token_code != NULL) {
		status = assume(r, r->token_code, cred, why);
		mem_wipe_free(r->token_code);
		r->token_code = NULL;
		return status;
	}
	if (patient)
		return assume_with_answer(r, cred, why);
	snprintf(why, CRED_WHY_SIZE, "AssumeRole: an MFA code is needed");
	return PROG_FAIL;
}

static void
release(struct source *s)
{
	struct role *r = (struct role *)s;

	aws_free(r->client);
	source_free(r->base);
	aws_config_free(&r->config);
	mem_wipe_free(r->token_code);
	for (size_t i = 0; i < r->text_count; i++)
		free(r->texts[i]);
	free(r->texts);
	free((void *)r->request.tags);
	free((void *)r->request.transitive_tag_keys);
	free((void *)r->request.policy_arns);
}

/* A copy of s, or NULL, that release will free. */
static const char *
keep(struct role *r, const char *s)
{
	if (s == NULL)
		return NULL;
	r->texts = mem_resize(r->texts, r->text_count + 1, sizeof *r->texts);
	r->texts[r->text_count] = mem_dup_string(s);
	return r->texts[r->text_count++];
}

static const char *const *
keep_list(struct role *r, const char *const *list, size_t count)
{
	const char **copy = mem_resize(NULL, count, sizeof *copy);

	for (size_t i = 0; i < count; i++)
		copy[i] = keep(r, list[i]);
	return copy;
}

static const struct sts_tag *
keep_tags(struct role *r, const struct sts_tag *tags, size_t count)
{
	struct sts_tag *copy = mem_resize(NULL, count, sizeof *copy);

	for (size_t i = 0; i < count; i++)
		copy[i] = (struct sts_tag){ keep(r, tags[i].key), keep(r, tags[i].value) };
	return copy;
}

struct source *
source_role(const char *name, struct aws_config *sts, const struct sts_assume_role *role)
{
	struct role *r = mem_alloc(sizeof *r);

	r->source = (struct source){ .name = mem_dup_string(name), .renewable = true,
		.is_role = true, .get = get, .release = release };
	r->config = *sts;
	memset(sts, 0, sizeof *sts);
	r->base = r->config.keeper.source;
	r->config.keeper.source = NULL;
	r->token_code = mem_dup_string(role->token_code);
	netdoor_will_reach(r->config.endpoint);
	if (role->serial_number != NULL)
		terminal_prepare();
	r->request = *role;
	r->request.token_code = NULL;
	r->request.role_arn = keep(r, role->role_arn);
	r->request.session_name = keep(r, role->session_name);
	r->request.external_id = keep(r, role->external_id);
	r->request.source_identity = keep(r, role->source_identity);
	r->request.serial_number = keep(r, role->serial_number);
	r->request.tags = keep_tags(r, role->tags, role->tag_count);
	r->request.transitive_tag_keys = keep_list(r, role->transitive_tag_keys,
	    role->transitive_tag_key_count);
	r->request.policy_arns = keep_list(r, role->policy_arns, role->policy_arn_count);
	return &r->source;
}
