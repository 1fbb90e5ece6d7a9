/// What became of a message.
package struct DeliveryReport: Sendable {
    /// What its sender called it.
    package let tag: UInt
    /// Nil when every replica in sync has it.
    package let error: KafkaError?
}
