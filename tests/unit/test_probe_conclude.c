/* What a client concludes, from views that are written down: rows of what was answered and served, and what follows. */
#include "unit.h"

#include "probe/conclude.h"

#include <arpa/inet.h>
#include <stdio.h>

/* ---- deployments ---- */

#define HEAD "suffixes: [corp.example.net]\nnetwork: ipv4-only\nentry-points:\n"
#define SERVERS                                                                                                        \
    "    servers: [{name: da1, address: 10.0.0.11}, {name: da2, address: 10.0.0.12}]\n"                                \
    "    load-balancer: {vip: 10.0.0.10, kind: "
#define SEATTLE "  - name: seattle\n    nat64-prefix: fd12:3456:789a:7777::/96\n"
#define DUBLIN                                                                                                         \
    "  - {name: dublin, nat64-prefix: 'fd12:3456:789b:7777::/96', servers: [{name: dub1, address: 10.0.0.21}]}\n"
#define SINGLE   HEAD SEATTLE "    servers: [{name: da1, address: 10.0.0.11}]\n"
#define NLB      HEAD SEATTLE SERVERS "nlb}\n"
#define EXTERNAL HEAD SEATTLE SERVERS "external}\n"
#define MULTI    HEAD SEATTLE SERVERS "external}\n" DUBLIN
#define NATIVE                                                                                                         \
    "suffixes: [corp.example.net]\nnetwork: ipv6\nentry-points:\n"                                                     \
    "  - {name: seattle, servers: [{name: da1, address: 10.0.0.11, ipv6-address: '2001:db8::11'}]}\n"

/* What is right: resolver, which name, type, answer. */
#define CORP   "0 corp A 127.0.0.1;0 corp AAAA fd12:3456:789a:7777::7f00:1;"
#define VIP    "0 web A 10.0.0.10;page 10.0.0.10 right"
#define RIGHT  CORP VIP
#define MAPPED "0 corp AAAA fd12:3456:789a:7777::7f00:1;0 web AAAA fd12:3456:789a:7777::a00:a;page 10.0.0.10 right"

struct row {
    const char *title, *deployment;
    bool dns64;
    const char *view;      /* items, separated by semicolons; an answer that is not there is NODATA, of a blocked name
                              NXDOMAIN */
    const char *concluded; /* entry point, state, codes of reasons; severity for monitoring */
    const char *says;      /* part of a reason's text; NULL = not looked at */
};

