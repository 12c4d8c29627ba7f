#include "deployment_check.h"

#include "deployment_unique.h"
#include "matcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct check {
    struct da_deployment *deployment;
    da_warning_fn *warn;
    void *arg;
    struct da_error *error;
};

typedef char path_buffer[DA_ERROR_PATH_MAX];

/* ---- how a value is refused ---- */

static enum da_status refuse(const struct check *check, const char *path, const char *value, const char *why)
{
    char quoted[DA_ERROR_QUOTE_MAX];
    if (value == NULL)
        return da_error_set(check->error, DA_ERR_VALUE, path, "missing; expected %s", why);
    return da_error_set(check->error, DA_ERR_VALUE, path, "%s: expected %s",
                        da_error_quote(value, quoted, sizeof(quoted)), why);
}

static enum da_status no_memory(const struct check *check)
{
    return da_error_set(check->error, DA_ERR_MEMORY, NULL, "out of memory");
}

static void warn(const struct check *check, const char *path, const char *value, const char *why)
{
    char quoted[DA_ERROR_QUOTE_MAX], text[DA_ERROR_TEXT_MAX];
    if (check->warn == NULL)
        return;
    snprintf(text, sizeof(text), "%s: %s", da_error_quote(value, quoted, sizeof(quoted)), why);
    check->warn(check->arg, path, text);
}

static const char *entry_path(path_buffer path, size_t entry, const char *field)
{
    snprintf(path, DA_ERROR_PATH_MAX, "entry-points[%zu].%s", entry, field);
    return path;
}

static const char *server_path(path_buffer path, size_t entry, size_t server, const char *field)
{
    snprintf(path, DA_ERROR_PATH_MAX, "entry-points[%zu].servers[%zu].%s", entry, server, field);
    return path;
}

/* ---- small parsers, one a kind of value; value is NULL where the key is absent ---- */

struct choice {
    const char *text;
    int value;
};

static enum da_status read_choice(const struct check *check, const char *path, const char *value,
                                  const struct choice *choices, const char *expected, int *chosen)
{
    for (; value != NULL && choices->text != NULL; choices++) {
        if (strcmp(value, choices->text) == 0) {
            *chosen = choices->value;
            return DA_OK;
        }
    }
    return refuse(check, path, value, expected);
}

static enum da_status read_seconds(const struct check *check, const char *path, const char *value, uint32_t most,
                                   uint32_t *seconds)
{
    char expected[64];
    size_t digits = strspn(value, "0123456789");

    if (digits > 0 && digits < 10 && value[digits] == '\0') {
        unsigned long number = strtoul(value, NULL, 10);
        if (number >= 1 && number <= most) {
            *seconds = (uint32_t)number;
            return DA_OK;
        }
    }
    snprintf(expected, sizeof(expected), "1 to %u seconds", most);
    return refuse(check, path, value, expected);
}

static enum da_status read_ipv4(const struct check *check, const char *path, const char *value, struct da_ipv4 *address)
{
    if (value != NULL && da_ipv4_from_text(value, address) && da_ipv4_is_unicast(address))
        return DA_OK;
    return refuse(check, path, value, "a unicast IPv4 address such as 10.0.0.11, not loopback or link-local");
}

/* An IPv6 address is optional, and only for a network that has IPv6. */
static enum da_status read_ipv6(const struct check *check, const char *path, const char *value, bool *given,
                                struct da_ipv6 *address)
{
    *given = value != NULL;
    if (value == NULL)
        return DA_OK;
    if (check->deployment->network != DA_NETWORK_IPV6)
        return refuse(check, path, value, "it only with network: ipv6");
    if (da_ipv6_from_text(value, address) && da_ipv6_is_unicast(address))
        return DA_OK;
    return refuse(check, path, value, "a unicast IPv6 address such as fd12:3456:789a::11, not loopback or link-local");
}

/* A name for people and options: 1 to 63 octets without control characters. */
static enum da_status read_title(const struct check *check, const char *path, const char *value,
                                 char title[static DA_LABEL_MAX + 1])
{
    size_t length = value ? strlen(value) : 0;
    bool printable = length >= 1 && length <= DA_LABEL_MAX;

    for (size_t i = 0; printable && i < length; i++)
        printable = (unsigned char)value[i] >= 0x20 && value[i] != 0x7f;
    if (!printable)
        return refuse(check, path, value, "a name of 1 to 63 printable octets");
    memcpy(title, value, length + 1);
    return DA_OK;
}

/* True for a label this project publishes, whether this deployment does or not. */
static bool is_published_label(const char *label)
{
    return strcasecmp(label, da_label_corp_connectivity) == 0 || strcasecmp(label, da_label_web_probe) == 0 ||
           strcasecmp(label, da_label_nls) == 0;
}

