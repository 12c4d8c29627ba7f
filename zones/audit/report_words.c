#include "audit/report_words.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <ldns/ldns.h>
#include <string.h>

/* Verdicts of tables; those of records that age have the time, too, where it is known. */
static const char *const verdicts[DA_FINDING_CODES] = {
    [DA_FINDING_CORP_CONNECTIVITY_MISSING] = "missing",
    [DA_FINDING_CORP_CONNECTIVITY_NO_A] = "missing",
    [DA_FINDING_CORP_CONNECTIVITY_NO_AAAA] = "missing",
    [DA_FINDING_WEB_PROBE_MISSING] = "missing",
    [DA_FINDING_WEB_PROBE_INCOMPLETE] = "missing",
    [DA_FINDING_NLS_MISSING] = "missing",
    [DA_FINDING_NLS_INCOMPLETE] = "missing",
    [DA_FINDING_WRONG_ADDRESS] = "wrong address",
    [DA_FINDING_EXTRA_ADDRESS] = "one too many",
    [DA_FINDING_SERVER_ADDRESS] = "a server's own address",
    [DA_FINDING_A_NOT_ALLOWED] = "not allowed",
    [DA_FINDING_AAAA_NOT_ALLOWED] = "not allowed",
    [DA_FINDING_PREFIX_LENGTH] = "wrong prefix length",
    [DA_FINDING_TTL_DIFFERS] = "another TTL",
    [DA_FINDING_TTL_MIXED] = "mixed TTLs",
    [DA_FINDING_ALIAS] = "an alias",
    [DA_FINDING_OCCLUDED] = "occluded",
    [DA_FINDING_WILDCARD_ANSWERS] = "a wildcard answers",
    [DA_FINDING_ISATAP_ROUTER_MISSING] = "missing",
    [DA_FINDING_ISATAP_ROUTER_INCOMPLETE] = "missing",
    [DA_FINDING_ISATAP_ROUTER_UNSUPPORTED] = "not supported",
    [DA_FINDING_BLOCKED_PRESENT] = "must not be there",
    [DA_FINDING_BLOCKED_WILDCARD] = "a wildcard answers",
    [DA_FINDING_BLOCKED_DELEGATED] = "delegated",
    [DA_FINDING_BLOCKED_RESOLVES] = "must not resolve",
    [DA_FINDING_NLS_RESOLVABLE] = "must not resolve",
    [DA_FINDING_RECORD_DYNAMIC] = "dynamic",
    [DA_FINDING_RECORD_STALE] = "stale",
    [DA_FINDING_STATIC_PARTLY] = "static in part",
    [DA_FINDING_RECORD_TOMBSTONED] = "deleted",
    [DA_FINDING_NODE_OWNER] = "another's node",
    [DA_FINDING_ZONE_AGING] = "the zone's aging",
    [DA_FINDING_AGING_UNKNOWN] = "aging unknown",
    [DA_FINDING_PRIVATE_FILTERED] = "filtered out?",
    [DA_FINDING_RESOLVERS_DISAGREE] = "differs elsewhere",
    [DA_FINDING_UNDETERMINED] = "undetermined",
    [DA_FINDING_READING_UNCERTAIN] = "reading uncertain",
    [DA_FINDING_NOT_COVERED] = "not covered",
    [DA_FINDING_NOT_AUTHORITATIVE] = "not authoritative",
    [DA_FINDING_SOURCE_FAILED] = "failed",
};

/* The code point that a sequence of UTF-8 begins with, and its octets; 0 octets where it is not UTF-8 (RFC 3629). */
static size_t decode(const char *text, uint32_t *point)
{
    const uint8_t *octet = (const uint8_t *)text;
    size_t length = *octet < 0x80 ? 1 : *octet >= 0xc2 && *octet < 0xe0 ? 2 : (*octet & 0xf0) == 0xe0 ? 3 : 4;

    if (length == 1) {
        *point = *octet;
        return 1;
    }
    if (*octet < 0xc2 || *octet > 0xf4)
        return 0;
    *point = *octet & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((octet[i] & 0xc0) != 0x80)
            return 0;
        *point = *point << 6 | (octet[i] & 0x3fU);
    }
    if ((length == 3 && *point < 0x800) || (length == 4 && (*point < 0x10000 || *point > 0x10ffff)) ||
        (*point >= 0xd800 && *point < 0xe000))
        return 0;
    return length;
}

/* Controls, separators of lines and paragraphs, marks that reorder text (UAX #9), and what is no character. */
static bool is_shown(uint32_t point)
{
    return point >= 0x20 && !(point >= 0x7f && point < 0xa0) && point != 0x61c &&
           !(point >= 0x200b && point <= 0x200f) && !(point >= 0x2028 && point <= 0x202e) &&
           !(point >= 0x2060 && point <= 0x206f) && point != 0xfeff && (point & 0xfffe) != 0xfffe && point < 0xe0000;
}

size_t da_words_character(const char *text, bool *shown)
{
    uint32_t point = 0;
    size_t length = decode(text, &point);

    *shown = length > 0 && is_shown(point);
    return *shown ? length : 1;
}

