#include "import/objects.h"

#include "audit/input.h"
#include "command.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PROPERTIES_MAX 1000 /* of an object; Get-RemoteAccess has about 60 */

static enum da_status no_memory(struct da_error *error)
{
    return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
}

/* ---- building ---- */

/* Room for one more, in steps of a doubling. */
static void *grow(void *items, size_t count, size_t size)
{
    return (count & (count - 1)) != 0 ? items : realloc(items, (count == 0 ? 1 : count * 2) * size);
}

static enum da_status add_object(struct da_objects *objects, const char *file, struct da_error *error)
{
    struct da_object *items = grow(objects->items, objects->count, sizeof(*items));

    if (items == NULL)
        return no_memory(error);
    objects->items = items;
    items[objects->count] = (struct da_object){.file = strdup(file)};
    if (items[objects->count].file == NULL)
        return no_memory(error);
    objects->count++;
    return DA_OK;
}

static enum da_status add_property(struct da_object *object, const char *name, size_t length, size_t line,
                                   struct da_error *error)
{
    if (object->count == PROPERTIES_MAX)
        return da_error_set(error, DA_ERR_LIMIT, NULL, "an object of more than %d properties", PROPERTIES_MAX);
    struct da_property *properties = grow(object->properties, object->count, sizeof(*properties));

    if (properties == NULL)
        return no_memory(error);
    object->properties = properties;
    properties[object->count] = (struct da_property){.name = strndup(name, length), .line = line};
    if (properties[object->count].name == NULL)
        return no_memory(error);
    object->count++;
    return DA_OK;
}

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && isspace((unsigned char)(*text)[*length - 1]))
        --*length;
    while (*length > 0 && isspace((unsigned char)**text))
        ++*text, --*length;
}

/* "..." or its one character at the end of an item or as one: PowerShell's mark of what it left out. */
static bool drop_cut_mark(const char *text, size_t *length)
{
    static const char *const marks[] = {"...", "\xe2\x80\xa6"};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (*length >= 3 && memcmp(text + *length - 3, marks[i], 3) == 0) {
            *length -= 3;
            return true;
        }
    return false;
}

static enum da_status add_value(struct da_property *property, const char *text, size_t length, struct da_error *error)
{
    trim(&text, &length);
    property->cut = drop_cut_mark(text, &length) || property->cut;
    trim(&text, &length);
    if (length == 0 || memchr(text, '\0', length) != NULL)
        return DA_OK;
    char **values = grow(property->values, property->count, sizeof(*values));
    if (values == NULL)
        return no_memory(error);
    property->values = values;
    values[property->count] = strndup(text, length);
    if (values[property->count] == NULL)
        return no_memory(error);
    property->count++;
    return DA_OK;
}

void da_objects_clear(struct da_objects *objects)
{
    for (size_t i = 0; i < objects->count; i++) {
        struct da_object *object = &objects->items[i];
        for (size_t p = 0; p < object->count; p++) {
            for (size_t v = 0; v < object->properties[p].count; v++)
                free(object->properties[p].values[v]);
            free(object->properties[p].values);
            free(object->properties[p].name);
        }
        free(object->properties);
        free(object->file);
    }
    free(objects->items);
    *objects = (struct da_objects){0};
}

const struct da_property *da_object_find(const struct da_object *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++)
        if (strcasecmp(object->properties[i].name, name) == 0)
            return &object->properties[i];
    return NULL;
}

const char *da_object_text(const struct da_object *object, const char *name)
{
    const struct da_property *property = da_object_find(object, name);

    return property != NULL && property->count > 0 ? property->values[0] : NULL;
}

/* ---- text ---- */

struct reader {
    const char *file;
    struct da_objects *objects;
    struct da_error *error;
    struct da_object *object; /* that is being read, the last; NULL = none */
    struct da_property *property;
    size_t column; /* of the colon of the property that is being read; 0 = none */
    size_t blanks; /* lines before this one */
    bool broken;   /* the property has blank lines within its value, as a certificate has */
    size_t line;
    char *text; /* its value so far */
    size_t length;
};

static enum da_status begin_object(struct reader *reader)
{
    enum da_status status = add_object(reader->objects, reader->file, reader->error);

    reader->object = status == DA_OK ? &reader->objects->items[reader->objects->count - 1] : NULL;
    return status;
}

static enum da_status fault(struct reader *reader, const char *text)
{
    if (reader->error != NULL && reader->error->status == DA_OK)
        reader->error->line = (unsigned)reader->line;
    return da_error_set(reader->error, DA_ERR_SYNTAX, NULL, "%s", text);
}

