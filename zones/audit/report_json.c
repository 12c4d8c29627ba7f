/* The report for programs: packaging/manual/audit.md tells its schema. Each source, suffix and finding is a line, and
 * is written as soon as it is made: memory does not grow with their number. */
#include "audit/report_table.h"
#include "json_text.h"

#include <stdlib.h>
#include <string.h>

#define FORMAT_VERSION 1

static const char *const states[] = {"ok", "warning", "critical", "unknown"}; /* by exit status */

/* A string of text that need not be UTF-8; NULL = out of memory. */
static json_t *json_text(const char *text)
{
    char *shown = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&shown, &length);

    if (memory == NULL)
        return NULL;
    da_words_put(text, memory);
    json_t *string = fclose(memory) == 0 ? json_stringn(shown, length) : NULL;
    free(shown);
    return string;
}

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

/* An object that is being made; it is gone where memory ran out. */
static void set(json_t **object, const char *member, json_t *value)
{
    if (*object != NULL && json_object_set_new(*object, member, value) == 0)
        return;
    if (*object == NULL)
        json_decref(value);
    json_decref(*object);
    *object = NULL;
}

/* ---- sources ---- */

static void set_place(json_t **object, const struct da_place *place)
{
    if (place->file != NULL)
        set(object, "file", json_text(place->file));
    if (place->file != NULL && place->line > 0)
        set(object, "line", json_integer((json_int_t)place->line));
}

static json_t *json_doubt(const struct da_doubt *doubt)
{
    json_t *object = json_object();

    set(&object, "text", json_text(doubt->text));
    if (doubt->one_name)
        set(&object, "name", json_name(&doubt->name));
    set_place(&object, &doubt->place);
    return object;
}

static json_t *json_doubts(const struct da_collection *collection)
{
    json_t *array = json_array();

    for (size_t i = 0; array != NULL && i < collection->doubt_count; i++) {
        if (json_array_append_new(array, json_doubt(&collection->doubts[i])) == 0)
            continue;
        json_decref(array);
        array = NULL;
    }
    return array;
}

static json_t *json_source(const struct da_collection *collection)
{
    static const char *const kinds[] = {
        [DA_SOURCE_ZONE_FILE] = "zone-file",
        [DA_SOURCE_TRANSFER] = "transfer",
        [DA_SOURCE_SERVER] = "server",
        [DA_SOURCE_RESOLVER] = "resolver",
    };
    json_t *object = json_object();

    set(&object, "kind", json_string(kinds[collection->kind]));
    set(&object, "title", json_text(collection->title));
    set(&object, "remote", json_boolean(collection->remote));
    set(&object, "ages", json_boolean(collection->ages));
    if (collection->origin.length > 0)
        set(&object, "origin", json_name(&collection->origin));
    set(&object, "failed", json_boolean(collection->failed));
    if (collection->failed)
        set(&object, "failure", json_text(collection->failure));
    if (collection->lines > 0)
        set(&object, "lines", json_integer((json_int_t)collection->lines));
    set(&object, "doubts", json_doubts(collection));
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

    set(&object, "name", json_name(suffix));
    set(&object, "worst", worst == DA_SEVERITY_SILENT ? json_null() : json_string(da_severity_text(worst)));
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

/* ---- findings ---- */

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
    set(object, "found", found->rdata_length > 0 ? json_rdata(found) : json_null());
    if (found->has_ttl)
        set(object, "ttl", json_integer(found->ttl));
    set(object, "aging", json_string(aging_text(found->aging)));
    if (found->aging == DA_AGING_DYNAMIC)
        set(object, "stamp", json_time(da_aging_time(found->stamp)));
}

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

    set(&object, "code", json_string(kind->code));
    set(&object, "severity", json_string(da_severity_text(finding->severity)));
    set(&object, "message", json_string(kind->message));
    if (finding->detail[0] != '\0')
        set(&object, "detail", json_text(finding->detail));
    if (finding->collection != NULL)
        set(&object, "source", json_integer((json_int_t)source_index(&audit->request, finding->collection)));
    if (finding->suffix != DA_NO_SUFFIX)
        set(&object, "suffix", json_name(&audit->request.set->suffixes[finding->suffix]));
    if (finding->name.length > 0)
        set(&object, "name", json_name(&finding->name));
    if (type != 0)
        set(&object, "type", json_type_of(type));
    if (finding->found != NULL)
        set_found(&object, finding->found);
    if (finding->address_length > 0)
        set(&object, "expected", json_address(finding));
    if (finding->stale_at != 0)
        set(&object, "stale-at", json_time(finding->stale_at));
    set_place(&object, &finding->place);
    set(&object, "remedy", json_string(remedy_text(kind->remedy)));
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
        set(&object, da_severity_text((enum da_severity)severity), json_integer((json_int_t)audit->counts[severity]));
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
    const struct {
        const char *name;
        json_t *value;
    } members[] = {
        {"format", json_integer(FORMAT_VERSION)},
        {"generator", json_string("directaccess-dns " DA_VERSION)},
        {"deployment", json_text(audit->deployment_title)},
        {"fingerprint", json_string(request->set->fingerprint)},
        {"now", json_time(request->now)},
        {"intervals", json_intervals(&request->intervals)},
        {"status", json_string(states[da_audit_exit(audit)])},
        {"exit", json_integer(da_audit_exit(audit))},
        {"counts", json_counts(audit)},
    };
    enum da_status status = DA_OK;

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (status == DA_OK)
            status = da_json_write_member(members[i].name, members[i].value, out);
        else
            json_decref(members[i].value);
    }
    return status;
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
        status = write_findings(audit, out);
    da_report_index_clear(&index);
    if (status == DA_OK && (fputs("}\n", out) < 0 || ferror(out)))
        status = DA_ERR_IO;
    return status;
}
