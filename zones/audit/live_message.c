#include "audit/live_message.h"

#include "record_set.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <string.h>

#define TYPE_OPT      41
#define OPCODE_UPDATE (5U << 11) /* RFC 2136 section 1.3, where DA_OPCODE is */

static uint16_t get16(const uint8_t *octets)
{
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

static void put16(uint8_t *octets, unsigned value)
{
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
}

/* ---- questions ---- */

size_t da_query_write(uint16_t id, const struct da_question *question, bool with_edns,
                      uint8_t wire[static DA_QUERY_MAX])
{
    uint8_t *out = wire + DA_MESSAGE_HEADER;

    memset(wire, 0, DA_MESSAGE_HEADER);
    put16(wire, id);
    put16(wire + 4, 1);
    put16(wire + 10, with_edns);
    memcpy(out, question->name.wire, question->name.length);
    out += question->name.length;
    put16(out, question->type);
    put16(out + 2, DA_CLASS_IN);
    out += 4;
    if (with_edns) { /* the root, OPT, the size, and seven octets of zero: RFC 6891 section 6.1.2 */
        memset(out, 0, 11);
        put16(out + 1, TYPE_OPT);
        put16(out + 3, DA_UDP_SIZE);
        out += 11;
    }
    return (size_t)(out - wire);
}

/* ---- replies ---- */

/* Reads the name at an offset, which moves behind it. */
static enum da_status read_name(const struct da_message *message, size_t *at, struct da_name *name)
{
    ldns_rdf *rdf = NULL;

    ldns_status status = ldns_wire2dname(&rdf, message->wire, message->length, at);
    if (status == LDNS_STATUS_MEM_ERR)
        return DA_ERR_MEMORY;
    if (status != LDNS_STATUS_OK || *at > message->length)
        return DA_ERR_SYNTAX;
    name->length = (uint8_t)ldns_rdf_size(rdf);
    memcpy(name->wire, ldns_rdf_data(rdf), name->length);
    ldns_rdf_deep_free(rdf);
    return DA_OK;
}

static bool open_reply(const uint8_t *wire, size_t length, unsigned opcode, struct da_message *message)
{
    struct da_name name;

    *message = (struct da_message){.wire = wire, .length = length, .records = DA_MESSAGE_HEADER};
    if (length < DA_MESSAGE_HEADER)
        return false;
    message->id = get16(wire);
    message->flags = get16(wire + 2);
    message->question_count = get16(wire + 4);
    if ((message->flags & DA_FLAG_QR) == 0 || (message->flags & DA_OPCODE) != opcode)
        return false;
    for (unsigned i = 0; i < message->question_count; i++) {
        if (read_name(message, &message->records, &name) != DA_OK || length - message->records < 4)
            return false;
        message->records += 4;
    }
    return true;
}

bool da_message_open(const uint8_t *wire, size_t length, struct da_message *message)
{
    return open_reply(wire, length, 0, message);
}

bool da_message_open_update(const uint8_t *wire, size_t length, struct da_message *message)
{
    return open_reply(wire, length, OPCODE_UPDATE, message);
}

bool da_message_is_reply_to(const struct da_message *message, const struct da_question *question)
{
    size_t at = DA_MESSAGE_HEADER;
    struct da_name name;

    if (message->question_count != 1 || read_name(message, &at, &name) != DA_OK)
        return false;
    return da_name_equal(name.wire, question->name.wire) && get16(message->wire + at) == question->type &&
           get16(message->wire + at + 2) == DA_CLASS_IN;
}

enum da_status da_message_next(const struct da_message *message, struct da_record *record)
{
    size_t at = record->section == 0 ? message->records : record->rdata + record->rdata_length;

    while (record->section == 0 || record->left == 0) {
        if (++record->section == DA_SECTION_END)
            return DA_OK;
        record->left = get16(message->wire + 4 + (size_t)2 * record->section);
    }
    record->left--;
    record->start = at;
    enum da_status status = read_name(message, &at, &record->owner);
    if (status != DA_OK)
        return status;
    if (message->length - at < 10)
        return DA_ERR_SYNTAX;
    const uint8_t *fixed = message->wire + at;
    record->type = get16(fixed);
    record->class = get16(fixed + 2);
    record->ttl = (uint32_t)get16(fixed + 4) << 16 | get16(fixed + 6);
    record->rdata_length = get16(fixed + 8);
    record->rdata = at + 10;
    return message->length - record->rdata < record->rdata_length ? DA_ERR_SYNTAX : DA_OK;
}

enum da_status da_message_rcode(const struct da_message *message, unsigned *rcode)
{
    struct da_record record = {0};
    enum da_status status;

    *rcode = message->flags & 0xf;
    while ((status = da_message_next(message, &record)) == DA_OK && record.section != DA_SECTION_END)
        if (record.section == DA_SECTION_ADDITIONAL && record.type == TYPE_OPT)
            *rcode = (message->flags & 0xf) | record.ttl >> 24 << 4;
    return status;
}

const char *da_rcode_text(unsigned rcode, char text[static DA_RCODE_TEXT_MAX])
{
    const ldns_lookup_table *entry = ldns_lookup_by_id(ldns_rcodes, (int)rcode);

    if (rcode == DA_RCODE_BADVERS)
        snprintf(text, DA_RCODE_TEXT_MAX, "BADVERS");
    else if (entry != NULL)
        snprintf(text, DA_RCODE_TEXT_MAX, "%s", entry->name);
    else
        snprintf(text, DA_RCODE_TEXT_MAX, "RCODE %u", rcode);
    return text;
}

/* ---- records for collections ---- */

/* How many fields rdata of the type has. False: its rdata is not wanted. */
static bool is_known(uint16_t type, size_t *fields)
{
    *fields = type == DA_TYPE_SOA ? 7 : 1;
    return type == DA_TYPE_A || type == DA_TYPE_AAAA || type == DA_TYPE_SOA || type == DA_TYPE_NS ||
           type == DA_TYPE_CNAME || type == DA_TYPE_DNAME;
}

/* Writes the fields one behind the other. ldns has put as many into the record as it found. */
static bool copy_fields(const ldns_rr *rr, size_t fields, uint8_t *rdata, uint16_t *length)
{
    if (ldns_rr_rd_count(rr) != fields)
        return false;
    *length = 0;
    for (size_t i = 0; i < fields; i++) {
        const ldns_rdf *field = ldns_rr_rdf(rr, i);
        if (ldns_rdf_size(field) > (size_t)(DA_RDATA_MAX - *length))
            return false;
        memcpy(rdata + *length, ldns_rdf_data(field), ldns_rdf_size(field));
        *length = (uint16_t)(*length + ldns_rdf_size(field));
    }
    return true;
}

enum da_status da_message_found(const struct da_message *message, const struct da_record *record,
                                uint8_t rdata[static DA_RDATA_MAX], struct da_found *found)
{
    size_t at = record->start, fields;
    ldns_rr *rr = NULL;

    *found = (struct da_found){.owner = &record->owner, .type = record->type, .has_ttl = true, .ttl = record->ttl};
    if (!is_known(record->type, &fields))
        return DA_OK;
    ldns_status status = ldns_wire2rr(&rr, message->wire, message->length, &at, LDNS_SECTION_ANSWER);
    if (status != LDNS_STATUS_OK)
        return status == LDNS_STATUS_MEM_ERR ? DA_ERR_MEMORY : DA_ERR_SYNTAX;
    bool is_right = at == record->rdata + record->rdata_length && copy_fields(rr, fields, rdata, &found->rdata_length);
    ldns_rr_free(rr);
    found->rdata = rdata;
    return is_right ? DA_OK : DA_ERR_SYNTAX;
}
