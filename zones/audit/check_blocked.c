/* Names that are to be refused: present, covered by a wildcard, delegated, answered. Records of other types than those
 * that lead to an address do not matter: no tunnel comes of NODATA. */
#include "audit/check.h"

/* A blocked label in front of the suffix, or alone. */
struct blocked {
    const struct check_suffix *at;
    struct da_name name;
    size_t rank;
};

static struct da_finding *add(const struct blocked *blocked, enum da_finding_code code, uint16_t type,
                              const struct da_found *found)
{
    return check_add(blocked->at, blocked->rank, &blocked->name, code, type, found);
}

static void report_unsure(const struct blocked *blocked, uint16_t type, const struct da_place *place, const char *text)
{
    struct da_finding *finding = add(blocked, DA_FINDING_UNDETERMINED, type, NULL);

    finding->place = *place;
    check_say(finding, "%s", text);
}

/* ---- contents ---- */

void check_blocked_record(const struct check_suffix *at, size_t rank, const struct da_found *found)
{
    if (check_leads_on(found))
        check_add(at, rank, found->owner, DA_FINDING_BLOCKED_PRESENT, found->type, found);
    else if (found->type == DA_TYPE_NS)
        check_add_cut(at, rank, found->owner, DA_FINDING_BLOCKED_DELEGATED, found);
}

static void check_covering(const struct blocked *blocked)
{
    size_t count;
    bool sure;

    const struct da_found *wildcard = check_wildcard(blocked->at, &blocked->name, &count, &sure);
    for (size_t i = 0; i < count; i++) {
        if (!check_leads_on(&wildcard[i]))
            continue;
        check_say_covered(add(blocked, DA_FINDING_BLOCKED_WILDCARD, wildcard[i].type, &wildcard[i]), blocked->at,
                          &wildcard[i], sure);
        return;
    }
}

/* A doubt of all names is told of the source, and not of each blocked name again. */
static void check_own_doubts(const struct blocked *blocked)
{
    const struct da_collection *collection = blocked->at->collection;

    for (size_t i = 0; i < collection->doubt_count; i++) {
        const struct da_doubt *doubt = &collection->doubts[i];
        if (doubt->one_name && da_name_equal(doubt->name.wire, blocked->name.wire)) {
            report_unsure(blocked, 0, &doubt->place, doubt->text);
            return;
        }
    }
}

static void check_contents(const struct blocked *blocked)
{
    const struct check_suffix *at = blocked->at;
    size_t count;

    const struct da_found *records = da_collection_find(at->collection, &blocked->name, 0, &count);
    if (at->dname != NULL) {
        check_add_cut(at, blocked->rank, &blocked->name, DA_FINDING_BLOCKED_DELEGATED, at->dname);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (i == 0 || records[i].type != DA_TYPE_NS || records[i - 1].type != DA_TYPE_NS)
            check_blocked_record(at, blocked->rank, &records[i]);
    if (count > 0)
        return;
    check_covering(blocked);
    check_own_doubts(blocked);
}

/* ---- replies ---- */

static void report_answers(const struct blocked *blocked)
{
    const struct check_suffix *at = blocked->at;
    bool is_told = false;
    size_t count;

    const struct da_found *records = da_collection_find(at->collection, &blocked->name, 0, &count);
    for (size_t i = 0; i < count; i++) {
        if (!check_leads_on(&records[i]))
            continue;
        bool is_made = check_is_wildcard(at, &records[i]);
        if (!is_made)
            add(blocked, DA_FINDING_BLOCKED_RESOLVES, records[i].type, &records[i]);
        else if (!is_told)
            check_say_made(add(blocked, DA_FINDING_BLOCKED_WILDCARD, records[i].type, &records[i]), at);
        is_told = is_told || is_made;
    }
}

static void check_replies(const struct blocked *blocked)
{
    static const uint16_t types[] = {DA_TYPE_A, DA_TYPE_AAAA};
    const struct da_place nowhere = {0};
    bool is_referred = false;
    char text[DA_NAME_TEXT_MAX];

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        const struct da_reply *reply = da_collection_reply_to(blocked->at->collection, &blocked->name, types[i]);
        if (reply == NULL)
            continue;
        if (reply->outcome == DA_OUTCOME_FAILED)
            report_unsure(blocked, types[i], &nowhere, reply->text);
        if (reply->outcome == DA_OUTCOME_REFERRAL && !is_referred)
            check_say(add(blocked, DA_FINDING_BLOCKED_DELEGATED, 0, NULL), "the server refers to those of %s",
                      check_text(reply->at.length > 0 ? &reply->at : &blocked->name, text));
        is_referred = is_referred || reply->outcome == DA_OUTCOME_REFERRAL;
    }
    report_answers(blocked);
}

void check_blocked(const struct check_suffix *at)
{
    static const struct da_name root = {.length = 1};
    const struct da_record_set *set = at->run->request->set;
    const struct da_name *parent = at->suffix != NULL ? at->suffix : &root;
    bool is_contents = da_collection_is_contents(at->collection);

    for (size_t i = 0; i < set->block_count; i++) {
        struct blocked blocked = {.at = at, .rank = CHECK_RANK_BLOCKED + i};
        if (da_name_prepend(set->block[i], parent, &blocked.name) != DA_OK)
            continue; /* longer than a name can be */
        if (!is_contents)
            check_replies(&blocked);
        else if (at->suffix != NULL)
            check_contents(&blocked);
    }
}
