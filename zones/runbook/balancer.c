/* The chapter on external load balancers: the virtual server for the web probe, which their configuration guides
 * forget. The lines for HAProxy are checked and run by the tests. */
#include "runbook/chapters.h"
#include "runbook/enable_balancing.h"
#include "runbook/network_text.h"

#include <stdio.h>

#define PROBE_PORT 80U

static void write_virtual_server(const struct da_entry_point *entry, struct da_document *document)
{
    static const char *const headings[] = {"Virtual server", "Member", "Address and port"};
    char vip[DA_IPV4_TEXT_MAX + 8], member[DA_IPV4_TEXT_MAX + 8], text[DA_IPV4_TEXT_MAX];

    snprintf(vip, sizeof(vip), "%s:%u", da_ipv4_to_text(&entry->balancer.vip, text), PROBE_PORT);
    da_document_table_begin(document, 3, headings);
    for (size_t i = 0; i < entry->server_count; i++) {
        const char *cells[] = {vip, entry->servers[i].name, member};
        snprintf(member, sizeof(member), "%s:%u", da_ipv4_to_text(&entry->servers[i].address, text), PROBE_PORT);
        da_document_table_row(document, cells);
    }
    da_document_table_end(document);
}

/* One section of HAProxy's configuration; ipv6 tells of which family. */
static void write_listen(const struct da_entry_point *entry, const char *host, bool ipv6, struct da_document *document)
{
    char ipv4_text[DA_IPV4_TEXT_MAX], ipv6_text[DA_IPV6_TEXT_MAX];

    da_document_command(document, "\nlisten directaccess-web-probe-%s%s\n", entry->name, ipv6 ? "-ipv6" : "");
    if (ipv6)
        da_document_command(document, "    bind [%s]:%u\n", da_ipv6_to_text(&entry->balancer.ipv6, ipv6_text),
                            PROBE_PORT);
    else
        da_document_command(document, "    bind %s:%u\n", da_ipv4_to_text(&entry->balancer.vip, ipv4_text), PROBE_PORT);
    da_document_command(document,
                        "    mode tcp\n"
                        "    balance source\n"
                        "    option httpchk\n"
                        "    http-check send meth GET uri / ver HTTP/1.1 hdr Host %s\n"
                        "    http-check expect status 200\n",
                        host);
    for (size_t i = 0; i < entry->server_count; i++) {
        const struct da_server *server = &entry->servers[i];
        if (!ipv6)
            da_document_command(document, "    server %s %s:%u check\n", server->name,
                                da_ipv4_to_text(&server->address, ipv4_text), PROBE_PORT);
        else if (server->has_ipv6)
            da_document_command(document, "    server %s [%s]:%u check\n", server->name,
                                da_ipv6_to_text(&server->ipv6, ipv6_text), PROBE_PORT);
    }
}

static void write_haproxy(const struct da_entry_point *entry, const char *host, struct da_document *document)
{
    bool has_ipv6_member = false;

    for (size_t i = 0; i < entry->server_count; i++)
        has_ipv6_member = has_ipv6_member || entry->servers[i].has_ipv6;
    da_document_paragraph(document, "The same as a configuration for HAProxy 2.2 or later, on a host that has the VIP; "
                                    "`haproxy -c -f FILE` checks it.");
    da_document_commands_begin(document, "HAProxy, haproxy.cfg");
    da_document_command(document, "defaults\n"
                                  "    timeout connect 5s\n"
                                  "    timeout client 30s\n"
                                  "    timeout server 30s\n");
    write_listen(entry, host, false, document);
    if (entry->balancer.has_ipv6 && has_ipv6_member)
        write_listen(entry, host, true, document);
    da_document_commands_end(document);
}

static void write_entry_point(const struct da_runbook *runbook, const struct da_entry_point *entry,
                              struct da_document *document)
{
    char heading[DA_LABEL_MAX + 40], host[DA_NAME_TEXT_MAX], vip[DA_IPV4_TEXT_MAX];

    snprintf(heading, sizeof(heading), "Balancer of %s, VIP %s", entry->name,
             da_ipv4_to_text(&entry->balancer.vip, vip));
    da_document_section(document, heading);
    da_step_enable_balancing(entry, document);
    da_step_add_members(entry, document);
    da_document_step(document, "Make the virtual server for the web probe.");
    write_virtual_server(entry, document);
    da_host_to_text(da_label_web_probe, &runbook->deployment->suffixes[0], host);
    write_haproxy(entry, host, document);
    da_step_records(entry, document);
    da_step_probe(runbook, entry, document);
}

static void write_rules(const struct da_deployment *deployment, struct da_document *document)
{
    char host[DA_NAME_TEXT_MAX];

    da_document_section(document, "What every virtual server needs");
    da_document_point(document,
                      "Health check: HTTP GET of `/` from each member's port %u, Host header `%s`, right when "
                      "the status is 200; a check of the TCP connection alone passes a server whose web "
                      "probe is broken.",
                      PROBE_PORT, da_host_to_text(da_label_web_probe, &deployment->suffixes[0], host));
    da_document_point(document,
                      "No redirect, no page of its own and no TLS on port %u: clients follow no redirect to "
                      "another host.",
                      PROBE_PORT);
    da_document_point(document, "Persistence: by source address. The web probe is one request and needs none; IP-HTTPS "
                                "needs it, for a client's IPsec associations are with one server.");
    da_document_point(document, "The other virtual server is on the external side: TCP 443 at the address that the "
                                "IP-HTTPS name resolves to on the Internet, to every server's external address, TLS "
                                "passed through. The deployment holds internal addresses only, so it is not shown.");
    da_document_point(document, "ISATAP manage-out does not work behind an external load balancer, and is not "
                                "supported there; a deployment with both is refused. Use native IPv6.");
}

void da_runbook_balancer(const struct da_runbook *runbook, struct da_document *document)
{
    const struct da_deployment *deployment = runbook->deployment;
    size_t count = 0;

    for (size_t i = 0; i < deployment->entry_point_count; i++)
        count += deployment->entry_points[i].balancer.kind == DA_BALANCER_EXTERNAL;
    if (count == 0)
        return;

    da_document_chapter(document, "External load balancer");
    da_document_paragraph(document,
                          "Besides the tunnels' port, clients reach the web probe through the balancer: "
                          "without a virtual server for TCP %u on the VIP they are connected, and show "
                          "\"Connecting\" for ever.",
                          PROBE_PORT);
    write_rules(deployment, document);
    for (size_t i = 0; i < deployment->entry_point_count; i++)
        if (deployment->entry_points[i].balancer.kind == DA_BALANCER_EXTERNAL)
            write_entry_point(runbook, &deployment->entry_points[i], document);
}
