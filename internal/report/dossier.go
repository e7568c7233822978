package report

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"lodestone/internal/law"
	"lodestone/internal/when"
)

// DossierKind marks a determination file for programs, with the version of its layout.
const DossierKind = "lodestone-dossier/1"

// Dossier is a determination file: one product or shipment with all that it takes to answer again, and what was answered. It is kept for years, so
// nothing in it is left to the program that reads it.
type Dossier struct {
	Kind      string          `json:"kind"`
	Made      when.Date       `json:"made"`
	Program   string          `json:"program"`              // version that answered
	DecidedBy string          `json:"decided_by,omitempty"` // who decided on the answer; empty: nobody yet
	Decision  string          `json:"decision,omitempty"`   // what was decided; empty: nothing yet
	Question  DossierQuestion `json:"question"`
	Answered  DossierAnswer   `json:"answered"`
}

// DossierQuestion is what was asked. Files that belong to it are carried as texts.
type DossierQuestion struct {
	Columns      []string        `json:"columns"` // known ones by their names, others by their headings
	Rows         [][]string      `json:"rows"`
	Places       []string        `json:"places,omitempty"` // where each row comes from, as file:line; empty: it was given by itself
	DecimalComma bool            `json:"decimal_comma,omitzero"`
	Sources      []DossierSource `json:"sources,omitempty"`
	From         string          `json:"from,omitempty"`
	Destination  string          `json:"destination,omitempty"`
	On           when.Date       `json:"on"`
	KnownBy      when.Date       `json:"known_by"`
	Lang         string          `json:"lang"`
	Role         string          `json:"role,omitempty"`
	Explain      bool            `json:"explain,omitzero"`
	Rates        string          `json:"rates,omitempty"`
	Ownership    string          `json:"ownership,omitempty"`
	Answers      []DossierReply  `json:"answers,omitempty"`
}

// DossierSource is a file that rows or facts come from.
type DossierSource struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// DossierReply is an answer that came back to a question.
type DossierReply struct {
	Line  string    `json:"line"` // id of the row
	Fact  string    `json:"fact"`
	Value string    `json:"value"`
	By    string    `json:"by,omitempty"`
	On    when.Date `json:"on,omitzero"`
	Cell  string    `json:"cell,omitempty"`
}

// DossierAnswer is what was answered.
type DossierAnswer struct {
	Law       LawRef         `json:"law"`
	KnownBy   when.Date      `json:"known_by"`
	Outcomes  map[string]int `json:"outcomes"`
	Lines     []DossierLine  `json:"lines"`
	Shipments []Shipment     `json:"shipments,omitempty"`
	Note      string         `json:"note"`
}

// DossierLine is one row: the facts that were read of it, and its determination, or why it was refused.
type DossierLine struct {
	Facts   []StatedFact `json:"facts,omitempty"`
	Answer  Document     `json:"answer,omitempty"`
	Refused *Refused     `json:"refused,omitempty"`

	Determination *Determination `json:"-"` // the answer, with what its reader must be told besides; nil: refused, or not answered here
}

// StatedFact is a fact with the place that it was read from.
type StatedFact struct {
	Fact   string `json:"fact"`
	Value  string `json:"value"`
	Source string `json:"source"`
	Words  string `json:"words,omitempty"` // the words it was read from
}

// UnmarshalJSON keeps the bytes.
func (d *Document) UnmarshalJSON(b []byte) error {
	*d = bytes.Clone(b)
	return nil
}

// SignedDossier is a determination file as it is written: the key that signed it stands beside it, so whoever reads it must know by other ways whose key
// that is.
type SignedDossier struct {
	Dossier   json.RawMessage `json:"dossier"`
	Key       string          `json:"key"`       // public, Ed25519, base64
	Signature string          `json:"signature"` // over signedText, base64
}

// MaxDossier bounds a determination file in bytes.
const MaxDossier = 64 << 20

// signedText is what is signed: the dossier without blanks between its parts, so that a file that was only laid out anew still fits; and a first line of
// its own, so that the signature is none of anything else.
func signedText(dossier []byte) ([]byte, error) {
	b := bytes.NewBufferString(DossierKind + "\n")
	err := json.Compact(b, dossier)
	return b.Bytes(), err
}

// Sign seals a dossier.
func (d *Dossier) Sign(key ed25519.PrivateKey) (*SignedDossier, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return nil, err
	}
	s := &SignedDossier{Dossier: bytes.TrimSpace(b.Bytes()), Key: base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))}
	text, err := signedText(s.Dossier)
	s.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(key, text))
	return s, err
}

// ErrDossier says that a file is no determination file.
var ErrDossier = errors.New("is no determination file; \"lodestone screen … --dossier FILE.json\" writes one")

// ReadDossier reads a determination file. Signed says whether the signature is that of the key in the file over just this text.
func ReadDossier(r io.Reader) (s *SignedDossier, d *Dossier, signed bool, err error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxDossier+1))
	if err != nil {
		return nil, nil, false, err
	}
	if len(text) > MaxDossier {
		return nil, nil, false, fmt.Errorf("is larger than the %d MB that a determination file may have", MaxDossier>>20)
	}
	s, d = &SignedDossier{}, &Dossier{}
	if json.Unmarshal(text, s) != nil || json.Unmarshal(s.Dossier, d) != nil {
		return nil, nil, false, ErrDossier
	}
	if d.Kind != DossierKind {
		return nil, nil, false, fmt.Errorf("%w; it is of the kind %q, and this program reads %q", ErrDossier, clipRunes(d.Kind, 40), DossierKind)
	}
	key, keyErr := base64.StdEncoding.DecodeString(s.Key)
	signature, signErr := base64.StdEncoding.DecodeString(s.Signature)
	body, err := signedText(s.Dossier)
	signed = err == nil && keyErr == nil && signErr == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, body, signature)
	return s, d, signed, nil
}

