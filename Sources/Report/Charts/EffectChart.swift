import Learning

/// Odds ratios as bars from 1 to the left and right, on a logarithmic scale, each under its name: legible at any width.
struct EffectChart {
    /// One bar: a name, the step it stands for, and the logarithm of its odds ratio.
    struct Bar {
        let name: String
        let step: String
        let logit: Double
    }

    let bars: [Bar]

    private static let width = 460.0
    private static let rowHeight = 38.0
    /// Characters that leave room for the factor beside them.
    private static let nameLengthMax = 52
    /// Odds ratios on the axis, as far as the bars reach; one over each of them is short, too.
    private static let ratios: [Double] = [1.25, 2, 4, 10, 100, 1000, 10_000, 100_000]

    var markup: Markup {
        let reach = min(max(bars.map { abs($0.logit) }.max() ?? 0, Elementary.log(1.25)) * 1.05, 12)
        let x = Scale(-reach...reach, from: 0, to: Self.width)
        let height = Self.rowHeight * Double(bars.count) + 24
        return Drawing.svg(
            id: "effects-chart", title: "Effects on the odds of leaving",
            description: "Each bar is the factor by which the odds of leaving change with the step named beside it.",
            width: Self.width, height: height
        ) {
            Tag.g(.class("axis")) {
                for ratio in ticks(reach) {
                    let place = x(Elementary.log(ratio))
                    Drawing.line(place, 6, place, height - 20, .class("grid"))
                    Drawing.text("×" + Format.plain(ratio), place, height - 5, .class("middle"))
                }
            }
            Drawing.line(x(0), 6, x(0), height - 20, .class("tick"))
            for (place, bar) in bars.enumerated() { row(bar, Self.rowHeight * Double(place), x) }
        }
    }

    private func row(_ bar: Bar, _ top: Double, _ x: Scale) -> Markup {
        let (start, end) = (min(x(0), x(bar.logit)), max(x(0), x(bar.logit)))
        return Markup {
            Tag.text(Attribute("x", 0), Attribute("y", top + 14), .class("over")) {
                "\(cut(bar.name, Self.nameLengthMax - min(bar.step.count, 26))) "
                Tag.tspan(Markup(cut(bar.step, 26)), .class("step"))
            }
            Drawing.bar(
                start, top + 20, end - start, 11, bar.logit >= 0 ? .class("left fill") : .class("stayed fill"))
            Drawing.text(
                Format.factor(Elementary.exp(bar.logit)), Self.width, top + 14, .class("value end over"))
        }
    }

    /// Names wider than their column end with an ellipsis.
    private func cut(_ name: String, _ length: Int) -> String {
        name.count <= length ? name : name.prefix(length - 1) + "…"
    }

    /// Round ratios on each side of 1, far enough apart to be read.
    private func ticks(_ reach: Double) -> [Double] {
        let inside = Self.ratios.filter { Elementary.log($0) <= reach }
        guard let last = inside.last else { return [1] }
        let middle = inside.last {
            let place = Elementary.log($0) / reach
            return place > 0.25 && place < Elementary.log(last) / reach - 0.25
        }
        let kept = middle.map { [$0, last] } ?? [last]
        return kept.map { 1 / $0 }.reversed() + [1] + kept
    }
}
