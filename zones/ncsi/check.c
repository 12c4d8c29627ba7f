/* What a client makes of the values: see the sections of probe/conclude.h, and packaging/manual/policy.md, which has a
 * row for each code. */
#include "ncsi/ncsi.h"

#include "ncsi/parts.h"
#include "rr.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define QUOTE_MAX  160 /* octets of a value in a text */
#define LIST_MAX   200 /* octets of a list in a text */
#define LIST_ITEMS 3

struct checker {
    const struct da_ncsi *ncsi;
    const struct da_deployment *deployment;
    const struct da_record_set *set;
    struct da_ncsi_findings *findings;
    enum da_ncsi_value value; /* which is being checked */
};

static void add(struct checker *checker, enum da_monitored severity, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The text begins with the value's name and what stands there. */
static void add(struct checker *checker, enum da_monitored severity, const char *code, const char *format, ...)
{
    static const size_t most = sizeof(checker->findings->findings) / sizeof(checker->findings->findings[0]);
    const char *value = checker->ncsi->values[checker->value];
    char quoted[QUOTE_MAX];
    va_list args;

    if (checker->findings->count == most)
        return;
    struct da_ncsi_finding *finding = &checker->findings->findings[checker->findings->count++];
    *finding = (struct da_ncsi_finding){
        .value = checker->value, .severity = severity, .code = code, .line = checker->ncsi->lines[checker->value]};
    const char *name = da_ncsi_name(checker->value, checker->ncsi->registry);
    size_t used =
        (size_t)snprintf(finding->text, sizeof(finding->text), "%s %s%s", name, value != NULL ? "is " : "is not there",
                         value != NULL ? da_error_quote(value, quoted, sizeof(quoted)) : "");
    va_start(args, format);
    vsnprintf(finding->text + used, sizeof(finding->text) - used, format, args);
    va_end(args);
}

/* ---- names ---- */

/* A host of a value, as the deployment knows it. */
struct host {
    bool is_name; /* else an address, or no hostname */
    struct da_name name;
    char label[DA_LABEL_MAX + 1]; /* leftmost */
    bool in_suffix;               /* behind the label stands a suffix of the deployment */
    bool blocked;
};

static bool is_suffix(const struct da_record_set *set, const struct da_name *name)
{
    for (size_t i = 0; i < set->suffix_count; i++)
        if (da_name_equal(set->suffixes[i].wire, name->wire))
            return true;
    return false;
}

static bool is_block_label(const struct da_record_set *set, const char *label)
{
    for (size_t i = 0; i < set->block_count; i++)
        if (strcasecmp(set->block[i], label) == 0)
            return true;
    return false;
}

static bool is_in_deployment(const struct da_record_set *set, const struct da_name *name)
{
    for (size_t i = 0; i < set->suffix_count; i++)
        if (da_name_is_below(name, &set->suffixes[i]))
            return true;
    return false;
}

/* As policy.h has it: the name itself, or one that it is below. */
static bool is_blocked(const struct da_record_set *set, const struct da_name *name)
{
    struct da_name rest = *name, parent;
    char label[DA_LABEL_MAX + 1];

    for (; da_name_split(&rest, label, &parent); rest = parent)
        if (is_block_label(set, label) && (parent.length == 1 || is_in_deployment(set, &parent)))
            return true;
    return false;
}

static void read_host(const struct da_record_set *set, const char *text, struct host *host)
{
    struct da_name parent;

    *host = (struct host){0};
    host->is_name =
        da_name_from_hostname(text, &host->name) == DA_OK && da_name_split(&host->name, host->label, &parent);
    host->in_suffix = host->is_name && is_suffix(set, &parent);
    host->blocked = host->is_name && is_blocked(set, &host->name);
}

static bool has_label(const struct host *host, const char *label)
{
    return host->is_name && strcasecmp(host->label, label) == 0;
}

/* One of the names that the deployment publishes. */
static bool is_owner(const struct da_record_set *set, const struct host *host)
{
    for (size_t i = 0; i < set->owner_count && host->in_suffix; i++)
        if (has_label(host, set->owners[i].label))
            return true;
    return false;
}

/* ---- lists in texts ---- */

struct list {
    char text[LIST_MAX];
    size_t used, items;
};

static void list_add(struct list *list, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void list_add(struct list *list, const char *format, ...)
{
    va_list args;

    if (list->items++ >= LIST_ITEMS || list->used >= sizeof(list->text))
        return;
    if (list->items > 1)
        list->used += (size_t)snprintf(list->text + list->used, sizeof(list->text) - list->used, ", ");
    if (list->used >= sizeof(list->text))
        return;
    va_start(args, format);
    list->used += (size_t)vsnprintf(list->text + list->used, sizeof(list->text) - list->used, format, args);
    va_end(args);
}

/* "LABEL.SUFFIX" for the suffixes. Returns what to print behind it: " and more", or "". */
static const char *list_names(struct list *list, const struct da_record_set *set, const char *label)
{
    char text[DA_NAME_TEXT_MAX];

    for (size_t i = 0; i < set->suffix_count; i++) {
        da_name_to_text(&set->suffixes[i], text);
        text[strlen(text) - 1] = '\0';
        list_add(list, "%s.%s", label, text);
    }
    return list->items > LIST_ITEMS ? " and more" : "";
}

/* ---- the DNS probe ---- */

static void check_probe_host(struct checker *checker)
{
    const char *value = checker->ncsi->values[DA_NCSI_PROBE_HOST];
    struct list list = {0};
    struct host host;

    const char *more = list_names(&list, checker->set, da_label_corp_connectivity);
    if (value == NULL) {
        add(checker, DA_MONITORED_WARNING, "policy-probe-host-missing", "; expected %s%s", list.text, more);
        return;
    }
    read_host(checker->set, value, &host);
    if (!has_label(&host, da_label_corp_connectivity) || !host.in_suffix)
        add(checker, DA_MONITORED_CRITICAL, "policy-probe-host",
            ", which the deployment does not publish; it publishes %s%s: correct the policy, or the suffixes of the "
            "deployment",
            list.text, more);
}

static const struct da_ipv4 loopback = {{127, 0, 0, 1}};

/* What the clients of each entry point are to expect. */
static const char *list_addresses(struct list *list, const struct da_deployment *deployment)
{
    char text[INET6_ADDRSTRLEN];

    if (deployment->network == DA_NETWORK_IPV6)
        list_add(list, "::1");
    for (size_t i = 0; deployment->network == DA_NETWORK_IPV4_ONLY && i < deployment->entry_point_count; i++) {
        const struct da_entry_point *entry_point = &deployment->entry_points[i];
        struct da_ipv6 expected = da_prefix_embed(&entry_point->nat64, &loopback);
        inet_ntop(AF_INET6, expected.octet, text, sizeof(text));
        list_add(list, "%s (%s)", text, entry_point->name);
    }
    return list->items > LIST_ITEMS ? " and more" : "";
}

static bool is_localhost(const struct da_ipv6 *address)
{
    static const struct da_ipv6 localhost = {{[15] = 1}};

    return memcmp(address, &localhost, sizeof(localhost)) == 0;
}

static bool is_expected_address(const struct da_deployment *deployment, const struct da_ipv6 *address)
{
    if (deployment->network == DA_NETWORK_IPV6)
        return is_localhost(address);
    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        struct da_ipv6 expected = da_prefix_embed(&deployment->entry_points[i].nat64, &loopback);
        if (memcmp(address, &expected, sizeof(expected)) == 0)
            return true;
    }
    return false;
}

/* Why an address is not the expected one, where it can be told. */
static const char *explain_address(const struct da_deployment *deployment, const char *text, bool is_ipv6,
                                   const struct da_ipv6 *address)
{
    static const uint8_t embedded[] = {0, 0, 0, 0, 127, 0, 0, 1}; /* behind a /96 */
    struct da_ipv4 ipv4;

    if (!is_ipv6 && da_ipv4_from_text(text, &ipv4))
        return ", an IPv4 address, but clients get IPv6 addresses alone";
    if (!is_ipv6)
        return ", which is no IPv6 address";
    if (deployment->network == DA_NETWORK_IPV4_ONLY && is_localhost(address))
        return ", as for a network with IPv6, but the deployment has network: ipv4-only";
    if (memcmp(address->octet + 8, embedded, sizeof(embedded)) != 0)
        return ", which the deployment does not publish";
    if (deployment->network == DA_NETWORK_IPV6)
        return ", as for an IPv4-only network, but the deployment has network: ipv6";
    return ", which is 127.0.0.1 within a prefix that no entry point has";
}

static void check_probe_address(struct checker *checker)
{
    const char *value = checker->ncsi->values[DA_NCSI_PROBE_ADDRESS];
    struct da_ipv6 address = {{0}};
    struct list list = {0};

    const char *more = list_addresses(&list, checker->deployment);
    if (value == NULL) {
        add(checker, DA_MONITORED_WARNING, "policy-probe-address-missing", "; expected %s%s", list.text, more);
        return;
    }
    bool is_ipv6 = da_ipv6_from_text(value, &address);
    if (is_ipv6 && is_expected_address(checker->deployment, &address))
        return;
    add(checker, DA_MONITORED_CRITICAL, "policy-probe-address",
        "%s: every tunnel would be given up; expected %s%s: compare with Get-NetNatTransitionConfiguration",
        explain_address(checker->deployment, value, is_ipv6, &address), list.text, more);
}

/* ---- site prefixes ---- */

static bool is_covered(const char *prefixes, const struct da_ipv6 *address, unsigned length)
{
    struct da_site_prefix prefix;
    enum da_site_prefix_kind kind;

    while ((kind = da_site_prefix_next(&prefixes, &prefix, NULL, NULL)) != DA_SITE_PREFIX_END)
        if (kind == DA_SITE_PREFIX_RIGHT && da_site_prefix_covers(&prefix, address, length))
            return true;
    return false;
}

/* On an IPv4-only network clients have internal addresses within NAT64 prefixes; else the servers' own. */
static void list_uncovered(struct list *list, const struct checker *checker, const char *prefixes)
{
    const struct da_deployment *deployment = checker->deployment;
    char text[INET6_ADDRSTRLEN];

    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        const struct da_entry_point *entry_point = &deployment->entry_points[i];
        const struct da_prefix *nat64 = &entry_point->nat64;
        bool balanced = entry_point->balancer.kind != DA_BALANCER_NONE;
        bool has_ipv6 = balanced ? entry_point->balancer.has_ipv6 : entry_point->servers[0].has_ipv6;
        const struct da_ipv6 *own = balanced ? &entry_point->balancer.ipv6 : &entry_point->servers[0].ipv6;
        if (deployment->network == DA_NETWORK_IPV4_ONLY && !is_covered(prefixes, &nat64->network, nat64->length)) {
            inet_ntop(AF_INET6, nat64->network.octet, text, sizeof(text));
            list_add(list, "%s/%u (%s)", text, nat64->length, entry_point->name);
        } else if (deployment->network == DA_NETWORK_IPV6 && has_ipv6 && !is_covered(prefixes, own, 128)) {
            inet_ntop(AF_INET6, own->octet, text, sizeof(text));
            list_add(list, "%s (%s)", text, entry_point->name);
        }
    }
}

