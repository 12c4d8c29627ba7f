/* yaml_document.h - one YAML document as a C struct, with errors in the file's own terms.
 *
 * libcyaml does the work by its schema tables; what it passes over in silence (a second document, an alias, a NUL in a
 * value) is refused here, and what it reports becomes a struct da_error with line, column and field path. Nothing here
 * keeps state; any thread may call. */
#ifndef DA_YAML_DOCUMENT_H
#define DA_YAML_DOCUMENT_H

#include "error.h"

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stddef.h>

/* What a file is to hold. */
struct da_yaml_language {
    const char *noun;                   /* what messages call it: "a deployment" */
    const cyaml_schema_value_t *schema; /* a mapping, by pointer, nested at most eight deep */
    const char *unknown_key;            /* what to say of a key that is none; NULL = the known ones are listed */
    bool may_be_empty;                  /* a file with nothing, or comments alone, is no error */
};

/* Reads one YAML document.
 *
 * data   set on success only, to what the schema describes, or NULL where the file is empty and may be; freed with
 *        da_yaml_free()
 * error  carries line, column and path as far as libcyaml tells them
 * Returns DA_OK, DA_ERR_MEMORY, DA_ERR_SYNTAX, or what the schema's limits give: DA_ERR_VALUE, DA_ERR_LIMIT. */
enum da_status da_yaml_read(const char *text, size_t length, const struct da_yaml_language *language, void **data,
                            struct da_error *error);

/* data may be NULL. */
void da_yaml_free(const struct da_yaml_language *language, void *data);

#endif
