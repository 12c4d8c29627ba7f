#include "audit/zone_name.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads the escape at text, behind its backslash. Returns how many octets of text it is; 0 = it is none. */
static size_t read_escape(const char *text, size_t length, enum da_escapes escapes, uint8_t *octet)
{
    unsigned base = escapes == DA_ESCAPES_OCTAL ? 8 : 10, value = 0;

    if (length == 0)
        return 0;
    if (!is_digit(text[0])) {
        *octet = (uint8_t)text[0];
        return 1;
    }
    if (length < 3)
        return 0;
    for (size_t i = 0; i < 3; i++) {
        if (!is_digit(text[i]) || (unsigned)(text[i] - '0') >= base)
            return 0;
        value = value * base + (unsigned)(text[i] - '0');
    }
    *octet = (uint8_t)value;
    return value <= 255 ? 3 : 0;
}

/* A name in the making. */
struct maker {
    uint8_t wire[DA_NAME_MAX];
    size_t length; /* octets of wire, those of the label under way included */
    size_t label;  /* where the length octet of the label under way is */
};

static enum da_status end_label(struct maker *maker)
{
    size_t octets = maker->length - maker->label - 1;

    if (octets == 0)
        return DA_ERR_SYNTAX;
    maker->wire[maker->label] = (uint8_t)octets;
    maker->label = maker->length;
    if (maker->length == sizeof(maker->wire))
        return DA_ERR_LIMIT;
    maker->wire[maker->length++] = 0;
    return DA_OK;
}

static enum da_status add_octet(struct maker *maker, uint8_t octet)
{
    if (maker->length - maker->label > DA_LABEL_MAX)
        return DA_ERR_SYNTAX;
    if (maker->length == sizeof(maker->wire))
        return DA_ERR_LIMIT;
    maker->wire[maker->length++] = octet;
    return DA_OK;
}

/* Reads the labels of a token that is neither "." nor "@". */
static enum da_status read_labels(const struct da_token *token, enum da_escapes escapes, struct maker *maker)
{
    enum da_status status = token->length > 0 ? DA_OK : DA_ERR_SYNTAX;

    for (size_t i = 0; i < token->length && status == DA_OK; i++) {
        uint8_t octet = (uint8_t)token->text[i];
        if (octet == '\\') {
            size_t n = read_escape(token->text + i + 1, token->length - i - 1, escapes, &octet);
            status = n > 0 ? add_octet(maker, octet) : DA_ERR_SYNTAX;
            i += n;
        } else if (octet == '.') {
            status = end_label(maker);
        } else if (octet != '"' || !token->mixed) {
            status = add_octet(maker, octet);
        }
    }
    return status;
}

enum da_status da_zone_name(const struct da_token *token, const struct da_name *origin, enum da_escapes escapes,
                            struct da_name *name)
{
    struct maker maker = {.length = 1};
    bool is_origin = token->length == 1 && token->text[0] == '@';
    bool is_root = token->length == 1 && token->text[0] == '.';
    enum da_status status = is_origin || is_root ? DA_OK : read_labels(token, escapes, &maker);

    if (status != DA_OK)
        return status;
    bool is_absolute = is_root || (!is_origin && maker.length == maker.label + 1 && maker.length > 1);
    if (!is_absolute) {
        if (origin->length == 0)
            return DA_ERR_VALUE;
        if (!is_origin)
            status = end_label(&maker);
        if (status != DA_OK)
            return status;
        if (maker.label + origin->length > DA_NAME_MAX)
            return DA_ERR_LIMIT;
        memcpy(maker.wire + maker.label, origin->wire, origin->length);
        maker.length = maker.label + origin->length;
    }
    name->length = (uint8_t)maker.length;
    memcpy(name->wire, maker.wire, maker.length);
    return DA_OK;
}

bool da_zone_name_is_ambiguous(const struct da_token *token)
{
    for (size_t i = 0; i + 3 < token->length; i++) {
        if (token->text[i] != '\\')
            continue;
        if (is_digit(token->text[i + 1]))
            return true;
        i++;
    }
    return false;
}
