/// The loss of one row and its derivatives by the logit z, for an outcome y of 0 or 1.
///
/// loss = ln(1 + exp(z)) - y z; with e = exp(-|z|), whose exponent is never positive, nothing overflows or cancels:
/// loss = max(z, 0) - y z + ln(1 + e), p = 1 / (1 + e) or e / (1 + e) by the sign of z, curvature = e / (1 + e)².
/// There is no branch in it, so that a loop over rows computes several at once.
package struct LogisticLoss: Sendable, Equatable {
    package let loss: Double
    /// p - y.
    package let slope: Double
    /// p (1 - p).
    package let curvature: Double

    @inline(__always)
    package init(logit: Double, outcome: Double) {
        self.init(logit: logit, outcome: outcome, power: Self.power(logit))
    }

    /// - Parameter power: e, which a loop may have computed before.
    @inline(__always)
    init(logit: Double, outcome: Double, power: Double) {
        let inverse = 1 / (1 + power)
        let small = power * inverse
        loss = (logit > 0 ? logit : 0) - outcome * logit + Elementary.log1p(share: power)
        slope = (logit >= 0 ? inverse : small) - outcome
        curvature = small * inverse
    }

    /// e; beyond |z| = 700 what it is there.
    @inline(__always)
    static func power(_ logit: Double) -> Double {
        let size = logit.magnitude
        return Elementary.moderateExp(size < Elementary.moderateMax ? -size : -Elementary.moderateMax)
    }
}
