#include "deployment_unique.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fields that hold something unique. */
enum field { ENTRY_NAME, SERVER_NAME, SERVER_ADDRESS, SERVER_IPV6, VIP, IPV6_VIP };

/* One use of a name or an address, as octets that compare with memcmp(). */
struct use {
    uint8_t key[DA_LABEL_MAX + 1];
    size_t order; /* place in the file */
    size_t entry, server;
    enum field field;
};

struct uses {
    struct use *list;
    size_t count;
};

/* Lists what must be unique among itself. Each returns how many uses it has written to list, or would write where that
 * is NULL. */
typedef size_t lister(const struct da_deployment *deployment, struct use *list);

static void put_title(struct use *use, const char *title)
{
    for (size_t i = 0; title[i] != '\0'; i++)
        use->key[i] = da_name_fold((uint8_t)title[i]);
}

static size_t list_entry_names(const struct da_deployment *deployment, struct use *list)
{
    for (size_t i = 0; list != NULL && i < deployment->entry_point_count; i++) {
        list[i] = (struct use){.entry = i, .field = ENTRY_NAME};
        put_title(&list[i], deployment->entry_points[i].name);
    }
    return deployment->entry_point_count;
}

static size_t list_server_names(const struct da_deployment *deployment, struct use *list)
{
    size_t n = 0;

    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        const struct da_entry_point *point = &deployment->entry_points[i];
        for (size_t j = 0; j < point->server_count; j++, n++) {
            if (list == NULL)
                continue;
            list[n] = (struct use){.entry = i, .server = j, .field = SERVER_NAME};
            put_title(&list[n], point->servers[j].name);
        }
    }
    return n;
}

static size_t put_ipv4(struct use *list, size_t n, const struct use *use, const struct da_ipv4 *address)
{
    if (list != NULL) {
        list[n] = *use;
        memcpy(list[n].key, address->octet, DA_IPV4_LEN);
    }
    return n + 1;
}

static size_t put_ipv6(struct use *list, size_t n, const struct use *use, const struct da_ipv6 *address)
{
    if (list != NULL) {
        list[n] = *use;
        /* Behind the octets an IPv4 address has, so that neither is taken for the other. */
        memcpy(list[n].key + DA_IPV4_LEN, address->octet, DA_IPV6_LEN);
    }
    return n + 1;
}

static size_t list_addresses(const struct da_deployment *deployment, struct use *list)
{
    size_t n = 0;

    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        const struct da_entry_point *point = &deployment->entry_points[i];
        const struct da_load_balancer *balancer = &point->balancer;
        for (size_t j = 0; j < point->server_count; j++) {
            const struct da_server *server = &point->servers[j];
            n = put_ipv4(list, n, &(struct use){.entry = i, .server = j, .field = SERVER_ADDRESS}, &server->address);
            if (server->has_ipv6)
                n = put_ipv6(list, n, &(struct use){.entry = i, .server = j, .field = SERVER_IPV6}, &server->ipv6);
        }
        if (balancer->kind != DA_BALANCER_NONE)
            n = put_ipv4(list, n, &(struct use){.entry = i, .field = VIP}, &balancer->vip);
        if (balancer->has_ipv6)
            n = put_ipv6(list, n, &(struct use){.entry = i, .field = IPV6_VIP}, &balancer->ipv6);
    }
    return n;
}

static int compare_uses(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    int order = memcmp(x->key, y->key, sizeof(x->key));
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* Sorts the uses and finds the one that repeats another and stands first in the file; NULL where there is none. The one
 * it repeats is in front of it. */
static const struct use *find_repeated(struct uses *uses)
{
    const struct use *found = NULL;

    for (size_t i = 0; i < uses->count; i++)
        uses->list[i].order = i;
    qsort(uses->list, uses->count, sizeof(*uses->list), compare_uses);
    for (size_t i = 1; i < uses->count; i++) {
        const struct use *use = &uses->list[i];
        bool same = memcmp(use[-1].key, use->key, sizeof(use->key)) == 0;
        if (same && (found == NULL || use->order < found->order))
            found = use;
    }
    return found;
}

static void use_path(const struct use *use, char path[static DA_ERROR_PATH_MAX])
{
    static const char *const names[] = {
        [ENTRY_NAME] = "name",          [SERVER_NAME] = "name",      [SERVER_ADDRESS] = "address",
        [SERVER_IPV6] = "ipv6-address", [VIP] = "load-balancer.vip", [IPV6_VIP] = "load-balancer.ipv6-vip",
    };
    bool of_server = use->field == SERVER_NAME || use->field == SERVER_ADDRESS || use->field == SERVER_IPV6;

    if (of_server)
        snprintf(path, DA_ERROR_PATH_MAX, "entry-points[%zu].servers[%zu].%s", use->entry, use->server,
                 names[use->field]);
    else
        snprintf(path, DA_ERROR_PATH_MAX, "entry-points[%zu].%s", use->entry, names[use->field]);
}

static bool is_vip(const struct use *use)
{
    return use->field == VIP || use->field == IPV6_VIP;
}

static enum da_status refuse_repeated(const struct da_deployment *deployment, const struct use *use,
                                      struct da_error *error)
{
    const struct use *first = use - 1;
    char path[DA_ERROR_PATH_MAX], first_path[DA_ERROR_PATH_MAX], text[INET6_ADDRSTRLEN], quoted[DA_ERROR_QUOTE_MAX];

    use_path(use, path);
    use_path(first, first_path);
    if (use->field == ENTRY_NAME || use->field == SERVER_NAME) {
        const struct da_entry_point *point = &deployment->entry_points[use->entry];
        const char *name = use->field == ENTRY_NAME ? point->name : point->servers[use->server].name;
        return da_error_set(error, DA_ERR_VALUE, path, "%s: expected a name of its own, not that of %s",
                            da_error_quote(name, quoted, sizeof(quoted)), first_path);
    }
    if (use->field == SERVER_ADDRESS || use->field == VIP)
        inet_ntop(AF_INET, use->key, text, sizeof(text));
    else
        inet_ntop(AF_INET6, use->key + DA_IPV4_LEN, text, sizeof(text));
    if (is_vip(use) != is_vip(first))
        return da_error_set(error, DA_ERR_VALUE, path,
                            "\"%s\": expected a VIP and a server's address to differ, but %s is the same", text,
                            first_path);
    return da_error_set(error, DA_ERR_VALUE, path, "\"%s\": expected each address once, but %s is the same", text,
                        first_path);
}

enum da_status da_deployment_unique(const struct da_deployment *deployment, struct da_error *error)
{
    static lister *const listers[] = {list_entry_names, list_server_names, list_addresses};
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < sizeof(listers) / sizeof(listers[0]); i++) {
        struct uses uses = {.count = listers[i](deployment, NULL)};
        uses.list = calloc(uses.count + 1, sizeof(*uses.list));
        if (uses.list == NULL)
            return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
        listers[i](deployment, uses.list);
        const struct use *repeated = find_repeated(&uses);
        if (repeated != NULL)
            status = refuse_repeated(deployment, repeated, error);
        free(uses.list);
    }
    return status;
}
