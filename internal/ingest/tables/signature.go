package tables

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// container is a form of file that is no text, told from its first bytes.
type container uint8

const (
	plainText   container = iota
	zipped                // a workbook, or files in a zip
	oldXLS                // a compound file: an old workbook, or a document
	parquetFile           // Parquet
)

// containerOf tells which reader a file is for.
func containerOf(head []byte) container {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return zipped
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return oldXLS
	case bytes.HasPrefix(head, []byte("PAR1")):
		return parquetFile
	}
	return plainText
}

// foreign names a file that no reader is for, and says what to do with it.
func foreign(head []byte) (what, remedy string) {
	const asTable = "give the table itself: CSV, XLSX, XLS, JSON Lines or Parquet"
	for _, f := range []struct{ magic, what, remedy string }{
		{"PK\x07\x08", "is one part of a zip archive that was split", "join the parts and give the whole"},
		{"%PDF", "is a PDF document", "export the table that it was printed from: CSV or XLSX"},
		{"\x1f\x8b", "is compressed with gzip", "unpack it first: gzip -d"},
		{"BZh", "is compressed with bzip2", "unpack it first: bzip2 -d"},
		{"\xfd7zXZ\x00", "is compressed with xz", "unpack it first: xz -d"},
		{"\x28\xb5\x2f\xfd", "is compressed with zstd", "unpack it first: zstd -d"},
		{"7z\xbc\xaf\x27\x1c", "is a 7z archive", "unpack it first"},
		{"Rar!\x1a\x07", "is a RAR archive", "unpack it first"},
		{"\x89PNG\r\n\x1a\n", "is a picture (PNG)", asTable},
		{"\xff\xd8\xff", "is a picture (JPEG)", asTable},
		{"GIF8", "is a picture (GIF)", asTable},
		{"II*\x00", "is a picture (TIFF)", asTable},
		{"MM\x00*", "is a picture (TIFF)", asTable},
		{"SQLite format 3\x00", "is a SQLite database", "export the table as CSV"},
		{"ARROW1\x00\x00", "is an Arrow file", "write it as Parquet"},
		{"Obj\x01", "is an Avro file", "write it as Parquet or JSON Lines"},
		{"ORC", "is an ORC file", "write it as Parquet"},
		{"{\\rtf", "is a rich-text document", asTable},
		{"\x7fELF", "is a program", asTable},
		{"MZ", "is a program", asTable},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) && (len(f.magic) > 3 || noText(head)) {
			return f.what, f.remedy
		}
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return "is a tar archive", "unpack it first"
	}
	if noText(head) {
		return "is no text, and no form that is read: it begins with " + firstBytes(head), asTable
	}
	return "", ""
}

// noText says that bytes are no text in any of the encodings that are read: control characters that no text has, or bytes of no character.
func noText(head []byte) bool {
	if utf16Like(head) {
		return false
	}
	control := 0
	for _, b := range head {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1a && b != 0x1b {
			control++
		}
	}
	return control > 2 && control*100 > len(head)
}

// utf16Like says that a text has a byte order mark, or zeros in every other place, as Latin letters have in UTF-16.
func utf16Like(head []byte) bool {
	if bytes.HasPrefix(head, []byte(utf16LE.bom)) || bytes.HasPrefix(head, []byte(utf16BE.bom)) {
		return true
	}
	_, ok := unmarkedUTF16(head)
	return ok
}

// unmarkedUTF16 tells UTF-16 without a byte order mark by the zeros beside the signs of ASCII, which stand all on one side.
func unmarkedUTF16(head []byte) (textEncoding, bool) {
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i&1]++
		}
	}
	n := len(head) / 2
	switch {
	case n < 4:
	case zeros[1]*5 > n && zeros[0] == 0:
		return utf16LE, true
	case zeros[0]*5 > n && zeros[1] == 0:
		return utf16BE, true
	}
	return textEncoding{}, false
}

func firstBytes(head []byte) string {
	head = head[:min(len(head), 8)]
	if utf8.Valid(head) && !bytes.ContainsFunc(head, func(r rune) bool { return r < ' ' }) {
		return fmt.Sprintf("%q", head)
	}
	return fmt.Sprintf("% x", head)
}

// maxHeld bounds a file that has to be looked at from its end and comes from a pipe, so that it has to be held.
const maxHeld = 1 << 30

// openFile is a file on disk, or what stands for one.
type openFile interface {
	io.ReaderAt
	Stat() (fs.FileInfo, error)
}

// whole gives access to all of a file whose first bytes were read: the file itself, or what a pipe brings.
func whole(r io.Reader, head []byte) (io.ReaderAt, int64, error) {
	if f, ok := r.(openFile); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return f, info.Size(), nil
		}
	}
	data, err := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(head), r), maxHeld+1))
	if err == nil && len(data) > maxHeld {
		err = fmt.Errorf("more than %d MB come from a pipe; give the file by its name", maxHeld>>20)
	}
	return bytes.NewReader(data), int64(len(data)), err
}

// inZip says what a zip file that is no workbook seems to be.
func inZip(z *zip.Reader) (what, remedy string) {
	has := func(prefix string) bool {
		for _, f := range z.File {
			if strings.HasPrefix(f.Name, prefix) {
				return true
			}
		}
		return false
	}
	const save = "save it as XLSX or CSV"
	switch {
	case has("word/"):
		return "is a Word document", "give the table itself: CSV or XLSX"
	case has("ppt/"):
		return "is a PowerPoint document", "give the table itself: CSV or XLSX"
	case has("Index/"):
		return "is a Numbers document", save
	case has("META-INF/manifest.xml"):
		return "is an OpenDocument file", save
	}
	return "is a zip archive", "unpack it and give the files in it"
}