static const struct row rows[] = {
    /* all is right */
    {"single", SINGLE, false, CORP "0 web A 10.0.0.11;page 10.0.0.11 right", "seattle Connected 0", NULL},
    {"nlb", NLB, false, RIGHT, "seattle Connected 0", NULL},
    {"native", NATIVE, false,
     "0 corp AAAA ::1;0 web A 10.0.0.11;0 web AAAA 2001:db8::11;page 10.0.0.11 right;page 2001:db8::11 right",
     "seattle Connected 0", NULL},
    {"dns64", NLB, true, MAPPED, "seattle Connected 0", NULL},
    {"dns64 whose A is wrong", NLB, true, "0 corp A 1.2.3.4;" MAPPED, "seattle Connected 0", NULL},
    {"multisite", MULTI, false, "0 corp AAAA fd12:3456:789b:7777::7f00:1;0 web A 10.0.0.21;page 10.0.0.21 right;" RIGHT,
     "seattle Connected dublin Connected 0", NULL},
    /* corpConnectivityHost */
    {"A missing", NLB, false, "0 corp AAAA fd12:3456:789a:7777::7f00:1;" VIP,
     "seattle tunnel would be given up connectivity-missing 2", "has no A record (NODATA); expected 127.0.0.1"},
    {"name missing", NLB, false, "0 corp A nxdomain;0 corp AAAA nxdomain;" VIP,
     "seattle tunnel would be given up connectivity-missing 2", "NXDOMAIN"},
    {"A fails", NLB, false, "0 corp A failure;" VIP, "seattle tunnel would be given up connectivity-fails 2",
     "SERVFAIL"},
    {"A wrong", NLB, false, "0 corp A 127.0.0.2;" VIP, "seattle tunnel would be given up connectivity-wrong 2",
     "127.0.0.2; expected 127.0.0.1"},
    {"A and another", NLB, false, "0 corp A 10.9.9.9;" RIGHT, "seattle tunnel would be given up connectivity-extra 2",
     "10.9.9.9"},
    {"another and A", NLB, false, RIGHT ";0 corp A 10.9.9.9", "seattle tunnel would be given up connectivity-extra 2",
     "10.9.9.9"},
    {"no AAAA", NLB, false, "0 corp A 127.0.0.1;" VIP, "seattle Connected connectivity-no-aaaa 1", NULL},
    {"AAAA fails", NLB, false, "0 corp A 127.0.0.1;0 corp AAAA failure;" VIP,
     "seattle Connected connectivity-no-aaaa 1", NULL},
    {"AAAA of another prefix", NLB, false, "0 corp A 127.0.0.1;0 corp AAAA fd99::7f00:1;" VIP,
     "seattle tunnel would be given up connectivity-prefix 2", "fd99::/96"},
    {"AAAA of a /64", NLB, false, "0 corp A 127.0.0.1;0 corp AAAA fd99:0:0:1:7f:0:100:0;" VIP,
     "seattle tunnel would be given up connectivity-prefix 2", "fd99:0:0:1::/64"},
    {"AAAA of nothing", NLB, false, "0 corp A 127.0.0.1;0 corp AAAA 2001:db8::5;" VIP,
     "seattle tunnel would be given up connectivity-wrong 2", "2001:db8::5"},
    {"AAAA and an unknown one", NLB, false, RIGHT ";0 corp AAAA 2001:db8::5",
     "seattle tunnel would be given up connectivity-extra 2", "2001:db8::5"},
    {"AAAA of one site only", MULTI, false, "0 web A 10.0.0.21;page 10.0.0.21 right;" RIGHT,
     "seattle Connected dublin tunnel would be given up connectivity-prefix 2", "of seattle"},
    {"dns64 without AAAA", NLB, true, "0 corp A 127.0.0.1;0 web AAAA fd12:3456:789a:7777::a00:a;page 10.0.0.10 right",
     "seattle tunnel would be given up connectivity-missing 2", NULL},
    {"dns64 of another prefix", NLB, true,
     "0 corp AAAA fd99::7f00:1;0 web AAAA fd12:3456:789a:7777::a00:a;page 10.0.0.10 right",
     "seattle tunnel would be given up connectivity-prefix 2", NULL},
    {"native with A", NATIVE, false, "0 corp A 127.0.0.1;0 corp AAAA ::1;0 web A 10.0.0.11;page 10.0.0.11 right",
     "seattle Connected connectivity-a 1", NULL},
    {"native with another", NATIVE, false, "0 corp AAAA ::1;0 corp AAAA ::2;0 web A 10.0.0.11;page 10.0.0.11 right",
     "seattle tunnel would be given up connectivity-extra 2", NULL},
    {"native as mapped", NATIVE, false, "0 corp AAAA fd99::7f00:1;0 web A 10.0.0.11;page 10.0.0.11 right",
     "seattle tunnel would be given up connectivity-wrong 2", NULL},
    /* WebProbeHost: where it leads */
    {"no address", NLB, false, CORP, "seattle Connecting web-probe-missing 2", "expected the VIP 10.0.0.10 of seattle"},
    {"address fails", NLB, false, CORP "0 web A failure", "seattle Connecting web-probe-fails 2", "SERVFAIL"},
    {"server's address", NLB, false, CORP "0 web A 10.0.0.11;page 10.0.0.11 right",
     "seattle Connected web-probe-server-address 1", "da1's own address; expected the VIP 10.0.0.10"},
    {"servers' addresses", NLB, false,
     CORP "0 web A 10.0.0.11;0 web A 10.0.0.12;page 10.0.0.11 right;page 10.0.0.12 right",
     "seattle Connected web-probe-server-address 1", "each a server's own address"},
    {"server's address, down", NLB, false, CORP "0 web A 10.0.0.11;page 10.0.0.11 refused",
     "seattle Connecting web-probe-unreachable web-probe-server-address 2", "is the web server of da1 up?"},
    {"server's address beside the VIP", NLB, false, CORP "0 web A 10.0.0.11;page 10.0.0.11 refused;" VIP,
     "seattle Connected web-probe-server-address 1", NULL},
    {"another site's address", MULTI, false,
     "0 corp AAAA fd12:3456:789b:7777::7f00:1;" CORP "0 web A 10.0.0.21;page 10.0.0.21 right",
     "seattle Connected web-probe-other-address dublin Connected 1", "of another entry point"},
    {"an unknown address", NLB, false, CORP "0 web A 10.9.9.9;page 10.9.9.9 right",
     "seattle Connected web-probe-unknown-address 1", "of no entry point"},
    {"an unknown address, silent", NLB, false, CORP "0 web A 10.9.9.9;page 10.9.9.9 silent",
     "seattle Connecting web-probe-unreachable web-probe-unknown-address 2", "whose address is it?"},
    {"AAAA on IPv4", NLB, false, RIGHT ";0 web AAAA 2001:db8::9", "seattle Connected web-probe-unknown-address 1",
     "--dns64"},
    /* what is served */
    {"external refused", EXTERNAL, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 refused",
     "seattle Connecting web-probe-unreachable 2", "at 10.0.0.10:80: no; is there a virtual server for TCP 80?"},
    {"nlb refused", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 refused",
     "seattle Connecting web-probe-unreachable 2", "are the web servers of the cluster up?"},
    {"nlb silent", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 silent",
     "seattle Connecting web-probe-unreachable 2", "is the static ARP entry set?"},
    {"nlb without a route", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 unreachable",
     "seattle Connecting web-probe-unreachable 2", NULL},
    {"broken", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 broken", "seattle Connecting web-probe-unreachable 2",
     NULL},
    {"not fetched", NLB, false, CORP "0 web A 10.0.0.10", "seattle Connecting web-probe-unreachable 2", NULL},
    {"single refused", SINGLE, false, CORP "0 web A 10.0.0.11;page 10.0.0.11 refused",
     "seattle Connecting web-probe-unreachable 2", "is the web server of da1 up?"},
    {"redirected", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 redirected",
     "seattle Connecting web-probe-redirected 2", NULL},
    {"portal", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 portal", "seattle Connecting web-probe-portal 2",
     NULL},
    {"another body", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 body", "seattle Connecting web-probe-portal 2",
     NULL},
    {"another status", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 status",
     "seattle Connecting web-probe-status 2", "status 404; expected 200"},
    {"one site is down", MULTI, false,
     "0 corp AAAA fd12:3456:789b:7777::7f00:1;0 web A 10.0.0.21;page 10.0.0.21 refused;" RIGHT,
     "seattle Connected dublin Connecting web-probe-unreachable 2", NULL},
    {"native, one of two", NATIVE, false,
     "0 corp AAAA ::1;0 web A 10.0.0.11;0 web AAAA 2001:db8::11;page 10.0.0.11 right;page 2001:db8::11 refused",
     "seattle Connected web-probe-unreachable 1", "[2001:db8::11]:80"},
    {"both wrong", NLB, false, "0 corp A 127.0.0.2;0 web A 10.0.0.10;page 10.0.0.10 refused",
     "seattle tunnel would be given up connectivity-wrong web-probe-unreachable 2", NULL},
    {"a remark, then what decides", NATIVE, false,
     "0 corp A 127.0.0.1;0 corp AAAA ::1;0 web A 10.0.0.11;page 10.0.0.11 refused",
     "seattle Connecting web-probe-unreachable connectivity-a 2", NULL},
    /* time */
    {"slow answer", NLB, false, RIGHT ";0 corp A slow", "seattle Connected slow 1", "took 1001 ms"},
    {"slow page", NLB, false, CORP "0 web A 10.0.0.10;page 10.0.0.10 slow", "seattle Connected slow 1",
     "web probe at 10.0.0.10:80 took 1001 ms"},
    /* resolvers */
    {"silent", NLB, false, "0 all nothing", "seattle tunnel would be given up resolver-silent 2",
     "resolver 10.0.0.53 does not answer (no reply within 5 s)"},
    {"fails", NLB, false, "0 all failure", "seattle tunnel would be given up resolver-silent 2", "SERVFAIL"},
    {"fails, but once", NLB, false, "0 all failure;0 isatap A nxdomain",
     "seattle tunnel would be given up connectivity-fails web-probe-fails blocked-fails 2", NULL},
    /* blocked names */
    {"isatap", NLB, false, RIGHT ";0 isatap A 10.0.0.9", "seattle Connected blocked-resolves 2",
     "isatap.corp.example.net resolves to 10.0.0.9; expected NXDOMAIN"},
    {"bare isatap", NLB, false, RIGHT ";0 bare AAAA ::9", "seattle Connected blocked-resolves 2",
     "isatap resolves to ::9"},
    {"isatap NODATA", NLB, false, RIGHT ";0 isatap A nodata", "seattle Connected blocked-nodata 1", NULL},
    {"isatap fails", NLB, false, RIGHT ";0 isatap AAAA failure", "seattle Connected blocked-fails 1", "AAAA fails"},
};

