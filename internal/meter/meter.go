// Package meter tells how a server does: figures for Prometheus, and a line of the log for each request.
//
// Start with New. Watch stands around all that is served, Handler gives the figures. No figure names a person, an item or a party; requests are told
// apart by the route they take, not by their address, which may hold what is nobody's business.
package meter

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"lodestone/internal/app"
	"lodestone/internal/gate"
)

// Meter counts what one server does.
type Meter struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec   // by method, route and status
	took     *prometheus.HistogramVec // by route
	running  prometheus.Gauge
	log      *slog.Logger // of requests; nil: none is kept
}

// Options say what is measured.
type Options struct {
	Instance *app.Instance
	Gate     *gate.Gate
	Version  string
	Log      *slog.Logger // of requests; nil: none is kept
}

// waits are the bounds of the histogram, in seconds: a single question is to take at most 25 ms.
var waits = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

// New makes a meter.
func New(o Options) *Meter {
	m := &Meter{
		registry: prometheus.NewRegistry(), log: o.Log,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "lodestone_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		took:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "lodestone_http_request_seconds", Help: "Time to the last byte of an answer.", Buckets: waits}, []string{"route"}),
		running:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "lodestone_http_requests_running", Help: "Requests being answered."}),
	}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "lodestone_info", Help: "Always 1; the labels say which program and law.",
		ConstLabels: prometheus.Labels{"version": o.Version, "law": o.Instance.Book.Revision, "assessed_until": o.Instance.Book.Assessed.Horizon.String()}}, func() float64 { return 1 })
	failures := prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "lodestone_sign_in_failures_total", Help: "Sign-ins refused for a wrong login or password."},
		func() float64 { return float64(o.Gate.Failures()) })
	m.registry.MustRegister(m.requests, m.took, m.running, build, failures, &condition{o.Instance},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler gives the figures.
func (m *Meter) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// condition asks an instance how it stands whenever figures are wanted.
type condition struct{ instance *app.Instance }

var (
	jobsFigure    = prometheus.NewDesc("lodestone_jobs", "Jobs that have not ended.", []string{"state"}, nil)
	rowsFigure    = prometheus.NewDesc("lodestone_job_rows_total", "Rows of jobs answered since the start.", nil, nil)
	askedFigure   = prometheus.NewDesc("lodestone_questions_total", "Single questions answered since the start.", nil, nil)
	entriesFigure = prometheus.NewDesc("lodestone_log_entries", "Entries of the transparency log.", nil, nil)
	writesFigure  = prometheus.NewDesc("lodestone_transactions_total", "Transactions committed since the start.", nil, nil)
	targetFigure  = prometheus.NewDesc("lodestone_delivery_targets", "Targets of alerts; failing: those that are active and keep failing.", []string{"state"}, nil)
	sentFigure    = prometheus.NewDesc("lodestone_deliveries", "Deliveries of alerts by how they stand.", []string{"state"}, nil)
	spaceFigure   = prometheus.NewDesc("lodestone_free_bytes", "Free space where the data folder is.", nil, nil)
	listsFigure   = prometheus.NewDesc("lodestone_party_list_age_days", "Days since the day that a party list is of, or since it was loaded where it does not say.", []string{"list", "file"}, nil)
	staleFigure   = prometheus.NewDesc("lodestone_party_lists_stale", "Party lists that are too old.", nil, nil)
)

// Describe names the figures.
func (c *condition) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{jobsFigure, rowsFigure, askedFigure, entriesFigure, writesFigure, targetFigure, sentFigure, spaceFigure, listsFigure, staleFigure} {
		to <- d
	}
}

// readWithin bounds how long figures may be looked for in the database.
const readWithin = 5 * time.Second

