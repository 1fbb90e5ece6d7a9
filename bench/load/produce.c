/* Bare production: what librdkafka does with the same bytes and nothing else around it.
 *
 * usage: produce BROKERS TOPIC COUNT FILE [name=value ...]
 *
 * FILE has messages: key, value, and headers as NAME=VALUE, parted by 0x1F and ended by a line feed. They are sent in turn
 * until COUNT are acknowledged. Prints the seconds from the first message to the last report.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { messages_max = 16384, reason_size = 512, headers_max = 8 };

typedef struct {
    char *start;
    size_t size;
} text;

typedef struct {
    text key, value;
    int header_count;
    text names[headers_max], values[headers_max];
} message;

static message messages[messages_max];
static int message_count;
static long acknowledged;

static void report(rd_kafka_t *client, const rd_kafka_message_t *sent, void *opaque) {
    (void)client, (void)opaque;
    if (sent->err) {
        fprintf(stderr, "produce: %s\n", rd_kafka_err2str(sent->err));
        exit(1);
    }
    acknowledged++;
}

/* Takes the next part off a line: up to a stop, or to the end of the line. */
static text part(char **line, const char *stop) {
    text found = {*line, strcspn(*line, stop)};
    *line += found.size + ((*line)[found.size] != 0);
    return found;
}

static message parsed(char *line) {
    message one = {.key = part(&line, "\x1f\n"), .value = part(&line, "\x1f\n")};
    for (; *line && one.header_count < headers_max; one.header_count++) {
        one.names[one.header_count] = part(&line, "=");
        one.values[one.header_count] = part(&line, "\x1f\n");
    }
    return one;
}

static void read_messages(const char *path) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    if (!file) exit(66);
    while (message_count < messages_max && getline(&line, &room, file) > 0) messages[message_count++] = parsed(strdup(line));
    fclose(file);
    if (!message_count) exit(65);
}

static void configure(rd_kafka_conf_t *settings, const char *name, const char *value) {
    char reason[reason_size];
    if (rd_kafka_conf_set(settings, name, value, reason, sizeof reason)) {
        fprintf(stderr, "produce: %s\n", reason);
        exit(64);
    }
}

static rd_kafka_headers_t *headers(const message *one) {
    if (!one->header_count) return NULL;
    rd_kafka_headers_t *all = rd_kafka_headers_new((size_t)one->header_count);
    for (int each = 0; each < one->header_count; each++) {
        const text *name = &one->names[each], *value = &one->values[each];
        rd_kafka_header_add(all, name->start, (ssize_t)name->size, value->start, (ssize_t)value->size);
    }
    return all;
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    char reason[reason_size];
    if (argc < 5) return 64;
    long count = atol(argv[3]);
    read_messages(argv[4]);
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    configure(settings, "bootstrap.servers", argv[1]);
    for (int each = 5; each < argc; each++) {
        char *sign = strchr(argv[each], '=');
        if (!sign) return 64;
        *sign = 0;
        configure(settings, argv[each], sign + 1);
    }
    rd_kafka_conf_set_dr_msg_cb(settings, report);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, reason, sizeof reason);
    rd_kafka_topic_t *topic = client ? rd_kafka_topic_new(client, argv[2], NULL) : NULL;
    if (!topic) return 70;
    double start = seconds();
    for (long sent = 0; sent < count;) {
        message *next = &messages[sent % message_count];
        rd_kafka_headers_t *given = headers(next);
        rd_kafka_resp_err_t code = rd_kafka_producev(
            client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_KEY(next->key.start, next->key.size),
            RD_KAFKA_V_VALUE(next->value.start, next->value.size), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_HEADERS(given), RD_KAFKA_V_END);
        if (!code) {
            sent++;
            if (sent % 512 == 0) rd_kafka_poll(client, 0);
            continue;
        }
        if (given) rd_kafka_headers_destroy(given);
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) return 1;
        rd_kafka_poll(client, 5);
    }
    while (acknowledged < count) rd_kafka_poll(client, 10);
    printf("%.6f\n", seconds() - start);
    return 0;
}
