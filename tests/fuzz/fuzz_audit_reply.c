/* What servers reply, for libFuzzer: whatever the octets are, reading them ends and stays within them, signatures made
 * up are not taken for right ones, and what comes of it keeps the promises of zones/audit/collection.h. */
#include "audit/live_reply.h"
#include "audit/live_tsig.h"
#include "fuzz_names.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char yaml[] = "suffixes: [a.b]\n" FUZZ_ENTRY_POINT;

/* isatap.a.b, of one of the types asked for. */
static struct da_question question_of(uint8_t octet)
{
    static const uint8_t wire[] = "\x06isatap\x01"
                                  "a\x01"
                                  "b";
    static const uint16_t types[] = {DA_TYPE_A, DA_TYPE_AAAA, DA_TYPE_SOA};
    struct da_question question = {.name = {.length = sizeof(wire)}, .type = types[octet % 3]};

    memcpy(question.name.wire, wire, sizeof(wire));
    return question;
}

/* The key's secret is in no input, so that nothing can be signed rightly. */
static void check_signature(const struct da_message *message, int64_t now)
{
    static const uint8_t name[] = "\x03key";
    struct da_tsig_key key = {.name = {.length = sizeof(name)},
                              .algorithm = da_tsig_algorithm("hmac-sha256"),
                              .secret_length = 16,
                              .secret = "0123456789abcdef"};
    struct da_tsig_mac mac = {.length = 32};
    struct da_tsig_check check;

    memcpy(key.name.wire, name, sizeof(name));
    da_tsig_check_begin(&check, &key, &mac);
    enum da_tsig_result result = da_tsig_check_next(&check, message, now);
    promise(result != DA_TSIG_SIGNED);
    promise(result != DA_TSIG_WRONG || check.text != NULL);
}

static void read_reply(struct da_collection *collection, const uint8_t *wire, size_t length, uint8_t choice)
{
    struct da_question question = question_of(choice);
    struct da_message message;
    char text[DA_RCODE_TEXT_MAX];
    unsigned rcode;

    if (!da_message_open(wire, length, &message))
        return;
    da_message_is_reply_to(&message, &question);
    if (da_message_rcode(&message, &rcode) != DA_OK)
        return;
    promise(strlen(da_rcode_text(rcode, text)) > 0);
    check_signature(&message, choice);
    if ((choice & 0x80) != 0)
        promise(da_reply_of_resolver(collection, &question, &message, rcode) == DA_OK);
    else
        promise(da_reply_of_server(collection, &question, &message, rcode) == DA_OK);
}

static void check_collection(struct da_collection *collection)
{
    da_collection_finish(collection);
    for (size_t i = 0; i < collection->record_count; i++) {
        const struct da_found *found = &collection->records[i];
        promise(da_names_interest(collection->names, found->owner->wire) != 0);
        promise(found->aging == DA_AGING_UNKNOWN);
        promise(found->type != DA_TYPE_A || found->rdata_length == 4);
        promise(found->type != DA_TYPE_AAAA || found->rdata_length == 16);
    }
    for (size_t i = 0; i < collection->reply_count; i++)
        promise(collection->replies[i].outcome <= DA_OUTCOME_FAILED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct da_collection *collection = NULL;

    if (size < 1)
        return 0;
    promise(da_collection_new(DA_SOURCE_SERVER, "192.0.2.1", fuzz_names(yaml, NULL), &collection) == DA_OK);
    read_reply(collection, data + 1, size - 1, data[0]);
    check_collection(collection);
    da_collection_free(collection);
    return 0;
}
