/* name.h - domain names in wire form.
 *
 * RFC 1035 section 3.1: labels of a length octet and up to 63 octets, ended by the root's zero octet, 255 octets in
 * all. Names are never compressed here. Comparison folds ASCII letters (RFC 4343). Nothing allocates; every function
 * may be called from any thread. */
#ifndef DA_NAME_H
#define DA_NAME_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_NAME_MAX      255  /* octets of a name, root included */
#define DA_LABEL_MAX     63   /* octets of a label, its length octet not counted */
#define DA_NAME_LABELS   127  /* labels a name can have, the root not counted */
#define DA_NAME_TEXT_MAX 1016 /* octets of any name as text, all escaped, with final dot and NUL */

/* A name with the spelling it was given. */
struct da_name {
    uint8_t length; /* octets used, root included: 1 … 255 */
    uint8_t wire[DA_NAME_MAX];
};

/* Folds one octet as RFC 4343 does. */
static inline uint8_t da_name_fold(uint8_t octet)
{
    return (octet >= 'A' && octet <= 'Z') ? (uint8_t)(octet | 0x20) : octet;
}

/* Reads a hostname (RFC 1123 section 2.1: letters, digits, inner hyphens), a final dot allowed.
 *
 * text  NUL-terminated
 * name  set on success only
 * Returns DA_OK; DA_ERR_SYNTAX for "", ".", other octets, a label over 63 octets, or a last label of digits alone (that
 * would be an address); DA_ERR_LIMIT where the name does not fit 255 octets. */
enum da_status da_name_from_hostname(const char *text, struct da_name *name);

/* True for one label of a hostname: 1 to 63 letters, digits and inner hyphens. */
bool da_name_is_label(const char *text);

/* Writes prefix-label.parent. label is text of 1 to 63 octets. Returns DA_OK, or DA_ERR_LIMIT over 255 octets (name
 * unchanged). */
enum da_status da_name_prepend(const char *label, const struct da_name *parent, struct da_name *name);

/* True where both names are the same but for case. a and b are valid wire names. */
bool da_name_equal(const uint8_t *a, const uint8_t *b);

/* The canonical order of names (RFC 4034 section 6.1): below, equal to or above 0. */
int da_name_compare(const uint8_t *a, const uint8_t *b);

/* True where name is `above` or below it. */
bool da_name_is_below(const struct da_name *name, const struct da_name *above);

/* Writes the name as text with a final dot, special octets escaped (RFC 1035 section 5.1). Returns text. */
const char *da_name_to_text(const struct da_name *name, char text[static DA_NAME_TEXT_MAX]);

#endif
