/* $GENERATE as BIND 9 has it (Administrator Reference Manual, "BIND Primary File Extension: the $GENERATE Directive"):
 *
 *     $GENERATE start-stop[/step] lhs [ttl] [class] type rhs
 *
 * In lhs and rhs "$" stands for the number, "${offset,width,base}" for it changed and formatted, base being d, o, x, X,
 * or n, N for nibbles as of ip6.arpa; "\$" is a dollar sign that stays escaped, "$$" one that does not. */
#include "audit/zone_name.h"
#include "audit/zone_reader.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define SIDE_MAX   2048 /* octets of an expanded side, as in BIND */
#define NUMBER_MAX 128  /* octets of a number, as in BIND */

/* Steps of all $GENERATEs of a file that could make our names; more are a doubt, so that time is bounded. */
#define GENERATE_ALL (10 * (uint64_t)DA_GENERATE_MAX)

struct generate {
    uint32_t start, stop, step;
    struct da_token left, right;
    struct da_entry entry; /* but for the owner and rdata, which each step makes */
};

/* "${offset,width,base}" */
struct format {
    int32_t offset;
    uint32_t width;
    char base;
};

static bool take_unsigned(struct da_tokens *text, uint32_t most, uint32_t *value)
{
    const char *start = text->at;
    uint64_t sum = 0;

    while (text->at < text->end && *text->at >= '0' && *text->at <= '9' && sum <= most)
        sum = sum * 10 + (uint64_t)(*text->at++ - '0');
    *value = (uint32_t)sum;
    return text->at > start && sum <= most;
}

static bool take_octet(struct da_tokens *text, char octet)
{
    if (text->at == text->end || *text->at != octet)
        return false;
    text->at++;
    return true;
}

static bool read_range(const struct da_token *token, struct generate *generate)
{
    struct da_tokens text = {.at = token->text, .end = token->text + token->length};

    generate->step = 1;
    return take_unsigned(&text, INT_MAX, &generate->start) && take_octet(&text, '-') &&
           take_unsigned(&text, INT_MAX, &generate->stop) && generate->start <= generate->stop &&
           (!take_octet(&text, '/') || (take_unsigned(&text, INT_MAX, &generate->step) && generate->step > 0)) &&
           text.at == text.end;
}

/* Reads what stands in braces behind "$", where there is an opening brace. */
static bool read_format(struct da_tokens *text, struct format *format)
{
    uint32_t value;

    *format = (struct format){.base = 'd'};
    if (!take_octet(text, '{'))
        return true;
    bool is_negative = take_octet(text, '-');
    if (!is_negative)
        take_octet(text, '+');
    if (!take_unsigned(text, INT_MAX, &value))
        return false;
    format->offset = is_negative ? -(int32_t)value : (int32_t)value;
    if (take_octet(text, ',') && !take_unsigned(text, NUMBER_MAX, &format->width))
        return false;
    if (take_octet(text, ',')) {
        if (text->at == text->end || strchr("doxXnN", *text->at) == NULL)
            return false;
        format->base = *text->at++;
    }
    return take_octet(text, '}');
}

/* Nibbles, the lowest first, dots between; width counts the dots, too. */
static int print_nibbles(char number[static NUMBER_MAX], const struct format *format, uint32_t value)
{
    const char *digits = format->base == 'n' ? "0123456789abcdef" : "0123456789ABCDEF";
    int length = 0;
    uint32_t width = format->width;

    do {
        if (length + 2 >= NUMBER_MAX)
            return NUMBER_MAX;
        number[length++] = digits[value & 15];
        value >>= 4;
        width -= width > 0;
        if (width > 0 || value != 0) {
            number[length++] = '.';
            width -= width > 0;
        }
    } while (value != 0 || width > 0);
    return length;
}

/* Returns how many octets the number is; NUMBER_MAX or more = it is too long. */
static int print_number(char number[static NUMBER_MAX], const struct format *format, int32_t value)
{
    int width = (int)format->width;

    switch (format->base) {
    case 'o':
        return snprintf(number, NUMBER_MAX, "%0*" PRIo32, width, (uint32_t)value);
    case 'x':
        return snprintf(number, NUMBER_MAX, "%0*" PRIx32, width, (uint32_t)value);
    case 'X':
        return snprintf(number, NUMBER_MAX, "%0*" PRIX32, width, (uint32_t)value);
    case 'd':
        return snprintf(number, NUMBER_MAX, "%0*" PRId32, width, value);
    default:
        return print_nibbles(number, format, (uint32_t)value);
    }
}

