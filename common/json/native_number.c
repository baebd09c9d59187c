/*
 * The builtin functions on numbers.
 *
 * What is an error in jq is NATIVE_DOUBT here.
 */
#include "json/native_function.h"

static int
f_tonumber(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	int64_t number = 0;

	(void)r;
	(void)arg;
	*out = *in;
	if (in->kind != TOK_STRING || in->n == 0 || in->n > NATIVE_DIGITS_MAX ||
	    (in->n > 1 && in->u.text[0] == '0'))
		return in->kind == TOK_NUMBER ? NATIVE_ONE : NATIVE_DOUBT;
	for (uint32_t i = 0; i < in->n; i++) {
		if (in->u.text[i] < '0' || in->u.text[i] > '9')
			return NATIVE_DOUBT;
		number = number * 10 + (in->u.text[i] - '0');
	}
	*out = native_int(number);
	return NATIVE_ONE;
}

const struct native_builtin native_number_rows[] = {
	{ "tonumber", 0, f_tonumber }, { NULL, 0, NULL }
};
