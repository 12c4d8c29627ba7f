#include "json_text.h"

#include "audit/report_words.h"

#include <stdlib.h>

json_t *da_json_text(const char *text)
{
    char *shown = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&shown, &length);

    if (memory == NULL)
        return NULL;
    da_words_put(text, memory);
    json_t *string = fclose(memory) == 0 ? json_stringn(shown, length) : NULL;
    free(shown);
    return string;
}

void da_json_set(json_t **object, const char *member, json_t *value)
{
    if (*object != NULL && json_object_set_new(*object, member, value) == 0)
        return;
    if (*object == NULL)
        json_decref(value);
    json_decref(*object);
    *object = NULL;
}

enum da_status da_json_write(json_t *value, FILE *out)
{
    if (value == NULL)
        return DA_ERR_MEMORY;
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    json_decref(value);
    if (text == NULL)
        return DA_ERR_MEMORY;
    int written = fputs(text, out);
    free(text);
    return written < 0 ? DA_ERR_IO : DA_OK;
}

enum da_status da_json_write_member(const char *name, json_t *value, FILE *out)
{
    fprintf(out, "  \"%s\": ", name);
    enum da_status status = da_json_write(value, out);
    fputs(",\n", out);
    return status;
}

enum da_status da_json_write_members(const struct da_json_member *members, size_t count, FILE *out)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; i < count; i++) {
        if (status == DA_OK)
            status = da_json_write_member(members[i].name, members[i].value, out);
        else
            json_decref(members[i].value);
    }
    return status;
}
