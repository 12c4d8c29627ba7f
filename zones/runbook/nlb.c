/* The chapter on Network Load Balancing. What each mode needs is as Microsoft's KB 4494444 has it; VMware's side is
 * its KB 1556 (unicast) and 1006525 (multicast). */
#include "runbook/chapters.h"
#include "runbook/enable_balancing.h"
#include "runbook/network_text.h"
#include "runbook/nlb_devices.h"
#include "runbook/nlb_mac.h"

#include <stdio.h>

#define MODE_COUNT 3

static const enum da_nlb_mode all_modes[MODE_COUNT] = {DA_NLB_UNICAST, DA_NLB_MULTICAST, DA_NLB_IGMP_MULTICAST};

/* As people call them, and as Set-NlbCluster -OperationMode does. */
static const struct {
    const char *name, *cmdlet, *needs;
} modes[] = {
    [DA_NLB_UNICAST] = {"unicast", "Unicast",
                        "nothing on routers and switches; a VLAN of its own, all ports of which it floods"},
    [DA_NLB_MULTICAST] = {"multicast", "Multicast", "static ARP entries on routers, static MAC entries on switches"},
    [DA_NLB_IGMP_MULTICAST] = {"igmp-multicast", "IgmpMulticast",
                               "static ARP entries on routers, IGMP snooping and a querier on switches"},
};

/* How a mode and a hypervisor go together. */
struct fit {
    enum da_note note;
    const char *text;
};

static const struct fit fits[][DA_NLB_IGMP_MULTICAST + 1] = {
    [DA_HYPERVISOR_HYPER_V] =
        {
            [DA_NLB_UNICAST] = {DA_NOTE_WARNING,
                                "Hyper-V and unicast: every member's adapters need MAC address spoofing, or the "
                                "virtual switch drops what the cluster sends and receives under its own MAC address "
                                "(`Set-VMNetworkAdapter -MacAddressSpoofing On`)."},
            [DA_NLB_MULTICAST] = {DA_NOTE_PLAIN,
                                  "Hyper-V and multicast go together: no MAC address spoofing is needed. "
                                  "Every switch port to a Hyper-V host that may run a member needs the "
                                  "static MAC entry."},
            [DA_NLB_IGMP_MULTICAST] = {DA_NOTE_PLAIN, "Hyper-V and IGMP multicast go together: no MAC address spoofing "
                                                      "is needed."},
        },
    [DA_HYPERVISOR_VMWARE] =
        {
            [DA_NLB_UNICAST] = {DA_NOTE_WARNING,
                                "VMware and unicast do not suit: ESXi tells the physical switch at which port the "
                                "cluster's MAC address is, so that one member gets all traffic, and each migration "
                                "breaks it again. Choose `nlb-mode: multicast`. (Only with Notify Switches off for the "
                                "port group does unicast work at all: VMware KB 1556.)"},
            [DA_NLB_MULTICAST] = {DA_NOTE_PLAIN, "VMware and multicast go together. Every switch port to an ESXi host "
                                                 "that may run a member needs the static MAC entry (VMware KB "
                                                 "1006525)."},
            [DA_NLB_IGMP_MULTICAST] = {DA_NOTE_PLAIN, "VMware and IGMP multicast go together, if the virtual switches "
                                                      "pass the members' IGMP; multicast asks less of them."},
        },
    [DA_HYPERVISOR_NONE] =
        {
            [DA_NLB_UNICAST] = {DA_NOTE_WARNING,
                                "Physical servers and unicast: no switch can learn a MAC address that several ports "
                                "share, so all traffic to the cluster, and its heartbeat, goes to every port of the "
                                "VLAN. Give the servers a VLAN of their own."},
            [DA_NLB_MULTICAST] = {DA_NOTE_PLAIN, "Physical servers and multicast go together."},
            [DA_NLB_IGMP_MULTICAST] = {DA_NOTE_PLAIN, "Physical servers and IGMP multicast go together, where the "
                                                      "switches snoop IGMP version 1 and there is a querier."},
        },
};

static void write_fit(enum da_hypervisor hypervisor, enum da_nlb_mode mode, struct da_document *document)
{
    const struct fit *fit = &fits[hypervisor][mode];

    da_document_note(document, fit->note, "%s", fit->text);
}

static void write_fits(const struct da_runbook *runbook, enum da_nlb_mode mode, struct da_document *document)
{
    if (runbook->hypervisor != DA_HYPERVISOR_UNKNOWN) {
        write_fit(runbook->hypervisor, mode, document);
        return;
    }
    da_document_paragraph(document,
                          "What the servers run on is not known (`--hypervisor`), so all that matters for "
                          "%s mode:",
                          modes[mode].name);
    write_fit(DA_HYPERVISOR_HYPER_V, mode, document);
    write_fit(DA_HYPERVISOR_VMWARE, mode, document);
    write_fit(DA_HYPERVISOR_NONE, mode, document);
}

