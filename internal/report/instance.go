package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// Document is a document as it was given out, byte for byte.
type Document []byte

// MarshalJSON gives the bytes.
func (d Document) MarshalJSON() ([]byte, error) { return d, nil }

// Record is a recorded answer.
type Record struct {
	ID            string          `json:"record" doc:"The name of the record."`
	N             int64           `json:"n" doc:"Its place in the log; ask for later ones with after."`
	RecordedAt    string          `json:"recorded_at"`
	RecordedBy    string          `json:"recorded_by" doc:"Id of a person."`
	Question      json.RawMessage `json:"question,omitempty" doc:"What was asked, enough to answer again; left out in lists."`
	Determination Document        `json:"determination" doc:"The document as it was given out, byte for byte."`
}

// RecordLine is a recorded answer as lists show it.
type RecordLine struct {
	ID          string `json:"record"`
	N           int64  `json:"n"`
	Item        string `json:"item"`
	Description string `json:"description,omitempty"`
	Effective   string `json:"effective"`
	KnownBy     string `json:"known_by"`
	Outcome     string `json:"outcome"`
	MayBe       string `json:"may_be,omitempty"`
	Revision    string `json:"revision"`
	RecordedAt  string `json:"recorded_at"`
	RecordedBy  string `json:"recorded_by"`
}

// LogLine is a line of the transparency log.
type LogLine struct {
	N       int64  `json:"n"`
	At      string `json:"at"`
	Who     string `json:"who" doc:"Id of a person; instance: the program itself."`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Digest  string `json:"digest,omitempty" doc:"Of what was recorded; left out where the line says it all."`
	Note    string `json:"note,omitempty"`
}

// Person is what is shown of a person.
type Person struct {
	ID       string   `json:"id"`
	Login    string   `json:"login"`
	Name     string   `json:"name"`
	Role     string   `json:"role"`
	Scopes   []string `json:"scopes,omitempty" doc:"What the person may do."`
	Disabled bool     `json:"disabled,omitempty" doc:"May not sign in."`
	Since    string   `json:"recorded_at,omitempty"`
}

// Token is what is shown of a token.
type Token struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Scopes  []string `json:"scopes"`
	Expires string   `json:"expires_at"`
	Since   string   `json:"recorded_at"`
	Ended   bool     `json:"ended,omitempty"`
	Key     string   `json:"key,omitempty" doc:"Shown once, when the token is made."`
}

// Verified is what a check of the log found.
type Verified struct {
	Entries        int64    `json:"entries"`
	Checkpoints    int64    `json:"checkpoints"`
	Determinations int64    `json:"determinations"`
	Jobs           int64    `json:"jobs"`
	Rows           int64    `json:"rows" doc:"Of cases, licences and settings."`
	Catalogues     int64    `json:"catalogues" doc:"Versions of catalogues."`
	Alerts         int64    `json:"alerts"`
	Archived       int64    `json:"archived" doc:"Determinations that are in archives and no longer in the tables."`
	Archives       int64    `json:"archives" doc:"Files of archived records."`
	ArchivesHere   int64    `json:"archives_here" doc:"Of these files, those that were found and are what was recorded."`
	Replayed       int64    `json:"replayed" doc:"Answered again, to the same bytes."`
	OtherLaw       int64    `json:"other_law,omitempty" doc:"Rest on another revision of the law than the one at hand, and were not answered again."`
	OtherLists     int64    `json:"other_lists,omitempty" doc:"Rest on party lists that are not here any more, or that another version of the program read, and were not answered again."`
	ListsGone      []string `json:"lists_gone,omitempty" doc:"Files of party lists that are gone, by name and digest."`
	Altered        string   `json:"altered,omitempty" doc:"The first row that is not what it was; left out: none."`
	Root           string   `json:"root,omitempty" doc:"Of the tree over the log."`
}

// WriteText says it in words.
func (v *Verified) WriteText(w io.Writer, lang string) error {
	key := "verify.whole"
	if v.Altered != "" {
		key = "verify.altered"
	}
	p := &printer{w: w}
	p.f("%s\n", Say(lang, key, "entries", fmt.Sprint(v.Entries), "checkpoints", fmt.Sprint(v.Checkpoints), "determinations", fmt.Sprint(v.Determinations),
		"replayed", fmt.Sprint(v.Replayed), "jobs", fmt.Sprint(v.Jobs), "other", fmt.Sprint(v.OtherLaw), "what", v.Altered))
	if v.OtherLists > 0 {
		p.f("%s\n", Say(lang, "verify.lists", "n", fmt.Sprint(v.OtherLists)))
	}
	for _, name := range v.ListsGone {
		p.f("%s\n", Say(lang, "verify.gone", "file", name))
	}
	if v.Archives > 0 && v.Altered == "" {
		p.f("%s\n", v.ArchivesText(lang))
	}
	return p.err
}

// ArchivesText says what is archived.
func (v *Verified) ArchivesText(lang string) string {
	return Say(lang, "verify.archives", "archived", fmt.Sprint(v.Archived), "archives", fmt.Sprint(v.Archives), "here", fmt.Sprint(v.ArchivesHere))
}

// Job is a file whose rows are being answered, or were.
type Job struct {
	ID         string   `json:"id"`
	N          int64    `json:"n" doc:"Its place in the log; ask for earlier ones with before."`
	Kind       string   `json:"kind" enum:"screen,impact,parties" doc:"What is done with the rows."`
	Name       string   `json:"name" doc:"Of the file."`
	Size       int64    `json:"size" doc:"Of the file, in bytes."`
	State      string   `json:"state" enum:"queued,running,done,failed,cancelled"`
	Rows       int64    `json:"rows,omitempty" doc:"Answered so far, while it runs."`
	Input      string   `json:"input" doc:"SHA-256 of the file."`
	Result     string   `json:"result,omitempty" doc:"SHA-256 of the result; left out while there is none."`
	Summary    Document `json:"summary,omitempty" doc:"Counts, once it is done."`
	Problem    string   `json:"problem,omitempty" doc:"Why it failed."`
	Question   Document `json:"question" doc:"How its rows are read and answered."`
	RecordedAt string   `json:"recorded_at"`
	RecordedBy string   `json:"recorded_by"`
	ChangedAt  string   `json:"changed_at"`
}
