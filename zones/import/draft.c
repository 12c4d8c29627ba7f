#include "import/draft.h"

#include "import/draft_entries.h"
#include "ncsi/parts.h"
#include "text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A comment at an indentation. What is from outside is quoted by da_draft_place(), so that it cannot end the line. */
static void note(struct da_draft *draft, unsigned indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void note(struct da_draft *draft, unsigned indent, const char *format, ...)
{
    char text[2 * DA_DRAFT_NOTE_MAX], first[32];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    snprintf(first, sizeof(first), "%*s# ", (int)indent, "");
    da_text_wrap(draft->out, first, first, text);
}

/* ---- writing ---- */

/* A label or name as YAML; what could be taken for a number or a truth value is quoted. */
static void write_text(struct da_draft *draft, const char *text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    bool quote = !isalpha((unsigned char)text[0]) || strpbrk(text, ":") != NULL;

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        quote = quote || strcasecmp(words[i], text) == 0;
    fprintf(draft->out, quote ? "\"%s\"\n" : "%s\n", text);
}

static void write_ipv4(struct da_draft *draft, const char *key, const struct da_ipv4 *address)
{
    char text[INET_ADDRSTRLEN];

    fprintf(draft->out, "%s: %s\n", key, inet_ntop(AF_INET, address->octet, text, sizeof(text)));
}

static void write_ipv6(struct da_draft *draft, const char *key, const struct da_ipv6 *address)
{
    char text[INET6_ADDRSTRLEN];

    fprintf(draft->out, "%s: \"%s\"\n", key, inet_ntop(AF_INET6, address->octet, text, sizeof(text)));
}

static void write_suffix(struct da_draft *draft, const struct da_name *suffix)
{
    char text[DA_NAME_TEXT_MAX];

    da_name_to_text(suffix, text);
    text[strlen(text) - 1] = '\0';
    fputs("  - ", draft->out);
    write_text(draft, text);
}

/* The suffix of the web probe is to be that of the DNS probe. */
static void check_web_probe(struct da_draft *draft, const struct da_name *suffix, const char *from)
{
    char host[DA_URL_HOST_MAX], label[DA_LABEL_MAX + 1], text[DA_DRAFT_NOTE_MAX];
    const char *url = da_draft_policy(draft, DA_NCSI_WEB_PROBE_URL);
    struct da_name name, parent;

    if (url == NULL || !da_ncsi_url_host(url, host, sizeof(host)) || da_name_from_hostname(host, &name) != DA_OK ||
        !da_name_split(&name, label, &parent) || strcasecmp(label, da_label_web_probe) != 0)
        return;
    if (!da_name_equal(suffix->wire, parent.wire))
        da_draft_problem(draft, "suffixes", "%s contradicts %s",
                         da_draft_place_of_policy(draft, DA_NCSI_WEB_PROBE_URL, text), from);
}

static bool add_suffix(struct da_name *names, size_t *count, const struct da_name *name)
{
    for (size_t i = 0; i < *count; i++)
        if (da_name_equal(names[i].wire, name->wire))
            return false;
    names[(*count)++] = *name;
    return true;
}

/* Suffixes that DirectAccess sends to internal DNS servers: those of DnsSuffix that begin with a dot. */
static void guess_suffixes(struct da_draft *draft)
{
    struct da_name names[32], name;
    size_t count = 0;
    char text[DA_DRAFT_NOTE_MAX];

    for (size_t i = 0; i < draft->objects->count; i++) {
        const struct da_object *object = &draft->objects->items[i];
        const struct da_property *list = da_object_find(object, "DnsSuffix");
        for (size_t v = 0; list != NULL && v < list->count && count < 32; v++) {
            const char *value = list->values[v];
            if (value[0] != '.' || da_name_from_hostname(value + 1, &name) != DA_OK ||
                !add_suffix(names, &count, &name))
                continue;
            if (count == 1)
                fputs("suffixes:\n", draft->out);
            note(draft, 2, "guessed: %s; look with: %s",
                 da_draft_place("DnsSuffix", value, object->file, list->line, text), da_draft_command_policy);
            write_suffix(draft, &name);
        }
    }
    if (count > 0)
        return;
    note(draft, 0, "suffixes: missing; look with: %s (CorporateDNSProbeHostName)", da_draft_command_policy);
    da_draft_problem(draft, "suffixes", "missing: run %s on a client", da_draft_command_policy);
}

static void write_suffixes(struct da_draft *draft)
{
    const char *host = da_draft_policy(draft, DA_NCSI_PROBE_HOST);
    char from[DA_DRAFT_NOTE_MAX];
    struct da_name suffix;

    if (host == NULL) {
        guess_suffixes(draft);
        return;
    }
    da_draft_place_of_policy(draft, DA_NCSI_PROBE_HOST, from);
    if (!da_ncsi_probe_suffix(host, &suffix)) {
        note(draft, 0, "suffixes: missing: %s", from);
        da_draft_problem(draft, "suffixes", "%s; expected %s.SUFFIX", from, da_label_corp_connectivity);
        return;
    }
    fputs("suffixes:\n", draft->out);
    note(draft, 2, "%s", from);
    write_suffix(draft, &suffix);
    check_web_probe(draft, &suffix, from);
}

static void write_network(struct da_draft *draft)
{
    if (draft->has_network) {
        note(draft, 0, "%s", draft->network_from);
        fprintf(draft->out, "network: %s\n", draft->ipv6 ? "ipv6" : "ipv4-only");
        return;
    }
    note(draft, 0, "network: missing, ipv4-only or ipv6; look with: %s (CorporateDNSProbeHostAddress)",
         da_draft_command_policy);
    da_draft_problem(draft, "network", "missing: run %s on a client", da_draft_command_policy);
}

static void write_server(struct da_draft *draft, size_t e, size_t s)
{
    const struct da_draft_server *server = &draft->entries[e].servers[s];
    char path[96], host[80] = "the server";

    if (server->host != NULL)
        da_error_quote(server->host, host, sizeof(host));
    note(draft, 6, "%s", server->from);
    fputs("      - name: ", draft->out);
    write_text(draft, server->label);
    if (!server->has_ipv4) {
        snprintf(path, sizeof(path), "entry-points[%zu].servers[%zu].address", e, s);
        note(draft, 8, "address: missing; look with: %s", da_draft_command_address);
        da_draft_problem(draft, path, "missing: run %s on %s", da_draft_command_address, host);
    } else {
        note(draft, 8, "%s%s%s", server->several ? "guessed, the first of several: " : "", server->address_from,
             server->several ? "; take the one that internal computers use" : "");
        write_ipv4(draft, "        address", &server->ipv4);
    }
    if (draft->ipv6 && server->has_ipv6) {
        note(draft, 8, "guessed, the first that is global or unique local");
        write_ipv6(draft, "        ipv6-address", &server->ipv6);
    }
}

static void write_balancer(struct da_draft *draft, size_t e)
{
    const struct da_draft_entry *entry = &draft->entries[e];
    char path[96];

    if (!entry->configured && !entry->has_balancer && entry->server_count < 2)
        return;
    if (entry->not_configured && !entry->configured && entry->has_vip) {
        snprintf(path, sizeof(path), "entry-points[%zu].load-balancer", e);
        da_draft_problem(draft, path, "LoadBalancing is NotConfigured, but there is %s", entry->vip_from);
    }
    fputs("    load-balancer:\n", draft->out);
    if (entry->has_kind) {
        note(draft, 6, "ThirdPartyLoadBalancer is %s", entry->external ? "Enabled" : "Disabled");
        fprintf(draft->out, "      kind: %s\n", entry->external ? "external" : "nlb");
    } else {
        snprintf(path, sizeof(path), "entry-points[%zu].load-balancer.kind", e);
        note(draft, 6, "kind: missing, nlb or external; look with: %s", da_draft_command_balancer);
        da_draft_problem(draft, path, "missing: run %s", da_draft_command_balancer);
    }
    if (entry->has_vip) {
        note(draft, 6, "%s", entry->vip_from);
        write_ipv4(draft, "      vip", &entry->vip);
    } else {
        snprintf(path, sizeof(path), "entry-points[%zu].load-balancer.vip", e);
        note(draft, 6, "vip: missing; look with: %s", da_draft_command_balancer);
        da_draft_problem(draft, path, "missing: run %s", da_draft_command_balancer);
    }
    if (draft->ipv6 && entry->has_vip6)
        write_ipv6(draft, "      ipv6-vip", &entry->vip6);
    if (entry->has_kind && !entry->external)
        note(draft, 6, "nlb-mode: unicast, multicast or igmp-multicast; look with: Get-NlbCluster | Format-List *");
}

static void write_entry(struct da_draft *draft, size_t e)
{
    const struct da_draft_entry *entry = &draft->entries[e];
    char path[96], text[INET6_ADDRSTRLEN];

    note(draft, 2, "%s%s", entry->name == NULL ? "guessed name; " : "", entry->from);
    fputs("  - name: ", draft->out);
    write_text(draft, entry->label);
    if (!draft->ipv6 && entry->has_prefix) {
        note(draft, 4, "%s", entry->prefix_from);
        inet_ntop(AF_INET6, entry->prefix.network.octet, text, sizeof(text));
        fprintf(draft->out, "    nat64-prefix: \"%s/%u\"\n", text, entry->prefix.length);
    } else if (!draft->ipv6) {
        snprintf(path, sizeof(path), "entry-points[%zu].nat64-prefix", e);
        note(draft, 4, "nat64-prefix: missing; look with: %s", da_draft_command_nat);
        da_draft_problem(draft, path, "missing: run %s on its servers", da_draft_command_nat);
    }
    snprintf(path, sizeof(path), "entry-points[%zu].servers", e);
    if (entry->server_count == 0) {
        note(draft, 4, "servers: missing; look with: %s", da_draft_command_servers);
        da_draft_problem(draft, path, "missing: run %s", da_draft_command_servers);
    } else {
        fputs("    servers:\n", draft->out);
    }
    for (size_t s = 0; s < entry->server_count; s++)
        write_server(draft, e, s);
    if (entry->servers_cut) {
        note(draft, 6, "more servers are missing; set $FormatEnumerationLimit = -1 before: %s",
             da_draft_command_servers);
        da_draft_problem(draft, path, "PowerShell has cut the list; set $FormatEnumerationLimit = -1 before");
    }
    write_balancer(draft, e);
}

/* Where the network location server runs on the DirectAccess server, under the name we know of. */
static void write_nls(struct da_draft *draft)
{
    const char *url = da_draft_policy(draft, DA_NCSI_NLS_URL), *location = NULL;
    char host[DA_URL_HOST_MAX], from[DA_DRAFT_NOTE_MAX];
    size_t length = strlen(da_label_nls);

    for (size_t i = 0; i < draft->objects->count && location == NULL; i++)
        location = da_object_text(&draft->objects->items[i], "NlsLocation");
    bool known = url != NULL && da_ncsi_url_host(url, host, sizeof(host));
    bool ours = known && strncasecmp(host, da_label_nls, length) == 0 && host[length] == '.';
    bool on_server = location != NULL && strcasecmp(location, "DirectAccessServer") == 0;
    if (known)
        note(draft, 0, "%s", da_draft_place_of_policy(draft, DA_NCSI_NLS_URL, from));
    else if (on_server)
        note(draft, 0, "guessed: NlsLocation is DirectAccessServer, but under which name is not known; look with: %s",
             da_draft_command_policy);
    else
        note(draft, 0, "guessed; look with: Get-DANetworkLocationServer");
    fprintf(draft->out, "network-location-server: %s\n", ours || (on_server && !known) ? "true" : "false");
    if (ours && location != NULL && !on_server)
        da_draft_problem(draft, "network-location-server",
                         "NlsLocation is not DirectAccessServer, which contradicts %s", from);
}

static void write_draft(struct da_draft *draft)
{
    note(draft, 0, "Drafted by dadns import. Look at every line that says guessed or missing.");
    write_suffixes(draft);
    write_network(draft);
    if (draft->entry_count == 0) {
        note(draft, 0, "entry-points: missing; look with: %s", da_draft_command_servers);
        da_draft_problem(draft, "entry-points", "missing: run Get-RemoteAccess and %s", da_draft_command_servers);
    } else {
        fputs("entry-points:\n", draft->out);
    }
    for (size_t i = 0; i < draft->entry_count; i++)
        write_entry(draft, i);
    write_nls(draft);
    note(draft, 0, "Manage-out by ISATAP is set up on hosts, and not told by these outputs:");
    note(draft, 0, "isatap-router: isatap-da");
}

enum da_status da_draft_write(const struct da_objects *objects, const struct da_ncsi *ncsi, FILE *out, FILE *problems,
                              size_t *count)
{
    struct da_draft draft = {.objects = objects, .ncsi = ncsi, .out = out, .problems = problems};

    da_draft_gather(&draft);
    da_draft_decide_network(&draft);
    write_draft(&draft);
    for (size_t i = 0; i < draft.entry_count; i++)
        free(draft.entries[i].servers);
    free(draft.entries);
    *count = draft.count;
    return draft.failed ? DA_ERR_MEMORY : DA_OK;
}
