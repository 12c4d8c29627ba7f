/* look.h - a round in a process of its own, so that it can be ended at any moment, and nothing that goes wrong in it,
 * nor anything it leaves behind, touches the watch.
 *
 * The process has what was loaded at the fork and hands back a round through a pipe. It dies with its parent. */
#ifndef DA_LOOK_H
#define DA_LOOK_H

#include "audit/run.h"
#include "watch/round.h"

#include <sys/types.h>

struct da_look {
    pid_t pid; /* 0 = none is under way */
    int fd;    /* the pipe, to be polled for reading */
    char *octets;
    size_t length, room;
};

/* Begins to look. run was loaded, and is not changed here. now: Unix time. Returns DA_OK, or DA_ERR_IO with the error
 * set. The caller is the only thread of its process. */
enum da_status da_look_begin(const struct da_audit_run *run, int64_t now, struct da_look *look, struct da_error *error);

/* Reads what there is. Returns true where more is to come. */
bool da_look_read(struct da_look *look);

/* Takes the round of a process that is done; round is set on success only. Returns DA_OK or what error holds. */
enum da_status da_look_end(struct da_look *look, struct da_round *round, struct da_error *error);

/* Ends the process, whatever it is doing. Where there is none, it does nothing. */
void da_look_kill(struct da_look *look);

#endif
