/* AWS's INI files. */
#include <stdlib.h>

#include "base/ini.h"
#include "tap.h"

/* The file as text: [kind|name] key=value key{nested=value}; LF as $.  Or "LINE: why". */
static void
show_settings(char *out, size_t size, const struct ini_setting *settings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(out);

		snprintf(out + used, size - used, " %s=%s", settings[i].key, settings[i].value);
		if (settings[i].nested_count > 0) {
			used = strlen(out);
			snprintf(out + used, size - used, "{");
			show_settings(out, size, settings[i].nested, settings[i].nested_count);
			used = strlen(out);
			snprintf(out + used, size - used, " }");
		}
	}
}

static void
parsed_bytes(const char *text, size_t len, const char *want, const char *title)
{
	char got[1000] = "", why[INI_WHY_SIZE];
	struct ini ini;
	int line;

	if (ini_parse(&ini, text, len, &line, why) != 0) {
		snprintf(got, sizeof got, "%d: %s", line, why);
		ok(ini.sections == NULL && ini.count == 0, "nothing is left of it");
	}
	for (size_t i = 0; i < ini.count; i++) {
		size_t used = strlen(got);

		snprintf(got + used, sizeof got - used, "[%s|%s]", ini.sections[i].kind,
		    ini.sections[i].name);
		show_settings(got, sizeof got, ini.sections[i].settings, ini.sections[i].count);
	}
	for (char *s = got; *s != '\0'; s++)
		if (*s == '\n')
			*s = '$';
	is(got, want, title);
	ini_free(&ini);
}

static void
parsed(const char *text, const char *want, const char *title)
{
	parsed_bytes(text, strlen(text), want, title);
}

static void
values(void)
{
	parsed("", "", "nothing");
	parsed("\n\n  \n", "", "blank lines");
	parsed("# a\n; b\n  # c\n", "", "comments");
	parsed("\xef\xbb\xbf[a]\nb=c", "[|a] b=c", "a byte order mark");
	parsed("[a]\nb=c\n[d]\n", "[|a] b=c[|d]", "two sections");
	parsed("[a]\r\nb=c\r\nd=e\r\n", "[|a] b=c d=e", "CRLF");
	parsed("[a]\rb=c\rd=e\r", "[|a] b=c d=e", "CR");
	parsed("[a]\r\n\r\nb=c\n\rd=e", "[|a] b=c d=e", "all of them");
	parsed("[a]\nb\t=  c d \t\n", "[|a] b=c d", "white space round key and value");
	parsed("[a]\nB-C_9 = X", "[|a] b-c_9=X", "keys in lower case");
	parsed("[a]\nb:c\nd = e:f\ng : h = i", "[|a] b=c d=e:f g=h = i", "the first = or : counts");
	parsed("[a]\nb = c # d ; e\n", "[|a] b=c # d ; e", "comments are not behind values");
	parsed("[a]\nb = \"c\"", "[|a] b=\"c\"", "quotes are kept");
	parsed("[a]\nb =\nc =", "[|a] b= c=", "no values");
	parsed("[a]\nb c = d", "[|a] b c=d", "a blank in a key");
	parsed("[a]\n  b = c\n  d = e\n", "[|a] b=c d=e", "all indented alike");
	parsed("[a]\n  b = c\nd = e\n", "[|a] b=c d=e", "one less than before");
	parsed("[a]\nb = c\n  d = e\nf = g", "[|a] b=c$d = e f=g", "a value of two lines");
	parsed("[a]\nb = c\n\n\n  d\n\n\ne = f", "[|a] b=c$$$d e=f", "with blank lines in it");
	parsed("[a]\nb = c\n  # x\n  d\n", "[|a] b=c$d", "and a comment");
	parsed("[a]\nb = c\n  [d]\n", "[|a] b=c$[d]", "and brackets");
	parsed("[a]\n  b = c\n [d]\n", "[|a] b=c[|d]", "a section indented less");
	parsed("  [a]\nb = c\n", "[|a] b=c", "an indented section");
	parsed("[a]\nb=c\n[d]\n  e=f", "[|a] b=c[|d] e=f", "no value goes on behind a section");
}

static void
nested(void)
{
	parsed("[a]\ns3 =\n  b = c\n  D=e\nf=g", "[|a] s3={ b=c d=e } f=g", "two");
	parsed("[a]\ns3 =\n\n  b = c\n\n# x\n  # y\n    d = \n", "[|a] s3={ b=c d= }", "odd lines");
	parsed("[a]\ns3 =\n  b = c:d=e\n", "[|a] s3={ b=c:d=e }", "the first = counts");
	parsed("[a]\ns3 =\n  b : c\n", "3: neither [section], key = value nor # comment",
	    "a colon does not");
	parsed("[a]\ns3 =\n  b\n", "3: neither [section], key = value nor # comment", "no =");
	parsed("[a]\ns3 =\n  =b\n", "3: no key before the =", "no key");
	parsed("[a]\ns3 =\n  b=c\n  B=d\n",
	    "4: the key \"b\" for the second time: it stands on line 3, too", "one twice");
	parsed("[a]\ns3 =\n  b=c\nb=d\nx =\n  b=e", "[|a] s3={ b=c } b=d x={ b=e }",
	    "once on each level");
}