/* ---- the sections of the file ---- */

static enum da_status check_network(const struct check *check, const struct raw_deployment *raw)
{
    static const struct choice networks[] = {{"ipv4-only", DA_NETWORK_IPV4_ONLY}, {"ipv6", DA_NETWORK_IPV6}, {0}};
    static const struct choice booleans[] = {{"false", 0}, {"true", 1}, {0}};
    struct da_deployment *deployment = check->deployment;
    int chosen = 0;

    enum da_status status = read_choice(check, "network", raw->network, networks, "ipv4-only or ipv6", &chosen);
    deployment->network = (enum da_network)chosen;
    deployment->ttl = DA_TTL_DEFAULT;
    if (status == DA_OK && raw->ttl != NULL)
        status = read_seconds(check, "ttl", raw->ttl, DA_TTL_MAX, &deployment->ttl);
    deployment->negative_ttl = DA_NEGATIVE_TTL_DEFAULT;
    if (status == DA_OK && raw->negative_ttl != NULL)
        status = read_seconds(check, "negative-ttl", raw->negative_ttl, DA_NEGATIVE_TTL_MAX, &deployment->negative_ttl);
    if (status == DA_OK && raw->network_location_server != NULL) {
        status = read_choice(check, "network-location-server", raw->network_location_server, booleans, "true or false",
                             &chosen);
        deployment->network_location_server = chosen != 0;
    }
    return status;
}

static enum da_status check_block(const struct check *check, const struct raw_deployment *raw)
{
    static char isatap[] = "isatap";
    static char *standard[] = {isatap};
    char **block = raw->block_count > 0 ? raw->block : standard;
    size_t count = raw->block_count > 0 ? raw->block_count : 1;
    struct da_deployment *deployment = check->deployment;
    bool blocks_isatap = false;

    deployment->block = calloc(count, sizeof(*deployment->block));
    if (deployment->block == NULL)
        return no_memory(check);
    for (size_t i = 0; i < count; i++) {
        path_buffer path;
        snprintf(path, sizeof(path), "block[%zu]", i);
        if (!da_name_is_label(block[i]))
            return refuse(check, path, block[i], "one label such as isatap");
        if (is_published_label(block[i]))
            return refuse(check, path, block[i], "a name that is not published");
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(block[j], block[i]) == 0)
                return refuse(check, path, block[i], "each label once");
        blocks_isatap = blocks_isatap || strcasecmp(block[i], isatap) == 0;
        memcpy(deployment->block[i], block[i], strlen(block[i]) + 1);
        deployment->block_count++;
    }
    if (!blocks_isatap)
        warn(check, "block", isatap, "not blocked; where it resolves, every IPv6 host brings up a tunnel");
    return DA_OK;
}

static enum da_status check_isatap_router(const struct check *check, const struct raw_deployment *raw)
{
    struct da_deployment *deployment = check->deployment;
    const char *path = "isatap-router", *router = raw->isatap_router;

    if (router == NULL)
        return DA_OK;
    if (!da_name_is_label(router))
        return refuse(check, path, router, "one label such as isatap-da");
    if (is_published_label(router))
        return refuse(check, path, router, "a name of its own");
    bool blocked = strcasecmp(router, "isatap") == 0;
    for (size_t i = 0; i < deployment->block_count; i++)
        blocked = blocked || strcasecmp(router, deployment->block[i]) == 0;
    if (blocked)
        return refuse(check, path, router, "a name that is not blocked");
    if (deployment->entry_point_count > 1)
        return refuse(check, path, router, "it only with one entry point (ISATAP does not work with multisite)");
    if (deployment->entry_points[0].balancer.kind == DA_BALANCER_EXTERNAL)
        return refuse(check, path, router, "it without an external load balancer (ISATAP does not work with one)");
    memcpy(deployment->isatap_router, router, strlen(router) + 1);
    return DA_OK;
}

/* The longest label that is put in front of a suffix: those published and the ISATAP router's. */
static const char *longest_label(const struct da_deployment *deployment)
{
    return strlen(deployment->isatap_router) > strlen(da_label_corp_connectivity) ? deployment->isatap_router
                                                                                  : da_label_corp_connectivity;
}

static enum da_status check_suffix(const struct check *check, const char *path, const char *value,
                                   struct da_name *suffix)
{
    const char *longest = longest_label(check->deployment);
    char expected[160];

