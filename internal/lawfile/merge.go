package lawfile

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/vocab"
)

// Merge adds the files of a user's folder to the law they stand beside. What is there already cannot be replaced: an id that stands in
// both is refused, naming both places, and so is a second assessed.yaml. The revision becomes one of both.
func Merge(base, more law.Files) (law.Files, problem.List) {
	var problems problem.List
	merged := base
	from := registers(&more)
	for i, to := range registers(&merged) {
		known := make(map[string]reflect.Value, to.list.Len())
		for _, entry := range to.list.Seq2() {
			known[id(entry)] = entry
		}
		to.list.Set(reflect.AppendSlice(to.list.Slice3(0, to.list.Len(), to.list.Len()), from[i].list))
		for _, entry := range from[i].list.Seq2() {
			if first, twice := known[id(entry)]; twice {
				problems = append(problems, problem.Problem{Place: entryPlace(to, entry), Field: "id",
					Text: fmt.Sprintf("%s stands in %s already", id(entry), entryPlace(to, first))})
			}
		}
	}
	merged.Cases = slices.Concat(base.Cases, more.Cases)
	switch {
	case more.Assessed.Horizon == 0:
	case base.Assessed.Horizon == 0:
		merged.Assessed = more.Assessed
	default:
		problems = append(problems, problem.Problem{Place: problem.Place{File: "assessed.yaml"},
			Text: "what was assessed is stated by the law to which this folder is added", Meant: "leave the file out"})
	}
	if digest := sha256.New(); more.Revision != revision(digest) { // not the revision of no files at all
		add(digest, "base", []byte(base.Revision))
		add(digest, "more", []byte(more.Revision))
		merged.Revision = revision(digest)
	}
	return merged, problems
}

// register is a list of law data whose entries have an id, with the file it stands in where an entry does not name its own.
type register struct {
	file string
	list reflect.Value
}

// registers is every register of files, in a fixed order. The id of an entry is its first field.
func registers(files *law.Files) []register {
	all := []register{
		{"acts", reflect.ValueOf(&files.Acts).Elem()},
		{"lists", reflect.ValueOf(&files.Lists).Elem()},
		{"tariffs", reflect.ValueOf(&files.Tariffs).Elem()},
	}
	words := reflect.ValueOf(&files.Vocab).Elem()
	for i := range words.NumField() {
		all = append(all, register{vocabFile(words.Type().Field(i).Name), words.Field(i)})
	}
	return all
}

// vocabFile names the file that a list of vocab.Data is read from.
func vocabFile(list string) string {
	switch list {
	case "Kinds":
		return "vocab/kinds"
	case "Columns", "Elements", "Forms", "Groups", "Params":
		return "vocab/" + strings.ToLower(list) + ".yaml"
	case "Families", "Substances", "DeclarationColumns":
		return "vocab/substances.yaml"
	case "Countries", "OldCountries", "ReservedCodes", "CountryGroups":
		return "vocab/countries.yaml"
	case "Dimensions", "Units":
		return "vocab/units.yaml"
	}
	return "vocab/uses.yaml"
}

func id(entry reflect.Value) string { return entry.Field(0).String() }

// entryPlace is where an entry of a register stands, as exactly as it knows.
func entryPlace(r register, entry reflect.Value) problem.Place {
	switch e := entry.Interface().(type) {
	case law.Act:
		return problem.Place{File: e.File}
	case law.PartyList:
		return problem.Place{File: e.File}
	case vocab.Kind:
		return problem.Place{File: e.File, Line: e.Line}
	}
	return problem.Place{File: r.file}
}
