/* live_slots.h - the questions of an exchange: those under way, those that wait for TCP, and what a message is to them.
 * Private to the live sources.
 *
 * It sends and receives nothing, and knows of time only where it tells why a question is lost. */
#ifndef DA_LIVE_SLOTS_H
#define DA_LIVE_SLOTS_H

#include "audit/live_exchange.h"
#include "audit/live_tsig.h"

#define DA_SLOT_FREE SIZE_MAX

/* A question under way. */
struct da_slot {
    size_t index; /* DA_SLOT_FREE = none */
    struct da_question question;
    struct da_tsig_mac mac;
    const char *fault; /* what was wrong with a reply that did not count; NULL = none came */
    bool truncated;
    bool with_edns;
    uint16_t id;
    unsigned tries; /* the transport's: datagrams it was sent in, or connections it was tried on before */
    int64_t due;    /* the transport's: when it is sent again, or given up */
    size_t length;
    uint8_t wire[DA_QUERY_MAX];
};

/* A question that waits: what is kept of it from one transport to the next. */
struct da_waiting {
    size_t index;
    const char *fault;
    bool truncated;
    unsigned tries;
};

struct da_slots {
    const struct da_exchange *exchange;
    bool with_edns; /* false once the server has shown that it knows none */
    size_t next;    /* the first question that was not asked yet */
    size_t under_way;
    struct da_slot slot[DA_EXCHANGE_WINDOW];
    struct da_waiting *waiting;
    size_t waiting_count, waiting_room;
    size_t replies, lost;         /* questions */
    char failure[DA_FAILURE_MAX]; /* of the last question lost; "" = none was */
};

/* Cleared with da_slots_clear(). */
void da_slots_init(struct da_slots *slots, const struct da_exchange *exchange);
void da_slots_clear(struct da_slots *slots);

/* The next question to ask: one that waits, or one that was not asked at all. False where there is none. */
bool da_slots_next(struct da_slots *slots, struct da_waiting *what);

/* Puts a question into a slot, of which one must be free, as a message to send. DA_OK or DA_ERR_MEMORY. */
enum da_status da_slots_begin(struct da_slots *slots, const struct da_waiting *what, struct da_slot **begun);

/* Writes the slot's question anew: with a new ID, and with EDNS where the server knows it. DA_OK or DA_ERR_MEMORY. */
enum da_status da_slots_write(struct da_slots *slots, struct da_slot *slot);

/* What a message is to the question with its ID. */
enum da_use {
    DA_USE_IGNORE, /* it may be forged; the slot's fault is set where its signature is wrong */
    DA_USE_TAKE,
    DA_USE_REFUSED, /* the server refuses the signature; the slot's fault tells why */
    DA_USE_TRUNCATED,
    DA_USE_WITHOUT_EDNS, /* the server knows no EDNS */
};

/* Opens a message, finds its slot and judges it. slot: NULL = it replies to nothing that is under way. DA_OK or
 * DA_ERR_MEMORY. */
enum da_status da_slots_judge(struct da_slots *slots, const uint8_t *wire, size_t length, struct da_message *message,
                              struct da_slot **slot, enum da_use *use);

/* Each of these frees a slot.
 *
 * take   tells the exchange of the reply; where that is malformed the slot stays, with its fault set
 * lose   tells the exchange that there is none. tcp_fault: why TCP gave none, for a slot without a fault of its own
 * leave  lets the question wait for TCP; tries: connections that it was tried on
 * Returns DA_OK, DA_ERR_MEMORY, or what the exchange's callback did. */
enum da_status da_slots_take(struct da_slots *slots, struct da_slot *slot, const struct da_message *message);
enum da_status da_slots_lose(struct da_slots *slots, struct da_slot *slot, const char *tcp_fault);
enum da_status da_slots_leave(struct da_slots *slots, struct da_slot *slot, unsigned tries);

#endif
