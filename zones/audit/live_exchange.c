#include "audit/live_exchange.h"

#include "audit/live_clock.h"
#include "audit/live_progress.h"
#include "audit/live_slots.h"
#include "audit/live_stream.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SENDS      3  /* over UDP */
#define STEPS      6  /* of a question's time: one for each sending over UDP, the other half for TCP */
#define TCP_WINDOW 16 /* small enough that both sides' buffers hold all of it */
#define TCP_TRIES  2  /* connections a question is tried on */

/* An exchange with one address. */
struct run {
    struct da_slots slots;
    const struct addrinfo *address;
    int step; /* milliseconds */
    int fd;
    bool refused; /* nobody seems to listen for UDP */
    struct da_progress progress;
};

static void show_progress(struct run *run)
{
    if (da_progress_is_due(&run->progress))
        da_progress_show(&run->progress, "dadns: %s: %zu of %zu questions", run->slots.exchange->title,
                         run->slots.replies + run->slots.lost, run->slots.exchange->count);
}

/* ---- UDP ---- */

/* What fails here is sent again when it is due. */
static void send_datagram(struct run *run, struct da_slot *slot)
{
    slot->tries++;
    slot->due = da_clock_ms() + run->step;
    if (send(run->fd, slot->wire, slot->length, MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED)
        run->refused = true;
}

static enum da_status handle_datagram(struct run *run, const uint8_t *wire, size_t length)
{
    struct da_message message;
    struct da_slot *slot;
    enum da_use use;

    enum da_status status = da_slots_judge(&run->slots, wire, length, &message, &slot, &use);
    if (status != DA_OK || use == DA_USE_IGNORE)
        return status;
    switch (use) {
    case DA_USE_TAKE:
        return da_slots_take(&run->slots, slot, &message);
    case DA_USE_REFUSED:
        return da_slots_lose(&run->slots, slot, "");
    case DA_USE_TRUNCATED:
        slot->truncated = true;
        return da_slots_leave(&run->slots, slot, 0);
    default:
        run->slots.with_edns = false;
        status = da_slots_write(&run->slots, slot);
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
            run->refused = true;
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
        struct da_slot *slot = &run->slots.slot[i];
        if (slot->index == DA_SLOT_FREE || slot->due > now)
            continue;
        if (slot->tries < SENDS)
            send_datagram(run, slot);
        else
            status = da_slots_leave(&run->slots, slot, 0);
    }
    return status;
}

/* A reply is proof to the contrary. */
static bool is_refused(const struct run *run)
{
    return run->refused && run->slots.replies == 0;
}

static enum da_status fill_window(struct run *run)
{
    enum da_status status = DA_OK;
    struct da_slot *slot;

    while (status == DA_OK && !is_refused(run) && run->slots.under_way < DA_EXCHANGE_WINDOW &&
           run->slots.next < run->slots.exchange->count) {
        if (run->slots.replies == 0 && run->slots.next >= DA_EXCHANGE_FIRST)
            break;
        const struct da_waiting what = {.index = run->slots.next};
        status = da_slots_begin(&run->slots, &what, &slot);
        if (status != DA_OK)
            break;
        run->slots.next++;
        send_datagram(run, slot);
    }
    return status;
}

static bool is_silent(const struct run *run)
{
    size_t first = run->slots.exchange->count < DA_EXCHANGE_FIRST ? run->slots.exchange->count : DA_EXCHANGE_FIRST;

    return is_refused(run) || (run->slots.replies == 0 && run->slots.waiting_count + run->slots.lost >= first);
}

/* A server that limits the rate of its replies drops some and truncates others, but not over TCP. */
static bool is_limited(const struct run *run)
{
    return run->slots.waiting_count >= DA_EXCHANGE_WINDOW && run->slots.waiting_count > run->slots.replies / 4;
}

static int until_due(const struct run *run)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < DA_EXCHANGE_WINDOW; i++)
        if (run->slots.slot[i].index != DA_SLOT_FREE && run->slots.slot[i].due < first)
            first = run->slots.slot[i].due;
    return da_clock_left(first);
}

static enum da_status ask_over_udp(struct run *run)
{
    enum da_status status = DA_OK;

