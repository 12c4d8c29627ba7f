/* Resolvers are asked through libunbound: a context for each, which forwards to it, all of them on one libevent loop of
 * one thread. The other way libunbound has, ub_ctx_async(), is a thread and two pipes a context, whose start races with
 * that of the others (hash_set_raninit() in libworker.c), and a question of which cannot be given up from outside. */
#include "audit/live.h"
#include "audit/live_clock.h"
#include "audit/live_endpoint.h"
#include "audit/live_progress.h"
#include "audit/live_questions.h"
#include "audit/live_reply.h"
#include "record_set.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unbound-event.h>
#include <unbound.h>

#define WINDOW      16     /* questions under way at a resolver, at the most */
#define FIRST       12     /* questions after which a resolver that answered none is given up */
#define DESCRIPTORS 64     /* left for everything else */
#define TICK        50000L /* microseconds */
#define WHY_MAX     80

struct resolver;

/* A question under way. */
struct slot {
    struct resolver *resolver;
    bool busy;
    int async_id;
    int64_t deadline;
    struct da_question question;
};

struct resolver {
    struct asking *asking;
    struct da_collection *collection;
    struct ub_ctx *context; /* NULL = it cannot be asked */
    size_t next;            /* the first question that was not asked yet */
    size_t under_way;
    size_t answered, failed; /* questions */
    char why[WHY_MAX];       /* of the first that failed */
    struct slot slots[WINDOW];
};

struct asking {
    const struct da_live *live;
    struct da_questions questions;
    struct event_base *base;
    struct event *tick;
    struct resolver *resolvers;
    size_t count;
    size_t window;
    enum da_status status;
    struct da_progress progress;
};

/* ---- contexts ---- */

/* What a client of the resolver would get, and nothing that libunbound adds to it or takes away. */
static const char *const options[][2] = {
    {"module-config:", "iterator"}, /* no validation */
    {"do-not-query-localhost:", "no"}, {"qname-minimisation:", "no"},       {"harden-below-nxdomain:", "no"},
    {"aggressive-nsec:", "no"},        {"use-caps-for-id:", "no"},          {"target-fetch-policy:", "0 0 0 0 0"},
    {"edns-buffer-size:", "1232"},     {"outgoing-port-avoid:", "0-32767"}, /* a list of ports is kept twice in every
                                                                               context */
};

/* Zones that libunbound answers itself, suffixes of laboratories among them. They are taken away one by one:
 * "local-zone: NAME nodefault" as an option is misread by 1.17. */
static const char *const builtin_zones[] = {"localhost.", "test.",          "invalid.",     "onion.",
                                            "home.arpa.", "resolver.arpa.", "service.arpa."};

/* Returns NULL, or what libunbound does not do. */
static const char *set_up(struct ub_ctx *context, const char *title, size_t window)
{
    char number[24];

    ub_ctx_debugout(context, NULL);
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
        if (ub_ctx_set_option(context, options[i][0], options[i][1]) != 0)
            return options[i][0];
    snprintf(number, sizeof(number), "%zu", window);
    if (ub_ctx_set_option(context, "outgoing-range:", number) != 0)
        return "outgoing-range:";
    /* Clients do not ask for signatures, and a resolver may answer differently to who does (BIND's RPZ). Unbound can do
     * without since 1.19. */
    ub_ctx_set_option(context, "disable-edns-do:", "yes");
    if (ub_ctx_set_fwd(context, title) != 0)
        return "forwarding";
    for (size_t i = 0; i < sizeof(builtin_zones) / sizeof(*builtin_zones); i++)
        if (ub_ctx_zone_remove(context, builtin_zones[i]) != 0)
            return "local zones";
    return NULL;
}

static enum da_status begin_resolver(struct resolver *resolver, struct asking *asking, struct da_collection *collection)
{
    struct da_endpoint endpoint;

    resolver->asking = asking;
    resolver->collection = collection;
    for (size_t i = 0; i < WINDOW; i++)
        resolver->slots[i].resolver = resolver;
    if (!da_endpoint_parse(collection->title, &endpoint) || !endpoint.is_address) {
        da_collection_fail(collection, "it is no ADDRESS or ADDRESS@PORT");
        return DA_OK;
    }
    resolver->context = ub_ctx_create_event(asking->base);
    if (resolver->context == NULL)
        return DA_ERR_MEMORY;
    const char *refused = set_up(resolver->context, collection->title, asking->window);
    if (refused != NULL) {
        da_collection_fail(collection, "libunbound cannot be set up: %s", refused);
        ub_ctx_delete(resolver->context);
        resolver->context = NULL;
    }
    return DA_OK;
}

/* ---- questions and answers ---- */

static bool is_given_up(const struct resolver *resolver)
{
    return resolver->answered == 0 && resolver->failed >= FIRST;
}

static bool is_done(const struct resolver *resolver)
{
    if (resolver->context == NULL || is_given_up(resolver))
        return true;
    return resolver->under_way == 0 && resolver->next == resolver->asking->questions.count;
}

static enum da_status lose(struct resolver *resolver, const struct da_question *question, const char *why)
{
    if (resolver->failed++ == 0)
        snprintf(resolver->why, sizeof(resolver->why), "%s", why);
    return da_reply_failed(resolver->collection, question, why);
}

static enum da_status take(struct resolver *resolver, const struct da_question *question, const uint8_t *packet,
                           size_t length)
{
    struct da_message message;
    unsigned rcode;

    if (!da_message_open(packet, length, &message) || da_message_rcode(&message, &rcode) != DA_OK)
        return lose(resolver, question, "the reply is malformed");
    resolver->answered++;
    return da_reply_of_resolver(resolver->collection, question, &message, rcode);
}

