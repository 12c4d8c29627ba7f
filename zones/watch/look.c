#include "watch/look.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_SIZE ((size_t)65536)

/* How the process exits where memory ran out: a number that nothing else exits with, sanitizers included. */
#define EXIT_NO_MEMORY 71

/* ---- the process ---- */

/* Who ends it is the parent alone: signals for the whole group are for the watch to act on. */
static void prepare(pid_t parent)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    sigset_t none;

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
        signal(ignored[i], SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(EXIT_FAILURE);
}

/* Exits with a round written; faults of sources are in it, so that all that can fail here is memory. */
static void look_at_sources(const struct da_audit_run *loaded, int64_t now, int fd)
{
    struct da_run command = *loaded->command;
    struct da_audit_run run = *loaded;
    struct da_round round = {0};
    char *text = NULL;
    size_t length = 0;

    run.command = &command;
    command.err = open_memstream(&text, &length); /* no terminal: nobody is to see progress */
    enum da_status status = command.err != NULL ? da_audit_collect(&run) : DA_ERR_MEMORY;
    if (status == DA_OK)
        status = da_audit_check(&run, now);
    if (status == DA_OK)
        status = da_round_make(&run.audit, &round);
    if (status != DA_OK)
        _exit(EXIT_NO_MEMORY);
    _exit(da_round_write(&round, fd) ? EXIT_SUCCESS : EXIT_FAILURE);
}

enum da_status da_look_begin(const struct da_audit_run *run, int64_t now, struct da_look *look, struct da_error *error)
{
    const pid_t parent = getpid();
    int ends[2];

    *look = (struct da_look){0};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return da_error_set(error, DA_ERR_IO, NULL, "no pipe can be made: %s", strerror(errno));
    look->pid = fork();
    if (look->pid == 0) {
        prepare(parent);
        look_at_sources(run, now, ends[1]);
    }
    int why = errno;
    close(ends[1]);
    if (look->pid < 0) {
        close(ends[0]);
        *look = (struct da_look){0};
        return da_error_set(error, DA_ERR_IO, NULL, "no process can be made: %s", strerror(why));
    }
    look->fd = ends[0];
    return DA_OK;
}

/* ---- what it sends ---- */

bool da_look_read(struct da_look *look)
{
    if (look->room - look->length < READ_SIZE) {
        char *grown = realloc(look->octets, 2 * look->room + READ_SIZE);
        if (grown == NULL)
            return false; /* what there is is not whole: da_look_end() says so */
        look->octets = grown;
        look->room = 2 * look->room + READ_SIZE;
    }
    ssize_t got = read(look->fd, look->octets + look->length, look->room - look->length);
    if (got > 0)
        look->length += (size_t)got;
    return got > 0 || (got < 0 && errno == EINTR);
}

/* Closes the pipe first: who still writes into it ends. Returns the status that waitpid(2) has. */
static int reap(struct da_look *look)
{
    int status = 0;

    close(look->fd);
    while (waitpid(look->pid, &status, 0) < 0 && errno == EINTR)
        ;
    look->pid = 0;
    return status;
}

/* Of a process that wrote no round: why. */
static enum da_status explain(int exit, struct da_error *error)
{
    if (WIFSIGNALED(exit))
        return da_error_set(error, DA_ERR_IO, NULL, "the process that looked was ended by signal %d (%s)",
                            WTERMSIG(exit), strsignal(WTERMSIG(exit)));
    if (WEXITSTATUS(exit) == EXIT_NO_MEMORY)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "the process that looked ran out of memory");
    return da_error_set(error, DA_ERR_IO, NULL, "the process that looked ended with status %d", WEXITSTATUS(exit));
}

enum da_status da_look_end(struct da_look *look, struct da_round *round, struct da_error *error)
{
    struct da_round read = {0};
    int exit = reap(look);
    enum da_status status = DA_OK;

    if (!WIFEXITED(exit) || WEXITSTATUS(exit) != EXIT_SUCCESS)
        status = explain(exit, error);
    else if ((status = da_round_read(look->octets, look->length, &read)) == DA_OK)
        *round = read;
    else
        da_error_set(error, status, NULL, "what the process that looked saw could not be read");
    free(look->octets);
    *look = (struct da_look){0};
    return status;
}

void da_look_kill(struct da_look *look)
{
    if (look->pid == 0)
        return;
    kill(look->pid, SIGKILL);
    reap(look);
    free(look->octets);
    *look = (struct da_look){0};
}