// Collect gives the figures. Those that cannot be read are left out, and the answer says so.
func (c *condition) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	now, err := c.instance.Condition(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(jobsFigure, err)
		return
	}
	gauge := func(d *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
	}
	counter := func(d *prometheus.Desc, n int64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n))
	}
	gauge(jobsFigure, now.Queued, "queued")
	gauge(jobsFigure, now.Running, "running")
	counter(rowsFigure, now.Rows)
	counter(askedFigure, now.Asked)
	gauge(entriesFigure, now.Entries)
	counter(writesFigure, now.Transactions)
	for state, n := range now.Targets {
		gauge(targetFigure, n, state)
	}
	for state, n := range now.Deliveries {
		gauge(sentFigure, n, state)
	}
	gauge(spaceFigure, now.Free)
	stale := int64(0)
	for i := range now.Lists {
		l := &now.Lists[i]
		gauge(listsFigure, int64(l.AgeDays), l.Name, l.File)
		if l.Stale {
			stale++
		}
	}
	gauge(staleFigure, stale)
}

// requestHeader carries the id of a request: the asker's, or one made here. The answer gives it back, and the log has it.
const requestHeader = "X-Request-Id"

// goodID is an id that may be taken over from an asker.
var goodID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type requestKey struct{}

// Watch counts and logs the requests to what stands within. The mux must stand directly below, so that the route is known.
func (m *Meter) Watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestHeader)
		if !goodID.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set(requestHeader, id)
		from, seen := time.Now(), &answer{ResponseWriter: w, status: http.StatusOK}
		route := &route{}
		m.running.Inc()
		whole := false
		defer func() {
			m.running.Dec()
			if !whole { // it panicked; the server says so
				seen.status = http.StatusInternalServerError
			}
			m.done(r, id, route, seen, time.Since(from))
		}()
		next.ServeHTTP(seen, r.WithContext(context.WithValue(context.WithValue(r.Context(), requestKey{}, id), routeKey{}, route)))
		whole = true
	})
}

func (m *Meter) done(r *http.Request, id string, route *route, seen *answer, took time.Duration) {
	name := route.name
	if name == "" {
		name = "none"
	}
	m.requests.WithLabelValues(method(r.Method), name, strconv.Itoa(seen.status)).Inc()
	m.took.WithLabelValues(name).Observe(took.Seconds())
	if m.log != nil {
		m.log.LogAttrs(context.Background(), slog.LevelInfo, "request", slog.String("request", id), slog.String("method", method(r.Method)), slog.String("route", name), slog.Int("status", seen.status),
			slog.Int64("bytes", seen.bytes), slog.Duration("took", took), slog.String("person", route.person))
	}
}

// method is one of those that there are: a figure for each word that somebody makes up would fill the memory.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

type routeKey struct{}

// route is what the way of a request comes to know of it.
type route struct {
	name   string // pattern of the mux; empty: it did not come so far
	person string // id of who asks; empty: a stranger
}

// Routed notes the route and the asker of each request. It stands directly around the mux.
func Routed(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r)
		if to, ok := r.Context().Value(routeKey{}).(*route); ok {
			to.name = r.Pattern
			if a := gate.Actor(r.Context()); a != nil {
				to.person = a.Person
			}
		}
	})
}

// answer notes what was answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
	begun  bool
}

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) {
	if !a.begun {
		a.status, a.begun = status, status >= 200
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write counts bytes.
func (a *answer) Write(b []byte) (int, error) {
	a.begun = true
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Unwrap gives the writer below, for deadlines and flushing.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Log is a handler that adds the id of the request to what is logged on its way.
func Log(h slog.Handler) slog.Handler { return requestLog{h} }

type requestLog struct{ slog.Handler }

// Handle adds the id.
func (l requestLog) Handle(ctx context.Context, r slog.Record) error {
	if id, ok := ctx.Value(requestKey{}).(string); ok {
		r.AddAttrs(slog.String("request", id))
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs keeps adding.
func (l requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup keeps adding.
func (l requestLog) WithGroup(name string) slog.Handler { return requestLog{l.Handler.WithGroup(name)} }
