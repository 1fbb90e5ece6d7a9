import Bytes
import JSON
import Learning
import Linux

/// What `churn simulate` was told.
package struct SimulateRequest: Sendable {
    let simulator: Simulator
    let output: String
    let truth: String?

    package init(
        customers: Int, from: String, to: String, seed: Int, truth: String?, output: String
    ) throws(CommandError) {
        let first = try CommandText.day(from, option: "--from")
        let last = try CommandText.day(to, option: "--to")
        guard first < last else { throw CommandError(.usage, "--from must be earlier than --to") }
        guard (1...100_000_000).contains(customers) else {
            throw CommandError(.usage, "--customers must be from 1 to 100,000,000")
        }
        guard (0...1 << 53).contains(seed) else { throw CommandError(.usage, "--seed must be from 0 to 2^53") }
        guard truth != output else { throw CommandError(.usage, "--truth and --output name the same file") }
        simulator = Simulator(
            customers: customers, from: CivilTime(daysSince1970: first), to: CivilTime(daysSince1970: last),
            seed: UInt64(seed))
        self.output = output
        self.truth = truth
    }
}

/// `churn simulate`: customers of a shop, made up, as a file that `churn load` reads.
package enum Simulate {
    /// Customers whose lines are made, and packed, at once.
    private static let partCustomers = 512

    /// - Parameter threads: as many as there are cores where nothing is said; the bytes do not depend on it.
    package static func run(
        _ request: SimulateRequest, quiet: Bool, threads: Int? = nil
    ) throws(CommandError) -> CommandOutcome {
        let started = Clock.monotonicNanoseconds()
        let text = SimulatedText(simulator: request.simulator)
        let customers = request.simulator.customers
        let packing = (events: request.output.hasSuffix(".gz"), truth: request.truth?.hasSuffix(".gz") ?? false)
        let wantsTruth = request.truth != nil
        var events = try OutputFile.create(request.output)
        try events.append(header: SimulatedText.eventsHeader, isPacked: packing.events)
        var truth: OutputFile?
        if let path = request.truth {
            truth = try OutputFile.create(path)
            try truth?.append(header: SimulatedText.truthHeader, isPacked: packing.truth)
        }
        var progress = Progress("simulate", isQuiet: quiet)
        var count = 0
        var done = 0
        let parts = (customers + partCustomers - 1) / partCustomers
        try ParallelParts.forEach(parts, threads: threads ?? Machine.cores) { part in
            text.part(
                part * partCustomers..<min((part + 1) * partCustomers, customers), packsEvents: packing.events,
                packsTruth: packing.truth, wantsTruth: wantsTruth)
        } _: { (part) throws(CommandError) in
            try events.append(part.events.span)
            try truth?.append(part.truth.span)
            count += part.eventCount
            done += partCustomers
            progress.update(done, of: customers)
        }
        progress.finish()
        let (sha256, isSame) = try events.finish()
        let isTruthSame = try truth?.finish().isUnchanged ?? true
        return outcome(
            request, events: count, sha256, isUnchanged: isSame && isTruthSame,
            seconds: Double(Clock.monotonicNanoseconds() - started) * 1e-9)
    }

    private static func outcome(
        _ request: SimulateRequest, events: Int, _ sha256: String, isUnchanged: Bool, seconds: Double
    ) -> CommandOutcome {
        let simulator = request.simulator
        let status = isUnchanged ? CommandOutcome.Status.unchanged : .done
        let json: JSONValue = [
            "command": "simulate", "status": .string(status.rawValue), "file": .string(request.output),
            "sha256": .string(sha256), "truth": request.truth.map { .string($0) } ?? .null,
            "customers": .count(simulator.customers), "events": .count(events), "from": .date(simulator.from),
            "to": .date(simulator.to), "seed": .number(Double(simulator.seed)), "seconds": .seconds(seconds),
            "warnings": [],
        ]
        let text = """
            \(request.output): \(events) events of \(simulator.customers) customers, \
            \(CommandText.date(simulator.from)) to \(CommandText.date(simulator.to)), seed \(simulator.seed)\
            \(isUnchanged ? "; it has these bytes already" : "").
            """
        return CommandOutcome(status, json: json, text: text).withoutEvents
    }
}

extension OutputFile {
    fileprivate mutating func append(header: String, isPacked: Bool) throws(CommandError) {
        var text = ByteBuffer(capacity: 128)
        text.append(text: header)
        try append(SimulatedText.packed(text, isPacked).span)
    }
}
