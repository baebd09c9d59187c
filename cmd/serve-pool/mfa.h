/* The user's MFA device: a serial number and codes that are each good once. */
#ifndef SERVE_POOL_MFA_H
#define SERVE_POOL_MFA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct mfa {
	const char *serial;	/* serial_len bytes of the option's value; NULL: no device */
	size_t serial_len;
	const char *codes;	/* count codes of six digits, a comma between them */
	unsigned count;
	atomic_ullong used;	/* a bit a code */
};

/*
 * Reads SERIAL=CODE[,CODE...], which is borrowed.  Returns NULL, or the reason why it is wrong
 * (static).
 */
const char *mfa_parse(struct mfa *m, const char *text);

/* Whether the user's device has this serial number. */
bool mfa_is_device(const struct mfa *m, const char *serial);

/* Whether the code is one of the device's and was not used before; now it is. */
bool mfa_take(struct mfa *m, const char *code);

#endif
