// The bare C peer: one thread, epoll, libpq, nothing else. It answers what the service answers, stores the same row with
// the same statement, and batches in the same natural way: while one batch commits, the next one fills.
//
// It is as fast as an afternoon allows and lacks every duty that costs: no validation, no timeouts, no limits, no
// reconnecting, no metrics, no back-pressure, no shortest decimals. The service is measured against this.
//
//   peer PORT                 POST /predict?record=false, GET /health/live
//   peer PORT CONNINFO        and POST /predict, stored
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FEATURES = 4, MAX_CONNECTIONS = 32768, MAX_ROWS = 1024, MAX_ANSWER = 2048, INBOX = 65536, EVENTS = 512 };

static void fail(const char *what) {
    fprintf(stderr, "peer: %s\n", what);
    exit(1);
}

static void *need(void *pointer) {
    if (!pointer) fail("out of memory");
    return pointer;
}

// One program in three files, compiled as one: the compiler sees through all of it.
#include "prediction.h"
#include "batch.h"

// ------------------------------------------------------------------------------------------------------ connections

struct connection {
    uint32_t generation;
    size_t received, unsent;
    char *in, *out;
};

static int poller;
static struct connection connections[MAX_CONNECTIONS];
static char inbox[INBOX + 1];

static void watch(int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(poller, operation, fd, &event)) fail("epoll_ctl");
}

static void hang_up(int fd) {
    struct connection *c = &connections[fd];
    c->generation++;
    c->received = c->unsent = 0;
    free(c->in);
    free(c->out);
    c->in = c->out = NULL;
    close(fd);
}

static void transmit(int fd, const char *bytes, size_t length) {
    struct connection *c = &connections[fd];
    ssize_t count = c->unsent ? 0 : send(fd, bytes, length, MSG_NOSIGNAL);
    if (count == (ssize_t)length) return;
    if (count < 0 && errno != EAGAIN) return hang_up(fd);
    if (count < 0) count = 0;
    c->out = need(realloc(c->out, c->unsent + length - (size_t)count));
    memcpy(c->out + c->unsent, bytes + count, length - (size_t)count);
    if (!c->unsent) watch(EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT);
    c->unsent += length - (size_t)count;
}

static void transmit_rest(int fd) {
    struct connection *c = &connections[fd];
    ssize_t count = send(fd, c->out, c->unsent, MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN ? (void)0 : hang_up(fd);
    c->unsent -= (size_t)count;
    memmove(c->out, c->out + count, c->unsent);
    if (!c->unsent) watch(EPOLL_CTL_MOD, fd, EPOLLIN);
}

static void answer(int fd, const char *head, const char *body) {
    char out[MAX_ANSWER];
    struct scored s;
    uint8_t id[16];
    if (!memcmp(head, "GET /health/live ", 17))
        return transmit(fd, out, put_plain(out, "HTTP/1.1 200 OK", "{\"status\":\"live\"}"));
    int stored = !memcmp(head, "POST /predict ", 14);
    if (!stored && memcmp(head, "POST /predict?record=false ", 27))
        return transmit(fd, out, put_plain(out, "HTTP/1.1 404 Not Found", "{}"));
    if (!score(body, &s)) return transmit(fd, out, put_plain(out, "HTTP/1.1 400 Bad Request", "{}"));
    if (s.customer_length > 256) return transmit(fd, out, put_plain(out, "HTTP/1.1 422 Unprocessable Content", "{}"));
    if (stored && (!database || filling->rows == MAX_ROWS))
        return transmit(fd, out, put_plain(out, "HTTP/1.1 503 Service Unavailable", "{}"));
    if (!stored) return transmit(fd, out, put_answer(out, &s, NULL));
    make_id(id);
    add_row(filling, &s, id, fd, connections[fd].generation);
}

/// Answers every complete request in `bytes`, which ends in a NUL; says how many bytes they took.
static size_t serve(int fd, char *bytes, size_t length) {
    uint32_t generation = connections[fd].generation;
    size_t done = 0;
    while (done < length && connections[fd].generation == generation) {
        char *head = bytes + done, *end = memmem(head, length - done, "\r\n\r\n", 4);
        if (!end) break;
        end += 4;
        char *field = memmem(head, (size_t)(end - head), "Content-Length: ", 16);
        size_t body = field ? strtoul(field + 16, NULL, 10) : 0;
        if ((size_t)(end - bytes) + body > length) break;
        char kept = end[body];
        end[body] = 0;
        answer(fd, head, end);
        end[body] = kept;
        done = (size_t)(end - bytes) + body;
    }
    return done;
}

static void receive(int fd) {
    struct connection *c = &connections[fd];
    char *into = c->received ? c->in : inbox;
    ssize_t count = recv(fd, into + c->received, INBOX - c->received, 0);
    if (count <= 0) return count < 0 && errno == EAGAIN ? (void)0 : hang_up(fd);
    uint32_t generation = c->generation;
    size_t length = c->received + (size_t)count;
    into[length] = 0;
    size_t done = serve(fd, into, length);
    if (c->generation != generation) return;
    c->received = length - done;
    if (!c->received) return;
    if (c->received == INBOX) return hang_up(fd);
    if (!c->in) c->in = need(malloc(INBOX + 1));
    memmove(c->in, into + done, c->received);
}

static void take_connections(int listener) {
    for (int i = 0; i < 64; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), yes = 1;
        if (fd < 0) return;
        if (fd >= MAX_CONNECTIONS) fail("too many connections");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    }
}

