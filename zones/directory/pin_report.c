#include "directory/pin_report.h"

#include "audit/report_words.h"
#include "json_text.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

#define FORMAT_VERSION 1

static const char *const acts[] = {
    [DA_PIN_KEEP] = "keep",     [DA_PIN_STATIC] = "static", [DA_PIN_ADD] = "add",     [DA_PIN_LEAVE] = "leave",
    [DA_PIN_DELETE] = "delete", [DA_PIN_MERGE] = "merge",   [DA_PIN_BURY] = "delete",
};

static const char *const states[DA_PIN_STATES] = {
    [DA_PIN_DONE] = "done",     [DA_PIN_CHANGE] = "change", [DA_PIN_CREATE] = "create",
    [DA_PIN_REVIVE] = "revive", [DA_PIN_REFUSE] = "refuse",
};

static const char *const results[DA_PIN_RESULTS] = {
    [DA_PIN_UNTRIED] = "not-tried", [DA_PIN_NOTHING] = "nothing",   [DA_PIN_WRITTEN] = "written",
    [DA_PIN_FAILED] = "failed",     [DA_PIN_UNKNOWN] = "not-known",
};

/* "A", "10.0.0.10". Returns text, "" for what is no address. */
static const char *address_of(const struct da_ad_record *record, char text[static DA_WORDS_RDATA_MAX])
{
    text[0] = '\0';
    if (record->type == DA_TYPE_A || record->type == DA_TYPE_AAAA)
        da_words_address(record->data, record->data_length, text);
    return text;
}

static const char *type_of(const struct da_ad_record *record, char text[static DA_WORDS_TYPE_MAX])
{
    if (record->type != DA_AD_TOMBSTONE)
        return da_words_type(record->type, text);
    snprintf(text, DA_WORDS_TYPE_MAX, "TOMBSTONE");
    return text;
}

/* ---- text ---- */

static void put_aging(const struct da_pin_node *node, const struct da_pin_record *record, FILE *out)
{
    char text[DA_AGING_TEXT_MAX];

    if (record->is.type == DA_AD_TOMBSTONE)
        fputs("says when the name was deleted", out);
    else if (record->act == DA_PIN_ADD)
        fprintf(out, "TTL %" PRIu32, record->is.ttl);
    else if (record->is.stamp == 0)
        fputs("is static", out);
    else
        fprintf(out, "is dynamic, stale from %s",
                da_aging_text(da_aging_stale(record->is.stamp, &node->zone->aging.intervals), text));
}

static void put_record(const struct da_pin_node *node, const struct da_pin_record *record, FILE *out)
{
    static const char *const why[] = {
        [DA_PIN_KEEP] = "",
        [DA_PIN_STATIC] = "",
        [DA_PIN_ADD] = "",
        [DA_PIN_LEAVE] = "; not in the deployment (--replace deletes it)",
        [DA_PIN_DELETE] = "; not in the deployment",
        [DA_PIN_MERGE] = "; there twice",
        [DA_PIN_BURY] = "",
    };
    char type[DA_WORDS_TYPE_MAX], text[DA_WORDS_RDATA_MAX];

    fprintf(out, "    %-6s  %-4s  %-24s  ", acts[record->act], type_of(&record->is, type),
            address_of(&record->is, text));
    put_aging(node, record, out);
    fprintf(out, "%s\n", why[record->act]);
}

static void put_node(const struct da_pin_node *node, FILE *out)
{
    static const char *const words[DA_PIN_STATES] = {
        [DA_PIN_DONE] = "nothing to do",
        [DA_PIN_CHANGE] = "change",
        [DA_PIN_CREATE] = "create: it is not there",
        [DA_PIN_REVIVE] = "revive: it was deleted",
        [DA_PIN_REFUSE] = "cannot be pinned",
    };
    const struct da_pin_plan *plan = &node->plan;
    char name[DA_NAME_TEXT_MAX];

    fprintf(out, "  %s: %s", da_words_name(&node->name, name), words[plan->state]);
    fprintf(out, "%s%s\n", plan->state == DA_PIN_REFUSE ? ": " : "", plan->state == DA_PIN_REFUSE ? plan->refusal : "");
    for (size_t i = 0; i < plan->record_count; i++)
        put_record(node, &plan->records[i], out);
    if (plan->others > 0)
        fprintf(out, "    and %zu record%s of other types, left alone\n", plan->others, da_words_plural(plan->others));
}