void da_words_put(const char *text, FILE *out)
{
    bool shown;

    for (size_t length; *text != '\0'; text += length) {
        length = da_words_character(text, &shown);
        if (shown)
            fwrite(text, 1, length, out);
        else
            fprintf(out, "\\x%02x", (uint8_t)*text);
    }
}

const char *da_words_count(uint64_t count, char text[static DA_WORDS_COUNT_MAX])
{
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, count), used = 0;

    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}

const char *da_words_plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

const char *da_words_type(uint16_t type, char text[static DA_WORDS_TYPE_MAX])
{
    const ldns_rr_descriptor *descriptor = ldns_rr_descript(type);

    /* For a type it does not know, ldns has a descriptor of no type. */
    if (descriptor != NULL && descriptor->_name != NULL && descriptor->_type == (ldns_rr_type)type)
        snprintf(text, DA_WORDS_TYPE_MAX, "%s", descriptor->_name);
    else
        snprintf(text, DA_WORDS_TYPE_MAX, "TYPE%u", type);
    return text;
}

const char *da_words_name(const struct da_name *name, char text[static DA_NAME_TEXT_MAX])
{
    size_t length = strlen(da_name_to_text(name, text));

    if (length > 1)
        text[length - 1] = '\0';
    return text;
}

const char *da_words_address(const uint8_t *address, size_t length, char text[static DA_WORDS_RDATA_MAX])
{
    inet_ntop(length == DA_IPV4_LEN ? AF_INET : AF_INET6, address, text, DA_WORDS_RDATA_MAX);
    return text;
}

const char *da_words_rdata(const struct da_found *found, char text[static DA_WORDS_RDATA_MAX])
{
    bool is_address = found->type == DA_TYPE_A || found->type == DA_TYPE_AAAA;
    bool is_name = found->type == DA_TYPE_CNAME || found->type == DA_TYPE_NS || found->type == DA_TYPE_DNAME;
    struct da_name name;

    if (is_address && found->rdata_length == (found->type == DA_TYPE_A ? DA_IPV4_LEN : DA_IPV6_LEN)) {
        da_words_address(found->rdata, found->rdata_length, text);
    } else if (is_name && found->rdata_length > 0 && found->rdata_length <= DA_NAME_MAX) {
        name.length = (uint8_t)found->rdata_length;
        memcpy(name.wire, found->rdata, found->rdata_length);
        da_words_name(&name, text);
    } else {
        strcpy(text, is_address || is_name ? "not told" : "there");
    }
    return text;
}

const char *da_words_verdict(const struct da_finding *finding, int64_t now, char text[static DA_WORDS_VERDICT_MAX])
{
    const char *words = verdicts[finding->code];
    char span[DA_AGING_TEXT_MAX];

    if (finding->stale_at != 0 && finding->code == DA_FINDING_RECORD_DYNAMIC)
        snprintf(text, DA_WORDS_VERDICT_MAX, "stale in %s", da_aging_span(finding->stale_at - now, span));
    else if (finding->stale_at != 0 && finding->code == DA_FINDING_RECORD_STALE)
        snprintf(text, DA_WORDS_VERDICT_MAX, "stale for %s", da_aging_span(now - finding->stale_at, span));
    else
        snprintf(text, DA_WORDS_VERDICT_MAX, "%s", words);
    return text;
}

const char *da_words_subject(const struct da_finding *finding, char text[static DA_WORDS_SUBJECT_MAX])
{
    char name[DA_NAME_TEXT_MAX], type[DA_WORDS_TYPE_MAX], rdata[DA_WORDS_RDATA_MAX];
    const struct da_found *found = finding->found;
    uint16_t about = finding->type != 0 ? finding->type : found != NULL ? found->type : 0;
    size_t used = 0;

    text[0] = '\0';
    if (finding->name.length > 0)
        used = (size_t)snprintf(text, DA_WORDS_SUBJECT_MAX, "%s", da_words_name(&finding->name, name));
    if (about != 0)
        used += (size_t)snprintf(text + used, DA_WORDS_SUBJECT_MAX - used, "%s%s", used > 0 ? " " : "",
                                 da_words_type(about, type));
    if (found != NULL && found->rdata_length > 0 && found->type == about)
        snprintf(text + used, DA_WORDS_SUBJECT_MAX - used, " %s", da_words_rdata(found, rdata));
    else if (found == NULL && finding->address_length > 0)
        snprintf(text + used, DA_WORDS_SUBJECT_MAX - used, " %s",
                 da_words_address(finding->address, finding->address_length, rdata));
    return text;
}

const char *da_words_source(const struct da_collection *collection)
{
    static const char *const kinds[] = {
        [DA_SOURCE_ZONE_FILE] = "zone file", [DA_SOURCE_TRANSFER] = "transfer", [DA_SOURCE_DIRECTORY] = "directory",
        [DA_SOURCE_SERVER] = "server",       [DA_SOURCE_RESOLVER] = "resolver",
    };
    return collection->remote ? "resolver of remote clients" : kinds[collection->kind];
}
