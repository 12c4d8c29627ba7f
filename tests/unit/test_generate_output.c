/* The file that `dadns generate --output` writes takes the target's place whole, or leaves it alone. */
#include "unit.h"

#include "output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- an empty directory for each test, which runs in it ---- */

static int enter(void **state)
{
    char *directory = strdup("/tmp/da-output-XXXXXX");

    *state = directory;
    return directory != NULL && mkdtemp(directory) != NULL && chdir(directory) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status, (void)type, (void)place;
    return remove(path);
}

static int leave(void **state)
{
    int failed = chdir("/") != 0 || nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS) != 0;
    free(*state);
    return failed ? -1 : 0;
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void assert_file(const char *path, const char *text, mode_t mode)
{
    char read[256] = "";
    struct stat status;
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    (void)!fread(read, 1, sizeof(read) - 1, file);
    fclose(file);
    assert_string_equal(read, text);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, mode);
}

/* That many entries, hidden ones included: a temporary file would be one more. */
static void assert_entries(const char *directory, size_t expected)
{
    DIR *stream = opendir(directory);
    size_t count = 0;
    const struct dirent *entry;

    assert_non_null(stream);
    while ((entry = readdir(stream)) != NULL)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(stream);
    assert_int_equal(count, expected);
}

static enum da_status replace(const char *path, const char *text, struct da_error *error)
{
    struct da_output output;

    enum da_status status = da_output_open(path, &output, error);
    if (status != DA_OK)
        return status;
    fputs(text, output.stream);
    return da_output_commit(&output, error);
}

/* ---- tests ---- */

static void makes_a_file(void **state)
{
    struct da_error error = {0};
    char absolute[64];

    (void)state;
    mode_t mask = umask(022);
    assert_int_equal(replace("new", "one\n", &error), DA_OK);
    assert_file("new", "one\n", 0644);
    umask(077);
    assert_int_equal(replace("private", "two\n", &error), DA_OK);
    assert_file("private", "two\n", 0600);
    umask(mask);
    snprintf(absolute, sizeof(absolute), "%s/absolute", (char *)*state);
    assert_int_equal(replace(absolute, "three\n", &error), DA_OK);
    assert_file("absolute", "three\n", 0644);
    assert_entries(".", 3);
}

