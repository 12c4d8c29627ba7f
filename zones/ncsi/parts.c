#include "ncsi/parts.h"

#include "deployment.h"
#include "ncsi/ncsi.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool da_name_split(const struct da_name *name, char label[static DA_LABEL_MAX + 1], struct da_name *parent)
{
    size_t length = name->wire[0];

    if (length == 0)
        return false;
    memcpy(label, name->wire + 1, length);
    label[length] = '\0';
    *parent = (struct da_name){.length = (uint8_t)(name->length - length - 1)};
    memcpy(parent->wire, name->wire + length + 1, parent->length);
    return true;
}

bool da_ncsi_probe_suffix(const char *host, struct da_name *suffix)
{
    char label[DA_LABEL_MAX + 1];
    struct da_name name, parent;

    if (da_name_from_hostname(host, &name) != DA_OK || !da_name_split(&name, label, &parent) || parent.length == 1 ||
        strcasecmp(label, da_label_corp_connectivity) != 0)
        return false;
    *suffix = parent;
    return true;
}

/* ---- URLs ---- */

/* One part of a URL, to be freed by curl_free(); NULL = it has none. */
static char *part_of(CURLU *parser, CURLUPart part, unsigned flags)
{
    char *text = NULL;

    return curl_url_get(parser, part, &text, flags) == CURLUE_OK ? text : NULL;
}

static bool copy_host(CURLU *parser, char host[static DA_URL_HOST_MAX])
{
    char *text = part_of(parser, CURLUPART_HOST, 0);
    bool fits = text != NULL && *text != '\0' && strlen(text) < DA_URL_HOST_MAX;

    if (fits)
        snprintf(host, DA_URL_HOST_MAX, "%s", text);
    curl_free(text);
    return fits;
}

static void copy_port_and_path(CURLU *parser, struct da_url *url)
{
    char *port = part_of(parser, CURLUPART_PORT, CURLU_DEFAULT_PORT), *path = part_of(parser, CURLUPART_PATH, 0);
    char *query = part_of(parser, CURLUPART_QUERY, 0);

    url->port = port != NULL ? (unsigned)strtoul(port, NULL, 10) : 0;
    url->root = query == NULL && (path == NULL || strcmp(path, "/") == 0);
    curl_free(port);
    curl_free(path);
    curl_free(query);
}

/* libcurl takes "http:/HOST", and names without a scheme: clients need not. */
bool da_url_parse(const char *text, struct da_url *url)
{
    static const char *const schemes[] = {"http://", "https://"};
    struct da_url read = {0};
    size_t scheme = 0;

    while (scheme < 2 && strncasecmp(text, schemes[scheme], strlen(schemes[scheme])) != 0)
        scheme++;
    if (scheme == 2 || strchr("/\\?#", text[strlen(schemes[scheme])]) != NULL)
        return false;
    read.secure = scheme == 1;
    CURLU *parser = curl_url();
    bool right = parser != NULL && curl_url_set(parser, CURLUPART_URL, text, CURLU_DISALLOW_USER) == CURLUE_OK &&
                 copy_host(parser, read.host);
    if (right)
        copy_port_and_path(parser, &read);
    curl_url_cleanup(parser);
    if (right)
        *url = read;
    return right;
}

bool da_ncsi_url_host(const char *url, char *host, size_t size)
{
    struct da_url read;

    if (!da_url_parse(url, &read) || strlen(read.host) >= size)
        return false;
    snprintf(host, size, "%s", read.host);
    return true;
}

/* ---- prefixes ---- */

static bool read_prefix(const char *text, size_t length, struct da_site_prefix *prefix)
{
    char copy[64], *slash, *end;
    struct da_site_prefix read;

    if (length >= sizeof(copy))
        return false;
    snprintf(copy, sizeof(copy), "%.*s", (int)length, text);
    slash = strchr(copy, '/');
    if (slash == NULL || slash[1] < '0' || slash[1] > '9')
        return false;
    *slash = '\0';
    unsigned long bits = strtoul(slash + 1, &end, 10);
    if (*end != '\0' || bits > 128 || !da_ipv6_from_text(copy, &read.network))
        return false;
    for (size_t bit = bits; bit < 128; bit++)
        if ((read.network.octet[bit / 8] & (0x80U >> bit % 8)) != 0)
            return false;
    read.length = (unsigned)bits;
    *prefix = read;
    return true;
}

enum da_site_prefix_kind da_site_prefix_next(const char **list, struct da_site_prefix *prefix, const char **text,
                                             size_t *length)
{
    static const char between[] = ",; \t\r\n{}";
    static const char ellipsis[] = "\xe2\x80\xa6"; /* U+2026: PowerShell 6 and later */
    const char *item = *list + strspn(*list, between);
    size_t n = strcspn(item, between);
    bool cut = n >= 3 && (memcmp(item + n - 3, "...", 3) == 0 || memcmp(item + n - 3, ellipsis, 3) == 0);

    if (cut && n > 3) {
        n -= 3; /* "{..., 2001:db8::/48...}": the prefix in front of them is whole */
        cut = false;
    }
    *list = item + n;
    if (text != NULL)
        *text = item;
    if (length != NULL)
        *length = n;
    if (n == 0)
        return DA_SITE_PREFIX_END;
    if (cut)
        return DA_SITE_PREFIX_CUT;
    return read_prefix(item, n, prefix) ? DA_SITE_PREFIX_RIGHT : DA_SITE_PREFIX_WRONG;
}

bool da_site_prefix_covers(const struct da_site_prefix *prefix, const struct da_ipv6 *address, unsigned length)
{
    size_t octets = prefix->length / 8, bits = prefix->length % 8;
    unsigned mask = 0xff00U >> bits & 0xff;

    return prefix->length <= length && memcmp(prefix->network.octet, address->octet, octets) == 0 &&
           (bits == 0 || ((prefix->network.octet[octets] ^ address->octet[octets]) & mask) == 0);
}
