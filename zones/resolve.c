/* Each resolver has a libunbound context, which forwards to it; all are on one libevent loop of one thread. The other
 * way libunbound has, ub_ctx_async(), is a thread and two pipes a context, whose start races with that of the others
 * (hash_set_raninit() in libworker.c), and a question of which cannot be given up from outside. */
#include "resolve.h"

#include "audit/live_clock.h"
#include "audit/live_endpoint.h"
#include "audit/live_message.h"
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
    int64_t asked; /* on da_clock_ms() */
    size_t question;
};

struct resolver {
    struct asking *asking;
    size_t index;
    const char *title;
    struct ub_ctx *context; /* NULL = it cannot be asked */
    size_t next;            /* the first question that was not asked yet */
    size_t under_way;
    size_t answered, failed; /* questions */
    struct slot slots[WINDOW];
};

struct asking {
    const struct da_resolve *resolve;
    struct event_base *base;
    struct event *tick;
    struct resolver *resolvers;
    size_t window;
    enum da_status status;
};

/* ---- replies ---- */

/* What goes wrong ends it all; the first is kept. */
static void note(struct asking *asking, enum da_status status)
{
    if (asking->status == DA_OK)
        asking->status = status;
}

static void tell(const struct resolver *resolver, struct da_resolve_reply *reply)
{
    const struct da_resolve *resolve = resolver->asking->resolve;

    reply->resolver = resolver->index;
    note(resolver->asking, resolve->reply(resolve->arg, reply));
}

static void tell_unusable(const struct resolver *resolver, const char *why)
{
    struct da_resolve_reply reply = {.question = SIZE_MAX, .why = why};
    tell(resolver, &reply);
}

static void tell_lost(struct resolver *resolver, const struct slot *slot, const char *why)
{
    struct da_resolve_reply reply = {
        .question = slot->question, .why = why, .milliseconds = (unsigned)(da_clock_ms() - slot->asked)};

    resolver->failed++;
    tell(resolver, &reply);
}

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

/* Forwards to the resolver, or to those of the system. Returns NULL, or what is wrong. */
static const char *forward(struct ub_ctx *context, const char *title)
{
    if (title != NULL)
        return ub_ctx_set_fwd(context, title) == 0 ? NULL : "libunbound cannot be set up: forwarding";
    return ub_ctx_resolvconf(context, NULL) == 0 ? NULL : "/etc/resolv.conf: it cannot be read";
}

/* patience: milliseconds until it asks again. Returns NULL, or what libunbound does not do. */
static const char *set_up(struct ub_ctx *context, const char *title, size_t window, unsigned patience)
{
    char number[24];

    ub_ctx_debugout(context, NULL);
    /* libunbound asks again after 376 ms, and then only hears the answer to that: whoever is slower would seem much
     * slower. */
    snprintf(number, sizeof(number), "%u", patience);
    if (ub_ctx_set_option(context, "unknown-server-time-limit:", number) != 0)
        return "libunbound cannot be set up: unknown-server-time-limit";
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
        if (ub_ctx_set_option(context, options[i][0], options[i][1]) != 0)
            return "libunbound cannot be set up: options";
    snprintf(number, sizeof(number), "%zu", window);
    if (ub_ctx_set_option(context, "outgoing-range:", number) != 0)
        return "libunbound cannot be set up: outgoing-range";
    /* Clients do not ask for signatures, and a resolver may answer differently to who does (BIND's RPZ). Unbound can do
     * without since 1.19. */
    ub_ctx_set_option(context, "disable-edns-do:", "yes");
    const char *wrong = forward(context, title);
    if (wrong != NULL)
        return wrong;
    for (size_t i = 0; i < sizeof(builtin_zones) / sizeof(*builtin_zones); i++)
        if (ub_ctx_zone_remove(context, builtin_zones[i]) != 0)
            return "libunbound cannot be set up: local zones";
    return NULL;
}

static bool is_endpoint(const char *title)
{
    struct da_endpoint endpoint;
    return da_endpoint_parse(title, &endpoint) && endpoint.is_address;
}

static enum da_status begin_resolver(struct asking *asking, size_t index)
{
    struct resolver *resolver = &asking->resolvers[index];

    resolver->asking = asking;
    resolver->index = index;
    resolver->title = asking->resolve->resolvers[index];
    for (size_t i = 0; i < WINDOW; i++)
        resolver->slots[i].resolver = resolver;
    if (resolver->title != NULL && !is_endpoint(resolver->title)) {
        tell_unusable(resolver, "it is no ADDRESS or ADDRESS@PORT");
        return asking->status;
    }
    resolver->context = ub_ctx_create_event(asking->base);
    if (resolver->context == NULL)
        return DA_ERR_MEMORY;
    const char *wrong = set_up(resolver->context, resolver->title, asking->window, asking->resolve->timeout * 500);
    if (wrong != NULL) {
        tell_unusable(resolver, wrong);
        ub_ctx_delete(resolver->context);
        resolver->context = NULL;
    }
    return asking->status;
}

/* ---- questions ---- */

