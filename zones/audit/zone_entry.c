#include "audit/zone_entry.h"

#include <ldns/ldns.h>
#include <string.h>
#include <strings.h>

/* Types of Windows DNS alone, as MS-DNSP section 2.2.2.1.1 numbers them. */
#define TYPE_WINS   0xff01 /* MS-DNSP section 2.2.2.1.1 */
#define TYPE_WINS_R 0xff02

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '(' || c == ')';
}

static void skip_blanks(struct da_tokens *tokens)
{
    while (tokens->at < tokens->end && (is_blank(*tokens->at) || *tokens->at == ';')) {
        if (*tokens->at == ';') {
            const char *end = memchr(tokens->at, '\n', (size_t)(tokens->end - tokens->at));
            tokens->at = end != NULL ? end : tokens->end;
        } else {
            tokens->at++;
        }
    }
}

/* Behind the octet at `at`, or behind the escape that begins there. An escape does not reach over the end of a line. */
static const char *skip_octet(const char *at, const char *end)
{
    return *at == '\\' && at + 1 < end && at[1] != '\n' && at[1] != '\r' ? at + 2 : at + 1;
}

/* Behind the quote that closes the one at `at`; a line end closes it, too, and is left. */
static const char *skip_quoted(const char *at, const char *end)
{
    at++;
    while (at < end && *at != '"' && *at != '\n')
        at = skip_octet(at, end);
    return at < end && *at == '"' ? at + 1 : at;
}

bool da_token_next(struct da_tokens *tokens, struct da_token *token)
{
    skip_blanks(tokens);
    const char *start = tokens->at, *at = start, *end = tokens->end;
    bool has_quotes = false, has_plain = false;

    if (start == end)
        return false;
    while (at < end && !is_blank(*at) && *at != ';') {
        bool is_second = has_quotes;
        has_quotes = has_quotes || *at == '"';
        has_plain = has_plain || *at != '"' || is_second;
        at = *at == '"' ? skip_quoted(at, end) : skip_octet(at, end);
    }
    *token = (struct da_token){.text = start, .length = (size_t)(at - start), .mixed = has_quotes && has_plain};
    if (has_quotes && !has_plain) {
        token->quoted = true;
        token->text++;
        token->length -= token->length > 1 && at[-1] == '"' ? 2 : 1;
    }
    tokens->at = at;
    return true;
}

bool da_token_is(const struct da_token *token, const char *word)
{
    return !token->quoted && strlen(word) == token->length && strncasecmp(token->text, word, token->length) == 0;
}

/* Reads decimal digits, at least one, up to 32 bits. Returns how many octets they are; 0 = there is no such number. */
static size_t read_number(const char *text, size_t length, uint64_t *number)
{
    size_t i = 0;

    for (*number = 0; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
        *number = *number * 10 + (uint64_t)(text[i] - '0');
        if (*number > UINT32_MAX)
            return 0;
    }
    return i;
}

/* Seconds of a unit; 0 = it is none. */
static uint32_t unit_seconds(char unit)
{
    switch (unit | 0x20) {
    case 'w':
        return 7 * 86400;
    case 'd':
        return 86400;
    case 'h':
        return 3600;
    case 'm':
        return 60;
    case 's':
        return 1;
    default:
        return 0;
    }
}

bool da_token_ttl(const struct da_token *token, uint32_t *ttl)
{
    uint64_t sum = 0, number;

    if (token->quoted || token->length == 0)
        return false;
    for (size_t i = 0; i < token->length;) {
        size_t digits = read_number(token->text + i, token->length - i, &number);
        if (digits == 0)
            return false;
        bool is_plain = digits == token->length;
        uint32_t seconds = is_plain ? 1 : i + digits < token->length ? unit_seconds(token->text[i + digits]) : 0;
        if (seconds == 0)
            return false;
        sum += number * seconds;
        if (sum > UINT32_MAX)
            return false;
        i += digits + !is_plain;
    }
    *ttl = sum > INT32_MAX ? 0 : (uint32_t)sum;
    return true;
}

