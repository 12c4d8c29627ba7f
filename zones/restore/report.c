#include "restore/report.h"

#include "audit/aging.h"
#include "audit/report_words.h"
#include "command.h"
#include "json_text.h"
#include "text.h"

#include <string.h>

#define FORMAT_VERSION 1
#define SHOWN          8 /* addresses in a line of text */

static const char *const result_codes[DA_RESTORE_RESULTS] = {
    [DA_RESTORE_THERE] = "already-there",
    [DA_RESTORE_RESTORED] = "restored",
    [DA_RESTORE_FAILED] = "failed",
};

/* Which addresses. */
enum which { WHICH_RESTORED, WHICH_WRONG };

/* Address number *index, counting from there on, that is one of them; index becomes that of the one behind it. NULL at
 * the end. */
static const uint8_t *next_address(const struct da_restore_item *item, enum which which, size_t *index)
{
    const struct da_rrset *rrset = item->cursor->rrset;

    if (which == WHICH_RESTORED) {
        for (; item->result == DA_RESTORE_RESTORED && *index < rrset->count; (*index)++)
            if (da_need_is_missing(item->before, rrset, *index))
                return rrset->rdata + (*index)++ * rrset->rdata_length;
        return NULL;
    }
    for (; *index < item->after->found_count; (*index)++)
        if (da_need_is_wrong(item->after, rrset, *index))
            return item->after->found[(*index)++].rdata;
    return NULL;
}

/* The Unix time from which on what is added now is stale, in a zone with the default intervals. */
static int64_t stale_from(const struct da_restore_report *report)
{
    static const struct da_intervals intervals = {DA_AGING_INTERVAL_DEFAULT, DA_AGING_INTERVAL_DEFAULT};
    return da_aging_stale((uint32_t)da_aging_hour(report->now), &intervals);
}

void da_restore_statement(FILE *out, const char *first, const char *other, const char *when)
{
    char text[400];

    snprintf(text, sizeof(text),
             "In Active Directory a record that an update adds is dynamic, and ages again: where scavenging is on and "
             "the zone has the default intervals, it may be deleted %s. \"dadns pin\" makes it static.",
             when);
    da_text_wrap(out, first, other, text);
}

/* ---- text ---- */

static void print_addresses(const struct da_restore_item *item, enum which which, const char *before, FILE *out)
{
    const struct da_rrset *rrset = item->cursor->rrset;
    char text[DA_WORDS_RDATA_MAX];
    const uint8_t *address;
    size_t count = 0;

    for (size_t i = 0; (address = next_address(item, which, &i)) != NULL; count++)
        if (count < SHOWN)
            fprintf(out, "%s %s", count == 0 ? before : "", da_words_address(address, rrset->rdata_length, text));
    if (count > SHOWN)
        fprintf(out, " and %zu more", count - SHOWN);
}

static void print_item(const struct da_restore_item *item, FILE *out)
{
    static const char *const words[DA_RESTORE_RESULTS] = {"already there", "restored", "failed"};
    char name[DA_NAME_TEXT_MAX], type[DA_WORDS_TYPE_MAX];

    fprintf(out, "%s %s: %s", da_words_name(&item->cursor->name, name), da_words_type(item->cursor->rrset->type, type),
            words[item->result]);
    print_addresses(item, WHICH_RESTORED, ":", out);
    if (item->result == DA_RESTORE_FAILED)
        fprintf(out, ": %s", item->why);
    print_addresses(item, WHICH_WRONG, "; wrong beside it, and left:", out);
    fputc('\n', out);
}

static void print_end(const struct da_restore_report *report)
{
    FILE *out = report->out;
    char when[64], time[DA_AGING_TEXT_MAX];

    fprintf(out, "\n%zu restored, %zu already there, %zu failed\n", report->counts[DA_RESTORE_RESTORED],
            report->counts[DA_RESTORE_THERE], report->counts[DA_RESTORE_FAILED]);
    if (report->wrong > 0) {
        fputc('\n', out);
        da_text_wrap(out, "", "", "Nothing is deleted here. This prints commands that do, with the same --key-file:");
        bool is_input = strcmp(report->deployment, da_deployment_title("-")) == 0;
        fprintf(out, "  dadns audit --server %s --fix nsupdate %s\n", report->server,
                is_input ? "DEPLOYMENT" : report->deployment);
    }
    if (report->counts[DA_RESTORE_RESTORED] > 0) {
        snprintf(when, sizeof(when), "from %s on", da_aging_text(stale_from(report), time));
        fputc('\n', out);
        da_restore_statement(out, "", "", when);
    }
}

