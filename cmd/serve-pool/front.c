/*
 * From a request to its answer (front.h), in AWS's order: protocol, signature, permission, then
 * what the quotas and the ordered faults make of it, then the parameters.
 */
#include "front.h"

#include <string.h>
#include <strings.h>

#include "exchange.h"
#include "identity.h"
#include "log.h"
#include "ops.h"
#include "sts.h"
#include "write.h"

/* An identity pool's ARN at its longest, and more than a user pool's. */
enum { RESOURCE_MAX = 512 };

/* What stands in the way of an answer, or is answered instead of it. */
static void
answer_fault(struct exchange *x)
{
	struct answer *a = &x->answer;

	switch (x->fault) {
	case FAULT_THROTTLE:
		answer_error(a, 400, "TooManyRequestsException", "Rate exceeded");
		break;
	case FAULT_ERROR500:
		answer_error(a, 500, "InternalErrorException", "Something went wrong");
		break;
	case FAULT_ERROR503:
		answer_html(a, 503, "503 Service Temporarily Unavailable");
		break;
	case FAULT_RESET:
		a->delivery = ANSWER_RESET;
		break;
	case FAULT_NO_USERS:
		buf_append_string(&a->body, "{}");
		break;
	case FAULT_EXPIRE_SESSION:
		answer_refuse(a, ANSWER_EXPIRED);
		break;
	case FAULT_NOT_JSON:
		answer_html(a, 200, "Welcome");
		break;
	default:
		break;
	}
}

/* The same in the words of STS. */
static void
answer_sts_fault(struct exchange *x)
{
	struct answer *a = &x->answer;

	if (x->fault == FAULT_THROTTLE)
		answer_sts(a, 400, "Throttling", "Rate exceeded");
	else if (x->fault == FAULT_ERROR500)
		answer_sts(a, 500, "InternalFailure", "Something went wrong");
	else if (x->fault == FAULT_DENIED)
		answer_front(a, ANSWER_DENIED, "User: %s is not authorized to perform: sts:%s",
		    x->caller.arn, x->operation);
	else
		answer_fault(x);
}

/* The pool that the request names, if it is there. */
static struct pool *
find_pool(struct exchange *x, const struct op *op)
{
	const char *id = NULL;

	if (op != NULL && (op->members & PARAM_NO_POOL) == 0)
		id = params_pool(x);
	return id != NULL ? pools_find(&x->server->pools, x->region, id) : NULL;
}

/*
 * The resource that IAM denies.  It decides before the pool is looked up: where there is one pool
 * the resource is the one that the policy names, else the one that is asked for.
 */
static void
put_pool(struct exchange *x, struct buf *b)
{
	const char *id = params_pool(x);

	if (x->server->inventory == NULL)
		pool_put_arn(x->server->own, b);
	else if (x->pool != NULL)
		pool_put_arn(x->pool, b);
	else
		buf_appendf(b, "arn:%s:cognito-idp:%s:%s:userpool/%s", x->owner->partition,
		    x->region, x->owner->account, id != NULL ? id : "*");
}

/* Whether the pool is another account's, whose own policy would have to let the caller in. */
static bool
is_foreign(const struct exchange *x)
{
	return x->pool != NULL && x->pool->owner != x->owner;
}

/* op is NULL if it is not served. */
static void
deny(struct exchange *x, const struct ops_service *s, const struct op *op)
{
	struct buf resource;

	buf_init(&resource, RESOURCE_MAX);
	if (s->member == PARAM_IDENTITY)
		identity_put_resource(x, &resource);
	else if (op != NULL && (op->members & (PARAM_NO_POOL | PARAM_RESOURCE)) == PARAM_NO_POOL)
		buf_append_byte(&resource, '*');
	else
		put_pool(x, &resource);
	answer_front(&x->answer, ANSWER_DENIED, "User: %s is not authorized to perform: "
	    "%s:%s on resource: %s because no %s-based policy allows the %s:%s action",
	    x->caller.arn, s->name, x->operation, buf_string(&resource),
	    is_foreign(x) ? "resource" : "identity", s->name, x->operation);
	buf_free(&resource);
}

static bool
is_allowed(const struct exchange *x, const struct op *op)
{
	const struct server *s = x->server;

	if (is_foreign(x) || x->caller.role == &s->via ||
	    (x->caller.role == NULL && s->require_role))
		return false;
	return (s->allowed & ops_bit(op)) != 0;
}

static void
answer_locked(struct exchange *x, const struct op *op)
{
	struct pool *p = x->pool;
	bool importing = atomic_load(&p->imports.busy);

	if (op->writes || op->imports || importing)
		pthread_rwlock_wrlock(&p->lock);
	else
		pthread_rwlock_rdlock(&p->lock);
	/* What one changes the import goes by, so that waits; all others find the import done. */
	if (importing && op->answer == write_add_custom_attributes && p->imports.running != 0)
		answer_error(&x->answer, 400, "UserImportInProgressException",
		    "A user import job is in progress");
	else if (importing && !op->imports)
		imports_finish(p);
	if (x->answer.code == NULL)
		op->answer(x);
	pthread_rwlock_unlock(&p->lock);
}

