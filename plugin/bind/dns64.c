#include "dns64.h"

#include <dns/dns64.h>
#include <dns/message.h>
#include <dns/rdata.h>
#include <dns/rdataset.h>
#include <dns/view.h>
#include <isc/buffer.h>
#include <isc/mem.h>
#include <isc/netaddr.h>

static unsigned int dns64_flags(const ns_client_t *client)
{
    return (client->query.attributes & NS_QUERYATTR_RECURSIONOK) != 0 ? DNS_DNS64_RECURSIVE : 0;
}

bool da_dns64_wanted(const ns_client_t *client)
{
    return client->query.qtype == dns_rdatatype_aaaa && !ISC_LIST_EMPTY(client->view->dns64);
}

void da_dns64_exclude(ns_client_t *client, dns_rdatalist_t *list)
{
    isc_mem_t *memory = client->manager->mctx;
    dns_rdataset_t rdataset;
    isc_netaddr_t address;
    unsigned int i = 0;

    dns_rdataset_init(&rdataset);
    (void)dns_rdatalist_tordataset(list, &rdataset);
    unsigned int count = dns_rdataset_count(&rdataset);
    bool *kept = isc_mem_get(memory, count * sizeof(*kept));
    isc_netaddr_fromsockaddr(&address, &client->peeraddr);
    (void)dns_dns64_aaaaok(ISC_LIST_HEAD(client->view->dns64), &address, client->signer, client->manager->aclenv,
                           dns64_flags(client), &rdataset, kept, count);
    for (dns_rdata_t *rdata = ISC_LIST_HEAD(list->rdata), *next; rdata != NULL; rdata = next) {
        next = ISC_LIST_NEXT(rdata, link);
        if (!kept[i++])
            ISC_LIST_UNLINK(list->rdata, rdata, link);
    }
    isc_mem_put(memory, kept, count * sizeof(*kept));
    dns_rdataset_disassociate(&rdataset);
}

/* Adds the address that one dns64 statement makes of one A record; none where it does not apply. */
static void add_synthesized(ns_client_t *client, const dns_dns64_t *dns64, const isc_netaddr_t *address,
                            const uint8_t *a, isc_buffer_t *octets, dns_rdatalist_t *list)
{
    dns_rdata_t *rdata = NULL;
    isc_region_t aaaa;

    isc_buffer_availableregion(octets, &aaaa);
    aaaa.length = DA_IPV6_LEN;
    if (dns_dns64_aaaafroma(dns64, address, client->signer, client->manager->aclenv, dns64_flags(client),
                            (unsigned char *)a, aaaa.base) != ISC_R_SUCCESS) /* which only reads a */
        return;
    isc_buffer_add(octets, DA_IPV6_LEN);
    (void)dns_message_gettemprdata(client->message, &rdata);
    dns_rdata_init(rdata);
    dns_rdata_fromregion(rdata, list->rdclass, list->type, &aaaa);
    ISC_LIST_APPEND(list->rdata, rdata, link);
}

void da_dns64_synthesize(ns_client_t *client, const struct da_rrset *a, dns_rdatalist_t *list)
{
    isc_buffer_t *octets = NULL;
    isc_netaddr_t address;

    isc_netaddr_fromsockaddr(&address, &client->peeraddr);
    isc_buffer_allocate(client->manager->mctx, &octets, client->view->dns64cnt * (unsigned int)a->count * DA_IPV6_LEN);
    for (size_t i = 0; i < a->count; i++)
        for (dns_dns64_t *dns64 = ISC_LIST_HEAD(client->view->dns64); dns64 != NULL; dns64 = dns_dns64_next(dns64))
            add_synthesized(client, dns64, &address, a->rdata + i * DA_IPV4_LEN, octets, list);
    dns_message_takebuffer(client->message, &octets);
}