/* ---- views ---- */

static struct da_seen_address address_of(const char *text)
{
    struct da_seen_address address = {.length = DA_IPV4_LEN};

    if (strchr(text, ':') != NULL)
        address.length = DA_IPV6_LEN;
    assert_int_equal(inet_pton(address.length == DA_IPV4_LEN ? AF_INET : AF_INET6, text, address.octets), 1);
    return address;
}

static void set_answer(struct da_seen *seen, const char *answer)
{
    static const struct {
        const char *word;
        enum da_answered answered;
        const char *why;
    } words[] = {
        {"nxdomain", DA_ANSWERED_NXDOMAIN, NULL},
        {"nodata", DA_ANSWERED_NODATA, NULL},
        {"failure", DA_ANSWERED_FAILURE, "SERVFAIL"},
        {"nothing", DA_ANSWERED_NOTHING, "no reply within 5 s"},
    };

    if (strcmp(answer, "slow") == 0) {
        seen->milliseconds = 1001;
        return;
    }
    for (size_t i = 0; i < LENGTH_OF(words); i++) {
        if (strcmp(answer, words[i].word) != 0)
            continue;
        seen->answered = words[i].answered;
        free(seen->why);
        seen->why = words[i].why != NULL ? strdup(words[i].why) : NULL;
        return;
    }
    seen->answered = DA_ANSWERED_ADDRESSES;
    seen->addresses = reallocarray(seen->addresses, seen->address_count + 1, sizeof(*seen->addresses));
    assert_non_null(seen->addresses);
    seen->addresses[seen->address_count++] = address_of(answer);
}