static void check_site_prefixes(struct checker *checker)
{
    const char *value = checker->ncsi->values[DA_NCSI_SITE_PREFIXES], *at = value, *text;
    struct list wrong = {0}, uncovered = {0};
    struct da_site_prefix prefix;
    enum da_site_prefix_kind kind;
    char item[64], quoted[64];
    size_t length;
    bool cut = false;

    if (value == NULL) {
        list_uncovered(&uncovered, checker, "");
        add(checker, DA_MONITORED_WARNING, "policy-site-prefixes-missing", "; expected %s%s%s",
            uncovered.items > 0 ? "prefixes that cover " : "the IPv6 prefixes of the internal network", uncovered.text,
            uncovered.items > LIST_ITEMS ? " and more" : "");
        return;
    }
    while ((kind = da_site_prefix_next(&at, &prefix, &text, &length)) != DA_SITE_PREFIX_END) {
        cut = cut || kind == DA_SITE_PREFIX_CUT;
        if (kind != DA_SITE_PREFIX_WRONG)
            continue;
        snprintf(item, sizeof(item), "%.*s", (int)(length < sizeof(item) ? length : sizeof(item)), text);
        list_add(&wrong, "%s", da_error_quote(item, quoted, sizeof(quoted)));
    }
    if (wrong.items > 0)
        add(checker, DA_MONITORED_WARNING, "policy-site-prefixes-syntax",
            ": expected IPv6 prefixes, ADDRESS/LENGTH without bits behind the length, not %s%s", wrong.text,
            wrong.items > LIST_ITEMS ? " and more" : "");
    if (cut)
        add(checker, DA_MONITORED_WARNING, "policy-site-prefixes-cut",
            ", which is not all: PowerShell has cut it; set $FormatEnumerationLimit = -1 before");
    list_uncovered(&uncovered, checker, value);
    if (uncovered.items > 0 && !cut)
        add(checker, DA_MONITORED_WARNING, "policy-site-prefixes-uncovered",
            ", which does not cover %s%s: clients may not take addresses there for the internal network's",
            uncovered.text, uncovered.items > LIST_ITEMS ? " and more" : "");
}

