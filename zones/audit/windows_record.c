#include "audit/windows_record.h"

#include "audit/aging.h"
#include "audit/zone_entry.h"
#include "record_set.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <ldns/ldns.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define STAMP_TEXT 48

/* Names for which a record decides something whatever its data. */
#define INTEREST_OURS (DA_INTEREST_LABEL | DA_INTEREST_BLOCKED | DA_INTEREST_WILDCARD)

/* A record that waits for the order of day and month. */
struct da_windows_pending {
    struct da_name owner;
    struct da_found found; /* but for owner, rdata and stamp */
    uint8_t rdata[DA_NAME_MAX];
    int64_t time[DA_WINDOWS_ORDERS];
    char stamp[STAMP_TEXT]; /* as it stands there, in quotes */
    bool is_published;
};

/* ---- what texts mean ---- */

enum da_windows_role da_windows_role_of(const char *name, size_t length)
{
    static const struct {
        const char *name;
        enum da_windows_role role;
    } table[] = {
        {"hostname", DA_WINDOWS_HOST},
        {"recordtype", DA_WINDOWS_TYPE},
        {"rrtype", DA_WINDOWS_TYPE},
        {"type", DA_WINDOWS_TYPE_NUMBER},
        {"recordclass", DA_WINDOWS_CLASS},
        {"timestamp", DA_WINDOWS_STAMP},
        {"timetolive", DA_WINDOWS_TTL},
        {"ttl", DA_WINDOWS_TTL},
        {"distinguishedname", DA_WINDOWS_DN},
        {"zonename", DA_WINDOWS_ZONE},
        {"zone", DA_WINDOWS_ZONE},
        {"recorddata", DA_WINDOWS_RDATA},
        {"rdata", DA_WINDOWS_RDATA},
        {"data", DA_WINDOWS_RDATA},
        {"value", DA_WINDOWS_RDATA},
        {"ip", DA_WINDOWS_RDATA},
        {"ipaddress", DA_WINDOWS_RDATA},
        {"address", DA_WINDOWS_RDATA},
        {"ipv4", DA_WINDOWS_RDATA},
        {"ipv4address", DA_WINDOWS_RDATA},
        {"ipv6", DA_WINDOWS_RDATA},
        {"ipv6address", DA_WINDOWS_RDATA},
        {"target", DA_WINDOWS_RDATA},
        {"hostnamealias", DA_WINDOWS_RDATA},
        {"nameserver", DA_WINDOWS_RDATA},
        {"domainnamealias", DA_WINDOWS_RDATA},
    };
    char plain[24];
    size_t used = 0;

    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)name[i]))
            continue;
        if (used == sizeof(plain) - 1)
            return DA_WINDOWS_OTHER_ROLE;
        plain[used++] = (char)tolower((unsigned char)name[i]);
    }
    plain[used] = '\0';
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(plain, table[i].name) == 0)
            return table[i].role;
    return DA_WINDOWS_OTHER_ROLE;
}

static uint16_t type_by_name(const char *text)
{
    const struct da_token token = {.text = text, .length = strlen(text)};
    return da_token_type(&token);
}

uint16_t da_windows_type(const struct da_windows_row *row)
{
    const char *name = row->text[DA_WINDOWS_TYPE], *number = row->text[DA_WINDOWS_TYPE_NUMBER];
    uint16_t type = name != NULL ? type_by_name(name) : 0;

    if (type != 0 || number == NULL)
        return type;
    if (number[0] != '\0' && number[strspn(number, "0123456789")] == '\0') {
        unsigned long value = strtoul(number, NULL, 10);
        return value <= UINT16_MAX ? (uint16_t)value : 0;
    }
    return type_by_name(number);
}

/* Reads a name, taken as absolute. Returns DA_OK, DA_ERR_SYNTAX or DA_ERR_MEMORY. */
static enum da_status read_name(const char *text, struct da_name *name)
{
    ldns_rdf *rdf = NULL;

