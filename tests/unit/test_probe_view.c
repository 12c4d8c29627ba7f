/* What a probe asks, where it connects to, and what it makes of what comes. */
#include "unit.h"

#include "probe/fetch.h"
#include "probe/questions.h"
#include "probe/transfer.h"

#include <arpa/inet.h>
#include <stdio.h>

#define L62 "a23456789b123456789c123456789d123456789e123456789f123456789012"

static const char deployment_text[] =
    "suffixes: [corp.example.net, " L62 "." L62 "." L62 ".net]\n"
    "network: ipv4-only\n"
    "block: [wpad, ISATAP, b" L62 "]\n"
    "entry-points:\n"
    "  - {name: a, nat64-prefix: 'fd12:3456:789a:7777::/96', servers: [{name: s, address: 10.0.0.11}]}\n"
    "  - {name: b, nat64-prefix: 'fd12:3456:789b::/48', servers: [{name: t, address: 10.0.0.21}]}\n";

static void questions_are_numbered(void **state)
{
    struct da_deployment *deployment = must_parse(deployment_text);
    struct da_record_set *set;
    (void)state;

    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    const struct da_probe_questions questions = da_probe_questions_of(set);
    assert_int_equal(questions.label_count, 3); /* isatap once, whatever its case */
    assert_string_equal(questions.labels[0], "isatap");
    assert_int_equal(questions.count, 2 * (3 + 2 * (2 + 3)));
    for (size_t i = 0; i < questions.count; i++) {
        struct da_probe_question question;
        size_t again = SIZE_MAX;
        da_probe_question_get(&questions, i, &question);
        assert_int_equal(question.type, i % 2 == 0 ? DA_TYPE_A : DA_TYPE_AAAA);
        assert_true(
            da_probe_question_find(&questions, question.suffix, question.asked, question.label, question.type, &again));
        assert_int_equal(again, i);
    }
    size_t index;
    assert_false(da_probe_question_find(&questions, DA_PROBE_BARE, DA_ASKED_WEB_PROBE, NULL, DA_TYPE_A, &index));
    assert_false(da_probe_question_find(&questions, 2, DA_ASKED_WEB_PROBE, NULL, DA_TYPE_A, &index));
    assert_false(da_probe_question_find(&questions, 0, DA_ASKED_BLOCKED, "other", DA_TYPE_A, &index));
    da_record_set_free(set);
    da_deployment_free(deployment);
}

static void names_that_fit_are_asked(void **state)
{
    struct da_deployment *deployment = must_parse(deployment_text);
    struct da_record_set *set;
    size_t impossible = 0;
    (void)state;

    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    const struct da_probe_questions questions = da_probe_questions_of(set);
    for (size_t i = 0; i < questions.count; i++) {
        struct da_probe_question question;
        struct da_name name;
        char text[DA_NAME_TEXT_MAX];
        da_probe_question_get(&questions, i, &question);
        bool fits = da_probe_question_name(&questions, &question, &name);
        impossible += !fits;
        da_name_to_text(&name, text);
        if (fits)
            assert_int_equal(strncasecmp(text, question.label, strlen(question.label)), 0);
        else
            assert_int_equal(question.suffix, 1);
    }
    assert_int_equal(impossible, 2); /* the long label under the long suffix: A and AAAA */
    da_record_set_free(set);
    da_deployment_free(deployment);
}

static void goes_where_a_nat64_would(void **state)
{
    static const struct {
        const char *address;
        bool dns64;
        const char *target;
    } rows[] = {
        {"10.0.0.11", true, "10.0.0.11"},
        {"fd12:3456:789a:7777::a00:b", true, "10.0.0.11"},
        {"fd12:3456:789a:7777::a00:b", false, "fd12:3456:789a:7777::a00:b"},
        {"fd12:3456:789b:a00:0:1500::", true, "10.0.0.21"}, /* RFC 6052 section 2.2: a /48 */
        {"2001:db8::a00:b", true, "2001:db8::a00:b"},
    };
    struct da_deployment *deployment = must_parse(deployment_text);
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_seen_address address = {.length = strchr(rows[i].address, ':') != NULL ? DA_IPV6_LEN : DA_IPV4_LEN};
        char text[INET6_ADDRSTRLEN];
        inet_pton(address.length == DA_IPV4_LEN ? AF_INET : AF_INET6, rows[i].address, address.octets);
        struct da_seen_address target = da_fetch_target(deployment, rows[i].dns64, &address);
        inet_ntop(target.length == DA_IPV4_LEN ? AF_INET : AF_INET6, target.octets, text, sizeof(text));
        assert_string_equal(text, rows[i].target);
    }
    da_deployment_free(deployment);
}

static void redirects_stay_or_not(void **state)
{
    static const struct {
        const char *to;
        bool stays;
    } rows[] = {
        {"http://host.example/start", true},
        {"http://HOST.example:80/", true},
        {"http://host.example./", false},
        {"https://host.example/", false},
        {"http://host.example:8080/", false},
        {"http://other.example/", false},
        {"http://host.example@other.example/", false},
        {"ftp://host.example/", false},
        {"", false},
        {"http://host.example.evil.example/", false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        if (da_transfer_stays("http://host.example/", rows[i].to) != rows[i].stays)
            fail_msg("%s", rows[i].to);
}

/* Against memmem(3), over every way to cut the octets in two. */
static void finds_text_in_pieces(void **state)
{
    static const char *const bodies[] = {"", "a", "aab", "aaab", "abab", "ababaabab", "xaabaaabx", "aaaa"};
    static const char *const texts[] = {"a", "aab", "aaab", "abaab", "abab", "b"};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(bodies); i++)
        for (size_t j = 0; j < LENGTH_OF(texts); j++)
            for (size_t cut = 0; cut <= strlen(bodies[i]); cut++) {
                struct da_searching searching = {.text = texts[j]};
                da_search(&searching, bodies[i], cut);
                da_search(&searching, bodies[i] + cut, strlen(bodies[i]) - cut);
                if (da_search_found(&searching) != (strstr(bodies[i], texts[j]) != NULL))
                    fail_msg("%s in %s, cut at %zu", texts[j], bodies[i], cut);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_numbered),   cmocka_unit_test(names_that_fit_are_asked),
        cmocka_unit_test(goes_where_a_nat64_would), cmocka_unit_test(redirects_stay_or_not),
        cmocka_unit_test(finds_text_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
