/* Bare production: what librdkafka does with the same bytes and nothing else around it.
 *
 * usage: produce BROKERS TOPIC COUNT FILE HEADERS [name=value ...]
 *
 * FILE has messages, a key and a value each, parted by 0x1F and ended by a line feed; they are sent in turn until COUNT are
 * acknowledged. HEADERS is 1 for the headers of a CloudEvent. Prints the seconds from the first message to the last report.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { messages_max = 8192, reason_size = 512 };

typedef struct {
    char *key, *value;
    size_t key_size, value_size;
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

static void read_messages(const char *path) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    if (!file) exit(66);
    while (message_count < messages_max && (size = getline(&line, &room, file)) > 0) {
        char *part = memchr(line, 0x1F, (size_t)size);
        if (!part) exit(65);
        char *copy = malloc((size_t)size);
        memcpy(copy, line, (size_t)size);
        messages[message_count++] = (message){
            copy, copy + (part - line) + 1, (size_t)(part - line), (size_t)(line + size - part) - 2};
    }
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

static rd_kafka_headers_t *headers(void) {
    static const char *pairs[][2] = {
        {"ce_specversion", "1.0"}, {"ce_id", "019ab1e4-1111-7222-8333-444444444444"}, {"ce_type", "churn.prediction"},
        {"ce_source", "/churn"}, {"ce_time", "2026-11-26T09:30:00.123456Z"}, {"content-type", "application/json"}};
    rd_kafka_headers_t *all = rd_kafka_headers_new(6);
    for (int each = 0; each < 6; each++) rd_kafka_header_add(all, pairs[each][0], -1, pairs[each][1], -1);
    return all;
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    char reason[reason_size];
    if (argc < 6) return 64;
    long count = atol(argv[3]);
    int has_headers = atoi(argv[5]);
    read_messages(argv[4]);
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    configure(settings, "bootstrap.servers", argv[1]);
    for (int each = 6; each < argc; each++) {
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
        rd_kafka_headers_t *given = has_headers ? headers() : NULL;
        rd_kafka_resp_err_t code = rd_kafka_producev(
            client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_KEY(next->key, next->key_size),
            RD_KAFKA_V_VALUE(next->value, next->value_size), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
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
