#include "runbook/network_text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

const char *da_ipv4_to_text(const struct da_ipv4 *address, char text[static DA_IPV4_TEXT_MAX])
{
    inet_ntop(AF_INET, address->octet, text, DA_IPV4_TEXT_MAX);
    return text;
}

const char *da_ipv6_to_text(const struct da_ipv6 *address, char text[static DA_IPV6_TEXT_MAX])
{
    inet_ntop(AF_INET6, address->octet, text, DA_IPV6_TEXT_MAX);
    return text;
}

const char *da_host_to_text(const char *label, const struct da_name *suffix, char text[static DA_NAME_TEXT_MAX])
{
    char parent[DA_NAME_TEXT_MAX];
    int used = 0;

    da_name_to_text(suffix, parent);
    parent[strlen(parent) - 1] = '\0';
    if (label != NULL)
        used = snprintf(text, DA_NAME_TEXT_MAX, "%.*s.", DA_LABEL_MAX, label);
    snprintf(text + used, DA_NAME_TEXT_MAX - (size_t)used, "%.*s", DA_NAME_TEXT_MAX - DA_LABEL_MAX - 2, parent);
    return text;
}
