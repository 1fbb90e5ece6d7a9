// What Swift cannot reach by itself: headers that the module map of glibc leaves out, calls behind _GNU_SOURCE, and the
// code between fork and exec, where neither Swift nor malloc may run.
#pragma once

#include <malloc.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/types.h>

/// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC: one call instead of three. The peer's address is not asked for.
int linux_accept(int listener);

/// pthread_setname_np on the calling thread; at most 15 bytes.
int linux_name_thread(const char *name);

/// Gives the calling thread, and those that it will start, this nice value, if it has a lower one, and turns on a processor of
/// so many nanoseconds.
void linux_give_way(int nice, uint64_t turn);

/// Has the processor bring memory near that will be looked at soon; nothing happens where the address is none.
static inline void linux_fetch(const void *start, size_t bytes) {
    for (size_t line = 0; line < bytes; line += 64) __builtin_prefetch((const char *)start + line);
    __builtin_prefetch((const char *)start + bytes - 1);
}

/// How a child process is to be started.
struct linux_child {
    const char *path;              // of the program; no search in PATH
    char *const *arguments;        // ends with NULL; the first one is the program's name
    char *const *environment;      // ends with NULL
    const char *directory;         // to work in; NULL keeps ours
    int changes_user;              // whether user and group are to be taken; needs root
    uid_t user;
    gid_t group;
    int output;                    // becomes stdout and stderr; -1 keeps ours
    int death_signal;              // sent to the child when the thread that started it ends; 0 for none
    int new_session;               // whether the child leads a session of its own (a terminal's Ctrl-C does not reach it)
};

/// Starts a child process.
///
/// Returns its process id, or the errno of the call that failed, negated, also when it was one of the child's (setuid,
/// exec); *step then names that call.
pid_t linux_spawn(const struct linux_child *child, const char **step);
