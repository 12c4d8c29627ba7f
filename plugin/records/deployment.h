/* deployment.h - the deployment file: YAML in, a validated struct out.
 *
 * The file is described in README.md. Whoever holds a struct da_deployment may rely on every rule stated there: names
 * are hostnames that leave room for the published labels, addresses are unicast and used once, balanced entry points
 * have a VIP. A deployment is not changed after it was loaded, so any number of threads may read it. */
#ifndef DA_DEPLOYMENT_H
#define DA_DEPLOYMENT_H

#include "address.h"
#include "error.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_MAX_FILE         ((size_t)16 * 1024 * 1024) /* octets of a deployment file */
#define DA_MAX_SUFFIXES     10000
#define DA_MAX_ENTRY_POINTS 1000
#define DA_MAX_SERVERS      1000 /* an entry point; keeps the largest RRset within a DNS message */
#define DA_MAX_BLOCK        100

#define DA_TTL_DEFAULT          1200 /* seconds */
#define DA_TTL_MAX              86400
#define DA_NEGATIVE_TTL_DEFAULT 300 /* seconds */
#define DA_NEGATIVE_TTL_MAX     10800

enum da_network { DA_NETWORK_IPV4_ONLY, DA_NETWORK_IPV6 };

enum da_balancer_kind { DA_BALANCER_NONE, DA_BALANCER_NLB, DA_BALANCER_EXTERNAL };

enum da_nlb_mode { DA_NLB_UNSPECIFIED, DA_NLB_UNICAST, DA_NLB_MULTICAST, DA_NLB_IGMP_MULTICAST };

struct da_server {
    char name[DA_LABEL_MAX + 1];
    struct da_ipv4 address; /* of the internal interface */
    bool has_ipv6;
    struct da_ipv6 ipv6;
};

struct da_load_balancer {
    enum da_balancer_kind kind; /* DA_BALANCER_NONE: one server, nothing else is set */
    struct da_ipv4 vip;
    bool has_ipv6;
    struct da_ipv6 ipv6; /* the VIP's */
    enum da_nlb_mode nlb_mode;
};

struct da_entry_point {
    char name[DA_LABEL_MAX + 1];
    struct da_prefix nat64; /* length 0 where the network is IPv6 */
    struct da_load_balancer balancer;
    struct da_server *servers; /* at least one */
    size_t server_count;
};

struct da_deployment {
    enum da_network network;
    uint32_t ttl;          /* seconds */
    uint32_t negative_ttl; /* seconds */
    bool network_location_server;
    char isatap_router[DA_LABEL_MAX + 1]; /* "" = none */
    struct da_name *suffixes;             /* as listed */
    size_t suffix_count;
    char (*block)[DA_LABEL_MAX + 1]; /* leftmost labels refused, as spelled */
    size_t block_count;
    struct da_entry_point *entry_points;
    size_t entry_point_count;
};

/* Labels of the published names, spelled as Microsoft does. */
extern const char da_label_corp_connectivity[]; /* directaccess-corpConnectivityHost */
extern const char da_label_web_probe[];         /* directaccess-WebProbeHost */
extern const char da_label_nls[];               /* directaccess-NLS */

/* Reads and validates a file, what an open descriptor still has, or octets already in memory.
 *
 * deployment  set on success only; freed with da_deployment_free()
 * warn        may be NULL; called with arg for each doubtful but accepted value
 * error       may be NULL; names the first fault
 * Returns DA_OK or what da_error holds. A file that grows past DA_MAX_FILE is DA_ERR_LIMIT. */
enum da_status da_deployment_load(const char *path, struct da_deployment **deployment, da_warning_fn *warn, void *arg,
                                  struct da_error *error);
enum da_status da_deployment_load_fd(int fd, struct da_deployment **deployment, da_warning_fn *warn, void *arg,
                                     struct da_error *error);
enum da_status da_deployment_parse(const char *text, size_t length, struct da_deployment **deployment,
                                   da_warning_fn *warn, void *arg, struct da_error *error);

/* NULL is allowed. */
void da_deployment_free(struct da_deployment *deployment);

#endif
