package main

import (
	"cmp"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// module is a module whose code is in a binary.
type module struct {
	path, version string
	sum           string // h1 digest of the module's files, as go.sum has it; empty: the Go library
	licence       string // SPDX; empty: not recognised
	texts         []text
}

// text is a licence or notice as the module carries it.
type text struct{ name, text string }

// modulesOf lists the modules in the binaries, each once, with their licences. One without a licence is an error: it must not be given out.
func modulesOf(dir string, files []string) ([]module, error) {
	found := map[string]module{}
	for _, name := range files {
		info, err := buildinfo.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		found["std"] = module{path: "std", version: strings.TrimPrefix(info.GoVersion, "go")}
		for _, d := range info.Deps {
			if d.Replace != nil {
				d = d.Replace
			}
			found[d.Path] = module{path: d.Path, version: d.Version, sum: d.Sum}
		}
	}
	var list []module
	for _, path := range slices.Sorted(maps.Keys(found)) {
		m := found[path]
		if err := m.read(); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		list = append(list, m)
	}
	return list, nil
}

// read finds the licence of a module where Go keeps it.
func (m *module) read() error {
	dir, err := m.dir()
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !licenceFile.MatchString(e.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		m.texts = append(m.texts, text{e.Name(), string(b)})
		m.licence = cmp.Or(m.licence, licenceOf(string(b)))
	}
	if m.texts == nil {
		return errors.New("has no licence file")
	}
	return nil
}

func (m *module) dir() (string, error) {
	if m.path == "std" {
		out, err := exec.Command("go", "env", "GOROOT").Output()
		return strings.TrimSpace(string(out)), err
	}
	out, err := exec.Command("go", "mod", "download", "-json", m.path+"@"+m.version).Output()
	if err != nil {
		return "", err
	}
	var got struct{ Dir string }
	err = json.Unmarshal(out, &got)
	return got.Dir, err
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|unlicense)([.-].*)?$`)

// licenceOf tells a licence by sentences that only its text has.
func licenceOf(text string) string {
	plain := strings.Join(strings.Fields(text), " ")
	has := func(words string) bool { return strings.Contains(plain, words) }
	switch {
	case has("Apache License") && has("Version 2.0"):
		return "Apache-2.0"
	case has("Mozilla Public License") && has("2.0"):
		return "MPL-2.0"
	case has("Redistribution and use in source and binary forms") && (has("Neither the name") || has("names of its contributors may")):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("Permission is hereby granted, free of charge, to any person obtaining a copy"):
		return "MIT"
	case has("Permission to use, copy, modify, and/or distribute this software") || has("Permission to use, copy, modify, and distribute this software"):
		return "ISC"
	}
	return ""
}

// writeLicences writes the licences of all modules, and of what the repository itself carries, one after another.
func writeLicences(w io.Writer, modules []module) error {
	carried := []struct{ name, file string }{{"Lodestone", "LICENSE"}, {"WenQuanYi Micro Hei (font of PDF files)", "internal/report/pdf/font/LICENSE"}}
	for _, c := range carried {
		b, err := os.ReadFile(c.file)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "==== %s\n\n%s\n\n", c.name, strings.TrimSpace(string(b))); err != nil {
			return err
		}
	}
	for _, m := range modules {
		for _, t := range m.texts {
			if _, err := fmt.Fprintf(w, "==== %s %s: %s\n\n%s\n\n", m.path, m.version, t.name, strings.TrimSpace(t.text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// The parts of a CycloneDX bill that are used here.
type bill struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type     string        `json:"type"`
	Ref      string        `json:"bom-ref"`
	Name     string        `json:"name"`
	Version  string        `json:"version"`
	Hashes   []digest      `json:"hashes,omitempty"`
	Licences []licenceItem `json:"licenses,omitempty"`
	PURL     string        `json:"purl,omitempty"`
}

type digest struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type licenceItem struct {
	Licence struct {
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"`
	} `json:"license"`
}

func licences(id, otherwise string) []licenceItem {
	var x licenceItem
	if x.Licence.ID = id; id == "" {
		x.Licence.Name = otherwise
	}
	return []licenceItem{x}
}

// writeBill writes the modules as a CycloneDX 1.6 bill. It names no time and no random number, so that the same release has the same bill.
func writeBill(w io.Writer, version string, modules []module) error {
	b := bill{Format: "CycloneDX", Spec: "1.6", Version: 1, Components: []component{}}
	b.Metadata.Component = component{Type: "application", Ref: "lodestone", Name: "lodestone", Version: version, Licences: licences("Apache-2.0", "")}
	for _, m := range modules {
		purl := "pkg:golang/" + m.path + "@" + m.version
		c := component{Type: "library", Ref: purl, Name: m.path, Version: m.version, Licences: licences(m.licence, "see LICENCES.txt"), PURL: purl}
		if sum, ok := strings.CutPrefix(m.sum, "h1:"); ok {
			raw, err := base64.StdEncoding.DecodeString(sum)
			if err != nil {
				return fmt.Errorf("%s: %w", m.path, err)
			}
			c.Hashes = []digest{{"SHA-256", hex.EncodeToString(raw)}} // of the list of the module's files, as Go reckons it
		}
		b.Components = append(b.Components, c)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(&b)
}
