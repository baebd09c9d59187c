/* Misbehaviour on order (fault.h). */
#include "fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "chance.h"
#include "imports.h"
#include "ops.h"
#include "sts.h"

static const char *const names[FAULT_KINDS] = {
	[FAULT_THROTTLE] = "throttle",
	[FAULT_ERROR500] = "error500",
	[FAULT_ERROR503] = "error503",
	[FAULT_RESET] = "reset",
	[FAULT_NO_USERS] = "no-users",
	[FAULT_EXPIRE_SESSION] = "expire-session",
	[FAULT_NOT_JSON] = "not-json",
	[FAULT_DENIED] = "denied",
	[FAULT_EXPIRE_TOKEN] = "expire-token",
	[FAULT_REPEAT_TOKEN] = "repeat-token",
	[FAULT_DUPLICATE_USER] = "duplicate-user",
	[FAULT_VANISH_USER] = "vanish-user",
	[FAULT_CUT] = "cut",
	[FAULT_SLOW] = "slow",
	[FAULT_LOST] = "lost",
};

void
faults_init(struct faults *f, uint64_t seed)
{
	memset(f, 0, sizeof *f);
	f->seed = seed;
	pthread_mutex_init(&f->lock, NULL);
}

void
faults_free(struct faults *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		free(f->fault[i].operation);
	free(f->fault);
	pthread_mutex_destroy(&f->lock);
}

const char *
fault_name(enum fault_kind kind)
{
	return names[kind];
}

static enum fault_kind
find_kind(const char *text, size_t len)
{
	enum fault_kind k;

	for (k = FAULT_NONE + 1; k < FAULT_KINDS; k++)
		if (strlen(names[k]) == len && memcmp(names[k], text, len) == 0)
			return k;
	return FAULT_NONE;
}

/* "N" or "N+STEP". */
static const char *
parse_when(struct fault *f, const char *text)
{
	const char *why = NULL, *plus = strchr(text, '+');
	char *n = mem_dup(text, plus != NULL ? (size_t)(plus - text) : strlen(text));
	int64_t first = 0, step = 0;

	if (num_parse(n, 1, INT64_MAX, &first, &why) == 0 && plus != NULL)
		num_parse(plus + 1, 1, INT64_MAX, &step, &why);
	free(n);
	f->first = (uint64_t)first;
	f->step = (uint64_t)step;
	return first == 0 || (plus != NULL && step == 0) ? why : NULL;
}

/* "P%". */
static const char *
parse_percent(struct fault *f, const char *text)
{
	size_t len = strlen(text);
	const char *why = "no % behind the number";
	char *n;

	if (len == 0 || text[len - 1] != '%')
		return why;
	n = mem_dup(text, len - 1);
	if (num_parse_decimal(n, 0.000001, 100, &f->percent, &why) == 0)
		why = NULL;
	free(n);
	return why;
}

static const char *
parse(struct fault *f, const char *text)
{
	const char *colon = strchr(text, ':');
	size_t len;

	if (colon != NULL) {
		f->operation = mem_dup(text, (size_t)(colon - text));
		if (ops_find(f->operation) == NULL && !sts_knows(f->operation) &&
		    strcmp(f->operation, imports_upload_name) != 0)
			return "no such operation";
		text = colon + 1;
	}
	len = strcspn(text, "@=");
	f->kind = find_kind(text, len);
	if (f->kind == FAULT_NONE)
		return "no such fault";
	if (text[len] == '\0')
		return "no @N or =P% behind the fault";
	return text[len] == '@' ? parse_when(f, text + len + 1) : parse_percent(f, text + len + 1);
}

const char *
faults_parse(struct faults *f, const char *text)
{
	struct fault one = {0};
	const char *why = parse(&one, text);

	if (why != NULL) {
		free(one.operation);
		return why;
	}
	f->fault = mem_resize(f->fault, f->count + 1, sizeof *f->fault);
	f->fault[f->count++] = one;
	return NULL;
}

/* What is said of no operation is said of the pool's: a run must get its session. */
static bool
is_meant(const struct fault *f, const char *operation)
{
	if (f->operation == NULL)
		return !sts_knows(operation);
	return strcmp(f->operation, operation) == 0;
}

static bool
falls_due(const struct faults *all, const struct fault *f)
{
	if (f->percent > 0)
		return (double)(chance(all->seed, (uint64_t)(f - all->fault), f->seen) >> 11) /
		    9007199254740992.0 * 100 < f->percent;
	if (f->seen < f->first)
		return false;
	return f->step == 0 ? f->seen == f->first : (f->seen - f->first) % f->step == 0;
}

void
faults_count(struct faults *f, const char *operation)
{
	size_t i;

	if (f->count == 0)
		return;
	pthread_mutex_lock(&f->lock);
	for (i = 0; i < f->count; i++)
		if (is_meant(&f->fault[i], operation)) {
			f->fault[i].seen++;
			if (falls_due(f, &f->fault[i]))
				f->fault[i].due++;
		}
	pthread_mutex_unlock(&f->lock);
}

/* The first due fault of the kinds from first to last, which is spent. */
static enum fault_kind
spend(struct faults *f, const char *operation, enum fault_kind first, enum fault_kind last)
{
	enum fault_kind kind = FAULT_NONE;
	size_t i;

	if (f->count == 0)
		return FAULT_NONE;
	pthread_mutex_lock(&f->lock);
	for (i = 0; i < f->count && kind == FAULT_NONE; i++)
		if (f->fault[i].due > 0 && f->fault[i].kind >= first && f->fault[i].kind <= last &&
		    is_meant(&f->fault[i], operation)) {
			f->fault[i].due--;
			kind = f->fault[i].kind;
		}
	pthread_mutex_unlock(&f->lock);
	return kind;
}

enum fault_kind
faults_replacing(struct faults *f, const char *operation)
{
	return spend(f, operation, FAULT_NONE + 1, FAULT_REPLACING);
}

bool
faults_strike(struct faults *f, const char *operation, enum fault_kind kind)
{
	return spend(f, operation, kind, kind) != FAULT_NONE;
}
