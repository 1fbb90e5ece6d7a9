/* A Kafka cluster for tests, in a process of its own: the mock brokers of librdkafka, which speak the real protocol.
 *
 * usage: mockcluster COMMANDS BROKERS [topic:partitions ...]
 *
 * Prints "bootstrap host:port,…", then carries out the lines that are written to the pipe COMMANDS, and repeats each on
 * standard output when it is done, or says "failed" before it:
 *
 *   down B · up B · rtt B MS       a broker goes, comes back, answers late
 *   error KEY CODE COUNT           the next requests of this kind get this error
 *   leader TOPIC PARTITION B       another broker leads
 *   topicerror TOPIC CODE          a topic fails; 0 ends it
 *   topic TOPIC PARTITIONS         a topic is made
 *
 * MOCK_PORT in the environment is the port of the first broker, the others follow: a cluster that takes the place of
 * another one, without what that had, as when its topics were deleted and made anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { name_size = 128, line_size = 512, replicas_max = 3 };

static int brokers;

static int replicas(void) { return brokers < replicas_max ? brokers : replicas_max; }

/* The library takes any port for its brokers; here, in front of the system's function, it is told which. */
int bind(int descriptor, const struct sockaddr *address, socklen_t size) {
    static in_port_t next;
    int (*system_bind)(int, const struct sockaddr *, socklen_t) =
        (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "bind");
    const char *first = getenv("MOCK_PORT");
    if (!first || address->sa_family != AF_INET) return system_bind(descriptor, address, size);
    struct sockaddr_in chosen = *(const struct sockaddr_in *)address;
    int yes = 1;
    chosen.sin_port = htons(next ? ++next : (next = (in_port_t)atoi(first)));
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    return system_bind(descriptor, (const struct sockaddr *)&chosen, sizeof chosen);
}

static int push_errors(rd_kafka_mock_cluster_t *cluster, int key, int code, int count) {
    rd_kafka_resp_err_t *errors = malloc(sizeof *errors * (size_t)count);
    if (!errors) return -1;
    for (int index = 0; index < count; index++) errors[index] = (rd_kafka_resp_err_t)code;
    rd_kafka_mock_push_request_errors_array(cluster, (int16_t)key, (size_t)count, errors);
    free(errors);
    return 0;
}

static int carry_out(rd_kafka_mock_cluster_t *cluster, const char *line) {
    char topic[name_size];
    int a, b, c;
    if (sscanf(line, "down %d", &a) == 1) return rd_kafka_mock_broker_set_down(cluster, a);
    if (sscanf(line, "up %d", &a) == 1) return rd_kafka_mock_broker_set_up(cluster, a);
    if (sscanf(line, "rtt %d %d", &a, &b) == 2) return rd_kafka_mock_broker_set_rtt(cluster, a, b);
    if (sscanf(line, "error %d %d %d", &a, &b, &c) == 3) return push_errors(cluster, a, b, c);
    if (sscanf(line, "leader %127s %d %d", topic, &a, &b) == 3)
        return rd_kafka_mock_partition_set_leader(cluster, topic, a, b);
    if (sscanf(line, "topicerror %127s %d", topic, &a) == 2) {
        rd_kafka_mock_topic_set_error(cluster, topic, (rd_kafka_resp_err_t)a);
        return 0;
    }
    if (sscanf(line, "topic %127s %d", topic, &a) == 2)
        return rd_kafka_mock_topic_create(cluster, topic, a, replicas());
    return -1;
}

static int create_topics(rd_kafka_mock_cluster_t *cluster, int count, char **topics) {
    for (int index = 0; index < count; index++) {
        char *colon = strrchr(topics[index], ':');
        if (!colon) return -1;
        *colon = 0;
        if (rd_kafka_mock_topic_create(cluster, topics[index], atoi(colon + 1), replicas())) return -1;
    }
    return 0;
}

int main(int argc, char **argv) {
    char reason[line_size], line[line_size];
    if (argc < 3 || (brokers = atoi(argv[2])) < 1) {
        fputs("usage: mockcluster COMMANDS BROKERS [topic:partitions ...]\n", stderr);
        return 64;
    }
    /* Open for writing, too: the pipe then has no end when a test has written its line and closed it. */
    int pipe = open(argv[1], O_RDWR);
    FILE *commands = pipe < 0 ? NULL : fdopen(pipe, "r");
    if (!commands) {
        perror(argv[1]);
        return 66;
    }
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof reason);
    if (!client) {
        fprintf(stderr, "%s\n", reason);
        return 70;
    }
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(client, brokers);
    if (!cluster || create_topics(cluster, argc - 3, argv + 3)) return 70;
    printf("bootstrap %s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    while (fgets(line, sizeof line, commands)) {
        printf("%s%s", carry_out(cluster, line) ? "failed " : "", line);
        fflush(stdout);
    }
    return 0;
}
