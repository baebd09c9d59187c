/* Profiles (profile.h). */
#include "net/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/ini.h"
#include "base/mem.h"
#include "json/utf8.h"

enum { READ_SIZE = 64 * 1024 };

struct file {
	char *path;		/* NULL: there is no home directory for it to be in */
	struct ini ini;
};

struct profiles {
	struct file files[PROFILE_EITHER];	/* by enum profile_file */
	char *selected;
	const char *selected_by;
};

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The path that the variable gives, or else the usual one; NULL if that needs a home directory. */
static char *
find_path(const char *name, const char *usual)
{
	const char *path = variable(name), *home = variable("HOME");
	size_t size;
	char *whole;

	if (path == NULL)
		path = usual;
	if (strncmp(path, "~/", 2) != 0)
		return mem_dup_string(path);
	if (home == NULL)
		return NULL;
	size = strlen(home) + strlen(path);
	whole = mem_alloc(size);
	snprintf(whole, size, "%s%s", home, path + 1);
	return whole;
}

/*
 * Has room for the file, so that b leaves no keys behind where it grew: what its size is, and a
 * byte by which its end is seen; as much as it may get, if it is none that has a size.
 */
static void
make_room(int fd, struct buf *b)
{
	struct stat st;
	bool sized = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size < INI_FILE_MAX;

	(void)buf_reserve(b, sized ? (size_t)st.st_size + 1 : INI_FILE_MAX);
}

/* Reads the whole file into b.  Returns 0, or -1 with why set. */
static int
read_file(const char *path, struct buf *b, char why[CRED_WHY_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	ssize_t n = 1;

	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd != -1)
		make_room(fd, b);
	while (fd != -1 && n != 0 && b->len < INI_FILE_MAX) {
		size_t room = b->cap - 1 - b->len;

		if (room == 0) {	/* it has grown meanwhile */
			error = EAGAIN;
			break;
		}
		n = read(fd, b->data + b->len, room < READ_SIZE ? room : READ_SIZE);
		if (n == -1 && errno != EINTR)
			break;
		b->len += n > 0 ? (size_t)n : 0;
	}
	if (fd == -1 || n == -1)
		error = errno;
	if (fd != -1)
		(void)close(fd);
	if (error != 0)
		snprintf(why, CRED_WHY_SIZE, "%s: cannot be read: %s", path, strerror(error));
	else if (b->len >= INI_FILE_MAX)
		snprintf(why, CRED_WHY_SIZE, "%s: %d bytes or more", path, INI_FILE_MAX);
	else
		return 0;
	return -1;
}

/* Returns 0, or -1 with why set. */
static int
parse(struct file *file, const struct buf *b, char why[CRED_WHY_SIZE])
{
	size_t valid = utf8_valid(buf_string(b), b->len);
	char wrong[INI_WHY_SIZE] = "not UTF-8";
	int line = 1;

	if (valid < b->len) {
		for (size_t i = 0; i < valid; i++)
			line += b->data[i] == '\n';
	} else if (ini_parse(&file->ini, buf_string(b), b->len, &line, wrong) == 0) {
		return 0;
	}
	snprintf(why, CRED_WHY_SIZE, "%s:%d: %s", file->path, line, wrong);
	return -1;
}

static int
load(struct file *file, char why[CRED_WHY_SIZE])
{
	struct buf b;
	int rc;

	if (file->path == NULL)
		return 0;
	buf_init(&b, INI_FILE_MAX);
	rc = read_file(file->path, &b, why);
	if (rc == 0)
		rc = parse(file, &b, why);
	buf_wipe(&b);
	return rc;
}

static void
choose(struct profiles *p, const char *option)
{
	static const char *const names[] = { "AWS_PROFILE", "AWS_DEFAULT_PROFILE" };

	if (option != NULL)
		p->selected_by = "--profile";
	for (size_t i = 0; i < 2 && option == NULL; i++) {
		option = variable(names[i]);
		if (option != NULL)
			p->selected_by = names[i];
	}
	p->selected = mem_dup_string(option != NULL ? option : "default");
}

