/* Where the lines come from: Cisco: VMware KB 1006525 and Cisco's "Configure Catalyst Switches for Microsoft NLB".
 * Arista: the templates of Arista's own AVD collection, arp.j2 and mac-address-table-static-entries.j2. Juniper: "arp
 * (Interfaces)". Windows: New-NetNeighbor of the NetTCPIP module. Linux: measured, as in tests/integration. */
#include "runbook/nlb_devices.h"

#include "runbook/network_text.h"
#include "runbook/nlb_mac.h"

#include <stdio.h>

/* A cluster's addresses in all spellings. */
struct cluster {
    char vip[DA_IPV4_TEXT_MAX];
    char windows[DA_MAC_TEXT_MAX], colons[DA_MAC_TEXT_MAX], dots[DA_MAC_TEXT_MAX];
    bool is_igmp;
};

void da_nlb_devices_explain(struct da_document *document)
{
    da_document_section(document, "Why routers and switches need entries");
    da_document_paragraph(document,
                          "In both multicast modes the cluster answers ARP for its VIP, a unicast address, with a "
                          "multicast MAC address. A router must not believe such a reply (RFC 1812 section 3.3.2), so "
                          "that whoever is in another subnet cannot reach the VIP until the router has a static ARP "
                          "entry. And no frame ever comes from that MAC address, so that switches cannot learn where "
                          "it is: they send to all ports of the VLAN until a static entry, or IGMP snooping, tells "
                          "the ports. Unicast mode needs neither.");
    da_document_paragraph(document, "In the lines of the next sections, replace what begins with `YOUR-`:");
    da_document_point(document, "`YOUR-VLAN`: number of the VLAN of the servers' internal adapters.");
    da_document_point(document, "`YOUR-PORTS`: every switch port in that VLAN that leads to a member, to a hypervisor "
                                "host that may run one, or to another switch on the way; blanks between them.");
    da_document_point(document, "`YOUR-INTERFACE`: the interface that the device has in the servers' subnet, and "
                                "`YOUR-ADDRESS` its address there with the length, such as `10.0.0.1/24`; `YOUR-UNIT` "
                                "is its unit, as Junos calls it.");
    da_document_point(document, "The external side is a cluster of its own, with its own VIP and MAC address, which "
                                "is not in the deployment: `nlb ip2mac` on a member tells it. The router in front of "
                                "it needs the same entries.");
}

static void write_table(const struct cluster *cluster, struct da_document *document)
{
    static const char *const headings[] = {"Entry", "From", "To"};
    const char *arp[] = {"static ARP", cluster->vip, cluster->colons};
    const char *mac[] = {"static MAC table", cluster->colons, "the members' ports"};

    da_document_table_begin(document, 3, headings);
    da_document_table_row(document, arp);
    if (!cluster->is_igmp)
        da_document_table_row(document, mac);
    da_document_table_end(document);
}

static void write_cisco(const struct cluster *cluster, struct da_document *document)
{
    da_document_commands_begin(document, "Cisco IOS, configuration mode, on every router in the servers' subnet");
    da_document_command(document, "arp %s %s ARPA", cluster->vip, cluster->dots);
    da_document_commands_end(document);
    da_document_commands_begin(document, cluster->is_igmp
                                             ? "Cisco IOS, only on switches of the VLAN that do not snoop IGMP"
                                             : "Cisco IOS, configuration mode, on every switch of the VLAN");
    da_document_command(document, "mac address-table static %s vlan YOUR-VLAN interface YOUR-PORTS", cluster->dots);
    da_document_commands_end(document);
    da_document_note(document, DA_NOTE_PLAIN, "Older releases of IOS write `mac-address-table`.");
}

static void write_arista(const struct cluster *cluster, struct da_document *document)
{
    da_document_commands_begin(document, "Arista EOS, configuration mode, on every router in the servers' subnet");
    da_document_command(document, "arp %s %s arpa", cluster->vip, cluster->dots);
    da_document_commands_end(document);
    da_document_commands_begin(document, cluster->is_igmp
                                             ? "Arista EOS, only on switches of the VLAN that do not snoop IGMP"
                                             : "Arista EOS, configuration mode, on every switch of the VLAN");
    da_document_command(document, "mac address-table static %s vlan YOUR-VLAN interface YOUR-PORT", cluster->dots);
    da_document_commands_end(document);
    da_document_note(document, DA_NOTE_PLAIN,
                     "To be checked with Arista for your release: that `arp` takes a multicast MAC address, and how "
                     "`mac address-table static` takes several ports.");
}

