#include "audit/live_exchange.h"

#include "audit/live_clock.h"
#include "audit/live_progress.h"
#include "audit/live_stream.h"
#include "audit/live_tsig.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SENDS      3  /* over UDP */
#define STEPS      6  /* of a question's time: one for each sending over UDP, the other half for TCP */
#define TCP_WINDOW 16 /* small enough that both sides' buffers hold all of it */
#define TCP_TRIES  2  /* connections a question is tried on */
#define FREE       SIZE_MAX

/* A question under way. */
struct slot {
    size_t index; /* FREE = none */
    struct da_question question;
    struct da_tsig_mac mac;
    const char *fault; /* what was wrong with a reply that did not count; NULL = none came */
    bool truncated;
    bool with_edns;
    uint16_t id;
    unsigned tries;
    int64_t due; /* when it is sent again, or given up */
    size_t length;
    uint8_t wire[DA_QUERY_MAX];
};

/* A question that waits for TCP. */
struct waiting {
    size_t index;
    const char *fault;
    bool truncated;
    unsigned tries;
};

/* An exchange with one address. */
struct run {
    const struct da_exchange *exchange;
    const struct addrinfo *address;
    int step; /* milliseconds */
    int fd;
    bool with_edns;
    size_t next; /* the first question that was not asked yet */
    size_t under_way;
    struct slot slots[DA_EXCHANGE_WINDOW];
    struct waiting *waiting;
    size_t waiting_count, waiting_room;
    size_t replies, lost; /* questions */
    bool refused;         /* nobody listens for UDP */
    struct da_progress progress;
    char failure[DA_FAILURE_MAX]; /* of the last question without reply */
};

/* ---- questions ---- */

static bool is_free_id(const struct run *run, uint16_t id)
{
    for (size_t i = 0; i < DA_EXCHANGE_WINDOW; i++)
        if (run->slots[i].index != FREE && run->slots[i].id == id)
            return false;
    return true;
}

/* Writes the slot's question as a message with a new ID. */
static enum da_status write_question(struct run *run, struct slot *slot)
{
    uint16_t id;

    do {
        if (getrandom(&id, sizeof(id), 0) != sizeof(id))
            return DA_ERR_MEMORY;
    } while (!is_free_id(run, id));
    slot->id = id;
    slot->with_edns = run->with_edns;
    slot->length = da_query_write(id, &slot->question, slot->with_edns, slot->wire);
    const struct da_tsig_key *key = run->exchange->live->key;
    if (key != NULL)
        da_tsig_sign(key, slot->wire, &slot->length, &slot->mac);
    return DA_OK;
}

/* Puts a question into a free slot. */
static enum da_status begin(struct run *run, const struct waiting *what, struct slot **begun)
{
    struct slot *slot = run->slots;

    while (slot->index != FREE)
        slot++;
    run->exchange->question(run->exchange->arg, what->index, &slot->question);
    enum da_status status = write_question(run, slot);
    if (status != DA_OK)
        return status;
    slot->index = what->index;
    slot->fault = what->fault;
    slot->truncated = what->truncated;
    slot->tries = what->tries;
    run->under_way++;
    *begun = slot;
    return DA_OK;
}

static void end(struct run *run, struct slot *slot)
{
    slot->index = FREE;
    run->under_way--;
}

/* Leaves a question to TCP. */
static enum da_status wait_for_tcp(struct run *run, struct slot *slot)
{
    if (run->waiting_count == run->waiting_room) {
        size_t room = run->waiting_room > 0 ? 2 * run->waiting_room : DA_EXCHANGE_WINDOW;
        struct waiting *waiting = realloc(run->waiting, room * sizeof(*waiting));
        if (waiting == NULL)
            return DA_ERR_MEMORY;
        run->waiting = waiting;
        run->waiting_room = room;
    }
    run->waiting[run->waiting_count++] =
        (struct waiting){.index = slot->index, .fault = slot->fault, .truncated = slot->truncated};
    end(run, slot);
    return DA_OK;
}

static void show_progress(struct run *run)
{
    if (da_progress_is_due(&run->progress))
        da_progress_show(&run->progress, "dadns: %s: %zu of %zu questions", run->exchange->title,
                         run->replies + run->lost, run->exchange->count);
}

/* ---- replies ---- */

enum use { USE_IGNORE, USE_TAKE, USE_REFUSED, USE_TRUNCATED, USE_WITHOUT_EDNS };

static struct slot *find_slot(struct run *run, const struct da_message *message)
{
    for (size_t i = 0; i < DA_EXCHANGE_WINDOW; i++) {
        struct slot *slot = &run->slots[i];
        if (slot->index != FREE && slot->id == message->id)
            return slot;
    }
    return NULL;
}