/* ---- the web probe ---- */

/* The URL is that of WebProbeHost, or is to be. */
static void check_web_probe_own(struct checker *checker, const struct da_url *url, const struct host *host,
                                const char *expected)
{
    if (!host->in_suffix) {
        add(checker, DA_MONITORED_CRITICAL, "policy-web-probe-host",
            ", of which the deployment does not publish the host; expected http://%s/", expected);
        return;
    }
    if (url->secure || url->port != 80)
        add(checker, DA_MONITORED_CRITICAL, "policy-web-probe-port",
            ", but the probe is served over HTTP, on TCP port 80: clients say \"Connecting\" for ever; expected "
            "http://%s/",
            expected);
    if (!url->root)
        add(checker, DA_MONITORED_WARNING, "policy-web-probe-path",
            ", but DirectAccess sets the path /; expected http://%s/", expected);
}

static void check_web_probe(struct checker *checker)
{
    const char *value = checker->ncsi->values[DA_NCSI_WEB_PROBE_URL];
    struct list list = {0};
    struct host host;
    struct da_url url;

    list_names(&list, checker->set, da_label_web_probe);
    list.text[strcspn(list.text, ",")] = '\0'; /* one says it */
    if (value == NULL) {
        add(checker, DA_MONITORED_WARNING, "policy-web-probe-missing", "; expected http://%s/", list.text);
        return;
    }
    if (!da_url_parse(value, &url)) {
        add(checker, DA_MONITORED_CRITICAL, "policy-web-probe-url", ", which is no URL; expected http://%s/",
            list.text);
        return;
    }
    read_host(checker->set, url.host, &host);
    if (has_label(&host, da_label_web_probe))
        check_web_probe_own(checker, &url, &host, list.text);
    else if (host.blocked || is_owner(checker->set, &host))
        add(checker, DA_MONITORED_CRITICAL, "policy-web-probe-host", ", of which the host is %s; expected http://%s/",
            host.blocked ? "a blocked name" : "not that of the web probe", list.text);
    else
        add(checker, DA_MONITORED_WARNING, "policy-web-probe-elsewhere",
            ", which is not the web probe of DirectAccess, http://%s/: whether clients reach it is not known here",
            list.text);
}

