/* metrics: which samples there are, and their text. That Prometheus can read it is for tests/integration. */
#include "audit_case.h"

#include "watch/metrics.h"

#define YAML                                                                                                           \
    "suffixes: [c.net]\nnetwork: ipv6\n"                                                                               \
    "entry-points: [{name: sea, servers: [{name: da1, address: 10.0.0.10}]}]\n"
#define CORP "directaccess-corpConnectivityHost.c.net"
#define WEB  "directaccess-WebProbeHost.c.net"

/* Two sources and a resolver of remote clients; the records are corpConnectivityHost AAAA and WebProbeHost A. */
struct fixture {
    struct audit_names base;
    struct da_source_setting sources[3];
    struct da_source_settings settings;
    struct da_metrics metrics;
    struct da_round_source heard[3];
    struct da_round_record records[6];
    struct da_round round;
};

static void setup(struct fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    audit_names_open(&fixture->base, YAML, NULL);
    fixture->sources[0] = (struct da_source_setting){.kind = DA_SOURCE_DIRECTORY, .text = "ldap://dc1"};
    fixture->sources[1] = (struct da_source_setting){.kind = DA_SOURCE_ZONE_FILE, .text = "a\"\\\n\xc3\xa9\xff"};
    assert_int_equal(da_name_from_hostname("c.net", &fixture->sources[1].origin), DA_OK);
    fixture->sources[2] = (struct da_source_setting){.kind = DA_SOURCE_RESOLVER, .text = "10.0.0.1", .remote = true};
    fixture->settings = (struct da_source_settings){.sources = fixture->sources, .count = 3};
    assert_int_equal(da_metrics_make(3, &fixture->metrics), DA_OK);
    fixture->metrics.interval = 300;
    fixture->records[0] = (struct da_round_record){DA_PRESENCE_RECORDS, true, DA_AGING_STATIC, 0};
    fixture->records[1] = (struct da_round_record){DA_PRESENCE_RECORDS, false, DA_AGING_DYNAMIC, 900};
    fixture->records[2] = (struct da_round_record){.presence = DA_PRESENCE_ABSENT};
    fixture->records[3] = (struct da_round_record){.presence = DA_PRESENCE_UNDETERMINED};
    fixture->records[4] = (struct da_round_record){.presence = DA_PRESENCE_RECORDS};
    fixture->round = (struct da_round){.now = 1000,
                                       .counts = {0, 4, 3, 2, 1},
                                       .sources = fixture->heard,
                                       .source_count = 3,
                                       .records = fixture->records,
                                       .record_count = 6};
}

static void teardown(struct fixture *fixture)
{
    da_metrics_clear(&fixture->metrics);
    audit_names_close(&fixture->base);
}

/* The text, freed by the caller. */
static char *write_text(const struct fixture *fixture, const struct da_round *round)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    da_metrics_write(&fixture->metrics, &fixture->settings, fixture->base.set, round, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* The samples of a metric as lines, without its name; those of several follow one another. */
static void assert_samples(const char *text, const char *metric, const char *expected)
{
    char got[4000] = "";
    size_t length = strlen(metric), used = 0;

    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1)
        if (strncmp(line, metric, length) == 0 && (line[length] == '{' || line[length] == ' '))
            used += (size_t)snprintf(got + used, sizeof(got) - used, "%.*s\n", (int)(strcspn(line, "\n") - length),
                                     line + length);
    assert_string_equal(got, expected);
}

#define DC    "kind=\"directory\",source=\"ldap://dc1\""
#define FILE_ "kind=\"zone-file\",source=\"a\\\"\\\\\\\\x0a\xc3\xa9\\\\xff\",origin=\"c.net\""
#define AAAA  ",name=\"" CORP "\",type=\"AAAA\""
#define A     ",name=\"" WEB "\",type=\"A\""

