#include "probe/conclude_case.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const codes[DA_REASON_COUNT] = {
    [DA_REASON_RESOLVER_SILENT] = "resolver-silent",
    [DA_REASON_CONNECTIVITY_FAILS] = "connectivity-fails",
    [DA_REASON_CONNECTIVITY_MISSING] = "connectivity-missing",
    [DA_REASON_CONNECTIVITY_WRONG] = "connectivity-wrong",
    [DA_REASON_CONNECTIVITY_PREFIX] = "connectivity-prefix",
    [DA_REASON_CONNECTIVITY_EXTRA] = "connectivity-extra",
    [DA_REASON_CONNECTIVITY_A] = "connectivity-a",
    [DA_REASON_CONNECTIVITY_NO_AAAA] = "connectivity-no-aaaa",
    [DA_REASON_WEB_FAILS] = "web-probe-fails",
    [DA_REASON_WEB_MISSING] = "web-probe-missing",
    [DA_REASON_WEB_UNREACHABLE] = "web-probe-unreachable",
    [DA_REASON_WEB_REDIRECTED] = "web-probe-redirected",
    [DA_REASON_WEB_PORTAL] = "web-probe-portal",
    [DA_REASON_WEB_STATUS] = "web-probe-status",
    [DA_REASON_WEB_SERVER_ADDRESS] = "web-probe-server-address",
    [DA_REASON_WEB_OTHER_ADDRESS] = "web-probe-other-address",
    [DA_REASON_WEB_UNKNOWN_ADDRESS] = "web-probe-unknown-address",
    [DA_REASON_SLOW] = "slow",
    [DA_REASON_BLOCKED_RESOLVES] = "blocked-resolves",
    [DA_REASON_BLOCKED_NODATA] = "blocked-nodata",
    [DA_REASON_BLOCKED_FAILS] = "blocked-fails",
};

const char *da_reason_code(enum da_reason reason)
{
    return codes[reason];
}

const char *da_state_words(enum da_state state)
{
    static const char *const words[] = {
        [DA_STATE_CONNECTED] = "Connected",
        [DA_STATE_CONNECTING] = "Connecting",
        [DA_STATE_GIVEN_UP] = "tunnel would be given up",
    };
    return words[state];
}

/* ---- resolvers that are of no use ---- */

/* Why, silence before failures; NULL where there was an answer to any question. */
static const char *find_silence(const struct da_view *view, size_t resolver)
{
    const struct da_seen *seen = view->seen + resolver * view->questions.count;
    const char *why = NULL, *failure = NULL;

    for (size_t i = 0; i < view->questions.count; i++) {
        if (seen[i].answered != DA_ANSWERED_NOTHING && seen[i].answered != DA_ANSWERED_FAILURE)
            return NULL;
        if (seen[i].answered == DA_ANSWERED_NOTHING && why == NULL)
            why = da_answered_words(&seen[i]);
        if (seen[i].answered == DA_ANSWERED_FAILURE && failure == NULL)
            failure = da_answered_words(&seen[i]);
    }
    return why != NULL ? why : failure;
}

/* ---- conclusions ---- */

/* There may be a great many conclusions about a resolver that is down: they share their reason. */
static void write_silence(const struct da_view *view, size_t resolver, struct da_conclusions *conclusions)
{
    struct da_because *because = &conclusions->silences[resolver];
    const char *title = view->resolvers[resolver];

    because->reason = DA_REASON_RESOLVER_SILENT;
    because->severity = DA_MONITORED_CRITICAL;
    snprintf(because->text, sizeof(because->text), "%s%.200s does not answer (%s)", title != NULL ? "resolver " : "",
             title != NULL ? title : "the system's resolver", conclusions->silent[resolver]);
}

static void conclude(struct da_case *made, struct da_conclusions *conclusions)
{
    struct da_conclusion *conclusion = made->conclusion;

    if (conclusions->silent[conclusion->resolver] != NULL) {
        conclusion->state = DA_STATE_GIVEN_UP;
        conclusion->because = &conclusions->silences[conclusion->resolver];
        conclusion->because_count = 1;
        return;
    }
    da_conclude_connectivity(made);
    da_conclude_web(made);
}

