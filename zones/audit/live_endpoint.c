#include "audit/live_endpoint.h"

#include "audit/live.h"
#include "name.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_address(const char *text)
{
    uint8_t octets[sizeof(struct in6_addr)];
    char plain[INET6_ADDRSTRLEN];
    size_t length = strcspn(text, "%");

    if (inet_pton(AF_INET, text, octets) == 1)
        return true;
    if (length >= sizeof(plain) || (text[length] == '%' && text[length + 1] == '\0'))
        return false;
    memcpy(plain, text, length);
    plain[length] = '\0';
    return inet_pton(AF_INET6, plain, octets) == 1;
}

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    long port = digits > 0 && digits <= 5 && text[digits] == '\0' ? strtol(text, NULL, 10) : 0;

    return port > 0 && port <= 65535;
}

bool da_endpoint_parse(const char *text, struct da_endpoint *endpoint)
{
    const char *at = strchr(text, '@');
    size_t length = at != NULL ? (size_t)(at - text) : strlen(text);
    struct da_name name;

    if (length >= sizeof(endpoint->host) || (at != NULL && !is_port(at + 1)))
        return false;
    memcpy(endpoint->host, text, length);
    endpoint->host[length] = '\0';
    snprintf(endpoint->port, sizeof(endpoint->port), "%s", at != NULL ? at + 1 : "53");
    endpoint->is_address = is_address(endpoint->host);
    return endpoint->is_address || da_name_from_hostname(endpoint->host, &name) == DA_OK;
}

bool da_live_is_server(const char *text, bool resolver)
{
    struct da_endpoint endpoint;
    return da_endpoint_parse(text, &endpoint) && (endpoint.is_address || !resolver);
}

const char *da_endpoint_look_up(const struct da_endpoint *endpoint, int socket_type, struct addrinfo **addresses)
{
    struct addrinfo hints = {.ai_socktype = socket_type,
                             .ai_flags = AI_NUMERICSERV | (endpoint->is_address ? AI_NUMERICHOST : 0)};

    int fault = getaddrinfo(endpoint->host, endpoint->port, &hints, addresses);
    if (fault == EAI_SYSTEM)
        return strerror(errno);
    return fault != 0 ? gai_strerror(fault) : NULL;
}
