#include "name.h"

#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hostname_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-';
}

/* Length of the hostname label at text, up to a dot or the end; 0 where there is none. */
static size_t label_length(const char *text)
{
    size_t n = strcspn(text, ".");
    if (n == 0 || n > DA_LABEL_MAX || text[0] == '-' || text[n - 1] == '-')
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!is_hostname_char(text[i]))
            return 0;
    return n;
}

bool da_name_is_label(const char *text)
{
    size_t n = label_length(text);
    return n > 0 && text[n] == '\0';
}

enum da_status da_name_from_hostname(const char *text, struct da_name *name)
{
    size_t used = 0;
    uint8_t wire[DA_NAME_MAX];
    bool numeric;

    do {
        size_t n = label_length(text);
        if (n == 0)
            return DA_ERR_SYNTAX;
        if (used + 1 + n + 1 > sizeof(wire))
            return DA_ERR_LIMIT;
        wire[used] = (uint8_t)n;
        memcpy(wire + used + 1, text, n);
        used += 1 + n;
        numeric = strspn(text, "0123456789") >= n;
        text += n;
        if (*text == '.')
            text++;
    } while (*text != '\0');
    if (numeric)
        return DA_ERR_SYNTAX;

    wire[used++] = 0;
    memcpy(name->wire, wire, used);
    name->length = (uint8_t)used;
    return DA_OK;
}

enum da_status da_name_prepend(const char *label, const struct da_name *parent, struct da_name *name)
{
    size_t n = strlen(label);
    if (1 + n + parent->length > DA_NAME_MAX)
        return DA_ERR_LIMIT;
    memmove(name->wire + 1 + n, parent->wire, parent->length);
    name->length = (uint8_t)(1 + n + parent->length);
    name->wire[0] = (uint8_t)n;
    memcpy(name->wire + 1, label, n);
    return DA_OK;
}

bool da_name_equal(const uint8_t *a, const uint8_t *b)
{
    for (;;) {
        size_t n = *a;
        if (n != *b)
            return false;
        if (n == 0)
            return true;
        for (size_t i = 1; i <= n; i++)
            if (da_name_fold(a[i]) != da_name_fold(b[i]))
                return false;
        a += 1 + n;
        b += 1 + n;
    }
}

/* Offsets of the labels, leftmost first; returns how many there are, the root not counted. */
static size_t find_labels(const uint8_t *wire, uint8_t offsets[static DA_NAME_LABELS])
{
    size_t count = 0;

    for (size_t at = 0; wire[at] != 0; at += 1u + wire[at])
        offsets[count++] = (uint8_t)at;
    return count;
}

static int compare_labels(const uint8_t *a, const uint8_t *b)
{
    for (size_t i = 1; i <= a[0] && i <= b[0]; i++)
        if (da_name_fold(a[i]) != da_name_fold(b[i]))
            return da_name_fold(a[i]) < da_name_fold(b[i]) ? -1 : 1;
    return (a[0] > b[0]) - (a[0] < b[0]);
}

int da_name_compare(const uint8_t *a, const uint8_t *b)
{
    uint8_t a_labels[DA_NAME_LABELS], b_labels[DA_NAME_LABELS];
    size_t i = find_labels(a, a_labels), j = find_labels(b, b_labels);
    int order = 0;

    while (order == 0 && i > 0 && j > 0)
        order = compare_labels(a + a_labels[--i], b + b_labels[--j]);
    return order != 0 ? order : (i > 0) - (j > 0);
}

bool da_name_is_below(const struct da_name *name, const struct da_name *above)
{
    const uint8_t *tail = name->wire;
    size_t length = name->length;

    while (length > above->length) {
        length -= 1u + tail[0];
        tail += 1u + tail[0];
    }
    return length == above->length && da_name_equal(tail, above->wire);
}

const char *da_name_to_text(const struct da_name *name, char text[static DA_NAME_TEXT_MAX])
{
    char *out = text;

    for (const uint8_t *label = name->wire; *label != 0; label += 1 + *label) {
        for (size_t i = 1; i <= *label; i++) {
            uint8_t octet = label[i];
            if (octet <= 0x20 || octet > 0x7e)
                out += sprintf(out, "\\%03u", octet);
            else if (strchr("\".;\\()@$", octet) != NULL)
                out += sprintf(out, "\\%c", octet);
            else
                *out++ = (char)octet;
        }
        *out++ = '.';
    }
    if (out == text)
        *out++ = '.';
    *out = '\0';
    return text;
}