struct profiles *
profiles_load(const char *option, char why[CRED_WHY_SIZE])
{
	struct profiles *p = mem_alloc(sizeof *p);
	struct file *files = p->files;
	const char *paths[PROFILE_EITHER];

	files[PROFILE_CONFIG].path = find_path("AWS_CONFIG_FILE", "~/.aws/config");
	files[PROFILE_CREDENTIALS].path = find_path("AWS_SHARED_CREDENTIALS_FILE",
	    "~/.aws/credentials");
	choose(p, option);
	for (int i = 0; i < PROFILE_EITHER; i++) {
		if (load(&files[i], why) != 0)
			goto failed;
		paths[i] = files[i].path != NULL ? files[i].path : "~ (HOME is not set)";
	}
	if (p->selected_by == NULL || profile_exists(p, p->selected))
		return p;
	snprintf(why, CRED_WHY_SIZE, "%s: there is no profile \"%s\" in %s or %s", p->selected_by,
	    p->selected, paths[PROFILE_CONFIG], paths[PROFILE_CREDENTIALS]);
failed:
	profiles_free(p);
	return NULL;
}

void
profiles_free(struct profiles *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < PROFILE_EITHER; i++) {
		free(p->files[i].path);
		ini_free(&p->files[i].ini);
	}
	free(p->selected);
	free(p);
}

const char *
profiles_selected(const struct profiles *p)
{
	return p->selected;
}

const char *
profiles_selected_by(const struct profiles *p)
{
	return p->selected_by;
}

/* The section of the profile in one of the files, or NULL. */
static const struct ini_section *
find(const struct profiles *p, enum profile_file file, const char *name)
{
	const struct ini *ini = &p->files[file].ini;
	const struct ini_section *section;

	if (file == PROFILE_CONFIG) {
		section = ini_section(ini, "profile", name);
		if (section == NULL && strcmp(name, "default") == 0)
			section = ini_section(ini, "", name);
		return section;
	}
	/* Here a name is not quoted, and may have blanks. */
	for (size_t i = 0; i < ini->count; i++)
		if (strcmp(ini->sections[i].title, name) == 0)
			return &ini->sections[i];
	return NULL;
}

bool
profile_exists(const struct profiles *p, const char *name)
{
	return find(p, PROFILE_CONFIG, name) != NULL || find(p, PROFILE_CREDENTIALS, name) != NULL;
}

bool
profile_get(const struct profiles *p, enum profile_file file, const char *name, const char *key,
    struct profile_value *value)
{
	const struct ini_setting *setting;

	if (file == PROFILE_EITHER)
		return profile_get(p, PROFILE_CREDENTIALS, name, key, value) ||
		    profile_get(p, PROFILE_CONFIG, name, key, value);
	setting = ini_setting(find(p, file, name), key);
	if (setting == NULL)
		return false;
	*value = (struct profile_value){ .text = setting->value, .path = p->files[file].path,
		.line = setting->line };
	return true;
}

int
profile_get_service(const struct profiles *p, const char *name, const char *service,
    const char *key, struct profile_value *value, char why[CRED_WHY_SIZE])
{
	const struct file *config = &p->files[PROFILE_CONFIG];
	const struct ini_section *section;
	const struct ini_setting *setting;

	if (!profile_get(p, PROFILE_EITHER, name, "services", value))
		return 0;
	section = ini_section(&config->ini, "services", value->text);
	if (section == NULL) {
		snprintf(why, CRED_WHY_SIZE, "%s:%d: services: there is no section "
		    "[services %s] in %s", value->path, value->line, value->text,
		    config->path != NULL ? config->path : "~/.aws/config");
		return -1;
	}
	setting = ini_nested(ini_setting(section, service), key);
	if (setting == NULL)
		return 0;
	*value = (struct profile_value){ .text = setting->value, .path = config->path,
		.line = setting->line };
	return 1;
}
