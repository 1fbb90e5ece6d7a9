// Counts heap allocations, for LD_PRELOAD. Each thread has a slot in a file that is mapped, so a reader sees the counts of
// a running process without stopping it; calls that return into libpq are counted apart.
//
// ALLOCATIONS names the file: a header of two 64-bit words (1 = trace, slots in use), then 255 slots of four 64-bit words
// (thread, libpq, other, bytes of other). While the first word is 1, the stacks of "other" go to ALLOCATIONS.stacks,
// 64 at most.
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

enum { SLOTS = 255, STACKS = 64 };

struct slot {
    _Atomic uint64_t thread, libpq, other, bytes;
};

struct table {
    _Atomic uint64_t trace, used;
    uint64_t unused[2];
    struct slot slots[SLOTS];
};

static struct table before;  // counts what is allocated before the file is mapped
static struct table *table = &before;
static uintptr_t libpq_start, libpq_end;
static int stacks = -1;
static atomic_int stacks_left = STACKS;
static __thread struct slot *mine __attribute__((tls_model("initial-exec")));
static __thread int tracing __attribute__((tls_model("initial-exec")));

static int find_libpq(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size, (void)context;
    if (!strstr(object->dlpi_name, "/libpq.so")) return 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
        libpq_start = object->dlpi_addr + segment->p_vaddr;
        libpq_end = libpq_start + segment->p_memsz;
    }
    return 1;
}

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("ALLOCATIONS");
    if (!path) return;
    dl_iterate_phdr(find_libpq, NULL);
    char name[4096];
    size_t length = strlen(path);
    if (length + 8 > sizeof name) return;
    memcpy(name, path, length);
    memcpy(name + length, ".stacks", 8);
    stacks = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    void *frames[4];
    backtrace(frames, 4);  // loads the unwinder now
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || ftruncate(fd, sizeof(struct table))) return;
    void *mapped = mmap(NULL, sizeof(struct table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED) return;
    mine = NULL;
    table = mapped;
}

static struct slot *find_slot(void) {
    struct table *now = table;
    if (now == &before) return &now->slots[0];
    uint64_t index = atomic_fetch_add(&now->used, 1);
    mine = &now->slots[index < SLOTS ? index : SLOTS - 1];
    mine->thread = (uint64_t)syscall(SYS_gettid);
    return mine;
}

static void trace(void) {
    if (tracing || stacks < 0 || atomic_fetch_sub(&stacks_left, 1) <= 0) return;
    tracing = 1;
    void *frames[24];
    int count = backtrace(frames, 24);
    backtrace_symbols_fd(frames, count, stacks);
    if (write(stacks, "\n", 1) < 0) stacks = -1;
    tracing = 0;
}

static void count(uintptr_t caller, size_t size) {
    struct slot *slot = mine ? mine : find_slot();
    if (caller >= libpq_start && caller < libpq_end) {
        atomic_fetch_add_explicit(&slot->libpq, 1, memory_order_relaxed);
        return;
    }
    atomic_fetch_add_explicit(&slot->other, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&slot->bytes, size, memory_order_relaxed);
    if (atomic_load_explicit(&table->trace, memory_order_relaxed)) trace();
}
#define CALLER ((uintptr_t)__builtin_return_address(0))

void *malloc(size_t size) {
    count(CALLER, size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(CALLER, number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
    count(CALLER, size);
    return __libc_realloc(pointer, size);
}

void *memalign(size_t alignment, size_t size) {
    count(CALLER, size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(CALLER, size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    count(CALLER, size);
    *pointer = __libc_memalign(alignment, size);
    return *pointer ? 0 : ENOMEM;
}
