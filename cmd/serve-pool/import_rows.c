/*
 * The rows of an import job's file become users (imports.h), as AdminCreateUser would make them
 * without a message, but for their status.
 *
 * No quotes; a comma within a value has a backslash in front; blanks round a value are dropped.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/mem.h"
#include "csv_header.h"
#include "exchange.h"
#include "imports.h"
#include "json/jtext.h"
#include "json/utf8.h"
#include "write.h"

enum { COLUMNS_MAX = 200 };

struct cell {
	char *s;
	size_t len;
};

struct row {
	struct buf text;		/* the cells, each with a NUL behind it */
	struct cell cell[COLUMNS_MAX];
	size_t count;
};

enum outcome { IMPORTED, SKIPPED, FAILED };

/* The next line without its end.  Returns false at the end of the file. */
static bool
next_line(struct import_job *j, const char **line, size_t *len)
{
	const char *from = j->file + j->at, *lf;

	if (j->at == j->len)
		return false;
	lf = memchr(from, '\n', j->len - j->at);
	*line = from;
	*len = lf != NULL ? (size_t)(lf - from) : j->len - j->at;
	j->at += *len + (lf != NULL);
	j->line++;
	if (*len > 0 && from[*len - 1] == '\r')
		--*len;
	return true;
}

static void
trim(struct cell *c)
{
	while (c->len > 0 && strchr(" \t", c->s[c->len - 1]) != NULL)
		c->s[--c->len] = '\0';
	while (c->len > 0 && strchr(" \t", *c->s) != NULL) {
		c->s++;
		c->len--;
	}
}

/* Takes the line apart.  Returns 0, or -1: too many cells, or no text. */
static int
split(struct row *r, const char *line, size_t len)
{
	const char *end = line + len;
	char *to;

	if (utf8_valid(line, len) != len || memchr(line, '\0', len) != NULL)
		return -1;
	buf_clear(&r->text);
	buf_reserve(&r->text, 2 * len + 2);
	r->count = 0;
	to = r->text.data;
	for (;; line++) {
		struct cell *c = &r->cell[r->count++];

		for (c->s = to; line < end && *line != ','; line++) {
			if (*line == '\\' && line + 1 < end && line[1] == ',')
				line++;
			*to++ = *line;
		}
		c->len = (size_t)(to - c->s);
		*to++ = '\0';
		trim(c);
		if (line == end)
			return 0;
		if (r->count == COLUMNS_MAX)
			return -1;
	}
}

static int
refuse_file(struct import_job *j, const char *completion)
{
	j->completion = completion;
	return -1;
}

/* All columns that there are to be, each once. */
static int
read_header(const struct pool *p, struct import_job *j, struct row *r)
{
	const char *line;
	struct buf name;
	size_t len;

	if (j->len > IMPORTS_FILE_MAX)
		return refuse_file(j, "FileTooLarge");
	if (!next_line(j, &line, &len) || len > IMPORTS_ROW_MAX || split(r, line, len) != 0 ||
	    r->count != csv_header_count(&p->schema))
		return refuse_file(j, "InvalidHeader");
	buf_init(&name, EXCHANGE_TEXT_MAX);
	for (size_t i = 0; i < r->count; i++) {
		buf_clear(&name);
		jtext_string(&name, r->cell[i].s, r->cell[i].len);
		j->column = mem_resize(j->column, i + 1, sizeof *j->column);
		j->column[i] = mem_dup(name.data + 1, name.len - 2);
		j->columns = i + 1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(j->column[k], j->column[i]) == 0)
				j->completion = "InvalidHeader";
		if (!csv_header_has(&p->schema, j->column[i]))
			j->completion = "InvalidHeader";
	}
	buf_free(&name);
	return j->completion != NULL ? -1 : 0;
}