/* What decided the most stands first; else the order of the steps. */
static void put_decisive_first(struct da_conclusion *conclusion)
{
    for (size_t i = 1; i < conclusion->because_count; i++) {
        struct da_because because = conclusion->because[i];
        size_t at = i;
        for (; at > 0 && conclusion->because[at - 1].severity < because.severity; at--)
            conclusion->because[at] = conclusion->because[at - 1];
        conclusion->because[at] = because;
    }
}

static enum da_status conclude_all(const struct da_expectations *expectations, const struct da_view *view,
                                   const struct da_owned_list *owned, struct da_conclusions *conclusions)
{
    const bool one = expectations->entry_point != SIZE_MAX;
    const size_t entry_points = one ? 1 : expectations->deployment->entry_point_count;
    const size_t suffixes = expectations->set->suffix_count;
    const size_t count = view->resolver_count * suffixes * entry_points;
    struct da_case made = {.expectations = expectations, .view = view, .owned = owned};

    conclusions->conclusions = calloc(count > 0 ? count : 1, sizeof(*conclusions->conclusions));
    if (conclusions->conclusions == NULL)
        return DA_ERR_MEMORY;
    conclusions->count = count;
    for (size_t i = 0; i < count && made.status == DA_OK; i++) {
        made.conclusion = &conclusions->conclusions[i];
        *made.conclusion = (struct da_conclusion){
            .resolver = i / entry_points / suffixes,
            .suffix = i / entry_points % suffixes,
            .entry_point = one ? expectations->entry_point : i % entry_points,
        };
        conclude(&made, conclusions);
        put_decisive_first(made.conclusion);
    }
    return made.status;
}

enum da_status da_conclude(const struct da_expectations *expectations, const struct da_view *view,
                           struct da_conclusions *conclusions)
{
    struct da_owned_list owned;

    *conclusions = (struct da_conclusions){
        .silent = calloc(view->resolver_count + 1, sizeof(*conclusions->silent)),
        .silences = calloc(view->resolver_count + 1, sizeof(*conclusions->silences)),
    };
    enum da_status status = da_owned_make(expectations->deployment, &owned);
    if (conclusions->silent == NULL || conclusions->silences == NULL)
        status = DA_ERR_MEMORY;
    for (size_t i = 0; i < view->resolver_count && status == DA_OK; i++) {
        conclusions->silent[i] = find_silence(view, i);
        if (conclusions->silent[i] != NULL)
            write_silence(view, i, conclusions);
    }
    if (status == DA_OK)
        status = conclude_all(expectations, view, &owned, conclusions);
    for (size_t i = 0; i < view->resolver_count && status == DA_OK; i++)
        status = da_conclude_blocked(view, i, conclusions);
    free(owned.list);
    return status;
}

void da_conclusions_clear(struct da_conclusions *conclusions)
{
    for (size_t i = 0; i < conclusions->count; i++)
        if (conclusions->silent[conclusions->conclusions[i].resolver] == NULL)
            free(conclusions->conclusions[i].because);
    free(conclusions->silences);
    free(conclusions->conclusions);
    free(conclusions->blocked);
    free(conclusions->silent);
    *conclusions = (struct da_conclusions){0};
}

enum da_monitored da_conclusions_severity(const struct da_conclusions *conclusions)
{
    enum da_monitored worst = DA_MONITORED_OK;

    for (size_t i = 0; i < conclusions->count; i++)
        for (size_t j = 0; j < conclusions->conclusions[i].because_count; j++)
            if (conclusions->conclusions[i].because[j].severity > worst)
                worst = conclusions->conclusions[i].because[j].severity;
    for (size_t i = 0; i < conclusions->blocked_count; i++)
        if (conclusions->blocked[i].because.severity > worst)
            worst = conclusions->blocked[i].because.severity;
    return worst;
}