/* Pieces are joined by a blank: PowerShell breaks lines there if it can. */
static enum da_status add_piece(struct reader *reader, const char *text, size_t length)
{
    trim(&text, &length);
    char *grown = realloc(reader->text, reader->length + length + 1);
    if (grown == NULL)
        return no_memory(reader->error);
    reader->text = grown;
    if (reader->length > 0)
        grown[reader->length++] = ' ';
    memcpy(grown + reader->length, text, length);
    reader->length += length;
    return DA_OK;
}

/* "{x, y}": what PowerShell prints of a list. */
static enum da_status add_list(struct da_property *property, const char *at, const char *end, struct da_error *error)
{
    enum da_status status = DA_OK;

    for (; status == DA_OK && at < end; at++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma != NULL ? comma : end;
        status = add_value(property, at, (size_t)(stop - at), error);
        at = stop;
    }
    return status;
}

static enum da_status end_property(struct reader *reader)
{
    const char *text = reader->text;
    size_t length = reader->length;
    enum da_status status = DA_OK;

    if (reader->column > 0) {
        trim(&text, &length);
        if (length >= 2 && text[0] == '{' && text[length - 1] == '}')
            status = add_list(reader->property, text + 1, text + length - 1, reader->error);
        else
            status = add_value(reader->property, text, length, reader->error);
    }
    free(reader->text);
    reader->text = NULL;
    reader->length = reader->column = 0;
    reader->broken = false;
    return status;
}

/* True for "----  ------": what stands below the heads of a table. */
static bool is_table_rule(const char *line, size_t length)
{
    size_t dashes = 0;

    for (size_t i = 0; i < length; i++) {
        if (line[i] != '-' && line[i] != ' ')
            return false;
        dashes += line[i] == '-';
    }
    return dashes >= 3;
}

/* "Name : value" begins a property. Within an object the colons stand below each other, and no name comes twice. */
static enum da_status begin_property(struct reader *reader, const char *name, size_t length, size_t colon)
{
    enum da_status status = DA_OK;

    char *copy = strndup(name, length);
    if (copy == NULL)
        return no_memory(reader->error);
    if (reader->object == NULL || da_object_find(reader->object, copy) != NULL)
        status = begin_object(reader);
    free(copy);
    if (status == DA_OK)
        status = add_property(reader->object, name, length, reader->line, reader->error);
    if (status != DA_OK)
        return status;
    reader->property = &reader->object->properties[reader->object->count - 1];
    reader->column = colon;
    return DA_OK;
}

/* A line that is not blank, and in which no value goes on. */
static enum da_status read_name(struct reader *reader, const char *line, size_t start, size_t length)
{
    size_t name = start, colon;

    while (name < length && (isalnum((unsigned char)line[name]) || line[name] == '_'))
        name++;
    for (colon = name; colon < length && line[colon] == ' ';)
        colon++;
    /* A property with blank lines within (certificates) may have one behind it, too. */
    if (reader->blanks > 1 || (reader->blanks > 0 && (!reader->broken || colon != reader->column)))
        reader->object = NULL;
    enum da_status status = end_property(reader);
    if (status != DA_OK || name == start || colon == length || line[colon] != ':')
        return status;
    status = begin_property(reader, line + start, name - start, colon);
    return status == DA_OK ? add_piece(reader, line + colon + 1, length - colon - 1) : status;
}

/* A value goes on below its own beginning. */
static enum da_status read_line(struct reader *reader, const char *line, size_t length)
{
    size_t start = 0;

    while (start < length && isspace((unsigned char)line[start]))
        start++;
    if (start < length && reader->column > 0 && start > reader->column) {
        reader->broken = reader->broken || reader->blanks > 0;
        return add_piece(reader, line + start, length - start);
    }
    if (start == length)
        return DA_OK; /* the next name tells whether an object ends here */
    if (is_table_rule(line, length))
        return fault(reader, "a table; expected a list: end the command with | Format-List");
    return read_name(reader, line, start, length);
}

static enum da_status read_text(struct reader *reader, const char *at, const char *end)
{
    enum da_status status = DA_OK;

    for (reader->line = 1; status == DA_OK && at < end; reader->line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop != NULL ? stop : end) - at), trimmed = length;
        const char *text = at;
        status = read_line(reader, at, length);
        trim(&text, &trimmed);
        reader->blanks = trimmed == 0 ? reader->blanks + 1 : 0;
        at += length + (stop != NULL);
    }
    if (status == DA_OK)
        status = end_property(reader);
    free(reader->text);
    return status;
}

/* ---- JSON ---- */

static json_t *member(const json_t *object, const char *name)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        if (strcasecmp(key, name) == 0)
            return value;
    }
    return NULL;
}

