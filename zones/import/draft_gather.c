#include "import/draft_entries.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* ---- gathering ---- */

static void gather_entry_points(struct da_draft *draft, const struct da_object *object)
{
    const struct da_property *servers = da_object_find(object, "Servers");

    if (servers == NULL || da_object_find(object, "EntryPointName") == NULL)
        return;
    struct da_draft_entry *entry = da_draft_add_entry(draft, da_object_text(object, "EntryPointName"));
    if (entry == NULL)
        return;
    da_draft_place_of(object, "EntryPointName", entry->from);
    entry->servers_cut = entry->servers_cut || servers->cut;
    for (size_t i = 0; i < servers->count; i++) {
        struct da_draft_server *server = da_draft_add_server(draft, entry, servers->values[i]);
        if (server != NULL)
            da_draft_place("Servers", servers->values[i], object->file, servers->line, server->from);
    }
}

/* Get-RemoteAccess. Without multisite the name of the entry point is empty. */
static void gather_remote_access(struct da_draft *draft, const struct da_object *object)
{
    const char *name = da_object_text(object, "EntrypointName"), *balancing = da_object_text(object, "LoadBalancing");
    const char *host = da_object_text(object, "PSComputerName");
    struct da_draft_server *server;

    if (balancing == NULL)
        return;
    struct da_draft_entry *entry =
        name == NULL ? da_draft_entry_of(draft, host, &server) : da_draft_add_entry(draft, name);
    if (entry == NULL && name == NULL && draft->entry_count == 0)
        entry = da_draft_add_entry(draft, NULL);
    if (entry == NULL) {
        char text[DA_DRAFT_NOTE_MAX];
        da_draft_problem(draft, "entry-points",
                         "%s is of no known entry point; run Get-RemoteAccess -EntrypointName NAME",
                         da_draft_place_of(object, "LoadBalancing", text));
        return;
    }
    if (entry->from[0] == '\0')
        da_draft_place_of(object, name != NULL ? "EntrypointName" : "LoadBalancing", entry->from);
    if (host != NULL && (server = da_draft_add_server(draft, entry, host)) != NULL && server->from[0] == '\0')
        da_draft_place_of(object, "PSComputerName", server->from);
    entry->configured = entry->configured || strcasecmp(balancing, "Configured") == 0;
    entry->not_configured = entry->not_configured || strcasecmp(balancing, "NotConfigured") == 0;
}

/* "10.0.0.5/255.255.255.0", "3ffe::5/64" or without a mask; blanks are from broken lines. */
static bool take_address(const char *text, struct da_ipv4 *ipv4, struct da_ipv6 *ipv6, bool *is_ipv4)
{
    char bare[INET6_ADDRSTRLEN];
    size_t used = 0;

    for (; *text != '\0' && *text != '/' && *text != '%' && used + 1 < sizeof(bare); text++)
        if (*text != ' ')
            bare[used++] = *text;
    bare[used] = '\0';
    *is_ipv4 = da_ipv4_from_text(bare, ipv4);
    return *is_ipv4 ? da_ipv4_is_unicast(ipv4) : da_ipv6_from_text(bare, ipv6) && da_ipv6_is_unicast(ipv6);
}

static void gather_vips(struct da_draft *draft, struct da_draft_entry *entry, const struct da_object *object)
{
    const struct da_property *vips = da_object_find(object, "InternalVirtualIPAddress");
    char text[DA_DRAFT_NOTE_MAX];
    bool internal = vips != NULL && vips->count > 0, is_ipv4;
    struct da_ipv4 ipv4;
    struct da_ipv6 ipv6;

    if (!internal)
        vips = da_object_find(object, "InternetVirtualIPAddress");
    for (size_t i = 0; vips != NULL && i < vips->count; i++) {
        if (!take_address(vips->values[i], &ipv4, &ipv6, &is_ipv4))
            continue;
        da_draft_place(vips->name, vips->values[i], object->file, vips->line, text);
        if (is_ipv4 && !entry->has_vip) {
            entry->has_vip = true;
            entry->vip = ipv4;
            snprintf(entry->vip_from, DA_DRAFT_NOTE_MAX, "%s%.400s",
                     internal ? "" : "guessed, as for one network adapter: ", text);
        } else if (is_ipv4 && memcmp(&ipv4, &entry->vip, sizeof(ipv4)) != 0) {
            da_draft_problem(draft, "entry-points", "load balancer of %s: %s, but also %s", entry->label,
                             entry->vip_from, text);
        } else if (!is_ipv4 && !entry->has_vip6) {
            entry->has_vip6 = true;
            entry->vip6 = ipv6;
        }
    }
}