/* Whether a server that knows no EDNS says so: RFC 6891 section 7. Such a reply may come without the question. */
static bool is_edns_fault(const struct slot *slot, const struct da_message *message)
{
    unsigned rcode = message->flags & 0xf;

    return slot->with_edns && (rcode == DA_RCODE_FORMERR || rcode == DA_RCODE_NOTIMP);
}

/* Decides what a message is to the question with its ID; what is ignored may be forged. */
static enum da_status judge(struct run *run, struct slot *slot, const struct da_message *message, enum use *use)
{
    const struct da_tsig_key *key = run->exchange->live->key;
    struct da_tsig_check check;

    *use = USE_IGNORE;
    if (is_edns_fault(slot, message)) {
        *use = USE_WITHOUT_EDNS;
        return DA_OK;
    }
    if (!da_message_is_reply_to(message, &slot->question))
        return DA_OK;
    if ((message->flags & DA_FLAG_TC) != 0) {
        *use = USE_TRUNCATED;
        return DA_OK;
    }
    *use = USE_TAKE;
    if (key == NULL)
        return DA_OK;
    da_tsig_check_begin(&check, key, &slot->mac);
    enum da_tsig_result result = da_tsig_check_next(&check, message, (int64_t)time(NULL));
    if (result == DA_TSIG_MEMORY)
        return DA_ERR_MEMORY;
    if (result == DA_TSIG_SIGNED)
        return DA_OK;
    slot->fault = check.text;
    *use = check.server_refuses ? USE_REFUSED : USE_IGNORE;
    return DA_OK;
}

static enum da_status take(struct run *run, struct slot *slot, const struct da_message *message)
{
    const struct da_exchange *exchange = run->exchange;
    const struct da_question question = slot->question;
    unsigned rcode;

    enum da_status status = da_message_rcode(message, &rcode);
    if (status == DA_ERR_MEMORY)
        return status;
    if (status != DA_OK) {
        slot->fault = "the reply is malformed";
        return DA_OK;
    }
    end(run, slot);
    run->replies++;
    run->refused = false;
    return exchange->reply(exchange->arg, &question, message, rcode);
}

/* Gives a question up. */
static enum da_status lose(struct run *run, struct slot *slot, const char *tcp_fault)
{
    const struct da_exchange *exchange = run->exchange;
    const struct da_question question = slot->question;

    if (slot->fault != NULL)
        snprintf(run->failure, sizeof(run->failure), "%s", slot->fault);
    else if (slot->truncated)
        snprintf(run->failure, sizeof(run->failure), "truncated, and over TCP: %s", tcp_fault);
    else if (run->replies > 0)
        snprintf(run->failure, sizeof(run->failure), "no reply within %u s", exchange->live->timeout);
    else
        snprintf(run->failure, sizeof(run->failure), "no reply over UDP, and over TCP: %s", tcp_fault);
    end(run, slot);
    run->lost++;
    return exchange->no_reply(exchange->arg, &question, run->failure);
}

/* ---- UDP ---- */

