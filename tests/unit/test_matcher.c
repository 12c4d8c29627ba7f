/* The index of suffixes: that names spread over its slots. Which names match is test_policy.c's. */
#include "unit.h"

#include "matcher.h"

#include <stdio.h>

/* Names that differ in a few digits, as those of sites do, must not crowd together: a lookup walks the whole run of
 * taken slots it falls into. */
static void spreads_similar_names(void **state)
{
    static const char *const formats[] = {"s%zu.corp.example.net", "s%05zu.corp.example.net", "%zu.a",
                                          "site.x%zu.example", "a-rather-long-label-with-a-number-behind-%zu.net"};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(formats); i++) {
        struct da_deployment deployment = {.suffix_count = DA_MAX_SUFFIXES};
        struct da_matcher matcher;
        size_t repeated = 0, run = 0, longest = 0;
        deployment.suffixes = calloc(DA_MAX_SUFFIXES, sizeof(*deployment.suffixes));
        assert_non_null(deployment.suffixes);
        for (size_t n = 0; n < DA_MAX_SUFFIXES; n++) {
            char text[100];
            snprintf(text, sizeof(text), formats[i], n);
            assert_int_equal(da_name_from_hostname(text, &deployment.suffixes[n]), DA_OK);
        }
        assert_int_equal(da_matcher_init(&matcher, &deployment, &repeated), DA_OK);
        for (size_t slot = 0; slot <= matcher.slot_mask; slot++) {
            run = matcher.slots[slot].name == DA_MATCHER_EMPTY ? 0 : run + 1;
            longest = run > longest ? run : longest;
        }
        /* at random a quarter-full table of this size has a longest run of about ten */
        if (longest > 25)
            fail_msg("%s: a run of %zu slots", formats[i], longest);
        da_matcher_clear(&matcher);
        free(deployment.suffixes);
    }
}

static void folds_letters_alone(void **state)
{
    (void)state;
    for (size_t at = 0; at < 20; at++) {
        for (unsigned octet = 0; octet < 256; octet++) {
            uint8_t wire[22] = {20};
            struct da_walk walk;
            memset(wire + 1, 'x', 20);
            wire[1 + at] = (uint8_t)octet;
            assert_true(da_walk_name(&walk, wire, sizeof(wire)));
            da_walk_fold(&walk, wire);
            wire[1 + at] = octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet - 'A' + 'a') : (uint8_t)octet;
            assert_memory_equal(walk.folded, wire, sizeof(wire));
        }
    }
}

static void takes_names_to_their_limits(void **state)
{
    uint8_t labels[DA_NAME_MAX] = {0}, wide[66] = {64}, longest[257] = {0};
    struct da_walk walk;
    (void)state;

    for (size_t i = 0; i + 1 < sizeof(labels); i += 2)
        labels[i] = 1;
    assert_true(da_walk_name(&walk, labels, sizeof(labels)));
    assert_int_equal(walk.labels, DA_NAME_LABELS);
    assert_int_equal(walk.length, DA_NAME_MAX);
    assert_false(da_walk_name(&walk, labels, sizeof(labels) - 1));
    assert_false(da_walk_name(&walk, wide, sizeof(wide)));
    wide[0] = 63;
    assert_true(da_walk_name(&walk, wide, sizeof(wide)));

    /* three labels of 63 octets and one of 61: 255 with the root; one octet more is too many */
    longest[0] = longest[64] = longest[128] = 63;
    longest[192] = 61;
    assert_true(da_walk_name(&walk, longest, sizeof(longest)));
    longest[192] = 62;
    assert_false(da_walk_name(&walk, longest, sizeof(longest)));
}

/* Looks text up in the matcher. */
static bool is_suffix(const struct da_matcher *matcher, const char *text)
{
    struct da_name name;
    struct da_walk walk;

    assert_int_equal(da_name_from_hostname(text, &name), DA_OK);
    assert_true(da_walk_name(&walk, name.wire, name.length));
    da_walk_fold(&walk, name.wire);
    return da_matcher_is_suffix(matcher, &walk, 0);
}

/* Small tables are where names meet: each must be found at any fill, and nothing else be. */
static void finds_among_collisions(void **state)
{
    (void)state;
    for (size_t round = 0; round < 3200; round++) {
        struct da_name suffixes[16];
        struct da_deployment deployment = {.suffixes = suffixes, .suffix_count = 1 + round % LENGTH_OF(suffixes)};
        struct da_matcher matcher;
        size_t repeated = 0;
        char text[40];
        for (size_t n = 0; n < deployment.suffix_count; n++) {
            snprintf(text, sizeof(text), "n%zu.s%zu", n, round);
            assert_int_equal(da_name_from_hostname(text, &suffixes[n]), DA_OK);
        }
        assert_int_equal(da_matcher_init(&matcher, &deployment, &repeated), DA_OK);
        for (size_t n = 0; n < 2 * deployment.suffix_count; n++) {
            snprintf(text, sizeof(text), "n%zu.s%zu", n, round);
            assert_int_equal(is_suffix(&matcher, text), n < deployment.suffix_count);
        }
        da_matcher_clear(&matcher);
    }
}

/* Suffixes of 64 labels and more, and of fewer. */
static void tells_deep_suffixes(void **state)
{
    (void)state;
    for (size_t labels = 62; labels <= 110; labels++) {
        struct da_name suffix = {.length = (uint8_t)(2 * labels + 1)};
        struct da_deployment deployment = {.suffixes = &suffix, .suffix_count = 1};
        struct da_matcher matcher;
        struct da_walk walk;
        size_t repeated = 0;
        for (size_t i = 0; i < labels; i++)
            suffix.wire[2 * i] = 1, suffix.wire[2 * i + 1] = 'a';
        assert_int_equal(da_matcher_init(&matcher, &deployment, &repeated), DA_OK);
        assert_true(da_walk_name(&walk, suffix.wire, suffix.length));
        da_walk_fold(&walk, suffix.wire);
        assert_true(da_matcher_is_suffix(&matcher, &walk, 0));
        assert_false(da_matcher_is_suffix(&matcher, &walk, 1));
        da_matcher_clear(&matcher);
    }
}

static void refuses_what_is_no_name(void **state)
{
    struct da_name broken = {.length = 3, .wire = {9, 'a', 'b'}};
    struct da_deployment deployment = {.suffixes = &broken, .suffix_count = 1};
    struct da_matcher matcher;
    size_t repeated = 0;
    (void)state;

    assert_int_equal(da_matcher_init(&matcher, &deployment, &repeated), DA_ERR_VALUE);
    da_matcher_clear(&matcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spreads_similar_names),       cmocka_unit_test(folds_letters_alone),
        cmocka_unit_test(takes_names_to_their_limits), cmocka_unit_test(finds_among_collisions),
        cmocka_unit_test(tells_deep_suffixes),         cmocka_unit_test(refuses_what_is_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
