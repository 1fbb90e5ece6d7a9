import Bytes
import Postgres
import Testing

@Suite struct BinaryArrayTests {
    private func bytes(_ array: borrowing BinaryArray) -> [UInt8] {
        (0..<array.bytes.count).map { array.bytes[$0] }
    }

    @Test func `the bytes are those that array_recv reads`() {
        var array = BinaryArray(.integer)
        #expect(bytes(array) == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 0, 0, 0, 0, 1])
        array.append(integer: 258)
        array.appendNull()
        let filled: [UInt8] = [
            0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0, 2, 0, 0, 0, 1,
            0, 0, 0, 4, 0, 0, 1, 2, 255, 255, 255, 255,
        ]
        #expect(bytes(array) == filled)
        #expect(array.count == 2)
        array.removeAll()
        #expect(bytes(array) == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 0, 0, 0, 0, 1])
    }

    @Test func `JSON carries the byte of its version`() {
        var array = BinaryArray(.json)
        array.append("1")
        #expect(bytes(array).suffix(6) == [0, 0, 0, 2, 1, UInt8(ascii: "1")])
    }

    @Test func `emptying keeps the room`() {
        var array = BinaryArray(.double, capacity: 0)
        for number in 0..<1000 { array.append(double: Double(number)) }
        let capacity = array.bytes.capacity
        array.removeAll()
        #expect(array.bytes.capacity == capacity)
        #expect(array.bytes.count == 20)
    }
}