static void write_modes(struct da_document *document)
{
    static const char *const headings[] = {"Mode", "Cluster MAC of VIP a.b.c.d", "Needs"};
    static const char *const patterns[] = {
        [DA_NLB_UNICAST] = "02-bf-a-b-c-d",
        [DA_NLB_MULTICAST] = "03-bf-a-b-c-d",
        [DA_NLB_IGMP_MULTICAST] = "01-00-5e-7f-c-d",
    };

    da_document_section(document, "Modes");
    da_document_table_begin(document, 3, headings);
    for (size_t i = 0; i < MODE_COUNT; i++) {
        const char *cells[] = {modes[all_modes[i]].name, patterns[all_modes[i]], modes[all_modes[i]].needs};
        da_document_table_row(document, cells);
    }
    da_document_table_end(document);
    da_document_paragraph(document, "All members have the same mode, which is unicast until it is changed. Octets of "
                                    "the VIP are in hexadecimal. Two clusters whose VIPs end in the same two octets "
                                    "have the same MAC address in IGMP multicast mode: keep them in different VLANs.");
}

/* ---- one entry point ---- */

static void write_macs(const struct da_entry_point *entry, struct da_document *document)
{
    static const char *const headings[] = {"Mode", "Cluster MAC", ""};

    da_document_table_begin(document, 3, headings);
    for (size_t i = 0; i < MODE_COUNT; i++) {
        const struct da_mac mac = da_nlb_mac(all_modes[i], &entry->balancer.vip);
        char text[DA_MAC_TEXT_MAX];
        const char *cells[] = {modes[all_modes[i]].name, da_mac_to_text(&mac, DA_MAC_WINDOWS, text),
                               all_modes[i] == entry->balancer.nlb_mode ? "chosen" : ""};
        da_document_table_row(document, cells);
    }
    da_document_table_end(document);
}

static void write_choice(const struct da_runbook *runbook, struct da_document *document)
{
    da_document_note(document, DA_NOTE_WARNING,
                     "The deployment does not say which mode it has (`nlb-mode`); the cluster starts in unicast. "
                     "Choose before the second member is added, and write it there:");
    if (runbook->hypervisor != DA_HYPERVISOR_UNKNOWN) {
        for (size_t i = 0; i < MODE_COUNT; i++)
            write_fit(runbook->hypervisor, all_modes[i], document);
        return;
    }
    da_document_point(document, "VMware: `multicast`; unicast does not suit.");
    da_document_point(document, "Hyper-V: `multicast`, or `unicast` with MAC address spoofing on every adapter.");
    da_document_point(document, "Physical servers: `igmp-multicast` where all switches snoop IGMP and there is a "
                                "querier, else `multicast`; `unicast` in a VLAN of their own.");
    da_document_point(document, "Nobody can add entries to the routers: `unicast`.");
}

static bool needs_spoofing(const struct da_runbook *runbook, enum da_nlb_mode mode)
{
    return mode == DA_NLB_UNICAST && runbook->hypervisor == DA_HYPERVISOR_HYPER_V;
}

static void step_spoofing(const struct da_entry_point *entry, struct da_document *document)
{
    da_document_step(document, "Turn MAC address spoofing on for all adapters of the members' virtual machines; their "
                               "names are taken to be the servers'.");
    da_document_commands_begin(document, "On the Hyper-V host of each, PowerShell");
    for (size_t i = 0; i < entry->server_count; i++)
        da_document_command(document, "Set-VMNetworkAdapter -VMName %s -MacAddressSpoofing On\n",
                            entry->servers[i].name);
    da_document_commands_end(document);
}

static void step_mode(const struct da_entry_point *entry, struct da_document *document)
{
    enum da_nlb_mode mode = entry->balancer.nlb_mode;
    char vip[DA_IPV4_TEXT_MAX];

    da_document_step(document, "Now, before a second member is added, set the mode of both clusters, the internal and "
                               "the external one: Network Load Balancing Manager, Cluster Properties, Cluster "
                               "Parameters; or the cmdlet. Later it would interrupt all members.");
    da_document_commands_begin(document, "On the first server, PowerShell");
    da_document_command(document, "Get-NlbCluster | Set-NlbCluster -OperationMode %s\n",
                        mode == DA_NLB_UNSPECIFIED ? "YOUR-MODE" : modes[mode].cmdlet);
    da_document_command(document, "Get-NlbClusterNode");
    da_document_commands_end(document);
    da_document_paragraph(document, "Go on when the node's state is converged again%s.",
                          mode == DA_NLB_UNSPECIFIED ? "; `YOUR-MODE` is `Unicast`, `Multicast` or `IgmpMulticast`"
                                                     : "");
    da_document_step(document, "Compare the MAC address of the mode with the table above.");
    da_document_commands_begin(document, "On the first server, command prompt");
    da_document_command(document, "nlb ip2mac %s", da_ipv4_to_text(&entry->balancer.vip, vip));
    da_document_commands_end(document);
}

