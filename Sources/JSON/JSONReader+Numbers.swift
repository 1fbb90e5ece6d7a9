import Bytes
import Glibc

/// Numbers: RFC 8259 §6, each read as the Double nearest to it.
extension JSONReader {
    /// Reads a number.
    ///
    /// The result is correctly rounded. A number too small becomes zero; one too large is an error.
    public mutating func readNumber() throws(JSONError) -> Double {
        let start = try startOfNumber()
        let digits = try scanDigits()
        return try value(of: digits, from: start)
    }

    /// Reads a number that is an integer, also as `1.0` or `1e3`.
    public mutating func readInteger() throws(JSONError) -> Int {
        let start = try startOfNumber()
        let digits = try scanDigits()
        if digits.exponent == 0, !digits.isCut {
            let integer = digits.isNegative ? Int(exactly: -Int128(digits.mantissa)) : Int(exactly: digits.mantissa)
            guard let integer else { throw JSONError(.notAnInteger, at: start) }
            return integer
        }
        let value = try value(of: digits, from: start)
        // Beyond 2^53 a Double no longer tells one integer from the next.
        guard value.magnitude <= 0x1p53, let integer = Int(exactly: value) else {
            throw JSONError(.notAnInteger, at: start)
        }
        return integer
    }

    @inline(__always)
    private mutating func startOfNumber() throws(JSONError) -> Int {
        let byte = try nextByte()
        guard byte == 0x2D || byte &- 0x30 < 10 else { throw mismatch() }
        return position
    }

    // MARK: Scanning

    @inline(__always)
    private mutating func scanDigits() throws(JSONError) -> Digits {
        var digits = Digits()
        if bytes[position] == 0x2D {
            digits.isNegative = true
            position &+= 1
        }
        let first = try requireDigit()
        if first == 0x30 {
            position &+= 1
            if position < bytes.count, bytes[position] &- 0x30 < 10 { throw failure(.invalidNumber) }
        } else {
            scanRun(&digits, step: 0)
        }
        if position < bytes.count, bytes[position] == 0x2E {
            position &+= 1
            _ = try requireDigit()
            scanRun(&digits, step: -1)
        }
        if position < bytes.count, bytes[position] | 0x20 == 0x65 {
            position &+= 1
            try scanExponent(&digits)
        }
        return digits
    }

    @inline(__always)
    private func requireDigit() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        guard bytes[position] &- 0x30 < 10 else { throw failure(.invalidNumber) }
        return bytes[position]
    }

    /// Takes the digits from `position` on; each moves the exponent by `step`.
    @inline(__always)
    private mutating func scanRun(_ digits: inout Digits, step: Int) {
        let start = position
        while position < bytes.count {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { break }
            digits.mantissa = digits.mantissa &* 10 &+ UInt64(digit)
            position &+= 1
        }
        digits.count &+= position &- start
        digits.exponent &+= step &* (position &- start)
    }

    private mutating func scanExponent(_ digits: inout Digits) throws(JSONError) {
        var isNegative = false
        if position < bytes.count, bytes[position] == 0x2B || bytes[position] == 0x2D {
            isNegative = bytes[position] == 0x2D
            position &+= 1
        }
        _ = try requireDigit()
        var exponent = 0
        while position < bytes.count, bytes[position] &- 0x30 < 10 {
            if exponent < 1_000_000 { exponent = exponent &* 10 &+ Int(bytes[position] &- 0x30) }
            position &+= 1
        }
        digits.exponent &+= isNegative ? -exponent : exponent
    }

    // MARK: Rounding

    /// The Double nearest to the digits, which lie between `start` and `position`.
    @inline(__always)
    private func value(of digits: Digits, from start: Int) throws(JSONError) -> Double {
        if let exact = digits.exactValue { return exact }
        let value = nearestDouble(to: start..<position)
        guard value.isFinite else { throw JSONError(.numberOutOfRange, at: start) }
        return value
    }

    /// What the C library makes of a number of any length, correctly rounded.
    ///
    /// The C function is `strtod`. It wants a zero behind the digits, hence the copy, on the stack up to 1,024 bytes;
    /// and it obeys the process's locale, which stays "C" because nothing calls `setlocale`.
    @inline(never)
    private func nearestDouble(to range: Range<Int>) -> Double {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: range.count + 1) { copy in
            for index in 0..<range.count {
                unsafe copy[index] = CChar(bitPattern: bytes[range.lowerBound &+ index])
            }
            unsafe copy[range.count] = 0
            guard let text = copy.baseAddress else { return 0 }
            return unsafe strtod(text, nil)
        }
    }
}

/// A number as it is written: `mantissa` times ten to the `exponent`.
private struct Digits {
    var isNegative = false
    var mantissa: UInt64 = 0
    var exponent = 0
    /// How many digits there were, without a zero in front of the decimal point.
    var count = 0

    /// There were more digits than `mantissa` holds: nineteen nines fit into 64 bits.
    var isCut: Bool { count > 19 }

    /// The value, where one multiplication or division gives it, rounded once.
    ///
    /// Source: William D. Clinger, "How to Read Floating Point Numbers Accurately" (1990), §2: integers to 2^53 and
    /// powers of ten to 10^22 are exact. Beyond, a decimal is a quotient of whole numbers of 64 bits.
    @inline(__always)
    var exactValue: Double? {
        guard !isCut else { return nil }
        guard mantissa <= 1 &<< 53 else {
            guard exponent <= 0, exponent >= -DecimalQuotient.exponentMax else { return nil }
            let value = DecimalQuotient.nearest(mantissa, overTenTo: -exponent)
            return isNegative ? -value : value
        }
        var value = Double(mantissa)
        if mantissa != 0 {
            guard exponent >= -22, exponent <= 22 else { return nil }
            if exponent < 0 { value /= powersOfTen[-exponent] } else { value *= powersOfTen[exponent] }
        }
        return isNegative ? -value : value
    }
}

private let powersOfTen: InlineArray<23, Double> = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]
