// An open loop: requests at a constant rate, whatever the server does.
//
// The n-th request is due n / rate seconds after the start, and its latency counts from then, also where it had to wait for
// a free connection: what a closed loop leaves out (coordinated omission: Tene, "How NOT to Measure Latency", 2015).
//
//   open PORT PATH RATE SECONDS CONNECTIONS WARM_SECONDS INSTANCES
//
// RATE 0 is a closed loop: every connection asks again when it has its answer. POSTs predictions of 4,096 customers, INSTANCES
// in a request, rendered before the clock starts. Prints one line, RESULT and a JSON object, of
// the requests that were due after the warm-up. ok: 2xx, refused: 503; latencies in microseconds, from the moment that the
// request was due (ok, refused) and from the moment that it was sent (..._sent). lost: the connection ended without an
// answer. unsent: no connection was free until the end. late: sent more than 1 ms after it was due although a connection
// was free: the fault of this program and of nobody else, so that a run with many of them says nothing about a server.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUESTS = 4096, ANSWER = 16384, EVENTS = 16, BODY = 8192, BUCKETS = 1 << 20, BUCKET_US = 10, LATE_NS = 1000000 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// ------------------------------------------------------------------------------------------------------------ latencies

struct latencies {
    uint32_t *buckets;
    uint64_t count;
    int64_t max_us;
};

static struct latencies new_latencies(void) {
    struct latencies l = {calloc(BUCKETS, sizeof(uint32_t)), 0, 0};
    if (!l.buckets) fail("memory");
    return l;
}

static void add(struct latencies *l, int64_t ns) {
    int64_t us = ns / 1000, bucket = us / BUCKET_US;
    l->buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    l->count++;
    if (us > l->max_us) l->max_us = us;
}

static int64_t percentile(const struct latencies *l, double share) {
    uint64_t seen = 0, wanted = (uint64_t)(share * (double)l->count);
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++)
        if ((seen += l->buckets[bucket]) > wanted) return (bucket + 1) * BUCKET_US;
    return l->max_us;
}

static void print(const char *name, const struct latencies *l) {
    printf(",\"%s_p50\":%ld,\"%s_p99\":%ld,\"%s_p999\":%ld,\"%s_max\":%ld", name, percentile(l, .5), name,
           percentile(l, .99), name, percentile(l, .999), name, l->max_us);
}

// ---------------------------------------------------------------------------------------------------------- connections

struct connection {
    int socket, is_open, is_busy;
    uint32_t request;        // which text
    int64_t due_ns, sent_ns;
    size_t received, expected;  // expected: 0 until the head is there
    int status, closes;
    char answer[ANSWER];
};

static char *texts[REQUESTS];
static size_t lengths[REQUESTS];
static int port, poller, connections, instances, is_closed;
static struct connection *all;
static int *idle, idle_count;
static int64_t warm_ns, free_since_ns;  // since when some connection has been free
static uint64_t ok_count, refused_count, other_count, lost_count, late_count;
static struct latencies ok, refused, ok_sent, refused_sent;

/// One instance; at most 200 bytes.
static int render_one(char *text, const char *before) {
    static uint64_t x = 20;
    double u[5];
    for (int j = 0; j < 5; j++) {
        x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        u[j] = (double)(x >> 11) / 9007199254740992.0;
    }
    return sprintf(text,
                   "%s{\"customer_id\":\"C-%05d\",\"features\":{\"purchase_frequency\":%.2f,\"average_check\":%.2f,"
                   "\"days_since_last_activity\":%d,\"services_used\":%d}}",
                   before, (int)(u[0] * 100000), u[1] * 9, u[2] * 300, (int)(u[3] * 181), (int)(u[4] * 7));
}

static void render(const char *path) {
    for (int i = 0; i < REQUESTS; i++) {
        char body[BODY];
        int n = instances > 1 ? sprintf(body, "{\"instances\":[") : 0;
        for (int k = 0; k < instances; k++) n += render_one(body + n, k > 0 ? "," : "");
        n += sprintf(body + n, instances > 1 ? "]}" : "");
        texts[i] = malloc((size_t)n + 512);
        if (!texts[i]) fail("memory");
        lengths[i] = (size_t)sprintf(texts[i],
                                     "POST %.200s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
                                     "%d\r\n\r\n%s", path, n, body);
    }
}

static void make_idle(int i) {
    all[i].is_busy = 0;
    if (!idle_count) free_since_ns = now_ns();
    idle[idle_count++] = i;
}

static void open_connection(int i) {
    struct connection *c = &all[i];
    c->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->socket < 0) fail("socket");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(c->socket, (struct sockaddr *)&address, sizeof address)) fail("connect");
    int one = 1;
    setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->socket, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u32 = (uint32_t)i};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, c->socket, &event)) fail("epoll_ctl");
    c->is_open = 1;
    make_idle(i);
}

/// The connection is gone; a request that was under way is lost.
static void lose(int i) {
    struct connection *c = &all[i];
    close(c->socket);
    if (c->is_busy) {
        if (c->due_ns >= warm_ns) lost_count++;
    } else {
        for (int k = 0; k < idle_count; k++)
            if (idle[k] == i) {
                idle[k] = idle[--idle_count];
                break;
            }
    }
    open_connection(i);
}

static void send_request(int i, uint64_t number, int64_t due) {
    struct connection *c = &all[i];
    uint32_t text = (uint32_t)(number % REQUESTS);
    c->is_busy = 1;
    c->due_ns = due;
    c->sent_ns = now_ns();
    if (due >= warm_ns && c->sent_ns - (due > free_since_ns ? due : free_since_ns) > LATE_NS) late_count++;
    c->received = c->expected = 0;
    ssize_t sent = send(c->socket, texts[text], lengths[text], MSG_NOSIGNAL);
    if (sent != (ssize_t)lengths[text]) lose(i);  // a request fits into any socket that has nothing else to send
}

