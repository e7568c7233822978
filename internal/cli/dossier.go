package cli

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// dossierFlags are for determination files.
type dossierFlags struct {
	Dossier   string `help:"Write a determination file for programs, signed, which verify answers again; beside --output pdf, or alone." placeholder:"FILE.json"`
	Key       string `help:"Key that signs it; made if it is not there (default: that of the instance)." placeholder:"FILE"`
	DecidedBy string `help:"Who decided on the answer; stands in the determination file." placeholder:"TEXT"`
	Decision  string `help:"What was decided." placeholder:"TEXT"`
}

const pdfOutput = "pdf"

// asked says whether a determination file is wanted.
func (c dossierFlags) asked(r *run) bool { return c.Dossier != "" || r.flags.Output == pdfOutput }

func (c dossierFlags) check(r *run) error {
	switch {
	case c.Dossier != "" && r.flags.Output != "" && r.flags.Output != pdfOutput:
		return use("--dossier goes with --output pdf, or alone")
	case r.flags.Output == pdfOutput && r.env.Terminal && r.flags.Out == "":
		return use("screen: a PDF is no text for a terminal; give --out FILE.pdf")
	case (c.DecidedBy == "") != (c.Decision == ""):
		return use("--decided-by and --decision go together: who decided, and what")
	}
	return nil
}

func (c dossierFlags) key() (ed25519.PrivateKey, error) {
	if c.Key != "" {
		return app.SigningKey(c.Key)
	}
	data, err := folder("")
	if err != nil {
		return nil, err
	}
	return app.InstanceKey(data)
}

// dossier makes a determination file of what is to be screened.
func (c screenCmd) dossier(r *run, s *app.Screening) (sum report.Summary, err error) {
	q := report.DossierQuestion{From: s.From, Destination: s.Destination, On: s.On, KnownBy: s.KnownBy, Lang: s.Lang, Role: s.Role, Explain: s.Explain, Answers: s.Answers.Replies()}
	if q.KnownBy == 0 {
		q.KnownBy = s.Book.Assessed.Horizon
	}
	if err := c.dossierInput(r, s, &q); err != nil {
		return sum, exit{exitUse, err}
	}
	d := &report.Dossier{Kind: report.DossierKind, Made: r.env.Today, Program: r.env.Version, DecidedBy: c.DecidedBy, Decision: c.Decision, Question: q}
	if d.Answered, err = app.AnswerDossier(s.Book, &q); err != nil {
		return sum, exit{exitUse, err}
	}
	twin, err := c.twin(r, d)
	if err == nil && r.flags.Output == pdfOutput {
		err = r.write(func(w io.Writer) error {
			return report.WriteDossier(w, d, twin, &report.Maker{Book: s.Book, Lang: s.Lang, Role: s.Role})
		})
	}
	sum = d.Summary()
	sum.Acts = len(s.Book.Acts)
	if err == nil && !r.flags.Quiet {
		fmt.Fprintln(r.env.Err, sum.Text(r.flags.Lang))
	}
	return sum, err
}

// twin signs and writes the file for programs; nil: none is wanted.
func (c dossierFlags) twin(r *run, d *report.Dossier) (*report.SignedDossier, error) {
	if c.Dossier == "" {
		return nil, nil
	}
	key, err := c.key()
	if err != nil {
		return nil, exit{exitUse, err}
	}
	twin, err := d.Sign(key)
	if err != nil {
		return nil, err
	}
	if err := r.writeTo(c.Dossier, twin.Write); err != nil {
		return nil, err
	}
	if !r.flags.Quiet {
		fmt.Fprintln(r.env.Err, report.Say(r.flags.Lang, "dossier.written", "file", c.Dossier, "key", twin.Fingerprint()))
	}
	return twin, nil
}

// dossierInput takes rows and attached files into the question.
func (c screenCmd) dossierInput(r *run, s *app.Screening, q *report.DossierQuestion) error {
	for _, x := range []struct {
		name string
		to   *string
	}{{c.Rates, &q.Rates}, {c.Ownership, &q.Ownership}} {
		if x.name == "" {
			continue
		}
		text, err := os.ReadFile(x.name)
		if err != nil {
			return err
		}
		*x.to = string(text)
	}
	if c.Item != "" {
		columns, err := pairs(c.Item, s.Book.Vocab)
		if err == nil {
			app.DossierItem(q, columns)
		}
		return err
	}
	if len(c.Files) != 1 {
		return fmt.Errorf("screen: a determination file is made of one file, or of one --item")
	}
	sources, err := c.tableFlags.open(r, c.Files, s.Book.Vocab)
	if err != nil {
		return err
	}
	defer sources.close()
	if err := app.DossierRows(q, sources.tables[0]); err != nil {
		return err
	}
	for _, name := range slices.Concat(c.Files, c.Answers, c.Declarations) {
		if err := source(q, name); err != nil {
			return err
		}
	}
	return nil
}

// source notes a file that rows or facts come from; of folders and of standard input nothing is noted.
func source(q *report.DossierQuestion, name string) error {
	info, err := os.Stat(name)
	if name == "-" || err != nil || info.IsDir() {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	q.Sources = append(q.Sources, report.DossierSource{Name: filepath.Base(name), SHA256: fmt.Sprintf("%x", sum.Sum(nil))})
	return nil
}
