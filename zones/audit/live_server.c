#include "audit/live_exchange.h"
#include "audit/live_questions.h"
#include "audit/live_reply.h"

struct asking {
    struct da_questions questions;
    struct da_collection *collection;
};

static void give_question(void *arg, size_t index, struct da_question *question)
{
    const struct asking *asking = arg;
    da_questions_get(&asking->questions, index, question);
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

enum da_status da_server_collect(const struct da_live *live, struct da_collection *collection)
{
    struct asking asking = {.questions = da_questions_of(collection->names, true), .collection = collection};
    struct da_exchange exchange = {.live = live,
                                   .title = collection->title,
                                   .count = asking.questions.count,
                                   .question = give_question,
                                   .reply = take_reply,
                                   .no_reply = take_no_reply,
                                   .arg = &asking};
    struct da_endpoint endpoint;
    char failure[DA_FAILURE_MAX];

    if (!da_endpoint_parse(collection->title, &endpoint)) {
        da_collection_fail(collection, "it is no ADDRESS, ADDRESS@PORT, NAME or NAME@PORT");
        return DA_OK;
    }
    enum da_status status = da_exchange_run(&exchange, &endpoint, failure);
    if (status == DA_OK && failure[0] != '\0')
        da_collection_fail(collection, "%s", failure);
    return status;
}