/* What fails here is sent again when it is due. */
static void send_datagram(struct run *run, struct slot *slot)
{
    slot->tries++;
    slot->due = da_clock_ms() + run->step;
    if (send(run->fd, slot->wire, slot->length, MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED)
        run->refused = run->replies == 0;
}

static enum da_status handle_datagram(struct run *run, const uint8_t *wire, size_t length)
{
    struct da_message message;
    enum use use;

    if (!da_message_open(wire, length, &message))
        return DA_OK;
    struct slot *slot = find_slot(run, &message);
    if (slot == NULL)
        return DA_OK;
    enum da_status status = judge(run, slot, &message, &use);
    if (status != DA_OK || use == USE_IGNORE)
        return status;
    switch (use) {
    case USE_TAKE:
        return take(run, slot, &message);
    case USE_REFUSED:
        return lose(run, slot, "");
    case USE_TRUNCATED:
        slot->truncated = true;
        return wait_for_tcp(run, slot);
    default:
        run->with_edns = false;
        status = write_question(run, slot);
        if (status == DA_OK)
            send_datagram(run, slot);
        return status;
    }
}

/* Reads all that is there. */
static enum da_status receive_datagrams(struct run *run)
{
    uint8_t wire[4096]; /* more than was offered */
    enum da_status status = DA_OK;

    while (status == DA_OK) {
        ssize_t length = recv(run->fd, wire, sizeof(wire), 0);
        if (length >= 0)
            status = handle_datagram(run, wire, (size_t)length);
        else if (errno == ECONNREFUSED)
            run->refused = run->replies == 0;
        else if (errno != EINTR)
            break;
    }
    return status;
}

/* Sends again, or gives up, what is due. */
static enum da_status look_at_clock(struct run *run)
{
    int64_t now = da_clock_ms();
    enum da_status status = DA_OK;

    for (size_t i = 0; i < DA_EXCHANGE_WINDOW && status == DA_OK; i++) {
        struct slot *slot = &run->slots[i];
        if (slot->index == FREE || slot->due > now)
            continue;
        if (slot->tries < SENDS)
            send_datagram(run, slot);
        else
            status = wait_for_tcp(run, slot);
    }
    return status;
}

static enum da_status fill_window(struct run *run)
{
    enum da_status status = DA_OK;
    struct slot *slot;

    while (status == DA_OK && !run->refused && run->under_way < DA_EXCHANGE_WINDOW &&
           run->next < run->exchange->count) {
        if (run->replies == 0 && run->next >= DA_EXCHANGE_FIRST)
            break;
        const struct waiting what = {.index = run->next};
        status = begin(run, &what, &slot);
        if (status != DA_OK)
            break;
        run->next++;
        send_datagram(run, slot);
    }
    return status;
}

static bool is_silent(const struct run *run)
{
    size_t first = run->exchange->count < DA_EXCHANGE_FIRST ? run->exchange->count : DA_EXCHANGE_FIRST;

    return run->replies == 0 && (run->refused || run->waiting_count + run->lost >= first);
}

/* A server that limits the rate of its replies drops some and truncates others, but not over TCP. */
static bool is_limited(const struct run *run)
{
    return run->waiting_count >= DA_EXCHANGE_WINDOW && run->waiting_count > run->replies / 4;
}

static int until_due(const struct run *run)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < DA_EXCHANGE_WINDOW; i++)
        if (run->slots[i].index != FREE && run->slots[i].due < first)
            first = run->slots[i].due;
    return da_clock_left(first);
}

static enum da_status ask_over_udp(struct run *run)
{
    enum da_status status = DA_OK;

    run->fd = socket(run->address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (run->fd < 0 || connect(run->fd, run->address->ai_addr, run->address->ai_addrlen) != 0)
        run->refused = true;
    while ((status = fill_window(run)) == DA_OK && run->under_way > 0 && !is_silent(run) && !is_limited(run)) {
        struct pollfd wanted = {.fd = run->fd, .events = POLLIN};
        if (poll(&wanted, 1, until_due(run)) > 0)
            status = receive_datagrams(run);
        if (status == DA_OK)
            status = look_at_clock(run);
        if (status != DA_OK)
            break;
        show_progress(run);
    }
    for (size_t i = 0; i < DA_EXCHANGE_WINDOW && status == DA_OK; i++)
        if (run->slots[i].index != FREE)
            status = wait_for_tcp(run, &run->slots[i]);
    if (run->fd >= 0)
        close(run->fd);
    return status;
}

/* ---- TCP ---- */

static int64_t tcp_deadline(const struct run *run)
{
    return da_clock_ms() + (int64_t)run->step * (STEPS - SENDS);
}

/* The next question for TCP: one that waits, or one that was not asked at all. */
static bool next_waiting(struct run *run, struct waiting *what)
{
    if (run->waiting_count > 0) {
        *what = run->waiting[--run->waiting_count];
        return true;
    }
    if (run->next == run->exchange->count)
        return false;
    *what = (struct waiting){.index = run->next++};
    return true;
}

static enum da_status send_more(struct run *run, struct da_stream *stream)
{
    enum da_status status = DA_OK;
    struct waiting what;
    struct slot *slot;

    while (status == DA_OK && run->under_way < TCP_WINDOW && next_waiting(run, &what)) {
        status = begin(run, &what, &slot);
        if (status == DA_OK)
            status = da_stream_send(stream, slot->wire, slot->length, tcp_deadline(run));
    }
    return status;
}

/* Over TCP nothing is forged from afar: what does not fit is the server's own fault, and final. */
static enum da_status handle_message(struct run *run, const uint8_t *wire, size_t length)
{
    struct da_message message;
    enum use use;