static bool is_given_up(const struct resolver *resolver)
{
    return resolver->answered == 0 && resolver->failed >= FIRST;
}

static bool is_done(const struct resolver *resolver)
{
    if (resolver->context == NULL)
        return true;
    bool nothing_left = resolver->next == resolver->asking->resolve->question_count || is_given_up(resolver);
    return resolver->under_way == 0 && nothing_left;
}

/* A ub_event_callback_type. It may be called from within ub_resolve_event(). */
static void hear(void *arg, int rcode, void *packet, int length, int security, char *why_bogus, int was_ratelimited)
{
    struct slot *slot = arg;
    struct resolver *resolver = slot->resolver;

    (void)security;
    (void)why_bogus;
    (void)was_ratelimited;
    slot->busy = false;
    resolver->under_way--;
    if (rcode != DA_RCODE_NOERROR || packet == NULL || length < 0) {
        tell_lost(resolver, slot, "SERVFAIL: it fails, refuses, or cannot be reached");
        return;
    }
    struct da_resolve_reply reply = {.question = slot->question,
                                     .packet = packet,
                                     .length = (size_t)length,
                                     .milliseconds = (unsigned)(da_clock_ms() - slot->asked)};
    resolver->answered++;
    tell(resolver, &reply);
}

static void ask(struct resolver *resolver, struct slot *slot)
{
    const struct da_resolve *resolve = resolver->asking->resolve;
    struct da_resolve_question question;
    char name[DA_NAME_TEXT_MAX];

    slot->question = resolver->next++;
    resolve->question(resolve->arg, slot->question, &question);
    slot->busy = true;
    slot->asked = da_clock_ms();
    resolver->under_way++;
    if (ub_resolve_event(resolver->context, da_name_to_text(&question.name, name), question.type, DA_CLASS_IN, slot,
                         hear, &slot->async_id) != 0)
        note(resolver->asking, DA_ERR_MEMORY);
}

/* Asks as much as may be under way. */
static void fill_window(struct resolver *resolver)
{
    struct asking *asking = resolver->asking;

    for (size_t i = 0; i < asking->window && resolver->context != NULL; i++)
        while (!resolver->slots[i].busy && resolver->next < asking->resolve->question_count && !is_given_up(resolver) &&
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
        if (!slot->busy || slot->asked + asking->resolve->timeout * 1000LL > now)
            continue;
        ub_cancel(resolver->context, slot->async_id);
        slot->busy = false;
        resolver->under_way--;
        snprintf(why, sizeof(why), "no reply within %u s", asking->resolve->timeout);
        tell_lost(resolver, slot, why);
    }
}

/* An event_callback_fn: nothing but to wake the loop. */
static void wake(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
}

static void show_progress(const struct asking *asking)
{
    const struct da_resolve *resolve = asking->resolve;
    size_t done = 0;

    if (resolve->progress == NULL)
        return;
    for (size_t i = 0; i < resolve->resolver_count; i++)
        done += is_done(&asking->resolvers[i]);
    resolve->progress(resolve->arg, done);
}

static enum da_status ask_all(struct asking *asking)
{
    size_t waiting;

    do {
        int64_t now = da_clock_ms();
        waiting = 0;
        for (size_t i = 0; i < asking->resolve->resolver_count && asking->status == DA_OK; i++) {
            struct resolver *resolver = &asking->resolvers[i];
            look_at_clock(resolver, now);
            fill_window(resolver);
            waiting += !is_done(resolver);
        }
        show_progress(asking);
    } while (waiting > 0 && asking->status == DA_OK && event_base_loop(asking->base, EVLOOP_ONCE) >= 0);
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

static enum da_status begin(struct asking *asking)
{
    const struct timeval tick = {.tv_usec = TICK};
    enum da_status status = DA_OK;

    asking->resolvers = calloc(asking->resolve->resolver_count, sizeof(*asking->resolvers));
    asking->base = event_base_new();
    if (asking->resolvers == NULL || asking->base == NULL)
        return DA_ERR_MEMORY;
    asking->tick = event_new(asking->base, -1, EV_PERSIST, wake, NULL);
    if (asking->tick == NULL || event_add(asking->tick, &tick) != 0)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < asking->resolve->resolver_count && status == DA_OK; i++)
        status = begin_resolver(asking, i);
    return status;
}

static void end(struct asking *asking)
{
    for (size_t i = 0; asking->resolvers != NULL && i < asking->resolve->resolver_count; i++)
        ub_ctx_delete(asking->resolvers[i].context);
    if (asking->tick != NULL)
        event_free(asking->tick);
    if (asking->base != NULL)
        event_base_free(asking->base);
    free(asking->resolvers);
}

enum da_status da_resolve_all(const struct da_resolve *resolve)
{
    struct asking asking = {.resolve = resolve};

    if (resolve->resolver_count == 0)
        return DA_OK;
    asking.window = window_for(resolve->resolver_count);
    enum da_status status = begin(&asking);
    if (status == DA_OK)
        status = ask_all(&asking);
    end(&asking);
    return status;
}
