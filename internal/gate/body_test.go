package gate

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// sender is a body of which a part comes now and then.
type sender struct {
	part  string
	every time.Duration
	parts int
	last  error
}

func (s *sender) Read(to []byte) (int, error) {
	if s.parts == 0 {
		return 0, s.last
	}
	s.parts--
	time.Sleep(s.every)
	return copy(to, s.part), nil
}

func TestBodiesThatComeSlowly(t *testing.T) {
	const window = 20 * time.Millisecond
	for _, c := range []struct {
		name string
		from sender
		want error
	}{
		{"at once", sender{strings.Repeat("x", 1000), 0, 5, io.EOF}, nil},
		{"a drop at a time", sender{"x", 6 * time.Millisecond, 20, io.EOF}, ErrSlow},
		{"slowly but steadily", sender{strings.Repeat("x", 500), 6 * time.Millisecond, 8, io.EOF}, nil},
		{"broken off", sender{"x", 0, 1, io.ErrUnexpectedEOF}, BodyError{io.ErrUnexpectedEOF}},
	} {
		b := &body{from: &c.from, control: http.NewResponseController(httptest.NewRecorder()), over: context.Background(), window: window, least: 100}
		if _, err := io.Copy(io.Discard, b); !errors.Is(err, c.want) && err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	over, end := context.WithCancel(context.Background())
	b := &body{from: &sender{"x", 0, 10, io.EOF}, control: http.NewResponseController(httptest.NewRecorder()), over: over, window: window, least: 100}
	if _, err := b.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	end()
	if _, err := b.Read(make([]byte, 1)); err != ErrStopping {
		t.Errorf("when the server waits no longer: %v", err)
	}
}

func TestOldFailuresAreForgotten(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	x := newTries(func() time.Time { return now })
	for range maxFailures {
		if !x.allowed("login a", "address b") {
			t.Fatal("shut too early")
		}
		x.failed("login a", "address b")
	}
	if x.allowed("login a", "address c") || x.allowed("login c", "address b") || !x.allowed("login c", "address c") {
		t.Error("it is not the login and the address that wait")
	}
	now = now.Add(forget)
	if !x.allowed("login a", "address b") {
		t.Error("still shut after the time")
	}
	for i := range 3 * maxWatched {
		x.failed("address " + strings.Repeat("x", i%50) + time.Duration(i).String())
	}
	if n := len(x.since); n > maxWatched+1 {
		t.Errorf("%d names are watched", n)
	}
}
