#if FUZZING
    /// What libFuzzer calls with each input; its first byte chooses the subject.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    @c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
        let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
        guard let first = input.first else { return 0 }
        Subject.all[Int(first) % Subject.all.count].check(Array(input.dropFirst()))
        return 0
    }
#endif
