#include "deployment.h"

#include "deployment_check.h"
#include "deployment_yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char da_label_corp_connectivity[] = "directaccess-corpConnectivityHost";
const char da_label_web_probe[] = "directaccess-WebProbeHost";
const char da_label_nls[] = "directaccess-NLS";

/* Reads to the end of the file into a buffer that grows; pipes work. */
static enum da_status read_all(int fd, char **text, size_t *length, struct da_error *error)
{
    size_t room = 0;

    for (;;) {
        if (*length == room) {
            room = room ? 2 * room : 16384;
            char *larger = realloc(*text, room);
            if (larger == NULL)
                return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
            *text = larger;
        }
        ssize_t got = read(fd, *text + *length, room - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return da_error_set(error, DA_ERR_IO, NULL, "cannot be read: %s", strerror(errno));
        if (got == 0)
            return DA_OK;
        *length += (size_t)got;
        if (*length > DA_MAX_FILE)
            return da_error_set(error, DA_ERR_LIMIT, NULL, "too large; expected at most %zu octets", DA_MAX_FILE);
    }
}

enum da_status da_deployment_load(const char *path, struct da_deployment **deployment, da_warning_fn *warn, void *arg,
                                  struct da_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return da_error_set(error, DA_ERR_IO, NULL, "cannot be opened: %s", strerror(errno));
    enum da_status status = da_deployment_load_fd(fd, deployment, warn, arg, error);
    close(fd);
    return status;
}

enum da_status da_deployment_load_fd(int fd, struct da_deployment **deployment, da_warning_fn *warn, void *arg,
                                     struct da_error *error)
{
    char *text = NULL;
    size_t length = 0;

    enum da_status status = read_all(fd, &text, &length, error);
    if (status == DA_OK)
        status = da_deployment_parse(text, length, deployment, warn, arg, error);
    free(text);
    return status;
}

enum da_status da_deployment_parse(const char *text, size_t length, struct da_deployment **deployment,
                                   da_warning_fn *warn, void *arg, struct da_error *error)
{
    struct raw_deployment *raw = NULL;

    if (length > DA_MAX_FILE)
        return da_error_set(error, DA_ERR_LIMIT, NULL, "too large; expected at most %zu octets", DA_MAX_FILE);
    struct da_deployment *read = calloc(1, sizeof(*read));
    if (read == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    enum da_status status = da_deployment_yaml_read(text, length, &raw, error);
    if (status == DA_OK)
        status = da_deployment_check(raw, read, warn, arg, error);
    da_deployment_yaml_free(raw);
    if (status != DA_OK) {
        da_deployment_free(read);
        return status;
    }
    *deployment = read;
    return DA_OK;
}

void da_deployment_free(struct da_deployment *deployment)
{
    if (deployment == NULL)
        return;
    for (size_t i = 0; deployment->entry_points != NULL && i < deployment->entry_point_count; i++)
        free(deployment->entry_points[i].servers);
    free(deployment->entry_points);
    free(deployment->suffixes);
    free(deployment->block);
    free(deployment);
}
