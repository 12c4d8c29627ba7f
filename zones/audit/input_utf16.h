/* input_utf16.h - UTF-16 as UTF-8, as its octets come (RFC 2781, RFC 3629). Private to input.c. */
#ifndef DA_INPUT_UTF16_H
#define DA_INPUT_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Octets of UTF-8 that so many octets of UTF-16 become at most: three a unit, and three of what came before. */
#define DA_UTF16_TEXT_MAX(length) (((length) / 2 + 1) * 3)

struct da_utf16 {
    bool big_endian;
    uint32_t surrogate; /* the first half of a pair, until the second is read; 0 = none */
};

/* Whether a file that begins so is UTF-16: it has a byte order mark, or zeros beside its first two characters, which
 * are ASCII in all that is read here. head is to have four octets, fewer only where the file has; the mark is left to
 * the caller. */
bool da_utf16_begin(struct da_utf16 *utf16, const uint8_t *head, size_t length);

/* Reads all units; an odd octet behind them is not looked at. Half a surrogate pair becomes U+FFFD. text has room for
 * DA_UTF16_TEXT_MAX(length). Returns the octets written. */
size_t da_utf16_read(struct da_utf16 *utf16, const uint8_t *octets, size_t length, uint8_t *text);

/* What is left at the end of the file: 0 octets, or 3 of the U+FFFD for half a pair. */
size_t da_utf16_end(struct da_utf16 *utf16, uint8_t text[static 3]);

#endif
