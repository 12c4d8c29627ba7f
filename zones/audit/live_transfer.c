/* Transfers are read here message by message: ldns_axfr_next() of ldns 1.8 checks no signature, no ID, and not how the
 * transfer ends. */
#include "audit/live_clock.h"
#include "audit/live_exchange.h"
#include "audit/live_progress.h"
#include "audit/live_stream.h"
#include "audit/live_tsig.h"
#include "record_set.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define SOA_NUMBERS 20 /* octets at the end of an SOA's rdata, of which the first four are the serial */
#define MEGABYTE    1000000

/* ---- one transfer ---- */

struct transfer {
    const struct da_live *live;
    const char *server;
    const struct da_endpoint *endpoint;
    struct da_name zone;
    char zone_text[DA_NAME_TEXT_MAX];
    struct da_collection *into; /* what came: thrown away where the transfer fails */
    uint16_t id;
    struct da_stream stream;
    struct da_tsig_check check;
    unsigned soas; /* at the apex: one at the beginning, one at the end */
    uint32_t serial;
    uint64_t records, octets;
    struct da_progress progress;
    char failure[DA_FAILURE_MAX];
};

static enum da_status fail(struct transfer *transfer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Returns DA_ERR_IO: the transfer failed, failure tells why. */
static enum da_status fail(struct transfer *transfer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(transfer->failure, sizeof(transfer->failure), format, args);
    va_end(args);
    return DA_ERR_IO;
}

static uint32_t serial_of(const struct da_found *soa)
{
    const uint8_t *at = soa->rdata + soa->rdata_length - SOA_NUMBERS;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Looks at an SOA of the apex. */
static enum da_status take_soa(struct transfer *transfer, const struct da_found *soa)
{
    if (soa->rdata_length < SOA_NUMBERS + 2)
        return fail(transfer, "the SOA is malformed");
    if (transfer->soas++ == 0)
        transfer->serial = serial_of(soa);
    else if (serial_of(soa) != transfer->serial)
        return fail(transfer, "it begins with serial %u and ends with %u", transfer->serial, serial_of(soa));
    return DA_OK;
}

static enum da_status take_record(struct transfer *transfer, const struct da_message *message,
                                  const struct da_record *record)
{
    bool is_soa = record->type == DA_TYPE_SOA && da_name_equal(record->owner.wire, transfer->zone.wire);
    uint8_t rdata[DA_RDATA_MAX];
    struct da_found found;

    if (transfer->soas == 2)
        return fail(transfer, "records come behind the SOA that ends it");
    if (transfer->records++ == 0 && !is_soa)
        return fail(transfer, "it does not begin with the zone's SOA");
    /* What is outside the zone says nothing: RFC 5936 section 3.5. */
    if (record->class != DA_CLASS_IN || !da_name_is_below(&record->owner, &transfer->zone))
        return DA_OK;
    if (!is_soa && da_names_interest(transfer->into->names, record->owner.wire) == 0)
        return DA_OK;
    enum da_status status = da_message_found(message, record, rdata, &found);
    if (status == DA_OK && is_soa)
        status = take_soa(transfer, &found);
    return status == DA_OK ? da_collection_add(transfer->into, &found) : status;
}

/* Checks that a message belongs to the transfer. Questions may be left out behind the first message: RFC 5936 section
 * 2.2.1. */
static enum da_status check_message(struct transfer *transfer, const struct da_message *message, bool *is_signed)
{
    const struct da_question question = {.name = transfer->zone, .type = DA_TYPE_AXFR};
    unsigned rcode = message->flags & 0xf;
    enum da_tsig_result result = DA_TSIG_SIGNED;
    char text[DA_RCODE_TEXT_MAX];

    if (message->id != transfer->id)
        return fail(transfer, "a message has another ID");
    if (message->question_count > 0 && !da_message_is_reply_to(message, &question))
        return fail(transfer, "a message replies to another question");
    if (transfer->live->key != NULL)
        result = da_tsig_check_next(&transfer->check, message, (int64_t)time(NULL));
    *is_signed = result == DA_TSIG_SIGNED;
    if (result == DA_TSIG_MEMORY)
        return DA_ERR_MEMORY;
    if (rcode != DA_RCODE_NOERROR && !transfer->check.server_refuses)
        return fail(transfer, "%s", da_rcode_text(rcode, text));
    return result == DA_TSIG_WRONG ? fail(transfer, "%s", transfer->check.text) : DA_OK;
}

static enum da_status take_message(struct transfer *transfer, const uint8_t *wire, size_t length)
{
    struct da_message message;
    struct da_record record = {0};
    bool is_signed = false;

    if (!da_message_open(wire, length, &message))
        return fail(transfer, "a message is malformed");
    enum da_status status = check_message(transfer, &message, &is_signed);
    if (status != DA_OK)
        return status;
    while ((status = da_message_next(&message, &record)) == DA_OK && record.section == DA_SECTION_ANSWER) {
        status = take_record(transfer, &message, &record);
        if (status != DA_OK)
            break;
    }
    if (status == DA_ERR_SYNTAX)
        return fail(transfer, "a message is malformed");
    if (status == DA_OK && transfer->records == 0)
        return fail(transfer, "the reply is empty");
    if (status == DA_OK && transfer->soas == 2 && !is_signed)
        return fail(transfer, "the last message is not signed");
    return status;
}

static enum da_status send_question(struct transfer *transfer)
{
    const struct da_tsig_key *key = transfer->live->key;
    const struct da_question question = {.name = transfer->zone, .type = DA_TYPE_AXFR};
    uint8_t wire[DA_QUERY_MAX];
    struct da_tsig_mac mac;
    enum da_status status = DA_OK;

    if (getrandom(&transfer->id, sizeof(transfer->id), 0) != sizeof(transfer->id))
        return DA_ERR_MEMORY;
    size_t length = da_query_write(transfer->id, &question, false, wire);
    if (key != NULL) {
        da_tsig_sign(key, wire, &length, &mac);
        da_tsig_check_begin(&transfer->check, key, &mac);
    }
    if (status == DA_OK &&
        da_stream_send(&transfer->stream, wire, length, da_clock_ms() + transfer->live->timeout * 1000LL) != DA_OK)
        status = fail(transfer, "%s", transfer->stream.fault);
    return status;
}

/* Reads to the end of the transfer. */
static enum da_status receive(struct transfer *transfer)
{
    const int silence = (int)transfer->live->timeout * 1000;
    const uint8_t *wire;
    size_t length;

    while (transfer->soas < 2) {
        if (da_stream_receive(&transfer->stream, silence, DA_STREAM_NO_DEADLINE, &wire, &length) != DA_OK)
            return fail(transfer, "%s%s", transfer->records > 0 ? "it broke off: " : "", transfer->stream.fault);
        transfer->octets += length;
        enum da_status status = take_message(transfer, wire, length);
        if (status != DA_OK)
            return status;
        if (da_progress_is_due(&transfer->progress))
            da_progress_show(&transfer->progress, "dadns: %s: %s: %llu records, %llu MB", transfer->server,
                             transfer->zone_text, (unsigned long long)transfer->records,
                             (unsigned long long)(transfer->octets / MEGABYTE));
    }
    return DA_OK;
}

/* Connects to the first address that takes the connection. */
static enum da_status connect_to(struct transfer *transfer)
{
    struct addrinfo *addresses;
    enum da_status status = DA_ERR_IO;

    const char *why = da_endpoint_look_up(transfer->endpoint, SOCK_STREAM, &addresses);
    if (why != NULL)
        return fail(transfer, "no address is known: %s", why);
    for (const struct addrinfo *at = addresses; at != NULL && status == DA_ERR_IO; at = at->ai_next) {
        da_stream_close(&transfer->stream);
        status = da_stream_open(&transfer->stream, at, da_clock_ms() + transfer->live->timeout * 1000LL);
    }
    freeaddrinfo(addresses);
    return status == DA_ERR_IO ? fail(transfer, "no connection: %s", transfer->stream.fault) : status;
}

/* Returns DA_OK, DA_ERR_IO with failure set, or DA_ERR_MEMORY. */
static enum da_status run_transfer(struct transfer *transfer)
{
    enum da_status status = connect_to(transfer);

    if (status == DA_OK)
        status = send_question(transfer);
    if (status == DA_OK)
        status = receive(transfer);
    da_progress_end(&transfer->progress);
    da_stream_close(&transfer->stream);
    return status;
}

/* Adds what a whole transfer brought. */
static enum da_status keep(struct da_collection *collection, struct da_collection *came)
{
    enum da_status status = DA_OK;

    da_collection_finish(came);
    for (size_t i = 0; i < came->record_count && status == DA_OK; i++)
        status = da_collection_add(collection, &came->records[i]);
    for (size_t i = 0; i < came->doubt_count && status == DA_OK; i++)
        status = da_collection_doubt(collection, &came->doubts[i]);
    return status;
}

/* Transfers one zone. Returns DA_OK, DA_ERR_IO with failure set, or DA_ERR_MEMORY. */
static enum da_status transfer_zone(const struct da_live *live, const struct da_endpoint *endpoint,
                                    struct da_collection *collection, const struct da_name *zone,
                                    char failure[static DA_FAILURE_MAX])
{
    struct transfer transfer = {.live = live,
                                .server = collection->title,
                                .endpoint = endpoint,
                                .zone = *zone,
                                .stream = {.fd = -1},
                                .progress = {.out = live->progress}};

    da_name_to_text(zone, transfer.zone_text);
    enum da_status status = da_collection_new(DA_SOURCE_TRANSFER, "", collection->names, &transfer.into);
    if (status == DA_OK)
        status = run_transfer(&transfer);
    if (status == DA_OK)
        status = keep(collection, transfer.into);
    da_collection_free(transfer.into);
    snprintf(failure, DA_FAILURE_MAX, "transfer of %.80s: %.90s", transfer.zone_text, transfer.failure);
    return status;
}

/* ---- which zones ---- */

/* The zones that the suffixes are in. */
struct zones {
    const struct da_names *names;
    struct da_name *apexes;   /* of each suffix; length 0 = not known */
    char why[DA_FAILURE_MAX]; /* the last one of those is not known */
};

static void give_question(void *arg, size_t index, struct da_question *question)
{
    const struct zones *zones = arg;
    *question = (struct da_question){.name = zones->names->set->suffixes[index], .type = DA_TYPE_SOA};
}

/* Looks for the SOA at or above the suffix: in the answer, else in the authority section. */
static enum da_status take_reply(void *arg, const struct da_question *question, const struct da_message *message,
                                 unsigned rcode)
{
    struct zones *zones = arg;
    struct da_record record = {0};
    char text[DA_RCODE_TEXT_MAX], name[DA_NAME_TEXT_MAX];
    enum da_status status;

    while ((status = da_message_next(message, &record)) == DA_OK && record.section < DA_SECTION_ADDITIONAL) {
        if (record.type == DA_TYPE_SOA && record.class == DA_CLASS_IN &&
            da_name_is_below(&question->name, &record.owner)) {
            zones->apexes[da_names_suffix(zones->names, question->name.wire)] = record.owner;
            return DA_OK;
        }
    }
    if (rcode == DA_RCODE_NOERROR || rcode == DA_RCODE_NXDOMAIN)
        snprintf(text, sizeof(text), "no SOA");
    else
        da_rcode_text(rcode, text);
    snprintf(zones->why, sizeof(zones->why), "zone of %.80s: %s", da_name_to_text(&question->name, name), text);
    return status == DA_ERR_MEMORY ? status : DA_OK;
}

static enum da_status take_no_reply(void *arg, const struct da_question *question, const char *why)
{
    struct zones *zones = arg;
    char name[DA_NAME_TEXT_MAX];

    snprintf(zones->why, sizeof(zones->why), "zone of %.60s: %.80s", da_name_to_text(&question->name, name), why);
    return DA_OK;
}

static int compare_apexes(const void *a, const void *b)
{
    return da_name_compare(((const struct da_name *)a)->wire, ((const struct da_name *)b)->wire);
}

/* Sorts the zones so that each is there once. Returns how many there are. */
static size_t make_unique(struct da_name *apexes, size_t count)
{
    size_t known = 0, kept = 0;

    for (size_t i = 0; i < count; i++)
        if (apexes[i].length > 0)
            apexes[known++] = apexes[i];
    qsort(apexes, known, sizeof(*apexes), compare_apexes);
    for (size_t i = 0; i < known; i++)
        if (kept == 0 || compare_apexes(&apexes[kept - 1], &apexes[i]) != 0)
            apexes[kept++] = apexes[i];
    return kept;
}

/* Asks the server which zones there are. count is 0 where it told none, and the collection has failed. */
static enum da_status find_zones(const struct da_live *live, const struct da_endpoint *endpoint,
                                 struct da_collection *collection, struct da_name *apexes, size_t *count)
{
    struct zones zones = {.names = collection->names, .apexes = apexes};
    const size_t suffix_count = collection->names->set->suffix_count;
    const struct da_exchange exchange = {.live = live,
                                         .title = collection->title,
                                         .count = suffix_count,
                                         .question = give_question,
                                         .reply = take_reply,
                                         .no_reply = take_no_reply,
                                         .arg = &zones};
    char failure[DA_FAILURE_MAX];

    enum da_status status = da_exchange_run(&exchange, endpoint, failure);
    *count = make_unique(apexes, suffix_count);
    if (status == DA_OK && *count == 0)
        da_collection_fail(collection, "%s", failure[0] != '\0' ? failure : zones.why);
    return status;
}

/* Transfers zones. Where one of several fails, what would be said of absent records is doubtful. */
static enum da_status transfer_zones(const struct da_live *live, const struct da_endpoint *endpoint,
                                     struct da_collection *collection, const struct da_name *apexes, size_t count)
{
    char failure[DA_FAILURE_MAX], first[DA_FAILURE_MAX] = "";
    enum da_status status = DA_OK;
    size_t failed = 0;

    for (size_t i = 0; i < count && status == DA_OK; i++) {
        status = transfer_zone(live, endpoint, collection, &apexes[i], failure);
        if (status != DA_ERR_IO)
            continue;
        status = DA_OK;
        if (failed++ == 0)
            memcpy(first, failure, sizeof(first));
    }
    if (status == DA_OK && failed > 0 && failed == count)
        da_collection_fail(collection, "%s", first);
    else if (status == DA_OK && failed > 0)
        status = da_collection_doubt_all(collection, &(struct da_place){0}, first);
    return status;
}

enum da_status da_transfer_collect(const struct da_live *live, struct da_collection *collection)
{
    struct da_endpoint endpoint;
    size_t count = 1;

    if (!da_endpoint_parse(collection->title, &endpoint)) {
        da_collection_fail(collection, "it is no ADDRESS, ADDRESS@PORT, NAME or NAME@PORT");
        return DA_OK;
    }
    if (collection->origin.length > 0)
        return transfer_zones(live, &endpoint, collection, &collection->origin, count);
    struct da_name *apexes = calloc(collection->names->set->suffix_count, sizeof(*apexes));
    if (apexes == NULL)
        return DA_ERR_MEMORY;
    enum da_status status = find_zones(live, &endpoint, collection, apexes, &count);
    if (status == DA_OK)
        status = transfer_zones(live, &endpoint, collection, apexes, count);
    free(apexes);
    return status;
}
