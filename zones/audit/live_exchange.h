/* live_exchange.h - many questions to one server at once. Private to the live sources.
 *
 * Over UDP some tens of questions are under way at a time. A question is sent up to three times in the first half of
 * its time; where the reply is truncated, or none came, it is asked over TCP in the second half. A server that answers
 * none of the first dozen over UDP, or one that leaves out or truncates many replies, is asked the rest over TCP alone;
 * one that does not answer there either is given up. Where a name has several addresses, the first one that answers is
 * asked everything. */
#ifndef DA_LIVE_EXCHANGE_H
#define DA_LIVE_EXCHANGE_H

#include "audit/live.h"
#include "audit/live_endpoint.h"
#include "audit/live_message.h"

#define DA_EXCHANGE_WINDOW 64 /* questions under way */
#define DA_EXCHANGE_FIRST  12 /* before any reply came */

struct da_exchange {
    const struct da_live *live;
    const char *title; /* of the server, for the progress line */
    size_t count;      /* of questions */

    /* Gives question number index; it is asked for it more than once. */
    void (*question)(void *arg, size_t index, struct da_question *question);

    /* Hears of each reply: signed where there is a key, whole, and well-formed to its last record. Returns DA_OK, or
     * what ends the exchange. */
    enum da_status (*reply)(void *arg, const struct da_question *question, const struct da_message *message,
                            unsigned rcode);

    /* Hears of a question without reply. */
    enum da_status (*no_reply)(void *arg, const struct da_question *question, const char *why);
    void *arg;
};

#define DA_FAILURE_MAX 200

/* Asks all. failure: "", or why the server gave nothing at all. Returns DA_OK, DA_ERR_MEMORY, or what reply() did. */
enum da_status da_exchange_run(const struct da_exchange *exchange, const struct da_endpoint *endpoint,
                               char failure[static DA_FAILURE_MAX]);

#endif
