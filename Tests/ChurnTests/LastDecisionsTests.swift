import Churn
import TestSupport
import Testing

struct LastDecisionsTests {
    @Test(arguments: [17] as [UInt64])
    func `what is remembered of many customers is right, and most of it is remembered`(seed: UInt64) {
        var decisions = LastDecisions()
        var truth: [Int: Bool] = [:]
        var random = SeededGenerator(seed: seed)
        var known = 0, seen = 0
        for row in 0..<600_000 {
            let customer = Int.random(in: 0..<100_000, using: &random)
            let churn = Bool.random(using: &random)
            let before = decisions.replace(decisions.find(Array("C-\(customer)".utf8).span), id(row), churn)
            if let before {
                known += 1
                #expect(before == truth[customer])
            }
            if truth.updateValue(churn, forKey: customer) != nil { seen += 1 }
        }
        #expect(known > seen * 97 / 100)
    }

    @Test func `a decision that comes late is not the last one, and what was before it is not known`() {
        var decisions = LastDecisions()
        let customer = Array("a".utf8)
        #expect(decisions.replace(decisions.find(customer.span), id(1), false) == nil)
        #expect(decisions.replace(decisions.find(customer.span), id(3), true) == false)
        #expect(decisions.replace(decisions.find(customer.span), id(2), false) == nil)
        #expect(decisions.replace(decisions.find(customer.span), id(4), false) == true)
    }

    @Test func `of two decisions of one instant neither is the last one`() {
        var decisions = LastDecisions()
        let customer = Array("a".utf8)
        #expect(decisions.replace(decisions.find(customer.span), id(1), false) == nil)
        #expect(decisions.replace(decisions.find(customer.span), PredictionID(bits: id(1).bits + 1), true) == nil)
        #expect(decisions.replace(decisions.find(customer.span), id(2), true) == nil)
        #expect(decisions.replace(decisions.find(customer.span), id(3), true) == true)
    }

    @Test func `a decision that comes late is not remembered where a later one may have been forgotten`() {
        var decisions = LastDecisions()
        let (customer, other) = (Array("a".utf8), Array("b".utf8))
        decisions.pass(id(2))
        #expect(decisions.replace(decisions.find(customer.span), id(1), true) == nil)
        #expect(decisions.replace(decisions.find(customer.span), id(3), true) == nil)
        #expect(decisions.replace(decisions.find(customer.span), id(4), true) == true)
        decisions.forget()
        #expect(decisions.replace(decisions.find(other.span), id(6), true) == nil)
        #expect(decisions.replace(decisions.find(customer.span), id(5), true) == nil)
        #expect(decisions.replace(decisions.find(customer.span), id(7), true) == nil)
    }
}