    ldns_status status = ldns_str2rdf_dname(&rdf, text);
    if (status != LDNS_STATUS_OK)
        return status == LDNS_STATUS_MEM_ERR ? DA_ERR_MEMORY : DA_ERR_SYNTAX;
    name->length = (uint8_t)ldns_rdf_size(rdf);
    memcpy(name->wire, ldns_rdf_data(rdf), name->length);
    ldns_rdf_deep_free(rdf);
    return DA_OK;
}

/* What PowerShell writes for an object that it does not take apart: the name of its class. */
static bool is_class_name(const char *text)
{
    return strncasecmp(text, "DnsServerResourceRecord", 23) == 0 || strncmp(text, "Microsoft.", 10) == 0 ||
           strncmp(text, "System.", 7) == 0;
}

/* Writes a record's data in wire form. length is 0 where text is no data of that type. */
static enum da_status read_rdata(uint16_t type, const char *text, uint8_t rdata[static DA_NAME_MAX], uint16_t *length)
{
    struct da_name name;
    enum da_status status;

    *length = 0;
    switch (type) {
    case DA_TYPE_A:
        *length = inet_pton(AF_INET, text, rdata) == 1 ? 4 : 0;
        return DA_OK;
    case DA_TYPE_AAAA:
        *length = inet_pton(AF_INET6, text, rdata) == 1 ? 16 : 0;
        return DA_OK;
    case DA_TYPE_CNAME:
    case DA_TYPE_NS:
    case DA_TYPE_DNAME:
        if (text[0] == '\0' || is_class_name(text) || strchr(text, ' ') != NULL)
            return DA_OK;
        status = read_name(text, &name);
        if (status == DA_OK) {
            memcpy(rdata, name.wire, name.length);
            *length = name.length;
        }
        return status == DA_ERR_MEMORY ? status : DA_OK;
    default:
        return DA_OK;
    }
}

/* ---- doubts ---- */

enum da_status da_windows_reader_doubt(const struct da_windows_reader *reader, uint64_t line, const char *text)
{
    const struct da_place place = {.file = reader->file, .line = line};

    return da_collection_doubt_all(reader->collection, &place, text);
}

__attribute__((format(printf, 4, 5))) static enum da_status
doubt_name(const struct da_windows_reader *reader, const struct da_name *name, uint64_t line, const char *format, ...)
{
    struct da_doubt doubt = {.one_name = true, .name = *name, .place = {.file = reader->file, .line = line}};
    va_list args;

    va_start(args, format);
    vsnprintf(doubt.text, sizeof(doubt.text), format, args);
    va_end(args);
    return da_collection_doubt(reader->collection, &doubt);
}

/* ---- zones and owners ---- */

/* The zone in "DC=name,DC=zone,cn=MicrosoftDNS,…". False where there is none. */
static bool zone_of_dn(const char *dn, char zone[static DA_NAME_TEXT_MAX])
{
    const char *end = strcasestr(dn, ",cn=MicrosoftDNS");
    const char *comma = end != NULL ? memrchr(dn, ',', (size_t)(end - dn)) : NULL;
    const char *start = comma != NULL ? comma + 1 : dn;

    if (end == NULL || strncasecmp(start, "DC=", 3) != 0 || end - start - 3 >= DA_NAME_TEXT_MAX)
        return false;
    size_t length = (size_t)(end - start) - 3;
    memcpy(zone, start + 3, length);
    zone[length] = '\0';
    return length > 0;
}

/* Keeps the zone, where it matters. */
static enum da_status keep_zone(struct da_windows_reader *reader, uint64_t line)
{
    const struct da_names *names = reader->collection->names;

    if (reader->first_zone.length == 0)
        reader->first_zone = reader->zone;
    if ((da_names_interest(names, reader->zone.wire) & DA_INTEREST_ABOVE) == 0 &&
        da_names_suffix(names, reader->zone.wire) == SIZE_MAX)
        return DA_OK;
    for (size_t i = 0; i < reader->zone_count; i++)
        if (da_name_equal(reader->zones[i].name.wire, reader->zone.wire))
            return DA_OK;
    if (reader->zone_count == DA_WINDOWS_ZONES)
        return da_windows_reader_doubt(reader, line, "more zones in one export than are looked at");
    if ((reader->zone_count & (reader->zone_count - 1)) == 0) { /* it is full at each power of two */
        size_t room = reader->zone_count > 0 ? 2 * reader->zone_count : 1;
        struct da_windows_zone *zones = realloc(reader->zones, room * sizeof(*zones));
        if (zones == NULL)
            return DA_ERR_MEMORY;
        reader->zones = zones;
    }
    reader->zones[reader->zone_count++] = (struct da_windows_zone){.name = reader->zone, .line = line};
    return DA_OK;
}