static void test_records(void **state)
{
    struct fixture fixture;

    (void)state;
    setup(&fixture);
    assert_int_equal(da_metrics_note(&fixture.metrics, &fixture.round, false), DA_OK);
    char *text = write_text(&fixture, &fixture.round);
    assert_samples(text, "directaccess_record_present", "{" DC AAAA "} 1\n{" DC A "} 1\n{" FILE_ AAAA "} 0\n");
    assert_samples(text, "directaccess_record_right", "{" DC AAAA "} 1\n{" DC A "} 0\n{" FILE_ AAAA "} 0\n");
    assert_samples(text, "directaccess_record_aging",
                   "{" DC AAAA ",state=\"unknown\"} 0\n{" DC AAAA ",state=\"static\"} 1\n"
                   "{" DC AAAA ",state=\"dynamic\"} 0\n{" DC A ",state=\"unknown\"} 0\n{" DC A ",state=\"static\"} 0\n"
                   "{" DC A ",state=\"dynamic\"} 1\n");
    assert_samples(text, "directaccess_record_stale_seconds", "{" DC A "} -100\n");
    assert_samples(text, "directaccess_record_stale_timestamp_seconds", "{" DC A "} 900\n");
    assert_samples(text, "directaccess_record_last_success_timestamp_seconds",
                   "{" DC AAAA "} 1000\n{" DC A "} 1000\n{" FILE_ AAAA "} 1000\n");
    assert_samples(text, "directaccess_source_up",
                   "{" DC "} 1\n{" FILE_ "} 1\n{kind=\"remote-resolver\",source=\"10.0.0.1\"} 1\n");
    assert_samples(text, "directaccess_findings",
                   "{severity=\"note\"} 4\n{severity=\"warning\"} 3\n{severity=\"unknown\"} 2\n"
                   "{severity=\"critical\"} 1\n");
    assert_samples(text, "directaccess_watch_interval_seconds", " 300\n");
    free(text);
    teardown(&fixture);
}

/* A source fails in the second round: what is old is left out, when it was good stays. */
static void test_failed_source(void **state)
{
    struct fixture fixture;

    (void)state;
    setup(&fixture);
    assert_int_equal(da_metrics_note(&fixture.metrics, &fixture.round, false), DA_OK);
    fixture.round.now = 2000;
    fixture.heard[0].failed = true;
    fixture.records[0].presence = fixture.records[1].presence = DA_PRESENCE_NOT_COVERED;
    assert_int_equal(da_metrics_note(&fixture.metrics, &fixture.round, false), DA_OK);
    char *text = write_text(&fixture, &fixture.round);
    assert_samples(text, "directaccess_record_present", "{" FILE_ AAAA "} 0\n");
    assert_samples(text, "directaccess_record_right", "{" FILE_ AAAA "} 0\n");
    assert_samples(text, "directaccess_record_aging", "");
    assert_samples(text, "directaccess_record_stale_seconds", "");
    assert_samples(text, "directaccess_record_last_success_timestamp_seconds",
                   "{" DC AAAA "} 1000\n{" DC A "} 1000\n{" FILE_ AAAA "} 2000\n");
    assert_samples(text, "directaccess_source_up",
                   "{" DC "} 0\n{" FILE_ "} 1\n{kind=\"remote-resolver\",source=\"10.0.0.1\"} 1\n");
    assert_samples(text, "directaccess_source_last_success_timestamp_seconds",
                   "{" DC "} 1000\n{" FILE_ "} 2000\n{kind=\"remote-resolver\",source=\"10.0.0.1\"} 2000\n");
    free(text);
    teardown(&fixture);
}

static void test_failed_round(void **state)
{
    struct fixture fixture;

    (void)state;
    setup(&fixture);
    assert_int_equal(da_metrics_note(&fixture.metrics, &fixture.round, false), DA_OK);
    assert_int_equal(da_metrics_note(&fixture.metrics, NULL, false), DA_OK);
    char *text = write_text(&fixture, NULL);
    assert_samples(text, "directaccess_record_present", "");
    assert_samples(text, "directaccess_findings", "");
    assert_samples(text, "directaccess_source_up",
                   "{" DC "} 0\n{" FILE_ "} 0\n{kind=\"remote-resolver\",source=\"10.0.0.1\"} 0\n");
    assert_samples(text, "directaccess_record_last_success_timestamp_seconds",
                   "{" DC AAAA "} 1000\n{" DC A "} 1000\n{" FILE_ AAAA "} 1000\n");
    assert_samples(text, "directaccess_watch_rounds_total", " 2\n");
    assert_samples(text, "directaccess_watch_failed_rounds_total", " 1\n");
    assert_samples(text, "directaccess_watch_last_round_timestamp_seconds", " 1000\n");
    free(text);
    teardown(&fixture);
}

/* Another deployment has other records: nothing of the old ones is said of them. */
static void test_other_records(void **state)
{
    struct fixture fixture;

    (void)state;
    setup(&fixture);
    assert_int_equal(da_metrics_note(&fixture.metrics, &fixture.round, false), DA_OK);
    assert_int_equal(da_metrics_note(&fixture.metrics, NULL, true), DA_OK);
    char *text = write_text(&fixture, NULL);
    assert_samples(text, "directaccess_record_last_success_timestamp_seconds", "");
    assert_samples(text, "directaccess_source_last_success_timestamp_seconds",
                   "{" DC "} 1000\n{" FILE_ "} 1000\n{kind=\"remote-resolver\",source=\"10.0.0.1\"} 1000\n");
    free(text);
    teardown(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_records), cmocka_unit_test(test_failed_source),
                                       cmocka_unit_test(test_failed_round), cmocka_unit_test(test_other_records)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
