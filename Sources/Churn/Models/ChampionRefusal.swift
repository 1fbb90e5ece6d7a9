import Learning

/// A champion that cannot be served, and why.
struct ChampionRefusal: Sendable {
    /// The raw value is the label in the metrics.
    enum Reason: String, CaseIterable, Sendable {
        case notAModelFile = "not_a_model_file"
        case checksum
        case json
        /// Of a format, or a kind of model, that this program does not know.
        case unsupported
        /// A member of the file is missing or wrong.
        case member
        /// This program computes something else from a golden row.
        case golden
        /// The file is good, and another model's.
        case otherModel = "other_model"
    }

    let version: String
    let reason: Reason
    /// For a person.
    let text: String
}

extension ChampionRefusal {
    init(_ version: String, _ error: ModelFileError) {
        let reason: Reason =
            switch error {
            case .notAModelFile: .notAModelFile
            case .checksum: .checksum
            case .json: .json
            case .unsupported: .unsupported
            case .member: .member
            case .golden: .golden
            }
        self.init(version: version, reason: reason, text: error.description)
    }

    /// A champion whose row has the file of another model.
    init(_ version: String, holds other: String) {
        self.init(version: version, reason: .otherModel, text: "its file is that of \(other)")
    }
}
