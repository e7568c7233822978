package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// CaseStep is something that was done in a case, with how the case stands after it.
type CaseStep struct {
	N          int64 // place in the log
	ID         string
	Version    int64
	Subject    string // digest of what the case is about; one case a subject
	Kind       string
	State      string
	Assignee   string // id of a person; empty: nobody
	Words      string // comment or reason; empty: none
	Record     string // id of the determination that the case rests on
	Item       string // the id that the asker gave; empty: none
	Party      string // as names are compared; empty: none is stated
	Facts      string // digest of what was asked
	Answered   string // digest of answers that were put in; empty: none were
	Norms      string // that bear on it, each between blanks
	Outcome    string
	MayBe      string // empty: nothing is open
	Substance  string // digest of the answer without what differs from day to day
	Revision   string // of the law
	Effective  string
	KnownBy    string
	Decision   string // empty: none is proposed or taken
	Decided    string // outcome that the decision goes by; empty: there is no decision
	Until      string // last day of the decision; empty: there is none, or it has no end
	ProposedBy string // id of a person; empty: there is no decision
	ApprovedBy string // id of another person; empty: not approved, or needs no approval
	RecordedAt string
	RecordedBy string // id of a person; "instance": the program itself
}

var caseSteps = ledger{"case_step", "case", []string{"id", "version", "subject", "kind", "state", "assignee", "words", "record", "item", "party", "facts", "answered",
	"norms", "outcome", "may_be", "substance", "revision", "effective", "known_by", "decision", "decided", "until", "proposed_by", "approved_by"}}

func scanCase(row interface{ Scan(...any) error }) (c CaseStep, err error) {
	err = row.Scan(&c.N, &c.ID, &c.Version, &c.Subject, &c.Kind, &c.State, &c.Assignee, &c.Words, &c.Record, &c.Item, &c.Party, &c.Facts, &c.Answered,
		&c.Norms, &c.Outcome, &c.MayBe, &c.Substance, &c.Revision, &c.Effective, &c.KnownBy, &c.Decision, &c.Decided, &c.Until, &c.ProposedBy, &c.ApprovedBy,
		&c.RecordedAt, &c.RecordedBy)
	return c, noneIf(err)
}

// PutCase records a step: of a new case where it has no ID, else the next of its case. ID, Version, N, RecordedAt are filled in.
func (tx *Tx) PutCase(c *CaseStep) (err error) {
	if c.ID == "" {
		c.ID = NewID()
	}
	c.Version++
	c.RecordedAt = stamp(tx.At)
	c.N, err = tx.add(&caseSteps, c.Kind, c.RecordedBy, c.State, c.values()...)
	return err
}

// values are those of the columns of the ledger, in its order.
func (c *CaseStep) values() []any {
	return []any{c.ID, c.Version, c.Subject, c.Kind, c.State, c.Assignee, c.Words, c.Record, c.Item, c.Party, c.Facts,
		c.Answered, c.Norms, c.Outcome, c.MayBe, c.Substance, c.Revision, c.Effective, c.KnownBy, c.Decision, c.Decided, c.Until, c.ProposedBy, c.ApprovedBy}
}

// vouched is the text whose digest the entry of the log has.
func (c *CaseStep) vouched() (string, error) {
	text, err := json.Marshal(texts(c.values()))
	return string(text), err
}

// ParseStep reads a step from the text that its entry vouches for. Place, time and who are not in it.
func ParseStep(vouched string) (c CaseStep, err error) {
	var own []string
	if err := json.Unmarshal([]byte(vouched), &own); err != nil || len(own) != len(caseSteps.columns) {
		return c, errors.New("what is vouched for is no step of a case")
	}
	c = CaseStep{ID: own[0], Subject: own[2], Kind: own[3], State: own[4], Assignee: own[5], Words: own[6], Record: own[7], Item: own[8], Party: own[9], Facts: own[10], Answered: own[11],
		Norms: own[12], Outcome: own[13], MayBe: own[14], Substance: own[15], Revision: own[16], Effective: own[17], KnownBy: own[18], Decision: own[19], Decided: own[20], Until: own[21],
		ProposedBy: own[22], ApprovedBy: own[23]}
	if c.Version, err = strconv.ParseInt(own[1], 10, 64); err != nil {
		return c, errors.New("what is vouched for is no step of a case")
	}
	again, err := c.vouched()
	if err == nil && again != vouched {
		err = errors.New("what is vouched for is not written as the log has it")
	}
	return c, err
}

// newestStep keeps the newest step of each case.
const newestStep = "version = (SELECT MAX(version) FROM case_step q WHERE q.id = s.id)"

func selectCases(where string) string {
	return "SELECT " + caseSteps.list() + " FROM case_step s WHERE " + where
}

// Case gives a case as it stands, or ErrNone.
func (s *Store) Case(ctx context.Context, id string) (CaseStep, error) {
	return scanCase(s.query(ctx, selectCases("id = ? ORDER BY version DESC LIMIT 1"), id))
}

