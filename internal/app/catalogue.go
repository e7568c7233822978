package app

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// catalogueRun is what a job's question says besides where its file is a catalogue.
type catalogueRun struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Law     string `json:"law"`              // revision
	Before  string `json:"before,omitempty"` // job whose answers are compared with; empty: the first of its version
	Ahead   bool   `json:"ahead,omitempty"`  // as of a day that is still to come
}

// KeepCatalogue keeps an uploaded file as a catalogue, a new version where there is one of the name, and queues its first screening, as of a day. The
// days and the knowledge date of the upload are not used.
func (i *Instance) KeepCatalogue(ctx context.Context, by *Actor, name string, file io.Reader, u Upload, on when.Date) (report.Catalogue, error) {
	if err := i.checkCatalogue(name, &u); err != nil {
		return report.Catalogue{}, err
	}
	digest, _, err := i.Keep(file)
	if err != nil {
		return report.Catalogue{}, err
	}
	return i.CatalogueKept(ctx, by, name, digest, u, on)
}

// checkCatalogue says what cannot be done, before anything is kept.
func (i *Instance) checkCatalogue(name string, u *Upload) error {
	if name == "" || len(name) > maxWord {
		return invalid("name", "say what the catalogue is called, in up to %d bytes", maxWord)
	}
	if err := i.screening(u).Check(); err != nil {
		return InvalidBy("query", err)
	}
	return nil
}

// CatalogueKept is KeepCatalogue of a file that was kept before.
func (i *Instance) CatalogueKept(ctx context.Context, by *Actor, name, digest string, u Upload, on when.Date) (report.Catalogue, error) {
	if err := i.checkCatalogue(name, &u); err != nil {
		return report.Catalogue{}, err
	}
	f, err := i.Kept(digest)
	if err != nil {
		return report.Catalogue{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return report.Catalogue{}, err
	}
	if came, err := u.Once.came(ctx, i, by, digest); err != nil || came != "" {
		return i.catalogueThat(ctx, came, err)
	}
	lists, err := i.listsRevision(ctx)
	if err != nil {
		return report.Catalogue{}, err
	}
	u.On, u.KnownBy = 0, 0
	question, err := json.Marshal(u)
	if err != nil {
		return report.Catalogue{}, err
	}
	c := store.Catalogue{Name: name, Question: string(question), RecordedBy: by.Person, Input: digest, Size: info.Size()}
	if _, closer, err := i.tableOf(ctx, &store.Job{Name: name, Input: c.Input}, &u); err != nil {
		return report.Catalogue{}, InvalidBy("file", err)
	} else {
		closer.Close()
	}
	came, err := u.Once.write(ctx, i, by, digest, func(tx *store.Tx) error {
		if err := tx.PutCatalogue(&c); err != nil {
			return err
		}
		if _, err := i.putScreening(tx, &c, lists, on, nil, false); err != nil {
			return err
		}
		return u.Once.put(tx, by, digest, c.ID)
	})
	return i.catalogueThat(ctx, cmp.Or(came, c.ID), err)
}

// catalogueThat gives a catalogue unless something went wrong.
func (i *Instance) catalogueThat(ctx context.Context, id string, err error) (report.Catalogue, error) {
	if err != nil {
		return report.Catalogue{}, err
	}
	return i.Catalogue(ctx, id)
}

// putScreening queues a screening of a catalogue under the law at hand and party lists of a revision as of a day, compared with one before (nil: with none). Ahead: the day is to come.
func (i *Instance) putScreening(tx *store.Tx, c *store.Catalogue, lists string, on when.Date, before *store.Screening, ahead bool) (*store.Screening, error) {
	var u Upload
	if err := json.Unmarshal([]byte(c.Question), &u); err != nil {
		return nil, err
	}
	run := catalogueRun{ID: c.ID, Version: c.Version, Law: i.Book.Revision, Ahead: ahead}
	if before != nil {
		run.Before = before.Job.ID
	}
	u.On, u.KnownBy, u.Lists, u.Catalogue = on, i.Book.Assessed.Horizon, lists, &run
	question, err := json.Marshal(u)
	if err != nil {
		return nil, err
	}
	s := &store.Screening{Job: store.Job{Name: c.Name, Input: c.Input, Size: c.Size, Question: string(question), RecordedBy: store.Instance},
		Catalogue: c.ID, Version: c.Version, Law: run.Law, Lists: lists, Effective: on.String(), KnownBy: u.KnownBy.String(), Before: run.Before, Ahead: ahead}
	return s, tx.PutScreening(s)
}

// EndCatalogue keeps a catalogue from being screened any more; keeping a file under its name begins anew.
func (i *Instance) EndCatalogue(ctx context.Context, by *Actor, id string) (report.Catalogue, error) {
	c, err := i.store.Catalogue(ctx, id)
	if err != nil {
		return report.Catalogue{}, unknownIf(err)
	}
	if !c.Ended {
		c.Ended, c.RecordedBy = true, by.Person
		if err := i.store.Write(ctx, func(tx *store.Tx) error { return tx.PutCatalogue(&c) }); err != nil {
			return report.Catalogue{}, err
		}
	}
	return i.Catalogue(ctx, id)
}

// Catalogues lists catalogues by name, each with its newest screening.
func (i *Instance) Catalogues(ctx context.Context) ([]report.Catalogue, error) {
	all, err := i.store.Catalogues(ctx)
	list := make([]report.Catalogue, len(all))
	for n := range all {
		list[n] = catalogueOf(&all[n])
		if list[n].Screenings, err = i.screenings(ctx, all[n].ID, 1); err != nil {
			return nil, err
		}
	}
	return list, err
}

// shownScreenings bounds the screenings shown of a catalogue.
const shownScreenings = 100

// Catalogue gives a catalogue with its versions and its screenings.
func (i *Instance) Catalogue(ctx context.Context, id string) (report.Catalogue, error) {
	versions, err := i.store.CatalogueVersions(ctx, id)
	if err == nil && len(versions) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return report.Catalogue{}, err
	}
	doc := catalogueOf(&versions[0])
	for n := range versions {
		doc.Versions = append(doc.Versions, catalogueOf(&versions[n]))
	}
	doc.Screenings, err = i.screenings(ctx, id, shownScreenings)
	return doc, err
}

