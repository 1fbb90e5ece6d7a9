public import Synchronization

/// One thread's numbers of every metric of a layout.
///
/// Written by one thread only, read by any: a relaxed load and a relaxed store count without a lock and without a locked
/// instruction, and no count is lost. Whoever scrapes adds the shards up. Each shard has its cache lines to itself, so
/// that two threads that count never disturb one another.
@safe
public final class MetricsShard: Sendable {
    @usableFromInline nonisolated(unsafe) let cells: UnsafeMutablePointer<Atomic<UInt64>>
    /// The upper bounds of all histograms, beside the cells so that a handle is two integers and no array.
    @usableFromInline nonisolated(unsafe) let bounds: UnsafeMutablePointer<Double>
    @usableFromInline let cellCount: Int
    @usableFromInline let boundCount: Int

    package init(_ layout: MetricsLayout) {
        cellCount = layout.cellCount
        boundCount = layout.bounds.count
        let lineSize = 128  // two lines: processors fetch them in pairs
        let cellBytes = (cellCount * 8 + lineSize - 1) / lineSize * lineSize
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: cellBytes + (boundCount * 8 + lineSize - 1) / lineSize * lineSize, alignment: lineSize)
        unsafe cells = memory.bindMemory(to: Atomic<UInt64>.self, capacity: cellCount)
        unsafe bounds = (memory + cellBytes).bindMemory(to: Double.self, capacity: boundCount)
        for cell in 0..<cellCount { unsafe (cells + cell).initialize(to: Atomic(0)) }
        for (index, bound) in layout.bounds.enumerated() { unsafe (bounds + index).initialize(to: bound) }
    }

    deinit {
        unsafe cells.deinitialize(count: cellCount)
        unsafe UnsafeMutableRawPointer(cells).deallocate()  // one allocation holds both
    }

    @inlinable
    func load(_ cell: Int) -> UInt64 {
        precondition(cell >= 0 && cell < cellCount, "cell \(cell) of \(cellCount): a metric of another layout")
        return unsafe cells[cell].load(ordering: .relaxed)
    }

    @inlinable
    func store(_ value: UInt64, _ cell: Int) {
        precondition(cell >= 0 && cell < cellCount, "cell \(cell) of \(cellCount): a metric of another layout")
        unsafe cells[cell].store(value, ordering: .relaxed)
    }

    @inlinable
    func bound(_ index: Int) -> Double {
        precondition(index >= 0 && index < boundCount, "bound \(index) of \(boundCount): a metric of another layout")
        return unsafe bounds[index]
    }
}
