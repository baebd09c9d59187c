/* The door of network commands (netdoor.h). */
#include "net/netdoor.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/sandbox.h"

enum {
	DOMAIN_PORT = 53, HTTP_PORT = 80, HTTPS_PORT = 443,
	PROXY_PORT = 1080		/* libcurl's, for a proxy without one */
};

/*
 * What the resolver reads, and libcurl's and OpenSSL's certificates.  Of /etc/ssl and /etc/pki not
 * all, since private keys are kept there, too.
 */
static const char *const known_files[] = {
	"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",
	"/etc/services", "/etc/localtime", "/usr/share/zoneinfo", "/etc/ssl/certs",
	"/etc/ssl/openssl.cnf", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
	"/etc/ca-certificates", "/etc/pki/tls/certs", "/etc/pki/ca-trust", "/etc/crypto-policies",
	"/dev/urandom"
};

static uint16_t *ports;
static size_t port_count;
static const char **files;
static size_t file_count;

static void
add_port(long port)
{
	for (size_t i = 0; i < port_count; i++)
		if (ports[i] == port)
			return;
	ports = mem_resize(ports, port_count + 1, sizeof *ports);
	ports[port_count++] = (uint16_t)port;
}

/* The path is not copied; NULL ends the list. */
static void
add_file(const char *path)
{
	files = mem_resize(files, file_count + 1, sizeof *files);
	files[file_count++] = path;
}

/* The port that a URL names, or that of its scheme, or fallback. */
static long
port_of(const char *url, long fallback)
{
	char *text = NULL;
	CURLU *u = curl_url();
	const char *why;
	int64_t port = fallback;

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME |
	    CURLU_GUESS_SCHEME) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_PORT, &text, 0) == CURLUE_OK)
		(void)num_parse(text, 1, UINT16_MAX, &port, &why);
	else if (strncmp(url, "https:", 6) == 0)
		port = HTTPS_PORT;
	curl_free(text);
	curl_url_cleanup(u);
	return (long)port;
}

void
netdoor_will_reach(const char *endpoint)
{
	add_port(port_of(endpoint, HTTP_PORT));
}

/* Whatever libcurl may take from the environment. */
static void
add_proxies(void)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "http_proxy",
		"all_proxy", "ALL_PROXY" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *url = getenv(names[i]);

		if (url != NULL && url[0] != '\0')
			add_port(port_of(url, PROXY_PORT));
	}
}

/*
 * Where the resolver's file is a link (to /run/systemd/resolve, say), all of its directory: it is
 * replaced whenever the network changes.
 */
static void
add_resolver(void)
{
	char *path = realpath("/etc/resolv.conf", NULL), *slash;

	if (path == NULL || strncmp(path, "/etc/", 5) == 0 ||
	    (slash = strrchr(path, '/')) == path) {
		free(path);
		return;
	}
	*slash = '\0';
	add_file(path);
}

static void
add_certificates(void)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	if (info->age < CURLVERSION_SEVENTH)
		return;
	if (info->cainfo != NULL)
		add_file(info->cainfo);
	if (info->capath != NULL)
		add_file(info->capath);
}

int
netdoor_shut(unsigned more)
{
	struct sandbox door = {
		.keep = more | SANDBOX_NETWORK | SANDBOX_THREADS | SANDBOX_READ | SANDBOX_TERMINAL
	};

	if (sandbox_is_shut())
		return 0;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		diag_error("libcurl: cannot start");
		return -1;
	}
	add_port(DOMAIN_PORT);
	add_proxies();
	add_resolver();
	add_certificates();
	for (size_t i = 0; i < sizeof known_files / sizeof *known_files; i++)
		add_file(known_files[i]);
	add_file(NULL);
	door.read = files;
	door.ports = ports;
	door.port_count = port_count;
	return files_shut(&door);
}
