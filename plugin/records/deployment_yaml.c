#include "deployment_yaml.h"

#include "deployment.h"
#include "yaml_document.h"

/* The schema: keys and nesting, nothing about values. */

#define TEXT(key, type, member)                                                                                        \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, CYAML_UNLIMITED)
#define LIST(key, type, member, entry, max)                                                                            \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, entry, 1, max)

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t server_fields[] = {
    TEXT("name", struct raw_server, name),
    TEXT("address", struct raw_server, address),
    TEXT("ipv6-address", struct raw_server, ipv6_address),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t server_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_server, server_fields),
};

static const cyaml_schema_field_t balancer_fields[] = {
    TEXT("kind", struct raw_balancer, kind),
    TEXT("vip", struct raw_balancer, vip),
    TEXT("ipv6-vip", struct raw_balancer, ipv6_vip),
    TEXT("nlb-mode", struct raw_balancer, nlb_mode),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t entry_point_fields[] = {
    TEXT("name", struct raw_entry_point, name),
    TEXT("nat64-prefix", struct raw_entry_point, nat64_prefix),
    LIST("servers", struct raw_entry_point, servers, &server_entry, DA_MAX_SERVERS),
    CYAML_FIELD_MAPPING_PTR("load-balancer", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct raw_entry_point, balancer,
                            balancer_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t entry_point_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_entry_point, entry_point_fields),
};

static const cyaml_schema_field_t deployment_fields[] = {
    LIST("suffixes", struct raw_deployment, suffixes, &text_entry, DA_MAX_SUFFIXES),
    TEXT("network", struct raw_deployment, network),
    TEXT("ttl", struct raw_deployment, ttl),
    TEXT("negative-ttl", struct raw_deployment, negative_ttl),
    LIST("entry-points", struct raw_deployment, entry_points, &entry_point_entry, DA_MAX_ENTRY_POINTS),
    TEXT("isatap-router", struct raw_deployment, isatap_router),
    TEXT("network-location-server", struct raw_deployment, network_location_server),
    LIST("block", struct raw_deployment, block, &text_entry, DA_MAX_BLOCK),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t deployment_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_deployment, deployment_fields),
};

static const struct da_yaml_language language = {.noun = "a deployment", .schema = &deployment_schema};

enum da_status da_deployment_yaml_read(const char *text, size_t length, struct raw_deployment **raw,
                                       struct da_error *error)
{
    void *data = NULL;

    enum da_status status = da_yaml_read(text, length, &language, &data, error);
    if (status == DA_OK)
        *raw = data;
    return status;
}

void da_deployment_yaml_free(struct raw_deployment *raw)
{
    da_yaml_free(&language, raw);
}
