package gate

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"lodestone/internal/sentence"
)

// Bounds on how slowly a file may come.
const (
	window    = 30 * time.Second
	perWindow = 64 << 10 // bytes
)

// Errors of files that are being sent; the sentences are for people.
var (
	ErrSlow     = sentence.Error("the file comes too slowly: less than %d KB in %v", perWindow>>10, window)
	ErrStopping = errors.New("the server is stopping; send the file again in a while")
)

// BodyError says that a file did not come whole.
type BodyError struct{ error }

func (e BodyError) Error() string { return "the file did not come whole: " + e.error.Error() }

type stopKey struct{}

// stop are the two ends of a server.
type stop struct{ begun, over context.Context }

// WithStop makes the context of all requests, which know from it when the server begins to stop, and when it waits no longer.
func WithStop(ctx, begun, over context.Context) context.Context {
	return context.WithValue(ctx, stopKey{}, stop{begun, over})
}

func stopOf(ctx context.Context) stop {
	if s, ok := ctx.Value(stopKey{}).(stop); ok {
		return s
	}
	return stop{context.Background(), context.Background()}
}

// Stopping is done when the server begins to stop: what has no end of its own must end.
func Stopping(ctx context.Context) <-chan struct{} { return stopOf(ctx).begun.Done() }

// Body reads a file that is the body of a request, as it comes: not too slowly, and not past the end of the server.
func Body(w http.ResponseWriter, r *http.Request) io.Reader {
	return &body{from: r.Body, control: http.NewResponseController(w), over: stopOf(r.Context()).over, window: window, least: perWindow}
}

type body struct {
	from    io.Reader
	control *http.ResponseController
	over    context.Context // ends when the server waits no longer
	window  time.Duration   // within which so many bytes must come
	least   int
	until   time.Time // end of the window; zero: nothing was asked for yet
	came    int       // within it
}

// Read reads on.
func (b *body) Read(to []byte) (int, error) {
	if b.over.Err() != nil {
		return 0, ErrStopping
	}
	if now := time.Now(); now.After(b.until) {
		if !b.until.IsZero() && b.came < b.least {
			return 0, ErrSlow
		}
		b.until, b.came = now.Add(b.window), 0
		if err := b.control.SetReadDeadline(b.until); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return 0, err
		}
	}
	// Whoever waits for more is woken when the server waits no longer.
	done := context.AfterFunc(b.over, func() { b.control.SetReadDeadline(time.Now()) })
	n, err := b.from.Read(to)
	done()
	b.came += n
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return n, err
	case b.over.Err() != nil:
		return n, ErrStopping
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, ErrSlow
	}
	return n, BodyError{err}
}
