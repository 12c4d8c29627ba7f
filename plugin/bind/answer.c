#include "answer.h"

#include "dns64.h"

#include <dns/message.h>
#include <dns/name.h>
#include <dns/order.h>
#include <dns/rdata.h>
#include <dns/rdatalist.h>
#include <dns/rdataset.h>
#include <dns/result.h>
#include <dns/view.h>
#include <isc/list.h>
#include <isc/region.h>
#include <ns/client.h>
#include <ns/server.h>
#include <ns/stats.h>

#define EXCLUDED_TTL_MAX 600 /* seconds */

/* An empty list of the message's own. Nothing that is taken from a message can fail: named ends where memory does. */
static dns_rdatalist_t *make_list(dns_message_t *message, uint16_t type, uint32_t ttl)
{
    dns_rdatalist_t *list = NULL;

    (void)dns_message_gettemprdatalist(message, &list);
    dns_rdatalist_init(list);
    list->rdclass = dns_rdataclass_in;
    list->type = type;
    list->ttl = ttl;
    return list;
}

static void append(dns_message_t *message, dns_rdatalist_t *list, const uint8_t *octets, size_t length)
{
    isc_region_t region = {(unsigned char *)octets, (unsigned int)length}; /* nothing writes through this one */
    dns_rdata_t *rdata = NULL;

    (void)dns_message_gettemprdata(message, &rdata);
    dns_rdata_init(rdata);
    dns_rdata_fromregion(rdata, list->rdclass, list->type, &region);
    ISC_LIST_APPEND(list->rdata, rdata, link);
}

/* Puts the list's RRset into a section, unless an RRset of that owner and type is there. */
static void add_rrset(query_ctx_t *qctx, dns_section_t section, const dns_name_t *owner, dns_rdatalist_t *list)
{
    dns_message_t *message = qctx->client->message;
    dns_name_t *name = NULL;
    dns_rdataset_t *rdataset = NULL;

    isc_result_t found = dns_message_findname(message, section, owner, list->type, 0, &name, NULL);
    if (found == ISC_R_SUCCESS)
        return;
    if (found == DNS_R_NXDOMAIN) {
        (void)dns_message_gettempname(message, &name);
        dns_name_copy(owner, name);
        dns_message_addname(message, name, section);
    }
    (void)dns_message_gettemprdataset(message, &rdataset);
    (void)dns_rdatalist_tordataset(list, rdataset);
    rdataset->trust = dns_trust_ultimate; /* not secure, so that named clears AD */
    if (qctx->view->order != NULL)
        rdataset->attributes |= dns_order_find(qctx->view->order, name, rdataset->type, rdataset->rdclass);
    rdataset->attributes |= DNS_RDATASETATTR_LOADORDER;
    ISC_LIST_APPEND(name->list, rdataset, link);
}

/* Adds one RRset of the policy to the answer. False where DNS64 excludes all of it. */
static bool add_positive(query_ctx_t *qctx, const struct da_rrset *rrset, uint32_t ttl)
{
    ns_client_t *client = qctx->client;
    dns_rdatalist_t *list = make_list(client->message, rrset->type, ttl);

    for (size_t i = 0; i < rrset->count; i++)
        append(client->message, list, rrset->rdata + i * rrset->rdata_length, rrset->rdata_length);
    if (da_dns64_wanted(client))
        da_dns64_exclude(client, list);
    if (ISC_LIST_EMPTY(list->rdata))
        return false;
    add_rrset(qctx, DNS_SECTION_ANSWER, client->query.qname, list);
    return true;
}

/* Adds what DNS64 makes of the owner's A records. False where that is nothing. Without an AAAA the TTL is limited by
 * that of the negative answer (RFC 6147 section 5.1.7). */
static bool add_synthesized(query_ctx_t *qctx, const struct da_answer *answer)
{
    ns_client_t *client = qctx->client;
    const dns_name_t *qname = client->query.qname;
    const struct da_record_set *set = da_policy_records(answer->policy);
    uint32_t limit = answer->match->verdict == DA_NODATA ? set->negative_ttl : set->ttl;
    struct da_match match;

    da_policy_lookup(answer->policy, qname->ndata, qname->length, DA_TYPE_A, DA_CLASS_IN, &match);
    if (match.verdict != DA_ANSWER)
        return false;
    dns_rdatalist_t *list = make_list(client->message, DA_TYPE_AAAA, set->ttl < limit ? set->ttl : limit);
    da_dns64_synthesize(client, match.rrsets[0], list);
    if (ISC_LIST_EMPTY(list->rdata))
        return false;
    add_rrset(qctx, DNS_SECTION_ANSWER, qname, list);
    ns_stats_increment(client->manager->sctx->nsstats, ns_statscounter_dns64);
    return true;
}

/* Adds the SOA of a negative answer; minimal-responses never leaves that out. As named does, no more than ten minutes
 * are given to one that stands for what DNS64 has excluded. */
static void add_negative(query_ctx_t *qctx, const struct da_answer *answer)
{
    dns_message_t *message = qctx->client->message;
    uint32_t ttl = da_policy_records(answer->policy)->negative_ttl;
    bool excluded = answer->match->verdict == DA_ANSWER;

    if (excluded && ttl > EXCLUDED_TTL_MAX)
        ttl = EXCLUDED_TTL_MAX;
    dns_rdatalist_t *list = make_list(message, DA_TYPE_SOA, ttl);
    append(message, list, answer->soa, DA_SOA_RDATA_LENGTH);
    add_rrset(qctx, DNS_SECTION_AUTHORITY, answer->zone, list);
}

/* How many of the owner's RRsets are sent: one alone where the view answers ANY over UDP in brief (RFC 8482). */
static size_t rrsets_sent(const query_ctx_t *qctx, const struct da_match *match)
{
    const ns_client_t *client = qctx->client;
    bool brief = client->query.qtype == dns_rdatatype_any && qctx->view->minimal_any &&
                 (client->attributes & NS_CLIENTATTR_TCP) == 0;
    return brief && match->rrset_count > 1 ? 1 : match->rrset_count;
}

void da_answer(query_ctx_t *qctx, const struct da_answer *answer)
{
    ns_client_t *client = qctx->client;
    const struct da_match *match = answer->match;
    uint32_t ttl = da_policy_records(answer->policy)->ttl;
    size_t rrsets = rrsets_sent(qctx, match);
    bool answered = false;

    for (size_t i = 0; i < rrsets; i++)
        answered |= add_positive(qctx, match->rrsets[i], ttl);
    if (!answered && match->verdict != DA_NXDOMAIN && da_dns64_wanted(client))
        answered = add_synthesized(qctx, answer);
    if (!answered)
        add_negative(qctx, answer);
    if (match->verdict == DA_NXDOMAIN)
        client->message->rcode = dns_rcode_nxdomain;
}
