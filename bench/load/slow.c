// Clients that take their time, or come in numbers: what a server must not let others feel.
//
//   slow head PORT COUNT SECONDS     send one octet of a head a second
//   slow body PORT COUNT SECONDS     send one octet of a body a second
//   slow read PORT COUNT SECONDS     ask for much and never read it
//   slow flood PORT COUNT SECONDS    connect COUNT times a second, say nothing, stay
//
// A connection that the server ends is opened again. Prints one line, RESULT and a JSON object: connections opened, ended
// by the server, refused by the machine, and the most that were open at a time.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX = 30000, TICK_MS = 50 };

static const char HEAD[] = "POST /predict HTTP/1.1\r\nHost: bench\r\nX-Slow: ";
static const char BODY[] = "POST /predict HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                           "Content-Length: 100000\r\n\r\n";
static const char READ[] = "GET /openapi.json HTTP/1.1\r\nHost: bench\r\n\r\n";

static int port, poller, sockets[MAX], count_open;
static uint64_t opened, ended, failed, most_open;
static const char *kind;

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void first_words(int s) {
    if (!strcmp(kind, "head")) send(s, HEAD, sizeof HEAD - 1, MSG_NOSIGNAL);
    if (!strcmp(kind, "body")) send(s, BODY, sizeof BODY - 1, MSG_NOSIGNAL);
    if (!strcmp(kind, "read"))
        for (int i = 0; i < 16; i++) send(s, READ, sizeof READ - 1, MSG_NOSIGNAL);
}

static void open_slot(int i) {
    sockets[i] = -1;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0) {
        failed++;
        return;
    }
    int small = 2048;
    if (!strcmp(kind, "read")) setsockopt(s, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(s, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS) {
        failed++;
        close(s);
        return;
    }
    // Edge-triggered and without EPOLLIN for those that never read: only the end is of interest.
    uint32_t wanted = EPOLLOUT | EPOLLRDHUP | EPOLLET | (strcmp(kind, "read") ? EPOLLIN : 0);
    struct epoll_event event = {.events = wanted, .data.u32 = (uint32_t)i};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, s, &event)) exit(1);
    sockets[i] = s;
    opened++;
    if ((uint64_t)++count_open > most_open) most_open = (uint64_t)count_open;
}

static void close_slot(int i) {
    if (sockets[i] < 0) return;
    close(sockets[i]);
    sockets[i] = -1;
    count_open--;
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: slow head|body|read|flood PORT COUNT SECONDS\n");
        return 2;
    }
    kind = arguments[1];
    port = atoi(arguments[2]);
    int wanted = atoi(arguments[3]), is_flood = !strcmp(kind, "flood");
    double start = seconds(), end = start + atof(arguments[4]), next_octet = start + 1, made = 0;
    struct rlimit files = {MAX + 64, MAX + 64};
    setrlimit(RLIMIT_NOFILE, &files);
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < MAX; i++) sockets[i] = -1;
    int slots = is_flood ? 0 : wanted, oldest = 0;
    static char greeted[MAX];
    struct epoll_event events[512];
    while (seconds() < end) {
        double now = seconds();
        if (is_flood) {
            // As many as are due by now; the oldest makes room when there are too many.
            for (; made < (now - start) * wanted; made++) {
                close_slot(oldest);
                open_slot(oldest);
                oldest = (oldest + 1) % (MAX / 2);
            }
        } else {
            // 500 a tick, so that all are there within a moment and none is refused for the backlog.
            for (int i = 0, budget = 500; i < slots && budget > 0; i++)
                if (sockets[i] < 0) {
                    greeted[i] = 0;
                    open_slot(i);
                    budget--;
                }
        }
        int ready = epoll_wait(poller, events, 512, TICK_MS);
        for (int k = 0; k < ready; k++) {
            int i = (int)events[k].data.u32;
            if (sockets[i] < 0) continue;
            char bytes[4096];
            int has_ended = (events[k].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
            if (events[k].events & EPOLLIN)
                while (recv(sockets[i], bytes, sizeof bytes, 0) > 0) {}
            if (has_ended) {
                ended++;
                close_slot(i);
            } else if (!greeted[i] && events[k].events & EPOLLOUT) {
                greeted[i] = 1;
                first_words(sockets[i]);
            }
        }
        if (!is_flood && strcmp(kind, "read") && now >= next_octet) {
            next_octet = now + 1;
            for (int i = 0; i < slots; i++)
                if (sockets[i] >= 0 && greeted[i]) send(sockets[i], "a", 1, MSG_NOSIGNAL);
        }
    }
    printf("RESULT {\"opened\":%lu,\"ended\":%lu,\"failed\":%lu,\"most_open\":%lu}\n", opened, ended, failed, most_open);
    return 0;
}
