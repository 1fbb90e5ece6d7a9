#if !FUZZING
    import Glibc
    import TestSupport

    /// Feeds every subject its seeds and seeded mutations of them: short, and the same every time.
    ///
    /// `fuzz [ROUNDS]` does that; `fuzz --write-seeds FOLDER` writes the seeds as files for libFuzzer; `fuzz SUBJECT FILE…`
    /// feeds files to one subject, such as an input that libFuzzer has found.
    @main
    enum Replay {
        static func main() {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.first == "--write-seeds", arguments.count == 2 { return writeSeeds(arguments[1]) }
            if let name = arguments.first, Int(name) == nil { return replay(name, Array(arguments.dropFirst())) }
            mutate(rounds: arguments.first.flatMap { Int($0) } ?? 20_000)
        }

        private static func mutate(rounds: Int) {
            let seed: UInt64 = 17
            for subject in Subject.all {
                var random = SeededGenerator(seed: seed)
                for bytes in subject.seeds { subject.check(bytes) }
                // A long seed costs what a hundred short ones do.
                let longest = subject.seeds.map { $0.count }.max() ?? 0
                let rounds = longest > 4_096 ? rounds / 100 : rounds
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

        private static func replay(_ name: String, _ files: [String]) {
            guard let subject = Subject.named(name) else { fail("no subject is called \(name)") }
            for file in files {
                let bytes = contents(ofFile: file)
                subject.check(bytes)
                print("\(name): \(file), \(bytes.count) bytes: no fault")
            }
        }

        private static func writeSeeds(_ folder: String) {
            for subject in Subject.all {
                for (number, seed) in subject.seeds.enumerated() {
                    write(seed, "\(folder)/\(subject.name)", "seed-\(number)")
                }
            }
        }

        private static func write(_ bytes: [UInt8], _ folder: String, _ name: String) {
            var path = ""
            for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
                path += part + "/"
                _ = unsafe mkdir(path, 0o755)
            }
            guard let file = unsafe fopen(path + name, "w") else { fail("cannot write \(path)\(name)") }
            guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count, unsafe fclose(file) == 0 else {
                fail("cannot write \(path)\(name)")
            }
        }

        private static func fail(_ reason: String) -> Never {
            print("fuzz: \(reason)")
            exit(1)
        }
    }
#endif
