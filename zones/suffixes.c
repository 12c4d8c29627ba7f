#include "suffixes.h"

#include <stdlib.h>

/* Index of the suffix in the set; suffix_count where it is not there. */
static size_t find_suffix(const struct da_record_set *set, const char *text)
{
    struct da_name name;
    size_t i = 0;

    if (da_name_from_hostname(text, &name) != DA_OK)
        return set->suffix_count;
    while (i < set->suffix_count && !da_name_equal(set->suffixes[i].wire, name.wire))
        i++;
    return i;
}

enum da_status da_suffixes_choose(const struct da_arguments *arguments, size_t option, const struct da_record_set *set,
                                  struct da_record_set *view, struct da_error *error)
{
    char quoted[DA_ERROR_QUOTE_MAX];
    const char *text;
    size_t at = 0;

    *view = *set;
    if (!da_arguments_given(arguments, option))
        return DA_OK;
    struct da_name *chosen = calloc(set->suffix_count, sizeof(*chosen)); /* length 0 = not chosen */
    if (chosen == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    view->suffixes = chosen;
    while ((text = da_arguments_next(arguments, option, &at)) != NULL) {
        size_t i = find_suffix(set, text);
        if (i == set->suffix_count)
            return da_error_set(error, DA_ERR_VALUE, NULL, "--%s %s: not a suffix of this deployment",
                                arguments->options[option].name, da_error_quote(text, quoted, sizeof(quoted)));
        chosen[i] = set->suffixes[i];
    }
    view->suffix_count = 0;
    for (size_t i = 0; i < set->suffix_count; i++)
        if (chosen[i].length > 0)
            chosen[view->suffix_count++] = chosen[i];
    return DA_OK;
}

void da_suffixes_clear(const struct da_record_set *set, struct da_record_set *view)
{
    if (set != NULL && view->suffixes != set->suffixes)
        free((void *)view->suffixes);
    *view = (struct da_record_set){0};
}
