#include "audit/zone_name.h"
#include "audit/zone_reader.h"
#include "record_set.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void da_zone_doubt(struct da_zone_reader *reader, uint64_t line, const struct da_name *name, const char *format, ...)
{
    struct da_doubt doubt = {.one_name = name != NULL, .place = {.file = reader->source->file, .line = line}};
    va_list arguments;

    if (reader->thorough || reader->status != DA_OK)
        return;
    va_start(arguments, format);
    vsnprintf(doubt.text, sizeof(doubt.text), format, arguments);
    va_end(arguments);
    if (name != NULL)
        doubt.name = *name;
    reader->status = da_collection_doubt(reader->collection, &doubt);
}

const char *da_zone_quote(const char *text, size_t length, char quoted[static DA_ZONE_QUOTE_MAX])
{
    char value[DA_ZONE_QUOTE_MAX + 1] = "";
    size_t n = 0;

    for (; length > 0 && (*text == ' ' || *text == '\t'); text++)
        length--;
    while (n < length && n < sizeof(value) - 1 && text[n] != '\n' && text[n] != '\0') {
        value[n] = text[n];
        if (value[n] == '\t')
            value[n] = ' ';
        n++;
    }
    while (n > 0 && (value[n - 1] == '\r' || value[n - 1] == ' '))
        n--;
    value[n] = '\0';
    return da_error_quote(value, quoted, DA_ZONE_QUOTE_MAX);
}

/* ---- owners ---- */

/* In a Windows file "\DDD" may be meant octal: a name that is ours only then is a doubt. */
static void doubt_octal(struct da_zone_reader *reader, uint64_t line, const struct da_token *token)
{
    struct da_name name;
    char quoted[DA_ZONE_QUOTE_MAX];

    if (reader->windows && da_zone_name_is_ambiguous(token) &&
        da_zone_name(token, &reader->source->origin, DA_ESCAPES_OCTAL, &name) == DA_OK &&
        da_names_interest(reader->collection->names, name.wire) != 0)
        da_zone_doubt(reader, line, &name, "the owner %s is this name if its escapes are octal",
                      da_zone_quote(token->text, token->length, quoted));
}

void da_zone_owner(struct da_zone_reader *reader, uint64_t line, const struct da_token *token,
                   struct da_zone_owner *owner)
{
    char quoted[DA_ZONE_QUOTE_MAX];
    enum da_status status = da_zone_name(token, &reader->source->origin, DA_ESCAPES_DECIMAL, &owner->name);

    owner->interest = status == DA_OK ? da_names_interest(reader->collection->names, owner->name.wire) : 0;
    if (status == DA_ERR_VALUE && !reader->no_origin) {
        reader->no_origin = true;
        da_zone_doubt(reader, line, NULL, "the owner %s is relative, and no origin is known: --origin names one",
                      da_zone_quote(token->text, token->length, quoted));
    }
    if (owner->interest == 0) {
        doubt_octal(reader, line, token);
    } else if (token->mixed) {
        da_zone_doubt(reader, line, &owner->name, "its owner is partly in quotes: %s",
                      da_zone_quote(token->text, token->length, quoted));
        owner->interest = 0;
    }
}

/* ---- records ---- */

static bool has_rdata(uint16_t type)
{
    return type == DA_TYPE_SOA || type == DA_TYPE_NS || type == DA_TYPE_CNAME || type == DA_TYPE_DNAME ||
           type == DA_TYPE_A || type == DA_TYPE_AAAA;
}

/* Above a suffix only these types decide anything. */
static bool decides(unsigned interest, uint16_t type)
{
    return (interest & ~(unsigned)DA_INTEREST_ABOVE) != 0 ||
           (interest != 0 && (type == DA_TYPE_SOA || type == DA_TYPE_NS || type == DA_TYPE_DNAME));
}

/* Takes notice of an SOA's minimum: the default TTL of a file whose first record is an SOA without one, as BIND does
 * (RFC 2308 section 4), and of all files of Windows. */
