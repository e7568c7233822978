// Command gen packs the published data sets into the archive that the program carries. It takes a folder with the files as published, and the
// list of sources (data/sources.json), in which it enters rows, digest and packed size. Run it in internal/ingest/trade:
//
//	go run ./gen FOLDER
//
// Sets with by_line are packed customs line by customs line, so that a question about a few lines opens those only; sets with flows as well, and as
// columns of numbers. Columns that hold sentences are left out where the list names the columns to keep. The archive has no times in it: the same input gives the same bytes.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"lodestone/internal/exposure"
	"lodestone/internal/ingest/trade"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "gen: give the folder with the published files")
		os.Exit(2)
	}
	if err := pack(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

const list = "data/sources.json"

func pack(dir string) error {
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var sources []trade.Source
	if err := json.Unmarshal(text, &sources); err != nil {
		return fmt.Errorf("%s: %w", list, err)
	}
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for i := range sources {
		if err := add(w, dir, &sources[i]); err != nil {
			return fmt.Errorf("%s: %w", sources[i].Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	r, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		return err
	}
	for i := range sources {
		sources[i].Packed = 0
		for _, f := range r.File {
			if name, _, _ := strings.Cut(f.Name, "/"); name == sources[i].Name {
				sources[i].Packed += int64(f.CompressedSize64)
			}
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(sources); err != nil {
		return err
	}
	if err := os.WriteFile(list, out.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile("data/data.zip", archive.Bytes(), 0o644)
}

func add(w *zip.Writer, dir string, s *trade.Source) error {
	raw, err := os.ReadFile(filepath.Join(dir, s.Name))
	if err != nil {
		return err
	}
	s.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256(raw))
	var in io.Reader = bytes.NewReader(raw)
	if strings.HasSuffix(s.Name, ".gz") {
		if in, err = gzip.NewReader(in); err != nil {
			return err
		}
	}
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return err
	}
	s.Rows = len(rows) - 1
	if s.Columns != "" {
		rows = keep(rows, strings.Split(s.Columns, "|"))
	}
	if s.Flows {
		return addFlows(w, dir, s)
	}
	parts := []part{{name: "all", rows: rows[1:]}}
	switch {
	case s.ByLine:
		parts = parted(rows, slices.IndexFunc(rows[0], func(h string) bool { return h == "k" || h == "hs6" }))
		slices.SortFunc(parts, func(a, b part) int { return strings.Compare(a.name, b.name) })
	case s.Chapters != "":
		parts = parted(rows, slices.Index(rows[0], s.Chapters))
		commodity := slices.IndexFunc(rows[0], func(h string) bool { return strings.EqualFold(h, "commodity") })
		for i := range parts {
			parts[i].about(commodity)
		}
	}
	for _, p := range parts {
		f, err := w.CreateHeader(&zip.FileHeader{Name: s.Name + "/" + strings.ReplaceAll(p.name, "/", "-") + ".csv", Comment: p.comment, Method: zip.Deflate})
		if err != nil {
			return err
		}
		c := csv.NewWriter(f)
		if err := c.WriteAll(append([][]string{rows[0]}, p.rows...)); err != nil {
			return err
		}
	}
	return nil
}

// part is the rows of one customs line or chapter.
type part struct {
	name    string
	comment string // of a chapter: its name and the commodities in it, a line each, so that the program knows without opening it
	rows    [][]string
}

// parted splits rows by a column, in the order in which its values come first.
func parted(rows [][]string, column int) (parts []part) {
	at := map[string]int{}
	for _, row := range rows[1:] {
		i, ok := at[row[column]]
		if !ok {
			i = len(parts)
			at[row[column]] = i
			parts = append(parts, part{name: row[column]})
		}
		parts[i].rows = append(parts[i].rows, row)
	}
	return parts
}

func (p *part) about(commodity int) {
	p.comment = strings.ToUpper(strings.TrimSpace(p.name)) // as ReadUSGS spells chapters
	var seen []string
	for _, row := range p.rows {
		if c := strings.TrimSpace(row[commodity]); !slices.Contains(seen, c) {
			seen = append(seen, c)
			p.comment += "\n" + c
		}
	}
}

// addFlows packs the flows of a set, a part a customs line, as they are read from the published file. The parts are not compressed: packed they are small.
func addFlows(w *zip.Writer, dir string, s *trade.Source) error {
	l, err := trade.OpenLibrary(dir) // the published file goes before the one carried so far
	if err != nil {
		return err
	}
	flows, reading, err := l.Flows(s.Name, nil)
	if err != nil {
		return err
	}
	if n := reading.Refused(); n > 0 {
		return fmt.Errorf("%d rows are set aside; the first: %v", n, reading.Dropped[0].First.Error())
	}
	codes, err := l.Codes()
	if err != nil {
		return err
	}
	parts := map[string][]exposure.Flow{}
	for _, f := range flows {
		parts[f.Line] = append(parts[f.Line], f)
	}
	for _, line := range slices.Sorted(maps.Keys(parts)) {
		n, err := strconv.Atoi(line)
		if err != nil {
			return err
		}
		data, err := trade.PackFlows(uint32(n), parts[line], orderOf(reading.Layout, codes))
		if err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: s.Name + "/" + line + ".flows", Method: zip.Store})
		if err != nil {
			return err
		}
		if _, err := f.Write(data); err != nil {
			return err
		}
	}
	return nil
}

// orderOf is the order of importers in a published file: BACI goes by number, a panel by letters. Sums over importers are then the same to the last bit.
func orderOf(layout string, codes *trade.Codes) func(code string) int {
	rank := map[string]int{}
	if layout == "BACI" {
		for n := range 1000 {
			if code, ok := codes.ByNumeric(n); ok {
				if _, had := rank[code]; !had {
					rank[code] = n
				}
			}
		}
		return func(code string) int { return rank[code] }
	}
	return func(code string) int {
		n := 0
		for _, c := range []byte(code + "\x00\x00\x00")[:3] {
			n = n<<8 | int(c)
		}
		return n
	}
}

// keep drops all but some columns.
func keep(rows [][]string, columns []string) [][]string {
	var at []int
	for i, h := range rows[0] {
		if slices.Contains(columns, h) {
			at = append(at, i)
		}
	}
	kept := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range at {
			kept[i] = append(kept[i], row[c])
		}
	}
	return kept
}
