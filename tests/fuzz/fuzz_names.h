/* fuzz_names.h - what harnesses that fill a collection start with: promises, and the names that an audit looks at. */
#ifndef DA_FUZZ_NAMES_H
#define DA_FUZZ_NAMES_H

#include "audit/names.h"
#include "deployment.h"

#include <stdlib.h>
#include <string.h>

/* What every deployment has beside its suffixes. */
#define FUZZ_ENTRY_POINT                                                                                               \
    "network: ipv4-only\n"                                                                                             \
    "entry-points:\n"                                                                                                  \
    "  - name: seattle\n"                                                                                              \
    "    nat64-prefix: fd12:3456:789a:7777::/96\n"                                                                     \
    "    servers: [{name: da1, address: 10.0.0.11}]\n"

/* A promise that is not kept is a finding of the fuzzer's. */
static inline void promise(bool kept)
{
    if (!kept)
        abort();
}

/* The names of a harness's one deployment. Made by the first call, for speed, and kept to the end. router: option
 * --isatap-router; NULL = none. */
static inline const struct da_names *fuzz_names(const char *yaml, const char *router)
{
    static struct da_names *names = NULL;
    static struct da_deployment *deployment = NULL; /* static, or it counts as a leak */
    static struct da_record_set *set = NULL;

    if (names == NULL) {
        promise(da_deployment_parse(yaml, strlen(yaml), &deployment, NULL, NULL, NULL) == DA_OK);
        promise(da_record_set_new(deployment, &set) == DA_OK);
        promise(da_names_new(deployment, set, router, &names) == DA_OK);
    }
    return names;
}

#endif
