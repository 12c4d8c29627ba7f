#include "watch/metrics.h"

#include "audit/report_words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is remembered ---- */

enum da_status da_metrics_make(size_t source_count, struct da_metrics *metrics)
{
    *metrics = (struct da_metrics){.source_count = source_count};
    metrics->sources = calloc(source_count + 1, sizeof(*metrics->sources));
    return metrics->sources != NULL ? DA_OK : DA_ERR_MEMORY;
}

void da_metrics_clear(struct da_metrics *metrics)
{
    free(metrics->sources);
    free(metrics->records);
    *metrics = (struct da_metrics){0};
}

/* Whether a round tells if a record is there. */
static bool is_told(const struct da_round_record *record)
{
    return record->presence == DA_PRESENCE_RECORDS || record->presence == DA_PRESENCE_ABSENT;
}

enum da_status da_metrics_note(struct da_metrics *metrics, const struct da_round *round, bool forget)
{
    metrics->rounds++;
    if (forget) {
        free(metrics->records);
        metrics->records = NULL;
        metrics->record_count = 0;
    }
    if (round == NULL) {
        metrics->failed_rounds++;
        return DA_OK;
    }
    if (metrics->records == NULL) {
        metrics->records = calloc(round->record_count + 1, sizeof(*metrics->records));
        if (metrics->records == NULL)
            return DA_ERR_MEMORY;
        metrics->record_count = round->record_count;
    }
    metrics->last_round = round->now;
    for (size_t i = 0; i < round->source_count; i++)
        if (!round->sources[i].failed)
            metrics->sources[i] = round->now;
    for (size_t i = 0; i < round->record_count; i++)
        if (is_told(&round->records[i]))
            metrics->records[i] = round->now;
    return DA_OK;
}

/* ---- the format ---- */

struct writer {
    const struct da_metrics *metrics;
    const struct da_source_settings *settings;
    const struct da_record_set *set;
    const struct da_round *round; /* NULL = it failed */
    FILE *out;
};

void da_metrics_put_label(const char *value, FILE *out)
{
    bool shown;

    fputc('"', out);
    for (size_t length; *value != '\0'; value += length) {
        length = da_words_character(value, &shown);
        if (!shown)
            fprintf(out, "\\\\x%02x", (uint8_t)*value);
        else if (*value == '\\' || *value == '"')
            fprintf(out, "\\%c", *value);
        else
            fwrite(value, 1, length, out);
    }
    fputc('"', out);
}

