/// A request for one customer with the four features of the demo model.
func customer(
    _ id: String, frequency: String = "1.5", check: String = "42.1", days: String = "12", services: String = "3"
) -> String {
    #"{"customer_id":"\#(id)","features":{"purchase_frequency":\#(frequency),"average_check":\#(check),"#
        + #""days_since_last_activity":\#(days),"services_used":\#(services)}}"#
}

func batch(_ instances: [String]) -> String { #"{"instances":[\#(instances.joined(separator: ","))]}"# }
