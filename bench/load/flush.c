// LD_PRELOAD for PostgreSQL: every flush of a file's data takes FLUSH_DELAY_US longer, as on a disk behind a network.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

int fdatasync(int file) {
    static int (*flush)(int);
    if (!flush) flush = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = flush(file);
    const char *delay = getenv("FLUSH_DELAY_US");
    if (delay) usleep((useconds_t)atol(delay));
    return result;
}
