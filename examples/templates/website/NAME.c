// SPDX-License-Identifier: ISC
/* @NAME@.c - serves the files of htdocs/ over HTTP until the operator ends it. */
#include "@NAME@.h"
#include "lib/http_files/files.h"
#include "runtime/log.h"
#include "runtime/fiber.h"

LOG_SOURCE(@IDENTIFIER@);

err @IDENTIFIER@_main(struct stack *net, struct kv *pages)
{
    static struct http_files files;
    static struct http_server server;

    http_files_init(&files, pages);
    TRY(http_server_init(&server, &http_server_defaults, &files.handler));
    TRY(tcp_listen(net, arg_port(), &server.service));
    log_info(@IDENTIFIER@, "http://%I:%u/", &net->address.ip, arg_port());
    return stop_wait(NEVER);
}