    if (strcmp(value, ".") == 0)
        return refuse(check, path, value, "a DNS suffix such as corp.example.net, not the root");
    enum da_status status = da_name_from_hostname(value, suffix);
    if (status == DA_OK && suffix->length + 1 + strlen(longest) <= DA_NAME_MAX)
        return DA_OK;
    if (status == DA_ERR_SYNTAX)
        return refuse(check, path, value, "a hostname such as corp.example.net");
    snprintf(expected, sizeof(expected), "a suffix that leaves room for %s within 255 octets", longest);
    return refuse(check, path, value, expected);
}

/* Suffixes that are there twice, or that the deployment itself blocks. */
static enum da_status cross_check_suffixes(const struct check *check, const struct raw_deployment *raw)
{
    struct da_matcher matcher;
    path_buffer path;
    size_t repeated = 0;

    enum da_status status = da_matcher_init(&matcher, check->deployment, &repeated);
    if (status == DA_ERR_VALUE) {
        snprintf(path, sizeof(path), "suffixes[%zu]", repeated);
        refuse(check, path, raw->suffixes[repeated], "each suffix once");
    } else if (status != DA_OK) {
        no_memory(check);
    }
    for (size_t i = 0; status == DA_OK && i < raw->suffixes_count; i++) {
        const struct da_name *suffix = &check->deployment->suffixes[i];
        struct da_walk walk;
        da_walk_name(&walk, suffix->wire, suffix->length);
        da_walk_fold(&walk, suffix->wire);
        if (da_matcher_blocked(&matcher, &walk) == DA_MATCHER_NONE)
            continue;
        snprintf(path, sizeof(path), "suffixes[%zu]", i);
        status = refuse(check, path, raw->suffixes[i], "a suffix that is not at or below a blocked name");
    }
    da_matcher_clear(&matcher);
    return status;
}

static enum da_status check_suffixes(const struct check *check, const struct raw_deployment *raw)
{
    struct da_deployment *deployment = check->deployment;

    if (raw->suffixes_count == 0)
        return refuse(check, "suffixes", NULL, "a list of DNS suffixes");
    deployment->suffixes = calloc(raw->suffixes_count, sizeof(*deployment->suffixes));
    if (deployment->suffixes == NULL)
        return no_memory(check);
    for (size_t i = 0; i < raw->suffixes_count; i++) {
        path_buffer path;
        snprintf(path, sizeof(path), "suffixes[%zu]", i);
        enum da_status status = check_suffix(check, path, raw->suffixes[i], &deployment->suffixes[i]);
        if (status != DA_OK)
            return status;
        deployment->suffix_count++;
    }
    return cross_check_suffixes(check, raw);
}

static enum da_status check_server(const struct check *check, const struct raw_server *raw, size_t entry, size_t at,
                                   struct da_server *server)
{
    path_buffer path;

    enum da_status status = read_title(check, server_path(path, entry, at, "name"), raw->name, server->name);
    if (status == DA_OK)
        status = read_ipv4(check, server_path(path, entry, at, "address"), raw->address, &server->address);
    if (status == DA_OK)
        status = read_ipv6(check, server_path(path, entry, at, "ipv6-address"), raw->ipv6_address, &server->has_ipv6,
                           &server->ipv6);
    return status;
}

static enum da_status check_balancer(const struct check *check, const struct raw_balancer *raw, size_t entry,
                                     struct da_load_balancer *balancer)
{
    static const struct choice kinds[] = {{"nlb", DA_BALANCER_NLB}, {"external", DA_BALANCER_EXTERNAL}, {0}};
    static const struct choice modes[] = {
        {"unicast", DA_NLB_UNICAST}, {"multicast", DA_NLB_MULTICAST}, {"igmp-multicast", DA_NLB_IGMP_MULTICAST}, {0}};
    path_buffer path;
    int chosen = 0;

    enum da_status status =
        read_choice(check, entry_path(path, entry, "load-balancer.kind"), raw->kind, kinds, "nlb or external", &chosen);
    balancer->kind = (enum da_balancer_kind)chosen;
    if (status == DA_OK)
        status = read_ipv4(check, entry_path(path, entry, "load-balancer.vip"), raw->vip, &balancer->vip);
    if (status == DA_OK)
        status = read_ipv6(check, entry_path(path, entry, "load-balancer.ipv6-vip"), raw->ipv6_vip, &balancer->has_ipv6,
                           &balancer->ipv6);
    if (status != DA_OK || raw->nlb_mode == NULL)
        return status;
    entry_path(path, entry, "load-balancer.nlb-mode");
    if (balancer->kind != DA_BALANCER_NLB)
        return refuse(check, path, raw->nlb_mode, "it only with kind: nlb");
    status = read_choice(check, path, raw->nlb_mode, modes, "unicast, multicast or igmp-multicast", &chosen);
    balancer->nlb_mode = (enum da_nlb_mode)chosen;
    return status;
}

