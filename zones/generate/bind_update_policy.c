/* Rules of BIND's update-policy: which dynamic updates a zone refuses. */
#include "generate/format.h"

static const char *const limits[] = {
    "It refuses updates, no queries, and removes nothing that is in the zone.",
    ("A wildcard, a delegation or a DNAME that covers a blocked name makes it resolve: grant none of them, or deny "
     "*.SUFFIX as well."),
    "A blocked label that is not directly in front of a suffix, as in isatap.sub.SUFFIX, is not refused.",
    "Zones with allow-update: there is no way to except names; use update-policy instead.",
    NULL,
};

/* The first rule that matches decides, and "*" is every key. ANY is every type that an update may carry: without it NS
 * and SOA would be left out. */
static void write_suffix(const struct da_record_set *set, const struct da_name *suffix, FILE *out)
{
    char text[DA_NAME_TEXT_MAX];
    struct da_name name;

    fprintf(out, "\n// %s\n", da_name_to_text(suffix, text));
    for (size_t i = 0; i < set->owner_count; i++) {
        da_name_prepend(set->owners[i].label, suffix, &name);
        fprintf(out, "deny * name %s ANY;\n", da_name_to_text(&name, text));
    }
    for (size_t i = 0; i < set->block_count; i++)
        if (da_name_prepend(set->block[i], suffix, &name) == DA_OK) /* else it is longer than a name can be */
            fprintf(out, "deny * subdomain %s ANY;\n", da_name_to_text(&name, text));
}

static enum da_status write_bind_update_policy(const struct da_format *format, const struct da_format_request *request,
                                               FILE *out)
{
    da_format_head(format, request, "// ", out);
    for (size_t i = 0; i < request->set->suffix_count && !ferror(out); i++)
        write_suffix(request->set, &request->set->suffixes[i], out);
    return ferror(out) ? DA_ERR_IO : DA_OK;
}

/* named's parser knows include where statements stand, not among the rules of one. */
static const char *const setup[] = {
    "(echo 'update-policy {'; cat PATH GRANTS; echo '};') > POLICY",
    "zone \"NAME\" { type primary; file \"FILE\"; include \"POLICY\"; };",
    NULL,
};

const struct da_format da_format_bind_update_policy = {
    .name = "bind-update-policy",
    .purpose = "Rules for BIND's update-policy that keep dynamic updates off the DirectAccess names and blocked ones.",
    .loading = "The rules go ahead of your grants, as the first that matches decides. BIND has no include among the "
               "rules, so put the statement together and include it in the zone; rules for names of other zones do no "
               "harm, and --suffix leaves them out. GRANTS holds your own lines, such as: grant KEY zonesub ANY;",
    .setup = setup,
    .expresses =
        "Nobody can then add, change or delete records at a published name, nor at a blocked name or below it. "
        "What the rules cannot do:",
    .limits = limits,
    .checked = "run in BIND 9.18.",
    .write = write_bind_update_policy,
};
