import Learning

/// The charts of ranking and calibration, drawn from `Curves`.
struct CurveCharts {
    let curves: Curves
    /// The share of those who left.
    let share: Double
    /// Where the model's own threshold stands.
    let chosen: Confusion

    /// Found against falsely named, from the strictest threshold to the loosest.
    var roc: Markup {
        let plot = Plot(
            id: "roc", title: "ROC curve",
            description: "The share of leavers named against the share of others named, for every threshold.",
            x: 0...1, y: 0...1)
        return plot.markup(.init(title: "of those who stayed, named by mistake"), .init()) {
            Drawing.line(plot.x(0), plot.y(0), plot.x(1), plot.y(1), .class("reference"))
            Drawing.curve(
                curves.roc.map { (plot.x($0.falsePositiveRate), plot.y($0.truePositiveRate)) }, .class("model line"))
            if let recall = chosen.recall, let specificity = chosen.specificity {
                Drawing.dot(
                    plot.x(1 - specificity), plot.y(recall), radius: 5, .class("chosen"), label: "the threshold")
            }
        }
    }

    /// Right among the named against found among the leavers.
    var precisionRecall: Markup {
        let plot = Plot(
            id: "pr", title: "Precision-recall curve",
            description: "The share of the named who left against the share of leavers named, for every threshold.",
            x: 0...1, y: 0...1)
        return plot.markup(.init(title: "of those who left, named"), .init()) {
            Drawing.line(plot.x(0), plot.y(share), plot.x(1), plot.y(share), .class("reference"))
            Drawing.curve(curves.pr.map { (plot.x($0.recall), plot.y($0.precision)) }, .class("model line"))
            if let recall = chosen.recall, let precision = chosen.precision {
                Drawing.dot(plot.x(recall), plot.y(precision), radius: 5, .class("chosen"), label: "the threshold")
            }
        }
    }

    /// What was said against what happened, in ten groups of equal count.
    var calibration: Markup {
        let bins = curves.calibration
        let intervals = bins.map { Interval.share($0.churnShare * Double($0.count), of: Double($0.count)) }
        let highest = max(
            bins.map(\.meanProbability).max() ?? 0, intervals.compactMap { $0?.upperBound }.max() ?? 0, 0.01)
        let end = min(1, RoundNumber.atLeast(highest / 5) * (highest / RoundNumber.atLeast(highest / 5)).rounded(.up))
        let plot = Plot(
            id: "calibration", title: "Calibration",
            description: "The share that left against the mean probability stated, in ten groups of equal count.",
            x: 0...end, y: 0...end)
        return plot.markup(.init(title: "chance stated"), .init()) {
            Drawing.line(plot.x(0), plot.y(0), plot.x(end), plot.y(end), .class("reference"))
            for (bin, interval) in zip(bins, intervals) {
                let place = plot.x(bin.meanProbability)
                if let interval {
                    Drawing.line(
                        place, plot.y(interval.lowerBound), place, plot.y(interval.upperBound), .class("whisker"))
                }
                Drawing.dot(
                    place, plot.y(bin.churnShare), radius: 4.5, .class("model fill"),
                    label: "stated \(Format.percent(bin.meanProbability)), left \(Format.percent(bin.churnShare))")
            }
        }
    }

    /// The probabilities of those who left and those who stayed.
    func scores(threshold: Double) -> Markup {
        let outline = StepOutline(
            edges: (0...curves.histogram.count).map { Double($0) / Double(max(curves.histogram.count, 1)) },
            stayed: curves.histogram.map(\.stayed), churned: curves.histogram.map(\.churned))
        let plot = Plot(
            id: "scores", title: "Probabilities by outcome",
            description: "How the stated probabilities lie among those who left and those who stayed.", x: 0...1,
            y: 0...outline.peak * 1.08)
        return plot.markup(.init(title: "chance stated"), .init()) {
            outline.markup(plot.x, plot.y)
            Drawing.line(plot.x(threshold), plot.y.start, plot.x(threshold), plot.y.end, .class("threshold"))
            Drawing.text(
                "threshold", plot.x(threshold) + (threshold < 0.7 ? 5 : -5), plot.y.end + 10,
                threshold < 0.7 ? .class("note") : .class("note end"))
        }
    }

    /// The share that left in each tenth, the highest probabilities first.
    var deciles: Markup {
        let highest = max(curves.deciles.map(\.churnShare).max() ?? 0, 0.01)
        let count = Double(max(curves.deciles.count, 1))
        let plot = Plot(
            id: "deciles", title: "Gains by tenth",
            description:
                "The share that left in each tenth of the customers, those with the highest probability first.",
            x: 0...count, y: 0...min(1, highest * 1.1))
        let names = Plot.Axis(
            title: "tenth of the customers, highest chance first", ticks: (0..<Int(count)).map { Double($0) + 0.5 },
            label: { Format.count(Int($0) + 1) })
        return plot.markup(names, .init()) {
            for (place, bin) in curves.deciles.enumerated() {
                let left = plot.x(Double(place) + 0.12)
                Drawing.bar(
                    left, plot.y(bin.churnShare), plot.x(Double(place) + 0.88) - left,
                    plot.y.start - plot.y(bin.churnShare), .class("model fill"),
                    label: "\(Format.percent(bin.churnShare)) of \(Format.count(bin.count)) left")
            }
            Drawing.line(plot.x.start, plot.y(share), plot.x.end, plot.y(share), .class("reference"))
            Drawing.text("all: \(Format.percent(share))", plot.x.end, plot.y(share) - 5, .class("note end"))
        }
    }
}
