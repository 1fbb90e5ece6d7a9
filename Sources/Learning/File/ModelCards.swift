/// The times that features and labels are counted over.
public struct Definition: Sendable, Equatable {
    /// Features look back so far from a date.
    public var windowDays: Int
    /// The label looks ahead so far.
    public var horizonDays: Int
    /// Who was seen so shortly before the date is a customer.
    public var activeDays: Int

    public init(windowDays: Int, horizonDays: Int, activeDays: Int) {
        self.windowDays = windowDays
        self.horizonDays = horizonDays
        self.activeDays = activeDays
    }
}

/// What was kept from a calibration on rows that the fit did not see; weights and intercept already include it.
package struct Calibration: Sendable, Equatable {
    package var slope: Double
    package var intercept: Double
    package var logLossGain: Double
    package var standardError: Double

    package init(slope: Double, intercept: Double, logLossGain: Double, standardError: Double) {
        self.slope = slope
        self.intercept = intercept
        self.logLossGain = logLossGain
        self.standardError = standardError
    }
}

/// How large weights were held down.
package struct Penalty: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case none, l2, l1, elasticnet
    }

    package var kind: Kind
    package var lambda: Double
    /// The share of the absolute values in the penalty.
    package var l1Ratio = 0.0
    /// Whether the best λ was the smallest or largest tried.
    package var isAtGridEdge = false

    package init(lambda: Double, l1Ratio: Double = 0, isAtGridEdge: Bool = false) {
        kind = lambda == 0 ? .none : l1Ratio == 0 ? .l2 : l1Ratio == 1 ? .l1 : .elasticnet
        self.lambda = lambda
        self.l1Ratio = lambda == 0 ? 0 : l1Ratio
        self.isAtGridEdge = isAtGridEdge
    }
}

/// How the fit ended.
package struct SolverReport: Sendable, Equatable {
    package var iterations: Int
    /// The largest component of the gradient, by size.
    package var gradient: Double

    package init(iterations: Int, gradient: Double) {
        self.iterations = iterations
        self.gradient = gradient
    }
}

/// Which data a model was trained on.
package struct DataCard: Sendable, Equatable {
    package enum Source: String, Sendable {
        case csv, database, simulation
    }

    package var source: Source
    /// The columns of a CSV that said what became of whom; nil for other sources.
    package var label: String?
    package var positive: String?
    package var id: String?
    package var rows: Int
    package var customers: Int
    package var churned: Int
    /// The SHA-256 of the data's bytes, in hexadecimal.
    package var sha256: String

    package init(
        source: Source, label: String? = nil, positive: String? = nil, id: String? = nil, rows: Int, customers: Int,
        churned: Int, sha256: String
    ) {
        self.source = source
        self.label = label
        self.positive = positive
        self.id = id
        self.rows = rows
        self.customers = customers
        self.churned = churned
        self.sha256 = sha256
    }
}

/// How rows were parted into those that the fit saw and those that judged it.
package struct Split: Sendable, Equatable {
    /// Rows, customers and churners of one part.
    package struct Part: Sendable, Equatable {
        /// As `YYYY-MM-DD`; empty where the data has no dates.
        package var dates: [String]
        package var rows: Int
        package var customers: Int
        package var churned: Int

        package init(dates: [String] = [], rows: Int, customers: Int, churned: Int) {
            self.dates = dates
            self.rows = rows
            self.customers = customers
            self.churned = churned
        }
    }

    package var train: Part
    /// Nil where folds take the place of the two.
    package var validation: Part?
    package var test: Part?
    package var embargoDays: Int?
    /// Quality is out-of-fold over so many folds; the model is the fit on all rows.
    package var folds: Int?

    package init(train: Part, validation: Part? = nil, test: Part? = nil, embargoDays: Int? = nil, folds: Int? = nil) {
        self.train = train
        self.validation = validation
        self.test = test
        self.embargoDays = embargoDays
        self.folds = folds
    }
}