static void take_minimum(struct da_zone_reader *reader, uint64_t line, const struct da_entry *entry, uint32_t minimum)
{
    struct da_zone_ttl *ttl = &reader->ttl;
    const struct da_zone_source *source = reader->source;
    bool is_first = reader->thorough ? !ttl->stated : source->parent == NULL && source->first_record == line;

    minimum = minimum > INT32_MAX ? 0 : minimum;
    reader->has_minimum = true;
    reader->minimum = minimum;
    if (!reader->windows && !entry->has_ttl && !ttl->has_default && !ttl->unreadable && is_first) {
        ttl->has_default = true;
        ttl->value = minimum;
    }
}

/* Settles the TTL of an entry, with what it means for those behind it. */
static void settle_ttl(struct da_zone_reader *reader, const struct da_entry *entry, struct da_pending *pending)
{
    struct da_zone_ttl *ttl = &reader->ttl;
    struct da_found *found = &pending->found;

    found->has_ttl = true;
    if (entry->has_ttl) {
        found->ttl = ttl->last = entry->ttl;
        ttl->stated = ttl->has_last = true;
    } else if (ttl->has_default) {
        found->ttl = ttl->value;
    } else if (ttl->unreadable) {
        found->has_ttl = false;
    } else if (reader->windows && reader->has_minimum) {
        found->ttl = reader->minimum;
    } else if (!reader->windows && ttl->has_last) {
        found->ttl = ttl->last;
        pending->ttl_of_before = true;
    } else {
        found->has_ttl = false;
        pending->ttl_missing = true;
    }
}

static void add(struct da_zone_reader *reader, struct da_pending *pending, const struct da_entry *entry)
{
    struct da_pending_facts facts = {.windows = reader->windows,
                                     .has_minimum = reader->has_minimum && (reader->windows || reader->thorough),
                                     .minimum = reader->minimum,
                                     .read_again = reader->can_read_again && !reader->thorough};

    pending->stamp_bad = entry->stamped == DA_STAMP_BAD;
    if (entry->stamped == DA_STAMP_READ) {
        pending->found.aging = entry->stamp != 0 ? DA_AGING_DYNAMIC : DA_AGING_STATIC;
        pending->found.stamp = entry->stamp;
    }
    reader->status = da_pending_add(&reader->pending, pending, reader->collection, &facts);
}

/* Reads the rdata where it is kept, or an SOA's minimum is needed. A fault is a doubt where the record is ours. */
static bool read_rdata(struct da_zone_reader *reader, const struct da_zone_at *at, const struct da_zone_owner *owner,
                       const struct da_entry *entry, bool is_told, struct da_found *found,
                       uint8_t rdata[static DA_ZONE_RDATA_MAX])
{
    char quoted[DA_ZONE_QUOTE_MAX];
    enum da_status status =
        da_zone_rdata(found->type, entry->rest, &reader->source->origin, rdata, &found->rdata_length);

    if (status == DA_ERR_MEMORY)
        reader->status = status;
    else if (status == DA_ERR_VALUE && is_told)
        da_zone_doubt(reader, at->line, &owner->name, "it has a relative name in it, and no origin is known: %s",
                      da_zone_quote(at->text, at->length, quoted));
    else if (status != DA_OK && is_told)
        da_zone_doubt(reader, at->line, &owner->name, "its %.*s record cannot be read: %s", (int)entry->type.length,
                      entry->type.text, da_zone_quote(at->text, at->length, quoted));
    found->rdata = rdata;
    return status == DA_OK;
}

/* Doubts that concern what stands in front of the rdata. */
static void doubt_fields(struct da_zone_reader *reader, const struct da_zone_at *at, const struct da_zone_owner *owner,
                         const struct da_entry *entry, uint16_t type)
{
    char quoted[DA_ZONE_QUOTE_MAX];

    da_zone_quote(at->text, at->length, quoted);
    if ((owner->interest & ~(unsigned)DA_INTEREST_ABOVE) != 0 && type == 0)
        da_zone_doubt(reader, at->line, &owner->name, "an entry of it has %s: %s",
                      entry->type.text == NULL ? "no type" : "a type that is not known", quoted);
    else if (decides(owner->interest, type) && entry->stamped == DA_STAMP_BAD)
        da_zone_doubt(reader, at->line, &owner->name, "a time stamp of it cannot be read: %s", quoted);
}