static void step_network(const struct da_entry_point *entry, struct da_document *document)
{
    if (entry->balancer.nlb_mode == DA_NLB_UNICAST)
        da_document_step(document, "Routers and switches need no entries. Keep the servers' adapters in a VLAN that "
                                   "nobody else is in.");
    else
        da_document_step(document, "Make the entries on routers and switches: the section below.");
}

static void step_look(const struct da_entry_point *entry, struct da_document *document)
{
    char vip[DA_IPV4_TEXT_MAX];

    da_document_step(document, "Look whether the VIP answers, with each member stopped in turn (`Stop-NlbClusterNode`, "
                               "`Start-NlbClusterNode`).");
    da_document_commands_begin(document, "On a Windows host of the servers' subnet, and ping from another, too");
    da_document_command(document, "ping %s\narp -a %s", da_ipv4_to_text(&entry->balancer.vip, vip), vip);
    da_document_commands_end(document);
}

static void write_steps(const struct da_runbook *runbook, const struct da_entry_point *entry,
                        struct da_document *document)
{
    char heading[DA_LABEL_MAX + 20];

    snprintf(heading, sizeof(heading), "Steps for %s", entry->name);
    da_document_section(document, heading);
    if (needs_spoofing(runbook, entry->balancer.nlb_mode))
        step_spoofing(entry, document);
    da_document_step(document, "Install the feature on every server.");
    da_document_commands_begin(document, "On each server, PowerShell");
    da_document_command(document, "Install-WindowsFeature -Name NLB -IncludeManagementTools");
    da_document_commands_end(document);
    da_step_enable_balancing(entry, document);
    step_mode(entry, document);
    da_step_add_members(entry, document);
    step_network(entry, document);
    da_step_records(entry, document);
    step_look(entry, document);
    da_step_probe(runbook, entry, document);
}

static void write_entry_point(const struct da_runbook *runbook, const struct da_entry_point *entry,
                              struct da_document *document)
{
    enum da_nlb_mode mode = entry->balancer.nlb_mode;
    char heading[DA_LABEL_MAX + 40], vip[DA_IPV4_TEXT_MAX];

    snprintf(heading, sizeof(heading), "Cluster of %s, VIP %s", entry->name,
             da_ipv4_to_text(&entry->balancer.vip, vip));
    da_document_section(document, heading);
    write_macs(entry, document);
    if (mode == DA_NLB_UNSPECIFIED)
        write_choice(runbook, document);
    else
        write_fits(runbook, mode, document);
    write_steps(runbook, entry, document);
    if (mode != DA_NLB_UNICAST && mode != DA_NLB_IGMP_MULTICAST)
        da_nlb_devices_section(entry, DA_NLB_MULTICAST, document);
    if (mode == DA_NLB_UNSPECIFIED || mode == DA_NLB_IGMP_MULTICAST)
        da_nlb_devices_section(entry, DA_NLB_IGMP_MULTICAST, document);
}

void da_runbook_nlb(const struct da_runbook *runbook, struct da_document *document)
{
    const struct da_deployment *deployment = runbook->deployment;
    bool has_nlb = false, has_multicast = false;

    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        const struct da_load_balancer *balancer = &deployment->entry_points[i].balancer;
        has_nlb = has_nlb || balancer->kind == DA_BALANCER_NLB;
        has_multicast = has_multicast || (balancer->kind == DA_BALANCER_NLB && balancer->nlb_mode != DA_NLB_UNICAST);
    }
    if (!has_nlb)
        return;

    da_document_chapter(document, "Network Load Balancing");
    da_document_paragraph(document, "A cluster shares the VIP by sharing a MAC address, which follows from the VIP and "
                                    "the mode. What the network around it must know depends on the mode, and all has "
                                    "an order: load balancing, mode, members, network, records.");
    write_modes(document);
    if (has_multicast)
        da_nlb_devices_explain(document);
    for (size_t i = 0; i < deployment->entry_point_count; i++)
        if (deployment->entry_points[i].balancer.kind == DA_BALANCER_NLB)
            write_entry_point(runbook, &deployment->entry_points[i], document);
}
