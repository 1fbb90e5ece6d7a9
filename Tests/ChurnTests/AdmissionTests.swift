import Churn
import Testing

/// A queue that stands is told from a burst by how long batches leave full.
struct AdmissionTests {
    private let patience = Admission.patienceNanoseconds

    @Test func `a burst is no overload`() {
        var admission = Admission()
        #expect(!admission.isOverloaded(now: 0))
        for now in 0..<9 { admission.batchLeft(isFull: true, now: now * patience / 10) }
        #expect(!admission.isOverloaded(now: patience - 1))
        admission.batchLeft(isFull: false, now: patience - 1)
        #expect(!admission.isOverloaded(now: 100 * patience))
    }

    @Test func `a few slow commits are no overload`() {
        var admission = Admission()
        for number in 1..<Admission.batchesMin { admission.batchLeft(isFull: true, now: number * patience) }
        #expect(!admission.isOverloaded(now: 100 * patience))
        admission.batchLeft(isFull: true, now: 101 * patience)
        #expect(admission.isOverloaded(now: 101 * patience))
    }

    @Test func `batches that leave full for long are overload, until one leaves with room`() {
        var admission = Admission()
        for now in 0...20 { admission.batchLeft(isFull: true, now: 7 + now * patience / 10) }
        #expect(admission.isOverloaded(now: 7 + patience))
        #expect(admission.isOverloaded(now: 7 + 2 * patience))
        admission.batchLeft(isFull: false, now: 8 + 2 * patience)
        #expect(!admission.isOverloaded(now: 8 + 2 * patience))
        admission.batchLeft(isFull: true, now: 9 + 2 * patience)
        #expect(!admission.isOverloaded(now: 9 + 2 * patience), "patience begins anew")
    }
}
