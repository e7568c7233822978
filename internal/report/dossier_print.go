package report

import (
	"bytes"
	"encoding/json"
	"io"
)

// DossierRow is a row on its way into a dossier.
type DossierRow struct {
	Answer  Document `json:"answer,omitempty"`
	Given   *Given   `json:"given,omitempty"`
	Legend  *Legend  `json:"legend,omitempty"`
	Refused *Refused `json:"refused,omitempty"`
}

// dossierPrinter writes a DossierRow a line.
type dossierPrinter struct{}

func (dossierPrinter) Open(w io.Writer) (io.Writer, error) { return w, nil }
func (dossierPrinter) Between() string                     { return "" }
func (dossierPrinter) Close(io.Writer, *Summary) error     { return nil }

func (dossierPrinter) Row(b *bytes.Buffer, d *Determination) error {
	return AppendLine(b, &DossierRow{Answer: d.AppendJSON(nil), Given: d.Given, Legend: d.Legend})
}

func (dossierPrinter) Refused(b *bytes.Buffer, r *Refused) error {
	return AppendLine(b, &DossierRow{Refused: r})
}

// Line is the row as a line of a dossier.
func (r *DossierRow) Line() (DossierLine, error) {
	l := DossierLine{Answer: r.Answer, Refused: r.Refused}
	if r.Refused != nil {
		return l, nil
	}
	l.Determination = &Determination{}
	if err := json.Unmarshal(r.Answer, l.Determination); err != nil {
		return l, err
	}
	l.Determination.Given, l.Determination.Legend = r.Given, r.Legend
	if r.Given != nil {
		l.Facts = r.Given.Facts
	}
	return l, nil
}
