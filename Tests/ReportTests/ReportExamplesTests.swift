import Glibc
import Learning
import Report
import TestSupport
import Testing

/// Reports to look at: written to the folder that `CHURN_REPORTS` names.
@Suite(.enabled(if: folder != nil, "CHURN_REPORTS names no folder"))
struct ReportExamplesTests {
    @Test func `a report on dates`() throws {
        try save(SampleReport.dated(customers: 12_000), "dated.html")
        let costs = Costs(customerValue: 200, offer: 10, contact: 1)
        try save(SampleReport.dated(customers: 12_000, costs: costs), "costs.html")
    }

    @Test func `a report on a file`() throws {
        let telco = contents(ofFile: repositoryFolder + "/../../shared/data/telco.csv")
        try #require(!telco.isEmpty)
        let layout = CSVLayout(label: "Churn", positive: "Yes", id: "customerID")
        try save(
            SampleReport.file(telco, layout, name: "telco.csv", missing: ["TotalCharges": .zero], lambda: 1e-4),
            "telco.html")
    }

    @Test func `a report on a small and hostile file`() throws {
        try save(SampleReport.small(number: "<script>alert(1)</script>", level: "\"><b>'gold'"), "small.html")
    }

    private func save(_ judged: JudgedModel, _ name: String) throws {
        try write(ReportPage.html(judged), toFile: try #require(folder) + "/" + name)
    }
}

private let folder: String? = unsafe getenv("CHURN_REPORTS").map { unsafe String(cString: $0) }
