#include "audit/aging.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR             3600    /* seconds */
#define HOURS_UNTIL_1970 3234576 /* from 1601-01-01 00:00 UTC: 134,774 days */

/* ---- stamps ---- */

int64_t da_aging_time(uint64_t stamp)
{
    const uint64_t last = INT64_MAX / HOUR;

    if (stamp > last)
        stamp = last; /* no hour of a directory is that late */
    return ((int64_t)stamp - HOURS_UNTIL_1970) * HOUR;
}

uint64_t da_aging_hour(int64_t unix_time)
{
    int64_t hours = unix_time / HOUR - (unix_time % HOUR < 0 ? 1 : 0);
    return hours < -HOURS_UNTIL_1970 ? 0 : (uint64_t)(hours + HOURS_UNTIL_1970);
}

int64_t da_aging_stale(uint32_t stamp, const struct da_intervals *intervals)
{
    return da_aging_time((uint64_t)stamp + intervals->no_refresh + intervals->refresh);
}

/* ---- as text ---- */

const char *da_aging_text(int64_t unix_time, char text[static DA_AGING_TEXT_MAX])
{
    time_t seconds = (time_t)unix_time;
    struct tm tm;

    if (gmtime_r(&seconds, &tm) == NULL || strftime(text, DA_AGING_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        snprintf(text, DA_AGING_TEXT_MAX, "@%" PRId64, unix_time); /* a year beyond what the C library counts */
    return text;
}

const char *da_aging_span(int64_t seconds, char text[static DA_AGING_TEXT_MAX])
{
    static const struct {
        uint64_t seconds, least;
        const char *name;
    } units[] = {{86400, 172800, "day"}, {3600, 7200, "hour"}, {60, 60, "minute"}};
    uint64_t span = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        uint64_t count = span / units[i].seconds;
        if (span < units[i].least)
            continue;
        snprintf(text, DA_AGING_TEXT_MAX, "%" PRIu64 " %s%s", count, units[i].name, count == 1 ? "" : "s");
        return text;
    }
    snprintf(text, DA_AGING_TEXT_MAX, "less than a minute");
    return text;
}

/* ---- from text ---- */

/* Reads exactly count digits; moves text behind them. */
static bool read_digits(const char **text, size_t count, int *number)
{
    *number = 0;
    for (size_t i = 0; i < count; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return true;
}

static bool skip(const char **text, char c)
{
    if (**text != c)
        return false;
    (*text)++;
    return true;
}

/* "T06:00", "T06:00:00", "Z" behind either or not; or nothing. */
static bool read_clock(const char **text, struct tm *tm)
{
    if (**text == '\0')
        return true;
    if (!skip(text, 'T') || !read_digits(text, 2, &tm->tm_hour) || !skip(text, ':') ||
        !read_digits(text, 2, &tm->tm_min))
        return false;
    if (skip(text, ':') && !read_digits(text, 2, &tm->tm_sec))
        return false;
    skip(text, 'Z');
    return tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec < 60;
}

static bool read_date(const char *text, int64_t *unix_time)
{
    struct tm tm = {0};

    if (!read_digits(&text, 4, &tm.tm_year) || !skip(&text, '-') || !read_digits(&text, 2, &tm.tm_mon) ||
        !skip(&text, '-') || !read_digits(&text, 2, &tm.tm_mday) || !read_clock(&text, &tm) || *text != '\0')
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    struct tm given = tm;
    time_t seconds = timegm(&tm);
    /* timegm() makes 3 March of 31 February */
    if (tm.tm_mday != given.tm_mday || tm.tm_mon != given.tm_mon || tm.tm_year != given.tm_year)
        return false;
    *unix_time = (int64_t)seconds;
    return true;
}

/* Digits alone, at most 18 of them, so that they fit. */
static bool read_number(const char *text, size_t length, int64_t *number)
{
    if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
        return false;
    *number = strtoll(text, NULL, 10);
    return true;
}

bool da_aging_parse_time(const char *text, int64_t *unix_time)
{
    return text[0] == '@' ? read_number(text + 1, strlen(text + 1), unix_time) : read_date(text, unix_time);
}

bool da_aging_parse_hours(const char *text, uint32_t *hours)
{
    size_t digits = strspn(text, "0123456789");
    int64_t number;

    if (!read_number(text, digits, &number))
        return false;
    if (strcmp(text + digits, "d") == 0)
        number = number > DA_AGING_INTERVAL_MAX ? 0 : number * 24;
    else if (text[digits] != '\0' && strcmp(text + digits, "h") != 0)
        return false;
    if (number < 1 || number > DA_AGING_INTERVAL_MAX)
        return false;
    *hours = (uint32_t)number;
    return true;
}
