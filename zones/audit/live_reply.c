#include "audit/live_reply.h"

#include "audit/live_answer.h"
#include "record_set.h"

#include <stdio.h>

enum da_status da_reply_failed(struct da_collection *collection, const struct da_question *question, const char *why)
{
    struct da_reply reply = {.name = question->name, .type = question->type, .outcome = DA_OUTCOME_FAILED};

    snprintf(reply.text, sizeof(reply.text), "%s", why);
    return da_collection_reply(collection, &reply);
}

/* Adds one record under an owner of the caller's choice. DA_ERR_SYNTAX where its rdata is not of its type. */
static enum da_status add(struct da_collection *collection, const struct da_message *message,
                          const struct da_record *record, const struct da_name *owner, bool has_ttl)
{
    uint8_t rdata[DA_RDATA_MAX];
    struct da_found found;

    enum da_status status = da_message_found(message, record, rdata, &found);
    if (status != DA_OK)
        return status;
    found.owner = owner;
    found.has_ttl = has_ttl;
    found.ttl = has_ttl ? found.ttl : 0;
    return da_collection_add(collection, &found);
}

static bool is_error(unsigned rcode)
{
    return rcode != DA_RCODE_NOERROR && rcode != DA_RCODE_NXDOMAIN;
}

static enum da_status add_error(struct da_collection *collection, const struct da_question *question, unsigned rcode)
{
    char text[DA_RCODE_TEXT_MAX];
    return da_reply_failed(collection, question, da_rcode_text(rcode, text));
}

/* ---- authoritative servers ---- */

/* What decides the outcome. */
struct seen {
    size_t answers;
    bool soa;                /* in the authority section */
    struct da_name referral; /* the owner of NS records there; length 0 = there are none */
};

/* Takes one record of a server's reply. */
static enum da_status see(struct da_collection *collection, const struct da_question *question,
                          const struct da_message *message, const struct da_record *record, struct seen *seen)
{
    bool is_authoritative = (message->flags & DA_FLAG_AA) != 0;
    bool is_owner = da_name_equal(record->owner.wire, question->name.wire);
    bool is_above = da_name_is_below(&question->name, &record->owner);

    if (record->class != DA_CLASS_IN)
        return DA_OK;
    if (record->section == DA_SECTION_ANSWER) {
        bool is_answer = is_owner && (record->type == question->type || record->type == DA_TYPE_CNAME);
        seen->answers += is_answer;
        if (is_answer || (record->type == DA_TYPE_DNAME && is_above))
            return add(collection, message, record, &record->owner, is_authoritative);
    }
    if (record->section == DA_SECTION_AUTHORITY && record->type == DA_TYPE_NS && is_above)
        seen->referral = record->owner;
    if (record->section == DA_SECTION_AUTHORITY && record->type == DA_TYPE_SOA && is_above) {
        seen->soa = true;
        if (question->type == DA_TYPE_SOA) /* of the zone that the suffix is in */
            return add(collection, message, record, &record->owner, false);
    }
    return DA_OK;
}

static enum da_status add_outcome(struct da_collection *collection, const struct da_question *question,
                                  const struct da_message *message, unsigned rcode, const struct seen *seen)
{
    struct da_reply reply = {.name = question->name,
                             .type = question->type,
                             .outcome = DA_OUTCOME_NODATA,
                             .authoritative = (message->flags & DA_FLAG_AA) != 0};

    if (seen->answers > 0) {
        reply.outcome = DA_OUTCOME_ANSWER;
    } else if (rcode == DA_RCODE_NXDOMAIN) {
        reply.outcome = DA_OUTCOME_NXDOMAIN;
    } else if (seen->referral.length > 0 && !seen->soa && !reply.authoritative) {
        if (seen->referral.length == 1)
            return da_reply_failed(collection, question, "it refers to the root servers");
        reply.outcome = DA_OUTCOME_REFERRAL;
        reply.at = seen->referral;
    }
    return da_collection_reply(collection, &reply);
}

enum da_status da_reply_of_server(struct da_collection *collection, const struct da_question *question,
                                  const struct da_message *message, unsigned rcode)
{
    struct da_record record = {0};
    struct seen seen = {0};
    enum da_status status;

    if (is_error(rcode))
        return add_error(collection, question, rcode);
    while ((status = da_message_next(message, &record)) == DA_OK && record.section < DA_SECTION_ADDITIONAL) {
        status = see(collection, question, message, &record, &seen);
        if (status != DA_OK)
            break;
    }
    if (status == DA_ERR_SYNTAX)
        return da_reply_failed(collection, question, "the reply is malformed");
    return status == DA_OK ? add_outcome(collection, question, message, rcode, &seen) : status;
}

/* ---- resolvers ---- */

/* Adds the records that an owner has in the answer section as those of the name asked for. */
static enum da_status add_answers(struct da_collection *collection, const struct da_question *question,
                                  const struct da_message *message, const struct da_name *owner, size_t *count)
{
    struct da_record record = {0};
    enum da_status status;
    bool found = true;

    while ((status = da_answer_next(message, owner, question->type, &record, &found)) == DA_OK && found) {
        status = add(collection, message, &record, &question->name, false);
        if (status != DA_OK)
            break;
        (*count)++;
    }
    return status;
}

enum da_status da_reply_of_resolver(struct da_collection *collection, const struct da_question *question,
                                    const struct da_message *message, unsigned rcode)
{
    struct da_reply reply = {.name = question->name, .type = question->type, .outcome = DA_OUTCOME_ANSWER};
    struct da_name owner = question->name;
    struct da_record alias;
    size_t count;

    if (is_error(rcode))
        return add_error(collection, question, rcode);
    enum da_status status = da_answer_follow(message, &owner, &alias, &count);
    if (status == DA_OK && count > 0)
        status = add(collection, message, &alias, &question->name, false);
    if (status == DA_OK)
        status = add_answers(collection, question, message, &owner, &count);
    if (status == DA_ERR_SYNTAX)
        return da_reply_failed(collection, question, "the reply is malformed");
    if (status != DA_OK)
        return status;
    if (count == 0)
        reply.outcome = rcode == DA_RCODE_NXDOMAIN ? DA_OUTCOME_NXDOMAIN : DA_OUTCOME_NODATA;
    return da_collection_reply(collection, &reply);
}
