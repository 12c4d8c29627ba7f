#include "directory/directory_url.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool skip_scheme(const char **text, const char *scheme)
{
    size_t length = strlen(scheme);

    if (strncasecmp(*text, scheme, length) != 0)
        return false;
    *text += length;
    return true;
}

/* Writes HOST@PORT, as da_endpoint_parse() reads it. False where brackets or colons are not where they belong. */
static bool write_endpoint(const char *text, const char *port, char *endpoint, size_t size)
{
    bool is_bracketed = *text == '[';
    size_t host = is_bracketed ? strcspn(++text, "]") : strcspn(text, ":/");
    const char *rest = text + host;

    if (memchr(text, '@', host) != NULL || (memchr(text, ':', host) != NULL) != is_bracketed)
        return false;
    if (is_bracketed && *rest++ != ']')
        return false;
    size_t digits = strlen(port);
    if (*rest == ':') {
        port = rest + 1;
        digits = strcspn(port, "/");
        rest = port + digits;
    }
    rest += *rest == '/';
    return *rest == '\0' && (size_t)snprintf(endpoint, size, "%.*s@%.*s", (int)host, text, (int)digits, port) < size;
}

bool da_directory_url_parse(const char *text, struct da_directory_url *url)
{
    struct da_directory_url parsed = {.is_tls = skip_scheme(&text, "ldaps://")};
    char endpoint[sizeof(parsed.endpoint.host) + sizeof(parsed.endpoint.port)];

    if (!parsed.is_tls && !skip_scheme(&text, "ldap://"))
        return false;
    if (!write_endpoint(text, parsed.is_tls ? "636" : "389", endpoint, sizeof(endpoint)) ||
        !da_endpoint_parse(endpoint, &parsed.endpoint))
        return false;
    snprintf(parsed.server, sizeof(parsed.server), strchr(parsed.endpoint.host, ':') != NULL ? "[%s]:%s" : "%s:%s",
             parsed.endpoint.host, parsed.endpoint.port);
    snprintf(parsed.text, sizeof(parsed.text), "%s://%s", parsed.is_tls ? "ldaps" : "ldap", parsed.server);
    *url = parsed;
    return true;
}
