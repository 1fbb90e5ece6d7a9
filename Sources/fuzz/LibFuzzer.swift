#if FUZZING
    import Glibc

    /// The subject that `FUZZ_SUBJECT` names; without it the first byte of each input chooses.
    private let chosen: Subject? = {
        guard let name = unsafe getenv("FUZZ_SUBJECT").map({ unsafe String(cString: $0) }) else { return nil }
        guard let subject = Subject.named(name) else {
            preconditionFailure(
                "no subject is called \(name); there are \(Subject.all.map(\.name).joined(separator: ", "))")
        }
        return subject
    }()

    /// What libFuzzer calls with each input.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    @c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
        let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
        if let chosen {
            chosen.check(input)
        } else if let first = input.first {
            Subject.all[Int(first) % Subject.all.count].check(Array(input.dropFirst()))
        }
        return 0
    }
#endif
