// Command gen packs the published data sets into the archive that the program carries. It takes a folder with the files as published, and the
// list of sources (data/sources.json), in which it enters rows, digest and packed size. Run it in internal/ingest/trade:
//
//	go run ./gen FOLDER
//
// Sets with by_line are packed customs line by customs line, so that a question about a few lines opens those only. Columns that hold
// sentences are left out where the list names the columns to keep. The archive has no times in it: the same input gives the same bytes.
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
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	parts := map[string][][]string{"all": rows[1:]}
	if s.ByLine {
		parts = byLine(rows)
	}
	var names []string
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := w.CreateHeader(&zip.FileHeader{Name: s.Name + "/" + name + ".csv", Method: zip.Deflate})
		if err != nil {
			return err
		}
		c := csv.NewWriter(f)
		if err := c.WriteAll(append([][]string{rows[0]}, parts[name]...)); err != nil {
			return err
		}
	}
	return nil
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

// byLine sorts rows by their six-digit line.
func byLine(rows [][]string) map[string][][]string {
	at := slices.IndexFunc(rows[0], func(h string) bool { return h == "k" || h == "hs6" })
	parts := map[string][][]string{}
	for _, row := range rows[1:] {
		parts[row[at]] = append(parts[row[at]], row)
	}
	return parts
}
