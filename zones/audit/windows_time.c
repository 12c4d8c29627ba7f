#include "audit/windows_time.h"

#include "audit/aging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define NUMBERS_MAX 8 /* of a date: year, month, day, hour, minute, second, and a fraction */
#define TTL_MAX     INT32_MAX
#define HOURS_MAX   10000000 /* since 1601: beyond that a number counts something else */
#define FIRST_YEAR  1602     /* a stamp of 0 is a moment of 1601, or of 1600 to the west of Greenwich */
#define LAST_YEAR   2400     /* beyond that a year counts from elsewhere: in Bangkok 2026 is 2569 */

/* A date taken apart. */
struct parts {
    unsigned number[NUMBERS_MAX];
    unsigned digits[NUMBERS_MAX];
    unsigned count;
    char separator; /* between the first two numbers */
    unsigned month; /* by its English name; 0 = none */
    bool afternoon, morning;
};

/* ---- the calendar ---- */

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_date(unsigned year, unsigned month, unsigned day)
{
    return year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
}

static int64_t unix_time(unsigned year, unsigned month, unsigned day, unsigned seconds)
{
    struct tm tm = {.tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day};

    return (int64_t)timegm(&tm) + seconds;
}

static struct da_windows_time one_time(int64_t time)
{
    return (struct da_windows_time){
        .reading = time < unix_time(FIRST_YEAR, 1, 1, 0) ? DA_WINDOWS_STATIC : DA_WINDOWS_TIME,
        .time = {time, time},
    };
}

/* ---- what does not depend on a culture ---- */

/* "/Date(1700000000000)/", milliseconds since 1970 in UTC; an offset behind them changes nothing. */
static bool read_milliseconds(const char *text, struct da_windows_time *time)
{
    char *end;

    if (strncmp(text, "/Date(", 6) != 0)
        return false;
    long long value = strtoll(text + 6, &end, 10);
    long long seconds = value / 1000 - (value % 1000 < 0);
    if (end == text + 6 || seconds < -100000000000 || seconds > 100000000000)
        return false;
    *time = one_time(seconds);
    return true;
}

/* ISO 8601 as JSON has it: "2026-10-23T06:00:00+02:00", with a fraction or not, "Z" or no offset. */
static bool read_iso(const char *text, struct da_windows_time *time)
{
    unsigned year, month, day, hour, minute, second = 0, east_hours = 0, east_minutes = 0;
    int used = 0;

    if (sscanf(text, "%4u-%2u-%2uT%2u:%2u%n:%2u%n", &year, &month, &day, &hour, &minute, &used, &second, &used) < 5)
        return false;
    const char *rest = text + used;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    bool offset = *rest == '+' || *rest == '-';
    used = 0;
    if (offset && (sscanf(rest + 1, "%2u:%2u%n", &east_hours, &east_minutes, &used) != 2 || rest[1 + used] != '\0'))
        return false;
    if ((!offset && *rest != '\0' && strcmp(rest, "Z") != 0) || !is_date(year, month, day) || hour > 23 ||
        minute > 59 || second > 60 || east_hours > 14 || east_minutes > 59)
        return false;
    int64_t east = (int64_t)east_hours * 3600 + (int64_t)east_minutes * 60;
    int64_t local = unix_time(year, month, day, hour * 3600 + minute * 60 + second);
    *time = one_time(*rest == '-' ? local + east : local - east);
    return true;
}

/* Hours since 1601, as the server and dnscmd count. */
static bool read_hours(const char *text, struct da_windows_time *time)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 8 || text[digits] != '\0' || strtoul(text, NULL, 10) > HOURS_MAX)
        return false;
    *time = one_time(da_aging_time(strtoul(text, NULL, 10)));
    return true;
}

/* ---- text of a culture ---- */

static void add_word(struct parts *parts, const char *word, size_t length)
{
    static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};

    if (strncasecmp(word, "am", length) == 0) /* "a. m.", too */
        parts->morning = true;
    else if (strncasecmp(word, "pm", length) == 0)
        parts->afternoon = true;
    for (unsigned i = 0; i < 12 && length >= 3; i++)
        if (strncasecmp(word, months[i], length) == 0)
            parts->month = i + 1;
}

/* Takes text apart into numbers and words; all else separates them, blanks beyond ASCII included. */
static bool take_apart(const char *text, struct parts *parts)
{
    *parts = (struct parts){0};
    while (*text != '\0') {
        size_t digits = strspn(text, "0123456789");
        size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (digits > 0) {
            if (digits > 9 || parts->count == NUMBERS_MAX)
                return false;
            parts->number[parts->count] = (unsigned)strtoul(text, NULL, 10);
            parts->digits[parts->count++] = (unsigned)digits;
        } else if (letters > 0) {
            add_word(parts, text, letters);
        } else if (parts->count == 1 && parts->separator == '\0') {
            parts->separator = *text;
        }
        text += digits + letters > 0 ? digits + letters : 1;
    }
    return true;
}

