/* objects.h - objects as PowerShell prints them, whatever cmdlet they are of.
 *
 * Text as Format-List has it ("Name : value", values broken over lines, lists in braces, blank lines between objects)
 * or what ConvertTo-Json makes of one object, of a list of them, or of several one after another. UTF-8 or UTF-16. */
#ifndef DA_IMPORT_OBJECTS_H
#define DA_IMPORT_OBJECTS_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

#define DA_OBJECTS_MAX_FILE ((size_t)16 * 1024 * 1024) /* octets */

struct da_property {
    char *name;
    char **values; /* of a list, its items; blanks at the ends removed, none is empty */
    size_t count;
    bool cut;    /* PowerShell has left out the rest */
    size_t line; /* from 1; 0 = not known, as in JSON */
};

struct da_object {
    char *file; /* as messages call it */
    struct da_property *properties;
    size_t count;
};

struct da_objects {
    struct da_object *items;
    size_t count;
};

/* Adds what a file holds to objects, which begin as {0} and are to be cleared whatever comes of it. path may be "-".
 * A file without any object is an error. Returns DA_OK or what error holds. */
enum da_status da_objects_load(const char *path, struct da_objects *objects, struct da_error *error);
void da_objects_clear(struct da_objects *objects);

/* As da_objects_load(), of octets in memory. file is how messages call them. */
enum da_status da_objects_parse(const char *file, const char *octets, size_t length, struct da_objects *objects,
                                struct da_error *error);

/* A property by its name, whatever the case; NULL = it is not there. */
const struct da_property *da_object_find(const struct da_object *object, const char *name);

/* Its first value; NULL = not there, or empty. */
const char *da_object_text(const struct da_object *object, const char *name);

#endif
