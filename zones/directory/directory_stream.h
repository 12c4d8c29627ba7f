/* directory_stream.h - the TCP connection under a directory's, with a deadline for each operation.
 *
 * libldap's own waits for ever within a message that a server has begun, and in a TLS handshake. Here an operation ends
 * when its time is over, whatever came, and when more came than a reply may have. */
#ifndef DA_DIRECTORY_STREAM_H
#define DA_DIRECTORY_STREAM_H

#include "directory/directory_url.h"
#include "error.h"

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_DIRECTORY_MESSAGE_MAX ((size_t)16 * 1024 * 1024) /* octets of a message: a node of 1300 values has 2 MB */
#define DA_DIRECTORY_REPLY_MAX   ((size_t)64 * 1024 * 1024) /* octets of all messages that reply to one operation */

/* Why an operation failed. */
enum da_stream_end {
    DA_STREAM_GOOD,      /* it is not the stream's fault */
    DA_STREAM_TIMED_OUT, /* the time is over */
    DA_STREAM_CLOSED,    /* by the server */
    DA_STREAM_BROKEN,    /* by the network: fault tells */
    DA_STREAM_TOO_MUCH,  /* more came than DA_DIRECTORY_REPLY_MAX */
};

struct da_directory_stream {
    int fd; /* -1 = not open */
    unsigned timeout;
    int64_t deadline; /* of live_clock.h */
    size_t received;  /* octets since the operation began */
    enum da_stream_end end;
    int fault; /* errno: DA_STREAM_BROKEN */
};

/* Connects to the first address of the server that takes the connection, within timeout seconds for each. Returns DA_OK
 * or what error holds. */
enum da_status da_directory_stream_open(struct da_directory_stream *stream, const struct da_directory_url *url,
                                        unsigned timeout, struct da_error *error);

/* Does nothing where it is closed already. */
void da_directory_stream_close(struct da_directory_stream *stream);

/* Begins an operation: it has timeout seconds from now. */
void da_directory_stream_begin(struct da_directory_stream *stream);

/* What libldap reads and writes by; its argument is the stream, which lives longer. */
extern Sockbuf_IO da_directory_stream_io;

#endif
