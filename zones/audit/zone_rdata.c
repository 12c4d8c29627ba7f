#include "audit/collection.h"
#include "audit/zone_name.h"
#include "record_set.h"

#include <ldns/ldns.h>
#include <string.h>

/* The longest line that is given to ldns: an SOA's names, all escaped, and five numbers. */
#define LINE_MAX_OCTETS 4096

struct line {
    char text[LINE_MAX_OCTETS];
    size_t length;
};

static bool append(struct line *line, const char *text, size_t length)
{
    if (length >= sizeof(line->text) - line->length || memchr(text, '\0', length) != NULL)
        return false;
    memcpy(line->text + line->length, text, length);
    line->length += length;
    line->text[line->length] = '\0';
    return true;
}

static const char *type_text(uint16_t type)
{
    switch (type) {
    case DA_TYPE_A:
        return ". 0 IN A";
    case DA_TYPE_AAAA:
        return ". 0 IN AAAA";
    case DA_TYPE_NS:
        return ". 0 IN NS";
    case DA_TYPE_CNAME:
        return ". 0 IN CNAME";
    case DA_TYPE_DNAME:
        return ". 0 IN DNAME";
    default:
        return ". 0 IN SOA";
    }
}

/* How many names stand at the beginning of the rdata. */
static unsigned names_of(uint16_t type)
{
    if (type == DA_TYPE_SOA)
        return 2;
    return type == DA_TYPE_NS || type == DA_TYPE_CNAME || type == DA_TYPE_DNAME ? 1 : 0;
}

/* Writes "owner TTL class type rdata" on one line, names absolute. The owner is the root's: ldns reads the rdata only.
 */
static enum da_status make_line(uint16_t type, struct da_tokens tokens, const struct da_name *origin, struct line *line)
{
    unsigned names = names_of(type);
    char text[DA_NAME_TEXT_MAX];
    struct da_token token;
    struct da_name name;
    uint32_t number;

    append(line, type_text(type), strlen(type_text(type)));
    for (unsigned i = 0; da_token_next(&tokens, &token); i++) {
        bool done = false;
        if (token.quoted || token.mixed)
            return DA_ERR_SYNTAX;
        /* of numbers over 32 bits ldns 1.8 takes the lower ones */
        if (type == DA_TYPE_SOA && i >= names && !da_token_ttl(&token, &number))
            return DA_ERR_SYNTAX;
        if (i < names) {
            enum da_status status = da_zone_name(&token, origin, DA_ESCAPES_DECIMAL, &name);
            if (status != DA_OK)
                return status == DA_ERR_VALUE ? status : DA_ERR_SYNTAX;
            da_name_to_text(&name, text);
            done = append(line, " ", 1) && append(line, text, strlen(text));
        } else {
            done = append(line, " ", 1) && append(line, token.text, token.length);
        }
        if (!done)
            return DA_ERR_SYNTAX;
    }
    return DA_OK;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the hexadecimal digits of RFC 3597 section 5, which blanks may cut anywhere, into want octets. */
static bool read_hex(struct da_tokens tokens, uint8_t *rdata, size_t want)
{
    struct da_token token;
    size_t digits = 0;

    while (da_token_next(&tokens, &token)) {
        for (size_t i = 0; i < token.length; i++, digits++) {
            int value = hex_value(token.text[i]);
            if (value < 0 || token.quoted || digits / 2 >= want)
                return false;
            rdata[digits / 2] = digits % 2 == 0 ? (uint8_t)(value << 4) : (uint8_t)(rdata[digits / 2] | value);
        }
    }
    return digits == want * 2;
}

/* Octets of the wire name at the beginning; 0 = there is none. */
static size_t name_length(const uint8_t *rdata, size_t length)
{
    for (size_t at = 0; at < length && at < DA_NAME_MAX && rdata[at] <= DA_LABEL_MAX; at += 1u + rdata[at])
        if (rdata[at] == 0)
            return at + 1;
    return 0;
}

static bool is_valid(uint16_t type, const uint8_t *rdata, size_t length)
{
    size_t at = 0;

    if (type == DA_TYPE_A || type == DA_TYPE_AAAA)
        return length == (type == DA_TYPE_A ? 4 : 16);
    for (unsigned i = 0; i < names_of(type); i++) {
        size_t n = name_length(rdata + at, length - at);
        if (n == 0)
            return false;
        at += n;
    }
    return length - at == (type == DA_TYPE_SOA ? 20 : 0);
}

/* Writes the rdata of a record. False where it does not fit. */
static bool write_rdata(const ldns_rr *rr, uint8_t *rdata, uint16_t *length)
{
    size_t used = 0;

    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
        if (rdf == NULL || ldns_rdf_size(rdf) > DA_ZONE_RDATA_MAX - used)
            return false;
        memcpy(rdata + used, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
        used += ldns_rdf_size(rdf);
    }
    *length = (uint16_t)used;
    return is_valid(ldns_rr_get_type(rr), rdata, used);
}

/* "\# length digits": ldns 1.8 takes digits that are none, and too many of them. */
static enum da_status read_generic(uint16_t type, struct da_tokens tokens, uint8_t *rdata, uint16_t *length)
{
    struct da_token token;
    uint32_t octets;

    if (!da_token_next(&tokens, &token) || !da_token_ttl(&token, &octets) || octets > DA_ZONE_RDATA_MAX ||
        !read_hex(tokens, rdata, octets) || !is_valid(type, rdata, octets))
        return DA_ERR_SYNTAX;
    *length = (uint16_t)octets;
    return DA_OK;
}

static enum da_status read_plain(uint16_t type, struct da_tokens tokens, const struct da_name *origin, uint8_t *rdata,
                                 uint16_t *length)
{
    struct line line = {.length = 0};
    ldns_rr *rr = NULL;
    enum da_status status = make_line(type, tokens, origin, &line);

    if (status != DA_OK)
        return status;
    ldns_status read = ldns_rr_new_frm_str(&rr, line.text, 0, NULL, NULL);
    if (read == LDNS_STATUS_MEM_ERR)
        return DA_ERR_MEMORY;
    if (read != LDNS_STATUS_OK)
        return DA_ERR_SYNTAX;
    bool is_written = write_rdata(rr, rdata, length);
    ldns_rr_free(rr);
    return is_written ? DA_OK : DA_ERR_SYNTAX;
}

enum da_status da_zone_rdata(uint16_t type, struct da_tokens tokens, const struct da_name *origin, uint8_t *rdata,
                             uint16_t *length)
{
    struct da_tokens behind = tokens;
    struct da_token token;

    if (da_token_next(&behind, &token) && da_token_is(&token, "\\#"))
        return read_generic(type, behind, rdata, length);
    return read_plain(type, tokens, origin, rdata, length);
}
