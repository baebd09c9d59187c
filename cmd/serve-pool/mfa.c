/* The user's MFA device (mfa.h). */
#include "mfa.h"

#include <string.h>

/* The service model's lengths of a serial number; a code; the bits of "used". */
enum { SERIAL_MIN = 9, SERIAL_MAX = 256, CODE_LEN = 6, CODES_MAX = 64 };

const char *
mfa_parse(struct mfa *m, const char *text)
{
	static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "_+=/:,.@-";
	const char *last = strrchr(text, '='), *code;	/* a serial number may hold one, too */

	if (last == NULL)
		return "not SERIAL=CODE";
	m->serial_len = (size_t)(last - text);
	if (m->serial_len < SERIAL_MIN || m->serial_len > SERIAL_MAX ||
	    strspn(text, word) < m->serial_len)
		return "a serial number has 9 to 256 characters of a-z A-Z 0-9 _+=/:,.@-";
	m->codes = last + 1;
	for (code = m->codes;; code += CODE_LEN + 1) {
		if (strspn(code, "0123456789") != CODE_LEN ||
		    (code[CODE_LEN] != '\0' && code[CODE_LEN] != ','))
			return "a code has six digits";
		if (++m->count > CODES_MAX)
			return "more than 64 codes";
		if (code[CODE_LEN] == '\0')
			break;
	}
	m->serial = text;
	return NULL;
}

bool
mfa_is_device(const struct mfa *m, const char *serial)
{
	return m->serial != NULL && strlen(serial) == m->serial_len &&
	    memcmp(serial, m->serial, m->serial_len) == 0;
}

bool
mfa_take(struct mfa *m, const char *code)
{
	unsigned long long bit;
	unsigned i;

	for (i = 0; i < m->count; i++) {
		bit = 1ULL << i;
		if (strlen(code) == CODE_LEN &&
		    memcmp(code, m->codes + (size_t)i * (CODE_LEN + 1), CODE_LEN) == 0 &&
		    (atomic_fetch_or(&m->used, bit) & bit) == 0)
			return true;
	}
	return false;
}
