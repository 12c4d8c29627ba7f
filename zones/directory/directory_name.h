/* directory_name.h - DNS names as the directory has them: text without escapes, relative to its zone, "@" for the apex.
 *
 * Labels stand between dots as they are, in UTF-8; there is no way to write a dot within a label. Nothing allocates;
 * any thread may call. */
#ifndef DA_DIRECTORY_NAME_H
#define DA_DIRECTORY_NAME_H

#include "name.h"

#include <stdbool.h>
#include <stddef.h>

#define DA_RELATIVE_MAX 256                           /* octets of a relative name, with the NUL */
#define DA_TERM_MAX     ((size_t)3 * DA_RELATIVE_MAX) /* of one in a filter */
#define DA_RDN_MAX      (DA_TERM_MAX + 4)             /* of "DC=" and one in a DN */

/* Reads the name of a zone: "corp.example.net", "." for the root. False where no DNS name is like that. */
bool da_directory_zone_name(const char *text, struct da_name *name);

/* Reads the name of a node in a zone. False where no question of DNS could ask for it. */
bool da_directory_owner(const char *text, const struct da_name *zone, struct da_name *owner);

/* Writes an owner as the node's name. False where it is not in the zone, or a label has a dot or an octet of zero. */
bool da_directory_relative(const struct da_name *owner, const struct da_name *zone, char text[static DA_RELATIVE_MAX]);

/* Writes a value for a filter (RFC 4515 section 3). value is of less than DA_RELATIVE_MAX octets. Returns term. */
const char *da_directory_escape_term(const char *value, char term[static DA_TERM_MAX]);

/* Writes "DC=value" for a DN (RFC 4514 section 2.4). value is of less than DA_RELATIVE_MAX octets. Returns rdn. */
const char *da_directory_rdn(const char *value, char rdn[static DA_RDN_MAX]);

#endif
