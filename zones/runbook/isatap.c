/* The chapter on ISATAP for manage-out. The policy's names and values are those of tcpip.admx. */
#include "runbook/chapters.h"
#include "runbook/isatap_address.h"
#include "runbook/network_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SUFFIXES_SHOWN 5

/* Room for "PREFIX:IDENTIFIER/LENGTH", whichever way it is written. */
#define CELL_MAX (DA_IPV6_TEXT_MAX + DA_ISATAP_TEXT_MAX)

/* Stands for hosts that the deployment does not know: an address of the servers' kind. */
static const struct da_ipv4 private_sample = {{10, 0, 0, 50}}, global_sample = {{131, 107, 0, 50}};

/* ---- without a router ---- */

static void write_off(const struct da_deployment *deployment, struct da_document *document)
{
    bool is_multisite = deployment->entry_point_count > 1;
    bool is_external = deployment->entry_points[0].balancer.kind == DA_BALANCER_EXTERNAL;

    da_document_paragraph(document,
                          "Manage-out over ISATAP is off: the deployment names no `isatap-router`. Hosts of an "
                          "IPv4-only network then cannot open connections to remote clients; clients reach "
                          "them all the same.");
    if (is_multisite || is_external)
        da_document_paragraph(document,
                              "It cannot be turned on here: it does not work, and is not supported, with %s. "
                              "Give the hosts that manage clients native IPv6 instead.",
                              is_multisite ? "several entry points" : "an external load balancer");
    else
        da_document_paragraph(document, "To turn it on: choose a label such as `isatap-da`, never `isatap`; add the "
                                        "line `isatap-router: isatap-da` to the deployment; publish the records; and "
                                        "configure the hosts that manage clients, and only those, as this chapter "
                                        "tells then. Native IPv6 for these hosts does without.");
}

/* ---- with one ---- */

static void write_support(const struct da_deployment *deployment, struct da_document *document)
{
    da_document_note(
        document, DA_NOTE_WARNING,
        "Microsoft no longer supports ISATAP in DirectAccess, and advises native IPv6 for the hosts that manage "
        "clients. With one site it works%s. With several entry points it does not, for a host has one router, and "
        "clients are behind all; nor behind an external load balancer, which balances TCP and not the tunnels. A "
        "deployment with either is refused.",
        deployment->entry_points[0].balancer.kind == DA_BALANCER_NLB ? ", Network Load Balancing included" : "");
}

static const struct da_owner *find_router(const struct da_runbook *runbook)
{
    const struct da_record_set *set = runbook->set;

    for (size_t i = 0; i < set->owner_count; i++)
        if (strcasecmp(set->owners[i].label, runbook->deployment->isatap_router) == 0)
            return &set->owners[i];
    return NULL;
}

static void write_addresses(const struct da_owner *owner, const char *name, struct da_document *document)
{
    for (size_t i = 0; i < owner->rrset_count; i++)
        for (size_t k = 0; k < owner->rrsets[i].count; k++) {
            struct da_ipv4 address;
            char text[DA_IPV4_TEXT_MAX];
            const char *cells[] = {k == 0 ? name : "", "A", text};
            if (owner->rrsets[i].type != DA_TYPE_A)
                continue;
            memcpy(address.octet, owner->rrsets[i].rdata + k * DA_IPV4_LEN, DA_IPV4_LEN);
            da_ipv4_to_text(&address, text);
            da_document_table_row(document, cells);
        }
}

static void write_records(const struct da_runbook *runbook, struct da_document *document)
{
    static const char *const headings[] = {"Name", "Type", "Address"};
    const struct da_deployment *deployment = runbook->deployment;
    const struct da_owner *owner = find_router(runbook);
    char name[DA_NAME_TEXT_MAX];

    da_document_section(document, "The router's records");
    da_document_paragraph(document,
                          "The router name has every server's internal address%s. They are part of what `dadns "
                          "generate` and the plugins publish.",
                          deployment->entry_points[0].balancer.kind != DA_BALANCER_NONE ? " and the VIP" : "");
    da_document_table_begin(document, 3, headings);
    for (size_t i = 0; owner != NULL && i < deployment->suffix_count && i < SUFFIXES_SHOWN; i++)
        write_addresses(owner, da_host_to_text(deployment->isatap_router, &deployment->suffixes[i], name), document);
    da_document_table_end(document);
    if (deployment->suffix_count > SUFFIXES_SHOWN)
        da_document_paragraph(document, "The other %zu suffixes have the same.",
                              deployment->suffix_count - SUFFIXES_SHOWN);
}