/* Sets reader->zone to that of the record; length 0 = it is not told, or no name, such as "..TrustAnchors". told is
 * false where it is not told. */
static enum da_status find_zone(struct da_windows_reader *reader, const struct da_windows_row *row, bool *told)
{
    const char *column = row->text[DA_WINDOWS_ZONE];
    char text[DA_NAME_TEXT_MAX] = "";
    enum da_status status = DA_OK;

    *told = true;
    if (row->text[DA_WINDOWS_DN] == NULL || !zone_of_dn(row->text[DA_WINDOWS_DN], text))
        snprintf(text, sizeof(text), "%s", column != NULL ? column : "");
    if (text[0] == '\0') {
        *told = reader->collection->origin.length > 0;
        reader->zone = reader->collection->origin;
        reader->zone_text[0] = '\0';
        return *told ? keep_zone(reader, row->line) : DA_OK;
    }
    if (strcmp(text, reader->zone_text) == 0)
        return DA_OK;
    strcpy(reader->zone_text, text);
    status = read_name(text, &reader->zone);
    if (status == DA_OK)
        return keep_zone(reader, row->line);
    reader->zone.length = 0;
    return status == DA_ERR_MEMORY ? status : DA_OK;
}

/* Sets owner; length 0 = it is none of ours. */
static enum da_status find_owner(struct da_windows_reader *reader, const struct da_windows_row *row,
                                 struct da_name *owner)
{
    const char *host = row->text[DA_WINDOWS_HOST];
    struct da_name name = {.length = 1}; /* "@" is nothing in front of the zone */
    bool told;

    owner->length = 0;
    if (host == NULL || host[0] == '\0')
        return da_windows_reader_doubt(reader, row->line, "a record without HostName");
    enum da_status status = find_zone(reader, row, &told);
    if (status == DA_OK && strcmp(host, "@") != 0)
        status = read_name(host, &name);
    if (status != DA_OK)
        return status == DA_ERR_MEMORY ? status : DA_OK;
    bool absolute = host[strlen(host) - 1] == '.';
    if (!absolute && !told)
        return da_windows_reader_doubt(reader, row->line, "the zone is not told: no DistinguishedName; give --origin");
    const struct da_name *zone = &reader->zone;
    if (absolute || (zone->length > 1 && da_name_is_below(&name, zone))) {
        *owner = name;
    } else if (zone->length > 0 && name.length - 1 + zone->length <= DA_NAME_MAX) {
        owner->length = (uint8_t)(name.length - 1 + zone->length);
        memcpy(owner->wire, name.wire, name.length - 1u);
        memcpy(owner->wire + name.length - 1, zone->wire, zone->length);
    }
    return DA_OK;
}

static void note_soa(struct da_windows_reader *reader, const struct da_name *owner)
{
    for (size_t i = 0; i < reader->zone_count; i++)
        if (da_name_equal(reader->zones[i].name.wire, owner->wire))
            reader->zones[i].has_soa = true;
}

/* ---- records ---- */

/* Adds a record that may have been taken on another day, too. */
static enum da_status settle(const struct da_windows_reader *reader, const struct da_windows_pending *pending)
{
    struct da_found found = pending->found;
    enum da_windows_order earlier = pending->time[0] < pending->time[1] ? 0 : 1, order = earlier;
    enum da_status status = DA_OK;
    char day[DA_AGING_TEXT_MAX];