static void
perform(struct exchange *x, const struct ops_service *service, const struct op *op)
{
	struct server *s = x->server;

	faults_count(&s->faults, op->name);
	x->fault = faults_replacing(&s->faults, op->name);
	if (x->fault == FAULT_DENIED) {
		deny(x, service, op);
	} else if (x->fault != FAULT_NONE) {
		answer_fault(x);
	} else if (!quota_take(&s->quota, op->category, x->owner->account, x->region,
	    x->pool != NULL ? &x->pool->quota : NULL)) {
		answer_error(&x->answer, 400, "TooManyRequestsException", "Rate exceeded");
	} else if (params_read(x, op->members) == 0) {
		if (op->members & PARAM_NO_POOL)
			op->answer(x);
		else if (x->pool == NULL)
			answer_error(&x->answer, 400, "ResourceNotFoundException",
			    "User pool %s does not exist.", x->params.pool.data);
		else
			answer_locked(x, op);
	}
}

/* The faults on the way out strike whatever is answered. */
static void
choose_delivery(struct exchange *x)
{
	struct faults *f = &x->server->faults;

	if (x->answer.delivery != ANSWER_WHOLE)
		return;
	if (faults_strike(f, x->operation, FAULT_CUT)) {
		x->answer.delivery = ANSWER_CUT;
		x->fault = FAULT_CUT;
	} else if (faults_strike(f, x->operation, FAULT_SLOW)) {
		x->answer.delivery = ANSWER_SLOW;
		x->fault = FAULT_SLOW;
	} else if (faults_strike(f, x->operation, FAULT_LOST)) {
		x->answer.delivery = ANSWER_RESET;
		x->fault = FAULT_LOST;
	}
}

static void
cognito(struct exchange *x, const char *target)
{
	const char *name = "", *unserved = NULL;
	const struct ops_service *service = ops_service(target, &name);
	const struct op *op = NULL;

	if (service != NULL) {
		op = ops_of(service, name);
		unserved = ops_unserved(service, name);
	}
	x->operation = op != NULL ? op->name : unserved != NULL ? unserved : "";
	if (auth_check(x, service != NULL ? service->name : "cognito-idp") != 0)
		return;
	x->pool = find_pool(x, op);
	if (op == NULL && unserved == NULL) {
		answer_coral(&x->answer, 404, "UnknownOperationException", "Unknown operation");
	} else if (op == NULL || !is_allowed(x, op)) {
		deny(x, service, op);
	} else {
		perform(x, service, op);
		choose_delivery(x);
	}
}

static void
sts(struct exchange *x)
{
	struct faults *faults = &x->server->faults;

	x->answer.xml = true;
	form_read(&x->form, buf_string(&x->body));
	sts_read_operation(x);
	if (sts_is_unsigned(x) || auth_check(x, "sts") == 0) {
		faults_count(faults, x->operation);
		x->fault = faults_replacing(faults, x->operation);
		if (x->fault != FAULT_NONE)
			answer_sts_fault(x);
		else
			sts_answer(x);
		choose_delivery(x);
	}
	form_free(&x->form);
}

/* The file of an import job, which comes without a signature of ours. */
static void
upload(struct exchange *x)
{
	struct faults *faults = &x->server->faults;

	x->operation = imports_upload_name;
	faults_count(faults, x->operation);
	x->fault = faults_replacing(faults, x->operation);
	if (x->fault != FAULT_NONE)
		answer_fault(x);
	else
		imports_upload(x);
	choose_delivery(x);
}

static bool
is_form(const struct exchange *x)
{
	static const char type[] = "application/x-www-form-urlencoded";
	const char *said = exchange_header(x, "Content-Type");

	return said != NULL && strncasecmp(said, type, sizeof type - 1) == 0;
}

static void
answer(struct exchange *x)
{
	const char *target = exchange_header(x, "X-Amz-Target");
	bool is_post = strcmp(x->method, "POST") == 0 && strcmp(x->path, "/") == 0;

	x->operation = "";
	x->fault = FAULT_NONE;
	x->messages = 0;
	x->pool = NULL;
	x->owner = NULL;
	params_start(&x->params);
	if (imports_is_upload(x->method, x->path)) {
		upload(x);
	} else if (x->too_large) {
		answer_coral(&x->answer, 413, "RequestEntityTooLargeException",
		    "Request size exceeded %d bytes", EXCHANGE_BODY_MAX);
	} else if (is_post && target != NULL) {
		cognito(x, target);
	} else if (is_post && is_form(x)) {
		sts(x);
	} else {
		answer_coral(&x->answer, 404, "UnknownOperationException", "Unknown operation");
	}
}

void
front_answer(struct exchange *x)
{
	struct server *s = x->server;

	answer_start(&x->answer, s->seed, atomic_fetch_add(&s->requests, 1));
	answer(x);
	log_exchange(x);
	server_pause(s, s->latency_ms);
}