static void gather_balancer(struct da_draft *draft, const struct da_object *object)
{
    const struct da_property *nodes = da_object_find(object, "NlbNodeStatus");
    const char *third = da_object_text(object, "ThirdPartyLoadBalancer");
    struct da_draft_entry *entry = NULL;
    struct da_draft_server *server = NULL;
    char text[DA_DRAFT_NOTE_MAX];

    if (nodes == NULL && third == NULL && da_object_find(object, "InternalVirtualIPAddress") == NULL)
        return;
    for (size_t i = 0; nodes != NULL && i < nodes->count && server == NULL; i++)
        entry = da_draft_entry_of(draft, nodes->values[i], &server);
    if (entry == NULL)
        entry = da_draft_entry_of(draft, NULL, &server);
    if (entry == NULL && draft->entry_count == 0 && (entry = da_draft_add_entry(draft, NULL)) != NULL)
        snprintf(entry->from, DA_DRAFT_NOTE_MAX, "guessed: one load balancer");
    if (entry == NULL) {
        da_draft_problem(draft, "entry-points", "a load balancer is of no known entry point; run %s",
                         da_draft_command_servers);
        return;
    }
    entry->has_balancer = true;
    for (size_t i = 0; nodes != NULL && i < nodes->count; i++) {
        server = da_draft_add_server(draft, entry, nodes->values[i]);
        if (server != NULL && server->from[0] == '\0')
            da_draft_place("NlbNodeStatus", nodes->values[i], object->file, nodes->line, server->from);
    }
    entry->servers_cut = entry->servers_cut || (nodes != NULL && nodes->cut);
    if (third != NULL) {
        entry->external = strcasecmp(third, "Enabled") == 0 || strcasecmp(third, "True") == 0;
        entry->has_kind = entry->external || strcasecmp(third, "Disabled") == 0 || strcasecmp(third, "False") == 0;
        if (!entry->has_kind)
            da_draft_problem(draft, "entry-points", "%s; expected Enabled or Disabled",
                             da_draft_place_of(object, "ThirdPartyLoadBalancer", text));
    }
    gather_vips(draft, entry, object);
}

/* What comes first stands; another prefix is a contradiction. */
static void set_prefix(struct da_draft *draft, struct da_draft_entry *entry, const struct da_prefix *prefix,
                       const char *from)
{
    if (!entry->has_prefix) {
        entry->has_prefix = true;
        entry->prefix = *prefix;
        snprintf(entry->prefix_from, DA_DRAFT_NOTE_MAX, "%s", from);
    } else if (entry->prefix.length != prefix->length ||
               memcmp(&entry->prefix.network, &prefix->network, sizeof(prefix->network)) != 0) {
        da_draft_problem(draft, "entry-points", "nat64-prefix of %s: %s contradicts %s", entry->label, from,
                         entry->prefix_from);
    }
}

