/* The report for programs: packaging/manual/audit.md tells its schema. Each source, suffix and finding is a line, and
 * is written as soon as it is made: memory does not grow with their number. */
#include "audit/report_table.h"
#include "json_text.h"

#include <stdlib.h>
#include <string.h>

#define FORMAT_VERSION 1

static const char *const states[] = {"ok", "warning", "critical", "unknown"}; /* by exit status */

static json_t *json_name(const struct da_name *name)
{
    char text[DA_NAME_TEXT_MAX];

    return json_string(da_name_to_text(name, text));
}

static json_t *json_time(int64_t unix_time)
{
    char text[DA_AGING_TEXT_MAX];

    return json_string(da_aging_text(unix_time, text));
}

static json_t *json_type_of(uint16_t type)
{
    char text[DA_WORDS_TYPE_MAX];

    return json_string(da_words_type(type, text));
}

static json_t *json_rdata(const struct da_found *found)
{
    char text[DA_WORDS_RDATA_MAX];

    return json_string(da_words_rdata(found, text));
}

static json_t *json_address(const struct da_finding *finding)
{
    char text[DA_WORDS_RDATA_MAX];

    return json_string(da_words_address(finding->address, finding->address_length, text));
}

static void set_place(json_t **object, const struct da_place *place)
{
    if (place->file != NULL)
        da_json_set(object, "file", da_json_text(place->file));
    if (place->file != NULL && place->line > 0)
        da_json_set(object, "line", json_integer((json_int_t)place->line));
}

/* ---- what the directory tells ---- */

static json_t *json_zone(const struct da_zone_aging *zone)
{
    static const char *const updates[] = {
        [DA_UPDATES_NONE] = "none",
        [DA_UPDATES_ANYBODY] = "nonsecure-and-secure",
        [DA_UPDATES_SECURE] = "secure-only",
    };
    json_t *object = json_object();

    da_json_set(&object, "name", json_name(&zone->zone));
    da_json_set(&object, "aging", json_boolean(zone->enabled));
    da_json_set(&object, "no-refresh", json_integer(zone->intervals.no_refresh));
    da_json_set(&object, "refresh", json_integer(zone->intervals.refresh));
    if (zone->scavenged_from > 0)
        da_json_set(&object, "scavenged-from", json_time(zone->scavenged_from));
    da_json_set(&object, "updates", json_string(updates[zone->updates]));
    return object;
}

static json_t *json_node(const struct da_node *node)
{
    json_t *object = json_object();

    da_json_set(&object, "name", json_name(&node->owner));
    da_json_set(&object, "tombstoned", json_boolean(node->is_tombstoned));
    if (node->deleted_at != 0)
        da_json_set(&object, "deleted-at", json_time(node->deleted_at));
    if (node->holder[0] != '\0')
        da_json_set(&object, "holder", da_json_text(node->holder));
    return object;
}

/* Appends to an array that is gone where memory ran out. */
static void append(json_t **array, json_t *value)
{
    if (*array == NULL) {
        json_decref(value);
    } else if (json_array_append_new(*array, value) != 0) {
        json_decref(*array);
        *array = NULL;
    }
}

static void set_directory(json_t **object, const struct da_collection *collection)
{
    json_t *zones = json_array(), *nodes = json_array();

    for (size_t i = 0; i < collection->zone_count; i++)
        append(&zones, json_zone(&collection->zones[i]));
    for (size_t i = 0; i < collection->node_count; i++)
        append(&nodes, json_node(&collection->nodes[i]));
    da_json_set(object, "zones", zones);
    da_json_set(object, "nodes", nodes);
}

/* ---- sources ---- */

static json_t *json_doubt(const struct da_doubt *doubt)
{
    json_t *object = json_object();

    da_json_set(&object, "text", da_json_text(doubt->text));
    if (doubt->one_name)
        da_json_set(&object, "name", json_name(&doubt->name));
    set_place(&object, &doubt->place);
    return object;
}

static json_t *json_doubts(const struct da_collection *collection)
{
    json_t *array = json_array();

    for (size_t i = 0; i < collection->doubt_count; i++)
        append(&array, json_doubt(&collection->doubts[i]));
    return array;
}

