/* zone_name.h - domain names as zone files spell them, and the rdata that holds them. Private to zone_*.c. */
#ifndef DA_ZONE_NAME_H
#define DA_ZONE_NAME_H

#include "audit/zone_entry.h"
#include "error.h"
#include "name.h"

/* How "\DDD" is read. */
enum da_escapes {
    DA_ESCAPES_DECIMAL, /* RFC 1035 section 5.1 */
    DA_ESCAPES_OCTAL,   /* as some exports of Windows mean it */
};

/* Reads a name: absolute, relative to origin, or "@". The quotes of a mixed token are left out.
 *
 * origin  length 0 = there is none
 * name    set on success only, with the spelling of the file
 * Returns DA_OK; DA_ERR_SYNTAX for an empty or too long label, a bad escape or no octet at all; DA_ERR_LIMIT where it
 * does not fit 255 octets; DA_ERR_VALUE where it needs an origin and there is none. */
enum da_status da_zone_name(const struct da_token *token, const struct da_name *origin, enum da_escapes escapes,
                            struct da_name *name);

/* True where the token has escapes that are other octets when read as octal. */
bool da_zone_name_is_ambiguous(const struct da_token *token);

#define DA_ZONE_RDATA_MAX 600 /* octets: an SOA has two names and 20 octets */

/* Reads the rdata of a type that collection.h keeps rdata of, in its own form or that of RFC 3597.
 *
 * rdata   DA_ZONE_RDATA_MAX octets, with length set on success only
 * Returns DA_OK, DA_ERR_SYNTAX, DA_ERR_VALUE as da_zone_name() does, or DA_ERR_MEMORY. */
enum da_status da_zone_rdata(uint16_t type, struct da_tokens tokens, const struct da_name *origin, uint8_t *rdata,
                             uint16_t *length);

#endif
