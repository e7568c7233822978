// Package lawfile reads law folders (docs/law-format.md), says what is wrong in them, and keeps them as a compiled book.
//
// Read turns the text of a folder into law.Files, strictly; Merge adds a user's folder to the embedded law; Lint says everything that
// can be said of the text without evaluating it. Encode and Decode are the book that a program loads instead of the text, and Schema
// describes an act file to editors. Pack and Unpack carry a folder signed from one machine to another. Problems are values with file, line, column and key.
//
// Limits: 10,000 files of at most 8 MiB, sixty levels of nesting, books of at most 64 MiB, packs of at most 32.
package lawfile

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/vocab"
)

const (
	maxFiles = 10_000
	maxSize  = 8 << 20
)

// Read reads the law folder at the root of fsys. What could be read is returned together with what is wrong; files that are not YAML
// and the folders that are read elsewhere are passed over.
func Read(fsys fs.FS) (law.Files, problem.List) {
	names, problems := find(fsys)
	files, digest := law.Files{}, sha256.New()
	for _, name := range names {
		text, err := load(fsys, name)
		if err != nil {
			problems = append(problems, problem.Problem{Place: problem.Place{File: name}, Text: err.Error()})
			continue
		}
		problems = append(problems, readFile(&files, name, text)...)
		if bears(name) {
			add(digest, name, text)
		}
	}
	files.Revision = revision(digest)
	return files, problems
}

// others are folders of the law data that are not law files: what was left out and why, and facts that other packages read.
var others = []string{"excluded", "enforcement", "licensing"}

// find lists the law files of a folder by path, and refuses YAML files in places where nobody would read them.
func find(fsys fs.FS) (names []string, problems problem.List) {
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(base, "."), slices.Contains(others, name):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || path.Ext(name) != ".yaml" && path.Ext(name) != ".yml":
			return nil
		}
		if target(&law.Files{}, name) == nil {
			problems = append(problems, problem.Problem{Place: problem.Place{File: name}, Text: "no law file stands here", Meant: wherePlaced(name)})
			return nil
		}
		if len(names) == maxFiles {
			return fmt.Errorf("more than %d law files", maxFiles)
		}
		names = append(names, name)
		return nil
	})
	if err != nil {
		problems = append(problems, problem.Problem{Text: err.Error()})
	}
	slices.Sort(names)
	return names, problems
}

func wherePlaced(name string) string {
	if path.Ext(name) == ".yml" {
		return "law files end in .yaml"
	}
	dir, base := path.Split(name)
	if dir == "vocab/" {
		return meant(base, vocabFiles)
	}
	top, rest, _ := strings.Cut(name, "/")
	if near := problem.Nearest(top, folders); near != "" && near != top {
		return "meant " + path.Join(near, rest) + "?"
	}
	return "acts/<jurisdiction>/<year>-<number>.yaml"
}

var (
	folders    = []string{"acts", "lists", "vocab", "tariffs", "cases", "excluded", "assessed.yaml"}
	vocabFiles = []string{"columns.yaml", "countries.yaml", "elements.yaml", "forms.yaml", "groups.yaml", "params.yaml", "substances.yaml", "units.yaml", "uses.yaml"}
)

