/* Addresses of published names: wrong, extra, missing. */
#include "audit/check.h"

#include <string.h>

static const struct da_rrset *find_expected(const struct da_owner *owner, uint16_t type)
{
    for (size_t i = 0; owner != NULL && i < owner->rrset_count; i++)
        if (owner->rrsets[i].type == type)
            return &owner->rrsets[i];
    return NULL;
}

bool check_is_expected(const struct da_rrset *expected, const struct da_found *found)
{
    size_t from = 0, to = expected != NULL && found->rdata_length == expected->rdata_length ? expected->count : 0;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = memcmp(expected->rdata + middle * expected->rdata_length, found->rdata, found->rdata_length);
        if (order == 0)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

void check_compare(struct check_name *name)
{
    static const uint16_t types[CHECK_RRSETS] = {DA_TYPE_A, DA_TYPE_AAAA};

    name->right = 0;
    for (size_t i = 0; i < CHECK_RRSETS; i++) {
        struct check_rrset *rrset = &name->rrsets[i];
        *rrset = (struct check_rrset){.type = types[i], .expected = find_expected(name->label->owner, types[i])};
        for (size_t j = 0; j < name->record_count; j++) {
            const struct da_found *found = &name->records[j];
            if (found->type != types[i])
                continue;
            if (rrset->found_count++ == 0)
                rrset->found = found;
            rrset->untold += found->rdata_length == 0;
            rrset->right += check_is_expected(rrset->expected, found);
        }
        name->right += rrset->right;
    }
}

/* Below 0 where the record comes before the address, and where it is of another length. */
static int compare(const struct da_found *found, const uint8_t *address, size_t length)
{
    return found->rdata_length == length ? memcmp(found->rdata, address, length) : -1;
}

const uint8_t *check_next_missing(const struct check_rrset *rrset, struct check_walk *walk)
{
    const struct da_rrset *expected = rrset->expected;

    /* both ascend */
    while (expected != NULL && walk->expected < expected->count) {
        const uint8_t *address = expected->rdata + walk->expected++ * expected->rdata_length;
        int order = -1;
        while (walk->found < rrset->found_count &&
               (order = compare(&rrset->found[walk->found], address, expected->rdata_length)) < 0)
            walk->found++;
        if (order != 0)
            return address;
    }
    return NULL;
}

static void set_address(struct da_finding *finding, const void *address, size_t length)
{
    finding->address_length = (uint8_t)length;
    memcpy(finding->address, address, length);
}

/* ---- what is there and should not be ---- */

static void report_server(const struct check_name *name, const struct da_found *found, const struct check_known *known)
{
    const struct da_load_balancer *balancer = &known->point->balancer;
    struct da_finding *finding = check_name_add(name, DA_FINDING_SERVER_ADDRESS, found->type, found);

    if (found->type == DA_TYPE_A)
        set_address(finding, balancer->vip.octet, DA_IPV4_LEN);
    else if (balancer->has_ipv6)
        set_address(finding, balancer->ipv6.octet, DA_IPV6_LEN);
    check_say(finding, "it is that of server %s in entry point %s", known->point->servers[known->number].name,
              known->point->name);
}

static void report_length(const struct check_name *name, const struct da_found *found, const struct check_known *known)
{
    static const struct da_ipv4 localhost = {{127, 0, 0, 1}};
    struct da_ipv6 right = da_prefix_embed(&known->point->nat64, &localhost);
    struct da_finding *finding = check_name_add(name, DA_FINDING_PREFIX_LENGTH, found->type, found);

    set_address(finding, right.octet, DA_IPV6_LEN);
    check_say(finding, "as if the prefix of entry point %s were a /%zu; it is a /%u", known->point->name, known->number,
              known->point->nat64.length);
}

static bool is_forbidden(const struct check_name *name, uint16_t type, enum da_finding_code *code)
{
    enum da_network network = name->at->run->request->deployment->network;
    enum da_label_role role = name->label->role;

    *code = type == DA_TYPE_A ? DA_FINDING_A_NOT_ALLOWED : DA_FINDING_AAAA_NOT_ALLOWED;
    if (type == DA_TYPE_A)
        return role == DA_LABEL_CORP_CONNECTIVITY && network == DA_NETWORK_IPV6;
    return (role == DA_LABEL_WEB_PROBE || role == DA_LABEL_NLS) && network == DA_NETWORK_IPV4_ONLY;
}

/* Beside right ones: of its type, or of either where there is to be none of its type. */
static void report_plain(const struct check_name *name, const struct check_rrset *rrset, const struct da_found *found)
{
    const struct da_rrset *expected = rrset->expected;
    bool is_extra = (expected != NULL ? rrset->right : name->right) > 0;
    enum da_finding_code code = is_extra ? DA_FINDING_EXTRA_ADDRESS : DA_FINDING_WRONG_ADDRESS;
    struct da_finding *finding = check_name_add(name, code, rrset->type, found);

    if (!is_extra && expected != NULL && expected->count == 1)
        set_address(finding, expected->rdata, expected->rdata_length);
}

static void report_other(const struct check_name *name, const struct check_rrset *rrset, const struct da_found *found)
{
    const struct check_run *run = name->at->run;
    const struct check_known *known;
    enum da_finding_code code;

    if (is_forbidden(name, rrset->type, &code)) {
        check_name_add(name, code, rrset->type, found);
        return;
    }
    switch (name->label->role) {
    case DA_LABEL_CORP_CONNECTIVITY:
        known = check_known_find(run, CHECK_KNOWN_LENGTH, found);
        if (known != NULL)
            report_length(name, found, known);
        else
            report_plain(name, rrset, found);
        break;
    case DA_LABEL_WEB_PROBE:
    case DA_LABEL_NLS:
        known = check_known_find(run, CHECK_KNOWN_SERVER, found);
        if (known != NULL)
            report_server(name, found, known);
        else
            report_plain(name, rrset, found);
        break;
    case DA_LABEL_ISATAP_ROUTER: /* the servers' addresses are right there */
        report_plain(name, rrset, found);
        break;
    }
}

/* What a wildcard makes in a reply is not a record of the name; check_wildcards() tells that. */
static void check_found(const struct check_name *name, const struct check_rrset *rrset)
{
    bool is_reply = !da_collection_is_contents(name->at->collection);

    for (size_t i = 0; i < rrset->found_count; i++) {
        const struct da_found *found = &rrset->found[i];
        if (found->rdata_length == 0)
            check_say(check_name_add(name, DA_FINDING_UNDETERMINED, rrset->type, found),
                      "the source does not tell its address");
        else if (!check_is_expected(rrset->expected, found) && !(is_reply && check_is_wildcard(name->at, found)))
            report_other(name, rrset, found);
    }
}

/* ---- what should be there and is not ---- */

static enum da_finding_code missing_code(const struct check_name *name, uint16_t type)
{
    bool is_empty = name->rrsets[0].found_count == 0 && name->rrsets[1].found_count == 0;

    switch (name->label->role) {
    case DA_LABEL_CORP_CONNECTIVITY:
        if (is_empty)
            return DA_FINDING_CORP_CONNECTIVITY_MISSING;
        return type == DA_TYPE_A ? DA_FINDING_CORP_CONNECTIVITY_NO_A : DA_FINDING_CORP_CONNECTIVITY_NO_AAAA;
    case DA_LABEL_WEB_PROBE:
        return name->right > 0 ? DA_FINDING_WEB_PROBE_INCOMPLETE : DA_FINDING_WEB_PROBE_MISSING;
    case DA_LABEL_NLS:
        return name->right > 0 ? DA_FINDING_NLS_INCOMPLETE : DA_FINDING_NLS_MISSING;
    case DA_LABEL_ISATAP_ROUTER:
        break;
    }
    return name->right > 0 ? DA_FINDING_ISATAP_ROUTER_INCOMPLETE : DA_FINDING_ISATAP_ROUTER_MISSING;
}

static void report_missing(const struct check_name *name, const struct check_rrset *rrset)
{
    enum da_finding_code code = missing_code(name, rrset->type);
    struct check_walk walk = {0};
    const uint8_t *address;

    while ((address = check_next_missing(rrset, &walk)) != NULL)
        set_address(check_name_add(name, code, rrset->type, NULL), address, rrset->expected->rdata_length);
}

static void report_filtered(const struct check_name *name, const struct check_rrset *rrset, enum check_filter filter)
{
    struct da_finding *finding = check_name_add(name, DA_FINDING_PRIVATE_FILTERED, rrset->type, NULL);

    check_say(finding, filter == CHECK_FILTER_SEEN ? "another source has what is missing here"
                                                   : "suspected: the name exists, and all that is missing is such");
}

static void check_missing(const struct check_name *name, const struct check_rrset *rrset)
{
    struct check_walk walk = {0};
    struct da_place place;
    const char *text;

    bool is_missing = check_next_missing(rrset, &walk) != NULL;
    bool is_asked = da_collection_reply_to(name->at->collection, &name->name, rrset->type) != NULL;
    if (rrset->untold > 0) /* what is not told may be what seems to be missing */
        return;
    if (!is_missing && (rrset->found_count > 0 || !is_asked))
        return;
    if (check_is_unsure(name->at, &name->name, rrset->type, &text, &place)) {
        struct da_finding *finding = check_name_add(name, DA_FINDING_UNDETERMINED, rrset->type, NULL);
        finding->place = place;
        check_say(finding, "%s", text);
        return;
    }
    if (!is_missing)
        return;
    enum check_filter filter = check_filtered(name, rrset);
    if (filter != CHECK_FILTER_NONE)
        report_filtered(name, rrset, filter);
    if (filter != CHECK_FILTER_SEEN)
        report_missing(name, rrset);
}

void check_addresses(const struct check_name *name)
{
    for (size_t i = 0; i < CHECK_RRSETS; i++) {
        check_found(name, &name->rrsets[i]);
        check_missing(name, &name->rrsets[i]);
    }
}
