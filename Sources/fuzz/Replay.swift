#if !FUZZING
    import TestSupport

    /// Feeds every subject its seeds and seeded mutations of them: short, and the same every time.
    @main
    enum Replay {
        static func main() {
            let seed: UInt64 = 17
            let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000
            for subject in Subject.all {
                var random = SeededGenerator(seed: seed)
                for bytes in subject.seeds { subject.check(bytes) }
                for _ in 0..<rounds {
                    let (first, second) = (
                        subject.seeds.randomElement(using: &random)!, subject.seeds.randomElement(using: &random)!
                    )
                    subject.check(first.mutated(using: &random, splicing: second))
                }
                print(
                    "\(subject.name): \(subject.seeds.count) seeds and \(rounds) mutations of them (seed \(seed)): no fault"
                )
            }
        }
    }
#endif
