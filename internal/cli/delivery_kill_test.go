//go:build system

package cli

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"lodestone/internal/report"
	"lodestone/internal/store"
)

// A server that is killed while it makes a try makes it again at its next start, under the same id, and the log verifies.
func TestADeliveryOutlivesAKill(t *testing.T) {
	program := build(t)
	t.Run("sqlite", func(t *testing.T) { deliveredAfterAKill(t, program) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv("LODESTONE_TEST_POSTGRES")
		if server == "" {
			t.Skip("LODESTONE_TEST_POSTGRES is not set: ./test.sh system starts a server and sets it")
		}
		deliveredAfterAKill(t, program, "--db", schemaOf(t, server))
	})
}

func deliveredAfterAKill(t *testing.T, program string, args ...string) {
	tries := make(chan string, 10)
	first := true
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // so that it is noticed when the other side is gone
		tries <- r.Header.Get("webhook-id")
		if first {
			first = false
			<-r.Context().Done()
		}
	}))
	defer hook.Close()
	p := &process{t: t, program: program, args: append(args, "--data", t.TempDir(), "--webhook-network", "127.0.0.0/8")}
	p.start()
	defer func() { p.kill() }()
	p.enrol()
	var target report.DeliveryTarget
	p.must("POST", "/api/v1/delivery-targets", fmt.Sprintf(`{"address":%q}`, hook.URL), &target)
	p.must("POST", "/api/v1/delivery-targets/"+target.ID+"/test", "", nil)
	begun := <-tries
	p.kill()
	p.start()
	select {
	case again := <-tries:
		if again != begun {
			t.Errorf("tried again as %s, first as %s", again, begun)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the try is not made again")
	}
	var page struct{ Items []report.Delivery }
	for from := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		p.must("GET", "/api/v1/deliveries", "", &page)
		if len(page.Items) == 1 && page.Items[0].State == store.Delivered {
			break
		}
		if time.Since(from) > 20*time.Second {
			t.Fatalf("%+v", page)
		}
	}
	if d := page.Items[0]; d.ID != begun || len(d.Steps) != 3 || d.Steps[2].Try != 1 {
		t.Errorf("%+v", d)
	}
	var v store.Verified
	if p.must("POST", "/api/v1/verify", "", &v); v.Altered != "" {
		t.Errorf("%+v", v)
	}
}
