import Bytes
import JSON

extension Subject {
    /// What the tree accepts, the reader accepts; and what is written is read again as the same.
    static let json = Subject(
        "json",
        seeds:
            #"{"customer_id":"C-17","features":{"a":1.5,"b":-0.0,"c":1e-400,"d":null}}"#,
        #"{"instances":[{"features":[1,2,3,4]},[],{},true,false]}"#,
        #"["\u0041\ud83d\ude00\n\\\/","é",123456789012345678901234567890,2.2250738585072014e-308]"#,
        #" { "a" : [ 1e400 , "\ud800" ] } x"#, #"{"a":1,"a":2}"#, "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"
    ) { bytes in
        var isAccepted = true
        do throws(JSONError) {
            var reader = JSONReader(bytes.span)
            try reader.skipValue()
            try reader.finish()
        } catch {
            precondition(error.offset <= bytes.count, "an offset beyond the input")
            isAccepted = false
        }
        guard let value = try? JSONValue(parsing: bytes.span) else { return }
        precondition(isAccepted, "the tree accepts what the reader refuses")
        var buffer = ByteBuffer()
        value.write(into: &buffer)
        let again = try? JSONValue(parsing: buffer.span)
        precondition(again == value, "written and read again it is another: \(buffer.text)")
    }
}
