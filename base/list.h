// SPDX-License-Identifier: ISC
/* list.h - intrusive doubly linked list. A link that is in no list is all zero, so membership can be
 * asked, removal is idempotent and an element can be in as many lists as it has links. */
#ifndef BASE_LIST_H
#define BASE_LIST_H
#include "base/panic.h"
#include <stdbool.h>
#include <stddef.h>

struct link {
    struct link *prev, *next;
};
struct list {
    struct link head;       /* all zero: empty and never used */
};

/* The struct that holds this link. The only cast from a link there is. */
#define LINKED(link_ptr, type, member) \
    ((type *)(void *)((char *)(link_ptr) - offsetof(type, member)))

INLINE bool link_is_in_list(const struct link *l)
{
    return l->next != NULL;
}
INLINE void list_init_(struct list *l)
{
    if (l->head.next == NULL)
        l->head.next = l->head.prev = &l->head;
}
INLINE bool list_is_empty(const struct list *l)
{
    return l->head.next == NULL || l->head.next == &l->head;
}
INLINE void list_push_back(struct list *l, struct link *e)
{
    REQUIRE(!link_is_in_list(e));
    list_init_(l);
    *e = (struct link){ l->head.prev, &l->head };
    e->prev->next = e;
    l->head.prev = e;
}
INLINE void list_push_front(struct list *l, struct link *e)
{
    REQUIRE(!link_is_in_list(e));
    list_init_(l);
    *e = (struct link){ &l->head, l->head.next };
    e->next->prev = e;
    l->head.next = e;
}
/* e comes right behind `at`, which is in a list. */
INLINE void list_insert_behind(struct link *at, struct link *e)
{
    REQUIRE(link_is_in_list(at) && !link_is_in_list(e));
    *e = (struct link){ at, at->next };
    e->prev->next = e;
    e->next->prev = e;
}
INLINE void list_remove(struct link *e)
{
    if (!link_is_in_list(e))
        return;
    REQUIRE(e->prev->next == e && e->next->prev == e);
    e->prev->next = e->next;
    e->next->prev = e->prev;
    *e = (struct link){ 0 };
}
INLINE struct link *list_first(const struct list *l)
{
    return list_is_empty(l) ? NULL : l->head.next;
}
INLINE struct link *list_last(const struct list *l)
{
    return list_is_empty(l) ? NULL : l->head.prev;
}
/* The element after e, or NULL at the end. */
INLINE struct link *list_next(const struct list *l, const struct link *e)
{
    return e->next == &l->head ? NULL : e->next;
}
/* The element before e, or NULL at the front. */
INLINE struct link *list_prev(const struct list *l, const struct link *e)
{
    return e->prev == &l->head ? NULL : e->prev;
}
INLINE struct link *list_pop_front(struct list *l)
{
    struct link *e = list_first(l);
    if (e)
        list_remove(e);
    return e;
}

#endif