static uint32_t soa_minimum(const struct da_found *found)
{
    const uint8_t *octets = found->rdata + found->rdata_length - 4;
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 | octets[3];
}

void da_zone_take(struct da_zone_reader *reader, const struct da_zone_at *at, const struct da_zone_owner *owner,
                  const struct da_entry *entry, bool is_suspect)
{
    bool is_looked_at = entry->type.text != NULL && (owner->interest != 0 || da_token_is(&entry->type, "SOA"));
    uint16_t type = is_looked_at ? da_token_type(&entry->type) : 0;
    struct da_pending pending = {
        .found = {.owner = &owner->name, .type = type, .place = {.file = reader->source->file, .line = at->line}}};
    const struct da_zone_ttl before = reader->ttl;
    uint8_t rdata[DA_ZONE_RDATA_MAX];
    bool is_ours = decides(owner->interest, type) && !entry->other_class && type != 0, is_read = true;

    is_ours = is_ours && (!is_suspect || has_rdata(type));

    if (!is_suspect && !entry->other_class)
        doubt_fields(reader, at, owner, entry, type);
    if (has_rdata(type) && (is_ours || type == DA_TYPE_SOA))
        is_read = read_rdata(reader, at, owner, entry, is_ours && !is_suspect, &pending.found, rdata);
    if (type == DA_TYPE_SOA && is_read && !is_suspect && !entry->other_class)
        take_minimum(reader, at->line, entry, soa_minimum(&pending.found));
    settle_ttl(reader, entry, &pending);
    if (is_suspect)
        reader->ttl = before;
    if (!is_ours || !is_read || reader->status != DA_OK || (reader->thorough && entry->has_ttl))
        return;
    if (is_suspect)
        da_zone_doubt(reader, at->line, &owner->name, "a record of it stands within parentheses that opened before");
    add(reader, &pending, entry);
}

/* Of an entry that is too long only the beginning is here. It counts where that tells the type, and no rdata is kept.
 * Returns false where it does not. */
static bool take_cut(struct da_zone_reader *reader, const struct da_zone_at *at, const struct da_zone_owner *owner,
                     const struct da_entry *entry)
{
    bool is_owner_known = entry->owner.text != NULL || entry->type.text != NULL;
    uint16_t type = entry->type.text != NULL ? da_token_type(&entry->type) : 0;

    bool is_missed = type == 0 ? owner->interest != 0 : has_rdata(type) && decides(owner->interest, type);
    if (!is_owner_known || is_missed)
        da_zone_doubt(reader, at->line, is_owner_known ? &owner->name : NULL, "an entry is too long to be read whole");
    return type != 0 && !has_rdata(type);
}

void da_zone_record(struct da_zone_reader *reader, const struct da_scan_entry *scanned)
{
    struct da_zone_source *source = reader->source;
    const struct da_zone_at at = {
        .line = scanned->line - source->primed, .text = scanned->text, .length = scanned->length};
    struct da_zone_owner owner = source->owner;
    struct da_entry entry;

    /* A stray parenthesis is a doubt already; whose entry this would be, readers do not agree. */
    if (scanned->length > 0 && scanned->text[0] == ')') {
        source->owner.interest = 0;
        source->follow = false;
        return;
    }
    da_entry_split(scanned->text, scanned->length, &entry);
    if (entry.owner.text == NULL && entry.type.text == NULL && !entry.has_ttl && !scanned->cut)
        return;
    if (entry.stamped != DA_STAMP_NONE && !reader->thorough)
        reader->windows = reader->collection->ages = true;
    if (entry.owner.text != NULL)
        da_zone_owner(reader, at.line, &entry.owner, &owner);
    if (!scanned->suspect) {
        source->owner = owner;
        source->follow = owner.interest != 0;
    }
    if (!scanned->cut || take_cut(reader, &at, &owner, &entry))
        da_zone_take(reader, &at, &owner, &entry, scanned->suspect);
}
