// SPDX-License-Identifier: ISC
/* hvt_kvm.h - between hvt_kvm.c and what it has for each CPU: hvt_kvm_x86_64.c, hvt_kvm_aarch64.c, which also keep vm_set_entry
 * and, of hvt_vm.h, what a debugger wants. */
#ifndef TENDER_HVT_KVM_H
#define TENDER_HVT_KVM_H
#include "tender/hvt_vm.h"
#include <linux/kvm.h>

int kvm_ioctl(int fd, unsigned request, void *argument);
/* E_UNSUPPORTED, by errno. */
err kvm_failed(struct message *why, const char *what);
struct vm_exit kvm_fault(const char *what);

/* ---- Of each CPU */

/* Makes vm->fd the CPU that the host is, and says vm->cycles_hz and vm->request. */
MUST_CHECK err kvm_cpu_open(struct vm *vm, int kvm, int machine, struct message *why);
/* What the CPU stopped for, where that is not what every CPU stops for. */
struct vm_exit kvm_cpu_exit(struct vm *vm, const struct kvm_run *run);

#endif
