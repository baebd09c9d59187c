/* AWS's INI files (ini.h). */
#include "base/ini.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/words.h"

enum { NAME_SHOWN_MAX = 80 };

/* Part of the text, or of a line. */
struct span {
	const char *s;
	size_t len;
};

struct reader {
	struct ini *ini;
	int line;
	bool open;		/* the last setting's value may go on */
	size_t indent;		/* of the line with its key; a deeper one goes on with the value */
	size_t blank_lines;	/* since the value's last line: they count if it goes on */
	struct buf value;
	char *why;
};

/* A section or a key, and where it stands. */
struct place {
	const char *kind, *name;
	int line;
};

static int
fail(struct reader *r, const char *what)
{
	snprintf(r->why, INI_WHY_SIZE, "%s", what);
	return -1;
}

static bool
is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static struct span
trim(struct span t)
{
	while (t.len > 0 && is_white(t.s[0])) {
		t.s++;
		t.len--;
	}
	while (t.len > 0 && is_white(t.s[t.len - 1]))
		t.len--;
	return t;
}

/* Of the ASCII letters only. */
static char *
lower_case(struct span t)
{
	char *copy = mem_dup(t.s, t.len);

	for (char *s = copy; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
	return copy;
}

static struct ini_section *
last_section(struct reader *r)
{
	return &r->ini->sections[r->ini->count - 1];
}

static struct ini_setting *
last_setting(struct reader *r)
{
	struct ini_section *section = last_section(r);

	return &section->settings[section->count - 1];
}

static void
close_value(struct reader *r)
{
	if (r->open)
		last_setting(r)->value = mem_dup(buf_string(&r->value), r->value.len);
	r->open = false;
}

/* Splits "KEY = VALUE" at the first of the delimiters. */
static int
split(struct reader *r, struct span line, const char *delimiters, struct span *key,
    struct span *value)
{
	size_t at = 0;

	while (at < line.len && strchr(delimiters, line.s[at]) == NULL)
		at++;
	if (at == line.len)
		return fail(r, "neither [section], key = value nor # comment");
	*key = trim((struct span){ line.s, at });
	*value = trim((struct span){ line.s + at + 1, line.len - at - 1 });
	return key->len > 0 ? 0 : fail(r, "no key before the =");
}

/* Adds a setting, whose value the caller sets. */
static struct ini_setting *
append(struct reader *r, struct ini_setting **settings, size_t *count, struct span key)
{
	/* Doubled at powers of two: all of a file may be one section. */
	if ((*count & (*count - 1)) == 0)
		*settings = mem_resize(*settings, *count > 0 ? *count * 2 : 1, sizeof **settings);
	(*settings)[*count] = (struct ini_setting){ .key = lower_case(key), .line = r->line };
	return &(*settings)[(*count)++];
}

static int
take_key(struct reader *r, struct span line)
{
	struct ini_section *section;
	struct span key, value;

	if (r->ini->count == 0)
		return fail(r, "a line before the first [section]");
	if (split(r, line, "=:", &key, &value) != 0)
		return -1;
	section = last_section(r);
	(void)append(r, &section->settings, &section->count, key);
	r->open = true;
	r->blank_lines = 0;
	buf_clear(&r->value);
	(void)buf_append(&r->value, value.s, value.len);
	return 0;
}

/* A line that belongs to the value of the last key. */
static int
go_on(struct reader *r, struct span line)
{
	struct ini_setting *setting = last_setting(r);
	struct span key, value;

	if (r->value.len == 0) {
		if (split(r, line, "=", &key, &value) != 0)
			return -1;
		append(r, &setting->nested, &setting->nested_count, key)->value =
		    mem_dup(value.s, value.len);
		return 0;
	}
	for (; r->blank_lines > 0; r->blank_lines--)
		(void)buf_append_byte(&r->value, '\n');
	(void)buf_append_byte(&r->value, '\n');
	(void)buf_append(&r->value, line.s, line.len);
	return 0;
}

/* Two words are kind and name; what botocore does not split stays whole. */
static void
name_section(struct ini_section *section)
{
	const char *why;
	size_t count = 0;
	char **words = is_white(section->title[0]) ? NULL :
	    words_split(section->title, &count, &why);

	section->kind = mem_dup_string(words != NULL && count == 2 ? words[0] : "");
	section->name = mem_dup_string(words != NULL && count == 2 ? words[1] : section->title);
	words_free(words);
}

static int
take_section(struct reader *r, struct span line)
{
	struct ini *ini = r->ini;
	size_t end = line.len - 1;

	/* The last bracket ends it, and what follows does not count, as in Python. */
	while (end > 0 && line.s[end] != ']')
		end--;
	if (end == 0)
		return fail(r, "a [section] without its closing bracket");
	if (end == 1)
		return fail(r, "a [section] without a name");
	if ((ini->count & (ini->count - 1)) == 0)
		ini->sections = mem_resize(ini->sections, ini->count > 0 ? ini->count * 2 : 1,
		    sizeof *ini->sections);
	ini->sections[ini->count++] = (struct ini_section){
		.title = mem_dup(line.s + 1, end - 1), .line = r->line };
	name_section(last_section(r));
	return 0;
}

static int
take_line(struct reader *r, struct span whole)
{
	struct span line = trim(whole);
	size_t indent = (size_t)(line.s - whole.s);

	if (line.len == 0)
		r->blank_lines++;
	if (line.len == 0 || line.s[0] == '#' || line.s[0] == ';')
		return 0;
	if (r->open && indent > r->indent)
		return go_on(r, line);
	close_value(r);
	r->indent = indent;
	return line.s[0] == '[' ? take_section(r, line) : take_key(r, line);
}

static int
take_lines(struct reader *r, const char *text, size_t len)
{
	const char *end = text + len;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text < end) {
		const char *s = text;

		r->line++;
		while (text < end && *text != '\n' && *text != '\r' && *text != '\0')
			text++;
		if (text < end && *text == '\0')
			return fail(r, "a NUL byte");
		if (take_line(r, (struct span){ s, (size_t)(text - s) }) != 0)
			return -1;
		if (end - text >= 2 && text[0] == '\r' && text[1] == '\n')
			text++;
		if (text < end)
			text++;
	}
	close_value(r);
	return 0;
}