/* ---- JSON ---- */

static json_t *json_addresses(const struct da_restore_item *item, enum which which)
{
    char text[DA_WORDS_RDATA_MAX];
    json_t *array = json_array();
    const uint8_t *address;

    for (size_t i = 0; array != NULL && (address = next_address(item, which, &i)) != NULL;) {
        if (json_array_append_new(array,
                                  json_string(da_words_address(address, item->cursor->rrset->rdata_length, text))) == 0)
            continue;
        json_decref(array);
        array = NULL;
    }
    return array;
}

static json_t *json_item(const struct da_restore_item *item)
{
    char text[DA_NAME_TEXT_MAX], type[DA_WORDS_TYPE_MAX];
    json_t *object = json_object();

    da_json_set(&object, "suffix", json_string(da_name_to_text(item->cursor->suffix, text)));
    da_json_set(&object, "name", json_string(da_name_to_text(&item->cursor->name, text)));
    da_json_set(&object, "type", json_string(da_words_type(item->cursor->rrset->type, type)));
    da_json_set(&object, "result", json_string(result_codes[item->result]));
    if (item->result == DA_RESTORE_FAILED)
        da_json_set(&object, "reason", da_json_text(item->why));
    da_json_set(&object, "restored", json_addresses(item, WHICH_RESTORED));
    da_json_set(&object, "wrong", json_addresses(item, WHICH_WRONG));
    return object;
}

static enum da_status write_head(const struct da_restore_report *report)
{
    const struct {
        const char *name;
        json_t *value;
    } members[] = {
        {"format", json_integer(FORMAT_VERSION)},         {"generator", json_string("directaccess-dns " DA_VERSION)},
        {"deployment", da_json_text(report->deployment)}, {"fingerprint", json_string(report->set->fingerprint)},
        {"server", da_json_text(report->server)},
    };
    enum da_status status = DA_OK;

    fputs("{\n", report->out);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (status == DA_OK)
            status = da_json_write_member(members[i].name, members[i].value, report->out);
        else
            json_decref(members[i].value);
    }
    fputs("  \"rrsets\": [", report->out);
    return status;
}

static enum da_status write_end(const struct da_restore_report *report)
{
    char time[DA_AGING_TEXT_MAX];
    json_t *counts = json_object();
    const bool aged = report->counts[DA_RESTORE_RESTORED] > 0;

    for (size_t i = 0; i < DA_RESTORE_RESULTS; i++)
        da_json_set(&counts, result_codes[i], json_integer((json_int_t)report->counts[i]));
    fputs("\n  ],\n", report->out);
    enum da_status status = da_json_write_member("counts", counts, report->out);
    if (status != DA_OK)
        return status;
    fputs("  \"stale-from\": ", report->out);
    status = da_json_write(aged ? json_string(da_aging_text(stale_from(report), time)) : json_null(), report->out);
    fputs("\n}\n", report->out);
    return status;
}

/* ---- both ---- */

/* What is told is seen at once, also where the program ends before its time. */
static enum da_status written(const struct da_restore_report *report, enum da_status status)
{
    bool is_written = fflush(report->out) == 0 && !ferror(report->out);
    return status == DA_OK && !is_written ? DA_ERR_IO : status;
}

enum da_status da_restore_report_begin(struct da_restore_report *report)
{
    return written(report, report->json ? write_head(report) : DA_OK);
}

enum da_status da_restore_report_item(struct da_restore_report *report, const struct da_restore_item *item)
{
    const bool is_first = report->counts[0] + report->counts[1] + report->counts[2] == 0;
    enum da_status status = DA_OK;

    report->counts[item->result]++;
    report->wrong += item->after->wrong > 0;
    if (report->json) {
        fputs(is_first ? "\n    " : ",\n    ", report->out);
        status = da_json_write(json_item(item), report->out);
    } else {
        print_item(item, report->out);
    }
    return written(report, status);
}

enum da_status da_restore_report_end(struct da_restore_report *report)
{
    if (report->json)
        return written(report, write_end(report));
    print_end(report);
    return written(report, DA_OK);
}
