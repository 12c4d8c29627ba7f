/* audit_names.h - the names that an audit of a deployment looks at, from YAML. */
#ifndef DA_AUDIT_NAMES_H
#define DA_AUDIT_NAMES_H

#include "unit.h"

#include "audit/names.h"

struct audit_names {
    struct da_deployment *deployment;
    struct da_record_set *set;
    struct da_names *names;
};

/* router: option --isatap-router; NULL = none. Closed with audit_names_close(). */
static inline void audit_names_open(struct audit_names *made, const char *yaml, const char *router)
{
    made->deployment = must_parse(yaml);
    assert_int_equal(da_record_set_new(made->deployment, &made->set), DA_OK);
    assert_int_equal(da_names_new(made->deployment, made->set, router, &made->names), DA_OK);
}

static inline void audit_names_close(struct audit_names *made)
{
    da_names_free(made->names);
    da_record_set_free(made->set);
    da_deployment_free(made->deployment);
}

#endif
