package tables

import (
	"io"

	"lodestone/internal/ingest/declared"
	"lodestone/internal/ingest/markup"
)

// rootOf is the first element of an XML or HTML document; empty: it is none.
func rootOf(head []byte) string { return markup.Root(head) }

// openXML opens a document by its first element, or says what it is.
func (t *Table) openXML(root string, r io.Reader) error {
	if declared.Known(root) {
		d, err := declared.Read(t.Name, r)
		if err != nil {
			return err
		}
		return t.openMaterials(d)
	}
	switch root {
	case "DecMessage":
		return t.openDeclaration(r)
	case "html", "HTML", "table":
		return t.unreadable(0, "open it in a spreadsheet and save it as XLSX or CSV", "is an HTML page, as some systems name XLS")
	case "Workbook":
		return t.unreadable(0, "open it in a spreadsheet and save it as XLSX or CSV", "is an XML spreadsheet of 2003")
	}
	return t.unreadable(0, "single-window declarations (DecMessage), material declarations (IPC-1752, IEC 62474), or the table as CSV or XLSX", "is an XML document <%s> that is not read", clip(root))
}
