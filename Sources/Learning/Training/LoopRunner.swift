/// Who runs the parts of a long computation: the caller, one part after the other, unless a command brings threads.
///
/// Nothing that is computed may depend on who runs which part, nor on their order.
package struct LoopRunner: Sendable {
    package typealias Body = @Sendable (Int) -> Void

    private let perform: @Sendable (Int, @escaping Body) -> Void

    /// - Parameter perform: calls its second argument with 0, 1, … below its first, in any order and on any threads, and
    ///   returns when all calls have.
    package init(_ perform: @escaping @Sendable (Int, @escaping Body) -> Void) { self.perform = perform }

    /// The calling thread alone.
    package static let serial = LoopRunner { count, body in for index in 0..<count { body(index) } }

    /// Calls `body` with each number below `count`.
    package func run(count: Int, body: @escaping Body) { perform(count, body) }

    /// The values of `body` for each number below `count`, in this order.
    package func map<Value: Sendable>(count: Int, _ body: @escaping @Sendable (Int) -> Value) -> [Value] {
        var values = [Value?](repeating: nil, count: count)
        unsafe values.withUnsafeMutableBufferPointer { buffer in
            // Each part writes to a place of its own.
            nonisolated(unsafe) let places = unsafe buffer
            run(count: count) { unsafe places[$0] = body($0) }
        }
        return values.map { value in
            guard let value else { preconditionFailure("a part of a loop was not run") }
            return value
        }
    }
}
