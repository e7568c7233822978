// Package lawdata holds the law: its text, as a folder of files that people read and mend (docs/law-format.md), and the book compiled from
// them, which is embedded. After a change of the text run go generate ./lawdata; a test compares the two.
package lawdata

import (
	"embed"
	"io/fs"

	"lodestone/internal/law"
	"lodestone/internal/lawfile"
)

//go:generate go run ./gen

//go:embed book.bin
var book []byte

//go:embed acts cases lists tariffs vocab assessed.yaml
var text embed.FS

// Text is the folder of law files that the book was compiled from.
func Text() fs.FS { return text }

// Files loads the embedded book. It holds neither cases nor witnesses; those stand in the text only.
func Files() (law.Files, error) { return lawfile.Decode(book) }