/* The cell of the column, "" if it is empty. */
static struct cell
cell_of(const struct import_job *j, const struct row *r, const char *column)
{
	static char nothing[1];

	for (size_t i = 0; i < j->columns; i++)
		if (strcmp(j->column[i], column) == 0)
			return r->cell[i];
	return (struct cell){ nothing, 0 };
}

static bool
is_true(const struct import_job *j, const struct row *r, const char *column)
{
	return strcasecmp(cell_of(j, r, column).s, "true") == 0;
}

enum { BIRTHDATE_SIZE = 11 };

/* The file's mm/dd/yyyy as the attribute has it.  Returns 0, or -1: it is of another form. */
static int
turn_birthdate(struct cell *c, char out[BIRTHDATE_SIZE])
{
	static const char form[] = "../../....";

	if (c->len != BIRTHDATE_SIZE - 1)
		return -1;
	for (size_t i = 0; i < c->len; i++)
		if (form[i] == '/' ? c->s[i] != '/' : c->s[i] < '0' || c->s[i] > '9')
			return -1;
	if (memcmp(c->s, "01", 2) < 0 || memcmp(c->s, "12", 2) > 0 ||
	    memcmp(c->s + 3, "01", 2) < 0 || memcmp(c->s + 3, "31", 2) > 0)
		return -1;
	memcpy(out, c->s + 6, 4);
	out[4] = out[7] = '-';
	memcpy(out + 5, c->s, 2);
	memcpy(out + 8, c->s + 3, 2);
	out[BIRTHDATE_SIZE - 1] = '\0';
	c->s = out;
	return 0;
}

static int
put_attribute(struct buf *b, const char *column, struct cell c)
{
	char birthdate[BIRTHDATE_SIZE];

	if (strcmp(column, "birthdate") == 0 && turn_birthdate(&c, birthdate) != 0)
		return -1;
	buf_appendf(b, "{\"Name\":\"%s\",\"Value\":", column);
	if (strcasecmp(c.s, "true") == 0)
		buf_append_string(b, "\"true\"");
	else if (strcasecmp(c.s, "false") == 0)
		buf_append_string(b, "\"false\"");
	else
		jtext_string(b, c.s, c.len);
	buf_append_byte(b, '}');
	return 0;
}

/* Whether the column says FALSE, as the form wants it, of an address that there is none of. */
static bool
is_idle_flag(const struct import_job *j, const struct row *r, const char *column)
{
	return !is_true(j, r, column) && ((strcmp(column, "email_verified") == 0 &&
	    cell_of(j, r, "email").len == 0) || (strcmp(column, "phone_number_verified") == 0 &&
	    cell_of(j, r, "phone_number").len == 0));
}

/* The row as AdminCreateUser would be told it.  Returns 0, or -1: a value cannot be told. */
static int
put_request(const struct pool *p, struct buf *b, const struct import_job *j, const struct row *r)
{
	struct cell name = cell_of(j, r, "cognito:username");
	bool first = true;

	buf_clear(b);
	buf_appendf(b, "{\"UserPoolId\":\"%s\",\"MessageAction\":\"SUPPRESS\",\"Username\":",
	    p->id);
	jtext_string(b, name.s, name.len);
	buf_append_string(b, ",\"UserAttributes\":[");
	for (size_t i = 0; i < j->columns; i++) {
		if (r->cell[i].len == 0 || strncmp(j->column[i], "cognito:", 8) == 0 ||
		    is_idle_flag(j, r, j->column[i]))
			continue;
		buf_append_string(b, first ? "" : ",");
		if (put_attribute(b, j->column[i], r->cell[i]) != 0)
			return -1;
		first = false;
	}
	buf_append_string(b, "]}");
	return 0;
}

static bool
is_verified(const struct pool *p, const struct import_job *j, const struct row *r)
{
	unsigned set = p->schema.auto_verified;

	return ((set & SCHEMA_EMAIL) != 0 && is_true(j, r, "email_verified") &&
	    cell_of(j, r, "email").len > 0) ||
	    ((set & SCHEMA_PHONE) != 0 && is_true(j, r, "phone_number_verified") &&
	    cell_of(j, r, "phone_number").len > 0);
}

