//go:build system

package cli

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Whoever sends a head or a body drop by drop is refused, and does not keep others from being answered meanwhile.
func TestSlowRequests(t *testing.T) {
	p := &process{t: t, program: build(t), args: []string{"--data", t.TempDir()}}
	p.start()
	defer p.kill()
	p.enrol()
	drip := func(head string, every time.Duration) (answer string, took time.Duration) {
		c, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
		if err != nil {
			t.Error(err)
			return "", 0
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(time.Minute))
		from := time.Now()
		go func() {
			for _, err := io.WriteString(c, head); err == nil; _, err = io.WriteString(c, "x") {
				time.Sleep(every)
			}
		}()
		r, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			return err.Error(), time.Since(from)
		}
		return r.Status, time.Since(from)
	}
	var wait sync.WaitGroup
	for _, x := range []struct {
		name, head string
		within     time.Duration
	}{
		{"a head", "GET /healthz HTTP/1.1\r\nX: ", 15 * time.Second},
		{"a question", fmt.Sprintf("POST /api/v1/screen HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{", p.token), 15 * time.Second},
		{"a file", fmt.Sprintf("POST /api/v1/jobs?name=x.csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100000\r\n\r\ni", p.token), 45 * time.Second},
	} {
		for range 20 {
			wait.Go(func() {
				if answer, took := drip(x.head, 700*time.Millisecond); strings.HasPrefix(answer, "2") || took > x.within {
					t.Errorf("%s drop by drop: %s after %v", x.name, answer, took)
				}
			})
		}
	}
	time.Sleep(time.Second)
	for range 20 {
		from := time.Now()
		p.must("POST", "/api/v1/screen", `{"item":{"description":"T-shirt"}}`, nil)
		if took := time.Since(from); took > 3*time.Second {
			t.Errorf("a question meanwhile takes %v", took)
		}
	}
	wait.Wait()
}