/* Get-NetNatTransitionConfiguration: "69:FF9B::/96,0.0.0.0/0". */
static void gather_nat(struct da_draft *draft, const struct da_object *object)
{
    const struct da_property *mapping = da_object_find(object, "PrefixMapping");
    struct da_prefix prefix;
    struct da_draft_server *server;
    char bare[INET6_ADDRSTRLEN + 4], text[DA_DRAFT_NOTE_MAX];
    size_t used = 0;

    if (mapping == NULL || mapping->count == 0)
        return;
    da_draft_place_of(object, "PrefixMapping", text);
    for (const char *at = mapping->values[0]; *at != '\0' && *at != ',' && used + 1 < sizeof(bare); at++)
        if (*at != ' ')
            bare[used++] = *at;
    bare[used] = '\0';
    if (da_prefix_from_text(bare, &prefix) != DA_PREFIX_OK) {
        da_draft_problem(draft, "entry-points", "nat64-prefix: %s; expected PREFIX/LENGTH,0.0.0.0/0", text);
        return;
    }
    struct da_draft_entry *entry = da_draft_entry_of(draft, da_object_text(object, "PSComputerName"), &server);
    if (entry == NULL && draft->entry_count == 0 && (entry = da_draft_add_entry(draft, NULL)) != NULL)
        snprintf(entry->from, DA_DRAFT_NOTE_MAX, "guessed: one NAT64 prefix");
    if (entry != NULL)
        set_prefix(draft, entry, &prefix, text);
    else
        da_draft_problem(draft, "entry-points", "nat64-prefix: %s is of no known entry point; run %s", text,
                         da_draft_command_nat);
}

static bool is_internal_interface(const struct da_draft *draft, const char *alias)
{
    bool known = false;

    for (size_t i = 0; alias != NULL && i < draft->objects->count; i++) {
        const char *internal = da_object_text(&draft->objects->items[i], "InternalInterface");
        known = known || internal != NULL;
        if (internal != NULL && strcasecmp(internal, alias) == 0)
            return true;
    }
    return !known;
}

struct address {
    const char *text, *file;
    bool is_ipv4;
    struct da_ipv4 ipv4;
    struct da_ipv6 ipv6;
};

static bool is_vip(const struct da_draft_entry *entry, const struct address *address)
{
    return address->is_ipv4 ? entry->has_vip && memcmp(&address->ipv4, &entry->vip, sizeof(entry->vip)) == 0
                            : entry->has_vip6 && memcmp(&address->ipv6, &entry->vip6, sizeof(entry->vip6)) == 0;
}

/* The server of an address: the host's; without one, the only there is. NULL = it is not told which. */
static struct da_draft_server *server_of(struct da_draft *draft, struct da_draft_entry *entry, const char *host)
{
    if (host == NULL && entry->server_count > 0)
        return entry->server_count == 1 ? &entry->servers[0] : NULL;
    struct da_draft_server *server = da_draft_add_server(draft, entry, host);
    if (server != NULL)
        snprintf(server->from, DA_DRAFT_NOTE_MAX, "guessed: the server that has the address");
    return server;
}

static void keep_address(struct da_draft_server *server, const struct address *address)
{
    if (!address->is_ipv4 && !server->has_ipv6) {
        server->has_ipv6 = true;
        server->ipv6 = address->ipv6;
    } else if (address->is_ipv4 && !server->has_ipv4) {
        server->has_ipv4 = true;
        server->ipv4 = address->ipv4;
        da_draft_place("IPAddress", address->text, address->file, 0, server->address_from);
    } else if (address->is_ipv4 && memcmp(&server->ipv4, &address->ipv4, sizeof(server->ipv4)) != 0) {
        server->several = true;
    }
}

