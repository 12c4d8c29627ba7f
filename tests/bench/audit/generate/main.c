/* usage: bench_audit_generate KIND RECORDS FILE
 *
 * Writes a zone of scripts/bench audit with so many records: KIND is enterprise, windows, signed or worst. What is
 * left of a FILE that could not be written is the caller's. Exit status: 0 written, 1 not, 2 wrong usage. */
#include "zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER ((size_t)1 << 20)
#define SEED   UINT64_C(0x1f6ed2a3)

static const struct zone_kind *const kinds[] = {&zone_enterprise, &zone_windows, &zone_signed, &zone_worst};

static const struct zone_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

/* 0 where the text is no number of records that a zone of this kind may have. */
static uint64_t parse_records(const struct zone_kind *kind, const char *text)
{
    char *end = NULL;
    unsigned long long records = 0;

    if (text[0] >= '0' && text[0] <= '9')
        records = strtoull(text, &end, 10);
    return end != NULL && *end == '\0' && records >= kind->least && records <= ZONE_RECORDS_MAX ? records : 0;
}

/* 0, or errno. */
static int write_zone(const struct zone_kind *kind, uint64_t records, const char *path)
{
    struct zone zone = {.out = fopen(path, "w"), .end = kind->end, .random = SEED, .total = records};
    int failure = 0;

    if (zone.out == NULL)
        return errno;
    setvbuf(zone.out, NULL, _IOFBF, BUFFER);
    errno = 0;
    kind->write(&zone);
    if (ferror(zone.out))
        failure = errno != 0 ? errno : EIO;
    if (fclose(zone.out) != 0 && failure == 0)
        failure = errno;
    if (failure == 0 && zone.written != records)
        failure = EPROTO;
    return failure;
}

int main(int argc, char **argv)
{
    const struct zone_kind *kind = argc == 4 ? find_kind(argv[1]) : NULL;
    uint64_t records = kind != NULL ? parse_records(kind, argv[2]) : 0;

    if (records == 0) {
        fprintf(stderr,
                "usage: bench_audit_generate enterprise|windows|signed|worst RECORDS FILE\n"
                "RECORDS: from 20, signed from 40, to %d\n",
                ZONE_RECORDS_MAX);
        return 2;
    }
    int failure = write_zone(kind, records, argv[3]);
    if (failure != 0) {
        fprintf(stderr, "%s: %s\n", argv[3], strerror(failure));
        return 1;
    }
    return 0;
}
