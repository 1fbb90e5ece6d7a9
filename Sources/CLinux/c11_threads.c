// C11's threads for ThreadSanitizer, which knows those of POSIX only.
//
// Debian's librdkafka makes its threads with thrd_create. To ThreadSanitizer such a thread is none, and the process ends where
// it allocates for the first time; nor does it see that mtx_lock orders anything. In glibc the types of the one are those of
// the other, and so are the functions: here they are called by the names that are known.

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

struct start {
    thrd_start_t body;
    void *argument;
};

static void *run(void *raw) {
    struct start start = *(struct start *)raw;
    free(raw);
    return (void *)(intptr_t)start.body(start.argument);
}

static int result(int error) {
    switch (error) {
    case 0: return thrd_success;
    case EBUSY: return thrd_busy;
    case ENOMEM: return thrd_nomem;
    case ETIMEDOUT: return thrd_timedout;
    default: return thrd_error;
    }
}

static pthread_mutex_t *mutex(mtx_t *lock) { return (pthread_mutex_t *)lock; }
static pthread_cond_t *condition(cnd_t *signal) { return (pthread_cond_t *)signal; }

int thrd_create(thrd_t *thread, thrd_start_t body, void *argument) {
    struct start *start = malloc(sizeof *start);
    if (start == NULL) return thrd_nomem;
    *start = (struct start){body, argument};
    int error = pthread_create(thread, NULL, run, start);
    if (error != 0) free(start);
    return result(error);
}

int thrd_join(thrd_t thread, int *code) {
    void *value = NULL;
    int error = pthread_join(thread, &value);
    if (error == 0 && code != NULL) *code = (int)(intptr_t)value;
    return result(error);
}

int thrd_detach(thrd_t thread) { return result(pthread_detach(thread)); }

int mtx_init(mtx_t *lock, int type) {
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    if (type & mtx_recursive) pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    int error = pthread_mutex_init(mutex(lock), &kind);
    pthread_mutexattr_destroy(&kind);
    return result(error);
}

int mtx_lock(mtx_t *lock) { return result(pthread_mutex_lock(mutex(lock))); }
int mtx_trylock(mtx_t *lock) { return result(pthread_mutex_trylock(mutex(lock))); }
int mtx_unlock(mtx_t *lock) { return result(pthread_mutex_unlock(mutex(lock))); }
void mtx_destroy(mtx_t *lock) { pthread_mutex_destroy(mutex(lock)); }

int cnd_init(cnd_t *signal) { return result(pthread_cond_init(condition(signal), NULL)); }
int cnd_signal(cnd_t *signal) { return result(pthread_cond_signal(condition(signal))); }
int cnd_broadcast(cnd_t *signal) { return result(pthread_cond_broadcast(condition(signal))); }
int cnd_wait(cnd_t *signal, mtx_t *lock) { return result(pthread_cond_wait(condition(signal), mutex(lock))); }
int cnd_timedwait(cnd_t *signal, mtx_t *lock, const struct timespec *end) {
    return result(pthread_cond_timedwait(condition(signal), mutex(lock), end));
}
void cnd_destroy(cnd_t *signal) { pthread_cond_destroy(condition(signal)); }

#endif
#endif