static void put_zone(const struct da_directory_zone *zone, FILE *out)
{
    static const char *const updates[] = {[DA_UPDATES_NONE] = "no updates",
                                          [DA_UPDATES_ANYBODY] = "updates by anybody",
                                          [DA_UPDATES_SECURE] = "secure updates"};
    char name[DA_NAME_TEXT_MAX];

    fprintf(out, "\nzone %s, ", da_words_name(&zone->aging.zone, name));
    if (zone->aging.enabled)
        fprintf(out, "aging (%" PRIu32 " + %" PRIu32 " hours)", zone->aging.intervals.no_refresh,
                zone->aging.intervals.refresh);
    else
        fputs("no aging", out);
    fprintf(out, ", %s\n", updates[zone->aging.updates]);
    da_words_put(zone->dn, out);
    fputc('\n', out);
    if (zone->fault[0] != '\0')
        fprintf(out, "its settings could not all be read: %s\n", zone->fault);
}

static size_t to_write(const struct da_pin_survey *survey)
{
    return survey->states[DA_PIN_CHANGE] + survey->states[DA_PIN_CREATE] + survey->states[DA_PIN_REVIVE];
}

static void put_plan(const struct da_pin_report *report)
{
    const struct da_pin_survey *survey = report->survey;
    const struct da_directory_zone *zone = NULL;
    size_t count = to_write(survey);

    da_words_put(report->directory, report->out);
    fprintf(report->out, ": %zu of %zu name%s to be written\n", count, survey->node_count,
            da_words_plural(survey->node_count));
    for (size_t i = 0; i < survey->node_count; i++) {
        if (survey->nodes[i].zone != zone)
            put_zone(survey->nodes[i].zone, report->out);
        zone = survey->nodes[i].zone;
        put_node(&survey->nodes[i], report->out);
    }
    fputc('\n', report->out);
}

/* True where a record that is pinned may be stamped again. */
static bool is_stamped_again(const struct da_pin_survey *survey)
{
    for (size_t i = 0; i < survey->node_count; i++)
        if (survey->nodes[i].zone->aging.enabled && survey->nodes[i].zone->aging.updates != DA_UPDATES_NONE)
            return true;
    return false;
}

static void put_notes(const struct da_pin_report *report)
{
    const struct da_pin_survey *survey = report->survey;
    char name[DA_NAME_TEXT_MAX];

    for (size_t i = 0; i < survey->blocked_count && i < DA_PIN_BLOCKED; i++)
        fprintf(report->out, "%s has records, though it is to be blocked: \"dadns audit\" tells more\n",
                da_words_name(&survey->blocked[i], name));
    if (survey->blocked_count > DA_PIN_BLOCKED)
        fprintf(report->out, "and %zu more such names\n", survey->blocked_count - DA_PIN_BLOCKED);
    if (is_stamped_again(survey))
        da_text_wrap(report->out, "", "",
                     "If a host keeps registering one of these names dynamically, the server stamps its records again, "
                     "and they age again: \"dadns audit --directory\" tells.");
}

