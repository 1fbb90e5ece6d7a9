import Glibc
import TestSupport
import Testing

extension EndToEnd {
    struct LoadCrashTests {
        private static let rows = 400_000

        /// A load that was killed half-way has left nothing, holds no lock, and its memory did not grow with the file.
        @Test func `killed half-way and run again leaves exactly one copy`() throws {
            let stand = try CommandStand()
            let text = (0..<Self.rows).map { "C-\($0 % 9973),2026-01-01,purchase,app,\($0 % 100).25\n" }.joined()
            let path = try stand.file("events.csv", "customer_id,occurred_at,kind,service,amount\n" + text)
            _ = try stand.run("load", try stand.file("empty.csv", "customer_id,occurred_at,kind\n"))

            // A pipe that stays open when the file is through: the load waits for more.
            let pipe = "\(stand.folder.path)/pipe"
            unsafe mkfifo(pipe, 0o600)
            let feeder = try ChildProcess(["sh", "-c", "exec 3>\(pipe); cat \(path) >&3; exec sleep 600"])
            let load = try ChildProcess(
                [churnBinary(), "load", pipe, "--quiet"], environment: ["DATABASE_URL": stand.database])
            try eventually("half of the copy", within: 60) {
                let copied = try stand.psql.rows("SELECT tuples_processed FROM pg_stat_progress_copy")
                return copied.first.flatMap { Int($0) } ?? 0 > Self.rows / 2
            }
            let peak = try #require(peakKilobytes(load.pid))
            #expect(peak < 60_000, "\(peak) kB")
            load.send(SIGKILL)
            #expect(try load.waitForExit(within: 10) == .signal(SIGKILL))
            feeder.send(SIGKILL)

            #expect(try stand.psql.value("SELECT count(*) FROM events") == "0")
            #expect(try stand.run("load", path)["inserted"] == .number(Double(Self.rows)))
            #expect(try stand.run("load", path)["status"] == .string("unchanged"))
            #expect(try stand.psql.value("SELECT count(*) FROM events") == "\(Self.rows)")
        }

        private func peakKilobytes(_ pid: pid_t) -> Int? {
            let line = text(ofFile: "/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return line?.split(separator: " ").dropLast().last.flatMap { Int($0) }
        }
    }
}
