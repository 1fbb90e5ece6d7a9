import Churn
import Postgres
import Testing

struct StoredPageTests {
    @Test(arguments: [(1, 1), (2, 1), (1, Int32.max), (Int32.max, 1), (Int32.max, Int32.max)] as [(Int32, Int32)])
    func `a row comes with its writer, its model and its decision, whatever their numbers`(writer: Int32, model: Int32)
        throws
    {
        let rows = try StoredRows()
        try rows.store(id(1), "a", churn: false, writer: writer, model: model)
        try rows.store(id(2), "a", churn: true, writer: writer, model: model)
        try rows.store(id(3), "a", churn: true, writer: writer, model: model)
        var connection = try Connection(rows.database, as: .command)
        try StoredPage.prepare(&connection)
        let page = try StoredPage.read(.init(after: id(0), writers: [writer], limit: 9), &connection)
        #expect((0..<page.count).map { page.id($0) } == [id(1), id(2), id(3)])
        #expect((0..<page.count).map { page.writer($0) } == [writer, writer, writer])
        #expect((0..<page.count).map { page.model($0) } == [model, model, model])
        #expect((0..<page.count).map { page.churn($0) } == [false, true, true])
        #expect((0..<page.count).map { page.isAlert($0) } == [false, true, false])
    }
}
