// SPDX-License-Identifier: ISC
/* err.h - what a blocking call of a service can return. Engines have enums of their own.
 * A value and an error never share a return: values leave through out-parameters, the last ones. */
#ifndef BASE_ERR_H
#define BASE_ERR_H
#include "base/attr.h"

typedef enum err {
    OK = 0,
    E_TIMEDOUT,     /* the deadline passed */
    E_CANCELED,     /* the scope of the calling fiber was cancelled */
    E_EOF,          /* orderly end of a stream */
    E_RESET,        /* the peer aborted, or gave no sign of life for too long */
    E_REFUSED,      /* the peer, or our own budget, does not accept */
    E_UNREACHABLE,  /* no route, or no answer from the next hop */
    E_NOMEM,        /* a pool, a heap or a budget is exhausted */
    E_IN_USE,       /* the name, port or device is taken */
    E_NOT_FOUND,    /* no such key, device or name */
    E_INVALID,      /* the argument breaks the contract in a way only known at run time */
    E_RANGE,        /* offset or length outside the device or value */
    E_IO,           /* the device failed */
    E_UNSUPPORTED,  /* the target cannot do this */
    E_CLOSED,       /* the object is closed */
    E_NUM           /* how many there are */
} err;

/* One lower-case phrase for a message; never NULL. */
const char *err_name(err e);

/* Returns from the calling function on error. The only control macro there is. */
#define TRY(e)            \
    do {                  \
        err e_ = (e);     \
        if (e_ != OK)     \
            return e_;    \
    } while (0)

#endif
