import Bytes
import Learning
import Testing

struct SimulatorTests {
    private func simulator(customers: Int, seed: UInt64) -> Simulator {
        Simulator(
            customers: customers, from: CivilTime(year: 2025, month: 1, day: 1),
            to: CivilTime(year: 2026, month: 1, day: 1), seed: seed)
    }

    @Test func `a customer is the same in any order and among any number of others`() {
        let few = simulator(customers: 10, seed: 3)
        let many = simulator(customers: 1_000, seed: 3)
        for number in (0..<10).reversed() { #expect(few.events(of: number) == many.events(of: number)) }
        #expect(few.events(of: 1) != few.events(of: 2))
        #expect(few.events(of: 1) != simulator(customers: 10, seed: 4).events(of: 1))
    }

    @Test func `events are in order, within the two days, and of their kinds`() {
        let shop = simulator(customers: 200, seed: 1)
        for number in 0..<200 {
            let events = shop.events(of: number)
            #expect(events.allSatisfy { $0.second >= shop.from * 86_400 && $0.second < shop.to * 86_400 })
            #expect(zip(events, events.dropFirst()).allSatisfy { $0.second <= $1.second })
            #expect(events.dropFirst().allSatisfy { $0.kind != .signup })
            for event in events {
                #expect((event.kind == .purchase) == (event.cents != nil))
                #expect((event.kind == .usage) == (event.service != nil))
            }
        }
    }

    @Test func `a snapshot counts what is before the date and nothing from it on`() throws {
        let definition = Definition(windowDays: 90, horizonDays: 30, activeDays: 30)
        let day = 20_000
        func event(_ daysBefore: Double, _ kind: CustomerEvent.Kind, _ service: Int?, _ cents: Int?) -> CustomerEvent {
            CustomerEvent(
                second: day * 86_400 - Int(daysBefore * 86_400), kind: kind, service: service, cents: cents)
        }
        var events = [
            event(91, .purchase, nil, 9_900), event(90, .purchase, nil, 1_000), event(50, .usage, 2, nil),
            event(20, .usage, 2, nil), event(12.5, .purchase, nil, 3_000),
        ]
        let snapshot = try #require(Snapshot(events, day: day, definition))
        #expect(snapshot.purchaseFrequency == 2.0 / 90 * 30)
        #expect(snapshot.averageCheck == 20)
        #expect(snapshot.daysSinceLastActivity == 12.5)
        #expect(snapshot.servicesUsed == 1)
        #expect(snapshot.churned)
        events.append(event(-30, .usage, 1, nil))
        #expect(Snapshot(events, day: day, definition) == snapshot)
        events.insert(event(0, .usage, 1, nil), at: 5)
        var expected = snapshot
        expected.churned = false
        #expect(Snapshot(events, day: day, definition) == expected)
        #expect(Snapshot([event(31, .purchase, nil, 100)], day: day, definition) == nil)
        #expect(try #require(Snapshot([event(5, .usage, 0, nil)], day: day, definition)).averageCheck == nil)
    }

    @Test func `the model that ships is the one that its command trains, to the byte`() throws {
        let shipped = try #require(ReferenceData.packageFile("Models/demo.json"))
        let file = try DemoModel.train().file
        #expect(file.bytes == shipped, "version \(file.version)")
        #expect(try ModelFile(reading: shipped).contents.horizonDays == 30)
    }

    @Test(arguments: [11, 12]) func `any seed gives a model worth showing`(seed: Int) throws {
        let shop = Simulator(
            customers: 2_500, from: CivilTime(year: 2025, month: 1, day: 1),
            to: CivilTime(year: 2026, month: 7, day: 1), seed: UInt64(seed))
        let result = try DemoModel.train(shop, seed: seed)
        let quality = result.file.contents.quality
        let high = try #require(quality.aucHigh)
        let low = try #require(quality.aucLow)
        #expect(low < 0.85 && high > 0.75, "\(low) to \(high)")
        let weights = result.standardised.map { $0[0] }
        #expect(weights[0] < -0.2 && weights[1] < 0 && weights[2] > 0.1 && weights[3] < -0.2, "\(weights)")
        let terms = try #require(result.file.contents.inference?.effects).map { $0.terms[0] }
        #expect(terms.allSatisfy { abs($0?.z ?? 0) > 2 }, "within two standard errors of 0: \(terms)")
        #expect(result.file.contents.features.allSatisfy { $0.unused == nil })
        #expect(try ModelFile(reading: result.file.bytes).contents == result.file.contents)
    }
}
