package lawfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"lodestone/internal/law"
)

// A book is the magic, the format, the layout of the types it was written from, the SHA-256 of what follows, and law.Files in the
// encoding of codec.go. Cases, witnesses and line numbers are left out: they prove the text and answer nothing.
const (
	magic      = "LODESTONE-BOOK"
	bookFormat = 1
	headerSize = len(magic) + 2 + 8 + sha256.Size
	maxBook    = 64 << 20
)

// ErrOldBook says that a book was written by a program with other types; compile it again.
var ErrOldBook = errors.New("the book was compiled by another version of the program; compile it again (go generate ./lawdata)")

// Encode compiles files into a book. The same files give the same bytes.
func Encode(files law.Files) ([]byte, error) {
	book := make([]byte, headerSize, 1<<20)
	w := writer{book}
	if err := filesCodec().write(&w, &files); err != nil {
		return nil, err
	}
	if len(w.bytes) > maxBook {
		return nil, fmt.Errorf("the book is larger than %d MiB", maxBook>>20)
	}
	header(w.bytes)
	return w.bytes, nil
}

// header fills in the header of a book.
func header(book []byte) {
	b := append(book[:0], magic...)
	b = binary.BigEndian.AppendUint16(b, bookFormat)
	b = append(b, filesCodec().layout...)
	sum := sha256.Sum256(book[headerSize:])
	_ = append(b, sum[:]...)
}

// Decode loads a book. A damaged one and one of another format are refused; errors.Is(err, ErrOldBook) tells the latter.
func Decode(book []byte) (law.Files, error) {
	var files law.Files
	if len(book) < headerSize || !bytes.HasPrefix(book, []byte(magic)) {
		return files, errors.New("this is no book of law")
	}
	if len(book) > maxBook {
		return files, fmt.Errorf("the book is larger than %d MiB", maxBook>>20)
	}
	head, payload := book[len(magic):headerSize], book[headerSize:]
	if sum := sha256.Sum256(payload); !bytes.Equal(sum[:], head[10:]) {
		return files, errors.New("the book is damaged: its bytes do not match their SHA-256")
	}
	if binary.BigEndian.Uint16(head) != bookFormat || !bytes.Equal(head[2:10], filesCodec().layout) {
		return files, ErrOldBook
	}
	if err := filesCodec().read(string(payload), &files); err != nil {
		return law.Files{}, err
	}
	return files, nil
}
