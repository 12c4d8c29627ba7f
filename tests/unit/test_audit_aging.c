/* time stamps: hours since 1601, when records become stale, and times as text. */
#include "unit.h"

#include "audit/aging.h"

static void stamps(void **state)
{
    static const struct {
        uint64_t stamp;
        const char *text;
    } rows[] = {
        {3606130, "2012-05-21T10:00:00Z"}, {3613844, "2013-04-07T20:00:00Z"}, {3634093, "2015-07-30T13:00:00Z"},
        {3713110, "2024-08-03T22:00:00Z"}, {3234576, "1970-01-01T00:00:00Z"}, {3234575, "1969-12-31T23:00:00Z"},
        {0, "1601-01-01T00:00:00Z"},
    };
    char text[DA_AGING_TEXT_MAX];
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        int64_t time = da_aging_time(rows[i].stamp);
        assert_string_equal(da_aging_text(time, text), rows[i].text);
        assert_int_equal(da_aging_hour(time), rows[i].stamp);
        assert_int_equal(da_aging_hour(time + 3599), rows[i].stamp);
    }
    assert_int_equal(da_aging_hour(INT64_MIN), 0);
    assert_true(da_aging_time(UINT64_MAX) > da_aging_time(UINT32_MAX));
    assert_string_equal(da_aging_text(INT64_MAX, text), "@9223372036854775807");
}

/* The vector of Microsoft's scavenging setup: no-refresh 3 d, refresh 3 d, a stamp of 1 Jan 12:00, and a run every
 * 3 days from 1 Jan 06:00 on: the one on 7 Jan comes too early. */
static void stale(void **state)
{
    struct da_intervals three_days = {.no_refresh = 72, .refresh = 72};
    struct da_intervals most = {.no_refresh = DA_AGING_INTERVAL_MAX, .refresh = DA_AGING_INTERVAL_MAX};
    int64_t stamp, early, due;
    (void)state;

    assert_true(da_aging_parse_time("2024-01-01T12:00Z", &stamp));
    assert_true(da_aging_parse_time("2024-01-07T06:00Z", &early));
    assert_true(da_aging_parse_time("2024-01-10T06:00Z", &due));
    int64_t at = da_aging_stale((uint32_t)da_aging_hour(stamp), &three_days);
    assert_true(early < at && at <= due);
    assert_int_equal(at, stamp + (int64_t)144 * 3600);
    /* neither the sum nor its product is cut to 32 bits */
    assert_int_equal(da_aging_stale(UINT32_MAX, &most), ((int64_t)UINT32_MAX + (int64_t)2 * 87600 - 3234576) * 3600);
}

static void spans(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        {0, "less than a minute"},
        {59, "less than a minute"},
        {60, "1 minute"},
        {2400, "40 minutes"},
        {7199, "119 minutes"},
        {7200, "2 hours"},
        {61200, "17 hours"},
        {172799, "47 hours"},
        {172800, "2 days"},
        {345599, "3 days"},
        {31536000, "365 days"},
        {-7200, "2 hours"},
        {INT64_MAX, "106751991167300 days"},
        {INT64_MIN, "106751991167300 days"},
    };
    char text[DA_AGING_TEXT_MAX];
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        assert_string_equal(da_aging_span(rows[i].seconds, text), rows[i].text);
}

static void reads_times(void **state)
{
    static const struct {
        const char *text;
        int64_t time;
    } good[] = {
        {"1970-01-01", 0},
        {"2026-11-23", 1795392000},
        {"2026-11-23T06:00", 1795413600},
        {"2026-11-23T06:00Z", 1795413600},
        {"2026-11-23T06:00:59", 1795413659},
        {"2026-11-23T06:00:59Z", 1795413659},
        {"2024-02-29", 1709164800},
        {"1601-01-01", -11644473600},
        {"@0", 0},
        {"@1795392000", 1795392000},
        {"@999999999999999999", 999999999999999999},
    };
    static const char *const bad[] = {
        "",
        "@",
        "@-1",
        "@ 1",
        "@1x",
        "@9999999999999999999",
        "now",
        "2026-11",
        "2026-1-23",
        "2026-13-01",
        "2026-00-1",
        "2026-02-30",
        "2023-02-29",
        "2026-11-23Z",
        "2026-11-23T",
        "2026-11-23T06",
        "2026-11-23T24:00",
        "2026-11-23T06:60",
        "2026-11-23T06:00:60",
        "2026-11-23T06:00:0",
        "2026-11-23T06:00ZZ",
        "2026-11-23T06:00+01:00",
        "2026-11-23 06:00",
        " 2026-11-23",
        "20261123",
        "2026-11-00",
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(good); i++) {
        int64_t time = -1;
        assert_true(da_aging_parse_time(good[i].text, &time));
        assert_int_equal(time, good[i].time);
    }
    for (size_t i = 0; i < LENGTH_OF(bad); i++) {
        int64_t time = 42;
        if (da_aging_parse_time(bad[i], &time))
            fail_msg("'%s' was read", bad[i]);
        assert_int_equal(time, 42);
    }
}

static void reads_hours(void **state)
{
    static const struct {
        const char *text;
        uint32_t hours;
    } good[] = {{"1", 1}, {"168", 168}, {"168h", 168}, {"7d", 168}, {"87600", 87600}, {"3650d", 87600}, {"007d", 168}};
    static const char *const bad[] = {"",      "0",     "0d",  "h",   "d",  "-1",   "+1",
                                      "87601", "3651d", "7 d", "7dd", "7D", "1.5d", "99999999999999999999"};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(good); i++) {
        uint32_t hours = 0;
        assert_true(da_aging_parse_hours(good[i].text, &hours));
        assert_int_equal(hours, good[i].hours);
    }
    for (size_t i = 0; i < LENGTH_OF(bad); i++) {
        uint32_t hours = 42;
        if (da_aging_parse_hours(bad[i], &hours))
            fail_msg("'%s' was read", bad[i]);
        assert_int_equal(hours, 42);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamps),      cmocka_unit_test(stale),       cmocka_unit_test(spans),
        cmocka_unit_test(reads_times), cmocka_unit_test(reads_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
