/// A table of a report: a caption for those who cannot see it, a head, and rows of cells.
package struct TableMarkup: Sendable {
    /// How the cells of a column stand.
    package enum Column: Sendable {
        case words(String)
        case number(String)
    }

    private let caption: String
    /// Whether the heading above says the same to those who see it.
    private let isCaptionHidden: Bool
    private let columns: [Column]
    private var rows: [[Markup]] = []
    /// Rows that stand out.
    private var marked: Set<Int> = []

    package init(_ caption: String, isCaptionHidden: Bool = false, _ columns: Column...) {
        self.caption = caption
        self.isCaptionHidden = isCaptionHidden
        self.columns = columns
    }

    /// - Parameter cells: one for each column, the row's name first.
    package mutating func add(_ cells: Markup..., isMarked: Bool = false) { add(cells, isMarked: isMarked) }

    package mutating func add(_ cells: [Markup], isMarked: Bool = false) {
        precondition(cells.count == columns.count, "\(cells.count) cells in a table of \(columns.count) columns")
        if isMarked { marked.insert(rows.count) }
        rows.append(cells)
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// The table in a frame that scrolls by itself where the page is too narrow for it.
    package var markup: Markup {
        Tag.div(
            .class("scroll"), Attribute("tabindex", "0"), Attribute("role", "group"), Attribute("aria-label", caption)
        ) {
            Tag.table {
                isCaptionHidden ? Tag.caption(Markup(caption), .class("hidden")) : Tag.caption(Markup(caption))
                Tag.thead {
                    Tag.tr { for column in columns { head(column) } }
                }
                Tag.tbody {
                    for (place, row) in rows.enumerated() {
                        marked.contains(place) ? Tag.tr(.class("marked")) { cells(row) } : Tag.tr { cells(row) }
                    }
                }
            }
        }
    }

    private func head(_ column: Column) -> Markup {
        switch column {
        case .words(let name): Tag.th(Markup(name), Attribute("scope", "col"))
        case .number(let name): Tag.th(Markup(name), Attribute("scope", "col"), .class("number"))
        }
    }

    private func cells(_ row: [Markup]) -> [Markup] {
        zip(columns, row).enumerated().map { place, pair in
            let isNumber = if case .number = pair.0 { true } else { false }
            if place == 0 { return Tag.th(pair.1, Attribute("scope", "row")) }
            return isNumber ? Tag.td(pair.1, .class("number")) : Tag.td(pair.1)
        }
    }
}
