#include "config.h"

#include "abi.h"

#include "services/mesh.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/module.h"

#include <ctype.h>
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define VERSION_MAX 48

/* Looks for the server's own PACKAGE_STRING among the strings of the running program. */
struct version_search {
    bool same;               /* ours is there */
    char found[VERSION_MAX]; /* else the first that looks like one; "" = none */
};

/* The length of a text such as "unbound 1.17.1", its NUL not counted; 0 where it is none. */
static size_t version_length(const char *text, const char *end)
{
    static const char name[] = "unbound ";
    const size_t head = sizeof(name) - 1;
    size_t n = head;

    while (text + n < end && n < VERSION_MAX && (isalnum((unsigned char)text[n]) || text[n] == '.'))
        n++;
    bool ended = text + n < end && text[n] == '\0' && n > head;
    return ended && isdigit((unsigned char)text[head]) && memchr(text + head, '.', n - head) != NULL ? n : 0;
}

static void search_segment(struct version_search *search, const char *start, size_t size)
{
    static const char name[] = "unbound ";
    const char *end = start + size;

    for (const char *at = start; !search->same; at++) {
        at = memmem(at, (size_t)(end - at), name, sizeof(name) - 1);
        if (at == NULL)
            return;
        size_t n = version_length(at, end);
        if (n == 0 || n >= VERSION_MAX)
            continue;
        search->same = strcmp(at, PACKAGE_STRING) == 0;
        if (search->same || search->found[0] == '\0')
            memcpy(search->found, at, n + 1);
    }
}

/* The first object is the program itself. */
static int search_program(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & (PF_R | PF_W)) == PF_R)
            search_segment(arg, (const char *)(info->dlpi_addr + segment->p_vaddr), segment->p_filesz);
    }
    return 1;
}

/* Asks the server's own size functions about an empty reply, and about an RRset of one record without data: they add up
 * to the sizes of its structures. Called only where the version is the same, so that the RRset's own pointers are
 * found. */
static bool sizes_match(void)
{
    struct msgreply_entry entry = {0};
    struct reply_info reply = {0};
    struct ub_packed_rrset_key key = {0};
    struct {
        struct packed_rrset_data data;
        size_t length;
        uint8_t *record;
    } rrset = {.data = {.count = 1}};
    size_t reply_size = sizeof(entry) + sizeof(reply) - sizeof(struct rrset_ref);

    rrset.data.rr_len = &rrset.length;
    rrset.data.rr_data = &rrset.record;
    rrset.record = (uint8_t *)(&rrset.data + 1);
    return msgreply_sizefunc(&entry, &reply) == reply_size &&
           ub_rrset_sizefunc(&key, &rrset.data) == sizeof(key) + sizeof(rrset.data);
}

static bool host_has_subnet(void)
{
    return dlsym(RTLD_DEFAULT, "subnetmod_get_funcblock") != NULL;
}

#ifdef CLIENT_SUBNET
static const bool built_with_subnet = true;
#else
static const bool built_with_subnet = false;
#endif

bool da_abi_matches_host(char reason[static DA_ABI_REASON_MAX])
{
    struct version_search search = {0};

    dl_iterate_phdr(search_program, &search);
    const char *host = search.found[0] ? search.found : "an Unbound of unknown version";
    if (!search.same)
        snprintf(reason, DA_ABI_REASON_MAX, "built for %s, but this is %s", PACKAGE_STRING, host);
    else if (!sizes_match())
        snprintf(reason, DA_ABI_REASON_MAX, "built for %s, and this is %s with structures of other sizes",
                 PACKAGE_STRING, host);
    else if (host_has_subnet() != built_with_subnet)
        snprintf(reason, DA_ABI_REASON_MAX, "built for %s configured %s --enable-subnet, but this is %s %s it",
                 PACKAGE_STRING, built_with_subnet ? "with" : "without", host, built_with_subnet ? "without" : "with");
    else
        return true;
    return false;
}

bool da_abi_matches_query(const struct module_qstate *qstate)
{
    return (const char *)qstate->mesh_info + offsetof(struct mesh_state, s) == (const char *)qstate;
}