static void put_head(const struct writer *writer, const char *name, const char *type, const char *help)
{
    fprintf(writer->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A metric of one sample without labels. */
static void put_single(const struct writer *writer, const char *name, const char *type, const char *help, double value)
{
    put_head(writer, name, type, help);
    fprintf(writer->out, "%s %.15g\n", name, value);
}

static const char *word_of(const struct da_source_setting *source)
{
    static const char *const words[] = {
        [DA_SOURCE_ZONE_FILE] = "zone-file", [DA_SOURCE_TRANSFER] = "transfer", [DA_SOURCE_DIRECTORY] = "directory",
        [DA_SOURCE_SERVER] = "server",       [DA_SOURCE_RESOLVER] = "resolver",
    };
    return source->remote ? "remote-resolver" : words[source->kind];
}

/* The labels of a source, without the braces. */
static void put_source(const struct writer *writer, size_t i)
{
    const struct da_source_setting *source = &writer->settings->sources[i];
    char origin[DA_NAME_TEXT_MAX];

    fprintf(writer->out, "kind=\"%s\",source=", word_of(source));
    da_metrics_put_label(source->text, writer->out);
    if (source->origin.length > 0) {
        fputs(",origin=", writer->out);
        da_metrics_put_label(da_words_name(&source->origin, origin), writer->out);
    }
}

/* ---- records ---- */

/* A metric of records: which of them it has, and what their value is; state is a label or NULL. */
struct family {
    const char *name, *help;
    bool has_states;
    bool (*value)(const struct writer *writer, size_t record, double *value);
};

static const struct da_round_record *record_at(const struct writer *writer, size_t record)
{
    return writer->round != NULL && is_told(&writer->round->records[record]) ? &writer->round->records[record] : NULL;
}

static bool present_value(const struct writer *writer, size_t record, double *value)
{
    const struct da_round_record *at = record_at(writer, record);

    if (at != NULL)
        *value = at->presence == DA_PRESENCE_RECORDS;
    return at != NULL;
}

static bool right_value(const struct writer *writer, size_t record, double *value)
{
    const struct da_round_record *at = record_at(writer, record);

    if (at != NULL)
        *value = at->right;
    return at != NULL;
}

static bool aging_value(const struct writer *writer, size_t record, double *value)
{
    const struct da_round_record *at = record_at(writer, record);

    if (at == NULL || at->presence != DA_PRESENCE_RECORDS)
        return false;
    *value = at->aging;
    return true;
}

static bool stale_value(const struct writer *writer, size_t record, double *value)
{
    const struct da_round_record *at = record_at(writer, record);

    if (at == NULL || at->stale_at == 0)
        return false;
    *value = (double)(at->stale_at - writer->round->now);
    return true;
}

static bool stale_time_value(const struct writer *writer, size_t record, double *value)
{
    const struct da_round_record *at = record_at(writer, record);

    if (at == NULL || at->stale_at == 0)
        return false;
    *value = (double)at->stale_at;
    return true;
}

static bool success_value(const struct writer *writer, size_t record, double *value)
{
    if (record >= writer->metrics->record_count || writer->metrics->records[record] == 0)
        return false;
    *value = (double)writer->metrics->records[record];
    return true;
}

static const struct family families[] = {
    {"directaccess_record_present", "Whether the source has records of this name and type.", false, present_value},
    {"directaccess_record_right", "Whether they are those of the deployment.", false, right_value},
    {"directaccess_record_aging", "Whether one of them is dynamic, or all are static: the state that is 1.", true,
     aging_value},
    {"directaccess_record_stale_seconds", "Seconds until the first of them becomes stale; below zero when it is.",
     false, stale_value},
    {"directaccess_record_stale_timestamp_seconds", "When the first of them becomes stale, in Unix time.", false,
     stale_time_value},
    {"directaccess_record_last_success_timestamp_seconds", "When the source last told about them, in Unix time.", false,
     success_value},
};

static void put_record(const struct writer *writer, const struct family *family, size_t source,
                       const struct da_rrset_cursor *cursor, const char *state, double value)
{
    char name[DA_NAME_TEXT_MAX];

    fprintf(writer->out, "%s{", family->name);
    put_source(writer, source);
    fputs(",name=", writer->out);
    da_metrics_put_label(da_words_name(&cursor->name, name), writer->out);
    fprintf(writer->out, ",type=\"%s\"", cursor->rrset->type == DA_TYPE_A ? "A" : "AAAA");
    if (state != NULL)
        fprintf(writer->out, ",state=\"%s\"", state);
    fprintf(writer->out, "} %.15g\n", value);
}

static void put_states(const struct writer *writer, const struct family *family, size_t source,
                       const struct da_rrset_cursor *cursor, enum da_aging aging)
{
    static const char *const states[] = {
        [DA_AGING_UNKNOWN] = "unknown", [DA_AGING_STATIC] = "static", [DA_AGING_DYNAMIC] = "dynamic"};

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        put_record(writer, family, source, cursor, states[i], i == aging);
}

static void put_family(const struct writer *writer, const struct family *family)
{
    size_t record = 0;
    double value;

    put_head(writer, family->name, "gauge", family->help);
    for (size_t i = 0; i < writer->settings->count; i++) {
        struct da_rrset_cursor cursor = {0};
        for (; da_record_set_next(writer->set, &cursor); record++) {
            /* Of resolvers of remote clients nothing is said but what they must not answer. */
            if (writer->settings->sources[i].remote || !family->value(writer, record, &value))
                continue;
            if (family->has_states)
                put_states(writer, family, i, &cursor, (enum da_aging)value);
            else
                put_record(writer, family, i, &cursor, NULL, value);
        }
    }
}

/* ---- all else ---- */

static void put_sources(const struct writer *writer)
{
    static const char up[] = "directaccess_source_up";
    static const char success[] = "directaccess_source_last_success_timestamp_seconds";

    put_head(writer, up, "gauge", "Whether the source told anything at the last look.");
    for (size_t i = 0; i < writer->settings->count; i++) {
        fprintf(writer->out, "%s{", up);
        put_source(writer, i);
        fprintf(writer->out, "} %d\n", writer->round != NULL && !writer->round->sources[i].failed);
    }
    put_head(writer, success, "gauge", "When it last told anything, in Unix time.");
    for (size_t i = 0; i < writer->settings->count; i++) {
        if (writer->metrics->sources[i] == 0)
            continue;
        fprintf(writer->out, "%s{", success);
        put_source(writer, i);
        fprintf(writer->out, "} %" PRId64 "\n", writer->metrics->sources[i]);
    }
}

static void put_findings(const struct writer *writer)
{
    static const char name[] = "directaccess_findings";

    put_head(writer, name, "gauge", "Findings of an audit of all sources, by severity.");
    for (int i = DA_SEVERITY_NOTE; writer->round != NULL && i < DA_SEVERITIES; i++)
        fprintf(writer->out, "%s{severity=\"%s\"} %zu\n", name, da_severity_text((enum da_severity)i),
                writer->round->counts[i]);
}

static void put_watch(const struct writer *writer)
{
    const struct da_metrics *metrics = writer->metrics;

    put_head(writer, "directaccess_deployment_info", "gauge",
             "The deployment that is watched: same fingerprint, same answers.");
    fprintf(writer->out, "directaccess_deployment_info{fingerprint=\"%s\",version=\"%s\"} 1\n",
            writer->set->fingerprint, DA_VERSION);
    put_single(
        writer, "directaccess_deployment_loaded", "gauge",
        "Whether the files of the watch could be loaded as they are now; if not, the last good ones are watched.",
        metrics->loaded);
    put_single(writer, "directaccess_watch_rounds_total", "counter", "Looks at all sources since the start.",
               (double)metrics->rounds);
    put_single(writer, "directaccess_watch_failed_rounds_total", "counter", "Those that could not be ended.",
               (double)metrics->failed_rounds);
    if (metrics->last_round != 0) {
        put_single(writer, "directaccess_watch_last_round_timestamp_seconds", "gauge",
                   "When the last look began that was ended, in Unix time.", (double)metrics->last_round);
        put_single(writer, "directaccess_watch_last_round_duration_seconds", "gauge", "How long it took.",
                   metrics->duration);
    }
    if (metrics->interval != 0)
        put_single(writer, "directaccess_watch_interval_seconds", "gauge", "From the start of a look to the next.",
                   metrics->interval);
}

void da_metrics_write(const struct da_metrics *metrics, const struct da_source_settings *settings,
                      const struct da_record_set *set, const struct da_round *round, FILE *out)
{
    const struct writer writer = {metrics, settings, set, round, out};

    put_sources(&writer);
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        put_family(&writer, &families[i]);
    put_findings(&writer);
    put_watch(&writer);
}
