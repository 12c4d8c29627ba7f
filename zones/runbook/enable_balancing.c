/* Set-RemoteAccessLoadBalancer and Add-RemoteAccessLoadBalancerNode are as Microsoft documents them. */
#include "runbook/enable_balancing.h"

#include "runbook/network_text.h"

#include <stdio.h>

#define PAIR_MAX 160 /* "@('ADDRESS/MASK', 'ADDRESS/LENGTH')" */

/* An address with the mask it needs, and the IPv6 one beside it. */
static const char *with_masks(const struct da_ipv4 *ipv4, const struct da_ipv6 *ipv6, char text[static PAIR_MAX])
{
    char first[DA_IPV4_TEXT_MAX], second[DA_IPV6_TEXT_MAX];

    if (ipv6 == NULL)
        snprintf(text, PAIR_MAX, "'%s/YOUR-MASK'", da_ipv4_to_text(ipv4, first));
    else
        snprintf(text, PAIR_MAX, "@('%s/YOUR-MASK', '%s/YOUR-LENGTH')", da_ipv4_to_text(ipv4, first),
                 da_ipv6_to_text(ipv6, second));
    return text;
}

void da_step_enable_balancing(const struct da_entry_point *entry, struct da_document *document)
{
    const struct da_load_balancer *balancer = &entry->balancer;
    const struct da_server *first = &entry->servers[0];
    bool is_external = balancer->kind == DA_BALANCER_EXTERNAL;
    char vip[DA_IPV4_TEXT_MAX], own[DA_IPV4_TEXT_MAX], pair[PAIR_MAX];

    da_document_step(document,
                     "Enable load balancing first, on `%s`: Remote Access Management console, Enable Load Balancing, "
                     "with %s; or the cmdlet below. It promotes the addresses that the server has now to VIPs, so "
                     "that clients keep theirs: `%s` becomes the VIP, and the server gets `%s`.",
                     first->name, is_external ? "an external load balancer" : "Windows Network Load Balancing",
                     da_ipv4_to_text(&balancer->vip, vip), da_ipv4_to_text(&first->address, own));
    da_document_commands_begin(document, "On the first server, PowerShell");
    da_document_command(document, "$Balancing = @{\n"
                                  "    InternetDedicatedIPAddress = 'YOUR-NEW-EXTERNAL-ADDRESS/YOUR-MASK'\n");
    da_document_command(document, "    InternalDedicatedIPAddress = %s\n",
                        with_masks(&first->address, first->has_ipv6 ? &first->ipv6 : NULL, pair));
    da_document_command(document, "    InternalVirtualIPAddress = %s\n}\n",
                        with_masks(&balancer->vip, balancer->has_ipv6 ? &balancer->ipv6 : NULL, pair));
    da_document_command(document, "Set-RemoteAccessLoadBalancer @Balancing%s -PassThru",
                        is_external ? " -UseThirdPartyLoadBalancer" : "");
    da_document_commands_end(document);
    da_document_paragraph(document,
                          "`YOUR-NEW-EXTERNAL-ADDRESS` is a free address beside the external one, `YOUR-MASK` a subnet "
                          "mask such as `255.255.255.0`%s. A server with a single adapter has no `Internal` lines: its "
                          "internal addresses go into `InternetDedicatedIPAddress` and `InternetVirtualIPAddress`. The "
                          "client prefix of IP-HTTPS must be a /59 by then (`Set-DAServer -ClientIPv6Prefix`).",
                          first->has_ipv6 || balancer->has_ipv6 ? ", `YOUR-LENGTH` a prefix length such as `64`" : "");
}

void da_step_add_members(const struct da_entry_point *entry, struct da_document *document)
{
    if (entry->server_count == 1) {
        da_document_step(document, "Add the other servers once there are any, and list them in the deployment; it "
                                   "has one for now.");
        return;
    }
    da_document_step(document, "Add the other servers, each once the one before has joined.");
    da_document_commands_begin(document, "On the first server, PowerShell");
    for (size_t i = 1; i < entry->server_count; i++)
        da_document_command(document, "Add-RemoteAccessLoadBalancerNode -RemoteAccessServer %s -PassThru\n",
                            entry->servers[i].name);
    da_document_commands_end(document);
}

void da_step_records(const struct da_entry_point *entry, struct da_document *document)
{
    char vip[DA_IPV4_TEXT_MAX], own[DA_IPV4_TEXT_MAX];

    da_document_step(document,
                     "Publish the records of this deployment: `%s` is the VIP `%s`, never a server's own address such "
                     "as `%s`: with that, what clients show depends on one server.",
                     da_label_web_probe, da_ipv4_to_text(&entry->balancer.vip, vip),
                     da_ipv4_to_text(&entry->servers[0].address, own));
}

void da_step_probe(const struct da_runbook *runbook, const struct da_entry_point *entry, struct da_document *document)
{
    da_document_step(document, "See what a client would conclude, from another subnet than the servers'.");
    da_document_commands_begin(document, "On any host of the internal network");
    da_document_command(document, "dadns probe --entry-point %s %s", entry->name, runbook->path);
    da_document_commands_end(document);
}
