/* The chapter on what the deployment is: what is published, and where the servers are. */
#include "runbook/chapters.h"
#include "runbook/network_text.h"

#include <stdio.h>
#include <string.h>

#define ENTRIES_SHOWN 20
#define SERVERS_SHOWN 8
#define LIST_MAX      400

static void write_rrset(const char *name, const struct da_rrset *rrset, struct da_document *document)
{
    for (size_t i = 0; i < rrset->count; i++) {
        char text[DA_IPV6_TEXT_MAX];
        struct da_ipv4 ipv4;
        struct da_ipv6 ipv6;
        const bool is_a = rrset->type == DA_TYPE_A;
        const char *cells[] = {i == 0 ? name : "", is_a ? "A" : "AAAA", text};
        if (is_a) {
            memcpy(ipv4.octet, rrset->rdata + i * DA_IPV4_LEN, DA_IPV4_LEN);
            da_ipv4_to_text(&ipv4, text);
        } else {
            memcpy(ipv6.octet, rrset->rdata + i * DA_IPV6_LEN, DA_IPV6_LEN);
            da_ipv6_to_text(&ipv6, text);
        }
        da_document_table_row(document, cells);
    }
}

static void write_records(const struct da_runbook *runbook, struct da_document *document)
{
    static const char *const headings[] = {"Name", "Type", "Address"};
    const struct da_record_set *set = runbook->set;
    char suffix[DA_NAME_TEXT_MAX];

    da_document_section(document, "Records");
    da_document_paragraph(document, "Under `%s`:", da_host_to_text(NULL, &set->suffixes[0], suffix));
    da_document_table_begin(document, 3, headings);
    for (size_t i = 0; i < set->owner_count; i++)
        for (size_t j = 0; j < set->owners[i].rrset_count; j++)
            write_rrset(j == 0 ? set->owners[i].label : "", &set->owners[i].rrsets[j], document);
    da_document_table_end(document);
    if (set->suffix_count > 1)
        da_document_paragraph(document, "And the same under %zu more suffix%s: `dadns check %s`.",
                              set->suffix_count - 1, set->suffix_count > 2 ? "es" : "", runbook->path);
    for (size_t i = 0; i < set->block_count; i++)
        da_document_point(document, "`%s` must not resolve, bare or under a suffix.", set->block[i]);
}

static void list_servers(const struct da_entry_point *entry, char text[static LIST_MAX])
{
    size_t used = 0;

    for (size_t i = 0; i < entry->server_count && i < SERVERS_SHOWN; i++) {
        char ipv4[DA_IPV4_TEXT_MAX];
        used += (size_t)snprintf(text + used, LIST_MAX - used, "%s%.20s %s", i > 0 ? ", " : "", entry->servers[i].name,
                                 da_ipv4_to_text(&entry->servers[i].address, ipv4));
    }
    if (entry->server_count > SERVERS_SHOWN)
        snprintf(text + used, LIST_MAX - used, " and %zu more", entry->server_count - SERVERS_SHOWN);
}

static void write_entry_point(const struct da_entry_point *entry, struct da_document *document)
{
    static const char *const kinds[] = {
        [DA_BALANCER_NONE] = "none", [DA_BALANCER_NLB] = "NLB", [DA_BALANCER_EXTERNAL] = "external"};
    char servers[LIST_MAX], vip[DA_IPV4_TEXT_MAX] = "", network[DA_IPV6_TEXT_MAX], prefix[DA_IPV6_TEXT_MAX + 4] = "";
    const char *cells[] = {entry->name, servers, kinds[entry->balancer.kind], vip, prefix};

    list_servers(entry, servers);
    if (entry->balancer.kind != DA_BALANCER_NONE)
        da_ipv4_to_text(&entry->balancer.vip, vip);
    if (entry->nat64.length > 0)
        snprintf(prefix, sizeof(prefix), "%s/%u", da_ipv6_to_text(&entry->nat64.network, network), entry->nat64.length);
    da_document_table_row(document, cells);
}

static void write_entry_points(const struct da_deployment *deployment, struct da_document *document)
{
    static const char *const headings[] = {"Entry point", "Servers", "Balancer", "VIP", "NAT64 prefix"};

    da_document_section(document, "Entry points");
    da_document_table_begin(document, 5, headings);
    for (size_t i = 0; i < deployment->entry_point_count && i < ENTRIES_SHOWN; i++)
        write_entry_point(&deployment->entry_points[i], document);
    da_document_table_end(document);
    if (deployment->entry_point_count > ENTRIES_SHOWN)
        da_document_paragraph(document, "And %zu more.", deployment->entry_point_count - ENTRIES_SHOWN);
}

void da_runbook_overview(const struct da_runbook *runbook, struct da_document *document)
{
    const struct da_deployment *deployment = runbook->deployment;
    const bool ipv4_only = deployment->network == DA_NETWORK_IPV4_ONLY;

    da_document_chapter(document, "What this deployment is");
    da_document_paragraph(document,
                          "DirectAccess with %zu entry point%s, on an internal network with %s. A client asks for "
                          "`directaccess-corpConnectivityHost`, and gives the tunnel up where the answer is not the "
                          "one in its policy; then it fetches `http://directaccess-WebProbeHost.SUFFIX/`, and says "
                          "`Connecting` for as long as that fails.",
                          deployment->entry_point_count, deployment->entry_point_count == 1 ? "" : "s",
                          ipv4_only ? "IPv4 only" : "IPv6");
    write_entry_points(deployment, document);
    write_records(runbook, document);
}
