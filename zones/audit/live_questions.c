#include "audit/live_questions.h"

struct da_questions da_questions_of(const struct da_names *names, bool authoritative)
{
    const struct da_record_set *set = names->set;
    struct da_questions questions = {.names = names, .authoritative = authoritative};

    questions.per_suffix = 2 * (names->label_count + set->block_count);
    if (authoritative)
        questions.per_suffix += 1 + 2;
    questions.count = questions.per_suffix * set->suffix_count + (authoritative ? 0 : 2 * set->block_count);
    return questions;
}

/* The label in question: those published, then those blocked, then "*". */
static const char *label_of(const struct da_names *names, size_t index)
{
    if (index < names->label_count)
        return names->labels[index].text;
    index -= names->label_count;
    return index < names->set->block_count ? names->set->block[index] : "*";
}

void da_questions_get(const struct da_questions *questions, size_t index, struct da_question *question)
{
    static const struct da_name root = {.length = 1};
    const struct da_names *names = questions->names;
    const struct da_name *parent = &root;
    size_t suffix = index / questions->per_suffix, which = index % questions->per_suffix;

    if (suffix < names->set->suffix_count)
        parent = &names->set->suffixes[suffix];
    else
        which = 2 * names->label_count + index - names->set->suffix_count * questions->per_suffix;
    if (questions->authoritative && which-- == 0) {
        *question = (struct da_question){.name = *parent, .type = DA_TYPE_SOA};
        return;
    }
    question->type = which % 2 == 0 ? DA_TYPE_A : DA_TYPE_AAAA;
    /* A blocked label for which the suffix leaves no room cannot exist: asking for the suffix itself does no harm. */
    if (da_name_prepend(label_of(names, which / 2), parent, &question->name) != DA_OK)
        question->name = *parent;
}
