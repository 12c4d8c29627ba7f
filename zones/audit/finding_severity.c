#include "audit/finding.h"

#include "audit/input.h"
#include "yaml_document.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)1024 * 1024) /* octets */

/* The file as libcyaml reads it: by code, the severity's text; NULL = not there. */
struct raw_severities {
    char *of[DA_FINDING_CODES];
};

/* The keys are the codes of the table, so the schema is made of it. */
struct schema {
    cyaml_schema_field_t fields[DA_FINDING_CODES + 1];
    cyaml_schema_value_t value;
    struct da_yaml_language language;
};

static void make_schema(struct schema *schema)
{
    static const cyaml_schema_field_t end = CYAML_FIELD_END;
    const cyaml_schema_value_t value = {
        CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_severities, schema->fields),
    };

    for (size_t i = 0; i < DA_FINDING_CODES; i++) {
        const cyaml_schema_field_t field =
            CYAML_FIELD_STRING_PTR(da_finding_kinds[i].code, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                                   struct raw_severities, of[0], 0, CYAML_UNLIMITED);
        memcpy(&schema->fields[i], &field, sizeof(field));
        schema->fields[i].data_offset = (uint32_t)(offsetof(struct raw_severities, of) + i * sizeof(char *));
    }
    memcpy(&schema->fields[DA_FINDING_CODES], &end, sizeof(end));
    memcpy(&schema->value, &value, sizeof(value));
    schema->language = (struct da_yaml_language){
        .noun = "a list of severities",
        .schema = &schema->value,
        .unknown_key = "unknown finding; 'dadns audit --help' lists them",
        .may_be_empty = true,
    };
}

static enum da_status read_severity(const char *code, const char *text, enum da_severity *severity,
                                    struct da_error *error)
{
    char quoted[DA_ERROR_QUOTE_MAX];

    for (int i = 0; i < DA_SEVERITIES; i++) {
        if (strcmp(text, da_severity_text((enum da_severity)i)) == 0) {
            *severity = (enum da_severity)i;
            return DA_OK;
        }
    }
    return da_error_set(error, DA_ERR_VALUE, code, "%s: expected silent, note, warning, unknown or critical",
                        da_error_quote(text, quoted, sizeof(quoted)));
}

static enum da_status parse(const char *text, size_t length, struct da_severities *severities, struct da_error *error)
{
    struct da_severities changed = *severities;
    struct schema schema;
    void *data = NULL;

    make_schema(&schema);
    enum da_status status = da_yaml_read(text, length, &schema.language, &data, error);
    const struct raw_severities *raw = data;
    for (size_t i = 0; status == DA_OK && raw != NULL && i < DA_FINDING_CODES; i++)
        if (raw->of[i] != NULL)
            status = read_severity(da_finding_kinds[i].code, raw->of[i], &changed.of[i], error);
    if (status == DA_OK)
        *severities = changed;
    da_yaml_free(&schema.language, data);
    return status;
}

/* Reads to the end of the file. text is freed with free(), whatever is returned. */
static enum da_status read_all(struct da_input *input, char **text, size_t *length, struct da_error *error)
{
    size_t room = 0;

    for (;;) {
        if (*length == room) {
            room = room > 0 ? 2 * room : 4096;
            char *larger = realloc(*text, room);
            if (larger == NULL)
                return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
            *text = larger;
        }
        ssize_t got = da_input_read(input, *text + *length, room - *length);
        if (got < 0)
            return da_error_set(error, da_input_error(input)->status, NULL, "%s", da_input_error(input)->text);
        if (got == 0)
            return DA_OK;
        *length += (size_t)got;
        if (*length > FILE_MAX)
            return da_error_set(error, DA_ERR_LIMIT, NULL, "too large; expected at most %zu octets", FILE_MAX);
    }
}

enum da_status da_severities_load(const char *path, struct da_severities *severities, struct da_error *error)
{
    struct da_input *input = NULL;
    char *text = NULL;
    size_t length = 0;

    enum da_status status = da_input_open(path, &input, error);
    if (status != DA_OK)
        return status;
    status = read_all(input, &text, &length, error);
    if (status == DA_OK)
        status = parse(text, length, severities, error);
    free(text);
    da_input_close(input);
    return status;
}