static int
compare_names(const struct place *a, const struct place *b)
{
	int order = strcmp(a->kind, b->kind);

	return order != 0 ? order : strcmp(a->name, b->name);
}

static int
compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = compare_names(x, y);

	return order != 0 ? order : x->line - y->line;
}

/* Looks for what stands there twice, and blames the first such line. */
static int
check_once(struct reader *r, const char *what, struct place *places, size_t count)
{
	const struct place *twice = NULL;

	qsort(places, count, sizeof *places, compare_places);
	for (size_t i = 1; i < count; i++)
		if (compare_names(&places[i], &places[i - 1]) == 0 &&
		    (twice == NULL || places[i].line < twice->line))
			twice = &places[i];
	if (twice == NULL)
		return 0;
	r->line = twice->line;
	snprintf(r->why, INI_WHY_SIZE, "%s \"%.*s\" for the second time: it stands on line %d, too",
	    what, NAME_SHOWN_MAX, twice->name, twice[-1].line);
	return -1;
}

static int
check_settings(struct reader *r, const struct ini_setting *settings, size_t count)
{
	struct place *places = mem_resize(NULL, count + 1, sizeof *places);
	int rc;

	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){ "", settings[i].key, settings[i].line };
	rc = check_once(r, "the key", places, count);
	free(places);
	for (size_t i = 0; i < count && rc == 0; i++)
		if (settings[i].nested_count > 0)
			rc = check_settings(r, settings[i].nested, settings[i].nested_count);
	return rc;
}

static int
check_sections(struct reader *r)
{
	const struct ini *ini = r->ini;
	struct place *places = mem_resize(NULL, ini->count + 1, sizeof *places);
	int rc;

	for (size_t i = 0; i < ini->count; i++)
		places[i] = (struct place){ ini->sections[i].kind, ini->sections[i].name,
			ini->sections[i].line };
	rc = check_once(r, "the section", places, ini->count);
	free(places);
	for (size_t i = 0; i < ini->count && rc == 0; i++)
		rc = check_settings(r, ini->sections[i].settings, ini->sections[i].count);
	return rc;
}

int
ini_parse(struct ini *ini, const char *text, size_t len, int *line, char why[INI_WHY_SIZE])
{
	struct reader r = { .ini = ini, .why = why };
	int rc;

	memset(ini, 0, sizeof *ini);
	/* Room for every value, so that none is left behind where a buffer grew. */
	buf_init(&r.value, len);
	(void)buf_reserve(&r.value, len);
	rc = take_lines(&r, text, len);
	if (rc == 0)
		rc = check_sections(&r);
	buf_wipe(&r.value);
	*line = r.line;
	if (rc != 0)
		ini_free(ini);
	return rc;
}

static void
free_settings(struct ini_setting *settings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_wipe_free(settings[i].key);
		mem_wipe_free(settings[i].value);
		free_settings(settings[i].nested, settings[i].nested_count);
	}
	free(settings);
}

void
ini_free(struct ini *ini)
{
	for (size_t i = 0; i < ini->count; i++) {
		free(ini->sections[i].title);
		free(ini->sections[i].kind);
		free(ini->sections[i].name);
		free_settings(ini->sections[i].settings, ini->sections[i].count);
	}
	free(ini->sections);
	memset(ini, 0, sizeof *ini);
}

const struct ini_section *
ini_section(const struct ini *ini, const char *kind, const char *name)
{
	for (size_t i = 0; i < ini->count; i++)
		if (strcmp(ini->sections[i].kind, kind) == 0 &&
		    strcmp(ini->sections[i].name, name) == 0)
			return &ini->sections[i];
	return NULL;
}

static const struct ini_setting *
find(const struct ini_setting *settings, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(settings[i].key, key) == 0)
			return &settings[i];
	return NULL;
}

const struct ini_setting *
ini_setting(const struct ini_section *section, const char *key)
{
	return section != NULL ? find(section->settings, section->count, key) : NULL;
}

const struct ini_setting *
ini_nested(const struct ini_setting *setting, const char *key)
{
	return setting != NULL ? find(setting->nested, setting->nested_count, key) : NULL;
}
