/* usage: bench_audit_measure TIMES OUTPUT ERRORS COMMAND [ARGUMENT]…
 *
 * Runs a command several times, one after another, its output to a file, which is emptied before each run, and what it
 * says on standard error to another. Prints a line for each run: nanoseconds from start to end, microseconds of CPU
 * time, KiB of peak memory, blocks read from disks, and how it ended: its exit status, or 128 and the signal.
 *
 * Linux counts the memory of the process that starts a program into that program's peak: hence a small one of its own,
 * which does not fork. The command ends when this program is asked to, or when the one that started it ends.
 *
 * Exit status: 0 measured, 1 not, 2 wrong usage. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define TIMES_MAX 1000

struct job {
    const char *output, *errors;
    char **command;
    sigset_t ends;    /* signals that end the measurement, and SIGCHLD: blocked, and waited for */
    sigset_t inherit; /* the mask as it was: the command's */
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t microseconds(const struct timeval *time)
{
    return (int64_t)time->tv_sec * 1000000 + time->tv_usec;
}

/* 0, or errno. */
static int start(const struct job *job, pid_t *pid)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int failure;

    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, job->output, flags, 0666);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, job->errors, flags, 0666);
    posix_spawnattr_setsigmask(&attributes, &job->inherit);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    failure = posix_spawnp(pid, job->command[0], &files, &attributes, job->command, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

/* Waits for the command; kills it where this program is to end. Returns 0, or the signal that asked for that. */
static int wait_for(const struct job *job, pid_t pid, int *status, struct rusage *usage)
{
    for (;;) {
        int signal = sigwaitinfo(&job->ends, NULL);
        if (signal == SIGCHLD) {
            if (wait4(pid, status, WNOHANG, usage) == pid)
                return 0;
        } else if (signal > 0) {
            kill(pid, SIGKILL);
            wait4(pid, status, 0, usage);
            return signal;
        }
    }
}

/* One run. Returns 0, or how to exit. */
static int measure(const struct job *job)
{
    struct rusage usage;
    int status, failure;
    pid_t pid;
    int64_t begin = now_ns();

    failure = start(job, &pid);
    if (failure != 0) {
        fprintf(stderr, "%s: %s\n", job->command[0], strerror(failure));
        return 1;
    }
    failure = wait_for(job, pid, &status, &usage);
    if (failure != 0)
        return 128 + failure;
    printf("%" PRId64 " %" PRId64 " %ld %ld %d\n", now_ns() - begin,
           microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime), usage.ru_maxrss, usage.ru_inblock,
           WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    return 0;
}

int main(int argc, char **argv)
{
    long times = argc >= 5 ? strtol(argv[1], NULL, 10) : 0;
    struct job job;
    int failure = 0;

    if (times < 1 || times > TIMES_MAX) {
        fprintf(stderr, "usage: bench_audit_measure TIMES OUTPUT ERRORS COMMAND [ARGUMENT]...\n");
        return 2;
    }
    job.output = argv[2];
    job.errors = argv[3];
    job.command = argv + 4;
    sigemptyset(&job.ends);
    sigaddset(&job.ends, SIGCHLD);
    sigaddset(&job.ends, SIGINT);
    sigaddset(&job.ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &job.ends, &job.inherit);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    for (long i = 0; i < times && failure == 0; i++)
        failure = measure(&job);
    return failure;
}
