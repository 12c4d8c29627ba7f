#include "audit/windows_export.h"
#include "audit/windows_record.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define READ_SIZE   ((size_t)65536)
#define RECORD_MAX  ((size_t)1024 * 1024) /* octets of one record; as far as "ConvertTo-Json -Depth 10" goes */
#define SCRATCH_MAX ((size_t)16 * 1024)   /* octets of a record's texts */

bool da_windows_is_json(const char *head, size_t length)
{
    const char *end = head + length;

    while (head < end && isspace((unsigned char)*head))
        head++;
    if (head == end || (*head != '{' && *head != '['))
        return false;
    const char *wanted = *head == '{' ? "\"}" : "{]";
    for (head++; head < end && isspace((unsigned char)*head); head++)
        ;
    return head == end || *head == wanted[0] || *head == wanted[1];
}

/* ---- what a record holds ---- */

/* Texts of one record. */
struct scratch {
    size_t used;
    char text[SCRATCH_MAX];
};

/* Keeps a text, without blanks around it; "" where there is no room, since none of ours is that long. */
static const char *keep(struct scratch *scratch, const char *text, size_t length)
{
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    while (length > 0 && isspace((unsigned char)*text))
        text++, length--;
    if (length >= SCRATCH_MAX - scratch->used)
        return "";
    char *kept = scratch->text + scratch->used;
    memcpy(kept, text, length);
    kept[length] = '\0';
    scratch->used += length + 1;
    return kept;
}

/* Objects of PowerShell have no two members of which the names differ in case alone. */
static json_t *own_member(const json_t *object, const char *name)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value) if (strcasecmp(key, name) == 0) return value;
    return NULL;
}

/* A value as text; NULL = it is an object or a list that stands for none. A DateTime or an array can be wrapped as
 * {"value": …, …}, and an IPAddress has its text as a member. */
static const char *text_of(struct scratch *scratch, const json_t *value)
{
    char number[32];

    switch (json_typeof(value)) {
    case JSON_STRING:
        return keep(scratch, json_string_value(value), json_string_length(value));
    case JSON_INTEGER:
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return keep(scratch, number, strlen(number));
    case JSON_REAL:
        snprintf(number, sizeof(number), "%.0f", json_real_value(value));
        return keep(scratch, number, strlen(number));
    case JSON_NULL:
        return "";
    case JSON_OBJECT: {
        const json_t *inner = own_member(value, "IPAddressToString");
        if (inner == NULL)
            inner = own_member(value, "value");
        return json_is_string(inner) ? text_of(scratch, inner) : NULL;
    }
    default:
        return NULL;
    }
}

/* Finds NAME = "value" or NAME = value in the text of a CimProperty, or of several with blanks between. */
static const char *text_in_property(struct scratch *scratch, const char *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = text; (at = strcasestr(at, name)) != NULL; at += length) {
        const char *value = at + length;
        if ((at != text && at[-1] != ' ') || strncmp(value, " = ", 3) != 0)
            continue;
        value += 3;
        if (*value == '"')
            return keep(scratch, value + 1, strcspn(value + 1, "\""));
        return keep(scratch, value, strcspn(value, " "));
    }
    return NULL;
}

/* Finds a property in CimInstanceProperties: a text or, as -Depth was larger, a list of texts or of objects. */
static const char *text_in_properties(struct scratch *scratch, const json_t *properties, const char *name)
{
    const char *text = NULL;
    const json_t *property;
    size_t i;

    if (json_is_string(properties))
        return text_in_property(scratch, json_string_value(properties), name);
    json_array_foreach(properties, i, property)
    {
        const json_t *named = own_member(property, "Name"), *value = own_member(property, "Value");
        if (json_is_string(property))
            text = text_in_property(scratch, json_string_value(property), name);
        else if (json_is_string(named) && value != NULL && strcasecmp(json_string_value(named), name) == 0)
            text = text_of(scratch, value);
        if (text != NULL)
            return text;
    }
    return NULL;
}

/* The text of an object's member, be it its own or a CIM property; NULL = there is none. */
static const char *member_text(struct scratch *scratch, const json_t *object, const char *name)
{
    const json_t *own = own_member(object, name), *properties = own_member(object, "CimInstanceProperties");

    if (own != NULL)
        return text_of(scratch, own);
    return properties != NULL ? text_in_properties(scratch, properties, name) : NULL;
}

