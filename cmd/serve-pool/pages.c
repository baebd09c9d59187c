/* Page tokens (pages.h). */
#include "pages.h"

#include <string.h>

#include "exchange.h"
#include "json/jtext.h"

/* A name or a list of attributes, with the filter: together no longer than the body. */
enum { BOUND_MAX = EXCHANGE_TEXT_MAX };

struct hidden {
	uint64_t at;
	int64_t issued_ms;
	unsigned char bound[12];	/* to what is asked for, and where */
	uint32_t step;
};

_Static_assert(sizeof(struct hidden) == PAGES_HIDDEN, "no byte of it is undefined");
_Static_assert((OPAQUE_TAG + PAGES_HIDDEN) % 3 == 0, "no padding in the token");

/* What the token is bound to.  Every part ends with a NUL, which none of them holds otherwise. */
static void
bind_to(const struct exchange *x, unsigned char bound[12])
{
	const struct params *p = &x->params;
	unsigned char mac[32];
	struct buf b;

	buf_init(&b, BOUND_MAX);
	buf_appendf(&b, "%s%c%s%c%s%c%s%c%d%c", x->operation, '\0', x->region, '\0',
	    x->owner->account, '\0', x->pool != NULL ? x->pool->id : "", '\0', p->limit, '\0');
	buf_append(&b, buf_string(&p->key), p->key.len + 1);
	if (p->filter.len > 0)
		buf_append(&b, p->filter.data, p->filter.len);
	buf_append_byte(&b, '\0');
	if (p->attributes != 0)
		jtext_value(&b, &p->list, buf_string(&x->body), p->attributes);
	opaque_mac(x->server->token_key, b.data, b.len, mac);
	buf_free(&b);
	memcpy(bound, mac, 12);
}

static int
refuse(struct exchange *x, const char *why)
{
	answer_error(&x->answer, 400, "InvalidParameterException", "%s", why);
	return -1;
}

int
pages_open(struct exchange *x, struct page_place *place)
{
	const struct server *s = x->server;
	struct hidden h;
	unsigned char bound[sizeof h.bound];

	memset(place, 0, sizeof *place);
	if (!x->params.has_token)
		return 0;
	if (opaque_show(s->token_key, x->params.token.data, x->params.token.len, &h, sizeof h) != 0)
		return refuse(x, "Invalid pagination token given.");
	bind_to(x, bound);
	if (memcmp(bound, h.bound, sizeof bound) != 0)
		return refuse(x, "Paging Marker is Invalid for Request");
	if (faults_strike(&x->server->faults, x->operation, FAULT_EXPIRE_TOKEN))
		x->fault = FAULT_EXPIRE_TOKEN;
	if (x->fault == FAULT_EXPIRE_TOKEN ||
	    server_now_ms(s) - h.issued_ms >= s->token_seconds * 1000)
		return refuse(x, "The pagination token has expired.");
	place->at = h.at;
	place->step = h.step;
	return 0;
}

void
pages_token(const struct exchange *x, const struct page_place *place, char out[PAGES_TOKEN_SIZE])
{
	struct hidden h = {
		.at = place->at, .issued_ms = server_now_ms(x->server), .step = place->step
	};

	bind_to(x, h.bound);
	opaque_hide(x->server->token_key, &h, sizeof h, out);
}
