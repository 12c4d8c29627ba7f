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

/* Octets of data for count records of length octets each. */
static size_t data_size(size_t count, size_t length)
{
    return sizeof(struct packed_rrset_data) +
           count * (sizeof(size_t) + sizeof(uint8_t *) + sizeof(time_t) + 2 + length);
}

/* Lays the arrays of a packed_rrset_data out behind it, in the order Unbound does, and fills them. */
static struct packed_rrset_data *make_data(struct regional *region, uint32_t ttl, const uint8_t *rdata, size_t count,
                                           size_t length)
{
    struct packed_rrset_data *data = regional_alloc_zero(region, data_size(count, length));
    if (data == NULL)
        return NULL;

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
static struct ub_packed_rrset_key *make_rrset(struct module_qstate *qstate, size_t offset, uint16_t type, uint32_t ttl,
                                              const uint8_t *rdata, size_t count, size_t length)
{
    struct ub_packed_rrset_key *key = regional_alloc_zero(qstate->region, sizeof(*key));
    if (key == NULL)
        return NULL;

    key->entry.key = key;
    key->entry.data = make_data(qstate->region, ttl, rdata, count, length);
    key->rk.dname = qstate->qinfo.qname + offset;
    key->rk.dname_len = qstate->qinfo.qname_len - offset;
    key->rk.type = htons(type);
    key->rk.rrset_class = htons(LDNS_RR_CLASS_IN);
    return key->entry.data != NULL ? key : NULL;
}

/* A reply with room for some RRsets, as fresh from an authoritative server: unsigned, to be sent on whatever the
 * validator's mode. */
static struct reply_info *make_reply(struct regional *region, size_t rrsets, int rcode)
{
    /* an array of pointers follows: NOLINTNEXTLINE(bugprone-sizeof-expression) */
    struct reply_info *reply = regional_alloc_zero(region, sizeof(*reply) + rrsets * sizeof(*reply->rrsets));
    if (reply == NULL)
        return NULL;

    reply->flags = (uint16_t)(BIT_QR | BIT_AA | BIT_RA | rcode);
    reply->authoritative = 1;
    reply->qdcount = 1;
    reply->security = sec_status_insecure; /* unchecked would become SERVFAIL */
    reply->rrsets = (struct ub_packed_rrset_key **)(reply + 1);
    return reply;
}

static void set_ttl(struct reply_info *reply, uint32_t ttl)
{
    reply->ttl = ttl;
    reply->prefetch_ttl = PREFETCH_TTL_CALC(reply->ttl);
    reply->serve_expired_ttl = reply->ttl;
}

static bool fill_positive(struct module_qstate *qstate, const struct da_record_set *set, const struct da_match *match,
                          struct reply_info *reply)
{
    for (size_t i = 0; i < match->rrset_count; i++) {
        const struct da_rrset *rrset = match->rrsets[i];
        reply->rrsets[i] =
            make_rrset(qstate, 0, rrset->type, set->ttl, rrset->rdata, rrset->count, rrset->rdata_length);
        if (reply->rrsets[i] == NULL)
            return false;
    }
    reply->an_numrrsets = reply->rrset_count = match->rrset_count;
    set_ttl(reply, set->ttl);
    return true;
}

static bool fill_negative(struct module_qstate *qstate, const struct da_record_set *set, const struct da_match *match,
                          struct reply_info *reply)
{
    uint8_t soa[DA_SOA_RDATA_LENGTH];

    da_soa_rdata(set->negative_ttl, soa);
    reply->rrsets[0] = make_rrset(qstate, match->soa_offset, LDNS_RR_TYPE_SOA, set->negative_ttl, soa, 1, sizeof(soa));
    reply->ns_numrrsets = reply->rrset_count = 1;
    set_ttl(reply, set->negative_ttl);
    return reply->rrsets[0] != NULL;
}

bool da_answer(struct module_qstate *qstate, const struct da_record_set *set, const struct da_match *match)
{
    bool positive = match->verdict == DA_ANSWER;
    /* The RCODE belongs into the flags: with a return_rcode Unbound would leave the SOA out. */
    int rcode = match->verdict == DA_NXDOMAIN ? LDNS_RCODE_NXDOMAIN : LDNS_RCODE_NOERROR;
    struct dns_msg *message = regional_alloc_zero(qstate->region, sizeof(*message));
    struct reply_info *reply = make_reply(qstate->region, positive ? match->rrset_count : 1, rcode);

    if (message == NULL || reply == NULL)
        return false;
    if (!(positive ? fill_positive : fill_negative)(qstate, set, match, reply))
        return false;
    message->qinfo = qstate->qinfo;
    message->rep = reply;
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
