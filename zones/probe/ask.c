#include "probe/ask.h"

#include "audit/live_answer.h"
#include "audit/live_progress.h"
#include "resolve.h"

#include <stdlib.h>
#include <string.h>

struct probing {
    struct da_view *view;
    struct da_progress progress;
};

/* A da_resolve.question. */
static void get_question(void *arg, size_t index, struct da_resolve_question *question)
{
    const struct probing *probing = arg;
    const struct da_probe_questions *questions = &probing->view->questions;
    struct da_probe_question wanted;

    da_probe_question_get(questions, index, &wanted);
    da_probe_question_name(questions, &wanted, &question->name);
    question->type = wanted.type;
}

static enum da_status fail(struct da_seen *seen, enum da_answered answered, const char *why)
{
    seen->answered = answered;
    free(seen->why);
    seen->why = strdup(why);
    return seen->why != NULL ? DA_OK : DA_ERR_MEMORY;
}

/* Adds the addresses of a name. DA_ERR_SYNTAX where the message is malformed. */
static enum da_status add_addresses(struct da_seen *seen, const struct da_message *message, const struct da_name *owner)
{
    const uint8_t length = seen->type == DA_TYPE_A ? DA_IPV4_LEN : DA_IPV6_LEN;
    struct da_record record = {0};
    enum da_status status;
    bool found = true;

    while ((status = da_answer_next(message, owner, seen->type, &record, &found)) == DA_OK && found) {
        if (record.rdata_length != length)
            return DA_ERR_SYNTAX;
        struct da_seen_address *more = reallocarray(seen->addresses, seen->address_count + 1, sizeof(*more));
        if (more == NULL)
            return DA_ERR_MEMORY;
        seen->addresses = more;
        more[seen->address_count] = (struct da_seen_address){.length = length};
        memcpy(more[seen->address_count++].octets, message->wire + record.rdata, length);
    }
    return status;
}

/* Reads a reply to the end. DA_ERR_SYNTAX where it is malformed. */
static enum da_status read_reply(struct da_seen *seen, const struct da_name *name, const struct da_message *message,
                                 unsigned rcode)
{
    struct da_name owner = *name;
    struct da_record alias;
    char text[DA_RCODE_TEXT_MAX];
    size_t aliases;

    if (rcode != DA_RCODE_NOERROR && rcode != DA_RCODE_NXDOMAIN)
        return fail(seen, DA_ANSWERED_FAILURE, da_rcode_text(rcode, text));
    enum da_status status = da_answer_follow(message, &owner, &alias, &aliases);
    if (status == DA_OK)
        status = add_addresses(seen, message, &owner);
    seen->alias = aliases > 0;
    seen->answered = seen->address_count > 0      ? DA_ANSWERED_ADDRESSES
                     : rcode == DA_RCODE_NXDOMAIN ? DA_ANSWERED_NXDOMAIN
                                                  : DA_ANSWERED_NODATA;
    return status;
}

static enum da_status take_message(struct probing *probing, struct da_seen *seen, const struct da_resolve_reply *reply)
{
    const struct da_probe_questions *questions = &probing->view->questions;
    enum da_status status = DA_ERR_SYNTAX;
    struct da_probe_question question;
    struct da_message message;
    struct da_name name;
    unsigned rcode;

    da_probe_question_get(questions, reply->question, &question);
    if (!da_probe_question_name(questions, &question, &name)) { /* what cannot exist was not asked for */
        seen->answered = DA_ANSWERED_NXDOMAIN;
        return DA_OK;
    }
    if (da_message_open(reply->packet, reply->length, &message) &&
        (status = da_message_rcode(&message, &rcode)) == DA_OK)
        status = read_reply(seen, &name, &message, rcode);
    if (status != DA_ERR_SYNTAX)
        return status;
    seen->address_count = 0;
    return fail(seen, DA_ANSWERED_FAILURE, "the reply is malformed");
}

/* A da_resolve.reply. */
static enum da_status take(void *arg, const struct da_resolve_reply *reply)
{
    struct probing *probing = arg;
    struct da_view *view = probing->view;
    struct da_seen *seen = &view->seen[reply->resolver * view->questions.count];
    enum da_status status = DA_OK;

    if (reply->question == SIZE_MAX) {
        for (size_t i = 0; i < view->questions.count && status == DA_OK; i++)
            status = fail(&seen[i], DA_ANSWERED_NOTHING, reply->why);
        return status;
    }
    seen += reply->question;
    seen->milliseconds = reply->milliseconds;
    if (reply->packet == NULL) {
        bool failed = strncmp(reply->why, "SERVFAIL", 8) == 0;
        return fail(seen, failed ? DA_ANSWERED_FAILURE : DA_ANSWERED_NOTHING, reply->why);
    }
    return take_message(probing, seen, reply);
}

/* A da_resolve.progress. */
static void show_progress(void *arg, size_t done)
{
    struct probing *probing = arg;

    if (da_progress_is_due(&probing->progress))
        da_progress_show(&probing->progress, "dadns: %zu of %zu resolvers", done, probing->view->resolver_count);
}

static enum da_status prepare(const struct da_record_set *set, struct da_view *view)
{
    view->questions = da_probe_questions_of(set);
    view->seen_count = view->resolver_count * view->questions.count;
    view->seen = calloc(view->seen_count, sizeof(*view->seen));
    if (view->seen == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < view->seen_count; i++) {
        struct da_seen *seen = &view->seen[i];
        struct da_probe_question question;
        da_probe_question_get(&view->questions, i % view->questions.count, &question);
        seen->resolver = i / view->questions.count;
        seen->suffix = question.suffix;
        seen->asked = question.asked;
        seen->label = question.label;
        seen->type = question.type;
    }
    return DA_OK;
}

/* What was not asked, because nothing before it had a reply, has the reason of what was. */
static enum da_status explain_rest(struct da_view *view)
{
    const char *why = NULL;
    enum da_status status = DA_OK;

    for (size_t i = 0; i < view->seen_count && status == DA_OK; i++) {
        struct da_seen *seen = &view->seen[i];
        if (i % view->questions.count == 0)
            why = NULL;
        if (seen->answered == DA_ANSWERED_NOTHING && seen->why == NULL)
            status = fail(seen, DA_ANSWERED_NOTHING, why != NULL ? why : "it was not asked");
        else if (seen->why != NULL)
            why = seen->why;
    }
    return status;
}

enum da_status da_probe_ask(const struct da_record_set *set, unsigned timeout, FILE *progress, struct da_view *view)
{
    struct probing probing = {.view = view, .progress = {.out = progress}};

    enum da_status status = prepare(set, view);
    if (status != DA_OK)
        return status;
    const struct da_resolve resolve = {.resolvers = view->resolvers,
                                       .resolver_count = view->resolver_count,
                                       .question_count = view->questions.count,
                                       .question = get_question,
                                       .reply = take,
                                       .progress = show_progress,
                                       .arg = &probing,
                                       .timeout = timeout};
    status = da_resolve_all(&resolve);
    da_progress_end(&probing.progress);
    return status == DA_OK ? explain_rest(view) : status;
}