// ------------------------------------------------------------------------------------------------------ the database

static void flush_database(void) {
    int more = PQflush(database);
    if (more < 0) fail(PQerrorMessage(database));
    if (more == wants_write) return;
    wants_write = more;
    watch(EPOLL_CTL_MOD, database_fd, more ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void send_batch(void) {
    struct batch *b = filling;
    filling = sent;
    sent = b;
    const char *values[COLUMNS + 1];
    int lengths[COLUMNS + 1], formats[COLUMNS + 1];
    uint32_t number = htonl(writer);
    for (int i = 0; i < COLUMNS; i++) {
        put_word(b->columns[i].data + 12, (uint32_t)b->rows);
        values[i] = b->columns[i].data;
        lengths[i] = (int)b->columns[i].length;
        formats[i] = 1;
    }
    values[COLUMNS] = (char *)&number;
    lengths[COLUMNS] = 4;
    formats[COLUMNS] = 1;
    if (!PQsendQueryPrepared(database, "insert", COLUMNS + 1, values, lengths, formats, 1))
        fail(PQerrorMessage(database));
    in_flight = 1;
    flush_database();
}

static void finish_batch(void) {
    for (int i = 0; i < sent->rows; i++) {
        struct waiting *w = &sent->waiting[i];
        if (connections[w->fd].generation == w->generation)
            transmit(w->fd, sent->answers.data + w->offset, w->length);
    }
    clear(sent);
    in_flight = 0;
}

static void read_database(void) {
    if (!PQconsumeInput(database)) fail(PQerrorMessage(database));
    if (wants_write) flush_database();
    while (in_flight && !PQisBusy(database)) {
        PGresult *result = PQgetResult(database);
        if (!result) return finish_batch();
        if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(PQresultErrorMessage(result));
        if (atoi(PQcmdTuples(result)) != sent->rows) fail("rows were lost");
        PQclear(result);
    }
}

static void open_database(const char *conninfo) {
    database = PQconnectdb(conninfo);
    if (PQstatus(database) != CONNECTION_OK) fail(PQerrorMessage(database));
    PGresult *result = PQexec(database, "INSERT INTO writers (id) VALUES (nextval('writer_ids')) RETURNING id");
    if (PQresultStatus(result) != PGRES_TUPLES_OK) fail(PQerrorMessage(database));
    writer = (uint32_t)atoi(PQgetvalue(result, 0, 0));
    PQclear(result);
    result = PQprepare(database, "insert", insert, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(PQerrorMessage(database));
    PQclear(result);
    if (PQsetnonblocking(database, 1)) fail("PQsetnonblocking");
    database_fd = PQsocket(database);
    watch(EPOLL_CTL_ADD, database_fd, EPOLLIN);
    clear(filling);
    clear(sent);
}

// -------------------------------------------------------------------------------------------------------------- main

static int open_listener(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)) fail("cannot listen");
    watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    return fd;
}

int main(int count, char **arguments) {
    if (count < 2) fail("usage: peer PORT [CONNINFO]");
    poller = epoll_create1(EPOLL_CLOEXEC);
    read_clock();
    seed ^= (uint64_t)wall_ns;
    if (count > 2) open_database(arguments[2]);
    int listener = open_listener(atoi(arguments[1]));
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        read_clock();
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) take_connections(listener);
            else if (fd == database_fd) read_database();
            else if (connections[fd].unsent) transmit_rest(fd);
            else receive(fd);
        }
        if (database && !in_flight && filling->rows) send_batch();
    }
}
