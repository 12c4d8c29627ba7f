#include "directory/login_password.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define TERMINAL "/dev/tty"

/* Ends the line, and refuses what is no password. about tells where it is from. */
static enum da_status check(char *password, size_t length, const char *about, struct da_error *error)
{
    char *end = memchr(password, '\n', length);
    if (end != NULL)
        length = (size_t)(end - password);
    length -= length > 0 && password[length - 1] == '\r';
    if (memchr(password, '\0', length) != NULL)
        return da_error_set(error, DA_ERR_VALUE, NULL, "%s: the password has an octet of zero", about);
    if (length == 0)
        return da_error_set(error, DA_ERR_VALUE, NULL,
                            "%s: the password is empty: a server would take that for an anonymous login", about);
    if (length >= DA_PASSWORD_MAX)
        return da_error_set(error, DA_ERR_LIMIT, NULL, "%s: the password is longer than %d octets", about,
                            DA_PASSWORD_MAX - 1);
    password[length] = '\0';
    return DA_OK;
}

/* ---- a file ---- */

static void warn_of_mode(int fd, const struct da_login *login)
{
    char text[80];
    struct stat st;

    if (login->warn == NULL || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & (S_IRGRP | S_IROTH)) == 0)
        return;
    snprintf(text, sizeof(text), "others than its owner may read the password: its mode is %04o",
             (unsigned)(st.st_mode & 07777));
    login->warn(login->warn_arg, login->password_file, text);
}

static enum da_status read_file(const struct da_login *login, char *password, struct da_error *error)
{
    const char *path = login->password_file;
    size_t length = 0;
    ssize_t more = 1;

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return da_error_set(error, DA_ERR_IO, NULL, "--password-file %s: cannot be opened: %s", path, strerror(errno));
    while (more != 0 && length < DA_PASSWORD_MAX && memchr(password, '\n', length) == NULL) {
        more = read(fd, password + length, DA_PASSWORD_MAX - length);
        if (more < 0 && errno != EINTR)
            break;
        length += more > 0 ? (size_t)more : 0;
    }
    enum da_status status = DA_OK;
    if (more < 0)
        status = da_error_set(error, DA_ERR_IO, NULL, "--password-file %s: cannot be read: %s", path, strerror(errno));
    else
        status = check(password, length, "--password-file", error);
    if (status == DA_OK)
        warn_of_mode(fd, login);
    close(fd);
    return status;
}

/* ---- the terminal ---- */

/* What must not end or stop the program while the terminal does not echo: it takes effect afterwards. */
static void block_signals(sigset_t *blocked, sigset_t *before)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

    sigemptyset(blocked);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        sigaddset(blocked, numbers[i]);
    sigprocmask(SIG_BLOCK, blocked, before);
}

/* Waits for a line. False when a signal came first. */
static bool wait_for_line(int terminal, const sigset_t *blocked)
{
    struct pollfd wanted[] = {{.fd = terminal, .events = POLLIN},
                              {.fd = signalfd(-1, blocked, SFD_CLOEXEC), .events = POLLIN}};
    int ready;

    while ((ready = poll(wanted, 2, -1)) < 0 && errno == EINTR)
        ;
    if (wanted[1].fd >= 0)
        close(wanted[1].fd);
    return ready > 0 && wanted[1].revents == 0;
}

/* Reads a line without echo. Returns its octets; below 0 where it was interrupted, or cannot be read. */
static ssize_t read_line(int terminal, const struct termios *before, char *password)
{
    struct termios silent = *before;
    sigset_t blocked, mask;
    ssize_t length = -1;

    silent.c_lflag &= ~(tcflag_t)ECHO;
    silent.c_lflag |= ECHONL | ICANON;
    block_signals(&blocked, &mask);
    if (tcsetattr(terminal, TCSAFLUSH, &silent) == 0 && wait_for_line(terminal, &blocked))
        length = read(terminal, password, DA_PASSWORD_MAX);
    tcsetattr(terminal, TCSAFLUSH, before);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    return length;
}

static enum da_status ask(const struct da_login *login, const char *server, char *password, struct da_error *error)
{
    char prompt[512];
    struct termios before;
    ssize_t length = -1;

    int terminal = open(TERMINAL, O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0)
            close(terminal);
        return da_error_set(error, DA_ERR_IO, NULL,
                            "there is no terminal to ask for the password at: expected --password-file");
    }
    int prompt_length = snprintf(prompt, sizeof(prompt), "Password of %.200s for %.200s: ", login->user, server);
    if (write(terminal, prompt, (size_t)prompt_length) == prompt_length)
        length = read_line(terminal, &before, password);
    close(terminal);
    if (length < 0)
        return da_error_set(error, DA_ERR_IO, NULL, "no password was typed");
    return check(password, (size_t)length, "at the terminal", error);
}

enum da_status da_login_password(const struct da_login *login, const char *server,
                                 char password[static DA_PASSWORD_MAX], struct da_error *error)
{
    if (login->password_file != NULL)
        return read_file(login, password, error);
    return ask(login, server, password, error);
}
