package report

import (
	"io"

	"lodestone/internal/law"
	"lodestone/internal/lawfile"
	"lodestone/internal/when"
)

// LawUpdate says which pack of law was installed and what it changes.
type LawUpdate struct {
	Name    string    `json:"name"`
	Made    when.Date `json:"made"`
	Trusted string    `json:"trusted"` // key by which it was verified
	Before  LawRef    `json:"before"`
	After   LawRef    `json:"after"`
	Changes LawDiff   `json:"changes"`
}

// absent is the standing of what a law does not hold.
const absent = "absent"

// LawUpdate describes the step from one law to that of a pack, as both stand at one point in time.
func (m *Maker) LawUpdate(s lawfile.Stamp, trusted string, from, to *law.Snapshot) LawUpdate {
	return LawUpdate{Name: s.Name, Made: s.Made, Trusted: trusted, Before: LawRef{from.Revision, from.Assessed.Horizon}, After: LawRef{to.Revision, to.Assessed.Horizon},
		Changes: m.betweenBooks(from, to)}
}

// betweenBooks compares snapshots of two books: norms, announcements and directories by their ids, since numbers differ.
func (m *Maker) betweenBooks(from, to *law.Snapshot) LawDiff {
	doc := LawDiff{From: from.At, To: to.At, Law: LawRef{to.Revision, to.Assessed.Horizon}, Norms: []NormDiff{}, Listings: []AnnounceDiff{}}
	was, is := normLines(from), normLines(to)
	for i := range to.Norms {
		n := is[to.Norms[i].Ref]
		old, ok := was[n.Norm]
		if !ok {
			old = NormDiff{After: absent, Code: n.Code}
		}
		if old.After == n.After && old.Code == n.Code {
			continue
		}
		n.Before = old.After
		if old.Code != n.Code {
			n.Was, n.Recoded = old.Code, true
		}
		doc.Norms = append(doc.Norms, n)
	}
	for i := range from.Norms {
		if n := was[from.Norms[i].Ref]; is[n.Norm].Norm == "" {
			n.Before, n.After = n.After, absent
			doc.Norms = append(doc.Norms, n)
		}
	}
	doc.Listings = announcementsBetween(from, to)
	doc.Codes = directoriesBetween(from, to)
	return doc
}

// normLines are the norms of a snapshot by id, with how each stands as After.
func normLines(s *law.Snapshot) map[string]NormDiff {
	lines := make(map[string]NormDiff, len(s.Norms))
	for i := range s.Norms {
		c := &s.Norms[i]
		code, _ := c.CodeOn(s.Book, s.At)
		lines[c.Ref] = NormDiff{Norm: c.Ref, Act: c.Act.ID, Code: code, Name: c.Names, After: s.Standings[i].State.String(), By: c.Act.ID}
	}
	return lines
}

// announcementsBetween compares the announcements of party lists. One whose number of parties differs is told as well.
func announcementsBetween(from, to *law.Snapshot) []AnnounceDiff {
	was, changes := map[string]AnnounceDiff{}, []AnnounceDiff{}
	each := func(s *law.Snapshot, tell func(id string, a AnnounceDiff)) {
		for i := range s.Book.Lists {
			l := &s.Book.Lists[i]
			for j := range l.Announcements {
				a := &l.Announcements[j]
				tell(l.ID+" "+a.ID, AnnounceDiff{List: l.ID, Announcement: a.ID, Number: a.Number, Parties: len(a.Parties), After: s.Lists[a].String()})
			}
		}
	}
	each(from, func(id string, a AnnounceDiff) { was[id] = a })
	each(to, func(id string, a AnnounceDiff) {
		old, ok := was[id]
		delete(was, id)
		if a.Before = old.After; !ok {
			a.Before = absent
		}
		if a.Before != a.After || ok && old.Parties != a.Parties {
			changes = append(changes, a)
		}
	})
	each(from, func(id string, a AnnounceDiff) {
		if _, gone := was[id]; gone {
			a.Before, a.After = a.After, absent
			changes = append(changes, a)
		}
	})
	return changes
}

// directoriesBetween compares which yearly lists of customs codes hold.
func directoriesBetween(from, to *law.Snapshot) (changes []DirectoryDiff) {
	holding := func(s *law.Snapshot) map[string]bool {
		on := map[string]bool{}
		for _, t := range s.Tariffs {
			on[t.ID] = s.At.Effective >= t.Valid.From && (t.Valid.To == 0 || s.At.Effective <= t.Valid.To)
		}
		return on
	}
	was, is := holding(from), holding(to)
	for _, t := range to.Tariffs {
		if is[t.ID] != was[t.ID] {
			changes = append(changes, DirectoryDiff{t.ID, t.Act, was[t.ID], is[t.ID]})
		}
	}
	for _, t := range from.Tariffs {
		if _, ok := is[t.ID]; !ok && was[t.ID] {
			changes = append(changes, DirectoryDiff{t.ID, t.Act, true, false})
		}
	}
	return changes
}

// WriteText prints the update for people.
func (u *LawUpdate) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s\n", Say(lang, "update.head", "name", u.Name, "made", u.Made.String(), "key", u.Trusted))
	p.f("%s\n", Say(lang, "update.law", "before", u.Before.Revision, "from", u.Before.AssessedUntil.String(), "after", u.After.Revision, "to", u.After.AssessedUntil.String()))
	p.f("%s\n", Say(lang, "update.changes", "on", u.Changes.To.Effective.String()))
	u.Changes.writeChanges(p, lang)
	return p.err
}