static void add_page(struct da_view *view, const char *address, const char *word)
{
    static const char *const words[] = {
        [DA_FETCHED_RIGHT] = "right",           [DA_FETCHED_REFUSED] = "refused",
        [DA_FETCHED_SILENT] = "silent",         [DA_FETCHED_UNREACHABLE] = "unreachable",
        [DA_FETCHED_REDIRECTED] = "redirected", [DA_FETCHED_PORTAL] = "portal",
        [DA_FETCHED_STATUS] = "status",         [DA_FETCHED_BODY] = "body",
        [DA_FETCHED_BROKEN] = "broken",
    };
    struct da_fetch fetch = {.address = address_of(address), .fetched = DA_FETCHED_RIGHT, .why = "no", .status = 404};
    size_t at = view->fetch_count++;

    for (size_t i = 0; i < LENGTH_OF(words); i++)
        if (words[i] != NULL && strcmp(words[i], word) == 0)
            fetch.fetched = (enum da_fetched)i;
    if (strcmp(word, "slow") == 0)
        fetch.milliseconds = 1001;
    view->fetches = reallocarray(view->fetches, view->fetch_count, sizeof(fetch));
    assert_non_null(view->fetches);
    while (at > 0 && (view->fetches[at - 1].address.length > fetch.address.length ||
                      (view->fetches[at - 1].address.length == fetch.address.length &&
                       memcmp(view->fetches[at - 1].address.octets, fetch.address.octets, DA_IPV6_LEN) > 0))) {
        view->fetches[at] = view->fetches[at - 1];
        at--;
    }
    view->fetches[at] = fetch;
}

