/* usage: bench_audit_ldns_loop FILE
 *
 * Reads the records of a zone file with libldns, as its users write it, and prints their number. A record that cannot
 * be read is an error. */
#include <ldns/ldns.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The number of records, or -1 with line set. */
static long read_records(FILE *file, ldns_status *status, int *line)
{
    ldns_rdf *origin = NULL, *previous = NULL;
    uint32_t ttl = 0;
    long records = 0;

    *line = 0;
    while (!feof(file)) {
        ldns_rr *rr = NULL;
        *status = ldns_rr_new_frm_fp_l(&rr, file, &ttl, &origin, &previous, line);
        if (*status == LDNS_STATUS_OK) {
            records++;
            ldns_rr_free(rr);
        } else if (*status != LDNS_STATUS_SYNTAX_TTL && *status != LDNS_STATUS_SYNTAX_ORIGIN &&
                   *status != LDNS_STATUS_SYNTAX_EMPTY) {
            records = -1;
            break;
        }
    }
    ldns_rdf_deep_free(origin);
    ldns_rdf_deep_free(previous);
    return records;
}

int main(int argc, char **argv)
{
    ldns_status status = LDNS_STATUS_OK;
    int line = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: bench_audit_ldns_loop FILE\n");
        return 2;
    }
    FILE *file = fopen(argv[1], "r");
    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    long records = read_records(file, &status, &line);
    fclose(file);
    if (records < 0) {
        fprintf(stderr, "%s:%d: %s\n", argv[1], line, ldns_get_errorstr_by_id(status));
        return 1;
    }
    printf("%ld\n", records);
    return 0;
}