/* ---- the network location server ---- */

static void check_nls_host(struct checker *checker, const char *text)
{
    struct host host;

    read_host(checker->set, text, &host);
    if (!host.is_name) {
        add(checker, DA_MONITORED_WARNING, "policy-nls-address",
            ", of which the host is no name; expected one, which the name resolution policy exempts");
    } else if (has_label(&host, da_label_nls)) {
        if (!host.in_suffix)
            add(checker, DA_MONITORED_CRITICAL, "policy-nls-host", ", which is under no suffix of the deployment");
        else if (!checker->deployment->network_location_server)
            add(checker, DA_MONITORED_CRITICAL, "policy-nls-host",
                ", which the deployment does not publish; set network-location-server: true");
    } else if (host.blocked || is_owner(checker->set, &host)) {
        add(checker, DA_MONITORED_CRITICAL, "policy-nls-host",
            ", of which the host is %s; expected one that only the internal network resolves",
            host.blocked ? "a blocked name: no client finds it" : "one that remote clients have to resolve");
    }
}

static void check_nls(struct checker *checker)
{
    const char *value = checker->ncsi->values[DA_NCSI_NLS_URL];
    struct list list = {0};
    struct da_url url;

    if (value == NULL) {
        list_names(&list, checker->set, da_label_nls);
        list.text[strcspn(list.text, ",")] = '\0';
        if (checker->deployment->network_location_server)
            add(checker, DA_MONITORED_WARNING, "policy-nls-missing", "; expected https://%s/", list.text);
        return;
    }
    if (!da_url_parse(value, &url)) {
        add(checker, DA_MONITORED_CRITICAL, "policy-nls-url", ", which is no URL; expected https://HOST/");
        return;
    }
    if (!url.secure)
        add(checker, DA_MONITORED_CRITICAL, "policy-nls-scheme",
            ", but the network location server is asked over HTTPS; expected https://");
    check_nls_host(checker, url.host);
}

/* ---- all ---- */

void da_ncsi_check(const struct da_ncsi *ncsi, const struct da_deployment *deployment, const struct da_record_set *set,
                   struct da_ncsi_findings *findings)
{
    static void (*const checks[DA_NCSI_VALUE_COUNT])(struct checker *) = {
        [DA_NCSI_PROBE_HOST] = check_probe_host,
        [DA_NCSI_PROBE_ADDRESS] = check_probe_address,
        [DA_NCSI_SITE_PREFIXES] = check_site_prefixes,
        [DA_NCSI_WEB_PROBE_URL] = check_web_probe,
        [DA_NCSI_NLS_URL] = check_nls,
    };
    struct checker checker = {.ncsi = ncsi, .deployment = deployment, .set = set, .findings = findings};

    findings->count = 0;
    for (size_t i = 0; i < DA_NCSI_VALUE_COUNT; i++) {
        checker.value = (enum da_ncsi_value)i;
        checks[i](&checker);
    }
}
