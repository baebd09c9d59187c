/* Keys as JSON and as lines for shells (print.h). */
#include "print.h"

#include <string.h>

#include "base/mem.h"
#include "base/out.h"
#include "environment.h"
#include "json/jtext.h"

enum { OUTPUT_MAX = 1024 * 1024 };	/* a session token of 64 KB, quoted */

const char print_format_names[] = "process, env, env-no-export, fish, powershell, windows-cmd";

/* What stands round a value, and what stands for the bytes in it that would end or change it. */
struct form {
	const char *name;
	const char *set, *open, *close;
	const char *from, *to[2];
	const char *unset, *unset_end;	/* NULL: nothing is taken away */
};

/* The semicolons are for an eval without quotes, which makes one line of all. */
static const struct form forms[] = {
	[PRINT_PROCESS] = { .name = "process" },
	[PRINT_ENV] = { "env", "export ", "='", "';", "'", { "'\\''" }, "unset ", ";" },
	[PRINT_ENV_NO_EXPORT] = { "env-no-export", "", "='", "'", "'", { "'\\''" }, NULL, NULL },
	[PRINT_FISH] = { "fish", "set -gx ", " '", "';", "\\'", { "\\\\", "\\'" },
		"set -eg ", ";" },
	[PRINT_POWERSHELL] = { "powershell", "$Env:", " = '", "'", "'", { "''" },
		"Remove-Item -ErrorAction Ignore Env:", "" },
	/* Quotes round all of it keep '&', '|', '<', '>' and '^' plain; '%' is for batch files. */
	[PRINT_WINDOWS_CMD] = { "windows-cmd", "set \"", "=", "\"", "%", { "%%" }, "set \"",
		"=\"" }
};

bool
print_parse_format(const char *name, enum print_format *format)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (strcmp(name, forms[i].name) == 0) {
			*format = (enum print_format)i;
			return true;
		}
	}
	return false;
}

/* A member of the JSON object for credential_process. */
static void
put_member(struct buf *b, const char *name, const char *value)
{
	buf_appendf(b, ",\"%s\":", name);
	jtext_string(b, value, strlen(value));
}

/* https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
static void
put_process(struct buf *b, const struct cred *cred, const char *expiration)
{
	buf_append_string(b, "{\"Version\":1");
	put_member(b, "AccessKeyId", cred->access_key);
	put_member(b, "SecretAccessKey", cred->secret_key);
	put_member(b, "SessionToken", cred->session_token);
	put_member(b, "Expiration", expiration);
	buf_append_string(b, "}\n");
}

/* Whether the value needs no quotes in an environment file: docker(1) would keep them. */
static bool
is_plain(const char *value)
{
	return value[strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "_+/=.:,@-")] == '\0';
}

static void
put_variable(struct buf *b, const struct form *f, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (f == &forms[PRINT_ENV_NO_EXPORT] && is_plain(value)) {
		buf_appendf(b, "%s=%s\n", name, value);
		return;
	}
	buf_appendf(b, "%s%s%s", f->set, name, f->open);
	for (const char *s = value; *s != '\0'; s++) {
		const char *at = strchr(f->from, *s);

		if (at != NULL)
			buf_append_string(b, f->to[at - f->from]);
		else
			buf_append_byte(b, *s);
	}
	buf_appendf(b, "%s\n", f->close);
}

static void
put_variables(struct buf *b, const struct form *f, const struct cred *cred,
    const char *expiration, const char *region)
{
	const char *const *name;

	for (name = environment_misleading; f->unset != NULL && *name != NULL; name++)
		buf_appendf(b, "%s%s%s\n", f->unset, *name, f->unset_end);
	put_variable(b, f, "AWS_ACCESS_KEY_ID", cred->access_key);
	put_variable(b, f, "AWS_SECRET_ACCESS_KEY", cred->secret_key);
	put_variable(b, f, "AWS_SESSION_TOKEN", cred->session_token);
	put_variable(b, f, "AWS_CREDENTIAL_EXPIRATION", expiration);
	put_variable(b, f, "AWS_REGION", region);
	put_variable(b, f, "AWS_DEFAULT_REGION", region);
}

enum prog_status
print_credentials(enum print_format format, const struct cred *cred, const char *expiration,
    const char *region)
{
	struct buf text;
	struct out out;
	int failed;

	if (out_open(&out, NULL, false) != 0)
		return PROG_FAIL;
	/* Of full size at once: a buffer that grows would leave copies of the keys behind. */
	buf_init(&text, OUTPUT_MAX);
	(void)buf_reserve(&text, OUTPUT_MAX);
	if (format == PRINT_PROCESS)
		put_process(&text, cred, expiration);
	else
		put_variables(&text, &forms[format], cred, expiration, region);
	memcpy(out_reserve(&out, text.len), text.data, text.len);
	out_advance(&out, text.len);
	buf_wipe(&text);
	failed = out_flush(&out);
	mem_wipe(out.data, out.cap);
	return out_commit(&out) == 0 && failed == 0 ? PROG_OK : PROG_FAIL;
}
