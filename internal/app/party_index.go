package app

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/party"
	"lodestone/internal/report"
)

// A folder of indexes keeps what reading lists came to, so that the same lists need not be read and indexed again. A file in it is named after the
// lists: their names, their bytes, and the version of their reader. It is a copy for speed. One that is missing, damaged or of another version is made anew
// from the lists; a folder that cannot be read or written is done without.

const (
	indexSuffix = ".index"
	keptIndexes = 8     // of different lists; older ones go
	worthIt     = 1_000 // parties from which an index is kept: fewer are read faster than found
)

// indexName names the index of lists by what they are. A file that cannot be read has none: whoever reads the lists says what is wrong.
func indexName(files []parties.File) (string, bool) {
	all := sha256.New()
	fmt.Fprintln(all, parties.Version, party.IndexVersion)
	for _, f := range files {
		in, err := f.Open()
		if err != nil {
			return "", false
		}
		one := sha256.New()
		_, err = io.Copy(one, in)
		in.Close()
		if err != nil {
			return "", false
		}
		fmt.Fprintf(all, "%q %x\n", filepath.Base(f.Name), one.Sum(nil))
	}
	return fmt.Sprintf("%x", all.Sum(nil)[:16]) + indexSuffix, true
}

// loadIndex takes the index of lists out of a folder; false: there is none that can be used.
func loadIndex(path string, files []parties.File) (*party.Index, []report.PartyList, bool) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, false
	}
	x, about, err := party.DecodeIndex(file)
	if err != nil {
		return nil, nil, false
	}
	var kept keptLists
	if json.Unmarshal([]byte(about), &kept) != nil || len(kept.Lists) != len(kept.Places) {
		return nil, nil, false
	}
	for i, n := range kept.Places {
		if n < 0 || n >= len(files) {
			return nil, nil, false
		}
		kept.Lists[i].File = files[n].Name
	}
	return x, kept.Lists, true
}

// keptLists is what an index file says of its lists.
type keptLists struct {
	Lists  []report.PartyList
	Places []int // of their files among those of the question
}

// keepIndex puts the index of lists into a folder. Nothing rests on it: where it cannot be written, the next run reads the lists again.
func keepIndex(path string, files []parties.File, lists []report.PartyList, x *party.Index) {
	if name, ok := indexName(files); !ok || name != filepath.Base(path) || len(x.Parties()) < worthIt {
		return // a list has changed while it was read
	}
	var kept keptLists
	for _, l := range lists {
		kept.Places = append(kept.Places, slices.IndexFunc(files, func(f parties.File) bool { return f.Name == l.File }))
		l.File, l.AgeDays, l.Stale = "", 0, false
		kept.Lists = append(kept.Lists, l)
	}
	about, err := json.Marshal(kept)
	dir := filepath.Dir(path)
	if err != nil || os.MkdirAll(dir, 0o700) != nil {
		return
	}
	temp, err := writeTemp(dir, func(w io.Writer) error { return x.Encode(w, string(about)) })
	if err != nil {
		return
	}
	if os.Rename(temp, path) != nil {
		os.Remove(temp)
		return
	}
	dropOldIndexes(dir)
}

// dropOldIndexes keeps a folder from growing.
func dropOldIndexes(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var infos []os.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), indexSuffix) {
			infos = append(infos, info)
		}
	}
	slices.SortFunc(infos, func(a, b os.FileInfo) int {
		return cmp.Or(b.ModTime().Compare(a.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	for _, info := range infos[min(len(infos), keptIndexes):] {
		os.Remove(filepath.Join(dir, info.Name()))
	}
}
