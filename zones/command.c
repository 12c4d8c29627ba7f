#include "command.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct warner {
    FILE *err;
    const char *title;
};

static void warn(void *arg, const char *path, const char *text)
{
    const struct warner *warner = arg;
    fprintf(warner->err, "dadns: %s: %s: warning: %s\n", warner->title, path, text);
}

void da_run_warn_of_file(void *arg, const char *path, const char *text)
{
    FILE *err = arg;
    fprintf(err, "dadns: %s: warning: %s\n", path, text);
}

const char *da_deployment_title(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

enum da_status da_run_load(struct da_run *run, const char *path, struct da_deployment **deployment)
{
    struct warner warner = {run->err, da_deployment_title(path)};

    run->about = warner.title;
    if (strcmp(path, "-") == 0)
        return da_deployment_load_fd(STDIN_FILENO, deployment, warn, &warner, &run->error);
    return da_deployment_load(path, deployment, warn, &warner, &run->error);
}

enum da_status da_run_write_failed(struct da_run *run, const char *about)
{
    run->about = about;
    return da_error_set(&run->error, DA_ERR_IO, NULL, "cannot be written: %s", strerror(errno));
}
