#include "probe/report_words.h"

#include "audit/report_words.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *da_probe_resolver(const struct da_view *view, size_t resolver)
{
    return view->resolvers[resolver] != NULL ? view->resolvers[resolver] : "the system's";
}

const char *da_probe_status(enum da_monitored severity)
{
    static const char *const words[] = {"ok", "warning", "critical", "unknown"};
    return words[severity];
}

enum da_state *da_probe_worst(const struct da_probe_report *report)
{
    enum da_state *worst = calloc(report->expectations->deployment->entry_point_count, sizeof(*worst));

    for (size_t i = 0; worst != NULL && i < report->conclusions->count; i++) {
        const struct da_conclusion *conclusion = &report->conclusions->conclusions[i];
        if (conclusion->state > worst[conclusion->entry_point])
            worst[conclusion->entry_point] = conclusion->state;
    }
    return worst;
}

/* ---- the first line ---- */

struct phrase {
    char text[DA_PROBE_PHRASE_MAX];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void append(struct phrase *phrase, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(phrase->text + phrase->used, sizeof(phrase->text) - phrase->used, format, args);
    va_end(args);
    phrase->used += strlen(phrase->text + phrase->used);
}

/* Entry points by the worst of what was concluded about each. */
static enum da_status count_entry_points(const struct da_probe_report *report, size_t states[DA_STATE_GIVEN_UP + 1])
{
    const size_t all = report->expectations->deployment->entry_point_count, one = report->expectations->entry_point;
    enum da_state *worst = da_probe_worst(report);

    if (worst == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < all; i++)
        if (one == SIZE_MAX || one == i)
            states[worst[i]]++;
    free(worst);
    return DA_OK;
}

static void append_states(struct phrase *phrase, const size_t states[DA_STATE_GIVEN_UP + 1])
{
    const size_t all = states[DA_STATE_CONNECTED] + states[DA_STATE_CONNECTING] + states[DA_STATE_GIVEN_UP];

    for (int state = DA_STATE_GIVEN_UP; state >= DA_STATE_CONNECTED; state--) {
        bool told = states[state] > 0 && (state > DA_STATE_CONNECTED || states[state] == all);
        if (told)
            append(phrase, "%s%zu of %zu entry point%s: %s", phrase->used > 0 ? ", " : "", states[state], all,
                   da_words_plural(all), da_state_words((enum da_state)state));
    }
}

/* The first reason as severe as that, of the worst state that has one. */
static void append_reason(struct phrase *phrase, const struct da_probe_report *report)
{
    const struct da_conclusions *conclusions = report->conclusions;
    const struct da_conclusion *worst = NULL;
    const struct da_deployment *deployment = report->expectations->deployment;

    for (size_t i = 0; i < conclusions->count; i++) {
        const struct da_conclusion *conclusion = &conclusions->conclusions[i];
        if (conclusion->because_count > 0 && (worst == NULL || conclusion->state > worst->state))
            worst = conclusion;
    }
    if (worst != NULL && worst->because[0].severity == report->severity)
        append(phrase, "; %s: %s", deployment->entry_points[worst->entry_point].name, worst->because[0].text);
}

static void append_blocked(struct phrase *phrase, const struct da_probe_report *report)
{
    const struct da_conclusions *conclusions = report->conclusions;

    for (size_t i = 0; i < conclusions->blocked_count; i++)
        if (conclusions->blocked[i].because.severity == report->severity) {
            append(phrase, "; %s", conclusions->blocked[i].because.text);
            return;
        }
}

static void append_policy(struct phrase *phrase, const struct da_probe_report *report)
{
    for (size_t i = 0; report->policy != NULL && i < report->policy_findings->count; i++)
        if (report->policy_findings->findings[i].severity == report->severity) {
            append(phrase, "; policy: %s", report->policy_findings->findings[i].text);
            return;
        }
}

enum da_status da_probe_summary(const struct da_probe_report *report, char text[static DA_PROBE_SUMMARY_MAX])
{
    static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    size_t states[DA_STATE_GIVEN_UP + 1] = {0};
    struct phrase phrase = {.used = 0};

    if (count_entry_points(report, states) != DA_OK)
        return DA_ERR_MEMORY;
    append_states(&phrase, states);
    if (report->severity != DA_MONITORED_OK) {
        append_reason(&phrase, report);
        append_blocked(&phrase, report);
        append_policy(&phrase, report);
    }
    for (char *bar = phrase.text; (bar = strchr(bar, '|')) != NULL;)
        *bar = '/'; /* it would begin the performance data */
    snprintf(text, DA_PROBE_SUMMARY_MAX, "DIRECTACCESS %s - %s | connected=%zu connecting=%zu 'given up'=%zu",
             words[report->severity], phrase.text, states[DA_STATE_CONNECTED], states[DA_STATE_CONNECTING],
             states[DA_STATE_GIVEN_UP]);
    return DA_OK;
}
