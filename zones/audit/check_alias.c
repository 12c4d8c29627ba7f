/* What takes a published name away from its own addresses: delegations, DNAMEs, aliases, wildcards. */
#include "audit/check.h"

/* The topmost cut at or above a name in a zone's contents. */
static const struct da_found *find_cut(const struct check_name *name)
{
    if (name->at->delegation != NULL)
        return name->at->delegation;
    if (name->at->dname != NULL)
        return name->at->dname;
    for (size_t i = 0; i < name->record_count; i++)
        if (name->records[i].type == DA_TYPE_NS)
            return &name->records[i];
    return NULL;
}

/* A reply that refers to others below the suffix; one at or above it is check_authority()'s. */
static const struct da_reply *find_referral(const struct check_name *name)
{
    for (size_t i = 0; i < CHECK_RRSETS; i++) {
        const struct da_reply *reply = da_collection_reply_to(name->at->collection, &name->name, name->rrsets[i].type);
        if (reply != NULL && reply->outcome == DA_OUTCOME_REFERRAL)
            return reply;
    }
    return NULL;
}

bool check_occlusion(const struct check_name *name)
{
    bool is_contents = da_collection_is_contents(name->at->collection);
    const struct da_found *cut = is_contents ? find_cut(name) : NULL;
    const struct da_reply *referral = is_contents ? NULL : find_referral(name);
    char text[DA_NAME_TEXT_MAX];

    if (cut != NULL)
        check_add_cut(name->at, CHECK_RANK_LABEL + name->label->role, &name->name, DA_FINDING_OCCLUDED, cut);
    else if (referral != NULL)
        check_say(check_name_add(name, DA_FINDING_OCCLUDED, 0, NULL), "the server refers to those of %s",
                  check_text(referral->at.length > 0 ? &referral->at : &name->name, text));
    return cut != NULL || referral != NULL;
}

void check_alias(const struct check_name *name)
{
    bool is_reply = !da_collection_is_contents(name->at->collection);

    for (size_t i = 0; i < name->record_count; i++) {
        const struct da_found *found = &name->records[i];
        if (found->type == DA_TYPE_CNAME && !(is_reply && check_is_wildcard(name->at, found)))
            check_name_add(name, DA_FINDING_ALIAS, DA_TYPE_CNAME, found);
    }
}

/* Contents: the wildcard that covers the missing name, once a type. */
static void check_covering(const struct check_name *name)
{
    const char *text;
    struct da_place place;
    uint16_t told = 0;
    size_t count;
    bool sure;

    if (check_is_unsure(name->at, &name->name, DA_TYPE_A, &text, &place))
        return;
    const struct da_found *wildcard = check_wildcard(name->at, &name->name, &count, &sure);
    for (size_t i = 0; i < count; i++) {
        if (check_leads_on(&wildcard[i]) && wildcard[i].type != told)
            check_say_covered(check_name_add(name, DA_FINDING_WILDCARD_ANSWERS, wildcard[i].type, &wildcard[i]),
                              name->at, &wildcard[i], sure);
        told = wildcard[i].type;
    }
}

/* Replies: what is not right and is the wildcard's, too. */
static void check_made(const struct check_name *name)
{
    uint16_t told = 0;

    for (size_t i = 0; i < name->record_count; i++) {
        const struct da_found *found = &name->records[i];
        bool is_right = false;
        for (size_t j = 0; j < CHECK_RRSETS; j++)
            is_right = is_right || (name->rrsets[j].type == found->type && name->rrsets[j].right > 0);
        if (found->type == told || is_right || !check_leads_on(found) || !check_is_wildcard(name->at, found))
            continue;
        told = found->type;
        check_say_made(check_name_add(name, DA_FINDING_WILDCARD_ANSWERS, found->type, found), name->at);
    }
}

void check_wildcards(const struct check_name *name)
{
    if (da_collection_is_contents(name->at->collection))
        check_covering(name);
    else
        check_made(name);
}
