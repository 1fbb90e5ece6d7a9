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

// ---------------------------------------------------------------------------------------------------------- the model

static const char *const names[FEATURES] = {
    "purchase_frequency", "average_check", "days_since_last_activity", "services_used"};
static const char *const keys[FEATURES] = {
    "\"purchase_frequency\":", "\"average_check\":", "\"days_since_last_activity\":", "\"services_used\":"};
static const double weights[FEATURES] = {-0.61, -0.011, 0.034, -0.27};
static const double means[FEATURES] = {2.4, 55.0, 31.0, 2.1};
static const double base = -0.843215698743215;
static const double threshold = 0.5;

struct scored {
    double values[FEATURES], contributions[FEATURES], probability;
    const char *customer, *features;
    size_t customer_length, features_length;
    int churn;
    const char *risk;
};

/// Reads one instance out of a JSON body that ends in a NUL; 0 when a key is missing.
static int score(const char *body, struct scored *s) {
    const char *customer = strstr(body, "\"customer_id\":\"");
    const char *features = strstr(body, "\"features\":");
    if (!customer || !features) return 0;
    s->customer = customer + 15;
    const char *end = strchr(s->customer, '"');
    if (!end) return 0;
    s->customer_length = (size_t)(end - s->customer);
    s->features = features + 11;
    end = strchr(s->features, '}');
    if (!end) return 0;
    s->features_length = (size_t)(end + 1 - s->features);
    double logit = base;
    for (int i = 0; i < FEATURES; i++) {
        const char *key = strstr(s->features, keys[i]);
        if (!key) return 0;
        const char *digits = key + strlen(keys[i]);
        char *after;
        s->values[i] = strtod(digits, &after);
        if (after == digits) return 0;
        s->contributions[i] = weights[i] * (s->values[i] - means[i]);
        logit += s->contributions[i];
    }
    if (logit >= 0) {
        s->probability = 1 / (1 + exp(-logit));
    } else {
        double e = exp(logit);
        s->probability = e / (1 + e);
    }
    s->churn = s->probability >= threshold;
    s->risk = s->churn ? "high" : s->probability >= threshold / 2 ? "medium" : "low";
    return 1;
}

// --------------------------------------------------------------------------------------------- the clock and the ids

static int64_t wall_ns;            // read once a wake
static char date[32];              // of this second
static char stamp[20];             // the same second in RFC 3339, without its fraction
static unsigned __int128 last_id;
static uint64_t seed = 0x9E3779B97F4A7C15;

