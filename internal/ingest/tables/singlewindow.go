package tables

import (
	_ "embed"
	"io"
	"strconv"
	"strings"
	"sync"

	"lodestone/internal/fact"
	"lodestone/internal/ingest/markup"
	"lodestone/internal/ingest/sheets"
	"lodestone/internal/vocab"
)

//go:embed singlewindow.txt
var singleWindowCodes string

// customsCodes are the codes of declarations, by kind and code.
var customsCodes = sync.OnceValue(func() map[[2]string]string {
	m := map[[2]string]string{}
	for line := range strings.Lines(singleWindowCodes) {
		if f := strings.Fields(line); len(f) == 3 && f[0] != "#" {
			m[[2]string{f[0], f[1]}] = f[2]
		}
	}
	return m
})

// maxDeclaration bounds a declaration, which is read whole: its licences stand behind its items.
const maxDeclaration = 64 << 20

// declarationColumns are the columns that a declaration is read into: the tag of the item or its head, and the column it is.
var declarationColumns = []struct{ tag, id string }{
	{"GNo", "id"}, {"CodeTS", "hs"}, {"GName", "description"}, {"GModel", "description"}, {"GQty", "quantity"}, {"GUnit", "unit"},
	{"DeclTotal", "value"}, {"DeclPrice", "unit_value"}, {"TradeCurr", "currency"}, {"OriginCountry", "origin"}, {"From", "from"},
	{"DestinationCountry", "destination"}, {"TradeMode", "procedure"}, {"LicenseNo", "licence_held"}, {"EntryId", "shipment"},
	{"Exporter", "exporter"}, {"Consignee", "consignee"}, {"DDate", "declaration_date"}, {"IEDate", "ship_date"},
	{"TradeMode code", ""}, {"GUnit code", ""}, {"FirstQty", ""}, {"FirstUnit", ""}, {"SecondQty", ""}, {"SecondUnit", ""}, {"NetWt", ""}, {"CustomMaster", ""},
}

// openDeclaration reads an export or import declaration of the Chinese single window: its items, with what the head says of all of them.
func (t *Table) openDeclaration(r io.Reader) error {
	t.Format = Declaration
	d := markup.NewDecoder(r, maxDeclaration)
	start, err := d.Next()
	var root *markup.Element
	if err == nil {
		root, err = d.Element(start)
	}
	if err != nil {
		return t.unreadable(d.Line(), "export it again", "the declaration cannot be read: %v", err)
	}
	items := root.Child("DecLists")
	if items == nil || len(items.Children) == 0 {
		return t.unreadable(root.Line, "export it with its goods", "the declaration has no items (DecLists)")
	}
	for _, c := range declarationColumns {
		column := Column{Heading: c.tag, ID: c.id, Number: -1}
		if n, ok := fact.ColumnNumber(c.id); ok {
			column.Number = n
		}
		t.Columns = append(t.Columns, column)
	}
	t.rows = &gridRows{table: t, rows: &declarationRows{v: t.v, root: root, head: root.Child("DecHead"), items: items.Children}, width: len(t.Columns)}
	return nil
}

// declarationRows gives the items of a declaration; the number of a row is that of the item in the file.
type declarationRows struct {
	v     *vocab.Vocab
	root  *markup.Element
	head  *markup.Element
	items []*markup.Element
	at    int
	cells []string
}

func (d *declarationRows) Close() error { return nil }

func (d *declarationRows) Next() (sheets.Row, error) {
	if d.at == len(d.items) {
		return sheets.Row{}, io.EOF
	}
	item := d.items[d.at]
	d.at++
	d.cells = d.cells[:0]
	for _, c := range declarationColumns {
		d.cells = append(d.cells, d.cell(item, c.tag))
	}
	return sheets.Row{Number: d.at, Cells: d.cells}, nil
}

// cell is what a declaration says in one column of an item.
func (d *declarationRows) cell(item *markup.Element, tag string) string {
	code := item.Of(tag)
	head := d.head
	export := !strings.EqualFold(head.Of("IEFlag"), "I")
	switch tag {
	case "GNo":
		return d.number(code)
	case "GUnit":
		return customsCodes()[[2]string{"unit", code}]
	case "GUnit code":
		return item.Of("GUnit")
	case "TradeCurr":
		if s, ok := customsCodes()[[2]string{"currency", code}]; ok {
			return s
		}
	case "OriginCountry":
		return d.country(code)
	case "DestinationCountry":
		if !export {
			return "CN"
		}
		return d.country(code)
	case "From":
		if !export {
			return d.country(head.Of("TradeCountry"))
		}
		return "CN"
	case "TradeMode":
		return customsCodes()[[2]string{"mode", head.Of("TradeMode")}]
	case "TradeMode code":
		return head.Of("TradeMode")
	case "LicenseNo":
		return d.licence()
	case "EntryId":
		return first(head, "EntryId", "PreEntryId", "SeqNo")
	case "Exporter":
		if export {
			return first(head, "TradeName", "OwnerName")
		}
		return first(head, "OverseasConsignorEname", "OverseasConsignorCname")
	case "Consignee":
		if export {
			return first(head, "OverseasConsigneeEname", "OverseasConsigneeCname")
		}
		return first(head, "TradeName", "OwnerName")
	case "DDate", "IEDate":
		day, _, _ := strings.Cut(strings.ReplaceAll(head.Of(tag), "T", " "), " ")
		return day
	case "NetWt", "CustomMaster":
		return head.Of(tag)
	}
	return code
}

// number is that of the item, with the number of the declaration before it, so that items of several declarations stay apart.
func (d *declarationRows) number(own string) string {
	if own == "" {
		own = strconv.Itoa(d.at)
	}
	if entry := first(d.head, "EntryId", "PreEntryId", "SeqNo"); entry != "" {
		return entry + "-" + own
	}
	return own
}

// country reads the three letters that declarations name countries by, or the three digits of older ones. What is neither stays as it is, and the
// reader of facts says what is wrong with it.
func (d *declarationRows) country(code string) string {
	if s, ok := customsCodes()[[2]string{"country", code}]; ok {
		return s
	}
	for _, c := range d.v.Countries {
		if len(code) == 3 && strings.EqualFold(c.ISO3, code) {
			return c.Code
		}
	}
	return code
}

// licence names the licence that the declaration rests on: that for dual-use items before that for goods.
func (d *declarationRows) licence() string {
	goods := ""
	if docs := d.root.Child("DecLicenseDocus"); docs != nil {
		for _, doc := range docs.Children {
			no := strings.NewReplacer(";", " ", "；", " ", "=", " ").Replace(doc.Of("CertCode"))
			switch strings.ToLower(doc.Of("DocuCode")) {
			case "3": // licence for dual-use items and technologies
				return "no=" + no
			case "4", "x", "y": // export licence; of processing trade, of border trade
				goods = "kind=goods; no=" + no
			}
		}
	}
	if no := d.head.Of("LicenseNo"); goods == "" && no != "" {
		return "no=" + strings.NewReplacer(";", " ", "；", " ", "=", " ").Replace(no)
	}
	return goods
}

func first(e *markup.Element, names ...string) string {
	for _, n := range names {
		if s := e.Of(n); s != "" {
			return s
		}
	}
	return ""
}
