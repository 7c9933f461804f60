// SPDX-License-Identifier: ISC
#include "base/err.h"
#include "base/panic.h"

const char *err_name(err e)
{
    switch (e) {
    case OK:            return "ok";
    case E_TIMEDOUT:    return "timed out";
    case E_CANCELED:    return "cancelled";
    case E_EOF:         return "end of stream";
    case E_RESET:       return "connection reset";
    case E_REFUSED:     return "refused";
    case E_UNREACHABLE: return "unreachable";
    case E_NOMEM:       return "out of memory";
    case E_IN_USE:      return "in use";
    case E_NOT_FOUND:   return "not found";
    case E_INVALID:     return "invalid";
    case E_RANGE:       return "out of range";
    case E_IO:          return "input/output error";
    case E_UNSUPPORTED: return "not supported here";
    case E_CLOSED:      return "closed";
    case E_NUM:         break;
    }
    return "unknown error";
}
