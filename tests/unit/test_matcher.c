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
        cmocka_unit_test(spreads_similar_names),
        cmocka_unit_test(refuses_what_is_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