static void set_item(struct da_view *view, const char *item)
{
    char first[16], second[64], third[64], fourth[64] = "";

    assert_true(sscanf(item, "%15s %63s %63s %63s", first, second, third, fourth) >= 3);
    if (strcmp(first, "page") == 0) {
        add_page(view, second, third);
        return;
    }
    for (size_t i = 0; i < view->questions.count; i++) {
        struct da_probe_question question;
        da_probe_question_get(&view->questions, i, &question);
        const char *name = question.suffix == DA_PROBE_BARE          ? "bare"
                           : question.asked == DA_ASKED_CONNECTIVITY ? "corp"
                           : question.asked == DA_ASKED_WEB_PROBE    ? "web"
                                                                     : "isatap";
        struct da_seen *seen = &view->seen[(size_t)(first[0] - '0') * view->questions.count + i];
        if (strcmp(second, "all") == 0)
            set_answer(seen, third);
        else if (strcmp(second, name) == 0 && strcmp(third, question.type == DA_TYPE_A ? "A" : "AAAA") == 0)
            set_answer(seen, fourth);
    }
}

/* Everything is answered, by nothing. */
static void begin_view(struct da_view *view, const struct da_record_set *set)
{
    view->questions = da_probe_questions_of(set);
    view->seen_count = view->resolver_count * view->questions.count;
    view->seen = calloc(view->seen_count, sizeof(*view->seen));
    assert_non_null(view->seen);
    for (size_t i = 0; i < view->seen_count; i++) {
        struct da_probe_question question;
        da_probe_question_get(&view->questions, i % view->questions.count, &question);
        view->seen[i] = (struct da_seen){.resolver = i / view->questions.count,
                                         .suffix = question.suffix,
                                         .asked = question.asked,
                                         .label = question.label,
                                         .type = question.type,
                                         .answered = question.asked == DA_ASKED_BLOCKED ? DA_ANSWERED_NXDOMAIN
                                                                                        : DA_ANSWERED_NODATA};
    }
}

static void fill_view(struct da_view *view, const char *items)
{
    char copy[600], *rest = copy, *item;

    snprintf(copy, sizeof(copy), "%s", items);
    while ((item = strsep(&rest, ";")) != NULL)
        if (*item != '\0')
            set_item(view, item);
}

/* ---- conclusions ---- */

#define WORDS_MAX 2000

static void append(char words[static WORDS_MAX], const char *word)
{
    size_t used = strlen(words);

    snprintf(words + used, WORDS_MAX - used, "%s%s", used > 0 ? " " : "", word);
}

