import Learning
import Testing

@Suite(.disabled(if: ReferenceData.isMissing, "the folder shared/data is not beside the package"))
struct TelcoTests {
    private let bytes: [UInt8]

    init() throws { bytes = try #require(ReferenceData.bytes("telco.csv")) }

    @Test func `four numeric columns give the weights of the unpenalised reference`() throws {
        let layout = CSVLayout(
            label: "Churn", positive: "Yes", id: "customerID",
            features: ["tenure", "MonthlyCharges", "TotalCharges", "SeniorCitizen"])
        let table = try RawTable(csv: bytes.span, layout)
        var settings = SchemaSettings()
        settings.missing["TotalCharges"] = .zero
        let encoded = EncodedTable(table, try table.schema(settings))
        let fit = try LogisticFit(encoded, labels: table.labels, rows: Array(0..<Int32(table.count)), lambda: 0)
        print(fit.parameters, fit.solution.iterations, fit.solution.gradient, fit.solution.value)
    }
}