/* A text of an object that PowerShell cut to a text by -Depth: Class (HostName = "da1"). */
static enum da_status add_json_text(struct da_property *property, const char *text, struct da_error *error)
{
    const char *host = strstr(text, "HostName = \"");

    if (host == NULL)
        return add_value(property, text, strlen(text), error);
    host += strlen("HostName = \"");
    return add_value(property, host, strcspn(host, "\""), error);
}

static enum da_status add_json(struct da_property *property, const json_t *value, unsigned depth,
                               struct da_error *error)
{
    static const char *const inner[] = {"IPAddressToString", "HostName", "value"};
    enum da_status status = DA_OK;
    const json_t *item;
    char number[32];
    size_t i;

    if (depth > 4) /* deeper than any of ours */
        return DA_OK;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return add_json_text(property, json_string_value(value), error);
    case JSON_INTEGER:
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return add_value(property, number, strlen(number), error);
    case JSON_TRUE:
        return add_value(property, "True", 4, error);
    case JSON_FALSE:
        return add_value(property, "False", 5, error);
    case JSON_ARRAY:
        json_array_foreach(value, i, item)
        {
            if (status == DA_OK)
                status = add_json(property, item, depth + 1, error);
        }
        return status;
    case JSON_OBJECT:
        for (i = 0; i < sizeof(inner) / sizeof(inner[0]); i++)
            if ((item = member(value, inner[i])) != NULL)
                return add_json(property, item, depth + 1, error);
        return DA_OK;
    default:
        return DA_OK;
    }
}

static enum da_status read_json_object(struct reader *reader, const json_t *object)
{
    const char *key;
    json_t *value;

    enum da_status status = begin_object(reader);
    if (status != DA_OK)
        return status;
    struct da_object *made = reader->object;
    json_object_foreach((json_t *)object, key, value)
    {
        if (status == DA_OK)
            status = add_property(made, key, strlen(key), 0, reader->error);
        if (status == DA_OK)
            status = add_json(&made->properties[made->count - 1], value, 0, reader->error);
    }
    return status;
}

static enum da_status read_json_value(struct reader *reader, const json_t *value, unsigned depth)
{
    enum da_status status = DA_OK;
    const json_t *item;
    size_t i;

    if (json_is_object(value))
        return read_json_object(reader, value);
    if (!json_is_array(value) || depth > 2)
        return fault(reader, "JSON, but neither an object nor a list of objects");
    json_array_foreach(value, i, item)
    {
        if (status == DA_OK && !json_is_null(item))
            status = read_json_value(reader, item, depth + 1);
    }
    return status;
}

static enum da_status read_json(struct reader *reader, const char *at, const char *end)
{
    enum da_status status = DA_OK;
    json_error_t found;
    size_t line = 0;

    while (status == DA_OK) {
        for (; at < end && isspace((unsigned char)*at); at++)
            line += *at == '\n';
        if (at == end)
            break;
        json_t *value = json_loadb(at, (size_t)(end - at), JSON_DISABLE_EOF_CHECK, &found);
        if (value == NULL) {
            reader->line = line + (size_t)(found.line > 0 ? found.line : 1);
            return fault(reader, found.text);
        }
        reader->line = line + 1;
        status = read_json_value(reader, value, 0);
        json_decref(value);
        for (const char *stop = at + found.position; at < stop; at++)
            line += *at == '\n';
    }
    return status;
}

/* ---- the file ---- */

enum da_status da_objects_parse(const char *file, const char *octets, size_t length, struct da_objects *objects,
                                struct da_error *error)
{
    struct reader reader = {.file = file, .objects = objects, .error = error, .line = 1};
    size_t before = objects->count;
    const char *head = octets, *end = octets + length;

    while (head < end && isspace((unsigned char)*head))
        head++;
    bool json = head < end && (*head == '[' || *head == '{');
    enum da_status status = json ? read_json(&reader, octets, end) : read_text(&reader, octets, end);
    if (status == DA_OK && objects->count == before)
        status = da_error_set(error, DA_ERR_SYNTAX, NULL,
                              "nothing that PowerShell printed; expected lines \"Name : value\" or JSON, of "
                              "Get-RemoteAccess and others");
    return status;
}

enum da_status da_objects_load(const char *path, struct da_objects *objects, struct da_error *error)
{
    char *octets = NULL;
    size_t length = 0;

    enum da_status status =
        da_input_load(path, DA_OBJECTS_MAX_FILE, "what a few cmdlets print", &octets, &length, error);
    if (status == DA_OK)
        status = da_objects_parse(da_deployment_title(path), octets, length, objects, error);
    free(octets);
    return status;
}
