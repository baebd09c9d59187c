/* A request in the query protocol (form.h). */
#include "form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The longest name of a member, TransitiveTagKeys.member.NUMBER, and room. */
enum { NAME_SIZE = 80 };

static int
hex_value(char c)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at == NULL ? -1 : (int)(at - digits) & 15;
}

static char *
decode(const char *s, size_t len)
{
	char *out = mem_alloc(len + 1);
	size_t i, n = 0;
	int high, low;

	for (i = 0; i < len; i++) {
		high = s[i] == '%' && i + 2 < len ? hex_value(s[i + 1]) : -1;
		low = high >= 0 ? hex_value(s[i + 2]) : -1;
		if (low >= 0) {
			/* A NUL would end the value; no member may hold it, nor what stands for it. */
			out[n++] = (char)(unsigned char)(high + low == 0 ? 1 : high * 16 + low);
			i += 2;
		} else {
			out[n++] = s[i];
			if (s[i] == '+')
				out[n - 1] = ' ';
		}
	}
	return out;
}

void
form_read(struct form *f, const char *body)
{
	const char *s;
	size_t len, name_len, most = 1;

	for (s = body; (s = strchr(s, '&')) != NULL; s++)
		most++;
	f->pair = mem_alloc(most * sizeof *f->pair);
	for (s = body; *s != '\0'; s += len + (s[len] == '&')) {
		len = strcspn(s, "&");
		name_len = strcspn(s, "=&");
		if (name_len == len)	/* no value */
			continue;
		f->pair[f->count].name = decode(s, name_len);
		f->pair[f->count++].value = decode(s + name_len + 1, len - name_len - 1);
	}
}

void
form_free(struct form *f)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		free(f->pair[i].name);
		mem_wipe_free(f->pair[i].value);
	}
	free(f->pair);
	f->pair = NULL;
	f->count = 0;
}

const char *
form_value(const struct form *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (strcmp(f->pair[i].name, name) == 0)
			return f->pair[i].value;
	return NULL;
}

size_t
form_count(const struct form *f, const char *name)
{
	char start[NAME_SIZE];
	size_t i, n, len, most = 0;
	const char *s;

	len = (size_t)snprintf(start, sizeof start, "%s.member.", name);
	for (i = 0; i < f->count; i++) {
		if (strncmp(f->pair[i].name, start, len) != 0)
			continue;
		/* Numbers beyond six digits are no list's, and cannot overflow this way. */
		for (n = 0, s = f->pair[i].name + len; *s >= '0' && *s <= '9' && n < 1000000; s++)
			n = n * 10 + (size_t)(*s - '0');
		if (n > most)
			most = n;
	}
	return most;
}

const char *
form_item(const struct form *f, const char *name, size_t n, const char *member)
{
	char whole[NAME_SIZE];

	snprintf(whole, sizeof whole, "%s.member.%zu%s%s", name, n, member != NULL ? "." : "",
	    member != NULL ? member : "");
	return form_value(f, whole);
}
