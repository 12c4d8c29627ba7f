/* Properties as PowerShell's Format-List prints them. A value that does not fit the window goes on in the next line,
 * below its own beginning; no value of ours has blanks that matter, so that pieces are joined without. */
#include "ncsi/reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The property that is being read. */
struct property {
    enum da_ncsi_value value; /* DA_NCSI_VALUE_COUNT: none of ours */
    size_t column;            /* of its colon; 0 = no property is open */
    size_t line;
    char *text;
    size_t length;
};

static enum da_status add_piece(struct property *property, const char *text, size_t length, struct da_error *error)
{
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    if (property->value == DA_NCSI_VALUE_COUNT || length == 0)
        return DA_OK;
    char *grown = realloc(property->text, property->length + length);
    if (grown == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    memcpy(grown + property->length, text, length);
    property->text = grown;
    property->length += length;
    return DA_OK;
}

/* An empty list is no value. */
static enum da_status end_property(struct property *property, struct da_ncsi *ncsi, struct da_error *error)
{
    enum da_status status = DA_OK;
    bool empty = property->length == 2 && memcmp(property->text, "{}", 2) == 0;

    if (property->length > 0 && !empty)
        status = da_ncsi_keep(ncsi, property->value, property->text, property->length, property->line, error);
    free(property->text);
    *property = (struct property){0};
    return status;
}

/* Where a line has "Name : ", with as many blanks as there are, the column of the colon; else 0. */
static size_t find_colon(const char *line, size_t length, size_t *name, size_t *name_length)
{
    size_t at = *name = da_ncsi_blanks(line, length);

    while (at < length && (isalnum((unsigned char)line[at]) || line[at] == '_'))
        at++;
    *name_length = at - *name;
    at += da_ncsi_blanks(line + at, length - at);
    return *name_length > 0 && at < length && line[at] == ':' ? at : 0;
}

static enum da_status read_line(struct property *property, const char *line, size_t length, size_t number,
                                struct da_ncsi *ncsi, struct da_error *error)
{
    size_t start = da_ncsi_blanks(line, length), name, name_length;

    if (start < length && property->column > 0 && start > property->column)
        return add_piece(property, line + start, length - start, error);
    enum da_status status = end_property(property, ncsi, error);
    size_t colon = find_colon(line, length, &name, &name_length);
    if (status != DA_OK || colon == 0)
        return status;
    property->value = da_ncsi_find(line + name, name_length, false);
    property->column = colon;
    property->line = number;
    start = colon + 1 + da_ncsi_blanks(line + colon + 1, length - colon - 1);
    return add_piece(property, line + start, length - start, error);
}

enum da_status da_ncsi_read_properties(struct da_ncsi_text text, struct da_ncsi *ncsi, struct da_error *error)
{
    struct property property = {0};
    enum da_status status = DA_OK;
    const char *line;
    size_t length, number = text.line;

    for (; status == DA_OK && da_ncsi_take_line(&text, &line, &length); number = text.line)
        status = read_line(&property, line, length, number, ncsi, error);
    if (status == DA_OK)
        status = end_property(&property, ncsi, error);
    free(property.text);
    return status;
}
