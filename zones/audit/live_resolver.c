/* Resolvers as sources of an audit: what resolve.h asks goes to collections. */
#include "audit/live.h"
#include "audit/live_progress.h"
#include "audit/live_questions.h"
#include "audit/live_reply.h"
#include "resolve.h"

#include <stdio.h>
#include <stdlib.h>

#define WHY_MAX 80

/* How one resolver fares. */
struct fared {
    size_t answered, failed; /* questions */
    char why[WHY_MAX];       /* of the first that failed */
};

struct collecting {
    const struct da_live *live;
    struct da_collection *const *collections;
    size_t count;
    struct fared *fared;
    struct da_questions questions;
    struct da_progress progress;
};

/* A da_resolve.question. */
static void get_question(void *arg, size_t index, struct da_resolve_question *question)
{
    const struct collecting *collecting = arg;
    struct da_question wanted;

    da_questions_get(&collecting->questions, index, &wanted);
    question->name = wanted.name;
    question->type = wanted.type;
}

static enum da_status lose(struct collecting *collecting, size_t resolver, const struct da_question *question,
                           const char *why)
{
    struct fared *fared = &collecting->fared[resolver];

    if (fared->failed++ == 0)
        snprintf(fared->why, sizeof(fared->why), "%s", why);
    return da_reply_failed(collecting->collections[resolver], question, why);
}

/* A da_resolve.reply. */
static enum da_status take(void *arg, const struct da_resolve_reply *reply)
{
    struct collecting *collecting = arg;
    struct da_collection *collection = collecting->collections[reply->resolver];
    struct da_question question;
    struct da_message message;
    unsigned rcode;

    if (reply->question == SIZE_MAX) {
        da_collection_fail(collection, "%s", reply->why);
        return DA_OK;
    }
    da_questions_get(&collecting->questions, reply->question, &question);
    if (reply->packet == NULL)
        return lose(collecting, reply->resolver, &question, reply->why);
    if (!da_message_open(reply->packet, reply->length, &message) || da_message_rcode(&message, &rcode) != DA_OK)
        return lose(collecting, reply->resolver, &question, "the reply is malformed");
    collecting->fared[reply->resolver].answered++;
    return da_reply_of_resolver(collection, &question, &message, rcode);
}

/* A da_resolve.progress. */
static void show_progress(void *arg, size_t done)
{
    struct collecting *collecting = arg;

    if (da_progress_is_due(&collecting->progress))
        da_progress_show(&collecting->progress, "dadns: %zu of %zu resolvers", done, collecting->count);
}

static enum da_status ask_all(struct collecting *collecting)
{
    const char **titles = calloc(collecting->count, sizeof(*titles));
    if (titles == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < collecting->count; i++)
        titles[i] = collecting->collections[i]->title;
    const struct da_resolve resolve = {.resolvers = titles,
                                       .resolver_count = collecting->count,
                                       .question_count = collecting->questions.count,
                                       .question = get_question,
                                       .reply = take,
                                       .progress = show_progress,
                                       .arg = collecting,
                                       .timeout = collecting->live->timeout};
    enum da_status status = da_resolve_all(&resolve);
    da_progress_end(&collecting->progress);
    free(titles);
    return status;
}

enum da_status da_resolvers_collect(const struct da_live *live, struct da_collection *const *collections, size_t count)
{
    struct collecting collecting = {
        .live = live, .collections = collections, .count = count, .progress = {.out = live->progress}};

    if (count == 0)
        return DA_OK;
    collecting.questions = da_questions_of(collections[0]->names, false);
    collecting.fared = calloc(count, sizeof(*collecting.fared));
    enum da_status status = collecting.fared != NULL ? ask_all(&collecting) : DA_ERR_MEMORY;
    for (size_t i = 0; i < count && status == DA_OK; i++) {
        const struct fared *fared = &collecting.fared[i];
        if (fared->answered == 0 && fared->failed > 0)
            da_collection_fail(collections[i], "%s", fared->why);
    }
    free(collecting.fared);
    return status;
}
