import TestSupport
import Testing

extension EndToEnd {
    struct LoadTests {
        private let stand: CommandStand

        init() throws { stand = try CommandStand() }

        private static let header = "customer_id,occurred_at,kind,service,amount\n"

        private func events(_ condition: String = "true") throws -> Int {
            Int(try stand.psql.value("SELECT count(*) FROM events WHERE \(condition)")) ?? -1
        }

        @Test func `the same file twice changes nothing`() throws {
            let path = try stand.file("a.csv", Self.header + "1,2026-01-01,purchase,app,5\n2,2026-01-02,usage,app,\n")
            let first = try stand.run("load", path)
            #expect(first.exit == .code(0) && first["status"] == .string("done"))
            #expect(first["inserted"] == .number(2) && first["watermark"] == .string("2026-01-02T00:00:00Z"))
            let revisions = try stand.psql.rows("SELECT * FROM event_days ORDER BY day")
            let file = first["files"]?[0]
            #expect(
                file?["sha256"]?.string
                    == (try output(of: ["sha256sum", path]).split(separator: " ").first.map(String.init)))
            #expect(file?["first_event"] == .string("2026-01-01T00:00:00Z") && file?["rejects_file"] == .null)

            let second = try stand.run("load", path)
            #expect(second.exit == .code(10) && second["status"] == .string("unchanged"))
            #expect(second["files"]?[0]?["status"] == .string("unchanged"))
            #expect(second["files"]?[0]?["load_id"] == file?["load_id"])
            #expect(try events() == 2)
            #expect(try stand.psql.rows("SELECT * FROM event_days ORDER BY day") == revisions)
        }