static void replaces_a_file(void **state)
{
    struct da_error error = {0};
    struct stat before, after;

    (void)state;
    write_file("old", "a longer old text\n", 0640);
    assert_int_equal(stat("old", &before), 0);
    int reader = open("old", O_RDONLY);
    assert_int_equal(replace("old", "new\n", &error), DA_OK);
    assert_file("old", "new\n", 0640);
    assert_int_equal(stat("old", &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    /* who had the old file open still reads the old text */
    char text[8] = "";
    assert_int_equal(read(reader, text, 7), 7);
    assert_string_equal(text, "a longe");
    close(reader);
    assert_entries(".", 1);
}

static void keeps_the_owner(void **state)
{
    struct da_error error = {0};
    struct stat after;

    (void)state;
    if (geteuid() != 0) {
        print_message("only root can give files away\n");
        return;
    }
    write_file("old", "old\n", 0640);
    assert_int_equal(chown("old", 12345, 23456), 0);
    assert_int_equal(replace("old", "new\n", &error), DA_OK);
    assert_int_equal(stat("old", &after), 0);
    assert_int_equal(after.st_uid, 12345);
    assert_int_equal(after.st_gid, 23456);
    assert_file("old", "new\n", 0640);
}

/* Tries to replace a file of root's as somebody who may write into the directory but belongs to no group of root's. */
static enum da_status replace_as_nobody(const char *path)
{
    struct da_error error = {0};

    assert_int_equal(chmod(".", 0777), 0);
    pid_t child = fork();
    if (child == 0) {
        if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
            _exit(99);
        _exit((int)replace(path, "new\n", &error));
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (enum da_status)WEXITSTATUS(status);
}

static void keeps_what_a_server_can_read(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        print_message("only root can become nobody\n");
        return;
    }
    write_file("group", "old\n", 0640);
    assert_int_equal(replace_as_nobody("group"), DA_ERR_IO);
    assert_file("group", "old\n", 0640);
    write_file("all", "old\n", 0644);
    assert_int_equal(replace_as_nobody("all"), DA_OK);
    assert_file("all", "new\n", 0644);
    assert_entries(".", 2);
}

static void writes_through_a_link(void **state)
{
    struct da_error error = {0};
    char target[16] = "";

    (void)state;
    assert_int_equal(mkdir("real", 0755), 0);
    write_file("real/file", "old\n", 0600);
    assert_int_equal(symlink("real/file", "link"), 0);
    assert_int_equal(replace("link", "new\n", &error), DA_OK);
    assert_file("real/file", "new\n", 0600);
    assert_int_equal(readlink("link", target, sizeof(target) - 1), 9);
    assert_string_equal(target, "real/file");
    assert_entries(".", 2);
    assert_entries("real", 1);
}

static void shows_nothing_before_the_commit(void **state)
{
    struct da_output output;
    struct da_error error = {0};

    (void)state;
    write_file("old", "old\n", 0644);
    assert_int_equal(da_output_open("old", &output, &error), DA_OK);
    fputs("new\n", output.stream);
    fflush(output.stream);
    assert_file("old", "old\n", 0644);
    assert_entries(".", output.temporary == NULL ? 1 : 2);
    da_output_discard(&output);
    da_output_discard(&output); /* does nothing */
    assert_file("old", "old\n", 0644);
    assert_entries(".", 1);
    assert_int_equal(da_output_open("new", &output, &error), DA_OK);
    assert_int_equal(access("new", F_OK), -1);
    da_output_discard(&output);
    assert_entries(".", 1);
}

/* Where the file system knows nameless files, as that of /tmp usually does. */
static void leaves_nothing_when_killed(void **state)
{
    struct da_output output;
    struct da_error error = {0};
    int status;

    (void)state;
    write_file("old", "old\n", 0644);
    assert_int_equal(da_output_open("old", &output, &error), DA_OK);
    bool nameless = output.temporary == NULL;
    da_output_discard(&output);
    if (!nameless)
        skip();
    pid_t child = fork();
    if (child == 0) {
        if (da_output_open("old", &output, &error) == DA_OK && fputs("new\n", output.stream) >= 0 &&
            fflush(output.stream) == 0)
            raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_file("old", "old\n", 0644);
    assert_entries(".", 1);
}

static void refuses(void **state)
{
    static const struct {
        const char *path, *message;
    } rows[] = {
        {"directory", "cannot be written: not a regular file"},
        {"directory/", "cannot be written: not a regular file"},
        {".", "cannot be written: not a regular file"},
        {"pipe", "cannot be written: not a regular file"},
        {"dangling", "cannot be written: a symbolic link to nothing"},
        {"loop", "cannot be written: Too many levels of symbolic links"},
        {"missing/file", "cannot be written: No such file or directory"},
        {"missing/", "cannot be written: No such file or directory"},
        {"file/below", "cannot be written: Not a directory"},
        {"/proc/file", "no temporary file can be made beside it: No such file or directory"},
    };

    (void)state;
    write_file("file", "old\n", 0644);
    assert_int_equal(mkdir("directory", 0755), 0);
    assert_int_equal(mkfifo("pipe", 0644), 0);
    assert_int_equal(symlink("nothing", "dangling"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_error error = {0};
        struct da_output output;
        assert_int_not_equal(da_output_open(rows[i].path, &output, &error), DA_OK);
        if (strcmp(error.text, rows[i].message) != 0)
            fail_msg("%s: %s", rows[i].path, error.text);
        assert_entries(".", 5);
    }
    assert_file("file", "old\n", 0644);
}

/* The disk being full shows late, with the last octets, or early. */
static void survives_a_full_disk(void **state)
{
    struct rlimit limit;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    write_file("old", "old\n", 0644);
    for (size_t length = 4096; length <= 1 << 20; length *= 16) {
        struct rlimit small = {.rlim_cur = length - 1, .rlim_max = limit.rlim_max};
        struct da_error error = {0};
        struct da_output output;
        assert_int_equal(da_output_open("old", &output, &error), DA_OK);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        for (size_t i = 0; i < length; i++)
            fputc('x', output.stream);
        assert_int_equal(da_output_commit(&output, &error), DA_ERR_IO);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        assert_string_equal(error.text, "cannot be written: File too large");
        assert_file("old", "old\n", 0644);
        assert_entries(".", 1);
    }
    signal(SIGXFSZ, SIG_DFL);
}

/* What was lost stays lost, even if there is room again when the file is put in place. */
static void remembers_a_failed_write(void **state)
{
    struct da_output output;
    struct da_error error = {0};
    struct rlimit limit;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    write_file("old", "old\n", 0644);
    assert_int_equal(da_output_open("old", &output, &error), DA_OK);
    setvbuf(output.stream, NULL, _IONBF, 0);
    struct rlimit none = {.rlim_cur = 0, .rlim_max = limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    fputs("lost\n", output.stream);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    fputs("kept\n", output.stream);
    assert_int_equal(da_output_commit(&output, &error), DA_ERR_IO);
    assert_file("old", "old\n", 0644);
    assert_entries(".", 1);
    signal(SIGXFSZ, SIG_DFL);
}

/* The target became a directory since it was opened. */
static void survives_a_failing_rename(void **state)
{
    struct da_error error = {0};
    struct da_output output;

    (void)state;
    assert_int_equal(da_output_open("target", &output, &error), DA_OK);
    assert_int_equal(mkdir("target", 0755), 0);
    assert_int_equal(da_output_commit(&output, &error), DA_ERR_IO);
    assert_string_equal(error.text, "cannot be written: Is a directory");
    assert_entries(".", 1);
    assert_entries("target", 0);
}

#define in_directory(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_directory(makes_a_file),
        in_directory(replaces_a_file),
        in_directory(keeps_the_owner),
        in_directory(keeps_what_a_server_can_read),
        in_directory(writes_through_a_link),
        in_directory(shows_nothing_before_the_commit),
        in_directory(leaves_nothing_when_killed),
        in_directory(refuses),
        in_directory(survives_a_full_disk),
        in_directory(remembers_a_failed_write),
        in_directory(survives_a_failing_rename),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
