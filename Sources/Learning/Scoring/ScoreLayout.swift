/// Where the id and the features of a model are in the records of a table.
package struct ScoreLayout: Sendable, Equatable {
    package let id: Int
    /// The name of the column that holds the id.
    package let idName: String
    /// The place of each feature of the schema.
    package let places: [Int]
    /// The number of fields of a record.
    package let width: Int

    /// - Parameter id: the name of the column with the id.
    /// - Throws: naming the column that is not there.
    package init(_ header: CSVHeader, _ schema: FeatureSchema, id: String) throws(CSVError) {
        self.id = try header.index(of: id)
        idName = id
        var places: [Int] = []
        for feature in schema.features { places.append(try header.index(of: feature.name)) }
        self.places = places
        width = header.names.count
    }
}
