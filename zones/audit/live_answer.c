#include "audit/live_answer.h"

#include "record_set.h"

#include <string.h>

#define ALIASES_MAX 16 /* of a chain: as many as resolvers follow, and some more */

enum da_status da_answer_next(const struct da_message *message, const struct da_name *owner, uint16_t type,
                              struct da_record *record, bool *found)
{
    enum da_status status;

    *found = false;
    while ((status = da_message_next(message, record)) == DA_OK && record->section == DA_SECTION_ANSWER) {
        *found = record->type == type && record->class == DA_CLASS_IN && da_name_equal(record->owner.wire, owner->wire);
        if (*found)
            break;
    }
    return status;
}

enum da_status da_answer_follow(const struct da_message *message, struct da_name *at, struct da_record *first,
                                size_t *count)
{
    uint8_t rdata[DA_RDATA_MAX];
    struct da_found alias;
    bool found = true;

    for (*count = 0; found && *count < ALIASES_MAX; *count += found) {
        struct da_record record = {0};
        enum da_status status = da_answer_next(message, at, DA_TYPE_CNAME, &record, &found);
        if (status == DA_OK && found)
            status = da_message_found(message, &record, rdata, &alias);
        if (status != DA_OK)
            return status;
        if (found && *count == 0)
            *first = record;
        if (found) {
            at->length = (uint8_t)alias.rdata_length;
            memcpy(at->wire, alias.rdata, alias.rdata_length);
        }
    }
    return DA_OK;
}
