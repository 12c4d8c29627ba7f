#include "abi.h"

#include <ns/query.h>

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static const char head[] = "libns-";
static const char tail[] = ".so";

/* The last part of a path. */
static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Writes "BIND 9.18.49-1~deb12u3-Debian" for a library of that version, and the path itself for any other object. */
static void print_host(const char *path, char *text, size_t size)
{
    const char *name = file_name(path);
    size_t length = strlen(name);

    if (strncmp(name, head, sizeof(head) - 1) != 0 || length < sizeof(head) + sizeof(tail) - 2 ||
        strcmp(name + length - (sizeof(tail) - 1), tail) != 0) {
        snprintf(text, size, "another BIND, with ns_query_done() in %s", path);
        return;
    }
    int version_length = (int)(length - (sizeof(head) - 1) - (sizeof(tail) - 1));
    snprintf(text, size, "BIND %.*s", version_length, name + sizeof(head) - 1);
}

bool da_abi_matches_host(char reason[static DA_ABI_REASON_MAX])
{
    Dl_info info = {0};
    char host[DA_ABI_REASON_MAX / 2];

    if (dladdr((const void *)ns_query_done, &info) == 0 || info.dli_fname == NULL) {
        snprintf(reason, DA_ABI_REASON_MAX, "built for BIND %s, but this is a BIND of unknown version",
                 DA_BIND_VERSION);
        return false;
    }
    const char *name = file_name(info.dli_fname);
    if (strncmp(name, head, sizeof(head) - 1) == 0 && strcmp(name + sizeof(head) - 1, DA_BIND_VERSION ".so") == 0)
        return true;
    print_host(info.dli_fname, host, sizeof(host));
    snprintf(reason, DA_ABI_REASON_MAX, "built for BIND %s, but this is %s", DA_BIND_VERSION, host);
    return false;
}