static void write_junos(const struct cluster *cluster, struct da_document *document)
{
    da_document_commands_begin(document, "Juniper Junos, configuration mode, on every router in the servers' subnet");
    da_document_command(document, "edit interfaces YOUR-INTERFACE unit YOUR-UNIT family inet address YOUR-ADDRESS\n");
    da_document_command(document, "set arp %s multicast-mac %s\ntop", cluster->vip, cluster->colons);
    da_document_commands_end(document);
    da_document_note(document, DA_NOTE_PLAIN,
                     "No line for the Ethernet switching table: whether it takes a multicast MAC address with several "
                     "interfaces depends on the model, to be checked with Juniper (KB14854 for EX, KB30135 for EX4300 "
                     "and QFX5100). Without an entry the VLAN is flooded, and the cluster works.");
}

static void write_linux(const struct cluster *cluster, struct da_document *document)
{
    da_document_commands_begin(document, "Linux as a router or host of the servers' subnet");
    da_document_command(document, "ip neigh replace %s lladdr %s dev YOUR-INTERFACE nud permanent", cluster->vip,
                        cluster->colons);
    da_document_commands_end(document);
    da_document_commands_begin(document, "Linux as a bridge of the VLAN, hypervisors included");
    da_document_command(document, "ip link set dev YOUR-BRIDGE type bridge mcast_snooping 0\n"
                                  "bridge link set dev YOUR-OTHER-PORT mcast_flood off");
    da_document_commands_end(document);
    da_document_note(document, DA_NOTE_WARNING,
                     "A Linux bridge that snoops and has heard a querier drops the cluster's frames in both multicast "
                     "modes: it decides by IP address, and the VIP is no group. Entries of `bridge fdb` and `bridge "
                     "mdb` do not help. `YOUR-OTHER-PORT` is each port that leads to no member; the second line "
                     "keeps all multicast that is not snooped from it, so leave ports alone where that matters. Both "
                     "lines, and the neighbour entry, last until the next boot: put them into the network "
                     "configuration.");
}

static void write_windows(const struct cluster *cluster, struct da_document *document)
{
    da_document_commands_begin(document, "Windows as a router of the servers' subnet, PowerShell");
    da_document_command(document, "$Neighbor = @{\n    InterfaceAlias = 'YOUR-INTERFACE'\n    IPAddress = '%s'\n",
                        cluster->vip);
    da_document_command(document, "    LinkLayerAddress = '%s'\n}\nNew-NetNeighbor @Neighbor -State Permanent",
                        cluster->windows);
    da_document_commands_end(document);
}

void da_nlb_devices_section(const struct da_entry_point *entry, enum da_nlb_mode mode, struct da_document *document)
{
    const struct da_mac mac = da_nlb_mac(mode, &entry->balancer.vip);
    struct cluster cluster = {.is_igmp = mode == DA_NLB_IGMP_MULTICAST};
    char heading[DA_LABEL_MAX + 60], ipv6[DA_IPV6_TEXT_MAX];

    da_ipv4_to_text(&entry->balancer.vip, cluster.vip);
    da_mac_to_text(&mac, DA_MAC_WINDOWS, cluster.windows);
    da_mac_to_text(&mac, DA_MAC_COLONS, cluster.colons);
    da_mac_to_text(&mac, DA_MAC_DOTS, cluster.dots);
    snprintf(heading, sizeof(heading), "Routers and switches of %s, %s mode", entry->name,
             cluster.is_igmp ? "IGMP multicast" : "multicast");

    da_document_section(document, heading);
    if (cluster.is_igmp)
        da_document_paragraph(document,
                              "Members join the group 239.255.%u.%u with IGMP version 1. Switches of the VLAN have to "
                              "snoop IGMP, and one device in it has to be the querier; then their MAC tables need no "
                              "static entry.",
                              entry->balancer.vip.octet[2], entry->balancer.vip.octet[3]);
    write_table(&cluster, document);
    if (entry->balancer.has_ipv6)
        da_document_paragraph(document,
                              "The IPv6 VIP `%s` has the same MAC address. Where routers do not take it from a "
                              "neighbour advertisement, they need a static neighbour entry, too.",
                              da_ipv6_to_text(&entry->balancer.ipv6, ipv6));
    write_cisco(&cluster, document);
    write_arista(&cluster, document);
    write_junos(&cluster, document);
    write_linux(&cluster, document);
    write_windows(&cluster, document);
}
