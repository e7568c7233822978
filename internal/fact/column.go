package fact

// The known columns of an item table, in the order of docs/columns.md. Their numbers are for the speed of Set only and are never stored.
const (
	colID = iota
	colParent
	colQuantity
	colUnit
	colDescription
	colHS
	colControlCode
	colComposition
	colForm
	colParams
	colOrigin
	colMadeIn
	colTechOrigin
	colValue
	colUnitValue
	colCurrency
	colFrom
	colDestination
	colConsignee
	colEndUser
	colEndUserKind
	colEndUse
	colKnowledge
	colShipDate
	colDeclarationDate
	colExporter
	colShipment
	colProcedure
	colRecipient
	colLicenceHeld
	colSupplier
	colUSLicence
)

var columns = [...]string{
	colID: "id", colParent: "parent", colQuantity: "quantity", colUnit: "unit", colDescription: "description", colHS: "hs",
	colControlCode: "control_code", colComposition: "composition", colForm: "form", colParams: "params", colOrigin: "origin",
	colMadeIn: "made_in", colTechOrigin: "tech_origin", colValue: "value", colUnitValue: "unit_value", colCurrency: "currency",
	colFrom: "from", colDestination: "destination", colConsignee: "consignee", colEndUser: "end_user",
	colEndUserKind: "end_user_kind", colEndUse: "end_use", colKnowledge: "knowledge", colShipDate: "ship_date",
	colDeclarationDate: "declaration_date", colExporter: "exporter", colShipment: "shipment", colProcedure: "procedure",
	colRecipient: "recipient_nationality", colLicenceHeld: "licence_held", colSupplier: "supplier",
	colUSLicence: "us_licence_required",
}

var columnNumbers = func() map[string]int {
	m := make(map[string]int, len(columns))
	for i, id := range columns {
		m[id] = i
	}
	return m
}()

// Columns lists the names of the known columns; the number of a column is its place here.
func Columns() []string { return columns[:] }

// ColumnNumber is the number of a known column, for Set. Headings in other spellings and languages are found by vocab.Column.
func ColumnNumber(id string) (int, bool) {
	n, ok := columnNumbers[id]
	return n, ok
}