static void
headers(void)
{
	parsed("[profile x]", "[profile|x]", "two words");
	parsed("[profile\t  x ]", "[profile|x]", "white space");
	parsed("[profile \"a b\"]", "[profile|a b]", "double quotes");
	parsed("[profile 'a b']", "[profile|a b]", "single quotes");
	parsed("[profile a\\ b]", "[profile|a b]", "a backslash");
	parsed("[services a]", "[services|a]", "another kind");
	parsed("[ profile x]", "[| profile x]", "a blank in front");
	parsed("[ x ]", "[| x ]", "round one");
	parsed("[profile a b]", "[|profile a b]", "three words");
	parsed("[profile \"a]", "[|profile \"a]", "an open quote");
	parsed("[\"a b\"]", "[|\"a b\"]", "one word in quotes");
	parsed("[a] # b", "[|a]", "what follows");
	parsed("[a]b]", "[|a]b]", "up to the last bracket");
	parsed("[[a]", "[|[a]", "an opening one inside");
	parsed("[a", "1: a [section] without its closing bracket", "no bracket");
	parsed("[]", "1: a [section] without a name", "no name");
	parsed("[", "1: a [section] without its closing bracket", "nothing else");
}

static void
wrong(void)
{
	char longest[300];

	parsed("a=b", "1: a line before the first [section]", "no section");
	parsed("\n# x\nb\n[a]", "3: a line before the first [section]", "nor a key");
	parsed("[a]\nb", "2: neither [section], key = value nor # comment", "no =");
	parsed("[a]\n = b", "2: no key before the =", "no key");
	parsed("[a]\n: b", "2: no key before the =", "before a colon either");
	parsed_bytes("[a]\nb=c\0d\n", 10, "2: a NUL byte", "a NUL");
	parsed("[a]\nb=secret\nB=secret2",
	    "3: the key \"b\" for the second time: it stands on line 2, too", "a key twice");
	parsed("[a]\nb=1\n[c]\nb=1\n[d]\n", "[|a] b=1[|c] b=1[|d]", "once in each section");
	parsed("[a]\n[b]\n[a]\n",
	    "3: the section \"a\" for the second time: it stands on line 1, too",
	    "a section twice");
	parsed("[z]\n[b]\n[a]\n[a]\n[a]\n[b]\n[z]",
	    "4: the section \"a\" for the second time: it stands on line 3, too",
	    "the first such line");
	parsed("[profile a]\n[profile 'a']",
	    "2: the section \"a\" for the second time: it stands on line 1, too",
	    "with and without quotes");
	parsed("[a]\n[profile a]\n[services a]", "[|a][profile|a][services|a]", "of other kinds");
	memset(longest, 'k', sizeof longest);
	memcpy(longest, "[a]\n", 4);
	memcpy(longest + 120, "=\n", 2);
	memcpy(longest + 122, longest + 4, 118);
	longest[240] = '\0';
	parsed(longest, "3: the key \"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
	    "kkkkkkkkkkkkkkkkkkkkkkkkkkkk\" for the second time: it stands on line 2, too",
	    "a long name is cut");
}

static void
lookups(void)
{
	static const char text[] = "[default]\na=1\n[profile x]\na=2\ns3 =\n  b = 3\n";
	char why[INI_WHY_SIZE];
	const struct ini_setting *s3;
	struct ini ini;
	int line;

	ok(ini_parse(&ini, text, sizeof text - 1, &line, why) == 0, "parsed");
	ok(ini_section(&ini, "profile", "x") == &ini.sections[1], "a section");
	is(ini.sections[1].title, "profile x", "its title");
	ok(ini.sections[1].line == 3, "its line");
	ok(ini_section(&ini, "", "default") == &ini.sections[0], "a section of one word");
	ok(ini_section(&ini, "", "x") == NULL, "of another kind");
	ok(ini_section(&ini, "profile", "X") == NULL, "in capitals");
	is(ini_setting(&ini.sections[1], "a")->value, "2", "a setting");
	ok(ini_setting(&ini.sections[1], "a")->line == 4, "its line");
	ok(ini_setting(&ini.sections[0], "s3") == NULL, "of another section");
	ok(ini_setting(NULL, "a") == NULL, "of none");
	s3 = ini_setting(&ini.sections[1], "s3");
	is(ini_nested(s3, "b")->value, "3", "a nested one");
	ok(ini_nested(s3, "b")->line == 6, "its line");
	ok(ini_nested(s3, "a") == NULL && ini_nested(NULL, "b") == NULL, "no nested one");
	ini_free(&ini);
	ini_free(&ini);
}

/* A generated file: many sections with many settings, their order mixed. */
static void
large(void)
{
	enum { SECTIONS = 5000, SIZE = SECTIONS * 100 };
	char *text = calloc(1, SIZE), why[INI_WHY_SIZE], name[20];
	size_t len = 0;
	struct ini ini;
	int line, found = 0;

	for (int i = 0; text != NULL && i < SECTIONS; i++)
		len += (size_t)snprintf(text + len, SIZE - len,
		    "[profile p%d]\nrole_arn = %d\nsource_profile = p%d\n", i * 7919 % SECTIONS,
		    i, i);
	ok(ini_parse(&ini, text, len, &line, why) == 0, "5000 sections");
	for (int i = 0; i < SECTIONS; i++) {
		snprintf(name, sizeof name, "p%d", i);
		found += ini_setting(ini_section(&ini, "profile", name), "role_arn") != NULL;
	}
	ok(ini.count == SECTIONS && found == SECTIONS, "are all there");
	ini_free(&ini);
	free(text);
}

int
main(void)
{
	values();
	nested();
	headers();
	wrong();
	lookups();
	large();
	return tap_done();
}
