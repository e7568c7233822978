package fact

import (
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"lodestone/internal/vocab"
)

// What is a line's own and not part of what it says its thing is and is for.
var linesOwn = []string{
	"ID", "Line", "Parent", "Origin", "MadeIn", "TechOrigin", "From", "Destination", "Recipient", "Consignee", "EndUser", "Exporter", "Shipment", "Listed", "Loaded",
	"Owned", "ShipDate", "DeclarationDate", "Quantity", "Value", "Unit", "Currency", "ValueIsUnit", "Licence", "FromFlag", "DestinationFlag", "Answers", "Extra",
	"unitValue", "pending",
}

// Every field of an item, and of what its lists hold, is either a line's own or told apart by what is said: a new one must be thought about.
func TestAllThatIsSaidIsToldApart(t *testing.T) {
	said := func(it Item) string { return string(it.AppendSaid(nil)) }
	base := Item{
		Description: "magnet", Mentions: []vocab.Mention{{Kind: 1, Start: 0, End: 6}}, Contents: []Content{{Element: 1}}, Params: []Param{{ID: 1}},
	}
	told := func(field string, change func(it *Item)) {
		it := base.Clone()
		change(&it)
		own := slices.Contains(linesOwn, field)
		if differs := said(it) != said(base); differs == own {
			t.Errorf("%s: a line's own %v, told apart %v", field, own, differs)
		}
	}
	typ := reflect.TypeFor[Item]()
	for i := range typ.NumField() {
		field := typ.Field(i).Name
		if field == "Description" || field == "Mentions" || field == "Contents" || field == "Params" {
			continue
		}
		told(field, func(it *Item) { setSomething(reflect.ValueOf(it).Elem().Field(i)) })
	}
	told("no description", func(it *Item) { it.Description, it.Mentions = "", nil })
	told("words of a mention", func(it *Item) { it.Mentions[0].End = 5 })
	told("kind", func(it *Item) { it.Mentions[0].Kind = 2 })
	told("a second mention", func(it *Item) { it.Mentions = append(it.Mentions, it.Mentions[0]) })
	more := base.Clone()
	if more.Description += ", art. 7"; said(more) != said(base) {
		t.Error("words of which nothing was read are told apart")
	}
	for i := range reflect.TypeFor[Content]().NumField() {
		told("Contents."+reflect.TypeFor[Content]().Field(i).Name, func(it *Item) { setSomething(reflect.ValueOf(&it.Contents[0]).Elem().Field(i)) })
	}
	for i := range reflect.TypeFor[Param]().NumField() {
		told("Params."+reflect.TypeFor[Param]().Field(i).Name, func(it *Item) { setSomething(reflect.ValueOf(&it.Params[0]).Elem().Field(i)) })
	}
}

// setSomething gives a field another value than it has.
func setSomething(v reflect.Value) {
	v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem() // also where it is not exported
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("x")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Array:
		v.Index(0).SetUint('X')
	case reflect.Struct:
		for i := range v.NumField() {
			setSomething(v.Field(i))
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(3)
	default:
		v.SetUint(3)
	}
}
