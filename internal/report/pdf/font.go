package pdf

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

//go:embed font/wqy-microhei.ttf.gz
var packedFont []byte

// theFont is the font, unpacked when the first document is begun and not before: most runs of the program print none.
var theFont = sync.OnceValues(func() (*font, error) {
	z, err := gzip.NewReader(bytes.NewReader(packedFont))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	f := &font{data: data}
	if f.segments, err = segments(data); err != nil {
		return nil, fmt.Errorf("the font carried by the program: %w", err)
	}
	return f, nil
})

// font is a TrueType font and the letters that it has.
type font struct {
	data     []byte
	segments []segment
}

// segment is a run of letters that the font has.
type segment struct{ from, to rune }

// has says whether the font has a letter.
func (f *font) has(r rune) bool {
	for _, s := range f.segments {
		if r <= s.to {
			return r >= s.from
		}
	}
	return false
}

var errFont = errors.New("its table of letters cannot be read")

// segments reads the runs of letters of the table cmap, in format 4 as all fonts for the web have it. The runs are in order.
func segments(data []byte) ([]segment, error) {
	cmap, err := table(data, "cmap")
	if err != nil || len(cmap) < 4 {
		return nil, errFont
	}
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		at := 4 + 8*i
		if len(cmap) < at+8 {
			return nil, errFont
		}
		sub := cmap[min(int(binary.BigEndian.Uint32(cmap[at+4:])), len(cmap)):]
		if len(sub) < 16 || binary.BigEndian.Uint16(sub) != 4 {
			continue
		}
		n := int(binary.BigEndian.Uint16(sub[6:])) / 2
		if len(sub) < 16+4*n {
			return nil, errFont
		}
		var runs []segment
		for k := range n {
			to, from := binary.BigEndian.Uint16(sub[14+2*k:]), binary.BigEndian.Uint16(sub[16+2*n+2*k:])
			if from != 0xffff { // the last run only ends the table
				runs = append(runs, segment{rune(from), rune(to)})
			}
		}
		return runs, nil
	}
	return nil, errFont
}

// table finds a table of a font by its tag.
func table(data []byte, tag string) ([]byte, error) {
	if len(data) < 12 {
		return nil, errFont
	}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		at := 12 + 16*i
		if len(data) < at+16 {
			break
		}
		if string(data[at:at+4]) != tag {
			continue
		}
		from, long := int(binary.BigEndian.Uint32(data[at+8:])), int(binary.BigEndian.Uint32(data[at+12:]))
		if from+long > len(data) {
			break
		}
		return data[from : from+long], nil
	}
	return nil, errFont
}

// Lacks lists the letters of a text that the font has not, each once.
func Lacks(text string) (letters []rune, err error) {
	f, err := theFont()
	if err != nil {
		return nil, err
	}
	for _, r := range text {
		if r >= ' ' && !f.has(r) && !slices.Contains(letters, r) {
			letters = append(letters, r)
		}
	}
	return letters, nil
}
