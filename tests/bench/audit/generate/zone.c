#include "zone.h"

#include <stdarg.h>

/* SplitMix64 (Steele, Lea and Flood, 2014): the same on every machine. */
uint64_t zone_random(struct zone *zone)
{
    uint64_t mixed = zone->random += 0x9e3779b97f4a7c15;

    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

unsigned zone_below(struct zone *zone, unsigned limit)
{
    return (unsigned)(((zone_random(zone) >> 32) * limit) >> 32);
}

bool zone_percent(struct zone *zone, unsigned chance)
{
    return zone_below(zone, 100) < chance;
}

const char *zone_address(struct zone *zone, char text[static ZONE_ADDRESS_SIZE])
{
    unsigned number = zone_below(zone, 1U << 24);

    snprintf(text, ZONE_ADDRESS_SIZE, "10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255, number & 255);
    return text;
}

const char *zone_address6(struct zone *zone, char text[static ZONE_ADDRESS6_SIZE])
{
    unsigned subnet = zone_below(zone, 0x7777), host = zone_below(zone, 0x10000);

    snprintf(text, ZONE_ADDRESS6_SIZE, "fd12:3456:789a:%x::%x", subnet, host);
    return text;
}

void zone_record(struct zone *zone, const char *format, ...)
{
    va_list arguments;

    zone->written++;
    va_start(arguments, format);
    vfprintf(zone->out, format, arguments);
    va_end(arguments);
    fputs(zone->end, zone->out);
}

void zone_line(struct zone *zone, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(zone->out, format, arguments);
    va_end(arguments);
    fputs(zone->end, zone->out);
}

void zone_fill(struct zone *zone, uint64_t written, void (*group)(struct zone *zone, uint64_t most))
{
    while (zone->written < written && !ferror(zone->out))
        group(zone, written - zone->written);
}
