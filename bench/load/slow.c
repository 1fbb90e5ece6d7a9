// Clients that take their time, or come in numbers: what a server must not let others feel.
//
//   slow head PORT COUNT SECONDS     send one octet of a head a second
//   slow body PORT COUNT SECONDS     send one octet of a body a second
//   slow read PORT COUNT SECONDS     ask for much and never read it
//   slow flood PORT COUNT SECONDS    connect COUNT times a second, say nothing, stay
//
// What they do is spread evenly over the time: COUNT places are visited once a second, one after the other, and a visit
// opens a connection, or sends an octet. So no burst is of this program's making. A connection that the server ends is
// opened again at the next visit. Prints one line, RESULT and a JSON object: connections opened, ended by the server,
// refused by the machine, the most that were open at a time, and the share of visits that were made within 5 ms.
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

enum { MAX = 30000, FLOOD_KEPT = 15000, EVENTS = 512 };

static const char HEAD[] = "POST /predict HTTP/1.1\r\nHost: bench\r\nX-Slow: ";
static const char BODY[] = "POST /predict HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                           "Content-Length: 100000\r\n\r\n";
static const char READ[] = "GET /openapi.json HTTP/1.1\r\nHost: bench\r\n\r\n";
static const double PUNCTUAL = 0.005;

struct place {
    int socket;  // -1 where there is none
    int greeted;
};

static struct place places[MAX];
static int port, poller, count_open;
static uint64_t opened, ended, failed, most_open;
static char kind;  // the first letter of its name

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say(int i, const char *text, size_t length) { send(places[i].socket, text, length, MSG_NOSIGNAL); }

static void greet(int i) {
    places[i].greeted = 1;
    if (kind == 'h') say(i, HEAD, sizeof HEAD - 1);
    if (kind == 'b') say(i, BODY, sizeof BODY - 1);
    for (int k = 0; kind == 'r' && k < 16; k++) say(i, READ, sizeof READ - 1);
}

static void open_place(int i) {
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), small = 2048;
    if (s >= 0 && kind == 'r') setsockopt(s, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (s < 0 || (connect(s, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)) {
        failed++;
        if (s >= 0) close(s);
        return;
    }
    // Edge-triggered and without EPOLLIN for those that never read: only the end is of interest.
    uint32_t wanted = EPOLLOUT | EPOLLRDHUP | EPOLLET | (kind == 'r' ? 0 : EPOLLIN);
    struct epoll_event event = {.events = wanted, .data.u32 = (uint32_t)i};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, s, &event)) exit(1);
    places[i] = (struct place){s, 0};
    opened++;
    if ((uint64_t)++count_open > most_open) most_open = (uint64_t)count_open;
}

static void close_place(int i) {
    if (places[i].socket < 0) return;
    close(places[i].socket);
    places[i].socket = -1;
    count_open--;
}

/// What is done at a place once a second; by a flood once for ever, and the oldest makes room when there are too many.
static void visit(int i) {
    if (kind == 'f') close_place(i);
    if (places[i].socket < 0) open_place(i);
    else if (places[i].greeted && (kind == 'h' || kind == 'b')) say(i, "a", 1);
}

static void hear(const struct epoll_event *event) {
    int i = (int)event->data.u32;
    char bytes[4096];
    if (places[i].socket < 0) return;
    if (event->events & EPOLLIN)
        while (recv(places[i].socket, bytes, sizeof bytes, 0) > 0) {}
    if (event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
        ended++;
        close_place(i);
    } else if (!places[i].greeted && event->events & EPOLLOUT) {
        greet(i);
    }
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: slow head|body|read|flood PORT COUNT SECONDS\n");
        return 2;
    }
    kind = arguments[1][0];
    port = atoi(arguments[2]);
    int rate = atoi(arguments[3]), kept = kind == 'f' ? FLOOD_KEPT : rate;
    if (rate < 1 || kept > MAX) return 2;
    struct rlimit files = {MAX + 64, MAX + 64};
    setrlimit(RLIMIT_NOFILE, &files);
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < MAX; i++) places[i].socket = -1;
    struct epoll_event events[EVENTS];
    double start = seconds(), end = start + atof(arguments[4]);
    uint64_t visits = 0, punctual = 0;
    for (double now = start; now < end; now = seconds()) {
        for (double due; (due = start + (double)visits / rate) <= now; visits++) {
            visit((int)(visits % (uint64_t)kept));
            punctual += now - due < PUNCTUAL;
        }
        double rest = start + (double)visits / rate - seconds();
        struct timespec timeout = {0, rest > 0 ? (long)(rest * 1e9) % 1000000000 : 0};
        int ready = epoll_pwait2(poller, events, EVENTS, &timeout, NULL);
        for (int k = 0; k < ready; k++) hear(&events[k]);
    }
    printf("RESULT {\"opened\":%lu,\"ended\":%lu,\"failed\":%lu,\"most_open\":%lu,\"punctual\":%.4f}\n", opened, ended, failed,
           most_open, (double)punctual / (double)(visits ? visits : 1));
    return 0;
}
