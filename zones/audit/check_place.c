/* Where a name stands in a source: coverage, cuts, wildcards, doubts. */
#include "audit/check.h"

#include <string.h>
#include <strings.h>

/* False at the root. */
static bool cut_label(struct da_name *name)
{
    uint8_t length = (uint8_t)(1 + name->wire[0]);

    if (name->length == 1)
        return false;
    name->length = (uint8_t)(name->length - length);
    memmove(name->wire, name->wire + length, name->length);
    return true;
}

static const struct da_found *first_of(const struct da_collection *collection, const struct da_name *name,
                                       uint16_t type)
{
    size_t count;
    return da_collection_find(collection, name, type, &count);
}

void check_suffix_look(const struct da_collection *collection, const struct da_name *suffix, struct check_suffix *at)
{
    struct da_name name = *suffix;
    const struct da_found *found;

    at->collection = collection;
    at->suffix = suffix;
    at->has_apex = da_collection_is_contents(collection) && da_collection_apex(collection, suffix, &at->apex);
    at->delegation = at->dname = NULL;
    if (!at->has_apex)
        return;
    /* The topmost cut is where a server turns to others, so later ones replace earlier. */
    for (bool below = true; below; cut_label(&name)) {
        below = name.length > at->apex.length;
        if (below && (found = first_of(collection, &name, DA_TYPE_NS)) != NULL)
            at->delegation = found;
        if ((found = first_of(collection, &name, DA_TYPE_DNAME)) != NULL)
            at->dname = found;
    }
}

bool check_has_labels(const struct da_collection *collection, const struct da_name *suffix)
{
    const struct da_names *names = collection->names;
    struct da_name name;

    for (size_t i = 0; i < names->label_count; i++)
        if (da_name_prepend(names->labels[i].text, suffix, &name) == DA_OK && first_of(collection, &name, 0) != NULL)
            return true;
    return false;
}

bool da_covers(const struct da_collection *collection, const struct da_name *suffix)
{
    struct check_suffix at;

    if (collection->failed)
        return false;
    if (!da_collection_is_contents(collection))
        return true;
    check_suffix_look(collection, suffix, &at);
    return (at.has_apex && at.delegation == NULL) || check_has_labels(collection, suffix);
}

/* The suffix that the name is in front of, or the name itself. */
static const struct da_name *suffix_of(const struct da_names *names, const struct da_name *name)
{
    size_t index = da_names_suffix(names, name->wire);
    return index == SIZE_MAX ? name : &names->set->suffixes[index];
}

enum da_presence da_presence_of(const struct da_collection *collection, const struct da_name *name, uint16_t type)
{
    size_t count;

    if (collection->failed)
        return DA_PRESENCE_NOT_COVERED;
    if (da_collection_find(collection, name, type, &count) != NULL)
        return DA_PRESENCE_RECORDS;
    if (da_collection_is_contents(collection)) {
        if (!da_covers(collection, suffix_of(collection->names, name)))
            return DA_PRESENCE_NOT_COVERED;
        return da_collection_doubt_of(collection, name) != NULL ? DA_PRESENCE_UNDETERMINED : DA_PRESENCE_ABSENT;
    }
    const struct da_reply *reply = da_collection_reply_to(collection, name, type);
    if (reply == NULL)
        return DA_PRESENCE_NOT_COVERED;
    return reply->outcome == DA_OUTCOME_FAILED ? DA_PRESENCE_UNDETERMINED : DA_PRESENCE_ABSENT;
}

const struct da_label *da_names_label_of(const struct da_names *names, const struct da_name *owner)
{
    if ((da_names_interest(names, owner->wire) & DA_INTEREST_LABEL) == 0)
        return NULL;
    for (size_t i = 0; i < names->label_count; i++) {
        const char *text = names->labels[i].text;
        if (strlen(text) == owner->wire[0] && strncasecmp((const char *)owner->wire + 1, text, owner->wire[0]) == 0)
            return &names->labels[i];
    }
    return NULL;
}

bool check_is_unsure(const struct check_suffix *at, const struct da_name *name, uint16_t type, const char **text,
                     struct da_place *place)
{
    *place = (struct da_place){0};
    if (da_collection_is_contents(at->collection)) {
        const struct da_doubt *doubt = da_collection_doubt_of(at->collection, name);
        if (doubt == NULL)
            return false;
        *text = doubt->text;
        *place = doubt->place;
        return true;
    }
    const struct da_reply *reply = da_collection_reply_to(at->collection, name, type);
    if (reply != NULL && reply->outcome != DA_OUTCOME_FAILED)
        return false;
    *text = reply != NULL ? reply->text : "it was not asked for";
    return true;
}

/* True where a record at or below the name was found, so that the name exists. */
static bool is_known(const struct da_collection *collection, const struct da_name *name)
{
    size_t from = 0, to = collection->record_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (da_name_compare(collection->records[middle].owner->wire, name->wire) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from < collection->record_count && da_name_is_below(collection->records[from].owner, name);
}

const struct da_found *check_wildcard(const struct check_suffix *at, const struct da_name *name, size_t *count,
                                      bool *sure)
{
    struct da_name encloser = *name, wildcard;

    *sure = true;
    *count = 0;
    if (is_known(at->collection, name))
        return NULL;
    while (cut_label(&encloser)) {
        const struct da_found *found = NULL;
        if (da_name_prepend("*", &encloser, &wildcard) == DA_OK)
            found = da_collection_find(at->collection, &wildcard, 0, count);
        if (found != NULL)
            return found;
        bool is_top = encloser.length <= (at->has_apex ? at->apex.length : at->suffix->length);
        if (is_top || is_known(at->collection, &encloser))
            return NULL;
        *sure = false;
    }
    return NULL;
}

bool check_is_wildcard(const struct check_suffix *at, const struct da_found *found)
{
    struct da_name wildcard;
    size_t count;

    if (found->rdata_length == 0 || at->suffix == NULL || da_name_prepend("*", at->suffix, &wildcard) != DA_OK)
        return false;
    const struct da_found *records = da_collection_find(at->collection, &wildcard, found->type, &count);
    for (size_t i = 0; i < count; i++)
        if (records[i].rdata_length == found->rdata_length &&
            memcmp(records[i].rdata, found->rdata, found->rdata_length) == 0)
            return true;
    return false;
}

struct da_finding *check_add_cut(const struct check_suffix *at, size_t rank, const struct da_name *name,
                                 enum da_finding_code code, const struct da_found *cut)
{
    bool is_own = da_name_equal(cut->owner->wire, name->wire);
    struct da_finding *finding = check_add(at, rank, name, code, 0, is_own ? cut : NULL);
    char text[DA_NAME_TEXT_MAX];

    finding->place = cut->place;
    if (!is_own)
        check_say(finding, "%s at %s", cut->type == DA_TYPE_NS ? "NS" : "DNAME", check_text(cut->owner, text));
    return finding;
}

void check_say_covered(struct da_finding *finding, const struct check_suffix *at, const struct da_found *wildcard,
                       bool sure)
{
    char owner[DA_NAME_TEXT_MAX], suffix[DA_NAME_TEXT_MAX];

    check_text(wildcard->owner, owner);
    if (sure)
        check_say(finding, "from %s", owner);
    else
        check_say(finding, "from %s, unless %s has names that an audit does not look at", owner,
                  check_text(at->suffix, suffix));
}

void check_say_made(struct da_finding *finding, const struct check_suffix *at)
{
    char text[DA_NAME_TEXT_MAX];
    check_say(finding, "*.%s has the same", check_text(at->suffix, text));
}
