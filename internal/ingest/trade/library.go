package trade

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lodestone/internal/exposure"
	"lodestone/internal/problem"
)

//go:embed data/data.zip
var embedded []byte

//go:embed data/sources.json
var sourceList []byte

// Source is a data set: what it is, whose, under which licence, and of which edition.
type Source struct {
	Name    string `json:"name"` // as files of targets name it
	Title   string `json:"title"`
	Source  string `json:"source"`
	Licence string `json:"licence"`
	Edition string `json:"edition"`
	Period  string `json:"period"`
	Units   string `json:"units,omitempty"`
	About   string `json:"about,omitempty"` // country that all rows are about, two letters; empty: the rows say
	Rows    int    `json:"rows"`
	Digest  string `json:"digest"` // SHA-256 of the file that was packed
	Packed  int64  `json:"packed_bytes"`
	ByLine  bool   `json:"by_line,omitempty"` // packed customs line by customs line
	Flows   bool   `json:"flows,omitempty"`   // packed as flows (packed.go), not as text
	// Chapters is the column whose values part the rows, for tables that are asked about a commodity at a time; empty: one part.
	Chapters string `json:"by_chapter,omitempty"`
	Columns  string `json:"columns,omitempty"` // kept, where some were left out
	// Provisional is the last year of a release, which the publisher revises with the next; zero: none.
	Provisional int `json:"provisional,omitempty"`
}

// Names of the data sets that questions are answered from.
const (
	NameCodes     = "baci_country_codes.csv"
	NameAliases   = "country_aliases.csv"
	NameFlows     = "baci_hs17_2024_minerals.csv.gz"
	NameFlows2022 = "baci_hs17_2022_minerals_value.csv.gz"
	NamePanel     = "baci_panel_2002_2024_top6.csv.gz"
	NameIndex     = "baci_hs92_export_index_1995_2023.csv.gz"
	NameUSGS      = "usgs_mcs2026_commodities.csv.gz"
	NameUSGSOld   = "usgs_mcs2025_world.csv.gz"
	NameWGI       = "wgi_2022update.csv.gz"
	NameShares    = "eu_crm2023_supply_shares.csv"
	NameUses      = "eu_crm2023_use_shares.csv"
	NameLines     = "hs6_minerals.csv"
	NameReported  = "korea_dependence_reported.csv"
	NameEpisode   = "china_control_episode_ga_ge.csv"
	NameStudy2017 = "eu_crm2017_results.csv"
	NameStudy2023 = "eu_crm2023_results.csv"
	NameScores    = "eu_crm_scores_2011_2023.csv"
	NameMonthly   = "national_monthly_flows.csv.gz"
	NameComext    = "eurostat_cn8_imports_2022_2024.csv.gz"
	NameGroups    = "eurostat_cn8_groups.csv"
)

// Library is the data that questions are answered from: what the program carries, and before it a folder of the user's.
type Library struct {
	Sources []Source
	dir     string
	files   map[string][]*zip.File // by name of the data set
	codes   func() (*Codes, error)
}

// OpenLibrary opens the carried data; a file of the same name in dir goes before it. An empty dir means none.
func OpenLibrary(dir string) (*Library, error) {
	l := &Library{dir: dir, files: map[string][]*zip.File{}}
	if err := json.Unmarshal(sourceList, &l.Sources); err != nil {
		return nil, fmt.Errorf("the list of carried data: %w", err)
	}
	archive, err := zip.NewReader(bytes.NewReader(embedded), int64(len(embedded)))
	if err != nil {
		return nil, fmt.Errorf("the carried data: %w", err)
	}
	for _, f := range archive.File {
		set, _, _ := strings.Cut(f.Name, "/")
		l.files[set] = append(l.files[set], f)
	}
	if dir != "" {
		if info, err := os.Stat(dir); err != nil {
			return nil, err
		} else if !info.IsDir() {
			return nil, &fs.PathError{Op: "read", Path: dir, Err: errors.New("is no folder")}
		}
	}
	l.codes = sync.OnceValues(l.readCodes)
	return l, nil
}

// Source finds a data set by name.
func (l *Library) Source(name string) (Source, bool) {
	for _, s := range l.Sources {
		if s.Name == name {
			return s, true
		}
	}
	return Source{}, false
}

