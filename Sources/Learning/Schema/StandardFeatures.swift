/// The four features that are computed from events: in SQL for the database, by `Snapshot` for the simulator.
package enum StandardFeatures {
    /// In the order of a model's schema.
    package static let names = [
        "purchase_frequency", "average_check", "days_since_last_activity", "services_used",
    ]

    package static let titles: [String: Feature.Title] = [
        "purchase_frequency": Feature.Title(english: "Purchase frequency", russian: "Частота покупок"),
        "average_check": Feature.Title(english: "Average check", russian: "Средний чек"),
        "days_since_last_activity": Feature.Title(
            english: "Days since last activity", russian: "Дней с последней активности"),
        "services_used": Feature.Title(english: "Services used", russian: "Используемые сервисы"),
    ]

    package static let units = [
        "purchase_frequency": "purchases per 30 days", "average_check": "currency", "days_since_last_activity": "days",
        "services_used": "services",
    ]
}
