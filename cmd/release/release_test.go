package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestLicenceOf(t *testing.T) {
	for want, text := range map[string]string{
		"Apache-2.0":   "Apache License\n   Version 2.0, January 2004",
		"MIT":          "Permission is hereby granted, free of charge, to any\nperson obtaining a copy",
		"BSD-3-Clause": "Redistribution and use in source and binary forms, with or without … * Neither the name of",
		"BSD-2-Clause": "Redistribution and use in source and binary forms, with or without modification",
		"MPL-2.0":      "Mozilla Public License Version 2.0",
		"":             "All rights reserved.",
	} {
		if got := licenceOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWriteBill(t *testing.T) {
	var a, b bytes.Buffer
	modules := []module{{path: "example.org/x", version: "v1.2.3", sum: "h1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", licence: "MIT"}, {path: "std", version: "1.26.0"}}
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := writeBill(w, "v1", modules); err != nil {
			t.Fatal(err)
		}
	}
	var got bill
	if err := json.Unmarshal(a.Bytes(), &got); err != nil || a.String() != b.String() {
		t.Fatal(err, "or two bills of one release differ")
	}
	if x := got.Components[0]; x.PURL != "pkg:golang/example.org/x@v1.2.3" || x.Licences[0].Licence.ID != "MIT" || !strings.HasPrefix(x.Hashes[0].Content, "000102") {
		t.Errorf("%+v", x)
	}
	if x := got.Components[1]; x.Hashes != nil || x.Licences[0].Licence.Name == "" {
		t.Errorf("%+v", x)
	}
}

func TestReleaseRefuses(t *testing.T) {
	var out bytes.Buffer
	if err := release(t.TempDir(), "v1; rm", "", &out); err == nil || !strings.Contains(err.Error(), "no version") {
		t.Error(err)
	}
	if err := release(t.TempDir(), "v1", "plan9/mips", &out); err == nil || !strings.Contains(err.Error(), "plan9/mips") {
		t.Error(err)
	}
}

// TestMain runs the tests in the root of the module, as the program is run.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