/* All that was concluded, in the words of a row; texts: all reasons' texts. */
static void tell(const struct da_deployment *deployment, const struct da_conclusions *conclusions,
                 char words[static WORDS_MAX], char texts[static WORDS_MAX])
{
    char number[8];

    words[0] = texts[0] = '\0';
    for (size_t i = 0; i < conclusions->count; i++) {
        const struct da_conclusion *conclusion = &conclusions->conclusions[i];
        append(words, deployment->entry_points[conclusion->entry_point].name);
        append(words, da_state_words(conclusion->state));
        for (size_t j = 0; j < conclusion->because_count; j++) {
            append(words, da_reason_code(conclusion->because[j].reason));
            append(texts, conclusion->because[j].text);
        }
    }
    for (size_t i = 0; i < conclusions->blocked_count; i++) {
        const char *code = da_reason_code(conclusions->blocked[i].because.reason);
        if (strstr(words, code) == NULL)
            append(words, code);
        append(texts, conclusions->blocked[i].because.text);
    }
    snprintf(number, sizeof(number), "%d", (int)da_conclusions_severity(conclusions));
    append(words, number);
}

static void clients_conclude(void **state)
{
    static const char *const resolvers[] = {"10.0.0.53"};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct row *row = &rows[i];
        struct da_deployment *deployment = must_parse(row->deployment);
        struct da_record_set *set;
        struct da_conclusions conclusions;
        struct da_view view = {.resolvers = resolvers, .resolver_count = 1};
        char words[WORDS_MAX], texts[WORDS_MAX];
        assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
        const struct da_expectations expectations = {.deployment = deployment,
                                                     .set = set,
                                                     .entry_point = SIZE_MAX,
                                                     .dns64 = row->dns64,
                                                     .port = 80,
                                                     .slow = 1000};
        begin_view(&view, set);
        fill_view(&view, row->view);
        assert_int_equal(da_conclude(&expectations, &view, &conclusions), DA_OK);
        tell(deployment, &conclusions, words, texts);
        if (strcmp(words, row->concluded) != 0 || (row->says != NULL && strstr(texts, row->says) == NULL))
            fail_msg("%s:\nconcluded %s\nexpected  %s\nsays %s", row->title, words, row->concluded, texts);
        da_conclusions_clear(&conclusions);
        da_view_clear(&view);
        da_record_set_free(set);
        da_deployment_free(deployment);
    }
}

/* Resolver by resolver, entry point by entry point; one entry point alone where that is asked. */
static void each_resolver_has_its_own(void **state)
{
    static const char *const resolvers[] = {"10.0.0.53", NULL};
    struct da_deployment *deployment = must_parse(MULTI);
    struct da_record_set *set;
    (void)state;

    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    for (size_t one = 0; one <= 1; one++) {
        struct da_view view = {.resolvers = resolvers, .resolver_count = 2};
        struct da_expectations expectations = {
            .deployment = deployment, .set = set, .entry_point = one ? 1 : SIZE_MAX, .port = 80, .slow = 1000};
        struct da_conclusions conclusions;
        char words[WORDS_MAX], texts[WORDS_MAX];
        begin_view(&view, set);
        fill_view(&view, RIGHT ";1 all nothing;0 corp AAAA fd12:3456:789b:7777::7f00:1;0 web A 10.0.0.21;"
                               "page 10.0.0.21 refused");
        assert_int_equal(da_conclude(&expectations, &view, &conclusions), DA_OK);
        tell(deployment, &conclusions, words, texts);
        assert_string_equal(words, one ? "dublin Connecting web-probe-unreachable "
                                         "dublin tunnel would be given up resolver-silent 2"
                                       : "seattle Connected dublin Connecting web-probe-unreachable "
                                         "seattle tunnel would be given up resolver-silent "
                                         "dublin tunnel would be given up resolver-silent 2");
        assert_non_null(strstr(texts, "the system's resolver does not answer"));
        da_conclusions_clear(&conclusions);
        da_view_clear(&view);
    }
    da_record_set_free(set);
    da_deployment_free(deployment);
}

/* Programs go by them. */
static void codes_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < DA_REASON_COUNT; i++) {
        const char *code = da_reason_code((enum da_reason)i);
        assert_non_null(code);
        assert_true(strspn(code, "abcdefghijklmnopqrstuvwxyz-") == strlen(code));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(code, da_reason_code((enum da_reason)j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_conclude),
        cmocka_unit_test(each_resolver_has_its_own),
        cmocka_unit_test(codes_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
