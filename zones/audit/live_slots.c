#include "audit/live_slots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

void da_slots_init(struct da_slots *slots, const struct da_exchange *exchange)
{
    memset(slots, 0, sizeof(*slots));
    slots->exchange = exchange;
    slots->with_edns = true;
    for (size_t i = 0; i < DA_EXCHANGE_WINDOW; i++)
        slots->slot[i].index = DA_SLOT_FREE;
}

void da_slots_clear(struct da_slots *slots)
{
    free(slots->waiting);
    memset(slots, 0, sizeof(*slots));
}

/* ---- questions ---- */

bool da_slots_next(struct da_slots *slots, struct da_waiting *what)
{
    if (slots->waiting_count > 0) {
        *what = slots->waiting[--slots->waiting_count];
        return true;
    }
    if (slots->next == slots->exchange->count)
        return false;
    *what = (struct da_waiting){.index = slots->next++};
    return true;
}

static bool is_free_id(const struct da_slots *slots, uint16_t id)
{
    for (size_t i = 0; i < DA_EXCHANGE_WINDOW; i++)
        if (slots->slot[i].index != DA_SLOT_FREE && slots->slot[i].id == id)
            return false;
    return true;
}

enum da_status da_slots_write(struct da_slots *slots, struct da_slot *slot)
{
    uint16_t id;

    do {
        if (getrandom(&id, sizeof(id), 0) != sizeof(id))
            return DA_ERR_MEMORY;
    } while (!is_free_id(slots, id));
    slot->id = id;
    slot->with_edns = slots->with_edns;
    slot->length = da_query_write(id, &slot->question, slot->with_edns, slot->wire);
    const struct da_tsig_key *key = slots->exchange->live->key;
    if (key != NULL)
        da_tsig_sign(key, slot->wire, &slot->length, &slot->mac);
    return DA_OK;
}

enum da_status da_slots_begin(struct da_slots *slots, const struct da_waiting *what, struct da_slot **begun)
{
    struct da_slot *slot = slots->slot;

    while (slot->index != DA_SLOT_FREE)
        slot++;
    slots->exchange->question(slots->exchange->arg, what->index, &slot->question);
    enum da_status status = da_slots_write(slots, slot);
    if (status != DA_OK)
        return status;
    slot->index = what->index;
    slot->fault = what->fault;
    slot->truncated = what->truncated;
    slot->tries = what->tries;
    slots->under_way++;
    *begun = slot;
    return DA_OK;
}

static void end(struct da_slots *slots, struct da_slot *slot)
{
    slot->index = DA_SLOT_FREE;
    slots->under_way--;
}

enum da_status da_slots_leave(struct da_slots *slots, struct da_slot *slot, unsigned tries)
{
    if (slots->waiting_count == slots->waiting_room) {
        size_t room = slots->waiting_room > 0 ? 2 * slots->waiting_room : DA_EXCHANGE_WINDOW;
        struct da_waiting *waiting = realloc(slots->waiting, room * sizeof(*waiting));
        if (waiting == NULL)
            return DA_ERR_MEMORY;
        slots->waiting = waiting;
        slots->waiting_room = room;
    }
    slots->waiting[slots->waiting_count++] =
        (struct da_waiting){.index = slot->index, .fault = slot->fault, .truncated = slot->truncated, .tries = tries};
    end(slots, slot);
    return DA_OK;
}

/* ---- replies ---- */

static struct da_slot *find_slot(struct da_slots *slots, const struct da_message *message)
{
    for (size_t i = 0; i < DA_EXCHANGE_WINDOW; i++) {
        struct da_slot *slot = &slots->slot[i];
        if (slot->index != DA_SLOT_FREE && slot->id == message->id)
            return slot;
    }
    return NULL;
}

/* Whether a server that knows no EDNS says so: RFC 6891 section 7. Such a reply may come without the question. */
static bool is_edns_fault(const struct da_slot *slot, const struct da_message *message)
{
    unsigned rcode = message->flags & 0xf;

    return slot->with_edns && (rcode == DA_RCODE_FORMERR || rcode == DA_RCODE_NOTIMP);
}

/* Decides what a message is to the question with its ID; what is ignored may be forged. */
static enum da_status judge(struct da_slots *slots, struct da_slot *slot, const struct da_message *message,
                            enum da_use *use)
{
    const struct da_tsig_key *key = slots->exchange->live->key;
    struct da_tsig_check check;

    *use = DA_USE_IGNORE;
    if (is_edns_fault(slot, message)) {
        *use = DA_USE_WITHOUT_EDNS;
        return DA_OK;
    }
    if (!da_message_is_reply_to(message, &slot->question))
        return DA_OK;
    if ((message->flags & DA_FLAG_TC) != 0) {
        *use = DA_USE_TRUNCATED;
        return DA_OK;
    }
    *use = DA_USE_TAKE;
    if (key == NULL)
        return DA_OK;
    da_tsig_check_begin(&check, key, &slot->mac);
    enum da_tsig_result result = da_tsig_check_next(&check, message, (int64_t)time(NULL));
    if (result == DA_TSIG_MEMORY)
        return DA_ERR_MEMORY;
    if (result == DA_TSIG_SIGNED)
        return DA_OK;
    slot->fault = check.text;
    *use = check.server_refuses ? DA_USE_REFUSED : DA_USE_IGNORE;
    return DA_OK;
}

enum da_status da_slots_judge(struct da_slots *slots, const uint8_t *wire, size_t length, struct da_message *message,
                              struct da_slot **slot, enum da_use *use)
{
    *use = DA_USE_IGNORE;
    *slot = da_message_open(wire, length, message) ? find_slot(slots, message) : NULL;
    return *slot != NULL ? judge(slots, *slot, message, use) : DA_OK;
}

enum da_status da_slots_take(struct da_slots *slots, struct da_slot *slot, const struct da_message *message)
{
    const struct da_exchange *exchange = slots->exchange;
    const struct da_question question = slot->question;
    unsigned rcode;

    enum da_status status = da_message_rcode(message, &rcode);
    if (status == DA_ERR_MEMORY)
        return status;
    if (status != DA_OK) {
        slot->fault = "the reply is malformed";
        return DA_OK;
    }
    end(slots, slot);
    slots->replies++;
    return exchange->reply(exchange->arg, &question, message, rcode);
}

enum da_status da_slots_lose(struct da_slots *slots, struct da_slot *slot, const char *tcp_fault)
{
    const struct da_exchange *exchange = slots->exchange;
    const struct da_question question = slot->question;

    if (slot->fault != NULL)
        snprintf(slots->failure, sizeof(slots->failure), "%s", slot->fault);
    else if (slot->truncated)
        snprintf(slots->failure, sizeof(slots->failure), "truncated, and over TCP: %s", tcp_fault);
    else if (slots->replies > 0)
        snprintf(slots->failure, sizeof(slots->failure), "no reply within %u s", exchange->live->timeout);
    else
        snprintf(slots->failure, sizeof(slots->failure), "no reply over UDP, and over TCP: %s", tcp_fault);
    end(slots, slot);
    slots->lost++;
    return exchange->no_reply(exchange->arg, &question, slots->failure);
}
