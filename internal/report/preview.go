package report

import "lodestone/internal/problem"

// Preview is a file as it would be read, before it is screened.
type Preview struct {
	Name       string          `json:"name"`
	Digest     string          `json:"digest"`
	Size       int64           `json:"size"`
	Ready      bool            `json:"ready"` // it can be screened as it stands
	Structured bool            `json:"structured,omitempty"`
	Columns    []PreviewColumn `json:"columns"`
	Known      []KnownColumn   `json:"known_columns"`
	Problems   problem.List    `json:"problems,omitempty"` // why it cannot be read; empty: it can
	Notes      problem.List    `json:"notes,omitempty"`    // what was passed over
}

// PreviewColumn is a column with the cells of the first rows.
type PreviewColumn struct {
	Heading string   `json:"heading"`
	ID      string   `json:"column,omitempty"` // known column that it is read as; empty: passed through
	Samples []string `json:"samples,omitempty"`
}

// KnownColumn is a column that items may have.
type KnownColumn struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