        @Test func `gzip, standard input and several files come to the same rows`() throws {
            let rows = (0..<5000).map {
                "C-\($0 % 700),2026-01-0\($0 % 9 + 1)T0\($0 % 10):00:00Z,purchase,app,\($0).50\n"
            }
            let text = Self.header + rows.joined()
            let plain = try stand.file("plain.csv", text)
            _ = try stand.run("load", plain)
            let expected = try stand.psql.rows(
                "SELECT customer_id, occurred_at, kind, service, amount FROM events ORDER BY 1, 2, 5")
            try write(try gzipped(Array(text.utf8)), toFile: "\(stand.folder.path)/packed.csv.gz")
            let piped = try CommandStand()
            let command = "cat \(stand.folder.path)/packed.csv.gz | \(churnBinary()) load - --json"
            _ = try output(of: ["sh", "-c", command], environment: ["DATABASE_URL": piped.database])
            #expect(
                try piped.psql.rows(
                    "SELECT customer_id, occurred_at, kind, service, amount FROM events ORDER BY 1, 2, 5")
                    == expected)
            let again = try output(of: ["sh", "-c", command], environment: ["DATABASE_URL": piped.database])
            #expect(again.contains(#""status":"unchanged""#))
            #expect(try piped.psql.value("SELECT count(*) FROM events") == "5000")
        }

        @Test func `lines that are no events are set aside with their reason and do not stop the load`() throws {
            let path = try stand.file(
                "bad.csv",
                Self.header + """
                    1,2020-01-01,purchase,x,"12,50"
                    2,2020-01-02,purchase,x,$3
                    3,2020-01-01,pur"chase,x,1
                    4,2020-01-01T03:00:00+03:00,purchase,"a ""b\""",1e2
                    5,2020-01-01,purchase
                    6,2999-01-01,purchase,x,1
                    ,2020-01-01,purchase,x,1
                    7,2020-01-01 10:00,purchase,x,-0.05
                    8,yesterday,purchase,x,1
                    9,2020-01-01,purchase,x,twelve
                    10,2020-01-01,purchase,"open,1
                    11,2020-02-01,usage,,

                    """)
            let refused = try stand.run("load", path)
            #expect(refused.exit == .code(65) && refused.errorCode == "too_many_rejects")
            #expect(try events() == 0)
            let run = try stand.run("load", path, "--max-rejects", "9")
            #expect(run.exit == .code(0) && run["rejected"] == .number(9) && run["inserted"] == .number(3))
            let rejects = "\(path).rejects"
            #expect(run["files"]?[0]?["rejects_file"] == .string(rejects))
            #expect(try output(of: ["stat", "-c", "%a", rejects]) == "600\n")
            let reasons = try output(of: ["cut", "-d", ",", "-f", "2-3", rejects]).split(separator: "\n").dropFirst()
            #expect(
                reasons == [
                    #"2,"amount has a comma: write 12.50"#, #"3,"amount has a currency sign: write the number alone""#,
                    #"4,"a quote in the middle of a field; a field with quotes is quoted"#,
                    #"6,"3 fields where the header has 5""#, #"7,"occurred_at is later than tomorrow""#,
                    #"8,"no customer_id""#, #"10,"occurred_at is no time such as 2026-11-22 or 2026-11-22T03:00:07Z""#,
                    #"11,"amount is no decimal number of at most 18 digits""#,
                    #"12,"the quote opened here is never closed""#,
                ])
            #expect(
                try stand.psql.rows("SELECT customer_id, occurred_at, kind, service, amount FROM events ORDER BY 1")
                    == [
                        "11|2020-02-01 00:00:00+00|usage||", #"4|2020-01-01 00:00:00+00|purchase|a "b"|100"#,
                        "7|2020-01-01 10:00:00+00|purchase|x|-0.05",
                    ])
            #expect(!refused.errors.contains("yesterday") && !run.errors.contains("twelve"))
        }

        @Test func `a file of which nothing is an event loads nothing, whatever is allowed`() throws {
            let path = try stand.file("none.csv", Self.header + "1,then,purchase,,\n")
            let run = try stand.run("load", path, "--max-rejects", "100%")
            #expect(run.exit == .code(65) && run.errorCode == "too_many_rejects")
            #expect(try stand.psql.value("SELECT count(*) FROM loads") == "0")
        }

        @Test func `events with an id are there once, lines without one as often as they were written`() throws {
            let line = "1,2026-01-01,purchase,5"
            let plain = try stand.file("plain.csv", "customer_id,occurred_at,kind,amount\n\(line)\n\(line)\n")
            #expect(try stand.run("load", plain)["inserted"] == .number(2))
            let header = "customer_id,occurred_at,kind,amount,event_id\n"
            let first = try stand.file("ids.csv", header + "\(line),e1\n\(line),e2\n\(line),e1\n\(line),\n\(line),\n")
            let run = try stand.run("load", first)
            #expect(run["inserted"] == .number(4) && run["duplicates"] == .number(1))
            // Of the same name, another checksum and the same day: without ids it would be refused.
            _ = try stand.file("ids.csv", header + "\(line),e2\n\(line),e3\n")
            let second = try stand.run("load", first)
            #expect(second["inserted"] == .number(1) && second["duplicates"] == .number(1))
            #expect(try events() == 7)
        }

        @Test func `an overlapping file of the same name is refused, or takes the place of the first`() throws {
            let path = try stand.file("a.csv", Self.header + "1,2026-01-01,purchase,,5\n1,2026-01-20,purchase,,5\n")
            #expect(try stand.run("load", path).exit == .code(0))
            _ = try stand.file("a.csv", Self.header + "1,2026-01-10,purchase,,5\n")
            let refused = try stand.run("load", path)
            #expect(refused.exit == .code(65) && refused.errorCode == "overlapping_load")
            #expect(refused.message?.contains("--replace") == true)
            #expect(try events() == 2)
            let replaced = try stand.run("load", path, "--replace")
            #expect(replaced["files"]?[0]?["status"] == .string("replaced"))
            #expect(replaced["watermark"] == .string("2026-01-10T00:00:00Z"))
            #expect(try events() == 1)
            #expect(
                try stand.psql.rows("SELECT day, revision FROM event_days ORDER BY day") == [
                    "2026-01-01|2", "2026-01-10|1", "2026-01-20|2",
                ])
            #expect(try stand.run("load", path, "--replace")["status"] == .string("unchanged"))
            // Of the same name and another time: the next month.
            _ = try stand.file("a.csv", Self.header + "1,2026-02-10,purchase,,5\n")
            #expect(try stand.run("load", path).exit == .code(0))
            #expect(try events() == 2)
        }

        @Test func `columns are found by the mapping, and one that is missing is named`() throws {
            let path = try stand.file("orders.csv", "CUST_NO,\"when, exactly\",SUM\n17,2026-01-01,5\n")
            let bare = try stand.run("load", path)
            #expect(bare.exit == .code(65) && bare.errorCode == "missing_column")
            #expect(bare.message?.contains("no column customer_id; there are CUST_NO, when, exactly, SUM") == true)
            let mapping = #"customer_id=CUST_NO,occurred_at="when, exactly",kind='purchase',amount=SUM"#
            #expect(try stand.run("load", path, "--mapping", mapping).exit == .code(0))
            #expect(try stand.psql.rows("SELECT customer_id, kind, amount FROM events") == ["17|purchase|5"])
            let other = try stand.run("load", path, "--mapping", mapping + ",service='shop'")
            #expect(other.exit == .code(65) && other.errorCode == "overlapping_load")
            #expect(try stand.run("load", path, "--mapping", "customer=a").exit == .code(64))
            #expect(try stand.run("load", "/no/such.csv").exit == .code(66))
        }

        @Test func `a person can say up to when a file is complete`() throws {
            let path = try stand.file("a.csv", Self.header + "1,2026-01-01,purchase,,5\n")
            #expect(
                try stand.run("load", path, "--complete-to", "2026-02-01")["watermark"]
                    == .string("2026-02-01T00:00:00Z"))
            let later = try stand.run("load", path, "--complete-to", "2026-03-01")
            #expect(later["status"] == .string("done") && later["watermark"] == .string("2026-03-01T00:00:00Z"))
            #expect(try stand.run("load", path, "--complete-to", "2026-03-01").exit == .code(10))
            #expect(try stand.run("load", path, "--complete-to", "2999-01-01").exit == .code(64))
        }

        @Test(.enabled(if: referenceFile("cdnow.csv") != nil, "needs the data sets of shared/data"))
        func `CDNOW has 69,659 purchases`() throws {
            let run = try stand.run(
                "load", try #require(referenceFile("cdnow.csv")), "--rejects", "\(stand.folder.path)/r")
            #expect(run["inserted"] == .number(69_659) && run["rejected"] == .number(0))
            #expect(run["watermark"] == .string("1998-06-30T00:00:00Z"))
            #expect(
                try stand.psql.value("SELECT count(*), sum(amount), count(DISTINCT customer_id) FROM events")
                    == "69659|2500315.63|23570")
        }
    }
}
