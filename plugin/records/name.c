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
