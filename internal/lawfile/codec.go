package lawfile

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"lodestone/internal/law"
)

// The encoding of a book follows the struct types, walked once. A struct is a number whose bits name the fields that are not empty, then
// those fields; a list or text its length, then its parts; a number is a varint; a map is sorted by key. Most fields of law data are
// empty, so this is small, and texts are slices of one string, so it is read quickly. Gob would not do: it drops a pointer to false
// (measures_read: false would come back as not said, which means true), orders maps at random, and reads books of older types in silence.

const (
	maxMemory = 256 << 20 // of a decoded book
	maxLevels = 64        // structs within one another
)

// codec writes and reads law.Files.
type codec struct {
	root   *shape
	layout []byte // digest of the types; eight bytes
}

var filesCodec = sync.OnceValue(func() *codec {
	shapes, description := map[reflect.Type]*shape{}, &strings.Builder{}
	root := shapeOf(reflect.TypeFor[law.Files](), shapes, description)
	sum := sha256.Sum256([]byte(description.String()))
	return &codec{root: root, layout: sum[:8]}
})

func (c *codec) write(w *writer, files *law.Files) error {
	return c.root.write(w, reflect.ValueOf(files).Elem())
}

func (c *codec) read(payload string, files *law.Files) error {
	r := reader{text: payload, memory: maxMemory}
	c.root.read(&r, reflect.ValueOf(files).Elem())
	if r.err == nil && r.text != "" {
		r.fail()
	}
	return r.err
}

// shape is how one type is written and read.
type shape struct {
	kind   reflect.Kind // Interface stands for a type that prints itself as text
	elem   *shape       // of pointers, lists and maps
	fields []field
	size   int
	typ    reflect.Type
}

type field struct {
	index int
	shape *shape
}

var leftOut = map[reflect.Type]bool{reflect.TypeFor[[]law.Facts](): true, reflect.TypeFor[[]law.Case](): true}

// shapeOf returns the shape of a type and describes the type the first time it is met.
func shapeOf(t reflect.Type, known map[reflect.Type]*shape, description *strings.Builder) *shape {
	if s := known[t]; s != nil {
		return s
	}
	s := &shape{kind: t.Kind(), size: int(t.Size()), typ: t}
	known[t] = s
	fmt.Fprintf(description, "%s %s;", t, t.Kind())
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		s.elem = shapeOf(t.Elem(), known, description)
	case reflect.Struct:
		if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
			s.kind = reflect.Interface
			break
		}
		for i := range t.NumField() {
			f := t.Field(i)
			if leftOut[f.Type] || f.Name == "Line" {
				continue
			}
			fmt.Fprintf(description, "%s %s,", f.Name, f.Type)
			s.fields = append(s.fields, field{i, shapeOf(f.Type, known, description)})
		}
	}
	return s
}

type writer struct{ bytes []byte }

func (w *writer) number(n uint64) { w.bytes = binary.AppendUvarint(w.bytes, n) }

func (w *writer) string(s string) {
	w.number(uint64(len(s)))
	w.bytes = append(w.bytes, s...)
}

