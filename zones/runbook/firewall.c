/* The chapter on firewalls. The transition technologies' ports are those of Microsoft's planning guides; the rest
 * follows from what clients do. */
#include "runbook/chapters.h"
#include "runbook/network_text.h"

#include <stdio.h>
#include <string.h>

#define ENTRIES_SHOWN 20

static void write_internet(struct da_document *document)
{
    static const char *const headings[] = {"Traffic", "For", "Where"};
    static const char *const rows[][3] = {
        {"TCP 443, in, and replies", "IP-HTTPS", "always; alone where the server is behind NAT"},
        {"UDP 3544, in, and replies", "Teredo", "two consecutive public IPv4 addresses, no NAT"},
        {"IP protocol 41, both ways", "6to4", "public IPv4 addresses, no NAT"},
    };

    da_document_section(document, "From the Internet");
    da_document_table_begin(document, 3, headings);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        da_document_table_row(document, rows[i]);
    da_document_table_end(document);
    da_document_paragraph(document, "Nothing of what the DNS names lead to is for the Internet: not TCP 80 of the web "
                                    "probe, and not the network location server.");
}

static void add_probe(const char *to, const char *what, struct da_document *document)
{
    const char *cells[] = {"TCP 80", to, what};
    da_document_table_row(document, cells);
}

static void write_probe_of(const struct da_entry_point *entry, struct da_document *document)
{
    char address[DA_IPV4_TEXT_MAX], what[192];

    if (entry->balancer.kind != DA_BALANCER_NONE) {
        snprintf(what, sizeof(what), "web probe of %s: the VIP", entry->name);
        add_probe(da_ipv4_to_text(&entry->balancer.vip, address), what, document);
    }
    for (size_t i = 0; i < entry->server_count && i < ENTRIES_SHOWN; i++) {
        if (entry->balancer.kind == DA_BALANCER_EXTERNAL)
            snprintf(what, sizeof(what), "from the balancer to %s: probe and health check", entry->servers[i].name);
        else if (entry->balancer.kind == DA_BALANCER_NONE)
            snprintf(what, sizeof(what), "web probe of %s: %s", entry->name, entry->servers[i].name);
        else
            break;
        add_probe(da_ipv4_to_text(&entry->servers[i].address, address), what, document);
    }
}

static void write_inside(const struct da_runbook *runbook, struct da_document *document)
{
    static const char *const headings[] = {"Traffic", "To", "For"};
    static const char *const dns[] = {"UDP and TCP 53", "internal DNS servers", "from the servers: what clients ask"};
    static const char *const isatap[] = {"IP protocol 41", "the servers", "ISATAP, both ways with hosts that manage"};
    const struct da_deployment *deployment = runbook->deployment;

    da_document_section(document, "Inside");
    da_document_table_begin(document, 3, headings);
    da_document_table_row(document, dns);
    for (size_t i = 0; i < deployment->entry_point_count && i < ENTRIES_SHOWN; i++)
        write_probe_of(&deployment->entry_points[i], document);
    if (deployment->isatap_router[0] != '\0')
        da_document_table_row(document, isatap);
    da_document_table_end(document);
    da_document_paragraph(document, "Clients' own connections go from the servers to whatever they are for. Clients "
                                    "fetch the probe through the tunnel; from inside it can be tried by:");
    da_document_commands_begin(document, "On an internal host, PowerShell");
    for (size_t i = 0; i < deployment->entry_point_count && i < ENTRIES_SHOWN; i++) {
        const struct da_entry_point *entry = &deployment->entry_points[i];
        const bool balanced = entry->balancer.kind != DA_BALANCER_NONE;
        char address[DA_IPV4_TEXT_MAX];
        da_document_command(document, "Test-NetConnection %s -Port 80\n",
                            da_ipv4_to_text(balanced ? &entry->balancer.vip : &entry->servers[0].address, address));
    }
    da_document_commands_end(document);
    if (deployment->entry_point_count > ENTRIES_SHOWN)
        da_document_paragraph(document, "And so on for the other %zu entry points.",
                              deployment->entry_point_count - ENTRIES_SHOWN);
}

void da_runbook_firewall(const struct da_runbook *runbook, struct da_document *document)
{
    da_document_chapter(document, "Firewalls");
    write_internet(document);
    write_inside(runbook, document);
}
