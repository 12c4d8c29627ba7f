#include "directory/directory_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Writes labels in front of what is there already, which is a whole name. */
static bool put_in_front(const char *text, struct da_name *name)
{
    uint8_t wire[DA_NAME_MAX];
    size_t used = 0;

    for (;;) {
        size_t length = strcspn(text, ".");
        if (length == 0 || length > DA_LABEL_MAX || used + 1 + length + name->length > DA_NAME_MAX)
            return false;
        wire[used] = (uint8_t)length;
        memcpy(wire + used + 1, text, length);
        used += 1 + length;
        text += length;
        if (*text == '\0')
            break;
        text++;
    }
    memmove(name->wire + used, name->wire, name->length);
    memcpy(name->wire, wire, used);
    name->length = (uint8_t)(name->length + used);
    return true;
}

bool da_directory_zone_name(const char *text, struct da_name *name)
{
    char relative[DA_NAME_TEXT_MAX];
    size_t length = strlen(text);

    *name = (struct da_name){.length = 1};
    if (strcmp(text, ".") == 0)
        return true;
    if (length == 0 || length >= sizeof(relative))
        return false;
    memcpy(relative, text, length + 1);
    if (relative[length - 1] == '.')
        relative[length - 1] = '\0';
    return put_in_front(relative, name);
}

bool da_directory_owner(const char *text, const struct da_name *zone, struct da_name *owner)
{
    *owner = *zone;
    return strcmp(text, "@") == 0 || put_in_front(text, owner);
}

bool da_directory_relative(const struct da_name *owner, const struct da_name *zone, char text[static DA_RELATIVE_MAX])
{
    char *out = text;

    if (!da_name_is_below(owner, zone))
        return false;
    size_t length = (size_t)owner->length - zone->length;
    if (length == 0) {
        memcpy(text, "@", 2);
        return true;
    }
    for (const uint8_t *label = owner->wire; label < owner->wire + length; label += 1u + *label) {
        if (memchr(label + 1, '.', *label) != NULL || memchr(label + 1, '\0', *label) != NULL)
            return false;
        if (out > text)
            *out++ = '.';
        memcpy(out, label + 1, *label);
        out += *label;
    }
    *out = '\0';
    return true;
}

/* Letters, digits and what is special nowhere. */
static bool is_plain(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '-' || c == '_' || c == '.' || c == '@';
}

static void escape(const char *value, char *out)
{
    for (; *value != '\0'; value++) {
        if (is_plain(*value))
            *out++ = *value;
        else
            out += sprintf(out, "\\%02x", (unsigned)(unsigned char)*value);
    }
    *out = '\0';
}

const char *da_directory_escape_term(const char *value, char term[static DA_TERM_MAX])
{
    escape(value, term);
    return term;
}

const char *da_directory_rdn(const char *value, char rdn[static DA_RDN_MAX])
{
    escape(value, stpcpy(rdn, "DC="));
    return rdn;
}