func (s *shape) write(w *writer, v reflect.Value) error {
	switch s.kind {
	case reflect.Struct:
		return s.writeFields(w, v)
	case reflect.String:
		w.string(v.String())
	case reflect.Bool:
		w.number(map[bool]uint64{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int32:
		w.bytes = binary.AppendVarint(w.bytes, v.Int())
	case reflect.Pointer:
		return s.elem.write(w, v.Elem())
	case reflect.Slice:
		w.number(uint64(v.Len()))
		for i := range v.Len() {
			if err := s.elem.write(w, v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return s.writeMap(w, v)
	case reflect.Interface:
		text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		w.string(string(text))
		return err
	default:
		return fmt.Errorf("a book cannot hold a %s", s.typ)
	}
	return nil
}

func (s *shape) writeFields(w *writer, v reflect.Value) error {
	var mask uint64
	for bit, f := range s.fields {
		if !blank(v.Field(f.index)) {
			mask |= 1 << bit
		}
	}
	w.number(mask)
	for bit, f := range s.fields {
		if mask>>bit&1 == 1 {
			if err := f.shape.write(w, v.Field(f.index)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shape) writeMap(w *writer, v reflect.Value) error {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	w.number(uint64(len(keys)))
	for _, key := range keys {
		w.string(key.String())
		if err := s.elem.write(w, v.MapIndex(key)); err != nil {
			return err
		}
	}
	return nil
}

// blank says that a field need not be written. An empty list is as good as none.
func blank(v reflect.Value) bool {
	if k := v.Kind(); k == reflect.Slice || k == reflect.Map {
		return v.Len() == 0
	}
	return v.IsZero()
}

// reader takes values off the front of text. After an error it yields nothing but zeros.
type reader struct {
	text   string
	memory int // bytes that may still be allocated
	levels int
	err    error
}

func (r *reader) fail() {
	r.text = ""
	if r.err == nil {
		r.err = errors.New("the book is damaged: its contents do not fit its types")
	}
}

func (r *reader) number() uint64 {
	var n uint64
	for i := 0; i < len(r.text) && i < binary.MaxVarintLen64; i++ {
		b := r.text[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			r.text = r.text[i+1:]
			return n
		}
	}
	r.fail()
	return 0
}

// length reads the number of parts that follow, each of at least one byte here and of size bytes once read.
func (r *reader) length(size int) int {
	n := r.number()
	if n > uint64(len(r.text)) {
		r.fail()
		return 0
	}
	if r.memory -= int(n) * size; r.memory < 0 {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) string() string {
	n := r.length(0)
	s := r.text[:n]
	r.text = r.text[n:]
	return s
}

func (s *shape) read(r *reader, v reflect.Value) {
	switch s.kind {
	case reflect.Struct:
		s.readFields(r, v)
	case reflect.String:
		v.SetString(r.string())
	case reflect.Bool:
		v.SetBool(r.number() == 1)
	case reflect.Int, reflect.Int32:
		n := r.number()
		v.SetInt(int64(n>>1) ^ -int64(n&1))
	case reflect.Pointer:
		if r.memory -= s.elem.size; r.memory < 0 {
			r.fail()
			return
		}
		p := reflect.New(s.elem.typ)
		s.elem.read(r, p.Elem())
		v.Set(p)
	case reflect.Slice:
		s.readList(r, v)
	case reflect.Map:
		s.readMap(r, v)
	case reflect.Interface:
		if v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(r.string())) != nil {
			r.fail()
		}
	}
}

func (s *shape) readFields(r *reader, v reflect.Value) {
	mask := r.number()
	if r.levels++; r.levels > maxLevels || mask>>len(s.fields) != 0 {
		r.fail()
		return
	}
	for bit := 0; mask>>bit != 0; bit++ {
		if mask>>bit&1 == 1 {
			s.fields[bit].shape.read(r, v.Field(s.fields[bit].index))
		}
	}
	r.levels--
}

func (s *shape) readList(r *reader, v reflect.Value) {
	n := r.length(s.elem.size)
	if list, ok := v.Addr().Interface().(*[]string); ok { // most lists are of words
		*list = make([]string, n)
		for i := range *list {
			(*list)[i] = r.string()
		}
		return
	}
	v.Set(reflect.MakeSlice(s.typ, n, n))
	for i := range n {
		s.elem.read(r, v.Index(i))
	}
}

func (s *shape) readMap(r *reader, v reflect.Value) {
	n := r.length(s.elem.size)
	v.Set(reflect.MakeMapWithSize(s.typ, n))
	for range n {
		key, value := r.string(), reflect.New(s.elem.typ).Elem()
		s.elem.read(r, value)
		v.SetMapIndex(reflect.ValueOf(key), value)
	}
}
