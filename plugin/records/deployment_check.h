/* deployment_check.h - from the file's text values to a valid deployment. Private to plugin/records. */
#ifndef DA_DEPLOYMENT_CHECK_H
#define DA_DEPLOYMENT_CHECK_H

#include "deployment.h"
#include "deployment_yaml.h"

/* Reads every value and checks them against each other. deployment is zeroed by the caller, and freed by it whatever is
 * returned. warn and error as for da_deployment_parse(). */
enum da_status da_deployment_check(const struct raw_deployment *raw, struct da_deployment *deployment,
                                   da_warning_fn *warn, void *arg, struct da_error *error);

#endif
