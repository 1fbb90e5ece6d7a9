import Bytes
import Learning

/// The report of a judged model: one HTML file that needs nothing beside it.
package enum ReportPage {
    /// The file's bytes, UTF-8; the same model and rows give the same bytes.
    package static func html(_ judged: JudgedModel) -> [UInt8] {
        var buffer = ByteBuffer(capacity: 1 << 17)
        buffer.append("<!DOCTYPE html>\n")
        page(judged).write(into: &buffer)
        buffer.append(byte: 0x0A)
        return buffer.bytes
    }

    private static func page(_ judged: JudgedModel) -> Markup {
        let title = "Churn model \(judged.model.version): who leaves, and how well it is foreseen"
        let features = FeatureFindings(judged)
        return Tag.html(Attribute("lang", "en")) {
            Tag.head {
                Tag.meta(Attribute("charset", "utf-8"))
                Tag.meta(Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1"))
                Tag.meta(Attribute("name", "color-scheme"), Attribute("content", "light dark"))
                Tag.title(Markup(title))
                Tag.style(.styleSheet(StyleSheet.text))
            }
            Tag.body {
                SummarySection(judged, features).markup
                navigation
                Tag.main {
                    DataSection(judged).markup
                    QualitySection(judged).markup
                    GateSection(judged).markup
                    CurvesSection(judged).markup
                    ThresholdSection(judged).markup
                    RecencySection(judged).markup
                    EffectsSection(features).markup
                    DistributionSection(features).markup
                    CategorySection(features).markup
                    UnusedSection(judged).markup
                    LimitsSection(judged).markup
                }
                footer(judged)
            }
        }
    }

    /// The parts for the analyst, by id.
    package static let sections = [
        ("data", "Data"), ("quality", "Quality"), ("gate", "Gate"), ("curves", "Curves"), ("thresholds", "Thresholds"),
        ("recency", "Recency"), ("effects", "Effects"), ("features", "Features"), ("categories", "Categories"),
        ("unused", "Unused"), ("limits", "Limits"),
    ]

    private static var navigation: Markup {
        Tag.nav(Attribute("aria-label", "Parts of the report")) {
            for (id, name) in sections { Tag.a(Markup(name), .href(toID: id)) }
        }
    }

    private static func footer(_ judged: JudgedModel) -> Markup {
        Tag.footer {
            Tag.p {
                "Model \(Tag.code(Markup(judged.modelName)))"
                if let madeAt = judged.madeAt { ". Report made at \(madeAt)" }
                ". Intervals are 95 %."
            }
        }
    }
}
