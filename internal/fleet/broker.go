package fleet

import (
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Broker is a NATS server with JetStream in this process.
type Broker struct{ server *server.Server }

// startWithin is how long a server may take until it takes connections.
const startWithin = 30 * time.Second

// EmbedBroker starts a server for this process alone, which keeps what it holds in a folder. It has no copies, so each message is on disk before it counts.
func EmbedBroker(dir string) (*Broker, error) {
	return startBroker(&server.Options{ServerName: "lodestone", JetStream: true, StoreDir: dir, DontListen: true, SyncAlways: true, NoSigs: true, NoLog: true})
}

// StartBroker starts the server that a configuration file of NATS describes.
func StartBroker(config string) (*Broker, error) {
	o, err := server.ProcessConfigFile(config)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	if !o.JetStream {
		return nil, fmt.Errorf("--config: %s does not turn JetStream on; add: jetstream { store_dir: DIR }", config)
	}
	o.NoSigs = true
	return startBroker(o)
}

func startBroker(o *server.Options) (*Broker, error) {
	s, err := server.NewServer(o)
	if err != nil {
		return nil, err
	}
	if !o.NoLog {
		s.ConfigureLogger()
	}
	s.Start()
	if !s.ReadyForConnections(startWithin) {
		s.Shutdown()
		return nil, errors.New("the broker does not start; its log says why")
	}
	return &Broker{s}, nil
}

func (b *Broker) inProcess() nats.Option { return nats.InProcessServer(b.server) }

// Wait returns when the server has ended.
func (b *Broker) Wait() { b.server.WaitForShutdown() }

// Stop ends the server.
func (b *Broker) Stop() {
	b.server.Shutdown()
	b.server.WaitForShutdown()
}
