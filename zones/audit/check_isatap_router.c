/* A router name in a topology that ISATAP does not work in. One that the deployment has is a published name. */
#include "audit/check.h"

static bool is_unsupported(const struct da_deployment *deployment)
{
    for (size_t i = 0; i < deployment->entry_point_count; i++)
        if (deployment->entry_points[i].balancer.kind == DA_BALANCER_EXTERNAL)
            return true;
    return deployment->entry_point_count > 1;
}

void check_isatap_router(const struct check_name *name)
{
    if (!is_unsupported(name->at->run->request->deployment))
        return;
    for (size_t i = 0; i < name->record_count; i++)
        if (check_leads_on(&name->records[i]))
            check_name_add(name, DA_FINDING_ISATAP_ROUTER_UNSUPPORTED, name->records[i].type, &name->records[i]);
}
