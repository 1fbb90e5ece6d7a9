import Learning

/// The features that requests may send and the model does not use, each with its reason.
struct UnusedSection {
    private let features: [Feature]
    private static let rowsMax = 200

    init(_ judged: JudgedModel) { features = judged.contents.features.filter { $0.unused != nil } }

    var markup: Markup {
        section("unused", "Unused features") {
            if features.isEmpty {
                Tag.p("Every feature is used.")
            } else {
                table.markup
                if features.count > Self.rowsMax {
                    Tag.p("\(Format.count(features.count - Self.rowsMax)) more are not shown.")
                }
            }
        }
    }

    private var table: TableMarkup {
        var table = TableMarkup("Features with weight 0", .words("Feature"), .words("Reason"))
        for feature in features.prefix(Self.rowsMax) {
            table.add(feature.heading, Markup(Self.explained(feature.unused ?? "")))
        }
        return table
    }

    private static func explained(_ reason: String) -> String {
        switch reason {
        case "constant": "constant: the same in every training row"
        case "redundant": "redundant: the features before it determine it"
        case "empty": "empty: no training row had a value"
        default: reason
        }
    }
}
