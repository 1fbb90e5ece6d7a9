#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* rd_kafka_producev takes a variable number of arguments, which Swift cannot pass. The message is copied. */
static inline rd_kafka_resp_err_t kafka_produce(
    rd_kafka_t *client, rd_kafka_topic_t *topic, const void *key, size_t key_size, const void *value,
    size_t value_size, int64_t timestamp, rd_kafka_headers_t *headers, uintptr_t opaque) {
    return rd_kafka_producev(
        client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_KEY(key, key_size), RD_KAFKA_V_VALUE((void *)value, value_size),
        RD_KAFKA_V_TIMESTAMP(timestamp), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_OPAQUE((void *)opaque), RD_KAFKA_V_END);
}

/* Where the value of a header lies. The memory is the list's own: rd_kafka_header_add copied the value there, and while only
 * its maker has the list, it may be written over. NULL where there is no such header. */
static inline void *kafka_header_value(rd_kafka_headers_t *headers, size_t index) {
    const char *name;
    const void *value;
    size_t size;
    return rd_kafka_header_get_all(headers, index, &name, &value, &size) ? NULL : (void *)value;
}

static inline uintptr_t kafka_opaque(const rd_kafka_message_t *message) { return (uintptr_t)message->_private; }