static void write_one_host(const char *router, struct da_document *document)
{
    da_document_section(document, "One host");
    da_document_commands_begin(document, "On a host that manages clients, PowerShell");
    da_document_command(document, "Set-NetIsatapConfiguration -State Enabled -Router %s", router);
    da_document_commands_end(document);
    da_document_paragraph(document, "Off again: `Reset-NetIsatapConfiguration -State -Router`.");
}

static void write_many_hosts(const char *router, struct da_document *document)
{
    static const char *const headings[] = {"Setting", "Value", "Registry value", "Type", "Data"};
    const char *state[] = {"Set ISATAP State", "Enabled State", "ISATAP_State", "REG_SZ", "Enabled"};
    const char *name[] = {"Set ISATAP Router Name", router, "ISATAP_RouterName", "REG_SZ", router};

    da_document_section(document, "Many hosts, by Group Policy");
    da_document_paragraph(document, "In a policy that applies to the hosts that manage clients, and to no others: "
                                    "Computer Configuration, Policies, Administrative Templates, Network, TCPIP "
                                    "Settings, IPv6 Transition Technologies.");
    da_document_table_begin(document, 5, headings);
    da_document_table_row(document, state);
    da_document_table_row(document, name);
    da_document_table_end(document);
    da_document_paragraph(document, "The registry values end up below "
                                    "`HKLM\\Software\\Policies\\Microsoft\\Windows\\TCPIP\\v6Transition`. Or, with "
                                    "`YOUR-DOMAIN\\YOUR-POLICY` replaced:");
    da_document_commands_begin(document, "On a host with the Group Policy tools, PowerShell");
    da_document_command(document, "$Policy = @{ PolicyStore = 'YOUR-DOMAIN\\YOUR-POLICY' }\n");
    da_document_command(document, "Set-NetIsatapConfiguration @Policy -State Enabled -Router %s", router);
    da_document_commands_end(document);
}

static void write_host(const struct da_runbook *runbook, const char *name, const struct da_ipv4 *address,
                       struct da_document *document)
{
    char ipv4[DA_IPV4_TEXT_MAX], identifier[DA_ISATAP_TEXT_MAX], text[CELL_MAX];
    const char *cells[] = {name, da_ipv4_to_text(address, ipv4), text};

    if (runbook->isatap_prefix != NULL) {
        const struct da_ipv6 isatap = da_isatap_address(runbook->isatap_prefix, address);
        da_ipv6_to_text(&isatap, text);
    } else {
        snprintf(text, sizeof(text), "YOUR-PREFIX:%s", da_isatap_identifier(address, identifier));
    }
    da_document_table_row(document, cells);
}

static void write_mapping(const struct da_runbook *runbook, struct da_document *document)
{
    static const struct da_ipv4 subnet = {{10, 0, 0, 0}};
    struct da_ipv6 isatap;
    char text[CELL_MAX];

    if (runbook->isatap_prefix != NULL) {
        isatap = da_isatap_address(runbook->isatap_prefix, &subnet);
        da_ipv6_to_text(&isatap, text);
    } else {
        snprintf(text, sizeof(text), "YOUR-PREFIX:0:5efe:10.0.0.0");
    }
    da_document_paragraph(document,
                          "An IPv4 subnet of length n is one of length 96 + n here: hosts of 10.0.0.0/24 are "
                          "in `%s/120`. This is what firewall rules on clients have to let in.",
                          text);
}

