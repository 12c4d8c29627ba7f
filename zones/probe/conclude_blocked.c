/* What resolvers answer for names that nobody is to resolve. */
#include "probe/conclude_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static void full_name(const struct da_view *view, const struct da_blocked *blocked, char text[static DA_NAME_TEXT_MAX])
{
    int used = snprintf(text, DA_NAME_TEXT_MAX, "%s", blocked->label);
    char suffix[DA_NAME_TEXT_MAX];

    if (blocked->suffix == DA_PROBE_BARE)
        return;
    da_name_to_text(&view->questions.set->suffixes[blocked->suffix], suffix);
    snprintf(text + used, DA_NAME_TEXT_MAX - (size_t)used, ".%.*s", (int)DA_NAME_TEXT_MAX - used - 2, suffix);
    for (size_t end = 0; text[end] != '\0'; end++) /* a suffix is a hostname: only the final dot ends a name */
        if (text[end] == '.' && text[end + 1] == '\0')
            text[end] = '\0';
}

static const struct da_seen *find(const struct da_seen *const seen[2], enum da_answered answered)
{
    for (size_t i = 0; i < 2; i++)
        if (seen[i] != NULL && seen[i]->answered == answered)
            return seen[i];
    return NULL;
}

/* False where both types are NXDOMAIN, as they should be. */
static bool judge(const struct da_view *view, struct da_blocked *blocked)
{
    const struct da_seen *const seen[2] = {
        da_view_seen(view, blocked->resolver, blocked->suffix, DA_ASKED_BLOCKED, blocked->label, DA_TYPE_A),
        da_view_seen(view, blocked->resolver, blocked->suffix, DA_ASKED_BLOCKED, blocked->label, DA_TYPE_AAAA)};
    struct da_because *because = &blocked->because;
    char name[DA_NAME_TEXT_MAX], have[DA_ADDRESSES_MAX];
    const bool isatap = strcasecmp(blocked->label, "isatap") == 0;
    const struct da_seen *bad;

    full_name(view, blocked, name);
    because->severity = DA_MONITORED_WARNING;
    if ((bad = find(seen, DA_ANSWERED_ADDRESSES)) != NULL) {
        because->severity = DA_MONITORED_CRITICAL;
        because->reason = DA_REASON_BLOCKED_RESOLVES;
        snprintf(because->text, sizeof(because->text), "%.200s resolves to %s; expected NXDOMAIN: %s", name,
                 da_addresses_words(bad->addresses, bad->address_count, have),
                 isatap ? "every IPv6-enabled host would bring up an ISATAP tunnel" : "hosts would use it");
    } else if ((bad = find(seen, DA_ANSWERED_FAILURE)) != NULL || (bad = find(seen, DA_ANSWERED_NOTHING)) != NULL) {
        because->reason = DA_REASON_BLOCKED_FAILS;
        snprintf(because->text, sizeof(because->text), "%.200s %s fails: %s; expected NXDOMAIN", name,
                 da_type_words(bad->type), da_answered_words(bad));
    } else if ((bad = find(seen, DA_ANSWERED_NODATA)) != NULL) {
        because->reason = DA_REASON_BLOCKED_NODATA;
        snprintf(because->text, sizeof(because->text),
                 "%.200s %s is NODATA; expected NXDOMAIN: the name, or one below it, has a record", name,
                 da_type_words(bad->type));
    }
    return bad != NULL;
}

static enum da_status look_at(const struct da_view *view, struct da_blocked *blocked,
                              struct da_conclusions *conclusions)
{
    if (conclusions->silent[blocked->resolver] != NULL)
        return DA_OK;
    conclusions->blocked_asked++;
    if (!judge(view, blocked))
        return DA_OK;
    size_t count = conclusions->blocked_count;
    if ((count & (count - 1)) == 0) { /* room doubles when it is used up */
        struct da_blocked *more =
            reallocarray(conclusions->blocked, count > 0 ? count * 2 : 1, sizeof(*conclusions->blocked));
        if (more == NULL)
            return DA_ERR_MEMORY;
        conclusions->blocked = more;
    }
    conclusions->blocked[conclusions->blocked_count++] = *blocked;
    return DA_OK;
}

enum da_status da_conclude_blocked(const struct da_view *view, size_t resolver, struct da_conclusions *conclusions)
{
    const struct da_probe_questions *questions = &view->questions;
    enum da_status status = DA_OK;

    for (size_t i = 0; i <= questions->set->suffix_count; i++) {
        for (size_t j = 0; j < questions->label_count && status == DA_OK; j++) {
            struct da_blocked blocked = {
                .resolver = resolver, .suffix = i == 0 ? DA_PROBE_BARE : i - 1, .label = questions->labels[j]};
            status = look_at(view, &blocked, conclusions);
        }
    }
    return status;
}
