/// What stands in for a value that was not given.
public enum MissingPolicy: String, Sendable, CaseIterable {
    /// The number 0.
    case zero
    /// The mean of the training rows: the feature then contributes nothing.
    case mean
    /// A level of its own, learnt from the training rows that had none; categories only.
    case level
    /// Nothing: a row without the value is refused.
    case refuse
}