static void write_hosts(const struct da_runbook *runbook, struct da_document *document)
{
    static const char *const headings[] = {"Host", "IPv4 address", "ISATAP address"};
    const struct da_entry_point *entry = &runbook->deployment->entry_points[0];

    da_document_section(document, "Addresses of hosts");
    da_document_paragraph(document, "A host puts its IPv4 address behind the /64 that the router announces: interface "
                                    "identifier `0:5efe:a.b.c.d`, or `200:5efe:a.b.c.d` where the IPv4 address is "
                                    "globally unique, which those of RFC 1918 and the other special-purpose blocks of "
                                    "RFC 6890 are not (RFC 5214 section 6.1).");
    if (runbook->isatap_prefix == NULL)
        da_document_note(document, DA_NOTE_PLAIN,
                         "The prefix is not known: `YOUR-PREFIX` stands for its first four groups. Once a host is "
                         "configured, the command below shows its address, and with that the prefix; then say "
                         "`--isatap-prefix PREFIX/64`.");
    da_document_table_begin(document, 3, headings);
    for (size_t i = 0; i < entry->server_count; i++)
        write_host(runbook, entry->servers[i].name, &entry->servers[i].address, document);
    if (entry->balancer.kind != DA_BALANCER_NONE)
        write_host(runbook, "VIP", &entry->balancer.vip, document);
    write_host(runbook, "sample, private", &private_sample, document);
    write_host(runbook, "sample, global", &global_sample, document);
    da_document_table_end(document);
    write_mapping(runbook, document);
}

static void write_check(const char *router, struct da_document *document)
{
    da_document_section(document, "Check a host");
    da_document_commands_begin(document, "On a host that manages clients, PowerShell");
    da_document_command(document, "Resolve-DnsName %s -Type A\n", router);
    da_document_command(document, "Get-NetIsatapConfiguration\n"
                                  "Get-NetIPAddress -AddressFamily IPv6 |\n"
                                  "    Where-Object IPAddress -Like '*:5efe:*'");
    da_document_commands_end(document);
    da_document_paragraph(document,
                          "The last command shows one address with the router's prefix beside `fe80::`. Only "
                          "`fe80::` means that the router did not answer: IP protocol 41 has to pass between "
                          "the host and the servers. Connections to a client also need a rule in the client's "
                          "own firewall.");
    da_document_paragraph(document, "On some releases of Windows 10 the host then finds no IPv6 address for a client's "
                                    "name, though DNS has one. What helped is the DWORD `DisableParallelAandAAAA` = 1 "
                                    "below `HKLM\\SYSTEM\\CurrentControlSet\\Services\\Dnscache\\Parameters`.");
}

static void write_name(const struct da_deployment *deployment, struct da_document *document)
{
    bool is_blocked = false;

    for (size_t i = 0; i < deployment->block_count; i++)
        is_blocked = is_blocked || strcasecmp(deployment->block[i], "isatap") == 0;
    da_document_section(document, "Why the name is not isatap");
    da_document_paragraph(document,
                          "`isatap` is the name that Windows hosts ask for unasked. If it resolved, every host "
                          "with IPv6 enabled, on releases where ISATAP is not off by default, would bring up "
                          "an ISATAP adapter, and the whole network would have IPv6 through the DirectAccess "
                          "servers. Windows DNS refuses the name by its global query block list; leave it "
                          "there. `%s` is a name that only configured hosts ask for.",
                          deployment->isatap_router);
    if (!is_blocked)
        da_document_note(document, DA_NOTE_WARNING,
                         "This deployment's `block` does not have `isatap`: where it resolves, just that happens.");
}

void da_runbook_isatap(const struct da_runbook *runbook, struct da_document *document)
{
    const struct da_deployment *deployment = runbook->deployment;
    char router[DA_NAME_TEXT_MAX];

    da_document_chapter(document, "ISATAP for manage-out");
    if (deployment->isatap_router[0] == '\0') {
        write_off(deployment, document);
        return;
    }
    da_host_to_text(deployment->isatap_router, &deployment->suffixes[0], router);
    da_document_paragraph(document,
                          "DNS64 and NAT64 of DirectAccess let clients reach IPv4 hosts, not the reverse. A "
                          "host that is to open connections to remote clients needs IPv6: with ISATAP it "
                          "tunnels IPv6 over the internal IPv4 network to the DirectAccess servers, which are "
                          "the ISATAP router. Hosts find them as `%s`.",
                          router);
    write_support(deployment, document);
    write_records(runbook, document);
    write_one_host(router, document);
    write_many_hosts(router, document);
    write_hosts(runbook, document);
    write_check(router, document);
    write_name(deployment, document);
}