/* A TimeSpan in seconds, as text: it is an object with its parts, or text already. */
static const char *span_text(struct scratch *scratch, const json_t *object)
{
    const json_t *span = own_member(object, "TimeToLive");
    const json_t *seconds = own_member(span, "TotalSeconds"), *ticks = own_member(span, "Ticks");
    char text[32];

    if (json_is_number(seconds))
        return text_of(scratch, seconds);
    if (!json_is_integer(ticks))
        return member_text(scratch, object, "TimeToLive");
    snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(ticks) / 10000000);
    return keep(scratch, text, strlen(text));
}

static void add_data(struct da_windows_row *row, const char *text)
{
    if (text != NULL && row->data_count < DA_WINDOWS_DATA)
        row->data[row->data_count++] = text;
}

/* Adds what can be a record's data: RecordData by the property that its class has, then members that people add. */
static void take_data(struct scratch *scratch, const json_t *object, struct da_windows_row *row)
{
    static const char *const properties[] = {"IPv4Address", "IPv6Address", "HostNameAlias", "NameServer",
                                             "DomainNameAlias"};
    const json_t *data = own_member(object, "RecordData"), *value;
    const char *key;

    for (size_t i = 0; json_is_object(data) && i < sizeof(properties) / sizeof(properties[0]); i++)
        add_data(row, member_text(scratch, data, properties[i]));
    json_object_foreach((json_t *)object, key, value) if (da_windows_role_of(key, strlen(key)) == DA_WINDOWS_RDATA)
        add_data(row, text_of(scratch, value));
}

/* Takes one element. False where it is no record at all. */
static bool make_row(struct scratch *scratch, const json_t *object, struct da_windows_row *row)
{
    static const char *const names[DA_WINDOWS_ROLES] = {
        [DA_WINDOWS_HOST] = "HostName",        [DA_WINDOWS_TYPE] = "RecordType", [DA_WINDOWS_TYPE_NUMBER] = "Type",
        [DA_WINDOWS_CLASS] = "RecordClass",    [DA_WINDOWS_STAMP] = "Timestamp", [DA_WINDOWS_TTL] = "TimeToLive",
        [DA_WINDOWS_DN] = "DistinguishedName", [DA_WINDOWS_ZONE] = "ZoneName",
    };

    for (size_t i = 0; i < DA_WINDOWS_ROLES; i++)
        row->text[i] = i == DA_WINDOWS_TTL ? span_text(scratch, object) : member_text(scratch, object, names[i]);
    if (row->text[DA_WINDOWS_ZONE] == NULL)
        row->text[DA_WINDOWS_ZONE] = member_text(scratch, object, "Zone");
    take_data(scratch, object, row);
    return row->text[DA_WINDOWS_HOST] != NULL &&
           (row->text[DA_WINDOWS_TYPE] != NULL || row->text[DA_WINDOWS_TYPE_NUMBER] != NULL);
}

/* ---- one record after another ---- */

/* Where reading is between and within records. */
struct json {
    struct da_input *input;
    struct da_windows_reader reader;
    enum da_status status;
    uint64_t line, record_line;
    unsigned lists;       /* "[" that are open around records */
    unsigned depth;       /* brackets that are open within a record; 0 = between records */
    bool quoted, escaped; /* within a record: in a string, behind its "\" */
    bool stray;           /* a doubt of what is between records was told */
    bool overlong;        /* the record is too long */
    bool wrapped;         /* the list is within {"value": [ … ], "Count": 2}, as Windows PowerShell can do */
    size_t length;        /* octets of the record so far */
    struct scratch scratch;
    char *record; /* RECORD_MAX octets */
    char buffer[READ_SIZE];
};

static void doubt(struct json *json, uint64_t line, const char *text)
{
    if (json->status == DA_OK)
        json->status = da_windows_reader_doubt(&json->reader, line, text);
}

/* One bad octet in another's record must not cost ours: names that matter are ASCII. */
static void replace_beyond_ascii(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] > 0x7f)
            text[i] = '?';
}

