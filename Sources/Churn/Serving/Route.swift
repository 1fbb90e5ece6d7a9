import Bytes
import HTTP

/// Every route of the service.
///
/// The raw value is a position in tables that have a line for every route. `other` stands for all unknown paths, so that
/// what a stranger sends never becomes a label in the metrics.
enum Route: Int, CaseIterable {
    case predict, live, ready, metrics, history, summary, customers, champion, models, openapi, index, prediction, model
    case customerEvents
    case other

    /// The path, with the name of its parameter in braces; the label of the route in the metrics.
    var template: StaticString {
        switch self {
        case .predict: "/predict"
        case .live: "/health/live"
        case .ready: "/health/ready"
        case .metrics: "/metrics"
        case .history: "/history"
        case .summary: "/history/summary"
        case .customers: "/customers"
        case .champion: "/model"
        case .models: "/models"
        case .openapi: "/openapi.json"
        case .index: "/"
        case .prediction: "/predict/{id}"
        case .model: "/models/{version}"
        case .customerEvents: "/customers/{id}/events"
        case .other: "other"
        }
    }

    /// The methods it takes.
    var allow: MethodSet { self == .predict ? .post : [.get, .head] }

    /// The scopes any of which opens it, where the service asks for keys; none is for everybody.
    ///
    /// Who predicts may look at the model's inputs and ask again for a prediction whose id it was told. Metrics hold no
    /// customer's value, but tell how much goes on. Health is for balancers, the description for whoever writes a client.
    var scopes: ScopeSet {
        switch self {
        case .predict: .predict
        case .prediction, .champion: [.predict, .read]
        case .history, .summary, .customers, .customerEvents, .models, .model: .read
        case .metrics: .admin
        case .live, .ready, .openapi, .index, .other: []
        }
    }

    /// Finds the route of a path.
    ///
    /// A parameter is one segment that is not empty.
    static func match(_ path: Span<UInt8>) -> Route {
        let candidate: Route? =
            switch path.count {
            case 1: .index
            case 6: .champion
            case 7: .models
            case 8: path.equals(Route.predict.template) ? .predict : path[1] == 0x6D ? .metrics : .history
            case 10: .customers
            case 12: .live
            case 13: path[1] == 0x68 ? .ready : .openapi
            case 16: .summary
            default: nil
            }
        if let candidate, path.equals(candidate.template) { return candidate }
        if hasOneSegment(path, after: "/predict/") { return .prediction }
        if hasOneSegment(path, after: "/models/") { return .model }
        if hasOneSegment(path, after: "/customers/", before: "/events") { return .customerEvents }
        return .other
    }

    /// The route that a refused request asked for; `other` where that is not known.
    init(_ line: RefusedLine, of bytes: borrowing ByteBuffer) {
        self = line.path.map { .match(bytes.span.extracting($0)) } ?? .other
    }

    /// The bytes of the parameter within `path`; empty for a route without one.
    func parameter(in path: Range<Int>) -> Range<Int> {
        switch self {
        case .prediction: path.lowerBound + 9..<path.upperBound
        case .model: path.lowerBound + 8..<path.upperBound
        case .customerEvents: path.lowerBound + 11..<path.upperBound - 7
        default: path.upperBound..<path.upperBound
        }
    }

    private static func hasOneSegment(
        _ path: Span<UInt8>, after prefix: StaticString, before suffix: StaticString = ""
    ) -> Bool {
        let first = prefix.utf8CodeUnitCount
        let end = path.count - suffix.utf8CodeUnitCount
        guard end > first, path.equals(0..<first, prefix), path.equals(end..<path.count, suffix) else { return false }
        for offset in first..<end where path[offset] == 0x2F { return false }
        return true
    }
}