/* Get-NetIPAddress. On members of an NLB cluster the adapter has the VIP, too. */
static void gather_address(struct da_draft *draft, const struct da_object *object)
{
    const char *host = da_object_text(object, "PSComputerName");
    struct address address = {.text = da_object_text(object, "IPAddress"), .file = object->file};
    struct da_draft_server *server;
    char from[DA_DRAFT_NOTE_MAX];

    if (address.text == NULL)
        address.text = da_object_text(object, "IPv4Address");
    if (address.text == NULL || !take_address(address.text, &address.ipv4, &address.ipv6, &address.is_ipv4) ||
        !is_internal_interface(draft, da_object_text(object, "InterfaceAlias")))
        return;
    da_draft_place("IPAddress", address.text, address.file, 0, from);
    struct da_draft_entry *entry = da_draft_entry_of(draft, host, &server);
    if (entry == NULL && draft->entry_count > 0)
        da_draft_problem(draft, "entry-points", "%s is of no known server; add PSComputerName, or run %s", from,
                         da_draft_command_servers);
    if (entry == NULL || is_vip(entry, &address))
        return;
    if (server == NULL)
        server = server_of(draft, entry, host);
    if (server != NULL)
        keep_address(server, &address);
    else
        da_draft_problem(draft, "entry-points", "of which server %s is, is not told: add PSComputerName", from);
}

void da_draft_gather(struct da_draft *draft)
{
    static void (*const each[])(struct da_draft *, const struct da_object *) = {
        gather_entry_points, gather_remote_access, gather_balancer, gather_nat, gather_address,
    };

    for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
        for (size_t n = 0; n < draft->objects->count; n++)
            each[i](draft, &draft->objects->items[n]);
}

/* ---- the policy ---- */

/* Which entry point a policy is for it does not tell, where there are several. */
static void take_policy_prefix(struct da_draft *draft, const struct da_prefix *prefix, const char *from)
{
    struct da_draft_entry *without = NULL;
    size_t count = 0;

    if (draft->entry_count == 0 && (without = da_draft_add_entry(draft, NULL)) != NULL)
        snprintf(without->from, DA_DRAFT_NOTE_MAX, "guessed: one policy");
    if (draft->entry_count == 1) {
        set_prefix(draft, &draft->entries[0], prefix, from);
        return;
    }
    for (size_t i = 0; i < draft->entry_count; i++) {
        struct da_draft_entry *entry = &draft->entries[i];
        if (entry->has_prefix && memcmp(&entry->prefix, prefix, sizeof(*prefix)) == 0)
            return;
        count += !entry->has_prefix;
        without = entry->has_prefix ? without : entry;
    }
    if (count == 0)
        da_draft_problem(draft, "entry-points", "nat64-prefix: %s is within the prefix of no entry point", from);
    else if (count == 1)
        set_prefix(draft, without, prefix, from);
}

static void take_policy_address(struct da_draft *draft)
{
    const char *value = da_draft_policy(draft, DA_NCSI_PROBE_ADDRESS);
    static const struct da_ipv4 loopback = {{127, 0, 0, 1}};
    static const struct da_ipv6 localhost = {{[15] = 1}};
    struct da_ipv6 address;
    struct da_prefix prefix;
    char from[DA_DRAFT_NOTE_MAX];

    if (value == NULL)
        return;
    da_draft_place_of_policy(draft, DA_NCSI_PROBE_ADDRESS, from);
    if (da_ipv6_from_text(value, &address) && memcmp(&address, &localhost, sizeof(address)) == 0) {
        draft->has_network = draft->ipv6 = true;
    } else if (da_ipv6_from_text(value, &address) && da_prefix_of(&address, &loopback, &prefix)) {
        draft->has_network = true;
        take_policy_prefix(draft, &prefix, from);
    } else {
        da_draft_problem(draft, "network", "%s; expected ::1, or 127.0.0.1 within a NAT64 prefix", from);
    }
    snprintf(draft->network_from, DA_DRAFT_NOTE_MAX, "%s", from);
}

void da_draft_decide_network(struct da_draft *draft)
{
    take_policy_address(draft);
    for (size_t i = 0; i < draft->entry_count; i++) {
        const struct da_draft_entry *entry = &draft->entries[i];
        if (entry->has_prefix && !draft->has_network) {
            draft->has_network = true;
            snprintf(draft->network_from, DA_DRAFT_NOTE_MAX, "guessed: there is a NAT64 prefix; look with: %s",
                     da_draft_command_policy);
        }
    }
}
