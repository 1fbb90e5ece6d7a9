import CKafka

/// What librdkafka says about partitions, kept until the consumer's thread comes to it.
///
/// Called and read by the one thread that polls.
final class Rebalance: @unchecked Sendable {
    enum News {
        case none
        case assigned([TopicPartition])
        case revoked
    }

    private var news: [News] = []
    var isClosing = false

    func take() -> News { news.isEmpty ? .none : news.removeFirst() }

    fileprivate func add(_ more: News) { news.append(more) }
}

extension ClientConfiguration {
    /// Tells `rebalance`, which must live as long as the client.
    ///
    /// The answer, an assign, comes from the polling thread as soon as its poll has returned.
    mutating func onRebalance(_ rebalance: Rebalance) {
        unsafe setOpaque(Unmanaged.passUnretained(rebalance).toOpaque())
        unsafe setRebalance { client, code, partitions, opaque in
            guard let opaque = unsafe opaque, let partitions = unsafe partitions else { return }
            let rebalance = unsafe Unmanaged<Rebalance>.fromOpaque(opaque).takeUnretainedValue()
            if rebalance.isClosing {
                unsafe rd_kafka_assign(client, nil)
            } else if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
                rebalance.add(.assigned(unsafe PartitionList.places(partitions)))
            } else {
                rebalance.add(.revoked)
            }
        }
    }
}
