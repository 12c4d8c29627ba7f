/* What only servers and resolvers do. */
#include "audit/check.h"

#include <stdio.h>
#include <string.h>

/* ---- authority ---- */

/* What one reply tells: that the server is authoritative, or else that it answered at all. */
struct authority {
    bool is_heard, is_authoritative;
    const struct da_reply *referral;
};

static void look_at_reply(const struct da_collection *collection, const struct da_name *name, uint16_t type,
                          struct authority *authority)
{
    const struct da_reply *reply = da_collection_reply_to(collection, name, type);

    if (reply == NULL || reply->outcome == DA_OUTCOME_FAILED)
        return;
    authority->is_heard = true;
    authority->is_authoritative = authority->is_authoritative || reply->authoritative;
    if (reply->outcome == DA_OUTCOME_REFERRAL && reply->at.length > 0)
        authority->referral = reply;
}

bool check_authority(const struct check_suffix *at)
{
    const struct da_names *names = at->run->request->names;
    struct authority authority = {0};
    char text[DA_NAME_TEXT_MAX];
    struct da_name name;

    look_at_reply(at->collection, at->suffix, DA_TYPE_SOA, &authority);
    for (size_t i = 0; i < names->label_count; i++) {
        if (da_name_prepend(names->labels[i].text, at->suffix, &name) != DA_OK)
            continue;
        look_at_reply(at->collection, &name, DA_TYPE_A, &authority);
        look_at_reply(at->collection, &name, DA_TYPE_AAAA, &authority);
    }
    if (authority.is_authoritative || !authority.is_heard)
        return true;
    struct da_finding *finding = check_add(at, CHECK_RANK_SUFFIX, at->suffix, DA_FINDING_NOT_AUTHORITATIVE, 0, NULL);
    if (authority.referral != NULL)
        check_say(finding, "it refers to the servers of %s", check_text(&authority.referral->at, text));
    return false;
}

/* ---- the network location server and remote clients ---- */

void check_nls_remote(const struct check_name *name)
{
    for (size_t i = 0; i < CHECK_RRSETS; i++) {
        const struct check_rrset *rrset = &name->rrsets[i];
        const struct da_reply *reply = da_collection_reply_to(name->at->collection, &name->name, rrset->type);
        if (rrset->found_count > 0)
            check_name_add(name, DA_FINDING_NLS_RESOLVABLE, rrset->type, rrset->found);
        else if (reply != NULL && reply->outcome == DA_OUTCOME_FAILED)
            check_say(check_name_add(name, DA_FINDING_UNDETERMINED, rrset->type, NULL), "%s", reply->text);
    }
}

/* ---- private addresses ---- */

/* What filters against DNS rebinding take for private: RFC 1918, RFC 4193, loopback, IPv4-mapped. */
static bool is_private(const uint8_t *address, size_t length)
{
    static const uint8_t loopback[DA_IPV6_LEN] = {[15] = 1}, mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (length == DA_IPV4_LEN)
        return address[0] == 127 || address[0] == 10 || (address[0] == 172 && (address[1] & 0xf0) == 16) ||
               (address[0] == 192 && address[1] == 168);
    return (address[0] & 0xfe) == 0xfc || memcmp(address, loopback, sizeof(loopback)) == 0 ||
           memcmp(address, mapped, sizeof(mapped)) == 0;
}

static bool has_address(const struct da_collection *collection, const struct da_name *name, uint16_t type,
                        const uint8_t *address, size_t length)
{
    size_t count;

    const struct da_found *found = da_collection_find(collection, name, type, &count);
    for (size_t i = 0; i < count; i++)
        if (found[i].rdata_length == length && memcmp(found[i].rdata, address, length) == 0)
            return true;
    return false;
}

static bool has_all_missing(const struct da_collection *collection, const struct check_name *name,
                            const struct check_rrset *rrset)
{
    struct check_walk walk = {0};
    const uint8_t *address;

    while ((address = check_next_missing(rrset, &walk)) != NULL)
        if (!has_address(collection, &name->name, rrset->type, address, rrset->expected->rdata_length))
            return false;
    return true;
}

/* True where all that is missing is private, and nothing that is there. */
static bool looks_filtered(const struct check_name *name, const struct check_rrset *rrset)
{
    const struct da_reply *reply = da_collection_reply_to(name->at->collection, &name->name, rrset->type);
    struct check_walk walk = {0};
    const uint8_t *address;

    if (reply == NULL || (rrset->found_count == 0 && reply->outcome != DA_OUTCOME_NODATA))
        return false;
    for (size_t i = 0; i < rrset->found_count; i++)
        if (is_private(rrset->found[i].rdata, rrset->found[i].rdata_length))
            return false;
    while ((address = check_next_missing(rrset, &walk)) != NULL)
        if (!is_private(address, rrset->expected->rdata_length))
            return false;
    return rrset->right == rrset->found_count;
}

enum check_filter check_filtered(const struct check_name *name, const struct check_rrset *rrset)
{
    const struct da_check_request *request = name->at->run->request;

    if (name->at->collection->kind != DA_SOURCE_RESOLVER || !looks_filtered(name, rrset))
        return CHECK_FILTER_NONE;
    for (size_t i = 0; i < request->collection_count; i++) {
        const struct da_collection *other = request->collections[i];
        if (other != name->at->collection && !other->failed && has_all_missing(other, name, rrset))
            return CHECK_FILTER_SEEN;
    }
    return CHECK_FILTER_SUSPECTED;
}
