/* deployment_unique.h - what must not be there twice in a deployment. Private to plugin/records. */
#ifndef DA_DEPLOYMENT_UNIQUE_H
#define DA_DEPLOYMENT_UNIQUE_H

#include "deployment.h"
#include "error.h"

/* Refuses two entry points or two servers of one name (ASCII case folded), and an address that is used twice; a VIP
 * that is a server's own address is told apart, being the classic mistake. Only the entry points are looked at. Costs n
 * log n. Returns DA_OK, DA_ERR_MEMORY or DA_ERR_VALUE. */
enum da_status da_deployment_unique(const struct da_deployment *deployment, struct da_error *error);

#endif