static void put_end(const struct da_pin_report *report)
{
    const struct da_pin_survey *survey = report->survey;
    const size_t *count = report->results;

    put_notes(report);
    if (survey->states[DA_PIN_DONE] == survey->node_count && count[DA_PIN_FAILED] + count[DA_PIN_UNKNOWN] == 0)
        da_text_wrap(report->out, "", "",
                     "Nothing is to be done: all that the deployment publishes is there, and static.");
    else if (!report->apply)
        da_text_wrap(report->out, "", "",
                     to_write(survey) > 0 ? "Nothing was written. To write this, give the same command with --apply."
                                          : "Nothing was written.");
    else
        fprintf(report->out,
                "%zu written and read again, %zu had nothing to do, %zu failed, %zu not known, %zu not tried\n",
                count[DA_PIN_WRITTEN], count[DA_PIN_NOTHING], count[DA_PIN_FAILED], count[DA_PIN_UNKNOWN],
                count[DA_PIN_UNTRIED]);
}

/* ---- JSON ---- */

static json_t *json_hex(const struct da_octets *value)
{
    char hex[2 * DA_AD_ADDRESS_MAX + 1];

    if (value->length > DA_AD_ADDRESS_MAX)
        return json_null(); /* no address */
    for (size_t i = 0; i < value->length; i++)
        snprintf(hex + 2 * i, 3, "%02x", value->octets[i]);
    return json_stringn(hex, 2 * value->length);
}

static json_t *json_record(const struct da_pin_node *node, const struct da_pin_record *record)
{
    char text[DA_WORDS_RDATA_MAX], type[DA_WORDS_TYPE_MAX], stale[DA_AGING_TEXT_MAX];
    json_t *object = json_object();

    da_json_set(&object, "act", json_string(acts[record->act]));
    da_json_set(&object, "type", json_string(type_of(&record->is, type)));
    if (address_of(&record->is, text)[0] != '\0')
        da_json_set(&object, "address", json_string(text));
    da_json_set(&object, "ttl", json_integer(record->is.ttl));
    da_json_set(&object, "stamp", json_integer(record->is.stamp));
    if (record->is.stamp != 0)
        da_json_set(&object, "stale-at",
                    json_string(da_aging_text(da_aging_stale(record->is.stamp, &node->zone->aging.intervals), stale)));
    if (record->before.length > 0)
        da_json_set(&object, "before", json_hex(&record->before));
    if (record->after.length > 0)
        da_json_set(&object, "after", json_hex(&record->after));
    return object;
}

static json_t *json_node(const struct da_pin_node *node)
{
    char text[DA_NAME_TEXT_MAX];
    json_t *object = json_object(), *records = json_array();

    for (size_t i = 0; records != NULL && i < node->plan.record_count; i++) {
        if (json_array_append_new(records, json_record(node, &node->plan.records[i])) == 0)
            continue;
        json_decref(records);
        records = NULL;
    }
    da_json_set(&object, "name", json_string(da_name_to_text(&node->name, text)));
    da_json_set(&object, "zone", json_string(da_name_to_text(&node->zone->aging.zone, text)));
    if (node->node.dn != NULL)
        da_json_set(&object, "dn", da_json_text(node->node.dn));
    da_json_set(&object, "plan", json_string(states[node->plan.state]));
    if (node->plan.state == DA_PIN_REFUSE)
        da_json_set(&object, "refusal", json_string(node->plan.refusal));
    da_json_set(&object, "records", records);
    da_json_set(&object, "others", json_integer((json_int_t)node->plan.others));
    return object;
}

static json_t *json_zone(const struct da_directory_zone *zone)
{
    static const char *const updates[] = {
        [DA_UPDATES_NONE] = "none", [DA_UPDATES_ANYBODY] = "anybody", [DA_UPDATES_SECURE] = "secure"};
    char text[DA_NAME_TEXT_MAX];
    json_t *object = json_object();

    da_json_set(&object, "name", json_string(da_name_to_text(&zone->aging.zone, text)));
    da_json_set(&object, "dn", da_json_text(zone->dn));
    da_json_set(&object, "aging", json_boolean(zone->aging.enabled));
    da_json_set(&object, "no-refresh", json_integer(zone->aging.intervals.no_refresh));
    da_json_set(&object, "refresh", json_integer(zone->aging.intervals.refresh));
    da_json_set(&object, "updates", json_string(updates[zone->aging.updates]));
    return object;
}

