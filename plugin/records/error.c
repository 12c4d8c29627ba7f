#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum da_status da_error_set(struct da_error *error, enum da_status status, const char *path, const char *format, ...)
{
    if (error == NULL || error->status != DA_OK)
        return status;

    error->status = status;
    snprintf(error->path, sizeof(error->path), "%s", path ? path : "");
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
    return status;
}

const char *da_error_print(const struct da_error *error, const char *file, char *buffer, size_t size)
{
    char line[16] = "", column[16] = "";
    if (error->line > 0)
        snprintf(line, sizeof(line), ":%u", error->line);
    if (error->line > 0 && error->column > 0)
        snprintf(column, sizeof(column), ":%u", error->column);
    snprintf(buffer, size, "%s%s%s: %s%s%s", file, line, column, error->path, error->path[0] ? ": " : "", error->text);
    return buffer;
}

const char *da_error_quote(const char *value, char *buffer, size_t size)
{
    static const char tail[] = "...\"";
    size_t used = 0;

    buffer[used++] = '"';
    for (; *value != '\0'; value++) {
        unsigned char octet = (unsigned char)*value;
        size_t need = (octet < 0x20 || octet > 0x7e) ? 4 : (octet == '"' || octet == '\\') ? 2 : 1;
        if (used + need + sizeof(tail) > size) {
            memcpy(buffer + used, tail, sizeof(tail));
            return buffer;
        }
        if (need == 4)
            snprintf(buffer + used, size - used, "\\x%02x", octet);
        else if (need == 2)
            buffer[used] = '\\', buffer[used + 1] = (char)octet;
        else
            buffer[used] = (char)octet;
        used += need;
    }
    buffer[used++] = '"';
    buffer[used] = '\0';
    return buffer;
}
