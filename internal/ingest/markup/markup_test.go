package markup

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func read(text string, most int64) (*Element, error) {
	d := NewDecoder(strings.NewReader(text), most)
	start, err := d.Next()
	if err != nil {
		return nil, err
	}
	return d.Element(start)
}

func TestEncodings(t *testing.T) {
	const body = `<a><品名 x="1"> 磁铁 </品名></a>`
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(`<?xml version="1.0" encoding="GB18030"?>` + body)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(`<?xml version="1.0" encoding="UTF-16"?>` + body)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"utf-8": body, "mark": "\xef\xbb\xbf" + body, "gb18030": gb, "utf-16": utf16} {
		e, err := read(text, 1000)
		if err != nil || e.Of("品名") != "磁铁" || e.Child("品名").Get("X") != "1" {
			t.Errorf("%s: %+v %v", name, e, err)
		}
		if root := Root([]byte(text)); root != "a" {
			t.Errorf("%s: root %q", name, root)
		}
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`: "document type or entities",
		`<a>&x;</a>`:                                   "invalid character entity",
		strings.Repeat("<a>", 200):                     "more than 100 deep",
		"<a>" + strings.Repeat("x", 2000):              "larger than may be read",
		"<?xml version='1.0' encoding='klingon'?><a/>": "save the document as UTF-8",
		"<a><b></a>":                                   "syntax error",
		"":                                             "EOF",
		`<a><b>` + strings.Repeat("y", 10):             "unexpected EOF",
	} {
		if _, err := read(text, 1000); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.50s: %v", text, err)
		}
	}
	if Root([]byte("id,hs\n1,2\n")) != "" || Root(nil) != "" || Root([]byte("<")) != "" {
		t.Error("what is no XML has no root")
	}
}
