#include "audit/report_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define PHRASE_MAX 280 /* octets of the summary in front of the performance data, with the NUL */

int da_audit_exit(const struct da_audit *audit)
{
    static const int statuses[DA_SEVERITIES] = {
        [DA_SEVERITY_SILENT] = 0,  [DA_SEVERITY_NOTE] = 0,     [DA_SEVERITY_WARNING] = 1,
        [DA_SEVERITY_UNKNOWN] = 3, [DA_SEVERITY_CRITICAL] = 2,
    };
    return statuses[audit->worst];
}

/* Appends to text, of PHRASE_MAX octets; what does not fit is cut. */
static void append(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(char *text, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(text + used, PHRASE_MAX - used, format, arguments);
    va_end(arguments);
    if (length >= (int)(PHRASE_MAX - used))
        strcpy(text + PHRASE_MAX - 4, "...");
}

static void append_counts(const struct da_audit *audit, char *text)
{
    static const struct {
        const char *word;
        enum da_severity severity;
        bool has_plural;
    } words[] = {
        {"critical", DA_SEVERITY_CRITICAL, false},
        {"unknown", DA_SEVERITY_UNKNOWN, false},
        {"warning", DA_SEVERITY_WARNING, true},
        {"note", DA_SEVERITY_NOTE, true},
    };
    char count[DA_WORDS_COUNT_MAX];
    const char *between = "";

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t found = audit->counts[words[i].severity];
        if (found == 0)
            continue;
        append(text, "%s%s %s%s", between, da_words_count(found, count), words[i].word,
               words[i].has_plural ? da_words_plural(found) : "");
        between = ", ";
    }
}

static const struct da_finding *first_of(const struct da_audit *audit, enum da_severity severity)
{
    for (size_t i = 0; i < audit->finding_count; i++)
        if (audit->findings[i].severity == severity)
            return &audit->findings[i];
    return NULL;
}

/* Of resolvers that remote clients use only that is judged which they are not to resolve. */
static bool is_remote_only(const struct da_check_request *request)
{
    size_t remote = 0;

    for (size_t i = 0; i < request->collection_count; i++)
        remote += request->collections[i]->remote;
    return remote > 0 && remote == request->collection_count;
}

static void append_ok(const struct da_audit *audit, char *text)
{
    const struct da_record_set *set = audit->request.set;
    const char *what = is_remote_only(&audit->request) ? "nothing resolves that must not" : "all is right";
    char name[DA_NAME_TEXT_MAX], count[DA_WORDS_COUNT_MAX];

    if (set->suffix_count == 1)
        append(text, "%s under %s", what, da_words_name(&set->suffixes[0], name));
    else
        append(text, "%s under %s suffixes", what, da_words_count(set->suffix_count, count));
    if (audit->counts[DA_SEVERITY_NOTE] > 0)
        append(text, ", %s note%s", da_words_count(audit->counts[DA_SEVERITY_NOTE], count),
               da_words_plural(audit->counts[DA_SEVERITY_NOTE]));
}

static void append_title(const struct da_collection *collection, char *text)
{
    size_t length;
    bool shown;

    append(text, "%s ", da_words_source(collection));
    for (const char *at = collection->title; *at != '\0'; at += length) {
        length = da_words_character(at, &shown);
        if (shown)
            append(text, "%.*s", (int)length, at);
        else
            append(text, "\\x%02x", (uint8_t)*at);
    }
    append(text, ": ");
}

static void append_worst(const struct da_audit *audit, char *text)
{
    const struct da_finding *worst = first_of(audit, audit->worst);
    char subject[DA_WORDS_SUBJECT_MAX];

    append_counts(audit, text);
    if (worst == NULL)
        return;
    append(text, "; ");
    if (da_words_subject(worst, subject)[0] != '\0')
        append(text, "%s: ", subject);
    else if (worst->collection != NULL)
        append_title(worst->collection, text);
    append(text, "%s", da_finding_kinds[worst->code].message);
}

/* Dynamic records; next: when the first of them becomes stale, or became; INT64_MAX = none does as things are. */
static size_t count_dynamic(const struct da_audit *audit, int64_t *next)
{
    size_t count = 0;

    *next = INT64_MAX;
    for (size_t i = 0; i < audit->finding_count; i++) {
        const struct da_finding *finding = &audit->findings[i];
        if (finding->code != DA_FINDING_RECORD_DYNAMIC && finding->code != DA_FINDING_RECORD_STALE)
            continue;
        if (finding->stale_at != 0 && finding->stale_at < *next)
            *next = finding->stale_at;
        count++;
    }
    return count;
}

const char *da_audit_summary(const struct da_audit *audit, char text[static DA_SUMMARY_MAX])
{
    static const char *const states[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    char phrase[PHRASE_MAX] = "";
    int64_t next;
    size_t dynamic = count_dynamic(audit, &next);

    if (audit->worst > DA_SEVERITY_NOTE)
        append_worst(audit, phrase);
    else
        append_ok(audit, phrase);
    for (char *bar = phrase; (bar = strchr(bar, '|')) != NULL;)
        *bar = '/'; /* it would begin the performance data */
    int used = snprintf(text, DA_SUMMARY_MAX, "DIRECTACCESS %s - %s | critical=%zu warning=%zu unknown=%zu dynamic=%zu",
                        states[da_audit_exit(audit)], phrase, audit->counts[DA_SEVERITY_CRITICAL],
                        audit->counts[DA_SEVERITY_WARNING], audit->counts[DA_SEVERITY_UNKNOWN], dynamic);
    if (next != INT64_MAX)
        snprintf(text + used, DA_SUMMARY_MAX - (size_t)used, " 'next stale'=%" PRId64 "s", next - audit->request.now);
    return text;
}
