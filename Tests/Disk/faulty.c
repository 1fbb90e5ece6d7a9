// LD_PRELOAD for PostgreSQL: a disk with faults, which come and go with files in the folder that FAULTY_DISK names.
//
//   full     a file cannot grow: ENOSPC (what a file has already can be written again, as on a real disk)
//   broken   file data cannot be flushed: EIO, once; then the file `broken` is gone
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int has(const char *fault, int ends) {
    const char *folder = getenv("FAULTY_DISK");
    char path[4096];
    if (!folder) return 0;
    snprintf(path, sizeof path, "%s/%s", folder, fault);
    return ends ? unlink(path) == 0 : access(path, F_OK) == 0;
}

static int is_full_for(int file, off_t end) {
    struct stat now;
    if (!has("full", 0) || fstat(file, &now) || !S_ISREG(now.st_mode) || end <= now.st_size) return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    static ssize_t (*next)(int, const void *, size_t, off_t);
    if (!next) next = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    return is_full_for(file, offset + (off_t)count) ? -1 : next(file, bytes, count, offset);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
    static ssize_t (*next)(int, const struct iovec *, int, off_t);
    if (!next) next = (ssize_t(*)(int, const struct iovec *, int, off_t))dlsym(RTLD_NEXT, "pwritev");
    off_t end = offset;
    for (int part = 0; part < count; part++) end += (off_t)parts[part].iov_len;
    return is_full_for(file, end) ? -1 : next(file, parts, count, offset);
}

int fdatasync(int file) {
    static int (*next)(int);
    if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    if (!has("broken", 1)) return next(file);
    errno = EIO;
    return -1;
}
