#include "json_text.h"

#include <stdlib.h>

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
