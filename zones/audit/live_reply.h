/* live_reply.h - from a server's reply to what a collection holds of it. Private to the live sources. */
#ifndef DA_LIVE_REPLY_H
#define DA_LIVE_REPLY_H

#include "audit/collection.h"
#include "audit/live_message.h"

/* Adds what an authoritative server replied, well-formed records that it may be. DA_OK or DA_ERR_MEMORY. */
enum da_status da_reply_of_server(struct da_collection *collection, const struct da_question *question,
                                  const struct da_message *message, unsigned rcode);

/* Adds what a resolver replied: the addresses at the end of a chain of CNAMEs as records of the name asked for, which
 * is how a client has them, and a CNAME that the name itself has. */
enum da_status da_reply_of_resolver(struct da_collection *collection, const struct da_question *question,
                                    const struct da_message *message, unsigned rcode);

/* Adds that there was no usable reply, and why. */
enum da_status da_reply_failed(struct da_collection *collection, const struct da_question *question, const char *why);

#endif
