/* live_stream.h - DNS messages over TCP (RFC 7766). Private to the live sources. */
#ifndef DA_LIVE_STREAM_H
#define DA_LIVE_STREAM_H

#include "audit/live_message.h"

#include <netdb.h>

#define DA_STREAM_BUFFER ((size_t)2 * (2 + DA_MESSAGE_MAX)) /* octets: a whole message always fits */
#define DA_FAULT_MAX     96

struct da_stream {
    int fd; /* -1 = not open */
    size_t from, to;
    uint8_t *buffer;
    char fault[DA_FAULT_MAX]; /* why the last call failed, as a phrase */
};

/* Connects, and waits for it no longer than the deadline of live_clock.h. Returns DA_OK, DA_ERR_IO, DA_ERR_MEMORY. To
 * be closed whatever is returned. */
enum da_status da_stream_open(struct da_stream *stream, const struct addrinfo *address, int64_t deadline);
void da_stream_close(struct da_stream *stream);

/* Sends a message of at most DA_MESSAGE_MAX octets. Returns DA_OK or DA_ERR_IO. */
enum da_status da_stream_send(struct da_stream *stream, const uint8_t *wire, size_t length, int64_t deadline);

/* Waits for the next message; it is the stream's, until the next call.
 *
 * silence   milliseconds, after which it is given up if not one octet came
 * deadline  of live_clock.h: it is given up then, whatever came; DA_STREAM_NO_DEADLINE = as long as octets come
 * Returns DA_OK or DA_ERR_IO. */
#define DA_STREAM_NO_DEADLINE INT64_MAX
enum da_status da_stream_receive(struct da_stream *stream, int silence, int64_t deadline, const uint8_t **wire,
                                 size_t *length);

#endif
