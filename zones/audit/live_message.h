/* live_message.h - DNS messages (RFC 1035 section 4): questions written, replies read. Private to the live sources.
 *
 * What comes from a server is hostile until it was read: every function here ends, and stays within the message,
 * whatever the octets are. Names and rdata are taken apart by ldns. */
#ifndef DA_LIVE_MESSAGE_H
#define DA_LIVE_MESSAGE_H

#include "audit/collection.h"
#include "error.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_MESSAGE_MAX    65535 /* octets */
#define DA_MESSAGE_HEADER 12
#define DA_QUERY_MAX      1024 /* octets of any question that we send, signature included */
#define DA_UDP_SIZE       1232 /* octets of a reply that EDNS offers: fits every path (DNS flag day 2020) */

#define DA_TYPE_TSIG 250
#define DA_TYPE_AXFR 252

#define DA_FLAG_QR 0x8000
#define DA_FLAG_AA 0x0400
#define DA_FLAG_TC 0x0200
#define DA_OPCODE  0x7800

/* Response codes (RFC 1035, 2136) that decide something. */
enum { DA_RCODE_NOERROR = 0, DA_RCODE_FORMERR = 1, DA_RCODE_NXDOMAIN = 3, DA_RCODE_NOTIMP = 4, DA_RCODE_BADVERS = 16 };

struct da_question {
    struct da_name name;
    uint16_t type; /* class IN always */
};

/* Writes a question, RD clear. Returns its octets. */
size_t da_query_write(uint16_t id, const struct da_question *question, bool with_edns,
                      uint8_t wire[static DA_QUERY_MAX]);

/* A reply. It points into the octets it was opened on. */
struct da_message {
    const uint8_t *wire;
    size_t length;
    uint16_t id;
    uint16_t flags;
    uint16_t question_count;
    size_t records; /* offset of the first record */
};

/* Reads the header, and passes over the questions. False where it is no reply, or ends within them. */
bool da_message_open(const uint8_t *wire, size_t length, struct da_message *message);

/* The same of a reply to an update (RFC 2136 section 3.8), in which the zone section is the question. */
bool da_message_open_update(const uint8_t *wire, size_t length, struct da_message *message);

/* True where it replies to exactly this question. */
bool da_message_is_reply_to(const struct da_message *message, const struct da_question *question);

/* The response code, that of EDNS included (RFC 6891 section 6.1.3). DA_OK or DA_ERR_SYNTAX, DA_ERR_MEMORY. */
enum da_status da_message_rcode(const struct da_message *message, unsigned *rcode);

/* "REFUSED", "SERVFAIL" …; "RCODE 4711" for what has no name. Returns text. */
#define DA_RCODE_TEXT_MAX 24
const char *da_rcode_text(unsigned rcode, char text[static DA_RCODE_TEXT_MAX]);

enum da_section { DA_SECTION_ANSWER = 1, DA_SECTION_AUTHORITY, DA_SECTION_ADDITIONAL, DA_SECTION_END };

/* A record, and where the next one is: start with a zeroed one. */
struct da_record {
    enum da_section section; /* DA_SECTION_END: there are no more, and nothing else is set */
    struct da_name owner;
    uint16_t type;
    uint16_t class;
    uint32_t ttl;
    size_t start; /* offset of its owner */
    size_t rdata; /* offset */
    uint16_t rdata_length;
    uint16_t left; /* private: records of the section behind it */
};

/* Goes to the next record. DA_OK, DA_ERR_SYNTAX where the octets are none, or DA_ERR_MEMORY. */
enum da_status da_message_next(const struct da_message *message, struct da_record *record);

/* Octets of uncompressed rdata of a type that collection.h wants: two names and five numbers of an SOA at most. */
#define DA_RDATA_MAX (2 * DA_NAME_MAX + 20)

/* Fills in found with owner, type, TTL and, for the types that collection.h names, rdata, written to the buffer; found
 * points into record and buffer. DA_OK, DA_ERR_SYNTAX where the rdata is not of its type, or DA_ERR_MEMORY. */
enum da_status da_message_found(const struct da_message *message, const struct da_record *record,
                                uint8_t rdata[static DA_RDATA_MAX], struct da_found *found);

#endif
