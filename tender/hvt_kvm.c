// SPDX-License-Identifier: ISC
/* hvt_kvm.c - Linux KVM. No interrupt controller and no clock: the guest has none. */
#include "tender/hvt_kvm.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* C libraries disagree on the type of a request. */
int kvm_ioctl(int fd, unsigned request, void *argument)
{
    return (int)syscall(SYS_ioctl, fd, request, argument);
}

err kvm_failed(struct message *why, const char *what)
{
    return refuse(why, E_UNSUPPORTED, "KVM: %s: %s: the tender needs a kernel with KVM for this CPU", what, strerror(errno));
}

static err open_kvm(int *fd, struct message *why)
{
    *fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (*fd < 0)
        return refuse(why, E_UNSUPPORTED, "/dev/kvm: %s: load a module of KVM's for this CPU, and join the group of the device",
                      strerror(errno));
    return kvm_ioctl(*fd, KVM_GET_API_VERSION, NULL) == KVM_API_VERSION ? OK : kvm_failed(why, "API version");
}

static err map_memory(struct vm *vm, int machine, uint64_t num_bytes, struct message *why)
{
    void *p = mmap(NULL, num_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return refuse(why, E_NOMEM, "memory of %llu MB: %s: give a smaller --mem", (unsigned long long)num_bytes >> 20,
                      strerror(errno));
    vm->memory = (struct mspan){ p, num_bytes };
    struct kvm_userspace_memory_region region = { .memory_size = num_bytes, .userspace_addr = (uintptr_t)p };
    return kvm_ioctl(machine, KVM_SET_USER_MEMORY_REGION, &region) == 0 ? OK : kvm_failed(why, "memory");
}

static err open_cpu(struct vm *vm, int kvm, int machine, struct message *why)
{
    int run_bytes = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL);
    vm->fd = kvm_ioctl(machine, KVM_CREATE_VCPU, NULL);
    if (vm->fd < 0 || run_bytes < (int)sizeof(struct kvm_run))
        return kvm_failed(why, "CPU");
    vm->state = mmap(NULL, (size_t)run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vm->fd, 0);
    if (vm->state == MAP_FAILED)
        return kvm_failed(why, "CPU");
    return kvm_cpu_open(vm, kvm, machine, why);
}

err vm_open(struct vm *vm, uint64_t num_bytes, struct message *why)
{
    int kvm;
    TRY(open_kvm(&kvm, why));
    int machine = kvm_ioctl(kvm, KVM_CREATE_VM, NULL);
    if (machine < 0)
        return kvm_failed(why, "machine");
    TRY(map_memory(vm, machine, num_bytes, why));
    return open_cpu(vm, kvm, machine, why);
}

struct vm_exit kvm_fault(const char *what)
{
    return (struct vm_exit){ .what = VM_EXIT_FAULT, .fault = what };
}

struct vm_exit vm_run(struct vm *vm)
{
    struct kvm_run *run = vm->state;
    if (kvm_ioctl(vm->fd, KVM_RUN, NULL) != 0) {
        if (errno == EINTR || errno == EAGAIN)
            return (struct vm_exit){ .what = VM_EXIT_AGAIN };
        return kvm_fault(errno == EFAULT ? "touched memory in a way that its segments forbid" : "cannot be run by KVM");
    }
    switch (run->exit_reason) {
    case KVM_EXIT_INTR:
        return (struct vm_exit){ .what = VM_EXIT_AGAIN };
    case KVM_EXIT_SHUTDOWN:
        return kvm_fault("had a fault that it does not handle");
    case KVM_EXIT_INTERNAL_ERROR:
        return kvm_fault("ran an instruction that KVM cannot emulate");
    default:
        return kvm_cpu_exit(vm, run);
    }
}
