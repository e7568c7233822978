package law_test

import (
	"strings"
	"testing"

	"lodestone/internal/law"
	"lodestone/internal/when"
	"lodestone/lawdata"
)

func book(t *testing.T) *law.Book {
	t.Helper()
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	b, err := law.Compile(files)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func day(t *testing.T, s string) when.Date {
	t.Helper()
	d, err := when.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// How a norm stands on a day, as it was known on a day.
func TestStanding(t *testing.T) {
	b := book(t)
	const newest = "2026-10-09"
	for _, c := range []struct {
		norm, effective, known string
		want                   law.State
		why                    string
	}{
		{"CN-2025-61/limb-1", "2025-10-20", "2025-10-20", law.NotYet, "limbs 1 and 2 were to begin on 2025-12-01"},
		{"CN-2025-61/limb-3", "2025-10-20", "2025-10-20", law.InForce, "limb 3 began on the day of issue"},
		{"CN-2025-61/limb-3", "2025-10-08", newest, law.NotYet, "the day before"},
		{"CN-2025-61/limb-3", "2025-11-06", newest, law.InForce, "last day before the suspension"},
		{"CN-2025-61/limb-3", "2025-11-07", newest, law.Sleeping, "first day of the suspension"},
		{"CN-2025-61/limb-1", "2025-11-20", newest, law.Sleeping, "asleep before its first day"},
		{"CN-2025-61/limb-1", "2025-12-15", "2025-10-20", law.InForce, "as it looked before the suspension was known"},
		{"CN-2025-61/limb-1", "2026-11-10", newest, law.Sleeping, "the last day itself is read as included"},
		{"CN-2025-61/limb-1", "2026-11-11", newest, law.Unestablished, "nothing read says what follows"},
		{"CN-2025-61/limb-1", "2026-11-11", "2027-05-01", law.Unestablished, "a later knowledge date knows no more than was assessed"},
		{"CN-2024-46/2a", "2024-12-02", newest, law.NotYet, "the day before the ban"},
		{"CN-2024-46/2a", "2024-12-03", newest, law.InForce, "same-day effect"},
		{"CN-2024-46/2a", "2024-12-03", "2024-12-02", law.Unknown, "not issued yet"},
		{"CN-2024-46/2a", "2025-11-09", newest, law.Sleeping, ""},
		{"CN-2024-46/2a", "2026-11-28", newest, law.Unestablished, ""},
		{"CN-2024-46/1", "2026-11-28", newest, law.InForce, "clause 1 was never suspended"},
		{"CN-2025-18/1C905.a.4", "2026-11-28", newest, law.InForce, "No. 18 was never suspended"},
		{"CN-2025-18/1C905.a.4", "2025-04-04", "2025-04-04", law.InForce, "listed from the day of issue"},
		{"CN-2006-50/graphite", "2023-11-30", newest, law.InForce, "the older graphite act"},
		{"CN-2006-50/graphite", "2023-12-01", newest, law.Over, "repealed by 2023 No. 39"},
	} {
		n, ok := b.NormNumber(c.norm)
		if !ok {
			t.Errorf("%s is not in the law data", c.norm)
			continue
		}
		at := when.At{Effective: day(t, c.effective), KnownBy: day(t, c.known)}
		if got := b.Standing(n, at); got.State != c.want {
			t.Errorf("%s at %s is %s, not %s: %s", c.norm, at, got.State, c.want, c.why)
		}
	}
}

func TestAStandingNotEstablishedHasBothBranches(t *testing.T) {
	b := book(t)
	n, _ := b.NormNumber("CN-2025-61/limb-1")
	for known, want := range map[string]string{
		"2026-06-01": "in_force suspended",            // before the ministry spoke: what any suspension may be followed by
		"2026-10-09": "in_force suspended until 2027", // after it
	} {
		s := b.Standing(n, when.At{Effective: day(t, "2026-11-23"), KnownBy: day(t, known)})
		var got []string
		for _, branch := range s.Branches {
			got = append(got, branch.Standing)
			if branch.Until != 0 {
				got = append(got, "until "+branch.Until.String()[:4])
			}
			if branch.Why.Empty() {
				t.Errorf("known by %s: branch %s has no reason", known, branch.Standing)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("known by %s: branches are %q, not %q", known, got, want)
		}
	}
}

// A listing has its history: suspended, suspended again, and not established after the last day.
func TestListingStates(t *testing.T) {
	b := book(t)
	for _, c := range []struct {
		announcement, effective, known string
		want                           law.State
	}{
		{"CN-2025-21", "2025-04-03", "2026-10-09", law.NotYet},
		{"CN-2025-21", "2025-04-04", "2026-10-09", law.InForce},
		{"CN-2025-21", "2025-06-01", "2026-10-09", law.Sleeping},
		{"CN-2025-21", "2025-09-01", "2026-10-09", law.Sleeping},
		{"CN-2025-21", "2025-09-01", "2025-06-01", law.Unestablished}, // the second suspension was not known in June
		{"CN-2025-21", "2026-11-11", "2026-10-09", law.Unestablished},
		{"CN-2025-13", "2025-11-09", "2026-10-09", law.InForce},
		{"CN-2025-13", "2025-11-10", "2026-10-09", law.Over},
		{"CN-2025-1", "2026-03-01", "2024-12-31", law.Unknown},
	} {
		a := announcement(b, c.announcement)
		if a == nil {
			t.Errorf("%s is on no list", c.announcement)
			continue
		}
		at := when.At{Effective: day(t, c.effective), KnownBy: day(t, c.known)}
		if got := b.ListingState(a, at); got != c.want {
			t.Errorf("%s at %s is %s, not %s", c.announcement, at, got, c.want)
		}
	}
}

func announcement(b *law.Book, id string) *law.Announcement {
	for i := range b.Lists {
		for j := range b.Lists[i].Announcements {
			if a := &b.Lists[i].Announcements[j]; a.ID == id {
				return a
			}
		}
	}
	return nil
}

func TestControlCodesAreDated(t *testing.T) {
	b := book(t)
	n, _ := b.NormNumber("CN-2023-23/gallium_arsenide")
	for effective, want := range map[string]string{"2024-01-15": "", "2024-11-30": "", "2024-12-01": "3C001.e"} {
		code, _ := b.Norms[n].CodeOn(b, when.At{Effective: day(t, effective), KnownBy: b.Assessed.Horizon})
		if code != want {
			t.Errorf("on %s the code is %q, not %q", effective, code, want)
		}
	}
}

func TestCompileRefusesWhatIsNotThere(t *testing.T) {
	files, err := lawdata.Files()
	if err != nil {
		t.Fatal(err)
	}
	for name, norm := range map[string]law.Norm{
		"target":  {ID: "1", Kind: "exception", Targets: []string{"CN-1999-1"}},
		"group":   {ID: "1", Kind: "control", Groups: []string{"unobtainium"}},
		"effect":  {ID: "1", Kind: "control", Effect: "forbid"},
		"measure": {ID: "1", Kind: "control", Policy: "lax"},
	} {
		f := files
		f.Acts = append(f.Acts[:len(f.Acts):len(f.Acts)], law.Act{ID: "XX-2026-1", File: "acts/XX/2026-1.yaml", Norms: []law.Norm{norm}})
		if _, err := law.Compile(f); err == nil || !strings.Contains(err.Error(), "acts/XX/2026-1.yaml: XX-2026-1/1") {
			t.Errorf("%s: %v names no place", name, err)
		}
	}
}