static json_t *json_zones(const struct da_pin_survey *survey)
{
    json_t *array = json_array();

    for (size_t i = 0; array != NULL && i < survey->zones.count; i++) {
        if (json_array_append_new(array, json_zone(&survey->zones.zones[i])) == 0)
            continue;
        json_decref(array);
        array = NULL;
    }
    return array;
}

static enum da_status write_head(const struct da_pin_report *report)
{
    const struct {
        const char *name;
        json_t *value;
    } members[] = {
        {"format", json_integer(FORMAT_VERSION)},         {"generator", json_string("directaccess-dns " DA_VERSION)},
        {"deployment", da_json_text(report->deployment)}, {"fingerprint", json_string(report->set->fingerprint)},
        {"directory", da_json_text(report->directory)},   {"apply", json_boolean(report->apply)},
        {"replace", json_boolean(report->replace)},       {"zones", json_zones(report->survey)},
    };
    enum da_status status = DA_OK;

    fputs("{\n", report->out);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (status == DA_OK)
            status = da_json_write_member(members[i].name, members[i].value, report->out);
        else
            json_decref(members[i].value);
    }
    fputs("  \"names\": [", report->out);
    return status;
}

static json_t *json_counts(const char *const *names, const size_t *counts, size_t length)
{
    json_t *object = json_object();

    for (size_t i = 0; i < length; i++)
        da_json_set(&object, names[i], json_integer((json_int_t)counts[i]));
    return object;
}

static enum da_status write_end(const struct da_pin_report *report)
{
    const struct da_pin_survey *survey = report->survey;

    fputs("\n  ],\n", report->out);
    enum da_status status =
        da_json_write_member("blocked", json_integer((json_int_t)survey->blocked_count), report->out);
    if (status == DA_OK)
        status = da_json_write_member("results", json_counts(results, report->results, DA_PIN_RESULTS), report->out);
    if (status != DA_OK)
        return status;
    fputs("  \"plans\": ", report->out);
    status = da_json_write(json_counts(states, survey->states, DA_PIN_STATES), report->out);
    fputs("\n}\n", report->out);
    return status;
}

/* ---- both ---- */

static enum da_status written(const struct da_pin_report *report, enum da_status status)
{
    return status == DA_OK && ferror(report->out) ? DA_ERR_IO : status;
}

enum da_status da_pin_report_begin(struct da_pin_report *report)
{
    if (report->json)
        return written(report, write_head(report));
    put_plan(report);
    return written(report, DA_OK);
}

enum da_status da_pin_report_plan(struct da_pin_report *report, const struct da_pin_node *node)
{
    if (!report->json)
        return DA_OK;
    report->name = json_node(node);
    return report->name != NULL ? DA_OK : DA_ERR_MEMORY;
}

enum da_status da_pin_report_result(struct da_pin_report *report, enum da_pin_result result,
                                    const struct da_error *error)
{
    report->results[result]++;
    if (!report->json)
        return DA_OK;
    da_json_set(&report->name, "result", json_string(results[result]));
    if (error != NULL)
        da_json_set(&report->name, "error", da_json_text(error->text));
    fputs(report->heard++ == 0 ? "\n    " : ",\n    ", report->out);
    json_t *name = report->name;
    report->name = NULL;
    return written(report, da_json_write(name, report->out));
}

enum da_status da_pin_report_end(struct da_pin_report *report)
{
    enum da_status status = DA_OK;

    if (report->json)
        status = write_end(report);
    else
        put_end(report);
    return fflush(report->out) == 0 ? written(report, status) : DA_ERR_IO;
}

void da_pin_report_clear(struct da_pin_report *report)
{
    json_decref(report->name);
    report->name = NULL;
}
