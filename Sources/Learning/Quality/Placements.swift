/// For each row the share of the other class that it outranks, ties counted half: what DeLong's variances are made of.
struct Placements {
    /// In the order of the rows; of a churner among those who stayed, and the share of churners above one who stayed.
    let values: [Double]

    /// - Precondition: both classes are there; no score is NaN.
    init(_ scores: [Double], _ labels: [Bool]) {
        let positives = labels.count { $0 }
        let negatives = labels.count - positives
        precondition(positives > 0 && negatives > 0, "placements need both classes")
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var values = [Double](repeating: 0, count: scores.count)
        var positivesAbove = 0
        var negativesBelow = negatives
        var first = 0
        while first < order.count {
            var end = first
            var tied = 0
            while end < order.count, scores[order[end]] == scores[order[first]] {
                if labels[order[end]] { tied += 1 }
                end += 1
            }
            let tiedNegatives = end - first - tied
            negativesBelow -= tiedNegatives
            let ofPositive = (Double(negativesBelow) + Double(tiedNegatives) / 2) / Double(negatives)
            let ofNegative = (Double(positivesAbove) + Double(tied) / 2) / Double(positives)
            for row in order[first..<end] { values[row] = labels[row] ? ofPositive : ofNegative }
            positivesAbove += tied
            first = end
        }
        self.values = values
    }
}