    run->fd = socket(run->address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (run->fd < 0 || connect(run->fd, run->address->ai_addr, run->address->ai_addrlen) != 0)
        run->refused = true;
    while ((status = fill_window(run)) == DA_OK && run->slots.under_way > 0 && !is_silent(run) && !is_limited(run)) {
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
        if (run->slots.slot[i].index != DA_SLOT_FREE)
            status = da_slots_leave(&run->slots, &run->slots.slot[i], 0);
    if (run->fd >= 0)
        close(run->fd);
    return status;
}

/* ---- TCP ---- */

static int64_t tcp_deadline(const struct run *run)
{
    return da_clock_ms() + (int64_t)run->step * (STEPS - SENDS);
}

static enum da_status send_more(struct run *run, struct da_stream *stream)
{
    enum da_status status = DA_OK;
    struct da_waiting what;
    struct da_slot *slot;

    while (status == DA_OK && run->slots.under_way < TCP_WINDOW && da_slots_next(&run->slots, &what)) {
        status = da_slots_begin(&run->slots, &what, &slot);
        if (status == DA_OK)
            status = da_stream_send(stream, slot->wire, slot->length, tcp_deadline(run));
    }
    return status;
}

/* Over TCP nothing is forged from afar: what does not fit is the server's own fault, and final. */
static enum da_status handle_message(struct run *run, const uint8_t *wire, size_t length)
{
    struct da_message message;
    struct da_slot *slot;
    enum da_use use;

    enum da_status status = da_slots_judge(&run->slots, wire, length, &message, &slot, &use);
    if (status != DA_OK || slot == NULL)
        return status;
    if (use == DA_USE_TAKE) {
        status = da_slots_take(&run->slots, slot, &message);
        return status == DA_OK && slot->index != DA_SLOT_FREE ? da_slots_lose(&run->slots, slot, "malformed") : status;
    }
    if (use == DA_USE_WITHOUT_EDNS) {
        run->slots.with_edns = false;
        return da_slots_leave(&run->slots, slot, 0);
    }
    if (slot->fault == NULL)
        slot->fault = use == DA_USE_TRUNCATED ? "the reply is truncated even over TCP" : "the reply is malformed";
    return da_slots_lose(&run->slots, slot, "");
}

/* What the first dozen did not get, the others will not get either. */
static bool is_hopeless(const struct run *run)
{
    return run->slots.replies == 0 && run->slots.lost >= DA_EXCHANGE_FIRST;
}

/* Asks on one connection until all is answered or the connection fails, which the stream tells. Octets that come one by
 * one, and messages that reply to nothing, do not win a server more time. */
static enum da_status ask_on_stream(struct run *run, struct da_stream *stream)
{
    int64_t deadline = tcp_deadline(run);
    const uint8_t *wire;
    size_t length;
    enum da_status status = DA_OK;

    while (!is_hopeless(run) && (status = send_more(run, stream)) == DA_OK && run->slots.under_way > 0) {
        size_t under_way = run->slots.under_way;
        status = da_stream_receive(stream, run->step * (STEPS - SENDS), deadline, &wire, &length);
        if (status == DA_OK)
            status = handle_message(run, wire, length);
        if (status != DA_OK)
            break;
        if (run->slots.under_way < under_way)
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
        struct da_slot *slot = &run->slots.slot[i];
        if (slot->index == DA_SLOT_FREE)
            continue;
        unsigned tries = slot->tries + 1;
        status = useless || tries >= TCP_TRIES ? da_slots_lose(&run->slots, slot, fault)
                                               : da_slots_leave(&run->slots, slot, tries);
    }
    return status;
}

/* Gives up all that waits, and where nothing was answered yet that is enough of it to know. */
static enum da_status lose_waiting(struct run *run, const char *fault)
{
    enum da_status status = DA_OK;
    struct da_waiting what;
    struct da_slot *slot;

    while (status == DA_OK && (run->slots.replies > 0 || run->slots.lost == 0) && da_slots_next(&run->slots, &what)) {
        status = da_slots_begin(&run->slots, &what, &slot);
        if (status == DA_OK)
            status = da_slots_lose(&run->slots, slot, fault);
    }
    return status;
}

static enum da_status ask_over_tcp(struct run *run)
{
    enum da_status status = DA_OK;

    while (status == DA_OK && !is_hopeless(run) &&
           (run->slots.waiting_count > 0 || run->slots.next < run->slots.exchange->count)) {
        struct da_stream stream;
        size_t before = run->slots.replies + run->slots.lost;
        status = da_stream_open(&stream, run->address, tcp_deadline(run));
        if (status == DA_OK)
            status = ask_on_stream(run, &stream);
        bool useless = run->slots.replies + run->slots.lost == before;
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
    run->step = (int)run->slots.exchange->live->timeout * 1000 / STEPS;
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
        *run = (struct run){.address = at, .progress = {.out = exchange->live->progress}};
        da_slots_init(&run->slots, exchange);
        status = ask_address(run);
        replies = run->slots.replies;
        da_progress_end(&run->progress);
        memcpy(failure, run->slots.failure, sizeof(run->slots.failure));
        da_slots_clear(&run->slots);
    }
    if (replies > 0)
        failure[0] = '\0';
    if (addresses != NULL)
        freeaddrinfo(addresses);
    free(run);
    return status;
}
