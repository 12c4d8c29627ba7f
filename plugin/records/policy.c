#include "policy.h"

#include "matcher.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A published label, folded and in wire form, for comparison. */
struct owner_label {
    uint8_t wire[1 + DA_LABEL_MAX];
};

struct da_policy {
    struct da_record_set *set;
    struct owner_label labels[DA_MAX_OWNERS]; /* beside set->owners */
    uint64_t label_lengths;                   /* bit n: one of them has n octets */
    struct da_matcher matcher;
};

static void fold_label(struct owner_label *label, const char *text)
{
    size_t length = strlen(text);
    label->wire[0] = (uint8_t)length;
    for (size_t i = 0; i < length; i++)
        label->wire[1 + i] = da_name_fold((uint8_t)text[i]);
}

enum da_status da_policy_new(const struct da_deployment *deployment, struct da_policy **result)
{
    size_t repeated;
    struct da_policy *policy = calloc(1, sizeof(*policy));
    if (policy == NULL)
        return DA_ERR_MEMORY;

    enum da_status status = da_matcher_init(&policy->matcher, deployment, &repeated);
    if (status == DA_OK)
        status = da_record_set_new(deployment, &policy->set);
    if (status != DA_OK) {
        da_policy_free(policy);
        return status;
    }
    for (size_t i = 0; i < policy->set->owner_count; i++) {
        fold_label(&policy->labels[i], policy->set->owners[i].label);
        policy->label_lengths |= (uint64_t)1 << policy->labels[i].wire[0];
    }
    *result = policy;
    return DA_OK;
}

/* A file that is not there is left to who opens it. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

enum da_status da_policy_load(const char *path, struct da_policy **policy, da_warning_fn *warn, void *arg,
                              struct da_error *error)
{
    struct da_deployment *deployment = NULL;

    if (is_special(path))
        return da_error_set(error, DA_ERR_IO, NULL, "not a regular file");
    enum da_status status = da_deployment_load(path, &deployment, warn, arg, error);
    if (status == DA_OK)
        status = da_policy_new(deployment, policy);
    da_deployment_free(deployment);
    if (status != DA_OK)
        da_error_set(error, status, NULL, "out of memory"); /* every other fault has been recorded */
    return status;
}

void da_policy_free(struct da_policy *policy)
{
    if (policy == NULL)
        return;
    da_matcher_clear(&policy->matcher);
    da_record_set_free(policy->set);
    free(policy);
}

const struct da_record_set *da_policy_records(const struct da_policy *policy)
{
    return policy->set;
}

size_t da_policy_size(const struct da_policy *policy)
{
    return sizeof(*policy) + da_matcher_size(&policy->matcher) + da_record_set_size(policy->set);
}

/* The owner whose label the name begins with, and which is under a suffix; NULL where it is none. */
static const struct da_owner *find_owner(const struct da_policy *policy, const struct da_walk *walk)
{
    const uint8_t *first = walk->folded;

    for (size_t i = 0; i < policy->set->owner_count; i++) {
        const uint8_t *label = policy->labels[i].wire;
        if (label[0] == first[0] && memcmp(label, first, 1u + label[0]) == 0)
            return da_matcher_is_suffix(&policy->matcher, walk, 1) ? &policy->set->owners[i] : NULL;
    }
    return NULL;
}

/* Tells most names that are not ours, by the lengths of their labels. */
static bool cannot_match(const struct da_policy *policy, const struct da_walk *walk, const uint8_t *qname)
{
    return (policy->label_lengths >> qname[0] & 1) == 0 && da_matcher_has_no_blocked(&policy->matcher, walk);
}

static void match_owner(const struct da_owner *owner, const struct da_walk *walk, uint16_t qtype,
                        struct da_match *match)
{
    for (size_t i = 0; i < owner->rrset_count; i++)
        if (qtype == DA_TYPE_ANY || qtype == owner->rrsets[i].type)
            match->rrsets[match->rrset_count++] = &owner->rrsets[i];
    match->verdict = match->rrset_count > 0 ? DA_ANSWER : DA_NODATA;
    match->soa_offset = walk->offset[1];
}

void da_policy_lookup(const struct da_policy *policy, const uint8_t *qname, size_t length, uint16_t qtype,
                      uint16_t qclass, struct da_match *match)
{
    struct da_walk walk;

    match->verdict = DA_PASS;
    match->rrset_count = 0;
    match->soa_offset = 0;
    if (qclass != DA_CLASS_IN || !da_walk_name(&walk, qname, length) || cannot_match(policy, &walk, qname))
        return;
    da_walk_fold(&walk, qname);
    const struct da_owner *owner = find_owner(policy, &walk);
    if (owner != NULL) {
        match_owner(owner, &walk, qtype, match);
        return;
    }
    size_t soa = da_matcher_blocked(&policy->matcher, &walk);
    if (soa != DA_MATCHER_NONE) {
        match->verdict = DA_NXDOMAIN;
        match->soa_offset = walk.offset[soa];
    }
}

static bool decides(const struct da_policy *policy, const struct da_name *name)
{
    struct da_match match;
    da_policy_lookup(policy, name->wire, name->length, DA_TYPE_A, DA_CLASS_IN, &match);
    return match.verdict != DA_PASS;
}

static bool decides_blocked(const struct da_policy *policy, const struct da_record_set *set,
                            const struct da_name *parent)
{
    for (size_t i = 0; i < set->block_count; i++) {
        struct da_name name;
        if (da_name_prepend(set->block[i], parent, &name) == DA_OK && !decides(policy, &name))
            return false;
    }
    return true;
}

bool da_policy_covers(const struct da_policy *before, const struct da_policy *policy)
{
    static const struct da_name root = {.length = 1};
    const struct da_record_set *set = policy->set;
    struct da_rrset_cursor cursor = {0};

    while (da_record_set_next(set, &cursor))
        if (!decides(before, &cursor.name))
            return false;
    for (size_t i = 0; i < set->suffix_count; i++)
        if (!decides_blocked(before, set, &set->suffixes[i]))
            return false;
    return decides_blocked(before, set, &root);
}

const char *da_verdict_text(enum da_verdict verdict)
{
    static const char *const texts[DA_VERDICTS] = {
        [DA_PASS] = "PASS",
        [DA_ANSWER] = "ANSWER",
        [DA_NODATA] = "NODATA",
        [DA_NXDOMAIN] = "NXDOMAIN",
    };
    return texts[verdict];
}