/* Seconds since midnight by the numbers from `at` on; none = midnight. */
static bool read_clock(const struct parts *parts, unsigned at, unsigned *seconds)
{
    unsigned hour = at < parts->count ? parts->number[at] : 0;
    unsigned minute = at + 1 < parts->count ? parts->number[at + 1] : 0;
    unsigned second = at + 2 < parts->count ? parts->number[at + 2] : 0;

    if ((parts->morning || parts->afternoon) && hour == 12)
        hour = 0;
    if (parts->afternoon && hour < 12)
        hour += 12;
    *seconds = hour * 3600 + minute * 60 + second;
    return hour <= 23 && minute <= 59 && second <= 60;
}

/* A year of two digits is one of this century. */
static bool read_year(const struct parts *parts, unsigned at, unsigned *year)
{
    *year = parts->digits[at] <= 2 ? 2000 + parts->number[at] : parts->number[at];
    return at < parts->count && parts->digits[at] != 3;
}

/* "23-Oct-2026 06:00", "Friday, October 23, 2026 6:00:00 AM" */
static bool read_named_month(const struct parts *parts, struct da_windows_time *time)
{
    bool year_first = parts->digits[0] == 4;
    unsigned year, day = parts->number[year_first ? 1 : 0], seconds;

    if (parts->count < 2 || !read_year(parts, year_first ? 0 : 1, &year) || !is_date(year, parts->month, day) ||
        !read_clock(parts, 2, &seconds))
        return false;
    *time = one_time(unix_time(year, parts->month, day, seconds));
    return true;
}

/* "10/23/2026 6:00:00 AM", "23.10.2026 06:00:00", "2026-10-23 06:00". No culture puts the month first and points
 * between. */
static bool read_numbers(const struct parts *parts, struct da_windows_time *time)
{
    const unsigned *n = parts->number;
    unsigned year, seconds;

    if (parts->count < 3 || !read_clock(parts, 3, &seconds))
        return false;
    if (parts->digits[0] == 4) {
        if (!is_date(n[0], n[1], n[2]))
            return false;
        *time = one_time(unix_time(n[0], n[1], n[2], seconds));
        return true;
    }
    if (!read_year(parts, 2, &year))
        return false;
    bool month_first = parts->separator != '.' && is_date(year, n[0], n[1]);
    bool day_first = is_date(year, n[1], n[0]);
    if (!month_first && !day_first)
        return false;
    *time = one_time(month_first ? unix_time(year, n[0], n[1], seconds) : unix_time(year, n[1], n[0], seconds));
    if (month_first && day_first && n[0] != n[1]) {
        time->reading = time->reading == DA_WINDOWS_STATIC ? DA_WINDOWS_STATIC : DA_WINDOWS_EITHER;
        time->time[DA_WINDOWS_DAY_FIRST] = unix_time(year, n[1], n[0], seconds);
    } else if (parts->separator != '.' && n[0] != n[1]) {
        time->proves[month_first ? DA_WINDOWS_MONTH_FIRST : DA_WINDOWS_DAY_FIRST] = true;
    }
    return true;
}

/* A culture may count years from elsewhere: 2026 is 1448 in Riyadh and 1405 in Teheran. The year 1 is .NET's for no
 * date.
 */
static bool is_other_calendar(int64_t time)
{
    return (time >= unix_time(2, 1, 1, 0) && time < unix_time(1600, 1, 1, 0)) ||
           time >= unix_time(LAST_YEAR + 1, 1, 1, 0);
}

/* No date that can be read, but maybe a year. */
static struct da_windows_time guess_year(const struct parts *parts)
{
    unsigned year = FIRST_YEAR;

    for (unsigned i = 0; i < parts->count; i++)
        if (parts->digits[i] == 4 && parts->number[i] > FIRST_YEAR && parts->number[i] <= LAST_YEAR)
            year = parts->number[i];
    int64_t time = unix_time(year, 1, 1, 0);
    return (struct da_windows_time){.reading = DA_WINDOWS_OTHER, .time = {time, time}};
}

struct da_windows_time da_windows_time_read(const char *text)
{
    struct da_windows_time time = {.reading = DA_WINDOWS_STATIC};
    struct parts parts;

    if (*text == '\0' || strcasecmp(text, "static") == 0 || strcasecmp(text, "null") == 0)
        return time;
    if (read_milliseconds(text, &time) || read_iso(text, &time) || read_hours(text, &time))
        return time;
    if (take_apart(text, &parts) &&
        (parts.month != 0 ? read_named_month(&parts, &time) : read_numbers(&parts, &time)) &&
        !is_other_calendar(time.time[0]))
        return time;
    return guess_year(&parts);
}

bool da_windows_span_read(const char *text, uint32_t *seconds)
{
    unsigned hours, minutes, rest;
    uint64_t days = 0, sum;
    int used = 0;

    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 10)
        return false;
    if (text[digits] == '\0') {
        sum = strtoull(text, NULL, 10);
    } else {
        if (text[digits] == '.') {
            days = strtoull(text, NULL, 10);
            text += digits + 1;
        }
        if (sscanf(text, "%2u:%2u:%2u%n", &hours, &minutes, &rest, &used) != 3 || hours > 23 || minutes > 59 ||
            rest > 59 || (text[used] != '\0' && text[used] != '.'))
            return false;
        sum = ((days * 24 + hours) * 60 + minutes) * 60 + rest;
    }
    if (sum > TTL_MAX)
        return false;
    *seconds = (uint32_t)sum;
    return true;
}
