package sheets

import (
	"bytes"
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// xlsWriter writes a BIFF8 stream in a compound file: enough of both for a fixture that reads well. The texts of the shared table are parted into
// CONTINUE records of a few bytes each, so that the reader meets all places where a text can be parted.
type xlsWriter struct {
	stream bytes.Buffer
	piece  int // most bytes of a record of shared texts
}

func (w *xlsWriter) record(id int, data []byte) {
	_ = binary.Write(&w.stream, binary.LittleEndian, []uint16{uint16(id), uint16(len(data))})
	w.stream.Write(data)
}

func le(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	return b.Bytes()
}

// unicodeText is a text with its length in front; narrow letters take one byte.
func unicodeText(s string, lengthOctets int, wide bool) []byte {
	units := utf16.Encode([]rune(s))
	var b []byte
	if lengthOctets == 1 {
		b = append(b, byte(len(units)))
	} else {
		b = append(b, le(uint16(len(units)))...)
	}
	if !wide {
		b = append(b, 0)
		for _, u := range units {
			b = append(b, byte(u))
		}
		return b
	}
	return append(append(b, 1), le(units)...)
}

// shared writes the table of shared texts. A letter is never parted; where a record ends within a text, the next begins with the flag.
func (w *xlsWriter) shared(texts []string) {
	rec, id := le(uint32(len(texts)), uint32(len(texts))), recSST
	flush := func() {
		w.record(id, rec)
		rec, id = nil, recContinue
	}
	for _, s := range texts {
		wide := false
		for _, r := range s {
			wide = wide || r > 0xff
		}
		head := unicodeText("", 2, wide)
		binary.LittleEndian.PutUint16(head, uint16(len(utf16.Encode([]rune(s)))))
		if len(rec)+len(head) > w.piece {
			flush()
		}
		rec = append(rec, head...)
		for _, u := range utf16.Encode([]rune(s)) {
			letter := []byte{byte(u)}
			if wide {
				letter = le(u)
			}
			if len(rec)+len(letter) > w.piece {
				flush()
				rec = append(rec, head[2])
			}
			rec = append(rec, letter...)
		}
	}
	flush()
}

// xlsFixture is a workbook with one hidden and one plain sheet; cells holds records of the latter.
func xlsFixture(texts []string, piece int, formats []string, cells func(w *xlsWriter)) []byte {
	globals := func(w *xlsWriter, offsets [2]uint32) {
		w.record(recBOF, le(uint16(0x0600), uint16(5), uint32(0), uint32(0), uint32(0)))
		for i, f := range formats {
			w.record(recFormat, append(le(uint16(164+i)), unicodeText(f, 2, true)...))
		}
		w.record(recXF, make([]byte, 20)) // style 0: general
		for i := range formats {
			w.record(recXF, append(le(uint16(0), uint16(164+i)), make([]byte, 16)...))
		}
		w.record(recBoundSheet, append(le(offsets[0], uint16(1)), unicodeText("hidden", 1, false)...))
		w.record(recBoundSheet, append(le(offsets[1], uint16(0)), unicodeText("物料", 1, true)...))
		w.shared(texts)
		w.record(recEOF, nil)
	}
	size := func() uint32 {
		w := &xlsWriter{piece: piece}
		globals(w, [2]uint32{})
		return uint32(w.stream.Len())
	}()
	w := &xlsWriter{piece: piece}
	globals(w, [2]uint32{size, size + 4 + 16 + 4})
	for range 2 {
		w.record(recBOF, le(uint16(0x0600), uint16(0x10), uint32(0), uint32(0), uint32(0)))
		if w.stream.Len() > int(size)+24 {
			cells(w)
		}
		w.record(recEOF, nil)
	}
	return compound("Workbook", w.stream.Bytes())
}

// compound puts one stream into a compound file of version 3: header, one directory sector, the stream, the table of sectors.
func compound(name string, stream []byte) []byte {
	const sector = 512
	for len(stream) < 4096 { // shorter streams would go into a mini stream
		stream = append(stream, 0)
	}
	n := (len(stream) + sector - 1) / sector
	fats := (n + 1 + sector/4) / (sector / 4)
	for (n + 1 + fats) > fats*sector/4 {
		fats++
	}
	header := le([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 16), uint16(0x3e), uint16(3), uint16(0xfffe), uint16(9), uint16(6), make([]byte, 6),
		uint32(0), uint32(fats), uint32(0), uint32(0), uint32(4096), uint32(0xfffffffe), uint32(0), uint32(0xfffffffe), uint32(0))
	for i := range 109 {
		at := uint32(math.MaxUint32)
		if i < fats {
			at = uint32(1 + n + i)
		}
		header = append(header, le(at)...)
	}
	entry := func(name string, kind byte, child, start uint32, size uint64) []byte {
		units := utf16.Encode([]rune(name))
		b := make([]byte, 64)
		copy(b, le(units))
		length := uint16(2*len(units) + 2)
		if name == "" {
			length = 0
		}
		return append(b, le(length, kind, byte(1), uint32(math.MaxUint32), uint32(math.MaxUint32), child, make([]byte, 36), start, size)...)
	}
	file := append(header, entry("Root Entry", 5, 1, 0xfffffffe, 0)...)
	file = append(file, entry(name, 2, math.MaxUint32, 1, uint64(len(stream)))...)
	file = append(file, entry("", 0, math.MaxUint32, 0, 0)...)
	file = append(file, entry("", 0, math.MaxUint32, 0, 0)...)
	file = append(file, stream...)
	file = append(file, make([]byte, n*sector-len(stream))...)
	table := []uint32{0xfffffffe} // the directory
	for i := range n {
		next := uint32(i + 2)
		if i == n-1 {
			next = 0xfffffffe
		}
		table = append(table, next)
	}
	for range fats {
		table = append(table, 0xfffffffd)
	}
	for len(table) < fats*sector/4 {
		table = append(table, math.MaxUint32)
	}
	return append(file, le(table)...)
}