// load reads a file within the limit on its size. Line ends become "\n", so that a checkout on Windows is the same law.
func load(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxSize {
		return nil, fmt.Errorf("the file is larger than %d MiB", maxSize>>20)
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	return []byte(strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")), nil
}

// readFile adds what one file holds.
func readFile(files *law.Files, name string, text []byte) problem.List {
	body, problems := parse(name, text)
	if problems != nil {
		return problems
	}
	d := decoder{file: name}
	into := target(files, name)
	d.value(reflect.ValueOf(into.document).Elem(), body, "")
	into.add()
	slices.SortStableFunc(d.problems, func(a, b problem.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return append(d.problems, unfilled(name, text)...)
}

// destination is where a file of the folder goes: the document it holds, and what puts it into the files once read.
type destination struct {
	document any
	add      func()
}

// target returns the destination of a path, or nil where no law file stands there.
func target(files *law.Files, name string) *destination {
	top, rest, nested := strings.Cut(name, "/")
	if path.Ext(name) != ".yaml" {
		return nil
	}
	switch {
	case top == "acts" && nested:
		return appending(&files.Acts)
	case top == "lists" && nested:
		return appending(&files.Lists)
	case top == "tariffs" && nested:
		return appending(&files.Tariffs)
	case top == "cases" && nested:
		var document struct {
			Cases []law.Case `yaml:"cases"`
		}
		return &destination{&document, func() { files.Cases = append(files.Cases, document.Cases...) }}
	case name == "assessed.yaml":
		return &destination{&files.Assessed, func() {}}
	case top == "vocab" && path.Dir(rest) == "kinds":
		var kinds []vocab.Kind
		return &destination{&kinds, func() { files.Vocab.Kinds = append(files.Vocab.Kinds, kinds...) }}
	case top == "vocab":
		return vocabTarget(&files.Vocab, rest)
	}
	return nil
}

func appending[T any](list *[]T) *destination {
	document := new(T)
	return &destination{document, func() { *list = append(*list, *document) }}
}

func vocabTarget(v *vocab.Data, name string) *destination {
	switch name {
	case "columns.yaml":
		return filling(&v.Columns)
	case "elements.yaml":
		return filling(&v.Elements)
	case "forms.yaml":
		return filling(&v.Forms)
	case "groups.yaml":
		return filling(&v.Groups)
	case "params.yaml":
		return filling(&v.Params)
	case "countries.yaml":
		var document struct {
			Countries  []vocab.CountryDef   `yaml:"countries"`
			Groups     []vocab.CountryGroup `yaml:"groups"`
			Historical []vocab.OldCountry   `yaml:"historical"`
			Reserved   []vocab.ReservedCode `yaml:"reserved"`
		}
		return &destination{&document, func() {
			v.Countries, v.CountryGroups = document.Countries, document.Groups
			v.OldCountries, v.ReservedCodes = document.Historical, document.Reserved
		}}
	case "substances.yaml":
		var document struct {
			Families   []vocab.Family    `yaml:"families"`
			Substances []vocab.Substance `yaml:"substances"`
			Columns    []vocab.Column    `yaml:"columns"`
		}
		return &destination{&document, func() {
			v.Families, v.Substances, v.DeclarationColumns = document.Families, document.Substances, document.Columns
		}}
	case "units.yaml":
		var document struct {
			Dimensions []vocab.Dimension `yaml:"dimensions"`
			Units      []vocab.UnitDef   `yaml:"units"`
		}
		return &destination{&document, func() { v.Dimensions, v.Units = document.Dimensions, document.Units }}
	case "uses.yaml":
		var document struct {
			EndUse      []vocab.Term `yaml:"end_use"`
			EndUserKind []vocab.Term `yaml:"end_user_kind"`
			Procedure   []vocab.Term `yaml:"procedure"`
			Knowledge   []vocab.Term `yaml:"knowledge"`
			Measure     []vocab.Term `yaml:"party_measure"`
			LicenceKind []vocab.Term `yaml:"licence_kind"`
			Policy      []vocab.Term `yaml:"policy"`
			Role        []vocab.Term `yaml:"role"`
		}
		return &destination{&document, func() {
			v.EndUses, v.EndUserKinds, v.Procedures = document.EndUse, document.EndUserKind, document.Procedure
			v.Knowledge, v.Measures, v.LicenceKinds = document.Knowledge, document.Measure, document.LicenceKind
			v.Policies, v.Roles = document.Policy, document.Role
		}}
	}
	return nil
}

// filling reads a document that is the whole of a list.
func filling[T any](list *[]T) *destination { return &destination{list, func() {}} }

// bears says whether a file bears on answers. Cases prove the law and are no part of it.
func bears(name string) bool { return !strings.HasPrefix(name, "cases/") }

// add puts a file into a digest, with the lengths of its parts, so that no two folders give the same bytes.
func add(digest hash.Hash, name string, text []byte) {
	var n [16]byte
	binary.BigEndian.PutUint64(n[:8], uint64(len(name)))
	binary.BigEndian.PutUint64(n[8:], uint64(len(text)))
	digest.Write(n[:])
	digest.Write([]byte(name))
	digest.Write(text)
}

func revision(digest hash.Hash) string { return "sha256:" + hex.EncodeToString(digest.Sum(nil)) }