// Case gives a case as it stands, or ErrNone.
func (tx *Tx) Case(id string) (CaseStep, error) {
	return scanCase(tx.query(selectCases("id = ? ORDER BY version DESC LIMIT 1"), id))
}

// CaseOf gives the case of a subject, or ErrNone.
func (s *Store) CaseOf(ctx context.Context, subject string) (CaseStep, error) {
	return scanCase(s.query(ctx, selectCases("subject = ? ORDER BY version DESC LIMIT 1"), subject))
}

// CaseOf gives the case of a subject, or ErrNone.
func (tx *Tx) CaseOf(subject string) (CaseStep, error) {
	return scanCase(tx.query(selectCases("subject = ? ORDER BY version DESC LIMIT 1"), subject))
}

func (s *Store) cases(ctx context.Context, statement string, args ...any) ([]CaseStep, error) {
	list := []CaseStep{}
	err := s.rows(ctx, statement, args, func(rows *sql.Rows) error {
		c, err := scanCase(rows)
		list = append(list, c)
		return err
	})
	return list, err
}

// CaseSteps lists what was done in a case, oldest first.
func (s *Store) CaseSteps(ctx context.Context, id string) ([]CaseStep, error) {
	return s.cases(ctx, selectCases("id = ? ORDER BY version"), id)
}

// CaseFilter says which cases are wanted. The zero value of a field: any.
type CaseFilter struct {
	States   []string
	Assignee string // id of a person
	Item     string
	Before   int64 // newest step before this place in the log; needed
	Limit    int   // needed
}

// Cases lists cases as they stand, the one last touched first.
func (s *Store) Cases(ctx context.Context, f CaseFilter) ([]CaseStep, error) {
	where, args := "n < ? AND "+newestStep, []any{f.Before}
	if len(f.States) > 0 {
		where += " AND state IN (?" + strings.Repeat(", ?", len(f.States)-1) + ")"
		for _, state := range f.States {
			args = append(args, state)
		}
	}
	if f.Assignee != "" {
		where, args = where+" AND assignee = ?", append(args, f.Assignee)
	}
	if f.Item != "" {
		where, args = where+" AND item = ?", append(args, f.Item)
	}
	return s.cases(ctx, selectCases(where+" ORDER BY n DESC LIMIT ?"), append(args, f.Limit)...)
}

// CaseChanges lists steps of some kinds after a place in the log, oldest first.
func (s *Store) CaseChanges(ctx context.Context, after int64, kinds []string, limit int) ([]CaseStep, error) {
	args := []any{after}
	for _, k := range kinds {
		args = append(args, k)
	}
	return s.cases(ctx, selectCases("n > ? AND kind IN (?"+strings.Repeat(", ?", len(kinds)-1)+") ORDER BY n LIMIT ?"), append(args, limit)...)
}

// Precedents lists the newest decisions of other cases that share item, party, facts or a norm with a case. A decision that was taken back since is
// listed all the same: it was decided so.
func (s *Store) Precedents(ctx context.Context, c *CaseStep, kinds []string, limit int) ([]CaseStep, error) {
	args := []any{c.ID}
	for _, k := range kinds {
		args = append(args, k)
	}
	same := "facts = ?"
	args = append(args, c.Facts)
	if c.Item != "" {
		same, args = same+" OR item = ?", append(args, c.Item)
	}
	if c.Party != "" {
		same, args = same+" OR party = ?", append(args, c.Party)
	}
	for i, norm := range strings.Fields(c.Norms) {
		if i == maxNorms {
			break
		}
		same, args = same+` OR norms LIKE ? ESCAPE '\'`, append(args, "% "+likeText.Replace(norm)+" %")
	}
	return s.cases(ctx, selectCases("id <> ? AND kind IN (?"+strings.Repeat(", ?", len(kinds)-1)+") AND ("+same+") ORDER BY n DESC LIMIT ?"), append(args, limit)...)
}

// maxNorms bounds the norms by which precedents are looked for.
const maxNorms = 8

// likeText takes from a text what LIKE would read as a sign.
var likeText = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// changeAcks are how far host systems have taken over what was decided.
var changeAcks = ledger{"change_ack", "change_ack", []string{"reader", "upto"}}

// Ack records that a reader has all up to a place in the log, unless it had that already.
func (tx *Tx) Ack(reader string, upto int64, by string) error {
	var had int64
	if err := tx.query("SELECT COALESCE(MAX(upto), -1) FROM change_ack WHERE reader = ?", reader).Scan(&had); err != nil || upto <= had {
		return err
	}
	_, err := tx.add(&changeAcks, "upto", by, "", reader, upto)
	return err
}

// Acked is the place in the log up to which a reader has all; -1: it has nothing.
func (s *Store) Acked(ctx context.Context, reader string) (upto int64, err error) {
	err = s.query(ctx, "SELECT COALESCE(MAX(upto), -1) FROM change_ack WHERE reader = ?", reader).Scan(&upto)
	return upto, err
}

// Person gives a person as of the transaction, or ErrNone.
func (tx *Tx) Person(id string) (Person, error) {
	return scanPerson(tx.query("SELECT "+personColumns+" FROM person p WHERE id = ? AND "+newest, id))
}
