/* fix_plan.h - which repairs findings call for, in which order; and what the dialects share.
 *
 * Only names of letters, digits, hyphens and underscores, and addresses that were read and written anew, get into
 * commands: what a zone has in its names and data cannot break out of a line. All else is told in comments, in which
 * every octet that means something to a program is a question mark. */
#ifndef DA_FIX_PLAN_H
#define DA_FIX_PLAN_H

#include "audit/fix.h"
#include "audit/report_words.h"

/* In the order in which they are done at a name: it is not left without a right record for longer than need be. */
enum da_step {
    DA_STEP_ALIAS,  /* a CNAME goes first: beside one, nothing can be added */
    DA_STEP_ADD,    /* an address */
    DA_STEP_RENEW,  /* an address is right, its TTL or time stamp is not */
    DA_STEP_DELETE, /* an address, or all records of a type that is none of addresses */
};

struct da_repair {
    const struct da_finding *finding; /* the first that calls for it */
    uint8_t zone_at;                  /* offset of the zone's name in the finding's */
    uint8_t rank;                     /* of the name: published ones first */
    bool is_zone_known;               /* false: the suffix is taken for a zone */
    enum da_step step;
    uint16_t type;
    uint8_t length; /* octets of the address; 0 = all records of the type */
    uint8_t address[DA_IPV6_LEN];
    bool ttl, make_static; /* DA_STEP_RENEW: what is wrong */
    const char *obstacle;  /* why there can be no command: a phrase; NULL = there is one */
};

struct da_plan {
    const struct da_audit *audit;
    struct da_repair *repairs; /* by zone, suffix, rank, name, step; none twice */
    size_t count, room;
};

/* Freed with da_plan_clear(), also after DA_ERR_MEMORY. */
enum da_status da_plan_make(const struct da_audit *audit, struct da_plan *plan);
void da_plan_clear(struct da_plan *plan);

/* True for a finding that a repair, or the comment on why there is none, follows from: what kind it is, and where it
 * was made. */
bool da_plan_is_repairable(const struct da_finding *finding);

/* A repair in text. Names are without final dot; node is "@" at the apex, which no command is for. */
struct da_repair_text {
    char zone[DA_NAME_TEXT_MAX];
    char name[DA_NAME_TEXT_MAX];
    char node[DA_NAME_TEXT_MAX]; /* the name relative to the zone */
    char type[DA_WORDS_TYPE_MAX];
    char address[DA_WORDS_RDATA_MAX]; /* "" = all records of the type */
};
void da_repair_print(const struct da_repair *repair, struct da_repair_text *text);

struct da_fix_dialect {
    const char *name;
    const char *mark;          /* what begins a comment: "# " */
    bool is_crlf;              /* ends of lines */
    bool never_static;         /* it cannot make a record static */
    const char *purpose;       /* the first line of the head */
    const char *const *limits; /* what to know before one runs it, ended by NULL */
    const char *begin;         /* text in front of all; @TTL@ in it stands for the deployment's */
    const char *end;           /* text behind all */
    void (*open)(const struct da_repair_text *text, FILE *out); /* in front of a zone's repairs; NULL = nothing */
    void (*close)(FILE *out);                                   /* behind them; NULL = nothing */
    void (*write)(const struct da_repair *repair, const struct da_repair_text *text, uint32_t ttl, FILE *out);
};

extern const struct da_fix_dialect da_fix_nsupdate, da_fix_powershell, da_fix_dnscmd;

/* Writes text of a comment's line. */
void da_fix_comment(const char *text, FILE *out);

#endif
