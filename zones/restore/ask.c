#include "restore/ask.h"

#include "audit/live_reply.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct asking {
    const struct da_record_set *set;
    const struct da_question *only; /* NULL = all */
    size_t per_suffix;
    struct da_collection *collection;
};

/* Question number index: suffix as in the set, its SOA, then the RRsets of each owner. */
static void give_question(void *arg, size_t index, struct da_question *question)
{
    const struct asking *asking = arg;
    const struct da_owner *owner = asking->set->owners;

    if (asking->only != NULL) {
        *question = *asking->only;
        return;
    }
    const struct da_name *suffix = &asking->set->suffixes[index / asking->per_suffix];
    size_t which = index % asking->per_suffix;
    *question = (struct da_question){.name = *suffix, .type = DA_TYPE_SOA};
    if (which-- == 0)
        return;
    for (; which >= owner->rrset_count; owner++)
        which -= owner->rrset_count;
    question->type = owner->rrsets[which].type;
    da_name_prepend(owner->label, suffix, &question->name); /* the deployment has room for it */
}

static enum da_status take_reply(void *arg, const struct da_question *question, const struct da_message *message,
                                 unsigned rcode)
{
    const struct asking *asking = arg;
    return da_reply_of_server(asking->collection, question, message, rcode);
}

static enum da_status take_no_reply(void *arg, const struct da_question *question, const char *why)
{
    const struct asking *asking = arg;
    return da_reply_failed(asking->collection, question, why);
}

/* Asks for all, or for one RRset alone. */
static enum da_status ask(const struct da_live *live, const struct da_endpoint *server, const struct da_names *names,
                          const struct da_question *only, struct da_collection **collection,
                          char failure[static DA_FAILURE_MAX])
{
    struct asking asking = {.set = names->set, .only = only, .per_suffix = 1};
    struct da_exchange exchange = {.live = live,
                                   .title = server->host,
                                   .question = give_question,
                                   .reply = take_reply,
                                   .no_reply = take_no_reply,
                                   .arg = &asking};

    for (size_t i = 0; i < names->set->owner_count; i++)
        asking.per_suffix += names->set->owners[i].rrset_count;
    exchange.count = only != NULL ? 1 : asking.per_suffix * names->set->suffix_count;
    enum da_status status = da_collection_new(DA_SOURCE_SERVER, server->host, names, &asking.collection);
    if (status != DA_OK)
        return status;
    status = da_exchange_run(&exchange, server, failure);
    if (status != DA_OK) {
        da_collection_free(asking.collection);
        return status;
    }
    da_collection_finish(asking.collection);
    *collection = asking.collection;
    return DA_OK;
}

/* An address as an endpoint. False where it cannot be told. */
static bool make_endpoint(const struct addrinfo *address, struct da_endpoint *endpoint)
{
    endpoint->is_address = true;
    return getnameinfo(address->ai_addr, address->ai_addrlen, endpoint->host, sizeof(endpoint->host), endpoint->port,
                       sizeof(endpoint->port), NI_NUMERICHOST | NI_NUMERICSERV) == 0;
}

enum da_status da_ask_all(const struct da_live *live, const char *text, const struct da_names *names,
                          struct da_endpoint *server, struct da_collection **collection,
                          char failure[static DA_FAILURE_MAX])
{
    struct addrinfo *addresses = NULL;
    enum da_status status = DA_OK;
    struct da_endpoint endpoint;

    if (!da_endpoint_parse(text, &endpoint)) {
        snprintf(failure, DA_FAILURE_MAX, "it is no ADDRESS, ADDRESS@PORT, NAME or NAME@PORT");
        return DA_OK;
    }
    const char *why = da_endpoint_look_up(&endpoint, SOCK_STREAM, &addresses);
    snprintf(failure, DA_FAILURE_MAX, "no address is known%s%s", why != NULL ? ": " : "", why != NULL ? why : "");
    for (const struct addrinfo *at = addresses; at != NULL && status == DA_OK && failure[0] != '\0'; at = at->ai_next) {
        struct da_collection *asked = NULL;
        if (!make_endpoint(at, server))
            continue;
        status = ask(live, server, names, NULL, &asked, failure);
        if (status == DA_OK && failure[0] == '\0')
            *collection = asked;
        else
            da_collection_free(asked);
    }
    if (addresses != NULL)
        freeaddrinfo(addresses);
    return status;
}

enum da_status da_ask_rrset(const struct da_live *live, const struct da_endpoint *server, const struct da_names *names,
                            const struct da_rrset_cursor *cursor, struct da_collection **collection,
                            char failure[static DA_FAILURE_MAX])
{
    const struct da_question question = {.name = cursor->name, .type = cursor->rrset->type};
    return ask(live, server, names, &question, collection, failure);
}
