/* deployment_yaml.h - the deployment file's shape, before any value is looked at. Private to plugin/records.
 *
 * libcyaml knows the keys and their nesting; every value stays text, so that one place (deployment_check.c) says what a
 * value must be and names its field path. A key that is absent is NULL. */
#ifndef DA_DEPLOYMENT_YAML_H
#define DA_DEPLOYMENT_YAML_H

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct raw_server {
    char *name;
    char *address;
    char *ipv6_address;
};

struct raw_balancer {
    char *kind;
    char *vip;
    char *ipv6_vip;
    char *nlb_mode;
};

struct raw_entry_point {
    char *name;
    char *nat64_prefix;
    struct raw_server *servers;
    uint32_t servers_count;
    struct raw_balancer *balancer;
};

struct raw_deployment {
    char **suffixes;
    uint32_t suffixes_count;
    char *network;
    char *ttl;
    char *negative_ttl;
    struct raw_entry_point *entry_points;
    uint32_t entry_points_count;
    char *isatap_router;
    char *network_location_server;
    char **block;
    uint32_t block_count;
};

/* Reads one YAML document. raw is set on success only, freed with da_deployment_yaml_free(). error carries line, column
 * and path. A file of more than one document, an alias, an unknown or repeated key, an empty list, or more entries than
 * deployment.h allows is an error. */
enum da_status da_deployment_yaml_read(const char *text, size_t length, struct raw_deployment **raw,
                                       struct da_error *error);

/* NULL is allowed. */
void da_deployment_yaml_free(struct raw_deployment *raw);

#endif
