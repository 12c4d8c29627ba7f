/* sender.h - updates sent to a server, and its replies (RFC 2136 section 3.8).
 *
 * Updates go over TCP, so that none is done twice because a datagram was lost, and of any size. The connection is kept
 * from one update to the next. A reply counts where it is to this update and, where there is a key, is rightly signed;
 * without one, nobody knows whether the update was done: the server has to be asked. */
#ifndef DA_RESTORE_SENDER_H
#define DA_RESTORE_SENDER_H

#include "audit/live.h"
#include "audit/live_endpoint.h"
#include "audit/live_stream.h"
#include "error.h"

#include <ldns/ldns.h>
#include <stdbool.h>

/* Response codes (RFC 2136 section 2.2) that decide something. */
enum {
    DA_RCODE_SERVFAIL = 2,
    DA_RCODE_REFUSED = 5,
    DA_RCODE_YXRRSET = 7,
    DA_RCODE_NOTAUTH = 9,
    DA_RCODE_NOTZONE = 10,
};

struct da_sender {
    const struct da_live *live;
    const struct da_endpoint *server; /* an address */
    struct da_stream stream;          /* private */
    bool is_open;                     /* private */
};

/* What came of an update. */
struct da_sent {
    bool replied;   /* rcode is set */
    unsigned rcode; /* what the server says */
    char text[160]; /* why there is no reply that counts, or what is to be said of the reply beside rcode; may be "" */
};

/* Nothing is connected yet. live and server are borrowed. */
void da_sender_begin(struct da_sender *sender, const struct da_live *live, const struct da_endpoint *server);
void da_sender_end(struct da_sender *sender);

/* Sends an update and waits for the reply. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_sender_send(struct da_sender *sender, ldns_pkt *update, struct da_sent *sent);

/* Writes an update as a message with that ID: DA_MESSAGE_MAX octets, of which some are left for a signature. Returns
 * DA_OK or DA_ERR_MEMORY. */
enum da_status da_sender_write(ldns_pkt *update, uint16_t id, uint8_t *wire, size_t *length);

#endif