static void finish(int i, int64_t now) {
    struct connection *c = &all[i];
    if (c->due_ns >= warm_ns) {
        int64_t since_due = now - c->due_ns, since_sent = now - c->sent_ns;
        if (c->status >= 200 && c->status < 300) {
            ok_count++;
            add(&ok, since_due);
            add(&ok_sent, since_sent);
        } else if (c->status == 503) {
            refused_count++;
            add(&refused, since_due);
            add(&refused_sent, since_sent);
        } else {
            other_count++;
        }
    }
    if (c->closes) {
        c->is_busy = 0;
        close(c->socket);
        open_connection(i);
    } else {
        make_idle(i);
    }
}

/// Reads what has come; one request at a time is under way, so what comes is its answer.
static void receive(int i, int64_t now) {
    struct connection *c = &all[i];
    ssize_t n = recv(c->socket, c->answer + c->received, ANSWER - 1 - c->received, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0 || !c->is_busy) return lose(i);
    c->received += (size_t)n;
    c->answer[c->received] = 0;
    if (!c->expected) {
        char *end = strstr(c->answer, "\r\n\r\n");
        if (!end) return;
        char *length = strcasestr(c->answer, "\r\ncontent-length:");
        if (!length || length > end) fail("an answer without a length");
        c->status = atoi(c->answer + 9);
        char *closes = strcasestr(c->answer, "\r\nconnection: close");
        c->closes = closes && closes < end;
        c->expected = (size_t)(end + 4 - c->answer) + strtoul(length + 17, NULL, 10);
        if (c->expected >= ANSWER) fail("an answer too long");
    }
    if (c->received >= c->expected) finish(i, now);
}

// ------------------------------------------------------------------------------------------------------------- schedule

static int64_t start_ns, period_ps;
static uint64_t due_count, next_request;

static int64_t due_ns(uint64_t number) { return start_ns + (int64_t)((__int128)number * period_ps / 1000); }

/// Sends all that is due, as far as connections are free.
static void send_due(int64_t now) {
    while (next_request < due_count && idle_count > 0 && (is_closed || due_ns(next_request) <= now)) {
        send_request(idle[--idle_count], next_request, is_closed ? now : due_ns(next_request));
        next_request++;
    }
}

/// How long nothing is due.
static int64_t rest_ns(int64_t now) {
    if (next_request >= due_count || !idle_count) return 1000000;
    int64_t rest = due_ns(next_request) - now;
    return rest < 0 ? 0 : rest < 1000000 ? rest : 1000000;
}

// ----------------------------------------------------------------------------------------------------------------- main

int main(int count, char **arguments) {
    if (count != 8) {
        fprintf(stderr, "usage: open PORT PATH RATE SECONDS CONNECTIONS WARM_SECONDS INSTANCES\n");
        return 2;
    }
    port = atoi(arguments[1]);
    double rate = atof(arguments[3]), seconds = atof(arguments[4]), warm = atof(arguments[6]);
    connections = atoi(arguments[5]), instances = atoi(arguments[7]), is_closed = rate == 0;
    if (instances < 1 || instances > BODY / 200) return 2;
    struct rlimit files = {(rlim_t)connections + 64, (rlim_t)connections + 64};
    struct rlimit present;
    getrlimit(RLIMIT_NOFILE, &present);
    if (present.rlim_cur < files.rlim_cur && setrlimit(RLIMIT_NOFILE, &files)) fail("setrlimit");
    render(arguments[2]);
    poller = epoll_create1(EPOLL_CLOEXEC);
    all = calloc((size_t)connections, sizeof *all);
    idle = calloc((size_t)connections, sizeof *idle);
    if (poller < 0 || !all || !idle) fail("memory");
    ok = new_latencies(), refused = new_latencies(), ok_sent = new_latencies(), refused_sent = new_latencies();
    for (int i = 0; i < connections; i++) open_connection(i);

    start_ns = now_ns() + 10000000, period_ps = is_closed ? 0 : (int64_t)(1e12 / rate);
    int64_t end = start_ns + (int64_t)(seconds * 1e9), grace = end + 3000000000LL;
    warm_ns = start_ns + (int64_t)(warm * 1e9);
    due_count = is_closed ? UINT64_MAX : (uint64_t)(seconds * rate);
    struct epoll_event events[EVENTS];
    // Few answers at a time, so that none that come together keep the next request from its moment.
    for (int64_t now = now_ns(); now < grace && (now < end || idle_count < connections); now = now_ns()) {
        if (is_closed && now >= end) due_count = next_request;
        send_due(now);
        struct timespec timeout = {0, rest_ns(now)};
        int ready = epoll_pwait2(poller, events, EVENTS, &timeout, NULL);
        now = now_ns();
        for (int k = 0; k < ready; k++) {
            if (events[k].events & EPOLLIN) receive((int)events[k].data.u32, now);
            else lose((int)events[k].data.u32);
        }
    }
    uint64_t warm_count = (uint64_t)(warm * rate);
    uint64_t unsent = due_count - (next_request > warm_count ? next_request : warm_count);
    printf("RESULT {\"seconds\":%.3f,\"ok\":%lu,\"refused\":%lu,\"other\":%lu,\"lost\":%lu,\"unsent\":%lu,\"late\":%lu",
           seconds - warm, ok_count, refused_count, other_count, lost_count, unsent, late_count);
    print("ok", &ok), print("refused", &refused), print("ok_sent", &ok_sent), print("refused_sent", &refused_sent);
    printf("}\n");
    return 0;
}