func catalogueOf(c *store.Catalogue) report.Catalogue {
	return report.Catalogue{ID: c.ID, Name: c.Name, Version: c.Version, Size: c.Size, Input: c.Input, Question: report.Document(c.Question), Ended: c.Ended,
		RecordedAt: c.RecordedAt, RecordedBy: c.RecordedBy}
}

func (i *Instance) screenings(ctx context.Context, id string, limit int) ([]report.CatalogueScreening, error) {
	all, err := i.store.Screenings(ctx, id, limit)
	list := make([]report.CatalogueScreening, len(all))
	for n := range all {
		x := &all[n]
		list[n] = report.CatalogueScreening{Job: x.Job.ID, Version: x.Version, State: x.Job.State, Law: x.Law, Effective: x.Effective, KnownBy: x.KnownBy,
			Before: x.Before, Ahead: x.Ahead, Problem: x.Job.Problem, ChangedAt: x.Job.ChangedAt}
		if x.Job.Summary != "" {
			list[n].Summary = &report.CatalogueSummary{}
			err = errors.Join(err, json.Unmarshal([]byte(x.Job.Summary), list[n].Summary))
		}
	}
	return list, err
}

// watchEvery is how often an instance looks whether catalogues are to be screened again.
const watchEvery = 10 * time.Minute