// read opens a data set and hands its parts to f, one after another, those that want picks (nil: all). The user's folder goes first, and whole.
func (l *Library) read(name string, want func(*zip.File) bool, f func(name string, r io.Reader) error) error {
	if own, ok := l.own(name); ok {
		return readFile(own, name, f)
	}
	parts := l.files[name]
	if parts == nil {
		var known []string
		for _, s := range l.Sources {
			known = append(known, s.Name)
		}
		meant := problem.Nearest(name, known)
		if meant == "" {
			meant = "lodestone exposure sources lists the data sets; --data-from DIR gives others"
		}
		return unreadable(name, 0, "is no data set that the program carries", meant)
	}
	for _, part := range parts {
		if want != nil && !want(part) {
			continue
		}
		r, err := part.Open()
		if err != nil {
			return fail(name, err)
		}
		err = f(name, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// own is the file in the user's folder that goes before a carried set, with or without .gz.
func (l *Library) own(name string) (string, bool) {
	if l.dir == "" {
		return "", false
	}
	for _, try := range []string{name, strings.TrimSuffix(name, ".gz"), name + ".gz"} {
		own := filepath.Join(l.dir, filepath.Base(try))
		if _, err := os.Stat(own); !errors.Is(err, fs.ErrNotExist) {
			return own, true // what is wrong with it is said when it is read
		}
	}
	return "", false
}

// ofLines picks the parts that hold one of the lines (none: all): "set/811010.csv" holds that line.
func ofLines(lines []string) func(*zip.File) bool {
	return func(part *zip.File) bool {
		_, line, _ := strings.Cut(strings.TrimSuffix(part.Name, path.Ext(part.Name)), "/")
		return len(lines) == 0 || slices.Contains(lines, line)
	}
}

func readFile(path, name string, f func(string, io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r, err := unpacked(file)
	if err != nil {
		return fail(path, err)
	}
	return f(filepath.Base(path), r)
}

// unpacked reads gzip where it is, and plain text where not.
func unpacked(r io.Reader) (io.Reader, error) {
	head := make([]byte, 2)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	r = io.MultiReader(bytes.NewReader(head[:n]), r)
	if string(head[:n]) == "\x1f\x8b" {
		return gzip.NewReader(r)
	}
	return r, nil
}

// OpenFile opens a file of the user's, unpacking gzip.
func OpenFile(path string, f func(name string, r io.Reader) error) error {
	return readFile(path, path, f)
}

// Codes is the country table with the spellings.
func (l *Library) Codes() (*Codes, error) { return l.codes() }

func (l *Library) readCodes() (codes *Codes, err error) {
	err = l.read(NameCodes, nil, func(name string, r io.Reader) (err error) {
		codes, _, err = ReadCodes(name, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return codes, l.read(NameAliases, nil, func(name string, r io.Reader) error {
		_, err := codes.ReadAliases(name, r)
		return err
	})
}

// Flows reads the flows of some lines (none: all) from a set: BACI, or a panel made of it.
func (l *Library) Flows(set string, lines []string) (flows []exposure.Flow, reading Reading, err error) {
	if s, ok := l.Source(set); ok && s.Flows {
		if _, own := l.own(set); !own {
			flows, err = l.packedFlows(set, lines)
			return flows, Reading{Source: set, Layout: "packed", Edition: s.Edition, Currency: "USD", Rows: len(flows), Kept: len(flows)}, err
		}
	}
	codes, err := l.Codes()
	if err != nil {
		return nil, reading, err
	}
	err = l.read(set, ofLines(lines), func(name string, r io.Reader) error {
		some, part, err := ReadFlows(name, r, codes, lines)
		flows = append(flows, some...)
		if reading.Source == "" {
			reading = part
		} else {
			reading.merge(&part)
		}
		return err
	})
	if s, ok := l.Source(set); ok && reading.Edition == "" {
		reading.Edition = s.Edition
	}
	reading.Source = set
	return flows, reading, err
}

// packedFlows reads carried flows, line by line. They were read once before, when they were packed: no row of them is set aside here.
func (l *Library) packedFlows(set string, lines []string) (flows []exposure.Flow, err error) {
	for _, part := range l.files[set] {
		if !ofLines(lines)(part) {
			continue
		}
		some, err := unpackPart(part)
		if err != nil {
			return nil, fail(part.Name, err)
		}
		if flows == nil {
			flows = some
		} else {
			flows = append(flows, some...)
		}
	}
	return flows, nil
}

func unpackPart(part *zip.File) ([]exposure.Flow, error) {
	r, err := part.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data := make([]byte, part.UncompressedSize64)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	return unpackFlows(data)
}

// table reads a set, or the parts of it that want picks (nil: all).
func table[T any](l *Library, set string, want func(*zip.File) bool, read func(name string, r io.Reader) ([]T, Reading, error)) (all []T, reading Reading, err error) {
	err = l.read(set, want, func(name string, r io.Reader) error {
		some, part, err := read(name, r)
		all = append(all, some...)
		if reading.Source == "" {
			reading = part
		} else {
			reading.merge(&part)
		}
		return err
	})
	if s, ok := l.Source(set); ok && reading.Edition == "" {
		reading.Edition = s.Edition
	}
	return all, reading, err
}

// USGS reads a data release of the Mineral Commodity Summaries.
func (l *Library) USGS(set string) ([]Statistic, Reading, error) { return table(l, set, nil, ReadUSGS) }

// USGSChapters reads the chapters of a release that want picks by their name and one of their commodities. A file of the user's is read whole: whole says so.
func (l *Library) USGSChapters(set string, want func(chapter, commodity string) bool) (all []Statistic, whole bool, err error) {
	_, whole = l.own(set)
	all, _, err = table(l, set, func(part *zip.File) bool {
		chapter, commodities, _ := strings.Cut(part.Comment, "\n")
		return slices.ContainsFunc(strings.Split(commodities, "\n"), func(commodity string) bool { return want(chapter, commodity) })
	}, ReadUSGS)
	return all, whole, err
}

// WGI reads governance indicators.
func (l *Library) WGI(set string) ([]Governance, Reading, error) { return table(l, set, nil, ReadWGI) }

// SupplyShares reads country shares of the EU studies.
func (l *Library) SupplyShares(set string) ([]SupplyShare, Reading, error) {
	return table(l, set, nil, ReadSupplyShares)
}

// UseShares reads end-use shares of the EU studies.
func (l *Library) UseShares(set string) ([]UseShare, Reading, error) {
	return table(l, set, nil, ReadUseShares)
}

// MineralLines reads which customs lines a mineral has.
func (l *Library) MineralLines() ([]MineralLine, Reading, error) {
	return table(l, NameLines, nil, ReadMineralLines)
}

// Facts reads reported facts.
func (l *Library) Facts(set string) ([]Fact, Reading, error) {
	about := ""
	if s, ok := l.Source(set); ok {
		about = s.About
	}
	return table(l, set, nil, func(name string, r io.Reader) ([]Fact, Reading, error) { return ReadFacts(name, r, about) })
}

// StudyResults reads the printed results of an EU study.
func (l *Library) StudyResults(set string) ([]StudyResult, Reading, error) {
	return table(l, set, nil, ReadStudyResults)
}

// Scores reads what the EU assessments printed over the years.
func (l *Library) Scores() ([]Score, Reading, error) { return table(l, NameScores, nil, ReadScores) }

// Groups reads the groups of products.
func (l *Library) Groups(set string) ([]Group, Reading, error) { return table(l, set, nil, ReadGroups) }

// Comext reads imports declared to Eurostat.
func (l *Library) Comext(set string) (d Declared, reading Reading, err error) {
	err = l.read(set, nil, func(name string, r io.Reader) (err error) {
		d, reading, err = ReadComext(name, r)
		return err
	})
	return d, reading, err
}

// Monthly reads national monthly flows.
func (l *Library) Monthly() ([]Monthly, Reading, error) {
	codes, err := l.Codes()
	if err != nil {
		return nil, Reading{}, err
	}
	return table(l, NameMonthly, nil, func(name string, r io.Reader) ([]Monthly, Reading, error) { return ReadMonthly(name, r, codes) })
}

// ExportIndex reads the exporter index of some lines.
func (l *Library) ExportIndex(lines []string) ([]Index, Reading, error) {
	codes, err := l.Codes()
	if err != nil {
		return nil, Reading{}, err
	}
	return table(l, NameIndex, ofLines(lines), func(name string, r io.Reader) ([]Index, Reading, error) { return ReadIndex(name, r, codes, lines) })
}