static bool begins_with(const struct da_token *token, const char *word)
{
    size_t length = strlen(word);
    return !token->quoted && token->length > length && strncasecmp(token->text, word, length) == 0;
}

/* Reads TYPE123, CLASS123 and the like (RFC 3597 section 5). */
static bool read_generic(const struct da_token *token, const char *word, uint16_t *value)
{
    size_t length = strlen(word);
    uint64_t number;

    if (!begins_with(token, word) ||
        read_number(token->text + length, token->length - length, &number) != token->length - length ||
        number > UINT16_MAX)
        return false;
    *value = (uint16_t)number;
    return true;
}

static bool take_class(const struct da_token *token, struct da_entry *entry)
{
    static const char *const others[] = {"CH", "CHAOS", "HS", "HESIOD", "NONE", "CS", "CSNET"};
    uint16_t number;

    if (da_token_is(token, "IN"))
        return true;
    if (read_generic(token, "CLASS", &number)) {
        entry->other_class = number != LDNS_RR_CLASS_IN;
        return true;
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (da_token_is(token, others[i])) {
            entry->other_class = true;
            return true;
        }
    }
    return false;
}

/* What dnscmd writes in front of the TTL of a record that is dynamic: "[AGE:3634093]", "[Aging:3634093]". */
static bool take_stamp(const struct da_token *token, struct da_entry *entry)
{
    size_t prefix = begins_with(token, "[AGE:") ? 5 : begins_with(token, "[AGING:") ? 7 : 0;
    uint64_t hours;

    if (prefix == 0)
        return false;
    size_t digits = read_number(token->text + prefix, token->length - prefix, &hours);
    bool is_whole = digits > 0 && prefix + digits + 1 == token->length && token->text[prefix + digits] == ']';
    entry->stamped = is_whole ? DA_STAMP_READ : DA_STAMP_BAD;
    entry->stamp = is_whole ? (uint32_t)hours : 0;
    return true;
}

void da_entry_fields(struct da_tokens tokens, struct da_entry *entry)
{
    struct da_token token;
    bool has_class = false;

    while (da_token_next(&tokens, &token)) {
        if (entry->stamped == DA_STAMP_NONE && take_stamp(&token, entry))
            continue;
        if (!entry->has_ttl && da_token_ttl(&token, &entry->ttl)) {
            entry->has_ttl = true;
            continue;
        }
        if (!has_class && take_class(&token, entry)) {
            has_class = true;
            continue;
        }
        entry->type = token;
        break;
    }
    entry->rest = tokens;
}

void da_entry_split(const char *text, size_t length, struct da_entry *entry)
{
    struct da_tokens tokens = {.at = text, .end = text + length};
    bool is_blank_owner = length > 0 && (*text == ' ' || *text == '\t' || *text == '\r');

    *entry = (struct da_entry){0};
    if (!is_blank_owner && !da_token_next(&tokens, &entry->owner))
        entry->owner.text = NULL;
    da_entry_fields(tokens, entry);
}

uint16_t da_token_type(const struct da_token *token)
{
    char name[16];
    uint16_t number;

    if (read_generic(token, "TYPE", &number))
        return number;
    if (da_token_is(token, "WINS"))
        return TYPE_WINS;
    if (da_token_is(token, "WINSR") || da_token_is(token, "WINS-R"))
        return TYPE_WINS_R;
    /* ldns takes TYPE1 and anything behind it for a type. */
    if (token->quoted || begins_with(token, "TYPE") || token->length >= sizeof(name) ||
        memchr(token->text, '\0', token->length) != NULL)
        return 0;
    memcpy(name, token->text, token->length);
    name[token->length] = '\0';
    return (uint16_t)ldns_get_rr_type_by_name(name);
}
