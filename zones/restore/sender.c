#include "restore/sender.h"

#include "audit/live_clock.h"
#include "audit/live_message.h"
#include "audit/live_tsig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define SIGNATURE_MAX 512 /* octets of a TSIG record: two names, at most 64 octets of HMAC, and 26 of the rest */

/* An update under way. */
struct message {
    uint16_t id;
    struct da_question zone;
    struct da_tsig_mac mac;
    size_t length;
    uint8_t wire[DA_MESSAGE_MAX];
};

void da_sender_begin(struct da_sender *sender, const struct da_live *live, const struct da_endpoint *server)
{
    *sender = (struct da_sender){.live = live, .server = server};
}

void da_sender_end(struct da_sender *sender)
{
    if (sender->is_open)
        da_stream_close(&sender->stream);
    sender->is_open = false;
}

static int64_t deadline(const struct da_sender *sender)
{
    return da_clock_ms() + (int64_t)sender->live->timeout * 1000;
}

/* ---- the message ---- */

enum da_status da_sender_write(ldns_pkt *update, uint16_t id, uint8_t *wire, size_t *length)
{
    uint8_t *made = NULL;

    ldns_pkt_set_id(update, id);
    if (ldns_pkt2wire(&made, update, length) != LDNS_STATUS_OK || made == NULL)
        return DA_ERR_MEMORY;
    bool fits = *length <= DA_MESSAGE_MAX - SIGNATURE_MAX; /* deployment.h limits the largest RRset to a third of it */
    if (fits)
        memcpy(wire, made, *length);
    free(made);
    return fits ? DA_OK : DA_ERR_MEMORY;
}

static enum da_status write_message(const struct da_sender *sender, ldns_pkt *update, struct message *message)
{
    const ldns_rdf *zone = ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(update), 0));

    if (getrandom(&message->id, sizeof(message->id), 0) != sizeof(message->id))
        return DA_ERR_MEMORY;
    message->zone = (struct da_question){.name.length = (uint8_t)ldns_rdf_size(zone), .type = DA_TYPE_SOA};
    memcpy(message->zone.name.wire, ldns_rdf_data(zone), ldns_rdf_size(zone));
    enum da_status status = da_sender_write(update, message->id, message->wire, &message->length);
    if (status == DA_OK && sender->live->key != NULL)
        da_tsig_sign(sender->live->key, message->wire, &message->length, &message->mac);
    return status;
}

/* ---- the reply ---- */

static void no_reply(struct da_sent *sent, const char *before, const char *why)
{
    snprintf(sent->text, sizeof(sent->text), "%s%s", before, why);
}

/* The zone section may be left out of a reply (section 3.8). */
static bool is_reply(const struct message *message, const struct da_message *reply)
{
    return reply->id == message->id && (reply->question_count == 0 || da_message_is_reply_to(reply, &message->zone));
}

/* Checks the signature. A server that refuses ours, or knows none at all, cannot sign what it says of that: nothing but
 * a failure follows from it. */
static enum da_status check_signature(const struct da_sender *sender, const struct message *message,
                                      const struct da_message *reply, struct da_sent *sent)
{
    struct da_tsig_check check;

    da_tsig_check_begin(&check, sender->live->key, &message->mac);
    enum da_tsig_result result = da_tsig_check_next(&check, reply, (int64_t)time(NULL));
    if (result == DA_TSIG_MEMORY)
        return DA_ERR_MEMORY;
    if (result == DA_TSIG_SIGNED)
        return DA_OK;
    sent->replied = sent->rcode != DA_RCODE_NOERROR;
    no_reply(sent, "", check.text);
    return DA_OK;
}

static enum da_status judge(const struct da_sender *sender, const struct message *message,
                            const struct da_message *reply, struct da_sent *sent)
{
    enum da_status status = da_message_rcode(reply, &sent->rcode);

    if (status == DA_ERR_SYNTAX) {
        no_reply(sent, "", "the reply is malformed");
        return DA_OK;
    }
    sent->replied = status == DA_OK;
    return status == DA_OK && sender->live->key != NULL ? check_signature(sender, message, reply, sent) : status;
}

/* Waits for the reply. Other messages do not win the server more time. */
static enum da_status receive(struct da_sender *sender, const struct message *message, struct da_sent *sent)
{
    const int64_t until = deadline(sender);
    const int silence = (int)sender->live->timeout * 1000;
    struct da_message reply;
    const uint8_t *wire;
    size_t length;

    for (;;) {
        enum da_status status = da_stream_receive(&sender->stream, silence, until, &wire, &length);
        if (status == DA_ERR_IO)
            no_reply(sent, "no reply: ", sender->stream.fault);
        if (status != DA_OK)
            return status == DA_ERR_IO ? DA_OK : status;
        if (da_message_open_update(wire, length, &reply) && is_reply(message, &reply))
            return judge(sender, message, &reply, sent);
    }
}

/* ---- sending ---- */

static enum da_status connect_to(struct da_sender *sender)
{
    struct addrinfo *address;

    const char *why = da_endpoint_look_up(sender->server, SOCK_STREAM, &address);
    if (why != NULL) {
        snprintf(sender->stream.fault, sizeof(sender->stream.fault), "%s", why);
        return DA_ERR_IO;
    }
    enum da_status status = da_stream_open(&sender->stream, address, deadline(sender));
    sender->is_open = true; /* to be closed, whatever came of it */
    freeaddrinfo(address);
    return status;
}

static enum da_status exchange(struct da_sender *sender, const struct message *message, struct da_sent *sent)
{
    enum da_status status = sender->is_open ? DA_OK : connect_to(sender);

    if (status == DA_ERR_IO)
        no_reply(sent, "no connection: ", sender->stream.fault);
    if (status != DA_OK)
        return status == DA_ERR_IO ? DA_OK : status;
    if (da_stream_send(&sender->stream, message->wire, message->length, deadline(sender)) == DA_OK)
        return receive(sender, message, sent);
    no_reply(sent, "it could not be sent: ", sender->stream.fault);
    return DA_OK;
}

enum da_status da_sender_send(struct da_sender *sender, ldns_pkt *update, struct da_sent *sent)
{
    struct message *message = calloc(1, sizeof(*message));

    *sent = (struct da_sent){0};
    if (message == NULL)
        return DA_ERR_MEMORY;
    enum da_status status = write_message(sender, update, message);
    if (status == DA_OK)
        status = exchange(sender, message, sent);
    if (!sent->replied)
        da_sender_end(sender);
    free(message);
    return status;
}