static enum da_status check_nat64(const struct check *check, const char *value, size_t entry, struct da_prefix *prefix)
{
    static const char *const expected[] = {
        [DA_PREFIX_SYNTAX] = "an IPv6 prefix such as fd12:3456:789a:7777::/96",
        [DA_PREFIX_LENGTH] = "a length of 32, 40, 48, 56, 64 or 96 bits (RFC 6052)",
        [DA_PREFIX_HOST_BITS] = "no bit set behind the prefix length",
        [DA_PREFIX_U_OCTET] = "bits 64 to 71 to be zero (RFC 6052)",
        [DA_PREFIX_UNICAST] = "a unicast prefix, not ::, link-local or multicast",
    };
    path_buffer path;

    entry_path(path, entry, "nat64-prefix");
    if (check->deployment->network == DA_NETWORK_IPV6)
        return value == NULL ? DA_OK : refuse(check, path, value, "it only with network: ipv4-only");
    if (value == NULL)
        return refuse(check, path, NULL, expected[DA_PREFIX_SYNTAX]);
    enum da_prefix_fault fault = da_prefix_from_text(value, prefix);
    if (fault != DA_PREFIX_OK)
        return refuse(check, path, value, expected[fault]);
    if (prefix->length != 96)
        warn(check, path, value, "DirectAccess itself uses a length of 96");
    return DA_OK;
}

/* Clients reach a balanced entry point at its VIP, so a server's own IPv6 address cannot stand in for the VIP's. */
static void warn_unbalanced_ipv6(const struct check *check, size_t entry)
{
    const struct da_entry_point *point = &check->deployment->entry_points[entry];
    path_buffer path;

    if (point->balancer.kind == DA_BALANCER_NONE || point->balancer.has_ipv6)
        return;
    for (size_t i = 0; i < point->server_count; i++) {
        if (!point->servers[i].has_ipv6)
            continue;
        warn(check, entry_path(path, entry, "load-balancer"), point->name,
             "no ipv6-vip, so no AAAA is published although servers have an ipv6-address");
        return;
    }
}

static enum da_status check_entry_point(const struct check *check, const struct raw_entry_point *raw, size_t entry)
{
    struct da_entry_point *point = &check->deployment->entry_points[entry];
    path_buffer path;

    enum da_status status = read_title(check, entry_path(path, entry, "name"), raw->name, point->name);
    if (status == DA_OK)
        status = check_nat64(check, raw->nat64_prefix, entry, &point->nat64);
    if (status != DA_OK)
        return status;
    if (raw->servers_count == 0)
        return refuse(check, entry_path(path, entry, "servers"), NULL, "a list of servers");
    point->servers = calloc(raw->servers_count, sizeof(*point->servers));
    if (point->servers == NULL)
        return no_memory(check);
    for (size_t i = 0; status == DA_OK && i < raw->servers_count; i++, point->server_count++)
        status = check_server(check, &raw->servers[i], entry, i, &point->servers[i]);
    if (status == DA_OK && raw->balancer != NULL)
        status = check_balancer(check, raw->balancer, entry, &point->balancer);
    if (status == DA_OK && raw->balancer == NULL && raw->servers_count > 1)
        return refuse(check, entry_path(path, entry, "load-balancer"), NULL, "one with two or more servers");
    if (status == DA_OK)
        warn_unbalanced_ipv6(check, entry);
    return status;
}

static enum da_status check_entry_points(const struct check *check, const struct raw_deployment *raw)
{
    struct da_deployment *deployment = check->deployment;
    enum da_status status = DA_OK;

    if (raw->entry_points_count == 0)
        return refuse(check, "entry-points", NULL, "a list of entry points");
    deployment->entry_points = calloc(raw->entry_points_count, sizeof(*deployment->entry_points));
    if (deployment->entry_points == NULL)
        return no_memory(check);
    for (size_t i = 0; status == DA_OK && i < raw->entry_points_count; i++) {
        deployment->entry_point_count++;
        status = check_entry_point(check, &raw->entry_points[i], i);
    }
    return status == DA_OK ? da_deployment_unique(deployment, check->error) : status;
}

enum da_status da_deployment_check(const struct raw_deployment *raw, struct da_deployment *deployment,
                                   da_warning_fn *warn_fn, void *arg, struct da_error *error)
{
    static enum da_status (*const sections[])(const struct check *, const struct raw_deployment *) = {
        /* each may rely on those before it */
        check_network, check_block, check_entry_points, check_isatap_router, check_suffixes,
    };
    const struct check check = {deployment, warn_fn, arg, error};
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < sizeof(sections) / sizeof(sections[0]); i++)
        status = sections[i](&check, raw);
    return status;
}
