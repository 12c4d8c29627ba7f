/* what a watch tells of round after round: each row is a story of rounds, and what is told in each.
 *
 * A round is lines of findings, "SOURCE|all CODE NAME TYPE ADDRESS [in=HOURS] [is=SEVERITY] [detail=WORD]", "-" where
 * there is none, or "SOURCE failed WHY". What is told is a line a change: "SOURCE|all CHANGE SEVERITY WHAT", WHAT being
 * "ABOUT CODE" of an item and why of a source. "gone" and "back" are of severity ok. */
#include "audit_case.h"

#include "watch/changes.h"

#include <stdio.h>

#define YAML                                                                                                           \
    "suffixes: [c.net, d.net]\nnetwork: ipv4-only\n"                                                                   \
    "entry-points: [{name: sea, nat64-prefix: 'fd00:1::/96', servers: [{name: da1, address: 10.0.0.10}]}]\n"
#define STEPS 6

struct row {
    const char *title;
    struct {
        const char *round, *told;
    } steps[STEPS];                   /* up to the first without a round */
    enum da_severity failed_severity; /* DA_SEVERITY_SILENT = unknown */
};

static const struct row rows[] = {
    {"the first round tells all but notes; the next, the same, nothing",
     {{"0 web-probe-missing w.c.net A 10.0.0.10\n0 ttl-differs w.c.net A 10.0.0.10\n0 record-dynamic n.c.net A "
       "10.0.0.1 in=200",
       "0 found warning n.c.net A 10.0.0.1 record-dynamic\n0 found critical w.c.net A 10.0.0.10 web-probe-missing\n"},
      {"0 web-probe-missing w.c.net A 10.0.0.10\n0 ttl-differs w.c.net A 10.0.0.10\n0 record-dynamic n.c.net A "
       "10.0.0.1 in=199",
       ""}},
     0},
    {"new and gone, notes too",
     {{"", ""},
      {"0 ttl-differs w.c.net A 10.0.0.10", "0 new note w.c.net A 10.0.0.10 ttl-differs\n"},
      {"0 alias w.c.net CNAME -", "0 gone ok w.c.net A 10.0.0.10 ttl-differs\n0 new critical w.c.net CNAME alias\n"},
      {"", "0 gone ok w.c.net CNAME alias\n"}},
     0},
    {"the way of a record: dynamic, in days, in hours, stale, missing; restored and pinned",
     {{"0 record-dynamic w.c.net A 10.0.0.10 in=200", "0 found warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=72", "0 worse warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=24", "0 worse warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"0 record-stale w.c.net A 10.0.0.10 in=0", "0 worse critical w.c.net A 10.0.0.10 record-stale\n"},
      {"0 web-probe-missing w.c.net A 10.0.0.10", "0 worse critical w.c.net A 10.0.0.10 web-probe-missing\n"},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=336", "0 better warning w.c.net A 10.0.0.10 record-dynamic\n"}},
     0},
    {"each threshold once, and not again for every hour",
     {{"0 record-dynamic w.c.net A 10.0.0.10 in=73", "0 found warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=72", "0 worse warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=71", ""},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=25", ""},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=23", "0 worse warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"", "0 gone ok w.c.net A 10.0.0.10 record-dynamic\n"}},
     0},
    {"a refreshed record is better, one that was far off is the same",
     {{"0 record-dynamic w.c.net A 10.0.0.10 in=20", "0 found warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=336", "0 better warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=200", ""}},
     0},
    {"aging is switched on in the zone",
     {{"0 record-dynamic w.c.net A 10.0.0.10\n0 zone-aging c.net - - detail=off",
       "0 found warning w.c.net A 10.0.0.10 record-dynamic\n"},
      {"0 record-dynamic w.c.net A 10.0.0.10 in=300\n0 zone-aging c.net - - detail=on",
       "0 changed note c.net zone-aging\n0 worse warning w.c.net A 10.0.0.10 record-dynamic\n"}},
     0},
    {"some are missing, then all",
     {{"0 web-probe-incomplete w.c.net A 10.0.0.10", "0 found warning w.c.net A 10.0.0.10 web-probe-incomplete\n"},
      {"0 web-probe-missing w.c.net A 10.0.0.10\n0 web-probe-missing w.c.net A 10.0.0.11",
       "0 worse critical w.c.net A 10.0.0.10 web-probe-missing\n0 new critical w.c.net A 10.0.0.11 "
       "web-probe-missing\n"}},
     0},
    {"severities are changed in their file",
     {{"0 ttl-differs w.c.net A 10.0.0.10 is=warning", "0 found warning w.c.net A 10.0.0.10 ttl-differs\n"},
      {"0 ttl-differs w.c.net A 10.0.0.10 is=critical", "0 worse critical w.c.net A 10.0.0.10 ttl-differs\n"},
      {"0 ttl-differs w.c.net A 10.0.0.10 is=note", "0 better note w.c.net A 10.0.0.10 ttl-differs\n"}},
     0},
    {"one code instead of another, no worse",
     {{"0 record-stale w.c.net A 10.0.0.10 is=warning", "0 found warning w.c.net A 10.0.0.10 record-stale\n"},
      {"0 web-probe-incomplete w.c.net A 10.0.0.10", "0 worse warning w.c.net A 10.0.0.10 web-probe-incomplete\n"},
      {"0 isatap-router-missing w.c.net A 10.0.0.10", "0 changed warning w.c.net A 10.0.0.10 isatap-router-missing\n"}},
     0},
    {"case of letters is no change",
     {{"0 alias w.c.net CNAME -", "0 found critical w.c.net CNAME alias\n"}, {"0 alias W.C.net CNAME -", ""}},
     0},
    {"two doubts of one source are two, and one instead of another is another",
     {{"0 reading-uncertain - - - detail=quote",
       "0 found warning the source could not be read with certainty reading-uncertain\n"},
      {"0 reading-uncertain - - - detail=paren",
       "0 new warning the source could not be read with certainty reading-uncertain\n"
       "0 gone ok the source could not be read with certainty reading-uncertain\n"},
      {"0 reading-uncertain - - - detail=quote\n0 reading-uncertain - - - detail=paren",
       "0 new warning the source could not be read with certainty reading-uncertain\n"}},
     0},
    {"a source vanishes and is back: what it had is held, then compared",
     {{"0 alias w.c.net CNAME -\n1 alias w.c.net CNAME -",
       "0 found critical w.c.net CNAME alias\n1 found critical w.c.net CNAME alias\n"},
      {"0 failed no reply\n1 alias w.c.net CNAME -", "0 failed unknown no reply\n"},
      {"0 failed refused\n1 alias w.c.net CNAME -", ""},
      {"0 alias w.c.net CNAME -\n1 alias w.c.net CNAME -", "0 back ok \n"},
      {"0 failed no reply\n1 alias w.c.net CNAME -", "0 failed unknown no reply\n"},
      {"0 web-probe-missing w.c.net A 10.0.0.10\n1 alias w.c.net CNAME -",
       "0 back ok \n0 new critical w.c.net A 10.0.0.10 web-probe-missing\n0 gone ok w.c.net CNAME alias\n"}},
     0},
    {"a source that fails from the first is first looked at when it is back",
     {{"0 failed no reply", "0 failed unknown no reply\n"},
      {"0 ttl-differs w.c.net A 10.0.0.10\n0 alias w.c.net CNAME -",
       "0 back ok \n0 found critical w.c.net CNAME alias\n"},
      {"0 ttl-differs w.c.net A 10.0.0.10", "0 gone ok w.c.net CNAME alias\n"}},
     0},
    {"findings about all sources wait for those that fail",
     {{"all resolvers-disagree w.c.net A -", "all found critical w.c.net A resolvers-disagree\n"},
      {"1 failed no reply\nall not-covered d.net - -", "1 failed unknown no reply\n"},
      {"all resolvers-disagree w.c.net A -\nall not-covered d.net - -",
       "1 back ok \nall new unknown d.net not-covered\n"},
      {"all not-covered d.net - -", "all gone ok w.c.net A resolvers-disagree\n"}},
     0},
    {"a question without an answer: what was known of the name and type is held, and no more",
     {{"0 wrong-address w.c.net A 10.0.0.9\n0 aaaa-not-allowed w.c.net AAAA fd00::1\n0 alias w.c.net CNAME -",
       "0 found critical w.c.net A 10.0.0.9 wrong-address\n0 found critical w.c.net AAAA fd00::1 aaaa-not-allowed\n"
       "0 found critical w.c.net CNAME alias\n"},
      {"0 undetermined w.c.net A -",
       "0 new unknown w.c.net A undetermined\n0 gone ok w.c.net AAAA fd00::1 aaaa-not-allowed\n"},
      {"0 wrong-address w.c.net A 10.0.0.9", "0 gone ok w.c.net A undetermined\n0 gone ok w.c.net CNAME alias\n"}},
     0},
    {"a suffix that the server is not authoritative for any more",
     {{"0 alias w.c.net CNAME -\n0 alias w.d.net CNAME -",
       "0 found critical w.c.net CNAME alias\n0 found critical w.d.net CNAME alias\n"},
      {"0 not-authoritative c.net - -", "0 new unknown c.net not-authoritative\n0 gone ok w.d.net CNAME alias\n"},
      {"", "0 gone ok c.net not-authoritative\n0 gone ok w.c.net CNAME alias\n"}},
     0},
    {"a failure that is made silent, or critical",
     {{"", ""}, {"0 failed no reply", "0 failed critical no reply\n"}},
     DA_SEVERITY_CRITICAL},
    {"aging that a source does not tell is nobody's news", {{"0 aging-unknown - - -", ""}, {"", ""}}, 0},
};

/* ---- rounds from text ---- */

static enum da_finding_code code_of(const char *text)
{
    for (size_t i = 0; i < DA_FINDING_CODES; i++)
        if (strcmp(da_finding_kinds[i].code, text) == 0)
            return (enum da_finding_code)i;
    fail_msg("code '%s'", text);
    return 0;
}

static void set_option(struct da_finding *finding, const char *option)
{
    static const char *const severities[DA_SEVERITIES] = {"silent", "note", "warning", "unknown", "critical"};

    if (strncmp(option, "in=", 3) == 0)
        finding->stale_at = CASE_NOW + strtoll(option + 3, NULL, 10) * 3600;
    else if (strncmp(option, "detail=", 7) == 0)
        snprintf(finding->detail, sizeof(finding->detail), "%s", option + 7);
    else
        for (int i = 0; i < DA_SEVERITIES; i++)
            if (strcmp(option + strlen("is="), severities[i]) == 0)
                finding->severity = (enum da_severity)i;
}

static void put_line(struct audit_case *audit_case, char *line)
{
    char *words[8], *more = NULL;
    size_t count = 0;

    char *first = strtok_r(line, " ", &more);
    const struct da_collection *source = strcmp(first, "all") == 0 ? NULL : audit_case->sources[*first - '0'];
    if (strncmp(more, "failed ", 7) == 0) {
        da_collection_fail(audit_case->sources[*first - '0'], "%s", more + 7);
        return;
    }
    for (char *word; count < 8 && (word = strtok_r(NULL, " ", &more)) != NULL;)
        words[count++] = word;
    if (count < 4) {
        fail_msg("a finding has four words at least");
        return;
    }
    uint16_t type = strcmp(words[2], "-") == 0 ? 0 : (uint16_t)ldns_get_rr_type_by_name(words[2]);
    struct da_finding *finding =
        case_finding(audit_case, code_of(words[0]), source, strcmp(words[1], "-") == 0 ? NULL : words[1], type);
    if (inet_pton(AF_INET, words[3], finding->address) == 1)
        finding->address_length = 4;
    else if (inet_pton(AF_INET6, words[3], finding->address) == 1)
        finding->address_length = 16;
    for (size_t i = 4; i < count; i++)
        set_option(finding, words[i]);
}

/* A round as it comes out of the pipe. */
static void make_round(const char *text, struct da_round *round)
{
    struct audit_case audit_case;
    char *copy = strdup(text), *more = NULL;

    case_open(&audit_case, YAML);
    case_source(&audit_case, DA_SOURCE_SERVER, "s0");
    case_source(&audit_case, DA_SOURCE_SERVER, "s1");
    for (char *line = strtok_r(copy, "\n", &more); line != NULL; line = strtok_r(NULL, "\n", &more))
        put_line(&audit_case, line);
    case_finish(&audit_case);
    assert_int_equal(da_round_make(&audit_case.audit, round), DA_OK);
    case_close(&audit_case);
    free(copy);
}

/* ---- what is told ---- */

struct told {
    char text[4000];
};

/* Of an item's text, "server s0: ABOUT: MESSAGE: DETAIL [CODE]", what it is about, else the message, and its code. */
static void shorten(const char *text, char *out, size_t size)
{
    const char *about = strstr(text, ": ") + 2, *end = strstr(about, ": "), *code = strrchr(text, '[') + 1;

    if (end == NULL)
        end = about;
    snprintf(out, size, "%.*s %.*s", (int)(end - about), about, (int)strcspn(code, "]"), code);
}

static void hear(void *arg, const struct da_change *change)
{
    static const char *const words[DA_CHANGE_KINDS] = {"found",   "new",  "worse",  "better",
                                                       "changed", "gone", "failed", "back"};
    struct told *told = arg;
    size_t used = strlen(told->text);
    char what[400], source[12] = "all";

    if (change->source != DA_ROUND_ALL)
        snprintf(source, sizeof(source), "%u", change->source);
    if (change->kind == DA_CHANGE_FAILED || change->kind == DA_CHANGE_BACK)
        snprintf(what, sizeof(what), "%s", change->text);
    else
        shorten(change->text, what, sizeof(what));
    snprintf(told->text + used, sizeof(told->text) - used, "%s %s %s %s\n", source, words[change->kind],
             change->severity == DA_SEVERITY_SILENT ? "ok" : da_severity_text(change->severity), what);
}

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        enum da_severity failed = rows[i].failed_severity != 0 ? rows[i].failed_severity : DA_SEVERITY_UNKNOWN;
        struct da_known known;
        assert_int_equal(da_known_make(2, &known), DA_OK);
        for (size_t step = 0; step < STEPS && rows[i].steps[step].round != NULL; step++) {
            struct told told = {""};
            struct da_round round;
            make_round(rows[i].steps[step].round, &round);
            assert_int_equal(da_known_update(&known, &round, failed, hear, &told), DA_OK);
            if (strcmp(told.text, rows[i].steps[step].told) != 0)
                fail_msg("%s, round %zu:\n%sis not\n%s", rows[i].title, step + 1, told.text, rows[i].steps[step].told);
            da_round_clear(&round);
        }
        da_known_clear(&known);
    }
}

static void test_silent_failures(void **state)
{
    struct da_known known;
    struct da_round round;
    struct told told = {""};

    (void)state;
    assert_int_equal(da_known_make(2, &known), DA_OK);
    make_round("0 failed no reply", &round);
    assert_int_equal(da_known_update(&known, &round, DA_SEVERITY_SILENT, hear, &told), DA_OK);
    assert_string_equal(told.text, "");
    da_round_clear(&round);
    da_known_clear(&known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stories), cmocka_unit_test(test_silent_failures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