// Write prints the file.
func (s *SignedDossier) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(s)
}

// Fingerprint is the key in short, as people compare it.
func (s *SignedDossier) Fingerprint() string { return Fingerprint(s.Key) }

// Fingerprint is a public key, written as base64, in short; empty: it is no base64.
func Fingerprint(key string) string {
	b, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return fmt.Sprintf("%x", sum[:8])
}

// Digest is that of the dossier, as the paper that goes with it prints it.
func (s *SignedDossier) Digest() string {
	text, err := signedText(s.Dossier)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return fmt.Sprintf("sha256:%x", sum)
}

// CheckedDossier is what a check of a determination file found.
type CheckedDossier struct {
	File    string      `json:"file"`
	Holds   bool        `json:"holds"`  // the signature fits, and the answer comes out again to the byte
	Signed  bool        `json:"signed"` // the signature is that of the key, over just this text
	Key     string      `json:"key"`    // fingerprint
	Expect  string      `json:"expected_key,omitempty"`
	Lines   int         `json:"lines"`
	Law     string      `json:"law"`                 // revision it was made under
	Here    string      `json:"other_law,omitempty"` // the revision at hand, where that is another: nothing was answered again
	Differs *Difference `json:"difference,omitempty"`
	Problem string      `json:"problem,omitempty"` // why it could not be answered again
}

// Difference is the first place in which two answers differ.
type Difference struct {
	At    string `json:"at"`
	Found string `json:"recorded"`
	Again string `json:"again"`
}

// Good says that all is as it should be.
func (c *CheckedDossier) Good() bool { return c.Holds }

// WriteText says it in words.
func (c *CheckedDossier) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	say := func(key string, pairs ...string) string { return Say(lang, "dossier.check."+key, pairs...) }
	verdict := "holds"
	if !c.Holds {
		verdict = "fails"
	}
	p.f("%s: %s\n", c.File, say(verdict, "n", fmt.Sprint(c.Lines), "key", c.Key))
	if !c.Signed {
		p.f("  %s\n", say("unsigned"))
	}
	if c.Expect != "" && c.Expect != c.Key {
		p.f("  %s\n", say("other_key", "key", c.Key, "want", c.Expect))
	}
	if c.Here != "" {
		p.f("  %s\n", say("other_law", "law", c.Law, "here", c.Here))
	}
	if c.Problem != "" {
		p.f("  %s\n", c.Problem)
	}
	if d := c.Differs; d != nil {
		p.f("  %s\n", say("differs", "at", d.At, "found", d.Found, "again", d.Again))
	}
	return p.err
}

// Summary counts the lines.
func (d *Dossier) Summary() Summary {
	a := &d.Answered
	s := Summary{Outcomes: a.Outcomes, Law: a.Law, KnownBy: a.KnownBy, Note: a.Note, Shipments: a.Shipments}
	for i := range a.Lines {
		x := a.Lines[i].Determination
		if x == nil {
			s.Refused++
			continue
		}
		s.Rows++
		word := x.Outcome
		if x.MayBe != "" {
			word = x.MayBe
			s.Open++
		}
		worst, _ := law.OutcomeOf(word)
		s.Worst = max(s.Worst, worst)
	}
	return s
}

// FirstDifference finds the first place, in the order of the first text, in which two JSON texts differ; nil: they are the same to the byte, but for
// blanks.
func FirstDifference(a, b json.RawMessage) *Difference { return differ("", a, b) }

func differ(at string, a, b json.RawMessage) *Difference {
	a, b = bytes.TrimSpace(a), bytes.TrimSpace(b)
	if bytes.Equal(a, b) {
		return nil
	}
	if len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		switch a[0] {
		case '{':
			return differIn(at, members(a), members(b))
		case '[':
			return differIn(at, elements(a), elements(b))
		}
	}
	return &Difference{at, shortly(a), shortly(b)}
}

// member is a named value; elements of lists are named by their places.
type member struct {
	name  string
	value json.RawMessage
}

func differIn(at string, a, b []member) *Difference {
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return &Difference{at + b[i].name, "", shortly(b[i].value)}
		case i >= len(b), a[i].name != b[i].name:
			return &Difference{at + a[i].name, shortly(a[i].value), shortly(valueOf(b, a[i].name))}
		}
		if d := differ(at+a[i].name, a[i].value, b[i].value); d != nil {
			return d
		}
	}
	return nil
}

func valueOf(list []member, name string) json.RawMessage {
	for _, m := range list {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// members are those of an object, in its order.
func members(text json.RawMessage) (list []member) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.Token()
	for d.More() {
		name, _ := d.Token()
		m := member{name: fmt.Sprintf(".%v", name)}
		if d.Decode(&m.value) != nil {
			break
		}
		list = append(list, m)
	}
	return list
}

func elements(text json.RawMessage) (list []member) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.Token()
	for d.More() {
		m := member{name: fmt.Sprintf("[%d]", len(list))}
		if d.Decode(&m.value) != nil {
			break
		}
		list = append(list, m)
	}
	return list
}

func shortly(text json.RawMessage) string {
	const most = 200
	if s := clipRunes(string(text), most); len(s) < len(text) {
		return s + "…"
	}
	return string(text)
}