static json_t *json_source(const struct da_collection *collection)
{
    static const char *const kinds[] = {
        [DA_SOURCE_ZONE_FILE] = "zone-file", [DA_SOURCE_TRANSFER] = "transfer", [DA_SOURCE_DIRECTORY] = "directory",
        [DA_SOURCE_SERVER] = "server",       [DA_SOURCE_RESOLVER] = "resolver",
    };
    json_t *object = json_object();

    da_json_set(&object, "kind", json_string(kinds[collection->kind]));
    da_json_set(&object, "title", da_json_text(collection->title));
    da_json_set(&object, "remote", json_boolean(collection->remote));
    da_json_set(&object, "ages", json_boolean(collection->ages));
    if (collection->origin.length > 0)
        da_json_set(&object, "origin", json_name(&collection->origin));
    da_json_set(&object, "failed", json_boolean(collection->failed));
    if (collection->failed)
        da_json_set(&object, "failure", da_json_text(collection->failure));
    if (collection->lines > 0)
        da_json_set(&object, "lines", json_integer((json_int_t)collection->lines));
    da_json_set(&object, "doubts", json_doubts(collection));
    if (collection->kind == DA_SOURCE_DIRECTORY)
        set_directory(&object, collection);
    return object;
}

static enum da_status write_sources(const struct da_check_request *request, FILE *out)
{
    enum da_status status = DA_OK;

    fputs("  \"sources\": [", out);
    for (size_t i = 0; status == DA_OK && i < request->collection_count; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        status = da_json_write(json_source(request->collections[i]), out);
    }
    fputs(request->collection_count > 0 ? "\n  ],\n" : "],\n", out);
    return status;
}

/* ---- suffixes ---- */

static json_t *json_suffix(const struct da_name *suffix, enum da_severity worst)
{
    json_t *object = json_object();

    da_json_set(&object, "name", json_name(suffix));
    da_json_set(&object, "worst", worst == DA_SEVERITY_SILENT ? json_null() : json_string(da_severity_text(worst)));
    return object;
}

static enum da_status write_suffixes(const struct da_report_index *index, FILE *out)
{
    const struct da_record_set *record_set = index->audit->request.set;
    enum da_status status = DA_OK;

    fputs("  \"suffixes\": [", out);
    for (size_t i = 0; status == DA_OK && i < record_set->suffix_count; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        status = da_json_write(json_suffix(&record_set->suffixes[i], index->worst[i]), out);
    }
    fputs("\n  ],\n", out);
    return status;
}

/* ---- records ---- */

static const char *aging_text(enum da_aging aging)
{
    static const char *const texts[] = {
        [DA_AGING_UNKNOWN] = "unknown",
        [DA_AGING_STATIC] = "static",
        [DA_AGING_DYNAMIC] = "dynamic",
    };
    return texts[aging];
}

static void set_found(json_t **object, const struct da_found *found)
{
    da_json_set(object, "found", found->rdata_length > 0 ? json_rdata(found) : json_null());
    if (found->has_ttl)
        da_json_set(object, "ttl", json_integer(found->ttl));
    da_json_set(object, "aging", json_string(aging_text(found->aging)));
    if (found->aging == DA_AGING_DYNAMIC)
        da_json_set(object, "stamp", json_time(da_aging_time(found->stamp)));
}

static json_t *json_record(const struct da_check_request *request, size_t source, const struct da_found *found)
{
    json_t *object = json_object();
    int64_t stale_at;

    da_json_set(&object, "source", json_integer((json_int_t)source));
    da_json_set(&object, "name", json_name(found->owner));
    da_json_set(&object, "type", json_type_of(found->type));
    set_found(&object, found);
    if (da_stale_at(request, request->collections[source], found, &stale_at))
        da_json_set(&object, "stale-at", json_time(stale_at));
    set_place(&object, &found->place);
    return object;
}

/* Of the deployment's names, whether published or not. */
static bool is_shown(const struct da_check_request *request, const struct da_found *found)
{
    return (found->type == DA_TYPE_A || found->type == DA_TYPE_AAAA) &&
           da_names_label_of(request->names, found->owner) != NULL;
}

static enum da_status write_records(const struct da_check_request *request, FILE *out)
{
    const char *before = "\n    ";
    enum da_status status = DA_OK;

    fputs("  \"records\": [", out);
    for (size_t i = 0; i < request->collection_count; i++) {
        const struct da_collection *collection = request->collections[i];
        for (size_t j = 0; status == DA_OK && j < collection->record_count; j++) {
            if (!is_shown(request, &collection->records[j]))
                continue;
            fputs(before, out);
            before = ",\n    ";
            status = da_json_write(json_record(request, i, &collection->records[j]), out);
        }
    }
    fputs(before[0] == ',' ? "\n  ],\n" : "],\n", out);
    return status;
}

/* ---- findings ---- */

