#include "audit/input_utf16.h"

#include <string.h>

#define REPLACEMENT 0xfffd

bool da_utf16_begin(struct da_utf16 *utf16, const uint8_t *head, size_t length)
{
    *utf16 = (struct da_utf16){0};
    if (length < 2)
        return false;
    utf16->big_endian = memcmp(head, "\xfe\xff", 2) == 0;
    if (utf16->big_endian || memcmp(head, "\xff\xfe", 2) == 0)
        return true;
    if (length < 4)
        return false;
    utf16->big_endian = head[0] == 0;
    const uint8_t *high = head + !utf16->big_endian, *low = head + utf16->big_endian;
    return high[0] == 0 && low[0] != 0 && high[2] == 0 && low[2] != 0;
}

/* Returns the octets of UTF-8. */
static size_t put_character(uint32_t character, uint8_t *out)
{
    if (character < 0x80) {
        out[0] = (uint8_t)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (uint8_t)(0xc0 | character >> 6);
        out[1] = (uint8_t)(0x80 | (character & 0x3f));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (uint8_t)(0xe0 | character >> 12);
        out[1] = (uint8_t)(0x80 | (character >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (character & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | character >> 18);
    out[1] = (uint8_t)(0x80 | (character >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (character >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (character & 0x3f));
    return 4;
}

/* Takes one unit (RFC 2781 section 2.2). */
static size_t take_unit(struct da_utf16 *utf16, uint32_t unit, uint8_t *out)
{
    bool is_second = unit >= 0xdc00 && unit <= 0xdfff;
    uint32_t first = utf16->surrogate;

    utf16->surrogate = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
    if (first != 0 && is_second)
        return put_character(0x10000 + ((first - 0xd800) << 10) + (unit - 0xdc00), out);
    size_t written = first != 0 ? put_character(REPLACEMENT, out) : 0;
    if (utf16->surrogate == 0)
        written += put_character(is_second ? REPLACEMENT : unit, out + written);
    return written;
}

size_t da_utf16_read(struct da_utf16 *utf16, const uint8_t *octets, size_t length, uint8_t *text)
{
    size_t written = 0;

    for (size_t at = 0; at + 1 < length; at += 2) {
        uint8_t high = octets[utf16->big_endian ? at : at + 1], low = octets[utf16->big_endian ? at + 1 : at];
        written += take_unit(utf16, (uint32_t)high << 8 | low, text + written);
    }
    return written;
}

size_t da_utf16_end(struct da_utf16 *utf16, uint8_t text[static 3])
{
    size_t written = utf16->surrogate != 0 ? put_character(REPLACEMENT, text) : 0;

    utf16->surrogate = 0;
    return written;
}
