#include "directory/directory_stream.h"

#include "audit/live_clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- connecting ---- */

/* Waits until the socket is ready. Returns 0 or an errno. A signal that was handled is no event. */
static int wait_for(int fd, short events, int64_t deadline)
{
    struct pollfd wanted = {.fd = fd, .events = events};
    int ready;

    while ((ready = poll(&wanted, 1, da_clock_left(deadline))) < 0 && errno == EINTR)
        ;
    if (ready < 0)
        return errno;
    return ready > 0 ? 0 : ETIMEDOUT;
}

/* Returns 0 or an errno. */
static int connect_to(struct da_directory_stream *stream, const struct addrinfo *address)
{
    const int on = 1;
    int refused = 0;
    socklen_t length = sizeof(refused);

    stream->fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (stream->fd < 0)
        return errno;
    if (connect(stream->fd, address->ai_addr, address->ai_addrlen) != 0) {
        if (errno != EINPROGRESS && errno != EINTR)
            return errno;
        refused = wait_for(stream->fd, POLLOUT, stream->deadline);
        if (refused == 0)
            getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &refused, &length);
    }
    setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return refused;
}

enum da_status da_directory_stream_open(struct da_directory_stream *stream, const struct da_directory_url *url,
                                        unsigned timeout, struct da_error *error)
{
    struct addrinfo *addresses;
    int fault = ECONNREFUSED;

    *stream = (struct da_directory_stream){.fd = -1, .timeout = timeout};
    const char *why = da_endpoint_look_up(&url->endpoint, SOCK_STREAM, &addresses);
    if (why != NULL)
        return da_error_set(error, DA_ERR_IO, NULL, "no address is known for %.100s: %s", url->endpoint.host, why);
    for (const struct addrinfo *at = addresses; at != NULL && fault != 0; at = at->ai_next) {
        da_directory_stream_close(stream);
        da_directory_stream_begin(stream);
        fault = connect_to(stream, at);
    }
    freeaddrinfo(addresses);
    if (fault == 0)
        return DA_OK;
    da_directory_stream_close(stream);
    return da_error_set(error, DA_ERR_IO, NULL, "no connection to %.120s: %s", url->server,
                        fault == ETIMEDOUT ? "timed out" : strerror(fault));
}

void da_directory_stream_close(struct da_directory_stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
}

void da_directory_stream_begin(struct da_directory_stream *stream)
{
    stream->deadline = da_clock_ms() + stream->timeout * INT64_C(1000);
    stream->received = 0;
}

/* ---- what libldap calls ---- */

static int set_up(Sockbuf_IO_Desc *descriptor, void *arg)
{
    descriptor->sbiod_pvt = arg;
    return 0;
}

static int take_away(Sockbuf_IO_Desc *descriptor)
{
    descriptor->sbiod_pvt = NULL;
    return 0;
}

/* Nothing is held here that libldap would have to ask about. */
static int control(Sockbuf_IO_Desc *descriptor, int option, void *arg)
{
    (void)descriptor;
    (void)option;
    (void)arg;
    return 0;
}

/* The first reason stays: what follows, such as TLS's farewell, fails because of it. */
static ber_slen_t end(struct da_directory_stream *stream, enum da_stream_end why, int fault)
{
    if (stream->end == DA_STREAM_GOOD) {
        stream->end = why;
        stream->fault = fault;
    }
    errno = fault;
    return why == DA_STREAM_CLOSED ? 0 : -1;
}

/* After send or recv have failed: returns 0 where it is to be tried again, else what end() returns. */
static ber_slen_t after(struct da_directory_stream *stream, short events)
{
    int fault = errno;

    if (fault == EINTR)
        return 0;
    if (fault != EAGAIN && fault != EWOULDBLOCK)
        return end(stream, DA_STREAM_BROKEN, fault);
    fault = wait_for(stream->fd, events, stream->deadline);
    if (fault == 0)
        return 0;
    return end(stream, fault == ETIMEDOUT ? DA_STREAM_TIMED_OUT : DA_STREAM_BROKEN, fault);
}

static ber_slen_t receive(Sockbuf_IO_Desc *descriptor, void *buffer, ber_len_t length)
{
    struct da_directory_stream *stream = descriptor->sbiod_pvt;

    if (stream->received > DA_DIRECTORY_REPLY_MAX)
        return end(stream, DA_STREAM_TOO_MUCH, EMSGSIZE);
    if (da_clock_left(stream->deadline) == 0)
        return end(stream, DA_STREAM_TIMED_OUT, ETIMEDOUT);
    for (;;) {
        ssize_t came = recv(stream->fd, buffer, length, MSG_DONTWAIT);
        if (came == 0)
            return end(stream, DA_STREAM_CLOSED, 0);
        if (came > 0) {
            stream->received += (size_t)came;
            return came;
        }
        if (after(stream, POLLIN) != 0)
            return -1;
    }
}

/* A server that is gone is no reason for a signal. */
static ber_slen_t transmit(Sockbuf_IO_Desc *descriptor, void *octets, ber_len_t length)
{
    struct da_directory_stream *stream = descriptor->sbiod_pvt;

    for (;;) {
        ssize_t went = send(stream->fd, octets, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (went >= 0)
            return went;
        if (after(stream, POLLOUT) != 0)
            return -1;
    }
}

static int finish(Sockbuf_IO_Desc *descriptor)
{
    da_directory_stream_close(descriptor->sbiod_pvt);
    return 0;
}

Sockbuf_IO da_directory_stream_io = {
    .sbi_setup = set_up,
    .sbi_remove = take_away,
    .sbi_ctrl = control,
    .sbi_read = receive,
    .sbi_write = transmit,
    .sbi_close = finish,
};
