package report

import (
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Field is a named value, and Fields an object whose keys keep their order.
type Field struct {
	Name  string
	Value any
}

// Fields print as one JSON object.
type Fields []Field

// AppendNumbers adds a document with numbers in it to b as compact JSON. It differs from encoding/json in three things that statistics need:
// a number that is not known (NaN) or has no bound prints as null, an empty list as [], and Fields as an object in their order.
func AppendNumbers(b []byte, doc any) ([]byte, error) { return appendValue(b, reflect.ValueOf(doc)) }

// WriteNumbers prints documents one a line.
func WriteNumbers[T any](w io.Writer, docs []T) error {
	var b []byte
	for i := range docs {
		var err error
		if b, err = AppendNumbers(b[:0], &docs[i]); err != nil {
			return err
		}
		if _, err := w.Write(append(b, '\n')); err != nil {
			return err
		}
	}
	return nil
}

var (
	fieldsType = reflect.TypeFor[Fields]()
	textType   = reflect.TypeFor[encoding.TextMarshaler]()
)

func appendValue(b []byte, v reflect.Value) ([]byte, error) {
	if !v.IsValid() {
		return append(b, "null"...), nil
	}
	if v.Type() == fieldsType {
		return appendFields(b, v.Interface().(Fields))
	}
	if v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface && v.Type().Implements(textType) {
		text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		return appendString(b, string(text)), err
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return appendValue(b, v.Elem())
	case reflect.Struct:
		return appendStruct(b, v)
	case reflect.Slice, reflect.Array:
		return appendList(b, v)
	case reflect.Map:
		return appendMap(b, v)
	case reflect.Float64, reflect.Float32:
		return appendFloat(b, v.Float()), nil
	case reflect.String:
		return appendString(b, v.String()), nil
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.AppendUint(b, v.Uint(), 10), nil
	}
	return b, fmt.Errorf("a %s has no place in a document", v.Type())
}

func appendFloat(b []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(b, "null"...)
	}
	text, _ := json.Marshal(x) // a finite number always marshals
	return append(b, text...)
}

func appendFields(b []byte, fields Fields) (_ []byte, err error) {
	b = append(b, '{')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, f.Name), ':')
		if b, err = appendValue(b, reflect.ValueOf(f.Value)); err != nil {
			return b, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return append(b, '}'), nil
}

func appendStruct(b []byte, v reflect.Value) ([]byte, error) {
	b, _, err := appendMembers(append(b, '{'), v, "")
	return append(b, '}'), err
}

// appendMembers adds the exported fields of a struct, those of embedded ones among them.
func appendMembers(b []byte, v reflect.Value, sep string) (_ []byte, _ string, err error) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case !field.IsExported(), tag == "-", strings.HasPrefix(options, "omit") && v.Field(i).IsZero(),
			strings.HasPrefix(options, "omitempty") && empty(v.Field(i)):
			continue
		case field.Anonymous && tag == "" && field.Type.Kind() == reflect.Struct:
			if b, sep, err = appendMembers(b, v.Field(i), sep); err != nil {
				return b, sep, err
			}
			continue
		case tag == "":
			tag = field.Name
		}
		b = append(appendString(append(b, sep...), tag), ':')
		if b, err = appendValue(b, v.Field(i)); err != nil {
			return b, sep, fmt.Errorf("%s: %w", tag, err)
		}
		sep = ","
	}
	return b, sep, nil
}

func empty(v reflect.Value) bool {
	return (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

func appendList(b []byte, v reflect.Value) (_ []byte, err error) {
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendValue(b, v.Index(i)); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func appendMap(b []byte, v reflect.Value) (_ []byte, err error) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, fmt.Sprint(k)), ':')
		if b, err = appendValue(b, v.MapIndex(k)); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}