static size_t source_index(const struct da_check_request *request, const struct da_collection *collection)
{
    size_t i = 0;

    while (i < request->collection_count && request->collections[i] != collection)
        i++;
    return i;
}

static const char *remedy_text(enum da_remedy remedy)
{
    static const char *const texts[] = {
        [DA_REMEDY_NONE] = "none", [DA_REMEDY_ADD] = "add",       [DA_REMEDY_DELETE] = "delete",
        [DA_REMEDY_TTL] = "ttl",   [DA_REMEDY_STATIC] = "static",
    };
    return texts[remedy];
}

static json_t *json_finding(const struct da_audit *audit, const struct da_finding *finding)
{
    const struct da_finding_kind *kind = &da_finding_kinds[finding->code];
    const uint16_t type = finding->type == 0 && finding->found != NULL ? finding->found->type : finding->type;
    json_t *object = json_object();

    da_json_set(&object, "code", json_string(kind->code));
    da_json_set(&object, "severity", json_string(da_severity_text(finding->severity)));
    da_json_set(&object, "message", json_string(kind->message));
    if (finding->detail[0] != '\0')
        da_json_set(&object, "detail", da_json_text(finding->detail));
    if (finding->collection != NULL)
        da_json_set(&object, "source", json_integer((json_int_t)source_index(&audit->request, finding->collection)));
    if (finding->suffix != DA_NO_SUFFIX)
        da_json_set(&object, "suffix", json_name(&audit->request.set->suffixes[finding->suffix]));
    if (finding->name.length > 0)
        da_json_set(&object, "name", json_name(&finding->name));
    if (type != 0)
        da_json_set(&object, "type", json_type_of(type));
    if (finding->found != NULL)
        set_found(&object, finding->found);
    if (finding->address_length > 0)
        da_json_set(&object, "expected", json_address(finding));
    if (finding->stale_at != 0)
        da_json_set(&object, "stale-at", json_time(finding->stale_at));
    set_place(&object, &finding->place);
    da_json_set(&object, "remedy", json_string(remedy_text(kind->remedy)));
    return object;
}

static enum da_status write_findings(const struct da_audit *audit, FILE *out)
{
    enum da_status status = DA_OK;

    fputs("  \"findings\": [", out);
    for (size_t i = 0; status == DA_OK && i < audit->finding_count; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        status = da_json_write(json_finding(audit, &audit->findings[i]), out);
    }
    fputs(audit->finding_count > 0 ? "\n  ]\n" : "]\n", out);
    return status;
}

/* ---- the whole ---- */

static json_t *json_counts(const struct da_audit *audit)
{
    json_t *object = json_object();

    for (int severity = DA_SEVERITIES - 1; severity > DA_SEVERITY_SILENT; severity--)
        da_json_set(&object, da_severity_text((enum da_severity)severity),
                    json_integer((json_int_t)audit->counts[severity]));
    return object;
}

static json_t *json_intervals(const struct da_intervals *intervals)
{
    return json_pack("{s:I, s:I}", "no-refresh", (json_int_t)intervals->no_refresh, "refresh",
                     (json_int_t)intervals->refresh);
}

static enum da_status write_head(const struct da_audit *audit, FILE *out)
{
    const struct da_check_request *request = &audit->request;
    const struct da_json_member members[] = {
        {"format", json_integer(FORMAT_VERSION)},
        {"generator", json_string("directaccess-dns " DA_VERSION)},
        {"deployment", da_json_text(audit->deployment_title)},
        {"fingerprint", json_string(request->set->fingerprint)},
        {"now", json_time(request->now)},
        {"intervals", json_intervals(&request->intervals)},
        {"status", json_string(states[da_audit_exit(audit)])},
        {"exit", json_integer(da_audit_exit(audit))},
        {"counts", json_counts(audit)},
    };

    return da_json_write_members(members, sizeof(members) / sizeof(members[0]), out);
}

enum da_status da_report_json(const struct da_audit *audit, FILE *out)
{
    struct da_report_index index;
    enum da_status status = da_report_index_make(audit, &index);

    if (status == DA_OK) {
        fputs("{\n", out);
        status = write_head(audit, out);
    }
    if (status == DA_OK)
        status = write_sources(&audit->request, out);
    if (status == DA_OK)
        status = write_suffixes(&index, out);
    if (status == DA_OK)
        status = write_records(&audit->request, out);
    if (status == DA_OK)
        status = write_findings(audit, out);
    da_report_index_clear(&index);
    if (status == DA_OK && (fputs("}\n", out) < 0 || ferror(out)))
        status = DA_ERR_IO;
    return status;
}
