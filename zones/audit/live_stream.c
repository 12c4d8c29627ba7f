#include "audit/live_stream.h"

#include "audit/live_clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static enum da_status fault(struct da_stream *stream, const char *text)
{
    snprintf(stream->fault, sizeof(stream->fault), "%s", text);
    return DA_ERR_IO;
}

/* True when the socket is ready. A signal that was handled is no event. */
static enum da_status wait_for(struct da_stream *stream, short events, int64_t deadline)
{
    struct pollfd wanted = {.fd = stream->fd, .events = events};
    int ready;

    while ((ready = poll(&wanted, 1, da_clock_left(deadline))) < 0 && errno == EINTR)
        ;
    if (ready < 0)
        return fault(stream, strerror(errno));
    return ready > 0 ? DA_OK : fault(stream, "timed out");
}

enum da_status da_stream_open(struct da_stream *stream, const struct addrinfo *address, int64_t deadline)
{
    int refused = 0;
    socklen_t length = sizeof(refused);

    *stream = (struct da_stream){.buffer = malloc(DA_STREAM_BUFFER)};
    stream->fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (stream->buffer == NULL)
        return DA_ERR_MEMORY;
    if (stream->fd < 0)
        return fault(stream, strerror(errno));
    if (connect(stream->fd, address->ai_addr, address->ai_addrlen) == 0)
        return DA_OK;
    if (errno != EINPROGRESS && errno != EINTR)
        return fault(stream, strerror(errno));
    enum da_status status = wait_for(stream, POLLOUT, deadline);
    if (status == DA_OK && getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &refused, &length) == 0 && refused != 0)
        status = fault(stream, strerror(refused));
    return status;
}

void da_stream_close(struct da_stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    free(stream->buffer);
    *stream = (struct da_stream){.fd = -1};
}

/* Sends as much as there is room for of the length in front of a message and the message, less what was sent. */
static ssize_t send_rest(int fd, const uint8_t *wire, size_t length, size_t sent)
{
    uint8_t prefix[2] = {(uint8_t)(length >> 8), (uint8_t)length};
    size_t of_prefix = sent < sizeof(prefix) ? sent : sizeof(prefix), of_wire = sent - of_prefix;
    struct iovec parts[] = {{prefix + of_prefix, sizeof(prefix) - of_prefix},
                            {(void *)(wire + of_wire), length - of_wire}};
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

enum da_status da_stream_send(struct da_stream *stream, const uint8_t *wire, size_t length, int64_t deadline)
{
    size_t sent = 0;

    while (sent < length + 2) {
        ssize_t more = send_rest(stream->fd, wire, length, sent);
        if (more > 0) {
            sent += (size_t)more;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            enum da_status status = wait_for(stream, POLLOUT, deadline);
            if (status != DA_OK)
                return status;
        } else if (errno != EINTR) {
            return fault(stream, strerror(errno));
        }
    }
    return DA_OK;
}

/* Reads what there is behind what the buffer holds. */
static enum da_status fill(struct da_stream *stream, int silence, int64_t deadline)
{
    if (stream->from > 0 && stream->to == DA_STREAM_BUFFER) {
        memmove(stream->buffer, stream->buffer + stream->from, stream->to - stream->from);
        stream->to -= stream->from;
        stream->from = 0;
    }
    for (;;) {
        ssize_t more = recv(stream->fd, stream->buffer + stream->to, DA_STREAM_BUFFER - stream->to, 0);
        if (more > 0) {
            stream->to += (size_t)more;
            return DA_OK;
        }
        if (more == 0)
            return fault(stream, "the server closed the connection");
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            int64_t silent = da_clock_ms() + silence;
            enum da_status status = wait_for(stream, POLLIN, silent < deadline ? silent : deadline);
            if (status != DA_OK)
                return status;
        } else if (errno != EINTR) {
            return fault(stream, strerror(errno));
        }
    }
}

enum da_status da_stream_receive(struct da_stream *stream, int silence, int64_t deadline, const uint8_t **wire,
                                 size_t *length)
{
    while (da_clock_ms() < deadline) {
        const uint8_t *at = stream->buffer + stream->from;
        size_t held = stream->to - stream->from;
        if (held >= 2 && held - 2 >= (size_t)(at[0] << 8 | at[1])) {
            *length = (size_t)(at[0] << 8 | at[1]);
            *wire = at + 2;
            stream->from += 2 + *length;
            return DA_OK;
        }
        if (held == 0)
            stream->from = stream->to = 0;
        enum da_status status = fill(stream, silence, deadline);
        if (status != DA_OK)
            return status;
    }
    return fault(stream, "timed out");
}
