#include "restore/need.h"

#include "audit/report_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void unknown(struct da_need *need, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void unknown(struct da_need *need, const char *format, ...)
{
    va_list args;

    need->kind = DA_NEED_UNKNOWN;
    va_start(args, format);
    vsnprintf(need->text, sizeof(need->text), format, args);
    va_end(args);
}

bool da_need_is_missing(const struct da_need *need, const struct da_rrset *rrset, size_t index)
{
    const uint8_t *address = rrset->rdata + index * rrset->rdata_length;

    for (size_t i = 0; i < need->found_count; i++)
        if (need->found[i].rdata_length == rrset->rdata_length &&
            memcmp(need->found[i].rdata, address, rrset->rdata_length) == 0)
            return false;
    return true;
}

bool da_need_is_wrong(const struct da_need *need, const struct da_rrset *rrset, size_t index)
{
    const struct da_found *found = &need->found[index];

    for (size_t i = 0; found->rdata_length == rrset->rdata_length && i < rrset->count; i++)
        if (memcmp(found->rdata, rrset->rdata + i * rrset->rdata_length, rrset->rdata_length) == 0)
            return false;
    return true;
}

static void compare(const struct da_record_set *set, const struct da_rrset *rrset, struct da_need *need)
{
    need->ttl = need->found_count > 0 && need->found[0].has_ttl ? need->found[0].ttl : set->ttl;
    for (size_t i = 0; i < rrset->count; i++)
        need->missing += da_need_is_missing(need, rrset, i);
    for (size_t i = 0; i < need->found_count; i++)
        need->wrong += da_need_is_wrong(need, rrset, i);
    need->kind = need->missing > 0 ? DA_NEED_ADDRESSES : DA_NEED_NOTHING;
}

void da_need_look(const struct da_collection *collection, const struct da_record_set *set,
                  const struct da_rrset_cursor *cursor, struct da_need *need)
{
    const struct da_reply *reply = da_collection_reply_to(collection, &cursor->name, cursor->rrset->type);
    char text[DA_NAME_TEXT_MAX];
    size_t aliases;

    *need = (struct da_need){0};
    const struct da_found *alias = da_collection_find(collection, &cursor->name, DA_TYPE_CNAME, &aliases);
    if (reply == NULL)
        unknown(need, "it was not asked for");
    else if (reply->outcome == DA_OUTCOME_FAILED)
        unknown(need, "%s", reply->text);
    else if (reply->outcome == DA_OUTCOME_REFERRAL)
        unknown(need, "the server has delegated %.120s to others", da_words_name(&reply->at, text));
    else if (!reply->authoritative)
        unknown(need, "the server is not authoritative for it");
    else if (alias != NULL)
        unknown(need, "it is an alias of %.120s, beside which nothing can be added", da_words_rdata(alias, text));
    if (need->kind == DA_NEED_UNKNOWN)
        return;
    need->found = da_collection_find(collection, &cursor->name, cursor->rrset->type, &need->found_count);
    if (need->found == NULL)
        need->found_count = 0;
    compare(set, cursor->rrset, need);
}

const char *da_need_find_zone(const struct da_collection *collection, const struct da_name *suffix,
                              struct da_name *zone)
{
    const struct da_reply *reply = da_collection_reply_to(collection, suffix, DA_TYPE_SOA);
    struct da_name name = *suffix;
    size_t count;

    if (reply == NULL)
        return "the zone was not asked for";
    if (reply->outcome == DA_OUTCOME_FAILED)
        return reply->text;
    if (reply->outcome == DA_OUTCOME_REFERRAL || !reply->authoritative)
        return "the server is not authoritative for the suffix";
    for (;;) {
        const struct da_found *soa = da_collection_find(collection, &name, DA_TYPE_SOA, &count);
        if (soa != NULL) {
            *zone = *soa->owner;
            return NULL;
        }
        uint8_t label = (uint8_t)(1 + name.wire[0]);
        if (name.length == 1)
            return "the server does not tell the zone's SOA";
        name.length = (uint8_t)(name.length - label);
        memmove(name.wire, name.wire + label, name.length);
    }
}