/* A ub_event_callback_type. It may be called from within ub_resolve_event(). */
static void hear(void *arg, int rcode, void *packet, int length, int security, char *why_bogus, int was_ratelimited)
{
    struct slot *slot = arg;
    struct resolver *resolver = slot->resolver;
    struct asking *asking = resolver->asking;
    enum da_status status;

    (void)security;
    (void)why_bogus;
    (void)was_ratelimited;
    slot->busy = false;
    resolver->under_way--;
    if (rcode != DA_RCODE_NOERROR || packet == NULL || length < 0)
        status = lose(resolver, &slot->question, "SERVFAIL: it fails, refuses, or cannot be reached");
    else
        status = take(resolver, &slot->question, packet, (size_t)length);
    if (status != DA_OK)
        asking->status = status;
}

static void ask(struct resolver *resolver, struct slot *slot)
{
    struct asking *asking = resolver->asking;
    char name[DA_NAME_TEXT_MAX];

    da_questions_get(&asking->questions, resolver->next++, &slot->question);
    slot->busy = true;
    slot->deadline = da_clock_ms() + asking->live->timeout * 1000LL;
    resolver->under_way++;
    if (ub_resolve_event(resolver->context, da_name_to_text(&slot->question.name, name), slot->question.type,
                         DA_CLASS_IN, slot, hear, &slot->async_id) != 0)
        asking->status = DA_ERR_MEMORY;
}

/* Asks as much as may be under way. */
static void fill_window(struct resolver *resolver)
{
    struct asking *asking = resolver->asking;

    for (size_t i = 0; i < asking->window && !is_done(resolver) && asking->status == DA_OK; i++)
        while (!resolver->slots[i].busy && resolver->next < asking->questions.count && !is_given_up(resolver) &&
               asking->status == DA_OK)
            ask(resolver, &resolver->slots[i]);
}

/* Gives up what has taken too long: libunbound itself is more patient. */
static void look_at_clock(struct resolver *resolver, int64_t now)
{
    struct asking *asking = resolver->asking;
    char why[WHY_MAX];

    for (size_t i = 0; i < asking->window; i++) {
        struct slot *slot = &resolver->slots[i];
        if (!slot->busy || slot->deadline > now)
            continue;
        ub_cancel(resolver->context, slot->async_id);
        slot->busy = false;
        resolver->under_way--;
        snprintf(why, sizeof(why), "no reply within %u s", asking->live->timeout);
        enum da_status status = lose(resolver, &slot->question, why);
        if (status != DA_OK)
            asking->status = status;
    }
}

/* An event_callback_fn: nothing but to wake the loop. */
static void wake(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
}

static void show_progress(struct asking *asking)
{
    size_t done = 0;

    if (!da_progress_is_due(&asking->progress))
        return;
    for (size_t i = 0; i < asking->count; i++)
        done += is_done(&asking->resolvers[i]);
    da_progress_show(&asking->progress, "dadns: %zu of %zu resolvers", done, asking->count);
}

static enum da_status ask_all(struct asking *asking)
{
    size_t waiting;

    do {
        int64_t now = da_clock_ms();
        waiting = 0;
        for (size_t i = 0; i < asking->count && asking->status == DA_OK; i++) {
            struct resolver *resolver = &asking->resolvers[i];
            look_at_clock(resolver, now);
            fill_window(resolver);
            waiting += !is_done(resolver);
        }
        show_progress(asking);
    } while (waiting > 0 && asking->status == DA_OK && event_base_loop(asking->base, EVLOOP_ONCE) >= 0);
    da_progress_end(&asking->progress);
    return asking->status;
}

/* ---- all of it ---- */

/* A question under way holds a socket. */
static size_t window_for(size_t count)
{
    struct rlimit limit;
    size_t window = WINDOW;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur > DESCRIPTORS)
        window = (size_t)(limit.rlim_cur - DESCRIPTORS) / count;
    return window > WINDOW ? WINDOW : window > 0 ? window : 1;
}

static enum da_status begin(struct asking *asking, struct da_collection *const *collections)
{
    const struct timeval tick = {.tv_usec = TICK};
    enum da_status status = DA_OK;

    asking->resolvers = calloc(asking->count, sizeof(*asking->resolvers));
    asking->base = event_base_new();
    if (asking->resolvers == NULL || asking->base == NULL)
        return DA_ERR_MEMORY;
    asking->tick = event_new(asking->base, -1, EV_PERSIST, wake, NULL);
    if (asking->tick == NULL || event_add(asking->tick, &tick) != 0)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < asking->count && status == DA_OK; i++)
        status = begin_resolver(&asking->resolvers[i], asking, collections[i]);
    return status;
}

static void end(struct asking *asking)
{
    for (size_t i = 0; asking->resolvers != NULL && i < asking->count; i++)
        ub_ctx_delete(asking->resolvers[i].context);
    if (asking->tick != NULL)
        event_free(asking->tick);
    if (asking->base != NULL)
        event_base_free(asking->base);
    free(asking->resolvers);
}

enum da_status da_resolvers_collect(const struct da_live *live, struct da_collection *const *collections, size_t count)
{
    struct asking asking = {.live = live, .count = count, .progress = {.out = live->progress}};

    if (count == 0)
        return DA_OK;
    asking.questions = da_questions_of(collections[0]->names, false);
    asking.window = window_for(count);
    enum da_status status = begin(&asking, collections);
    if (status == DA_OK)
        status = ask_all(&asking);
    for (size_t i = 0; i < count && status == DA_OK; i++) {
        const struct resolver *resolver = &asking.resolvers[i];
        if (resolver->answered == 0 && resolver->failed > 0)
            da_collection_fail(collections[i], "%s", resolver->why);
    }
    end(&asking);
    return status;
}
