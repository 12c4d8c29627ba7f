#include "config.h"

#include "answer.h"

#include "services/cache/dns.h"
#include "sldns/rrdef.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/module.h"
#include "util/net_help.h"
#include "util/regional.h"

#include <string.h>

/* One allocation for a whole answer, handed out piece by piece. */
struct block {
    struct module_qstate *qstate;
    uint8_t *next;
};

#define ALIGNMENT sizeof(uint64_t) /* as in regions */

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

static void *carve(struct block *block, size_t size)
{
    void *piece = block->next;
    block->next += aligned(size);
    return piece;
}

/* A reply is followed by pointers to its RRsets. */
static size_t reply_size(size_t rrsets)
{
    return sizeof(struct reply_info) + rrsets * sizeof(struct ub_packed_rrset_key *);
}

/* An RRset's data are followed by three arrays and the records themselves. */
static size_t data_size(size_t count, size_t length)
{
    return sizeof(struct packed_rrset_data) +
           count * (sizeof(size_t) + sizeof(uint8_t *) + sizeof(time_t) + 2 + length);
}

static size_t rrset_size(size_t count, size_t length)
{
    return aligned(sizeof(struct ub_packed_rrset_key)) + aligned(data_size(count, length));
}

static size_t answer_size(const struct da_match *match)
{
    size_t rrsets = match->verdict == DA_ANSWER ? match->rrset_count : 1;
    size_t size = aligned(sizeof(struct dns_msg)) + aligned(reply_size(rrsets));

    if (match->verdict != DA_ANSWER)
        return size + rrset_size(1, DA_SOA_RDATA_LENGTH);
    for (size_t i = 0; i < rrsets; i++)
        size += rrset_size(match->rrsets[i]->count, match->rrsets[i]->rdata_length);
    return size;
}

/* Lays the arrays of a packed_rrset_data out behind it, in the order Unbound does, and fills them. */
static struct packed_rrset_data *make_data(struct block *block, uint32_t ttl, const uint8_t *rdata, size_t count,
                                           size_t length)
{
    struct packed_rrset_data *data = carve(block, data_size(count, length));

    data->ttl = ttl;
    data->count = count;
    data->trust = rrset_trust_ultimate;
    data->security = sec_status_insecure;
    data->rr_len = (size_t *)(data + 1);
    data->rr_data = (uint8_t **)(data->rr_len + count);
    data->rr_ttl = (time_t *)(data->rr_data + count);
    uint8_t *octets = (uint8_t *)(data->rr_ttl + count);
    for (size_t i = 0; i < count; i++) {
        data->rr_len[i] = 2 + length;
        data->rr_ttl[i] = ttl;
        data->rr_data[i] = octets;
        octets[0] = (uint8_t)(length >> 8);
        octets[1] = (uint8_t)length;
        memcpy(octets + 2, rdata + i * length, length);
        octets += 2 + length;
    }
    return data;
}

/* An RRset whose owner is the query name from an octet on, so that the answer has the query's spelling. */
static struct ub_packed_rrset_key *make_rrset(struct block *block, size_t offset, uint16_t type,
                                              struct packed_rrset_data *data)
{
    const struct query_info *qinfo = &block->qstate->qinfo;
    struct ub_packed_rrset_key *key = carve(block, sizeof(*key));

    key->entry.key = key;
    key->entry.data = data;
    key->rk.dname = qinfo->qname + offset;
    key->rk.dname_len = qinfo->qname_len - offset;
    key->rk.type = htons(type);
    key->rk.rrset_class = htons(LDNS_RR_CLASS_IN);
    return key;
}

/* A reply with room for some RRsets, as fresh from an authoritative server: unsigned, to be sent on whatever the
 * validator's mode. */
static struct reply_info *make_reply(struct block *block, size_t rrsets, int rcode, uint32_t ttl)
{
    struct reply_info *reply = carve(block, reply_size(rrsets));

    reply->flags = (uint16_t)(BIT_QR | BIT_AA | BIT_RA | rcode);
    reply->authoritative = 1;
    reply->qdcount = 1;
    reply->security = sec_status_insecure; /* unchecked would become SERVFAIL */
    reply->ttl = ttl;
    reply->prefetch_ttl = PREFETCH_TTL_CALC(reply->ttl);
    reply->serve_expired_ttl = reply->ttl;
    reply->rrset_count = rrsets;
    reply->rrsets = (struct ub_packed_rrset_key **)(reply + 1);
    return reply;
}

static struct reply_info *make_positive(struct block *block, const struct da_record_set *set,
                                        const struct da_match *match)
{
    struct reply_info *reply = make_reply(block, match->rrset_count, LDNS_RCODE_NOERROR, set->ttl);

    reply->an_numrrsets = match->rrset_count;
    for (size_t i = 0; i < match->rrset_count; i++) {
        const struct da_rrset *rrset = match->rrsets[i];
        reply->rrsets[i] = make_rrset(block, 0, rrset->type,
                                      make_data(block, set->ttl, rrset->rdata, rrset->count, rrset->rdata_length));
    }
    return reply;
}

/* The RCODE belongs into the flags: with a return_rcode Unbound would leave the SOA out. */
static struct reply_info *make_negative(struct block *block, const struct da_record_set *set,
                                        const struct da_match *match)
{
    int rcode = match->verdict == DA_NXDOMAIN ? LDNS_RCODE_NXDOMAIN : LDNS_RCODE_NOERROR;
    struct reply_info *reply = make_reply(block, 1, rcode, set->negative_ttl);
    uint8_t soa[DA_SOA_RDATA_LENGTH];

    da_soa_rdata(set->negative_ttl, soa);
    reply->ns_numrrsets = 1;
    reply->rrsets[0] = make_rrset(block, match->soa_offset, LDNS_RR_TYPE_SOA,
                                  make_data(block, set->negative_ttl, soa, 1, sizeof(soa)));
    return reply;
}

bool da_answer(struct module_qstate *qstate, const struct da_record_set *set, const struct da_match *match)
{
    struct block block = {qstate, regional_alloc_zero(qstate->region, answer_size(match))};
    if (block.next == NULL)
        return false;

    struct dns_msg *message = carve(&block, sizeof(*message));
    message->qinfo = qstate->qinfo;
    message->rep = (match->verdict == DA_ANSWER ? make_positive : make_negative)(&block, set, match);
    qstate->return_msg = message;
    qstate->return_rcode = LDNS_RCODE_NOERROR;
    return true;
}

void da_answer_set_hashes(const struct module_qstate *qstate)
{
    const struct reply_info *reply = qstate->return_msg->rep;

    /* Not the true hash, by which a cached copy could be found for others, nor one for all, which would crowd one bin.
     */
    for (size_t i = 0; i < reply->rrset_count; i++)
        reply->rrsets[i]->entry.hash = ~rrset_key_hash(&reply->rrsets[i]->rk);
}