static void take_record(struct json *json)
{
    struct da_windows_row row = {.line = json->record_line};
    json_error_t error;

    if (json->overlong) {
        doubt(json, json->record_line, "a record of more than 1 MiB");
        return;
    }
    json_t *object = json_loadb(json->record, json->length, 0, &error);
    if (object == NULL && json_error_code(&error) == json_error_invalid_utf8) {
        replace_beyond_ascii(json->record, json->length);
        object = json_loadb(json->record, json->length, 0, &error);
    }
    if (object == NULL && json_error_code(&error) == json_error_out_of_memory) {
        json->status = DA_ERR_MEMORY;
        return;
    }
    json->scratch.used = 0;
    if (object == NULL)
        doubt(json, json->record_line, "a record that is not JSON");
    else if (!make_row(&json->scratch, object, &row))
        doubt(json, json->record_line, "an object without HostName or RecordType");
    else
        json->status = da_windows_reader_take(&json->reader, &row);
    json_decref(object);
}

/* Takes an octet of a record: follows strings and brackets to its end. */
static void take_within(struct json *json, char octet)
{
    if (json->length < RECORD_MAX)
        json->record[json->length++] = octet;
    else
        json->overlong = true;
    if (json->escaped) {
        json->escaped = false;
    } else if (json->quoted) {
        json->escaped = octet == '\\';
        json->quoted = octet != '"';
    } else if (octet == '"') {
        json->quoted = true;
    } else if (octet == '{' || octet == '[') {
        json->depth++;
    } else if (octet == '}' || octet == ']') {
        if (--json->depth == 0)
            take_record(json);
    }
}

/* Takes an octet between records. */
static void take_between(struct json *json, char octet)
{
    if (json->wrapped && json->lists == 0 && octet != '[')
        return;
    if (octet == '{') {
        json->record_line = json->line;
        json->depth = 1;
        json->overlong = false;
        json->record[0] = octet;
        json->length = 1;
    } else if (octet == '[') {
        json->lists++;
    } else if (octet == ']' && json->lists > 0) {
        json->lists--;
    } else if (octet != ',' && !isspace((unsigned char)octet) && !json->stray) {
        json->stray = true;
        doubt(json, json->line, "something between records that is not JSON");
    }
}

static void take_octets(struct json *json, const char *octets, size_t length)
{
    for (size_t i = 0; i < length && json->status == DA_OK; i++) {
        if (json->depth > 0)
            take_within(json, octets[i]);
        else
            take_between(json, octets[i]);
        json->line += octets[i] == '\n';
    }
}

/* True where a file begins with {"value": [ … */
static bool is_wrapped(const char *head, size_t length)
{
    static const char *const tokens[] = {"{", "\"value\"", ":", "["};
    const char *end = head + length;

    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        size_t token = strlen(tokens[i]);
        while (head < end && isspace((unsigned char)*head))
            head++;
        if ((size_t)(end - head) < token || memcmp(head, tokens[i], token) != 0)
            return false;
        head += token;
    }
    return true;
}

static void read_records(struct json *json)
{
    ssize_t got = 0;
    char last = '\n';

    while (json->status == DA_OK && (got = da_input_read(json->input, json->buffer, READ_SIZE)) > 0) {
        take_octets(json, json->buffer, (size_t)got);
        last = json->buffer[got - 1];
    }
    json->line -= last == '\n';
    if (got < 0)
        doubt(json, json->line, da_input_error(json->input)->text);
    else if (json->depth > 0)
        doubt(json, json->record_line, "the file ends within a record");
    else if (json->lists > 0)
        doubt(json, json->line, "the file ends within a list of records");
}

enum da_status da_windows_json_collect(struct da_input *input, const char *file, struct da_collection *collection)
{
    size_t length;
    const char *head = da_input_peek(input, &length);
    struct json *json = calloc(1, sizeof(*json));
    char *record = malloc(RECORD_MAX);
    enum da_status status = DA_ERR_MEMORY;

    if (json != NULL && record != NULL) {
        json->input = input;
        json->record = record;
        json->line = 1;
        json->wrapped = is_wrapped(head, length);
        da_windows_reader_start(&json->reader, file, collection);
        read_records(json);
        status = da_windows_reader_end(&json->reader, json->status, json->line);
    }
    free(record);
    free(json);
    return status;
}