/* Expands a side for one number. False where it is not well-formed, or too long. */
static bool expand(const struct da_token *side, uint32_t number, char result[static SIDE_MAX], size_t *length)
{
    struct da_tokens text = {.at = side->text, .end = side->text + side->length};
    struct format format;
    char digits[NUMBER_MAX];

    for (*length = 0; text.at < text.end;) {
        if (*length + NUMBER_MAX >= SIDE_MAX)
            return false;
        if (*text.at == '\\' && text.at + 1 < text.end)
            result[(*length)++] = *text.at++;
        else if (take_octet(&text, '$') && !(text.at < text.end && *text.at == '$')) {
            if (!read_format(&text, &format) || format.offset > INT_MAX - (int32_t)number)
                return false;
            int n = print_number(digits, &format, (int32_t)number + format.offset);
            if (n < 0 || n >= NUMBER_MAX)
                return false;
            memcpy(result + *length, digits, (size_t)n);
            *length += (size_t)n;
            continue;
        }
        result[(*length)++] = *text.at++;
    }
    return true;
}

/* True where the first label that is made of side for some number may be label: the first "$" is taken for any
 * hexadecimal number, and a second for anything. */
static bool could_be(const char *side, const char *end, const char *label, bool is_first)
{
    while (side < end && *side != '.' && *side != '$') {
        if (*side == '\\' || *side == '@' || *side == '"')
            return true;
        if (*label == '\0' || da_name_fold((uint8_t)*side) != da_name_fold((uint8_t)*label))
            return false;
        side++;
        label++;
    }
    if (side == end || *side == '.')
        return *label == '\0';
    if (!is_first)
        return true;
    const char *close = side + 1 < end && side[1] == '{' ? memchr(side, '}', (size_t)(end - side)) : side;
    if (close == NULL || (side + 1 < end && side[1] == '$') || (close > side && (close[-1] | 0x20) == 'n'))
        return true;
    size_t most = strspn(label, "0123456789abcdefABCDEF-");
    for (size_t n = 1; n <= most; n++)
        if (could_be(close + 1, end, label + n, false))
            return true;
    return false;
}

static bool could_make_ours(const struct da_zone_reader *reader, const struct generate *generate)
{
    size_t count;
    const char *const *labels = da_names_first_labels(reader->collection->names, &count);

    for (size_t i = 0; i < count; i++)
        if (could_be(generate->left.text, generate->left.text + generate->left.length, labels[i], true))
            return true;
    return false;
}

/* Makes one record. False where a side cannot be expanded. */
static bool make(struct da_zone_reader *reader, const struct da_zone_at *at, const struct generate *generate,
                 uint32_t number)
{
    char left[SIDE_MAX], right[SIDE_MAX];
    struct da_entry entry = generate->entry;
    struct da_zone_owner owner = {.interest = 0};
    size_t length;

    if (!expand(&generate->left, number, left, &length))
        return false;
    entry.owner = (struct da_token){.text = left, .length = length};
    da_zone_owner(reader, at->line, &entry.owner, &owner);
    if (owner.interest == 0)
        return true;
    if (!expand(&generate->right, number, right, &length))
        return false;
    entry.rest = (struct da_tokens){.at = right, .end = right + length};
    da_zone_take(reader, at, &owner, &entry, false);
    return true;
}

static bool read_generate(struct da_tokens tokens, struct generate *generate)
{
    struct da_token range;

    *generate = (struct generate){0};
    if (!da_token_next(&tokens, &range) || !read_range(&range, generate) || !da_token_next(&tokens, &generate->left))
        return false;
    da_entry_fields(tokens, &generate->entry);
    tokens = generate->entry.rest;
    return generate->entry.type.text != NULL && da_token_next(&tokens, &generate->right);
}

void da_zone_generate(struct da_zone_reader *reader, const struct da_zone_at *at, struct da_tokens tokens)
{
    struct generate generate;
    char quoted[DA_ZONE_QUOTE_MAX];
    bool is_read = read_generate(tokens, &generate);

    da_zone_quote(at->text, at->length, quoted);
    if (is_read && generate.entry.has_ttl) {
        reader->ttl.last = generate.entry.ttl;
        reader->ttl.has_last = reader->ttl.stated = true;
    }
    if (is_read && (generate.entry.other_class || !could_make_ours(reader, &generate)))
        return;
    uint64_t steps = is_read ? (generate.stop - generate.start) / generate.step + (uint64_t)1 : 0;
    if (steps > DA_GENERATE_MAX || reader->generate_steps + steps > GENERATE_ALL) {
        da_zone_doubt(reader, at->line, NULL, "it has more steps than are made here: %s", quoted);
        return;
    }
    reader->generate_steps += steps;
    for (uint64_t i = 0; i < steps && is_read && reader->status == DA_OK; i++)
        is_read = make(reader, at, &generate, (uint32_t)(generate.start + i * generate.step));
    if (!is_read)
        da_zone_doubt(reader, at->line, NULL, "a directive cannot be read: %s", quoted);
}
