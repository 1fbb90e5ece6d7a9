import JSON

/// The error that reading `text` as a whole ends in; nil if there is none.
func failure(_ text: some Collection<UInt8>) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONValue(parsing: Array(text).span)
        return nil
    } catch { return error }
}

func failure(_ text: String) -> JSONError? { failure(text.utf8) }

/// The error that skipping `text` as a whole ends in; nil if there is none.
func failureOfSkipping(_ text: some Collection<UInt8>) -> JSONError? {
    do throws(JSONError) {
        let bytes = Array(text)
        var reader = JSONReader(bytes.span)
        try reader.skipValue()
        try reader.finish()
        return nil
    } catch { return error }
}

/// What `read` makes of `text`.
func read<Value>(
    _ text: String, _ read: (inout JSONReader) throws(JSONError) -> Value
) -> Result<Value, JSONError> {
    let bytes = Array(text.utf8)
    var reader = JSONReader(bytes.span)
    do throws(JSONError) {
        let value = try read(&reader)
        try reader.finish()
        return .success(value)
    } catch { return .failure(error) }
}
