/// A drawing with two axes: the frame that every chart of a report is drawn into.
struct Plot {
    static let width = 460.0
    static let height = 300.0
    private static let left = 50.0
    private static let right = 438.0
    private static let top = 12.0
    private static let bottom = 254.0

    /// Unique in the page.
    let id: String
    let title: String
    /// What the drawing shows, for those who do not see it.
    let description: String
    let x: Scale
    let y: Scale

    init(id: String, title: String, description: String, x: ClosedRange<Double>, y: ClosedRange<Double>) {
        self.id = id
        self.title = title
        self.description = description
        self.x = Scale(x, from: Self.left, to: Self.right)
        self.y = Scale(y, from: Self.bottom, to: Self.top)
    }

    /// The drawing: grid and axes first, then `marks`.
    func markup(
        _ horizontal: Axis, _ vertical: Axis, @MarkupBuilder marks: () -> [Markup]
    ) -> Markup {
        Drawing.svg(id: id, title: title, description: description, width: Self.width, height: Self.height) {
            Tag.g(.class("axis")) {
                for value in vertical.ticks ?? y.ticks() {
                    Drawing.line(x.start, y(value), x.end, y(value), .class("grid"))
                    Drawing.text(vertical.label(value), x.start - 7, y(value) + 4, .class("end"))
                }
                for value in horizontal.ticks ?? x.ticks() {
                    Drawing.line(x(value), y.start, x(value), y.start + 4, .class("tick"))
                    Drawing.text(horizontal.label(value), x(value), y.start + 18, .class("middle"))
                }
                Drawing.line(x.start, y.start, x.end, y.start, .class("tick"))
                Drawing.text(horizontal.title, (x.start + x.end) / 2, Self.height - 6, .class("middle name"))
            }
            marks()
        }
    }

    /// What is written along an axis; the title of the vertical one is in the heading of the chart.
    struct Axis {
        var title = ""
        /// Nil for round values.
        var ticks: [Double]?
        var label: (Double) -> String = Format.wholePercent
    }
}
