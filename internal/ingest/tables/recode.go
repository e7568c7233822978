package tables

import (
	"bytes"
	"io"

	"lodestone/internal/sentence"
	"lodestone/internal/vocab"
)

// Recode gives a text table as UTF-8 without a byte order mark, its encoding told from the first bytes as Open does. It is for tables whose
// columns are not those of items.
func Recode(name string, r io.Reader, v *vocab.Vocab) (io.Reader, error) {
	t := &Table{Name: name, v: v}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, t.unreadable(0, "", "cannot be read: %v", err)
	}
	head = head[:n]
	if what, remedy := foreign(head); what != "" {
		return nil, t.unreadable(0, remedy, "%s", sentence.Sentence{Format: what})
	}
	enc, err := t.encodingOf(head)
	if err != nil {
		return nil, err
	}
	return enc.reader(io.MultiReader(bytes.NewReader(head), r)), nil
}