    if (!da_message_open(wire, length, &message))
        return DA_OK;
    struct slot *slot = find_slot(run, &message);
    if (slot == NULL)
        return DA_OK;
    enum da_status status = judge(run, slot, &message, &use);
    if (status != DA_OK)
        return status;
    if (use == USE_TAKE) {
        status = take(run, slot, &message);
        return status == DA_OK && slot->index != FREE ? lose(run, slot, "malformed") : status;
    }
    if (use == USE_WITHOUT_EDNS) {
        run->with_edns = false;
        return wait_for_tcp(run, slot);
    }
    if (slot->fault == NULL)
        slot->fault = use == USE_TRUNCATED ? "the reply is truncated even over TCP" : "the reply is malformed";
    return lose(run, slot, "");
}

/* What the first dozen did not get, the others will not get either. */
static bool is_hopeless(const struct run *run)
{
    return run->replies == 0 && run->lost >= DA_EXCHANGE_FIRST;
}

/* Asks on one connection until all is answered or the connection fails, which the stream tells. Octets that come one by
 * one, and messages that reply to nothing, do not win a server more time. */
static enum da_status ask_on_stream(struct run *run, struct da_stream *stream)
{
    int64_t deadline = tcp_deadline(run);
    const uint8_t *wire;
    size_t length;
    enum da_status status = DA_OK;

    while (!is_hopeless(run) && (status = send_more(run, stream)) == DA_OK && run->under_way > 0) {
        size_t under_way = run->under_way;
        status = da_stream_receive(stream, run->step * (STEPS - SENDS), deadline, &wire, &length);
        if (status == DA_OK)
            status = handle_message(run, wire, length);
        if (status != DA_OK)
            break;
        if (run->under_way < under_way)
            deadline = tcp_deadline(run);
        show_progress(run);
    }
    return status;
}

/* After a connection has failed: its questions are tried once more, unless none of them was answered on it. */
static enum da_status recover(struct run *run, const char *fault, bool useless)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; i < DA_EXCHANGE_WINDOW && status == DA_OK; i++) {
        struct slot *slot = &run->slots[i];
        if (slot->index == FREE)
            continue;
        unsigned tries = slot->tries + 1;
        if (useless || tries >= TCP_TRIES) {
            status = lose(run, slot, fault);
        } else {
            status = wait_for_tcp(run, slot);
            if (status == DA_OK)
                run->waiting[run->waiting_count - 1].tries = tries;
        }
    }
    return status;
}

/* Gives up all that waits, and where nothing was answered yet that is enough of it to know. */
static enum da_status lose_waiting(struct run *run, const char *fault)
{
    enum da_status status = DA_OK;
    struct waiting what;
    struct slot *slot;

    while (status == DA_OK && (run->replies > 0 || run->lost == 0) && next_waiting(run, &what)) {
        status = begin(run, &what, &slot);
        if (status == DA_OK)
            status = lose(run, slot, fault);
    }
    return status;
}

static enum da_status ask_over_tcp(struct run *run)
{
    enum da_status status = DA_OK;

    while (status == DA_OK && !is_hopeless(run) && (run->waiting_count > 0 || run->next < run->exchange->count)) {
        struct da_stream stream;
        size_t before = run->replies + run->lost;
        status = da_stream_open(&stream, run->address, tcp_deadline(run));
        if (status == DA_OK)
            status = ask_on_stream(run, &stream);
        bool useless = run->replies + run->lost == before;
        if (status == DA_ERR_IO)
            status = recover(run, stream.fault, useless);
        if (status == DA_OK && useless)
            status = lose_waiting(run, stream.fault);
        da_stream_close(&stream);
        if (useless)
            break;
    }
    return status;
}

/* ---- all of it ---- */

static enum da_status ask_address(struct run *run)
{
    run->step = (int)run->exchange->live->timeout * 1000 / STEPS;
    run->with_edns = true;
    for (size_t i = 0; i < DA_EXCHANGE_WINDOW; i++)
        run->slots[i].index = FREE;
    enum da_status status = ask_over_udp(run);
    return status == DA_OK ? ask_over_tcp(run) : status;
}

enum da_status da_exchange_run(const struct da_exchange *exchange, const struct da_endpoint *endpoint,
                               char failure[static DA_FAILURE_MAX])
{
    struct addrinfo *addresses = NULL;
    struct run *run = calloc(1, sizeof(*run));
    enum da_status status = DA_OK;
    size_t replies = 0;

    failure[0] = '\0';
    if (run == NULL)
        return DA_ERR_MEMORY;
    const char *why = da_endpoint_look_up(endpoint, SOCK_DGRAM, &addresses);
    if (why != NULL)
        snprintf(failure, DA_FAILURE_MAX, "no address is known: %s", why);
    for (const struct addrinfo *at = addresses; at != NULL && status == DA_OK && replies == 0; at = at->ai_next) {
        *run = (struct run){.exchange = exchange, .address = at, .progress = {.out = exchange->live->progress}};
        status = ask_address(run);
        replies = run->replies;
        da_progress_end(&run->progress);
        free(run->waiting);
        memcpy(failure, run->failure, sizeof(run->failure));
    }
    if (replies > 0)
        failure[0] = '\0';
    if (addresses != NULL)
        freeaddrinfo(addresses);
    free(run);
    return status;
}