static void read_clock(void) {
    static time_t second;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    wall_ns = now.tv_sec * 1000000000ll + now.tv_nsec;
    if (now.tv_sec == second) return;
    second = now.tv_sec;
    struct tm utc;
    gmtime_r(&second, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
}

static uint64_t next_random(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/// A UUIDv7, greater than the last one: 48 bits of milliseconds, 12 of their fraction, 62 random.
static void make_id(uint8_t id[16]) {
    uint64_t ms = (uint64_t)(wall_ns / 1000000), fraction = (uint64_t)(wall_ns % 1000000) * 4096 / 1000000;
    uint64_t high = ms << 16 | 0x7000 | fraction, low = (next_random() & 0x3FFFFFFFFFFFFFFF) | 0x8000000000000000;
    unsigned __int128 value = (unsigned __int128)high << 64 | low;
    if (value <= last_id) value = last_id + 1;
    last_id = value;
    for (int i = 15; i >= 0; i--, value >>= 8) id[i] = (uint8_t)value;
}

// ------------------------------------------------------------------------------------------------------- the answer

static char *put(char *out, const char *text, size_t length) {
    memcpy(out, text, length);
    return out + length;
}
#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

/// Up to 15 decimals, without trailing zeros; enough for |value| < 9,000.
static char *put_double(char *out, double value) {
    if (!(fabs(value) < 9000)) return out + sprintf(out, "%.17g", value);
    int64_t scaled = (int64_t)(value * 1e15 + (value < 0 ? -0.5 : 0.5));
    if (scaled < 0) *out++ = '-', scaled = -scaled;
    uint64_t whole = (uint64_t)scaled / 1000000000000000, fraction = (uint64_t)scaled % 1000000000000000;
    char digits[4];
    int count = 0;
    do digits[count++] = (char)('0' + whole % 10);
    while (whole /= 10);
    while (count) *out++ = digits[--count];
    if (!fraction) return out;
    *out++ = '.';
    for (int i = 14; i >= 0; i--, fraction /= 10) out[i] = (char)('0' + fraction % 10);
    out += 15;
    while (out[-1] == '0') out--;
    return out;
}

static char *put_uuid(char *out, const uint8_t id[16]) {
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
        *out++ = hex[id[i] >> 4];
        *out++ = hex[id[i] & 15];
    }
    return out;
}

static char *put_head(char *out, const char *line, size_t length, char **size) {
    out = put(out, line, length);
    out = PUT(out, "\r\nContent-Type: application/json\r\nDate: ");
    out = put(out, date, 29);
    out = PUT(out, "\r\nContent-Length: ");
    *size = out;
    return PUT(out, "0000\r\n\r\n");
}

static void put_size(char *size, size_t length) {
    for (int i = 3; i >= 0; i--, length /= 10) size[i] = (char)('0' + length % 10);
}

/// `id` is NULL for a what-if.
static size_t put_answer(char *start, const struct scored *s, const uint8_t *id) {
    char *size, *out = put_head(start, "HTTP/1.1 200 OK", 15, &size), *body = out;
    if (id) {
        out = PUT(out, "{\"prediction_id\":\"");
        out = put_uuid(out, id);
        out = PUT(out, "\",\"customer_id\":\"");
    } else {
        out = PUT(out, "{\"prediction_id\":null,\"customer_id\":\"");
    }
    out = put(out, s->customer, s->customer_length);
    out = PUT(out, "\",\"probability\":");
    out = put_double(out, s->probability);
    out = s->churn ? PUT(out, ",\"churn\":true,\"risk\":\"") : PUT(out, ",\"churn\":false,\"risk\":\"");
    out = put(out, s->risk, strlen(s->risk));
    out = PUT(out, "\",\"threshold\":0.5,\"horizon_days\":90,\"as_of\":null,\"model\":\"0123456789ab\",\"contributions\":[");
    for (int i = 0; i < FEATURES; i++) {
        out = PUT(out, "{\"feature\":\"");
        out = put(out, names[i], strlen(names[i]));
        out = PUT(out, "\",\"value\":");
        out = put_double(out, s->values[i]);
        out = PUT(out, ",\"contribution\":");
        out = put_double(out, s->contributions[i]);
        out = PUT(out, "},");
    }
    out = PUT(out - 1, "],\"base\":-0.843215698743215,\"warnings\":[],\"created_at\":\"");
    out = put(out, stamp, 19);
    *out++ = '.';
    int micros = (int)(wall_ns / 1000 % 1000000);
    for (int i = 5; i >= 0; i--, micros /= 10) out[i] = (char)('0' + micros % 10);
    out = PUT(out + 6, "Z\"}");
    put_size(size, (size_t)(out - body));
    return (size_t)(out - start);
}

static size_t put_plain(char *start, const char *line, const char *text) {
    char *size, *out = put_head(start, line, strlen(line), &size), *body = out;
    out = put(out, text, strlen(text));
    put_size(size, (size_t)(out - body));
    return (size_t)(out - start);
}

// ---------------------------------------------------------------------------------------------------------- batches

enum {
    ID, CREATED, PROBABILITY, THRESHOLD, MODEL, HORIZON, AS_OF, CHURN, CUSTOMER, RISK, SOURCE, REQUEST, CORRELATION,
    FEATURE_COLUMN, COLUMNS
};
static const Oid element_types[COLUMNS] = {2950, 1184, 701, 701, 23, 23, 1082, 16, 25, 25, 25, 25, 25, 3802};

// Word for word the service's PredictionInsert.text.
static const char insert[] =
    "INSERT INTO predictions (id, created_at, probability, threshold, model, horizon_days, as_of, churn, customer_id, "
    "risk, source, request_id, correlation_id, features, writer) SELECT row.*, $15 FROM unnest($1::uuid[], "
    "$2::timestamptz[], $3::float8[], $4::float8[], $5::int4[], $6::int4[], $7::date[], $8::bool[], $9::text[], "
    "$10::text[], $11::text[], $12::text[], $13::text[], $14::jsonb[]) AS row";

struct bytes {
    char *data;
    size_t length, capacity;
};

struct waiting {
    int fd;
    uint32_t generation;
    size_t offset, length;
};

struct batch {
    int rows;
    struct bytes columns[COLUMNS], answers;
    struct waiting waiting[MAX_ROWS];
};

static PGconn *database;
static int database_fd = -1, in_flight, wants_write;
static uint32_t writer;
static struct batch batches[2], *filling = &batches[0], *sent = &batches[1];

static char *grow(struct bytes *b, size_t more) {
    if (b->length + more > b->capacity) {
        b->capacity = (b->length + more) * 2;
        b->data = need(realloc(b->data, b->capacity));
    }
    return b->data + b->length;
}

static void put_word(char *out, uint32_t value) {
    value = htonl(value);
    memcpy(out, &value, 4);
}

static void clear(struct batch *b) {
    b->rows = 0;
    b->answers.length = 0;
    for (int i = 0; i < COLUMNS; i++) {
        b->columns[i].length = 0;
        char *head = grow(&b->columns[i], 20);
        put_word(head, 1);                                                        // dimensions
        put_word(head + 4, i == AS_OF || i == REQUEST || i == CORRELATION);       // holds NULLs
        put_word(head + 8, element_types[i]);
        put_word(head + 16, 1);                                                   // lower bound
        b->columns[i].length = 20;
    }
}

static void add_bytes(struct bytes *column, const void *value, size_t length) {
    char *out = grow(column, length + 4);
    put_word(out, (uint32_t)length);
    memcpy(out + 4, value, length);
    column->length += length + 4;
}

static void add_64(struct bytes *column, uint64_t value) {
    value = __builtin_bswap64(value);
    add_bytes(column, &value, 8);
}

static void add_double(struct bytes *column, double value) {
    uint64_t bits;
    memcpy(&bits, &value, 8);
    add_64(column, bits);
}

static void add_32(struct bytes *column, uint32_t value) {
    value = htonl(value);
    add_bytes(column, &value, 4);
}

static void add_null(struct bytes *column) {
    put_word(grow(column, 4), 0xFFFFFFFF);
    column->length += 4;
}

static void add_row(struct batch *b, const struct scored *s, const uint8_t id[16], int fd, uint32_t generation) {
    struct bytes *c = b->columns;
    add_bytes(&c[ID], id, 16);
    add_64(&c[CREATED], (uint64_t)(wall_ns / 1000 - 946684800000000ll));
    add_double(&c[PROBABILITY], s->probability);
    add_double(&c[THRESHOLD], threshold);
    add_32(&c[MODEL], 1);
    add_32(&c[HORIZON], 90);
    add_null(&c[AS_OF]);
    add_bytes(&c[CHURN], s->churn ? "\1" : "\0", 1);
    add_bytes(&c[CUSTOMER], s->customer, s->customer_length);
    add_bytes(&c[RISK], s->risk, strlen(s->risk));
    add_bytes(&c[SOURCE], "http", 4);
    add_null(&c[REQUEST]);
    add_null(&c[CORRELATION]);
    char *json = grow(&c[FEATURE_COLUMN], s->features_length + 5);
    put_word(json, (uint32_t)s->features_length + 1);
    json[4] = 1;
    memcpy(json + 5, s->features, s->features_length);
    c[FEATURE_COLUMN].length += s->features_length + 5;

    char *answer = grow(&b->answers, MAX_ANSWER);
    size_t length = put_answer(answer, s, id);
    b->waiting[b->rows++] = (struct waiting){fd, generation, b->answers.length, length};
    b->answers.length += length;
}

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
