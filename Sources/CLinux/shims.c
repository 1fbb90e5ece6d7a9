#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int linux_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int linux_name_thread(const char *name) {
    return pthread_setname_np(pthread_self(), name);
}

/// sched_setattr(2) has it as sched_attr; the kernel's header and <sched.h> cannot be included together, and glibc has neither
/// this nor the calls before 2.41.
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

void linux_give_way(int nice, uint64_t turn) {
    struct attributes attributes;
    if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
    attributes.runtime = turn;
    if (attributes.nice < nice) attributes.nice = nice;
    // The policy stays; what a system refuses, or is too old for, stays as it was.
    (void)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/// What a child says through the pipe when it could not become the program.
struct failure {
    int code;
    const char *step;  // a literal: the same address in parent and child
};

_Noreturn static void give_up(int report, const char *step) {
    struct failure failure = {.code = errno, .step = step};
    ssize_t ignored = write(report, &failure, sizeof failure);
    (void)ignored;
    _exit(127);
}

/// The child between fork and exec: async-signal-safe calls only.
_Noreturn static void become(const struct linux_child *child, pid_t parent, int report) {
    if (child->new_session && setsid() < 0) give_up(report, "setsid");
    if (child->changes_user) {
        // The bare system calls: those of glibc tell all threads of the process, and here is only this one.
        if (syscall(SYS_setgroups, 1, &child->group) != 0) give_up(report, "setgroups");
        if (syscall(SYS_setresgid, child->group, child->group, child->group) != 0) give_up(report, "setgid");
        if (syscall(SYS_setresuid, child->user, child->user, child->user) != 0) give_up(report, "setuid");
    }
    // Only now: a change of user clears the death signal silently (prctl(2)).
    if (child->death_signal != 0) {
        if (prctl(PR_SET_PDEATHSIG, child->death_signal) != 0) give_up(report, "prctl");
        // A parent that ended before the line above sends nothing any more.
        if (getppid() != parent) _exit(127);
    }
    if (child->directory != NULL && chdir(child->directory) != 0) give_up(report, "chdir");

    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0) give_up(report, "open /dev/null");
    if (child->output >= 0 && (dup2(child->output, 1) < 0 || dup2(child->output, 2) < 0)) give_up(report, "dup2");
    syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */);  // a kernel without it still has our O_CLOEXEC

    // exec keeps the mask and what is ignored.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    execve(child->path, child->arguments, child->environment);
    give_up(report, "execve");
}

pid_t linux_spawn(const struct linux_child *child, const char **step) {
    int report[2];
    *step = "pipe2";
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid();
    *step = "fork";
    pid_t pid = fork();
    if (pid == 0) become(child, parent, report[1]);
    if (pid < 0) pid = -errno;
    close(report[1]);
    if (pid > 0) {
        struct failure failure;
        ssize_t count;
        do count = read(report[0], &failure, sizeof failure); while (count < 0 && errno == EINTR);
        if (count == (ssize_t)sizeof failure) {
            while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
            pid = -failure.code;
            *step = failure.step;
        }
    }
    close(report[0]);
    return pid;
}