    if (reader->proved[DA_WINDOWS_MONTH_FIRST] != reader->proved[DA_WINDOWS_DAY_FIRST]) {
        order = reader->proved[DA_WINDOWS_MONTH_FIRST] ? DA_WINDOWS_MONTH_FIRST : DA_WINDOWS_DAY_FIRST;
    } else if (pending->is_published) {
        status = doubt_name(reader, &pending->owner, found.place.line,
                            "Timestamp %s: day and month could be exchanged; taken as %.10s, the earlier",
                            pending->stamp, da_aging_text(pending->time[earlier], day));
    }
    found.owner = &pending->owner;
    found.rdata = pending->rdata;
    found.stamp = (uint32_t)da_aging_hour(pending->time[order]);
    return status == DA_OK ? da_collection_add(reader->collection, &found) : status;
}

/* Adds a record later, when all Timestamps of the file were seen. */
static enum da_status put_off(struct da_windows_reader *reader, const struct da_windows_pending *pending)
{
    size_t count = reader->pending_count;

    if (count == DA_WINDOWS_PENDING)
        return settle(reader, pending);
    if ((count & (count - 1)) == 0) { /* it is full at each power of two */
        struct da_windows_pending *more = realloc(reader->pending, (count > 0 ? 2 * count : 1) * sizeof(*more));
        if (more == NULL)
            return DA_ERR_MEMORY;
        reader->pending = more;
    }
    reader->pending[reader->pending_count++] = *pending;
    return DA_OK;
}

/* Sets the data of a record; where the address of a published name is not told, that is a doubt. */
static enum da_status take_rdata(const struct da_windows_reader *reader, const struct da_windows_row *row,
                                 struct da_windows_pending *record)
{
    struct da_found *found = &record->found;
    const char *unread = NULL, *class_name = NULL;
    char quoted[64];

    for (size_t i = 0; i < row->data_count && found->rdata_length == 0; i++) {
        enum da_status status = read_rdata(found->type, row->data[i], record->rdata, &found->rdata_length);
        if (status != DA_OK)
            return status;
        if (is_class_name(row->data[i]))
            class_name = row->data[i];
        else if (unread == NULL && row->data[i][0] != '\0')
            unread = row->data[i];
    }
    if (!record->is_published || found->rdata_length > 0 || (found->type != DA_TYPE_A && found->type != DA_TYPE_AAAA))
        return DA_OK;
    if (unread == NULL && class_name == NULL)
        return doubt_name(reader, &record->owner, row->line,
                          "the address is not told: RecordData is empty or left out");
    if (unread == NULL)
        return doubt_name(reader, &record->owner, row->line,
                          "the address is not told: RecordData was exported as the name of its class");
    return doubt_name(reader, &record->owner, row->line, "the address %s cannot be read",
                      da_error_quote(unread, quoted, sizeof(quoted)));
}

/* Sets whether the record ages, and adds it now or later. */
static enum da_status take_time(struct da_windows_reader *reader, const struct da_windows_time *time,
                                struct da_windows_pending *record)
{
    struct da_found *found = &record->found;
    char day[DA_AGING_TEXT_MAX];
    enum da_status status = DA_OK;

    if (time != NULL && time->reading == DA_WINDOWS_STATIC) {
        found->aging = DA_AGING_STATIC;
    } else if (time != NULL) {
        found->aging = DA_AGING_DYNAMIC;
        memcpy(record->time, time->time, sizeof(record->time));
        found->stamp = (uint32_t)da_aging_hour(time->time[0]);
    }
    if (time != NULL && time->reading == DA_WINDOWS_EITHER)
        return put_off(reader, record);
    if (time != NULL && time->reading == DA_WINDOWS_OTHER && record->is_published) {
        status = doubt_name(reader, &record->owner, found->place.line,
                            "Timestamp %s cannot be read: the record is dynamic, taken to be of %.10s", record->stamp,
                            da_aging_text(time->time[0], day));
    }
    found->owner = &record->owner;
    found->rdata = record->rdata;
    return status == DA_OK ? da_collection_add(reader->collection, found) : status;
}

