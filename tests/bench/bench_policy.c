/* What a lookup costs, and that the number of suffixes does not matter: for each kind of name, time at 1, 100 and
 * 10,000 suffixes, beside one memcmp of the same name as the floor, all measured in turn in one run. Prints the median
 * of the rounds, in nanoseconds and as ratios. */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS  21
#define LOOKUPS 200000
#define NAMES                                                                                                          \
    64 /* different suffixes a round goes through; few enough that the floor's names stay cached, as a server's do */

static const size_t sizes[] = {1, 100, 10000};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

struct kind {
    const char *title, *format; /* of the name; %zu is the suffix's number */
    enum da_verdict verdict;
};

static const struct kind kinds[] = {
    {"hit: an owner", "directaccess-WebProbeHost.s%06zu.corp.example.net", DA_ANSWER},
    {"hit: a blocked name", "isatap.s%06zu.corp.example.net", DA_NXDOMAIN},
    {"miss: another name below a suffix", "www.s%06zu.corp.example.net", DA_PASS},
    {"miss: our label, another domain", "directaccess-WebProbeHost.s%06zu.corp.example.org", DA_PASS},
    {"miss: a blocked label, another domain", "isatap.s%06zu.corp.example.org", DA_PASS},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct name {
    uint8_t length, wire[DA_NAME_MAX];
};

static struct da_policy *make_policy(size_t suffixes)
{
    struct da_deployment *deployment = NULL;
    struct da_policy *policy = NULL;
    size_t size = 0;
    char *yaml = NULL;
    FILE *out = open_memstream(&yaml, &size);

    fprintf(out, "network: ipv6\nentry-points: [{name: a, servers: [{name: s, address: 10.0.0.11}]}]\nsuffixes:\n");
    for (size_t i = 0; i < suffixes; i++)
        fprintf(out, " - s%06zu.corp.example.net\n", i);
    fclose(out);
    if (da_deployment_parse(yaml, size, &deployment, NULL, NULL, NULL) != DA_OK ||
        da_policy_new(deployment, &policy) != DA_OK)
        abort();
    da_deployment_free(deployment);
    free(yaml);
    return policy;
}

static void make_names(const struct kind *kind, size_t suffixes, struct name names[NAMES])
{
    for (size_t i = 0; i < NAMES; i++) {
        char text[DA_NAME_MAX];
        struct da_name name;
        snprintf(text, sizeof(text), kind->format, i * 7919 % suffixes);
        if (da_name_from_hostname(text, &name) != DA_OK)
            abort();
        names[i].length = name.length;
        memcpy(names[i].wire, name.wire, name.length);
    }
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double time_lookups(const struct da_policy *policy, const struct name names[NAMES], enum da_verdict expected)
{
    struct da_match match;
    size_t right = 0;
    double start = now_ns();

    for (size_t i = 0; i < LOOKUPS; i++) {
        const struct name *name = &names[i % NAMES];
        da_policy_lookup(policy, name->wire, name->length, DA_TYPE_A, DA_CLASS_IN, &match);
        right += match.verdict == expected;
    }
    double spent = now_ns() - start;
    if (right != LOOKUPS)
        abort();
    return spent / LOOKUPS;
}

/* The least any matcher has to do: compare the name with one it knows. */
static double time_floor(const struct name names[NAMES])
{
    static struct name copies[NAMES];
    size_t right = 0;

    memcpy(copies, names, sizeof(copies));
    double start = now_ns();
    for (size_t i = 0; i < LOOKUPS; i++) {
        const struct name *name = &names[i % NAMES];
        const uint8_t *known = copies[i % NAMES].wire;
        __asm__ volatile("" : "+r"(known)); /* keeps the compiler from knowing the result */
        right += memcmp(name->wire, known, name->length) == 0;
    }
    double spent = now_ns() - start;
    if (right != LOOKUPS)
        abort();
    return spent / LOOKUPS;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double values[ROUNDS])
{
    qsort(values, ROUNDS, sizeof(values[0]), compare);
    return values[ROUNDS / 2];
}

static void measure(const struct kind *kind, struct da_policy *const policies[SIZES])
{
    static struct name names[SIZES][NAMES];
    double spent[SIZES][ROUNDS], least[ROUNDS], lookup[SIZES];

    for (size_t i = 0; i < SIZES; i++)
        make_names(kind, sizes[i], names[i]);
    for (size_t round = 0; round < ROUNDS; round++) {
        least[round] = time_floor(names[SIZES - 1]);
        for (size_t i = 0; i < SIZES; i++)
            spent[i][round] = time_lookups(policies[i], names[i], kind->verdict);
    }
    double floor_ns = median(least);
    for (size_t i = 0; i < SIZES; i++)
        lookup[i] = median(spent[i]);
    printf("%-38s %7.1f", kind->title, floor_ns);
    for (size_t i = 0; i < SIZES; i++)
        printf(" %8.1f", lookup[i]);
    printf(" %7.1fx %9.2f\n", lookup[SIZES - 1] / floor_ns, lookup[SIZES - 1] / lookup[0]);
}

int main(void)
{
    struct da_policy *policies[SIZES];

    for (size_t i = 0; i < SIZES; i++)
        policies[i] = make_policy(sizes[i]);
    printf("%-38s %7s %8zu %8zu %8zu %8s %9s\n", "ns a lookup, by number of suffixes", "memcmp", sizes[0], sizes[1],
           sizes[2], "/memcmp", "10000/1");
    for (size_t i = 0; i < KINDS; i++)
        measure(&kinds[i], policies);
    for (size_t i = 0; i < SIZES; i++)
        da_policy_free(policies[i]);
    return 0;
}
