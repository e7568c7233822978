package tables

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The library that reads Parquet believes what a file says of its own sizes. Here they are checked first: the footer and the headers of the pages
// are walked (they are written in Thrift's compact form), and no list, text or page may claim more than stands in the file or than is sensible.

// Limits on a Parquet file.
const (
	maxFooter     = 64 << 20
	maxFacts      = 8 << 20 // values in a footer
	maxPage       = 1 << 28 // bytes of a page, unpacked
	maxPageValues = 1 << 26
	maxNested     = 30
)

var errNoThrift = errors.New("its description is damaged or cut off")

// CheckParquet looks at the sizes in a file before the library reads it.
func CheckParquet(r io.ReaderAt, size int64) error {
	tail := make([]byte, 8)
	if size < 12 {
		return errNoThrift
	}
	if _, err := r.ReadAt(tail, size-8); err != nil {
		return err
	}
	n := int64(binary.LittleEndian.Uint32(tail))
	switch {
	case string(tail[4:]) != "PAR1":
		return errors.New("is cut off, or encrypted")
	case n > size-12 || n > maxFooter:
		return fmt.Errorf("its description claims to be %d bytes long", n)
	}
	footer := make([]byte, n)
	if _, err := r.ReadAt(footer, size-8-n); err != nil {
		return err
	}
	t := thrift{data: footer, left: maxFacts}
	meta := t.structure(0)
	if t.failed {
		return errNoThrift
	}
	for _, group := range meta.field(4).list {
		for _, column := range group.field(1).list {
			if err := checkPages(r, size, column.field(3)); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkPages walks the headers of the pages of a column in a row group.
func checkPages(r io.ReaderAt, size int64, column value) error {
	at, left := column.field(9).n, column.field(7).n
	if d := column.field(11).n; d > 0 && d < at {
		at = d
	}
	if at < 0 || left < 0 || at > size || left > size-at {
		return errors.New("a column claims to lie beyond the end of the file")
	}
	var head []byte
	for left > 0 {
		const most = 64 << 10 // bytes of a header, which holds the least and the greatest value
		head = append(head[:0], make([]byte, min(most, size-at))...)
		if _, err := r.ReadAt(head, at); err != nil && err != io.EOF {
			return err
		}
		t := thrift{data: head, left: 1000}
		page := t.structure(0)
		unpacked, packed := page.field(2).n, page.field(3).n
		values := max(page.field(5).field(1).n, page.field(7).field(1).n, page.field(8).field(1).n)
		if t.failed || packed < 0 || packed > size || unpacked < 0 {
			return errNoThrift
		}
		if unpacked > maxPage || values > maxPageValues {
			return fmt.Errorf("a page of %d bytes with %d values is more than is read", unpacked, values)
		}
		at, left = at+int64(t.at)+packed, left-int64(t.at)-packed
		if at > size {
			return errNoThrift
		}
	}
	return nil
}

// value is a value of Thrift: a number, a list, or a structure. Texts are passed over.
type value struct {
	n      int64
	list   []value
	fields map[int64]value
}

func (v value) field(id int64) value { return v.fields[id] }

// thrift reads the compact form.
type thrift struct {
	data   []byte
	at     int
	left   int // values that may still come
	failed bool
}

func (t *thrift) octet() byte {
	if t.at >= len(t.data) {
		t.failed = true
		return 0
	}
	t.at++
	return t.data[t.at-1]
}

func (t *thrift) uvarint() uint64 {
	n, size := binary.Uvarint(t.data[min(t.at, len(t.data)):])
	if size <= 0 {
		t.failed = true
		return 0
	}
	t.at += size
	return n
}

func (t *thrift) varint() int64 {
	n := t.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (t *thrift) skip(n uint64) {
	if n > uint64(len(t.data)-t.at) {
		t.failed = true
		return
	}
	t.at += int(n)
}

func (t *thrift) structure(depth int) (v value) {
	var id int64
	for !t.failed {
		head := t.octet()
		if head == 0 {
			return v
		}
		if delta := head >> 4; delta > 0 {
			id += int64(delta)
		} else {
			id = t.varint()
		}
		if v.fields == nil {
			v.fields = map[int64]value{}
		}
		if kind := head & 15; kind > 2 { // a truth is in the head
			v.fields[id] = t.value(kind, depth+1)
		}
	}
	return v
}

func (t *thrift) value(kind byte, depth int) (v value) {
	if t.left--; t.left < 0 || depth > maxNested {
		t.failed = true
		return v
	}
	switch kind {
	case 1, 2, 3:
		v.n = int64(t.octet())
	case 4, 5, 6:
		v.n = t.varint()
	case 7:
		t.skip(8)
	case 8:
		t.skip(t.uvarint())
	case 9, 10:
		head := t.octet()
		n := uint64(head >> 4)
		if n == 15 {
			n = t.uvarint()
		}
		if n > uint64(len(t.data)-t.at) { // every value takes a byte
			t.failed = true
		}
		for ; n > 0 && !t.failed; n-- {
			v.list = append(v.list, t.value(head&15, depth+1))
		}
	case 12:
		return t.structure(depth)
	default: // maps stand nowhere in Parquet
		t.failed = true
	}
	return v
}
