/* resolve.h - many questions to many resolvers at once, through libunbound, on one thread.
 *
 * A context for each resolver forwards to it; what a client of the resolver would get is what is told: nothing is
 * validated, added or taken away. All waiting ends. Signals are the caller's. */
#ifndef DA_RESOLVE_H
#define DA_RESOLVE_H

#include "error.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct da_resolve_question {
    struct da_name name;
    uint16_t type; /* class IN */
};

/* One reply, or that there is none. */
struct da_resolve_reply {
    size_t resolver, question; /* which of them */
    const uint8_t *packet;     /* the DNS message, gone when the callback returns; NULL = no usable reply */
    size_t length;             /* octets */
    const char *why;           /* where packet is NULL: a few words */
    unsigned milliseconds;     /* from the question to this */
};

struct da_resolve {
    const char *const *resolvers; /* ADDRESS or ADDRESS@PORT; NULL stands for the system's: /etc/resolv.conf */
    size_t resolver_count;
    size_t question_count;
    void (*question)(void *arg, size_t index, struct da_resolve_question *question); /* same for every resolver */
    /* Called once for each pair, in any order; not for the rest of a resolver that was given up, because its first
     * dozen questions had no reply. What is not DA_OK ends it all. */
    enum da_status (*reply)(void *arg, const struct da_resolve_reply *reply);
    /* May be NULL: so many resolvers are done, for a progress line; at short intervals. */
    void (*progress)(void *arg, size_t done);
    void *arg;
    unsigned timeout; /* seconds, for each question */
};

/* Asks all. A resolver that cannot be asked at all (no address, no libunbound) has one reply with question SIZE_MAX.
 * Returns DA_OK, DA_ERR_MEMORY, or what the callback did. */
enum da_status da_resolve_all(const struct da_resolve *resolve);

#endif
