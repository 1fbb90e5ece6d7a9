import Glibc
import Linux
import Testing

@Suite struct ChildProcessTests {
    @Test func `the end of a program is known`() throws {
        #expect(try ChildProcess.run(.init("/bin/sh", ["-c", "exit 3"])) == .exited(3))
        #expect(try ChildProcess.run(.init("/bin/sh", ["-c", "kill -9 $$"])) == .killed(signal: SIGKILL))
    }

    @Test func `a program that does not exist is an error, not an exit code`() {
        #expect(throws: SystemError(code: ENOENT, call: "execve /no/such/program")) {
            _ = try ChildProcess.run(.init("/no/such/program"))
        }
    }

    @Test func `a program has the environment, the directory and the output it was given`() throws {
        let directory = try File.makeTemporaryDirectory("child")
        defer { try? File.removeTree(directory) }
        var command = ChildProcess.Command("/bin/sh", ["-c", "pwd; echo $A; echo $HOME; cat"], environment: ["A=b c"])
        command.directory = directory
        let output = try File.open("\(directory)/out", .create)
        #expect(try ChildProcess.run(command, output: output.number) == .exited(0))
        #expect(try File.readText("\(directory)/out") == "\(directory)\nb c\n\n")
    }

    @Test func `a program leads a session of its own when asked`() throws {
        let directory = try File.makeTemporaryDirectory("child")
        defer { try? File.removeTree(directory) }
        for isLeader in [true, false] {
            var command = ChildProcess.Command("/bin/sh", ["-c", "read a < /proc/self/stat; echo $a"])
            command.hasOwnSession = isLeader
            let output = try File.open("\(directory)/out", .replace)
            #expect(try ChildProcess.run(command, output: output.number) == .exited(0))
            // proc(5): id, (name), state, parent, group, session. `read` runs in the shell itself, so this is its id.
            let fields = try File.readText("\(directory)/out").split(separator: " ")
            #expect((fields[0] == fields[5]) == isLeader)
        }
    }

    @Test func `a child does not inherit our blocked and ignored signals`() throws {
        let source = try SignalSource([SIGUSR1])
        #expect(try ChildProcess.run(.init("/bin/sh", ["-c", "kill -USR1 $$"])) == .killed(signal: SIGUSR1))
        #expect(try ChildProcess.run(.init("/bin/sh", ["-c", "kill -PIPE $$"])) == .killed(signal: SIGPIPE))
        #expect(try source.next() == nil)
    }

    @Test func `the death signal comes when the starting thread ends`() throws {
        let mailbox = try Mailbox<Handoff<ChildProcess>>()
        let thread = try Thread(named: "parent") {
            var command = ChildProcess.Command("/bin/sleep", ["1000"])
            command.deathSignal = SIGINT
            if let child = try? ChildProcess(command) { mailbox.post(Handoff(child)) }
        }
        thread.join()
        let child = try #require(mailbox.take().first).take()
        #expect(try child.wait() == .killed(signal: SIGINT))
    }

    @Test(.enabled(if: User.effectiveIdentifier == 0))
    func `a child of root takes another user, and the death signal survives that`() throws {
        let nobody = try #require(try User.named("nobody"))
        let directory = try File.makeTemporaryDirectory("child")
        defer { try? File.removeTree(directory) }
        let output = try File.open("\(directory)/out", .create)
        var command = ChildProcess.Command(
            "/bin/sh", ["-c", "id -u; id -g; id -G"], environment: ["PATH=/usr/bin:/bin"])
        command.user = nobody
        #expect(try ChildProcess.run(command, output: output.number) == .exited(0))
        #expect(
            try File.readText("\(directory)/out") == "\(nobody.identifier)\n\(nobody.group)\n\(nobody.group)\n")

        let mailbox = try Mailbox<Handoff<ChildProcess>>()
        let thread = try Thread(named: "parent") {
            var command = ChildProcess.Command("/bin/sleep", ["1000"])
            command.deathSignal = SIGINT
            command.user = nobody
            if let child = try? ChildProcess(command) { mailbox.post(Handoff(child)) }
        }
        thread.join()
        let child = try #require(mailbox.take().first).take()
        #expect(try child.wait() == .killed(signal: SIGINT))
    }

    @Test func `a running program is not at its end`() throws {
        var child = try ChildProcess(.init("/bin/sleep", ["1000"]))
        #expect(try child.poll() == nil)
        child.send(SIGTERM)
        #expect(try child.wait() == .killed(signal: SIGTERM))
    }

    @Test func `an unknown user is nil`() throws {
        #expect(try User.named("no such user") == nil)
        #expect(try User.named("root")?.identifier == 0)
    }
}