/* Takes a record whose owner matters. */
static enum da_status take_record(struct da_windows_reader *reader, const struct da_windows_row *row, unsigned interest,
                                  const struct da_windows_time *time, struct da_windows_pending *record)
{
    struct da_found *found = &record->found;
    const char *name = row->text[DA_WINDOWS_TYPE], *number = row->text[DA_WINDOWS_TYPE_NUMBER];
    const char *ttl = row->text[DA_WINDOWS_TTL];
    enum da_status status = DA_OK;
    char quoted[64];

    *found = (struct da_found){.type = da_windows_type(row), .place = {.file = reader->file, .line = row->line}};
    if (found->type == 0)
        return (interest & INTEREST_OURS) == 0
                   ? DA_OK
                   : doubt_name(reader, &record->owner, row->line, "a record of a type that is unknown, %s",
                                da_error_quote(name != NULL     ? name
                                               : number != NULL ? number
                                                                : "",
                                               quoted, sizeof(quoted)));
    record->is_published = (interest & DA_INTEREST_LABEL) != 0;
    if (row->damaged && (interest & INTEREST_OURS) != 0)
        status = doubt_name(reader, &record->owner, row->line, "%s", "a row with more or fewer fields than the header");
    found->has_ttl = ttl != NULL && da_windows_span_read(ttl, &found->ttl);
    if (status == DA_OK)
        status = take_rdata(reader, row, record);
    if (status == DA_OK && time != NULL)
        da_error_quote(row->text[DA_WINDOWS_STAMP], record->stamp, sizeof(record->stamp));
    return status == DA_OK ? take_time(reader, time, record) : status;
}

enum da_status da_windows_reader_take(struct da_windows_reader *reader, const struct da_windows_row *row)
{
    const char *class = row->text[DA_WINDOWS_CLASS], *stamp = row->text[DA_WINDOWS_STAMP];
    struct da_windows_pending record = {.is_published = false};
    struct da_windows_time time;

    reader->rows++;
    if (stamp != NULL) {
        reader->collection->ages = true;
        time = da_windows_time_read(stamp);
        for (int i = 0; i < DA_WINDOWS_ORDERS; i++)
            reader->proved[i] = reader->proved[i] || time.proves[i];
    }
    if (class != NULL && class[0] != '\0' && strcasecmp(class, "IN") != 0 && strcmp(class, "1") != 0)
        return DA_OK;
    enum da_status status = find_owner(reader, row, &record.owner);
    if (status != DA_OK || record.owner.length == 0)
        return status;
    unsigned interest = da_names_interest(reader->collection->names, record.owner.wire);
    if (da_windows_type(row) == DA_TYPE_SOA)
        note_soa(reader, &record.owner);
    return interest != 0 ? take_record(reader, row, interest, stamp != NULL ? &time : NULL, &record) : DA_OK;
}

/* ---- the whole ---- */

void da_windows_reader_start(struct da_windows_reader *reader, const char *file, struct da_collection *collection)
{
    *reader = (struct da_windows_reader){.collection = collection, .file = file};
}

/* An export of some records says nothing of others. */
static enum da_status doubt_parts(const struct da_windows_reader *reader)
{
    char name[DA_NAME_TEXT_MAX], text[160];
    enum da_status status = DA_OK;

    for (size_t i = 0; i < reader->zone_count && status == DA_OK; i++) {
        const struct da_windows_zone *zone = &reader->zones[i];
        if (zone->has_soa)
            continue;
        snprintf(text, sizeof(text), "no SOA of %.80s: the export does not have all records of the zone",
                 da_name_to_text(&zone->name, name));
        status = da_windows_reader_doubt(reader, zone->line, text);
    }
    return status;
}

enum da_status da_windows_reader_end(struct da_windows_reader *reader, enum da_status status, uint64_t lines)
{
    struct da_collection *collection = reader->collection;

    for (size_t i = 0; i < reader->pending_count && status == DA_OK; i++)
        status = settle(reader, &reader->pending[i]);
    if (status == DA_OK)
        status = doubt_parts(reader);
    if (collection->origin.length == 0)
        collection->origin = reader->zone_count > 0 ? reader->zones[0].name : reader->first_zone;
    if (reader->rows == 0)
        da_collection_fail(collection, "it holds no record of Get-DnsServerResourceRecord");
    collection->lines = lines;
    free(reader->zones);
    free(reader->pending);
    reader->zones = NULL;
    reader->pending = NULL;
    return status;
}
