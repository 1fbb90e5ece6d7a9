/// How certain the effects of a model are: from a refit without a penalty, whose errors allow for customers with many rows.
///
/// Under a penalty such intervals would cover far less than they promise, and rows of one customer are not independent.
package struct Inference: Sendable, Equatable {
    /// The effects of one feature: one of a number, one a level of a category.
    package struct Effects: Sendable, Equatable {
        package var feature: String
        /// Nil for a level whose effect the data cannot tell from others.
        package var terms: [WaldTerm?]
    }

    /// Why there is none; nil if there is.
    package var reason: String?
    /// How many independent customers the errors stand on.
    package var customers: Int
    /// In schema order; empty if there is a reason.
    package var effects: [Effects]

    package init(reason: String? = nil, customers: Int, effects: [Effects] = []) {
        self.reason = reason
        self.customers = customers
        self.effects = effects
    }
}