/* Whether a user lacks what the schema requires. */
static bool
lacks(const struct pool *p, const struct import_job *j, const struct row *r)
{
	for (size_t i = 0; i < p->schema.count; i++) {
		const struct schema_attribute *a = &p->schema.attribute[i];

		if (a->required && strcmp(a->name, "sub") != 0 && cell_of(j, r, a->name).len == 0)
			return true;
	}
	return false;
}

static void
set_status(struct exchange *x)
{
	uint32_t number = write_find_user(x);
	struct user u;

	if (number == UINT32_MAX)
		return;
	user_read(&u, &x->pool->store.users.item[number]);
	user_set_status(&u, "RESET_REQUIRED");
	write_user(x, number, &u);
	user_free(&u);
}

static enum outcome
import_row(struct exchange *x, const struct import_job *j, const struct row *r)
{
	const struct pool *p = x->pool;

	if (put_request(p, &x->body, j, r) != 0)
		return FAILED;
	params_start(&x->params);
	answer_start(&x->answer, x->server->seed, 0);
	if (params_read(x, PARAM_USER | PARAM_ATTRIBUTES | PARAM_OPTIONAL | PARAM_CREATE) != 0)
		return FAILED;
	/* Who is there already is passed over, whatever else the row says. */
	if (login_find(&p->login, &p->store.users, buf_string(&x->params.key),
	    x->params.key.len) != UINT32_MAX)
		return SKIPPED;
	if (!is_verified(p, j, r) || lacks(p, j, r) || (is_true(j, r, "cognito:mfa_enabled") &&
	    cell_of(j, r, "phone_number").len == 0))
		return FAILED;
	write_admin_create_user(x);
	if (x->answer.code != NULL)
		return strcmp(x->answer.code, "UsernameExistsException") == 0 ? SKIPPED : FAILED;
	set_status(x);
	return IMPORTED;
}

static void
count(struct import_job *j, enum outcome outcome)
{
	static const char *const said[] = { "SUCCEEDED", "SKIPPED", "FAILED" };

	diag_verbose(1, "%s: [%s] Line Number %llu", j->id, said[outcome],
	    (unsigned long long)j->line);
	if (outcome == IMPORTED)
		j->imported++;
	else if (outcome == SKIPPED)
		j->skipped++;
	else
		j->failed++;
}

static int
take_rows(const struct pool *p, struct import_job *j, uint64_t max, struct exchange *x,
    struct row *r)
{
	const char *line;
	size_t len;

	if (j->columns == 0 && read_header(p, j, r) != 0)
		return -1;
	for (; max > 0; max--) {
		if (!next_line(j, &line, &len))
			return 1;
		if (j->imported + j->skipped + j->failed == IMPORTS_ROWS_MAX)
			return refuse_file(j, "TooManyUsers");
		if (split(r, line, len) != 0 || r->count != j->columns ||
		    utf8_count(line, len) > IMPORTS_ROW_MAX)
			return refuse_file(j, "InvalidRow");
		count(j, import_row(x, j, r));
	}
	return 0;
}

int
imports_rows(struct pool *p, struct import_job *j, uint64_t count_max)
{
	struct exchange *x = mem_alloc(sizeof *x);
	struct row *r = mem_alloc(sizeof *r);
	int result;

	x->server = p->server;
	x->pool = p;
	buf_init(&x->body, EXCHANGE_BODY_MAX);
	buf_init(&r->text, SIZE_MAX);
	params_init(&x->params);
	answer_init(&x->answer);
	result = take_rows(p, j, count_max, x, r);
	buf_free(&x->body);
	buf_free(&r->text);
	params_free(&x->params);
	answer_free(&x->answer);
	free(x);
	free(r);
	return result;
}