// watchCatalogues queues screenings when they are due, until the context ends.
func (i *Instance) watchCatalogues(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(watchEvery)
	defer t.Stop()
	for {
		if err := i.Notice(ctx, when.Of(i.now())); err != nil && ctx.Err() == nil {
			log.Error("catalogues could not be queued", "error", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// lookAheadDays is how far ahead of a day of change the catalogues are screened, and people alerted.
const lookAheadDays = 30

// keptScreenings is among how many of its newest screenings the last one done of a catalogue is looked for.
const keptScreenings = 500

// Notice queues a screening of each catalogue for which, on a day, something may be answered otherwise than in its last one: the law or the party lists are others, or the
// day lies beyond a day of change. It also looks at the days of change that are near.
func (i *Instance) Notice(ctx context.Context, today when.Date) error {
	i.noticing.Lock()
	defer i.noticing.Unlock()
	lists, err := i.listsRevision(ctx)
	if err != nil {
		return err
	}
	all, err := i.store.Catalogues(ctx)
	if err != nil {
		return err
	}
	for n := range all {
		if c := &all[n]; !c.Ended {
			err = errors.Join(err, i.notice(ctx, c, lists, today))
		}
	}
	return err
}

func (i *Instance) notice(ctx context.Context, c *store.Catalogue, lists string, today when.Date) error {
	past, err := i.store.Screenings(ctx, c.ID, keptScreenings)
	if err != nil {
		return err
	}
	var last, done *store.Screening // of this version, not ahead of their day
	ahead := map[when.Date]*store.Screening{}
	for n := range past {
		switch x := &past[n]; {
		case x.Version != c.Version:
		case x.Ahead:
			if on, err := when.ParseDate(x.Effective); err == nil && x.Law == i.Book.Revision && x.Lists == lists {
				ahead[on] = x
			}
		default:
			last = cmp.Or(last, x)
			if x.Job.State == store.Done {
				done = cmp.Or(done, x)
			}
		}
	}
	switch {
	case last == nil, i.stale(last, lists, today):
		return i.store.Write(ctx, func(tx *store.Tx) error {
			_, err := i.putScreening(tx, c, lists, today, done, false)
			return err
		})
	case last == done:
		return i.noticeAhead(ctx, c, lists, today, done, ahead)
	}
	return nil
}

// noticeAhead queues a screening for each day of change that is near, each compared with the one before; the first with how things stand. Known are
// those that were queued.
func (i *Instance) noticeAhead(ctx context.Context, c *store.Catalogue, lists string, today when.Date, before *store.Screening, known map[when.Date]*store.Screening) error {
	for day := today + 1; day <= today+lookAheadDays; day++ {
		if i.Book.Stretch(day) == i.Book.Stretch(day-1) {
			continue
		}
		if x := known[day]; x != nil {
			before = x
			continue
		}
		err := i.store.Write(ctx, func(tx *store.Tx) (err error) {
			before, err = i.putScreening(tx, c, lists, day, before, true)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stale says whether on a day something may be answered otherwise than a screening answered it.
func (i *Instance) stale(s *store.Screening, lists string, today when.Date) bool {
	on, err := when.ParseDate(s.Effective)
	return err != nil || s.Law != i.Book.Revision || s.Lists != lists || i.Book.Stretch(on) != i.Book.Stretch(today)
}

// errOvertaken ends a screening that the law or the party lists have overtaken while it waited.
var errOvertaken = errors.New("the law is another one since this was queued, or the party lists are; another screening follows")

// screenCatalogue does a job that screens a catalogue: how each row stands, and an alert for each that is answered otherwise than before.
func (i *Instance) screenCatalogue(ctx context.Context, j *store.Job, r *runningJob, u Upload) error {
	lists, err := i.listsRevision(ctx)
	if err != nil {
		return err
	}
	if u.Catalogue.Law != i.Book.Revision || u.Lists != lists {
		return errOvertaken
	}
	at := when.At{Effective: u.On, KnownBy: u.KnownBy}
	err = i.standCatalogue(ctx, j, r, u, at)
	var unreadable inputError
	if errors.As(err, &unreadable) && ctx.Err() == nil {
		facts := map[string]string{"catalogue": j.Name, "id": u.Catalogue.ID, "on": u.On.String(), "problem": err.Error()}
		return errors.Join(i.Raise(ctx, newAlert("catalogue.failed", "catalogue/"+u.Catalogue.ID, "job/"+j.ID, facts)), err)
	}
	if err != nil {
		return err
	}
	sum, err := i.compareCatalogue(ctx, j, u, at)
	if err != nil {
		return err
	}
	text, err := json.Marshal(sum)
	j.Summary = string(text)
	return err
}

// standCatalogue writes how each row stands into a file, the result of the job.
func (i *Instance) standCatalogue(ctx context.Context, j *store.Job, r *runningJob, u Upload, at when.At) error {
	table, closer, err := i.tableOf(ctx, j, &u)
	if err != nil {
		return err
	}
	defer closer.Close()
	out, err := i.jobs.files.create()
	if err != nil {
		return err
	}
	defer out.drop()
	s := i.screening(&u)
	if err := i.fetchLists(ctx, &u, s); err != nil {
		return err
	}
	s.Progress = func(rows int) { r.rows.Store(int64(rows)) }
	w := bufio.NewWriterSize(out, 1<<20)
	if err := s.standings(table, at, w); err != nil {
		return inputError{err}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	j.Result, err = out.keep()
	return err
}

// compareCatalogue counts how the rows stand, and alerts of those that stand otherwise than in the screening before.
func (i *Instance) compareCatalogue(ctx context.Context, j *store.Job, u Upload, at when.At) (*report.CatalogueSummary, error) {
	base := i.screening(&u).summary()
	sum := &report.CatalogueSummary{Outcomes: map[string]int{}, At: at, Law: base.Law, Note: base.Note}
	after, err := i.jobs.files.open(j.Result)
	if err != nil {
		return nil, err
	}
	defer after.Close()
	err = standingsOf(whileAsked{after, ctx}, func(x *stood) error {
		if x.Problem != nil {
			sum.Refused++
			return nil
		}
		sum.Rows++
		sum.Outcomes[x.Stand.Outcome]++
		if x.Stand.MayBe != "" {
			sum.Open++
		}
		return nil
	})
	if err != nil || u.Catalogue.Before == "" {
		return sum, err
	}
	before, from, err := i.standingsBefore(ctx, u.Catalogue.Before)
	if err != nil || before == nil {
		return sum, err
	}
	defer before.Close()
	sum.Impact = &report.ImpactSummary{Rows: sum.Rows, Refused: sum.Refused, From: from, To: at, Law: base.Law, Note: base.Note}
	alarm := &catalogueAlarm{i: i, ctx: ctx, job: j, run: &u, sum: sum.Impact}
	if _, err := after.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if err := turnedStandings(i.Book, before, whileAsked{after, ctx}, from, at, alarm.row); err != nil {
		return nil, err
	}
	sum.Impact.Finish()
	return sum, alarm.finish()
}

// standingsBefore opens what a screening gave, with its two times; nil: it gave nothing, since it failed or was cancelled.
func (i *Instance) standingsBefore(ctx context.Context, job string) (io.ReadCloser, when.At, error) {
	j, err := i.store.Job(ctx, job)
	if err != nil || j.Result == "" {
		return nil, when.At{}, err
	}
	var u Upload
	if err := json.Unmarshal([]byte(j.Question), &u); err != nil {
		return nil, when.At{}, err
	}
	f, err := i.jobs.files.open(j.Result)
	return f, when.At{Effective: u.On, KnownBy: u.KnownBy}, err
}

// Changes gives what writes the rows of a screening of a catalogue that stand otherwise than in the screening before, a JSON line each, as impact
// prints them.
func (i *Instance) Changes(ctx context.Context, catalogue, job string) (func(io.Writer) error, error) {
	j, err := i.store.Job(ctx, job)
	if err != nil {
		return nil, unknownIf(err)
	}
	var u Upload
	if err := json.Unmarshal([]byte(j.Question), &u); err != nil {
		return nil, err
	}
	if u.Catalogue == nil || u.Catalogue.ID != catalogue || u.Catalogue.Before == "" || j.Result == "" {
		return nil, ErrUnknown
	}
	return func(w io.Writer) error {
		before, from, err := i.standingsBefore(ctx, u.Catalogue.Before)
		if err != nil || before == nil {
			return err
		}
		defer before.Close()
		after, err := i.jobs.files.open(j.Result)
		if err != nil {
			return err
		}
		defer after.Close()
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return turnedStandings(i.Book, before, whileAsked{after, ctx}, from, when.At{Effective: u.On, KnownBy: u.KnownBy}, func(doc *report.Impact, _ *stood) error {
			return e.Encode(doc)
		})
	}, nil
}

// maxAlerts bounds the alerts of one screening; of the rest one alert says how many they are.
const maxAlerts = 10_000

// catalogueAlarm makes the alerts of a screening.
type catalogueAlarm struct {
	i     *Instance
	ctx   context.Context
	job   *store.Job
	run   *Upload
	sum   *report.ImpactSummary
	turns int // rows that people should look at
	batch []store.Alert
}

func (a *catalogueAlarm) row(doc *report.Impact, now *stood) error {
	a.sum.Add(doc)
	was, is := &doc.Before, &doc.After
	same := was.Outcome == is.Outcome && was.MayBe == is.MayBe && was.Policy == is.Policy
	rules := slices.Equal(was.Requirements, is.Requirements)
	if was.Outcome == "" || same && rules && slices.Equal(was.Listed, is.Listed) { // unreadable before, or only duties differ
		return nil
	}
	if a.turns++; a.turns > maxAlerts {
		return nil
	}
	facts := a.facts()
	for name, value := range map[string]string{"item": doc.ID, "was": was.Outcome, "was_may_be": was.MayBe, "is": is.Outcome, "is_may_be": is.MayBe} {
		if value != "" {
			facts[name] = value
		}
	}
	facts["line"], facts["acts"] = fmt.Sprint(doc.Line), cmp.Or(strings.Join(doc.By, ", "), "–")
	kind, cause := "catalogue.outcome", fmt.Sprintf("job/%s/%d", a.job.ID, doc.Line)
	switch {
	case same && rules:
		kind = "catalogue.party"
	case same:
		kind = "catalogue.requirement"
	}
	switch run := a.run.Catalogue; {
	case now.Problem != nil:
		kind, facts["problem"] = "catalogue.unreadable", now.Problem.Text
	case run.Ahead: // told once, though the law is loaded anew before the day
		kind, cause = strings.Replace(kind, "catalogue.", "catalogue.coming_", 1), fmt.Sprintf("coming/%s/%d/%d/%s/%s/%s", run.ID, run.Version, doc.Line, a.run.On, is.Outcome, is.MayBe)
	}
	a.batch = append(a.batch, newAlert(kind, a.subject(), cause, facts))
	if len(a.batch) < alertsAtOnce {
		return nil
	}
	return a.flush()
}

func (a *catalogueAlarm) flush() error {
	err := a.i.Raise(a.ctx, a.batch...)
	a.batch = a.batch[:0]
	return err
}

func (a *catalogueAlarm) finish() error {
	if more := a.turns - maxAlerts; more > 0 {
		facts := a.facts()
		facts["n"] = fmt.Sprint(more)
		a.batch = append(a.batch, newAlert("catalogue.more", a.subject(), "job/"+a.job.ID+"/more", facts))
	}
	return a.flush()
}

func (a *catalogueAlarm) subject() string { return "catalogue/" + a.run.Catalogue.ID }

func (a *catalogueAlarm) facts() map[string]string {
	return map[string]string{"catalogue": a.job.Name, "id": a.run.Catalogue.ID, "job": a.job.ID, "on": a.run.On.String(), "known_by": a.run.KnownBy.String()}
}
