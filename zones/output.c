#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The dot hides it from include directories that servers read by pattern, such as unbound.conf.d. */
#define TEMPORARY_NAME ".dadns-XXXXXX"

/* The name a nameless file gets between its completion and the rename: process and attempt. One may be left by a
 * process of the same number that was killed just there. */
#define LINK_FORMAT   ".dadns-%ld-%d"
#define LINK_ATTEMPTS 100

#define DEFAULT_MODE 0644

static enum da_status failed(struct da_error *error, const char *what)
{
    da_error_set(error, DA_ERR_IO, NULL, "%s: %s", what, strerror(errno));
    return DA_ERR_IO;
}

/* The path of name in the directory that path is in. NULL = out of memory. */
static char *beside(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    char *result = NULL;

    int length =
        slash != NULL ? asprintf(&result, "%.*s/%s", (int)(slash - path), path, name) : asprintf(&result, "./%s", name);
    return length < 0 ? NULL : result;
}

/* The absolute path of what path names or, where nothing is there yet, would name. */
static enum da_status resolve(const char *path, char **resolved, bool *exists, struct da_error *error)
{
    const char *slash = strrchr(path, '/');
    struct stat status;

    *resolved = realpath(path, NULL);
    *exists = *resolved != NULL;
    if (*exists)
        return DA_OK;
    if (errno != ENOENT)
        return failed(error, "cannot be written");
    if (lstat(path, &status) == 0)
        return da_error_set(error, DA_ERR_VALUE, NULL, "cannot be written: a symbolic link to nothing");
    char *dot = beside(path, ".");
    char *directory = dot != NULL ? realpath(dot, NULL) : NULL;
    free(dot);
    if (directory == NULL)
        return failed(error, "cannot be written");
    if (asprintf(resolved, "%s/%s", directory, slash != NULL ? slash + 1 : path) < 0)
        *resolved = NULL;
    free(directory);
    return *resolved != NULL ? DA_OK : failed(error, "cannot be written");
}

/* Only root can give a file away, but everybody can keep a group of their own. Where that fails too, and the group had
 * rights others have not, a server that could read the old file might not be able to read the new one. */
static bool keep_owner(int fd, const struct stat *old)
{
    if (fchown(fd, old->st_uid, old->st_gid) == 0 || fchown(fd, (uid_t)-1, old->st_gid) == 0)
        return true;
    return ((old->st_mode >> 3) & 7) == (old->st_mode & 7);
}

static bool set_mode(int fd, const char *target, bool exists)
{
    struct stat old;

    if (exists)
        return stat(target, &old) == 0 && keep_owner(fd, &old) && fchmod(fd, old.st_mode & 07777) == 0;
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(fd, DEFAULT_MODE & ~mask) == 0;
}

static enum da_status check_regular(const char *target, bool exists, struct da_error *error)
{
    struct stat status;

    if (!exists)
        return DA_OK;
    if (stat(target, &status) != 0)
        return failed(error, "cannot be written");
    if (!S_ISREG(status.st_mode))
        return da_error_set(error, DA_ERR_VALUE, NULL, "cannot be written: not a regular file");
    return DA_OK;
}

/* A file without a name: should the program be killed, nothing is left. -1 where the file system has no such files, or
 * where one could not be given a name later. */
static int open_nameless(const char *target)
{
    char *directory = beside(target, ".");
    int fd = -1;

    if (directory != NULL && access("/proc/self/fd", X_OK) == 0)
        fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
    free(directory);
    return fd;
}

/* A file with a name, which is kept in output->temporary. -1 = errno says why. */
static int open_named(struct da_output *output)
{
    output->temporary = beside(output->target, TEMPORARY_NAME);
    int fd = output->temporary != NULL ? mkostemp(output->temporary, O_CLOEXEC) : -1;

    if (fd < 0) {
        free(output->temporary); /* there is nothing to remove */
        output->temporary = NULL;
    }
    return fd;
}

static enum da_status create(struct da_output *output, bool exists, struct da_error *error)
{
    int fd = open_nameless(output->target);
    if (fd < 0)
        fd = open_named(output);
    if (fd < 0)
        return failed(error, "no temporary file can be made beside it");
    output->stream = fdopen(fd, "w");
    if (output->stream == NULL) {
        close(fd);
        return failed(error, "cannot be written");
    }
    return set_mode(fd, output->target, exists) ? DA_OK : failed(error, "its mode and group cannot be kept");
}

enum da_status da_output_open(const char *path, struct da_output *output, struct da_error *error)
{
    struct da_output opened = {0};
    bool exists = false;

    enum da_status status = resolve(path, &opened.target, &exists, error);
    if (status == DA_OK)
        status = check_regular(opened.target, exists, error);
    if (status == DA_OK)
        status = create(&opened, exists, error);
    if (status == DA_OK)
        *output = opened;
    else
        da_output_discard(&opened);
    return status;
}

/* So that the new name outlives a crash. Where this fails the old file might come back: still a whole one. */
static void sync_directory(const char *target)
{
    char *directory = beside(target, ".");
    int fd = directory != NULL ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    free(directory);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* Gives a nameless file a name beside the target; rename(2) needs one. False: errno says why. */
static bool give_name(struct da_output *output)
{
    char link[sizeof("/proc/self/fd/") + 3 * sizeof(int)];

    if (output->temporary != NULL)
        return true;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fileno(output->stream));
    for (int attempt = 0; attempt < LINK_ATTEMPTS; attempt++) {
        char name[sizeof(LINK_FORMAT) + 6 * sizeof(int)];
        snprintf(name, sizeof(name), LINK_FORMAT, (long)getpid(), attempt);
        char *path = beside(output->target, name);
        if (path != NULL && linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0) {
            output->temporary = path;
            return true;
        }
        free(path);
        if (errno != EEXIST)
            return false;
    }
    return false;
}

enum da_status da_output_commit(struct da_output *output, struct da_error *error)
{
    bool written = fflush(output->stream) == 0 && !ferror(output->stream) && fsync(fileno(output->stream)) == 0 &&
                   give_name(output);
    int why = errno;

    if (fclose(output->stream) != 0 && written) {
        written = false;
        why = errno;
    }
    output->stream = NULL;
    if (written && rename(output->temporary, output->target) == 0) {
        sync_directory(output->target);
        free(output->temporary); /* gone by the rename */
        output->temporary = NULL;
        da_output_discard(output);
        return DA_OK;
    }
    errno = written ? errno : why;
    failed(error, "cannot be written");
    da_output_discard(output);
    return DA_ERR_IO;
}

void da_output_discard(struct da_output *output)
{
    if (output->stream != NULL)
        fclose(output->stream);
    if (output->temporary != NULL)
        unlink(output->temporary);
    free(output->temporary);
    free(output->target);
    *output = (struct da_output){0};
}

bool da_output_is(const char *path, const char *other)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
