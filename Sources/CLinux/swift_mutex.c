// Swift's Mutex for ThreadSanitizer, which sees half of it.
//
// Taking a lock that is free is code of the caller, which is instrumented. Waiting for one that is held, and waking whoever
// waits, is the Swift runtime's, which is not: what two threads do one after the other looks like done at once. Here the runtime's
// three functions, by the names that the compiler gives them, say so before and after.

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

// Methods of Synchronization._MutexHandle.
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

METHOD void lock_slow(uint32_t thread, SELF) __asm__(LOCK_SLOW);
METHOD bool try_lock_slow(SELF) __asm__(TRY_LOCK_SLOW);
METHOD void unlock_slow(SELF) __asm__(UNLOCK_SLOW);

/// The runtime's own function of this name.
static void *runtime(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) abort();
    return function;
}

METHOD void lock_slow(uint32_t thread, SELF) {
    METHOD void (*lock)(uint32_t, SELF) = runtime(LOCK_SLOW);
    lock(thread, self);
    __tsan_acquire(self);
}

METHOD bool try_lock_slow(SELF) {
    METHOD bool (*try_lock)(SELF) = runtime(TRY_LOCK_SLOW);
    bool is_taken = try_lock(self);
    if (is_taken) __tsan_acquire(self);
    return is_taken;
}

METHOD void unlock_slow(SELF) {
    METHOD void (*unlock)(SELF) = runtime(UNLOCK_SLOW);
    __tsan_release(self);
    unlock(self);
}

#endif
#endif
