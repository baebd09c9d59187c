/*
 * Any bytes as an INI file, and as a command to split.  What a file says is found by its name, and
 * when it is written down again, it says the same; so do words in quotes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/ini.h"
#include "base/mem.h"
#include "base/words.h"

enum { TEXT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool good)
{
	if (!good)
		abort();
}

static void
check_setting(const struct ini_setting *s, int line)
{
	check(s->line > line && s->key[0] != '\0' && s->value != NULL);
	check(strpbrk(s->key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ=\r\n") == NULL);
	check(s->nested_count == 0 || s->value[0] == '\0');
}

static void
write_setting(struct buf *b, const struct ini_setting *s)
{
	buf_appendf(b, "%s=", s->key);
	for (const char *c = s->value; *c != '\0'; c++) {
		buf_append_byte(b, *c);
		if (*c == '\n')
			buf_append_byte(b, ' ');
	}
	buf_append_byte(b, '\n');
	for (size_t i = 0; i < s->nested_count; i++) {
		check_setting(&s->nested[i], s->line);
		check(ini_nested(s, s->nested[i].key) == &s->nested[i]);
		buf_appendf(b, " %s=%s\n", s->nested[i].key, s->nested[i].value);
	}
}

static void
write_file(struct buf *b, const struct ini *ini)
{
	for (size_t i = 0; i < ini->count; i++) {
		const struct ini_section *section = &ini->sections[i];

		check(ini_section(ini, section->kind, section->name) == section);
		check(section->title[0] != '\0' && (i == 0 || section->line > section[-1].line));
		buf_appendf(b, "[%s]\n", section->title);
		for (size_t n = 0; n < section->count; n++) {
			check_setting(&section->settings[n], section->line);
			check(ini_setting(section, section->settings[n].key) ==
			    &section->settings[n]);
			write_setting(b, &section->settings[n]);
		}
	}
}

static void
try_file(const char *text, size_t len)
{
	struct ini first = { 0 }, second = { 0 };
	char why[INI_WHY_SIZE];
	struct buf once, twice;
	int line;

	buf_init(&once, TEXT_MAX);
	buf_init(&twice, TEXT_MAX);
	if (ini_parse(&first, text, len, &line, why) == 0) {
		write_file(&once, &first);
		check(ini_parse(&second, buf_string(&once), once.len, &line, why) == 0);
		write_file(&twice, &second);
		check(strcmp(buf_string(&once), buf_string(&twice)) == 0);
	} else {
		check(why[0] != '\0' && line > 0 && first.sections == NULL);
	}
	ini_free(&first);
	ini_free(&second);
	buf_free(&once);
	buf_free(&twice);
}

static void
try_words(const char *text)
{
	size_t count, again;
	const char *why;
	char **words = words_split(text, &count, &why), **second;
	struct buf b;

	check((words == NULL) == (why != NULL));
	if (words == NULL)
		return;
	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < count; i++) {
		buf_append_string(&b, " '");
		for (const char *s = words[i]; *s != '\0'; s++) {
			if (*s == '\'')
				buf_append_string(&b, "'\\'");
			buf_append_byte(&b, *s);
		}
		buf_append_byte(&b, '\'');
	}
	second = words_split(buf_string(&b), &again, &why);
	check(second != NULL && again == count && words[count] == NULL);
	for (size_t i = 0; i < count; i++)
		check(strcmp(words[i], second[i]) == 0);
	words_free(words);
	words_free(second);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_dup(data, size);

	try_file(text, size);
	try_words(text);
	free(text);
	return 0;
}
