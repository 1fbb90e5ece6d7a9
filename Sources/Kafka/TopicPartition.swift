import CKafka

/// One partition of a topic, and a place in it.
package struct TopicPartition: Hashable, Sendable {
    package let topic: String
    package let partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// The partition that an error is about; nil where it is about none.
    init?(of error: UnsafePointer<rd_kafka_message_t>) {
        guard let topic = unsafe error.pointee.rkt, unsafe error.pointee.partition >= 0 else { return nil }
        self.init(topic: unsafe String(cString: rd_kafka_topic_name(topic)), partition: unsafe error.pointee.partition)
    }
}

/// A list of partitions as librdkafka wants it.
@safe
struct PartitionList: ~Copyable {
    let handle: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ entries: [(TopicPartition, offset: Int64)]) {
        guard let handle = unsafe rd_kafka_topic_partition_list_new(CInt(entries.count)) else {
            preconditionFailure("rd_kafka_topic_partition_list_new gave nothing")
        }
        for (place, offset) in entries {
            let entry = unsafe rd_kafka_topic_partition_list_add(handle, place.topic, place.partition)
            unsafe entry!.pointee.offset = offset
        }
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe rd_kafka_topic_partition_list_destroy(handle) }

    /// The places of a list that belongs to librdkafka.
    static func places(
        _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    ) -> [TopicPartition] {
        (0..<Int(unsafe list.pointee.cnt)).map { index in
            let entry = unsafe list.pointee.elems[index]
            return TopicPartition(topic: unsafe String(cString: entry.topic), partition: unsafe entry.partition)
        }
    }

    var first: Int64 { unsafe handle.pointee.elems[0].offset }
}
