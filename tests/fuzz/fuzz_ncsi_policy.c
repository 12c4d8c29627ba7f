/* Client policies for libFuzzer: whatever a file holds, it is read or refused with one message, and what is read can be
 * compared with a deployment; findings keep the promises of zones/ncsi/ncsi.h. */
#include "fuzz_names.h"
#include "ncsi/ncsi.h"
#include "record_set.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const yaml[] = {
    "suffixes: [corp.example.net, example.com]\nnetwork-location-server: true\n" FUZZ_ENTRY_POINT,
    "suffixes: [corp.example.net]\nnetwork: ipv6\nentry-points:\n"
    "  - {name: a, servers: [{name: s, address: 10.0.0.11, ipv6-address: '2001:db8::11'}]}\n",
};
#define DEPLOYMENTS (sizeof(yaml) / sizeof(yaml[0]))

static const struct da_deployment *deployment_of(size_t index)
{
    static struct da_deployment *deployments[DEPLOYMENTS];

    if (deployments[index] == NULL)
        promise(da_deployment_parse(yaml[index], strlen(yaml[index]), &deployments[index], NULL, NULL, NULL) == DA_OK);
    return deployments[index];
}

static const struct da_record_set *records_of(size_t index)
{
    static struct da_record_set *sets[DEPLOYMENTS];

    if (sets[index] == NULL)
        promise(da_record_set_new(deployment_of(index), &sets[index]) == DA_OK);
    return sets[index];
}

static void check_text(const char *text, size_t size)
{
    size_t length = strnlen(text, size);

    promise(length > 0 && length < size);
    for (size_t i = 0; i < length; i++)
        promise(text[i] >= ' ' && text[i] <= '~');
}

static void check_findings(const struct da_ncsi *ncsi, const struct da_ncsi_findings *findings)
{
    promise(findings->count <= sizeof(findings->findings) / sizeof(findings->findings[0]));
    for (size_t i = 0; i < findings->count; i++) {
        const struct da_ncsi_finding *finding = &findings->findings[i];
        promise(finding->value < DA_NCSI_VALUE_COUNT && finding->line == ncsi->lines[finding->value]);
        promise(finding->severity == DA_MONITORED_WARNING || finding->severity == DA_MONITORED_CRITICAL);
        promise(ncsi->values[finding->value] != NULL || finding->severity == DA_MONITORED_WARNING);
        promise(strncmp(finding->code, "policy-", 7) == 0);
        check_text(finding->text, sizeof(finding->text));
    }
}

static void check_values(const struct da_ncsi *ncsi)
{
    struct da_ncsi_findings findings;
    struct da_name suffix;
    char host[64];
    size_t there = 0;

    for (size_t i = 0; i < DA_NCSI_VALUE_COUNT; i++) {
        const char *value = ncsi->values[i];
        promise((value != NULL) == (ncsi->lines[i] > 0));
        if (value == NULL)
            continue;
        there++;
        promise(*value != '\0' && strchr(" \t\r\n\v\f", *value) == NULL);
        da_ncsi_probe_suffix(value, &suffix);
        promise(!da_ncsi_url_host(value, host, sizeof(host)) || *host != '\0');
    }
    promise(there > 0);
    for (size_t i = 0; i < DEPLOYMENTS; i++) {
        da_ncsi_check(ncsi, deployment_of(i), records_of(i), &findings);
        check_findings(ncsi, &findings);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct da_error error = {0};
    struct da_ncsi ncsi;
    char path[32];

    int fd = memfd_create("policy", MFD_CLOEXEC);
    promise(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    enum da_status status = da_ncsi_load(path, &ncsi, &error);
    promise(status == error.status);
    if (status == DA_OK) {
        check_values(&ncsi);
        da_ncsi_clear(&ncsi);
    } else {
        check_text(error.text, sizeof(error.text));
    }
    close(fd);
    return 0;
}
