/* json_text.h - JSON (RFC 8259) written piece by piece, so that memory does not grow with what is written.
 *
 * Values are jansson's; text in them is escaped to ASCII. */
#ifndef DA_JSON_TEXT_H
#define DA_JSON_TEXT_H

#include "error.h"

#include <jansson.h>
#include <stdio.h>

/* A string of text that need not be UTF-8: what is not fit to be shown stands as "\xNN", as report_words.h has it.
 * NULL = out of memory. */
json_t *da_json_text(const char *text);

/* Sets a member of an object that is being made, and takes value over; the object is gone where memory ran out. */
void da_json_set(json_t **object, const char *member, json_t *value);

/* Writes one value, on one line, and lets go of it; NULL = memory ran out where it was made. Returns DA_OK,
 * DA_ERR_MEMORY, or DA_ERR_IO with errno set. */
enum da_status da_json_write(json_t *value, FILE *out);

/* Writes a member of the outermost object on a line of its own, and the comma behind it. */
enum da_status da_json_write_member(const char *name, json_t *value, FILE *out);

struct da_json_member {
    const char *name;
    json_t *value;
};

/* The same of several; all values are let go of. */
enum da_status da_json_write_members(const struct da_json_member *members, size_t count, FILE *out);

#endif
